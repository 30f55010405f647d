"""System 7: above the threshold of the day, symptoms, contact: whom to call, by role and place, in the hour of the pull."""

from __future__ import annotations

from .school import School, codes


def test_who_must_be_called_and_by_whom(school: School) -> None:
    school.staff(["00001", "否", 37.3, "无", "无"], ["00002", "否", 37.2, "无", "无"], ["00003", "否", 36.5, "干咳", "无"])
    school.students(["20190001", 36.5, "无", "有", "是"], ["20190002", 36.5, "无", "无", "是"])
    found = school.check()
    assert codes(found, ["alert"]) == [("contact", "D2"), ("fever", "C2"), ("symptom", "D4")]
    rows = {r[4]: (r[1], r[2], r[3], r[8]) for r in school.listed("须联系人员.xlsx")}
    assert rows == {
        "00001": ("教务处", None, "东校区", "卫生所、部门负责人"),
        "00003": ("图书馆", None, "西校区", "卫生所、部门负责人"),
        "20190001": ("会计学院", "会计1901班", "东校区", "学生工作部门、学院党总支书记"),
    }


def test_the_threshold_is_that_of_the_day(school: School) -> None:
    settings = school.root / "jianbao.toml"
    settings.write_text(
        settings.read_text("utf-8") + '\n[[setting]]\nname = "fever_threshold"\nvalue = 37.0\nsince = 2020-02-07\n', encoding="utf-8"
    )
    for day in ("2月6日", "2月7日"):
        school.staff(["00001", "否", 37.1, "无", "无"], day=day)
    assert codes(school.check("2020-02-06"), ["alert"]) == []
    assert codes(school.check("2020-02-07"), ["alert"]) == [("fever", "C2")]
