"""The way to Google: every request takes its place in the quota, is retried if it may be, and ends in time."""

from __future__ import annotations

from typing import Any, Final, Self

from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter
from urllib3 import BaseHTTPResponse, Retry

from jianbao.sources.google.pace import Pace
from jianbao.sources.google.quota import Bucket, Quota

_LONGEST_WAIT: Final = 120
_CONNECT: Final = 3.05
_READ: Final = 30.0
_WRITE: Final = 120.0
"""Seconds until an answer is given up: of a write later, for it cannot be asked again."""

_SHORTEST: Final = 1.0
_SHORTEST_WRITE: Final = 15.0
_STATUSES: Final = (429, 500, 502, 503, 504)
_TOO_MANY: Final = 429


class Patience(Retry):
    """urllib3's retries, each of which takes its place in the quota too.

    A read may be asked again after any of these answers; a write only where it was turned away at the door (429), for
    nobody knows whether the others were done.
    """

    bucket: Bucket | None = None

    def new(self, **changed: Any) -> Self:
        """Return the next retry, counting in the same bucket."""
        following = super().new(**changed)
        following.bucket = self.bucket
        return following

    def is_retry(self, method: str, status_code: int, has_retry_after: bool = False) -> bool:  # noqa: FBT001, FBT002  # urllib3's
        """Whether an answer is to be asked for again."""
        if method.upper() != "GET":
            return bool(self.total) and status_code == _TOO_MANY
        return super().is_retry(method, status_code, has_retry_after)

    def sleep(self, response: BaseHTTPResponse | None = None) -> None:
        """Wait as the server asks, else ever longer; then for a place."""
        super().sleep(response)
        if self.bucket:
            self.bucket.take()


class Road(HTTPAdapter):
    """A session's way to Google. Waits are multiplied by the pace."""

    def __init__(self, pace: Pace, quota: Quota) -> None:
        self._quota = quota
        self._reads = (_CONNECT, max(_SHORTEST, _READ * pace.share))
        self._writes = (_CONNECT, max(_SHORTEST_WRITE, _WRITE * pace.share))
        self._patience = Patience(
            total=5, connect=2, read=2, status=5, redirect=0, backoff_factor=pace.share, backoff_jitter=pace.share / 2,
            backoff_max=_LONGEST_WAIT * pace.share, retry_after_max=_LONGEST_WAIT, status_forcelist=_STATUSES,
            allowed_methods={"GET"}, respect_retry_after_header=True, raise_on_status=False,
        )  # fmt: skip
        super().__init__(max_retries=self._patience)

    def send(self, request: PreparedRequest, *args: Any, **options: Any) -> Response:
        """Send a request when the quota allows."""
        bucket = self._quota.of(request.method or "GET", request.url or "")
        bucket.take()
        options["timeout"] = self._reads if request.method == "GET" else self._writes  # gspread's own is none at all
        self._patience.bucket = bucket  # a session belongs to one thread
        return super().send(request, *args, **options)
