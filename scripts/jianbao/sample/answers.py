"""What each person's row says on a day, right or wrong on purpose, before it is laid out as a sheet."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from random import Random
from typing import Final

from jianbao.sample.names import lot, pick
from jianbao.sample.plan import Case, DayPlan, careless_units, plan_of
from jianbao.sample.school import Person, School
from jianbao.sample.sheets import Cell
from jianbao.sample.units import Shape, UnitSpec

_ANSWERED_TWICE: Final = 0.004
_ANOTHER: Final = 36.0
"""A temperature that nobody is given the first time."""
_OBSERVED: Final = timedelta(days=14)
_NOTHING: Final = ("无", "无", "无", "没有", "无症状")
_PLACES: Final = (
    *("本省┋澜汀市",) * 6, "浙江省┋绍兴市", "江苏省┋南通市", "安徽省┋滁州市", "江西省┋九江市", "河南省┋南阳市",
    "四川省┋绵阳市", "湖南省┋岳阳市", "福建省┋龙岩市", "贵州省┋遵义市", "山东省┋潍坊市",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Answer:
    """A row about a person. Cells hold what the person wrote, which may be no number and no date."""

    person: Person
    number: str
    name: str
    temperature: Cell
    symptoms: str
    contact: str
    returned: str = ""
    returned_on: Cell = None
    observation: str = ""
    on_campus: str = ""
    location: str = ""
    replaced_by: Cell = None
    """The temperature of a second answer, where there is one."""


Fault = Callable[[Answer], Answer]


def _without_number(answer: Answer) -> Answer:
    return replace(answer, number="")


def _of_a_stranger(answer: Answer) -> Answer:
    return replace(answer, number="9" + answer.number[1:])


def _misnamed(answer: Answer) -> Answer:
    return replace(answer, name=answer.name[:1] + "某某")


def _too_hot(answer: Answer) -> Answer:
    return replace(answer, temperature=365)


def _too_cold(answer: Answer) -> Answer:
    return replace(answer, temperature=3.65)


def _in_words(answer: Answer) -> Answer:
    return replace(answer, temperature="体温计待换")


def _on_no_day(answer: Answer) -> Answer:
    return replace(answer, returned_on="2月30日")


@dataclass(frozen=True, slots=True)
class Lapses:
    """Which parts of a unit's people are absent and, where the unit is careless, write something wrong."""

    absent: float
    wrong: float
    faults: Sequence[Fault]


_STAFF_LAPSES: Final = Lapses(0.006, 0.008, (_too_hot, _without_number, _in_words, _of_a_stranger, _on_no_day, _too_cold))
_STUDENT_LAPSES: Final = Lapses(0.012, 0.009, (_of_a_stranger, _too_hot, _in_words, _too_cold, _misnamed))
_COLUMN_LAPSES: Final = Lapses(0.012, 0.009, (_too_hot, _too_cold, _in_words))
_YES: Final = ("是", "是", "已返", "√", "Y")
_NO: Final = ("否", "否", "未返", "×", "N")


