"""System 23: returns in the receiver's own layout, filled from the figures of the published briefing and no others."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from click.testing import CliRunner
from openpyxl.styles import Border, Font, PatternFill, Side
from openpyxl.worksheet.worksheet import Worksheet

from conftest import ROOT, OfficeFactory
from jianbao.cli.commands import jianbao
from jianbao.record import Record
from jianbao.sample import FULL, SAMPLE_DAYS, write_sample

from .school import DAY, NOON, School

LATER = "2020-02-06T14:00"
OUT = f"private/out/returns/{DAY}"


@pytest.fixture(scope="module")
def issued(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A school that has published its day: 图书馆 and 护理学院 have not reported, 会计学院 reports to 教务处's sum."""
    school = School(tmp_path_factory.mktemp("issued") / "学校")
    school.units(
        ["2020-02-06 08:00:00", "教务处", 2, 2, 0, 0, 0, "是", "褚航敏"],
        ["2020-02-06 08:10:00", "会计学院", 4, 4, 3, 1, 0, "否", "奚悦恩"],
    )
    school.staff(["00001", "是", 36.5, "无", "无"], ["00002", "否", 36.6, "无", "无"], ["00004", "是", 36.6, "无", "无"])
    school.students(*([f"2019000{n}", 36.5, "无", "无", "是" if n < 3 else "否"] for n in range(1, 5)))
    school.run("publish", "--date", DAY, "--as-of", NOON, "--signed-by", "褚航敏")
    return school.root


@pytest.fixture
def school(issued: Path, tmp_path: Path) -> School:
    """A copy of that school."""
    copy: School = object.__new__(School)
    copy.root = Path(shutil.copytree(issued, tmp_path / "学校"))
    return copy


def template(school: School, cells: Mapping[str, object], name: str = "日报.xlsx") -> Worksheet:
    """Put a workbook of one sheet into templates/returns/, in the receiver's own dress."""
    path = school.root / "templates/returns" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    page.title = "表一"
    for cell, said in cells.items():
        page[cell] = said
    book.save(path)
    return page


def returns(school: School, code: int = 0, at: str = NOON) -> str:
    return school.run("returns", "--date", DAY, "--as-of", at, code=code)


def filled(school: School, name: str = "日报.xlsx") -> Worksheet:
    return openpyxl.load_workbook(school.root / OUT / name, rich_text=True).worksheets[0]


def publish_anew(school: School) -> None:
    shutil.rmtree(school.root / "record")
    (school.root / "site/briefings/2020/2020-02-06.md").unlink()
    school.run("publish", "--date", DAY, "--as-of", NOON, "--signed-by", "褚航敏")


@pytest.mark.parametrize(("asked", "said"), [
    ("{{ suspected }}", 1),
    ("{{疑似}}", 1),
    ("{{ suspected : 会计学院 }}", 1),
    ("{{ 疑似：教务处 }}", 0),
    ("{{ confirmed : 东校区 }}", 0),
    ("{{ received : suspected }}", 2),
    ("{{ 应报:疑似 }}", 4),
    ("{{ expected : students_on_campus : 会计学院 }}", 3),
    ("{{ received : students_on_campus : 西校区 }}", 1),
    ("{{ students_on_campus : 会计学院 }}", 2),
    ("{{ units_received }}", 2),
    ("{{ state : 图书馆 }}", "未报"),
    ("{{ 状态：会计学院 }}", "有情况"),
    ("{{ school }}", "榆溪学院"),
    ("截至{{ date }}，疑似{{ suspected }}例，在校{{ 在校学生 }}人", "截至2020年2月6日，疑似1例，在校2人"),
])  # fmt: skip
def test_what_a_place_may_ask_for(school: School, asked: str, said: object) -> None:
    template(school, {"B3": asked})
    assert "填了" in returns(school)
    assert filled(school)["B3"].value == said


