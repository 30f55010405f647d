"""A spreadsheet: sheets, names, who may do what, and when it was changed."""

from __future__ import annotations

import base64
import copy
import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from .a1 import Area, parse_area, split_title
from .entered import Value
from .errors import Refused, invalid
from .formulas import evaluate
from .sheets import Cell, Dimension, Sheet, shift_in

Json = dict[str, Any]
WRITERS = {"owner", "organizer", "fileOrganizer", "writer"}
MIME = "application/vnd.google-apps.spreadsheet"
PROTECTED = (
    "You are trying to edit a protected cell or object. Please contact the spreadsheet owner to remove protection if you need to edit."
)
FOLDER_MIME = "application/vnd.google-apps.folder"


@dataclass(slots=True)
class Book:
    """One spreadsheet, and the file it is in Drive. A folder is one without sheets."""

    book_id: str
    title: str
    owner: str
    locale: str = "en_US"
    time_zone: str = "Etc/GMT"
    sheets: list[Sheet] = field(default_factory=list)
    named: list[Json] = field(default_factory=list)
    metadata: list[Json] = field(default_factory=list)
    shared: dict[str, str] = field(default_factory=dict)  # e-mail, domain or "anyone" → role
    parents: list[str] = field(default_factory=list)
    comments: list[Json] = field(default_factory=list)
    created: datetime = field(default_factory=lambda: datetime.now(UTC))
    modified: datetime = field(default_factory=lambda: datetime.now(UTC))
    version: int = 1
    trashed: bool = False
    mime: str = MIME
    next_id: int = 1

    def copy(self) -> Book:
        """Return one that shares nothing with this one that can change."""
        return replace(self, sheets=[s.copy() for s in self.sheets], named=copy.deepcopy(self.named), metadata=copy.deepcopy(self.metadata))

    def restore(self, before: Book) -> None:
        """Be again as a copy was: a batch of changes is done whole or not at all."""
        for slot in fields(self):
            setattr(self, slot.name, getattr(before, slot.name))

    def touch(self) -> None:
        """Note that it was changed now; two changes never bear the same time."""
        self.modified = max(datetime.now(UTC), self.modified + timedelta(milliseconds=1))
        self.version += 1

    def new_id(self) -> int:
        """A number no other part of this book has."""
        self.next_id += 1
        return int(hashlib.sha256(f"{self.book_id}/{self.next_id}".encode()).hexdigest()[:7], 16) + 1

    # -- Rights -------------------------------------------------------------------------------------------------------

    def role(self, user: str) -> str | None:
        """What somebody may do here."""
        if user == self.owner:
            return "owner"
        return self.shared.get(user) or self.shared.get(user.partition("@")[2]) or self.shared.get("anyone")

    def must_be(self, user: str, *, writer: bool) -> None:
        """Refuse somebody who may not read, or not write."""
        role = self.role(user)
        if role is None or (writer and role not in WRITERS):
            raise Refused(403)

    def must_be_open(self, sheet: Sheet, area: Area, user: str) -> None:
        """Refuse a change of protected cells; the owner may always, and so may the editors named."""
        for protection in sheet.protected:
            editors = protection.get("editors", {})
            named = {*editors.get("users", []), *editors.get("groups", [])}
            if protection.get("warningOnly") or user == self.owner or user in named:
                continue
            where = Area.of(protection.get("range", {}))
            free = [Area.of(r) for r in protection.get("unprotectedRanges", [])]
            if where.meets(area) and not any(_inside(area, hole) for hole in free):
                raise invalid(PROTECTED)

    # -- Sheets -------------------------------------------------------------------------------------------------------

    def __getitem__(self, title: str) -> Sheet:
        """The sheet of a title."""
        for sheet in self.sheets:
            if sheet.title == title:
                return sheet
        raise KeyError(title)

    def sheet(self, sheet_id: int) -> Sheet:
        """The sheet of an id."""
        for sheet in self.sheets:
            if sheet.sheet_id == sheet_id:
                return sheet
        raise invalid(f"No grid with id: {sheet_id}")

    def add_sheet(self, title: str, rows: Sequence[Sequence[Value]] = (), *, row_count: int = 1000, column_count: int = 26) -> Sheet:
        """Add a sheet that holds rows of values; the grid is at least the size named."""
        sheet = Sheet(self.new_id() if self.sheets else 0, title, row_count, column_count)
        sheet.fill(rows)
        self.sheets.append(sheet)
        return sheet

    def find(self, text: str) -> tuple[Sheet, Area]:
        """Return what a range's text names: of a sheet, or a named range, or a whole sheet."""
        title, rest = split_title(text)
        if title is not None:
            sheet = next((s for s in self.sheets if s.title.casefold() == title.casefold()), None)
            if sheet is not None and not rest:
                return sheet, Area()
            if sheet is not None and (area := parse_area(rest)):
                return sheet, area
        if title is None and (area := parse_area(rest)):
            return self.sheets[0], area
        for named in self.named:
            if named["name"].casefold() == rest.casefold():
                return self.sheet(named["range"].get("sheetId", 0)), Area.of(named["range"])
        for sheet in self.sheets:
            if title is None and sheet.title == text:
                return sheet, Area()
        raise invalid(f"Unable to parse range: {text}")

    def within(self, sheet: Sheet, area: Area, text: str) -> tuple[int, int, int, int]:
        """An area's bounds; refused where it goes beyond the grid."""
        beyond = (area.bottom or area.top or 0) > sheet.row_count or (area.right or area.left or 0) > sheet.column_count
        if beyond or (area.top or 0) >= sheet.row_count or (area.left or 0) >= sheet.column_count:
            raise invalid(f"Range ({text}) exceeds grid limits. Max rows: {sheet.row_count}, max columns: {sheet.column_count}")
        return sheet.bounds(area)

    # -- Values -------------------------------------------------------------------------------------------------------

    def value(self, sheet: Sheet, cell: Cell) -> Value:
        """What a cell shows: its value, or what its formula gives."""
        if cell.formula is None:
            return cell.value
        return evaluate(cell.formula, lambda title, area: self._looked_up(sheet, title, area))

    def _looked_up(self, sheet: Sheet, title: str | None, area: Area) -> list[list[Value]]:
        if title is not None:
            try:
                sheet = self[title]
            except KeyError:
                return [["#REF!"]]
        return [[self.value(sheet, cell) for cell in row] for row in sheet.block(area)]

    def move_names(self, sheet: Sheet, dimension: Dimension, at: int, count: int) -> None:
        """Shift named ranges as rows or columns of a sheet come or go."""
        self.named = [n for n in self.named if n["range"].get("sheetId", 0) != sheet.sheet_id or shift_in(n, "range", dimension, at, count)]


