"""What can go wrong on the way to Google, in the clerk's words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from jianbao.messages import _

if TYPE_CHECKING:
    from gspread.exceptions import APIError


class Reach(StrEnum):
    """How far a trouble reaches: this book, every book, the way there, this one call, or one reading of a book."""

    BOOK = "book"
    ALL = "all"
    ROAD = "road"
    MOMENT = "moment"
    TORN = "torn"


class Trouble(Exception):
    """Why something could not be had from Google, and what to do."""

    def __init__(self, reach: Reach, reason: str, advice: str = "") -> None:
        super().__init__(reach, reason, advice)
        self.reach = reach
        self.reason = reason
        self.advice = advice

    @property
    def told(self) -> str:
        """The reason with what to do, as one text."""
        return self.reason + (_("。{advice}").format(advice=self.advice) if self.advice else "")


def again() -> str:
    """Return the advice to run again."""
    return _("过一会儿再运行一次，已读到的不会再读。")


def translated(error: Exception, owner: str) -> Trouble:
    """Return the trouble that an error of requests, google-auth or gspread means. `owner` is whom books are shared with."""
    import google.auth.exceptions as auth
    import requests.exceptions as road
    from gspread.exceptions import APIError

    if isinstance(error, Trouble):
        return error
    if isinstance(error, APIError):
        return _refused(error, owner)
    if isinstance(error, auth.RefreshError):
        advice = _("核对电脑的时钟；密钥若已在 Google 一侧删除，请另建一把并下载。")
        return Trouble(Reach.ALL, _("Google 不认这把密钥（{detail}）").format(detail=_first(error)), advice)
    if isinstance(error, road.Timeout) or _timed_out(error):
        return Trouble(Reach.ROAD, _("等了很久没有回答"), again())
    if isinstance(error, road.ChunkedEncodingError):
        return Trouble(Reach.MOMENT, _("回答只收到一半"), again())
    if isinstance(error, road.InvalidJSONError):
        return _intercepted()
    return Trouble(Reach.ROAD, _("连不上 Google"), _("检查网络；校园网内可能本来就连不上，可先用 --offline 按上次读到的办理。"))


def _timed_out(error: Exception) -> bool:
    """Whether the last of several retries ended in waiting: requests calls that a lost connection."""
    from urllib3.exceptions import MaxRetryError
    from urllib3.exceptions import TimeoutError as Waited

    cause = error.args[0] if error.args else None
    return isinstance(cause, MaxRetryError) and isinstance(cause.reason, Waited)


def _intercepted() -> Trouble:
    return Trouble(Reach.ROAD, _("回答的不是 Google"), _("网络可能要先登录，用浏览器打开任一网页看看。"))


def _first(error: Exception) -> str:
    return str(error.args[0] if error.args else error)[:200]


_LIMITED: Final = frozenset({"rateLimitExceeded", "userRateLimitExceeded", "dailyLimitExceeded", "quotaExceeded"})
"""Reasons with which Drive says 403 where Sheets says 429."""


def _refused(error: APIError, owner: str) -> Trouble:
    """Return the trouble that an answer with an error means."""
    status = error.response.status_code
    if error.code == -1 and status < 500:  # a page and no JSON; of its own failures Google may say so in a page
        return _intercepted()
    if status == 429:
        return Trouble(Reach.ROAD, _("超过了 Google 每分钟的限额"), again())
    if status == 403 and _reasons(error.error) & _LIMITED:
        return Trouble(Reach.MOMENT, _("超过了 Google 每分钟的限额"), again())
    if status == 403 and _reasons(error.error) & {"accessNotConfigured", "SERVICE_DISABLED"}:
        advice = _("在控制台启用 Google Sheets API 和 Google Drive API，见 docs/google.md。")
        return Trouble(Reach.ALL, _("Google 项目里没有启用接口"), advice)
    if found := _BY_STATUS.get(status):
        return found(owner)
    if status >= 500:
        return Trouble(Reach.ROAD, _("Google 一时出错（{status}）").format(status=status), again())
    detail = str(error.error.get("message", ""))[:200]
    return Trouble(Reach.BOOK, _("Google 不受理（{status}：{detail}）").format(status=status, detail=detail))


def _share(owner: str) -> str:
    return _("打开该表格，按“共享”，加入 {owner}，权限选“编辑者”。").format(owner=owner or _("登录时用的账号"))


_BY_STATUS: Final[Mapping[int, Callable[[str], Trouble]]] = {
    401: lambda _owner: Trouble(Reach.ALL, _("Google 说登录已失效"), _("再运行一次；仍不行请另建密钥。")),
    403: lambda owner: Trouble(Reach.BOOK, _("没有权限打开"), _share(owner)),
    404: lambda owner: Trouble(Reach.BOOK, _("没有这个表格，或没有共享"), _share(owner)),
    400: lambda _owner: Trouble(Reach.TORN, _("读取时工作表正被改名或删除"), again()),
}


def _reasons(error: Mapping[str, object]) -> set[str]:
    """Return every reason an error's body gives, in the style of Drive or of Sheets."""
    found = set()
    for key in ("errors", "details"):
        entries = error.get(key)
        for entry in entries if isinstance(entries, list) else ():
            if isinstance(entry, Mapping):
                found.add(str(entry.get("reason", "")))
    return found
