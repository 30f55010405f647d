"""The calls made to Google: few, counted, bounded in time and number."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeVar

from jianbao.settings import GoogleSettings
from jianbao.sources.google.key import READING, WRITING, key_path, load_key, owner_of
from jianbao.sources.google.pace import Pace, pace
from jianbao.sources.google.quota import Quota
from jianbao.sources.google.trouble import Reach, translated

if TYPE_CHECKING:
    from pathlib import Path

    from google.auth.credentials import Credentials
    from gspread import Client

Answer = TypeVar("Answer")
Request = Mapping[str, Any]
Params = dict[str, Any]

_TRIES: Final = 3
"""How often a call is made whose answer was cut off or refused for the moment, each with its own retries below."""

RANGES: Final = 40
"""Worksheets a request: their titles stand in its address, nine characters a 汉字, and addresses have an end."""


class Service:
    """Google as seen by one key. Threads may share it; each has a session of its own."""

    def __init__(self, credentials: Credentials, pace: Pace) -> None:
        self.owner = owner_of(credentials)
        self._pace = pace
        self._credentials = credentials
        self._quota = Quota(pace.minute)
        self._own = threading.local()

    @classmethod
    def open(cls, settings: GoogleSettings, root: Path, *, writing: bool = False) -> Service:
        """Open Google with the office's key.

        Raises SettingsError where the key is not there or not safe.
        """
        path = key_path(settings.credentials, root)
        return cls(load_key(path, WRITING if writing else READING), pace())

    @property
    def editors(self) -> Request:
        """Who may still change what is protected: this key, for whoever protects must be among them; a person is by himself."""
        return {"editors": {"users": [self.owner], "domainUsersCanEdit": False}} if self.owner else {}

    def files(self, params: Params) -> Mapping[str, Any]:
        """Return a page of Drive's list of files."""
        return self._call(lambda c: c.http_client.request("get", _DRIVE, params=dict(params)).json())

    def file(self, book: str, fields: str) -> Mapping[str, Any]:
        """Return what Drive says of one file."""
        params: Params = {"fields": fields, "supportsAllDrives": True}
        return self._call(lambda c: c.http_client.request("get", f"{_DRIVE}/{book}", params=dict(params)).json())

    def spreadsheet(self, book: str, fields: str, ranges: Sequence[str] = ()) -> Mapping[str, Any]:
        """Return what is asked of a book: one read. `fields` are paths into the answer, parted by commas."""
        params: Params = {"fields": fields} | ({"ranges": list(ranges)} if ranges else {})
        return self._call(lambda c: c.http_client.fetch_sheet_metadata(book, dict(params)))

    def values(self, book: str, ranges: Sequence[str]) -> list[Any]:
        """Return the values of whole worksheets, unformatted, dates as serials: one read for forty of them."""
        found: list[Any] = []
        for start in range(0, len(ranges), RANGES):
            asked = list(ranges[start : start + RANGES])
            found += self._call(partial(_values, book=book, ranges=asked)).get("valueRanges", [])
        return found

    def change(self, book: str, requests: Iterable[Request]) -> None:
        """Make some changes to a book, all or none: one write."""
        body = {"requests": list(requests)}
        if body["requests"]:
            self._call(lambda c: c.http_client.batch_update(book, body), tries=1)

    def _call(self, ask: Callable[[Client], Answer], *, tries: int = _TRIES) -> Answer:
        """Make a call; where only the moment was wrong, wait and make it again, a bounded number of times.

        Raises Trouble.
        """
        import requests.exceptions as road
        from google.auth.exceptions import GoogleAuthError
        from gspread.exceptions import GSpreadException

        for attempt in range(1, tries + 1):
            try:
                return ask(self._client())
            except (GSpreadException, GoogleAuthError, road.RequestException, ValueError) as error:
                trouble = translated(error, self.owner)
                if trouble.reach is not Reach.MOMENT or attempt == tries:
                    raise trouble from error
            time.sleep(self._pace.share * (2**attempt + random.uniform(0, 1)))  # noqa: S311  # no secret: callers must not march in step
        raise AssertionError("unreachable: the last attempt returns or raises")

    def _client(self) -> Client:
        """Return this thread's client, its session retrying what may be asked twice and never waiting for ever."""
        if not hasattr(self._own, "client"):
            import gspread

            from jianbao.sources.google.road import Road

            client = gspread.Client(self._credentials)
            client.http_client.session.mount("https://", Road(self._pace, self._quota))
            self._own.client = client
        found: Client = self._own.client
        return found


def _values(client: Client, *, book: str, ranges: list[str]) -> Any:
    return client.http_client.values_batch_get(book, ranges, params=dict(_UNFORMATTED))  # it writes into what it is given


_DRIVE: Final = "https://www.googleapis.com/drive/v3/files"
_UNFORMATTED: Final = {"valueRenderOption": "UNFORMATTED_VALUE", "dateTimeRenderOption": "SERIAL_NUMBER", "majorDimension": "ROWS"}
