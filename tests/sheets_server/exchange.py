"""A request as the operations see it, and as the log keeps it."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

from .books import Shelf
from .errors import Refused

Json = dict[str, Any]


@dataclass(slots=True)
class Ask:
    """What an operation is asked: whose request, the parts of the address, the query, the body."""

    shelf: Shelf
    user: str
    parts: dict[str, str]
    query: dict[str, str]
    lists: dict[str, list[str]]
    body: Json
    raw: bytes = b""
    creators: frozenset[str] | None = None  # None: everybody may make files

    def many(self, name: str) -> list[str]:
        """All values of a query parameter."""
        return self.lists.get(name, [])

    def may_create(self) -> None:
        """Refuse a service account, which has no room in Drive since 2025."""
        if self.creators is not None and self.user not in self.creators:
            raise Refused(403, "The user's Drive storage quota has been exceeded.", reason="storageQuotaExceeded")


@dataclass(slots=True)
class Request:
    """A request that came, and what was answered."""

    operation: str  # as in the discovery documents: sheets.spreadsheets.values.batchGet
    method: str
    path: str
    use: str  # read, write or token
    book: str | None = None
    user: str | None = None
    query: Json = field(default_factory=dict)
    body: Any = None
    status: int = 0
    answer: Any = None
    size: int = 0
    at: float = field(default_factory=time.monotonic)
    over_tls: bool = False
