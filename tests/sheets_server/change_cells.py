"""Changes of cells: what is in them, how they look, notes, rules; copies, cuts, sorting, merging."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import replace
from operator import itemgetter
from typing import Any

from .a1 import Area, range_name
from .books import Book
from .entered import Value
from .errors import invalid
from .fields import Mask, assign, parse_mask
from .sheets import BARE, Cell, Sheet
from .shown import show
from .styles import style

Json = dict[str, Any]


def place(book: Book, grid_range: Json) -> tuple[Sheet, Area]:
    """The sheet and area of a GridRange."""
    sheet = book.sheet(grid_range.get("sheetId", 0))
    area = Area.of(grid_range)
    if (area.bottom or 0) > sheet.row_count or (area.right or 0) > sheet.column_count:
        book.within(sheet, area, range_name(sheet.title, (area.top or 0, area.bottom or 1, area.left or 0, area.right or 1)))
    return sheet, area


def _mask(request: Json) -> Mask:
    if not request.get("fields"):
        raise invalid("At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)")
    return parse_mask(request["fields"])


def changed(cell: Cell, data: Json, mask: Mask) -> Cell:
    """Return a cell after the masked parts of a CellData were written to it."""
    every = "*" in mask
    if every or "userEnteredValue" in mask:
        value, formula = _entered(data.get("userEnteredValue") or {})
        cell = replace(cell, value=value, formula=formula)
    if every or "userEnteredFormat" in mask:
        cell = replace(
            cell, format=_format(cell.format, data.get("userEnteredFormat") or {}, {"*": {}} if every else mask["userEnteredFormat"])
        )
    if every or "note" in mask:
        cell = replace(cell, note=data.get("note") or None)
    if every or "dataValidation" in mask:
        cell = replace(cell, validation=rule_kept(data.get("dataValidation")))
    if every or "textFormatRuns" in mask:
        cell = replace(cell, runs=tuple(data.get("textFormatRuns") or ()))
    return cell


def _entered(value: Json) -> tuple[Value, str | None]:
    formula = value.get("formulaValue")
    plain = next((value[k] for k in ("numberValue", "stringValue", "boolValue") if k in value), None)
    return (None if formula else plain), formula


def _format(old: Json | None, new: Json, mask: Mask) -> Json | None:
    if not mask or "*" in mask:
        return style(copy.deepcopy(new)) or None
    kept = copy.deepcopy(old or {})
    assign(kept, new, mask)
    if isinstance(kept.get("textFormat"), dict):
        kept["textFormat"] = style(kept["textFormat"], mask.get("textFormat"))
    return style(kept, mask) or None


def rule_kept(rule: Json | None) -> Json | None:
    """A validation rule as it is kept: what is false is not written."""
    if not rule:
        return None
    if "condition" not in rule or "type" not in rule["condition"]:
        raise invalid("Must specify a condition.")
    return {name: value for name, value in copy.deepcopy(rule).items() if value not in (False, "", None)}


def update_cells(book: Book, request: Json, user: str) -> None:
    """updateCells: rows of CellData from a corner on; a range's cells without data lose the masked parts."""
    mask, rows = _mask(request), request.get("rows") or []
    if "start" in request:
        start = request["start"]
        sheet, top, left = book.sheet(start.get("sheetId", 0)), start.get("rowIndex", 0), start.get("columnIndex", 0)
        spots = [(top + r, left + c) for r, row in enumerate(rows) for c in range(len(row.get("values", [])))]
        if any(r >= sheet.row_count or c >= sheet.column_count for r, c in spots):
            raise invalid("Attempting to write outside the grid.")
    else:
        sheet, area = place(book, request.get("range", {}))
        top, left = area.top or 0, area.left or 0
        spots = list(sheet.places(area))
    if spots:
        (first, last) = (spots[0], spots[-1])
        book.must_be_open(sheet, Area(first[0], last[0] + 1, min(c for _, c in spots), max(c for _, c in spots) + 1), user)
    for row, column in spots:
        values = rows[row - top].get("values", []) if row - top < len(rows) else []
        data = values[column - left] if column - left < len(values) else {}
        sheet.put(row, column, changed(sheet.cell(row, column), data or {}, mask))


