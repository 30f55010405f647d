"""`forms close` and `forms open`: a day's rows after the deadline."""

from __future__ import annotations

import pytest

from sheets_server import BOT, Book
from sheets_server.errors import Refused

from .desk import DAILY, DAY, Desk

OTHER = "someone@school.example"


@pytest.fixture
def daily(desk: Desk) -> Book:
    """A sheet of two days, the rows mixed, that another person may edit."""
    desk.small_school()
    rows = [
        [43867, "00001", 36.5, "无", "否"],
        [43866, "00001", 36.5, "无", "否"],
        [43867, "00002", 36.5, "无", "否"],
        [43867, "00003", 36.5, "无", "否"],
    ]
    book = desk.book("教职工日报/两天", {"日报": [DAILY, *rows]})
    book.shared = {BOT: "writer", OTHER: "writer"}
    return book


def close(desk: Desk, verb: str = "close", at: str = "10:30", code: int = 0) -> str:
    """Close or open the day, and return what was said."""
    return desk.run("forms", verb, "--date", DAY, "--as-of", f"{DAY}T{at}", code=code).output


def may_type(desk: Desk, book: Book, row: int) -> bool:
    """Whether another person can type into a row."""
    try:
        desk.google.type_in(book, "日报", f"F{row}", "备注", by=OTHER)
    except Refused:  # as the emulator says that a cell is protected
        return False
    return True


def test_the_days_rows_are_closed_and_no_others(desk: Desk, daily: Book) -> None:
    said = close(desk)
    assert "教职工日报/两天.gsheet：3 行已关闭" in said
    assert [may_type(desk, daily, row) for row in (1, 2, 3, 4, 5, 6)] == [True, False, True, False, False, True]


def test_closing_twice_is_closing_once(desk: Desk, daily: Book) -> None:
    close(desk)
    protected = [dict(p) for p in daily.sheets[0].protected]
    close(desk)
    assert [dict(p) for p in daily.sheets[0].protected] == protected


def test_opening_undoes_it(desk: Desk, daily: Book) -> None:
    close(desk)
    assert "两天.gsheet：已打开" in close(desk, "open")
    assert daily.sheets[0].protected == []
    assert may_type(desk, daily, 2)


def test_rows_that_moved_are_closed_where_they_are(desk: Desk, daily: Book) -> None:
    close(desk)
    daily.sheets[0].fill([[43866, "00001"]], top=1)
    daily.sheets[0].fill([[43867, "00001"]], top=2)
    daily.touch()
    close(desk)
    assert [may_type(desk, daily, row) for row in (2, 3, 4)] == [True, False, False]


def test_other_protections_stay(desk: Desk, daily: Book) -> None:
    sheet = desk.google.client().open_by_key(daily.book_id).worksheet("日报")
    sheet.add_protected_range("A1:E1", description="本单位自己设的")
    close(desk)
    close(desk, "open")
    assert [p["description"] for p in daily.sheets[0].protected] == ["本单位自己设的"]


def test_before_the_deadline_it_is_refused(desk: Desk, daily: Book) -> None:
    said = close(desk, at="09:59", code=4)
    assert "截止时间还没有到" in said
    assert "10:00" in said
    assert daily.sheets[0].protected == []


def test_rosters_are_never_closed(desk: Desk, daily: Book) -> None:
    assert "花名册" not in close(desk)
    assert daily.sheets


def test_a_book_that_does_not_come_is_named_and_the_others_closed(desk: Desk, daily: Book) -> None:
    lost = desk.book("零报告/失联", {"零报告": [["说明"]]})
    desk.google.forbid(lost)
    said = close(desk)
    assert "零报告/失联.gsheet：没有权限打开" in said
    assert "两天.gsheet：3 行已关闭" in said


def test_a_folder_office_has_nothing_to_close(desk: Desk) -> None:
    path = desk.root / "jianbao.toml"
    path.write_text(path.read_text("utf-8").replace('kind = "google"', 'kind = "folder"'), "utf-8")
    assert "不在谷歌表格里" in close(desk, code=2)
