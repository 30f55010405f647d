"""System 8: fourteen days under the rule of their start, a contact a day, rooms, and people in = yesterday + in - out."""

from __future__ import annotations

import pytest

from .school import School

HEAD = ["学号或工号", "姓名", "开始日期", "观察地点", "房间", "解除日期"]
PEOPLE = [
    ["20190001", "褚珊甲", "2020-01-24", "校内观察点", "301", ""],
    ["20190004", "褚珊丁", "2020-01-22", "居家", "", "2020-02-06"],
    ["00003", "施彩丙", "2020-02-06", "校内观察点", "302", ""],
]
ROOMS = [["房间", "楼栋", "校区", "可住人数"], ["301", "八号楼", "东校区", 1], ["302", "八号楼", "东校区", 1]]


def contacts(school: School, *days: str, person: str = "20190001") -> None:
    """Write the contacts of a person, a row a day."""
    school.sheet(f"观察每日联系/{person}.xlsx", [["联系日期", "学号", "体温"], *([day, person, 36.5] for day in days)])


@pytest.fixture
def observed(school: School) -> School:
    """Three people, two rooms, and contacts on every day of the first."""
    school.sheet("隔离观察/名册.xlsx", [HEAD, *PEOPLE])
    school.sheet("观察房间/房间.xlsx", ROOMS)
    school.students(["20190001", 36.5, "无", "无", "是"])
    contacts(school, *(f"2020-01-{d}" for d in range(25, 32)), *(f"2020-02-0{d}" for d in range(1, 7)))
    return school


def state(school: School, person: str, day: str = "2020-02-06") -> list[object]:
    """Return state, room, day, days missed, due date and whether contacted of a person under observation."""
    (row,) = [r for r in school.table("隔离观察名单", day) if r[4] == person]
    return [row[0], row[7], row[9], row[11], row[12], row[13]]


def test_the_period_runs_from_its_start(observed: School) -> None:
    assert state(observed, "20190001") == ["明日期满", "301", 14, 0, "2月7日", "是"]
    assert state(observed, "00003") == ["观察中", "302", 1, 0, "2月20日", "是"]
    assert observed.figure("正在隔离观察")[0] == 2
    assert observed.figure("明日期满")[0] == 1
    observed.check()
    assert [r[3] for r in observed.listed("明日期满名单.xlsx")] == ["20190001"]


def test_dates_that_cannot_be_are_named_at_their_cells(observed: School) -> None:
    wrong = ["20190005", "褚珊戊", "2020-02-06", "居家", "", "2020-02-01"]
    later = ["20190006", "褚珊己", "2020-02-16", "居家", "", ""]
    observed.sheet("隔离观察/名册.xlsx", [HEAD, *PEOPLE, wrong, later])
    found = {(f["code"], f["severity"], f["cell"]) for f in observed.check()["findings"]}
    assert {("released-before-start", "error", "F5"), ("starts-later", "warning", "C6")} <= found
    assert [observed.figure(title)[0] for title in ("正在隔离观察", "今日新增观察", "今日解除观察")] == [2, 1, 1]


def test_a_missed_contact_is_flagged_and_adds_a_day_where_the_setting_says_so(observed: School) -> None:
    contacts(observed, *(f"2020-01-{d}" for d in range(26, 32)), *(f"2020-02-0{d}" for d in range(1, 6)))
    assert state(observed, "20190001") == ["观察中", "301", 14, 1, "2月8日", "否"]
    assert {("contact-missed", "20190001"), ("not-contacted", "20190001")} <= observed.warned()
    assert [r[4] for r in observed.listed("通知/卫生所.xlsx")] == ["20190001"]
    settings = observed.root / "jianbao.toml"
    settings.write_text(settings.read_text("utf-8").replace('value = "extend"', 'value = "keep"'), "utf-8")
    assert state(observed, "20190001")[:5] == ["明日期满", "301", 14, 1, "2月7日"]


def test_the_days_are_those_of_the_rule_in_force_at_the_start(observed: School) -> None:
    with (observed.root / "jianbao.toml").open("a", encoding="utf-8") as settings:
        settings.write('\n[[setting]]\nname = "observation_days"\nvalue = 21\nsince = 2020-02-06\n')
    assert state(observed, "20190001")[4] == "2月7日"
    assert state(observed, "00003")[4] == "2月27日"


def test_people_in_are_yesterdays_and_in_less_out(observed: School) -> None:
    observed.students(["20190001", 36.5, "无", "无", "是"], day="2月5日")
    assert observed.figure("正在隔离观察", "2020-02-05")[0] == 2
    assert [observed.figure(t)[0] for t in ("正在隔离观察", "今日新增观察", "今日解除观察")] == [2, 1, 1]
    assert not {c for c in observed.warned() if c[0] == "not-balanced"}
    observed.sheet("隔离观察/名册.xlsx", [HEAD, PEOPLE[0], PEOPLE[2]])  # a row that was there yesterday is gone
    assert ("not-balanced", "2") in observed.warned()


def test_rooms_are_counted_and_must_hold_who_is_in_them(observed: School) -> None:
    assert [r[2:6] for r in observed.table("观察房间明细")] == [["301", 1, 1, 0], ["302", 1, 1, 0]]
    observed.sheet("隔离观察/名册.xlsx", [HEAD, PEOPLE[0], [*PEOPLE[2][:4], "301", ""]])
    assert ("over-capacity", "301") in observed.warned()
    observed.sheet("隔离观察/名册.xlsx", [HEAD, [*PEOPLE[0][:4], "999", ""]])
    assert ("not-in-list", "999") in observed.warned()


def test_a_release_before_its_day_and_one_that_is_due_are_named(observed: School) -> None:
    settings = observed.root / "jianbao.toml"
    settings.write_text(settings.read_text("utf-8").replace('value = "extend"', 'value = "keep"'), "utf-8")
    observed.sheet("隔离观察/名册.xlsx", [HEAD, [*PEOPLE[0][:5], "2020-02-03"], ["20190005", "褚珊戊", "2020-01-10", "居家", "", ""]])
    assert {("released-early", "2020-02-03"), ("release-overdue", "20190005")} <= observed.warned()


def test_somebody_observed_twice_at_once_is_one_person_and_named(observed: School) -> None:
    finished = ["20190001", "褚珊甲", "2019-12-01", "居家", "", "2019-12-15"]  # stands below the one that goes on
    observed.sheet("隔离观察/名册.xlsx", [HEAD, *PEOPLE, finished])
    assert observed.figure("正在隔离观察")[0] == 2
    assert not {f for f in observed.warned() if f[0] == "observed-twice"}
    observed.sheet("隔离观察/名册.xlsx", [HEAD, *PEOPLE, ["00003", "施彩丙", "2020-02-01", "居家", "", ""]])
    assert observed.figure("正在隔离观察")[0] == 2
    assert ("observed-twice", "00003") in observed.warned()
