"""Who is excused, who has changed class or unit, and campuses in every figure and list."""

from __future__ import annotations

from .school import DAY, School

UNITS = [
    ["2020-02-06 08:00:00", "教务处", 2, 2, 0, 0, 0, "是", "褚航敏"],
    ["2020-02-06 10:40:00", "会计学院", 4, 4, 0, 0, 0, "是", "奚悦恩"],
]
HEAD = ["学号", "姓名", "学院", "班级", "校区", "辅导员"]
PEOPLE = (
    ("甲", "护理学院", "护理1901班", "西校区"),
    ("乙", "会计学院", "会计1901班", "东校区"),
    ("丙", "会计学院", "会计1902班", "东校区"),
    ("丁", "护理学院", "护理1901班", "西校区"),
    ("戊", "护理学院", "护理1901班", "西校区"),
    ("己", "护理学院", "护理1901班", "西校区"),
)
STUDENTS = [[f"2019000{n}", f"褚珊{c}", unit, class_, campus, "窦舟琪"] for n, (c, unit, class_, campus) in enumerate(PEOPLE, 1)]


def permit(school: School, text: str) -> None:
    """Add to the settings."""
    with (school.root / "jianbao.toml").open("a", encoding="utf-8") as settings:
        settings.write(text)


def test_a_unit_allowed_late_is_not_late_until_its_hour(school: School) -> None:
    school.units(*UNITS)
    assert {u["unit"]: u["late"] for u in school.check()["units"]}["会计学院"] is True
    permit(school, '\n[[permission]]\nunit = "会计学院"\nsince = 2020-02-06\nlate_until = "11:00"\nreason = "整栋停电"\n')
    found = school.check()
    assert {u["unit"]: u["late"] for u in found["units"]}["会计学院"] is False
    assert found["extra"]["excused"]["会计学院"] == "整栋停电"
    school.units(UNITS[0], ["2020-02-06 11:00:01", *UNITS[1][1:]])
    assert {u["unit"]: u["late"] for u in school.check()["units"]}["会计学院"] is True


def test_an_excused_unit_stands_in_the_briefing_with_its_reason(school: School) -> None:
    school.units(*UNITS)
    permit(school, '\n[[permission]]\nunit = "图书馆"\nsince = 2020-02-06\nuntil = 2020-02-07\nreason = "整体搬迁"\n')
    school.publish()
    assert "经批准不报：图书馆（整体搬迁）" in school.page("briefings/2020/2020-02-06.html")


def test_who_has_changed_class_counts_where_the_roster_of_the_day_has_them(school: School) -> None:
    school.students(["20190001", 36.5, "无", "无", "是"])
    assert "会计学院：1" in school.run("explain", "在校学生", "--date", DAY, "--as-of", f"{DAY}T12:00")
    school.sheet("花名册/学生花名册.xlsx", [HEAD, *STUDENTS])  # on the 7th the first student moves
    school.students(["20190001", 36.5, "无", "无", "是"], day="2月7日")
    later = school.run("explain", "在校学生", "--date", "2020-02-07", "--as-of", "2020-02-07T12:00")
    assert "护理学院：1" in later
    assert "会计学院：1" not in later
    again = school.run("explain", "在校学生", "--date", DAY, "--as-of", "2020-02-07T13:00")
    assert "会计学院：1" in again


def test_campuses_stand_beside_every_figure_that_has_them(school: School) -> None:
    school.students(*([f"2019000{n}", 36.5, "无", "无", "是"] for n in range(1, 7)))
    school.units(
        ["2020-02-06 08:00:00", "教务处", 2, 2, 7, 0, 0, "否", "褚航敏"], ["2020-02-06 08:00:00", "护理学院", 5, 5, 8, 0, 0, "否", "云涵安"]
    )
    school.sheet("应急演练/演练.xlsx", [["演练日期", "科目", "校区", "参演人数"], [DAY, "转送", "西校区", 30]])
    school.publish()
    table = school.page("data/index.html").split('id="campuses"')[1].split("</table>")[0]
    rows = {
        r.split("</th>")[0].rsplit(">", 1)[1]: [c.split("</td>")[0].rsplit(">", 1)[-1] for c in r.split("<td")[1:]]
        for r in table.split("<tr>")[2:]
    }
    assert rows["异常人数"] == ["7", "8", "15"]
    assert rows["参演人次累计"][1:] == ["30", "30"]


def test_a_role_that_every_unit_has_is_told_of_its_own_people(school: School) -> None:
    school.students(["20190001", 37.9, "无", "无", "否"], ["20190004", 38.1, "无", "无", "否"])
    school.check()
    assert [r[4] for r in school.listed("通知/学院党总支书记（会计学院）.xlsx")] == ["20190001"]
    assert [(r[4], r[3]) for r in school.listed("通知/卫生所.xlsx")] == [("20190001", "东校区"), ("20190004", "西校区")]
    school.students(["20190001", 36.9, "无", "无", "否"], ["20190004", 38.1, "无", "无", "否"])
    school.check()
    assert [(r[0], r[4]) for r in school.listed("通知/卫生所.xlsx")] == [("须联系", "20190004"), ("已撤回", "20190001")]


def test_an_alert_rule_is_in_force_between_its_days(school: School) -> None:
    school.form(
        "student_daily",
        ("severity: alert,\n       receiver: 学生工作部门", "severity: alert, since: 2020-02-07,\n       receiver: 学生工作部门"),
    )
    for day in ("2月6日", "2月7日"):
        school.students(["20190001", 36.5, "无", "有", "否"], day=day)
    assert "contact" not in {c for c, _said in school.warned()}
    assert "contact" in {c for c, _said in school.warned("2020-02-07")}


def test_numbers_beside_each_other_are_no_telephone_in_the_search_index(school: School) -> None:
    head = ["填报日期", "学院", "毕业生数", "已签约", "升学", "求职中"]
    school.units(*UNITS)
    school.sheet("就业周报/周报.xlsx", [head, [DAY, "会计学院", 13800, 1380, 0, 12420], [DAY, "护理学院", 1381, 13, 800, 568]])
    school.publish()
    assert "13800" in school.page("ledgers/employment_weekly.html")
