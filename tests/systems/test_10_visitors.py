"""System 10: who came through the gate, and who was there with somebody."""

from __future__ import annotations

import pytest

from .school import DAY, NOON, School, codes

HEAD = ["日期", "校区", "校门", "来访人", "联系电话", "被访单位", "到访地点", "进入时间", "离开时间", "体温"]
VISITS = [
    [DAY, "东校区", "南门", "贺临川", "13800008001", "教务处", "行政楼", "8:10", "9:00", 36.5],
    [DAY, "东校区", "南门", "乔野舟", "13800008002", "教务处", "行政楼", "8:50", "9:30", 36.4],
    [DAY, "东校区", "北门", "祁望山", "13800008003", "图书馆", "行政楼", "9:10", "10:00", 36.6],
    [DAY, "西校区", "正门", "柴若水", "13800008004", "图书馆", "行政楼", "8:10", "11:00", 36.3],
]


def trace(school: School, who: str) -> tuple[str, list[list[object]]]:
    """Trace somebody; return what the terminal says, and whom the list names."""
    said = school.run("trace", who, "--date", DAY, "--as-of", NOON)
    path = school.root / "private/lists" / DAY / f"追踪_{who}.xlsx"
    return said, school.listed(f"追踪_{who}.xlsx") if path.exists() else []


@pytest.fixture
def gate(school: School) -> School:
    """Four visitors: two at the same time in the same building, one later, one on the other campus."""
    school.sheet("来访登记/门岗.xlsx", [HEAD, *VISITS])
    return school


def test_who_was_there_at_the_same_time(gate: School) -> None:
    said, rows = trace(gate, "贺临川")
    assert [r[0] for r in rows if len(r) == 8] == ["乔野舟"]
    assert (rows[0][4], rows[0][5]) == ("08:50", "09:00")
    assert "乔野舟" not in said
    assert "同处 1 人" in said
    assert [r[0] for r in trace(gate, "13800008002")[1] if len(r) == 8] == ["贺临川", "祁望山"]
    gate.sheet("来访登记/门岗.xlsx", [HEAD, [*VISITS[0][:8], "8:40", 36.5], *VISITS[1:]])
    assert "同处 0 人" in trace(gate, "贺临川")[0]
    assert "没有这个人" in trace(gate, "无此人")[0]


def test_a_room_shared_in_the_dormitory_is_a_trace_too(gate: School) -> None:
    gate.sheet(
        "留宿学生名册/名册.xlsx",
        [["学号", "姓名", "楼栋", "房间"], ["20190001", "褚珊甲", "一号公寓", "201"], ["20190002", "褚珊乙", "一号公寓", "201"]],
    )
    assert [r[0] for r in trace(gate, "20190001")[1] if len(r) == 8] == ["褚珊乙"]


def test_counts_go_to_the_page_and_names_stay(gate: School) -> None:
    assert gate.table("各门来访") == [["东校区", "北门", 1], ["东校区", "南门", 2], ["西校区", "正门", 1]]
    gate.publish()
    html = gate.page("ledgers/visitors.html")
    assert "南门" in html
    assert not any(row[3] in html or row[4] in html for row in VISITS)
    assert gate.figure("来访")[0] == 4


def test_a_visitors_name_on_a_page_stops_the_release(gate: School) -> None:
    gate.sheet("部门动态/动态.xlsx", [["日期", "单位", "标题", "内容"], [DAY, "教务处", "接待来访", "今天接待了贺临川一行。"]])
    assert "贺临川" in gate.publish(code=3)


def test_hot_at_the_gate_and_wrong_times(gate: School) -> None:
    gate.sheet("来访登记/门岗.xlsx", [HEAD, [*VISITS[0][:9], 37.6], [*VISITS[1][:8], "7:00", 36.4]])
    assert codes(gate.check(), ["alert"]) == [("hot-at-gate", "J2")]
    assert codes(gate.check(), ["error"]) == [("left-before", "I3")]
    assert [r[4] for r in gate.listed("通知/保卫处.xlsx")] == ["贺临川"]


def test_times_without_a_day_are_of_their_own_line_s_day_whenever_the_sheet_is_read(gate: School) -> None:
    earlier = [["2020-02-05", *v[1:]] for v in VISITS]
    gate.sheet("来访登记/门岗.xlsx", [HEAD, *earlier, *VISITS])
    for day in (DAY, "2020-02-05"):  # read on the later day, and traced on both
        said = gate.run("trace", "贺临川", "--date", day, "--as-of", NOON)
        assert "同处 1 人" in said
        assert [r[4:6] for r in gate.listed("追踪_贺临川.xlsx", day) if len(r) == 8] == [["08:50", "09:00"]]


def test_a_time_of_submission_without_a_day_does_not_say_the_day(gate: School) -> None:
    gate.sheet(
        "教职工日报/教职工2月5日.xlsx",
        [["工号", "提交时间", "是否返省", "体温"], ["00001", "8:30", "否", 36.5], ["00002", "9:10", "否", 36.6]],
    )
    assert [f["rows"] for f in gate.check()["files"] if f["form"] == "staff_daily"] == []
    assert [f["rows"] for f in gate.check("2020-02-05")["files"] if f["form"] == "staff_daily"] == [2]
