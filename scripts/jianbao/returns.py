"""Returns upward: the receiver's own workbook, with figure names in its cells, filled in and otherwise left as it is.

    {{ confirmed }}  {{ 确诊 }}           a figure of the whole school, by its name or title
    {{ confirmed : 会计学院 }}            of a unit or a campus
    {{ received : confirmed }}            how many were read for it; {{ expected : … }} of how many; both of a unit too
    {{ state : 会计学院 }}                what a unit's report says: 零报告, 有情况, 未报 …
    {{ date }}  {{ as_of }}  {{ school }}  {{ office }}  {{ issuer }}  {{ signed_by }}

A cell that holds nothing else becomes a number or a date; within a text the value is written into it.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from jianbao.clock import spoken_day
from jianbao.figures import spoken_value
from jianbao.handout import UNWRITABLE
from jianbao.messages import _
from jianbao.values import said_place

Value = int | float | str | date | datetime
_PLACE: Final = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_COLON: Final = re.compile(r"\s*[:：]\s*")
_COVERAGE: Final[Mapping[str, str]] = {"received": "received", "实报": "received", "expected": "expected", "应报": "expected"}
_STATE: Final = ("state", "状态")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a place in a cell asks for: `what` is value, received, expected, state or word; `part` "" for the whole school."""

    what: str
    name: str
    part: str = ""


class Unanswerable(Exception):
    """A place asks for what is not there; the text says what, and what was perhaps meant."""


Answer = Callable[[Asked], Value]
"""Gives what a place asks for. Raises Unanswerable."""


@dataclass(frozen=True, slots=True)
class Filled:
    """A workbook filled in, what it asked for, and every fault; where there are any, `data` must not leave the house."""

    data: bytes
    asked: tuple[Asked, ...]
    faults: tuple[str, ...]


def parse(text: str) -> Asked:
    """Return what stands between the braces.

    Raises Unanswerable where it is no question.
    """
    words = _COLON.split(text.strip())
    if not all(words):
        raise Unanswerable(_("双花括号里没有写明要填什么"))
    if words[0] in _COVERAGE and len(words) in (2, 3):
        return Asked(_COVERAGE[words[0]], words[1], words[2] if len(words) == 3 else "")
    if words[0] in _STATE and len(words) == 2:
        return Asked("state", "", words[1])
    if len(words) == 1:
        return Asked("value", words[0])
    if len(words) == 2:
        return Asked("value", words[0], words[1])
    raise Unanswerable(_("冒号太多：{text}").format(text=text.strip()))


def fill(data: bytes, file: str, answer: Answer) -> Filled:
    """Return an .xlsx with every place filled in. `file` is what messages call it.

    Faults: places that ask for what is not there, and whatever of the workbook would be lost in writing it again.
    """
    import openpyxl

    try:
        with warnings.catch_warnings(action="ignore"):  # what it says it drops, `_lost` finds and says in our words
            book = openpyxl.load_workbook(io.BytesIO(data), rich_text=True)
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, TypeError) as error:
        return Filled(b"", (), (_("{place}：读不了这个工作簿（{detail}）").format(place=file, detail=error),))
    filler = _Filler(file, answer, [], [])
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if "{{" in str(cell.value):
                    filler.fill(sheet.title, cell)
    if book.calculation is not None:
        book.calculation.fullCalcOnLoad = True  # openpyxl keeps formulas, and not what they last came to
    out = io.BytesIO()
    book.save(out)
    lost = [_("{place}：有程序不能原样保留的内容：{what}").format(place=file, what=w) for w in _lost(data, out.getvalue())]
    left = (
        [] if filler.faults else [_("{place}：页眉、批注或文本框里还有没填的双花括号").format(place=p) for p in _left(out.getvalue(), file)]
    )
    return Filled(out.getvalue(), tuple(dict.fromkeys(filler.asked)), (*filler.faults, *lost, *left))


@dataclass(frozen=True, slots=True)
class _Filler:
    """Fills the cells of one workbook, and gathers what was asked and what went wrong."""

    file: str
    answer: Answer
    asked: list[Asked]
    faults: list[str]

    def fill(self, sheet: str, cell: Any) -> None:
        """Fill one cell."""
        place = said_place(self.file, sheet, cell.coordinate)
        if cell.data_type == "f":
            self.faults.append(_("{place}：双花括号写在公式里，填不了；请另用一格，再由公式引用").format(place=place))
            return
        whole = _PLACE.fullmatch(str(cell.value).strip())
        try:
            if whole and "{{" not in whole[1]:
                _write(cell, self._said(whole[1]))
            else:
                _write_text(cell, lambda text: _PLACE.sub(lambda m: _in_words(self._said(m[1])), text))
        except Unanswerable as error:
            self.faults.append(_("{place}：{fault}").format(place=place, fault=error))
            return
        if "{{" in str(cell.value):
            self.faults.append(_("{place}：双花括号没有成对，或格式不同的两段文字把它分开了").format(place=place))

    def _said(self, text: str) -> Value:
        asked = parse(text)
        self.asked.append(asked)
        return self.answer(asked)


