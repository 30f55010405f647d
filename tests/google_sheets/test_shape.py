"""`jianbao forms --to google`: a book that a person made, shaped for a form."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from jianbao import files
from sheets_server import BOT, Book
from sheets_server.errors import Refused

from .desk import DAY, NOON, Desk

FORM = "unit_daily"
TITLE = "单位每日报告"


def shape(desk: Desk, book: Book, form: str = FORM, code: int = 0) -> str:
    """Shape a book for a form, and return what was said."""
    return desk.run(
        "forms", "--to", "google", "--form", form, "--book", f"https://docs.google.com/spreadsheets/d/{book.book_id}/edit", code=code
    ).output


def header(book: Book, title: str = TITLE) -> list[str]:
    """Return a sheet's header."""
    sheet = book[title]
    texts = [sheet.cell(0, c).value for c in range(26)]
    return [str(t) for t in texts if t is not None]


def column(book: Book, name: str, title: str = TITLE) -> int:
    """Return where a header stands."""
    return header(book, title).index(name)


def rule(book: Book, name: str) -> dict[str, Any]:
    """Return what a column's cells may hold."""
    found = book[TITLE].cell(5, column(book, name)).validation
    assert found is not None
    return found


@pytest.fixture
def book(desk: Desk) -> Book:
    """A blank book as a person makes one: another clock, another language."""
    return desk.google.make_book("零报告", locale="en_US", time_zone="America/New_York")


def test_a_blank_book_becomes_the_form(desk: Desk, book: Book) -> None:
    said = shape(desk, book)
    assert f"{TITLE}，改动" in said
    assert [s.title for s in book.sheets] == [TITLE]
    assert header(book) == [
        "单位名称",
        "报告日期",
        "应报人数",
        "实报人数",
        "异常人数",
        "疑似",
        "确诊",
        "是否零报告",
        "填报人",
        "联系电话",
        "备注",
    ]
    assert (book.locale, book.time_zone) == ("zh_CN", "Asia/Shanghai")
    assert "必填" in str(book[TITLE].cell(0, column(book, "疑似")).note)
    assert "选填" in str(book[TITLE].cell(0, column(book, "备注")).note)


def test_lists_have_arrows_and_numbers_limits(desk: Desk, book: Book) -> None:
    shape(desk, book)
    zero = rule(book, "是否零报告")
    assert (zero["condition"]["type"], zero["showCustomUi"], zero["strict"]) == ("ONE_OF_LIST", True, True)
    assert [v["userEnteredValue"] for v in zero["condition"]["values"]] == ["是", "否"]
    assert rule(book, "疑似")["condition"] == {"type": "NUMBER_GREATER_THAN_EQ", "values": [{"userEnteredValue": "0"}]}
    assert rule(book, "报告日期")["condition"]["type"] == "DATE_IS_VALID"
    phone = book[TITLE].cell(5, column(book, "联系电话")).format
    assert phone is not None
    assert phone["numberFormat"]["type"] == "TEXT"


def test_header_is_frozen_protected_named_and_stamped(desk: Desk, book: Book) -> None:
    shape(desk, book)
    client = desk.google.client()
    about = client.open_by_key(book.book_id).fetch_sheet_metadata()
    (sheet,) = about["sheets"]
    assert sheet["properties"]["gridProperties"]["frozenRowCount"] == 1
    (protected,) = sheet["protectedRanges"]
    assert (protected["range"].get("startRowIndex", 0), protected["range"]["endRowIndex"]) == (0, 1)
    assert [n["name"] for n in about["namedRanges"]] == [f"jianbao_{FORM}"]
    (stamp,) = sheet["developerMetadata"]
    assert stamp["metadataKey"] == "jianbao"
    assert json.loads(stamp["metadataValue"])["form"] == FORM


def test_others_cannot_type_into_the_header(desk: Desk) -> None:
    book = desk.google.make_book("零报告", shared={BOT: "writer", "someone@school.example": "writer"})
    shape(desk, book)
    with pytest.raises(Refused, match="protected"):
        desk.google.type_in(book, TITLE, "A1", "别的", by="someone@school.example")
    desk.google.type_in(book, TITLE, "A2", "教务处", by="someone@school.example")


def test_twice_is_once(desk: Desk, book: Book) -> None:
    shape(desk, book)
    version = book.version
    assert "没有改动" in shape(desk, book)
    assert book.version == version
    assert desk.google.count("sheets.spreadsheets.batchUpdate") == 1


def test_what_somebody_undid_is_set_right(desk: Desk, book: Book) -> None:
    shape(desk, book)
    desk.google.type_in(book, TITLE, "F1", "疑似病例数")
    book[TITLE].protected.clear()
    assert "改动 2 处" in shape(desk, book)
    assert header(book)[5] == "疑似"
    assert len(book[TITLE].protected) == 1


