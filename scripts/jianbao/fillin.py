"""Fill-in workbooks: a form as a sheet that takes nothing wrong where a spreadsheet can prevent it, and says what is asked.

The sheet to fill comes first, for programs that keep one sheet keep the first; the instructions stand behind it.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final

from jianbao.forms.sheet_layout import Entry, SheetColumn, SheetLayout
from jianbao.forms.stamp import PROPERTY, Stamp
from jianbao.handout import MADE, SAFE, sheet_name
from jianbao.messages import _

HEADER: Final = 1
"""The 0-based row of the header: above it stand title and stamp."""

_SPARE: Final = 500
"""Rows kept ready under those filled beforehand."""

_LISTS: Final = "_字典"
_FIRST_DAY: Final = date(2000, 1, 1)
_LAST_DAY: Final = date(2099, 12, 31)
_WIDEST: Final = 40
_MESSAGE: Final = 255
"""The longest message Excel shows beside a cell."""

_FORMATS: Final[Mapping[Entry, str]] = {
    Entry.TEXT: "@", Entry.NUMBER: "General", Entry.WHOLE: "0", Entry.DATE: "yyyy-mm-dd", Entry.MOMENT: "yyyy-mm-dd hh:mm",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sheet:
    """A form's sheet as it is handed out.

    `rows` hold what is known beforehand, by field; `unit` whom it is for, `deadline` when it is due each day.
    """

    layout: SheetLayout
    rows: Sequence[Mapping[str, str | date | None]] = ()
    unit: str = ""
    deadline: time | None = None

    @property
    def stamp(self) -> Stamp:
        """What the sheet was made from."""
        return Stamp(self.layout.form, self.layout.version)

    @property
    def title(self) -> str:
        """What stands above the table."""
        return f"{self.layout.title}（{self.unit}）" if self.unit else self.layout.title


def fill_in_workbook(sheet: Sheet) -> bytes:
    """Return the workbook to hand out. Equal sheets are equal bytes."""
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, dict(SAFE)) as book:
        book.set_properties({"created": MADE, "title": sheet.title})
        book.set_custom_property(PROPERTY, sheet.stamp.text)
        page = book.add_worksheet(sheet_name(sheet.layout.title))
        guide = book.add_worksheet(sheet_name(_("填表说明"), {page.get_name().lower()}))
        lists = book.add_worksheet(_LISTS)
        lists.very_hidden()
        beside = Stamp(sheet.layout.form, sheet.layout.version, beside=True).text
        _write_lists(book, lists, sheet.layout, beside)
        _write_page(book, page, sheet)
        _write_guide(book, guide, sheet, beside)
    return out.getvalue()


def _write_lists(book: Any, page: Any, layout: SheetLayout, stamp: str) -> None:
    """Write each column's list under a name: written into the cell's rule it could not be longer than 255 characters."""
    page.write_string(0, 0, stamp)
    for number, column in enumerate(c for c in layout.columns if c.choices):
        page.write_column(1, number, column.choices)
        letters = _letters(number)
        book.define_name(_list_name(column), f"='{_LISTS}'!${letters}$2:${letters}${len(column.choices) + 1}")


def _list_name(column: SheetColumn) -> str:
    return f"jianbao_{column.field}"


def _letters(column: int) -> str:
    from xlsxwriter.utility import xl_col_to_name

    return str(xl_col_to_name(column))


def _write_page(book: Any, page: Any, sheet: Sheet) -> None:
    columns = sheet.layout.columns
    last = len(sheet.rows) + _SPARE + HEADER
    page.write_string(0, 0, sheet.title, book.add_format({"bold": True, "font_size": 14}))
    page.write_string(0, max(1, len(columns) - 1), sheet.stamp.text, book.add_format({"font_size": 6, "font_color": "#BFBFBF"}))
    _write_columns(book, page, sheet)
    for number, column in enumerate(columns):
        page.data_validation(HEADER + 1, number, last, number, _validation(column))
    page.freeze_panes(HEADER + 1, _frozen(sheet))
    page.autofilter(HEADER, 0, last, len(columns) - 1)
    page.repeat_rows(HEADER)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.protect("", {"sort": True, "autofilter": True, "format_columns": True, "format_rows": True, "insert_rows": True})
    page.activate()


def _write_columns(book: Any, page: Any, sheet: Sheet) -> None:
    """Write the header and what is known beforehand; every other cell below is free to be filled."""
    head = {"bold": True, "text_wrap": True, "valign": "vcenter", "border": 1}
    required, asked = (book.add_format({**head, "bg_color": c}) for c in ("#FCE4D6", "#EEEEEE"))
    for number, column in enumerate(sheet.layout.columns):
        pattern = {"num_format": _FORMATS[column.entry]}
        known = book.add_format({**pattern, "font_color": "#595959", "bg_color": "#F7F7F7"})
        page.set_column(number, number, min(_WIDEST, column.width), book.add_format({**pattern, "locked": False}))
        page.write_string(HEADER, number, column.title, required if column.required else asked)
        for row, values in enumerate(sheet.rows, HEADER + 1):
            said = values.get(column.field)
            if isinstance(said, date):
                page.write_datetime(row, number, said, known)
            elif said is not None:
                page.write_string(row, number, said, known)


def _frozen(sheet: Sheet) -> int:
    """Return how many columns stay in sight: those up to the last that is known beforehand, at most four."""
    known = {name for row in sheet.rows for name, said in row.items() if said is not None}
    places = [n for n, c in enumerate(sheet.layout.columns, 1) if c.field in known]
    return max((n for n in places if n <= 4), default=0)


def _validation(column: SheetColumn) -> dict[str, Any]:
    """Return what a column's cells take, and what is said beside them."""
    said = {"input_title": column.title[:32], "input_message": column.note[:_MESSAGE], "error_title": column.title[:32],
            "error_message": column.note[:_MESSAGE]}  # fmt: skip
    return {**_rule(column), **said}


