"""Workbooks for people: lists of whom to call and who is missing, and sheets sent back with their problems marked.

With `fillin` and `returns` the home of xlsxwriter and openpyxl. Text stays text: nothing becomes a formula or a link.
"""

from __future__ import annotations

import io
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import count
from typing import Any, Final

from jianbao.followup import Alert
from jianbao.messages import _
from jianbao.sources import Grid, WorkbookCells
from jianbao.sources.workbook import spoken
from jianbao.supervision import Absent
from jianbao.values import Finding, Severity, column_letters

SAFE: Final = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
FILL: Final = {Severity.ERROR: "FFFFC7CE", Severity.WARNING: "FFFFEB9C", Severity.ALERT: "FFFFB266", Severity.INFO: "FFDDEBF7"}
UNWRITABLE: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
"""What XML has no way to write."""
MADE: Final = datetime(2000, 1, 1)
"""The date inside every workbook: equal lists are equal bytes."""


def alert_list(alerts: Sequence[Alert]) -> bytes:
    """Return the workbook of whom to call, those taken back marked at the end."""
    head = [
        _("处理"),
        _("单位"),
        _("班级"),
        _("校区"),
        _("号码"),
        _("姓名"),
        _("情况"),
        _("填报内容"),
        _("通知谁"),
        _("来源文件"),
        _("工作表"),
        _("单元格"),
    ]
    rows = [
        [
            _("已撤回") if a.withdrawn else _("须联系"),
            a.unit,
            a.class_,
            a.campus,
            a.number,
            a.name,
            a.what,
            a.said,
            a.receiver,
            a.file,
            a.sheet,
            a.cell,
        ]
        for a in sorted(alerts, key=lambda a: (a.withdrawn, a.unit, a.class_, a.number))
    ]
    return _table_workbook({_("须联系人员"): (head, rows)})


def absent_list(absent: Iterable[Absent], titles: Mapping[str, str]) -> bytes:
    """Return the workbook of who has not reported, a sheet a form, sorted by class. `titles` names the forms."""
    head = [_("单位"), _("班级"), _("号码"), _("姓名")]
    sheets: dict[str, tuple[list[str], list[list[str | None]]]] = {}
    for group in absent:
        rows = sheets.setdefault(titles[group.form], (head, []))[1]
        rows += [[group.unit, group.class_, p["number"], p["name"]] for p in group.people]
    return _table_workbook(sheets or {_("无"): (head, [])})


def table_list(title: str, head: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    """Return a workbook of one table."""
    return _table_workbook({title: (list(head), [list(row) for row in rows])})


def table_lists(sheets: Mapping[str, tuple[Sequence[str], Sequence[Sequence[Any]]]]) -> bytes:
    """Return a workbook of several tables, a sheet each."""
    return _table_workbook(sheets)


def _table_workbook(sheets: Mapping[str, tuple[Sequence[str], Sequence[Sequence[Any]]]]) -> bytes:
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, dict(SAFE)) as book:
        book.set_properties({"created": MADE})
        bold, text = book.add_format({"bold": True, "bg_color": "#EEEEEE", "bottom": 1}), book.add_format({"num_format": "@"})
        for name, (head, rows) in sheets.items():
            sheet = book.add_worksheet(sheet_name(name))
            sheet.freeze_panes(1, 0)
            sheet.write_row(0, 0, head, bold)
            for number, row in enumerate(rows, 1):
                sheet.write_row(number, 0, ["" if v is None else v for v in row], text)
            for column, title in enumerate(head):
                widest = max((len(str(row[column] or "")) for row in rows[:200]), default=0)
                sheet.set_column(column, column, min(40, max(len(title), widest) * 1.6 + 2))
            sheet.autofilter(0, 0, max(1, len(rows)), len(head) - 1)
            sheet.repeat_rows(0)
    return out.getvalue()


def sheet_name(name: str, taken: Collection[str] = ()) -> str:
    """Return `name` as a workbook takes it: 31 characters, no mark of a path, unlike those taken (in lower case)."""
    legal = "".join("_" if c in "[]:*?/\\'" else c for c in UNWRITABLE.sub("", name)).strip()[:31] or "Sheet"
    legal = f"{legal}_" if legal.lower() == "history" else legal
    counted = (f"{legal[:26]} ({n})" for n in count(2))
    return legal if legal.lower() not in taken else next(c for c in counted if c.lower() not in taken)