def append_cells(book: Book, request: Json, user: str) -> None:
    """appendCells: rows of CellData under the last row that holds anything."""
    sheet, mask = book.sheet(request.get("sheetId", 0)), _mask(request)
    top = sheet.used(Area())[1]
    for row, given in enumerate(request.get("rows") or [], top):
        for column, data in enumerate(given.get("values", [])):
            sheet.put(row, column, changed(sheet.cell(row, column), data, mask))
    sheet.row_count = max(sheet.row_count, len(sheet.rows))


def repeat_cell(book: Book, request: Json, user: str) -> None:
    """repeatCell."""
    sheet, area = place(book, request.get("range", {}))
    mask = _mask(request)
    book.must_be_open(sheet, area, user)
    for row, column in sheet.places(area):
        sheet.put(row, column, changed(sheet.cell(row, column), request.get("cell") or {}, mask))


def set_validation(book: Book, request: Json, user: str) -> None:
    """setDataValidation; without a rule it takes rules away."""
    sheet, area = place(book, request.get("range", {}))
    rule = rule_kept(request.get("rule"))
    book.must_be_open(sheet, area, user)
    for row, column in sheet.places(area):
        sheet.put(row, column, replace(sheet.cell(row, column), validation=rule))


# -- Copies ---------------------------------------------------------------------------------------------------------------

_PASTES: dict[str, tuple[str, ...]] = {
    "PASTE_NORMAL": ("value", "formula", "format", "note", "validation", "runs"),
    "PASTE_VALUES": ("value", "formula"),
    "PASTE_FORMULA": ("value", "formula"),
    "PASTE_FORMAT": ("format", "runs"),
    "PASTE_NO_BORDERS": ("value", "formula", "format", "note", "validation", "runs"),
    "PASTE_DATA_VALIDATION": ("validation",),
}


def _pasted(book: Book, sheet: Sheet, target: Cell, source: Cell, kind: str) -> Cell:
    if kind not in _PASTES:
        raise invalid(f"Unsupported pasteType: {kind}")
    new = {name: getattr(source, name) for name in _PASTES[kind]}
    if kind == "PASTE_VALUES":
        new |= {"value": book.value(sheet, source), "formula": None}
    return replace(target, **new)


def copy_paste(book: Book, request: Json, user: str) -> None:
    """copyPaste: the source is repeated as often as it fits into the destination."""
    sheet, area = place(book, request["source"])
    there, target = place(book, request["destination"])
    block = sheet.block(area)
    if request.get("pasteOrientation") == "TRANSPOSE":
        block = [list(column) for column in zip(*block, strict=True)]
    top, bottom, left, right = there.bounds(target)
    bottom = max(bottom, top + len(block)) if (bottom - top) % len(block) else bottom
    right = max(right, left + len(block[0])) if (right - left) % len(block[0]) else right
    book.must_be_open(there, Area(top, bottom, left, right), user)
    for row in range(top, bottom):
        for column in range(left, right):
            source = block[(row - top) % len(block)][(column - left) % len(block[0])]
            there.put(row, column, _pasted(book, sheet, there.cell(row, column), source, request.get("pasteType", "PASTE_NORMAL")))


def cut_paste(book: Book, request: Json, user: str) -> None:
    """cutPaste."""
    sheet, area = place(book, request["source"])
    to = request["destination"]
    there, top, left = book.sheet(to.get("sheetId", 0)), to.get("rowIndex", 0), to.get("columnIndex", 0)
    block = sheet.block(area)
    book.must_be_open(sheet, area, user)
    book.must_be_open(there, Area(top, top + len(block), left, left + len(block[0])), user)
    for row, column in sheet.places(area):
        sheet.put(row, column, BARE)
    for row, cells in enumerate(block, top):
        for column, cell in enumerate(cells, left):
            there.put(row, column, _pasted(book, sheet, there.cell(row, column), cell, request.get("pasteType", "PASTE_NORMAL")))


