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

from jianbao.forms import FormSpec, Privacy, Role, RuleSpec, Subject
from jianbao.forms.derived import ROWS
from jianbao.forms.expression import Setting
from jianbao.messages import _
from jianbao.reading import DAY, PASSED
from jianbao.validation.gather import FILE, SHEET, SNAPSHOT, Gathered, Mask, SourcedSheet, faulty, gather, problem_blocks
from jianbao.validation.people import CAMPUS, CLASS, UNIT, place_people, place_units
from jianbao.validation.registers import Registers
from jianbao.validation.repeats import find_repeats
from jianbao.values import Code, FindingBlock, Severity

COLUMN: Final = "_column"
SAID_IN: Final = "_said_in"
CONFIDENTIAL: Final = "（保密）"


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
class Met:
    """The rows that meet an alert rule, with their places; `_said_in` is the 0-based column of the field it looks at."""

    rule: RuleSpec
    rows: pa.Table


@dataclass(frozen=True, slots=True)
class Checked:
    """A form's day: the accepted rows, every finding, and what became of every row.

    `accepted` has the form's columns, `_unit`, `_class`, `_campus`, and the place of each row: `_file`, `_sheet`,
    `_row`, `_column` (0-based, of the identifier) and `_snapshot`. `refused` are the units or persons, by key,
    with a row that was rejected and none accepted, and `rejected` those rows. `alerts` are the rows that meet an
    alert rule, `withdrawn` those that met one before a later answer replaced them.
    `snapshots` are the hashes of the files whose sheets were looked at.
    """

    form: FormSpec
    day: date | None
    accepted: pa.Table
    findings: tuple[FindingBlock, ...]
    counts: tuple[SheetCount, ...]
    refused: frozenset[str]
    rejected: pa.Table
    alerts: tuple[Met, ...]
    withdrawn: tuple[Met, ...]
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
    against, met, blocks = _apply_rules(gathered, table, alive, settings, day)
    rejected, findings = rejected | against, findings + blocks
    rejected &= ~gathered.passed
    accepted = ~(gathered.passed | rejected | repeats.superseded)
    _none, taken_back, _blocks = _apply_rules(gathered, table, repeats.superseded & ~gathered.passed, settings, day)
    places = _Places(gathered, table, day)
    return Checked(
        form=form,
        day=day,
        accepted=places.rows(accepted),
        findings=tuple(findings),
        counts=tuple(_counts(gathered, accepted, rejected, repeats.superseded)),
        refused=_refused(gathered, table, accepted, rejected),
        rejected=places.rows(rejected & ~repeats.superseded),
        alerts=tuple(places.met(rule, hits & accepted) for rule, hits in met),
        withdrawn=tuple(places.met(rule, hits) for rule, hits in taken_back),
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
    if roster is not None and form.subject is Subject.PERSON:
        table, nobody, findings = place_people(gathered, roster)
    table, nowhere, blocks = place_units(gathered, table, registers)
    unknown, more = _elsewhere(gathered, registers)
    for name, role in ((UNIT, Role.UNIT), (CLASS, Role.CLASS), (CAMPUS, Role.CAMPUS)):
        table = _said_itself(form, table, name, role)
    return table, nobody | nowhere | unknown, [*findings, *blocks, *more]


def _said_itself(form: FormSpec, table: pa.Table, name: str, role: Role) -> pa.Table:
    """Return the records placed by their own words where no list has placed them; a campus they name goes first."""
    spec = form.role(role)
    own = table.column(spec.name).combine_chunks() if spec else pa.nulls(table.num_rows, pa.string())
    if name not in table.column_names:
        return table.append_column(name, own)
    placed = table.column(name).combine_chunks()
    by_roster = form.roster is not None and form.subject is Subject.PERSON
    found = pc.coalesce(own, placed) if role is Role.CAMPUS and not by_roster else pc.coalesce(placed, own)
    return table.set_column(table.schema.get_field_index(name), name, found)


def _elsewhere(gathered: Gathered, registers: Registers) -> tuple[Mask, list[FindingBlock]]:
    """Return which records name what stands in no register of places or items, and the findings."""
    mask: Mask = np.zeros(len(gathered), np.bool_)
    findings: list[FindingBlock] = []
    for reference in gathered.form.references:
        known = registers.tables.get(reference.form)
        person = reference.form in registers.rosters or (
            reference.field == gathered.form.identifier.name and gathered.form.subject is Subject.PERSON
        )
        if known is None or not known.num_rows or person or gathered.form.by_name[reference.field].role is Role.UNIT:
            continue  # a list that nobody has handed in refuses nothing
        said = gathered.table.column(reference.field).combine_chunks()
        strange = pc.and_(pc.is_valid(said), pc.invert(pc.is_in(said, value_set=known.column(reference.target).combine_chunks())))
        wrong: Mask = strange.to_numpy(zero_copy_only=False).astype(np.bool_) & ~gathered.passed
        due = _("《{title}》中的一项").format(title=registers.titles.get(reference.form, reference.form))
        findings += gathered.blocks(wrong, Code.NOT_IN_LIST, Severity.ERROR, field=reference.field, expected=due)
        mask |= wrong
    return mask, findings


def _apply_rules(
    gathered: Gathered, table: pa.Table, records: Mask, settings: Mapping[str, Setting], day: date | None
) -> tuple[Mask, list[tuple[RuleSpec, Mask]], list[FindingBlock]]:
    """Return which of some records a rule refuses, which meet which alert rule, and the findings of every rule."""
    refused: Mask = np.zeros(len(gathered), np.bool_)
    met: list[tuple[RuleSpec, Mask]] = []
    findings: list[FindingBlock] = []
    rules = [r for r in gathered.form.rules if r.source == ROWS and (day is None or r.holds_on(day))]
    for rule in rules if records.any() else ():
        hits: Mask = rule.when.holds(table, settings).to_numpy(zero_copy_only=False).astype(np.bool_) & records
        if not hits.any():
            continue
        if rule.severity == "error":
            refused |= hits
        if rule.severity == "alert":
            met.append((rule, hits))
        severity, receiver = Severity(rule.severity), rule.receiver or None
        findings += gathered.blocks(hits, rule.code, severity, field=rule.field, expected=receiver, note=rule.message)
    return refused, met, findings


@dataclass(frozen=True, slots=True)
class _Places:
    """Takes records out of a day's table, with the place of each."""

    gathered: Gathered
    table: pa.Table
    day: date | None

    def rows(self, mask: Mask) -> pa.Table:
        """Return the marked records."""
        gathered, form = self.gathered, self.gathered.form
        kept = np.flatnonzero(mask)
        source = pa.array(gathered.source[kept])
        table = self.table.drop_columns([DAY, PASSED])
        if len(kept) < len(table):
            table = table.take(pa.array(kept))
        for spec in (f for f in form.fields if f.privacy is Privacy.CONFIDENTIAL):
            table = table.set_column(table.schema.get_field_index(spec.name), spec.name, _only_that(table.column(spec.name)))
        if form.day_field and self.day is not None:
            name = form.day_field.name
            days = pa.repeat(pa.scalar(self.day, pa.date32()), len(kept))
            table = table.set_column(table.schema.get_field_index(name), name, days)
        for name, texts in (
            (FILE, [s.file for s in gathered.sheets]),
            (SHEET, [s.reading.sheet for s in gathered.sheets]),
            (SNAPSHOT, [s.snapshot for s in gathered.sheets]),
        ):
            table = table.append_column(name, pa.DictionaryArray.from_arrays(source, pa.array(texts, pa.string())))
        identifiers = np.array([s.reading.identifier for s in gathered.sheets] or [0], np.int32)
        return table.append_column(COLUMN, pa.array(identifiers[gathered.source[kept]]))

    def met(self, rule: RuleSpec, mask: Mask) -> Met:
        """Return the marked records as those that meet a rule."""
        sheets = self.gathered.sheets
        columns = np.array([s.reading.columns.get(rule.field or "", s.reading.identifier) for s in sheets] or [0], np.int32)
        said_in = pa.array(columns[self.gathered.source[np.flatnonzero(mask)]])
        return Met(rule, self.rows(mask).append_column(SAID_IN, said_in))


def _only_that(column: pa.ChunkedArray) -> pa.Array:
    """Return of a confidential column no more than where something was said."""
    nothing = pa.nulls(len(column), column.type)
    return pc.if_else(pc.is_valid(column), pa.scalar(CONFIDENTIAL), nothing) if pa.types.is_string(column.type) else nothing


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
