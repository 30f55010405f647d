"""A Word file as a zip archive: looked over before anything reads it."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Final

from jianbao.importing.values import NotImported
from jianbao.messages import _

MAX_UNPACKED: Final = 128 << 20
MAX_RATIO: Final = 300
MAX_PARTS: Final = 4_000
_ESCAPING: Final = re.compile(r"^[\\/]|^[A-Za-z]:|(?:^|[\\/])\.\.(?:[\\/]|$)|\x00")
_ENTITIES: Final = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_XML: Final = (".xml", ".rels")


def check_package(data: bytes) -> None:
    """Raise NotImported where a file is no sound .docx: a bomb, locked, with macros, with names or entities that reach outside."""
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise NotImported(_("是旧的 .doc 文件，或者设了密码"), _("请在 Word 或 WPS 里打开，去掉密码，另存为 .docx。"))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            infos = parts.infolist()
            _check_names([i.filename for i in infos])
            total, packed = sum(i.file_size for i in infos), sum(i.compress_size for i in infos)
            if total > MAX_UNPACKED or total > MAX_RATIO * max(packed, 4096):
                raise NotImported(_("文件解开后有 {size} MB，不像一份文件").format(size=total >> 20))
            for info in infos:
                if info.flag_bits & 1:
                    raise NotImported(_("文件设了密码"), _("请去掉密码再导入。"))
                if info.filename.lower().endswith(_XML) and _has_entities(parts, info):
                    raise NotImported(_("{part} 里有 Word 文件不该有的声明（DOCTYPE）").format(part=info.filename))
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, EOFError) as error:
        raise NotImported(_("打不开：不是 .docx 文件，或者已损坏")) from error


def _check_names(names: list[str]) -> None:
    if len(names) > MAX_PARTS or len(set(names)) != len(names):
        raise NotImported(_("压缩包里的文件太多或者重名，不像一份文件"))
    for name in names:
        if _ESCAPING.search(name):
            raise NotImported(_("压缩包里有指向外面的路径：{name}").format(name=name[:80]))
        if "vbaproject" in name.lower():
            raise NotImported(_("文件带宏"), _("请另存为不带宏的 .docx。"))
    if "[Content_Types].xml" not in names or "word/document.xml" not in names:
        raise NotImported(_("打不开：不是 .docx 文件，或者已损坏"))


def _has_entities(parts: zipfile.ZipFile, info: zipfile.ZipInfo) -> bool:
    """Whether a part declares entities, in whichever encoding; reading stops where the archive's own word for its size does."""
    content = parts.read(info)
    wide = content.replace(b"\x00", b"") if b"\x00" in content[:64] else content
    return bool(_ENTITIES.search(wide))
