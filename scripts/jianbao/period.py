"""How the units reported over a period (督查): late, missing, changed and contradicting reports, ranked; no person in it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from jianbao.clock import spoken_day
from jianbao.messages import _, listed
from jianbao.supervision import Completeness, UnitDay
from jianbao.values import UnitState

Days = tuple[date, ...]


@dataclass(frozen=True, slots=True)
class DayLook:
    """What one day shows of each unit: its state, whose own counts are wrong, who changed rows after the fact, remarks.

    `changed` counts rows; `remarks` are sentences about a class or unit, by unit.
    """

    day: date
    completeness: Completeness
    miscounted: frozenset[str]
    changed: Mapping[str, int]
    remarks: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class UnitPeriod:
    """A unit's period: on which days what was wrong. `expected` counts the days on which it had to report."""

    unit: str
    expected: int
    missing: Days
    rejected: Days
    late: Days
    contradicting: Days
    miscounted: Days
    changed: Days
    changed_rows: int
    remarks: int
    rank: int = 0

    @property
    def problems(self) -> int:
        """How many times something was wrong, a day and kind counting once; remarks are no problems yet."""
        return sum(map(len, self._kinds))

    @property
    def _kinds(self) -> tuple[Days, ...]:
        return (self.contradicting, self.missing, self.rejected, self.changed, self.miscounted, self.late)

    @property
    def weight(self) -> tuple[int, ...]:
        """What units are ranked by: how often something was wrong, then the gravest kinds first."""
        return (self.problems, *map(len, self._kinds))


@dataclass(frozen=True, slots=True)
class Period:
    """The units of a period, those with most problems first; `days` are those on which somebody reported."""

    first: date
    last: date
    days: Days
    units: tuple[UnitPeriod, ...]
    remarks: tuple[tuple[date, str], ...]

    @property
    def faulty(self) -> tuple[UnitPeriod, ...]:
        """The units with problems."""
        return tuple(u for u in self.units if u.problems)

    @property
    def faultless(self) -> tuple[UnitPeriod, ...]:
        """Those without any that had to report."""
        return tuple(u for u in self.units if not u.problems and u.expected)


def period(first: date, last: date, looks: Sequence[DayLook]) -> Period:
    """Return how each unit reported from `first` to `last`, by what each day shows. Units of equal weight share a rank."""
    titles = dict.fromkeys(u.unit for look in looks for u in look.completeness.units)
    units = sorted((_unit(title, looks) for title in titles), key=lambda u: u.weight, reverse=True)
    ranks = {u.weight: n for n, u in reversed(list(enumerate(units, 1)))}
    remarks = tuple((look.day, text) for look in looks for _title, text in look.remarks)
    ranked = tuple(_ranked(u, ranks[u.weight]) for u in units)
    return Period(first, last, tuple(look.day for look in looks), ranked, remarks)


def _ranked(unit: UnitPeriod, rank: int) -> UnitPeriod:
    return replace(unit, rank=rank)


def _unit(title: str, looks: Sequence[DayLook]) -> UnitPeriod:
    known = [(look.day, u) for look in looks for u in look.completeness.units if u.unit == title]

    def days(holds: Iterable[tuple[date, bool]]) -> Days:
        return tuple(day for day, held in holds if held)

    def in_state(state: UnitState) -> Days:
        return days((day, u.state is state and u.expected) for day, u in known)

    return UnitPeriod(
        unit=title,
        expected=sum(u.expected and u.state is not UnitState.UNREACHED for _day, u in known),
        missing=in_state(UnitState.MISSING),
        rejected=in_state(UnitState.REJECTED),
        late=days((day, u.late) for day, u in known),
        contradicting=days((day, bool(u.contradictions)) for day, u in known),
        miscounted=days((look.day, title in look.miscounted) for look in looks),
        changed=days((look.day, title in look.changed) for look in looks),
        changed_rows=sum(look.changed.get(title, 0) for look in looks),
        remarks=sum(unit == title for look in looks for unit, _text in look.remarks),
    )


def notice(found: Period, *, office: str, issued: date) -> str:
    """Return the text to send to all units (通报): what was found, the units to mend their ways, those without fault."""
    lines = [
        _("关于 {first} 至 {last} 每日报告情况的通报").format(first=spoken_day(found.first), last=spoken_day(found.last)),
        "",
        _("各单位："),
        _("{first} 至 {last}，有报告的 {days} 天里，{summary}。现将有关情况通报如下。").format(
            first=spoken_day(found.first), last=spoken_day(found.last), days=len(found.days), summary=_summary(found.units)
        ),
        "",
    ]
    if found.faulty:
        lines += [_("一、须改进的单位"), *(f"{n}. {_faults(u)}" for n, u in enumerate(found.faulty, 1)), ""]
    if found.faultless:
        count = _("二、按时如实报告的单位（{count} 个）").format(count=len(found.faultless))
        lines += [count, listed(u.unit for u in found.faultless) + "。", ""]
    lines += [_("请有关单位查明原因，当日补报、更正。没有情况也要报；没有收到的不按零计。"), "", office, spoken_day(issued)]
    return "\n".join(lines) + "\n"


def _summary(units: Collection[UnitPeriod]) -> str:
    counts = (
        (_("应报 {count} 次"), sum(u.expected for u in units)),
        (_("漏报 {count} 次"), sum(len(u.missing) for u in units)),
        (_("报告无效 {count} 次"), sum(len(u.rejected) for u in units)),
        (_("迟报 {count} 次"), sum(len(u.late) for u in units)),
        (_("报零而有情况 {count} 次"), sum(len(u.contradicting) for u in units)),
        (_("人数不符 {count} 次"), sum(len(u.miscounted) for u in units)),
        (_("事后改动 {count} 次"), sum(len(u.changed) for u in units)),
    )
    return listed(text.format(count=count) for n, (text, count) in enumerate(counts) if count or n == 0)


def _faults(unit: UnitPeriod) -> str:
    kinds = (
        (_("报零而有情况"), unit.contradicting), (_("漏报"), unit.missing), (_("报告无效"), unit.rejected),
        (_("事后改动"), unit.changed), (_("人数不符"), unit.miscounted), (_("迟报"), unit.late),
    )  # fmt: skip
    told = (_("{kind} {count} 次（{days}）").format(kind=k, count=len(d), days=listed(short(x) for x in d)) for k, d in kinds if d)
    return _("{unit}：{faults}").format(unit=unit.unit, faults=listed(told))


def short(day: date) -> str:
    """Return a day without its year."""
    return f"{day.month}月{day.day}日"


def reported(days: Completeness) -> bool:
    """Whether anybody reported on a day: on one without any report nobody was late or missing."""
    return any(u.state is not UnitState.MISSING for u in days.units)


def unit_at(completeness: Completeness, file: str, sheet: str | None, row: int) -> UnitDay | None:
    """Return the unit whose accepted report stands in a row."""
    wanted = (file, sheet, row)
    return next((u for u in completeness.units if u.place and (u.place.file, u.place.sheet, u.place.row) == wanted), None)
