"""Time as an argument: what `--as-of` and `--date` take, and how a moment is written."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jianbao import clock
from jianbao.errors import SettingsError, UsageError

ZONE: Final = clock.zone("Asia/Shanghai")


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (date(2020, 2, 1), date(2020, 2, 10), "2020年2月1日至2月10日"),
        (date(2019, 12, 30), date(2020, 1, 2), "2019年12月30日至2020年1月2日"),
        (date(2020, 2, 1), date(2020, 2, 1), "2020年2月1日"),
    ],
)
def test_a_period_in_words(first: date, last: date, said: str) -> None:
    assert clock.spoken_period(first, last) == said


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2020-02-06", "2020-02-06T12:00+08:00"),
        ("2020-02-06T12:00", "2020-02-06T12:00+08:00"),
        ("2020-02-06 23:59:59", "2020-02-06T23:59:59+08:00"),
        ("2020-02-06T12:00Z", "2020-02-06T20:00+08:00"),
        ("2020-02-06T20:00-05:00", "2020-02-07T09:00+08:00"),
        ("2020-02-29", "2020-02-29T12:00+08:00"),
    ],
)
def test_moments(text: str, moment: str) -> None:
    found = clock.parse_moment(text, ZONE)
    assert found == datetime.fromisoformat(moment)
    assert found.tzinfo is ZONE


@pytest.mark.parametrize("text", ["", "今天", "2020-02-30", "2020-2-6", "06/02/2020", "2020-02-06T25:00", "2020-02-06T12:00+99:00"])
def test_what_is_no_moment_or_day_is_refused_with_what_was_written(text: str) -> None:
    with pytest.raises(UsageError, match="2020-02-06T12:00") as refused:
        clock.parse_moment(text, ZONE)
    assert text in refused.value.message
    with pytest.raises(UsageError, match="2020-02-06"):
        clock.parse_day(text)


@given(st.datetimes(datetime(1950, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)))
def test_a_moment_that_was_written_is_read_back(moment: datetime) -> None:
    here = moment.astimezone(ZONE)
    assert clock.parse_moment(here.isoformat(), ZONE) == moment
    assert clock.parse_day(here.date().isoformat()) == here.date()


@pytest.mark.parametrize(("text", "at"), [("10:00", time(10)), ("9:05", time(9, 5)), ("00:00", time(0)), ("23:59", time(23, 59))])
def test_times_of_day(text: str, at: time) -> None:
    assert clock.parse_clock(text) == at


@pytest.mark.parametrize("text", ["", "24:00", "9:60", "十点", "-1:00"])
def test_what_is_no_time_of_day(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # the caller says where it stood
        clock.parse_clock(text)


@pytest.mark.parametrize("name", ["", "Asia/Nowhere", "../etc/passwd", "/etc/localtime", "北京"])
def test_an_unknown_zone_is_refused_with_what_to_write(name: str) -> None:
    with pytest.raises(SettingsError, match="时区") as refused:
        clock.zone(name)
    assert "Asia/Shanghai" in refused.value.advice


def test_now_is_a_whole_second_in_the_school_s_zone() -> None:
    found = clock.now(ZONE)
    assert (found.tzinfo, found.microsecond) == (ZONE, 0)
    assert abs((found - datetime.now(UTC)).total_seconds()) < 60


def test_how_a_page_writes_days_and_moments() -> None:
    assert clock.spoken_day(date(2020, 2, 6)) == "2020年2月6日"
    moment = datetime(2020, 2, 6, 9, 5, tzinfo=ZONE)
    assert clock.spoken_moment(moment) == clock.spoken_moment(moment, date(2020, 12, 31)) == "2月6日 09:05"
    assert clock.spoken_moment(moment, date(2019, 12, 31)) == "2020年2月6日 09:05"
