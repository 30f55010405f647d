"""`send-back` to notes and colours on the cells of an online book, taken away when mended."""

from __future__ import annotations

import pytest

from sheets_server import Book

from .desk import DAY, NOON, Desk

RED = {"red": 255 / 255, "green": 199 / 255, "blue": 206 / 255}
YELLOW = {"red": 1, "green": 1, "blue": 0}
SIGN = "〔简报核对〕"


def send_back(desk: Desk, *words: str) -> str:
    """Run the verb, and return what it said."""
    return desk.run("send-back", "--date", DAY, "--as-of", NOON, *words).output


def note(book: Book, cell: str) -> str:
    """Return a cell's note."""
    return book.sheets[0].cell(int(cell[1:]) - 1, ord(cell[0]) - 65).note or ""


def colour(book: Book, cell: str) -> dict[str, float] | None:
    """Return a cell's background, None for none."""
    held = book.sheets[0].cell(int(cell[1:]) - 1, ord(cell[0]) - 65).format or {}
    found: dict[str, float] | None = held.get("backgroundColor")
    return found


@pytest.fixture
def daily(desk: Desk) -> Book:
    """The staff's sheet of a day, with a lost decimal point in C2."""
    book = desk.small_school()["日报"]
    book.sheets[0].fill([[365]], top=1, left=2)
    return book


def test_a_problem_is_noted_and_coloured_where_it_stands(desk: Desk, daily: Book) -> None:
    said = send_back(desk)
    assert "教职工日报/全校.gsheet：已在表格里标出 1 处，撤去 0 处" in said
    assert note(daily, "C2").startswith(SIGN)
    assert "365" in note(daily, "C2")
    assert colour(daily, "C2") == pytest.approx(RED)
    assert daily.sheets[0].cell(1, 2).value == 365, "the answer itself is never touched"


def test_twice_is_once(desk: Desk, daily: Book) -> None:
    send_back(desk)
    version = daily.version
    send_back(desk)
    assert daily.version == version


def test_what_is_mended_loses_its_mark(desk: Desk, daily: Book) -> None:
    send_back(desk)
    desk.google.type_in(daily, "日报", "C2", 36.5)
    assert "标出 0 处，撤去 1 处" in send_back(desk)
    assert (note(daily, "C2"), colour(daily, "C2")) == ("", None)
    desk.google.requests.clear()
    send_back(desk)
    assert desk.google.count("sheets.spreadsheets.batchUpdate") == 0


def test_a_mark_goes_with_its_row_when_rows_are_sorted(desk: Desk, daily: Book) -> None:
    send_back(desk)
    daily.sheets[0].move("ROWS", 1, 2, 4)
    daily.touch()
    send_back(desk)
    assert "365" in note(daily, "C4")
    assert (note(daily, "C2"), colour(daily, "C2")) == ("", None)


def test_a_persons_own_note_and_colour_stay(desk: Desk, daily: Book) -> None:
    sheet = desk.google.client().open_by_key(daily.book_id).worksheet("日报")
    sheet.update_note("C2", "已打电话")
    sheet.format("C2", {"backgroundColor": YELLOW})
    send_back(desk)
    assert note(daily, "C2").startswith(f"已打电话\n{SIGN}")
    assert colour(daily, "C2") == pytest.approx(YELLOW | {"blue": 0}) or colour(daily, "C2") == {"red": 1, "green": 1}
    desk.google.type_in(daily, "日报", "C2", 36.5)
    send_back(desk)
    assert note(daily, "C2") == "已打电话"
    assert colour(daily, "C2") is not None


def test_a_book_changed_since_it_was_read_is_not_marked(desk: Desk, daily: Book) -> None:
    """Rows sorted between the reading and the marking: a mark would stand at somebody else's answer."""

    def sort() -> None:
        daily.sheets[0].move("ROWS", 1, 2, 4)
        daily.touch()

    desk.run("pull", "--as-of", NOON)
    desk.google.meanwhile(sort, "drive.files.list", times=None)
    said = send_back(desk)
    assert "读过以后又有改动" in said
    assert note(daily, "C2") == note(daily, "C4") == ""
    desk.google.faults.clear()
    send_back(desk)
    assert "365" in note(daily, "C4")


def test_a_formula_in_an_answer_is_a_note_and_no_formula(desk: Desk, daily: Book) -> None:
    daily.sheets[0].fill([['=HYPERLINK("http://x")']], top=2, left=2)
    daily.touch()
    send_back(desk)
    assert "HYPERLINK" in note(daily, "C3")


def test_offline_marks_nothing(desk: Desk, daily: Book) -> None:
    desk.run("pull", "--as-of", NOON)
    desk.google.requests.clear()
    send_back(desk, "--offline")
    assert desk.google.requests == []
    assert note(daily, "C2") == ""


def test_a_book_we_may_only_read_is_named(desk: Desk, daily: Book) -> None:
    daily.shared = {next(iter(daily.shared)): "reader"}
    assert "没有权限" in send_back(desk)


def test_problems_are_in_the_list_too(desk: Desk, daily: Book) -> None:
    assert "问题清单.xlsx" in send_back(desk)
    assert (desk.root / f"private/out/{DAY}/退回/问题清单.xlsx").is_file()
    assert daily.title == "全校"
