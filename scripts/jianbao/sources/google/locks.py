"""A day's rows protected after the deadline, and given free again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Any, Final

from jianbao.sources.google.service import Request, Service

_FIELDS: Final = "sheets.properties.sheetId,sheets.properties.title,sheets.protectedRanges"


def _name(day: date) -> str:
    """Return what the protection of a day is called, by which it is known again."""
    return f"jianbao 截止 {day.isoformat()}"


def lock_rows(service: Service, book: str, day: date, rows: Mapping[str, Sequence[int]]) -> int:
    """Let just these rows of a day be protected; return how many are. `rows` are 1-based, by worksheet; none opens the day.

    One read, and one write where anything changes.
    Raises Trouble.
    """
    answer = service.spreadsheet(book, _FIELDS)
    service.change(book, [r for sheet in answer.get("sheets", ()) for r in _requests(sheet, day, rows, service.editors)])
    return sum(len(set(rows.get(s["properties"]["title"], ()))) for s in answer.get("sheets", ()))


def _requests(sheet: Mapping[str, Any], day: date, rows: Mapping[str, Sequence[int]], editors: Request) -> Iterator[Request]:
    """Yield what makes a sheet's protections of a day those wanted."""
    properties = sheet["properties"]
    wanted = set(_runs(rows.get(properties["title"], ())))
    known = [p for p in sheet.get("protectedRanges", ()) if p.get("description") == _name(day)]
    for protection in known:
        span = (protection["range"].get("startRowIndex", 0), protection["range"].get("endRowIndex", 0))
        if span in wanted:
            wanted.remove(span)
        else:
            yield {"deleteProtectedRange": {"protectedRangeId": protection["protectedRangeId"]}}
    for first, last in sorted(wanted):
        rows_of = {"sheetId": properties["sheetId"], "startRowIndex": first, "endRowIndex": last}
        protected = {"range": rows_of, "description": _name(day), "warningOnly": False, **editors}
        yield {"addProtectedRange": {"protectedRange": protected}}


def _runs(rows: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield rows that follow each other as 0-based ranges, the end outside."""
    ordered = sorted(set(rows))
    breaks = [0, *(i for i, (a, b) in enumerate(pairwise(ordered), 1) if b != a + 1), len(ordered)]
    for start, end in pairwise(breaks):
        if start < end:
            yield ordered[start] - 1, ordered[end - 1]