def new_version(desk: Desk) -> None:
    """Give the form a new version: one question called otherwise, and one more."""
    path = desk.root / f"forms_schema/{FORM}.yaml"
    text = files.read_text(path).replace("  version: 1\n", "  version: 2\n")
    text = text.replace("name: reporter, title: 填报人,", "name: reporter, title: 报告填写人,").replace(
        "aliases: [信息员,", "aliases: [填报人, 信息员,"
    )
    text += "  - {name: seal, title: 是否盖章, type: boolean}\n"
    files.write_text(path, text)


def test_a_later_version_comes_in_place_and_moves_nobodys_rows(desk: Desk, book: Book) -> None:
    shape(desk, book)
    sheet = book[TITLE]
    row = ["教务处", 43867, 2, 2, 0, 0, 0, "是", "褚航敏", "13800000001", "无"]
    sheet.fill([row], top=1)
    sheet.move("COLUMNS", 8, 9, 0)
    moved = header(book)
    assert moved[0] == "填报人"
    new_version(desk)
    assert "新增的列（在最右边）：是否盖章" in shape(desk, book)
    assert header(book) == ["报告填写人", *moved[1:], "是否盖章"]
    assert [sheet.cell(1, c).value for c in range(11)] == ["褚航敏", *row[:8], *row[9:]]
    assert "没有改动" in shape(desk, book)
    assert (
        json.loads(
            desk.google.client().open_by_key(book.book_id).fetch_sheet_metadata()["sheets"][0]["developerMetadata"][0]["metadataValue"]
        )["version"]
        == 2
    )


def test_a_book_in_use_gets_a_sheet_beside_what_is_there(desk: Desk) -> None:
    book = desk.google.make_book("别的", {"通讯录": [["姓名", "电话"], ["褚航敏", "13800000001"]]})
    shape(desk, book)
    assert [s.title for s in book.sheets] == ["通讯录", TITLE]
    assert book["通讯录"].cell(1, 0).value == "褚航敏"
    assert "没有改动" in shape(desk, book)


def test_a_sheet_whose_first_row_is_no_header_is_left_alone(desk: Desk) -> None:
    book = desk.google.make_book("别的", {TITLE: [["本周安排"], ["单位名称", "疑似"]]})
    said = shape(desk, book, code=1)
    assert "第一行不是这张表的表头" in said
    assert "空白的工作表" in said
    assert book[TITLE].cell(0, 0).value == "本周安排"


def test_columns_of_their_own_are_kept_and_named(desk: Desk) -> None:
    book = desk.google.make_book("别的", {TITLE: [["单位", "疑似", "楼号"], ["教务处", 0, "3"]]})
    assert "原样保留：楼号" in shape(desk, book)
    assert header(book)[:3] == ["单位名称", "疑似", "楼号"]
    assert book[TITLE].cell(1, 2).value == "3"


def test_without_a_book_the_steps_are_told(desk: Desk) -> None:
    said = desk.run("forms", "--to", "google", code=2).output
    assert [w for w in ("不能自己新建", "sheets.new", "共享", BOT, "编辑者", "[[source.book]]") if w not in said] == []


def test_a_book_that_is_not_shared_says_with_whom(desk: Desk) -> None:
    book = desk.google.make_book("别人的", shared={})
    said = shape(desk, book, code=1)
    assert BOT in said
    assert "共享" in said


def test_a_form_that_is_not_there_is_asked_back(desk: Desk, book: Book) -> None:
    assert "unit_daily" in shape(desk, book, form="unit_dayly", code=2)


def test_all_books_that_the_settings_name_a_form_for(desk: Desk) -> None:
    books = [desk.google.make_book(t) for t in ("一", "二")]
    lines = zip(books, (FORM, "staff_daily"), strict=True)
    desk.settings("\n".join(f'[[source.book]]\naddress = "{b.book_id}"\npath = "填报/{f}"\nform = "{f}"\n' for b, f in lines))
    said = desk.run("forms", "--to", "google").output
    assert f"填报/{FORM}：{TITLE}" in said
    assert "填报/staff_daily：教职工每日健康报告" in said


def test_units_are_a_list_once_they_are_known(desk: Desk, book: Book) -> None:
    desk.small_school()
    desk.run("pull", "--date", DAY, "--as-of", NOON)
    shape(desk, book)
    assert [v["userEnteredValue"] for v in rule(book, "单位名称")["condition"]["values"]] == ["教务处", "图书馆", "会计学院"]


def test_a_shaped_and_filled_book_is_read_without_a_finding(desk: Desk) -> None:
    desk.small_school()
    book = desk.book("教务处补报/单位每日报告", {"表": []})
    shape(desk, book)
    for cell, value in zip("ABEFGHI", ("教务处", "2020-02-07", 0, 0, 0, "是", "褚航敏"), strict=True):
        desk.google.type_in(book, TITLE, f"{cell}2", value)
    found = desk.check("2020-02-07")
    assert {u["unit"]: u["state"] for u in found["units"]} == {"教务处": "zero", "图书馆": "missing", "会计学院": "missing"}
    assert [f for f in found["findings"] if f["file"].startswith("教务处补报")] == []


def test_forms_alone_lists_them(desk: Desk, tmp_path: Path) -> None:
    assert f"{FORM}  {TITLE}（第 1 版" in desk.run("forms").output
    assert tmp_path.exists()
