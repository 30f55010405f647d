"""A day's rows against the form, the rosters and each other: what counts, what does not, and which cell is to blame."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Final

import pytest

from jianbao import wording
from jianbao.forms.load import load_forms
from jianbao.project import shipped
from jianbao.reading import Readers, read_file
from jianbao.sources import Cell, Grid, WorkbookCells
from jianbao.validation import UNIT, Checked, Registers, Roster, SourcedSheet, check_day, unit_list
from jianbao.values import Code, FindingBlock, Severity

DAY: Final = date(2020, 2, 6)
FORMS: Final = load_forms(shipped("forms_schema"), {"fever_threshold", "observation_days", "missed_contact", "low_cover_days"})
SETTINGS: Final = {"fever_threshold": 37.2, "observation_days": 14, "missed_contact": "extend", "low_cover_days": 7}
FOLDERS: Final = {"staff_daily": "教职工日报", "student_daily": "学生日报", "unit_daily": "零报告", "staff": "花名册", "units": "花名册"}
Rows = list[list[Cell]]

STAFF: Final[Rows] = [
    ["工号", "姓名", "部门"],
    ["00123", "甲乙", "会计学院"],
    ["00124", "丙丁", "会计学院"],
    ["10125", "戊己", "金融学院"],
    ["00125", "庚辛", "金融学院"],
]
UNITS: Final[Rows] = [["单位", "上级", "填报人"], ["会计学院", "", "甲乙"], ["金融学院", "", "戊己"], ["图书馆", "", ""]]


def checked(form: str, *sheets: Rows, known: Registers | None = None, day: date | None = DAY, first: date = DAY) -> Checked:
    """Check sheets 1.xlsx, 2.xlsx … of one form."""
    sourced = []
    for number, rows in enumerate(sheets, 1):
        (reading,) = read_file(f"{FOLDERS[form]}/{number}.xlsx", WorkbookCells((Grid("日报", rows),)), FORMS, Readers(DAY)).sheets
        assert reading.form == form
        sourced.append(SourcedSheet(f"{number}.xlsx", str(number), first, reading, number))
    return check_day(FORMS[form], day, sourced, known or Registers(), SETTINGS)


def registers() -> Registers:
    staff = checked("staff", STAFF, day=None)
    return Registers(
        {"staff": Roster(FORMS["staff"], staff.accepted)}, unit_list(FORMS["units"], checked("units", UNITS, day=None).accepted)
    )


KNOWN: Final = registers()


def accepted(found: Checked) -> list[str]:
    """Return where the accepted rows stand, as file and row."""
    places = zip(found.accepted.column("_file").to_pylist(), found.accepted.column("_row").to_pylist(), strict=True)
    return [f"{file.split('.')[0]}:{row}" for file, row in places]


def told(found: Checked) -> set[tuple[str, str, str]]:
    """Return (file and cell, code, severity) of the findings."""
    return {(f"{f.file.split('.')[0]}:{f.cell}", str(f.code), f.severity.value) for f in wording.findings(found.findings)}


def counted(found: Checked) -> tuple[int, int, int, int, int]:
    """Return rows, accepted, rejected, superseded, passed over, of all sheets together."""
    total: Counter[str] = Counter()
    for count in found.counts:
        total.update({k: getattr(count, k) for k in ("rows", "accepted", "rejected", "superseded", "passed_over")})
    return total["rows"], total["accepted"], total["rejected"], total["superseded"], total["passed_over"]


def test_findings_name_the_cell_in_the_sheet_it_stands_in() -> None:
    """In a workbook of many sheets of one form, with another header in the middle and the last sheet wrong in its last row."""
    head, other = ["工号", "姓名", "部门", "体温", "症状"], ["部门", "体温", "工号", "症状", "姓名"]
    sheets: dict[str, Rows] = {
        "甲": [
            head,
            ["00123", "甲乙", "会计学院", 36.5, "无"],
            ["", "", "", "", ""],
            ["00124", "丙丁", "会计学院", "没量", "无"],
            ["88888", "某", "", 36, ""],
        ],
        "乙": [["填报表"], other, ["金融学院", "没量", "10125", "无", "戊己"]],
        "丙": [head, ["合计", "", "", "", ""]],
        "丁": [head, ["99999", "某某", "金融学院", 36.5, "无"], ["00125", "庚辛", "金融学院", "高", "无"]],
    }
    grids = tuple(Grid(name, rows) for name, rows in sheets.items())
    reading = read_file("教职工日报/x.xlsx", WorkbookCells(grids), FORMS, Readers(DAY))
    # a day of its own in the middle: the records that are left are not those that were read
    sourced = [SourcedSheet("x.xlsx", "1", DAY if s.sheet != "丙" else date(2020, 2, 5), s) for s in reading.sheets]
    found = check_day(FORMS["staff_daily"], DAY, sourced, KNOWN, SETTINGS)
    where = {(f.sheet, f.cell, str(f.code)) for f in wording.findings(found.findings) if f.severity is Severity.ERROR}
    assert where == {
        ("甲", "D4", "bad-type"),
        ("甲", "A5", "unknown-person"),
        ("乙", "B3", "bad-type"),
        ("丁", "A2", "unknown-person"),
        ("丁", "D3", "bad-type"),
    }
    assert [(c.sheet, c.rows, c.accepted, c.rejected, c.passed_over) for c in found.counts] == [
        ("甲", 3, 1, 2, 0), ("乙", 1, 0, 1, 0), ("丙", 0, 0, 0, 0), ("丁", 2, 0, 2, 0),
    ]  # fmt: skip
    sheet, rows = (found.accepted.column(name).to_pylist() for name in ("_sheet", "_row"))
    assert list(zip(sheet, rows, strict=True)) == [("甲", 2)]


HEAD: Final[list[Cell]] = ["工号", "姓名", "部门", "体温", "症状"]
GOOD: Final[list[Cell]] = ["00123", "甲乙", "会计学院", 36.5, "无"]

ROWS: Final[list[tuple[str, list[Cell], bool, set[tuple[str, str]]]]] = [
    # one row of a staff sheet: does it count, and which cell is named with which code
    ("as it should be", ["00123", "甲乙", "会计学院", 36.5, "无"], True, set()),
    ("no number", ["", "甲乙", "会计学院", 36.5, "无"], False, {("A2", Code.MISSING_REQUIRED)}),
    ("nobody's number", ["99999", "甲乙", "会计学院", 36.5, "无"], False, {("A2", Code.UNKNOWN_PERSON)}),
    ("zeros lost, a number", [123, "甲乙", "会计学院", 36.5, "无"], True, {("A2", Code.LEADING_ZEROS_LOST)}),
    ("zeros lost, text", ["124", "丙丁", "会计学院", 36.5, "无"], True, {("A2", Code.LEADING_ZEROS_LOST)}),
    ("a zero too many", ["000123", "甲乙", "会计学院", 36.5, "无"], True, set()),
    ("another's name", ["00123", "丙丁", "会计学院", 36.5, "无"], True, {("B2", Code.NAME_MISMATCH)}),
    ("the name with a space", ["00123", "甲 乙", "会计学院", 36.5, "无"], True, set()),
    ("the name with an aside", ["00123", "甲乙（处长）", "会计学院", 36.5, "无"], True, set()),
    ("no name", ["00123", "", "会计学院", 36.5, "无"], True, set()),
    ("a unit of no list", ["00123", "甲乙", "会计系", 36.5, "无"], True, {("C2", Code.UNKNOWN_UNIT)}),
    ("no unit", ["00123", "甲乙", "", 36.5, "无"], True, set()),
    ("a temperature out of range", ["00123", "甲乙", "会计学院", 365, "无"], False, {("D2", Code.OUT_OF_RANGE)}),
    ("a temperature in words", ["00123", "甲乙", "会计学院", "正常", "无"], False, {("D2", Code.BAD_TYPE)}),
    ("no temperature", ["00123", "甲乙", "会计学院", "", "无"], True, set()),
    ("a fever", ["00123", "甲乙", "会计学院", 37.3, "无"], True, {("D2", "fever")}),
    ("just no fever", ["00123", "甲乙", "会计学院", 37.2, "无"], True, set()),
    ("a symptom", ["00123", "甲乙", "会计学院", 36.5, "发热"], True, {("E2", "symptom")}),
    ("a symptom of no list", ["00123", "甲乙", "会计学院", 36.5, "手麻"], True, {("E2", Code.NOT_IN_LIST), ("E2", "symptom")}),
    ("two faults at once", ["", "甲乙", "会计学院", 365, "无"], False, {("A2", Code.MISSING_REQUIRED), ("D2", Code.OUT_OF_RANGE)}),
    ("a fever in a row that does not count", ["99999", "甲乙", "会计学院", 38.5, "无"], False, {("A2", Code.UNKNOWN_PERSON)}),
]


@pytest.mark.parametrize(("row", "counts", "cells"), [pytest.param(r, c, x, id=name) for name, r, c, x in ROWS])
def test_one_row(row: list[Cell], counts: bool, cells: set[tuple[str, str]]) -> None:
    found = checked("staff_daily", [HEAD, row], known=KNOWN)
    assert accepted(found) == (["1:2"] if counts else [])
    assert {(cell.split(":")[1], code) for cell, code, _severity in told(found)} == cells
    assert counted(found) == (1, int(counts), int(not counts), 0, 0)


def test_severities() -> None:
    rows: Rows = [HEAD, ["99999", "", "", 36.5, ""], [123, "丙丁", "会计系", 37.3, ""]]
    assert told(checked("staff_daily", rows, known=KNOWN)) == {
        ("1:A2", Code.UNKNOWN_PERSON, "error"), ("1:A3", Code.LEADING_ZEROS_LOST, "warning"), ("1:B3", Code.NAME_MISMATCH, "warning"),
        ("1:C3", Code.UNKNOWN_UNIT, "warning"), ("1:D3", "fever", "alert"),
    }  # fmt: skip


def test_a_person_counts_where_the_roster_has_them() -> None:
    found = checked("staff_daily", [HEAD, ["00123", "甲乙", "金融学院", 36.5, ""]], known=KNOWN)
    assert found.accepted.column(UNIT).to_pylist() == ["会计学院"]


def test_numbers_are_kept_as_the_roster_writes_them() -> None:
    found = checked("staff_daily", [HEAD, [123, "甲乙", "", 36.5, ""]], known=KNOWN)
    assert found.accepted.column("staff_no").to_pylist() == ["00123"]


def test_zeros_are_not_restored_where_two_people_would_be_meant() -> None:
    """00777 and 777 on one roster: a bare 0777 may be either."""
    roster: Rows = [["工号", "姓名", "部门"], ["00777", "甲乙", "会计学院"], ["777", "丙丁", "会计学院"]]
    staff = Roster(FORMS["staff"], checked("staff", roster, day=None).accepted)
    known = Registers({"staff": staff}, KNOWN.units)
    found = checked("staff_daily", [HEAD, ["777", "丙丁", "", 36.5, ""], ["0777", "", "", 36.5, ""]], known=known)
    assert accepted(found) == ["1:2"]
    assert ("1:A3", Code.UNKNOWN_PERSON, "error") in told(found)


def test_without_a_roster_everybody_is_known() -> None:
    assert accepted(checked("staff_daily", [HEAD, ["99999", "甲乙", "会计学院", 36.5, "无"]])) == ["1:2"]


TIMED: Final[list[Cell]] = ["工号", "体温", "症状", "提交时间"]


def at(clock: str, temperature: Cell = 36.5, symptom: str = "无", number: str = "00123") -> list[Cell]:
    return [number, temperature, symptom, f"2020-02-06 {clock}"]


REPEATS: Final[list[tuple[str, list[Rows], list[str], set[tuple[str, str]]]]] = [
    # sheets, the rows that count, the cells named
    ("the same row twice", [[HEAD, GOOD, GOOD]], ["1:2"], {("1:A3", Code.DUPLICATE_ROW)}),
    ("the same row in two files", [[HEAD, GOOD], [HEAD, GOOD]], ["1:2"], {("2:A2", Code.DUPLICATE_ROW)}),
    ("the same row three times", [[HEAD, GOOD, GOOD, GOOD]], ["1:2"], {("1:A3", Code.DUPLICATE_ROW), ("1:A4", Code.DUPLICATE_ROW)}),
    ("the same once numbers are read", [[HEAD, GOOD, [123, "甲乙", "会计学院", "３６．５℃", "正常"]]], ["1:2"],
        {("1:A3", Code.DUPLICATE_ROW), ("1:A3", Code.LEADING_ZEROS_LOST)}),
    ("a fuller row counts", [[HEAD, ["00123", "", "", 36.5, ""], GOOD]], ["1:3"], {("1:A2", Code.DUPLICATE_ROW)}),
    ("the fullest of three counts", [[HEAD, ["00123", "", "", 36.5, ""], GOOD, ["00123", "", "", 36.5, ""]]], ["1:3"],
        {("1:A2", Code.DUPLICATE_ROW), ("1:A4", Code.DUPLICATE_ROW)}),
    ("two temperatures", [[HEAD, GOOD, ["00123", "甲乙", "会计学院", 36.6, "无"]]], [], {("1:A3", Code.CONFLICTING_ROWS)}),
    ("two temperatures in two files", [[HEAD, GOOD], [HEAD, ["00123", "甲乙", "会计学院", 36.6, "无"]]], [],
        {("2:A2", Code.CONFLICTING_ROWS)}),
    ("a difference in the name is none", [[HEAD, GOOD, ["00123", "", "会计学院", 36.5, "无"]]], ["1:2"], {("1:A3", Code.DUPLICATE_ROW)}),
    ("a faulty row is no other side", [[HEAD, GOOD, ["00123", "甲乙", "会计学院", 365, "无"]]], ["1:2"], {("1:D3", Code.OUT_OF_RANGE)}),
    ("others are not touched", [[HEAD, GOOD, GOOD, ["00124", "丙丁", "", 36.6, "无"]]], ["1:2", "1:4"], {("1:A3", Code.DUPLICATE_ROW)}),
    ("a later answer", [[TIMED, at("08:00:00"), at("09:00:00", 36.6)]], ["1:3"], set()),
    ("a later answer that stands first", [[TIMED, at("09:00:00", 36.6), at("08:00:00")]], ["1:2"], set()),
    ("a later answer in another file", [[TIMED, at("09:00:00", 36.6)], [TIMED, at("08:00:00")]], ["1:2"], set()),
    ("three answers", [[TIMED, at("08:00:00"), at("10:00:00", 36.7), at("09:00:00", 36.6)]], ["1:3"], set()),
    ("two at the same second: the lower row", [[TIMED, at("08:00:00"), at("08:00:00", 36.6)]], ["1:3"], set()),
    ("a later answer that is faulty", [[TIMED, at("08:00:00"), at("09:00:00", 365)]], ["1:2"], {("1:B3", Code.OUT_OF_RANGE)}),
    ("one with a time and one without", [[TIMED, at("08:00:00"), ["00123", 36.6, "无", ""]]], [], {("1:A3", Code.CONFLICTING_ROWS)}),
]  # fmt: skip


@pytest.mark.parametrize(("sheets", "kept", "cells"), [pytest.param(s, k, c, id=name) for name, s, k, c in REPEATS])
def test_the_same_person_more_than_once(sheets: list[Rows], kept: list[str], cells: set[tuple[str, str]]) -> None:
    found = checked("staff_daily", *sheets, known=KNOWN)
    assert accepted(found) == kept
    assert {(cell, code) for cell, code, _severity in told(found)} == cells
    rows, good, bad, replaced, passed = counted(found)
    assert rows == good + bad + replaced + passed


def test_a_conflict_names_its_other_side() -> None:
    found = checked("staff_daily", [HEAD, GOOD], [HEAD, ["00123", "甲乙", "会计学院", 36.6, "无"]], known=KNOWN)
    (finding,) = wording.findings(found.findings)
    assert "1.xlsx" in finding.message
    assert "A2" in finding.message


def test_an_alert_withdrawn_by_a_later_answer_is_not_forgotten() -> None:
    found = checked("staff_daily", [TIMED, at("08:00:00", 38.5), at("09:00:00", 36.5)], known=KNOWN)
    assert accepted(found) == ["1:3"]
    assert told(found) == set()
    assert [met.rows.column("temperature").to_pylist() for met in found.withdrawn if met.rows.num_rows] == [[38.5]]


def test_refused_are_those_of_whom_nothing_counts() -> None:
    rows: Rows = [HEAD, ["00123", "", "", 365, ""], GOOD, ["00124", "", "", 365, ""], ["99999", "", "", 36.5, ""]]
    found = checked("staff_daily", rows, known=KNOWN)
    assert found.refused == {"00124", "99999"}


REPORT: Final[list[Cell]] = ["单位名称", "异常人数", "疑似", "确诊", "是否零报告"]

REPORTS: Final[list[tuple[str, Rows, list[str], set[tuple[str, str]], set[str]]]] = [
    ("zero", [REPORT, ["会计学院", "无", "０", 0, "是"]], ["会计学院"], set(), set()),
    ("the unit with spaces", [REPORT, ["会计 学院", 0, 0, 0, "是"]], ["会计学院"], set(), set()),
    ("a unit of no list", [REPORT, ["会计系", 0, 0, 0, "是"]], [], {("1:A2", Code.UNKNOWN_UNIT)}, {"会计系"}),
    ("a blank count is no zero", [REPORT, ["会计学院", 0, "", 0, "是"]], [], {("1:C2", Code.MISSING_REQUIRED)}, {"会计学院"}),
    ("two reports alike", [REPORT, ["会计学院", 0, 0, 0, "是"], ["会计学院", "无", "无", "无", "是"]], ["会计学院"],
        {("1:A3", Code.DUPLICATE_ROW)}, set()),
    ("two reports that differ", [REPORT, ["会计学院", 0, 0, 0, "是"], ["会计学院", 1, 0, 0, "否"]], [], {("1:A3", Code.CONFLICTING_ROWS)},
        {"会计学院"}),
    ("zero ticked over a case", [REPORT, ["会计学院", 0, 1, 0, "是"]], ["会计学院"],
        {("1:E2", "zero-with-cases"), ("1:C2", "suspected-case")}, set()),
    ("a confirmed case", [REPORT, ["会计学院", 0, 0, 1, "否"]], ["会计学院"], {("1:D2", "confirmed-case")}, set()),
    ("no such column", [["单位名称", "疑似", "确诊"], ["会计学院", 0, 0]], [], {("1:A2", Code.MISSING_REQUIRED)}, {"会计学院"}),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "units", "cells", "refused"), [pytest.param(r, u, c, x, id=name) for name, r, u, c, x in REPORTS])
def test_units_reports(rows: Rows, units: list[str], cells: set[tuple[str, str]], refused: set[str]) -> None:
    found = checked("unit_daily", rows, known=KNOWN)
    assert found.accepted.column("unit").to_pylist() == units
    assert {(cell, code) for cell, code, _severity in told(found)} == cells
    assert found.refused == refused


def test_a_roster_that_names_somebody_twice_keeps_the_newest() -> None:
    old: Rows = [["工号", "姓名", "部门"], ["00123", "甲乙", "会计学院"]]
    new: Rows = [["工号", "姓名", "部门"], ["00123", "甲乙", "金融学院"]]
    found = checked("staff", old, new, day=None)
    assert found.accepted.column("unit").to_pylist() == ["金融学院"]
    assert {code for _cell, code, _severity in told(found)} == {Code.DUPLICATE_ROW}


@pytest.mark.parametrize(
    ("unit", "said"),
    [
        ("会计学院", "“工号”00123 重复填报，内容相同，只计一次。"),
        ("金融学院", "“工号”00123 重复填报，内容不同，请核实后只留一行；现计入的是 2.xlsx“日报”A2。"),
    ],
    ids=["the same unit", "another"],
)
def test_a_roster_that_puts_somebody_into_two_units_says_which_counts(unit: str, said: str) -> None:
    head = ["工号", "姓名", "部门"]
    found = checked("staff", [head, ["00123", "甲乙", "会计学院"]], [head, ["00123", "甲乙", unit]], day=None)
    assert [f.message for f in wording.findings(found.findings) if f.code == Code.DUPLICATE_ROW] == [said]


def test_only_rows_of_the_day_are_looked_at() -> None:
    rows: Rows = [["工号", "日期", "体温"], ["00123", "2.5", 365], ["00123", "2.6", 36.5], ["00124", "", 36.6]]
    found = checked("staff_daily", rows, known=KNOWN)
    assert accepted(found) == ["1:3", "1:4"]
    assert counted(found) == (2, 2, 0, 0, 0)
    assert told(found) == set()
    assert found.accepted.column("date").to_pylist() == [DAY, DAY]
    assert counted(checked("staff_daily", rows, known=KNOWN, first=date(2020, 2, 5))) == (1, 1, 0, 0, 0)


def test_a_day_of_no_sheets() -> None:
    found = checked("staff_daily", known=KNOWN)
    assert (found.accepted.num_rows, found.findings, found.counts, found.refused) == (0, (), (), frozenset())


def test_the_same_sheets_give_the_same_answer() -> None:
    one, two = (checked("staff_daily", [HEAD, GOOD, GOOD, ["99999", "", "", 36.5, ""]], known=KNOWN) for _ in range(2))
    assert (accepted(one), told(one), one.counts) == (accepted(two), told(two), two.counts)


@pytest.mark.parametrize("code", [c for c in Code if c is not Code.RULE])
def test_every_code_has_its_sentence(code: Code) -> None:
    said = wording.sentence(FindingBlock(code, Severity.ERROR, "a.xlsx", title="体温", note="原因"), "三十七度", "数字")
    assert said != code
    assert not set("{}") & set(said)
    assert len(said) > 8


def test_a_rule_speaks_in_the_form_s_own_words() -> None:
    block = FindingBlock("fever", Severity.ALERT, "a.xlsx", note="体温高于规定值，请立即复测")
    assert wording.sentence(block, None, None) == "体温高于规定值，请立即复测"


def test_findings_come_in_the_order_of_file_sheet_row_and_column() -> None:
    rows: Rows = [HEAD, ["00123", "丙丁", "会计系", 37.3, "发热"], ["99999", "", "", 365, ""]]
    found = [f"{f.file}:{f.cell}" for f in wording.findings(checked("staff_daily", rows, [HEAD, GOOD], known=KNOWN).findings)]
    assert found == sorted(found, key=lambda x: (x.split(":")[0], int(x[-1]), x))
