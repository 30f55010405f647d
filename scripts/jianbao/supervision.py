"""Who has reported: the four states of each unit, lateness, contradictions, and who of each class is missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo
from itertools import chain

import pyarrow as pa
import pyarrow.compute as pc

from jianbao.forms import FormSpec, Role
from jianbao.forms.expression import Setting
from jianbao.messages import _, listed
from jianbao.settings import Permission
from jianbao.validation import COLUMN, FILE, SEEN, SHEET, UNIT, Checked, Registers
from jianbao.values import Code, FindingBlock, Severity, SheetRow, UnitState, Unreached


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A row that speaks against its unit's zero."""

    form: str
    place: SheetRow
    code: str


@dataclass(frozen=True, slots=True)
class UnitDay:
    """A unit's day: its state, and the marks beside it."""

    unit: str
    state: UnitState
    late: bool = False
    excused: str | None = None
    submitted: datetime | None = None
    place: SheetRow | None = None
    contradictions: tuple[Contradiction, ...] = ()

    @property
    def expected(self) -> bool:
        """Whether the unit counts among those that must report; an excused one does not, unless it reports."""
        return self.excused is None or self.state.received


@dataclass(frozen=True, slots=True)
class Completeness:
    """Expected against received, and how many units stand in each state."""

    units: tuple[UnitDay, ...]

    @property
    def expected(self) -> int:
        """How many units must report."""
        return sum(u.expected for u in self.units)

    @property
    def received(self) -> int:
        """How many have."""
        return sum(u.state.received for u in self.units)

    def count(self, state: UnitState) -> int:
        """Return how many expected units stand in a state."""
        return sum(u.state is state and u.expected for u in self.units)

    def in_state(self, state: UnitState) -> tuple[UnitDay, ...]:
        """Return the expected units that stand in a state, in the order of the unit list."""
        return tuple(u for u in self.units if u.state is state and u.expected)

    @property
    def late(self) -> tuple[UnitDay, ...]:
        """The units that reported after the deadline."""
        return tuple(u for u in self.units if u.late)


@dataclass(frozen=True, slots=True)
class Timeliness:
    """What makes a report late: the deadline, who is excused or allowed longer, and when the office has looked."""

    deadline: time | None
    permissions: Sequence[Permission]
    pulls: Sequence[datetime]
    zone: tzinfo

    def permission(self, unit: str, day: date) -> Permission | None:
        """Return what a unit is permitted on a day, or None."""
        return next((p for p in self.permissions if p.covers(unit, day)), None)

    def late(self, unit: str, day: date, *, submitted: datetime | None, seen: datetime | None) -> bool:
        """Whether a unit's report came after its deadline.

        By its time of submission; where it states none, only if the office had looked after the deadline and it was
        not there yet.
        """
        permission = self.permission(unit, day)
        due = permission.late_until if permission and permission.late_until else self.deadline
        if due is None:
            return False
        if submitted is not None:
            return submitted > datetime.combine(day, due)
        limit = datetime.combine(day, due, self.zone)
        return seen is not None and any(limit <= pull < seen for pull in self.pulls if pull.astimezone(self.zone).date() == day)


def unit_days(
    report: Checked, people: Sequence[Checked], registers: Registers, settings: Mapping[str, Setting], timeliness: Timeliness,
    unreached: Sequence[Unreached] = (),
) -> Completeness:  # fmt: skip
    """Return each unit's day, in the order of the unit list.

    The state is that of the unit's own report alone; `people` only bring what contradicts a zero. Where a sheet that
    may hold the report could not be had (`unreached`), nobody can call the report missing.
    """
    day = report.day
    assert day is not None  # a unit report is a daily form
    rows = {row.unit: row for row in _unit_rows(report, settings)}
    against = _against(people)
    found = []
    for title in registers.units.units:
        permission = timeliness.permission(title, day)
        row = rows.get(title)
        if row is None:
            lost = any(u.may_hold(report.form.name, title) for u in unreached)
            state = UnitState.REJECTED if title in report.refused else UnitState.UNREACHED if lost else UnitState.MISSING
            excused = permission.reason if permission and permission.late_until is None else None
            found.append(UnitDay(title, state, excused=excused))
            continue
        state = UnitState.CASES if row.cases else UnitState.ZERO
        late = timeliness.late(title, day, submitted=row.submitted, seen=row.seen)
        own = against.get(title, ()) if state is UnitState.ZERO else ()
        found.append(UnitDay(title, state, late, permission.reason if permission else None, row.submitted, row.place, own))
    return Completeness(tuple(found))


@dataclass(frozen=True, slots=True)
class _UnitRow:
    """A unit's accepted report: whether it states cases, when it came, where it stands."""

    unit: str
    cases: bool
    submitted: datetime | None
    seen: datetime | None
    place: SheetRow


def _unit_rows(report: Checked, settings: Mapping[str, Setting]) -> Iterator[_UnitRow]:
    form, table = report.form, report.accepted
    submitted = form.role(Role.SUBMITTED)
    nothing = [None] * table.num_rows
    times = table.column(submitted.name).to_pylist() if submitted else nothing
    seen = table.column(SEEN).to_pylist() if SEEN in table.column_names else nothing
    cases = form.cases.holds(table, settings).to_pylist() if form.cases else nothing
    columns = (table.column(form.identifier.name).to_pylist(), cases, times, seen, places(table))
    yield from (_UnitRow(*values) for values in zip(*columns, strict=True))


