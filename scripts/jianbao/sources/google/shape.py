"""A form's sheet in a book that a person made: header, lists, notes, protection and stamp, set right in place.

Only what differs is written, so that a second run writes nothing; rows that people filled in are never moved.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from jianbao.forms.sheet_layout import Entry, SheetColumn, SheetLayout
from jianbao.messages import _
from jianbao.sources.google.service import Request, Service
from jianbao.sources.google.trouble import Reach, Trouble

STAMP: Final = "jianbao"
HEADER: Final = "jianbao 表头"
"""What the protection of a header is called, by which it is known again."""

_ABOUT: Final = "properties.locale,properties.timeZone,namedRanges,sheets.properties,sheets.protectedRanges,sheets.developerMetadata"
_CELLS: Final = "sheets.properties.sheetId,sheets.data.rowData.values.userEnteredValue,sheets.data.rowData.values.note"
_GREY: Final = {"red": 0.93, "green": 0.93, "blue": 0.93}
_FORMATS: Final[Mapping[Entry, Mapping[str, str]]] = {
    Entry.TEXT: {"type": "TEXT", "pattern": "@"},
    Entry.DATE: {"type": "DATE", "pattern": "yyyy-mm-dd"},
    Entry.MOMENT: {"type": "DATE_TIME", "pattern": "yyyy-mm-dd hh:mm"},
}
_NEW_ID: Final = 19_900_101
"""The id of a sheet we add, chosen here so that one request may add it and the next fill it."""

Locate = Callable[[str], str | None]
"""Which field a header's text means, by title and aliases."""


@dataclass(frozen=True, slots=True)
class Shaped:
    """What was done to a book: how many changes, which questions are new, which of its columns no question asks for."""

    changes: int
    added: tuple[str, ...]
    left: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A worksheet as it stands: what its first row holds, and what of ours it carries already."""

    properties: Mapping[str, Any]
    header: Sequence[Mapping[str, Any]]
    protected: Sequence[Mapping[str, Any]] = ()
    metadata: Sequence[Mapping[str, Any]] = ()
    new: bool = False

    @property
    def id(self) -> int:
        """The sheet's id."""
        return int(self.properties["sheetId"])

    def title_at(self, column: int) -> str:
        """Return the text of a header cell."""
        value = self.header[column].get("userEnteredValue", {}) if column < len(self.header) else {}
        return str(next(iter(value.values()), ""))


def shape_book(service: Service, book: str, layout: SheetLayout, *, locate: Locate, zone: str) -> Shaped:
    """Shape a book for a form: at most three reads and one write.

    Raises Trouble.
    """
    about = service.spreadsheet(book, _ABOUT)
    sheet = _sheet(service, book, about, layout)
    places, added, left = _places(sheet, layout, locate)
    editors = service.editors
    requests = [*_book_requests(about, zone), *_sheet_requests(about, sheet, layout, places, editors)]
    service.change(book, requests)
    return Shaped(len(requests), tuple(added), tuple(left))


def _sheet(service: Service, book: str, about: Mapping[str, Any], layout: SheetLayout) -> _Sheet:
    """Return the form's sheet: the one with its stamp, else of its title, else the first if blank, else a new one."""
    from gspread.utils import absolute_range_name

    sheets = about.get("sheets", [])
    chosen = next((s for s in sheets if _stamped(s) == layout.form), None)
    chosen = chosen or next((s for s in sheets if s["properties"]["title"] == layout.title), None)
    if chosen is None and sheets:
        first = sheets[0]
        values = service.values(book, [absolute_range_name(first["properties"]["title"])])
        chosen = first if _stamped(first) is None and not any(v.get("values") for v in values) else None
    if chosen is None:
        grid = {"rowCount": 1000, "columnCount": max(26, len(layout.columns))}
        return _Sheet({"sheetId": _free_id(sheets), "title": layout.title, "gridProperties": grid}, (), new=True)
    title = chosen["properties"]["title"]
    data = service.spreadsheet(book, _CELLS, [absolute_range_name(title, "1:1")])
    mine = next(s for s in data["sheets"] if s["properties"]["sheetId"] == chosen["properties"]["sheetId"])
    rows = [r for block in mine.get("data", ()) for r in block.get("rowData", ())]
    header = rows[0].get("values", ()) if rows else ()
    return _Sheet(chosen["properties"], header, chosen.get("protectedRanges", ()), chosen.get("developerMetadata", ()))


def _free_id(sheets: Sequence[Mapping[str, Any]]) -> int:
    taken = {s["properties"]["sheetId"] for s in sheets}
    return next(i for i in range(_NEW_ID, _NEW_ID + len(taken) + 1) if i not in taken)


