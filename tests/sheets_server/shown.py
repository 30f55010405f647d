"""How a sheet shows a value: its number format, or the general one."""

from __future__ import annotations

import re
from typing import Any

from .entered import Value, day_of, tidy

_DEFAULTS = {
    "DATE": {"zh": "yyyy/m/d", "en_US": "m/d/yyyy", "": "yyyy-mm-dd"},
    "TIME": {"": "h:mm:ss"},
    "DATE_TIME": {"zh": "yyyy/m/d h:mm:ss", "en_US": "m/d/yyyy h:mm:ss", "": "yyyy-mm-dd h:mm:ss"},
    "PERCENT": {"": "0.00%"},
    "NUMBER": {"": "#,##0.00"},
    "CURRENCY": {"zh": '"¥"#,##0.00', "": '"$"#,##0.00'},
    "SCIENTIFIC": {"": "0.00E+00"},
}
_MOMENTS = {"DATE", "TIME", "DATE_TIME"}
_TOKEN = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|y+|m+|d+|h+|s+|am/pm|a/p|上午/下午|.', re.IGNORECASE)
_DIGITS = re.compile(r"[0#?][0#?,]*(?:\.[0#?]+)?(?:[eE][+-]0+)?")


def is_moment(number_format: dict[str, Any] | None) -> bool:
    """Whether a number format shows a date or a time."""
    return (number_format or {}).get("type") in _MOMENTS


def show(value: Value, number_format: dict[str, Any] | None = None, locale: str = "en_US") -> str:
    """Return the text in the cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, str):
        return value
    if not number_format or number_format.get("type") in {None, "TEXT", "NUMBER_FORMAT_TYPE_UNSPECIFIED"}:
        return general(value)
    pattern = number_format.get("pattern") or _default(number_format["type"], locale)
    return show_moment(value, pattern) if is_moment(number_format) else show_number(value, pattern)


def _default(kind: str, locale: str) -> str:
    known = _DEFAULTS.get(kind, {"": "0"})
    return known.get(locale) or known.get(locale.partition("_")[0]) or known[""]


def general(number: float) -> str:
    """A number without a format: all digits while there are few, then a power of ten."""
    if abs(number) >= 1e15:
        digits, _, power = f"{number:.5E}".partition("E")
        return f"{digits.rstrip('0').rstrip('.')}E{power}"
    number = tidy(number)
    return str(number) if isinstance(number, int) else f"{number:.15g}" if abs(number) >= 1e9 else f"{number:.10g}"


def show_number(number: float, pattern: str) -> str:
    """A number in a pattern like `#,##0.00`, `0%`, `0000`, `"¥"0.00`, `0.00E+00`."""
    pattern = pattern.partition(";")[0]
    found = _DIGITS.search(pattern)
    if not found:
        return _literal(pattern)
    if "%" in pattern:
        number *= 100
    core = found[0]
    whole, _, places = re.split(r"[eE]", core)[0].partition(".")
    if "E" in core.upper():
        text = f"{number:.{len(places)}E}"
    else:
        text = f"{abs(number):{',' if ',' in whole else ''}.{len(places)}f}"
        optional = len(places) - len(places.rstrip("#"))
        for _ in range(optional):
            text = text.removesuffix("0")
        text = text.removesuffix(".") if optional else text
        head, point, tail = text.partition(".")
        text = ("-" if number < 0 else "") + head.rjust(whole.count("0"), "0") + point + tail
    return _literal(pattern[: found.start()]) + text + _literal(pattern[found.end() :])


def _literal(pattern: str) -> str:
    return re.sub(r"\\(.)", r"\1", pattern.replace('"', ""))


def show_moment(number: float, pattern: str) -> str:
    """A serial number as date and time; `mm` after hours or before seconds is minutes."""
    day = day_of(number)
    seconds = round((number % 1) * 86400)
    hours, minutes, secs = seconds // 3600, seconds // 60 % 60, seconds % 60
    tokens = _TOKEN.findall(pattern)
    halved = any(t.lower() in {"am/pm", "a/p", "上午/下午"} for t in tokens)
    shown = []
    for place, token in enumerate(tokens):
        low = token.lower()
        if low[0] == "m" and _is_minute(tokens, place):
            low = "i" * len(low)
        numbers = {"y": day.year, "m": day.month, "d": day.day, "h": (hours % 12 or 12) if halved else hours, "i": minutes, "s": secs}
        if low in {"am/pm", "a/p"}:
            shown.append("AM" if hours < 12 else "PM")
        elif low == "上午/下午":
            shown.append("上午" if hours < 12 else "下午")
        elif low[0] in numbers and token.isalpha():
            shown.append(str(numbers[low[0]]).rjust(len(low), "0")[-2:] if low == "yy" else str(numbers[low[0]]).rjust(len(low), "0"))
        else:
            shown.append(_literal(token))
    return "".join(shown)


def _is_minute(tokens: list[str], place: int) -> bool:
    before = [t[0].lower() for t in tokens[:place] if t[0].lower() in "ymdhs"]
    after = [t[0].lower() for t in tokens[place + 1 :] if t[0].lower() in "ymdhs"]
    return bool((before and before[-1] == "h") or (after and after[0] == "s"))
