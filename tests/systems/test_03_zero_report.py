"""System 3: the unit's zero report, reconciled with its own people's rows."""

from __future__ import annotations

from .school import NOON, School, codes

QUIET = [
    ["2020-02-06 08:00:00", "教务处", 2, 2, 0, "无", "零", "是", "褚航敏"],
    ["2020-02-06 08:10:00", "会计学院", 4, 4, 0, 0, 0, "是", "奚悦恩"],
]


def test_the_four_states_are_kept_apart(school: School) -> None:
    school.units(
        *QUIET,
        ["2020-02-06 08:20:00", "护理学院", 5, 5, 1, 1, 0, "否", "云涵安"],
        ["2020-02-06 08:30:00", "图书馆", 1, 1, "", 0, 0, "是", "窦舟琪"],
    )
    assert school.states() == {"教务处": "zero", "图书馆": "rejected", "会计学院": "zero", "护理学院": "cases"}
    assert school.figure("疑似") == (1, 3, 4)
    school.units(*QUIET)
    assert school.states() == {"教务处": "zero", "图书馆": "missing", "会计学院": "zero", "护理学院": "missing"}


def test_a_zero_that_its_own_rows_contradict_is_an_alert(school: School) -> None:
    school.units(*QUIET)
    school.staff(["00001", "是", 37.3, "无", "无"])
    found = school.check()
    unit = next(u for u in found["units"] if u["unit"] == "教务处")
    assert unit == {"unit": "教务处", "state": "zero", "late": False,
                    "contradictions": [{"form": "staff_daily", "file": "教职工日报/教职工2月6日.xlsx", "cell": "A2"}]}  # fmt: skip
    assert ("contradiction", "B2") in codes(found, ["alert"])
    school.staff(["00001", "是", 37.2, "无", "无"])
    assert next(u for u in school.check()["units"] if u["unit"] == "教务处")["contradictions"] == []


def test_late_by_time_of_submission_or_because_it_was_not_there_after_the_deadline(school: School) -> None:
    school.units(["2020-02-06 10:00:00", *QUIET[0][1:]], ["2020-02-06 10:00:01", *QUIET[1][1:]])
    assert {u["unit"]: u["late"] for u in school.check()["units"]}["会计学院"] is True
    assert {u["unit"]: u["late"] for u in school.check()["units"]}["教务处"] is False
    school.sheet("零报告/图书馆2月6日.xlsx", [["单位名称", "异常人数", "疑似", "确诊"], ["图书馆", 0, 0, 0]])
    assert {u["unit"]: u["late"] for u in school.check()["units"]}["图书馆"] is False  # nobody had looked after ten
    school.sheet("零报告/护理学院2月6日.xlsx", [["单位名称", "异常人数", "疑似", "确诊"], ["护理学院", 0, 0, 0]])
    school.run("check", "--date", "2020-02-06", "--as-of", "2020-02-06T12:30")
    assert "护理学院" in school.run("check", "--date", "2020-02-06", "--as-of", "2020-02-06T12:31").split("迟报（2）：")[1].splitlines()[0]


def test_an_excused_unit_is_not_expected(school: School) -> None:
    school.units(*QUIET)
    with (school.root / "jianbao.toml").open("a", encoding="utf-8") as settings:
        settings.write('\n[[permission]]\nunit = "图书馆"\nsince = 2020-02-06\nreason = "整体搬迁"\n')
    found = school.check()
    assert found["extra"]["excused"] == {"图书馆": "整体搬迁"}
    assert school.figure("单位应报")[0] == 3
    assert "图书馆" not in school.run("remind", "--date", "2020-02-06", "--as-of", NOON)


def test_counts_that_differ_from_roster_and_rows_are_named(school: School) -> None:
    school.units(["2020-02-06 08:00:00", "教务处", 3, 2, 0, 0, 0, "是", "褚航敏"])
    school.staff(["00001", "是", 36.5, "无", "无"])
    found = [(f["field"], f["found"], f["expected"]) for f in school.check()["findings"] if f["code"] == "count-mismatch"]
    assert found == [("expected", "3", "2"), ("received", "2", "1")]


def test_a_reporter_the_unit_list_does_not_name(school: School) -> None:
    school.units([*QUIET[0][:-1], "云涵安"])
    assert [f["found"] for f in school.check()["findings"] if f["code"] == "reporter-unknown"] == ["云涵安"]