@dataclass(frozen=True)
class SchoolDay:
    """All answers of a day. They are drawn by lot from the day and the unit alone, so every run draws the same."""

    school: School
    day: date

    @cached_property
    def plan(self) -> DayPlan:
        """What happens on the day."""
        return plan_of(self.day, self.school.units)

    @cached_property
    def staff(self) -> Mapping[str, Sequence[Answer]]:
        """The answers of each unit's staff, in the order of the roster."""
        return {u.title: self._staff(u) for u in self.school.units}

    @cached_property
    def students(self) -> Mapping[str, Sequence[Answer]]:
        """The answers of each college's students, in the order of the roster."""
        return {u.title: self._students(u) for u in self.school.colleges}

    def sent(self, unit: str) -> int:
        """Return of how many people a unit has sent an answer, wrong ones too."""
        return len({a.person.number for a in (*self.staff[unit], *self.students.get(unit, ()))})

    def _staff(self, unit: UnitSpec) -> list[Answer]:
        random, cases = self._lot(unit, "staff"), self.plan.cases_of(unit.title, student=False)
        people, careless = self.school.staff_of[unit.title], unit.title in self._careless
        settled = {people[place].number for place in cases} | self.school.returned_on.keys()
        answers = [self._staff_answer(p, cases.get(i), random) for i, p in enumerate(people)]
        answers = _spoiled(answers, _STAFF_LAPSES, settled, random, careless=careless)
        return _repeated(answers, settled) if careless and unit.student_sheet is not None else answers

    def _students(self, unit: UnitSpec) -> list[Answer]:
        random, cases = self._lot(unit, "students"), self.plan.cases_of(unit.title, student=True)
        people, careless = self.school.students_of[unit.title], unit.title in self._careless
        settled = {people[place].number for place in cases} | self.school.on_campus_since.keys()
        answers = [self._student_answer(p, cases.get(i), random) for i, p in enumerate(people)]
        lapses = _COLUMN_LAPSES if unit.student_sheet is Shape.COLUMN_A_DAY else _STUDENT_LAPSES
        answers = _spoiled(answers, lapses, settled, random, careless=careless)
        return list(_second_thoughts(answers, random, settled)) if unit.student_sheet is Shape.SURVEY else answers

    @cached_property
    def _careless(self) -> frozenset[str]:
        return careless_units(self.day, self.school.colleges) | careless_units(self.day, self.school.departments)

    def _lot(self, unit: UnitSpec, what: str) -> Random:
        return lot(self.day, unit.title, what)

    def _staff_answer(self, person: Person, case: Case | None, random: Random) -> Answer:
        came = self.school.returned_on.get(person.number)
        back = came is not None and came <= self.day
        observed = "居家观察" if came and self.day - came < _OBSERVED else "解除"
        return Answer(
            person, person.number, person.name,
            temperature=_temperature(case, random),
            symptoms=_symptoms(case, random),
            contact="是" if case and case.contact else "无",
            returned=pick(random, _YES if back else _NO),
            returned_on=_spelled(came, random) if came and back else None,
            observation=observed if back else pick(random, ("无", "")),
        )  # fmt: skip

    def _student_answer(self, person: Person, case: Case | None, random: Random) -> Answer:
        since = self.school.on_campus_since.get(person.number)
        here = since is not None and since <= self.day
        return Answer(
            person, person.number, person.name,
            temperature=_temperature(case, random),
            symptoms=_symptoms(case, random),
            contact="是" if case and case.contact else "否",
            on_campus="是" if here else "否",
            location="本省┋澜汀市" if here else pick(random, _PLACES),
            replaced_by=case.corrected if case else None,
        )  # fmt: skip


def _spelled(day: date, random: Random) -> Cell:
    """Return a day as people write it."""
    texts = (f"{day.year}/{day.month}/{day.day}", f"{day.year}年{day.month}月{day.day}日", f"{day.month}月{day.day}日")
    return day if random.random() < 0.6 else pick(random, texts)


def _temperature(case: Case | None, random: Random) -> Cell:
    """Return a temperature as people write them, mostly a number."""
    value = f"{36 + int(random.random() * 9 + 1) / 10:.1f}"
    if case:
        return case.temperature
    spelled = random.random()
    if spelled > 0.06:
        return float(value)
    wide = value.translate({ord("."): "．", **{ord(str(d)): chr(0xFF10 + d) for d in range(10)}})
    return pick(random, (f"{value}℃", f"{value}度", f"{value}°C", f" {value} ", value.replace(".", "。"), wide))


def _symptoms(case: Case | None, random: Random) -> str:
    return (case and case.symptoms) or pick(random, _NOTHING)


def _spoiled(answers: Sequence[Answer], lapses: Lapses, settled: set[str], random: Random, *, careless: bool) -> list[Answer]:
    """Return the answers without those of absent people and, of a careless unit, with some wrong ones.

    `settled` are the numbers of people on whom a figure rests: their rows stay right and present.
    """
    free = [i for i, a in enumerate(answers) if a.person.number not in settled]
    random.shuffle(free)
    bad = max(1, round(len(answers) * lapses.wrong)) if careless else 0
    kind = int(random.random() * len(lapses.faults))
    found: list[Answer | None] = list(answers)
    for nth, i in enumerate(free[:bad], start=kind):
        found[i] = lapses.faults[nth % len(lapses.faults)](answers[i])
    for i in free[bad : bad + round(len(answers) * lapses.absent * (0.5 + random.random()))]:
        found[i] = None
    return [a for a in found if a is not None]


def _repeated(answers: Sequence[Answer], settled: set[str]) -> list[Answer]:
    """Return the answers with two people at the end once more: one as before, one with another temperature."""
    again = next(a for a in answers if a.person.number not in settled and a.temperature != _ANOTHER)
    return [*answers, answers[-1], replace(again, temperature=_ANOTHER)]


def _second_thoughts(answers: Sequence[Answer], random: Random, settled: set[str]) -> Iterator[Answer]:
    """Yield the answers, a few with the temperature of a second answer."""
    for answer in answers:
        again = random.random() < _ANSWERED_TWICE and answer.person.number not in settled
        yield replace(answer, replaced_by=_ANOTHER) if again else answer
