"""What a part of the rows adds to a figure: parts counted one by one, or by several machines, come to the very figure of the whole.

Counts are whole numbers, different ones are told by their names, and sums are exact until they are stated, so that it makes
no difference, not in the last digit, how the rows are parted and in which order the parts are added.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from jianbao.forms import FormSpec, IndicatorSpec, Subject
from jianbao.forms.derived import ROWS
from jianbao.forms.expression import Setting
from jianbao.validation import Registers

Total = int | Fraction | float
"""A sum that is not rounded yet; a float only where an infinite number is among what was added."""

_MANTISSA: Final = 53
_HALF: Final = 27


@dataclass(frozen=True, slots=True)
class Question:
    """What a figure asks of rows: everything that counting them needs, so that it can be asked on another machine.

    `subject` is the column that says whom a row is about, `each_row` whether every row is an answer of its own, and
    `left_out` are the units that state for themselves and are added to no sum.
    """

    indicator: IndicatorSpec
    subject: str
    each_row: bool
    left_out: tuple[str, ...] = ()

    @classmethod
    def of(cls, form: FormSpec, indicator: IndicatorSpec, registers: Registers) -> Question:
        """Return what a form's figure asks."""
        summed = form.subject is Subject.UNIT and indicator.measure == "sum" and indicator.source == ROWS
        each_row = indicator.source != ROWS or form.subject is Subject.EVENT
        return cls(indicator, form.identifier.name, each_row, tuple(sorted(registers.units.parents)) if summed else ())

    @property
    def by_subject(self) -> bool:
        """Whether what is counted is how many different persons, places or units there are, on one day."""
        asked = self.indicator
        return asked.distinct and asked.of == self.subject and asked.window == "day"

    def columns(self, *, once: bool) -> frozenset[str]:
        """Return the columns that are read; where everybody stands in one row only, nobody's name is needed."""
        asked = self.indicator
        named = {n for e in (asked.where, asked.among) if e for n in e.names} | asked.reads
        counted = {asked.of} if asked.of and not (once and self.by_subject) else set()
        told_apart = self.left_out or not (once or self.each_row)
        return frozenset(named | counted | ({self.subject} if told_apart else set()))


@dataclass(frozen=True, slots=True)
class Distinct:
    """How many different ones there are: `known` that stand in no other part, and those `seen`, who may.

    With `apart` nobody is among the seen twice.
    """

    known: int = 0
    seen: tuple[pa.Array, ...] = ()
    apart: bool = False

    def __add__(self, other: Distinct) -> Distinct:
        apart = (self.apart or not self.seen) if not other.seen else other.apart and not self.seen
        return Distinct(self.known + other.known, self.seen + other.seen, apart)

    @property
    def total(self) -> int:
        """How many, each counted once."""
        if self.apart or not self.seen:
            return self.known + sum(map(len, self.seen))
        return self.known + int(pc.count_distinct(pa.chunked_array(self.seen)).as_py())

    def packed(self) -> Distinct:
        """Return the same with each of those seen once: what is worth keeping, or sending."""
        if self.apart or not self.seen:
            return self
        return Distinct(self.known, (pc.unique(pa.chunked_array(self.seen)),), apart=True)

    def closed(self) -> Distinct:
        """Return the same where no part that is still to come can hold any of them."""
        return Distinct(self.total)


@dataclass(frozen=True, slots=True)
class Partial:
    """What some rows come to. Partials of the same question are added; the sum of all is the figure.

    `rows` are those that are the figure's business, `hits` those (or those values) it counts, `values` the different ones,
    `answered` who has answered all that the figure reads.
    """

    rows: int = 0
    hits: int = 0
    values: Distinct = field(default_factory=Distinct)
    total: Total = 0
    least: Any = None
    most: Any = None
    answered: Distinct = field(default_factory=Distinct)

    def __add__(self, other: Partial) -> Partial:
        return Partial(
            self.rows + other.rows, self.hits + other.hits, self.values + other.values, self.total + other.total,
            _chosen(min, self.least, other.least), _chosen(max, self.most, other.most), self.answered + other.answered,
        )  # fmt: skip

    def packed(self) -> Partial:
        """Return the same in as little room as it takes."""
        return replace(self, values=self.values.packed(), answered=self.answered.packed())

    def closed(self) -> Partial:
        """Return the same of a day that is over: who answered on it is a number from now on, what is counted once may come again."""
        return replace(self.packed(), answered=self.answered.closed())

    def value(self, indicator: IndicatorSpec) -> int | float | None:
        """Return what the figure comes to; None where there is nothing to take a sum, a mean or an extreme of."""
        if indicator.measure == "count":
            return self.values.total if indicator.distinct and indicator.of else self.hits
        if not self.hits:
            return None
        if indicator.measure == "sum":
            return _stated(self.total)
        if indicator.measure == "mean":
            return float(self.total / self.hits if isinstance(self.total, float) else Fraction(self.total) / self.hits)
        return self.most if indicator.measure == "max" else self.least  # type: ignore[no-any-return]  # Arrow's own value


