"""Every way people write a day and a moment, and what is none."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest

from jianbao.reading.days import MonthDay, chinese_number, day_of_sheet, days_in_name, parse_day, parse_moment, settle
from jianbao.sources import Cell

DAY = date(2020, 2, 6)
SIXTH = MonthDay(2, 6)

WRITTEN_DAYS: list[tuple[str, Cell, date | MonthDay]] = [
    ("date cell", DAY, DAY),
    ("date and time cell", datetime(2020, 2, 6, 8, 30), DAY),
    ("serial, float", 43867.0, DAY),
    ("serial, int", 43867, DAY),
    ("serial with a time", 43867.354166, DAY),
    ("serial as text", "43867", DAY),
    ("compact number", 20200206.0, DAY),
    ("compact text", "20200206", DAY),
    ("ISO", "2020-02-06", DAY),
    ("hyphens without zeros", "2020-2-6", DAY),
    ("slashes", "2020/2/6", DAY),
    ("slashes with zeros", "2020/02/06", DAY),
    ("points", "2020.2.6", DAY),
    ("Chinese", "2020年2月6日", DAY),
    ("Chinese with zeros", "2020年02月06日", DAY),
    ("Chinese, 号", "2020年2月6号", DAY),
    ("Chinese with spaces", "2020 年 2 月 6 日", DAY),
    ("full-width digits", "２０２０年２月６日", DAY),
    ("full-width compact", "２０２００２０６", DAY),
    ("Chinese points", "2020。2。6", DAY),
    ("trailing point", "2020.2.6.", DAY),
    ("apostrophe", "'2020-02-06", DAY),
    ("short year", "20-2-6", DAY),
    ("with a clock", "2020-02-06 08:30", DAY),
    ("with a clock and seconds", "2020-02-06 08:30:00", DAY),
    ("ISO with T", "2020-02-06T08:30:00", DAY),
    ("Chinese with a clock", "2020年2月6日 8时30分", DAY),
    ("with a weekday", "2020/2/6 星期四", DAY),
    ("with a weekday in brackets", "2020年2月6日（周四）", DAY),
    ("spaces around", "  2020-02-06 ", DAY),
    ("line break after", "2020-02-06\n", DAY),
    ("leap day", "2020-02-29", date(2020, 2, 29)),
    ("month and day, point", "2.6", SIXTH),
    ("month and day, number", 2.6, SIXTH),
    ("month and two-digit day, number", 2.16, MonthDay(2, 16)),
    ("twelfth month, number", 12.31, MonthDay(12, 31)),
    ("month and day", "2月6日", SIXTH),
    ("month and day, 号", "2月6号", SIXTH),
    ("month and day, nothing after", "2月6", SIXTH),
    ("month and day with zeros", "02月06日", SIXTH),
    ("month and day, slash", "2/6", SIXTH),
    ("month and day, hyphen", "2-6", SIXTH),
    ("month and day with zeros, hyphen", "02-06", SIXTH),
    ("month and day, full-width", "２月６日", SIXTH),
    ("month and day, spaces", "2 月 6 日", SIXTH),
    ("month and day, 汉字", "二月六日", SIXTH),
    ("month and day, long 汉字", "十二月三十一日", MonthDay(12, 31)),
    ("month and day with a weekday", "2月6日（星期四）", SIXTH),
    ("month and day with a clock", "2月6日 8:30", SIXTH),
    ("29 February without a year", "2月29日", MonthDay(2, 29)),
]


@pytest.mark.parametrize(("cell", "expected"), [pytest.param(c, d, id=name) for name, c, d in WRITTEN_DAYS])
def test_parse_day(cell: Cell, expected: date | MonthDay) -> None:
    assert parse_day(cell) == expected


NO_DAYS: list[tuple[str, Cell]] = [
    ("30 February", "2月30日"),
    ("30 February with its year", "2020-02-30"),
    ("29 February of no leap year", "2021-02-29"),
    ("31 April", "4月31日"),
    ("31 November", "2022/11/31"),
    ("13th month", "13月1日"),
    ("month 0", "0月5日"),
    ("day 0", "2月0日"),
    ("30 February, number", 2.3 + 0.0000001 + 0.2),  # 2.5000001: no two-digit fraction
    ("compact 30 February", "20200230"),
    ("compact number 30 February", 20200230.0),
    ("year and month only", "2020年2月"),
    ("a year", "2020"),
    ("a year, number", 2020.0),
    ("a temperature", 36.5),
    ("a temperature as text", "36.5"),
    ("yesterday", "昨天"),
    ("not yet", "未返"),
    ("a range", "2月3日至2月6日"),
    ("several", "2月3日、2月6日"),
    ("approximately", "2月初"),
    ("day before month", "6/2/2020"),
    ("nothing", ""),
    ("white space", "\u3000"),
    ("true", True),
    ("a time of day", time(8, 30)),
    ("a duration", timedelta(days=1)),
    ("zero", 0.0),
    ("negative", -3.5),
    ("a phone", "13800001234"),
    ("a large number", 1e15),
    ("no number", float("nan")),
    ("infinite", float("inf")),
    ("beyond any integer", 1e308),
    ("five thousand digits", "9" * 5000),
    ("a digit that is no decimal", "፩"),
    ("superscripts", "²"),
]


@pytest.mark.parametrize("cell", [pytest.param(c, id=name) for name, c in NO_DAYS])
def test_no_day(cell: Cell) -> None:
    assert parse_day(cell) is None


@pytest.mark.parametrize(
    ("day", "reference", "past", "nearest"),
    [
        pytest.param(SIXTH, date(2020, 2, 6), DAY, DAY, id="today"),
        pytest.param(SIXTH, date(2020, 2, 5), date(2019, 2, 6), DAY, id="tomorrow is the nearest, but not past"),
        pytest.param(MonthDay(12, 31), date(2020, 1, 2), date(2019, 12, 31), date(2019, 12, 31), id="last year's end"),
        pytest.param(MonthDay(1, 1), date(2019, 12, 30), date(2019, 1, 1), date(2020, 1, 1), id="next year's beginning"),
        pytest.param(MonthDay(2, 29), date(2023, 3, 1), date(2020, 2, 29), date(2024, 2, 29), id="leap day"),
    ],
)
def test_the_year_that_is_not_written(day: MonthDay, reference: date, past: date, nearest: date) -> None:
    assert day.past(reference) == past
    assert day.nearest(reference) == nearest


@pytest.mark.parametrize(
    ("day", "reference", "expected"),
    [
        pytest.param(DAY, date(2019, 1, 1), DAY, id="a full date stays"),
        pytest.param(SIXTH, date(2020, 2, 8), DAY, id="month and day"),
        pytest.param(6, date(2020, 2, 8), DAY, id="a day of this month"),
        pytest.param(31, date(2020, 2, 3), date(2020, 1, 31), id="a day of the month before"),
        pytest.param(1, date(2020, 2, 28), date(2020, 3, 1), id="a day of the month after"),
        pytest.param(31, date(2020, 6, 15), date(2020, 5, 31), id="no such day this month: the nearer neighbour"),
        pytest.param(None, DAY, None, id="none"),
        pytest.param(32, DAY, None, id="no day of any month"),
    ],
)
def test_settle(day: date | MonthDay | int | None, reference: date, expected: date | None) -> None:
    assert settle(day, reference) == expected


@pytest.mark.parametrize(
    ("text", "number"),
    [("零", 0), ("〇", 0), ("一", 1), ("九", 9), ("十", 10), ("十二", 12), ("二十", 20), ("二十三", 23), ("九十九", 99),
     ("", None), ("百", None), ("一二", None), ("十十", None), ("2", None), ("无", None)],
)  # fmt: skip
def test_chinese_number(text: str, number: int | None) -> None:
    assert chinese_number(text) == number


MOMENT = datetime(2020, 2, 6, 9, 5, 30)
MINUTE = datetime(2020, 2, 6, 9, 5)

WRITTEN_MOMENTS: list[tuple[str, Cell, datetime]] = [
    ("date and time cell", MOMENT, MOMENT),
    ("date and time cell with fractions", datetime(2020, 2, 6, 9, 5, 30, 400), MOMENT),
    ("serial", 43867.37881944444, MOMENT),
    ("date cell", DAY, datetime(2020, 2, 6)),
    ("time cell: of the day of reference", time(9, 5, 30), MOMENT),
    ("ISO with a space", "2020-02-06 09:05:30", MOMENT),
    ("ISO with T", "2020-02-06T09:05:30", MOMENT),
    ("slashes (问卷星)", "2020/2/6 9:05:30", MOMENT),
    ("two spaces", "2020/2/6  9:05:30", MOMENT),
    ("without seconds", "2020-02-06 9:05", MINUTE),
    ("Chinese (腾讯)", "2020年2月6日 9:05", MINUTE),
    ("Chinese clock", "2020年2月6日 9时5分", MINUTE),
    ("Chinese clock, 点", "2020年2月6日9点5分", MINUTE),
    ("Chinese clock with seconds", "2020年2月6日 9时5分30秒", MOMENT),
    ("full-width", "２０２０－０２－０６　０９：０５", MINUTE),
    ("without a year", "2月6日 9:05", MINUTE),
    ("morning", "2020/2/6 上午9:05", MINUTE),
    ("afternoon", "2020/2/6 下午3:05", datetime(2020, 2, 6, 15, 5)),
    ("evening", "2020/2/6 晚上8:05", datetime(2020, 2, 6, 20, 5)),
    ("noon", "2020/2/6 中午12:05", datetime(2020, 2, 6, 12, 5)),
    ("small hours", "2020/2/6 凌晨12:05", datetime(2020, 2, 6, 0, 5)),
    ("AM", "2020/2/6 9:05 AM", MINUTE),
    ("PM", "2020/2/6 3:05 PM", datetime(2020, 2, 6, 15, 5)),
    ("midnight AM", "2020/2/6 12:05 AM", datetime(2020, 2, 6, 0, 5)),
    ("fraction of a second", "2020-02-06 09:05:30.123", MOMENT),
    ("a clock alone", "9:05", MINUTE),
    ("a day alone", "2020-02-06", datetime(2020, 2, 6)),
]


@pytest.mark.parametrize(("cell", "expected"), [pytest.param(c, m, id=name) for name, c, m in WRITTEN_MOMENTS])
def test_parse_moment(cell: Cell, expected: datetime) -> None:
    assert parse_moment(cell, DAY) == expected


NO_MOMENTS: list[tuple[str, Cell]] = [
    ("25 o'clock", "2020-02-06 25:00"),
    ("60 minutes", "2020-02-06 09:60"),
    ("30 February", "2020-02-30 09:05"),
    ("words", "今天上午"),
    ("a clock that is not understood", "2020-02-06 9.05"),
    ("words after the day", "2020-02-06 已报"),
    ("a count", 12.0),
    ("true", True),
    ("nothing", ""),
    ("a duration", timedelta(hours=3)),
    ("no number", float("nan")),
    ("infinite", float("inf")),
    ("five thousand digits", "9" * 5000),
]


@pytest.mark.parametrize("cell", [pytest.param(c, id=name) for name, c in NO_MOMENTS])
def test_no_moment(cell: Cell) -> None:
    """A clock that cannot be read is no midnight: lateness hangs on it."""
    assert parse_moment(cell, DAY) is None


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        pytest.param("教职工日报2020-02-06", (DAY,), id="ISO"),
        pytest.param("教职工日报20200206", (DAY,), id="compact"),
        pytest.param("教职工日报_2020_02_06", (DAY,), id="underscores"),
        pytest.param("2020年2月6日教职工日报", (DAY,), id="Chinese"),
        pytest.param("教职工日报（2月6日）", (SIXTH,), id="without a year"),
        pytest.param("教职工日报2.6", (SIXTH,), id="point"),
        pytest.param("教职工日报0206", (SIXTH,), id="four digits"),
        pytest.param("教职工日报02-06", (SIXTH,), id="hyphen"),
        pytest.param("二月六日", (SIXTH,), id="汉字"),
        pytest.param("1月30日-2月6日汇总", (MonthDay(1, 30), SIXTH), id="two days"),
        pytest.param("2020-02-06至2020-02-08", (DAY, date(2020, 2, 8)), id="two full dates"),
        pytest.param("会计1801班", (), id="a class is no day"),
        pytest.param("软工2101班体温", (), id="another class"),
        pytest.param("机关部处", (), id="nothing"),
        pytest.param("第3-2期", (), id="an issue number"),
        pytest.param("请于2月6日前报送", (), id="a deadline is no day of the sheet"),
        pytest.param("2月30日", (), id="no such day"),
        pytest.param("68231705_按文本_学生每日健康打卡_61_58", (), id="export numbers"),
        pytest.param("教职工日报v1.2", (), id="a version"),
        pytest.param("2020级学生", (), id="a year of entry"),
    ],
)
def test_days_in_a_name(name: str, expected: tuple[date | MonthDay, ...]) -> None:
    assert days_in_name(name) == expected


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        pytest.param("教职工健康日报（2月6日）", (SIXTH,), id="month and day"),
        pytest.param("填报日期：2020年2月6日", (DAY,), id="full"),
        pytest.param("每天8.30前报送，体温高于37.3请注明", (), id="a time and a temperature are no days"),
        pytest.param("体温超过37.2即上报", (), id="a temperature"),
        pytest.param("请在2月7日9:00前交", (), id="a deadline"),
    ],
)
def test_days_in_a_title(title: str, expected: tuple[date | MonthDay, ...]) -> None:
    assert days_in_name(title, title=True) == expected


@pytest.mark.parametrize(
    ("name", "around", "expected"),
    [
        pytest.param("2月6日", (), SIXTH, id="month and day"),
        pytest.param("2020-02-06", (), DAY, id="ISO"),
        pytest.param("0206", (), SIXTH, id="four digits"),
        pytest.param("2.6", (), SIXTH, id="point"),
        pytest.param("6日", (), 6, id="a day that nothing names the month of"),
        pytest.param("6日", ("教职工日报2月",), SIXTH, id="month from the file's name"),
        pytest.param("6日", ("某表", "2020年2月"), DAY, id="month and year from the folder's name"),
        pytest.param("6日", ("2月日报", "3月"), SIXTH, id="the innermost place counts"),
        pytest.param("31日", ("2月",), None, id="no such day in that month"),
        pytest.param("Sheet1", (), None, id="a default name"),
        pytest.param("日报", ("2月6日",), None, id="the file's day is not the sheet's"),
        pytest.param("2月5日-2月6日", (), None, id="two days"),
    ],
)
def test_day_of_a_worksheet(name: str, around: tuple[str, ...], expected: date | MonthDay | int | None) -> None:
    assert day_of_sheet(name, around=around) == expected