def test_a_date_is_a_date_in_the_cells_own_format(school: School) -> None:
    page = template(school, {"A1": "{{ date }}", "A2": "{{ date }}", "A3": "{{ suspected }}"})
    book = page.parent
    page["A2"].number_format, page["A3"].number_format = 'm"月"d"日"', "@"
    assert book is not None
    book.save(school.root / "templates/returns/日报.xlsx")
    returns(school)
    got = [(str(filled(school)[c].value)[:10], filled(school)[c].number_format) for c in ("A1", "A2", "A3")]
    assert got == [(DAY, "yyyy-mm-dd"), (DAY, 'm"月"d"日"'), ("1", "@")]


def test_the_receivers_layout_stays_as_it_is(school: School) -> None:
    page = template(school, {"A1": "全省日报", "A3": "疑似", "B3": "{{ suspected }}", "B4": "=SUM(B3:B3)"})
    page.merge_cells("A1:C1")
    page["B3"].font, page["B3"].fill = Font(name="仿宋", size=16, bold=True), PatternFill("solid", start_color="FFFF00")
    page["B3"].border = Border(top=Side("thick"))
    page.column_dimensions["B"].width, page.row_dimensions[3].height = 33, 41
    page.print_area, page.freeze_panes = "A1:C9", "A3"
    assert page.parent is not None
    page.parent.save(school.root / "templates/returns/日报.xlsx")
    returns(school)
    got = filled(school)
    assert (got["B3"].value, got["B4"].value, str(got.merged_cells)) == (1, "=SUM(B3:B3)", "A1:C1")
    assert (got["B3"].font.name, got["B3"].font.size, got["B3"].font.bold) == ("仿宋", 16, True)
    assert (got["B3"].fill.start_color.rgb, got["B3"].border.top.style) == ("00FFFF00", "thick")
    assert (got.column_dimensions["B"].width, got.row_dimensions[3].height) == (33, 41)
    assert (got.print_area, got.freeze_panes) == ("'表一'!$A$1:$C$9", "A3")


def test_several_workbooks_a_day_in_their_own_folders(school: School) -> None:
    for name in ("教育厅/日报.xlsx", "教育厅/周报.xlsx", "卫健委/快报.xlsx"):
        template(school, {"A1": "{{ confirmed }}"}, name)
    assert returns(school).count("填了 1 项") == 3
    assert {p.relative_to(school.root / OUT).as_posix() for p in (school.root / OUT).rglob("*.xlsx")} == {
        "教育厅/日报.xlsx", "教育厅/周报.xlsx", "卫健委/快报.xlsx"}  # fmt: skip


@pytest.mark.parametrize(("asked", "told"), [
    ("{{ suspectd }}", "是不是 suspected"),
    ("{{ 确诊人 }}", "是不是 确诊"),
    ("{{ suspected : 会计学苑 }}", "是不是 会计学院"),
    ("{{ state : 图书室 }}", "是不是 图书馆"),
    ("{{ units_received : 图书馆 }}", "只有全校的数"),
    ("{{ }}", "没有写明"),
    ("{{ a : b : c : d }}", "冒号太多"),
    ('="共" & {{ suspected }}', "写在公式里"),
    ("{{ suspected }", "没有成对"),
])  # fmt: skip
def test_what_cannot_be_answered_is_told_with_its_cell(school: School, asked: str, told: str) -> None:
    template(school, {"C7": asked})
    template(school, {"A1": "{{ suspected }}"}, "好的.xlsx")
    said = returns(school, code=1)
    assert "日报.xlsx“表一”C7" in said
    assert told in said
    assert [p.name for p in (school.root / OUT).iterdir()] == ["好的.xlsx"]


def test_what_nobody_stated_is_never_zero(school: School) -> None:
    template(school, {"A1": "{{ suspected : 图书馆 }}", "A2": "{{ students_on_campus : 图书馆 }}"})
    said = returns(school, code=1)
    assert "“疑似（图书馆）”当日未报，不能写成 0" in said
    with (school.root / "jianbao.toml").open("a", encoding="utf-8") as settings:
        settings.write('\n[returns]\nmissing = "未报"\n')
    returns(school)
    assert [filled(school)[c].value for c in ("A1", "A2")] == ["未报", "未报"]


