"""The rows under the headers of a file's sheets: which there are, which are no records, and their cells by column.

Sheets whose headers give the same columns are one block of rows, so that many small sheets cost what one large one does;
every row still knows its sheet and its number there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

import numpy as np
import numpy.typing as npt

from jianbao.forms import FieldSpec, FormSpec, Role, Subject
from jianbao.reading.cells import FieldReader, Problem, option_of
from jianbao.reading.columns import ReadColumn, canonical_cells, joined, read_column
from jianbao.reading.layout import Column, Layout
from jianbao.reading.words import is_signature, is_total, plain
from jianbao.sources import Cell, Grid
from jianbao.sources.grid import CodedColumn, CodedRows
from jianbao.sources.workbook import blank, spoken
from jianbao.values import RowNumbers

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class HeadedSheet:
    """A sheet with its header as a form reads it."""

    grid: Grid
    layout: Layout

    @property
    def height(self) -> int:
        """How many rows stand under the header."""
        return len(self.grid.rows) - self.layout.first

    def columns(self) -> list[Sequence[Cell]]:
        """Return the cells under the header by column, errors in their places."""
        grid, first = self.grid, self.layout.first
        columns: list[Sequence[Cell]]
        if isinstance(grid.rows, CodedRows):
            columns = [grid.rows.column(index, first) for index in range(grid.width)]
        else:
            columns = [*zip_longest(*grid.rows[first:], fillvalue="")]
            columns += [("",) * self.height] * (grid.width - len(columns))
        for (row, column), text in grid.errors.items():
            if first <= row < len(grid.rows) and column < len(columns):
                changed = list(columns[column])
                changed[row - first] = text
                columns[column] = changed
        return columns

    def header(self) -> frozenset[tuple[str, ...]]:
        """Return the header's rows as keys, to know them again where a sheet repeats its header."""
        return frozenset(_row_key(self.grid.rows[r]) for r in range(self.layout.top, self.layout.first))


@dataclass(slots=True)
class Rows:
    """The rows of sheets with the same columns, without the blank ones; `passed` are those that are no records.

    Row i stands in `sheets[sheet[i]]`, there with the number `numbers[i]` (1-based). `cells` are by column.
    """

    sheets: Sequence[HeadedSheet]
    sheet: RowNumbers
    numbers: RowNumbers
    passed: Mask
    cells: dict[int, Sequence[Cell]]
    read: dict[int, ReadColumn] = field(default_factory=dict)

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns of the sheets."""
        return self.sheets[0].layout.columns

    @property
    def begin(self) -> npt.NDArray[np.int64]:
        """The number of each sheet's first row in the block, and the number of all rows."""
        return np.searchsorted(self.sheet, np.arange(len(self.sheets) + 1))

    def of_field(self, name: str) -> list[int]:
        """Return the columns that answer a field."""
        return [c.index for c in self.columns if c.field == name]

    def wrong(self, reader: FieldReader, index: int) -> tuple[RowNumbers, list[Problem]]:
        """Return the rows whose cell in a column is a problem, and what it is; rows passed over have none."""
        wrong = self.read[index].wrong
        rows = np.flatnonzero(wrong & ~self.passed).astype(np.int32) if wrong is not None else np.zeros(0, np.int32)
        cells = self.cells[index]
        said = [spoken(c) if isinstance(c, bool) else c for c in (cells[i] for i in rows.tolist())]
        return rows, [reader.problems[c] for c in said]


def rows_of(sheets: Sequence[HeadedSheet], form: FormSpec, identifiers: FieldReader) -> Iterator[Rows]:
    """Yield the rows of a file's sheets of one form, those of sheets with the same columns together.

    A sheet with a column a day stands alone: its own name and title say which days they are.
    """
    alike: dict[tuple[tuple[Column, ...], str], list[HeadedSheet]] = {}
    for sheet in sheets:
        alike.setdefault((sheet.layout.columns, sheet.grid.name if sheet.layout.by_day else ""), []).append(sheet)
    for found in alike.values():
        yield _block(found, form, identifiers)


def read_field(spec: FieldSpec, blocks: Sequence[Rows], reader: FieldReader) -> None:
    """Read every column that answers a field, of all the sheets together."""
    columns = [(rows, index) for rows in blocks for index in rows.of_field(spec.name)]
    if not columns:
        return
    read = read_column(reader, joined([rows.cells[index] for rows, index in columns]))
    start = 0
    for rows, index in columns:
        end = start + len(rows.numbers)
        wrong = None if read.wrong is None else read.wrong[start:end]
        rows.read[index] = ReadColumn(read.values.slice(start, end - start), wrong)
        start = end


