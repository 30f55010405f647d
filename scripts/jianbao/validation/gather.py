"""A form's records of one day, from all its sheets, as one table that still knows every cell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from jianbao.forms import ARROW_TYPES, FormSpec, Privacy
from jianbao.reading import DAY, PASSED, ROW, FieldProblems, SheetReading
from jianbao.values import FindingBlock, RowNumbers, Severity, SheetRow, said

Mask = npt.NDArray[np.bool_]
FILE: Final = "_file"
SHEET: Final = "_sheet"
SNAPSHOT: Final = "_snapshot"
SEEN: Final = "_seen_at"
"""When a row's subject was first seen to have reported on its day; the ledger adds it."""


@dataclass(frozen=True, slots=True)
class SourcedSheet:
    """A sheet's reading with where it came from: path below the inbox, hash of the snapshot, the day it was first seen."""

    file: str
    snapshot: str
    first_day: date
    reading: SheetReading
    rank: int = 0


@dataclass(frozen=True, slots=True)
class Gathered:
    """The records of a day. `source[i]` says which of `sheets` record i stands in, `rows[i]` its 1-based row."""

    form: FormSpec
    sheets: Sequence[SourcedSheet]
    table: pa.Table
    source: npt.NDArray[np.int32]
    rows: RowNumbers
    passed: Mask
    problems: Sequence[tuple[int, FieldProblems]]
    """(sheet number, problems), their record numbers being those of `table`."""

    def __len__(self) -> int:
        return len(self.rows)

    def place(self, record: int) -> SheetRow:
        """Return where a record stands."""
        sheet = self.sheets[self.source[record]]
        return SheetRow(sheet.file, sheet.reading.sheet, int(self.rows[record]), sheet.reading.identifier)

    def blocks(
        self, mask: Mask, code: str, severity: Severity, *, field: str | None = None,
        found: Sequence[str | None] | None = None, expected: str | Sequence[str | None] | None = None, note: str | None = None,
    ) -> Iterator[FindingBlock]:  # fmt: skip
        """Yield a block for each sheet with marked records, at a field's cells or at the identifier's.

        `found` and a list of `expected` hold a text a record of the table; no `found` takes the field's own value.
        """
        records = np.flatnonzero(mask)
        if not len(records):
            return
        spec = self.form.by_name.get(field or self.form.identifier.name)
        told = [found[i] for i in records.tolist()] if found is not None else self._said(field, records)
        due = expected if expected is None or isinstance(expected, str) else [expected[i] for i in records.tolist()]
        rows, source = self.rows[records], self.source[records]
        begin = np.flatnonzero(np.diff(source, prepend=-1)).tolist()  # records stand in the order of their sheets
        for first, last in pairwise([*begin, len(records)]):
            sheet = self.sheets[source[first]]
            column = sheet.reading.columns.get(field or "", sheet.reading.identifier)
            yield FindingBlock(
                code, severity, sheet.file, sheet.reading.sheet, field=spec.name if spec else field,
                title=spec.title if spec else None, rows=rows[first:last], columns=column, found=told[first:last],
                expected=due[first:last] if isinstance(due, list) else due, note=note,
            )  # fmt: skip

    def _said(self, field: str | None, records: npt.NDArray[np.int64]) -> list[str | None]:
        spec = self.form.by_name.get(field or "")
        if spec is not None and spec.privacy is Privacy.CONFIDENTIAL:
            return [None] * len(records)
        column = self.table.column(field or self.form.identifier.name).take(pa.array(records))
        return [said(v) for v in column.to_pylist()]


def gather(form: FormSpec, day: date | None, sheets: Sequence[SourcedSheet]) -> Gathered:
    """Return the records of `form` on `day` (all records of a register, whose day is None).

    A record that states no day is of the day its bytes were first seen on.
    """
    table = pa.concat_tables([s.reading.table for s in sheets]) if sheets else empty_records(form)
    source = np.repeat(np.arange(len(sheets), dtype=np.int32), [s.reading.table.num_rows for s in sheets])
    mask = _on(table, pa.array([s.first_day for s in sheets], pa.date32()).take(pa.array(source)), day)
    problems = list(_moved(sheets, mask))
    if not mask.all():
        table, source = table.filter(pa.array(mask)), source[mask]
    table = table.combine_chunks()
    return Gathered(
        form=form,
        sheets=sheets,
        table=table,
        source=source,
        rows=table.column(ROW).to_numpy().astype(np.int32),
        passed=table.column(PASSED).to_numpy().astype(np.bool_),
        problems=problems,
    )


def empty_records(form: FormSpec) -> pa.Table:
    """Return a table of no records with the form's columns."""
    schema = [(f.name, ARROW_TYPES[f.type]) for f in form.fields]
    return pa.schema([*schema, (ROW, pa.int32()), (DAY, pa.date32()), (PASSED, pa.bool_())]).empty_table()


def _on(table: pa.Table, first_days: pa.Array, day: date | None) -> Mask:
    """Return which records are of a day; `first_days` says, a record each, of which day one is that states none."""
    if day is None:
        return np.ones(table.num_rows, np.bool_)
    mask: Mask = pc.equal(pc.coalesce(table.column(DAY), first_days), pa.scalar(day)).to_numpy().astype(np.bool_)
    return mask


def _moved(sheets: Sequence[SourcedSheet], mask: Mask) -> Iterator[tuple[int, FieldProblems]]:
    """Yield each sheet's problems of the records kept, renumbered to where those records come to stand."""
    position = (np.cumsum(mask) - 1).astype(np.int32)
    start = 0
    for number, sheet in enumerate(sheets):
        for problem in sheet.reading.problems:
            records = problem.records + start
            kept = mask[records]
            chosen = problem.problems if kept.all() else [p for p, k in zip(problem.problems, kept.tolist(), strict=True) if k]
            if chosen:
                yield number, FieldProblems(problem.field, position[records[kept]], problem.columns, chosen)
        start += sheet.reading.table.num_rows


def problem_blocks(gathered: Gathered) -> Iterator[FindingBlock]:
    """Yield a block for each sheet, field and kind of problem that reading met."""
    for number, problem in gathered.problems:
        sheet = gathered.sheets[number]
        spec = gathered.form.by_name[problem.field]
        kinds = [(p.code, p.severity) for p in problem.problems]
        for code, severity in dict.fromkeys(kinds):
            chosen = [i for i, kind in enumerate(kinds) if kind == (code, severity)]
            first = problem.problems[chosen[0]]
            yield FindingBlock(
                code, severity, sheet.file, sheet.reading.sheet, field=spec.name, title=spec.title,
                rows=gathered.rows[problem.records[chosen]], columns=problem.columns,
                found=[problem.problems[i].found for i in chosen], expected=first.expected, note=first.note,
            )  # fmt: skip


def faulty(gathered: Gathered, *, field: str | None = None) -> Mask:
    """Return which records have a problem that costs the row, or any problem in one field."""
    mask = np.zeros(len(gathered), np.bool_)
    chosen = [p for _number, p in gathered.problems if field in (None, p.field)]
    if chosen:
        costly = (field is not None or p.severity is Severity.ERROR for problem in chosen for p in problem.problems)
        records = np.concatenate([problem.records for problem in chosen])
        mask[records[np.fromiter(costly, np.bool_, len(records))]] = True
    return mask
