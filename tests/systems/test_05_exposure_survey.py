"""System 5: the exposure survey in rounds, who has not answered which, and staff abroad."""

from __future__ import annotations

import pytest

from .school import DAY, School

HEAD = ["填报日期", "排查轮次", "学号或工号", "人员类别", "是否到过重点地区", "到过的地方", "离开日期", "目前是否在国（境）外"]
ANSWERS = [
    ["2020-02-05", "第一轮", "20190001", "学生", "到过", "湖北省武汉市", "2020-01-20", "否"],
    ["2020-02-05", "第一轮", "20190002", "学生", "没去过", "", "", "否"],
    ["2020-02-05", "第一轮", "20190004", "学生", "到过", "湖南省长沙市", "2020-01-22", "否"],
    ["2020-02-05", "第一轮", "00001", "教职工", "到过", "武汉", "2020-01-05", "否"],
    ["2020-02-06", "第二轮", "00002", "教职工", "没去过", "", "", "在国外"],
]


@pytest.fixture
def surveyed(school: School) -> School:
    """The school with two rounds, the first asking since 10 January, the second since 1 January and in Hunan too."""
    school.form(
        "exposure_survey",
        ("since: 2026-02-10", "since: 2020-01-10"), ("opens: 2026-03-01", "opens: 2020-02-01"),
        ("since: 2026-02-16, places: [湖北, 武汉, 河南]", "since: 2020-01-01, places: [武汉, 湖南]"),
        ("opens: 2026-03-03", "opens: 2020-02-06"),
    )  # fmt: skip
    school.sheet("旅居史排查/第一轮.xlsx", [HEAD, *ANSWERS])
    return school


def test_each_round_asks_from_its_own_day_and_for_its_own_places(surveyed: School) -> None:
    assert surveyed.figure("有重点地区旅居史（第一轮）") == (1, 4, 12)
    assert surveyed.figure("排查未答（第一轮）")[0] == 8
    assert surveyed.figure("排查未答（第二轮）")[0] == 11
    assert surveyed.figure("在国（境）外教职工")[0] == 1
    surveyed.sheet("旅居史排查/第一轮.xlsx", [HEAD, [*ANSWERS[0][:6], "2020-01-09", "否"], *ANSWERS[1:]])  # left before the round's day
    assert surveyed.figure("有重点地区旅居史（第一轮）") == (0, 4, 12)


def test_who_has_not_answered_which_round_is_on_a_list_a_unit(surveyed: School) -> None:
    surveyed.check()
    rows = surveyed.listed("排查未答名单/会计学院.xlsx")
    assert {(r[0], r[4]) for r in rows} == {
        ("第一轮", "20190003"), ("第一轮", "00004"), *(("第二轮", n) for n in ("20190001", "20190002", "20190003", "00004")),
    }  # fmt: skip
    assert {r[3] for r in rows} == {"东校区"}
    surveyed.sheet("旅居史排查/第二轮.xlsx", [HEAD, [DAY, "第二轮", "20190003", "学生", "没去过", "", "", "否"]])
    surveyed.check()
    assert ("第二轮", "20190003") not in {(r[0], r[4]) for r in surveyed.listed("排查未答名单/会计学院.xlsx")}


def test_a_round_that_has_not_opened_expects_nobody(surveyed: School) -> None:
    assert surveyed.figure("排查未答（第二轮）", "2020-02-05")[1:] == (0, 0)
    assert [r[0] for r in surveyed.table("有旅居史人员")] == ["第一轮"]


def test_an_answer_under_no_known_round_is_refused(surveyed: School) -> None:
    surveyed.sheet("旅居史排查/第三轮.xlsx", [HEAD, [DAY, "第三轮", "20190003", "学生", "没去过", "", "", "否"]])
    assert ("not-in-list", "第三轮") in surveyed.warned()
