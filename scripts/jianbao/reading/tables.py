"""From a sheet's cells to columns of values, each row with its place and its day.

Thousands of cells pass here, so every step works on whole columns: a look-up in a `FieldReader` a cell,
an Arrow array a column. Only the few rows without an identifier are looked at one by one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import zip_longest
from operator import attrgetter
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from jianbao.forms import ARROW_TYPES, FieldSpec, FormSpec, Kind, Role, Subject
from jianbao.forms.expression import SEPARATOR
from jianbao.reading.cells import FieldReader, Problem, option_of
from jianbao.reading.columns import ReadColumn, canonical_cells, joined, read_column
from jianbao.reading.days import MonthDay, day_of_sheet, days_in_name, settle
from jianbao.reading.identify import Places, title_texts
from jianbao.reading.layout import Column, Layout
from jianbao.reading.words import header_keys, is_signature, is_total, plain
from jianbao.sources import Cell, Grid
from jianbao.sources.grid import CodedColumn, CodedRows
from jianbao.sources.workbook import blank, spoken
from jianbao.values import RowNumbers

ROW: Final = "_row"
DAY: Final = "_day"
PASSED: Final = "_passed"


@dataclass(frozen=True, slots=True)
class FieldProblems:
    """What is wrong in one field's cells: record numbers (0-based, in the table) and a problem each."""

    field: str
    records: RowNumbers
    columns: int | Sequence[int]
    problems: Sequence[Problem]

    @property
    def errors(self) -> npt.NDArray[np.bool_]:
        """Whether each problem costs the row."""
        severities = np.fromiter(map(attrgetter("severity"), self.problems), object, len(self.problems))
        return np.asarray(severities == "error", np.bool_)


@dataclass(frozen=True, slots=True)
class SheetReading:
    """A sheet as one form reads it.

    `table` has a record a row (a row and day where the sheet has a column a day), with a column a field, and
    `_row` (1-based), `_day` (null where nothing states one) and `_passed` (total, signature or not reported).
    `identifier` is the 0-based column of the identifier; `columns` those of the fields.
    """

    sheet: str
    form: str
    table: pa.Table
    problems: tuple[FieldProblems, ...]
    identifier: int
    columns: Mapping[str, int]
    unknown: tuple[tuple[int, str], ...] = ()
    header_row: int = 1

    @property
    def undated(self) -> bool:
        """Whether some record has no day of its own."""
        return bool(self.table.column(DAY).null_count)


@dataclass
class Readers:
    """The field readers of one pull, so that a word is understood once for all its sheets."""

    reference: date
    shift: int = 0
    _readers: dict[tuple[str, str], FieldReader] = field(default_factory=dict)

    def of(self, form: FormSpec, spec: FieldSpec) -> FieldReader:
        """Return the reader of a form's field."""
        key = (form.name, spec.name)
        if key not in self._readers:
            self._readers[key] = FieldReader(spec, self.reference, register=form.kind is Kind.REGISTER, shift=self.shift)
        return self._readers[key]

    @cached_property
    def since_1904(self) -> Readers:
        """The readers of workbooks whose serial dates count from 1904-01-01, which is the 1,462nd day of the others."""
        return Readers(self.reference, shift=1462)


def read_sheet(grid: Grid, layout: Layout, form: FormSpec, places: Places, readers: Readers) -> SheetReading:
    """Return the sheet's records. `readers.reference` is the day that years not written are nearest to."""
    return next(iter(read_sheets([(grid, layout)], form, places, readers)))


def read_sheets(sheets: Sequence[tuple[Grid, Layout]], form: FormSpec, places: Places, readers: Readers) -> Iterator[SheetReading]:
    """Yield the records of a file's sheets of one form; a field's cells are read in one pass for all of them."""
    columns = [_columns(grid, layout) for grid, layout in sheets]
    named = [_named(its, layout, form) for its, (_grid, layout) in zip(columns, sheets, strict=True)]
    odd = _odd_rows(named, form, readers)
    taken = [_Rows.of(grid, layout, form, readers, its, rows) for (grid, layout), its, rows in zip(sheets, columns, odd, strict=True)]
    for spec in form.fields:
        _read_field(spec, taken, readers.of(form, spec))
    for (grid, layout), rows in zip(sheets, taken, strict=True):
        yield _sheet(grid, layout, rows, places)


def _read_field(spec: FieldSpec, sheets: Sequence[_Rows], reader: FieldReader) -> None:
    """Read every column that answers a field, of all the sheets together."""
    columns = [(rows, c.index) for rows in sheets for c in rows.layout.columns if c.field == spec.name]
    if not columns:
        return
    read = read_column(reader, joined([rows.cells[index] for rows, index in columns]))
    start = 0
    for rows, index in columns:
        end = start + len(rows.numbers)
        wrong = None if read.wrong is None else read.wrong[start:end]
        rows.read[index] = ReadColumn(read.values.slice(start, end - start), wrong)
        start = end


