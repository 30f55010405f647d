"""Random sheets: whatever stands in them is read without an exception, and every row is accounted for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Final

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from jianbao import wording
from jianbao.forms import FormSpec, Kind
from jianbao.forms.load import load_forms
from jianbao.project import shipped
from jianbao.reading import DAY as ROW_DAY
from jianbao.reading import PASSED, ROW, FileReading, Readers, SheetReading, read_file
from jianbao.sources import Cell, Grid, WorkbookCells
from jianbao.sources.grid import Merge
from jianbao.sources.workbook import blank
from jianbao.validation import Checked, Registers, Roster, SourcedSheet, check_day, unit_list
from jianbao.values import Severity

DAY: Final = date(2020, 2, 6)
FORMS: Final = load_forms(shipped("forms_schema"), {"fever_threshold", "observation_days", "missed_contact", "low_cover_days"})
SETTINGS: Final = {"fever_threshold": 37.2, "observation_days": 14, "missed_contact": "extend", "low_cover_days": 7}

HEADERS: Final = sorted({name for form in FORMS for field in form.fields for name in field.names if "*" not in name})
WORDS: Final = [
    "", "", "", " ", "\u3000", "是", "否", "无", "零", "36.5", "36.5℃", "37.8", "365", "正常", "00123", "00124", "123", "G1", "2018010101",
    "1E+17", "会计学院", "金融学院", "会计 学院",
    "甲乙", "丙丁", "2月6日", "2.6", "2020-02-06", "2020-02-06 09:05:30", "2020-02-07 08:00:00", "2月30日", "合计", "小计", "总计：3人",
    "填报人：", "审核：", "注：", "#REF!", "发热┋干咳",
    "其他话", "约30", "25例 # 来源", "13800001234", "(空)", "（跳过）", "－", "教职工每日健康报告（2月6日）", "x" * 90,
]  # fmt: skip
CELLS: Final = st.one_of(
    st.sampled_from(WORDS), st.sampled_from(WORDS), st.sampled_from(HEADERS), st.text(max_size=6), st.integers(-5, 10**6),
    st.floats(30, 45).map(lambda x: round(x, 1)),
    st.sampled_from([43867.0, 43867.4, 123.0, 1e17, 20200206.0, 2.6]), st.dates(date(2020, 1, 1), date(2020, 3, 1)),
    st.datetimes(datetime(2020, 2, 5), datetime(2020, 2, 8)),
    st.booleans(), st.times(), st.timedeltas(timedelta(0), timedelta(9)),
)  # fmt: skip
HOSTILE: Final = st.one_of(
    CELLS, st.floats(), st.integers(), st.sampled_from(["9" * 5000, "፩", "十十", "十十月六日", "\x00", "﷽", "\U0001f600", "٣٦٫٥", "²",
        "０" * 400, "-" * 400, "(" * 400, "是" * 5000]),
    st.text(st.characters(), max_size=30), st.sampled_from([time.max, datetime.max, datetime.min, date.max, date.min, timedelta.max,
        float("nan"), 1e308, -1e308]),
)  # fmt: skip


def grids(cells: st.SearchStrategy[Cell]) -> st.SearchStrategy[Grid]:
    """Return sheets with a form's own header somewhere, its columns in any order, and rows of anything."""
    titles = [[f.title for f in form.fields] for form in FORMS]
    days: list[Cell] = ["2月5日", "2月6日", date(2020, 2, 6), 43867.0, "6日"]
    header = st.sampled_from(titles).flatmap(st.permutations) | st.sampled_from(titles).map(lambda t: [*t, *days])
    above = st.lists(st.lists(cells, max_size=4), max_size=3)
    rows = st.lists(st.lists(cells, max_size=14), max_size=10)
    merges = st.lists(
        st.tuples(*[st.integers(0, 12)] * 4).map(lambda m: Merge(min(m[0], m[2]), min(m[1], m[3]), max(m[0], m[2]), max(m[1], m[3]))),
        max_size=3,
    )
    errors = st.dictionaries(st.tuples(st.integers(0, 15), st.integers(0, 15)), st.sampled_from(["#REF!", "#N/A", "#未计算"]), max_size=3)
    names = st.sampled_from(["Sheet1", "2月6日", "6日", "0206", "说明"])
    return st.builds(
        lambda a, h, r, m, e, n, again: Grid(n, [*a, list(h), *r, *([list(h)] if again else [])], tuple(m), e),
        above,
        header,
        rows,
        merges,
        errors,
        names,
        st.booleans(),
    )


FILES: Final = st.sampled_from(
    [
        "教职工日报/x.xlsx",
        "学生日报/2月6日.xlsx",
        "零报告/x.csv",
        "花名册/x.xls",
        "部门动态/x.ods",
        "x.xlsx",
        "2月/6日/教职工日报（2020-02-06）.xlsx",
    ]
)


def registers() -> Registers:
    """Return a roster of two and a list of two units."""

    def accepted(form: FormSpec, rows: list[list[Cell]]) -> Checked:
        (sheet,) = read_file("花名册/x.xlsx", WorkbookCells((Grid("x", rows),)), FORMS, Readers(DAY)).sheets
        return check_day(form, None, [SourcedSheet("花名册/x.xlsx", "0", DAY, sheet)], Registers(), SETTINGS)

    staff = accepted(FORMS["staff"], [["工号", "姓名", "部门"], ["00123", "甲乙", "会计学院"], ["00124", "丙丁", "金融学院"]])
    units = accepted(FORMS["units"], [["单位", "填报人"], ["会计学院", "甲乙"], ["金融学院", "丙丁"]])
    return Registers({"staff": Roster(FORMS["staff"], staff.accepted)}, unit_list(FORMS["units"], units.accepted))


