"""Not faster than Google allows: so many calls in any one minute, over all threads."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Final

READS: Final = 60
"""Sheets read requests a minute for one user (a service account is one), as documented; a batch counts as one."""

WRITES: Final = 60
DRIVE: Final = 600
"""Drive allows far more; this only keeps a loop of ours from running away."""


class Bucket:
    """Lets `size` calls through in any `seconds`: whoever comes too early waits.

    The last `size` calls are remembered, so the limit holds however the server cuts its minutes.
    """

    def __init__(
        self, size: int, seconds: float, *, now: Callable[[], float] = time.monotonic, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._seconds = seconds
        self._calls: deque[float] = deque([float("-inf")] * size, size)
        self._turn = threading.Lock()
        self._now = now
        self._sleep = sleep

    def take(self) -> None:
        """Take a place for one call, waiting until there is one."""
        with self._turn:
            free = self._calls[0] + self._seconds
            at = max(self._now(), free)
            self._calls.append(at)
        wait = at - self._now()
        if wait > 0:
            self._sleep(wait)


_MARGIN: Final = 1.02
"""The road to the server is not always equally long: sixty calls sent in a minute may arrive in a little less."""


class Quota:
    """The buckets of one run: reads and writes of Sheets, and Drive."""

    def __init__(self, minute: float) -> None:
        self.reads, self.writes, self.drive = (Bucket(size, minute * _MARGIN) for size in (READS, WRITES, DRIVE))

    def of(self, method: str, url: str) -> Bucket:
        """Return the bucket that a request is counted in."""
        if "/drive/" in url:
            return self.drive
        return self.reads if method.upper() == "GET" else self.writes
