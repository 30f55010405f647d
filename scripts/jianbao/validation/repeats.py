"""The same person or unit more than once on a day: replaced, repeated, or in conflict."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from jianbao.forms import FormSpec, Kind, Role
from jianbao.messages import _
from jianbao.validation.gather import Gathered, Mask
from jianbao.values import Code, FindingBlock, Severity


@dataclass(frozen=True, slots=True)
class Repeats:
    """Which records another replaces, which contradict each other, and the findings."""

    superseded: Mask
    conflicting: Mask
    findings: tuple[FindingBlock, ...]


def find_repeats(gathered: Gathered, table: pa.Table, alive: Mask) -> Repeats:
    """Sort out records with the same key among those `alive`.

    Answers with a time of submission: the latest counts. Equal answers: the fullest counts, the others are
    repeats. Answers that differ: neither counts. In a register, where a person must not be lost, the newest
    sheet's row counts, and what says otherwise is told from what says the same.
    """
    superseded, conflicting = np.zeros(len(gathered), np.bool_), np.zeros(len(gathered), np.bool_)
    groups = list(_groups(gathered.form, table, alive))
    if not groups:
        return Repeats(superseded, conflicting, ())
    repeated, differing = np.zeros(len(gathered), np.bool_), np.zeros(len(gathered), np.bool_)
    counted: list[str | None] = [None] * len(gathered)
    sides: dict[int, int] = {}
    answers = _Answers.of(gathered, table)
    for group in groups:
        if answers.timed(group):
            winner = max(group, key=answers.order)
            superseded[[r for r in group if r != winner]] = True
        elif gathered.form.kind is Kind.REGISTER:
            winner = max(group, key=lambda r: (gathered.sheets[int(gathered.source[r])].rank, r))
            for loser in (r for r in group if r != winner):
                superseded[loser] = True
                same = answers.agree([loser, winner])
                (repeated if same else differing)[loser] = True
                counted[loser] = None if same else gathered.place(winner).said
        elif answers.agree(group):
            winner = max(group, key=lambda r: (answers.fullness(r), -r))
            losers = [r for r in group if r != winner]
            superseded[losers] = True
            repeated[losers] = True
        else:
            conflicting[group] = True
            sides |= dict.fromkeys(group[1:], group[0])
    findings = [
        *gathered.blocks(repeated, Code.DUPLICATE_ROW, Severity.WARNING, note=_("内容相同，只计一次")),
        *gathered.blocks(
            differing, Code.DUPLICATE_ROW, Severity.WARNING, expected=counted, note=_("内容不同，请核实后只留一行；现计入的是 ")
        ),
        *_conflicts(gathered, sides),
    ]
    return Repeats(superseded, conflicting, tuple(findings))


def _groups(form: FormSpec, table: pa.Table, alive: Mask) -> Iterator[list[int]]:
    """Yield the record numbers, in order, of each key that occurs more than once."""
    keys = table.column(form.keys[0]).combine_chunks()
    for name in form.keys[1:]:
        keys = pc.binary_join_element_wise(keys.cast(pa.string()), table.column(name).combine_chunks().cast(pa.string()), "\x1f")
    codes = pc.fill_null(keys.dictionary_encode().indices, -1).to_numpy(zero_copy_only=False).astype(np.int64)
    codes[~alive] = -1
    seen = codes[codes >= 0]
    doubled = np.flatnonzero(np.bincount(seen) > 1)
    if not doubled.size:
        return
    records = np.flatnonzero(np.isin(codes, doubled))
    ordered = records[np.argsort(codes[records], kind="stable")]
    for group in np.split(ordered, np.flatnonzero(np.diff(codes[ordered])) + 1):
        yield group.tolist()


@dataclass(frozen=True, slots=True)
class _Answers:
    """What the records say, for comparing a few of them."""

    columns: Mapping[str, Sequence[Any]]
    submitted: Sequence[Any] | None

    @classmethod
    def of(cls, gathered: Gathered, table: pa.Table) -> _Answers:
        form = gathered.form
        whole = form.kind is Kind.REGISTER  # a register is asked for names, units and classes too
        names = [f.name for f in form.fields if (f.measured or (whole and f.role is not Role.NOTE)) and f.name not in form.keys]
        submitted = form.role(Role.SUBMITTED)
        return cls(
            {n: table.column(n).to_pylist() for n in names if table.column(n).null_count < len(table)},
            table.column(submitted.name).to_pylist() if submitted else None,
        )

    def timed(self, group: Sequence[int]) -> bool:
        """Whether every record of a group says when it was submitted."""
        return self.submitted is not None and all(self.submitted[r] is not None for r in group)

    def order(self, record: int) -> tuple[Any, int]:
        """Return what puts a later answer after an earlier one."""
        return (self.submitted[record] if self.submitted else None, record)

    def agree(self, group: Sequence[int]) -> bool:
        """Whether no two records of a group answer the same question differently."""
        return all(len({column[r] for r in group if column[r] is not None}) < 2 for column in self.columns.values())

    def fullness(self, record: int) -> int:
        """Return how many questions a record answers."""
        return sum(column[record] is not None for column in self.columns.values())


def _conflicts(gathered: Gathered, sides: Mapping[int, int]) -> Iterator[FindingBlock]:
    """Yield a finding at each later record of a conflict, naming the first."""
    for record, first in sides.items():
        mask = np.zeros(len(gathered), np.bool_)
        mask[record] = True
        other = gathered.place(first)
        note = _("与 {file}“{sheet}”{cell} 的填报不一致").format(file=other.file, sheet=other.sheet, cell=other.cell)
        yield from gathered.blocks(mask, Code.CONFLICTING_ROWS, Severity.ERROR, note=note)