def _stamped(sheet: Mapping[str, Any]) -> str | None:
    """Return the form whose stamp a sheet carries, or None."""
    for entry in sheet.get("developerMetadata", ()):
        if entry.get("metadataKey") == STAMP:
            try:
                return str(json.loads(entry["metadataValue"])["form"])
            except (ValueError, KeyError, TypeError):
                return None
    return None


def _places(sheet: _Sheet, layout: SheetLayout, locate: Locate) -> tuple[dict[str, int], list[str], list[str]]:
    """Return the column of each question, the titles of those that are new, and the header cells that ask nothing.

    A question keeps the column it stands in, whatever it was called; a new one goes to the right of all.
    """
    filled = {c: text for c in range(len(sheet.header)) if (text := sheet.title_at(c).strip())}
    asked = {c.field: c for c in layout.columns}
    places: dict[str, int] = {}
    left = []
    for column, text in filled.items():
        field = locate(text)
        if field in asked and field not in places:
            places[field] = column
        else:
            left.append(text)
    if filled and not places:
        raise Trouble(
            Reach.BOOK, _("工作表“{title}”的第一行不是这张表的表头").format(title=sheet.properties["title"]),
            _("请换一个空白的工作表，或把表头移到第一行。"),
        )  # fmt: skip
    end = max(filled, default=-1) + 1
    added = [c for c in layout.columns if c.field not in places]
    places |= {c.field: end + n for n, c in enumerate(added)}
    return places, [c.title for c in added] if filled else [], left


def _book_requests(about: Mapping[str, Any], zone: str) -> Iterator[Request]:
    """Yield what makes a book read dates and times as the school writes them."""
    properties = about.get("properties", {})
    wanted = {"timeZone": zone, "locale": "zh_CN"}
    if any(properties.get(k) != v for k, v in wanted.items()):
        yield {"updateSpreadsheetProperties": {"properties": wanted, "fields": "timeZone,locale"}}


def _sheet_requests(
    about: Mapping[str, Any], sheet: _Sheet, layout: SheetLayout, places: Mapping[str, int], editors: Request
) -> Iterator[Request]:  # fmt: skip
    width = max(places.values()) + 1
    yield from _frame(sheet, layout, width)
    stamp = next((m for m in sheet.metadata if m.get("metadataKey") == STAMP), None)
    restamped = stamp is None or stamp.get("metadataValue") != layout.stamp
    for column in layout.columns:
        yield from _title(sheet, column, places[column.field])
        if restamped:
            yield from _answers(sheet.id, column, places[column.field])
    yield from _protection(sheet, width, editors)
    yield from _name(about, sheet, layout, width)
    if restamped:
        yield _stamp(sheet, layout, stamp)


def _frame(sheet: _Sheet, layout: SheetLayout, width: int) -> Iterator[Request]:
    """Yield what gives the sheet its name, its frozen header and room for every column."""
    if sheet.new:
        yield {"addSheet": {"properties": dict(sheet.properties)}}
    grid = sheet.properties.get("gridProperties", {})
    if sheet.properties["title"] != layout.title:
        yield _properties(sheet.id, {"title": layout.title}, "title")
    if grid.get("frozenRowCount") != 1:
        yield _properties(sheet.id, {"gridProperties": {"frozenRowCount": 1}}, "gridProperties.frozenRowCount")
    if grid.get("columnCount", width) < width:
        yield _properties(sheet.id, {"gridProperties": {"columnCount": width}}, "gridProperties.columnCount")


def _properties(sheet: int, properties: Mapping[str, Any], fields: str) -> Request:
    return {"updateSheetProperties": {"properties": {"sheetId": sheet, **properties}, "fields": fields}}


def _range(sheet: int, column: int, *, first: int, last: int | None = None, width: int = 1) -> dict[str, int]:
    """Return a range of a sheet, 0-based; without `last` down to its end, however long it grows."""
    end = {} if last is None else {"endRowIndex": last}
    return {"sheetId": sheet, "startRowIndex": first, **end, "startColumnIndex": column, "endColumnIndex": column + width}


def _title(sheet: _Sheet, column: SheetColumn, place: int) -> Iterator[Request]:
    """Yield a question's header cell, with its note, where it is not so already."""
    held = sheet.header[place] if place < len(sheet.header) else {}
    if sheet.title_at(place) == column.title and held.get("note", "") == column.note:
        return
    cell = {
        "userEnteredValue": {"stringValue": column.title}, "note": column.note,
        "userEnteredFormat": {"textFormat": {"bold": True}, "backgroundColor": _GREY, "wrapStrategy": "WRAP"},
    }  # fmt: skip
    fields = "userEnteredValue,note,userEnteredFormat.textFormat.bold,userEnteredFormat.backgroundColor,userEnteredFormat.wrapStrategy"
    yield {"updateCells": {"range": _range(sheet.id, place, first=0, last=1), "rows": [{"values": [cell]}], "fields": fields}}


