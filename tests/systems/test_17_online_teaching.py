"""System 17: online teaching, a report a college and week."""

from __future__ import annotations

from .school import School

HEAD = ["填报日期", "学院", "应开课程", "已开课程", "到课率（%）", "存在问题", "填报人"]


def test_courses_planned_and_held(school: School) -> None:
    school.staff(["00001", "否", 36.5, "无", "无"])
    school.sheet(
        "在线教学周报/周报.xlsx",
        [HEAD, ["2020-02-03", "会计学院", 40, 38, 95.5, "平台卡顿", "奚悦恩"], ["2020-02-04", "护理学院", 20, 20, 98, "", "云涵安"]],
    )
    assert school.figure("已开在线课程") == (58, 2, 2)
    assert school.table("各学院在线教学") == [["会计学院", 40, 38, 95.5, 95], ["护理学院", 20, 20, 98, 100]]
    assert school.table("在线教学问题") == [["会计学院", "平台卡顿", "奚悦恩"]]
    school.publish()
    assert "平台卡顿" not in school.page("ledgers/online_teaching.html")
    school.sheet(
        "在线教学周报/周报.xlsx",
        [HEAD, ["2020-02-03", "会计学院", 40, 41, 95.5, "", "奚悦恩"], ["2020-02-04", "护理学院", 20, 20, 98, "", "云涵安"]],
    )
    assert ("more-than-planned", "41") in school.warned()
    assert school.figure("已开在线课程") == (20, 1, 2)
