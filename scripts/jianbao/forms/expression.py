"""The small language of `when:` and `where:`: comparisons over a row's answers, three-valued.

    temperature > fever_threshold
    returned and not left_again
    has(symptoms, '发热', '干咳') or days_since_contact <= 14
    given(returned_on) and place in ('湖北', '武汉')

Names are fields of the form, dated settings, or `today`, the day being worked; `form.field` is another form's
(in the rules of classes). `days(a, b)` is how many days lie from one date to another. A blank answer makes a comparison unknown, never true
(Kleene's logic, as in SQL). It is read with Python's own parser and nothing of it is ever run as Python.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

SEPARATOR: Final = "、"
"""Between the values of a multiple-choice answer, in the ledger and on pages."""

Setting = int | float | str | date
Value = Any
"""A pyarrow array, chunked array or scalar: pyarrow has no public type for 'any of them'."""

_COMPARE: Final[Mapping[type[ast.cmpop], str]] = {
    ast.Eq: "equal",
    ast.NotEq: "not_equal",
    ast.Lt: "less",
    ast.LtE: "less_equal",
    ast.Gt: "greater",
    ast.GtE: "greater_equal",
}
_ARITHMETIC: Final[Mapping[type[ast.operator], str]] = {
    ast.Add: "add",
    ast.Sub: "subtract",
    ast.Mult: "multiply",
    ast.Div: "divide",
}
TODAY: Final = "today"
"""The name of the day being worked."""


class ExpressionError(ValueError):
    """An expression that cannot be read; the text says what and where."""


@dataclass(frozen=True)
class Expression:
    """A condition on a row. `names` it uses are resolved by whoever loads the form."""

    text: str

    @cached_property
    def _tree(self) -> ast.expr:
        try:
            return ast.parse(self.text.strip(), mode="eval").body
        except SyntaxError as error:
            raise ExpressionError(f"{self.text!r}: {error.msg}") from error

    @cached_property
    def names(self) -> frozenset[str]:
        """Every name used. Raises ExpressionError where the text is none of this language."""
        return frozenset(_names(self._tree))

    def holds(self, rows: pa.Table, settings: Mapping[str, Setting]) -> pa.Array:
        """Return, a row each, whether the condition holds: true or false, unknown being false.

        `rows` has a column a field; names that are no column are looked up in `settings`.
        """
        if not rows.num_rows:
            return pa.array([], pa.bool_())
        value = _Evaluation(rows, settings).of(self._tree)
        if isinstance(value, pa.Scalar):
            return pa.repeat(pa.scalar(bool(value.as_py())), rows.num_rows)
        known = pc.fill_null(value, False)
        return known.combine_chunks() if isinstance(known, pa.ChunkedArray) else known

    def check(self, columns: pa.Schema, *, condition: bool = True) -> None:
        """Work the expression out over no rows at all. Raises ExpressionError where its types do not fit."""
        unknown: dict[str, Setting | None] = dict.fromkeys(self.names - set(columns.names))
        try:
            value = _Evaluation(columns.empty_table(), unknown).of(self._tree)
        except (pa.ArrowException, TypeError) as error:
            raise ExpressionError(self.text) from error
        if condition and not (pa.types.is_boolean(value.type) or pa.types.is_null(value.type)):
            raise ExpressionError(self.text)

    def value(self, rows: pa.Table, settings: Mapping[str, Setting]) -> pa.Array:
        """Return what the expression comes to, a row each; null where something it reads is blank."""
        value = _Evaluation(rows, settings).of(self._tree)
        if isinstance(value, pa.Scalar):
            return pa.repeat(value, rows.num_rows)
        return value.combine_chunks() if isinstance(value, pa.ChunkedArray) else value


def _names(node: ast.AST) -> set[str]:
    match node:
        case ast.Name() | ast.Attribute():
            return {_column(node)}
        case ast.Constant(value=bool() | int() | float() | str()):
            return set()
        case ast.BoolOp(values=parts):
            return set().union(*map(_names, parts))
        case ast.UnaryOp(op=ast.Not() | ast.USub(), operand=operand):
            return _names(operand)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _ARITHMETIC:
            return _names(left) | _names(right)
        case ast.Compare(left=left, ops=ops, comparators=others):
            return _names(left).union(*map(_names, _compared_with(node, ops, others)))
        case ast.Call(func=ast.Name(id="days"), args=[first, last], keywords=[]):
            return _names(first) | _names(last)
        case ast.Call(func=ast.Name(id=name), args=[field, *others], keywords=[]) if _is_asked(name, others):
            return {_column(field)}
    raise ExpressionError(ast.unparse(node))


def _column(node: ast.expr | ast.Attribute) -> str:
    """Return the name of a field, or `form.field`."""
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=ast.Name(id=form), attr=name) if not name.startswith("__"):
            return f"{form}.{name}"
    raise ExpressionError(ast.unparse(node))


def _compared_with(node: ast.AST, ops: Sequence[ast.cmpop], others: Sequence[ast.expr]) -> Sequence[ast.expr]:
    """Return what a comparison reads on its right: of `in` a list of words, which names nothing."""
    if all(type(op) in _COMPARE for op in ops):
        return others
    if len(ops) == 1 and isinstance(ops[0], ast.In | ast.NotIn) and _are_words(others[0]):
        return ()
    raise ExpressionError(ast.unparse(node))


def _is_asked(function: str, others: Sequence[ast.expr]) -> bool:
    """Whether a function may be asked of a field with these arguments beside it: given(a), blank(a), has(a, 'x', 'y')."""
    return bool(others) and _are_texts(others) if function == "has" else function in ("given", "blank") and not others


def _are_words(node: ast.expr) -> bool:
    """Whether a node is a list of constants, all texts or all numbers: what `in` looks into."""
    if not isinstance(node, ast.Tuple | ast.List) or not node.elts:
        return False
    return _are_texts(node.elts) or all(isinstance(e, ast.Constant) and type(e.value) in (int, float) for e in node.elts)


def _are_texts(nodes: Sequence[ast.expr]) -> bool:
    return all(isinstance(n, ast.Constant) and isinstance(n.value, str) for n in nodes)


class _Evaluation:
    """One reading of an expression over one table."""

    def __init__(self, rows: pa.Table, settings: Mapping[str, Setting | None]) -> None:
        self._rows = rows
        self._settings = settings

    def of(self, node: ast.expr) -> Value:
        match node:
            case ast.Name(id=name):
                return self._named(name)
            case ast.Attribute():
                return self._named(ast.unparse(node))
            case ast.Constant(value=value):
                return pa.scalar(value)
            case ast.BoolOp(op=op, values=parts):
                return self._joined("and_kleene" if isinstance(op, ast.And) else "or_kleene", parts)
            case ast.UnaryOp(op=op, operand=operand):
                return (pc.invert if isinstance(op, ast.Not) else pc.negate)(self.of(operand))
            case ast.BinOp(left=left, op=op, right=right):
                return self._binary(_ARITHMETIC[type(op)], self.of(left), self.of(right))
            case ast.Compare(left=left, ops=ops, comparators=others):
                return self._compared(left, ops, others)
            case ast.Call(func=ast.Name(id=name), args=args):
                return self._called(name, args)
        raise ExpressionError(ast.unparse(node))

    def _named(self, name: str) -> Value:
        if name in self._rows.column_names:
            return self._rows.column(name)
        if name in self._settings:
            return pa.scalar(self._settings[name])
        raise ExpressionError(name)

    def _joined(self, function: str, parts: list[ast.expr]) -> Value:
        value = self.of(parts[0])
        for part in parts[1:]:
            value = pc.call_function(function, [value, self.of(part)])
        return value

    def _compared(self, left: ast.expr, ops: list[ast.cmpop], others: list[ast.expr]) -> Value:
        result: Value = None
        value = self.of(left)
        for op, other in zip(ops, others, strict=True):
            one = self._member(value, op, other) if isinstance(op, ast.In | ast.NotIn) else None
            if one is None:
                right = self.of(other)
                one, value = self._binary(_COMPARE[type(op)], value, right), right
            result = one if result is None else pc.and_kleene(result, one)
        return result

    @staticmethod
    def _binary(function: str, left: Value, right: Value) -> Value:
        if pa.types.is_date(left.type) and pa.types.is_string(right.type):
            right = pc.cast(right, left.type)
        elif pa.types.is_date(right.type) and pa.types.is_string(left.type):
            left = pc.cast(left, right.type)
        if function == "divide":  # a share, of whole numbers too; of nothing it is unknown
            left, right = pc.cast(left, pa.float64()), pc.cast(right, pa.float64())
            right = pc.if_else(pc.equal(right, 0.0), pa.scalar(None, pa.float64()), right)
        return pc.call_function(function, [left, right])

    @staticmethod
    def _member(value: Value, op: ast.cmpop, other: ast.expr) -> Value:
        if not isinstance(other, ast.Tuple | ast.List):
            raise ExpressionError(ast.unparse(other))
        known = pa.array([ast.literal_eval(e) for e in other.elts])
        inside = pc.if_else(pc.is_valid(value), pc.is_in(value, value_set=known), pa.scalar(None, pa.bool_()))
        return pc.invert(inside) if isinstance(op, ast.NotIn) else inside

    def _called(self, name: str, args: list[ast.expr]) -> Value:
        functions: Mapping[str, Callable[..., Value]] = {"given": pc.is_valid, "blank": pc.is_null}
        if name in functions:
            return functions[name](self.of(args[0]))
        if name == "days":
            return pc.days_between(*(pc.cast(self.of(a), pa.date32()) for a in args))
        padded = pc.binary_join_element_wise("", self.of(args[0]), "", SEPARATOR)
        found: Value = None
        for arg in args[1:]:
            one = pc.match_substring(padded, f"{SEPARATOR}{ast.literal_eval(arg)}{SEPARATOR}")
            found = one if found is None else pc.or_kleene(found, one)
        return found
