"""System 9: residents measured twice a day; who is missing from which measuring."""

from __future__ import annotations

import pytest

from .school import DAY, School, codes

HEAD = ["日期", "时段", "学号", "姓名", "体温"]


@pytest.fixture
def dormitory(school: School) -> School:
    """Three residents, of whom two were measured in the morning."""
    school.sheet("留宿学生名册/名册.xlsx", [["学号", "姓名", "楼栋", "房间"], ["20190001", "褚珊甲", "一号公寓", "201"],
                 ["20190002", "褚珊乙", "一号公寓", "201"], ["20190004", "褚珊丁", "五号公寓", "101"]])  # fmt: skip
    school.sheet("宿舍测温/2月6日.xlsx", [HEAD, [DAY, "早", "20190001", "褚珊甲", 36.5], [DAY, "早", "20190002", "褚珊乙", 36.4]])
    return school


def test_each_measuring_has_its_own_count_and_its_own_missing(dormitory: School) -> None:
    assert dormitory.figure("宿舍已测（早）") == (2, 2, 3)
    assert dormitory.figure("宿舍已测（晚）")[1:] == (0, 0)  # not due at noon
    assert [(r[0], r[3], r[4]) for r in dormitory.listed("宿舍漏测名单.xlsx")] == [("早", "西校区", "20190004")]
    assert dormitory.table("宿舍测温进度", at="22:00") == [["早", 3, 2], ["晚", 3, 0]]
    dormitory.sheet("宿舍测温/补测.xlsx", [HEAD, [DAY, "早", "20190004", "褚珊丁", 36.6]])
    assert dormitory.figure("宿舍已测（早）") == (3, 3, 3)


def test_a_fever_at_night_is_an_alert_and_a_stranger_is_named(dormitory: School) -> None:
    dormitory.sheet("宿舍测温/晚.xlsx", [HEAD, [DAY, "晚", "20190001", "褚珊甲", 37.9], [DAY, "晚", "20190003", "褚珊丙", 36.5]])
    found = dormitory.check()
    assert ("fever", "E2") in codes(found, ["alert"])
    assert ("unknown-person", "C3") in codes(found, ["error"])  # not a resident
    assert dormitory.figure("宿舍体温超过规定值")[0] == 1


def test_residents_are_not_counted_twice_where_units_state_their_people(dormitory: School) -> None:
    dormitory.students(["20190001", 36.5, "无", "无", "是"])
    dormitory.units(["2020-02-06 08:00:00", "会计学院", 4, 1, 0, 0, 0, "是", "奚悦恩"])
    assert not [f for f in dormitory.check()["findings"] if f["code"] == "count-mismatch"]


def test_a_measuring_not_yet_due_when_published_comes_in_later_without_alarm(dormitory: School) -> None:
    dormitory.publish()
    evening = [HEAD, *([DAY, "晚", f"2019000{n}", f"褚珊{c}", 36.5] for n, c in ((1, "甲"), (2, "乙"), (4, "丁")))]
    dormitory.sheet("宿舍测温/晚.xlsx", evening)
    dormitory.staff(["00001", "是", 36.5, "无", "无"], day="2月7日")
    assert "back-dated-change" not in {code for code, _found in dormitory.warned("2020-02-07")}
    dormitory.sheet("宿舍测温/2月6日.xlsx", [HEAD, [DAY, "早", "20190001", "褚珊甲", 36.5], [DAY, "早", "20190002", "褚珊乙", 36.9]])
    changed = [f for f in dormitory.check("2020-02-07")["findings"] if f["code"] == "back-dated-change"]
    assert [(f["severity"], f["found"]) for f in changed] == [("alert", "36.9")]  # a reading that was published is another thing


def test_what_was_not_due_when_published_is_no_correction(dormitory: School) -> None:
    dormitory.publish()
    dormitory.sheet("宿舍测温/晚.xlsx", [HEAD, [DAY, "晚", "20190001", "褚珊甲", 36.5]])
    dormitory.staff(["00001", "是", 36.5, "无", "无"], day="2月7日")
    assert "更正" not in dormitory.publish("2020-02-07")
    dormitory.sheet("宿舍测温/补测.xlsx", [HEAD, [DAY, "早", "20190004", "褚珊丁", 36.6]])  # the morning's was
    dormitory.staff(["00001", "是", 36.5, "无", "无"], day="2月8日")
    assert f"correction-{DAY}" in dormitory.publish("2020-02-08")


def test_the_evening_before_is_a_figure_of_the_day_after(dormitory: School) -> None:
    evening = [[DAY, "晚", f"2019000{n}", f"褚珊{c}", 36.5] for n, c in ((1, "甲"), (4, "丁"))]
    dormitory.sheet("宿舍测温/晚.xlsx", [HEAD, *evening])
    dormitory.staff(["00001", "是", 36.5, "无", "无"], day="2月7日")
    assert dormitory.figure("前一晚宿舍已测", "2020-02-07") == (2, 2, 3)
    assert dormitory.figure("前一晚宿舍已测") == (None, 0, 3)  # nobody was asked on the day before the first
    dormitory.sheet("宿舍测温/晚.xlsx", [HEAD, evening[0], [DAY, "晚", "20190004", "褚珊丁", None]])
    assert dormitory.figure("前一晚宿舍已测", "2020-02-07") == (1, 1, 3)
    dormitory.staff(["00001", "是", 36.5, "无", "无"], day="2月8日")
    assert dormitory.figure("前一晚宿舍已测", "2020-02-08")[0] is None  # the mornings of the 6th are no evening of the 7th


def test_a_table_of_the_day_has_no_yesterday(dormitory: School) -> None:
    form = dormitory.root / "forms_schema/dorm_temperature.yaml"
    text = form.read_text("utf-8")
    assert text.count("from: rounds, where: given(temperature)") == 1
    form.write_text(text.replace("from: rounds, where", "from: rounds, window: yesterday, where"), encoding="utf-8")
    assert "dorm_temperature.yaml" in dormitory.run("check", code=2)
