"""A reading that is kept comes back as it was, and only for what it was read from."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from itertools import zip_longest
from pathlib import Path
from typing import Final

import numpy as np
import pytest

from jianbao.forms import FormSet
from jianbao.forms.load import load_forms
from jianbao.project import shipped
from jianbao.reading import FileReading, Readers, ReadingStore, read_file, summary_of
from jianbao.sources import Cell, Grid, Unreadable, WorkbookCells
from jianbao.sources.grid import CodedRows
from jianbao.values import Code

DAY: Final = date(2020, 2, 6)
FORMS: Final = load_forms(shipped("forms_schema"), {"fever_threshold", "observation_days", "missed_contact", "low_cover_days"})
STAFF: Final[list[list[Cell]]] = [
    ["工号", "姓名", "体温", "返省日期", "爱好"],
    ["00123", "甲乙", "36。5", 2.1, "棋"],
    ["00124", "丙丁", "没量", "2月30日", ""],
]
BY_DAY: Final[list[list[Cell]]] = [["姓名", "学号", "2月5日", "2月6日"], ["甲", "01", 36.5, ""], ["乙", 1e17, "", "坏"]]

READINGS: Final[list[tuple[str, str, WorkbookCells | Unreadable]]] = [
    ("rows with problems", "教职工日报/x.xlsx", WorkbookCells((Grid("日报", STAFF),))),
    ("a column a day", "学生日报/x.xlsx", WorkbookCells((Grid("日报", BY_DAY),))),
    ("two sheets and a stranger", "x/2月6日.xlsx", WorkbookCells((Grid("甲", STAFF), Grid("乙", BY_DAY), Grid("丙", [["你好"]])))),
    (
        "sheets of one form among others",
        "教职工日报/x.xlsx",
        WorkbookCells((Grid("甲", STAFF), Grid("乙", STAFF[:1]), Grid("丙", STAFF[:1] + STAFF[2:]))),
    ),
    ("many sheets of one form", "教职工日报/x.xlsx", WorkbookCells(tuple(Grid(f"表{n}", STAFF[: 1 + n % 3]) for n in range(7)))),
    ("nothing", "教职工日报/空.xlsx", WorkbookCells((Grid("Sheet1", []),))),
    ("a table without rows", "教职工日报/x.xlsx", WorkbookCells((Grid("日报", STAFF[:1]),))),
    ("unreadable", "教职工日报/坏.xlsx", Unreadable(Code.ENCRYPTED_WORKBOOK, "文件设了打开密码")),
]
KEPT: Final = [pytest.param(f, c, id=name) for name, f, c in READINGS]


def keep(store: ReadingStore, key: str, reading: FileReading) -> None:
    with ThreadPoolExecutor(1) as pool:
        store.keep(key, reading, pool)
        store.save()


def told(reading: FileReading) -> object:
    """Return everything a reading says, as values that can be compared."""
    return reading.file, parts(reading), remarks(reading), reading.skipped


def parts(reading: FileReading) -> list[object]:
    """Return everything that each sheet says."""
    return [
        (s.sheet, s.form, s.table.schema, s.table.to_pylist(), s.identifier, dict(s.columns), s.unknown, s.header_row,
         [(p.field, p.records.tolist(), p.columns, list(p.problems)) for p in s.problems])
        for s in reading.sheets
    ]  # fmt: skip


def remarks(reading: FileReading) -> list[object]:
    """Return what is said of the file and its sheets."""
    return [(f.code, f.severity, f.file, f.sheet, f.field, f.found, f.expected, f.note, len(f)) for f in reading.findings]


def coded(sheets: dict[str, list[list[Cell]]]) -> WorkbookCells:
    """Return sheets as a workbook's reader gives them: cells as numbers into the workbook's words."""
    keys = dict.fromkeys((type(cell), cell) for rows in sheets.values() for row in rows for cell in (*row, ""))
    words, places = [cell for _type, cell in keys], {key: n for n, key in enumerate(keys)}
    columns = {name: zip_longest(*rows, fillvalue="") for name, rows in sheets.items()}
    codes = {name: np.array([[places[type(c), c] for c in column] for column in its], np.int32) for name, its in columns.items()}
    return WorkbookCells(tuple(Grid(name, CodedRows(words, its)) for name, its in codes.items()))


def test_sheets_that_are_read_together_say_what_each_says_by_itself() -> None:
    head, first, second = STAFF
    total: list[Cell] = ["合计", "", "2人", "", ""]
    blank: list[Cell] = ["", "", "", "", ""]
    sheets = {"甲": [head, first, blank, second, total], "乙": [head, total, second], "丙": [head, blank, first], "丁": [head]}
    together = read_file("教职工日报/x.xlsx", coded(sheets), FORMS, Readers(DAY))
    alone = [read_file("教职工日报/x.xlsx", coded({name: rows}), FORMS, Readers(DAY)) for name, rows in sheets.items()]
    plain = [read_file("教职工日报/x.xlsx", WorkbookCells((Grid(name, rows),)), FORMS, Readers(DAY)) for name, rows in sheets.items()]
    assert [r.table.column("_passed").to_pylist() for r in together.sheets] == [[False, False, True], [True, False], [False], []]
    assert told(replace(together, findings=())) == told(replace(alone[0], sheets=tuple(s for r in alone for s in r.sheets), findings=()))
    assert told(replace(together, findings=())) == told(replace(plain[0], sheets=tuple(s for r in plain for s in r.sheets), findings=()))


DEPARTMENTS: Final[list[Cell]] = ["部门", "姓名", "工号", "体温"]
OTHER_HEAD: Final[list[Cell]] = ["工号", "心情", "体温", "姓名"]
MANY: Final[dict[str, list[list[Cell]]]] = {
    "前": [DEPARTMENTS, ["会计学院", "甲", "00001", 36.5], ["", "乙", "00002", 36.6]],
    "无部门": [DEPARTMENTS, ["", "丙", "00003", 36.5], ["金融学院", "丁", "00004", 36.5], ["", "戊", "00005", "没量"]],
    "新表头": [["教职工每日健康报告"], OTHER_HEAD, ["00006", "好", "36。5", "己"], ["00007", "坏", "没量", "庚"]],
    "另一种写法": [["部门", "姓名", "工号", "体温（℃）"], ["", "巳", "00015", 36.5], ["部门", "姓名", "工号", "体温（℃）"]],
    "全空": [DEPARTMENTS, ["", "", "", ""]],
    "2月5日": [["", "", "", ""], DEPARTMENTS, ["图书馆", "辛", "00008", 36.5], ["合计", "", "", ""], DEPARTMENTS, ["", "壬", "x", "#REF!"]],
    "一天一列": [["姓名", "工号", "2月5日", "2月6日"], ["癸", "00009", 36.5, ""], ["子", "00010", "", "坏"]],
    "6日": [["姓名", "工号", "5日", "6日"], ["丑", "00011", 36.5, "高"], ["寅", "00012", "", 36.5]],
    "1月": [["姓名", "工号", "5日", "6日"], ["丑", "00011", 36.5, ""], ["寅", "00012", "", "低"]],
    "末": [DEPARTMENTS, ["", "卯", "00013", "没量"], ["", "辰", "00014", True]],
}
"""Sheets of one form: two headers, titles, blanks, totals, a column a day, and something wrong in the last one's last cell."""