def sort_range(book: Book, request: Json, user: str) -> None:
    """sortRange: numbers, then texts, then truths, blanks last; each key after the one before it."""
    sheet, area = place(book, request["range"])
    book.must_be_open(sheet, area, user)
    top, _, left, _ = sheet.bounds(area)
    rows = sheet.block(area)
    for spec in reversed(request.get("sortSpecs") or []):
        at = spec.get("dimensionIndex", 0) - left
        down = spec.get("sortOrder") == "DESCENDING"
        full = [(_rank(book.value(sheet, row[at])), row) for row in rows if not row[at].empty]
        full.sort(key=itemgetter(0), reverse=down)
        rows = [row for _, row in full] + [row for row in rows if row[at].empty]
    for row, cells in enumerate(rows, top):
        for column, cell in enumerate(cells, left):
            if not (cell.bare and sheet.cell(row, column).bare):
                sheet.put(row, column, cell)


def _rank(value: Value) -> tuple[int, float, str]:
    if isinstance(value, bool):
        return 2, float(value), ""
    if isinstance(value, int | float):
        return 0, float(value), ""
    return 1, 0, str(value).casefold()


def find_replace(book: Book, request: Json, user: str) -> Json:
    """findReplace, of plain text."""
    if request.get("searchByRegex"):
        raise invalid("searchByRegex is not emulated")
    old, new = request.get("find", ""), request.get("replacement", "")
    touched = {"rowsChanged": 0, "sheetsChanged": 0, "valuesChanged": 0, "occurrencesChanged": 0}
    for sheet, area in _searched(book, request):
        rows = set()
        for row, column in sheet.places(Area(*sheet.used(area))):
            cell = sheet.cell(row, column)
            text = show(cell.value)
            found = text == old if request.get("matchEntireCell") else old in text
            if cell.value is not None and found:
                sheet.put(row, column, replace(cell, value=text.replace(old, new) or None))
                touched["valuesChanged"] += 1
                touched["occurrencesChanged"] += text.count(old)
                rows.add(row)
        touched["rowsChanged"] += len(rows)
        touched["sheetsChanged"] += bool(rows)
    return {name: count for name, count in touched.items() if count}


def _searched(book: Book, request: Json) -> Iterator[tuple[Sheet, Area]]:
    if "range" in request:
        yield place(book, request["range"])
    elif "sheetId" in request:
        yield book.sheet(request["sheetId"]), Area()
    else:
        yield from ((sheet, Area()) for sheet in book.sheets)


# -- Merging --------------------------------------------------------------------------------------------------------------


def merge_cells(book: Book, request: Json, user: str) -> None:
    """mergeCells: what stands in a merged area beside its first cell goes; older merges in the area too."""
    sheet, area = place(book, request["range"])
    book.must_be_open(sheet, area, user)
    top, bottom, left, right = sheet.bounds(area)
    kind = request.get("mergeType")
    if kind == "MERGE_ROWS":
        parts = [Area(row, row + 1, left, right) for row in range(top, bottom)]
    elif kind == "MERGE_COLUMNS":
        parts = [Area(top, bottom, column, column + 1) for column in range(left, right)]
    elif kind == "MERGE_ALL":
        parts = [Area(top, bottom, left, right)]
    else:
        raise invalid("Must specify a mergeType.")
    sheet.merges = [old for old in sheet.merges if not old.meets(area)] + parts
    for part in parts:
        for row, column in sheet.places(part):
            if (row, column) != (part.top, part.left):
                sheet.put(row, column, replace(sheet.cell(row, column), value=None, formula=None))


def unmerge_cells(book: Book, request: Json, user: str) -> None:
    """unmergeCells."""
    sheet, area = place(book, request["range"])
    book.must_be_open(sheet, area, user)
    sheet.merges = [old for old in sheet.merges if not old.meets(area)]


CHANGES = {
    "updateCells": update_cells,
    "appendCells": append_cells,
    "repeatCell": repeat_cell,
    "setDataValidation": set_validation,
    "copyPaste": copy_paste,
    "cutPaste": cut_paste,
    "sortRange": sort_range,
    "findReplace": find_replace,
    "mergeCells": merge_cells,
    "unmergeCells": unmerge_cells,
}
