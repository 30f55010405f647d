"""What is pasted into a unit's group: everything left to do, numbered, and nobody's name or number."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any, Final

import pytest

from jianbao.reminders import Reminder, reminder
from jianbao.supervision import Absent, Contradiction, UnitDay
from jianbao.values import Finding, Severity, SheetRow, UnitState

PEOPLE: Final = ({"number": "00001", "name": "施彩辉"}, {"number": "00002", "name": "云涵安"})
AGAINST: Final = Contradiction("staff_daily", SheetRow("a.xlsx", "表", 2, 0), "fever")


def wrong(cell: str | None, severity: Severity = Severity.ERROR, file: str = "a.xlsx", sheet: str | None = "表") -> Finding:
    return Finding("x", severity, file, sheet, cell, None, "施彩辉", None, "填的是“施彩辉”")


def text_of(unit: UnitDay, **more: Any) -> Reminder | None:
    given: dict[str, Any] = {"deadline": time(10), "absent": {}, "findings": ()} | more
    as_of = datetime(2020, 2, 6, 14, 5, tzinfo=UTC)
    return reminder(unit, day=date(2020, 2, 6), as_of=as_of, report="零报告", **given)


CASES: Final[list[tuple[str, UnitDay, dict[str, Any], str | None]]] = [
    ("zero", UnitDay("教务处", UnitState.ZERO), {}, None),
    ("cases", UnitDay("教务处", UnitState.CASES, late=True), {}, None),
    ("missing", UnitDay("教务处", UnitState.MISSING), {}, "1. 尚未收到零报告（每日 10:00 前），请立即报送。"),
    ("no deadline", UnitDay("教务处", UnitState.MISSING), {"deadline": None}, "1. 尚未收到零报告，请立即报送。"),
    ("rejected", UnitDay("教务处", UnitState.REJECTED), {}, "1. 零报告填写有误，不能计入，请改正后重报。"),
    ("excused", UnitDay("教务处", UnitState.MISSING, excused="放假"), {"absent": {"日报": [Absent("f", "教务处", "", PEOPLE)]}}, None),
    ("contradicted", UnitDay("教务处", UnitState.ZERO, contradictions=(AGAINST, AGAINST)), {},
     "1. 本单位报告为零，但已收到的个人填报中有 2 条有情况，请立即核实并重报。"),
    ("people", UnitDay("教务处", UnitState.ZERO), {"absent": {"日报": [Absent("f", "教务处", "", PEOPLE)]}}, "1. 日报还有 2 人未报。"),
    ("classes", UnitDay("会计学院", UnitState.ZERO),
     {"absent": {"日报": [Absent("f", "会计学院", c, PEOPLE[:n]) for c, n in (("一班", 2), ("二班", 1), ("", 2))]}},
     "1. 日报还有 5 人未报（一班 2、二班 1）。"),
    ("mistakes", UnitDay("教务处", UnitState.ZERO), {"findings": [wrong("A2"), wrong("B3", Severity.WARNING), wrong("C4")]},
     "1. a.xlsx“表” 有 2 处须改正：A2、C4。"),
    ("a file nobody can open", UnitDay("教务处", UnitState.ZERO), {"findings": [wrong(None, sheet=None)]}, "1. a.xlsx 无法读取，请重交。"),
    ("many mistakes", UnitDay("教务处", UnitState.ZERO), {"findings": [wrong(f"A{n}") for n in range(1, 14)]},
     "1. a.xlsx“表” 有 13 处须改正：" + "、".join(f"A{n}" for n in range(1, 13)) + " 等。"),
    ("twelve mistakes", UnitDay("教务处", UnitState.ZERO), {"findings": [wrong(f"A{n}") for n in range(1, 13)]},
     "1. a.xlsx“表” 有 12 处须改正：" + "、".join(f"A{n}" for n in range(1, 13)) + "。"),
]  # fmt: skip


@pytest.mark.parametrize(("unit", "more", "line"), [pytest.param(u, m, t, id=name) for name, u, m, t in CASES])
def test_one_thing_left_to_do(unit: UnitDay, more: dict[str, Any], line: str | None) -> None:
    found = text_of(unit, **more)
    if line is None:
        assert found is None
        return
    assert found is not None
    assert (found.unit, found.state) == (unit.unit, unit.state)
    assert found.text.splitlines() == [f"【{unit.unit}】2月6日填报提醒（截至 14:05）", line, "没有情况也要报；没有收到的不按零计。"]


def test_everything_left_to_do_is_numbered_and_nobody_is_named() -> None:
    absent = {"教职工日报": [Absent("f", "教务处", "", PEOPLE)], "学生日报": [Absent("g", "教务处", "一班", PEOPLE)]}
    found = text_of(UnitDay("教务处", UnitState.MISSING), absent=absent, findings=[wrong("A2"), wrong("A2", file="b.csv", sheet=None)])
    assert found is not None
    assert [line[:2] for line in found.text.splitlines()[1:-1]] == ["1.", "2.", "3.", "4.", "5."]
    for person in PEOPLE:
        assert person["name"] not in found.text
        assert person["number"] not in found.text
