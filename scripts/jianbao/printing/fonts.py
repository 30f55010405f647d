"""Which typefaces stand for which, and where they are found.

GB/T 9704-2012 asks for 仿宋, 小标宋, 黑体, 楷体 and 宋体, whose usual cuts are licensed. Without any setting free ones
stand in: Noto Serif CJK SC and Noto Sans CJK SC (OFL), and where they are installed FandolFang (GPL with font exception) for 仿宋 and
LXGW WenKai (OFL) for 楷体. A school's own are named in jianbao.toml and put into the folder that it names.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jianbao.errors import JianbaoError, SettingsError
from jianbao.messages import _, did_you_mean
from jianbao.settings import PrintSettings

if TYPE_CHECKING:
    import typst

SERIF: Final = "Noto Serif CJK SC"
SANS: Final = "Noto Sans CJK SC"
_FREE: Final[Mapping[str, tuple[str, ...]]] = {
    "title": (SERIF,),
    "body": ("FandolFang R", SERIF),
    "heading": (SANS, SERIF),
    "subheading": ("LXGW WenKai", SERIF),
    "number": (SERIF,),
    "code": ("DejaVu Sans Mono", SANS),
}
"""By role, the families in the order in which they are looked for; a character that one lacks is taken from the next."""

OWN: Final = Path(sys.prefix) / "fonts"
"""Where the set-up puts fonts that the system lacks."""


class NoFonts(JianbaoError):
    """There is no Chinese font on this machine to set a document in."""


@dataclass(frozen=True)
class FontSet:
    """The families of each role, and the fonts that they are found among."""

    faces: Mapping[str, Sequence[str]]
    found: typst.Fonts

    @cached_property
    def identity(self) -> Sequence[str]:
        """What the fonts in use are, in so far as it can change the bytes of a document."""
        wanted = {family for families in self.faces.values() for family in families}
        own = (f for f in self.found.fonts() if f.family in wanted)
        return sorted({f"{f.family} {f.style} {f.weight} {Path(f.path).stat().st_size if f.path else 0}" for f in own})


def fonts_for(settings: PrintSettings, root: Path) -> FontSet:
    """Return the fonts that an office's documents are set in.

    Raises SettingsError for a family that is named and not there, NoFonts where there is no Chinese font at all.
    """
    folder = root / settings.folder
    found = _found(tuple(str(p) for p in (folder, OWN) if p.is_dir()))
    families = found.families()
    for role, family in settings.named.items():
        if family not in families:
            raise SettingsError(
                _("jianbao.toml [print] {role}：没有名为 {family} 的字体").format(role=role, family=family)
                + did_you_mean(family, families),
                _("把字体文件放进 {folder}，或改成装好的字体；留空则用免费的字体。").format(folder=folder),
            )
    if SERIF not in families and not settings.complete:
        raise NoFonts(
            _("没有中文字体 {family}，不能生成 PDF").format(family=SERIF),
            _("安装它：Debian 上以 root 运行 apt-get install fonts-noto-cjk；或把字体文件放进 {folder}。").format(folder=folder),
        )
    return FontSet({role: _faces(settings.named.get(role, ""), free, families) for role, free in _FREE.items()}, found)


def _faces(named: str, free: Sequence[str], families: Sequence[str]) -> list[str]:
    return [f for f in dict.fromkeys((named, *free, SERIF, SANS)) if f in families]


@lru_cache(maxsize=4)
def _found(folders: tuple[str, ...]) -> typst.Fonts:
    """Return the system's fonts and those of the folders; reading their names takes a tenth of a second."""
    import typst

    return typst.Fonts(include_system_fonts=True, include_embedded_fonts=True, font_paths=list(folders))
