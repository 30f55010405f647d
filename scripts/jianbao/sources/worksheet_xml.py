"""Where the cells of a worksheet's XML stand, found in one pass over its bytes, without parsing it.

Excel, WPS, LibreOffice, Google and the libraries people use all write a cell as `<c r="B7"`. Whoever writes it otherwise
is not measured here (`plain_cells` is None), so that nothing can hide by being written strangely.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]
Places = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.int32]
Mask = npt.NDArray[np.bool_]

_PREFIXED: Final = re.compile(rb":(?:c|row)[\s/>]")
_ROW_DIGITS: Final = 7


@dataclass(frozen=True, slots=True)
class PlainCells:
    """Every cell of a worksheet, in the order of the file. Rows and columns count from 1.

    `inside` is the first letter of the tag that follows a cell's opening one. The others are places in `text`:
    `attributes` is where those after the reference begin, `content` the following tag, `after` the one after that.
    """

    text: Bytes
    rows: Numbers
    columns: Numbers
    inside: Bytes
    attributes: Places
    content: Places
    after: Places
    formulas: bool

    @property
    def filled(self) -> Mask:
        """Which cells hold a value, a formula or a text."""
        found: Mask = (self.inside == ord("v")) | (self.inside == ord("f")) | (self.inside == ord("i"))
        return found

    def size(self, *, filled: bool = False) -> tuple[int, int]:
        """Return (rows, columns) of the grid that reaches to the last cell, or to the last filled one."""
        rows, columns = (self.rows[self.filled], self.columns[self.filled]) if filled else (self.rows, self.columns)
        return int(rows.max(initial=0)), int(columns.max(initial=0))


def plain_cells(xml: bytes) -> PlainCells | None:
    """Return the cells of a worksheet's XML; None where one of them is not written as `<c r="B7"`."""
    text = np.frombuffer(xml, np.uint8)
    tags = np.flatnonzero(text == ord("<"))
    if not len(tags):
        return None
    begun = text.take(tags + 1, mode="clip")
    if (begun == ord("!")).any() or _PREFIXED.search(xml):  # a comment, CDATA or a document type; a name with a prefix
        return None
    at = np.flatnonzero(begun == ord("c"))
    at = at[~_between(text.take(tags[at] + 2, mode="clip"), "a", "z")]  # <cols>, <col
    cells = tags[at]
    if any((text.take(cells + 2 + k, mode="clip") != ord(c)).any() for k, c in enumerate(' r="')):
        return None
    place = _places(text, cells + 6)
    if place is None:
        return None
    rows, columns, ends = place
    return PlainCells(
        text=text,
        rows=rows,
        columns=columns,
        inside=begun.take(at + 1, mode="clip"),
        attributes=ends + 1,
        content=tags.take(at + 1, mode="clip"),
        after=tags.take(at + 2, mode="clip"),
        formulas=bool((begun == ord("f")).any()),
    )


def _between(text: Bytes, first: str, last: str) -> Mask:
    return (text >= ord(first)) & (text <= ord(last))


def _places(text: Bytes, at: Places) -> tuple[Numbers, Numbers, Places] | None:
    """Return (rows, columns, ends) of the references that begin at these bytes; None where one is none, as `a1` or `A01`."""
    columns = np.zeros(len(at), np.int32)
    letters = np.zeros(len(at), np.int64)
    reading = np.ones(len(at), np.bool_)
    for k in range(3):
        letter = text.take(at + k, mode="clip")
        reading &= _between(letter, "A", "Z")
        if not reading.any():
            break
        columns = np.where(reading, columns * 26 + (letter - np.uint8(64)), columns)
        letters += reading
    at = at + letters
    if not _between(text.take(at, mode="clip"), "1", "9").all() or not (letters > 0).all():
        return None
    rows, digits = whole_numbers(text, at, _ROW_DIGITS)
    ends = at + digits
    return (rows, columns, ends) if (text.take(ends, mode="clip") == ord('"')).all() else None


def whole_numbers(text: Bytes, at: Places, most: int) -> tuple[Numbers, Places]:
    """Return the whole numbers that begin at these bytes, read to their first other byte, and how many digits each has."""
    numbers = np.zeros(len(at), np.int32)
    digits = np.zeros(len(at), np.int64)
    reading = np.ones(len(at), np.bool_)
    for k in range(most):
        digit = text.take(at + k, mode="clip") - np.uint8(48)
        reading &= digit < 10
        if not reading.any():
            break
        numbers = np.where(reading, numbers * 10 + digit, numbers)
        digits += reading
    return numbers, digits


def longest_string(xml: bytes) -> int:
    """Return how many bytes the longest of a workbook's shared strings takes at the most."""
    text = np.frombuffer(xml, np.uint8)
    tags = np.flatnonzero(text == ord("<"))
    for k, letter in enumerate("/si", 1):
        tags = tags[text.take(tags + k, mode="clip") == ord(letter)] if len(tags) else tags
    return int(np.diff(tags, prepend=0, append=len(xml)).max(initial=0))
