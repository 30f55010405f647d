"""Which reader a file has, and what every file must be before one looks at it."""

from __future__ import annotations

from typing import Final

from jianbao.importing.markup import read_html
from jianbao.importing.posts import read_post
from jianbao.importing.values import Imported, NotImported
from jianbao.importing.vicinity import Vicinity
from jianbao.messages import _, listed

SUFFIXES: Final = (".docx", ".html", ".htm", ".md", ".markdown")
MAX_TEXT: Final = 8 << 20
MAX_PACKED: Final = 64 << 20


def read_file(name: str, data: bytes, around: Vicinity) -> Imported:
    """Return what a page takes over from a file called `name`.

    Raises NotImported with a sentence where the file is unsafe, unsettled or of no kind that is read.
    """
    suffix = name[name.rfind(".") :].lower() if "." in name else ""
    if suffix not in SUFFIXES:
        advice = _("可以导入的有：{kinds}；旧的 .doc 请另存为 .docx。").format(kinds=listed(SUFFIXES))
        raise NotImported(_("不认识这种文件（{suffix}）").format(suffix=suffix or name), advice)
    if len(data) > (MAX_PACKED if suffix == ".docx" else MAX_TEXT):
        raise NotImported(_("文件太大（{size} MB）").format(size=len(data) >> 20))
    if suffix == ".docx":
        from jianbao.importing.word import read_word

        return read_word(data, around)
    return read_html(data, around) if suffix in (".html", ".htm") else read_post(name, data, around)
