"""spreadsheets.values: reading and writing cells as plain values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from .a1 import Area, letters, quoted, range_name
from .books import Book
from .entered import parse_entry, tidy
from .errors import bad_json, invalid
from .sheets import Cell, Sheet
from .shown import is_moment, show

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Rendering:
    """How values are asked for."""

    values: str = "FORMATTED_VALUE"
    moments: str = "SERIAL_NUMBER"
    major: str = "ROWS"

    @classmethod
    def of(cls, params: Json) -> Rendering:
        """Read it from a query or a body; what does not exist is refused."""
        asked = cls(
            params.get("valueRenderOption") or "FORMATTED_VALUE",
            params.get("dateTimeRenderOption") or "SERIAL_NUMBER",
            params.get("majorDimension") or "ROWS",
        )
        _one_of("value_render_option", asked.values, "FORMATTED_VALUE", "UNFORMATTED_VALUE", "FORMULA")
        _one_of("date_time_render_option", asked.moments, "SERIAL_NUMBER", "FORMATTED_STRING")
        _one_of("major_dimension", asked.major, "ROWS", "COLUMNS")
        return asked


def _one_of(name: str, given: str, *known: str) -> None:
    if given not in known:
        raise bad_json(name, f"type.googleapis.com/google.apps.sheets.v4.{name}", f'"{given}"')


# -- Reading ------------------------------------------------------------------------------------------------------------


def get(book: Book, text: str, rendering: Rendering) -> Json:
    """Answer values.get: a ValueRange without trailing blanks."""
    sheet, area = book.find(text)
    return read(book, sheet, area, rendering, text)


def read(book: Book, sheet: Sheet, area: Area, rendering: Rendering, text: str) -> Json:
    """Return the ValueRange of an area."""
    bounds = book.within(sheet, area, text)
    top, bottom, left, right = bounds
    rows = [[render(book, sheet, cell, rendering) for cell in row[left:right]] for row in sheet.rows[top:bottom]]
    if rendering.major == "COLUMNS":
        width = max((len(row) for row in rows), default=0)
        rows = [[row[n] if n < len(row) else "" for row in rows] for n in range(width)]
    rows = _trimmed(rows)
    answer: Json = {"range": range_name(sheet.title, bounds), "majorDimension": rendering.major}
    return answer | {"values": rows} if rows else answer


def _trimmed(rows: list[list[Any]]) -> list[list[Any]]:
    for row in rows:
        while row and row[-1] == "":
            row.pop()
    while rows and not rows[-1]:
        rows.pop()
    return rows


def render(book: Book, sheet: Sheet, cell: Cell, rendering: Rendering) -> Any:
    """Return what an answer says for a cell."""
    if cell.empty:
        return ""
    if rendering.values == "FORMULA" and cell.formula:
        return cell.formula
    value = book.value(sheet, cell)
    number_format = (cell.format or {}).get("numberFormat")
    if isinstance(value, bool) and rendering.values != "FORMATTED_VALUE":
        return value
    if isinstance(value, int | float):
        as_text = rendering.moments == "FORMATTED_STRING" and is_moment(number_format)
        if rendering.values != "FORMATTED_VALUE" and not as_text:
            return tidy(value)
    return show(value, number_format, book.locale)


# -- Writing ------------------------------------------------------------------------------------------------------------


def input_option(params: Json) -> str:
    """Return the valueInputOption, which must be said."""
    option = params.get("valueInputOption") or "INPUT_VALUE_OPTION_UNSPECIFIED"
    if option not in {"RAW", "USER_ENTERED"}:
        raise invalid(f"'valueInputOption' is required but not specified ({option})")
    return str(option)


def rows_of(body: Json) -> tuple[list[list[Any]], str]:
    """Return the values of a ValueRange as rows, and how the body had them."""
    given = body.get("values") or []
    for row in given if isinstance(given, list) else [given]:
        if not isinstance(given, list) or not isinstance(row, list):
            raise bad_json("data.values", "type.googleapis.com/google.protobuf.ListValue", f'"{row}"')
        for value in row:
            if isinstance(value, dict | list):
                raise invalid(f"Invalid values[0][0]: struct_value or list_value: {value}")
    if (body.get("majorDimension") or "ROWS") == "COLUMNS":
        height = max((len(column) for column in given), default=0)
        return [[column[n] if n < len(column) else None for column in given] for n in range(height)], "COLUMNS"
    return given, "ROWS"


def update(book: Book, text: str, body: Json, params: Json, user: str) -> Json:
    """Answer values.update: write from the range's corner on, inside the range unless it is a single cell."""
    option = input_option(params)
    sheet, area = book.find(text)
    rows, _ = rows_of(body)
    top, bottom, left, right = book.within(sheet, area, text)
    height, width = len(rows), max((len(row) for row in rows), default=0)
    higher, wider = height > bottom - top, width > right - left
    if (higher or wider) and (bottom - top, right - left) != (1, 1):
        where = f"row [{bottom + 1}]" if higher else f"column [{letters(right)}]"
        raise invalid(f"Requested writing within range [{quoted(sheet.title)}!{text.rpartition('!')[2]}], but tried writing to {where}")
    bounds = (top, top + height, left, left + width)
    book.within(sheet, Area(*bounds), range_name(sheet.title, bounds))
    return _written(book, sheet, rows, (top, left), option=option, user=user) | _echo(book, sheet, bounds, params)


