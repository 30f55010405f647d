"""Cells as they stand in a sheet: no header, no form, no meaning yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final, NamedTuple, overload

import numpy as np
import numpy.typing as npt

Cell = str | float | int | bool | date | datetime | time | timedelta
"""A blank cell is the empty string; a number is a float or an int; nothing is None."""


UNCOMPUTED: Final = "#未计算"
"""Stands for a formula that the saving program never computed: readers see a blank there."""


Codes = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class CodedColumn(Sequence[Cell]):
    """A column's cells as numbers into the words of their workbook."""

    words: Sequence[Cell]
    codes: Codes

    def __len__(self) -> int:
        return len(self.codes)

    @overload
    def __getitem__(self, index: int) -> Cell: ...
    @overload
    def __getitem__(self, index: slice) -> CodedColumn: ...
    def __getitem__(self, index: int | slice) -> Cell | CodedColumn:
        return CodedColumn(self.words, self.codes[index]) if isinstance(index, slice) else self.words[self.codes[index]]

    def take(self, records: npt.NDArray[np.int64]) -> CodedColumn:
        """Return the cells with these numbers."""
        return CodedColumn(self.words, self.codes[records])

    def different(self) -> tuple[list[Cell], npt.NDArray[np.int64]]:
        """Return each different cell once, and for every cell which of them it is."""
        if len(self.words) > 8 * len(self.codes):
            few, at = np.unique(self.codes, return_inverse=True)
            return [self.words[code] for code in few.tolist()], at
        number = np.zeros(len(self.words), np.int64)
        number[self.codes] = 1
        codes = np.flatnonzero(number)
        number[codes] = np.arange(len(codes))
        return [self.words[code] for code in codes.tolist()], number[self.codes]


@dataclass(frozen=True, slots=True)
class CodedRows(Sequence[Sequence[Cell]]):
    """A sheet's rows, made when they are asked for. `codes` has a line a column: codes[column, row]."""

    words: Sequence[Cell]
    codes: Codes

    def __len__(self) -> int:
        return int(self.codes.shape[1])

    @overload
    def __getitem__(self, index: int) -> list[Cell]: ...
    @overload
    def __getitem__(self, index: slice) -> list[list[Cell]]: ...
    def __getitem__(self, index: int | slice) -> list[Cell] | list[list[Cell]]:
        if isinstance(index, slice):
            return [[self.words[code] for code in row] for row in self.codes[:, index].T.tolist()]
        return [self.words[code] for code in self.codes[:, index].tolist()]

    def column(self, index: int, first: int) -> CodedColumn:
        """Return a column's cells from a row on."""
        return CodedColumn(self.words, self.codes[index, first:])


class Merge(NamedTuple):
    """A merged range, 0-based, both ends inside."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Grid:
    """One worksheet. `rows[0][0]` is A1. `errors` names the cells that hold no value but an error (`#REF!`)."""

    name: str
    rows: Sequence[Sequence[Cell]]
    merged: tuple[Merge, ...] = ()
    errors: Mapping[tuple[int, int], str] = field(default_factory=dict)
    hidden: bool = False

    @property
    def width(self) -> int:
        """How many columns the widest row has."""
        return len(self.rows.codes) if isinstance(self.rows, CodedRows) else max(map(len, self.rows), default=0)


@dataclass(frozen=True, slots=True)
class WorkbookCells:
    """A workbook's sheets, in their order.

    `since_1904` says that its serial dates count from 1904, as old Excel for Mac had it (ECMA-376, 18.2.28 date1904).
    `stamp` is what the workbook's property says of the form it was made from, "" where it says nothing.
    """

    grids: tuple[Grid, ...]
    since_1904: bool = False
    stamp: str = ""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file no sheet could be read from: the finding's code, and why in a few words."""

    code: str
    reason: str
