"""What a range's text means, and how a range is written."""

from __future__ import annotations

import pytest

from sheets_server.a1 import Area, cell_name, parse_area, quoted, range_name, split_title
from sheets_server.sheets import moved_span, shifted


@pytest.mark.parametrize(
    ("text", "area"),
    [
        ("A1", Area(0, 1, 0, 1)),
        ("$B$2:D4", Area(1, 4, 1, 4)),
        ("D4:B2", Area(1, 4, 1, 4)),
        ("A:C", Area(None, None, 0, 3)),
        ("2:3", Area(1, 3)),
        ("A5:A", Area(4, None, 0, 1)),
        ("AA10", Area(9, 10, 26, 27)),
        ("R2C3:R4C5", Area(1, 4, 2, 5)),
        ("A", None),
        ("7", None),
        ("学号", None),
        ("Sheet1", None),
        ("", None),
    ],
)
def test_a_range_is_read(text: str, area: Area | None) -> None:
    assert parse_area(text) == area


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("'2月6日'!A1:B2", ("2月6日", "A1:B2")),
        ("'it''s ! here'!A1", ("it's ! here", "A1")),
        ("'2月6日'", ("2月6日", "")),
        ("🌵 x!A1", ("🌵 x", "A1")),
        ("A1:B2", (None, "A1:B2")),
    ],
)
def test_the_title_is_split_off(text: str, parts: tuple[str | None, str]) -> None:
    assert split_title(text) == parts


@pytest.mark.parametrize(
    ("title", "written"), [("Sheet1", "Sheet1"), ("D3", "'D3'"), ("2月6日", "'2月6日'"), ("it's", "'it''s'"), ("a b", "'a b'")]
)
def test_a_title_is_quoted_where_it_must_be(title: str, written: str) -> None:
    assert quoted(title) == written


def test_a_single_cell_is_written_without_a_colon() -> None:
    assert range_name("日报", (1, 2, 27, 28)) == "'日报'!AB2"
    assert range_name("Sheet1", (0, 1000, 0, 26)) == "Sheet1!A1:Z1000"
    assert cell_name(0, 701) == "ZZ1"


@pytest.mark.parametrize(
    ("at", "count", "span"),
    [
        (0, 2, (5, 8)),
        (3, 2, (5, 8)),
        (4, 2, (3, 8)),
        (6, 2, (3, 6)),
        (0, -2, (1, 4)),
        (4, -1, (3, 5)),
        (2, -2, (2, 4)),
        (3, -3, None),
        (6, -5, (3, 6)),
    ],
)  # fmt: skip
def test_a_span_moves_with_what_comes_and_goes(at: int, count: int, span: tuple[int, int] | None) -> None:
    assert moved_span(3, 6, at, count) == span


def test_an_open_range_stays_open() -> None:
    assert shifted(Area(left=1, right=2), "ROWS", 0, 5) == Area(left=1, right=2)
    assert shifted(Area(top=1), "ROWS", 0, 5) == Area(top=6)
    assert shifted(Area(left=1, right=2), "ROWS", 3, -2) == Area(left=1, right=2)