def _sheet(grid: Grid, layout: Layout, rows: _Rows, places: Places) -> SheetReading:
    form = rows.form
    sheet_day = _sheet_day(grid, layout, places, rows.readers.reference)
    if layout.by_day:
        table, problems = _by_day(rows, sheet_day, _around(grid, layout, places))
    else:
        table, problems = _by_row(rows, sheet_day)
    columns = {c.field: c.index for c in reversed(layout.columns)}
    return SheetReading(
        sheet=grid.name,
        form=form.name,
        table=table,
        problems=tuple(problems),
        identifier=columns[form.identifier.name],
        columns=columns,
        unknown=layout.unknown,
        header_row=layout.first,
    )


def _around(grid: Grid, layout: Layout, places: Places) -> tuple[str, ...]:
    return (grid.name, *title_texts(grid, layout), places.stem, *places.folders)


def _sheet_day(grid: Grid, layout: Layout, places: Places, reference: date) -> date | None:
    """Return the day a sheet says of itself: by its name, its title, its file's or folder's name."""
    titles = title_texts(grid, layout)
    named = day_of_sheet(grid.name, around=(*titles, places.stem, *places.folders))
    if (day := settle(named, reference)) is not None:
        return day
    mentions = (*(days_in_name(t, title=True) for t in titles), *map(days_in_name, (places.stem, *places.folders)))
    return next((settle(days[0], reference) for days in mentions if len(days) == 1), None)


@dataclass(slots=True)
class _Rows:
    """The rows under a header: which there are, which are no records, and the cells by column."""

    form: FormSpec
    layout: Layout
    readers: Readers
    numbers: RowNumbers
    passed: npt.NDArray[np.bool_]
    cells: Sequence[Sequence[Cell]]
    read: dict[int, ReadColumn] = field(default_factory=dict)

    @classmethod
    def of(cls, grid: Grid, layout: Layout, form: FormSpec, readers: Readers, columns: list[Sequence[Cell]], odd: Iterable[int]) -> _Rows:
        """Take the rows under the header, given by column, without the blank ones; `odd` are those that may be no records."""
        count = len(columns[0]) if columns else 0
        numbers = np.arange(layout.first + 1, layout.first + 1 + count, dtype=np.int32)
        passed = np.zeros(count, np.bool_)
        keep = np.ones(count, np.bool_)
        header = _header_texts(grid, layout)
        for row in odd:
            kind = _kind_of_row([column[row] for column in columns], layout, form, header)
            keep[row], passed[row] = kind != "blank", kind == "passed"
        if not keep.all():
            numbers, passed = numbers[keep], passed[keep]
            chosen = np.flatnonzero(keep).tolist()
            columns = [c.take(np.array(chosen)) if isinstance(c, CodedColumn) else [c[i] for i in chosen] for c in columns]
        for column in layout.columns:
            if column.option:
                columns[column.index] = [option_of(cell, column.option) for cell in columns[column.index]]
        return cls(form, layout, readers, numbers, passed, columns)

    def values(self, spec: FieldSpec, indexes: Sequence[int]) -> tuple[pa.Array, list[FieldProblems]]:
        """Return a field's values, a row each, and what is wrong in its columns."""
        if len(indexes) == 1:
            values, problems = self._column(spec, indexes[0])
            return values, [problems] if problems else []
        read = [self._column(spec, index) for index in indexes]
        return _combined(spec, [v for v, _p in read]), [p for _v, p in read if p]

    def _column(self, spec: FieldSpec, index: int) -> tuple[pa.Array, FieldProblems | None]:
        reader, cells, read = self.readers.of(self.form, spec), self.cells[index], self.read[index]
        if read.wrong is None or not (wrong := read.wrong & ~self.passed).any():
            return read.values, None
        records = np.flatnonzero(wrong).astype(np.int32)
        said = [spoken(c) if isinstance(c, bool) else c for c in (cells[i] for i in records.tolist())]
        return read.values, FieldProblems(spec.name, records, index, [reader.problems[c] for c in said])


def _columns(grid: Grid, layout: Layout) -> list[Sequence[Cell]]:
    """Return the cells under the header by column, errors in their places."""
    count = len(grid.rows) - layout.first
    columns: list[Sequence[Cell]]
    if isinstance(grid.rows, CodedRows):
        columns = [grid.rows.column(index, layout.first) for index in range(grid.width)]
    else:
        columns = [*zip_longest(*grid.rows[layout.first :], fillvalue="")]
        columns += [("",) * count] * (grid.width - len(columns))
    for (row, column), text in grid.errors.items():
        if row >= layout.first and column < len(columns) and row - layout.first < count:
            changed = list(columns[column])
            changed[row - layout.first] = text
            columns[column] = changed
    return columns


