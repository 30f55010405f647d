"""What goes wrong in the units, and who falls ill, on which day. Everything else of a day is drawn by lot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from typing import Final

from jianbao.sample.size import FIRST_DAY, SAMPLE_DAYS
from jianbao.sample.units import UnitSpec


@dataclass(frozen=True, slots=True)
class Case:
    """A person with something to report: the `place`-th of the unit's staff or students.

    With `corrected`, what is said here is a first answer, which a later one replaces by that temperature.
    """

    unit: str
    place: int
    student: bool
    temperature: float = 36.5
    symptoms: str = ""
    contact: bool = False
    corrected: float | None = None


@dataclass(frozen=True, slots=True)
class DayPlan:
    """A day's units that are late (and until when), missing, rejected, excused, or that deny their cases."""

    late: Mapping[str, time] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    rejected: tuple[str, ...] = ()
    excused: tuple[str, ...] = ()
    denying: tuple[str, ...] = ()
    signed_by_another: tuple[str, ...] = ()
    cases: tuple[Case, ...] = ()

    @property
    def silent(self) -> tuple[str, ...]:
        """The units that hand in no report of their own."""
        return (*self.missing, *self.excused)

    def cases_of(self, unit: str, *, student: bool) -> Mapping[int, Case]:
        """Return a unit's cases among its students or its staff, by place."""
        return {c.place: c for c in self.cases if c.unit == unit and c.student is student}

    def stated_cases(self, unit: str) -> int:
        """Return how many cases a unit's report states."""
        return 0 if unit in self.denying else sum(c.unit == unit and c.corrected is None for c in self.cases)


_PLANS: Final = dict(zip(SAMPLE_DAYS, (
    DayPlan(
        late={"财务处": time(10, 24), "经济管理学院": time(11, 3)},
        missing=("科研处",),
        cases=(Case("信息工程学院", 17, student=True, temperature=37.8, symptoms="发热┋干咳"),),
    ),
    DayPlan(
        late={"教务处": time(10, 41)},
        rejected=("经济管理学院",),
        excused=("图书馆",),
        denying=("外国语学院",),
        cases=(Case("外国语学院", 3, student=False, temperature=37.4),),
    ),
    DayPlan(
        late={"艺术设计学院": time(10, 12), "后勤管理处": time(11, 38)},
        signed_by_another=("保卫处",),
        cases=(
            Case("外国语学院", 21, student=True, temperature=37.6, symptoms="发热"),
            Case("信息工程学院", 8, student=True, contact=True),
            Case("信息工程学院", 26, student=True, temperature=38.6, corrected=36.8),
        ),
    ),
), strict=True))  # fmt: skip


def plan_of(day: date, units: tuple[UnitSpec, ...]) -> DayPlan:
    """Return a day's plan; on days that have none of their own one unit is late and nobody is ill."""
    late = units[(day - FIRST_DAY).days % len(units)].title
    return _PLANS.get(day) or DayPlan(late={late: time(10, 17)})


def careless_units(day: date, units: tuple[UnitSpec, ...]) -> frozenset[str]:
    """Return the three of some units whose sheets hold wrong rows on a day: not the same ones every day."""
    first = (day - FIRST_DAY).days
    return frozenset(units[(first + step) % len(units)].title for step in (0, 3, 6))