def _write(cell: Any, value: Value) -> None:
    """Write a value as what it is; in a cell of text it is text, and text is never a formula."""
    if isinstance(value, str) or cell.number_format == "@":
        cell.value = UNWRITABLE.sub("", _in_words(value))
        cell.data_type = "s"
        return
    cell.value = value.replace(tzinfo=None) if isinstance(value, datetime) else value
    if isinstance(value, date) and not cell.is_date:
        cell.number_format = "yyyy-mm-dd hh:mm" if isinstance(value, datetime) else "yyyy-mm-dd"


def _write_text(cell: Any, filled: Callable[[str], str]) -> None:
    """Write values into a cell's text; one in several styles keeps them."""
    from openpyxl.cell.rich_text import CellRichText, TextBlock

    def clean(text: str) -> str:
        return UNWRITABLE.sub("", filled(text))

    if isinstance(cell.value, CellRichText):
        parts = [TextBlock(p.font, clean(p.text)) if isinstance(p, TextBlock) else clean(p) for p in cell.value]
        cell.value = CellRichText(*parts)
        return
    cell.value = clean(cell.value)
    cell.data_type = "s"


def _in_words(value: Value) -> str:
    if isinstance(value, datetime):
        return f"{spoken_day(value.date())} {value:%H:%M}"
    if isinstance(value, date):
        return spoken_day(value)
    return value if isinstance(value, str) else spoken_value(value)


def _lost(before: bytes, after: bytes) -> Iterator[str]:
    """Yield what a workbook has and its copy has not, in words. A chart is redrawn and so never the same."""
    was, now = _inventory(before), _inventory(after)
    for pattern, name in _parts().items():
        if was[pattern] > now[pattern] or (pattern == _CHARTS and was[pattern]):
            yield name
    for tag, name in _tags().items():
        if was[tag] > now[tag]:
            yield name


_CHARTS: Final = "xl/charts/chart"


def _parts() -> Mapping[str, str]:
    """Return what the parts of a workbook are, by the start of their path."""
    return {
        _CHARTS: _("图表"), "xl/media/": _("图片"), "xl/pivot": _("数据透视表"), "xl/embeddings/": _("嵌入的文件"),
        "xl/activeX/": _("控件"), "xl/ctrlProps/": _("控件"), "xl/vbaProject": _("宏"), "xl/threadedComments/": _("会话式批注"),
        "xl/slicers/": _("切片器"), "xl/diagrams/": _("示意图"), "xl/queryTables/": _("外部数据"), "xl/connections": _("外部数据"),
        "xl/externalLinks/externalLink": _("外部链接"), "_xmlsignatures/": _("数字签名"), "xl/tables/": _("表格样式"),
    }  # fmt: skip


def _tags() -> Mapping[str, str]:
    """Return what the marks of a worksheet's or a drawing's XML are."""
    return {
        "extLst": _("扩展格式（迷你图、新式数据条、跨表下拉）"), "sp": _("文本框或图形"), "pic": _("图片"), "oleObject": _("嵌入的文件"),
        "mergeCell": _("合并的单元格"), "conditionalFormatting": _("条件格式"), "dataValidation": _("数据验证"), "hyperlink": _("超链接"),
        "brk": _("分页符"), "oddHeader": _("页眉"), "oddFooter": _("页脚"), "protectedRange": _("允许编辑的区域"), "scenario": _("方案"),
        "customSheetView": _("自定义视图"),
    }  # fmt: skip


_TAG: Final = re.compile(rb"<(?:\w+:)?(\w+)[\s/>]")


def _inventory(data: bytes) -> Counter[str]:
    """Count the kinds of parts of a workbook, and the marks in its worksheets and drawings."""
    found: Counter[str] = Counter()
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        for name in parts.namelist():
            found.update(p for p in _parts() if name.startswith(p))
            if re.match(r"xl/(worksheets|drawings)/[^/]+\.xml$", name):
                found.update(tag.decode() for tag in _TAG.findall(parts.read(name)))
    return found


def _left(data: bytes, file: str) -> Sequence[str]:
    """Return the file's name where some part but the cells still holds a place."""
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        return [file] if any(b"{{" in parts.read(n) for n in parts.namelist() if n.endswith(".xml")) else []
