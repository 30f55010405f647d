"""What a sheet makes of text that somebody types: number, date, time, truth, formula, or the text itself."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

Value = str | int | float | bool | None
NumberFormat = dict[str, str]

_NUMBER = re.compile(r"([+-]?)([$¥￥€£]?)((?:\d+|\d{1,3}(?:,\d{3})+)?(?:\.\d*)?)(?:[eE]([+-]?\d+))?(%?)")
_ISO = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})")
_CHINESE = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")
_SHORT = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_MONTH_DAY = re.compile(r"(\d{1,2})([-/])(\d{1,2})")
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?")
_EPOCH = date(1899, 12, 30)
_DAY_FIRST = ("fr", "de", "en_GB", "es", "it", "ru", "pt")


def serial(day: date) -> int:
    """Days since 1899-12-30, as a sheet counts."""
    return (day - _EPOCH).days


def day_of(number: float) -> date:
    """The day of a serial number."""
    return _EPOCH + timedelta(days=int(number // 1))


def parse_entry(text: str, locale: str = "en_US", this_year: int = 2020) -> tuple[Value, NumberFormat | None]:
    """Return the value that typed text becomes, and the number format it brings along (None: none)."""
    bare = text.strip()
    if text.startswith("'"):
        return text[1:], None
    if bare.upper() in {"TRUE", "FALSE"}:
        return bare.upper() == "TRUE", None
    return _number(bare) or _moment(bare, locale, this_year) or (text, None)


def _number(text: str) -> tuple[Value, NumberFormat | None] | None:
    found = _NUMBER.fullmatch(text)
    if not found or not any(c.isdigit() for c in found[3]):
        return None
    sign, currency, digits, exponent, percent = found.groups()
    value = float(f"{sign}{digits.replace(',', '')}e{exponent or 0}")
    places = len(digits.partition(".")[2])
    number: Value = tidy(value / 100 if percent else value)
    if percent:
        return number, {"type": "PERCENT", "pattern": "0.00%" if places else "0%"}
    if exponent:
        return number, {"type": "SCIENTIFIC", "pattern": "0.00E+00"}
    if currency:
        return number, {"type": "CURRENCY", "pattern": f'"{currency}"#,##0' + (".00" if places else "")}
    if "," in digits:
        return number, {"type": "NUMBER", "pattern": "#,##0.00" if places else "#,##0"}
    return number, None


def _moment(text: str, locale: str, this_year: int) -> tuple[Value, NumberFormat | None] | None:
    day_text, _, clock_text = text.partition(" ")
    if clock := _clock(text):
        return clock[0], {"type": "TIME", "pattern": clock[1]}
    found = _day(day_text, locale, this_year)
    if found is None:
        return None
    day, pattern = found
    if not clock_text:
        return serial(day), {"type": "DATE", "pattern": pattern}
    clock = _clock(clock_text.strip())
    return (serial(day) + clock[0], {"type": "DATE_TIME", "pattern": f"{pattern} {clock[1]}"}) if clock else None


def _clock(text: str) -> tuple[float, str] | None:
    found = _CLOCK.fullmatch(text)
    if not found or int(found[2]) > 59 or int(found[3] or 0) > 59:
        return None
    seconds = int(found[1]) * 3600 + int(found[2]) * 60 + int(found[3] or 0)
    hours = "hh" if len(found[1]) == 2 else "h"
    return seconds / 86400, f"{hours}:mm:ss" if found[3] else f"{hours}:mm"


def _day(text: str, locale: str, this_year: int) -> tuple[date, str] | None:
    try:
        if found := _ISO.fullmatch(text):
            mark = found[2] if found[2] != "." else '"."'
            pattern = mark.join(("yyyy", "m" * len(found[3]), "d" * len(found[4])))
            return date(int(found[1]), int(found[3]), int(found[4])), pattern
        if found := _CHINESE.fullmatch(text):
            return date(int(found[1]), int(found[2]), int(found[3])), 'yyyy"年"m"月"d"日"'
        if found := _SHORT.fullmatch(text):
            first, second = int(found[1]), int(found[2])
            if locale.startswith(_DAY_FIRST):
                return date(int(found[3]), second, first), "dd/mm/yyyy"
            return date(int(found[3]), first, second), "m/d/yyyy"
        if found := _MONTH_DAY.fullmatch(text):
            return date(this_year, int(found[1]), int(found[3])), f"m{found[2]}d"
    except ValueError:  # the thirtieth of February: a text like any other
        return None
    return None


def tidy(number: float) -> int | float:
    """A whole number without its point, while a float still holds it exactly; a sheet knows one kind of number only."""
    return int(number) if float(number).is_integer() and abs(number) < 1e15 else float(number)


def user_value(value: Value, formula: str | None) -> dict[str, Any]:
    """An ExtendedValue for what was entered."""
    return {"formulaValue": formula} if formula else extended(value)


def extended(value: Value) -> dict[str, Any]:
    """An ExtendedValue for a value."""
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, int | float):
        return {"numberValue": value}
    return {} if value is None else {"stringValue": value}
