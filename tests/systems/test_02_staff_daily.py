"""System 2: the staff daily health report; staff returned to the province, counted once each, over the days."""

from __future__ import annotations

from .school import School, codes


def test_returned_to_date_counts_each_person_once_and_only_rises(school: School) -> None:
    school.staff(["00001", "是", 36.5, "无", "无"], ["00002", "否", 36.5, "无", "无"], day="2月5日")
    school.staff(["00001", "是", 36.5, "无", "无"], ["00002", "已返", 36.5, "无", "无"], ["00003", "未返", 36.6, "无", "无"])
    assert school.figure("返省教职工累计", "2020-02-05") == (1, 2, 6)
    assert school.figure("返省教职工累计") == (2, 3, 6)
    school.staff(["00001", "否", 36.5, "无", "无"], ["00002", "否", 36.5, "无", "无"], day="2月5日")
    school.staff(["00001", "否", 36.5, "无", "无"], ["00002", "否", 36.5, "无", "无"], ["00003", "否", 36.6, "无", "无"], day="2月7日")
    found = school.check("2020-02-07")
    fell = [f for f in found["findings"] if f["code"] == "fell-silently"]
    assert fell == []  # the sixth still says that two have returned: a cumulative figure remembers
    assert school.figure("返省教职工累计", "2020-02-07") == (2, 3, 6)
    school.staff(["00001", "否", 36.5, "无", "无"], ["00002", "否", 36.5, "无", "无"], ["00003", "否", 36.6, "无", "无"])
    found = school.check("2020-02-07")
    assert [(f["found"], f["expected"]) for f in found["findings"] if f["code"] == "fell-silently"] == [("0", "2")]


def test_nothing_stated_is_null_and_never_zero(school: School) -> None:
    school.units(["2020-02-06 08:00:00", "教务处", 2, 2, 0, 0, 0, "是", "褚航敏"])
    assert school.figure("返省教职工累计") == (None, 0, 6)
    assert school.figure("疑似") == (0, 1, 4)


def test_lost_zeros_are_restored_from_the_roster_and_reported(school: School) -> None:
    school.staff([1, "是", 36.5, "无", "无"], [2, "否", 36.5, "无", "无"])
    assert codes(school.check(), ["warning"]) == [("leading-zeros-lost", "A2"), ("leading-zeros-lost", "A3")]
    assert school.figure("返省教职工累计") == (1, 2, 6)


def test_the_rows_behind_the_figure_are_explained_to_the_cell(school: School) -> None:
    school.staff(["00001", "是", 36.5, "无", "无"], ["00002", "否", 36.5, "无", "无"])
    said = school.run("explain", "返省教职工累计", "--date", "2020-02-06", "--as-of", "2020-02-06T12:00")
    assert "教务处：1（2）" in said
    assert "00001 施彩甲 是  教职工日报/教职工2月6日.xlsx“Sheet1”A2" in said
    assert "00002" not in said
