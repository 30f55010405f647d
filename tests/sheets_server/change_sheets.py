"""Changes of the book and its sheets, rows and columns as wholes."""

from __future__ import annotations

import copy
from typing import Any

from .a1 import Area
from .answers import properties
from .books import Book
from .errors import invalid
from .fields import Mask, assign, parse_mask
from .sheets import Dimension, Sheet
from .styles import style

Json = dict[str, Any]


def _mask(request: Json) -> Mask:
    if not request.get("fields"):
        raise invalid("At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)")
    return parse_mask(request["fields"])


def _free_title(book: Book, title: str, sheet: Sheet | None = None) -> None:
    if any(s.title.casefold() == title.casefold() and s is not sheet for s in book.sheets):
        raise invalid(f'A sheet with the name "{title}" already exists. Please enter another name.')


def _grid(sheet: Sheet, given: Json, mask: Mask) -> None:
    wanted = {"rowCount": sheet.row_count, "columnCount": sheet.column_count, **sheet.grid}
    assign(wanted, given, mask)
    rows, columns = wanted.pop("rowCount", 0), wanted.pop("columnCount", 0)
    if rows < 1 or columns < 1:
        raise invalid("A sheet must have at least one row and one column.")
    if wanted.get("frozenRowCount", 0) >= rows or wanted.get("frozenColumnCount", 0) >= columns:
        raise invalid("You can't freeze all visible rows or columns on the sheet.")
    sheet.resize("ROWS", rows)
    sheet.resize("COLUMNS", columns)
    sheet.grid = wanted


def _order(book: Book, sheet: Sheet, index: int) -> None:
    old = book.sheets.index(sheet)
    book.sheets.remove(sheet)
    book.sheets.insert(index - (index > old), sheet)  # an index counts places before the move


def add_sheet(book: Book, request: Json, user: str) -> Json:
    """addSheet."""
    given = request.get("properties", {})
    titles = {s.title for s in book.sheets}
    title = given.get("title") or next(f"Sheet{n}" for n in range(1, len(titles) + 2) if f"Sheet{n}" not in titles)
    _free_title(book, title)
    sheet_id = given.get("sheetId")
    if sheet_id is not None and any(s.sheet_id == sheet_id for s in book.sheets):
        raise invalid(f"Sheet with id {sheet_id} already exists. Please enter another id.")
    sheet = Sheet(book.new_id() if sheet_id is None else sheet_id, title)
    _grid(sheet, given.get("gridProperties", {}), {name: {} for name in given.get("gridProperties", {})})
    sheet.properties = style({k: v for k, v in given.items() if k in {"hidden", "tabColor", "tabColorStyle", "rightToLeft"}})
    book.sheets.insert(given.get("index", len(book.sheets)), sheet)
    return {"properties": properties(book, sheet)}


def delete_sheet(book: Book, request: Json, user: str) -> None:
    """deleteSheet; a book keeps at least one that can be seen."""
    sheet = book.sheet(request.get("sheetId", 0))
    if all(s.properties.get("hidden") for s in book.sheets if s is not sheet):
        raise invalid("You can't remove all the sheets in a document.")
    book.must_be_open(sheet, Area(), user)
    book.sheets.remove(sheet)
    book.named = [n for n in book.named if n["range"].get("sheetId", 0) != sheet.sheet_id]


def duplicate_sheet(book: Book, request: Json, user: str) -> Json:
    """duplicateSheet."""
    source = book.sheet(request.get("sourceSheetId", 0))
    title = request.get("newSheetName") or f"Copy of {source.title}"
    _free_title(book, title)
    sheet = copied(book, source, title)
    if request.get("newSheetId") is not None:
        renumber(sheet, request["newSheetId"])
    book.sheets.insert(request.get("insertSheetIndex", 0), sheet)
    return {"properties": properties(book, sheet)}


def copied(book: Book, source: Sheet, title: str) -> Sheet:
    """A copy of a sheet, to go into a book."""
    sheet = source.copy()
    sheet.title = title
    renumber(sheet, book.new_id())
    for protection in sheet.protected:
        protection["protectedRangeId"] = book.new_id()
    return sheet


def renumber(sheet: Sheet, sheet_id: int) -> None:
    """Give a sheet another id, in everything of it that names it."""
    sheet.sheet_id = sheet_id
    ranges = [p["range"] for p in sheet.protected if "range" in p] + [r for rule in sheet.conditional for r in rule["ranges"]]
    ranges += [sheet.basic_filter["range"]] if sheet.basic_filter else []
    for grid_range in ranges:
        grid_range["sheetId"] = sheet_id


def update_sheet(book: Book, request: Json, user: str) -> None:
    """updateSheetProperties."""
    given = request["properties"]
    mask = _mask(request)
    if "*" in mask:
        mask = {name: {} for name in given if name != "sheetId"}
    sheet = book.sheet(given.get("sheetId", 0))
    if "title" in mask:
        if not given.get("title"):
            raise invalid("Sheet name cannot be empty.")
        _free_title(book, given["title"], sheet)
        sheet.title = given["title"]
    if "gridProperties" in mask:
        _grid(sheet, given.get("gridProperties", {}), mask["gridProperties"] or {n: {} for n in given.get("gridProperties", {})})
    assign(sheet.properties, given, {k: v for k, v in mask.items() if k not in {"title", "gridProperties", "index", "sheetId"}})
    sheet.properties = style(sheet.properties, mask)
    if all(s.properties.get("hidden") for s in book.sheets):
        raise invalid("You can't hide all the sheets in a document.")
    if "index" in mask:
        _order(book, sheet, given.get("index", 0))


