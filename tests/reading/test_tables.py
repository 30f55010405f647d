"""What the rows under a header are: records, totals, signatures, blanks; whose unit, which day, which cell is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import pytest

from jianbao.forms.load import load_forms
from jianbao.project import shipped
from jianbao.reading import DAY, PASSED, ROW, FileReading, Readers, SheetReading, read_file
from jianbao.sources import Cell, Grid, WorkbookCells
from jianbao.sources.grid import Merge
from jianbao.values import Code, Severity, column_letters

WORKED: Final = date(2020, 2, 8)
FORMS: Final = load_forms(shipped("forms_schema"), {"fever_threshold", "observation_days", "missed_contact", "low_cover_days"})
Rows = list[list[Cell]]

STAFF: Final[list[Cell]] = ["序号", "部门", "姓名", "工号", "体温", "备注"]
ONE: Final[list[Cell]] = ["1", "会计学院", "甲乙", "00123", 36.5, ""]
TWO: Final[list[Cell]] = ["2", "金融学院", "丙丁", "00124", 36.6, ""]


@dataclass(frozen=True)
class Given:
    """A sheet as it lies in the inbox."""

    rows: Rows
    file: str = "教职工日报/x.xlsx"
    sheet: str = "Sheet1"
    merged: tuple[Merge, ...] = ()
    errors: tuple[tuple[int, int, str], ...] = ()


def read(given: Given) -> SheetReading:
    grid = Grid(given.sheet, given.rows, given.merged, {(r, c): text for r, c, text in given.errors})
    found = read_file(given.file, WorkbookCells((grid,)), FORMS, Readers(WORKED))
    assert [str(f.code) for f in found.findings if f.severity is Severity.ERROR] == []
    (sheet,) = found.sheets
    return sheet


def column(sheet: SheetReading, name: str) -> list[Any]:
    values: list[Any] = sheet.table.column(name).to_pylist()
    return values


def kinds(sheet: SheetReading) -> dict[int, str]:
    """Return what became of each row, by its number in the sheet; a blank row is not there."""
    return {n: "passed" if p else "record" for n, p in zip(column(sheet, ROW), column(sheet, PASSED), strict=True)}


def wrong(sheet: SheetReading) -> set[tuple[str, str]]:
    """Return (cell, code) of every problem."""
    numbers = column(sheet, ROW)
    return {
        (f"{column_letters(p.columns if isinstance(p.columns, int) else p.columns[i])}{numbers[record]}", str(problem.code))
        for p in sheet.problems
        for i, (record, problem) in enumerate(zip(p.records.tolist(), p.problems, strict=True))
    }


NOT_RECORDS: Final[list[tuple[str, list[Cell]]]] = [
    ("total in the first column", ["合计", "", "", "", "", ""]),
    ("total with a number", ["合计", "", "", "2", "", ""]),
    ("total with spaces", ["合　计", "", "", "", 36.5, ""]),
    ("total in the unit's column", ["", "合计", "", "2人", "", ""]),
    ("total in the name's column", ["", "", "总计", "", "", "2"]),
    ("total in the identifier's column", ["", "", "", "合计", "", ""]),
    ("subtotal of a unit", ["会计学院小计", "", "", "", "", ""]),
    ("subtotal with a count", ["小计", "会计学院", "", "1人", "", ""]),
    ("counted in words", ["共计2人", "", "", "", "", ""]),
    ("average", ["平均", "", "", "", 36.55, ""]),
    ("signature", ["填报人：秦岚", "", "", "审核：", "", ""]),
    ("signature in later columns", ["", "", "填报人：", "", "负责人签字：", ""]),
    ("date of filling in", ["", "", "", "填表日期：2020年2月6日", "", ""]),
    ("stamp", ["单位（盖章）：", "", "", "", "", ""]),
    ("note", ["注：体温请用腋温", "", "", "", "", ""]),
    ("a sentence across the sheet", ["以上情况属实，如有瞒报愿承担责任。", "", "", "", "", ""]),
    ("a name for the next part", ["", "金融学院", "", "", "", ""]),
    ("the header again", list(STAFF)),
]


@pytest.mark.parametrize("row", [pytest.param(r, id=name) for name, r in NOT_RECORDS])
def test_rows_that_are_no_records_are_passed_over(row: list[Cell]) -> None:
    """Wherever they stand, and without a word."""
    sheet = read(Given([STAFF, ONE, row, TWO, row]))
    assert kinds(sheet) == {2: "record", 3: "passed", 4: "record", 5: "passed"}
    assert wrong(sheet) == set()


BLANK_ROWS: Final[list[tuple[str, list[Cell]]]] = [
    ("nothing", []),
    ("empty cells", ["", "", "", "", "", ""]),
    ("white space", [" ", "\u3000", "\n", "", "", ""]),
    ("a running number only", ["3", "", "", "", "", ""]),
    ("a running number, number", [3.0, "", "", "", "", ""]),
]


@pytest.mark.parametrize("row", [pytest.param(r, id=name) for name, r in BLANK_ROWS])
def test_blank_rows_are_not_there(row: list[Cell]) -> None:
    sheet = read(Given([STAFF, ONE, row, TWO, row, row]))
    assert kinds(sheet) == {2: "record", 4: "record"}


RECORDS: Final[list[tuple[str, list[Cell]]]] = [
    ("no identifier, but a name and a temperature", ["3", "会计学院", "戊己", "", 36.5, ""]),
    ("no identifier and no unit", ["3", "", "戊己", "", 36.5, ""]),
    ("a temperature of nobody", ["3", "", "", "", 36.5, ""]),
    ("an identifier that is a word", ["3", "会计学院", "戊己", "不详", 36.5, ""]),
    ("a person called 合", ["3", "会计学院", "合", "00125", 36.5, ""]),
    ("a unit called 总务处", ["3", "总务处", "戊己", "00125", 36.5, ""]),
    ("a note that begins like a total", ["3", "会计学院", "戊己", "00125", 36.5, "合计请假两天"]),
    ("a note that looks like a signature", ["3", "会计学院", "戊己", "00125", 36.5, "联系电话：13800001234"]),
    ("a wrong temperature and nothing else", ["3", "会计学院", "戊己", "00125", "不详", ""]),
    ("a name alone", ["", "", "戊己", "", "", ""]),
]


@pytest.mark.parametrize("row", [pytest.param(r, id=name) for name, r in RECORDS])
def test_rows_that_are_records(row: list[Cell]) -> None:
    """A required identifier that is missing is a fault to be told, not a row to be passed over."""
    assert kinds(read(Given([STAFF, ONE, row]))) == {2: "record", 3: "record"}


PREFILLED: Final[list[tuple[str, str, Rows, dict[int, str]]]] = [
    ("staff: unit, name and number", "教职工日报/x.xlsx", [STAFF, ONE, ["2", "会计学院", "丙丁", "00124", "", ""]],
        {2: "record", 3: "passed"}),
    ("staff: the number only", "教职工日报/x.xlsx", [STAFF, ONE, ["2", "", "", "00124", "", ""]], {2: "record", 3: "passed"}),
    ("staff: a note is no answer", "教职工日报/x.xlsx", [STAFF, ONE, ["2", "", "丙丁", "00124", "", "外出"]], {2: "record", 3: "passed"}),
    ("units: the title only", "零报告/x.xlsx", [["单位名称", "应报人数", "异常人数", "疑似", "确诊"], ["会计学院", 20, 0, 0, 0],
        ["金融学院", "", "", "", ""]], {2: "record", 3: "passed"}),
    ("units: the title and the expected count", "零报告/x.xlsx",
        [["单位名称", "应报人数", "异常人数", "疑似", "确诊"], ["会计学院", 20, 0, 0, 0], ["金融学院", 30, "", "", ""]],
        {2: "record", 3: "passed"}),
    ("units: one count filled in", "零报告/x.xlsx",
        [["单位名称", "应报人数", "异常人数", "疑似", "确诊"], ["会计学院", 20, 0, 0, 0], ["金融学院", 30, 0, "", ""]],
        {2: "record", 3: "record"}),
    ("rosters are never prefilled", "花名册/x.xlsx", [["工号", "姓名", "部门"], ["00123", "甲乙", "会计学院"], ["00124", "丙丁", ""]],
        {2: "record", 3: "record"}),
    ("a wrong answer is an answer", "教职工日报/x.xlsx", [STAFF, ONE, ["2", "会计学院", "丙丁", "00124", "没量", ""]],
        {2: "record", 3: "record"}),
]  # fmt: skip


@pytest.mark.parametrize(("file", "rows", "expected"), [pytest.param(f, r, e, id=name) for name, f, r, e in PREFILLED])
def test_prefilled_rows(file: str, rows: Rows, expected: dict[int, str]) -> None:
    """A row that names somebody and answers nothing is not a report."""
    assert kinds(read(Given(rows, file))) == expected


def test_a_header_of_two_rows_repeated_below() -> None:
    head: Rows = [["部门", "姓名", "工号", "返省情况", ""], ["", "", "", "是否返省", "返省日期"]]
    person: list[Cell] = ["会计学院", "甲乙", "00123", "是", "2.3"]
    sheet = read(Given([*head, person, *head, ["金融学院", "丙丁", "00124", "否", ""]], merged=(Merge(0, 3, 0, 4), Merge(3, 3, 3, 4))))
    assert kinds(sheet) == {3: "record", 4: "passed", 5: "passed", 6: "record"}


FILLED: Final[list[tuple[str, Rows, tuple[Merge, ...], list[str | None]]]] = [
    ("merged", [STAFF, ONE, ["2", "", "丙丁", "00124", 36.6, ""], TWO], (Merge(1, 1, 2, 1),), ["会计学院", "会计学院", "金融学院"]),
    ("not merged", [STAFF, ONE, ["2", "", "丙丁", "00124", 36.6, ""], TWO], (), ["会计学院", "会计学院", "金融学院"]),
    ("blank above everything", [STAFF, ["1", "", "甲乙", "00123", 36.5, ""], TWO], (), [None, "金融学院"]),
    ("white space is blank", [STAFF, ONE, ["2", "\u3000", "丙丁", "00124", 36.6, ""]], (), ["会计学院", "会计学院"]),
    ("a total gives none", [STAFF, ONE, ["合计", "", "", "", "", ""], ["2", "", "丙丁", "00124", 36.6, ""]], (),
        ["会计学院", None, "会计学院"]),
    ("a total's own word is no unit", [STAFF, ONE, ["", "合计", "", "", "", ""], ["2", "", "丙丁", "00124", 36.6, ""]], (),
        ["会计学院", None, "会计学院"]),
    ("over a blank row", [STAFF, ONE, [], ["2", "", "丙丁", "00124", 36.6, ""]], (), ["会计学院", "会计学院"]),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "merged", "units"), [pytest.param(r, m, u, id=name) for name, r, m, u in FILLED])
def test_the_unit_is_filled_down(rows: Rows, merged: tuple[Merge, ...], units: list[str | None]) -> None:
    sheet = read(Given(rows, merged=merged))
    assert [None if p else u for u, p in zip(column(sheet, "unit"), column(sheet, PASSED), strict=True)] == units


@pytest.mark.parametrize("name", ["staff_no", "name", "temperature"])
def test_nothing_else_is_filled_down(name: str) -> None:
    row: list[Cell] = ["2", "金融学院", "丙丁", "00124", 36.6, "x"]
    row[{"staff_no": 3, "name": 2, "temperature": 4}[name]] = ""
    sheet = read(Given([STAFF, ONE, row], merged=(Merge(1, 3, 2, 3), Merge(1, 2, 2, 2), Merge(1, 4, 2, 4))))
    assert column(sheet, name)[1] is None


def test_a_unit_s_report_is_not_filled_down() -> None:
    """There the unit is the identifier: a row without it says nothing of the unit above."""
    rows: Rows = [["单位名称", "异常人数", "疑似", "确诊"], ["会计学院", 0, 0, 0], ["", 1, 0, 0]]
    assert column(read(Given(rows, "零报告/x.xlsx")), "unit") == ["会计学院", None]


OWN: Final[Rows] = [["工号", "日期", "提交时间", "体温"], ["00123", "2月3日", "2020-02-04 09:00:00", 36.5]]
SUBMITTED: Final[Rows] = [["工号", "日期", "提交时间", "体温"], ["00123", "", "2020-02-04 09:00:00", 36.5]]
SAID: Final[Rows] = [["工号", "体温"], ["00123", 36.5]]
TITLED: Final[Rows] = [["教职工日报（2月6日）"], ["工号", "体温"], ["00123", 36.5]]

DAYS: Final[list[tuple[str, Given, date | None]]] = [
    ("its column before everything", Given(OWN, "2月7日/教职工日报2月6日.xlsx", "2月5日"), date(2020, 2, 3)),
    ("its submission before the worksheet's name", Given(SUBMITTED, "2月7日/教职工日报2月6日.xlsx", "2月5日"), date(2020, 2, 4)),
    ("the worksheet's name before the title", Given(TITLED, "2月7日/教职工日报2月8日.xlsx", "2月5日"), date(2020, 2, 5)),
    ("the title before the file's name", Given(TITLED, "2月7日/教职工日报2月8日.xlsx"), date(2020, 2, 6)),
    ("the file's name before the folder's", Given(SAID, "2月7日/教职工日报2月6日.xlsx"), date(2020, 2, 6)),
    ("the folder's name", Given(SAID, "2月7日/教职工日报.xlsx"), date(2020, 2, 7)),
    ("a folder above", Given(SAID, "2020-02-07/教职工日报/会计学院.xlsx"), date(2020, 2, 7)),
    ("nothing states one", Given(SAID, "教职工日报/会计学院.xlsx"), None),
    ("a class is no day", Given(SAID, "教职工日报/会计1801班.xlsx"), None),
    ("a sheet of a month's day", Given(SAID, "教职工日报/2月.xlsx", "6日"), date(2020, 2, 6)),
    ("a sheet of an unnamed month's day", Given(SAID, "教职工日报/x.xlsx", "6日"), date(2020, 2, 6)),
    ("a file of two days names none", Given(SAID, "教职工日报/2月5日-2月6日.xlsx"), None),
    ("a year that is not written is the nearest", Given(SAID, "教职工日报/12月31日.xlsx"), date(2019, 12, 31)),
]


@pytest.mark.parametrize(("given", "day"), [pytest.param(g, d, id=name) for name, g, d in DAYS])
def test_the_day_of_a_row(given: Given, day: date | None) -> None:
    assert column(read(given), DAY) == [day]


def test_a_register_is_of_no_day() -> None:
    rows: Rows = [["工号", "姓名"], ["00123", "甲乙"]]
    assert column(read(Given(rows, "花名册/2月6日.xlsx", "2月5日")), DAY) == [None]


def test_rows_of_several_days_in_one_table() -> None:
    rows: Rows = [["工号", "日期", "体温"], ["00123", "2.3", 36.5], ["00123", 43865.0, 36.5], ["00123", "", 36.5]]
    sheet = read(Given(rows, "教职工日报/2月6日.xlsx"))
    assert column(sheet, DAY) == [date(2020, 2, 3), date(2020, 2, 4), date(2020, 2, 6)]


BY_DAY: Final[Rows] = [
    ["姓名", "学号", "2月5日", "2月6日"],
    ["甲", "01", 36.5, 36.6],
    ["乙", "02", "", 36.7],
    ["丙", "03", "不详", ""],
    ["合计", "", "", ""],
]


def test_a_column_a_day_gives_a_record_for_each_row_and_day() -> None:
    sheet = read(Given(BY_DAY, "学生日报/x.xlsx"))
    fifth, sixth = date(2020, 2, 5), date(2020, 2, 6)
    found = list(zip(*(column(sheet, n) for n in (DAY, ROW, "student_no", "temperature", PASSED)), strict=True))
    assert found == [
        (fifth, 2, "01", 36.5, False), (fifth, 3, "02", None, True), (fifth, 4, "03", None, False), (fifth, 5, None, None, True),
        (sixth, 2, "01", 36.6, False), (sixth, 3, "02", 36.7, False), (sixth, 4, "03", None, True), (sixth, 5, None, None, True),
    ]  # fmt: skip
    assert wrong(sheet) == {("C4", Code.BAD_TYPE)}


def test_a_fault_of_the_person_is_told_on_each_day_reported() -> None:
    rows: Rows = [["姓名", "学号", "2月5日", "2月6日"], ["甲", 1.5, 36.5, ""], ["乙", "02", 36.5, 36.5]]
    sheet = read(Given(rows, "学生日报/x.xlsx"))
    assert wrong(sheet) == {("B2", Code.BAD_TYPE)}
    (problems,) = sheet.problems
    assert [column(sheet, DAY)[r] for r in problems.records.tolist()] == [date(2020, 2, 5)]


def test_bare_days_take_the_month_of_the_file() -> None:
    rows: Rows = [["姓名", "学号", "30日", "31日"], ["甲", "01", 36.5, 36.6]]
    assert column(read(Given(rows, "学生日报/1月体温.xlsx")), DAY) == [date(2020, 1, 30), date(2020, 1, 31)]


def test_morning_and_evening_the_higher_counts() -> None:
    rows: Rows = [
        ["姓名", "学号", "早晨体温", "晚间体温"],
        ["甲", "01", 36.5, "37.5℃"],
        ["乙", "02", "", 36.4],
        ["丙", "03", 36.9, "坏"],
        ["丁", "04", "", ""],
    ]
    sheet = read(Given(rows, "学生日报/x.xlsx"))
    assert column(sheet, "temperature")[:2] == [37.5, 36.4]
    assert wrong(sheet) == {("D4", Code.BAD_TYPE)}
    assert kinds(sheet) == {2: "record", 3: "record", 4: "record", 5: "passed"}


def test_two_columns_a_day() -> None:
    rows: Rows = [
        ["姓名", "学号", "2月5日", "", "2月6日", ""],
        ["", "", "早晨体温", "晚间体温", "早晨体温", "晚间体温"],
        ["甲", "01", 36.5, 36.9, 36.6, ""],
    ]
    sheet = read(Given(rows, "学生日报/x.xlsx", merged=(Merge(0, 2, 0, 3), Merge(0, 4, 0, 5))))
    assert list(zip(column(sheet, DAY), column(sheet, "temperature"), strict=True)) == [(date(2020, 2, 5), 36.9), (date(2020, 2, 6), 36.6)]


@pytest.mark.parametrize(
    ("fever", "cough", "symptoms"),
    [
        pytest.param("发热", "", "发热", id="the option's own text, one"),
        pytest.param("发热", "干咳", "发热、干咳", id="the option's own text, both"),
        pytest.param(1.0, 0.0, "发热", id="one and zero, numbers"),
        pytest.param("0", "1", "干咳", id="one and zero, text"),
        pytest.param("√", "", "发热", id="a tick"),
        pytest.param("是", "否", "发热", id="yes and no"),
        pytest.param("", "", None, id="none chosen"),
        pytest.param(0.0, 0.0, None, id="zeros only"),
    ],
)
def test_a_survey_s_column_an_option(fever: Cell, cough: Cell, symptoms: str | None) -> None:
    rows: Rows = [["1、学号", "2、今日体温", "3、当前症状(发热)", "3、当前症状(干咳)"], ["01", 36.5, fever, cough]]
    sheet = read(Given(rows, "学生日报/x.xlsx"))
    assert column(sheet, "symptoms") == [symptoms]
    assert sheet.unknown == ()


ERRORS: Final[list[tuple[str, Given, set[tuple[str, str]]]]] = [
    ("an answer", Given([STAFF, ONE], errors=((1, 4, "#REF!"),)), {("E2", Code.FORMULA_ERROR)}),
    ("an identifier", Given([STAFF, ONE], errors=((1, 3, "#N/A"),)), {("D2", Code.FORMULA_ERROR)}),
    (
        "where readers see a blank",
        Given([STAFF, ["1", "会计学院", "甲乙", "00123", "", "咳"]], errors=((1, 4, "#DIV/0!"),)),
        {("E2", Code.FORMULA_ERROR)},
    ),
    ("never computed", Given([STAFF, ONE], errors=((1, 4, "#未计算"),)), {("E2", Code.FORMULA_ERROR)}),
    ("beside the table", Given([STAFF, ONE], errors=((1, 30, "#REF!"), (99, 0, "#REF!"))), set()),
    ("above the header", Given([["标题", "", "", "", "", ""], STAFF, ONE], errors=((0, 0, "#REF!"),)), set()),
    ("in a total", Given([STAFF, ONE, ["合计", "", "", "", "", ""]], errors=((2, 4, "#REF!"),)), set()),
]


@pytest.mark.parametrize(("given", "expected"), [pytest.param(g, e, id=name) for name, g, e in ERRORS])
def test_cells_that_hold_an_error(given: Given, expected: set[tuple[str, str]]) -> None:
    assert wrong(read(given)) == expected


def test_a_formula_error_in_an_identifier_leaves_the_row_a_record() -> None:
    assert kinds(read(Given([STAFF, ONE, TWO], errors=((1, 3, "#REF!"),)))) == {2: "record", 3: "record"}


def test_ragged_rows() -> None:
    sheet = read(Given([["教职工日报"], STAFF, ONE[:5], TWO, ["3", "会计学院", "戊己", "00125"]]))
    assert column(sheet, "temperature") == [36.5, 36.6, None]


def test_a_table_that_ends_at_its_header() -> None:
    sheet = read(Given([STAFF]))
    assert sheet.table.num_rows == 0
    assert sheet.header_row == 1


def test_where_everything_stands() -> None:
    sheet = read(Given([["教职工日报"], [], STAFF, ONE]))
    assert (sheet.header_row, sheet.identifier) == (3, 3)
    assert sheet.columns == {"unit": 1, "name": 2, "staff_no": 3, "temperature": 4, "note": 5}
    assert column(sheet, ROW) == [4]


def test_a_required_column_the_sheet_has_not_is_null() -> None:
    sheet = read(Given([["单位名称", "疑似", "确诊"], ["会计学院", 0, 0]], "零报告/x.xlsx"))
    assert column(sheet, "abnormal") == [None]
    assert "abnormal" not in sheet.columns


def reading(*grids: Grid, file: str = "教职工日报/x.xlsx") -> FileReading:
    return read_file(file, WorkbookCells(grids), FORMS, Readers(WORKED))


GOOD: Final[Rows] = [STAFF, ONE]
FILES: Final[list[tuple[str, tuple[Grid, ...], list[tuple[str, str, str | None]]]]] = [
    ("one good sheet", (Grid("日报", GOOD),), []),
    ("an empty workbook", (Grid("Sheet1", []),), [(Code.HEADER_NOT_FOUND, "error", "Sheet1")]),
    ("three empty sheets: the first is named", (Grid("Sheet1", []), Grid("Sheet2", [[]]), Grid("Sheet3", [["", ""]])),
        [(Code.HEADER_NOT_FOUND, "error", "Sheet1")]),
    ("a good sheet and an empty one", (Grid("日报", GOOD), Grid("Sheet2", [])), []),
    ("a good sheet and instructions", (Grid("日报", GOOD), Grid("填表说明", [["请按时填写"]])),
        [(Code.HEADER_NOT_FOUND, "info", "填表说明")]),
    ("a good sheet and hidden words", (Grid("日报", GOOD), Grid("字典", [["是"], ["否"]], hidden=True)), []),
    ("another table only", (Grid("Sheet1", [["值班表"], ["姓名", "电话"]]),), [(Code.HEADER_NOT_FOUND, "error", "Sheet1")]),
    ("a column nobody asked for", (Grid("日报", [[*STAFF, "爱好"], [*ONE, "棋"]]),), [(Code.UNKNOWN_COLUMN, "info", "日报")]),
]  # fmt: skip


@pytest.mark.parametrize(("grids", "expected"), [pytest.param(g, e, id=name) for name, g, e in FILES])
def test_findings_about_sheets(grids: tuple[Grid, ...], expected: list[tuple[str, str, str | None]]) -> None:
    found = reading(*grids)
    assert [(str(f.code), f.severity.value, f.sheet) for f in found.findings] == expected


def test_a_file_without_any_sheet_is_named() -> None:
    """A workbook of chart sheets only has no worksheet: the file is not just silent."""
    assert reading().findings != ()


def test_an_ambiguous_sheet_is_named_with_the_forms_it_may_be() -> None:
    rows: Rows = [["姓名", "工号", "学号", "体温"], ["甲乙", "00123", "2018010101", 36.5]]
    found = reading(Grid("Sheet1", rows), file="x.xlsx")
    (finding,) = found.findings
    assert (finding.code, finding.severity, finding.sheet) == (Code.FORM_AMBIGUOUS, Severity.ERROR, "Sheet1")
    assert str(finding.expected).endswith("教职工每日健康报告、学生每日健康报告")


def test_two_forms_in_one_workbook() -> None:
    units = Grid("零报告", [["单位名称", "异常人数", "疑似", "确诊"], ["会计学院", 0, 0, 0]])
    found = reading(Grid("日报", GOOD), units, file="会计学院/2月6日.xlsx")
    assert [(s.sheet, s.form) for s in found.sheets] == [("日报", "staff_daily"), ("零报告", "unit_daily")]


def test_a_submission_that_is_a_moment_keeps_its_time() -> None:
    rows: Rows = [["提交时间", "工号", "体温"], [43867.37881944444, "00123", 36.5], ["2020/2/6 9:05:30", "00124", 36.5]]
    assert column(read(Given(rows)), "submitted_at") == [datetime(2020, 2, 6, 9, 5, 30)] * 2
