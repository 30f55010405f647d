"""What a day's release may say in public: figures, states of units, news. No person, no number of a person.

Facts are sealed in the record as JSON, and pages of any later day are made from there.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any, Final

HIDDEN: Final = "hidden"
"""Stands for a count too small to publish below school level."""


@dataclass(frozen=True, slots=True)
class FigureFact:
    """A figure as released. `value` is None where nothing was stated."""

    name: str
    title: str
    value: int | float | None
    unit: str
    received: int
    expected: int
    definition: str
    form: str
    version: int
    headline: bool = False
    of_units: bool = False
    """Whether `received` and `expected` count units and not persons."""
    whom: str = ""
    """What `received` and `expected` count, where they are neither: 处, 项."""
    group: str = ""
    """The heading of its form (`FormSpec.group`)."""


@dataclass(frozen=True, slots=True)
class PartFact:
    """A figure of one unit or campus; `value` is a number, None where nothing was stated, or `hidden`.

    `expected` is 0 where the part has nobody the figure is about.
    """

    name: str
    value: int | float | str | None
    received: int
    expected: int


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """How complete the units' reports are."""

    expected: int
    received: int
    cases: int
    zero: int
    missing: int
    rejected: int
    missing_units: tuple[str, ...]
    rejected_units: tuple[str, ...]
    late_units: tuple[str, ...]
    excused_units: tuple[tuple[str, str], ...]
    contradicted: int = 0
    """How many units said zero while rows of their own people say otherwise."""
    unreached_units: tuple[str, ...] = ()
    """Those whose report may stand in a sheet that could not be read: not missing, and not received."""


@dataclass(frozen=True, slots=True)
class NewsFact:
    """A department's item as it was handed in."""

    unit: str
    headline: str
    text: str
    link: str = ""


Cell = str | int | float | None


@dataclass(frozen=True, slots=True)
class TableFact:
    """A ledger's table as released: its head, its rows, and a row of totals where there is one."""

    name: str
    title: str
    form: str
    form_title: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: tuple[Cell, ...] = ()
    note: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class EntryFact:
    """A document received or issued, as the office's register has it."""

    on: date
    direction: str
    title: str
    number: str = ""
    kind: str = ""
    issuer: str = ""
    unit: str = ""
    due: date | None = None
    state: str = ""


@dataclass(frozen=True, slots=True)
class MeetingFact:
    """A meeting that was held, as the office's ledger has it."""

    on: date
    topic: str
    decisions: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True)
class PostFact:
    """A post, poster or video that went out; `reads` is None where nobody counted."""

    channel: str
    form_of: str
    item: str
    link: str = ""
    reads: int | None = None


@dataclass(frozen=True, slots=True)
class DayEvents:
    """What the ledgers say was done on a day: not sealed by itself, for it can be read again from the day's sheets."""

    day: date
    news: tuple[NewsFact, ...] = ()
    meetings: tuple[MeetingFact, ...] = ()
    posts: tuple[PostFact, ...] = ()
    papers: tuple[EntryFact, ...] = ()


@dataclass(frozen=True, slots=True)
class RowFacts:
    """What became of every row that came in."""

    rows: int
    accepted: int
    rejected: int
    superseded: int
    passed_over: int


@dataclass(frozen=True, slots=True)
class Facts:
    """A day, as released at `as_of`."""

    day: date
    as_of: datetime
    figures: tuple[FigureFact, ...]
    units: UnitFacts
    rows: RowFacts
    news: tuple[NewsFact, ...] = ()
    by_unit: Mapping[str, tuple[PartFact, ...]] | None = None
    by_campus: Mapping[str, tuple[PartFact, ...]] | None = None
    entries: tuple[EntryFact, ...] = ()
    """The register of documents up to this day."""
    tables: tuple[TableFact, ...] = ()

    def figure(self, name: str) -> FigureFact | None:
        """Return a figure by name, or None."""
        return next((f for f in self.figures if f.name == name), None)


def hide_small(parts: Sequence[PartFact], *, below: int, total: float | None) -> tuple[PartFact, ...] | None:
    """Return a table's parts with counts from 1 to `below` - 1 hidden; None where the whole table must be left out.

    Where the total would still tell the hidden counts (only one is hidden, or all are 1, or all are the largest
    hidden count), the next smallest is hidden with them; and a total that is itself so small is not parted at all.
    """
    if total is None or 0 < total < below:
        return None
    counts = [(p.value, i) for i, p in enumerate(parts) if isinstance(p.value, int | float)]
    hidden = [(value, i) for value, i in counts if 0 < value < below]
    if len(hidden) == 1 or (hidden and sum(v for v, _i in hidden) in (len(hidden), len(hidden) * (below - 1))):
        larger = [one for one in counts if one[0] >= below]
        if not larger:
            return None
        hidden.append(min(larger))
    small = {i for _value, i in hidden}
    return tuple(replace(p, value=HIDDEN) if i in small else p for i, p in enumerate(parts))


def to_json(facts: Facts) -> str:
    """Return facts as the record keeps them: sorted keys, two spaces, UTF-8."""
    data = asdict(facts) | {"day": facts.day.isoformat(), "as_of": facts.as_of.isoformat()}
    data["entries"] = [_entry_json(e) for e in data["entries"]]
    return json.dumps(data, ensure_ascii=False, sort_keys=True, indent=2) + "\n"


def from_json(text: str) -> Facts:
    """Return the facts that the record keeps."""
    data: dict[str, Any] = json.loads(text)
    units = dict(data["units"])
    for key in ("missing_units", "rejected_units", "late_units", "unreached_units"):
        units[key] = tuple(units.get(key, ()))
    units["excused_units"] = tuple((u, r) for u, r in units["excused_units"])
    return Facts(
        day=date.fromisoformat(data["day"]),
        as_of=datetime.fromisoformat(data["as_of"]),
        figures=tuple(FigureFact(**f) for f in data["figures"]),
        units=UnitFacts(**units),
        rows=RowFacts(**data["rows"]),
        news=tuple(NewsFact(**n) for n in data["news"]),
        by_unit=_parts(data["by_unit"]),
        by_campus=_parts(data["by_campus"]),
        entries=tuple(map(_entry, data.get("entries", ()))),
        tables=tuple(map(_table, data.get("tables", ()))),
    )


def _entry_json(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value.isoformat() if isinstance(value, date) else value for key, value in entry.items()}


def _entry(data: Mapping[str, Any]) -> EntryFact:
    days = {key: date.fromisoformat(data[key]) if data[key] else None for key in ("on", "due")}
    return EntryFact(**{**data, **days})


def _table(data: Mapping[str, Any]) -> TableFact:
    rows = tuple(tuple(row) for row in data["rows"])
    return TableFact(**{**data, "head": tuple(data["head"]), "rows": rows, "total": tuple(data["total"])})


def _parts(data: Mapping[str, Sequence[Mapping[str, Any]]] | None) -> Mapping[str, tuple[PartFact, ...]] | None:
    return None if data is None else {name: tuple(PartFact(**p) for p in parts) for name, parts in data.items()}


def to_csv(facts: Facts) -> str:
    """Return the figures as a table that any program opens: one line a figure."""
    import csv
    import io

    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(["name", "title", "value", "unit", "received", "expected", "as_of", "definition"])
    for f in facts.figures:
        value = "" if f.value is None else f.value
        rows.writerow([f.name, f.title, value, f.unit, f.received, f.expected, facts.as_of.isoformat(), f.definition])
    return out.getvalue()
