"""A day's work → what of it may be said in public."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import chain
from typing import Final

import pyarrow as pa

from jianbao.facts import (
    HIDDEN,
    Cell,
    EntryFact,
    Facts,
    FigureFact,
    NewsFact,
    PartFact,
    RowFacts,
    TableFact,
    UnitFacts,
    hide_small,
)
from jianbao.figures import by_part, tally
from jianbao.forms import FormSpec, IndicatorSpec, Kind, Privacy, Role, Subject
from jianbao.ledgers import MadeView, make_view
from jianbao.pipeline.work import DayWork
from jianbao.validation import CAMPUS, UNIT
from jianbao.values import Figure, UnitState

_OTHERS: Final = "其他"


def day_facts(work: DayWork) -> Facts:
    """Return the facts of a day: public figures, how complete the reports are, news; counts of 1 to 4 in parts hidden."""
    return Facts(
        day=work.day,
        as_of=work.as_of,
        figures=tuple(_figure(work, f) for f in work.figures if f.public),
        units=_units(work),
        rows=_rows(work),
        news=tuple(n for c in work.checked.values() for n in news_of(c.form, c.accepted)),
        by_unit=_parts(work, UNIT),
        by_campus=_campus_parts(work),
        entries=tuple(e for form in work.forms for e in entries_of(work, form)),
        tables=tuple(public_tables(work)),
    )


def _figure(work: DayWork, figure: Figure) -> FigureFact:
    declared = work.forms.indicator(figure.name)
    return FigureFact(
        name=figure.name, title=figure.title, value=figure.value, unit=figure.unit, received=figure.received, expected=figure.expected,
        definition=figure.definition, form=figure.form, version=declared[0].version if declared else 0,
        headline=bool(declared and declared[1].headline), of_units=declared is None or declared[0].subject is Subject.UNIT,
        whom=_WHOM.get(declared[0].subject, "") if declared else "", group=_group(work, figure.form),
    )  # fmt: skip


def _group(work: DayWork, form: str) -> str:
    """Return the heading of a form; what is said of the units' reports stands under that of the unit report."""
    named = next((f for f in work.forms if f.name == form), None) or work.forms.unit_report
    return named.group if named else ""


_WHOM: Final = {Subject.PLACE: "处", Subject.EVENT: "项"}


def _units(work: DayWork) -> UnitFacts:
    days = work.completeness
    return UnitFacts(
        expected=days.expected,
        received=days.received,
        cases=days.count(UnitState.CASES),
        zero=days.count(UnitState.ZERO),
        missing=days.count(UnitState.MISSING),
        rejected=days.count(UnitState.REJECTED),
        missing_units=tuple(u.unit for u in days.in_state(UnitState.MISSING)),
        rejected_units=tuple(u.unit for u in days.in_state(UnitState.REJECTED)),
        late_units=tuple(u.unit for u in days.late),
        contradicted=sum(bool(u.contradictions) for u in days.units),
        unreached_units=tuple(u.unit for u in days.in_state(UnitState.UNREACHED)),
        excused_units=tuple((u.unit, u.excused) for u in days.units if u.excused and not u.expected),
    )


def _rows(work: DayWork) -> RowFacts:
    counts = [c for c in work.counts if c.form in work.checked]
    return RowFacts(
        rows=sum(c.rows for c in counts),
        accepted=sum(c.accepted for c in counts),
        rejected=sum(c.rejected for c in counts),
        superseded=sum(c.superseded for c in counts),
        passed_over=sum(c.passed_over for c in counts),
    )


def news_of(form: FormSpec, rows: pa.Table) -> Iterator[NewsFact]:
    """Yield the items of a form of events that has a headline and a text."""
    unit = form.role(Role.UNIT)
    if form.subject is not Subject.EVENT or unit is None or not {"headline", "text"} <= form.by_name.keys():
        return
    for row in rows.to_pylist():
        yield NewsFact(unit=row[unit.name], headline=row["headline"], text=row["text"], link=row.get("link") or "")


_ENTRY: Final = ("direction", "number", "title", "kind", "issuer")


def entries_of(work: DayWork, form: FormSpec) -> Iterator[EntryFact]:
    """Yield the lines of a register of documents up to the day: a log of events with direction, number, title, kind, issuer."""
    if form.kind is not Kind.LOG or form.subject is not Subject.EVENT or not set(_ENTRY) <= form.by_name.keys():
        return
    unit = form.role(Role.UNIT)
    shown = {f.name for f in form.fields if f.privacy is Privacy.PUBLIC}
    for day in work.ledger.days(form):
        rows = work.ledger.read(form, day) if day <= work.day else None
        for row in rows.to_pylist() if rows is not None else ():
            said = {name: str(row.get(name) or "") for name in (*_ENTRY, "state") if name in shown}
            due = row.get("due") if "due" in shown else None
            yield EntryFact(on=day, due=due, unit=str(row.get(unit.name) or "") if unit and unit.name in shown else "", **said)