REGISTERS: Final = {"no rosters": Registers(), "rosters": registers()}
QUICKLY: Final = settings(
    max_examples=150,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],
)
"""A failing sheet is shown as it was drawn: making it smaller would take longer than the rest of the tests."""


def days_of(reading: FileReading) -> list[date]:
    """Return every day that a file's records are of, and the day being worked."""
    found = {d for sheet in reading.sheets for d in sheet.table.column(ROW_DAY).to_pylist() if d}
    return sorted({DAY, *found})


def check(reading: FileReading, known: Registers) -> list[Checked]:
    """Check every form and day that a file has records of."""
    found = []
    for form in {s.form: FORMS[s.form] for s in reading.sheets}.values():
        sheets = [SourcedSheet(reading.file, "0", DAY, s) for s in reading.sheets if s.form == form.name]
        days = [None] if form.kind is Kind.REGISTER else days_of(reading)
        found += [check_day(form, day, sheets, known, SETTINGS) for day in days]
    return found


def filled_rows(grid: Grid, sheet: SheetReading) -> set[int]:
    """Return the numbers of the rows under a header that hold something in a column of the form's."""
    columns = set(sheet.columns.values())
    return {
        number
        for number, row in enumerate(grid.rows[sheet.header_row :], sheet.header_row + 1)
        if any(not blank(cell) for column, cell in enumerate(row) if column in columns)
    }


def accounted_for(grid: Grid, file: str, known: Registers) -> None:
    """Read and check one sheet, and see that every row of it is somewhere."""
    reading = read_file(file, WorkbookCells((grid,)), FORMS, Readers(DAY))
    assert reading.sheets or reading.findings
    checked = check(reading, known)
    counts = [c for one in checked for c in one.counts]
    assert all(c.rows == c.accepted + c.rejected + c.superseded + c.passed_over for c in counts)
    for sheet in reading.sheets:
        rows = sheet.table.column(ROW).to_pylist()
        assert sum(c.rows for c in counts) == sheet.table.num_rows
        assert filled_rows(grid, sheet) <= set(rows) <= set(range(sheet.header_row + 1, len(grid.rows) + 1))
        passed = sum(sheet.table.column(PASSED).to_pylist())
        assert sum(c.passed_over for c in counts) == passed
    for one in checked:
        found = wording.findings(one.findings)
        assert all(f.message and f.file == file for f in found)
        assert not sum(c.rejected for c in one.counts) or any(f.severity is Severity.ERROR for f in found), "rejected without a reason"


@pytest.mark.parametrize("known", REGISTERS)
@QUICKLY
@given(grid=grids(CELLS), file=FILES)
def test_rows_in_are_rows_accounted_for(known: str, grid: Grid, file: str) -> None:
    accounted_for(grid, file, REGISTERS[known])


@QUICKLY
@given(grid=grids(HOSTILE), file=FILES)
def test_no_cell_whatever_stops_the_reading(grid: Grid, file: str) -> None:
    accounted_for(grid, file, Registers())


@QUICKLY
@given(grid=grids(CELLS), file=FILES)
def test_the_same_sheet_says_the_same_again(grid: Grid, file: str) -> None:
    """Even from readers that have met other sheets before."""
    used = Readers(DAY)
    one, two = (read_file(file, WorkbookCells((grid,)), FORMS, r) for r in (Readers(DAY), used))
    three = read_file(file, WorkbookCells((grid,)), FORMS, used)
    for other in (two, three):
        assert [s.table.to_pylist() for s in one.sheets] == [s.table.to_pylist() for s in other.sheets]
        assert [[(p.field, p.records.tolist(), p.problems) for p in s.problems] for s in one.sheets] == [
            [(p.field, p.records.tolist(), p.problems) for p in s.problems] for s in other.sheets
        ]


@QUICKLY
@given(sheets=st.lists(grids(CELLS), min_size=2, max_size=4), again=st.integers(0, 3), file=FILES)
def test_sheets_in_one_file_say_what_each_says_by_itself(sheets: list[Grid], again: int, file: str) -> None:
    """One of them is there twice: sheets with the same columns are read together, and no row strays into another."""
    named = [replace(g, name=f"{g.name}{n * ' '}") for n, g in enumerate([*sheets, sheets[again % len(sheets)]])]
    together = read_file(file, WorkbookCells(tuple(named)), FORMS, Readers(DAY)).sheets
    alone = [s for g in named for s in read_file(file, WorkbookCells((g,)), FORMS, Readers(DAY)).sheets]
    assert [(s.sheet, s.form, s.columns, s.table.to_pylist()) for s in together] == [
        (s.sheet, s.form, s.columns, s.table.to_pylist()) for s in alone
    ]
    assert [[(p.field, p.columns, p.records.tolist(), list(p.problems)) for p in s.problems] for s in together] == [
        [(p.field, p.columns, p.records.tolist(), list(p.problems)) for p in s.problems] for s in alone
    ]


@QUICKLY
@given(grid=grids(CELLS))
def test_a_row_said_twice_counts_once(grid: Grid) -> None:
    """The same sheet twice in the inbox: no person or unit is accepted twice, on any day."""
    reading = read_file("x.xlsx", WorkbookCells((grid,)), FORMS, Readers(DAY))
    assume(reading.sheets)
    form = FORMS[reading.sheets[0].form]
    sheets = [SourcedSheet(f"{n}.xlsx", str(n), DAY, reading.sheets[0], n) for n in range(2)]
    for day in [None] if form.kind is Kind.REGISTER else days_of(reading):
        accepted = check_day(form, day, sheets, Registers(), SETTINGS).accepted
        keys = list(zip(*(accepted.column(k).to_pylist() for k in form.keys), strict=True))
        assert len(keys) == len(set(keys))
