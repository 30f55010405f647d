"""What a field takes, in a few words: for the note beside a question and for whoever answered it wrong."""

from __future__ import annotations

from typing import Final

from jianbao.forms.spec import FieldSpec, Privacy
from jianbao.messages import _, listed


def expectation(spec: FieldSpec) -> str:
    """Return what a field takes, in a few words for whoever filled the sheet."""
    if spec.description:
        return spec.description
    if spec.codes:
        return listed(spec.codes.labels)
    if spec.enum:
        return listed(spec.enum)
    unit = _UNIT_SIGNS.get(spec.unit or "", spec.unit or "")
    if spec.type in ("number", "integer"):
        kind = _("整数") if spec.type == "integer" else _("数字")
        if spec.minimum is not None and spec.maximum is not None:
            return _("{low:g} 到 {high:g} 之间的{kind}（{unit}）").format(low=spec.minimum, high=spec.maximum, kind=kind, unit=unit)
        if spec.minimum == 0:
            return _("不小于 0 的{kind}，没有请填 0").format(kind=kind)
        return kind
    if spec.privacy in (Privacy.IDENTIFIER, Privacy.PHONE, Privacy.IDENTITY):
        return _("完整的{title}，列设为文本格式").format(title=spec.title)
    return {
        "boolean": _("是 或 否"),
        "date": _("日期，如 2020-02-06 或 2月6日"),
        "datetime": _("日期和时间，如 2020-02-06 09:30"),
        "string": spec.title,
    }[spec.type]


_UNIT_SIGNS: Final = {"degC": "℃"}
