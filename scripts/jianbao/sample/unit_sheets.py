"""The units' own reports (零报告): one collected workbook a week, an answer a unit and day."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Final

from jianbao.sample.answers import SchoolDay
from jianbao.sample.days import day_in_words, week_in_words
from jianbao.sample.names import lot, pick
from jianbao.sample.sheets import Cell, Row, Worksheet, workbook_bytes

FOLDER: Final = "零报告"
_HEADER: Final = (
    "提交时间", "单位名称", "报告日期", "应报人数", "实报人数", "异常人数", "疑似", "确诊",
    "是否零报告", "填报人", "联系电话", "备注",
)  # fmt: skip
_ZEROS: Final[tuple[Cell, ...]] = (0, 0, 0, "0", "无", "零", "〇", "０")
_DAYS: Final[tuple[Callable[[date], Cell], ...]] = (
    lambda d: d,
    lambda d: f"{d.year}/{d.month}/{d.day}",
    lambda d: f"{d.year}年{d.month}月{d.day}日",
    day_in_words,
    lambda d: f"{d:%Y.%m.%d}",
    lambda d: f"{d.month}.{d.day}",
)
"""How people write the day in a column for it."""
_FIRST: Final = time(7, 50)
_MINUTES_OPEN: Final = 118


def unit_report_files(weeks: Sequence[Sequence[SchoolDay]]) -> Iterator[tuple[str, bytes]]:
    """Yield the path and bytes of each week's collected unit reports."""
    for week in weeks:
        rows = [row for day in week for row in sorted(_answers(day), key=lambda r: str(r[0]))]
        data = workbook_bytes([Worksheet("收集结果", [_HEADER, *rows])])
        yield f"{FOLDER}/各单位零报告_收集结果（{week_in_words(week[0].day)}）.xlsx", data


def _answers(day: SchoolDay) -> Iterator[Row]:
    random = lot(day.day, "units")
    for place, unit in enumerate(u.title for u in day.school.units):
        minutes = random.random() * _MINUTES_OPEN
        if unit not in day.plan.silent:
            usual = datetime.combine(day.day, _FIRST) + timedelta(seconds=int(minutes * 60))
            moment = datetime.combine(day.day, day.plan.late[unit]) if unit in day.plan.late else usual
            yield _answer(day, unit, moment, random=random, place=place)


def _answer(day: SchoolDay, unit: str, moment: datetime, *, random: Random, place: int) -> Row:
    plan, school = day.plan, day.school
    expected = len(school.staff_of[unit]) + len(school.students_of.get(unit, ()))
    zero = _ZEROS[int(random.random() * len(_ZEROS))]
    cases = plan.stated_cases(unit)
    signer = school.staff_of[unit][2] if unit in plan.signed_by_another else school.reporter(unit)
    return (
        f"{moment:%Y-%m-%d %H:%M:%S}", unit, _DAYS[place % len(_DAYS)](day.day), expected, day.sent(unit),
        cases or zero, None if unit in plan.rejected else zero, zero,
        "否" if cases else pick(random, ("是", "是", "√")),
        signer.name, signer.phone, "已联系本人复测，按规定处理" if cases else "",
    )  # fmt: skip
