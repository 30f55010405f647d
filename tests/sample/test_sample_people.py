"""The invented people: as many as promised, each with numbers that are valid and belong to nobody."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date

import pytest
from stdnum.iso7064 import mod_11_2

from jianbao.sample import FULL, SAMPLE_DAYS, SMALL, SampleSize
from jianbao.sample.answers import SchoolDay
from jianbao.sample.school import Person, School, school_of
from jianbao.sample.size import allot, arrival
from jianbao.sample.units import COLLEGE, DEPARTMENT, EAST, WEST

SIZES = [pytest.param(FULL, id="full"), pytest.param(SMALL, id="small")]


def everybody(school: School) -> tuple[Person, ...]:
    """Return all people of a school."""
    return (*school.staff, *school.students, *school.others)


@pytest.mark.parametrize("size", SIZES)
def test_there_are_as_many_people_as_the_size_says(size: SampleSize) -> None:
    school = school_of(size)
    assert (len(school.students), len(school.staff), len(school.others)) == (size.students, size.staff, size.others)


def test_the_full_school_is_that_of_the_domain() -> None:
    school = school_of(FULL)
    assert len(school.students) == 13_699
    assert Counter(u.kind for u in school.units) == {COLLEGE: 8, DEPARTMENT: 12}
    assert {u.campus for u in school.units} == {EAST, WEST}


def test_classes_have_thirty_to_forty_five_students() -> None:
    classes = Counter((p.unit, p.group) for p in school_of(FULL).students)
    assert len(classes) == 340
    assert all(30 <= size <= 45 for size in classes.values())


@pytest.mark.parametrize("size", SIZES)
def test_every_number_is_given_once(size: SampleSize) -> None:
    people = everybody(school_of(size))
    assert len({p.number for p in people}) == len(people)
    assert len({p.id_number for p in people}) == len(people)


@pytest.mark.parametrize("size", SIZES)
def test_identity_numbers_are_valid_and_of_no_place(size: SampleSize) -> None:
    for person in everybody(school_of(size)):
        assert re.fullmatch(r"990101\d{11}[\dX]", person.id_number)
        assert mod_11_2.is_valid(person.id_number)
        assert date(1960, 1, 1) < date.fromisoformat(person.id_number[6:14]) < date(2010, 1, 1)


@pytest.mark.parametrize("size", SIZES)
def test_phones_are_of_the_unused_block(size: SampleSize) -> None:
    assert all(re.fullmatch(r"1380000\d{4}", p.phone) for p in everybody(school_of(size)))


def test_names_have_three_characters_mostly() -> None:
    lengths = Counter(len(p.name) for p in everybody(school_of(FULL)))
    assert lengths.keys() == {2, 3}
    assert lengths[3] > 0.8 * lengths.total()


@pytest.mark.parametrize("size", SIZES)
def test_who_is_back_on_a_day_is_who_the_size_says(size: SampleSize) -> None:
    school = school_of(size)
    for day, returned, on_campus in zip(SAMPLE_DAYS, size.returned, size.on_campus, strict=True):
        assert sum(came <= day for came in school.returned_on.values()) == returned
        assert sum(since <= day for since in school.on_campus_since.values()) == on_campus


@pytest.mark.parametrize("size", SIZES)
def test_the_rows_of_those_who_are_back_are_right_and_there(size: SampleSize) -> None:
    school = school_of(size)
    for day, returned in zip(SAMPLE_DAYS, size.returned, strict=True):
        answers = [a for rows in SchoolDay(school, day).staff.values() for a in rows]
        back = [a for a in answers if a.number == a.person.number and a.returned in ("是", "已返", "√", "Y")]
        assert len({a.number for a in back}) == returned


@pytest.mark.parametrize("day", SAMPLE_DAYS, ids=str)
def test_about_three_rows_in_a_thousand_are_wrong(day: date) -> None:
    school_day = SchoolDay(school_of(FULL), day)
    answers = [a for rows in (*school_day.staff.values(), *school_day.students.values()) for a in rows]
    wrong = [a for a in answers if a.number != a.person.number or a.temperature in (365, 3.65, "体温计待换") or a.returned_on == "2月30日"]
    assert 0.002 < len(wrong) / len(answers) < 0.005


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [(10, [1, 1], [5, 5]), (10, [1, 1, 1], [4, 3, 3]), (7, [5, 1, 1], [5, 1, 1]), (0, [2, 1], [0, 0])],
)
def test_parts_are_whole_and_in_proportion(total: int, weights: list[int], parts: list[int]) -> None:
    assert allot(total, weights) == parts


@pytest.mark.parametrize(
    ("place", "day"),
    [(3, date(2026, 3, 2)), (4, date(2026, 3, 3)), (6, date(2026, 3, 4)), (7, date(2026, 3, 5)), (9, date(2026, 3, 6))],
)
def test_people_arrive_as_the_totals_say(place: int, day: date) -> None:
    found = arrival(place, (4, 6, 7), 2)
    assert found == day if place > 3 else found <= day
