"""The only caller of ssh-keygen: signatures that anybody with OpenSSH can check (`ssh-keygen -Y`, PROTOCOL.sshsig)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import shutil
import subprocess
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import Final

from jianbao import files
from jianbao.errors import JianbaoError
from jianbao.messages import _

NAMESPACE: Final = "jianbao-record"
"""What the signatures are for: one made for mail or git is none here."""

IDENTITY: Final = "jianbao"
_BEGIN: Final = "-----BEGIN SSH SIGNATURE-----"
_END: Final = "-----END SSH SIGNATURE-----"
_WIDTH: Final = 70


class SigningError(JianbaoError):
    """ssh-keygen is not there, or said no; its words are in the message."""


def available() -> bool:
    """Return whether this machine can sign and check."""
    return shutil.which("ssh-keygen") is not None


def public_key(key: Path) -> str:
    """Return the public half of a key as `type base64`, without its comment.

    `key` is a private key's file, or a `.pub` whose private half an agent holds. Raises SigningError where it is none.
    """
    public = key if key.suffix == ".pub" else key.with_name(key.name + ".pub")
    told = files.read_text(public) if public.is_file() else _run(["-y", "-f", str(key)]).decode("utf-8", "replace")
    words = told.split()
    if len(words) < 2:
        raise SigningError(_("{path} 不是 SSH 公钥").format(path=public), _("用 ssh-keygen -t ed25519 -f 文件 新做一对。"))
    return f"{words[0]} {words[1]}"


def new_key(path: Path, comment: str) -> Path:
    """Make a key pair without a passphrase, its private half at `path`; return the path."""
    files.private_folder(path.parent)
    _run(["-q", "-t", "ed25519", "-N", "", "-C", comment, "-f", str(path)])
    return path


def fingerprint(public: str) -> str:
    """Return a public key's fingerprint as OpenSSH writes it, or the key itself where it cannot be read."""
    try:
        blob = base64.b64decode(public.split()[1], validate=True)
    except (IndexError, binascii.Error):
        return public
    return "SHA256:" + base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")


def sign(key: Path, data: bytes) -> bytes:
    """Return the signature of `data`. Raises SigningError where the key cannot be used."""
    return _run(["-Y", "sign", "-q", "-f", str(key), "-n", NAMESPACE], data).replace(b"\r\n", b"\n")


@lru_cache(maxsize=4096)
def genuine(public: str, data: bytes, signature: bytes) -> bool:
    """Return whether `signature` is that of `data` by a key, to the byte: ssh-keygen itself looks past line ends."""
    if not _canonical(signature):
        return False
    with tempfile.TemporaryDirectory() as folder:
        signers, written = Path(folder) / "signers", Path(folder) / "signature"
        signers.write_text(f"{IDENTITY} {public}\n", encoding="utf-8", newline="\n")
        written.write_bytes(signature)
        words = ["ssh-keygen", "-Y", "verify", "-f", str(signers), "-I", IDENTITY, "-n", NAMESPACE, "-s", str(written)]
        return subprocess.run(words, input=data, capture_output=True, check=False).returncode == 0


def _canonical(signature: bytes) -> bool:
    lines = signature.decode("utf-8", "replace").split("\n")
    if lines[0] != _BEGIN or lines[-2:] != [_END, ""]:
        return False
    try:
        blob = base64.b64decode("".join(lines[1:-2]), validate=True)
    except ValueError:
        return False
    text = base64.b64encode(blob).decode()
    return lines[1:-2] == [text[i : i + _WIDTH] for i in range(0, len(text), _WIDTH)]


def _run(words: list[str], data: bytes = b"") -> bytes:
    if not available():
        raise SigningError(_("这台电脑没有 ssh-keygen，不能签名"), _("安装 OpenSSH，或删去 jianbao.toml [record] 里的 key。"))
    done = subprocess.run(["ssh-keygen", *words], input=data, capture_output=True, check=False)
    if done.returncode:
        said = (done.stderr or done.stdout).decode("utf-8", "replace").strip()
        raise SigningError(_("ssh-keygen 失败：{said}").format(said=said), _("检查 jianbao.toml [record] 里的 key。"))
    return done.stdout
