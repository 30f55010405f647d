"""`jianbao forms`: what a handed-out workbook holds, what it refuses, and that it is known again when it comes back."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from systems.school import DAY, NOON, School, codes

STAFF, BLANK = "教职工每日健康报告", "空白表"
HEADER = 2


@pytest.fixture
def school(tmp_path: Path) -> School:
    """A small school with its rosters."""
    return School(tmp_path / "学校")


def made(school: School, unit: str = "护理学院", form: str = STAFF) -> Path:
    return school.root / "private/out/forms" / unit / f"{form}.xlsx"


def run_forms(school: School, *words: str, code: int = 0) -> str:
    return school.run("forms", "--as-of", NOON, *words, code=code)


def sheet_of(path: Path) -> Worksheet:
    return openpyxl.load_workbook(path).worksheets[0]


def column_of(page: Worksheet, title: str) -> int:
    return next(c.column for c in page[HEADER] if c.value == title and isinstance(c.column, int))


def rule_of(page: Worksheet, title: str) -> DataValidation:
    letter = openpyxl.utils.get_column_letter(column_of(page, title))
    return next(v for v in page.data_validations.dataValidation if any(str(r).startswith(letter) for r in v.sqref.ranges))


def fill(path: Path, target: Path, answers: dict[str, Any], *, rows: int = 1) -> None:
    """Answer the first rows of a handed-out workbook, and hand it in."""
    book = openpyxl.load_workbook(path)
    page = book.worksheets[0]
    for row in range(HEADER + 1, HEADER + 1 + rows):
        for title, said in answers.items():
            page.cell(row, column_of(page, title), said)
    target.parent.mkdir(parents=True, exist_ok=True)
    book.save(target)


WELL = {"体温": 36.5, "症状": "无", "接触史": "否", "是否返省": "是"}


def test_the_header_is_locked_and_frozen_and_the_rows_below_are_free(school: School) -> None:
    run_forms(school)
    page = sheet_of(made(school, BLANK))
    assert page.protection.sheet
    assert all(c.protection.locked for c in page[HEADER] if c.value)
    assert page.freeze_panes == "A3"
    assert not page.column_dimensions["A"].protection.locked
    assert sheet_of(made(school)).freeze_panes == "E3"  # unit, name and number stay in sight


def test_numbers_of_persons_are_text_and_dates_are_dates(school: School) -> None:
    run_forms(school)
    page = sheet_of(made(school))
    formats = {c.value: page.column_dimensions[c.column_letter].number_format for c in page[HEADER]}
    assert formats["工号"] == "@"
    assert (formats["返省日期"], page.cell(3, column_of(page, "工号")).number_format) == ("yyyy-mm-dd", "@")
    assert page.cell(3, column_of(page, "工号")).value == "00005"


def test_lists_limits_and_dates_are_in_the_cells_rules(school: School) -> None:
    run_forms(school)
    page = sheet_of(made(school))
    book = openpyxl.load_workbook(made(school))
    temperature, symptoms, contact, returned = (rule_of(page, t) for t in ("体温", "症状", "接触史", "返省日期"))
    assert (temperature.type, temperature.operator, temperature.formula1, temperature.formula2) == ("decimal", None, "34", "43")
    assert (symptoms.type, symptoms.showErrorMessage) == ("list", False)  # several may be chosen
    assert returned.type == "date"
    assert symptoms.formula1 is not None
    where = book.defined_names[symptoms.formula1].attr_text
    assert where is not None
    cells = book["_字典"][where.split("!")[1].replace("$", "")]
    listed = [c.value for (c,) in cells]
    assert listed[:2] == ["无", "发热"]
    assert contact.formula1 == "jianbao_contact"
    assert rule_of(page, "部门").formula1 == "jianbao_unit"
    whole = rule_of(sheet_of(made(school, BLANK, "单位每日报告")), "疑似")
    assert (whole.type, whole.operator, whole.formula1) == ("whole", "greaterThanOrEqual", "0")


def test_a_list_longer_than_a_rule_may_be_is_still_a_list(school: School) -> None:
    lines = "".join(f"很长的一种观察情况说明第{n}种,\n" for n in range(60))
    (school.root / "forms_schema/lists/observation.csv").write_text(f"label,words\n{lines}", encoding="utf-8")
    run_forms(school, "--form", "staff_daily")
    book = openpyxl.load_workbook(made(school))
    where = book.defined_names[str(rule_of(book.worksheets[0], "观察情况").formula1)].attr_text
    assert str(where).endswith("$61")


def test_instructions_say_deadline_and_every_question(school: School) -> None:
    run_forms(school)
    page = openpyxl.load_workbook(made(school))["填表说明"]
    said = [str(c) for row in page.iter_rows(values_only=True) for c in row if c]
    assert any("10:00" in s for s in said)
    assert {"体温", "症状", "工号"} <= set(said)
    assert any("34 到 43" in s for s in said)


def test_the_people_of_each_unit_stand_in_its_own_workbook_and_only_there(school: School) -> None:
    run_forms(school, "--date", DAY)
    rows = list(sheet_of(made(school)).iter_rows(min_row=3, max_row=5, max_col=4, values_only=True))
    assert [(str(r[0])[:10], *r[1:]) for r in rows] == [
        (DAY, "护理学院", "施彩戊", "00005"), (DAY, "护理学院", "施彩己", "00006"), ("None", None, None, None)]  # fmt: skip
    assert sheet_of(made(school, BLANK)).max_row == HEADER
    assert not made(school, "教务处", "学生每日健康报告").exists()
    assert sheet_of(made(school, "教务处", "单位每日报告")).cell(3, 1).value == "教务处"


def test_a_weekly_form_goes_to_the_kinds_of_units_that_must_report(school: School) -> None:
    run_forms(school)
    have = [u for u in ("教务处", "图书馆", "会计学院", "护理学院") if made(school, u, "就业周报").exists()]
    assert have == ["会计学院", "护理学院"]


def test_outside_private_nothing_about_persons_is_written(school: School, tmp_path: Path) -> None:
    out = tmp_path / "u盘"
    run_forms(school, "--out", str(out))
    assert [p.name for p in out.iterdir()] == [BLANK]
    assert all(sheet_of(p).max_row == HEADER for p in out.rglob("*.xlsx"))
    said = run_forms(school, "--out", str(out), "--unit", "护理学院", code=2)
    assert "private" in said
    run_forms(school, "--out", str(school.root / "private/发出"), "--unit", "护理学院")
    assert [p.name for p in (school.root / "private/发出").iterdir()] == ["护理学院"]


def test_unknown_names_are_told_with_the_nearest(school: School) -> None:
    assert "是不是 护理学院" in run_forms(school, "--unit", "护理学苑", code=2)
    assert "是不是 staff_daily" in run_forms(school, "--form", "staff_dayly", code=2)


def test_a_workbook_comes_back_without_a_finding_and_unanswered_rows_are_no_reports(school: School) -> None:
    run_forms(school, "--date", DAY)
    fill(made(school), school.root / "inbox/交来的/护理.xlsx", WELL)
    found = school.check()
    assert [f for f in found["findings"] if f["file"].startswith("交来的")] == []
    count = next(f for f in found["files"] if f["file"].startswith("交来的"))
    assert (count["sheet"], count["form"], count["accepted"], count["passed_over"]) == (STAFF, "staff_daily", 1, 1)
    fill(made(school), school.root / "inbox/交来的/护理.xlsx", {**WELL, "体温": 365})
    assert codes(school.check(), ["error"]) == [("out-of-range", "G3")]


def test_the_stamp_tells_the_form_where_the_folder_misleads(school: School) -> None:
    run_forms(school, "--date", DAY)
    target = school.root / "inbox/学生花名册/表.xlsx"
    fill(made(school), target, WELL)
    assert ("学生花名册/表.xlsx", "staff_daily", 1) in {(f["file"], f["form"], f["accepted"]) for f in school.check()["files"]}


@pytest.mark.parametrize("kept", ["cell", "property", "neither"])
def test_either_mark_alone_is_enough(school: School, kept: str) -> None:
    run_forms(school)
    raise_version(school)
    book = openpyxl.load_workbook(made(school))
    page = book.worksheets[0]
    if kept != "cell":
        page.cell(1, column_of(page, "备注")).value = None
    if kept != "property":
        del book.custom_doc_props["jianbao_form"]
    page.cell(3, column_of(page, "体温"), 36.5)
    (school.root / "inbox/教职工日报2月6日.xlsx").parent.mkdir(exist_ok=True)
    book.save(school.root / "inbox/教职工日报2月6日.xlsx")
    found = [f["code"] for f in school.check()["findings"] if f["severity"] == "info" and f["sheet"] == STAFF]
    assert found == ([] if kept == "neither" else ["form-version"])


def edit_form(school: School, change: Callable[[str], str]) -> None:
    path = school.root / "forms_schema/staff_daily.yaml"
    path.write_text(change(path.read_text("utf-8")), encoding="utf-8")


def raise_version(school: School) -> None:
    edit_form(school, lambda text: text.replace("  version: 1", "  version: 2"))


def test_a_changed_form_must_raise_its_version(school: School) -> None:
    run_forms(school)
    edit_form(school, lambda text: text.replace("minimum: 34", "minimum: 35"))
    said = run_forms(school, code=2)
    assert "staff_daily.yaml" in said
    assert "请把 version 改为 2" in said
    raise_version(school)
    assert f"{STAFF}（第 2 版" in run_forms(school)
    edit_form(school, lambda text: text.replace("  version: 2", "  version: 1"))
    assert "请改为 3" in run_forms(school, code=2).replace("请把 version 改为 3", "请改为 3")


def test_what_nobody_sees_may_change_under_the_same_version(school: School) -> None:
    run_forms(school)
    edit_form(school, lambda text: text.replace("aliases: [职工号,", "aliases: [职工卡号, 职工号,"))
    run_forms(school)


def test_a_sheet_of_an_older_version_is_read_and_says_so(school: School) -> None:
    run_forms(school, "--date", DAY)
    fill(made(school), school.root / "inbox/教职工日报/护理.xlsx", WELL)
    assert [f["code"] for f in school.check()["findings"] if f["file"].endswith("护理.xlsx")] == []
    edit_form(school, lambda text: text.replace("title: 体温,", "title: 晨间体温,").replace("[今日体温,", "[体温, 今日体温,"))
    raise_version(school)
    run_forms(school, "--date", DAY)
    found = school.check()
    said = [(f["code"], f["severity"], f["found"], f["expected"]) for f in found["findings"] if f["file"].endswith("护理.xlsx")]
    assert said == [("form-version", "info", "1", "2")]
    assert next(f["accepted"] for f in found["files"] if f["file"].endswith("护理.xlsx")) == 1


def test_a_column_renamed_without_its_old_title_is_refused(school: School) -> None:
    run_forms(school)
    edit_form(school, lambda text: text.replace("name: note, title: 备注", "name: note, title: 其他话"))
    raise_version(school)
    assert "“备注”现在认不出来了；请写进 note 的 aliases" in run_forms(school, code=2)


@pytest.mark.parametrize("way", ["ods", "xls", "xlsx"])
def test_a_round_trip_through_libreoffice_keeps_it_readable(school: School, way: str, tmp_path: Path) -> None:
    soffice = shutil.which("soffice") or shutil.which("libreoffice")
    if not soffice:
        pytest.skip("没有 LibreOffice（soffice）")
    run_forms(school, "--date", DAY)
    filled = tmp_path / "filled" / "表.xlsx"
    fill(made(school), filled, WELL)
    out = tmp_path / "out"
    command = [soffice, "--headless", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--convert-to", way, "--outdir", str(out)]
    subprocess.run([*command, str(filled)], check=True, capture_output=True, timeout=120)
    raise_version(school)
    target = school.root / "inbox/交来的" / f"表.{way}"
    target.parent.mkdir(parents=True)
    shutil.copy(out / f"表.{way}", target)
    found = school.check()
    count = next(f for f in found["files"] if f["file"].startswith("交来的") and f["rows"])
    assert (count["form"], count["accepted"], count["passed_over"]) == ("staff_daily", 1, 1)
    assert [f["code"] for f in found["findings"] if f["file"].startswith("交来的")] == ["form-version"]


def test_equal_forms_are_equal_bytes(school: School) -> None:
    run_forms(school)
    first = made(school).read_bytes()
    run_forms(school)
    assert made(school).read_bytes() == first