def test_a_return_that_is_not_the_briefing_is_refused_with_the_difference(school: School) -> None:
    template(school, {"A1": "{{ suspected }}"})
    returns(school)
    school.units(
        ["2020-02-06 08:00:00", "教务处", 2, 2, 0, 0, 0, "是", "褚航敏"],
        ["2020-02-06 13:10:00", "会计学院", 4, 4, 3, 2, 0, "否", "奚悦恩"],
    )
    said = returns(school, code=4, at=LATER)
    assert "疑似由 1 更新为 2" in said
    assert not list((school.root / OUT).glob("*.xlsx"))
    school.run("publish", "--date", DAY, "--as-of", LATER, "--signed-by", "褚航敏", "--update")
    returns(school, at=LATER)
    assert filled(school)["A1"].value == 2


def test_what_a_return_does_not_ask_for_may_have_changed(school: School) -> None:
    school.sheet("留宿学生名册/名册.xlsx", [["学号", "姓名", "楼栋", "房间"], ["20190001", "褚珊甲", "一号公寓", "201"]])
    school.sheet("宿舍测温/2月6日.xlsx", [["日期", "时段", "学号", "姓名", "体温"], [DAY, "早", "20190001", "褚珊甲", 36.5]])
    publish_anew(school)
    template(school, {"A1": "{{ suspected }}"})
    assert "宿舍测温进度" in school.run("publish", "--date", DAY, "--as-of", f"{DAY}T22:00", "--signed-by", "褚航敏", code=4)
    returns(school, at=f"{DAY}T22:00")  # a measuring has come due meanwhile; the return has no place for it


def test_people_who_moved_between_units_do_not_hide_behind_an_equal_total(school: School) -> None:
    settings = school.root / "jianbao.toml"
    settings.write_text(settings.read_text("utf-8").replace("small_count = 5", "small_count = 1"), encoding="utf-8")
    publish_anew(school)
    template(school, {"A1": "{{ students_on_campus : 会计学院 }}"})
    returns(school)
    school.students(*([f"2019000{n}", 36.5, "无", "无", "是" if n in (1, 4) else "否"] for n in range(1, 5)))
    assert "在校学生（会计学院）由 2（3/3） 更新为 1（3/3）" in returns(school, code=4, at=LATER)


def test_without_a_briefing_there_is_nothing_to_reconcile_with(school: School) -> None:
    template(school, {"A1": "{{ suspected }}"})
    shutil.rmtree(school.root / "record")
    assert f"jianbao publish --date {DAY}" in returns(school, code=4)


def test_text_stays_text(school: School) -> None:
    settings = school.root / "jianbao.toml"
    settings.write_text(settings.read_text("utf-8").replace("榆溪学院", "=HYPERLINK(1)"), encoding="utf-8")
    template(school, {"A1": "{{ school }}", "A2": "{{ school }}是 {{ date }} 的"})
    returns(school)
    page = filled(school)
    assert [(page[c].data_type, str(page[c].value)[:12]) for c in ("A1", "A2")] == [("s", "=HYPERLINK(1"), ("s", "=HYPERLINK(1")]


def test_styles_within_a_cell_stay(school: School) -> None:
    path = school.root / "templates/returns/日报.xlsx"
    path.parent.mkdir(parents=True)
    with xlsxwriter.Workbook(path) as book:
        red = book.add_format({"font_color": "red", "bold": True})
        book.add_worksheet("表一").write_rich_string(0, 0, "疑似", red, "{{ suspected }}", "例")
    returns(school)
    value: Any = filled(school)["A1"].value
    assert (str(value), value[1].text, value[1].font.b) == ("疑似1例", "1", True)


