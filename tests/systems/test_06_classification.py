"""System 6: every student in exactly one class, an individual plan for each in a risk class, and what has changed since yesterday."""

from __future__ import annotations

from pathlib import Path

import pytest

from .school import DAY, NOON, School

PLANS = ["学号", "姓名", "管理措施", "责任人", "下次联系日期"]
ISOLATED = ["学号或工号", "姓名", "开始日期", "观察地点", "房间", "解除日期"]


@pytest.fixture
def classified(school: School) -> School:
    """One student observed at home, one with a fever, one on campus; the others at home."""
    school.sheet("隔离观察/名册.xlsx", [ISOLATED, ["20190001", "褚珊甲", "2020-02-01", "居家", "", ""]])
    school.students(["20190002", 37.8, "无", "无", "否"], ["20190003", 36.5, "无", "无", "是"], ["20190004", 36.5, "无", "无", "否"])
    school.sheet(
        "分类管理/一人一策.xlsx",
        [PLANS, ["20190001", "褚珊甲", "每天联系", "窦舟琪", "2020-02-07"], ["20190002", "褚珊乙", "送诊", "", ""]],
    )
    return school


def test_the_table_of_classes_and_units_adds_up_to_the_roster(classified: School) -> None:
    rows = classified.table("分类统计表")
    assert {r[0]: r[-1] for r in rows} == {"会计学院": 3, "护理学院": 3}
    assert classified.figure("已分类学生") == (6, 6, 6)
    assert {(r[0], r[1]): r[2] for r in classified.table("各类学生人数")} == {
        ("重点管控", "居家或住院观察"): 1, ("密切关注", "有症状或接触史"): 1, ("在校管理", "在校学生"): 1, ("一般管理", "居家学生"): 3,
    }  # fmt: skip


def test_a_risk_class_needs_a_whole_plan(classified: School) -> None:
    assert ("plan-missing", "20190002") in classified.warned()
    assert ("plan-missing", "20190001") not in classified.warned()
    assert [r[5] for r in classified.listed("一人一策/会计学院.xlsx")] == ["20190001", "20190002"]
    classified.sheet("分类管理/一人一策.xlsx", [PLANS, ["20190002", "褚珊乙", "送诊", "窦舟琪", "2020-02-07"]])
    assert {c for c in classified.warned() if c[0] == "plan-missing"} == {("plan-missing", "20190001")}


def test_the_list_of_changes_names_who_was_elsewhere_yesterday(classified: School) -> None:
    classified.check()
    classified.students(["20190002", 36.5, "无", "无", "否"], ["20190003", 36.5, "无", "无", "是"], day="2月7日")
    classified.check("2020-02-07")
    assert [(r[3], r[5], r[6]) for r in classified.listed("分类变动.xlsx", "2020-02-07")] == [("20190002", "有症状或接触史", "居家学生")]


def test_a_rule_that_overlaps_is_refused_with_rules_and_count(classified: School) -> None:
    classified.form(
        "student_classes", ("{code: D1,", "{code: E1, kind: 在校管理, title: 住校的人, when: student_daily.on_campus}\n      - {code: D1,")
    )
    (said,) = [f["message"] for f in classified.check()["findings"] if f["code"] == "not-one-class"]
    assert "有 1 人同时符合 2 类" in said
    assert "C1 在校学生（student_daily.on_campus）" in said
    assert "E1 住校的人（student_daily.on_campus）" in said
    assert [r[3] for r in classified.listed("分类核对.xlsx")] == ["20190003"]
    refused = classified.publish(code=3)
    assert "有 1 人同时符合 2 类" in refused
    assert not list((classified.root / "record").glob("0*"))


def test_a_gap_is_refused_too(classified: School) -> None:
    classified.form("student_classes", ("title: 居家学生}", "title: 居家学生, when: student_daily.temperature > 50}"))
    assert "有 3 人不符合任何一类" in classified.publish(code=3)


@pytest.mark.slow
def test_13699_students_are_in_one_class_each(tmp_path: Path) -> None:
    school = School(tmp_path / "大学校")
    for path in (school.root / "inbox").rglob("*.xlsx"):
        path.unlink()
    head = ["学号", "姓名", "学院", "班级", "校区"]
    people = [[f"{n:08d}", f"褚珊{n}", f"学院{n % 9}", f"班{n % 340}", "东校区"] for n in range(1, 13_700)]
    school.sheet("花名册/单位.xlsx", [["单位", "类别"], *([f"学院{n}", "学院"] for n in range(9))])
    school.sheet("花名册/学生花名册.xlsx", [head, *people])
    answers = [[p[0], 37.6 if n % 1000 == 0 else 36.5, "无", "无", "是" if n % 50 == 0 else "否"] for n, p in enumerate(people)]
    school.students(*answers)
    assert school.figure("已分类学生") == (13_699, 13_699, 13_699)
    by_class = {r[1]: r[2] for r in school.table("各类学生人数")}
    assert sum(by_class.values()) == 13_699
    assert by_class == {"有症状或接触史": 14, "在校学生": 274 - 14, "居家学生": 13_699 - 274}
    assert sum(r[-1] for r in school.table("分类统计表")) == 13_699
    school.form(
        "student_classes",
        ("{code: D1,", "{code: E1, kind: 一般管理, title: 体温正常, when: student_daily.temperature < 37}\n      - {code: D1,"),
    )
    (said,) = [f["message"] for f in school.check()["findings"] if f["code"] == "not-one-class"]
    assert "有 260 人同时符合 2 类：C1 在校学生（student_daily.on_campus）；E1 体温正常（student_daily.temperature < 37）" in said
    assert school.run("check", "--date", DAY, "--as-of", NOON)
