"""Cells as they stand in a sheet: no header, no form, no meaning yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final, NamedTuple

Cell = str | float | int | bool | date | datetime | time | timedelta
"""A blank cell is the empty string; a number is a float or an int; nothing is None."""


UNCOMPUTED: Final = "#未计算"
"""Stands for a formula that the saving program never computed: readers see a blank there."""


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
    rows: list[list[Cell]]
    merged: tuple[Merge, ...] = ()
    errors: Mapping[tuple[int, int], str] = field(default_factory=dict)
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class WorkbookCells:
    """A workbook's sheets, in their order.

    `since_1904` says that its serial dates count from 1904, as old Excel for Mac had it (ECMA-376, 18.2.28 date1904).
    """

    grids: tuple[Grid, ...]
    since_1904: bool = False


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file no sheet could be read from: the finding's code, and why in a few words."""

    code: str
    reason: str
