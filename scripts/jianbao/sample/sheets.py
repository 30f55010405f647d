"""Grids of cells to the bytes of a workbook or a CSV; the same grid gives the same bytes."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

import xlsxwriter

Cell = str | int | float | date | datetime | None
Row = Sequence[Cell]

_CREATED: Final = datetime(2026, 3, 1, tzinfo=UTC)
_OPTIONS: Final = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


@dataclass(frozen=True, slots=True)
class Merge:
    """A block of cells shown as one, by its 0-based first row and column and its last ones."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Worksheet:
    """A worksheet: its name, its rows from the first on, and which cells are merged."""

    name: str
    rows: Sequence[Row]
    merges: Sequence[Merge] = ()


def workbook_bytes(worksheets: Iterable[Worksheet]) -> bytes:
    """Return an xlsx workbook of these worksheets."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, dict(_OPTIONS))
    book.set_properties({"author": "jianbao sample", "created": _CREATED})
    formats = _Formats(day=book.add_format({"num_format": "yyyy-mm-dd"}), merged=book.add_format({"align": "center"}))
    for worksheet in worksheets:
        _fill(book.add_worksheet(worksheet.name), worksheet, formats)
    book.close()
    return out.getvalue()


@dataclass(frozen=True, slots=True)
class _Formats:
    day: Any
    merged: Any


def _fill(sheet: Any, worksheet: Worksheet, formats: _Formats) -> None:
    for r, row in enumerate(worksheet.rows):
        for c, cell in enumerate(row):
            if cell is None or cell == "":
                continue
            if isinstance(cell, str):
                sheet.write_string(r, c, cell)
            elif isinstance(cell, date):
                sheet.write_datetime(r, c, cell, formats.day)
            else:
                sheet.write_number(r, c, cell)
    for merge in worksheet.merges:
        cell = worksheet.rows[merge.top][merge.left]
        sheet.merge_range(merge.top, merge.left, merge.bottom, merge.right, cell, formats.merged)
    sheet.set_column(0, 20, 14)


def csv_bytes(rows: Iterable[Row], *, encoding: str) -> bytes:
    """Return the rows as CSV, with the line ends of a Windows program."""
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode(encoding)
