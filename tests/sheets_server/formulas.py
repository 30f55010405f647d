"""The little of a sheet's formulas that tests need: arithmetic, cells, SUM, COUNT, COUNTA, COUNTIF, IF, text, errors."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from .a1 import parse_area, split_title
from .entered import Value, tidy

Lookup = Callable[[str | None, Any], list[list[Value]]]

_TOKEN = re.compile(
    r"""\s*(?:(?P<number>\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+)|(?P<text>"(?:[^"]|"")*")|(?P<op><=|>=|<>|[-+*/^&=<>(),%:])"""
    r"""|(?P<name>(?:'(?:[^']|'')*'!|[^\W\d][\w.]*!)?\$?[^\W\d]\$?[\w.$]*))""",
)
_ERRORS = {
    "#DIV/0!": "DIVIDE_BY_ZERO",
    "#NAME?": "NAME",
    "#VALUE!": "VALUE",
    "#REF!": "REF",
    "#N/A": "N_A",
    "#NUM!": "NUM",
    "#ERROR!": "ERROR",
}


class Failure(Exception):
    """A formula that gives an error value."""


def error_type(value: Value) -> str | None:
    """The ErrorType of an error value, None of any other."""
    return _ERRORS.get(value) if isinstance(value, str) else None


def evaluate(formula: str, lookup: Lookup) -> Value:
    """Return what a formula gives; `lookup(title, area)` gives the cells it names."""
    try:
        parser = _Parser(list(_tokens(formula.removeprefix("="))), lookup)
        result = _single(parser.comparison())
        parser.end()
    except Failure as failure:
        return str(failure)
    except RecursionError:
        return "#REF!"
    return tidy(result) if isinstance(result, float) else result


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    place = 0
    while text[place:].strip():
        found = _TOKEN.match(text, place)
        if not found or found.lastgroup is None:
            raise Failure("#ERROR!")
        yield found.lastgroup, found[found.lastgroup]
        place = found.end()


def _single(value: Any) -> Value:
    if isinstance(value, list):
        if len(value) != 1 or len(value[0]) != 1:
            raise Failure("#VALUE!")
        value = value[0][0]
    if error_type(value):
        raise Failure(value)
    return value  # type: ignore[no-any-return]  # a cell's value


def _number(value: Any) -> float:
    value = _single(value)
    if value is None or isinstance(value, int | float):
        return float(value or 0)
    try:
        return float(value)
    except ValueError:
        raise Failure("#VALUE!") from None


@dataclass(slots=True)
class _Parser:
    tokens: list[tuple[str, str]]
    lookup: Lookup

    def take(self, *wanted: str) -> str | None:
        if self.tokens and self.tokens[0][0] == "op" and self.tokens[0][1] in wanted:
            return self.tokens.pop(0)[1]
        return None

    def end(self) -> None:
        if self.tokens:
            raise Failure("#ERROR!")

    def comparison(self) -> Any:
        left = self.joined()
        while sign := self.take("=", "<>", "<", ">", "<=", ">="):
            one, other = _single(left), _single(self.joined())
            left = _compare(sign, one, other)
        return left

    def joined(self) -> Any:
        left = self.sum()
        while self.take("&"):
            left = "".join("" if v is None else str(v) for v in (_single(left), _single(self.sum())))
        return left

    def sum(self) -> Any:
        left = self.product()
        while sign := self.take("+", "-"):
            right = _number(self.product())
            left = _number(left) + (right if sign == "+" else -right)
        return left

    def product(self) -> Any:
        left = self.power()
        while sign := self.take("*", "/"):
            right = _number(self.power())
            if sign == "/" and not right:
                raise Failure("#DIV/0!")
            left = _number(left) * right if sign == "*" else _number(left) / right
        return left

    def power(self) -> Any:
        left = self.factor()
        while self.take("^"):
            left = _number(left) ** _number(self.factor())
        while self.take("%"):
            left = _number(left) / 100
        return left

    def factor(self) -> Any:
        if sign := self.take("+", "-"):
            return _number(self.factor()) * (1 if sign == "+" else -1)
        if self.take("("):
            inner = self.comparison()
            if not self.take(")"):
                raise Failure("#ERROR!")
            return inner
        if not self.tokens:
            raise Failure("#ERROR!")
        kind, text = self.tokens.pop(0)
        if kind == "number":
            return tidy(float(text))
        if kind == "text":
            return text[1:-1].replace('""', '"')
        if kind == "name":
            return self.named(text)
        raise Failure("#ERROR!")

    def named(self, text: str) -> Any:
        if text.upper() in {"TRUE", "FALSE"}:
            return text.upper() == "TRUE"
        if self.take("("):
            return self.call(text.upper())
        if self.take(":"):
            text += ":" + (self.tokens.pop(0)[1] if self.tokens else "")
        title, rest = split_title(text)
        area = parse_area(rest)
        if area is None:
            raise Failure("#NAME?")
        return self.lookup(title, area)

    def call(self, name: str) -> Any:
        given = []
        while not self.take(")"):
            given.append(self.comparison())
            if not self.take(",") and (not self.tokens or self.tokens[0][1] != ")"):
                raise Failure("#ERROR!")
        if name not in _FUNCTIONS:
            raise Failure("#NAME?")
        return _FUNCTIONS[name](*given)


def _compare(sign: str, one: Value, other: Value) -> bool:
    if sign in {"=", "<>"}:
        return (one == other) == (sign == "=")
    if type(one) is not type(other) and not (isinstance(one, int | float) and isinstance(other, int | float)):
        one, other = str(one or ""), str(other or "")
    less, more = one < other, one > other  # type: ignore[operator]  # of one kind by now
    return {"<": less, ">": more, "<=": not more, ">=": not less}[sign]


def _flat(*given: Any) -> list[Value]:
    return [v for one in given for row in (one if isinstance(one, list) else [[one]]) for v in row]


def _numbers(*given: Any) -> list[float]:
    return [v for v in _flat(*given) if isinstance(v, int | float) and not isinstance(v, bool)]


def _count_if(cells: Any, wanted: Any) -> int:
    found = re.fullmatch(r"(<=|>=|<>|<|>|=)?(.*)", str(_single(wanted)))
    sign, text = (found[1] or "=", found[2]) if found else ("=", "")
    return (
        sum(1 for v in _flat(cells) if v is not None and str(v) == text)
        if sign == "="
        else sum(1 for v in _numbers(cells) if _compare(sign, v, float(text)))
    )


_FUNCTIONS: dict[str, Callable[..., Value]] = {
    "SUM": lambda *given: sum(_numbers(*given)),
    "COUNT": lambda *given: len(_numbers(*given)),
    "COUNTA": lambda *given: sum(1 for v in _flat(*given) if v is not None),
    "COUNTIF": _count_if,
    "MAX": lambda *given: max(_numbers(*given), default=0),
    "MIN": lambda *given: min(_numbers(*given), default=0),
    "IF": lambda test, yes, no=False: _single(yes if _single(test) else no),
}