def _header_texts(grid: Grid, layout: Layout) -> frozenset[tuple[str, ...]]:
    """Return the header's rows as keys, to know them again where a sheet repeats its header."""
    return frozenset(_row_key(grid.rows[r]) for r in range(layout.top, layout.first))


def _row_key(row: Sequence[Cell]) -> tuple[str, ...]:
    return tuple(plain(c) if isinstance(c, str) else spoken(c) for c in row)


def _named(columns: Sequence[Sequence[Cell]], layout: Layout, form: FormSpec) -> Sequence[Cell]:
    """Return the cells of the column that says whom a row is of."""
    index = next(c.index for c in layout.columns if c.field == form.identifier.name)
    return columns[index] if columns else ()


def _odd_rows(columns: Sequence[Sequence[Cell]], form: FormSpec, readers: Readers) -> Iterator[list[int]]:
    """Yield, a sheet each, the rows whose identifier does not look like one: blank, a total's word, a signature's place."""
    reader = readers.of(form, form.identifier)
    person = form.subject is Subject.PERSON

    def is_odd(cell: Cell) -> bool:
        if isinstance(cell, bool) or reader[cell] is None:
            return True
        said = cell if isinstance(cell, str) else ""
        return not said.isascii() if person else is_total(said) or is_signature(said)

    for identifiers, canonical in zip(columns, _canonical(form.identifier, columns), strict=True):
        doubtful = np.flatnonzero(~canonical).tolist()
        odd = {cell for cell in {identifiers[i] for i in doubtful} if is_odd(cell)}
        yield [i for i in doubtful if identifiers[i] in odd]


def _canonical(spec: FieldSpec, columns: Sequence[Sequence[Cell]]) -> Iterator[npt.NDArray[np.bool_]]:
    """Yield which cells of each column are written just as they are kept; those of one workbook's words are looked at together."""
    together = joined(columns) if columns else ()
    if not isinstance(together, CodedColumn):
        yield from (canonical_cells(spec, cells) for cells in columns)
        return
    right, start = canonical_cells(spec, together), 0
    for cells in columns:
        yield right[start : start + len(cells)]
        start += len(cells)


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


def _combined(spec: FieldSpec, columns: Sequence[pa.Array]) -> pa.Array:
    """Return one answer a row of several columns': the highest or lowest number, or all options chosen."""
    if spec.several:
        choose = pc.max_element_wise if spec.several == "max" else pc.min_element_wise
        return choose(*columns, skip_nulls=True)
    said = zip(*(c.to_pylist() for c in columns), strict=True)
    return pa.array([SEPARATOR.join(dict.fromkeys(filter(None, row))) or None for row in said], pa.string())


def _grouped(columns: Sequence[Column]) -> dict[str, list[int]]:
    """Return the sheet's columns by field."""
    grouped: dict[str, list[int]] = {}
    for column in columns:
        grouped.setdefault(column.field, []).append(column.index)
    return grouped


def _filled_down(values: pa.Array, passed: npt.NDArray[np.bool_]) -> pa.Array:
    """Return a column with each blank taking the value above it; rows passed over give none."""
    if not values.null_count:
        return values
    return pc.fill_null_forward(pc.if_else(pa.array(passed), pa.scalar(None, values.type), values))


def _by_row(rows: _Rows, sheet_day: date | None) -> tuple[pa.Table, list[FieldProblems]]:
    """Read a sheet that has a record a row."""
    form, found = rows.form, _grouped(rows.layout.columns)
    count = len(rows.numbers)
    values: dict[str, pa.Array] = {}
    problems: list[FieldProblems] = []
    for name, indexes in found.items():
        spec = form.by_name[name]
        values[name], wrong = rows.values(spec, indexes)
        problems += wrong
        if spec.fill_down and name not in form.keys:
            values[name] = _filled_down(values[name], rows.passed)
    passed = rows.passed | _not_reported(form, values, problems, count)
    days = _days(form, values, sheet_day, count)
    return _table(form, values, rows.numbers, days, passed), problems


def _table(form: FormSpec, values: Mapping[str, pa.Array], numbers: RowNumbers, days: pa.Array, passed: npt.NDArray[np.bool_]) -> pa.Table:
    arrays = [values[f.name] if f.name in values else pa.nulls(len(numbers), ARROW_TYPES[f.type]) for f in form.fields]
    return pa.Table.from_arrays([*arrays, pa.array(numbers), days, pa.array(passed)], [*(f.name for f in form.fields), ROW, DAY, PASSED])


def _answers(form: FormSpec, names: Sequence[str]) -> list[str]:
    """Return the fields whose answer makes a prefilled row a report: what is measured, but for what is expected."""
    return [n for n in names if form.by_name[n].measured and form.by_name[n].role is not Role.EXPECTED and n not in form.keys]


