"""Many books in one pull: each read whole or named, none read twice, and the reader told how far it has come."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from threading import Lock
from typing import Final

from jianbao.messages import _
from jianbao.progress import Watch
from jianbao.sources.google.answer import FIELDS, check_settings, check_whole, packed, titles
from jianbao.sources.google.drive import Book
from jianbao.sources.google.service import Service
from jianbao.sources.google.trouble import Reach, Trouble

_WORKERS: Final = 4
"""Enough to keep up with sixty calls a minute on a slow line; more would only wait for each other."""

_READINGS: Final = 3
"""How often a book is read that people are changing while it is read."""

_LOST: Final = 3
"""After so many books in a row without any road to Google, the others are not tried."""


def read_book(service: Service, book: Book, zone: tzinfo, moment: datetime) -> bytes:
    """Return a book's answer, whole: one call for what sheets there are, one for all their values.

    Raises Trouble.
    """
    from gspread.utils import absolute_range_name

    for attempt in range(1, _READINGS + 1):
        try:
            about = service.spreadsheet(book.id, FIELDS)
            check_settings(about, zone, moment)
            values = service.values(book.id, [absolute_range_name(t) for t in titles(about)])
            check_whole(about, values)
            return packed(about, values)
        except Trouble as trouble:
            if trouble.reach is not Reach.TORN or attempt == _READINGS:
                raise
    raise AssertionError("unreachable: the last reading returns or raises")


@dataclass(slots=True)
class _Line:
    """Whether there is any road to Google: one trouble for all ends the pull, several of the road do."""

    lost: int = 0
    cut: Trouble | None = None
    turn: Lock = field(default_factory=Lock)

    def note(self, trouble: Trouble | None) -> None:
        """Note how a book's reading ended."""
        with self.turn:
            self.lost = self.lost + 1 if trouble and trouble.reach is Reach.ROAD else 0
            if trouble and (trouble.reach is Reach.ALL or self.lost >= _LOST):
                self.cut = trouble


def fetch_books(
    service: Service, books: Sequence[Book], zone: tzinfo, moment: datetime, watch: Watch
) -> Iterator[tuple[Book, bytes | Trouble]]:
    """Yield each book with its answer or its trouble, as they come. `watch` is told how many of how many are done."""
    line = _Line()

    def read(book: Book) -> bytes | Trouble:
        if line.cut:
            return line.cut
        try:
            answer = read_book(service, book, zone, moment)
        except Trouble as trouble:
            line.note(trouble)
            return trouble
        line.note(None)
        return answer

    with ThreadPoolExecutor(_WORKERS) as pool:
        pending: dict[Future[bytes | Trouble], Book] = {pool.submit(read, book): book for book in books}
        try:
            for done, future in enumerate(as_completed(pending), 1):
                yield pending[future], future.result()
                watch(_("读取来源"), done, len(books))
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
