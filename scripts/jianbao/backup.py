"""A folder as one encrypted file, and back: tar, in pieces under AES-256-GCM, the key from a passphrase by scrypt.

Each piece's nonce holds its number and whether it is the last (the STREAM construction of Hoang, Reyhanitabar, Rogaway
and Vizár, 2015), so that none can be changed, swapped, dropped or cut off unseen. Memory stays that of one piece.
"""

from __future__ import annotations

import io
import os
import tarfile
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, Final

from jianbao import files
from jianbao.errors import JianbaoError
from jianbao.messages import _

_MAGIC: Final = b"jianbao backup 1\n"
_PIECE: Final = 1 << 20
_TAG: Final = 16
_SALT: Final = 16
_PREFIX: Final = 7
_COST: Final = 1 << 16
"""scrypt's n: 64 MiB and a tenth of a second a try."""


class BackupError(JianbaoError):
    """The file is no backup, was changed, or the passphrase is another."""


def write_backup(folder: Path, paths: Iterable[str], target: Path, passphrase: str) -> int:
    """Write the files of `folder` at these paths into one encrypted file; return how many. The file appears whole or not at all."""
    temporary = target.with_name(target.name + files.TEMPORARY_SUFFIX)
    count = 0
    with files.at(temporary).open("wb") as out, _Sealed(out, passphrase) as sealed:
        with tarfile.open(fileobj=sealed, mode="w|", format=tarfile.PAX_FORMAT) as tar:
            for path in paths:
                tar.add(files.at(folder / path), arcname=path, recursive=False)
                count += 1
        sealed.finish()
        out.flush()
        os.fsync(out.fileno())
    files.replace(temporary, target)
    return count


def read_backup(source: Path, folder: Path, passphrase: str) -> int:
    """Write a backup's files below an empty `folder`; return how many.

    Raises BackupError where a single byte is not as it was written; what was written until then must not be used.
    """
    count = 0
    with files.at(source).open("rb") as held:
        opened = io.BufferedReader(_Opened(_pieces(held, passphrase)))
        try:
            with tarfile.open(fileobj=opened, mode="r|") as tar:
                for member in tar:
                    data = tar.extractfile(member) if member.isfile() else None
                    if data is None or ".." in PurePosixPath(member.name).parts or PurePosixPath(member.name).is_absolute():
                        raise BackupError(_("备份里有不该有的东西：{name}").format(name=member.name))
                    files.write_bytes(folder / member.name, data.read(), private=True)
                    count += 1
        except tarfile.TarError as error:
            raise BackupError(_("备份文件不完整：{name}").format(name=source.name)) from error
        while opened.read(_PIECE):  # to the last piece, which says that it is the last
            continue
    return count


def _cipher(passphrase: str, salt: bytes) -> Any:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

    return AESGCM(Scrypt(salt=salt, length=32, n=_COST, r=8, p=1).derive(passphrase.encode()))


def _nonce(prefix: bytes, number: int, *, last: bool) -> bytes:
    return prefix + number.to_bytes(4, "big") + bytes([last])


class _Sealed(io.RawIOBase):
    """Takes bytes and writes them encrypted, piece by piece."""

    def __init__(self, out: BinaryIO, passphrase: str) -> None:
        self._out, self._held, self._number = out, bytearray(), 0
        salt, self._prefix = os.urandom(_SALT), os.urandom(_PREFIX)
        self._head = _MAGIC + salt + self._prefix
        self._cipher = _cipher(passphrase, salt)
        out.write(self._head)

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        given = bytes(data)
        self._held += given
        while len(self._held) > _PIECE:
            self._piece(bytes(self._held[:_PIECE]), last=False)
            del self._held[:_PIECE]
        return len(given)

    def finish(self) -> None:
        """Write the last piece."""
        self._piece(bytes(self._held), last=True)

    def _piece(self, data: bytes, *, last: bool) -> None:
        self._out.write(self._cipher.encrypt(_nonce(self._prefix, self._number, last=last), data, self._head))
        self._number += 1


def _pieces(source: BinaryIO, passphrase: str) -> Iterator[bytes]:
    from cryptography.exceptions import InvalidTag

    head = source.read(len(_MAGIC) + _SALT + _PREFIX)
    if not head.startswith(_MAGIC) or len(head) < len(_MAGIC) + _SALT + _PREFIX:
        raise BackupError(_("这不是 jianbao 的备份文件"))
    salt, prefix = head[len(_MAGIC) : -_PREFIX], head[-_PREFIX:]
    cipher = _cipher(passphrase, salt)
    number, piece = 0, source.read(_PIECE + _TAG)
    while True:
        following = source.read(_PIECE + _TAG)
        try:
            yield cipher.decrypt(_nonce(prefix, number, last=not following), piece, head)
        except InvalidTag as error:
            raise BackupError(_("口令不对，或备份文件被改动过、不完整"), _("换一个口令或另一份备份再试。")) from error
        if not following:
            return
        number, piece = number + 1, following


class _Opened(io.RawIOBase):
    """Gives what pieces hold, as a stream."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._held = pieces, b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        view = memoryview(buffer).cast("B")
        while not self._held:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._held = piece
        count = min(len(view), len(self._held))
        view[:count], self._held = self._held[:count], self._held[count:]
        return count