def _not_reported(form: FormSpec, values: Mapping[str, pa.Array], problems: Sequence[FieldProblems], count: int) -> npt.NDArray[np.bool_]:
    """Return which rows name someone and answer nothing: prefilled, and not reported."""
    if form.kind in (Kind.REGISTER, Kind.PLAN) or not count:
        return np.zeros(count, np.bool_)
    submitted = form.role(Role.SUBMITTED)
    told = [*_answers(form, list(values)), *([submitted.name] if submitted and submitted.name in values else [])]
    if any(not values[name].null_count for name in told):
        return np.zeros(count, np.bool_)
    silent: npt.NDArray[np.bool_] = values[form.identifier.name].is_valid().to_numpy(zero_copy_only=False)
    for name in told:
        silent = silent & values[name].is_null().to_numpy(zero_copy_only=False)
    for wrong in problems:
        silent[wrong.records] = False
    return silent


def _days(form: FormSpec, values: Mapping[str, pa.Array], sheet_day: date | None, count: int) -> pa.Array:
    """Return each row's day: its own, that of its submission, the sheet's."""
    if form.kind is Kind.REGISTER:
        return pa.nulls(count, pa.date32())
    days: pa.Array = pa.repeat(pa.scalar(sheet_day, pa.date32()), count)
    submitted = form.role(Role.SUBMITTED)
    if submitted and submitted.name in values:
        days = pc.coalesce(pc.floor_temporal(values[submitted.name], unit="day").cast(pa.date32()), days)
    if form.day_field and form.day_field.name in values:
        days = pc.coalesce(values[form.day_field.name], days)
    return days


def _by_day(rows: _Rows, sheet_day: date | None, around: tuple[str, ...]) -> tuple[pa.Table, list[FieldProblems]]:
    """Read a sheet that has a column a day: a record for each row and day."""
    form = rows.form
    common = [c for c in rows.layout.columns if c.day is None]
    base = {n: rows.values(form.by_name[n], i) for n, i in _grouped(common).items()}
    count = len(rows.numbers)
    tables: list[pa.Table] = []
    problems: list[FieldProblems] = []
    for offset, (day, columns) in enumerate(_day_columns(rows, sheet_day, around)):
        values = {name: read for name, (read, _wrong) in base.items()}
        wrong = [p for _read, found in base.values() for p in found]
        own: list[FieldProblems] = []
        for name, indexes in _grouped(columns).items():
            values[name], found = rows.values(form.by_name[name], indexes)
            own += found
        wrong = [*wrong, *own]
        silent = _silent_on(values, {c.field for c in columns}, own, count)
        days = pa.repeat(pa.scalar(day, pa.date32()), count)
        tables.append(_table(form, values, rows.numbers, days, rows.passed | silent))
        problems += [_moved(p, offset * count, ~silent) for p in wrong]
    return pa.concat_tables(tables), [p for p in problems if len(p.records)]


def _day_columns(rows: _Rows, sheet_day: date | None, around: tuple[str, ...]) -> Iterator[tuple[date | None, list[Column]]]:
    """Yield each day a sheet has columns for, with them."""
    by_day: dict[date | None, list[Column]] = {}
    for column in rows.layout.columns:
        if column.day is not None:
            by_day.setdefault(_column_day(column.day, sheet_day, around, rows.readers.reference), []).append(column)
    yield from by_day.items()


def _column_day(day: date | MonthDay | int, sheet_day: date | None, around: tuple[str, ...], reference: date) -> date | None:
    """Return a header's day; the month of a bare 6日 is the one that something around the table names."""
    if isinstance(day, int):
        named = day_of_sheet(f"{day}日", around=around)
        return settle(named, sheet_day or reference)
    return settle(day, sheet_day or reference)


def _silent_on(values: Mapping[str, pa.Array], measured: set[str], wrong: Sequence[FieldProblems], count: int) -> npt.NDArray[np.bool_]:
    """Return which rows have nothing in a day's columns: nobody reported them."""
    silent = np.ones(count, np.bool_)
    for name in measured:
        silent &= values[name].is_null().to_numpy(zero_copy_only=False)
    for problem in wrong:
        silent[problem.records] = False
    return silent


def _moved(problem: FieldProblems, offset: int, keep: npt.NDArray[np.bool_]) -> FieldProblems:
    kept = keep[problem.records]
    chosen = [p for p, k in zip(problem.problems, kept.tolist(), strict=True) if k]
    return FieldProblems(problem.field, (problem.records[kept] + offset).astype(np.int32), problem.columns, chosen)


def header_says(text: str) -> str:
    """Return a header's text as a person reads it, in one line."""
    keys = header_keys(text)
    return keys[0] if keys else text.strip()
