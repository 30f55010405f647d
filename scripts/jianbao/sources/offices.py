"""Where another office's record is read from: a folder, or an address on the web. Bytes by path, bounded in size and time."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from jianbao import __version__, files
from jianbao.messages import _

if TYPE_CHECKING:
    from urllib.request import OpenerDirector

_WEB: Final = re.compile(r"^https?://", re.IGNORECASE)
_ANSWER: Final = 20.0
"""Seconds until a server must have begun to answer."""

_WHOLE: Final = 120.0
"""Seconds until a file must have come."""

_TRIES: Final = 2
_PIECE: Final = 1 << 16
_GONE: Final = (404, 410)


class Lost(Exception):  # it says what happened
    """A record that could not be read this time; the text says why."""


class Place(Protocol):
    """Where a record is. On the web a wrong address looks like a record that is not there."""

    @property
    def certain(self) -> bool:
        """Whether what is not found is not there."""
        ...

    def read(self, path: str, most: int) -> bytes | None:
        """Return a file of the record, or None where there is none.

        Raises Lost where it cannot be had, or is larger than `most` bytes.
        """
        ...


def place_of(address: str, root: Path) -> Place:
    """Return where a record is: a web address, or a folder absolute or from `root`, the record's own or the office's."""
    if _WEB.match(address):
        return WebPlace(address.rstrip("/") + "/")
    folder = root / Path(address).expanduser()
    return FolderPlace(folder / "record" if _is_office(folder) else folder)


def _is_office(folder: Path) -> bool:
    return (folder / "jianbao.toml").is_file() or (folder / "record").is_dir()


@dataclass(frozen=True, slots=True)
class FolderPlace:
    """A record in a folder of this machine or of a share."""

    folder: Path
    certain: bool = True

    def read(self, path: str, most: int) -> bytes | None:
        """Return a file of the record, or None."""
        if not files.at(self.folder).is_dir() and not files.at(self.folder.parent).is_dir():
            raise Lost(_("没有这个文件夹：{folder}").format(folder=self.folder))
        try:
            with files.at(self.folder / path).open("rb") as source:
                return _bounded(source.read(most + 1), path, most)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise Lost(_("读不了 {path}：{detail}").format(path=path, detail=error.strerror or error)) from error


@dataclass(frozen=True, slots=True)
class WebPlace:
    """A record that a web server shows, below `address`."""

    address: str
    certain: bool = False

    def read(self, path: str, most: int) -> bytes | None:
        """Return a file of the record, or None where the server knows none; asked twice before it is given up."""
        from http.client import HTTPException
        from urllib.error import HTTPError

        for last in (attempt == _TRIES for attempt in range(1, _TRIES + 1)):
            try:
                return self._ask(path, most)
            except HTTPError as error:
                if error.code in _GONE:
                    return None
                if last or error.code < 500:
                    raise Lost(_("{address} 回答 {code}").format(address=self.address, code=error.code)) from error
            except (OSError, HTTPException, ValueError, OverflowError) as error:  # URLError and a time-out are OSErrors
                if last:
                    reason = getattr(error, "reason", None) or error
                    raise Lost(_("连不上 {address}：{detail}").format(address=self.address, detail=reason)) from error
        raise AssertionError("the last try returns or raises")

    def _ask(self, path: str, most: int) -> bytes:
        from urllib.parse import quote

        until = time.monotonic() + _WHOLE
        pieces, size = [], 0
        with _opener().open(self.address + quote(path), timeout=_ANSWER) as answer:
            while size <= most and (piece := answer.read1(_PIECE)):
                pieces.append(piece)
                size += len(piece)
                if time.monotonic() > until:
                    raise TimeoutError(_("{path} 太慢").format(path=path))
        return _bounded(b"".join(pieces), path, most)


def _bounded(data: bytes, path: str, most: int) -> bytes:
    if len(data) > most:
        raise Lost(_("{path} 太大（超过 {most}）").format(path=path, most=files.spoken_size(most)))
    return data


@lru_cache(maxsize=1)
def _opener() -> OpenerDirector:
    """Return what asks the web: HTTP and HTTPS alone, wherever an answer redirects to."""
    from urllib import request

    opener = request.OpenerDirector()
    for handler in (
        request.ProxyHandler, request.HTTPHandler, request.HTTPSHandler, request.HTTPDefaultErrorHandler,
        request.HTTPRedirectHandler, request.HTTPErrorProcessor, request.UnknownHandler,
    ):  # fmt: skip
        opener.add_handler(handler())
    opener.addheaders = [("User-Agent", f"jianbao/{__version__}")]
    return opener
