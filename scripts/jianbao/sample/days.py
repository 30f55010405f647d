"""How the sample's files and titles speak of days and weeks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import groupby


def day_in_words(day: date) -> str:
    """Return 3月2日 for a day."""
    return f"{day.month}月{day.day}日"


def week_in_words(day: date) -> str:
    """Return 2026年第10周 for the week (ISO 8601) of a day."""
    year, week, _weekday = day.isocalendar()
    return f"{year}年第{week}周"


def by_week(days: Iterable[date]) -> list[list[date]]:
    """Return the days in order, a list a week."""
    return [list(week) for _number, week in groupby(sorted(days), key=week_in_words)]


def week_around(day: date) -> list[date]:
    """Return the seven days of a day's week."""
    monday = day - timedelta(days=day.weekday())
    return [monday + timedelta(days=i) for i in range(7)]
