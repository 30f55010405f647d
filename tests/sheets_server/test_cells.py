"""What typed text becomes, how values are shown, what formulas give."""

from __future__ import annotations

from typing import Any

import pytest

from sheets_server.a1 import Area
from sheets_server.entered import Value, parse_entry
from sheets_server.formulas import evaluate
from sheets_server.shown import show


@pytest.mark.parametrize(
    ("text", "value", "pattern"),
    [
        ("36.5", 36.5, None),
        ("0042", 42, None),
        ("-3", -3, None),
        ("2,000,000.01", 2000000.01, "#,##0.00"),
        ("1,234", 1234, "#,##0"),
        ("98.2%", 0.982, "0.00%"),
        ("50%", 0.5, "0%"),
        ("1e5", 100000, "0.00E+00"),
        ("¥12", 12, '"¥"#,##0'),
        ("2020-02-06", 43867, "yyyy-mm-dd"),
        ("2020/2/6", 43867, "yyyy/m/d"),
        ("2020年2月6日", 43867, 'yyyy"年"m"月"d"日"'),
        ("2020-02-06 08:30", 43867 + 8.5 / 24, "yyyy-mm-dd hh:mm"),
        ("8:30", 8.5 / 24, "h:mm"),
        ("2/6", 43867, "m/d"),
        ("true", True, None),
        ("'0042", "0042", None),
        ("2020-02-30", "2020-02-30", None),
        ("无", "无", None),
        ("1,23", "1,23", None),
        (".", ".", None),
    ],
)
def test_typed_text_becomes_a_value(text: str, value: Value, pattern: str | None) -> None:
    got, number_format = parse_entry(text, "zh_CN", this_year=2020)
    assert got == (pytest.approx(value, abs=1e-12) if isinstance(value, float) else value)
    assert (number_format or {}).get("pattern") == pattern


def test_the_day_comes_first_where_the_locale_has_it_so() -> None:
    assert parse_entry("1/2/2020", "en_US")[0] == 43832
    assert parse_entry("1/2/2020", "fr_FR")[0] == 43862


def test_an_identity_number_that_is_typed_loses_its_last_digits() -> None:
    value, _ = parse_entry("990101199003078888")
    assert value == 9.901011990030789e17
    assert show(value) == "9.90101E+17"


@pytest.mark.parametrize(
    ("value", "pattern", "text"),
    [
        (None, None, ""),
        (True, None, "TRUE"),
        ("无", "0.00", "无"),
        (42.0, None, "42"),
        (13800001234, None, "13800001234"),
        (0.0009765625, None, "0.0009765625"),
        (1 / 3, None, "0.3333333333"),
        (1234.5, "#,##0.00", "1,234.50"),
        (7, "00000000", "00000007"),
        (-2.5, "0.0", "-2.5"),
        (2.5, "0.##", "2.5"),
        (0.982, "0.0%", "98.2%"),
        (12, '"¥"0.00', "¥12.00"),
        (12345, "0.00E+00", "1.23E+04"),
    ],
)
def test_a_number_is_shown_in_its_format(value: Value, pattern: str | None, text: str) -> None:
    assert show(value, {"type": "NUMBER", "pattern": pattern} if pattern else None) == text


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("yyyy-mm-dd", "2020-02-06"),
        ('yyyy"年"m"月"d"日"', "2020年2月6日"),
        ("yyyy/m/d h:mm", "2020/2/6 8:05"),
        ("yy-m-d hh:mm:ss", "20-2-6 08:05:09"),
        ("h:mm am/pm", "8:05 AM"),
    ],
)
def test_a_serial_number_is_shown_as_day_and_time(pattern: str, text: str) -> None:
    assert show(43867 + (8 * 3600 + 5 * 60 + 9) / 86400, {"type": "DATE_TIME", "pattern": pattern}) == text


@pytest.mark.parametrize(("locale", "text"), [("zh_CN", "2020/2/6"), ("en_US", "2/6/2020"), ("fr_FR", "2020-02-06")])
def test_a_date_without_a_pattern_is_shown_as_the_locale_has_it(locale: str, text: str) -> None:
    assert show(43867, {"type": "DATE"}, locale) == text


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("=4/2", 2),
        ("= 1 / 1024", 0.0009765625),
        ("=2+3*4-(1+1)", 12),
        ("=-2^2", 4),
        ("=50%", 0.5),
        ('="a"&1&"b"', "a1b"),
        ("=A1+B1", 5),
        ("=SUM(A1:B2)", 9),
        ('=COUNTIF(A1:B2,">2")', 2),
        ('=IF(A1=2,"是","否")', "是"),
        ("=1<>2", True),
        ("=1/0", "#DIV/0!"),
        ("=别的!A1+1", 3),
        ("=NOW()", "#NAME?"),
        ('="a"+1', "#VALUE!"),
        ("=1+", "#ERROR!"),
        ("=A1:B2", "#VALUE!"),
    ],
)
def test_a_formula_gives_its_value(formula: str, value: Value) -> None:
    grid: list[list[Value]] = [[2, 3], [4, None]]

    def lookup(title: str | None, area: Any) -> list[list[Value]]:
        assert isinstance(area, Area)
        top, bottom, left, right = area.within(2, 2)
        return [row[left:right] for row in grid[top:bottom]]

    assert evaluate(formula, lookup) == value
