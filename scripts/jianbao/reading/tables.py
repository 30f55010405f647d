"""From a sheet's cells to columns of values, each row with its place and its day.

Thousands of cells pass here, so every step works on whole columns, of all sheets with the same columns together; each
sheet has its part of the table they give.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cached_property
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from jianbao.forms import ARROW_TYPES, FieldSpec, FormSpec, Kind, Role
from jianbao.forms.expression import SEPARATOR
from jianbao.reading.cells import FieldReader, Problem
from jianbao.reading.days import MonthDay, day_of_sheet, days_in_name, settle
from jianbao.reading.identify import Places, title_texts
from jianbao.reading.layout import Column, Layout
from jianbao.reading.rows import HeadedSheet, Rows, read_field, rows_of
from jianbao.reading.words import header_keys
from jianbao.sources import Grid
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


def read_sheets(sheets: Sequence[tuple[Grid, Layout]], form: FormSpec, places: Places, readers: Readers) -> Iterator[SheetReading]:
    """Yield the records of a file's sheets of one form, in no certain order.

    `readers.reference` is the day that years not written are nearest to.
    """
    blocks = list(rows_of([HeadedSheet(*sheet) for sheet in sheets], form, readers.of(form, form.identifier)))
    for spec in form.fields:
        read_field(spec, blocks, readers.of(form, spec))
    for rows in blocks:
        yield from _Block(rows, form, places, readers).readings()


@dataclass(frozen=True, slots=True)
class _Block:
    """Rows whose columns were read, on their way to tables."""

    rows: Rows
    form: FormSpec
    places: Places
    readers: Readers

    def readings(self) -> Iterator[SheetReading]:
        """Yield each sheet with its part of the records."""
        days = [_sheet_day(s.grid, s.layout, self.places, self.readers.reference) for s in self.rows.sheets]
        by_day = any(c.day is not None for c in self.rows.columns)
        table, problems = _by_day(self, days[0]) if by_day else _by_row(self, days)
        begin = [*self.rows.begin.tolist()[:-1], table.num_rows]
        parts = _parted(problems, np.array(begin))
        columns = {c.field: c.index for c in reversed(self.rows.columns)}
        for number, sheet in enumerate(self.rows.sheets):
            yield SheetReading(
                sheet=sheet.grid.name,
                form=self.form.name,
                table=table.slice(begin[number], begin[number + 1] - begin[number]),
                problems=tuple(parts[number]),
                identifier=columns[self.form.identifier.name],
                columns=columns,
                unknown=sheet.layout.unknown,
                header_row=sheet.layout.first,
            )

    def values(self, name: str, indexes: Sequence[int]) -> tuple[pa.Array, list[FieldProblems]]:
        """Return a field's values, a row each, and what is wrong in its columns."""
        spec = self.form.by_name[name]
        reader = self.readers.of(self.form, spec)
        wrong = [(index, *self.rows.wrong(reader, index)) for index in indexes]
        problems = [FieldProblems(name, records, index, found) for index, records, found in wrong if found]
        read = [self.rows.read[index].values for index in indexes]
        return read[0] if len(read) == 1 else _combined(spec, read), problems

    def bare(self, name: str) -> npt.NDArray[np.bool_] | None:
        """Return in which rows a field says a time and no day, None where in none."""
        reader = self.readers.of(self.form, self.form.by_name[name])
        if not reader.bare:
            return None
        said = [self.rows.cells[index] for index in self.rows.of_field(name)]
        return np.array([any(cells[i] in reader.bare for cells in said) for i in range(len(self.rows.numbers))], np.bool_)


def _parted(problems: Iterable[FieldProblems], begin: npt.NDArray[np.int64]) -> list[list[FieldProblems]]:
    """Return the problems of each sheet, numbered within it; its records are those from `begin` on."""
    parts: list[list[FieldProblems]] = [[] for _sheet in begin[1:]]
    for problem in problems:
        cuts = np.searchsorted(problem.records, begin).tolist()
        for sheet, (first, last) in enumerate(pairwise(cuts)):
            if last > first:
                records = problem.records[first:last] - np.int32(begin[sheet])
                parts[sheet].append(FieldProblems(problem.field, records, problem.columns, problem.problems[first:last]))
    return parts


def _around(sheet: HeadedSheet, places: Places) -> tuple[str, ...]:
    return (sheet.grid.name, *title_texts(sheet.grid, sheet.layout), places.stem, *places.folders)


def _sheet_day(grid: Grid, layout: Layout, places: Places, reference: date) -> date | None:
    """Return the day a sheet says of itself: by its name, its title, its file's or folder's name."""
    titles = title_texts(grid, layout)
    named = day_of_sheet(grid.name, around=(*titles, places.stem, *places.folders))
    if (day := settle(named, reference)) is not None:
        return day
    mentions = (*(days_in_name(t, title=True) for t in titles), *map(days_in_name, (places.stem, *places.folders)))
    return next((settle(days[0], reference) for days in mentions if len(days) == 1), None)


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


