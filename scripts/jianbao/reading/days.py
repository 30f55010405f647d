"""Every way people write a day, in a cell, a worksheet's name, a title or a file's name."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Final

from jianbao.reading.words import plain
from jianbao.sources import Cell

EPOCH: Final = datetime(1899, 12, 30)
"""Day 0 of a workbook's serial dates (ECMA-376, 18.17.4.1, the 1900 system)."""

_SERIALS: Final = range(20_000, 80_000)  # 1954 to 2119
_BEYOND: Final = 1e9
"""No day is written with a number as large; a number that is none is not below it either."""

_WEEKDAY: Final = re.compile(r"\(?(?:星期|周|礼拜)[一二三四五六日天]\)?$")
_FULL: Final = re.compile(r"^(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?号?")
_SHORT_YEAR: Final = re.compile(r"^(\d{2})[-./年](\d{1,2})[-./月](\d{1,2})日?$")
_COMPACT: Final = re.compile(r"^((?:19|20)\d{2})(\d{2})(\d{2})$")
_MONTH_DAY: Final = re.compile(r"^(\d{1,2})(?:月|[-./])(\d{1,2})[日号]?$")
_TIME: Final = re.compile(
    r"(上午|下午|晚上?|凌晨|早上?|中午)?(\d{1,2})(?:[:时点])(\d{1,2})?分?(?::?(\d{1,2}))?秒?(?:\.\d+)?(AM|PM|am|pm)?$"
)
_LONGEST_TIME: Final = 14
"""Of 下午10时 10分 10秒, so that thousands of full dates are not matched once more."""

_CHINESE_DIGITS: Final = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"零": 0}


@dataclass(frozen=True, slots=True)
class MonthDay:
    """A day whose year was not written."""

    month: int
    day: int

    def nearest(self, reference: date) -> date | None:
        """Return the one of this and the neighbouring years that lies nearest to `reference`."""
        found = [d for year in range(reference.year - 4, reference.year + 2) if (d := _date(year, self.month, self.day))]
        return min(found, key=lambda d: (abs(d - reference), d), default=None)

    def past(self, reference: date) -> date | None:
        """Return the newest that is not after `reference`."""
        years = range(reference.year, reference.year - 9, -1)
        return next((d for y in years if (d := _date(y, self.month, self.day)) and d <= reference), None)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _month_day(month: int, day: int) -> MonthDay | None:
    return MonthDay(month, day) if 1 <= month <= 12 and 1 <= day <= monthrange(2020, month)[1] else None


def chinese_number(text: str) -> int | None:
    """Return the number below 100 that 汉字 write: 二 → 2, 十二 → 12, 二十三 → 23; None for other text."""
    if not text or any(c not in _CHINESE_DIGITS and c != "十" for c in text):
        return None
    if "十" not in text:
        return _CHINESE_DIGITS[text] if len(text) == 1 else None
    tens, _ten, ones = text.partition("十")
    if len(tens) > 1 or len(ones) > 1 or "十" in ones:
        return None
    return (_CHINESE_DIGITS[tens] if tens else 1) * 10 + (_CHINESE_DIGITS[ones] if ones else 0)


def _with_digits(text: str) -> str:
    """Return 二月六日 as 2月6日; other text as it is."""
    found = re.fullmatch(r"([一二三四五六七八九十]+)月([一二三四五六七八九十]+)[日号]?", text)
    month, day = (chinese_number(found[1]), chinese_number(found[2])) if found else (None, None)
    return f"{month}月{day}日" if month and day else text


def parse_day(cell: Cell) -> date | MonthDay | None:
    """Return the day a cell holds, without its year where none is written; None where it holds no day.

    2月30日 is no day. A number is a workbook's serial, or month.day where it is small (2.6).
    """
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _numeric_day(float(cell))
    if not isinstance(cell, str):
        return None
    first, *rest = cell.replace("T", " ").split() or [""]
    with_clock = bool(rest) and _TIME.fullmatch(plain("".join(rest)))
    return _spoken_day(plain(first if with_clock else cell))


