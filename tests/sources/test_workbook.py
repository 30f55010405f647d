"""From a file's bytes to cells: what a file is by its content, what its cells hold, and why there are none."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime, time
from typing import Any, Final

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from jianbao.sources import Cell, Unreadable, WorkbookCells
from jianbao.sources.grid import UNCOMPUTED, Merge
from jianbao.sources.isolated import IsolatedReader
from jianbao.sources.workbook import FileKind, blank, kind_of, read_workbook, spoken
from jianbao.values import Code

OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def here_only(_data: bytes) -> WorkbookCells | Unreadable:
    raise AssertionError("a measured .xlsx needs no child")


def written(rows: list[list[Any]], **options: Any) -> bytes:
    """Return a workbook with one sheet, 日报, as xlsxwriter writes it."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "yyyy-mm-dd", **options}) as book:
        sheet = book.add_worksheet("日报")
        for r, row in enumerate(rows):
            for c, value in enumerate(row):
                sheet.write(r, c, value)
    return out.getvalue()


def read_cells(data: bytes) -> WorkbookCells:
    found = read_workbook(data, title="x", text=False, isolate=here_only)
    assert isinstance(found, WorkbookCells), found
    return found


KINDS: Final[list[tuple[str, bytes, FileKind]]] = [
    ("nothing", b"", FileKind.EMPTY),
    ("zeros", b"\0" * 4096, FileKind.EMPTY),
    ("an xlsx", written([["工号"]]), FileKind.XLSX),
    ("an xlsx cut off", written([["工号"]])[:800], FileKind.XLSX),
    ("an ods cut off", b"PK\x03\x04" + b"\0" * 26 + b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet", FileKind.ODS),
    ("another zip", b"PK\x03\x04" + b"\0" * 26 + b"photo.jpg", FileKind.OTHER),
    ("an old file cut off", OLE + b"\0" * 100, FileKind.XLS),
    ("text", "工号,体温\n00123,36.5\n".encode(), FileKind.TEXT),
    ("GB18030 text", "工号,体温".encode("gb18030"), FileKind.TEXT),
    ("UTF-16 text", "工号,体温".encode("utf-16"), FileKind.TEXT),
    ("a page", b"<html><table><tr><td>1</td></tr></table></html>", FileKind.MARKUP),
    ("a page in capitals", b"<HTML><BODY>", FileKind.MARKUP),
    ("a page after white space", b"\r\n\t <html>", FileKind.MARKUP),
    ("a page after a byte order mark", b"\xef\xbb\xbf<!DOCTYPE html>", FileKind.MARKUP),
    ("a page in UTF-16", "<html xmlns:x>".encode("utf-16"), FileKind.MARKUP),
    ("a table alone", b"<table border=1>", FileKind.MARKUP),
    ("spreadsheet XML of 2003", b'<?xml version="1.0"?><Workbook>', FileKind.MARKUP),
    ("a PDF", b"%PDF-1.7", FileKind.OTHER),
    ("a picture", b"\x89PNG\r\n\x1a\n", FileKind.OTHER),
    ("a photo", b"\xff\xd8\xff\xe0", FileKind.OTHER),
    ("a RAR archive", b"Rar!\x1a\x07", FileKind.OTHER),
    ("a gzip archive", b"\x1f\x8b\x08", FileKind.OTHER),
    ("a comparison is no page", "体温<37.3,人数\n是,20\n".encode(), FileKind.TEXT),
]


@pytest.mark.parametrize(("data", "kind"), [pytest.param(d, k, id=name) for name, d, k in KINDS])
def test_kind_of(data: bytes, kind: FileKind) -> None:
    assert kind_of(data) is kind


NOT_READ: Final[list[tuple[str, bytes, str]]] = [
    ("nothing", b"", Code.UNREADABLE_WORKBOOK),
    ("a page", b"<html>", Code.UNREADABLE_WORKBOOK),
    ("a PDF", b"%PDF-1.7", Code.UNREADABLE_WORKBOOK),
    ("text in a workbook's clothes", "工号,体温\n".encode(), Code.UNREADABLE_WORKBOOK),
    ("an xlsx cut off", written([["工号"]])[:3000], Code.UNREADABLE_WORKBOOK),
    ("a zip that is no workbook", b"PK\x03\x04" + b"\0" * 26 + b"photo.jpg", Code.UNREADABLE_WORKBOOK),
]


@pytest.mark.parametrize(("data", "code"), [pytest.param(d, c, id=name) for name, d, c in NOT_READ])
def test_why_there_are_no_cells(data: bytes, code: str) -> None:
    found = read_workbook(data, title="x", text=False, isolate=here_only)
    assert isinstance(found, Unreadable)
    assert found.code == code
    assert found.reason


def test_a_zip_with_no_directory_of_its_own_is_damaged() -> None:
    """The first thousand bytes of a good workbook, and then another one's end."""
    one, two = written([["工号"]]), written([["学号"] * 50] * 50)
    found = read_workbook(one[:1000] + two[-1000:], title="x", text=False, isolate=here_only)
    assert isinstance(found, Unreadable)


def test_text_is_a_sheet_of_its_file_s_name() -> None:
    found = read_workbook("工号,体温\n00123,36.5\n".encode(), title="会计学院", text=True, isolate=here_only)
    assert isinstance(found, WorkbookCells)
    (grid,) = found.grids
    assert (grid.name, grid.rows) == ("会计学院", [["工号", "体温"], ["00123", "36.5"]])


def test_a_workbook_in_text_s_clothes_is_read_as_what_it_is() -> None:
    found = read_workbook(written([["工号"]]), title="会计学院", text=True, isolate=here_only)
    assert isinstance(found, WorkbookCells)
    assert found.grids[0].name == "日报"


def test_what_cells_hold() -> None:
    moment = datetime(2020, 2, 6, 9, 5, 30)
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("日报")
        dated, timed = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        chinese, zeros = book.add_format({"num_format": 'yyyy"年"m"月"d"日"'}), book.add_format({"num_format": "00000"})
        sheet.write_row(0, 0, ["001234", 36.5, 20, True, False])
        sheet.write_datetime(1, 0, date(2020, 2, 6), dated)
        sheet.write_datetime(1, 1, moment, timed)
        sheet.write_datetime(1, 2, date(2020, 2, 6), chinese)
        sheet.write_number(1, 3, 43867)
        sheet.write_number(1, 4, 123, zeros)
        sheet.write_formula(2, 0, "=1+1", None, 2)
        sheet.write_formula(2, 1, "=1/0", None, "#DIV/0!")
        sheet.write_string(2, 2, " 两边 ")
        sheet.write_string(2, 4, "换\n行")
    (grid,) = read_cells(out.getvalue()).grids
    assert list(grid.rows) == [
        ["001234", 36.5, 20.0, True, False],
        [date(2020, 2, 6), moment, date(2020, 2, 6), 43867.0, 123.0],
        [2.0, "", " 两边 ", "", "换\n行"],
    ]
    assert [type(c) for c in grid.rows[0]] == [str, float, float, bool, bool]
    assert dict(grid.errors) == {(2, 1): "#DIV/0!"}


def test_days_of_the_1904_system() -> None:
    data = written([[date(2020, 2, 6), datetime(2020, 2, 6, 9, 5)]], date_1904=True)
    assert [[str(c)[:10] for c in row] for row in read_cells(data).grids[0].rows] == [["2020-02-06", "2020-02-06"]]


def test_formulas_that_openpyxl_never_computed() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "日报"
    sheet.append(["工号", "体温", "合计"])
    sheet.append(["00123", 36.5, "=SUM(B2:B2)"])
    out = io.BytesIO()
    book.save(out)
    (grid,) = read_cells(out.getvalue()).grids
    assert dict(grid.errors) == {(1, 2): UNCOMPUTED}


def test_sheets_in_their_order_with_merges_and_hidden_ones() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        first = book.add_worksheet("说明")
        first.merge_range(0, 0, 0, 3, "标题")
        first.merge_range(2, 1, 4, 1, "会计学院")
        book.add_worksheet("字典").hide()
        secret = book.add_worksheet("暗")
        secret.very_hidden()
        book.add_chartsheet("图")
    found = read_cells(out.getvalue()).grids
    assert [(g.name, g.hidden) for g in found] == [("说明", False), ("字典", True), ("暗", True)]
    assert found[0].merged == (Merge(0, 0, 0, 3), Merge(2, 1, 4, 1))


def test_a_sheet_that_begins_below_and_to_the_right_keeps_its_places() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.add_worksheet().write(3, 2, "工号")
    assert read_cells(out.getvalue()).grids[0].rows[3][2] == "工号"


TEXT: Final = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), min_size=1, max_size=12)
VALUES: Final = st.one_of(
    TEXT, st.floats(-1e9, 1e9, allow_nan=False).map(lambda x: round(x, 3)), st.integers(-(10**12), 10**12), st.booleans()
)


