"""`jianbao supervise`: late, missing, changed and contradicting reports by unit over a period, ranked, with no person in it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from jianbao import pages
from jianbao.documents import Document, read_document
from systems.school import School

DAYS = ("2020-02-03", "2020-02-04", "2020-02-05")
LATER = "2020-02-08T12:00"


def report(
    day: str, unit: str, *, clock: str = "08:00:00", abnormal: object = 0, people: int | str = "", come: int | str = ""
) -> list[object]:
    return [f"{day} {clock}", unit, people, come, abnormal, 0, 0, "是" if abnormal == 0 else "否", ""]


def day_of(day: str) -> str:
    return f"2月{int(day[8:])}日"


@pytest.fixture(scope="module")
def worked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three days worked each at its noon, the first one published; on 2月6日 nobody reports at all.

    会计学院 is late once and speaks against its own zero once; 图书馆 is missing twice and rejected once; 教务处 is as it should be.
    """
    school = School(tmp_path_factory.mktemp("worked") / "学校")
    for n, day in enumerate(DAYS):
        rows = [report(day, "教务处"), report(day, "会计学院", clock="10:30:00" if n == 1 else "08:00:00"), report(day, "护理学院")]
        rows += [report(day, "图书馆", abnormal="很多")] if n == 2 else []
        school.units(*rows, day=day_of(day))
        school.staff(["00001", "否", 36.5, "无", "无"], ["00004", "否", 38.1 if n == 2 else 36.6, "无", "无"], day=day_of(day))
        school.run("check", "--date", day, "--as-of", f"{day}T12:00")
    school.run("publish", "--date", DAYS[0], "--as-of", f"{DAYS[2]}T13:00", "--signed-by", "褚航敏")
    return school.root


@pytest.fixture
def school(worked: Path, tmp_path: Path) -> School:
    copy: School = object.__new__(School)
    copy.root = Path(shutil.copytree(worked, tmp_path / "学校"))
    return copy


def supervise(school: School, first: str = DAYS[0], last: str = "2020-02-07", code: int = 0) -> str:
    return school.run("supervise", "--from", first, "--to", last, "--as-of", LATER, code=code)


def page_of(school: School, first: str = DAYS[0], last: str = "2020-02-07") -> Document:
    name = f"supervision/{first}_{last}.md"
    document = read_document(pages.read(school.root / "site", name))
    assert isinstance(document, Document)
    return document


def table(school: School) -> dict[str, list[str]]:
    """Return the page's table: by unit, rank and expected, missing, rejected, late, contradicting, miscounted, changed, rows, remarks."""
    lines = [line.strip("| ").split(" | ") for line in page_of(school).body.splitlines() if line.startswith("| ")]
    return {unit: [rank, *rest] for rank, unit, *rest in lines[2:]}


def test_each_unit_has_its_days_and_its_rank(school: School) -> None:
    supervise(school)
    assert table(school) == {
        "图书馆": ["1", "3", "2", "1", "0", "0", "0", "0", "0", "0"],
        "会计学院": ["2", "3", "0", "0", "1", "1", "0", "0", "0", "0"],
        "教务处": ["3", "3", "0", "0", "0", "0", "0", "0", "0", "0"],
        "护理学院": ["3", "3", "0", "0", "0", "0", "0", "0", "0", "0"],
    }
    school.units(report(DAYS[0], "图书馆"), *(report(DAYS[0], u) for u in ("教务处", "会计学院", "护理学院")), day=day_of(DAYS[0]))
    supervise(school)
    assert table(school)["图书馆"][:3] == ["1", "3", "1"]


def test_the_text_to_send_names_units_and_days_and_nobody(school: School) -> None:
    supervise(school)
    text = (school.root / "private/out/supervision/2020-02-03_2020-02-07/通报.txt").read_text("utf-8")
    assert "1. 图书馆：漏报 2 次（2月3日、2月4日）、报告无效 1 次（2月5日）" in text
    assert "2. 会计学院：报零而有情况 1 次（2月5日）、迟报 1 次（2月4日）" in text
    assert "教务处、护理学院。" in text
    assert "有报告的 3 天里，应报 12 次" in text
    said = text + page_of(school).body
    assert not [p for p in ("00004", "施彩丁", "褚航敏", "窦舟琪", "38.1") if p in said]


