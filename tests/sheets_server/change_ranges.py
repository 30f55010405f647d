"""Changes of what hangs on ranges: protection, names, conditional formats, filters, developer metadata."""

from __future__ import annotations

import copy
from typing import Any

from .a1 import Area, parse_area
from .books import Book
from .change_cells import place
from .errors import invalid
from .fields import assign, parse_mask
from .sheets import Sheet

Json = dict[str, Any]


def _kept_range(book: Book, grid_range: Json) -> Json:
    sheet, area = place(book, grid_range)
    return area.json(sheet.sheet_id)


# -- Protection -----------------------------------------------------------------------------------------------------------


def _protection(book: Book, protection_id: int) -> tuple[Sheet, Json]:
    for sheet in book.sheets:
        for protection in sheet.protected:
            if protection["protectedRangeId"] == protection_id:
                return sheet, protection
    raise invalid(f"No protected range with id: {protection_id}")


def add_protection(book: Book, request: Json, user: str) -> Json:
    """addProtectedRange; the owner and whoever protects are always among the editors."""
    given = copy.deepcopy(request["protectedRange"])
    if "namedRangeId" in given:
        named = next((n for n in book.named if n["namedRangeId"] == given["namedRangeId"]), None)
        if named is None:
            raise invalid(f"No named range with id: {given['namedRangeId']}")
        given["range"] = copy.deepcopy(named["range"])
    sheet, _ = place(book, given.get("range", {}))
    given["range"] = _kept_range(book, given.get("range", {}))
    given["protectedRangeId"] = given.get("protectedRangeId") or book.new_id()
    given["requestingUserCanEdit"] = True
    _editors(book, given, user)
    sheet.protected.append(given)
    return {"protectedRange": copy.deepcopy(given)}


def _editors(book: Book, protection: Json, user: str) -> None:
    if protection.get("warningOnly"):
        protection.pop("editors", None)
        return
    protection.pop("warningOnly", None)
    editors = protection.setdefault("editors", {})
    editors["users"] = list(dict.fromkeys([*(editors.get("users") or []), user, book.owner]))


def update_protection(book: Book, request: Json, user: str) -> None:
    """updateProtectedRange."""
    given = request["protectedRange"]
    sheet, protection = _protection(book, given.get("protectedRangeId", 0))
    book.must_be_open(sheet, Area.of(protection["range"]), user)
    assign(protection, given, parse_mask(request.get("fields", "")))
    if "range" not in protection:
        protection["range"] = {}
    _editors(book, protection, user)


def delete_protection(book: Book, request: Json, user: str) -> None:
    """deleteProtectedRange."""
    sheet, protection = _protection(book, request.get("protectedRangeId", 0))
    book.must_be_open(sheet, Area.of(protection["range"]), user)
    sheet.protected.remove(protection)


# -- Names ----------------------------------------------------------------------------------------------------------------


def _free_name(book: Book, name: str, besides: Json | None = None) -> None:
    if not name or not name.replace("_", "a").replace(".", "a").isalnum() or name[0].isdigit() or parse_area(name):
        raise invalid(f"Invalid name: {name}")
    if any(n["name"].casefold() == name.casefold() and n is not besides for n in book.named):
        raise invalid(f"A named range with the name '{name}' already exists.")


def _named(book: Book, named_id: str) -> Json:
    for named in book.named:
        if named["namedRangeId"] == named_id:
            return named
    raise invalid(f"No named range with id: {named_id}")


def add_name(book: Book, request: Json, user: str) -> Json:
    """addNamedRange."""
    given = request["namedRange"]
    _free_name(book, given.get("name", ""))
    named = {
        "namedRangeId": given.get("namedRangeId") or str(book.new_id()),
        "name": given["name"],
        "range": _kept_range(book, given.get("range", {})),
    }
    book.named.append(named)
    return {"namedRange": copy.deepcopy(named)}


def update_name(book: Book, request: Json, user: str) -> None:
    """updateNamedRange."""
    given = request["namedRange"]
    named = _named(book, given.get("namedRangeId", ""))
    assign(named, given, parse_mask(request.get("fields", "")))
    _free_name(book, named.get("name", ""), named)
    named["range"] = _kept_range(book, named.get("range", {}))


def delete_name(book: Book, request: Json, user: str) -> None:
    """deleteNamedRange."""
    book.named.remove(_named(book, request.get("namedRangeId", "")))


# -- Conditional formats and filters ----------------------------------------------------------------------------------------


def add_conditional(book: Book, request: Json, user: str) -> None:
    """addConditionalFormatRule."""
    rule = copy.deepcopy(request["rule"])
    if not rule.get("ranges") or not ({"booleanRule", "gradientRule"} & rule.keys()):
        raise invalid("Must specify ranges and a rule.")
    sheet, _ = place(book, rule["ranges"][0])
    rule["ranges"] = [_kept_range(book, r) for r in rule["ranges"]]
    sheet.conditional.insert(request.get("index", 0), rule)


