"""A book's answer as it is kept, and as cells. Pure: no call, no clock."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from jianbao.messages import _
from jianbao.sources.google.trouble import Reach, Trouble, again
from jianbao.sources.grid import Cell, Grid, Merge, Unreadable, WorkbookCells
from jianbao.values import Code

SUFFIX: Final = ".gsheet"
"""The ending that Google Drive itself gives an online workbook on a computer."""

FIELDS: Final = (
    "properties.locale,properties.timeZone,sheets.properties.sheetId,sheets.properties.title,sheets.properties.index,"
    "sheets.properties.sheetType,sheets.properties.hidden,sheets.merges"
)
_FORMAT: Final = "google-sheets/1"
_PROPERTIES: Final = ("sheetId", "title", "index", "sheetType", "hidden")


def titles(book: Mapping[str, Any]) -> list[str]:
    """Return the titles of a book's worksheets, in their order; what holds a chart and no cells is none."""
    return [s["properties"]["title"] for s in _worksheets(book)]


def _worksheets(book: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    sheets = sorted(book.get("sheets", ()), key=lambda s: s["properties"].get("index", 0))
    return (s for s in sheets if s["properties"].get("sheetType", "GRID") == "GRID")


def packed(book: Mapping[str, Any], values: Sequence[Mapping[str, Any]]) -> bytes:
    """Return a book's two answers as the snapshot keeps them: whatever speaks of its content, just as it came.

    The book's own name and id are left out, so that a copy of a book is the same bytes, and is known for a copy.
    """
    about = {k: book.get("properties", {}).get(k) for k in ("locale", "timeZone")}
    sheets = [
        {"properties": {k: s["properties"][k] for k in _PROPERTIES if k in s["properties"]}, "merges": s.get("merges", [])}
        for s in _worksheets(book)
    ]
    ranges = [{"range": v.get("range"), "values": v.get("values", [])} for v in values]
    data = {"format": _FORMAT, "spreadsheet": {"properties": about, "sheets": sheets}, "valueRanges": ranges}
    return (json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n").encode()


def check_whole(book: Mapping[str, Any], values: Sequence[Mapping[str, Any]]) -> None:
    """Raise Trouble where the two answers do not speak of the same state: somebody changed the sheets in between."""
    sheets = list(_worksheets(book))
    torn = Trouble(Reach.TORN, _("读取时有人在改动工作表"), again())
    if len(values) != len(sheets):
        raise torn
    for sheet, found in zip(sheets, values, strict=True):
        if _title_in(str(found.get("range", ""))) != sheet["properties"]["title"]:
            raise torn
        rows = found.get("values", [])
        if any(_holds(rows, merge) for merge in _merges(sheet)):
            raise torn


def _holds(rows: Sequence[Sequence[Any]], merge: Merge) -> bool:
    """Whether a merged range has a value beside its first cell: such a range cannot be."""
    cells = (
        (row, column) for row in range(merge.top, min(merge.bottom + 1, len(rows)))
        for column in range(merge.left, min(merge.right + 1, len(rows[row])))
    )  # fmt: skip
    return any(rows[r][c] not in ("", None) for r, c in cells if (r, c) != (merge.top, merge.left))


def _title_in(address: str) -> str:
    """Return the worksheet an address names: `'a''b'!A1:C3` → a'b."""
    title = address.rpartition("!")[0] or address
    return title[1:-1].replace("''", "'") if title.startswith("'") and title.endswith("'") else title


def check_settings(book: Mapping[str, Any], zone: tzinfo, moment: datetime) -> None:
    """Raise Trouble where a book's own clock or language would read a typed date or time as another.

    A serial date carries no zone, and 2/6 is the sixth of February in one language and the second of June in another.
    """
    properties = book.get("properties", {})
    locale, named = str(properties.get("locale", "")), str(properties.get("timeZone", ""))
    try:
        same = ZoneInfo(named).utcoffset(moment.replace(tzinfo=None)) == zone.utcoffset(moment.replace(tzinfo=None))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        same = False
    if not same:
        reason = _("表格的时区是 {found}，应为 {expected}").format(found=named or _("（空）"), expected=zone)
        raise Trouble(Reach.BOOK, reason, _("打开该表格，按“文件”“设置”，改好时区，再运行一次。"))
    if not locale.startswith("zh"):
        reason = _("表格的语言区域是 {found}，应为 zh_CN").format(found=locale or _("（空）"))
        raise Trouble(Reach.BOOK, reason, _("打开该表格，按“文件”“设置”，语言区域选“中国”，再运行一次。"))


def open_answer(data: bytes) -> WorkbookCells | Unreadable:
    """Return the cells of a book's answer as it was kept."""
    try:
        kept = json.loads(data)
        sheets, ranges = kept["spreadsheet"]["sheets"], kept["valueRanges"]
        return WorkbookCells(tuple(_grid(s, v) for s, v in zip(sheets, ranges, strict=True)))
    except (ValueError, KeyError, TypeError):
        return Unreadable(Code.UNREADABLE_WORKBOOK, _("文件不完整或已损坏"))


def _grid(sheet: Mapping[str, Any], found: Mapping[str, Any]) -> Grid:
    properties = sheet["properties"]
    rows = [[_cell(c) for c in row] for row in found["values"]]
    width = max(map(len, rows), default=0)
    rows = [[*row, *[""] * (width - len(row))] for row in rows]
    return Grid(properties["title"], rows, tuple(_merges(sheet)), hidden=bool(properties.get("hidden")))


def _cell(value: Any) -> Cell:
    """Return a value as other workbooks hold it: every number a float, nothing as the empty string."""
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    cell: Cell = "" if value is None else value  # JSON: text, float or bool
    return cell


def _merges(sheet: Mapping[str, Any]) -> Iterator[Merge]:
    for m in sheet.get("merges", ()):
        yield Merge(m.get("startRowIndex", 0), m.get("startColumnIndex", 0), m["endRowIndex"] - 1, m["endColumnIndex"] - 1)