def _inside(area: Area, hole: Area) -> bool:
    def end(bound: int | None) -> float:
        return float("inf") if bound is None else bound

    return (
        (hole.top or 0) <= (area.top or 0)
        and (hole.left or 0) <= (area.left or 0)
        and end(area.bottom) <= end(hole.bottom)
        and end(area.right) <= end(hole.right)
    )


class Shelf:
    """All books there are, by id."""

    def __init__(self) -> None:
        self._books: dict[str, Book] = {}

    def __iter__(self) -> Iterator[Book]:
        return iter(list(self._books.values()))

    def __len__(self) -> int:
        return len(self._books)

    def add(
        self,
        title: str,
        sheets: Mapping[str, Sequence[Sequence[Value]]] | None = None,
        *,
        owner: str,
        book_id: str | None = None,
        locale: str = "en_US",
        time_zone: str = "Etc/GMT",
    ) -> Book:
        """Make a book with the sheets named (one empty Sheet1 where none is)."""
        key = book_id or book_key(title, len(self._books))
        book = Book(key, title, owner, locale, time_zone)
        for name, rows in (sheets or {"Sheet1": []}).items():
            book.add_sheet(name, rows)
        self._books[key] = book
        return book

    def put(self, book: Book) -> None:
        """Put a book on the shelf."""
        self._books[book.book_id] = book

    def get(self, book_id: str) -> Book:
        """The book or folder of an id."""
        found = self._books.get(book_id)
        if found is None:
            raise Refused(404)
        return found

    def __contains__(self, book_id: str) -> bool:
        return book_id in self._books

    def folder(self, title: str, *, owner: str) -> Book:
        """Make a folder."""
        key = book_key(title, len(self._books))
        self._books[key] = Book(key, title, owner, mime=FOLDER_MIME)
        return self._books[key]

    def remove(self, book_id: str) -> None:
        """Delete a book."""
        del self._books[book_id]


def book_key(title: str, number: int) -> str:
    """An id that looks like Google's and is the same in every run."""
    digest = hashlib.sha256(f"{number}/{title}".encode()).digest()
    return "1" + re.sub("=", "", base64.urlsafe_b64encode(digest).decode())