def _numeric_day(number: float) -> date | MonthDay | None:
    if not abs(number) < _BEYOND:
        return None
    if int(number) in _SERIALS:
        return (EPOCH + timedelta(days=int(number))).date()
    if number.is_integer() and 19_000_101 <= number <= 21_001_231:
        return _date(int(number) // 10_000, int(number) // 100 % 100, int(number) % 100)
    month, day = (int(part) for part in f"{number:.2f}".split("."))
    if day and day % 10 == 0:  # 2.3 is the third; 2.1 the first, and its writer's 2.10 has lost its zero
        day //= 10
    return _month_day(month, day) if abs(number * 100 - round(number * 100)) < 1e-6 else None


def _spoken_day(text: str) -> date | MonthDay | None:
    text = _with_digits(_WEEKDAY.sub("", text).replace("。", ".").rstrip(".").lstrip("'"))
    if found := _FULL.fullmatch(text):
        return _date(int(found[1]), int(found[2]), int(found[3]))
    if found := _COMPACT.match(text) or _SHORT_YEAR.match(text):
        year = int(found[1])
        return _date(year if year > 99 else 2000 + year, int(found[2]), int(found[3]))
    if found := _MONTH_DAY.match(text):
        return _month_day(int(found[1]), int(found[2]))
    if len(text) == 5 and text.isdecimal() and int(text) in _SERIALS:
        return _numeric_day(float(text))
    return None


def parse_moment(cell: Cell, reference: date) -> datetime | None:
    """Return the moment a cell holds, without a zone, to the second; None where it holds none.

    A bare time is of `reference`; a bare day is its midnight.
    """
    if isinstance(cell, datetime):
        return cell.replace(microsecond=0, tzinfo=None)
    if isinstance(cell, time):
        return datetime.combine(reference, cell.replace(microsecond=0))
    if isinstance(cell, float) and abs(cell) < _BEYOND and int(cell) in _SERIALS:
        return EPOCH + timedelta(seconds=round(cell * 86_400))
    if not isinstance(cell, str):
        day = parse_day(cell)
        return datetime.combine(day, time()) if isinstance(day, date) else None
    return _spoken_moment(cell, reference)


def is_bare_time(cell: Cell) -> bool:
    """Return whether a cell holds a time of day and no day."""
    return isinstance(cell, time) or (isinstance(cell, str) and len(cell) <= _LONGEST_TIME and _TIME.fullmatch(plain(cell)) is not None)


def _spoken_moment(cell: str, reference: date) -> datetime | None:
    text = plain(cell)
    if not text:
        return None
    clock = _TIME.search(text)
    # 2020/2/612:00: with its spaces gone a day and an hour run together, so the text as written parts them
    parts = cell.replace("T", " ").split()
    if len(parts) > 1:
        clock = _TIME.fullmatch(plain("".join(parts[1:])))
        if clock:
            text = plain(parts[0]) + clock[0]
    day_text = text[: len(text) - len(clock[0])] if clock else text
    day: date | MonthDay | None = _spoken_day(day_text) if day_text else reference
    if isinstance(day, MonthDay):
        day = day.past(reference)
    moment = _clock(clock) if clock else time()
    return datetime.combine(day, moment) if day and moment is not None else None


def _clock(found: re.Match[str]) -> time | None:
    half, hour, minute, second, meridiem = found.groups()
    number = int(hour)
    if (half in ("下午", "晚", "晚上") or (meridiem or "").lower() == "pm") and number < 12:
        number += 12
    if ((meridiem or "").lower() == "am" or half == "凌晨") and number == 12:
        number = 0
    try:
        return time(number, int(minute or 0), int(second or 0))
    except ValueError:
        return None


_IN_NAME: Final = (
    re.compile(r"(?<!\d)(\d{4})[-./年_](\d{1,2})[-./月_](\d{1,2})[日号]?(?!\d)"),
    re.compile(r"(?<!\d)((?:19|20)\d{2})(0[1-9]|1[0-2])([0-2]\d|3[01])(?!\d)"),
)
_MONTH_DAY_IN_NAME: Final = (
    re.compile(r"(?<!\d)(\d{1,2})月(\d{1,2})[日号]?(?!\d)"),
    re.compile(r"(?<![\d.\-A-Za-z第表件版])(\d{1,2})[.\-_/](\d{1,2})(?![\d.\-]|班|年级|组|号楼|楼|次|版|期|级|季)"),
    re.compile(r"(?<![\dA-Za-z第])(0[1-9]|1[0-2])([0-2]\d|3[01])(?!\d|班|级|室|房|号|届)"),
)
_UNTIL: Final = re.compile(r"(?:\d{4}年)?\d{1,2}月\d{1,2}[日号](?:\d{1,2}[时点:]\d{0,2}分?)?(?:以前|之前|前|起|后|以后|之后)")
_DAY_ONLY: Final = re.compile(r"^(\d{1,2})[日号]$")
_MONTH_ONLY: Final = re.compile(r"(?<!\d)(?:(\d{4})年)?(\d{1,2})月(?!\d)")


@lru_cache(maxsize=1024)
def days_in_name(text: str, *, title: bool = False) -> tuple[date | MonthDay, ...]:
    """Return the days that a name or a title mentions, full dates before days without a year.

    In a title, where 8.30 may be a time and 37.3 a temperature, only 2月6日 is a day without a year.
    """
    word = _UNTIL.sub("", _with_digits(plain(text)))
    full = [d for pattern in _IN_NAME for f in pattern.finditer(word) if (d := _date(int(f[1]), int(f[2]), int(f[3])))]
    if full:
        return tuple(dict.fromkeys(full))
    for pattern in _MONTH_DAY_IN_NAME[: 1 if title else None]:
        partial = [m for f in pattern.finditer(word) if (m := _month_day(int(f[1]), int(f[2])))]
        if partial:
            return tuple(dict.fromkeys(partial))
    return ()


def day_of_sheet(name: str, *, around: tuple[str, ...]) -> date | MonthDay | int | None:
    """Return the day that a worksheet's name is; an int is a day of a month that nothing names.

    `around` are the file's and the folders' names, innermost first: they may name the month of a sheet called 6日.
    """
    if found := _DAY_ONLY.match(plain(name)):
        for place in around:
            if month := _MONTH_ONLY.search(plain(place)):
                day = int(found[1])
                return _date(int(month[1]), int(month[2]), day) if month[1] else _month_day(int(month[2]), day)
        return int(found[1])
    mentioned = days_in_name(name)
    return mentioned[0] if len(mentioned) == 1 else None


def settle(day: date | MonthDay | int | None, reference: date) -> date | None:
    """Return the day meant, its missing year or month being those that bring it nearest to `reference`."""
    if isinstance(day, MonthDay):
        return day.nearest(reference)
    if isinstance(day, int):
        first = reference.replace(day=1)
        months = (first - timedelta(days=1), first, first + timedelta(days=31))
        found = [d for m in months if (d := _date(m.year, m.month, day))]
        return min(found, key=lambda d: (abs(d - reference), d), default=None)
    return day
