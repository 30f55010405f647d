"""All findings of a form's day in one pass, and the rows that are accepted.

Rows in = accepted + rejected + superseded + passed over; a day for which that is not so is a bug and stops the run.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from jianbao.forms import FormSpec, Kind, RuleSpec, Subject
from jianbao.forms.expression import Setting
from jianbao.messages import _
from jianbao.reading import DAY, PASSED
from jianbao.validation.gather import FILE, SHEET, SNAPSHOT, Gathered, Mask, SourcedSheet, faulty, gather, problem_blocks
from jianbao.validation.people import CAMPUS, CLASS, UNIT, place_people, place_units
from jianbao.validation.registers import Registers
from jianbao.validation.repeats import find_repeats
from jianbao.values import Code, FindingBlock, Severity

COLUMN: Final = "_column"


@dataclass(frozen=True, slots=True)
class SheetCount:
    """What became of a sheet's rows of a day; `rows` is the sum of the four."""

    file: str
    sheet: str
    form: str
    rows: int
    accepted: int
    rejected: int
    superseded: int
    passed_over: int


@dataclass(frozen=True, slots=True)
class Checked:
    """A form's day: the accepted rows, every finding, and what became of every row.

    `accepted` has the form's columns, `_unit`, `_class`, `_campus`, and the place of each row: `_file`, `_sheet`,
    `_row`, `_column` (0-based, of the identifier) and `_snapshot`. `refused` are the units or persons, by key,
    with a row that was rejected and none accepted. `withdrawn` are rows, of the same columns, that met an alert
    rule before a later answer replaced them, and `withdrawals` those alerts. `rejected` are the rows refused.
    `snapshots` are the hashes of the files whose sheets were looked at.
    """

    form: FormSpec
    day: date | None
    accepted: pa.Table
    findings: tuple[FindingBlock, ...]
    counts: tuple[SheetCount, ...]
    refused: frozenset[str]
    rejected: pa.Table
    withdrawn: pa.Table
    withdrawals: tuple[FindingBlock, ...]
    snapshots: frozenset[str]


def check_day(
    form: FormSpec, day: date | None, sheets: Sequence[SourcedSheet], registers: Registers, settings: Mapping[str, Setting]
) -> Checked:
    """Check every record of `form` on `day` (None for a register). Pure: the same sheets give the same answer."""
    gathered = gather(form, day, sheets)
    findings = list(problem_blocks(gathered))
    rejected = faulty(gathered)
    missing, blocks = _missing_required(gathered)
    rejected, findings = rejected | missing, findings + blocks
    table, unknown, blocks = _placed(gathered, registers)
    rejected, findings = rejected | unknown, findings + blocks
    repeats = find_repeats(gathered, table, ~(gathered.passed | rejected))
    rejected, findings = rejected | repeats.conflicting, findings + list(repeats.findings)
    alive = ~(gathered.passed | rejected | repeats.superseded)
    against, blocks = _broken_rules(gathered, table, alive, settings)
    rejected, findings = rejected | against, findings + blocks
    replaced = repeats.superseded & ~gathered.passed
    met, withdrawals = _alerts_among(gathered, table, replaced, settings)
    rejected &= ~gathered.passed
    accepted = ~(gathered.passed | rejected | repeats.superseded)
    return Checked(
        form=form,
        day=day,
        accepted=_with_places(gathered, table, accepted, day),
        findings=tuple(findings),
        counts=tuple(_counts(gathered, accepted, rejected, repeats.superseded)),
        refused=_refused(gathered, table, accepted, rejected),
        rejected=_with_places(gathered, table, rejected & ~repeats.superseded, day),
        withdrawn=_with_places(gathered, table, met, day),
        withdrawals=tuple(withdrawals),
        snapshots=frozenset(s.snapshot for s in sheets),
    )


def _missing_required(gathered: Gathered) -> tuple[Mask, list[FindingBlock]]:
    mask: Mask = np.zeros(len(gathered), np.bool_)
    findings: list[FindingBlock] = []
    for spec in gathered.form.fields:
        if not spec.required:
            continue
        blank = pc.is_null(gathered.table.column(spec.name)).to_numpy().astype(np.bool_)
        blank &= ~gathered.passed & ~faulty(gathered, field=spec.name)
        mask |= blank
        absent = all(spec.name not in s.reading.columns for s in gathered.sheets)
        note = _("表中没有“{title}”这一列").format(title=spec.title) if absent else None
        findings += gathered.blocks(blank, Code.MISSING_REQUIRED, Severity.ERROR, field=spec.name, note=note)
    return mask, findings


