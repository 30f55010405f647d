"""The register of documents issued and received: the office's ledger and the site's own documents, as one list.

Pure: it takes facts and documents, and returns rows and the views of them that `site` lays out as pages.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from jianbao.documents import Document, DocumentKind
from jianbao.facts import EntryFact
from jianbao.kinds import WRITTEN

ISSUED: Final = "发文"
RECEIVED: Final = "收文"
_ELSEWHERE: Final = frozenset({*WRITTEN, DocumentKind.PAGE, DocumentKind.NEWS, DocumentKind.LINKS})
"""Kinds that have lists of their own and are no documents issued."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the register. `path` is the document's page, empty where it has none here."""

    on: date
    direction: str
    number: str
    title: str
    kind: str
    issuer: str
    unit: str = ""
    due: date | None = None
    state: str = ""
    path: str = ""


@dataclass(frozen=True, slots=True)
class View:
    """A page of the register: a choice of rows under one value of one filter; `filter` is empty for all of them."""

    name: str
    title: str
    filter: str
    rows: tuple[Row, ...]


def rows_of(entries: Iterable[EntryFact], documents: Iterable[Document]) -> list[Row]:
    """Return the register, newest first. A ledger's line about a document that has a page is the page's line."""
    own = [_of_document(d) for d in documents if d.kind not in _ELSEWHERE]
    numbers = {_plain(r.number) for r in own if r.number}
    rest = [_of_entry(e) for e in entries if not (e.direction == ISSUED and e.number and _plain(e.number) in numbers)]
    return sorted({*own, *rest}, key=lambda r: (-r.on.toordinal(), r.direction, _natural(r.number), r.title, r.path))


def views_of(rows: Sequence[Row]) -> list[View]:
    """Return every view: all, then by direction, year, kind and issuer."""
    found = [View("index", "全部", "", tuple(rows))]
    filters: tuple[tuple[str, str, Callable[[Row], str]], ...] = (
        ("direction", "收发", lambda r: r.direction),
        ("year", "年份", lambda r: f"{r.on.year}年"),
        ("kind", "文种", lambda r: r.kind),
        ("issuer", "发文机关", lambda r: r.issuer),
    )
    for name, title, value_of in filters:
        values = sorted({value for row in rows if (value := value_of(row))}, reverse=name in ("direction", "year"))
        found += [View(f"{name}-{slug(v)}", v, title, tuple(r for r in rows if value_of(r) == v)) for v in values]
    return found


def slug(text: str) -> str:
    """Return a text as a page's name: letters, digits and 汉字; other marks are hyphens."""
    return re.sub(r"[^\w]+", "-", unicodedata.normalize("NFKC", text)).strip("-_")[:60] or "x"


def _of_document(document: Document) -> Row:
    return Row(
        on=document.on, direction=ISSUED, number=document.number, title=document.title, kind=document.kind.label, issuer=document.issuer,
        state=document.status.label, path=document.path,
    )  # fmt: skip


def _of_entry(entry: EntryFact) -> Row:
    return Row(
        on=entry.on, direction=entry.direction, number=entry.number, title=entry.title, kind=entry.kind, issuer=entry.issuer,
        unit=entry.unit, due=entry.due, state=entry.state,
    )  # fmt: skip


def _plain(number: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", number))


def _natural(number: str) -> tuple[int, ...]:
    """Return what sorts 10号 after 9号, the newest first."""
    return tuple(-int(n) for n in re.findall(r"\d+", unicodedata.normalize("NFKC", number)))
