"""The typesetter, behind one door: laid-out data becomes PDF/A, the same data always the same bytes.

PDF/A-3a (ISO 19005-3): fonts embedded, every text selectable and in reading order, and of the standard's parts the one that
lets any file travel inside, which the figures as CSV need. PDF/UA-1 (ISO 14289-1) is kept beside it for readers who listen.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from jianbao import files
from jianbao.errors import Blocked
from jianbao.messages import _
from jianbao.printing.fonts import FontSet

LAYOUT: Final = Path(__file__).parent / "layout.typ"
STANDARDS: Final = ("a-3a", "ua-1")
_GLYPH: Final = re.compile(r"the text `(\".*?\")` could not be displayed with font", re.DOTALL)
_ESCAPE: Final = re.compile(r"\\u\{([0-9a-f]+)\}|\\(.)", re.DOTALL)
_ESCAPED: Final = {"n": "\n", "r": "\r", "t": "\t", "0": "\0"}
_MIME: Final = {
    "csv": "text/csv", "txt": "text/plain", "md": "text/markdown", "json": "application/json", "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}  # fmt: skip


@lru_cache(maxsize=1)
def source_hash() -> str:
    """Return a hash of everything in this room that can change the bytes of a document."""
    from importlib.metadata import version

    folder = LAYOUT.parent
    own = "".join(files.sha256_of(p) for p in files.walk(folder) if p.suffix in (".py", ".typ", ".css"))
    return files.sha256(f"{version('typst')} {version('markdown')} {version('pymdown-extensions')} {own}".encode())


class TypesetError(Blocked):
    """A document could not be set: what is in it must change, or the fonts."""


class MissingGlyphs(TypesetError):
    """No font at hand has these characters; `characters` are they."""

    def __init__(self, characters: Sequence[str]) -> None:
        super().__init__(_("字体里没有这些字：{characters}").format(characters=spelled(characters)), advice_on_glyphs())
        self.characters = tuple(characters)


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that travels inside a PDF: what it is to the document (`data`, `source`, `supplement`), and what it holds."""

    name: str
    content: bytes
    relation: str
    description: str


def spelled(characters: Sequence[str]) -> str:
    """Return characters with their code points, for those that cannot be shown."""
    return "、".join(f"“{c}”（{' '.join(f'U+{ord(x):04X}' for x in c)}）" for c in characters)


def advice_on_glyphs() -> str:
    """Return what to do about a character that no font has."""
    return _("改用别的字，或安装有这个字的字体并写进 jianbao.toml 的 [print]。")


def typeset(
    data: Mapping[str, Any], fonts: FontSet, *, moment: datetime, pictures: Mapping[str, bytes], enclosures: Sequence[Enclosure] = ()
) -> bytes:
    """Return laid-out data as PDF/A, dated `moment`.

    Raises MissingGlyphs, or TypesetError with what the typesetter says.
    """
    import typst

    with tempfile.TemporaryDirectory(prefix="jianbao-") as folder:
        root = Path(folder)
        shown = {path: _put(root, f"p{n}", path, content) for n, (path, content) in enumerate(sorted(pictures.items()))}
        enclosed = [_enclosed(e, _put(root, f"e{n}", e.name, e.content)) for n, e in enumerate(enclosures)]
        whole = {**data, "fonts": fonts.faces, "pictures": shown, "files": enclosed}
        compiler = typst.Compiler(
            input=files.read_bytes(LAYOUT), root=root, font_paths=fonts.found, ignore_system_fonts=True,
            sys_inputs={"data": json.dumps(whole, ensure_ascii=False)},
        )  # fmt: skip
        try:
            made = compiler.compile(format="pdf", pdf_standards=list(STANDARDS), timestamp=_whole_seconds(moment))
        except typst.TypstError as error:
            raise _told(error) from error
    assert isinstance(made, bytes)
    return made


def _put(root: Path, stem: str, name: str, content: bytes) -> str:
    """Write a file for the typesetter under a name of ours; return it. Nothing of the given name but its ending is used."""
    suffix = re.sub(r"[^a-z0-9]", "", name.rpartition(".")[2].lower())[:5]
    files.write_bytes(root / f"{stem}.{suffix}", content, lasting=False)
    return f"{stem}.{suffix}"


def _enclosed(enclosure: Enclosure, name: str) -> dict[str, str]:
    mime = _MIME.get(enclosure.name.rpartition(".")[2].lower(), "application/octet-stream")
    return {"f": name, "name": enclosure.name, "relation": enclosure.relation, "mime": mime, "description": enclosure.description}


def _whole_seconds(moment: datetime) -> datetime:
    """Return a moment with the fixed offset and whole seconds that a PDF's dates have."""
    offset = moment.utcoffset() or timedelta()
    return moment.astimezone(timezone(offset)).replace(microsecond=0)


def _told(error: Any) -> TypesetError:
    found = [_ESCAPE.sub(_unescaped, m[1:-1]) for m in _GLYPH.findall(str(error.diagnostic) or str(error.message))]
    if found:
        return MissingGlyphs(list(dict.fromkeys(found)))
    return TypesetError(_("没有排成 PDF：{detail}").format(detail=error.message), _("看看页面里最近加了什么图片或附件。"))


def _unescaped(found: re.Match[str]) -> str:
    return chr(int(found[1], 16)) if found[1] else _ESCAPED.get(found[2], found[2])