def places(table: pa.Table) -> Iterator[SheetRow]:
    """Yield where each accepted row stands."""
    columns = (table.column(name).to_pylist() for name in (FILE, SHEET, "_row", COLUMN))
    for file, sheet, row, column in zip(*columns, strict=True):
        yield SheetRow(file or "", sheet or "", row or 0, column or 0)


def _against(people: Sequence[Checked]) -> dict[str, tuple[Contradiction, ...]]:
    """Return, by unit, the accepted rows of its people that meet an alert rule, each row once."""
    found: dict[str, dict[SheetRow, Contradiction]] = {}
    for day in people:
        for met in day.alerts:
            for unit, place in zip(met.rows.column(UNIT).to_pylist(), places(met.rows), strict=True):
                if unit:
                    found.setdefault(unit, {}).setdefault(place, Contradiction(day.form.name, place, met.rule.code))
    return {unit: tuple(rows.values()) for unit, rows in found.items()}


def unit_findings(report: Checked, people: Sequence[Checked], days: Completeness, registers: Registers) -> Iterator[FindingBlock]:
    """Yield what a unit's report gets wrong about itself: contradicted zeros, counts, reporters."""
    for unit in days.units:
        if unit.contradictions and unit.place:
            codes = listed(c.place.said for c in unit.contradictions)
            yield _at(unit.place, Code.CONTRADICTION, Severity.ALERT, report.form, note=codes)
    yield from chain(_miscounted(report, people, registers), _unknown_reporters(report, registers))


def _at(
    place: SheetRow, code: str, severity: Severity, form: FormSpec, *, field: str | None = None,
    found: str | None = None, expected: str | None = None, note: str | None = None,
) -> FindingBlock:  # fmt: skip
    import numpy as np

    spec = form.by_name[field] if field else form.identifier
    return FindingBlock(
        code, severity, place.file, place.sheet, field=spec.name, title=spec.title, rows=np.array([place.row], np.int32),
        columns=place.column, found=found, expected=expected, note=note,
    )  # fmt: skip


def _miscounted(report: Checked, people: Sequence[Checked], registers: Registers) -> Iterator[FindingBlock]:
    """Yield findings where a unit's own counts differ from the roster and from its people's rows."""
    form, table = report.form, report.accepted
    due = registers.people([c.form for c in people])
    come: dict[str, int] = {}
    for day in people:
        for entry in day.accepted.column(UNIT).combine_chunks().value_counts().to_pylist():
            come[entry["values"]] = come.get(entry["values"], 0) + entry["counts"]
    units = table.column(form.identifier.name).to_pylist()
    for role, truth in ((Role.EXPECTED, due), (Role.RECEIVED, come)):
        spec = form.role(role)
        if not spec or not due:
            continue
        for unit, said, place in zip(units, table.column(spec.name).to_pylist(), places(table), strict=True):
            if said is not None and unit in due and said != truth.get(unit, 0):
                yield _at(place, Code.COUNT_MISMATCH, Severity.WARNING, form, field=spec.name,
                          found=str(said), expected=str(truth.get(unit, 0)))  # fmt: skip


def _unknown_reporters(report: Checked, registers: Registers) -> Iterator[FindingBlock]:
    """Yield findings where the report is signed by nobody, or not by the unit's named reporter."""
    form, table = report.form, report.accepted
    spec = form.role(Role.REPORTER)
    if not spec:
        return
    rows = zip(table.column(form.identifier.name).to_pylist(), table.column(spec.name).to_pylist(), places(table), strict=True)
    for unit, said, place in rows:
        known = registers.units.units[unit].reporters if unit in registers.units.units else ()
        if known and said not in known:
            yield _at(place, Code.REPORTER_UNKNOWN, Severity.WARNING, form, field=spec.name,
                      found=said or _("（空）"), expected=listed(known))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Absent:
    """The people of one unit and class, by form, of whom no row was accepted. Rows of the roster."""

    form: str
    unit: str
    class_: str
    people: tuple[Mapping[str, str | None], ...]


def absent_people(checked: Checked, registers: Registers) -> list[Absent]:
    """Return who of the roster has not reported, by unit and class, in the order of the roster."""
    roster = registers.roster_of(checked.form)
    if roster is None:
        return []
    come = checked.accepted.column(checked.form.identifier.name).combine_chunks()
    missing = pc.invert(pc.is_in(roster.numbers, value_set=come))
    unit, name, class_ = (roster.form.role(r) for r in (Role.UNIT, Role.NAME, Role.CLASS))
    groups: dict[tuple[str, str], list[Mapping[str, str | None]]] = {}
    for row in roster.table.filter(missing).to_pylist():
        place = (row.get(unit.name) if unit else None, row.get(class_.name) if class_ else None)
        person = {"number": row[roster.key], "name": row.get(name.name) if name else None}
        groups.setdefault((place[0] or "", place[1] or ""), []).append(person)
    return [Absent(checked.form.name, u, c, tuple(people)) for (u, c), people in groups.items()]


def stale(file: str, first_day: date) -> FindingBlock:
    """Return the finding for a sheet whose bytes were already there on an earlier day."""
    return FindingBlock(Code.STALE_COPY, Severity.WARNING, file, expected=first_day.isoformat())
