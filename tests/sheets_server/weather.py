"""What goes wrong on demand, and the quotas."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Literal

from .errors import Refused

Use = Literal["read", "write"]

TOKEN, BOUNDARY = "oauth2.token", "iamcredentials.allowedLocations"
ASIDE = {TOKEN, BOUNDARY}  # about the account, not about files: they count, and go wrong, only where they are named


@dataclass(slots=True)
class Fault:
    """One thing that goes wrong, for the next `times` requests that fit; None: for ever."""

    on: str = "*"  # an operation, as in the discovery documents, with * for any part
    book: str | None = None
    times: int | None = 1
    status: int | None = None
    sentence: str | None = None
    reason: str = ""
    retry_after: int | None = None
    page: bytes | None = None  # a body that is no JSON, as a proxy in between would send
    wait: float = 0.0
    cut: float | None = None  # the share of the body that still arrives
    first: Callable[[], object] | None = None  # something that happens just before the request is looked at
    done: int = 0

    def fits(self, operation: str, book: str | None) -> bool:
        """Whether this request is one of those."""
        if operation in ASIDE and self.on == "*":
            return False
        left = self.times is None or self.done < self.times
        return left and fnmatchcase(operation, self.on) and self.book in (None, book)

    def refusal(self) -> Refused | None:
        """The answer to give, if it is one."""
        if self.status is None:
            return None
        headers = {} if self.retry_after is None else {"Retry-After": str(self.retry_after)}
        return Refused(self.status, self.sentence, headers=headers, reason=self.reason)


@dataclass(slots=True)
class Faults:
    """The faults there are, in the order they were asked for."""

    planned: list[Fault] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, fault: Fault) -> Fault:
        """Plan one."""
        with self._lock:
            self.planned.append(fault)
        return fault

    def clear(self) -> None:
        """Good weather again."""
        with self._lock:
            self.planned.clear()

    def meeting(self, operation: str, book: str | None) -> Fault | None:
        """Return the first fault that this request meets, and count it."""
        with self._lock:
            for fault in self.planned:
                if fault.fits(operation, book):
                    fault.done += 1
                    return fault
        return None


@dataclass(slots=True)
class Quota:
    """So many reads and writes a minute and user; the minute's length is free, in seconds."""

    reads: int | None = None
    writes: int | None = None
    minute: float = 60.0
    retry_after: bool = True
    _used: dict[tuple[str, Use], tuple[float, int]] = field(default_factory=dict)

    def take(self, user: str, use: Use, now: float | None = None) -> None:
        """Count a request, or refuse it with 429 until the minute is over."""
        limit = self.reads if use == "read" else self.writes
        if limit is None:
            return
        now = time.monotonic() if now is None else now
        began, count = self._used.get((user, use), (now, 0))
        if now - began >= self.minute:
            began, count = now, 0
        if count >= limit:
            left = math.ceil(self.minute - (now - began))
            headers = {"Retry-After": str(left)} if self.retry_after else None
            raise Refused(429, self._sentence(use), headers=headers, details=[_exceeded(use)])
        self._used[user, use] = (began, count + 1)

    @staticmethod
    def _sentence(use: Use) -> str:
        metric = "Read requests" if use == "read" else "Write requests"
        return (
            f"Quota exceeded for quota metric '{metric}' and limit '{metric} per minute per user' "
            "of service 'sheets.googleapis.com' for consumer 'project_number:0'."
        )


def _exceeded(use: Use) -> dict[str, object]:
    """The ErrorInfo that comes with a 429."""
    metadata = {
        "consumer": "projects/0",
        "quota_limit": f"{use.title()}RequestsPerMinutePerUser",
        "quota_metric": f"sheets.googleapis.com/{use}_requests",
        "service": "sheets.googleapis.com",
    }
    kind = "type.googleapis.com/google.rpc.ErrorInfo"
    return {"@type": kind, "reason": "RATE_LIMIT_EXCEEDED", "domain": "googleapis.com", "metadata": metadata}
