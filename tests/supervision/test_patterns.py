"""Patterns worth a look: each is found where it is, is not where one thing is otherwise, and can be switched off."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from systems.school import School

DAYS = [f"2020-02-{n:02}" for n in range(1, 8)]
CLASS = 12


@pytest.fixture
def school(tmp_path: Path) -> School:
    """A school with two classes of twelve."""
    school = School(tmp_path / "学校")
    school.sheet("花名册/学生花名册.xlsx", [
        ["学号", "姓名", "学院", "班级", "校区"],
        *([number(n), f"褚珊{chr(0x4E00 + n)}", "会计学院", f"会计190{n // CLASS + 1}班", "东校区"] for n in range(2 * CLASS)),
    ])  # fmt: skip
    return school


def number(n: int) -> str:
    return f"2019{n:04}"


def day_of(day: str) -> str:
    return f"{int(day[5:7])}月{int(day[8:])}日"


def temperatures(school: School, day: str, first: Sequence[float], second: Sequence[float] = (), minute: str = "") -> None:
    """Write a day's temperatures of the two classes; the second one's differ from day to day unless they are given."""
    varied = second or [36.0 + (n * 7 + int(day[-2:]) * 3) % 10 / 10 for n in range(CLASS)]
    times = [f"{day} {minute}:{n % 60:02}" if minute else f"{day} 08:{n:02}:00" for n in range(2 * CLASS)]
    rows = [[number(n), t, "无", "无", "否", times[n]] for n, t in enumerate([*first, *varied])]
    school.sheet(f"学生日报/学生{day_of(day)}.xlsx", [["学号", "体温", "症状", "接触史", "是否在校", "提交时间"], *rows])


def varied(seed: int) -> list[float]:
    return [36.0 + (n * seed + seed) % 9 / 10 for n in range(CLASS)]


def units(school: School, day: str, abnormal: float, returned: int | None = None) -> None:
    head = ["单位名称", "异常人数", "疑似", "确诊", "累计返校"]
    school.sheet(f"零报告/零报告{day_of(day)}.xlsx", [head, ["会计学院", abnormal, 0, 0, returned], ["图书馆", 0, 0, 0, 1]])


PATTERNS = ("copied-answers", "one-value", "same-minute", "fell-silently", "unusual-jump")


def found(school: School, day: str = DAYS[0]) -> list[dict[str, Any]]:
    return [f for f in school.check(day)["findings"] if f["code"] in PATTERNS]


def codes(school: School, day: str = DAYS[0]) -> list[str]:
    return [f["code"] for f in found(school, day)]


def set_patterns(school: School, said: str, form: str = "student_daily") -> None:
    path = school.root / f"forms_schema/{form}.yaml"
    path.write_text(path.read_text("utf-8").replace("  version: 1\n", f"  version: 1\n  patterns: {said}\n", 1), encoding="utf-8")


def test_one_temperature_for_a_whole_class(school: School) -> None:
    temperatures(school, DAYS[0], [36.5] * CLASS)
    (one,) = found(school)
    assert (one["code"], one["severity"], one["found"], one["expected"]) == ("one-value", "warning", "36.5", "12")
    assert (one["file"], one["cell"]) == ("学生日报/学生2月1日.xlsx", None)
    assert one["message"].startswith("会计学院 会计1901班：12 人的“体温”全部是 36.5")
    temperatures(school, DAYS[0], [36.5] * (CLASS - 1) + [36.6])
    assert codes(school) == []


def test_everybody_in_one_minute(school: School) -> None:
    temperatures(school, DAYS[0], varied(5), minute="09:47")
    assert [(f["code"], f["found"]) for f in found(school)] == [("same-minute", "09:47")] * 2
    temperatures(school, DAYS[0], varied(5))
    assert codes(school) == []


def test_the_same_answers_day_after_day(school: School) -> None:
    for day in DAYS[:3]:
        temperatures(school, day, varied(5))
        said = found(school, day)
    assert [(f["code"], f["found"], f["expected"]) for f in said] == [("copied-answers", "12/12", "3")]
    assert "会计1901班" in said[0]["message"]
    temperatures(school, DAYS[3], [*varied(5)[:-1], 36.9])
    assert [f["found"] for f in found(school, DAYS[3])] == ["11/12"]  # one answer mended hides nothing
    temperatures(school, DAYS[4], varied(2))
    assert codes(school, DAYS[4]) == []


def test_two_days_alike_are_not_three(school: School) -> None:
    temperatures(school, DAYS[0], varied(5))
    temperatures(school, DAYS[1], varied(5))
    school.check(DAYS[0])
    assert codes(school, DAYS[1]) == []


def rising(school: School) -> None:
    path = school.root / "forms_schema/unit_daily.yaml"
    text = path.read_text("utf-8")
    field = "  - {name: returned_total, title: 累计返校, type: integer, jianbao: {privacy: aggregate}}\n"
    path.write_text(text.rstrip("\n") + "\n" + field, encoding="utf-8")
    set_patterns(school, "{falls: {fields: [returned_total]}}", "unit_daily")


def test_a_number_that_can_only_rise_has_fallen(school: School) -> None:
    rising(school)
    units(school, DAYS[0], 0, 30)
    units(school, DAYS[1], 0, 28)
    school.check(DAYS[0])
    (one,) = found(school, DAYS[1])
    assert (one["code"], one["field"], one["found"], one["expected"], one["cell"]) == ("fell-silently", "returned_total", "28", "30", "A2")
    units(school, DAYS[1], 0, 30)
    assert codes(school, DAYS[1]) == []


def test_a_total_that_can_only_rise_is_watched_unless_the_form_says_no(school: School) -> None:
    school.staff(["00001", "是", 36.5, "无", "无"], ["00002", "是", 36.6, "无", "无"], day=day_of(DAYS[0]))
    school.check(DAYS[0])
    school.staff(["00001", "是", 36.5, "无", "无"], day=day_of(DAYS[0]))
    school.staff(["00001", "是", 36.6, "无", "无"], day=day_of(DAYS[1]))
    assert codes(school, DAYS[1]) == ["fell-silently"]
    set_patterns(school, "{falls: false}", "staff_daily")
    assert codes(school, DAYS[1]) == []


@pytest.mark.parametrize(("today", "expected"), [(30, ["unusual-jump", "unusual-jump"]), (7, []), (0, [])])
def test_a_jump_beyond_the_usual_range(school: School, today: int, expected: list[str]) -> None:
    for day, count in zip(DAYS, [2, 3, 2, 4, 3, 2], strict=False):
        units(school, day, count)
        assert codes(school, day) == []
    units(school, DAYS[6], today)
    assert codes(school, DAYS[6]) == expected
    if expected:
        of_unit = next(f for f in found(school, DAYS[6]) if f["cell"])
        assert (of_unit["field"], of_unit["found"], of_unit["expected"], of_unit["cell"]) == ("abnormal", "30", "2 到 4", "A2")


def test_few_days_say_nothing_of_what_is_usual(school: School) -> None:
    for day in DAYS[:4]:
        units(school, day, 2)
        school.check(day)
    units(school, DAYS[4], 60)
    assert codes(school, DAYS[4]) == []


def everybody_alike(school: School) -> None:
    for day in DAYS[:3]:
        temperatures(school, day, [36.5] * CLASS, [36.4] * CLASS, minute="09:00")
        school.check(day)


ALL = ["copied-answers", "one-value", "same-minute"]


@pytest.mark.parametrize(("said", "left"), [
    ("true", ALL),
    ("false", []),
    ("{copied: false}", ["one-value", "same-minute"]),
    ("{one_value: false}", ["copied-answers", "same-minute"]),
    ("{same_minute: false}", ["copied-answers", "one-value"]),
    ("{one_value: {least: 13}, same_minute: {least: 13}}", ["copied-answers"]),
    ("{copied: {days: 4}}", ["one-value", "same-minute"]),
])  # fmt: skip
def test_each_can_be_switched_off_or_set_per_form(school: School, said: str, left: list[str]) -> None:
    set_patterns(school, said)
    everybody_alike(school)
    assert sorted(set(codes(school, DAYS[2]))) == left


@pytest.mark.parametrize(("said", "told"), [
    ("{copyed: false}", "不认识的键 copyed。是不是 copied"),
    ("{copied: {days: 1}}", "days"),
    ("{falls: {fields: [temprature]}}", "没有名为 temprature 的字段。是不是 temperature"),
])  # fmt: skip
def test_a_wrong_word_is_told_with_its_line(school: School, said: str, told: str) -> None:
    set_patterns(school, said)
    output = school.run("check", "--date", DAYS[0], code=2)
    assert "student_daily.yaml 第 11 行" in output
    assert told in output


def test_check_says_them_in_words_and_no_row_is_lost(school: School) -> None:
    everybody_alike(school)
    output = school.run("check", "--date", DAYS[2], "--as-of", f"{DAYS[2]}T12:00")
    assert "值得一看（6）：" in output
    assert next(f for f in school.check(DAYS[2])["files"] if DAYS[2][-1] in f["file"])["rejected"] == 0


@pytest.mark.parametrize("write", [lambda s: temperatures(s, DAYS[0], [36.5] * CLASS), everybody_alike])
def test_no_person_is_named(school: School, write: Callable[[School], None]) -> None:
    write(school)
    said = " ".join(str(f) for f in found(school, DAYS[2])) + " ".join(str(f) for f in found(school))
    assert said
    assert not [n for n in range(2 * CLASS) if number(n) in said or f"褚珊{chr(0x4E00 + n)}" in said]
