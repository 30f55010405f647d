"""spreadsheets.batchUpdate: a list of changes, done whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from . import change_cells, change_ranges, change_sheets
from .answers import spreadsheet
from .books import Book
from .errors import Refused, invalid

Json = dict[str, Any]
Change = Callable[[Book, Json, str], Json | None]

CHANGES: dict[str, Change] = {**change_sheets.CHANGES, **change_cells.CHANGES, **change_ranges.CHANGES}


def batch_update(book: Book, body: Json, user: str) -> Json:
    """Answer batchUpdate: a reply for each request, {} where there is nothing to say."""
    requests = body.get("requests") or []
    if not requests:
        raise invalid("Must specify at least one request.")
    before = book.copy()
    replies = []
    try:
        for number, request in enumerate(requests):
            replies.append(_done(book, request, number, user))
    except Refused:
        book.restore(before)
        raise
    answer: Json = {"spreadsheetId": book.book_id, "replies": replies}
    if body.get("includeSpreadsheetInResponse"):
        answer["updatedSpreadsheet"] = spreadsheet(
            book, ranges=body.get("responseRanges") or [], grid=bool(body.get("responseIncludeGridData")), mask=None
        )
    return answer


def _done(book: Book, request: Json, number: int, user: str) -> Json:
    if len(request) != 1:
        raise invalid(f"Invalid value at 'requests[{number}]' (oneof), oneof field 'kind' is already set.")
    ((kind, what),) = request.items()
    if kind not in CHANGES:
        name = f"Invalid JSON payload received. Unknown name \"{kind}\" at 'requests[{number}]': Cannot find field."
        raise invalid(name)
    try:
        reply = CHANGES[kind](book, what, user)
    except Refused as refused:
        if refused.status == 400:
            raise invalid(f"Invalid requests[{number}].{kind}: {refused.sentence}") from None
        raise
    return {kind: reply} if reply else {}