def update_book(book: Book, request: Json, user: str) -> None:
    """updateSpreadsheetProperties."""
    mask, given = _mask(request), request["properties"]
    names = {"title": "title", "locale": "locale", "timeZone": "time_zone"}
    for name in given if "*" in mask else mask:
        if name in names:
            setattr(book, names[name], given[name])


# -- Rows and columns -----------------------------------------------------------------------------------------------------


def _span(book: Book, given: Json) -> tuple[Sheet, Dimension, int, int]:
    sheet = book.sheet(given.get("sheetId", 0))
    dimension: Dimension = given.get("dimension", "")
    if dimension not in {"ROWS", "COLUMNS"}:
        raise invalid("No dimension specified.")
    start, end = given.get("startIndex", 0), given.get("endIndex", sheet.size(dimension))
    if not 0 <= start < end:
        raise invalid(f"endIndex[{end}] must be greater than startIndex[{start}]")
    return sheet, dimension, start, end


def _area(dimension: Dimension, start: int, end: int) -> Area:
    return Area(start, end) if dimension == "ROWS" else Area(left=start, right=end)


def insert_dimension(book: Book, request: Json, user: str) -> None:
    """insertDimension."""
    sheet, dimension, start, end = _span(book, request["range"])
    before = bool(request.get("inheritFromBefore"))
    if before and start == 0:
        raise invalid("inheritFromBefore cannot be true if inserting at the start of the sheet.")
    if start > sheet.size(dimension):
        raise invalid(f"range.startIndex[{start}] is past the end of the sheet.")
    like = start - 1 if before else start
    sheet.insert(dimension, start, end - start, like=like if like < sheet.size(dimension) else None)
    book.move_names(sheet, dimension, start, end - start)


def delete_dimension(book: Book, request: Json, user: str) -> None:
    """deleteDimension."""
    sheet, dimension, start, end = _span(book, request["range"])
    if end > sheet.size(dimension):
        raise invalid(f"Cannot delete a {dimension[:-1].lower()} that doesn't exist. Tried to delete index {end - 1}.")
    if end - start >= sheet.size(dimension):
        raise invalid(f"You can't delete all the {dimension.lower()} on the sheet.")
    book.must_be_open(sheet, _area(dimension, start, end), user)
    sheet.remove(dimension, start, end)
    book.move_names(sheet, dimension, start, start - end)


def append_dimension(book: Book, request: Json, user: str) -> None:
    """appendDimension."""
    sheet = book.sheet(request.get("sheetId", 0))
    sheet.resize(request["dimension"], sheet.size(request["dimension"]) + request["length"])


def move_dimension(book: Book, request: Json, user: str) -> None:
    """moveDimension."""
    sheet, dimension, start, end = _span(book, request["source"])
    book.must_be_open(sheet, _area(dimension, start, end), user)
    sheet.move(dimension, start, end, request["destinationIndex"])


def update_dimension(book: Book, request: Json, user: str) -> None:
    """updateDimensionProperties."""
    sheet, dimension, start, end = _span(book, request["range"])
    for place in range(start, end):
        assign(sheet.about(dimension, place), request.get("properties", {}), _mask(request))


def auto_resize(book: Book, request: Json, user: str) -> None:
    """autoResizeDimensions: as wide as the longest text; rows keep their height."""
    sheet, dimension, start, end = _span(book, request["dimensions"])
    for place in range(start, end):
        about = sheet.about(dimension, place)
        about.pop("pixelSize", None)
        if dimension == "COLUMNS":
            longest = max((len(str(book.value(sheet, row[place]) or "")) for row in sheet.rows if place < len(row)), default=0)
            about["pixelSize"] = 12 + 8 * longest if longest else 100


def add_group(book: Book, request: Json, user: str) -> Json:
    """addDimensionGroup."""
    sheet, dimension, start, end = _span(book, request["range"])
    depth = 1 + sum(g["range"].get("startIndex", 0) <= start and end <= g["range"]["endIndex"] for g in sheet.groups[dimension])
    span = ({"sheetId": sheet.sheet_id} if sheet.sheet_id else {}) | {"dimension": dimension, "startIndex": start, "endIndex": end}
    sheet.groups[dimension].append({"range": span, "depth": depth})
    return {"dimensionGroups": copy.deepcopy(sheet.groups[dimension])}


def delete_group(book: Book, request: Json, user: str) -> Json:
    """deleteDimensionGroup."""
    sheet, dimension, start, end = _span(book, request["range"])
    groups = sheet.groups[dimension]
    found = [g for g in groups if (g["range"].get("startIndex", 0), g["range"]["endIndex"]) == (start, end)]
    if not found:
        raise invalid("Must specify a range that is completely contained in a group.")
    groups.remove(max(found, key=lambda g: g["depth"]))
    return {"dimensionGroups": copy.deepcopy(groups)} if groups else {}


CHANGES = {
    "addSheet": add_sheet,
    "deleteSheet": delete_sheet,
    "duplicateSheet": duplicate_sheet,
    "updateSheetProperties": update_sheet,
    "updateSpreadsheetProperties": update_book,
    "insertDimension": insert_dimension,
    "deleteDimension": delete_dimension,
    "appendDimension": append_dimension,
    "moveDimension": move_dimension,
    "updateDimensionProperties": update_dimension,
    "autoResizeDimensions": auto_resize,
    "addDimensionGroup": add_group,
    "deleteDimensionGroup": delete_group,
}
