"""A1 notation: what a range's text means, and how Google writes a range in its answers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

_CELL = re.compile(r"\$?([A-Za-z]{0,3})\$?([1-9][0-9]{0,6})?")
_R1C1 = re.compile(r"R([1-9][0-9]*)C([1-9][0-9]*)")
_PLAIN_TITLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Area:
    """Rows and columns, half open, from 0; None where the range is open."""

    top: int | None = None
    bottom: int | None = None
    left: int | None = None
    right: int | None = None

    @classmethod
    def of(cls, grid_range: dict[str, Any]) -> Area:
        """Read a GridRange."""
        return cls(*(grid_range.get(k) for k in ("startRowIndex", "endRowIndex", "startColumnIndex", "endColumnIndex")))

    def json(self, sheet_id: int) -> dict[str, Any]:
        """Write a GridRange; sheet 0 is left out, as Google does."""
        bounds = {"startRowIndex": self.top, "endRowIndex": self.bottom, "startColumnIndex": self.left, "endColumnIndex": self.right}
        return ({"sheetId": sheet_id} if sheet_id else {}) | {k: v for k, v in bounds.items() if v is not None}

    def within(self, rows: int, columns: int) -> tuple[int, int, int, int]:
        """Top, bottom, left, right in a grid of this size, open ends closed."""
        return (
            self.top or 0,
            rows if self.bottom is None else min(self.bottom, rows),
            self.left or 0,
            columns if self.right is None else min(self.right, columns),
        )

    def covers(self, row: int, column: int) -> bool:
        """Whether a cell is in it."""
        return (
            (self.top or 0) <= row
            and (self.bottom is None or row < self.bottom)
            and (self.left or 0) <= column
            and (self.right is None or column < self.right)
        )

    def meets(self, other: Area) -> bool:
        """Whether the two share a cell."""

        def apart(end: int | None, start: int | None) -> bool:
            return end is not None and end <= (start or 0)

        return not (
            apart(self.bottom, other.top) or apart(other.bottom, self.top) or apart(self.right, other.left) or apart(other.right, self.left)
        )


def letters(column: int) -> str:
    """The name of a column, from 0."""
    name = ""
    column += 1
    while column:
        column, digit = divmod(column - 1, 26)
        name = chr(65 + digit) + name
    return name


def number(name: str) -> int:
    """The column of a name, from 0."""
    count = 0
    for letter in name.upper():
        count = count * 26 + ord(letter) - 64
    return count - 1


def parse_area(text: str) -> Area | None:
    """Return the area that A1 (or R1C1) text names, None where it is no such text."""
    first, colon, last = text.partition(":")
    start, end = _corner(first), _corner(last) if colon else _corner(first)
    if start is None or end is None or (not colon and None in start):
        return None
    top, bottom = _ordered(start[0], end[0])
    left, right = _ordered(start[1], end[1])
    return Area(top, bottom, left, right)


def _corner(text: str) -> tuple[int | None, int | None] | None:
    if found := _R1C1.fullmatch(text):
        return int(found[1]) - 1, int(found[2]) - 1
    found = _CELL.fullmatch(text)
    if not text or found is None or not found[0].strip("$"):
        return None
    return int(found[2]) - 1 if found[2] else None, number(found[1]) if found[1] else None


def _ordered(one: int | None, other: int | None) -> tuple[int | None, int | None]:
    if one is None or other is None:
        return (other if one is None else one), None
    return min(one, other), max(one, other) + 1


def split_title(text: str) -> tuple[str | None, str]:
    """Split `'a title'!A1:B2` into title and the rest; a quoted title alone is one, anything else alone is a rest."""
    if text.startswith("'"):
        found = re.fullmatch(r"'((?:[^']|'')*)'(?:!(.*))?", text, re.DOTALL)
        if found:
            return found[1].replace("''", "'"), found[2] or ""
    title, mark, rest = text.rpartition("!")
    return (title, rest) if mark else (None, text)


def quoted(title: str) -> str:
    """A title as it stands in a range: in quotes unless it is a plain word that cannot be taken for a cell."""
    if _PLAIN_TITLE.fullmatch(title) and parse_area(title) is None:
        return title
    return "'" + title.replace("'", "''") + "'"


def cell_name(row: int, column: int) -> str:
    """A1 for a cell, from 0."""
    return f"{letters(column)}{row + 1}"


def range_name(title: str, bounds: tuple[int, int, int, int]) -> str:
    """A range as Google writes it in answers: bounded, and one cell without a colon."""
    top, bottom, left, right = bounds
    first, last = cell_name(top, left), cell_name(max(bottom - 1, top), max(right - 1, left))
    return f"{quoted(title)}!{first}" + ("" if first == last else f":{last}")
