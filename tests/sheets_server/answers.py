"""spreadsheets.get: a book as JSON, with grid data where it is asked for."""

from __future__ import annotations

import copy
from typing import Any

from .a1 import Area
from .books import Book
from .entered import extended, user_value
from .fields import Mask, select, wants
from .formulas import error_type
from .sheets import COLUMN_PIXELS, ROW_PIXELS, Cell, Dimension, Sheet
from .shown import show

Json = dict[str, Any]

WHITE = {"red": 1, "green": 1, "blue": 1}
DEFAULT_FORMAT: Json = {
    "backgroundColor": WHITE,
    "padding": {"top": 2, "right": 3, "bottom": 2, "left": 3},
    "verticalAlignment": "BOTTOM",
    "wrapStrategy": "OVERFLOW_CELL",
    "textFormat": {
        "foregroundColor": {},
        "fontFamily": "arial,sans,sans-serif",
        "fontSize": 10,
        "bold": False,
        "italic": False,
        "strikethrough": False,
        "underline": False,
        "foregroundColorStyle": {"rgbColor": {}},
    },
    "backgroundColorStyle": {"rgbColor": WHITE},
}
THEME: Json = {
    "primaryFontFamily": "Arial",
    "themeColors": [
        {"colorType": "TEXT", "color": {"rgbColor": {}}},
        {"colorType": "BACKGROUND", "color": {"rgbColor": WHITE}},
        {"colorType": "LINK", "color": {"rgbColor": {"red": 0.06666667, "green": 0.33333334, "blue": 0.8}}},
    ],
}


def spreadsheet(book: Book, *, ranges: list[str], grid: bool, mask: Mask | None) -> Json:
    """Answer spreadsheets.get. With a mask, the mask alone decides about grid data."""
    wanted = [book.find(text) for text in ranges]
    for text, (sheet, area) in zip(ranges, wanted, strict=True):
        book.within(sheet, area, text)
    with_data = wants(mask, "sheets", "data") if mask is not None else grid
    sheets = [s for s in book.sheets if not wanted or any(s is one for one, _ in wanted)]
    answer: Json = {
        "spreadsheetId": book.book_id,
        "properties": {
            "title": book.title,
            "locale": book.locale,
            "autoRecalc": "ON_CHANGE",
            "timeZone": book.time_zone,
            "defaultFormat": DEFAULT_FORMAT,
            "spreadsheetTheme": THEME,
        },
        "sheets": [sheet_json(book, s, [area for one, area in wanted if one is s] or [Area()] if with_data else [], mask) for s in sheets],
    }
    if book.named:
        answer["namedRanges"] = copy.deepcopy(book.named)
    answer["spreadsheetUrl"] = f"https://docs.google.com/spreadsheets/d/{book.book_id}/edit"
    if book.metadata:
        answer["developerMetadata"] = copy.deepcopy(book.metadata)
    return answer if mask is None else select(answer, mask)


def properties(book: Book, sheet: Sheet) -> Json:
    """A sheet's SheetProperties."""
    return {
        "sheetId": sheet.sheet_id,
        "title": sheet.title,
        "index": book.sheets.index(sheet),
        "sheetType": "GRID",
        "gridProperties": {"rowCount": sheet.row_count, "columnCount": sheet.column_count, **{k: v for k, v in sheet.grid.items() if v}},
        **{k: copy.deepcopy(v) for k, v in sheet.properties.items() if v},
    }


def sheet_json(book: Book, sheet: Sheet, areas: list[Area], mask: Mask | None = None) -> Json:
    """A Sheet, with the grid data of the areas."""
    answer: Json = {"properties": properties(book, sheet)}
    if areas:
        metadata = mask is None or wants(mask, "sheets", "data", "rowMetadata") or wants(mask, "sheets", "data", "columnMetadata")
        answer["data"] = [grid_data(book, sheet, area, metadata=metadata) for area in areas]
    lists: Json = {
        "merges": [area.json(sheet.sheet_id) for area in sheet.merges],
        "conditionalFormats": sheet.conditional,
        "protectedRanges": sheet.protected,
        "basicFilter": sheet.basic_filter,
        "developerMetadata": [m for m in sheet.metadata if "dimensionRange" not in m["location"]],
        "rowGroups": sheet.groups["ROWS"],
        "columnGroups": sheet.groups["COLUMNS"],
    }
    return answer | {name: copy.deepcopy(value) for name, value in lists.items() if value}


def grid_data(book: Book, sheet: Sheet, area: Area, *, metadata: bool = True) -> Json:
    """A GridData: rows down to the last that holds anything, each to its last such cell."""
    top, bottom, left, right = sheet.used(area)
    answer: Json = {k: v for k, v in (("startRow", top), ("startColumn", left)) if v}
    rows = []
    for cells in sheet.rows[top:bottom]:
        row = [cell_json(book, sheet, cell) for cell in cells[left:right]]
        while row and not row[-1]:
            row.pop()
        rows.append({"values": row} if row else {})
    if rows:
        answer["rowData"] = rows
    if metadata:
        full = sheet.bounds(area)
        answer["rowMetadata"] = [dimension(sheet, "ROWS", n) for n in range(full[0], full[1])]
        answer["columnMetadata"] = [dimension(sheet, "COLUMNS", n) for n in range(full[2], full[3])]
    return answer


def dimension(sheet: Sheet, kind: Dimension, place: int) -> Json:
    """A DimensionProperties."""
    kept = sheet.dimensions[kind]
    about = {"pixelSize": ROW_PIXELS if kind == "ROWS" else COLUMN_PIXELS} | (kept[place] if place < len(kept) else {})
    here = [
        m
        for m in sheet.metadata
        if (r := m["location"].get("dimensionRange")) and r["dimension"] == kind and r.get("startIndex", 0) == place
    ]
    return copy.deepcopy(about | {"developerMetadata": here} if here else about)


def cell_json(book: Book, sheet: Sheet, cell: Cell) -> Json:
    """A CellData; a cell that holds nothing is an empty one."""
    answer: Json = {}
    if not cell.empty:
        value = book.value(sheet, cell)
        kind = error_type(value) if cell.formula else None
        answer["userEnteredValue"] = user_value(value, cell.formula)
        answer["effectiveValue"] = {"errorValue": {"type": kind, "message": f"{value}"}} if kind else extended(value)
        answer["formattedValue"] = show(value, (cell.format or {}).get("numberFormat"), book.locale)
    if cell.format:
        answer["userEnteredFormat"] = copy.deepcopy(cell.format)
    if answer:
        answer["effectiveFormat"] = DEFAULT_FORMAT | copy.deepcopy(cell.format or {})
    if cell.note:
        answer["note"] = cell.note
    if cell.runs:
        answer["textFormatRuns"] = list(cell.runs)
    if cell.validation:
        answer["dataValidation"] = copy.deepcopy(cell.validation)
    return answer