def _block(sheets: Sequence[HeadedSheet], form: FormSpec, identifiers: FieldReader) -> Rows:
    """Take the rows under the headers of sheets with the same columns."""
    columns = [sheet.columns() for sheet in sheets]
    indexes = [c.index for c in sheets[0].layout.columns]
    cells = {index: joined([its[index] for its in columns]) for index in indexes}
    heights = np.array([sheet.height for sheet in sheets])
    sheet = np.repeat(np.arange(len(sheets), dtype=np.int32), heights)
    first = np.array([s.layout.first for s in sheets]) + heights - np.cumsum(heights)
    numbers = (np.arange(len(sheet)) + first[sheet] + 1).astype(np.int32)
    keep, passed = (np.full(len(sheet), value) for value in (True, False))
    named = next(c.index for c in sheets[0].layout.columns if c.field == form.identifier.name)
    headers = [s.header() for s in sheets]
    for row in _odd_rows([its[named] for its in columns], form, identifiers):
        at = int(sheet[row])
        line = int(numbers[row]) - 1 - sheets[at].layout.first
        kind = _kind_of_row([column[line] for column in columns[at]], sheets[at].layout, form, headers[at])
        keep[row], passed[row] = kind != "blank", kind == "passed"
    if not keep.all():
        sheet, numbers, passed = sheet[keep], numbers[keep], passed[keep]
        cells = {index: _chosen(column, np.flatnonzero(keep)) for index, column in cells.items()}
    for column in sheets[0].layout.columns:
        if column.option:
            cells[column.index] = [option_of(cell, column.option) for cell in cells[column.index]]
    return Rows(sheets, sheet, numbers, passed, cells)


def _chosen(column: Sequence[Cell], rows: npt.NDArray[np.int64]) -> Sequence[Cell]:
    return column.take(rows) if isinstance(column, CodedColumn) else [column[i] for i in rows.tolist()]


def _row_key(row: Sequence[Cell]) -> tuple[str, ...]:
    return tuple(plain(c) if isinstance(c, str) else spoken(c) for c in row)


def _odd_rows(columns: Sequence[Sequence[Cell]], form: FormSpec, identifiers: FieldReader) -> list[int]:
    """Return the rows whose identifier does not look like one: blank, a total's word, a signature's place.

    `columns` are those of the identifier, a sheet each.
    """
    person = form.subject is Subject.PERSON

    def is_odd(cell: Cell) -> bool:
        if identifiers[cell] is None:
            return True
        said = cell if isinstance(cell, str) else ""
        return not said.isascii() if person else is_total(said) or is_signature(said)

    together = joined(columns)
    parts = [together] if isinstance(together, CodedColumn) else columns
    canonical = np.concatenate([canonical_cells(form.identifier, part) for part in parts])
    doubtful = [(i, together[i]) for i in np.flatnonzero(~canonical).tolist()]
    odd = {cell for cell in {cell for _i, cell in doubtful if not isinstance(cell, bool)} if is_odd(cell)}  # True == 1.0
    return [i for i, cell in doubtful if isinstance(cell, bool) or cell in odd]


def _kind_of_row(row: Sequence[Cell], layout: Layout, form: FormSpec, header: frozenset[tuple[str, ...]]) -> str:
    """Return what a row without a proper identifier is: blank, passed (total, signature, note, title) or data."""
    filled = [i for i, cell in enumerate(row) if not blank(cell)]
    if not filled:
        return "blank"
    if _row_key(row) in header:
        return "passed"
    meant = {c.index: c.field for c in layout.columns}
    told = [i for i in filled if i in meant]
    numbered = [i for i in filled if i not in meant]
    if not told:
        written = any(isinstance(row[i], str) and not plain(str(row[i])).isdigit() for i in numbered)
        return "passed" if written else "blank"
    texts = [(meant.get(i), str(row[i])) for i in filled if isinstance(row[i], str)][:3]
    if any((is_total(text) or is_signature(text)) and _labels(form, name) for name, text in texts):
        return "passed"
    if len(filled) == 1 and not form.by_name[meant[told[0]]].measured and meant[told[0]] not in form.keys:
        spec = form.by_name[meant[told[0]]]
        return "data" if spec.role is Role.NAME else "passed"
    return "data"


def _labels(form: FormSpec, name: str | None) -> bool:
    """Whether a column may carry the word of a total row: any but one of measured answers."""
    return name is None or not form.by_name[name].measured or name in form.keys