@pytest.mark.parametrize("written", [coded, lambda sheets: WorkbookCells(tuple(Grid(n, r) for n, r in sheets.items()))])
def test_many_sheets_of_one_form_say_what_each_says_by_itself(written: Callable[[dict[str, list[list[Cell]]]], WorkbookCells]) -> None:
    file = "教职工日报/x.xlsx"
    together = read_file(file, written(MANY), FORMS, Readers(DAY))
    alone = [read_file(file, written({name: rows}), FORMS, Readers(DAY)) for name, rows in MANY.items()]
    assert [s.sheet for s in together.sheets] == list(MANY)
    assert told(together) == (file, [one for r in alone for one in parts(r)], [one for r in alone for one in remarks(r)], ())
    units = {s.sheet: s.table.column("unit").to_pylist() for s in together.sheets}
    assert units["前"] == ["会计学院", "会计学院"]
    assert units["无部门"] == [None, "金融学院", "金融学院"]
    assert units["末"] == [None, None]
    days = {s.sheet: s.table.column("_day").to_pylist() for s in together.sheets}
    assert days["6日"] == [date(2020, 2, 5)] * 2 + [date(2020, 2, 6)] * 2
    assert days["1月"] == [date(2020, 1, 5)] * 2 + [date(2020, 1, 6)] * 2
    last = together.sheets[-1]
    assert [(p.field, p.records.tolist(), p.columns) for p in last.problems] == [("temperature", [0, 1], 3)]
    assert last.table.column("_row").to_pylist() == [2, 3]


