"""System 16: interns, the colleges' weekly employment reports, and the register of graduates."""

from __future__ import annotations

import pytest

from .school import School

WEEKLY = ["填报日期", "学院", "毕业生数", "已签约", "升学", "求职中"]
INTERNS = ["学号", "姓名", "实习单位", "实习状态", "最近联系日期"]
GRADUATES = ["学号", "姓名", "去向", "帮扶人"]


@pytest.fixture
def career(school: School) -> School:
    """Weekly reports of two weeks, three interns, two graduates."""
    school.staff(["00001", "否", 36.5, "无", "无"])
    school.sheet("就业周报/周报.xlsx", [WEEKLY, ["2020-01-29", "会计学院", 80, 10, 5, 65], ["2020-02-03", "会计学院", 80, 20, 8, 52]])
    school.sheet("实习学生/名册.xlsx", [INTERNS, ["20190001", "褚珊甲", "某企业", "在岗", "2020-02-05"],
                 ["20190002", "褚珊乙", "某企业", "在岗", "2020-01-20"],
                 ["20190004", "褚珊丁", "某企业", "返家", ""]])  # fmt: skip
    school.sheet("毕业生去向/名册.xlsx", [GRADUATES, ["20190003", "褚珊丙", "签约", "窦舟琪"], ["20190006", "褚珊己", "求职", "窦舟琪"]])
    return school


def test_the_week_is_the_newest_report_of_each_college(career: School) -> None:
    assert career.figure("已签约毕业生") == (20, 1, 2)  # of the two colleges one has reported
    career.sheet("就业周报/护理.xlsx", [WEEKLY, ["2020-02-05", "护理学院", 50, 30, 5, 15]])
    assert career.figure("已签约毕业生") == (50, 2, 2)
    assert career.table("各学院就业情况") == [["会计学院", 80, 20, 8, 52, 35], ["护理学院", 50, 30, 5, 15, 70]]
    assert career.figure("已签约毕业生", "2020-02-11")[0] == 30  # the older report is more than a week old


def test_more_signed_than_there_are(career: School) -> None:
    career.sheet("就业周报/护理.xlsx", [WEEKLY, ["2020-02-05", "护理学院", 50, 48, 5, 0]])
    assert ("more-than-graduates", "48") in career.warned()
    assert career.figure("已签约毕业生") == (20, 1, 2)


def test_interns_by_state_and_who_was_not_spoken_to(career: School) -> None:
    assert [career.figure(t)[0] for t in ("实习学生", "在岗实习", "返家暂不返岗")] == [3, 2, 1]
    assert {c for c in career.warned() if c[0] == "intern-not-contacted"} == {("intern-not-contacted", "2020-01-20")}
    assert [(r[1], r[2], r[3]) for r in career.listed("实习学生名单/护理学院.xlsx")] == [("护理1901班", "西校区", "20190004")]


def test_the_register_of_graduates(career: School) -> None:
    assert career.figure("去向已落实")[0] == 1
    assert career.table("各学院毕业生去向") == [["会计学院", 1, 0, 1], ["护理学院", 0, 1, 1]]
    career.sheet("毕业生去向/名册.xlsx", [GRADUATES, ["20190003", "褚珊丙", "升学", ""], ["20190006", "褚珊己", "升学", ""]])
    assert career.figure("去向已落实")[0] == 2
