"""Data validation. It is asked where a person types: the API writes past it, and the cell is marked only."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from .books import Book
from .entered import Value
from .errors import invalid
from .sheets import Cell, Sheet
from .shown import show

Json = dict[str, Any]


def must_be_valid(book: Book, sheet: Sheet, cell: Cell, name: str) -> None:
    """Refuse what a strict rule does not allow."""
    rule = cell.validation
    if not rule or not rule.get("strict") or cell.empty:
        return
    if not _allowed(book, sheet, rule["condition"], book.value(sheet, cell)):
        raise invalid(f"The data you entered in cell {name} violates the data validation rules set on this cell.")


def _allowed(book: Book, sheet: Sheet, condition: Json, value: Value) -> bool:
    kind = condition["type"]
    given = [v.get("userEnteredValue", "") for v in condition.get("values", [])]
    shown = show(value)
    if kind == "ONE_OF_LIST":
        return shown in given
    if kind == "ONE_OF_RANGE":
        source, area = book.find(given[0].removeprefix("=").replace("$", ""))
        return any(shown == show(book.value(source, c)) for row in source.block(area) for c in row if not c.empty)
    if kind == "BOOLEAN":
        return isinstance(value, bool) or shown in given
    if not kind.startswith(("NUMBER", "DATE")):
        return True  # kinds nobody here asks for
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    bounds = [float(v) for v in given] if kind.startswith("NUMBER") else []
    return kind not in _HOLDS or _HOLDS[kind](float(value), *bounds)


_HOLDS: dict[str, Callable[..., bool]] = {
    "NUMBER_BETWEEN": lambda number, low, high: low <= number <= high,
    "NUMBER_NOT_BETWEEN": lambda number, low, high: not low <= number <= high,
    "NUMBER_GREATER": operator.gt,
    "NUMBER_GREATER_THAN_EQ": operator.ge,
    "NUMBER_LESS": operator.lt,
    "NUMBER_LESS_THAN_EQ": operator.le,
    "NUMBER_EQ": operator.eq,
    "NUMBER_NOT_EQ": operator.ne,
}