def test_the_page_is_internal_and_reaches_no_public_tree(school: School) -> None:
    supervise(school)
    assert not page_of(school).public
    school.run("publish", "--date", DAYS[1], "--as-of", LATER, "--signed-by", "褚航敏")
    built = [p for folder in ("build/public", "record") for p in (school.root / folder).rglob("*") if p.is_file()]
    assert built
    assert not [p for p in built if "2020-02-03_" in p.name or "每日报告督查".encode() in p.read_bytes()]


def test_rows_changed_after_the_day_was_published_are_changes(school: School) -> None:
    path = school.root / "inbox/教职工日报/教职工2月3日.xlsx"
    school.staff(["00001", "否", 36.5, "无", "无"], ["00004", "是", 36.9, "无", "无"], day=day_of(DAYS[0]))
    assert path.is_file()
    supervise(school)
    assert table(school)["会计学院"] == ["1", "3", "0", "0", "1", "1", "0", "1", "1", "0"]
    assert table(school)["教务处"][7] == "0"


def test_a_change_on_the_day_itself_is_none(school: School) -> None:
    school.staff(["00001", "否", 36.5, "无", "无"], ["00004", "否", 38.2, "无", "无"], day=day_of(DAYS[2]))
    school.run("check", "--date", DAYS[2], "--as-of", f"{DAYS[2]}T16:00")
    supervise(school)
    assert table(school)["会计学院"][7] == "0"
    school.staff(["00001", "否", 36.5, "无", "无"], ["00004", "否", 38.3, "无", "无"], day=day_of(DAYS[2]))
    supervise(school)  # two days later: not published, and over
    assert table(school)["会计学院"][7] == "1"


def test_counts_of_its_own_that_are_wrong_are_the_units(school: School) -> None:
    rows = [
        report(DAYS[2], u, people=2 if u == "教务处" else "", come=2 if u == "教务处" else "") for u in ("教务处", "会计学院", "护理学院")
    ]
    school.units(*rows, day=day_of(DAYS[2]))
    supervise(school)
    assert table(school)["教务处"][6] == "1"  # two reported on, it says, and the office has one


def test_an_excused_unit_is_not_missing(school: School) -> None:
    with (school.root / "jianbao.toml").open("a", encoding="utf-8") as settings:
        settings.write('\n[[permission]]\nunit = "图书馆"\nsince = 2020-02-03\nuntil = 2020-02-04\nreason = "整体搬迁"\n')
    supervise(school)
    assert table(school)["图书馆"][1:4] == ["1", "0", "1"]


def test_patterns_are_told_to_the_office_and_not_sent(school: School) -> None:
    path = school.root / "forms_schema/staff_daily.yaml"
    path.write_text(
        path.read_text("utf-8").replace("  version: 1\n", "  version: 1\n  patterns: {one_value: {least: 2}}\n", 1), encoding="utf-8"
    )
    school.staff(["00005", "否", 36.5, "无", "无"], ["00006", "否", 36.5, "无", "无"], day=day_of(DAYS[1]))
    text = supervise(school)
    assert table(school)["护理学院"][-1] == "1"
    assert "护理学院：2 人的“体温”全部是 36.5" in page_of(school).body.replace("&#58;", ":")
    assert "全部是" not in text


def test_a_page_that_somebody_edited_is_not_written_over(school: School) -> None:
    supervise(school)
    path = school.root / "site/supervision/2020-02-03_2020-02-07.md"
    path.write_text(path.read_text("utf-8") + "\n已约谈图书馆负责人。\n", encoding="utf-8")
    assert "被人修改过" in supervise(school, code=4)
    assert "已约谈" in path.read_text("utf-8")


def test_looking_back_changes_nothing(school: School) -> None:
    supervise(school)
    ledger = {p: p.read_bytes() for p in (school.root / "private/ledger").rglob("*") if p.is_file()}
    supervise(school)
    assert {p: p.read_bytes() for p in ledger} == ledger


@pytest.mark.parametrize(("first", "last", "told"), [
    ("2020-02-07", "2020-02-03", "之后"),
    ("2020-01-01", "2020-01-03", "没有任何单位的报告"),
    ("2月3日", "2020-02-07", "2020-02-06 这样的写法"),
])  # fmt: skip
def test_a_period_without_sense_is_told(school: School, first: str, last: str, told: str) -> None:
    assert told in supervise(school, first, last, code=2)