def _parts(work: DayWork, level: str) -> Mapping[str, tuple[PartFact, ...]]:
    """Return the public counts of persons by unit or campus, in the order of the unit list."""
    found: dict[str, tuple[PartFact, ...]] = {}
    for checked in work.people:
        for indicator in checked.form.indicators:
            if indicator.public and indicator.measure == "count":
                table = _table(work, checked.form, indicator, level)
                if table:
                    found[indicator.name] = table
    return found


def _campus_parts(work: DayWork) -> Mapping[str, tuple[PartFact, ...]]:
    """Return every public count and sum by campus; where nothing of a figure stands on a known campus it is left out."""
    found: dict[str, tuple[PartFact, ...]] = {}
    known = _campuses(work)
    for form in work.forms:
        for indicator in form.indicators:
            if indicator.public and indicator.measure in ("count", "sum"):
                table = _table(work, form, indicator, CAMPUS)
                if table and any(p.name in known and p.value is not None for p in table):
                    found[indicator.name] = table
    return found


def _expected(work: DayWork, form: FormSpec, role: Role, known: Sequence[str]) -> dict[str, int]:
    """Return how many people the form's roster has in each part; those of no known part are others."""
    roster = work.registers.roster_of(form) if form.kind is Kind.DAILY else None
    counts: dict[str, int] = {}
    for name in roster.column(role).to_pylist() if roster else ():
        part = name if name in known else _OTHERS
        counts[part] = counts.get(part, 0) + 1
    return counts


def _campuses(work: DayWork) -> list[str]:
    rosters = (roster.column(Role.CAMPUS).unique().to_pylist() for roster in work.registers.rosters.values())
    listed = {u.campus for u in work.registers.units.units.values()}
    return sorted({c for c in {*listed, *chain(*rosters)} if c})


def _table(work: DayWork, form: FormSpec, indicator: IndicatorSpec, level: str) -> tuple[PartFact, ...] | None:
    frame = tally(form, indicator, work.window(form, indicator), work.registers)
    known = list(work.registers.units.units) if level == UNIT else _campuses(work)
    frame[level] = frame[level].where(frame[level].isin(known), _OTHERS)
    parts = by_part(frame, indicator, level)
    if parts.empty or not known:
        return None
    said = {str(name): (_whole(value), int(received)) for name, value, received in parts.itertuples()}
    expected = _expected(work, form, Role.UNIT if level == UNIT else Role.CAMPUS, known)
    names = [*known, *([_OTHERS] if _OTHERS in expected.keys() | said.keys() else [])]
    rows = []
    for name in names:
        value, received = said.get(name, (None, 0))
        rows.append(PartFact(name, value, received, expected.get(name, 0)))
    total = work.figure(indicator.name)
    below = work.project.settings.small_count if form.subject in (Subject.PERSON, Subject.UNIT) else 0
    return hide_small(rows, below=below, total=total.value if total else None)


def _whole(value: float) -> int | float:
    return int(value) if float(value).is_integer() else float(value)


def public_tables(work: DayWork) -> Iterator[TableFact]:
    """Yield the ledgers' tables that are for everybody; counts of few persons hidden. One that rests on deleted rows is as released."""
    for form in work.forms:
        for view in form.views:
            if view.page and work.is_cut(form, view):
                yield from (t for t in (work.released.tables if work.released else ()) if t.name == view.name)
            elif view.page:
                made = make_view(work.desk, form, view)
                rows, total = hidden_rows(made, work.project.settings.small_count)
                yield TableFact(view.name, view.title, form.name, form.title, made.head, rows, total, view.note, form.group)


def hidden_rows(made: MadeView, below: int) -> tuple[tuple[tuple[Cell, ...], ...], tuple[Cell, ...]]:
    """Return a table's rows and totals as pages show them: in columns that count persons, what is small is hidden as a column of parts."""
    total = tuple(map(spoken_cell, made.total)) if made.total else ()
    columns = [list(c) for c in zip(*(tuple(map(spoken_cell, row)) for row in made.rows), strict=True)]
    for i, counted in enumerate(made.counted if columns else ()):
        if not counted:
            continue
        parts = [PartFact("", value, 0, 0) for value in columns[i]]
        whole = made.total[i] if made.total else None
        shown = hide_small(parts, below=below, total=whole if whole is not None else below)
        columns[i] = [p.value for p in shown] if shown is not None else [HIDDEN if p.value else p.value for p in parts]
    return tuple(zip(*columns, strict=True)), total


def spoken_cell(value: object) -> Cell:
    """Return a cell as a page or list says it."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return f"{value.month}月{value.day}日 {value:%H:%M}"
    if isinstance(value, date):
        return f"{value.month}月{value.day}日"
    if isinstance(value, float):
        return int(value) if value.is_integer() else round(value, 1)
    return value if isinstance(value, int) or value is None else str(value)
