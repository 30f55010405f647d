"""Two states of a document, side by side: what was, and what is, passage by passage.

Pure: it takes documents as they were published and says in what they differ; `site` lays it out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from jianbao.documents import TEXTS, Document
from jianbao.kinds import LABELS

_WORD: Final = re.compile(r"[0-9]+(?:[.:][0-9]+)*|[A-Za-z]+|\s+|.", re.DOTALL)
_BLANK: Final = re.compile(r"\n\s*\n")
_NONE: Final = "（无）"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text, and whether it is different on the other side."""

    text: str
    changed: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where two states differ; a side without pieces has nothing there."""

    where: str
    was: tuple[Piece, ...]
    now: tuple[Piece, ...]


def compare(before: Document, after: Document) -> list[Difference]:
    """Return in what two states of a document differ: particulars first, then the text in its order."""
    return [*_particulars(before, after), *_text(_paragraphs(before.body), _paragraphs(after.body))]


def _particulars(before: Document, after: Document) -> Iterator[Difference]:
    was, now = _said(before), _said(after)
    for key, label in LABELS.items():
        if was.get(key) != now.get(key):
            yield Difference(label, *_pieces(was.get(key) or _NONE, now.get(key) or _NONE))


def _said(document: Document) -> dict[str, str]:
    """Return a document's particulars as words, by key."""
    days = {"date": document.on, "signed_on": document.signed_on, "data_date": document.data_date, "held_on": document.held_on}
    said = {key: day.isoformat() for key, day in days.items() if day}
    said |= {"kind": document.kind.label, "status": document.status.label}
    if document.first_published:
        said["first_published"] = document.first_published.url
    return said | {key: getattr(document, key) for key in TEXTS if getattr(document, key)}


def _paragraphs(body: str) -> list[str]:
    return [part.strip() for part in _BLANK.split(body) if part.strip()]


def _text(was: Sequence[str], now: Sequence[str]) -> Iterator[Difference]:
    for kind, start, end, since, until in SequenceMatcher(None, was, now, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        pairs = min(end - start, until - since) if kind == "replace" else 0
        for offset in range(pairs):
            place = since + offset
            yield Difference(f"正文第 {place + 1} 段", *_pieces(was[start + offset], now[place]))
        for index in range(start + pairs, end):
            yield Difference(f"删去原第 {index + 1} 段", (Piece(was[index], changed=True),), ())
        for index in range(since + pairs, until):
            yield Difference(f"增加第 {index + 1} 段", (), (Piece(now[index], changed=True),))


def _pieces(was: str, now: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Return two texts in pieces, those that differ marked."""
    old, new = _WORD.findall(was), _WORD.findall(now)
    left: list[Piece] = []
    right: list[Piece] = []
    for kind, start, end, since, until in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        changed = kind != "equal"
        left += [Piece("".join(old[start:end]), changed)] if end > start else []
        right += [Piece("".join(new[since:until]), changed)] if until > since else []
    return tuple(left), tuple(right)
