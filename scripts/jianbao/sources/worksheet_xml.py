"""Where the cells of a workbook's worksheets stand, found in one pass over their XML's bytes, without parsing it.

Excel, WPS, LibreOffice, Google and the libraries people use all write a cell as `<c r="B7"`. Whoever writes it otherwise
is not measured here (its sheet is not `plain`), so that nothing can hide by being written strangely. A workbook of many
small sheets costs what one large sheet does: all are looked at together.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
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
    """Every cell of the worksheets, sheet after sheet, in the order of the files. Rows and columns count from 1.

    `xml` is that of all sheets in a row. Sheet n has the bytes from `begin[n]` and the cells from `first[n]` to the next
    sheet's; `plain[n]` says whether its cells are written as we know them, `formulas[n]` whether one is a formula.
    `inside` is the first letter of the tag that follows a cell's opening one. The others are places in `xml`:
    `attributes` is where those after the reference begin, `content` the following tag, `after` the one after that.
    """

    xml: bytes
    begin: Places
    first: Places
    plain: Mask
    formulas: Mask
    rows: Numbers
    columns: Numbers
    inside: Bytes
    attributes: Places
    content: Places
    after: Places

    @property
    def text(self) -> Bytes:
        """The bytes of `xml` as numbers."""
        return np.frombuffer(self.xml, np.uint8)

    @property
    def filled(self) -> Mask:
        """Which cells hold a value, a formula or a text."""
        found: Mask = (self.inside == ord("v")) | (self.inside == ord("f")) | (self.inside == ord("i"))
        return found

    def sizes(self, cells: Places) -> tuple[Places, Places]:
        """Return, a sheet each, the rows and the columns of the grid that reaches to the last of some cells.

        `cells` are their numbers, ascending.
        """
        first = np.searchsorted(cells, self.first)
        held = np.flatnonzero(np.diff(first))
        rows, columns = (np.zeros(len(first) - 1, np.int64) for _ in range(2))
        if len(held):
            rows[held] = np.maximum.reduceat(self.rows[cells], first[held])
            columns[held] = np.maximum.reduceat(self.columns[cells], first[held])
        return rows, columns

    def sheets(self, cells: Places) -> Places:
        """Return the number of the sheet that each of some cells stands in. `cells` are their numbers, ascending."""
        first = np.searchsorted(cells, self.first)
        return np.repeat(np.arange(len(first) - 1), np.diff(first))


def plain_cells(sheets: Sequence[bytes]) -> PlainCells:
    """Return the cells of the worksheets, given by their XML; a sheet is plain where all are written as `<c r="B7"`."""
    xml = b"".join(sheets)
    text = np.frombuffer(xml, np.uint8)
    begin = np.cumsum([0, *map(len, sheets)])
    tags = np.flatnonzero(text == ord("<"))
    begun = text.take(tags + 1, mode="clip")
    at = np.flatnonzero(begun == ord("c"))
    at = at[~_between(text.take(tags[at] + 2, mode="clip"), "a", "z")]  # <cols>, <col
    cells = tags[at]
    rows, columns, ends, right = _places(text, cells)
    content, after = (tags.take(at + k, mode="clip") for k in (1, 2))
    first = np.searchsorted(cells, begin)
    last = (first[1:] - 1)[np.diff(first) > 0]
    cut = np.searchsorted(begin, after[last], side="right") != np.searchsorted(begin, cells[last], side="right")
    strange = [tags[begun == ord("!")], cells[~right], cells[last[cut]]]  # ! is a comment, CDATA or a document type
    plain = np.array([b"<" in sheet and not _PREFIXED.search(sheet) for sheet in sheets], np.bool_)
    plain[np.searchsorted(begin, np.concatenate(strange), side="right") - 1] = False
    return PlainCells(
        xml=xml,
        begin=begin,
        first=first,
        plain=plain,
        formulas=np.diff(np.searchsorted(tags[begun == ord("f")], begin)) > 0,
        rows=rows,
        columns=columns,
        inside=begun.take(at + 1, mode="clip"),
        attributes=ends + 1,
        content=content,
        after=after,
    )


def _between(text: Bytes, first: str, last: str) -> Mask:
    return (text >= ord(first)) & (text <= ord(last))


def _places(text: Bytes, cells: Places) -> tuple[Numbers, Numbers, Places, Mask]:
    """Return (rows, columns, ends) of the references of cells, and which are right; `a1` and `A01` are none."""
    right = np.ones(len(cells), np.bool_)
    for k, sign in enumerate(' r="', 2):
        right &= text.take(cells + k, mode="clip") == ord(sign)
    at = cells + 6
    columns = np.zeros(len(at), np.int32)
    letters = np.zeros(len(at), np.int64)
    reading = right.copy()
    for k in range(3):
        letter = text.take(at + k, mode="clip")
        reading &= _between(letter, "A", "Z")
        if not reading.any():
            break
        columns = np.where(reading, columns * 26 + (letter - np.uint8(64)), columns)
        letters += reading
    at = at + letters
    right &= (letters > 0) & _between(text.take(at, mode="clip"), "1", "9")
    rows, digits = whole_numbers(text, at, _ROW_DIGITS)
    ends = at + digits
    return rows, columns, ends, right & (text.take(ends, mode="clip") == ord('"'))


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
