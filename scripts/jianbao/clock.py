"""Time as an argument: what `--as-of` means, and how a moment is written.

Nothing else in the program asks the machine for the time.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from jianbao.errors import SettingsError, UsageError
from jianbao.messages import _


def zone(name: str) -> ZoneInfo:
    """Return the time zone `name` (IANA).

    Raises SettingsError when the machine does not know it.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise SettingsError(
            _("不认识的时区：{name}").format(name=name),
            _('请在 jianbao.toml 的 [school] 中写 timezone = "Asia/Shanghai"，Windows 上另需 pip install tzdata。'),
        ) from error


def now(tz: ZoneInfo) -> datetime:
    """Return the machine's present moment, to the second, in `tz`."""
    return datetime.now(UTC).astimezone(tz).replace(microsecond=0)


def parse_moment(text: str, tz: ZoneInfo) -> datetime:
    """Return the moment that `--as-of` names; a bare date means its noon.

    Raises UsageError when `text` is not ISO 8601.
    """
    try:
        if len(text) == len("2020-02-06"):
            return datetime.combine(date.fromisoformat(text), time(12), tz)
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(_("时刻 {text} 不是 2020-02-06 或 2020-02-06T12:00 这样的写法").format(text=text)) from error
    return moment.replace(tzinfo=tz) if moment.tzinfo is None else moment.astimezone(tz)


def parse_day(text: str) -> date:
    """Return the day that `--date` names.

    Raises UsageError when `text` is not an ISO date.
    """
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(_("日期 {text} 不是 2020-02-06 这样的写法").format(text=text)) from error


def parse_clock(text: str) -> time:
    """Return the time of day that a deadline names, such as `10:00`.

    Raises ValueError when `text` is none.
    """
    return time.fromisoformat(text.zfill(5) if len(text) == len("9:00") else text)


def spoken_day(day: date) -> str:
    """Return a day as a document writes it (GB/T 9704-2012, 7.3.5.4: no leading zeros)."""
    return f"{day.year}年{day.month}月{day.day}日"


def spoken_month_day(day: date, beside: date | None = None) -> str:
    """Return a day as a text writes it whose year is known, and with its year where the day beside it is of another."""
    return spoken_day(day) if beside and beside.year != day.year else f"{day.month}月{day.day}日"


def spoken_period(first: date, last: date) -> str:
    """Return a period as a document writes it: 2020年2月1日至2月10日; of one day, the day."""
    return spoken_day(first) if first == last else f"{spoken_day(first)}至{spoken_month_day(last, first)}"


def spoken_moment(moment: datetime, beside: date | None = None) -> str:
    """Return a cut-off as a page writes it: month, day and time, and its year where the day beside it is of another."""
    year = f"{moment.year}年" if beside and beside.year != moment.year else ""
    return f"{year}{moment.month}月{moment.day}日 {moment.strftime('%H:%M')}"
