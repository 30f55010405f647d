"""A unit's day is one of four states, by its own report alone; late, excused and contradicted are marks beside it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import pytest

from jianbao import wording
from jianbao.ledger import with_first_seen
from jianbao.settings import Permission
from jianbao.supervision import Completeness, Timeliness, absent_people, stale, unit_days, unit_findings
from jianbao.validation import Checked, Registers
from jianbao.values import Code, UnitState

from .desk import DAY, FORMS, KNOWN, SETTINGS, Row, reports, staff, zero

ZONE: Final = ZoneInfo("Asia/Shanghai")
TEN: Final = time(10)
EXCUSED: Final = Permission("图书馆", DAY, DAY, "闭馆")
LONGER: Final = Permission("图书馆", DAY, DAY, "路远", late_until=time(12))


def at(clock: str, day: date = DAY) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), ZONE)


def days(report: Checked, *people: Checked, permissions: tuple[Permission, ...] = (), known: Registers = KNOWN) -> Completeness:
    return unit_days(report, people, known, SETTINGS, Timeliness(TEN, permissions, (), ZONE))


def states(found: Completeness) -> dict[str, str]:
    return {u.unit: u.state.value for u in found.units}


CASES: Final[list[tuple[str, list[Row], str]]] = [
    ("nothing", [], "missing"),
    ("a zero", [zero("教务处")], "zero"),
    ("zeros without the word", [("", "教务处", 2, 2, 0, 0, 0, "", "")], "zero"),
    ("a case", [("", "教务处", 2, 2, 0, 1, 0, "否", "")], "cases"),
    ("a report that cannot be read", [("", "教务处", 2, 2, "几个", 0, 0, "是", "")], "rejected"),
    ("a negative count", [("", "教务处", 2, 2, 0, -1, 0, "是", "")], "rejected"),
    ("a good one after a bad one", [("2020-02-06 08:00:00", "教务处", 2, 2, "几个", 0, 0, "是", ""), zero("教务处", "09:00")], "zero"),
    ("a later one with a case", [zero("教务处", "08:00"), ("2020-02-06 09:00:00", "教务处", 2, 2, 0, 0, 1, "否", "")], "cases"),
]


@pytest.mark.parametrize(("rows", "state"), [pytest.param(r, s, id=name) for name, r, s in CASES])
def test_a_unit_s_state_is_that_of_its_own_report(rows: list[Row], state: str) -> None:
    fever = staff(("00001", "是", 38.5, "发热", "无"))
    assert states(days(reports(*rows), fever)) == {"教务处": state, "图书馆": "missing", "会计学院": "missing"}


def test_received_is_zero_and_cases() -> None:
    found = days(reports(zero("教务处"), ("", "图书馆", 1, 1, 1, 0, 0, "否", ""), ("", "会计学院", 2, 2, "x", 0, 0, "是", "")))
    assert (found.expected, found.received) == (3, 2)
    assert [found.count(s) for s in (UnitState.ZERO, UnitState.CASES, UnitState.MISSING, UnitState.REJECTED)] == [1, 1, 0, 1]
    assert [u.unit for u in found.in_state(UnitState.REJECTED)] == ["会计学院"]
    assert [s for s in UnitState if s.received] == [UnitState.CASES, UnitState.ZERO]


@pytest.mark.parametrize(
    ("permission", "rows", "expected", "received", "excused"),
    [
        (EXCUSED, [], 2, 0, "闭馆"),
        (EXCUSED, [zero("图书馆")], 3, 1, "闭馆"),
        (EXCUSED, [("", "图书馆", 1, 1, "x", 0, 0, "是", "")], 2, 0, "闭馆"),
        (LONGER, [], 3, 0, None),
        (Permission("图书馆", DAY - timedelta(3), DAY - timedelta(1), "闭馆"), [], 3, 0, None),
        (Permission("图书馆", DAY - timedelta(3), DAY + timedelta(3), "闭馆"), [], 2, 0, "闭馆"),
    ],
)
def test_an_excused_unit_is_not_expected_unless_it_reports(
    permission: Permission, rows: list[Row], expected: int, received: int, excused: str | None
) -> None:
    found = days(reports(*rows), permissions=(permission,))
    assert (found.expected, found.received) == (expected, received)
    assert next(u for u in found.units if u.unit == "图书馆").excused == excused


@pytest.mark.parametrize(
    ("unit", "submitted", "seen", "pulls", "late"),
    [
        ("教务处", "09:59:59", None, [], False),
        ("教务处", "10:00:00", None, [], False),
        ("教务处", "10:00:01", None, [], True),
        ("图书馆", "12:00:00", None, [], False),
        ("图书馆", "12:00:01", None, [], True),
        ("教务处", "09:00:00", "18:00", ["11:00"], False),  # what it states of itself stands
        ("教务处", None, "11:00", [], False),  # nobody looked between the deadline and then
        ("教务处", None, "11:00", ["09:00"], False),
        ("教务处", None, "11:00", ["10:00"], True),
        ("教务处", None, "11:00", ["11:00"], False),
        ("教务处", None, "11:00", ["09:00", "10:30", "11:00"], True),
        ("图书馆", None, "13:00", ["11:00"], False),
        ("图书馆", None, "13:00", ["12:00"], True),
        ("教务处", None, None, ["10:30"], False),
    ],
)
def test_late(unit: str, submitted: str | None, seen: str | None, pulls: list[str], late: bool) -> None:
    time_of = Timeliness(TEN, (LONGER,), [at(p) for p in pulls], ZONE)
    stated = at(submitted).replace(tzinfo=None) if submitted else None
    assert time_of.late(unit, DAY, submitted=stated, seen=at(seen) if seen else None) is late
    assert not Timeliness(None, (), time_of.pulls, ZONE).late(unit, DAY, submitted=stated, seen=at("23:59"))


def test_a_look_on_another_day_makes_nobody_late() -> None:
    looked = Timeliness(TEN, (), [at("11:00", DAY + timedelta(1))], ZONE)
    assert not looked.late("教务处", DAY, submitted=None, seen=at("12:00", DAY + timedelta(1)))


def test_lateness_is_read_from_the_report_and_from_when_it_was_first_seen() -> None:
    found = days(reports(zero("教务处", "10:00"), zero("图书馆", "10:01")))
    assert [u.unit for u in found.late] == ["图书馆"]
    report = reports(zero("教务处", ""))
    seen = with_first_seen(FORMS["unit_daily"], report.accepted, None, at("12:00"))
    looked = Timeliness(TEN, (), [at("11:00")], ZONE)
    assert [u.unit for u in unit_days(replace(report, accepted=seen), (), KNOWN, SETTINGS, looked).late] == ["教务处"]


def test_rows_that_speak_against_a_zero_are_named_once_each_and_only_against_a_zero() -> None:
    people = staff(("00001", "是", 38.5, "发热", "有"), ("00002", "是", 36.5, "无", "无"), ("00004", "是", 37.3, "无", "无"))
    report = reports(zero("教务处"), ("", "会计学院", 2, 2, 1, 0, 0, "否", ""))
    found = days(report, people)
    assert {u.unit: [c.place.cell for c in u.contradictions] for u in found.units} == {"教务处": ["A2"], "图书馆": [], "会计学院": []}
    told = [f for f in wording.findings(unit_findings(report, [people], found, KNOWN)) if f.code == Code.CONTRADICTION]
    assert [(f.cell, f.severity.value) for f in told] == [("B2", "alert")]
    assert "staff_daily.xlsx" in told[0].message
    assert "施彩辉" not in told[0].message


@pytest.mark.parametrize(
    ("row", "findings"),
    [
        (zero("教务处", due=2, come=1, by="褚航敏"), set()),
        (zero("教务处", due=3, come=1, by="褚航敏"), {(Code.COUNT_MISMATCH, "expected", "3", "2")}),
        (zero("教务处", due=2, come=2, by="褚航敏"), {(Code.COUNT_MISMATCH, "received", "2", "1")}),
        (zero("教务处", due=2, come=1, by="无名氏"), {(Code.REPORTER_UNKNOWN, "reporter", "无名氏", "褚航敏")}),
        (zero("教务处", due=2, come=1), {(Code.REPORTER_UNKNOWN, "reporter", "（空）", "褚航敏")}),
        (zero("会计学院", due=2, come=0, by="严恩旭"), set()),
        (zero("图书馆", due=1, come=0, by="谁都可以"), set()),
        (("", "图书馆", "", "", 0, 0, 0, "是", ""), set()),
    ],
)
def test_what_a_report_gets_wrong_about_itself(row: Row, findings: set[tuple[str, str, str, str]]) -> None:
    report, people = reports(row), staff(("00001", "是", 36.5, "无", "无"))
    told = wording.findings(unit_findings(report, [people], days(report, people), KNOWN))
    assert {(f.code, f.field, f.found, f.expected) for f in told} == findings
    assert {f.severity.value for f in told} <= {"warning"}


def test_who_has_not_reported() -> None:
    people = staff(("00002", "是", 36.5, "无", "无"), ("00003", "是", 365, "无", "无"))
    found = {(g.unit, g.class_): [p["number"] for p in g.people] for g in absent_people(people, KNOWN)}
    assert found == {("教务处", ""): ["00001"], ("图书馆", ""): ["00003"], ("会计学院", ""): ["00004", "00005"]}
    assert absent_people(people, Registers()) == []


def test_a_stale_sheet_is_told_with_the_day_it_is_of() -> None:
    (finding,) = wording.findings([stale("a.csv", DAY)])
    assert (finding.code, finding.file, finding.expected) == (Code.STALE_COPY, "a.csv", "2020-02-06")
    assert "2020-02-06" in finding.message
