"""Which books there are: by Drive folder, or one by one; each with the version that tells an unchanged one."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from jianbao import files
from jianbao.errors import SettingsError
from jianbao.messages import _
from jianbao.settings import BookSettings, GoogleSettings
from jianbao.sources.google.answer import SUFFIX
from jianbao.sources.google.service import Service
from jianbao.sources.google.trouble import Reach, Trouble

ORIGIN: Final = "google:"
_SHEET: Final = "application/vnd.google-apps.spreadsheet"
_FOLDER: Final = "application/vnd.google-apps.folder"
_FIELDS: Final = "id,name,mimeType,version,createdTime,parents,trashed"
_PAGE: Final = 1000
_PARENTS: Final = 20
"""Folders a query: their ids stand in its address."""

_DEEPEST: Final = 8


@dataclass(frozen=True, slots=True)
class Book:
    """An online workbook: its id, what the office calls it, and the version Drive last gave it (0: not known)."""

    id: str
    file: str
    version: int
    trouble: Trouble | None = None

    @property
    def origin(self) -> str:
        """How the snapshots name where it came from."""
        return ORIGIN + self.id


def book_id(address: str) -> str:
    """Return the id in a book's or folder's address, or the id itself.

    Raises SettingsError where there is none.
    """
    from gspread.exceptions import NoValidUrlKeyFound
    from gspread.utils import extract_id_from_url

    if "/" not in address:
        return address
    if "/folders/" in address:
        return address.partition("/folders/")[2].partition("?")[0].partition("/")[0]
    try:
        return str(extract_id_from_url(address))
    except NoValidUrlKeyFound as error:
        raise SettingsError(
            _("{address} 不是谷歌表格的网址").format(address=address),
            _("在浏览器里打开该表格，复制地址栏里 https://docs.google.com/spreadsheets/d/ 开头的一行。"),
        ) from error


def listed_books(service: Service, settings: GoogleSettings) -> list[Book]:
    """Return every book of the office, in the order of what it calls them: one call for up to a thousand.

    Raises Trouble where the list itself cannot be had.
    """
    named = {book_id(b.address): b for b in settings.books}
    seen: dict[str, tuple[tuple[str, ...], Mapping[str, Any]]] = {}
    if settings.folder:
        for folders, entry in _below(service, book_id(settings.folder)):
            seen.setdefault(entry["id"], (folders, entry))
    wanted = named.keys() - seen.keys()
    if wanted:
        seen |= {e["id"]: ((), e) for e in _shared(service, wanted)}
    found = [_book(entry, (*folders, entry["name"]), named.get(id_)) for id_, (folders, entry) in seen.items()]
    found += [_alone(service, id_, named[id_]) for id_ in named if id_ not in seen]
    created = {id_: (str(entry.get("createdTime", "")), id_) for id_, (_folders, entry) in seen.items()}
    return sorted(_apart(sorted(found, key=lambda b: created.get(b.id, ("", b.id)))), key=lambda b: b.file)


def _book(entry: Mapping[str, Any], places: Sequence[str], named: BookSettings | None) -> Book:
    path = named.path.split("/") if named and named.path else places
    return Book(entry["id"], _file(path), int(entry.get("version") or 0))


def _file(places: Iterable[str]) -> str:
    """Return what the office calls a book: a path as of the inbox, for its folders' names say which form it is."""
    return unicodedata.normalize("NFC", "/".join(files.legal_name(p) for p in places)) + SUFFIX


def _apart(books: Iterable[Book]) -> Iterator[Book]:
    """Yield the books with a name each: of equal names the oldest book keeps it, the others add a part of their id."""
    taken: set[str] = set()
    for book in books:
        file = book.file if book.file not in taken else f"{book.file.removesuffix(SUFFIX)}（{book.id[:6]}）{SUFFIX}"
        taken.add(file)
        yield Book(book.id, file, book.version, book.trouble)


def _below(service: Service, folder: str) -> Iterator[tuple[tuple[str, ...], Mapping[str, Any]]]:
    """Yield (names of the folders, entry) of each book in a folder and those below it, a level of folders a call."""
    level: dict[str, tuple[str, ...]] = {folder: ()}
    known = {folder}
    for _depth in range(_DEEPEST):
        parents, deeper = list(level), dict[str, tuple[str, ...]]()
        for start in range(0, len(parents), _PARENTS):
            within = " or ".join(f"'{p}' in parents" for p in parents[start : start + _PARENTS])
            for entry in _pages(service, within):
                places = level[next(p for p in entry.get("parents", parents) if p in level)]
                if entry["mimeType"] == _SHEET:
                    yield places, entry
                elif entry["mimeType"] == _FOLDER and entry["id"] not in known:
                    known.add(entry["id"])
                    deeper[entry["id"]] = (*places, entry["name"])
        if not deeper:
            return
        level = deeper


def _shared(service: Service, wanted: Iterable[str]) -> Iterator[Mapping[str, Any]]:
    """Yield those of the wanted books that the key sees, the newest changed first, until all are found."""
    left = set(wanted)
    for entry in _pages(service, f"mimeType = '{_SHEET}' and trashed = false"):
        if entry["id"] in left:
            left.remove(entry["id"])
            yield entry
        if not left:
            return


def _pages(service: Service, query: str) -> Iterator[Mapping[str, Any]]:
    token = ""
    while True:
        params = {
            "q": query, "fields": f"nextPageToken,files({_FIELDS})", "pageSize": _PAGE, "orderBy": "modifiedTime desc",
            "supportsAllDrives": True, "includeItemsFromAllDrives": True,
        } | ({"pageToken": token} if token else {})  # fmt: skip
        answer = service.files(params)
        yield from (f for f in answer.get("files", []) if not f.get("trashed"))
        token = answer.get("nextPageToken", "")
        if not token:
            return


def _alone(service: Service, id_: str, named: BookSettings) -> Book:
    """Return a book that no list showed: shared by its address alone, or not at all, which it then says."""
    try:
        return _book(entry := service.file(id_, _FIELDS), [entry["name"]], named)
    except Trouble as trouble:
        if trouble.reach is not Reach.BOOK:
            raise
        return Book(id_, _file((named.path or id_).split("/")), 0, trouble)