def append(book: Book, text: str, body: Json, params: Json, user: str) -> Json:
    """Answer values.append: find the table in the range, write under it, and grow the grid where it ends."""
    option = input_option(params)
    sheet, area = book.find(text)
    rows, _ = rows_of(body)
    top, _, left, _ = book.within(sheet, area, text)
    table = _table(sheet, area)
    at = (table[1], table[2]) if table else (top, left)
    if params.get("insertDataOption") == "INSERT_ROWS" and table:
        sheet.insert("ROWS", at[0], len(rows), like=at[0] - 1)
        book.move_names(sheet, "ROWS", at[0], len(rows))
    sheet.row_count = max(sheet.row_count, at[0] + len(rows))
    sheet.column_count = max(sheet.column_count, at[1] + max((len(row) for row in rows), default=0))
    done = _written(book, sheet, rows, at, option=option, user=user)
    bounds = (at[0], at[0] + len(rows), at[1], at[1] + max((len(row) for row in rows), default=0))
    answer: Json = {"spreadsheetId": book.book_id}
    if table:
        answer["tableRange"] = range_name(sheet.title, table)
    return answer | {"updates": done | _echo(book, sheet, bounds, params)}


def _table(sheet: Sheet, area: Area) -> tuple[int, int, int, int] | None:
    """The block of filled cells an append goes under: the last that stands in the range, grown over its neighbours."""
    top, bottom, left, right = sheet.bounds(area)
    filled = (
        (row, column)
        for row in range(min(bottom, len(sheet.rows)) - 1, top - 1, -1)
        for column in range(min(right, len(sheet.rows[row])) - 1, left - 1, -1)
        if not sheet.cell(row, column).empty
    )
    corner = next(filled, None)
    if corner is None:
        return None
    box = [corner[0], corner[0] + 1, corner[1], corner[1] + 1]

    def any_filled(rows: range, columns: range) -> bool:
        return any(not sheet.cell(r, c).empty for r in rows if r >= 0 for c in columns if c >= 0)

    while True:
        rows, columns = range(box[0] - 1, box[1] + 1), range(box[2] - 1, box[3] + 1)
        sides = (
            any_filled(range(box[0] - 1, box[0]), columns),
            any_filled(range(box[1], box[1] + 1), columns),
            any_filled(rows, range(box[2] - 1, box[2])),
            any_filled(rows, range(box[3], box[3] + 1)),
        )
        if not any(sides):
            return box[0], box[1], box[2], box[3]
        box = [box[0] - sides[0], box[1] + sides[1], box[2] - sides[2], box[3] + sides[3]]


def _written(book: Book, sheet: Sheet, rows: Sequence[Sequence[Any]], at: tuple[int, int], *, option: str, user: str) -> Json:
    top, left = at
    height, width = len(rows), max((len(row) for row in rows), default=0)
    book.must_be_open(sheet, Area(top, top + height, left, left + width), user)
    new = {
        (top + r, left + c): entered(sheet.cell(top + r, left + c), value, option=option, locale=book.locale)
        for r, row in enumerate(rows)
        for c, value in enumerate(row)
        if value is not None  # null leaves a cell as it is
    }
    for (row, column), cell in new.items():
        sheet.put(row, column, cell)
    written = range_name(sheet.title, (top, top + height, left, left + width))
    answer: Json = {"spreadsheetId": book.book_id, "updatedRange": written}
    return answer | {k: v for k, v in (("updatedRows", height), ("updatedColumns", width), ("updatedCells", len(new))) if v}


def _echo(book: Book, sheet: Sheet, bounds: tuple[int, int, int, int], params: Json) -> Json:
    if str(params.get("includeValuesInResponse")).lower() != "true":
        return {}
    rendering = Rendering(
        params.get("responseValueRenderOption") or "FORMATTED_VALUE", params.get("responseDateTimeRenderOption") or "SERIAL_NUMBER"
    )
    return {"updatedData": read(book, sheet, Area(*bounds), rendering, sheet.title)}


def entered(cell: Cell, value: Any, *, option: str, locale: str) -> Cell:
    """Return the cell after a value was written to it, as it is (RAW) or as if somebody had typed it."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return replace(cell, value=tidy(value), formula=None)
    if value == "" or not isinstance(value, str) or option == "RAW":
        return replace(cell, value=None if value == "" else value, formula=None)
    if value.startswith("=") and len(value) > 1:
        return replace(cell, value=None, formula=value)
    known = (cell.format or {}).get("numberFormat")
    if known and known.get("type") == "TEXT":
        return replace(cell, value=value, formula=None)
    typed, number_format = parse_entry(value, locale, datetime.now(UTC).year)
    if number_format and not known:
        return replace(cell, value=typed, formula=None, format={**(cell.format or {}), "numberFormat": number_format})
    return replace(cell, value=typed, formula=None)


def clear(book: Book, text: str, user: str) -> str:
    """Take the values of a range away, not formats, notes and rules; return the range as Google names it."""
    sheet, area = book.find(text)
    bounds = book.within(sheet, area, text)
    book.must_be_open(sheet, Area(*bounds), user)
    top, bottom, left, right = bounds
    for row in sheet.rows[top:bottom]:
        row[left:right] = [replace(cell, value=None, formula=None) for cell in row[left:right]]
    return range_name(sheet.title, bounds)
