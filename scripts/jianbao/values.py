"""The words that every room speaks: findings, states, figures.

Nothing here reads, computes or prints. A finding about thousands of cells is one `FindingBlock`:
rows stay columns, and single `Finding`s are made only for whoever reads them one by one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from dataclasses import field as data_field
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

RowNumbers = npt.NDArray[np.int32]


class Code(StrEnum):
    """What is wrong; the sentence for each stands in `jianbao.wording`."""

    MISSING_REQUIRED = "missing-required"
    BAD_TYPE = "bad-type"
    BAD_DATE = "bad-date"
    OUT_OF_RANGE = "out-of-range"
    NOT_IN_LIST = "not-in-list"
    UNKNOWN_PERSON = "unknown-person"
    UNKNOWN_UNIT = "unknown-unit"
    NAME_MISMATCH = "name-mismatch"
    DUPLICATE_ROW = "duplicate-row"
    CONFLICTING_ROWS = "conflicting-rows"
    LEADING_ZEROS_LOST = "leading-zeros-lost"
    PRECISION_LOST = "precision-lost"
    FORMULA_ERROR = "formula-error"
    NOTE_IN_CELL = "note-in-cell"
    HEADER_NOT_FOUND = "header-not-found"
    UNKNOWN_COLUMN = "unknown-column"
    FORM_AMBIGUOUS = "form-ambiguous"
    ENCRYPTED_WORKBOOK = "encrypted-workbook"
    UNREADABLE_WORKBOOK = "unreadable-workbook"
    CONTRADICTION = "contradiction"
    COUNT_MISMATCH = "count-mismatch"
    REPORTER_UNKNOWN = "reporter-unknown"
    BACK_DATED_CHANGE = "back-dated-change"
    STALE_COPY = "stale-copy"
    FELL_SILENTLY = "fell-silently"
    COPIED_ANSWERS = "copied-answers"
    ONE_VALUE = "one-value"
    SAME_MINUTE = "same-minute"
    UNUSUAL_JUMP = "unusual-jump"
    FORM_VERSION = "form-version"
    SOURCE_NOT_REACHED = "source-not-reached"
    RECORD_ALTERED = "record-altered"
    NOT_ONE_CLASS = "not-one-class"
    NOT_BALANCED = "not-balanced"
    RULE = "rule"


class Severity(StrEnum):
    """error: the row or sheet does not count; warning: it counts; alert: somebody must act; info."""

    ERROR = "error"
    ALERT = "alert"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem, where a person sees it. `cell` is A1; `sheet` and `cell` may be None."""

    code: str
    severity: Severity
    file: str
    sheet: str | None
    cell: str | None
    field: str | None
    found: str | None
    expected: str | None
    message: str


def column_letters(index: int) -> str:
    """Return the letters of a 0-based column: 0 → A, 26 → AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


_NO_ROWS: RowNumbers = np.empty(0, np.int32)


@dataclass(frozen=True, slots=True)
class FindingBlock:
    """The same problem in one column of one sheet.

    `rows` are 1-based sheet rows; empty, the block is one finding about the sheet or the file.
    `columns` are 0-based, one for all or one a row; None where no cell is meant.
    `found` holds what stands there and `expected` what should, one for all or one a row. `note` serves every row.
    """

    code: str
    severity: Severity
    file: str
    sheet: str | None = None
    field: str | None = None
    title: str | None = None
    rows: RowNumbers = data_field(default_factory=lambda: _NO_ROWS)
    columns: int | Sequence[int] | None = None
    found: str | Sequence[str | None] | None = None
    expected: str | Sequence[str | None] | None = None
    note: str | None = None

    def __len__(self) -> int:
        return max(1, len(self.rows))

    def cells(self) -> Iterator[tuple[str | None, str | None, str | None]]:
        """Yield (A1 address, what stands there, what should), a triple a finding."""
        if not len(self.rows):
            yield None, _one(self.found, 0), _one(self.expected, 0)
            return
        for i, row in enumerate(self.rows.tolist()):
            column = self.columns if isinstance(self.columns, int) or self.columns is None else self.columns[i]
            cell = None if column is None else f"{column_letters(column)}{row}"
            yield cell, _one(self.found, i), _one(self.expected, i)


def _one(said: str | Sequence[str | None] | None, index: int) -> str | None:
    return said if said is None or isinstance(said, str) else said[index]


def said(value: object) -> str | None:
    """Return an answer as a person says it: 是 and 否 for a yes-or-no; None where nothing was answered."""
    if isinstance(value, bool):
        return "是" if value else "否"
    return None if value is None else str(value)


class SheetRow(NamedTuple):
    """Where a row stands: file and sheet as the office sees them, 1-based row, 0-based identifier column."""

    file: str
    sheet: str
    row: int
    column: int

    @property
    def cell(self) -> str:
        """The identifier's cell, as A1; empty where nobody wrote a row (a shift without people)."""
        return f"{column_letters(self.column)}{self.row}" if self.row else ""

    @property
    def said(self) -> str:
        """The place as people read it: file, sheet, cell."""
        return said_place(self.file, self.sheet, self.cell)


def said_place(file: str, sheet: str | None = None, cell: str | None = None) -> str:
    """Return a place as people read it; a csv file has no sheet, a whole file no cell."""
    return f"{file}{f'“{sheet}”' if sheet else ''}{cell or ''}"


def count_findings(blocks: Iterable[FindingBlock], severity: Severity) -> int:
    """Return how many findings of a severity the blocks hold."""
    return sum(len(b) for b in blocks if b.severity is severity)


@dataclass(frozen=True, slots=True)
class Unreached:
    """A sheet that could not be had this time: `file` as the office calls it, and why.

    `forms` and `units` are what it may hold, by name; None where nobody knows.
    """

    file: str
    reason: str
    forms: frozenset[str] | None = None
    units: frozenset[str] | None = None

    def may_hold(self, form: str, unit: str) -> bool:
        """Whether a unit's report of a form may stand in it."""
        return (self.forms is None or form in self.forms) and (self.units is None or unit in self.units)


class UnitState(StrEnum):
    """What a unit's own report says of a day; never merged into a number.

    `unreached` is no state of the unit but of our knowledge: the sheet its report may stand in could not be read,
    so nobody can say that it is missing.
    """

    CASES = "cases"
    ZERO = "zero"
    MISSING = "missing"
    REJECTED = "rejected"
    UNREACHED = "unreached"

    @property
    def received(self) -> bool:
        """Whether the unit has reported."""
        return self in (UnitState.CASES, UnitState.ZERO)


@dataclass(frozen=True, slots=True)
class Figure:
    """One declared number with what it rests on.

    `value` is None where nothing was stated. `received` of `expected` persons or units were read;
    `as_of` is the time of the pull. `unit` is what is counted (人), not the reporting unit.
    """

    name: str
    title: str
    value: int | float | None
    unit: str
    received: int
    expected: int
    as_of: datetime
    day: date
    form: str
    definition: str
    public: bool = True

    @property
    def complete(self) -> bool:
        """Whether everyone expected was read."""
        return self.received >= self.expected
