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

_PREFIXED: Final = re.compile(rb":(?:c|row)[\s/>]")
_ROW_DIGITS: Final = 7


@dataclass(frozen=True, slots=True)
class PlainCells:
    """Every cell of a worksheet: its 1-based row and column, and whether it holds a value, a formula or a text."""

    rows: npt.NDArray[np.int32]
    columns: npt.NDArray[np.int32]
    filled: npt.NDArray[np.bool_]
    formulas: bool

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
    inside = begun.take(at + 1, mode="clip")  # what follows the opening tag: <v>, <f>, <is>, or the end of the cell
    filled = (inside == ord("v")) | (inside == ord("f")) | (inside == ord("i"))
    return PlainCells(*place, filled, bool((begun == ord("f")).any()))


def _between(text: Bytes, first: str, last: str) -> npt.NDArray[np.bool_]:
    return (text >= ord(first)) & (text <= ord(last))


def _places(text: Bytes, at: Places) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]] | None:
    """Return (rows, columns) of the references that begin at these bytes; None where one is none, as `a1` or `A01`."""
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
    rows = np.zeros(len(at), np.int32)
    digits = np.zeros(len(at), np.int64)
    reading = _between(text.take(at, mode="clip"), "1", "9")
    for k in range(_ROW_DIGITS):
        digit = text.take(at + k, mode="clip")
        reading &= _between(digit, "0", "9")
        if not reading.any():
            break
        rows = np.where(reading, rows * 10 + (digit - np.uint8(48)), rows)
        digits += reading
    whole = (letters > 0) & (digits > 0) & (text.take(at + digits, mode="clip") == ord('"'))
    return (rows, columns) if whole.all() else None
