"""Numbers of documents: one series a pattern, running without gap or double, and with the days.

A pattern is a number with `{n}` for the running number and `{year}` for a year that starts it again:
`某校防控〔{year}〕{n}号`, `第{n}号`. How brackets and digits are typed (〔〕 or ﹝﹞, full width) makes no other number.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from jianbao.documents import Audience, Document, DocumentKind, Fault, Status
from jianbao.messages import _
from jianbao.settings import Series


@dataclass(frozen=True, slots=True)
class Numbered:
    """A document that holds a number of a series, or held one."""

    path: str
    number: str
    on: date


def series_of(kind: DocumentKind, audience: Audience, declared: Sequence[Series]) -> Series | None:
    """Return the series in which a document is numbered: the settings' first that fits, else the kind's own, else none."""
    reader = Audience.PUBLIC if audience is Audience.PUBLIC else Audience.INTERNAL
    for series in declared:
        if kind in series.kinds and series.audience in ("", reader):
            return series
    return Series(kind.spec.series, (kind,)) if kind.spec.series else None


def written(series: Series, year: int, n: int) -> str:
    """Return a number as documents print it."""
    return series.pattern.replace("{year}", str(year)).replace("{n}", str(n))


def placed(series: Series, number: str) -> tuple[int, int] | None:
    """Return year (0 where the series names none) and running number of a number; None where it is of another series."""
    found = _pattern(series.pattern).fullmatch(_plain(number))
    if not found:
        return None
    named = found.groupdict()
    return int(named.get("year") or 0), int(named["n"])


@lru_cache(maxsize=64)
def _pattern(pattern: str) -> re.Pattern[str]:
    escaped = re.escape(_plain(pattern))
    return re.compile(escaped.replace(r"\{year\}", r"(?P<year>\d{4})", 1).replace(r"\{n\}", r"0*(?P<n>\d+)", 1))


def _plain(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).translate({ord("["): "〔", ord("]"): "〕"})


def next_number(series: Series, on: date, taken: Iterable[Numbered]) -> tuple[int, Numbered | None]:
    """Return the next running number of a series on a day, and the document that holds the last one.

    Numbers that the settings say were given on paper count as taken.
    """
    year = on.year if "{year}" in series.pattern else 0
    elsewhere = (placed(series, text) for text in series.elsewhere)
    used = {n for found in elsewhere if found and found[0] == year for n in found[1:]}
    known = {found[1]: one for one in taken if (found := placed(series, one.number)) and found[0] == year}
    n = series.first
    while n in used or n in known:
        n += 1
    return n, max(known.values(), key=lambda one: (one.on, one.number), default=None)


def number_faults(documents: Iterable[Document], declared: Sequence[Series]) -> Iterator[Fault]:
    """Yield numbers that stand twice, are left out, or run against the days, with the page that shows it."""
    rows: dict[tuple[Series, int], dict[int, list[Document]]] = defaultdict(lambda: defaultdict(list))
    for document in documents:
        series = series_of(document.kind, document.audience, declared)
        found = placed(series, document.number) if series and document.number and document.status is not Status.DRAFT else None
        if series and found:
            rows[series, found[0]][found[1]].append(document)
    for (series, year), numbers in rows.items():
        yield from _row_faults(series, year, numbers)


def _row_faults(series: Series, year: int, numbers: dict[int, list[Document]]) -> Iterator[Fault]:
    elsewhere = {found[1] for text in series.elsewhere if (found := placed(series, text)) and found[0] == year}
    expected, latest = series.first, None
    for n in sorted(numbers):
        while expected in elsewhere and expected < n:
            expected += 1
        first, *others = numbers[n]
        for other in others:
            yield Fault(other.path, 1, _("{number} 已经是 {path} 的号").format(number=other.number, path=first.path))
        if n > expected:
            missing = written(series, year, expected)
            text = _("{number} 之前没有 {missing}；编在别处的，写进 jianbao.toml 该系列的 elsewhere")
            yield Fault(first.path, 1, text.format(number=first.number, missing=missing))
        if latest and first.on < latest.on:
            text = _("{number} 的日期 {day} 早于 {before} 的 {before_day}")
            yield Fault(first.path, 1, text.format(number=first.number, day=first.on, before=latest.number, before_day=latest.on))
        latest, expected = first, n + 1