def _placed(gathered: Gathered, registers: Registers) -> tuple[pa.Table, Mask, list[FindingBlock]]:
    """Return the records placed in the school: people by the roster, units by the unit list."""
    form, table = gathered.form, gathered.table
    nobody: Mask = np.zeros(len(gathered), np.bool_)
    findings: list[FindingBlock] = []
    roster = registers.roster_of(form)
    if roster is not None and form.subject is Subject.PERSON and form.kind is not Kind.REGISTER:
        table, nobody, findings = place_people(gathered, roster)
    table, nowhere, blocks = place_units(gathered, table, registers)
    for name in (UNIT, CLASS, CAMPUS):
        if name not in table.column_names:
            table = table.append_column(name, pa.nulls(table.num_rows, pa.string()))
    return table, nobody | nowhere, findings + blocks


def _broken_rules(gathered: Gathered, table: pa.Table, alive: Mask, settings: Mapping[str, Setting]) -> tuple[Mask, list[FindingBlock]]:
    """Return which records a rule of severity error refuses, and the findings of every rule."""
    mask: Mask = np.zeros(len(gathered), np.bool_)
    findings: list[FindingBlock] = []
    for rule in gathered.form.rules:
        hits = _hits(rule, table, settings) & alive
        if rule.severity == "error":
            mask |= hits
        findings += _rule_blocks(gathered, rule, hits)
    return mask, findings


def _alerts_among(gathered: Gathered, table: pa.Table, records: Mask, settings: Mapping[str, Setting]) -> tuple[Mask, list[FindingBlock]]:
    """Return which of some records met an alert rule, and those alerts."""
    mask: Mask = np.zeros(len(gathered), np.bool_)
    findings: list[FindingBlock] = []
    if records.any():
        for rule in (r for r in gathered.form.rules if r.severity == "alert"):
            hits = _hits(rule, table, settings) & records
            mask |= hits
            findings += _rule_blocks(gathered, rule, hits)
    return mask, findings


def _hits(rule: RuleSpec, table: pa.Table, settings: Mapping[str, Setting]) -> Mask:
    hits: Mask = rule.when.holds(table, settings).to_numpy(zero_copy_only=False).astype(np.bool_)
    return hits


def _rule_blocks(gathered: Gathered, rule: RuleSpec, hits: Mask) -> Iterator[FindingBlock]:
    yield from gathered.blocks(
        hits, rule.code, Severity(rule.severity), field=rule.field, expected=rule.receiver or None, note=rule.message
    )


def _with_places(gathered: Gathered, table: pa.Table, accepted: Mask, day: date | None) -> pa.Table:
    """Return the accepted records with the place of each."""
    kept = np.flatnonzero(accepted)
    source = pa.array(gathered.source[kept])
    table = table.take(pa.array(kept)).drop_columns([DAY, PASSED])
    if gathered.form.day_field and day is not None:
        name = gathered.form.day_field.name
        table = table.set_column(table.schema.get_field_index(name), name, pa.array([day] * len(kept), pa.date32()))
    for name, texts in (
        (FILE, [s.file for s in gathered.sheets]),
        (SHEET, [s.reading.sheet for s in gathered.sheets]),
        (SNAPSHOT, [s.snapshot for s in gathered.sheets]),
    ):
        column = pa.DictionaryArray.from_arrays(source.cast(pa.int32()), pa.array(texts, pa.string()))
        table = table.append_column(name, column)
    identifiers = np.array([s.reading.identifier for s in gathered.sheets] or [0], np.int32)
    return table.append_column(COLUMN, pa.array(identifiers[gathered.source[kept]]))


def _counts(gathered: Gathered, accepted: Mask, rejected: Mask, superseded: Mask) -> Iterator[SheetCount]:
    size = len(gathered.sheets)
    total, kept, refused, replaced, passed = (
        np.bincount(gathered.source[mask], minlength=size)
        for mask in (np.ones(len(gathered), np.bool_), accepted, rejected, superseded & ~rejected, gathered.passed)
    )
    if (total != kept + refused + replaced + passed).any():
        raise AssertionError(f"{gathered.form.name}: rows in are not rows accounted for")
    for i, sheet in enumerate(gathered.sheets):
        yield SheetCount(
            sheet.file, sheet.reading.sheet, gathered.form.name,
            int(total[i]), int(kept[i]), int(refused[i]), int(replaced[i]), int(passed[i]),
        )  # fmt: skip


def _refused(gathered: Gathered, table: pa.Table, accepted: Mask, rejected: Mask) -> frozenset[str]:
    if not rejected.any():
        return frozenset()
    keys = table.column(gathered.form.identifier.name)
    refused = {k for k in keys.filter(pa.array(rejected)).to_pylist() if k is not None}
    return frozenset(refused - set(keys.filter(pa.array(accepted)).to_pylist()))