def _conditional(book: Book, request: Json) -> tuple[Sheet, int]:
    sheet, index = book.sheet(request.get("sheetId", 0)), request.get("index", 0)
    if not 0 <= index < len(sheet.conditional):
        raise invalid(f"No conditional format on sheet: {sheet.sheet_id} at index: {index}")
    return sheet, index


def update_conditional(book: Book, request: Json, user: str) -> Json:
    """updateConditionalFormatRule: another rule, or another place."""
    sheet, index = _conditional(book, request)
    old = sheet.conditional.pop(index)
    new = copy.deepcopy(request.get("rule", old))
    to = request.get("newIndex", index)
    sheet.conditional.insert(to, new)
    return {"newRule": copy.deepcopy(new), "newIndex": to, "oldRule": copy.deepcopy(old), "oldIndex": index}


def delete_conditional(book: Book, request: Json, user: str) -> Json:
    """deleteConditionalFormatRule."""
    sheet, index = _conditional(book, request)
    return {"rule": sheet.conditional.pop(index)}


def set_filter(book: Book, request: Json, user: str) -> None:
    """setBasicFilter."""
    given = copy.deepcopy(request["filter"])
    sheet, area = place(book, given.get("range", {}))
    given["range"] = Area(*sheet.bounds(area)).json(sheet.sheet_id)
    sheet.basic_filter = given


def clear_filter(book: Book, request: Json, user: str) -> None:
    """clearBasicFilter."""
    book.sheet(request.get("sheetId", 0)).basic_filter = None


# -- Developer metadata -----------------------------------------------------------------------------------------------------


def all_metadata(book: Book) -> list[Json]:
    """All developer metadata of a book, its own first."""
    return [*book.metadata, *(m for sheet in book.sheets for m in sheet.metadata)]


def found_metadata(book: Book, data_filter: Json) -> list[Json]:
    """The developer metadata a DataFilter finds."""
    lookup = data_filter.get("developerMetadataLookup")
    if lookup is None:
        raise invalid("Only developerMetadataLookup is emulated here.")
    names = {"metadataId", "metadataKey", "metadataValue", "visibility"} & lookup.keys()
    kinds = {"locationType"} & lookup.keys()
    return [
        m
        for m in all_metadata(book)
        if all(m.get(name) == lookup[name] for name in names) and all(m["location"][k] == lookup[k] for k in kinds)
    ]


def add_metadata(book: Book, request: Json, user: str) -> Json:
    """createDeveloperMetadata; key, visibility and place must be said."""
    given = copy.deepcopy(request["developerMetadata"])
    if not given.get("metadataKey"):
        raise invalid("developerMetadata.metadataKey must be specified.")
    if given.get("visibility") not in {"DOCUMENT", "PROJECT"}:
        raise invalid("developerMetadata.visibility must be specified.")
    given["metadataId"] = given.get("metadataId") or book.new_id()
    location = given.get("location") or {}
    if location.get("spreadsheet"):
        holder, kind = book.metadata, "SPREADSHEET"
    elif "dimensionRange" in location:
        span = location["dimensionRange"]
        holder, kind = book.sheet(span.get("sheetId", 0)).metadata, span.get("dimension", "")[:-1]
        if span.get("endIndex", 0) - span.get("startIndex", 0) != 1 or kind not in {"ROW", "COLUMN"}:
            raise invalid("Developer metadata can only be associated with a single row or column.")
    elif "sheetId" in location:
        holder, kind = book.sheet(location["sheetId"]).metadata, "SHEET"
    else:
        raise invalid("developerMetadata.location must be specified.")
    given["location"] = {"locationType": kind, **location}
    holder.append(given)
    return {"developerMetadata": copy.deepcopy(given)}


def update_metadata(book: Book, request: Json, user: str) -> Json:
    """updateDeveloperMetadata: key, value and visibility of all that is found."""
    found = [m for f in request.get("dataFilters", []) for m in found_metadata(book, f)]
    for metadata in found:
        assign(metadata, request.get("developerMetadata", {}), parse_mask(request.get("fields", "")))
    return {"developerMetadata": copy.deepcopy(found)} if found else {}


def delete_metadata(book: Book, request: Json, user: str) -> Json:
    """deleteDeveloperMetadata."""
    found = found_metadata(book, request.get("dataFilter", {}))
    for holder in (book.metadata, *(sheet.metadata for sheet in book.sheets)):
        holder[:] = [m for m in holder if m not in found]
    return {"deletedDeveloperMetadata": found} if found else {}


CHANGES = {
    "addProtectedRange": add_protection,
    "updateProtectedRange": update_protection,
    "deleteProtectedRange": delete_protection,
    "addNamedRange": add_name,
    "updateNamedRange": update_name,
    "deleteNamedRange": delete_name,
    "addConditionalFormatRule": add_conditional,
    "updateConditionalFormatRule": update_conditional,
    "deleteConditionalFormatRule": delete_conditional,
    "setBasicFilter": set_filter,
    "clearBasicFilter": clear_filter,
    "createDeveloperMetadata": add_metadata,
    "updateDeveloperMetadata": update_metadata,
    "deleteDeveloperMetadata": delete_metadata,
}
