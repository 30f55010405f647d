"""Our own reading of plain workbooks says just what the general reader says of them, to the type of every cell."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, Final

import openpyxl
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.sources.test_preflight import MAIN, cells, sheet_xml, xlsx

from jianbao.sources import Unreadable, WorkbookCells
from jianbao.sources.preflight import Damaged, Report, inspect_xlsx
from jianbao.sources.workbook import open_grids
from jianbao.sources.xlsx import kind_of_format, read_plain

FIXTURES: Final = [p for p in sorted((Path(__file__).parents[1] / "fixtures").rglob("*.xlsx")) if zipfile.is_zipfile(p)]


def spelled(found: WorkbookCells | Unreadable | None) -> list[Any]:
    """Return everything that was read, with the type of every cell."""
    assert isinstance(found, WorkbookCells)
    return [(g.name, g.hidden, g.merged, dict(g.errors), [[(type(c), c) for c in row] for row in g.rows[:]]) for g in found.grids]


def both(data: bytes) -> None:
    report = inspect_xlsx(data)
    assert report.sure
    assert spelled(read_plain(report)) == spelled(open_grids(data, report))


def test_there_are_workbooks_of_other_programs() -> None:
    assert len(FIXTURES) >= 5


@pytest.mark.parametrize("path", FIXTURES, ids=[p.stem for p in FIXTURES])
def test_committed_workbooks(path: Path) -> None:
    try:
        both(path.read_bytes())
    except Damaged:
        assert isinstance(open_grids(path.read_bytes(), Report()), Unreadable)


FORMATS: Final = [
    "General", "0", "0.00", "@", "yyyy-mm-dd", "m/d/yy h:mm", "h:mm:ss", "yyyy\"年\"m\"月\"d\"日\"", "[$-804]aaaa", "[h]:mm:ss", "mm:ss.0",
    '0" 天"', '"d"0', "[Red]0.0", "0;[Blue]-0", "\\d0", "# ?/?", "0.00E+00", "[mm]", "_(* #,##0_)", "General;yyyy", "yyyy/m/d;@",
]  # fmt: skip
NUMBERS: Final = [0, 1, -1, 0.5, 36.5, 43867, 43867.5, 43867.395833, 60, 59, 1e-7, 0.1 + 0.2, 2900000]


@pytest.mark.parametrize("since_1904", [False, True])
def test_every_number_under_every_format(since_1904: bool) -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "date_1904": since_1904}) as book:
        sheet = book.add_worksheet("数")
        for column, code in enumerate(FORMATS):
            style = book.add_format({"num_format": code})
            for row, number in enumerate(n for n in NUMBERS if n >= 0):
                sheet.write_number(row, column, number, style)
    both(out.getvalue())


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("yyyy-mm-dd", "moment"),
        ("General", "number"),
        ("[h]:mm", "span"),
        ('0"day"', "number"),
        ("[$-F800]dddd", "moment"),
        ("0.0;dd", "number"),
    ],
)
def test_kind_of_format(code: str, kind: str) -> None:
    assert kind_of_format(code) == kind


def by_openpyxl(rows: list[list[Any]]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def by_openpyxl_streaming(rows: list[list[Any]]) -> bytes:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("流")
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def by_xlsxwriter(rows: list[list[Any]]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "yyyy-mm-dd hh:mm", "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                if value is not None:
                    sheet.write(number, column, value)
        sheet.merge_range(len(rows), 0, len(rows) + 1, 2, "合并")
    return out.getvalue()


def by_xlsxwriter_inline(rows: list[list[Any]]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"constant_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, str | int | float):
                    sheet.write(number, column, value)
    return out.getvalue()


TEXTS: Final = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=12)
VALUES: Final = st.one_of(
    st.none(), TEXTS, st.sampled_from(["<b>", "a&b", "  两端  ", "&amp;", "1", "36.5℃", "张 三"]), st.booleans(),
    st.integers(-(10**9), 10**9),    st.floats(allow_nan=False, allow_infinity=False, width=32),
    st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1)).map(lambda d: d.replace(microsecond=0)),
    st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.times().map(lambda t: t.replace(microsecond=0)),
)  # fmt: skip


@pytest.mark.parametrize("write", [by_openpyxl, by_openpyxl_streaming, by_xlsxwriter, by_xlsxwriter_inline])
@settings(max_examples=40, suppress_health_check=list(HealthCheck))
@given(rows=st.lists(st.lists(VALUES, min_size=1, max_size=5), min_size=1, max_size=6))
def test_whatever_a_library_writes(write: Callable[[list[list[Any]]], bytes], rows: list[list[Any]]) -> None:
    data = write(rows)
    report = inspect_xlsx(data)
    found = read_plain(report)
    if found is not None:
        assert spelled(found) == spelled(open_grids(data, report))
    assert (
        found is not None
        or any("_x" in str(v) for row in rows for v in row)
        or any(isinstance(v, str) and "\r" in v for row in rows for v in row)
    )


@settings(max_examples=40, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(sheets=st.lists(st.lists(st.lists(VALUES, max_size=5), max_size=6), min_size=2, max_size=5), hidden=st.integers(1, 4))
def test_sheets_of_any_sizes_in_one_workbook(sheets: list[list[list[Any]]], hidden: int) -> None:
    """They are read together, and each is as large as its own cells, with its own merges and state."""
    book = openpyxl.Workbook(write_only=False)
    book.remove(book.active)
    for number, rows in enumerate(sheets):
        sheet = book.create_sheet(f"表{number}")
        for row in rows:
            sheet.append(row)
        if number % 2:
            sheet.merge_cells(start_row=number, start_column=1, end_row=number + 1, end_column=2)
        if number == hidden:
            sheet.sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    report = inspect_xlsx(out.getvalue())
    found = read_plain(report)
    if found is None:
        assert any("_x" in str(v) or "\r" in str(v) for rows in sheets for row in rows for v in row)
    else:
        assert spelled(found) == spelled(open_grids(out.getvalue(), report))


def test_a_chart_between_sheets_is_none_of_them() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.add_worksheet("甲").write(0, 0, "一")
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": "=甲!$A$1:$A$2"})
        book.add_chartsheet("图").set_chart(chart)
        book.add_worksheet("乙").write(1, 1, "二")
    found = read_plain(inspect_xlsx(out.getvalue()))
    assert found is not None
    assert [(g.name, [*g.rows]) for g in found.grids] == [("甲", [["一"]]), ("乙", [["", ""], ["", "二"]])]


STRINGS: Final = f'<?xml version="1.0"?><sst {MAIN}>'
ODD_STRINGS: Final = [
    ("plain", "<si><t>甲</t></si><si><t>乙</t></si>"),
    ("kept space", '<si><t xml:space="preserve"> 甲 </t></si><si><t>乙</t></si>'),
    ("runs", "<si><r><t>甲</t></r><r><rPr><b/></rPr><t>丙</t></r></si><si><t>乙</t></si>"),
    ("pronounced", '<si><t>甲</t><rPh sb="0" eb="1"><t>jia</t></rPh></si><si><t>乙</t></si>'),
    ("empty", "<si><t/></si><si><t></t></si>"),
    ("entities", "<si><t>&lt;a&gt; &amp; &#30002;</t></si><si><t>乙</t></si>"),
    ("two kept spaces", '<si><t xml:space="preserve"> 甲</t></si><si><t xml:space="preserve">乙 </t></si>'),
    ("kept space and runs", '<si><t xml:space="preserve"> 甲</t></si><si><r><t>乙</t></r><r><t xml:space="preserve"> 丙</t></r></si>'),
    ("an entity among bare texts", "<si><t>甲</t></si><si><t>乙&amp;丙</t></si>"),
    ("last is odd", '<si><t>甲</t></si><si><t xml:space="preserve">乙 </t></si>'),
]


@pytest.mark.parametrize("strings", [pytest.param(s, id=name) for name, s in ODD_STRINGS])
def test_shared_strings(strings: str) -> None:
    row = '<row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2" t="s"><v>1</v></c></row>'
    both(xlsx(cells(row), extra={"xl/sharedStrings.xml": f"{STRINGS}{strings}</sst>"}))


CELLS: Final = [
    ("a truth value", '<c r="A2" t="b"><v>1</v></c><c r="B2" t="b"><v>0</v></c>'),
    ("a formula's number", '<c r="A2"><f>1+1</f><v>2</v></c>'),
    ("a formula's text", '<c r="A2" t="str"><f>B2&amp;""</f><v>a&amp;b</v></c>'),
    ("a shared formula", '<c r="A2"><f t="shared" si="0"/><v>7</v></c>'),
    ("an inline text", '<c r="A2" t="inlineStr"><is><t>甲</t></is></c>'),
    ("an inline text in runs", '<c r="A2" t="inlineStr"><is><r><t>甲</t></r><r><t>乙</t></r></is></c>'),
    ("an error", '<c r="A2" t="e"><v>#N/A</v></c><c r="B2"><v>1</v></c>'),
    ("an empty value", '<c r="A2"><v></v></c><c r="C2"><v>1</v></c>'),
    ("a number said to be one", '<c r="A2" t="n"><v>1.5</v></c>'),
    ("a number with an exponent", '<c r="A2"><v>1.5E-3</v></c>'),
    ("styled and blank", '<c r="A2" s="0"/><c r="B2"><v>1</v></c>'),
    ("out of order", '<c r="C2"><v>3</v></c><c r="A2"><v>1</v></c>'),
]


@pytest.mark.parametrize("row", [pytest.param(r, id=name) for name, r in CELLS])
def test_single_cells(row: str) -> None:
    both(xlsx(cells(f'<row r="2">{row}</row>')))


LEFT: Final = [
    ("a date written as text", '<c r="A2" t="d"><v>2020-02-06</v></c>'),
    ("an escape of Excel's", '<c r="A2" t="str"><v>a_x000D_b</v></c>'),
    ("an attribute that is not known", '<c r="A2" zz="1"><v>1</v></c>'),
    ("no number", '<c r="A2"><v>abc</v></c>'),
    ("a string that is not there", '<c r="A2" t="s"><v>99</v></c>'),
]


@pytest.mark.parametrize("row", [pytest.param(r, id=name) for name, r in LEFT])
def test_what_is_left_to_the_general_reader(row: str) -> None:
    report = inspect_xlsx(xlsx(sheet_xml(f'<row r="2">{row}</row>')))
    assert report.sure
    assert read_plain(report) is None


def test_a_time_of_day() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.add_worksheet().write_datetime(0, 0, time(9, 30), book.add_format({"num_format": "hh:mm"}))
    found = read_plain(inspect_xlsx(out.getvalue()))
    assert found is not None
    assert found.grids[0].rows[0] == [time(9, 30)]