def _filled_down(values: pa.Array, rows: Rows) -> pa.Array:
    """Return a column with each blank taking the value above it in its sheet; rows passed over give none."""
    if not values.null_count:
        return values
    filled = values.is_valid().to_numpy(zero_copy_only=False)
    own = np.arange(len(filled))
    above = np.maximum.accumulate(np.where(filled & ~rows.passed, own, -1))
    at = np.where(filled, own, above)
    return values.take(pa.array(at, mask=at < rows.begin[rows.sheet]))


def _by_row(block: _Block, sheet_days: Sequence[date | None]) -> tuple[pa.Table, list[FieldProblems]]:
    """Read sheets that have a record a row."""
    form, rows = block.form, block.rows
    values: dict[str, pa.Array] = {}
    problems: list[FieldProblems] = []
    for name, indexes in _grouped(rows.columns).items():
        values[name], wrong = block.values(name, indexes)
        problems += wrong
        if form.by_name[name].fill_down and name not in form.keys:
            values[name] = _filled_down(values[name], rows)
    passed = rows.passed | _not_reported(form, values, problems, len(rows.numbers))
    days = _days(block, values, pa.array(sheet_days, pa.date32()).take(pa.array(rows.sheet)))
    return _table(form, _on_their_days(block, values, days), rows.numbers, days, passed), problems


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


def _days(block: _Block, values: Mapping[str, pa.Array], days: pa.Array) -> pa.Array:
    """Return each row's day: its own, that of its submission, the sheet's, which is given; a bare time of submission says none."""
    form = block.form
    if form.kind is Kind.REGISTER:
        return pa.nulls(len(days), pa.date32())
    submitted = form.role(Role.SUBMITTED)
    if submitted and submitted.name in values:
        said, bare = pc.floor_temporal(values[submitted.name], unit="day").cast(pa.date32()), block.bare(submitted.name)
        days = pc.coalesce(said if bare is None else pc.if_else(pa.array(bare), pa.scalar(None, pa.date32()), said), days)
    if form.day_field and form.day_field.name in values:
        days = pc.coalesce(values[form.day_field.name], days)
    return days


def _on_their_days(block: _Block, values: Mapping[str, pa.Array], days: pa.Array) -> Mapping[str, pa.Array]:
    """Return the values with each bare time on the day of its row, where that is known; 8:10 in Monday's line is Monday's."""
    moved = dict(values)
    for name in (n for n in values if block.form.by_name[n].type == "datetime"):
        bare = block.bare(name)
        if bare is not None:
            start = pa.scalar(datetime.combine(block.readers.reference, time()), values[name].type)
            on_day = pc.add(values[name], pc.subtract(days.cast(values[name].type), start))
            moved[name] = pc.if_else(pc.and_(pa.array(bare), pc.is_valid(days)), on_day, values[name])
    return moved


def _by_day(block: _Block, sheet_day: date | None) -> tuple[pa.Table, list[FieldProblems]]:
    """Read a sheet that has a column a day: a record for each row and day."""
    form, rows = block.form, block.rows
    base = {n: block.values(n, i) for n, i in _grouped([c for c in rows.columns if c.day is None]).items()}
    count = len(rows.numbers)
    tables: list[pa.Table] = []
    problems: list[FieldProblems] = []
    for offset, (day, columns) in enumerate(_day_columns(block, sheet_day)):
        values = {name: read for name, (read, _wrong) in base.items()}
        wrong = [p for _read, found in base.values() for p in found]
        own: list[FieldProblems] = []
        for name, indexes in _grouped(columns).items():
            values[name], found = block.values(name, indexes)
            own += found
        wrong = [*wrong, *own]
        silent = _silent_on(values, {c.field for c in columns}, own, count)
        days = pa.repeat(pa.scalar(day, pa.date32()), count)
        tables.append(_table(form, _on_their_days(block, values, days), rows.numbers, days, rows.passed | silent))
        problems += [_moved(p, offset * count, ~silent) for p in wrong]
    return pa.concat_tables(tables), [p for p in problems if len(p.records)]


def _day_columns(block: _Block, sheet_day: date | None) -> Iterator[tuple[date | None, list[Column]]]:
    """Yield each day a sheet has columns for, with them."""
    around = _around(block.rows.sheets[0], block.places)
    by_day: dict[date | None, list[Column]] = {}
    for column in block.rows.columns:
        if column.day is not None:
            by_day.setdefault(_column_day(column.day, sheet_day, around, block.readers.reference), []).append(column)
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
