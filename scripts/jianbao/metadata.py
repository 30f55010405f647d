"""What a bag says of its documents and of itself, in the terms of the national standards.

A document's terms are those of GB/T 33480-2016 (党政机关电子公文元数据规范), the envelope's those of DA/T 46-2009
(文书类电子文件元数据方案). Only elements with a value are written.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, Final

from jianbao.documents import Document
from jianbao.settings import Settings

_STANDARDS: Final = {"公文": "GB/T 33480-2016", "电子文件": "DA/T 46-2009"}
_FORMATS: Final = {".md": "text/markdown", ".html": "text/html", ".pdf": "application/pdf", ".json": "application/json", ".csv": "text/csv"}


def bag_metadata(
    settings: Settings, documents: Iterable[Document], payload: Mapping[str, bytes], *,
    number: int, day: date, as_of: datetime, program: str,
) -> dict[str, Any]:  # fmt: skip
    """Return the metadata of a release. `payload` are the files below `data/`, `documents` those that it issues."""
    title = f"{settings.school.name}{settings.school.office}第 {number} 号发布（{day.isoformat()}）"
    envelope = {
        "聚合层次": "卷",
        "来源": {"立档单位名称": settings.school.name, "机构名称": settings.school.office},
        "电子文件号": f"{number:04d}-{day.isoformat()}",
        "题名": title,
        "责任者": settings.school.issued_by,
        "日期": as_of.date().isoformat(),
        "电子属性": [_computer_file(path, data, program) for path, data in sorted(payload.items()) if path.startswith("pages/")],
        "业务行为": {"行为名称": "封存", "行为时间": as_of.isoformat(), "行为描述": "网站发布，随后封存为档案包"},
    }
    return {"标准": _STANDARDS, "电子文件": envelope, "公文": [_document(settings, d) for d in documents]}


def _computer_file(path: str, data: bytes, program: str) -> dict[str, Any]:
    ending = path[path.rfind(".") :]
    return {"计算机文件名": path, "计算机文件大小": len(data), "格式信息": _FORMATS.get(ending, "application/octet-stream"),
            "文档创建程序": program}  # fmt: skip


def _document(settings: Settings, document: Document) -> dict[str, str]:
    told = {
        "公文标识": document.path,
        "文种": document.kind.label,
        "标题": document.title,
        "发文字号": document.number,
        "发文机关": document.issuer or settings.school.issued_by,
        "主送机关": document.to,
        "签发人": document.signed_by,
        "签发日期": document.signed_on.isoformat() if document.signed_on else "",
        "成文日期": document.on.isoformat(),
        "附注": document.mark,
        "摘要": document.summary,
        "公文状态": document.status.label,
        "发布层次": "公开" if document.public else "",
    }
    return {term: said for term, said in told.items() if said}