@settings(max_examples=40)
@given(st.lists(st.lists(VALUES, min_size=1, max_size=6), min_size=1, max_size=6))
def test_what_is_written_is_what_is_read(rows: list[list[Any]]) -> None:
    data = written(rows, strings_to_formulas=False, strings_to_urls=False, strings_to_numbers=False)
    found = read_cells(data).grids[0].rows
    width = max(map(len, rows))
    assert list(found) == [[*row, *[""] * (width - len(row))] for row in rows]


SPOKEN: Final[list[tuple[Cell, str]]] = [
    (True, "TRUE"), (False, "FALSE"), (36.5, "36.5"), (20.0, "20"), (123, "123"), (1e15, "1000000000000000.0"), ("甲", "甲"),
    (date(2020, 2, 6), "2020-02-06"),
    (datetime(2020, 2, 6, 9, 5), "2020-02-06 09:05:00"), (time(9, 5), "09:05:00"), (-0.0, "0"),
]  # fmt: skip


@pytest.mark.parametrize(("cell", "text"), SPOKEN, ids=repr)
def test_spoken(cell: Cell, text: str) -> None:
    assert spoken(cell) == text


@pytest.mark.parametrize(("cell", "answer"), [("", True), (" \n", True), ("\u3000", True), ("甲", False), (0, False), (False, False)])
def test_blank(cell: Cell, answer: bool) -> None:
    assert blank(cell) is answer


def test_a_renamed_member_is_not_an_ods_or_an_xlsx() -> None:
    """A zip of photographs whose names speak of xl/ is opened, found wanting, and named."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("xl/photo.jpg", b"\xff\xd8\xff")
    with IsolatedReader() as isolated:
        found = read_workbook(out.getvalue(), title="x", text=False, isolate=isolated.read)
    assert isinstance(found, Unreadable)
    assert found.code == Code.UNREADABLE_WORKBOOK
