"""The files around a document: pictures and attachments that it links to, inside its own folder and nowhere else."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Final
from urllib.parse import unquote, urlsplit

from jianbao import files
from jianbao.importing.values import Remarks
from jianbao.messages import _

FOLDER: Final = "attachments"
MAX_FILE: Final = 20 << 20
PICTURES: Final = {".png": b"\x89PNG\r\n", ".jpg": b"\xff\xd8\xff", ".jpeg": b"\xff\xd8\xff", ".gif": b"GIF8", ".webp": b"RIFF"}
_FILES: Final = {
    ".pdf": b"%PDF", ".docx": b"PK\x03\x04", ".xlsx": b"PK\x03\x04", ".pptx": b"PK\x03\x04", ".odt": b"PK\x03\x04", ".ods": b"PK\x03\x04",
    ".csv": b"", ".txt": b"", **PICTURES,
}  # fmt: skip
"""What may be carried along, with the bytes it begins with: just what the gate can look into."""

_ESCAPING: Final = re.compile(r"^[\\/]|^[A-Za-z]:|(?:^|[\\/])\.\.(?:[\\/]|$)|\x00")
_OUTWARD: Final = frozenset({"http", "https", "mailto", "tel"})


@dataclass(slots=True)
class Vicinity:
    """What a document may reach: the files below `root`, from `place` in it. It keeps what it was asked for.

    `stem` is the page's own name: what it carries is called after it, so that two pages never meet.
    """

    root: Path
    place: PurePosixPath
    stem: str
    remarks: Remarks = field(default_factory=Remarks)
    carried: dict[str, bytes] = field(default_factory=dict)

    def link(self, target: str) -> str | None:
        """Return what a link may lead to: an address, or the file beside the page; None where it leads nowhere safe."""
        target = re.sub(r"[\x00-\x20\u200b-\u200f]", "", target)
        parts = urlsplit(target) if not re.match(r"^[A-Za-z]:[\\/]", target) else urlsplit("file:")
        if parts.scheme.lower() in _OUTWARD:
            return target
        if parts.scheme or target.startswith("//"):
            self.remarks.add(_("链接 {target} 指向本机或不安全的地方，只留下文字").format(target=_short(target)))
            return None
        if not parts.path:
            self.remarks.add(_("页内链接 {target} 没有带入，只留下文字").format(target=_short(target)))
            return None
        return self._local(unquote(parts.path))

    def picture(self, target: str) -> str | None:
        """Return where a picture stands beside the page; None where it is elsewhere, which nothing fetches."""
        if urlsplit(target).scheme.lower() in ("http", "https") or target.startswith("//"):
            self.remarks.add(_("外部图片没有取来：{target}").format(target=_short(target)))
            return None
        if urlsplit(target).scheme.lower() == "data":
            self.remarks.add(_("嵌在文字里的图片（data:）没有带入"))
            return None
        return self.link(target)

    def keep(self, name: str, data: bytes) -> str | None:
        """Keep a file that came inside the document, under a name of the page's own; return where, or None."""
        suffix = PurePosixPath(name).suffix.lower()
        if suffix not in _FILES or not data.startswith(_FILES[suffix]) or (suffix == ".webp" and data[8:12] != b"WEBP"):
            self.remarks.add(_("{name}：这种文件不带入，或者内容与扩展名不符").format(name=_short(name)))
            return None
        if len(data) > MAX_FILE:
            self.remarks.add(_("{name} 超过 {size} MB，没有带入").format(name=_short(name), size=MAX_FILE >> 20))
            return None
        own = f"{FOLDER}/{self.stem}-{files.legal_name(PurePosixPath(name).name).replace(' ', '-')}"
        self.carried[own] = data
        return own

    def _local(self, path: str) -> str | None:
        if _ESCAPING.search(path):
            self.remarks.add(_("{name} 指向文件夹之外，没有带入").format(name=_short(path)))
            return None
        file = self.root.joinpath(*self.place.parts, *PurePosixPath(path.replace("\\", "/")).parts)
        if not file.is_file():
            self.remarks.add(_("找不到它链接的文件 {name}，只留下文字").format(name=_short(path)))
            return None
        if not file.resolve().is_relative_to(self.root.resolve()):
            self.remarks.add(_("{name} 指向文件夹之外，没有带入").format(name=_short(path)))
            return None
        if file.stat().st_size > MAX_FILE:
            self.remarks.add(_("{name} 超过 {size} MB，没有带入").format(name=_short(path), size=MAX_FILE >> 20))
            return None
        return self.keep(path, files.read_bytes(file))


def _short(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:80]}…"
