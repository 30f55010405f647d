"""Trace: who was where on a day, and who was there with somebody. For the office alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from jianbao.forms import FormSet, FormSpec, Kind, Role
from jianbao.forms.derived import ROWS, Periods, Trace
from jianbao.ledgers.desk import Desk
from jianbao.reading.words import plain
from jianbao.values import SheetRow


@dataclass(frozen=True, slots=True)
class Stay:
    """Somebody at a place for some time; `known_by` are all words the row names them by."""

    form: FormSpec
    name: str
    known_by: tuple[str, ...]
    place: str
    start: datetime
    end: datetime
    unit: str
    at: SheetRow


@dataclass(frozen=True, slots=True)
class Met:
    """Somebody who was there with the one looked for, and when."""

    stay: Stay
    beside: Stay

    @property
    def start(self) -> datetime:
        """When both were there."""
        return max(self.stay.start, self.beside.start)

    @property
    def end(self) -> datetime:
        """Until when."""
        return min(self.stay.end, self.beside.end)


def stays(desk: Desk, forms: FormSet) -> Iterator[Stay]:
    """Yield everybody's stays of the day, from every form that says who was where."""
    for form in forms:
        if form.trace:
            yield from _stays(desk, form, form.trace)


def _stays(desk: Desk, form: FormSpec, trace: Trace) -> Iterator[Stay]:
    source = next((s for s, d in form.derived.items() if isinstance(d, Periods)), ROWS)
    rows = desk.table(form, source, "latest" if form.kind is Kind.REGISTER else "day")
    name, unit = form.role(Role.NAME), form.role(Role.UNIT)
    for row in rows.to_pylist():
        place = " ".join(str(row[p]) for p in trace.place if row[p] is not None)
        if not place or row.get("inside") is False:
            continue
        start = _moment(row.get(trace.start or ""), desk.day) or datetime.combine(desk.day, time.min)
        end = _moment(row.get(trace.end or ""), desk.day) or datetime.combine(desk.day, time.max)
        words = tuple(str(row[p]) for p in trace.person if row[p] is not None)
        at = SheetRow(row["_file"], row["_sheet"], row["_row"], row["_column"])
        said = (row[name.name] if name else None) or (words[0] if words else "")
        yield Stay(form, said, words, place, start, end, (row[unit.name] if unit else None) or row["_unit"] or "", at)


def _moment(value: date | datetime | None, day: date) -> datetime | None:
    """Return a time of the day; one of another day is cut at the day's edge."""
    if not isinstance(value, datetime):
        return None
    low, high = datetime.combine(day, time.min), datetime.combine(day, time.max)
    return min(max(value.replace(tzinfo=None), low), high)


def meetings(found: Iterable[Stay], who: str) -> tuple[Sequence[Stay], Sequence[Met]]:
    """Return where somebody was, and everybody who was at the same place at the same time.

    `who` is a name, a number or a phone, as a row states it.
    """
    known = list(found)
    wanted = plain(who)
    own = [s for s in known if wanted in {plain(w) for w in (s.name, *s.known_by)}]
    mine = {id(s) for s in own}
    others = [s for s in known if id(s) not in mine]
    met = [Met(o, s) for s in own for o in others if o.place == s.place and o.start < s.end and s.start < o.end]
    return own, sorted(met, key=lambda m: (m.start, m.stay.name))
