"""The operations of Sheets v4, each from the parts of its address, its query and its body to its answer."""

from __future__ import annotations

from typing import Any

from . import values
from .a1 import Area, quoted, range_name
from .answers import properties, spreadsheet
from .batch import batch_update
from .books import FOLDER_MIME, Book
from .change_ranges import all_metadata, found_metadata
from .change_sheets import copied
from .errors import Refused, invalid
from .exchange import Ask
from .fields import parse_mask, select
from .values import Rendering

Json = dict[str, Any]


def _book(ask: Ask, *, write: bool = False) -> Book:
    book = ask.shelf.get(ask.parts["id"])
    book.must_be(ask.user, writer=write)
    if book.mime == FOLDER_MIME or book.trashed:
        raise invalid("This operation is not supported for this document")
    return book


def _masked(ask: Ask, answer: Json) -> Json:
    mask = ask.query.get("fields")
    return select(answer, parse_mask(mask)) if mask else answer


def get(ask: Ask) -> Json:
    """spreadsheets.get."""
    mask = ask.query.get("fields")
    grid = ask.query.get("includeGridData", "").lower() == "true"
    return spreadsheet(_book(ask), ranges=ask.many("ranges"), grid=grid, mask=parse_mask(mask) if mask else None)


def get_by_filter(ask: Ask) -> Json:
    """spreadsheets.getByDataFilter."""
    book = _book(ask)
    ranges = [_filtered(book, f) for f in ask.body.get("dataFilters", [])]
    answer = spreadsheet(book, ranges=ranges, grid=bool(ask.body.get("includeGridData")), mask=None)
    return _masked(ask, answer)


def create(ask: Ask) -> Json:
    """spreadsheets.create."""
    ask.may_create()
    given = ask.body.get("properties", {})
    book = ask.shelf.add(
        given.get("title", "Untitled spreadsheet"),
        owner=ask.user,
        locale=given.get("locale", "en_US"),
        time_zone=given.get("timeZone", "Etc/GMT"),
    )
    requests = [{"addSheet": {"properties": s.get("properties", {})}} for s in ask.body.get("sheets", [])]
    if requests:
        first = book.sheets[0].sheet_id
        book.sheets[0].title = "\0"  # makes room for a new Sheet1
        batch_update(book, {"requests": [*requests, {"deleteSheet": {"sheetId": first}}]}, ask.user)
    return _masked(ask, spreadsheet(book, ranges=[], grid=False, mask=None))


def batch(ask: Ask) -> Json:
    """spreadsheets.batchUpdate."""
    book = _book(ask, write=True)
    answer = batch_update(book, ask.body, ask.user)
    book.touch()
    return _masked(ask, answer)


def copy_to(ask: Ask) -> Json:
    """spreadsheets.sheets.copyTo."""
    book = _book(ask)
    source = book.sheet(int(ask.parts["sheet"]))
    target = ask.shelf.get(ask.body.get("destinationSpreadsheetId", ""))
    target.must_be(ask.user, writer=True)
    titles = {s.title for s in target.sheets}
    title = f"Copy of {source.title}"
    number = 1
    while title in titles:
        number += 1
        title = f"Copy of {source.title} {number}"
    sheet = copied(target, source, title)
    target.sheets.append(sheet)
    target.touch()
    return properties(target, sheet)


# -- Values ---------------------------------------------------------------------------------------------------------------


def values_get(ask: Ask) -> Json:
    """spreadsheets.values.get."""
    return _masked(ask, values.get(_book(ask), ask.parts["range"], Rendering.of(ask.query)))


def values_batch_get(ask: Ask) -> Json:
    """spreadsheets.values.batchGet."""
    book, rendering = _book(ask), Rendering.of(ask.query)
    answer: Json = {"spreadsheetId": book.book_id}
    found = [values.get(book, text, rendering) for text in ask.many("ranges")]
    return _masked(ask, answer | {"valueRanges": found} if found else answer)