def count_part(question: Question, rows: pa.Table, settings: Mapping[str, Setting], *, once: bool = False) -> Partial:
    """Return what some of a day's rows come to.

    With `once` everybody stands in one row only of the whole day, so that to count rows is to count persons.
    """
    asked = question.indicator
    if asked.among:
        rows = rows.filter(asked.among.holds(rows, settings))
    hit = _hit(question, rows, settings)
    answered = _answered(question, rows, once=once)
    hits = rows.num_rows if hit is None else int(pc.sum(hit).as_py() or 0)
    if asked.of is None or (once and question.by_subject):
        values = Distinct(hits) if asked.of else Distinct()
        return Partial(rows.num_rows, hits, values, answered=answered)
    column = _plain(rows.column(asked.of) if hit is None else rows.column(asked.of).filter(hit)).drop_null()
    base = Partial(rows.num_rows, len(column), answered=answered)
    if asked.measure == "count":
        return replace(base, values=Distinct(seen=tuple(column.chunks))) if asked.distinct else base
    if asked.measure in ("sum", "mean"):
        return replace(base, total=exact_sum(column))
    extremes = pc.min_max(column).as_py()
    return replace(base, least=extremes["min"], most=extremes["max"])


def added(partials: Iterable[Partial]) -> Partial:
    """Return what some partials come to together."""
    return sum(partials, Partial())


def exact_sum(numbers: pa.ChunkedArray) -> Total:
    """Return the sum of numbers, not rounded: what a float stands for is a whole number times a power of two."""
    if not pa.types.is_floating(numbers.type):
        return int(pc.sum(numbers).as_py() or 0)
    values: npt.NDArray[np.float64] = numbers.cast(pa.float64()).to_numpy()
    if not np.isfinite(values).all():
        return float(values.sum())
    mantissas, exponents = np.frexp(values)
    whole = np.ldexp(mantissas, _MANTISSA).astype(np.int64)
    total = Fraction(0)
    for exponent in np.unique(exponents).tolist():
        some = whole[exponents == exponent]
        high, low = int((some >> _HALF).sum()), int((some & ((1 << _HALF) - 1)).sum())  # halves, so that no sum overflows
        total += Fraction((high << _HALF) + low) * Fraction(2) ** (exponent - _MANTISSA)
    return total


def _hit(question: Question, rows: pa.Table, settings: Mapping[str, Setting]) -> pa.Array | None:
    """Return which rows are counted; None where all are."""
    where = question.indicator.where
    hit = where.holds(rows, settings) if where else None
    if not question.left_out:
        return hit
    stated = pc.is_in(_plain(rows.column(question.subject)), value_set=pa.array(question.left_out, pa.string()))
    others = pc.invert(stated)
    return others if hit is None else pc.and_(hit, others)


def _answered(question: Question, rows: pa.Table, *, once: bool) -> Distinct:
    """Return who has answered everything the figure reads; of a log of events, how many lines do."""
    valid = None
    for name in sorted(question.indicator.reads):
        if rows.column(name).null_count:
            one = pc.is_valid(rows.column(name))
            valid = one if valid is None else pc.and_(valid, one)
    if question.each_row or once:
        return Distinct(rows.num_rows if valid is None else int(pc.sum(valid).as_py() or 0))
    subjects = _plain(rows.column(question.subject))
    return Distinct(seen=tuple((subjects if valid is None else subjects.filter(valid)).drop_null().chunks))


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return a column with words in place of codes: the codes of each part are its own."""
    return column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column


def _chosen(choose: Any, one: Any, other: Any) -> Any:
    return choose(one, other) if one is not None and other is not None else one if other is None else other


def _stated(total: Total) -> int | float:
    return float(total) if isinstance(total, Fraction) else total
