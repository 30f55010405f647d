"""The invented people: staff, students in their classes, others on the premises; and when each of them comes back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property, lru_cache
from itertools import count
from random import Random
from typing import Final

from jianbao.sample.names import IdentityNumbers, lot, person_name, phone, pick
from jianbao.sample.size import SampleSize, allot, arrival
from jianbao.sample.units import EAST, WEST, Shape, UnitSpec, units_of

_SEED: Final = "jianbao"
_CLASS_SIZE: Final = 40.3
_SPREAD: Final = 5
"""Classes differ from the mean by less than this many students."""
_GRADES: Final = (2022, 2023, 2024, 2025)
_FIRST_STAFF_NUMBER: Final = 6001
_AWAY: Final = 0.45
"""The part of the staff who were out of the province and come back."""
_CATEGORIES: Final = ("食堂", "维修", "保洁", "绿化", "校内住户")


@dataclass(frozen=True, slots=True)
class Person:
    """A line of a roster. `group` is a student's class or another person's category."""

    number: str
    name: str
    unit: str
    campus: str
    id_number: str
    phone: str
    group: str = ""
    counsellor: str = ""


@dataclass(frozen=True)
class School:
    """Everybody, in the order of the rosters, with the days on which some of them come back."""

    size: SampleSize
    units: tuple[UnitSpec, ...]
    staff: tuple[Person, ...]
    students: tuple[Person, ...]
    others: tuple[Person, ...]
    returned_on: Mapping[str, date]
    on_campus_since: Mapping[str, date]

    @cached_property
    def staff_of(self) -> Mapping[str, Sequence[Person]]:
        """The staff by unit."""
        return _by_unit(self.staff)

    @cached_property
    def students_of(self) -> Mapping[str, Sequence[Person]]:
        """The students by unit; departments have none."""
        return _by_unit(self.students)

    @property
    def departments(self) -> tuple[UnitSpec, ...]:
        """The units without students."""
        return tuple(u for u in self.units if u.student_sheet is None)

    @property
    def colleges(self) -> tuple[UnitSpec, ...]:
        """The units with students."""
        return tuple(u for u in self.units if u.student_sheet is not None)

    def reporter(self, unit: str) -> Person:
        """Return who signs a unit's reports."""
        return self.staff_of[unit][0]


@lru_cache(maxsize=2)
def school_of(size: SampleSize) -> School:
    """Return the school of a size; the same people every time."""
    random, units = lot(_SEED), units_of(size)
    maker = _Maker(random, IdentityNumbers(), count())
    staff = tuple(maker.staff(size, units))
    students = tuple(maker.students(size, units, _by_unit(staff)))
    others = tuple(maker.others(size, units))
    return School(
        size, units, staff, students, others,
        returned_on=dict(_returning(size, staff, random)),
        on_campus_since=dict(_coming(size, units, students, random)),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Maker:
    random: Random
    identities: IdentityNumbers
    serial: Iterator[int]

    def person(self, number: str, unit: str, campus: str, *, born: range) -> Person:
        """Return a person born in one of some years, of no group yet."""
        days = (born.stop - born.start) * 365
        birthday = date(born.start, 1, 1) + timedelta(days=int(self.random.random() * days))
        name, identity = person_name(self.random), self.identities.of(birthday)
        return Person(number, name, unit, campus, identity, phone(next(self.serial)))

    def staff(self, size: SampleSize, units: Sequence[UnitSpec]) -> Iterator[Person]:
        """Yield the staff, unit by unit; of departments every sixth person works on the other campus."""
        numbers = count(_FIRST_STAFF_NUMBER)
        for unit, people in zip(units, allot(size.staff, [u.staff_share for u in units]), strict=True):
            for i in range(people):
                elsewhere = unit.student_sheet is None and i % 6 == 5
                campus = (WEST if unit.campus == EAST else EAST) if elsewhere else unit.campus
                yield self.person(f"{next(numbers):05d}", unit.title, campus, born=range(1966, 2000))

    def students(self, size: SampleSize, units: Sequence[UnitSpec], staff: Mapping[str, Sequence[Person]]) -> Iterator[Person]:
        """Yield the students, class by class; a college's counsellors have about eight classes each."""
        colleges = [u for u in units if u.student_sheet is not None]
        classes = max(len(colleges), round(size.students / _CLASS_SIZE))
        sizes = iter(_class_sizes(classes, size.students, self.random))
        shares = [1 + part for part in allot(classes - len(colleges), [u.class_share for u in colleges])]
        for code, (college, amount) in enumerate(zip(colleges, shares, strict=True), start=1):
            for i in range(amount):
                counsellor = staff[college.title][1 + i // 8].name
                yield from self._class(college, code, i, next(sizes), counsellor)

    def _class(self, college: UnitSpec, code: int, i: int, students: int, counsellor: str) -> Iterator[Person]:
        grade, within = _GRADES[i % len(_GRADES)], i // len(_GRADES)
        major, nth = college.majors[within % len(college.majors)], within // len(college.majors) + 1
        title = f"{major}{grade % 100}{nth:02d}班"
        for seat in range(1, students + 1):
            number = f"{grade}{code:02d}{within + 1:02d}{seat:02d}"
            person = self.person(number, college.title, college.campus, born=range(grade - 19, grade - 17))
            yield replace(person, group=title, counsellor=counsellor)

    def others(self, size: SampleSize, units: Sequence[UnitSpec]) -> Iterator[Person]:
        """Yield the other persons on the premises; the units that keep no such people have none."""
        keepers = [u for u in units if u.title in ("后勤管理处", "保卫处")] or [units[0]]
        for i in range(size.others):
            keeper, campus = keepers[i % len(keepers)], (EAST, WEST)[i % 2]
            person = self.person(f"W{i + 1:04d}", keeper.title, campus, born=range(1962, 2004))
            yield replace(person, group=pick(self.random, _CATEGORIES))


def _class_sizes(classes: int, students: int, random: Random) -> list[int]:
    """Return the sizes of all classes: what one has above the mean, its neighbour has below it."""
    sizes = allot(students, [1] * classes)
    for i in range(0, classes - 1, 2):
        shift = int(random.random() * _SPREAD)
        sizes[i] += shift
        sizes[i + 1] -= shift
    return sizes


def _returning(size: SampleSize, staff: Sequence[Person], random: Random) -> Iterator[tuple[str, date]]:
    queue = list(staff)
    random.shuffle(queue)
    for place, person in enumerate(queue[: int(len(queue) * _AWAY)]):
        yield person.number, arrival(place, size.returned, size.rise)


def _coming(size: SampleSize, units: Sequence[UnitSpec], students: Sequence[Person], random: Random) -> Iterator[tuple[str, date]]:
    """Yield the students on campus. Who comes while reports run answers a survey, which asks anew every day."""
    surveyed = {u.title for u in units if u.student_sheet is Shape.SURVEY}
    queue = list(students)
    random.shuffle(queue)
    first = queue[: size.on_campus[0]]
    later = [p for p in queue[size.on_campus[0] :] if p.unit in surveyed][: size.students // 40]
    for place, person in enumerate([*first, *later]):
        yield person.number, arrival(place, size.on_campus, 1)


def _by_unit(people: Sequence[Person]) -> dict[str, Sequence[Person]]:
    found: dict[str, list[Person]] = {}
    for person in people:
        found.setdefault(person.unit, []).append(person)
    return {unit: tuple(members) for unit, members in found.items()}