def _answers(sheet: int, column: SheetColumn, place: int) -> Iterator[Request]:
    """Yield what the cells below a question take: text or date, a list with its arrow, limits, width."""
    below = _range(sheet, place, first=1)
    if column.entry in _FORMATS:
        cell = {"userEnteredFormat": {"numberFormat": dict(_FORMATS[column.entry])}}
        yield {"repeatCell": {"range": below, "cell": cell, "fields": "userEnteredFormat.numberFormat"}}
    rule = _rule(column)
    yield {"setDataValidation": {"range": below, **({"rule": rule} if rule else {})}}
    span = {"sheetId": sheet, "dimension": "COLUMNS", "startIndex": place, "endIndex": place + 1}
    yield {"updateDimensionProperties": {"range": span, "properties": {"pixelSize": min(400, column.width * 8)}, "fields": "pixelSize"}}


def _rule(column: SheetColumn) -> Request | None:
    """Return what a cell may hold; None where anything may."""
    if column.choices:
        return _condition("ONE_OF_LIST", column.choices, column, strict=column.strict) | {"showCustomUi": True}
    if column.low is not None and column.high is not None:
        return _condition("NUMBER_BETWEEN", [f"{column.low:g}", f"{column.high:g}"], column, strict=True)
    if column.low is not None:
        return _condition("NUMBER_GREATER_THAN_EQ", [f"{column.low:g}"], column, strict=True)
    if column.high is not None:
        return _condition("NUMBER_LESS_THAN_EQ", [f"{column.high:g}"], column, strict=True)
    if column.entry in (Entry.DATE, Entry.MOMENT):
        return _condition("DATE_IS_VALID", (), column, strict=True)
    return None


def _condition(kind: str, values: Sequence[str], column: SheetColumn, *, strict: bool) -> dict[str, Any]:
    condition: dict[str, Any] = {"type": kind} | ({"values": [{"userEnteredValue": v} for v in values]} if values else {})
    return {"condition": condition, "strict": strict, "inputMessage": column.note}


def _protection(sheet: _Sheet, width: int, editors: Request) -> Iterator[Request]:
    """Yield the protection of the header; its owner and whoever shaped it may still change it, nobody else."""
    wanted = _range(sheet.id, 0, first=0, last=1, width=width)
    known = next((p for p in sheet.protected if p.get("description") == HEADER), None)
    if known is None:
        protected = {"range": wanted, "description": HEADER, "warningOnly": False, **editors}
        yield {"addProtectedRange": {"protectedRange": protected}}
    elif _told(known.get("range", {})) != wanted:
        changed = {"protectedRangeId": known["protectedRangeId"], "range": wanted}
        yield {"updateProtectedRange": {"protectedRange": changed, "fields": "range"}}


def _told(found: Mapping[str, int]) -> dict[str, int]:
    """Return a range with the zeros that an answer leaves out."""
    return {"sheetId": 0, "startRowIndex": 0, "startColumnIndex": 0, **found}


def _name(about: Mapping[str, Any], sheet: _Sheet, layout: SheetLayout, width: int) -> Iterator[Request]:
    """Yield the named range over the form's columns, an address that survives inserted columns."""
    name = f"{STAMP}_{layout.form}"
    wanted = {"sheetId": sheet.id, "startColumnIndex": 0, "endColumnIndex": width}
    known = next((n for n in about.get("namedRanges", ()) if n["name"] == name), None)
    if known is None:
        yield {"addNamedRange": {"namedRange": {"name": name, "range": wanted}}}
        return
    found = _told(known["range"])
    if (found["sheetId"], found["startColumnIndex"], found.get("endColumnIndex")) != (sheet.id, 0, width):
        changed = {"namedRangeId": known["namedRangeId"], "range": wanted}
        yield {"updateNamedRange": {"namedRange": changed, "fields": "range"}}


def _stamp(sheet: _Sheet, layout: SheetLayout, known: Mapping[str, Any] | None) -> Request:
    if known:
        return {"updateDeveloperMetadata": {
            "dataFilters": [{"developerMetadataLookup": {"metadataId": known["metadataId"]}}],
            "developerMetadata": {"metadataValue": layout.stamp}, "fields": "metadataValue",
        }}  # fmt: skip
    return {"createDeveloperMetadata": {"developerMetadata": {
        "metadataKey": STAMP, "metadataValue": layout.stamp, "location": {"sheetId": sheet.id}, "visibility": "DOCUMENT",
    }}}  # fmt: skip