def _filtered(book: Book, data_filter: Json) -> str:
    if "a1Range" in data_filter:
        return str(data_filter["a1Range"])
    if "gridRange" in data_filter:
        sheet = book.sheet(data_filter["gridRange"].get("sheetId", 0))
        return range_name(sheet.title, sheet.bounds(Area.of(data_filter["gridRange"])))
    found = found_metadata(book, data_filter)
    if len(found) != 1 or "sheetId" not in found[0]["location"]:
        raise invalid("The data filter must name one sheet.")
    return quoted(book.sheet(found[0]["location"]["sheetId"]).title)


def values_batch_get_by_filter(ask: Ask) -> Json:
    """spreadsheets.values.batchGetByDataFilter."""
    book, rendering = _book(ask), Rendering.of(ask.body)
    found = [{"valueRange": values.get(book, _filtered(book, f), rendering), "dataFilters": [f]} for f in ask.body.get("dataFilters", [])]
    answer: Json = {"spreadsheetId": book.book_id}
    return answer | {"valueRanges": found} if found else answer


def _must_agree(ask: Ask, text: str, given: Json) -> None:
    if given.get("range") and given["range"] != text:
        raise invalid(f"Requested writing within range [{text}], but tried writing to range [{given['range']}]")


def values_update(ask: Ask) -> Json:
    """spreadsheets.values.update."""
    book = _book(ask, write=True)
    _must_agree(ask, ask.parts["range"], ask.body)
    answer = values.update(book, ask.parts["range"], ask.body, ask.query, ask.user)
    book.touch()
    return _masked(ask, answer)


def values_append(ask: Ask) -> Json:
    """spreadsheets.values.append."""
    book = _book(ask, write=True)
    answer = values.append(book, ask.parts["range"], ask.body, ask.query, ask.user)
    book.touch()
    return _masked(ask, answer)


def values_clear(ask: Ask) -> Json:
    """spreadsheets.values.clear."""
    book = _book(ask, write=True)
    cleared = values.clear(book, ask.parts["range"], ask.user)
    book.touch()
    return {"spreadsheetId": book.book_id, "clearedRange": cleared}


def values_batch_clear(ask: Ask) -> Json:
    """spreadsheets.values.batchClear."""
    book = _book(ask, write=True)
    cleared = [values.clear(book, text, ask.user) for text in ask.body.get("ranges", [])]
    book.touch()
    return {"spreadsheetId": book.book_id, "clearedRanges": cleared}


def values_batch_update(ask: Ask) -> Json:
    """spreadsheets.values.batchUpdate: all of it, or none."""
    book = _book(ask, write=True)
    before = book.copy()
    try:
        done = [values.update(book, one.get("range", ""), one, ask.body, ask.user) for one in ask.body.get("data", [])]
    except Refused:
        book.restore(before)
        raise
    book.touch()
    names = {"totalUpdatedRows": "updatedRows", "totalUpdatedColumns": "updatedColumns", "totalUpdatedCells": "updatedCells"}
    totals = {total: sum(d.get(name, 0) for d in done) for total, name in names.items()}
    sheets = len({d["updatedRange"].rpartition("!")[0] for d in done})
    return {"spreadsheetId": book.book_id, **totals, "totalUpdatedSheets": sheets, "responses": done}


# -- Developer metadata -----------------------------------------------------------------------------------------------------


def metadata_search(ask: Ask) -> Json:
    """spreadsheets.developerMetadata.search."""
    book = _book(ask)
    matched = [{"developerMetadata": m, "dataFilters": [f]} for f in ask.body.get("dataFilters", []) for m in found_metadata(book, f)]
    return {"matchedDeveloperMetadata": matched} if matched else {}


def metadata_get(ask: Ask) -> Json:
    """spreadsheets.developerMetadata.get."""
    for metadata in all_metadata(_book(ask)):
        if str(metadata["metadataId"]) == ask.parts["metadata"]:
            return metadata
    raise Refused(404)
