"""System 22: the leading group, its office and its working groups, from one table."""

from __future__ import annotations

from .school import School

HEAD = ["次序", "层级", "机构", "牵头单位", "成员单位", "职责", "办公电话", "负责人"]
ROWS = [
    [2, "工作组", "师生管理组", "教务处", "会计学院、护理学院", "师生摸排", "0000-8880102", "施彩甲"],
    [1, "领导小组", "防控领导小组", "教务处", "图书馆", "统一部署", "", "施彩乙"],
]


def test_the_page_stands_in_order_and_names_nobody(school: School) -> None:
    school.staff(["00001", "否", 36.5, "无", "无"])
    school.sheet("组织机构/机构.xlsx", [HEAD, *ROWS])
    assert [r[1] for r in school.table("机构与职责")] == ["防控领导小组", "师生管理组"]
    assert school.figure("工作组")[0] == 1
    school.publish()
    html = school.page("ledgers/organisation.html")
    assert html.index("防控领导小组") < html.index("师生管理组")
    assert "施彩" not in html
    school.sheet("组织机构/机构.xlsx", [HEAD, ROWS[0], [*ROWS[1][:3], "无此单位", *ROWS[1][4:]]])
    assert ("unknown-unit", "无此单位") in school.warned()
