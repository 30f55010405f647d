"""System 1: the student daily health report, from the sheet to figures, follow-up and supervision."""

from __future__ import annotations

from .school import School, codes

ALL_WELL = [[f"2019000{n}", 36.5, "无", "无", "否"] for n in range(1, 7)]


def test_students_counted_and_the_silent_ones_named_to_the_counsellor(school: School) -> None:
    school.students(*ALL_WELL[:4])
    assert school.figure("在校学生") == (0, 4, 6)
    school.run("remind", "--date", "2020-02-06", "--as-of", "2020-02-06T12:00")
    assert school.listed("未报名单/护理学院.xlsx") == [
        ["护理学院", None, "00005", "施彩戊"],
        ["护理学院", None, "00006", "施彩己"],
        ["护理学院", "护理1901班", "20190005", "褚珊戊"],
        ["护理学院", "护理1901班", "20190006", "褚珊己"],
    ]
    school.students(*ALL_WELL[:4], ["20190005", 36.4, "无", "无", "是"])
    assert school.figure("在校学生") == (1, 5, 6)


def test_a_bad_row_is_named_by_cell_and_does_not_count(school: School) -> None:
    school.students(*ALL_WELL[:3], ["20190004", "三十六度五", "无", "无", "否"], ["20199999", 36.5, "无", "无", "否"])
    found = school.check()
    assert [f for f in codes(found, ["error"]) if f[1]] == [("bad-type", "B5"), ("unknown-person", "A6")]
    assert school.figure("在校学生") == (0, 3, 6)


def test_a_later_answer_replaces_an_earlier_one_and_a_withdrawn_fever_stays_on_the_list(school: School) -> None:
    head = ["提交时间", "学号", "体温", "症状", "接触史", "是否在校"]
    school.sheet("学生日报/问卷.xlsx", [
        head, ["2020/2/6 08:00:00", "20190001", 38.4, "无", "无", "否"], ["2020/2/6 09:00:00", "20190001", 36.4, "无", "无", "否"],
    ])  # fmt: skip
    found = school.check()
    assert [(f["accepted"], f["superseded"]) for f in found["files"] if f["form"] == "student_daily"] == [(1, 1)]
    assert not codes(found, ["alert"])
    assert [(r[0], r[4], r[7]) for r in school.listed("须联系人员.xlsx")] == [("已撤回", "20190001", "38.4")]