def test_what_would_be_lost_is_told_before_anything_is_written(school: School) -> None:
    path = school.root / "templates/returns/日报.xlsx"
    path.parent.mkdir(parents=True)
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet("表一")
        page.write("A1", "{{ suspected }}")
        page.write_column("B1", [1, 2, 3])
        chart = book.add_chart({"type": "line"})
        chart.add_series({"values": "=表一!$B$1:$B$3"})
        page.insert_chart("D1", chart)
        page.insert_textbox("D20", "{{ confirmed }}")
        page.add_sparkline("C1", {"range": "表一!B1:B3"})
    said = returns(school, code=1)
    assert [w for w in ("图表", "文本框或图形", "迷你图", "图片") if w in said] == ["图表", "文本框或图形", "迷你图"]
    assert not (school.root / OUT).exists()


def test_a_place_in_a_page_header_is_told(school: School) -> None:
    page = template(school, {"A1": "{{ suspected }}"})
    page.oddHeader.left.text = "{{ date }}"
    assert page.parent is not None
    page.parent.save(school.root / "templates/returns/日报.xlsx")
    assert "页眉" in returns(school, code=1)


def test_other_formats_and_none_at_all(school: School) -> None:
    assert "templates/returns 里没有上报表" in returns(school, code=2)
    folder = school.root / "templates/returns"
    folder.mkdir(parents=True)
    (folder / "老表.xls").write_bytes(b"\xd0\xcf\x11\xe0")
    assert "另存为 xlsx" in returns(school, code=1)
    (folder / "老表.xls").rename(folder / "坏的.xlsx")
    assert "坏的.xlsx：读不了这个工作簿" in returns(school, code=1)


def test_the_receivers_workbooks_are_no_part_of_the_public_record(school: School) -> None:
    template(school, {"A1": "{{ suspected }}"})
    (school.root / "templates/briefing.md.j2").write_text("## 数据\n", encoding="utf-8")
    publish_anew(school)
    kept = [p.name for p in (school.root / "record").rglob("templates-own/**/*") if p.is_file()]
    assert kept == ["briefing.md.j2"]


@pytest.mark.slow
def test_the_sample_office_sends_its_two_returns(office: OfficeFactory) -> None:
    folder, day = office(days=()), SAMPLE_DAYS[0].isoformat()
    write_sample(folder / "inbox", SAMPLE_DAYS[:1], size=FULL)
    shutil.copytree(ROOT / "templates/returns", folder / "templates/returns")
    shutil.copy(ROOT / "jianbao.toml", folder / "jianbao.toml")
    at = ("--date", day, "--as-of", f"{day}T12:00")
    for verb in ("publish", "returns"):
        result = CliRunner().invoke(jianbao, ["--project", str(folder), verb, *at], catch_exceptions=False)
        assert result.exit_code == 0, result.output
    facts = Record.open(folder / "record").facts[SAMPLE_DAYS[0]]
    daily, colleges = (
        openpyxl.load_workbook(folder / "private/out/returns" / day / name).worksheets[0]
        for name in ("疫情防控日报表.xlsx", "分学院情况表.xlsx")
    )
    said = {row[0].value: [c.value for c in row[1:]] for row in daily["A4:D9"]}
    on_campus = facts.figure("students_on_campus")
    assert on_campus is not None
    assert said["在校学生（人）"] == [on_campus.value, on_campus.received, on_campus.expected]
    assert daily["B10"].value == "=SUM(B4:B5)"
    numbers = [c.value for (c,) in colleges["C3:C99"] if isinstance(c.value, int)]
    assert len(numbers) > 1
    assert sum(numbers) == on_campus.value


def test_a_workbook_that_only_claims_to_be_one(school: School) -> None:
    path = school.root / "templates/returns/日报.xlsx"
    path.parent.mkdir(parents=True)
    with zipfile.ZipFile(path, "w") as parts:
        parts.writestr("xl/workbook.xml", "<x/>")
    assert "读不了" in returns(school, code=1)