def _rule(column: SheetColumn) -> dict[str, Any]:
    if column.choices:
        return {"validate": "list", "source": f"={_list_name(column)}", "show_error": column.strict}
    if column.entry in (Entry.NUMBER, Entry.WHOLE):
        kind = "integer" if column.entry is Entry.WHOLE else "decimal"
        return {"validate": kind, **_limits(column.low, column.high)}
    if column.entry in (Entry.DATE, Entry.MOMENT):
        first, last = (datetime.combine(d, time()) for d in (_FIRST_DAY, _LAST_DAY))
        return {"validate": "date", "criteria": "between", "minimum": first, "maximum": last}
    return {"validate": "any"}


def _limits(low: float | None, high: float | None) -> dict[str, Any]:
    if low is not None and high is not None:
        return {"criteria": "between", "minimum": low, "maximum": high}
    if high is not None:
        return {"criteria": "<=", "value": high}
    return {"criteria": ">=", "value": low if low is not None else -1e15}


def _write_guide(book: Any, page: Any, sheet: Sheet, stamp: str) -> None:
    """Write what a person must know before filling the sheet, and a line a question."""
    bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    page.write_string(0, 0, sheet.title, book.add_format({"bold": True, "font_size": 14}))
    page.write_string(0, 3, stamp, book.add_format({"font_size": 6, "font_color": "#BFBFBF"}))
    lines = [*_advice(sheet), ""]
    for row, line in enumerate(lines, 1):
        page.write_string(row, 0, line)
    top = len(lines) + 1
    page.write_row(top, 0, [_("填什么"), _("是否必填"), _("怎么填"), _("可以选的")], bold)
    for row, column in enumerate(sheet.layout.columns, top + 1):
        told = [column.title, _("必填") if column.required else _("选填"), column.note, "、".join(column.choices)]
        for place, text in enumerate(told):
            page.write_string(row, place, text, wrapped)
    for place, width in enumerate((24, 10, 50, 60)):
        page.set_column(place, place, width)
    page.protect()


def _advice(sheet: Sheet) -> list[str]:
    due = _("每天 {clock} 以前交。").format(clock=sheet.deadline.strftime("%H:%M")) if sheet.deadline else ""
    lines = [
        _("表单“{title}”，第 {version} 版。{due}").format(title=sheet.layout.title, version=sheet.layout.version, due=due),
        _("请填第一张工作表：不要改动表头，不要合并单元格，每行只填一项；橙色表头的必填。"),
        _("带下拉箭头的请从列表中选；号码列是文本格式，前面的 0 不会丢。"),
        _("没有情况也要填；空着的不算零。"),
    ]
    if sheet.rows:
        lines.append(_("灰色的是预先填好的，不必改；有出入的请在备注中说明，多出来的人接在下面写。"))
    return lines