def marked_copy(data: bytes, cells: WorkbookCells, findings: Sequence[Finding], *, xlsx: bool) -> bytes:
    """Return a copy of a workbook with each problem's cell coloured and a sentence at the end of its row.

    An .xlsx keeps its look; of other formats the cells are copied into a new one.
    """
    return _marked_xlsx(data, findings) if xlsx else _marked_plain(cells.grids, findings)


def _by_row(findings: Iterable[Finding], sheet: str) -> dict[int, list[Finding]]:
    rows: dict[int, list[Finding]] = {}
    for finding in findings:
        if finding.sheet == sheet and finding.cell:
            rows.setdefault(int("".join(c for c in finding.cell if c.isdigit())), []).append(finding)
    return rows


def _remark(findings: Sequence[Finding]) -> str:
    return UNWRITABLE.sub("", _("；").join(f"{f.cell} {f.message}" for f in findings))


def _marked_xlsx(data: bytes, findings: Sequence[Finding]) -> bytes:
    import openpyxl
    from openpyxl.comments import Comment
    from openpyxl.styles import Alignment, PatternFill

    book = openpyxl.load_workbook(io.BytesIO(data))
    for sheet in book.worksheets:
        rows = _by_row(findings, sheet.title)
        column = sheet.max_column + 1
        for number, found in rows.items():
            for finding in found:
                cell = sheet[str(finding.cell)]
                colour = FILL[finding.severity]
                cell.fill = PatternFill("solid", start_color=colour, end_color=colour)
                if type(cell).__name__ != "MergedCell":
                    cell.comment = Comment(UNWRITABLE.sub("", finding.message), "jianbao", height=90, width=260)
            beside = sheet.cell(number, column, _remark(found))
            beside.data_type = "s"
            beside.alignment = Alignment(wrap_text=True, vertical="top")
            beside.fill = PatternFill("solid", start_color="FFFFF2CC", end_color="FFFFF2CC")
        if rows:
            sheet.column_dimensions[column_letters(column - 1)].width = 60
    out = io.BytesIO()
    book.properties.modified = MADE
    book.save(out)
    return out.getvalue()


def _marked_plain(grids: Sequence[Grid], findings: Sequence[Finding]) -> bytes:
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, dict(SAFE)) as book:
        book.set_properties({"created": MADE})
        text = book.add_format({"num_format": "@"})
        remark = book.add_format({"num_format": "@", "text_wrap": True, "bg_color": "#FFF2CC"})
        colours = {s: book.add_format({"num_format": "@", "bg_color": f"#{c[2:]}"}) for s, c in FILL.items()}
        taken: set[str] = set()
        for grid in grids:
            sheet = book.add_worksheet(sheet_name(grid.name, taken))
            taken.add(sheet.get_name().lower())
            rows = _by_row(findings, grid.name)
            width = max(map(len, grid.rows), default=0)
            for number, row in enumerate(grid.rows, 1):
                sheet.write_row(number - 1, 0, [spoken(c) for c in row], text)
                for finding in rows.get(number, ()):
                    sheet.write_comment(str(finding.cell), finding.message)
                    column = _column(str(finding.cell))
                    sheet.write(number - 1, column, spoken(row[column]) if column < len(row) else "", colours[finding.severity])
                if number in rows:
                    sheet.write(number - 1, width, _remark(rows[number]), remark)
            sheet.set_column(width, width, 60)
    return out.getvalue()


def _column(cell: str) -> int:
    number = 0
    for letter in cell:
        if letter.isalpha():
            number = number * 26 + ord(letter) - 64
    return number - 1


def problem_list(findings: Sequence[Finding]) -> bytes:
    """Return the workbook of every problem, file by file: for files that could not even be opened it is all there is."""
    head = [_("文件"), _("工作表"), _("单元格"), _("程度"), _("问题"), _("现有内容"), _("应为")]
    names = {Severity.ERROR: _("须改正"), Severity.WARNING: _("提醒"), Severity.ALERT: _("须处理"), Severity.INFO: _("说明")}
    rows = [[f.file, f.sheet, f.cell, names[f.severity], f.message, f.found, f.expected] for f in findings]
    return _table_workbook({_("问题清单"): (head, rows)})
