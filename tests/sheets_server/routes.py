"""Which address is which operation, named as in the discovery documents."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from . import drive_api, sheets_api
from .exchange import Ask
from .weather import Use


@dataclass(frozen=True, slots=True)
class Route:
    """An operation: where it is found, what it counts as, who answers it."""

    method: str
    address: re.Pattern[str]
    operation: str
    use: Use
    answer: Callable[[Ask], Any]

    @property
    def drive(self) -> bool:
        """Whether it is one of Drive's."""
        return self.operation.startswith("drive")


_SHEETS = "sheets.spreadsheets"
_BOOK = r"/v4/spreadsheets/(?P<id>[^/:]+)"
_RANGE = _BOOK + r"/values/(?P<range>[^/]+?)"
_FILES = "/drive/v3/files"
_FILE = _FILES + r"/(?P<id>[^/]+)"


def _route(method: str, address: str, operation: str, use: Use, answer: Callable[[Ask], Any]) -> Route:
    return Route(method, re.compile(address), operation, use, answer)


ROUTES = (
    _route("GET", _BOOK, f"{_SHEETS}.get", "read", sheets_api.get),
    _route("POST", "/v4/spreadsheets", f"{_SHEETS}.create", "write", sheets_api.create),
    _route("POST", _BOOK + ":batchUpdate", f"{_SHEETS}.batchUpdate", "write", sheets_api.batch),
    _route("POST", _BOOK + ":getByDataFilter", f"{_SHEETS}.getByDataFilter", "read", sheets_api.get_by_filter),
    _route("POST", _BOOK + r"/sheets/(?P<sheet>\d+):copyTo", f"{_SHEETS}.sheets.copyTo", "write", sheets_api.copy_to),
    _route("GET", _BOOK + "/values:batchGet", f"{_SHEETS}.values.batchGet", "read", sheets_api.values_batch_get),
    _route(
        "POST",
        _BOOK + "/values:batchGetByDataFilter",
        f"{_SHEETS}.values.batchGetByDataFilter",
        "read",
        sheets_api.values_batch_get_by_filter,
    ),
    _route("POST", _BOOK + "/values:batchUpdate", f"{_SHEETS}.values.batchUpdate", "write", sheets_api.values_batch_update),
    _route("POST", _BOOK + "/values:batchClear", f"{_SHEETS}.values.batchClear", "write", sheets_api.values_batch_clear),
    _route("GET", _RANGE, f"{_SHEETS}.values.get", "read", sheets_api.values_get),
    _route("PUT", _RANGE, f"{_SHEETS}.values.update", "write", sheets_api.values_update),
    _route("POST", _RANGE + ":append", f"{_SHEETS}.values.append", "write", sheets_api.values_append),
    _route("POST", _RANGE + ":clear", f"{_SHEETS}.values.clear", "write", sheets_api.values_clear),
    _route("POST", _BOOK + "/developerMetadata:search", f"{_SHEETS}.developerMetadata.search", "read", sheets_api.metadata_search),
    _route("GET", _BOOK + r"/developerMetadata/(?P<metadata>\d+)", f"{_SHEETS}.developerMetadata.get", "read", sheets_api.metadata_get),
    _route("GET", _FILES, "drive.files.list", "read", drive_api.files_list),
    _route("POST", _FILES, "drive.files.create", "write", drive_api.files_create),
    _route("GET", _FILE, "drive.files.get", "read", drive_api.files_get),
    _route("PATCH", _FILE, "drive.files.update", "write", drive_api.files_update),
    _route("DELETE", _FILE, "drive.files.delete", "write", drive_api.files_delete),
    _route("POST", _FILE + "/copy", "drive.files.copy", "write", drive_api.files_copy),
    _route("GET", _FILE + "/export", "drive.files.export", "read", drive_api.files_export),
    _route("GET", _FILE + "/permissions", "drive.permissions.list", "read", drive_api.permissions_list),
    _route("POST", _FILE + "/permissions", "drive.permissions.create", "write", drive_api.permissions_create),
    _route("DELETE", _FILE + "/permissions/(?P<permission>[^/]+)", "drive.permissions.delete", "write", drive_api.permissions_delete),
    _route("GET", _FILE + "/comments", "drive.comments.list", "read", drive_api.comments_list),
    _route("POST", _FILE + "/comments", "drive.comments.create", "write", drive_api.comments_create),
    _route("GET", _FILE + "/revisions", "drive.revisions.list", "read", drive_api.revisions_list),
    _route("PUT", r"/upload/drive/v2/files/(?P<id>[^/]+)", "drive2.files.update", "write", drive_api.upload_v2),
)


def find_route(method: str, path: str) -> tuple[Route, dict[str, str]] | None:
    """Return the operation at an address, and the named parts of it."""
    for route in ROUTES:
        if route.method == method and (found := route.address.fullmatch(path)):
            return route, {name: unquote(part) for name, part in found.groupdict().items()}
    return None