@pytest.mark.parametrize("row", range(1, 4))
@pytest.mark.parametrize("sheet", range(5))
def test_one_wrong_cell_among_many_sheets_is_named_in_its_own(sheet: int, row: int) -> None:
    """Whichever of many sheets of one form it stands in, and whether the cell is wrong as it is or hides an error."""
    title: list[Cell] = ["每日健康报告"]
    rows, errors = [title, STAFF[0], *[STAFF[1]] * 3], {(row + 1, 2): "#REF!"}
    said = [[*line] for line in rows]
    said[row + 1][2] = "没量"
    hidden = [Grid(f"表{n}", rows, errors=errors if n == sheet else {}) for n in range(5)]
    spoken = [Grid(f"表{n}", said if n == sheet else rows) for n in range(5)]
    for grids, code in ((hidden, Code.FORMULA_ERROR), (spoken, Code.BAD_TYPE)):
        reading = read_file("教职工日报/x.xlsx", WorkbookCells(tuple(grids)), FORMS, Readers(DAY))
        found = [
            (s.sheet, s.table.column("_row")[r].as_py(), p.columns, one.code)
            for s in reading.sheets
            for p in s.problems
            for r, one in zip(p.records.tolist(), p.problems, strict=True)
            if p.field == "temperature" and one.code in (Code.FORMULA_ERROR, Code.BAD_TYPE)
        ]
        assert found == [(f"表{sheet}", row + 2, 2, code)]


@pytest.mark.parametrize(("file", "cells"), KEPT)
def test_a_kept_reading_comes_back(tmp_path: Path, file: str, cells: WorkbookCells | Unreadable) -> None:
    reading = read_file(file, cells, FORMS, Readers(DAY))
    store = ReadingStore.open(tmp_path, FORMS)
    key = store.key(file, "a" * 64, DAY)
    assert store.summary(key) is None
    keep(store, key, reading)
    again = ReadingStore.open(tmp_path, FORMS)
    assert told(again.load(key)) == told(reading)
    assert again.summary(key) == summary_of(reading)


def test_equal_readings_are_equal_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        store = ReadingStore.open(tmp_path / name, FORMS)
        keep(store, store.key("f", "h", DAY), read_file("教职工日报/x.xlsx", WorkbookCells((Grid("日报", STAFF),)), FORMS, Readers(DAY)))
    one, two = (sorted(p.read_bytes() for p in (tmp_path / name).rglob("*.zip")) for name in ("one", "two"))
    assert one == two
    assert len(one) == 1


def test_the_key_is_of_everything_a_reading_depends_on(tmp_path: Path) -> None:
    others = FormSet({f.name: replace(f, sha256=f.sha256[::-1]) for f in FORMS})
    store, changed = ReadingStore.open(tmp_path, FORMS), ReadingStore.open(tmp_path, others)
    keys = [
        store.key("f", "h", DAY),
        store.key("g", "h", DAY),
        store.key("f", "i", DAY),
        store.key("f", "h", date(2020, 2, 7)),
        changed.key("f", "h", DAY),
    ]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize(
    ("file", "rows", "summary"),
    [
        pytest.param("教职工日报/x.xlsx", STAFF, {"staff_daily": (None,)}, id="no day stated"),
        pytest.param("教职工日报/2月6日.xlsx", STAFF, {"staff_daily": (DAY,)}, id="the file's day"),
        pytest.param("学生日报/x.xlsx", BY_DAY, {"student_daily": (date(2020, 2, 5), DAY)}, id="a column a day"),
        pytest.param("花名册/x.xlsx", [["工号", "姓名"], ["00123", "甲乙"]], {"staff": (None,)}, id="a register"),
        pytest.param("x.xlsx", [["你好"]], {}, id="nothing"),
    ],
)
def test_summary(file: str, rows: list[list[Cell]], summary: dict[str, tuple[date | None, ...]]) -> None:
    reading = read_file(file, WorkbookCells((Grid("Sheet1", rows),)), FORMS, Readers(DAY))
    assert summary_of(reading) == summary
