"""A day's rows as the shipped forms read and check them, from plain lists: what the rooms behind validation work on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from jianbao.forms.load import load_forms
from jianbao.project import shipped
from jianbao.reading import Readers, read_file
from jianbao.sources import Cell, Grid, WorkbookCells
from jianbao.validation import Checked, Registers, Roster, SourcedSheet, check_day, unit_list

DAY: Final = date(2020, 2, 6)
SETTINGS: Final = {"fever_threshold": 37.2, "observation_days": 14, "missed_contact": "extend", "low_cover_days": 7}
FORMS: Final = load_forms(shipped("forms_schema"), set(SETTINGS))
FOLDERS: Final = {"staff_daily": "教职工日报", "unit_daily": "零报告", "staff": "花名册", "units": "花名册"}
UNIT_HEAD: Final = ("单位", "上级", "校区", "填报人")
STAFF_HEAD: Final = ("工号", "姓名", "部门", "校区")
DAILY_HEAD: Final = ("工号", "是否返省", "体温", "症状", "接触史")
REPORT_HEAD: Final = ("提交时间", "单位名称", "应报人数", "实报人数", "异常人数", "疑似", "确诊", "是否零报告", "填报人")

Row = Sequence[Cell]


def checked(form: str, head: Row, *rows: Row, known: Registers | None = None, day: date | None = DAY) -> Checked:
    """Check one sheet of a form; `day` is None for a register."""
    cells = WorkbookCells((Grid("表", [list(head), *map(list, rows)]),))
    (reading,) = read_file(f"{FOLDERS[form]}/{form}.xlsx", cells, FORMS, Readers(DAY)).sheets
    return check_day(FORMS[form], day, [SourcedSheet(f"{form}.xlsx", "1", DAY, reading, 1)], known or Registers(), SETTINGS)


def registers(units: Sequence[Row], staff: Sequence[Row]) -> Registers:
    """Return a school of some units and staff."""
    roster = Roster(FORMS["staff"], checked("staff", STAFF_HEAD, *staff, day=None).accepted)
    return Registers({"staff": roster}, unit_list(FORMS["units"], checked("units", UNIT_HEAD, *units, day=None).accepted))


KNOWN: Final = registers(
    [("教务处", "", "东", "褚航敏"), ("图书馆", "", "西", ""), ("会计学院", "", "东", "奚悦恩、严恩旭")],
    [("00001", "施彩辉", "教务处", "东"), ("00002", "云涵安", "教务处", "东"), ("00003", "窦舟岚", "图书馆", "西"),
     ("00004", "褚珊诚", "会计学院", "东"), ("00005", "严恩旭", "会计学院", "东")],
)  # fmt: skip


def staff(*rows: Row) -> Checked:
    """Check the staff's day: number, returned, temperature, symptoms, contact a row."""
    return checked("staff_daily", DAILY_HEAD, *rows, known=KNOWN)


def reports(*rows: Row) -> Checked:
    """Check the units' reports: time, unit, expected, received, abnormal, suspected, confirmed, zero, reporter a row."""
    return checked("unit_daily", REPORT_HEAD, *rows, known=KNOWN)


def zero(unit: str, at: str = "08:00", *, due: int = 2, come: int = 2, by: str = "") -> Row:
    """Return a unit's zero."""
    return (f"2020-02-06 {at}:00" if at else "", unit, due, come, 0, 0, 0, "是", by)
