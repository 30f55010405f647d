"""Patterns worth a look: answers that are all right one by one, and together are not likely.

They are remarks for the office and cost no row. Each speaks of a class or unit, never of a person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from jianbao.forms import FieldSpec, FormSet, FormSpec, Kind, Role, Subject
from jianbao.forms.patterns import Copied, Falls, Jump, OneValue, SameMinute
from jianbao.messages import _
from jianbao.validation import CLASS, COLUMN, FILE, SHEET, UNIT, Checked
from jianbao.values import Code, Figure, FindingBlock, Severity

Earlier = Callable[[Sequence[str]], Iterator[pa.Table]]
"""Gives a form's accepted rows of the days before, newest first, with the columns asked for; read as they are taken."""

Numbers = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

_MOST: Final = 0.9
"""The share of a class that must be copied: somebody new, or one answer mended, does not hide the others."""

_MINUTE: Final = 60_000

CODES: Final = (Code.COPIED_ANSWERS, Code.ONE_VALUE, Code.SAME_MINUTE, Code.FELL_SILENTLY, Code.UNUSUAL_JUMP)


class Remark(NamedTuple):
    """A pattern, and the unit in whose reports it is."""

    unit: str
    block: FindingBlock


def form_patterns(checked: Checked, earlier: Earlier) -> Iterator[Remark]:
    """Yield the patterns in a daily form's rows of a day."""
    form, asked = checked.form, checked.form.patterns
    if form.kind is not Kind.DAILY or not checked.accepted.num_rows:
        return
    if form.subject is Subject.PERSON:
        groups = _Groups(checked)
        if asked.one_value:
            yield from _one_value(groups, asked.one_value)
        if asked.same_minute:
            yield from _same_minute(groups, asked.same_minute)
        if asked.copied:
            yield from _copied(groups, asked.copied, earlier)
    if asked.falls and asked.falls.fields:
        yield from _fallen(checked, asked.falls, earlier)
    if asked.jump and form.subject is Subject.UNIT:
        yield from _jumped(checked, asked.jump, earlier)


@dataclass(frozen=True)
class _Groups:
    """The rows of a day by class, or by unit where there are no classes."""

    checked: Checked

    @property
    def rows(self) -> pa.Table:
        """The accepted rows."""
        return self.checked.accepted

    @cached_property
    def _names(self) -> pa.DictionaryArray:
        columns = (pc.fill_null(self.rows.column(n).combine_chunks().cast(pa.string()), "") for n in (UNIT, CLASS))
        return pc.binary_join_element_wise(*columns, " ").dictionary_encode()

    @cached_property
    def order(self) -> npt.NDArray[np.int64]:
        """The rows, those of a group together."""
        order: npt.NDArray[np.int64] = np.argsort(self._names.indices.to_numpy(), kind="stable")
        return order

    @cached_property
    def starts(self) -> npt.NDArray[np.int64]:
        """Where in that order each group begins."""
        codes = self._names.indices.to_numpy()[self.order]
        return np.flatnonzero(np.r_[True, codes[1:] != codes[:-1]])

    @cached_property
    def sizes(self) -> npt.NDArray[np.int64]:
        """How many rows each group has."""
        sizes: npt.NDArray[np.int64] = np.diff(np.r_[self.starts, len(self.order)])
        return sizes

    @cached_property
    def fields(self) -> tuple[FieldSpec, ...]:
        """What is measured, and so is not likely to be the same for all: numbers that are no counts."""
        return tuple(f for f in self.checked.form.fields if f.type == "number" and f.measured)

    def numbers(self, field: str) -> Numbers:
        """Return a column's numbers, group by group; a blank is no number."""
        return _numbers(self.rows.column(field))[self.order]

    def equal(self, values: Numbers, least: int) -> list[int]:
        """Return the groups, of `least` or more, whose values are all one number."""
        low, high = np.minimum.reduceat(values, self.starts), np.maximum.reduceat(values, self.starts)
        return np.flatnonzero((low == high) & (self.sizes >= least)).tolist()

    def block(self, group: int, code: str, *, title: str, field: str | None, found: str, expected: str) -> Remark:
        """Return the remark about a group, on the sheet in which its first row stands."""
        row = int(self.order[self.starts[group]])
        place = {n: self.rows.column(n)[row].as_py() for n in (FILE, SHEET)}
        named = str(self._names[row].as_py()).strip() or _("（单位不明）")
        block = FindingBlock(
            code, Severity.WARNING, place[FILE], place[SHEET], field=field, title=title, found=found, expected=expected, note=named
        )
        return Remark(self.rows.column(UNIT)[row].as_py() or "", block)


def _numbers(column: pa.ChunkedArray) -> Numbers:
    values: Numbers = column.combine_chunks().cast(pa.float64()).to_numpy(zero_copy_only=False)
    return values


def _one_value(groups: _Groups, asked: OneValue) -> Iterator[Remark]:
    for field in groups.fields:
        values = groups.numbers(field.name)
        for group in groups.equal(values, asked.least):
            said = f"{values[groups.starts[group]]:g}"
            size = str(groups.sizes[group])
            yield groups.block(group, Code.ONE_VALUE, title=field.title, field=field.name, found=said, expected=size)


def _same_minute(groups: _Groups, asked: SameMinute) -> Iterator[Remark]:
    spec = groups.checked.form.role(Role.SUBMITTED)
    if spec is None or groups.rows.column(spec.name).null_count == groups.rows.num_rows:
        return
    moments = groups.rows.column(spec.name).combine_chunks()
    minutes = np.floor(_numbers(pa.chunked_array([moments.cast(pa.int64())])) / _MINUTE)[groups.order]
    for group in groups.equal(minutes, asked.least):
        said = moments[int(groups.order[groups.starts[group]])].as_py().strftime("%H:%M")
        size = str(groups.sizes[group])
        yield groups.block(group, Code.SAME_MINUTE, title=spec.title, field=spec.name, found=said, expected=size)


def _copied(groups: _Groups, asked: Copied, earlier: Earlier) -> Iterator[Remark]:
    """Yield the groups whose numbers are, person by person, those of each of the days before.

    The days before are read one by one, and no further than some group is still the same.
    """
    large = groups.sizes >= asked.least
    if not groups.fields or not large.any():
        return
    key = groups.checked.form.identifier.name
    people = groups.rows.column(key).combine_chunks()
    same: Mask = np.ones(len(groups.order), np.bool_)
    looked = 1
    for before in earlier([key, *(f.name for f in groups.fields)]):
        same &= _as_before(groups, people, before, key)
        large &= np.add.reduceat(same.astype(np.int64), groups.starts) >= _MOST * groups.sizes
        looked += 1
        if looked == asked.days or not large.any():
            break
    if looked < asked.days:
        return
    titles = "、".join(f.title for f in groups.fields)
    for group in np.flatnonzero(large).tolist():
        end = groups.starts[group] + groups.sizes[group]
        found = f"{int(same[groups.starts[group] : end].sum())}/{groups.sizes[group]}"
        yield groups.block(group, Code.COPIED_ANSWERS, title=titles, field=groups.fields[0].name, found=found, expected=str(asked.days))


def _as_before(groups: _Groups, people: pa.Array, before: pa.Table, key: str) -> Mask:
    """Return, group by group, whose numbers are those of an earlier day; who measured nothing has copied nothing."""
    at = pc.index_in(people, value_set=before.column(key).combine_chunks())
    same: Mask = np.ones(len(people), np.bool_)
    for field in groups.fields:
        was = before.column(field.name).combine_chunks().take(at) if field.name in before.column_names else pa.nulls(len(people))
        same &= groups.numbers(field.name) == _numbers(pa.chunked_array([was]))[groups.order]
    return same


def _fallen(checked: Checked, asked: Falls, earlier: Earlier) -> Iterator[Remark]:
    """Yield the rows in which a number that can only rise is lower than when it was last reported."""
    key = checked.form.identifier.name
    before = next(earlier([key, *asked.fields]), None)
    if before is None:
        return
    rows = checked.accepted
    at = pc.index_in(rows.column(key).combine_chunks(), value_set=before.column(key).combine_chunks())
    for name in (n for n in asked.fields if n in before.column_names):
        was, now = _numbers(pa.chunked_array([before.column(name).combine_chunks().take(at)])), _numbers(rows.column(name))
        for row in np.flatnonzero(now < was).tolist():
            yield _at(checked, row, Code.FELL_SILENTLY, name, f"{now[row]:g}", f"{was[row]:g}")


def _jumped(checked: Checked, asked: Jump, earlier: Earlier) -> Iterator[Remark]:
    """Yield the counts of units that lie outside what is usual for that unit.

    Only where something moved since the day before are the other days read.
    """
    form, rows = checked.form, checked.accepted
    key = form.identifier.name
    fields = [f.name for f in form.fields if f.type in ("integer", "number") and f.measured and f.role is None]
    people = rows.column(key).combine_chunks()
    past: dict[str, list[Numbers]] = {name: [] for name in fields}
    now = {name: _numbers(rows.column(name)) for name in fields}
    for looked, before in enumerate(earlier([key, *fields]), 1):
        at = pc.index_in(people, value_set=before.column(key).combine_chunks())
        for name in (n for n in fields if n in before.column_names):
            past[name].append(_numbers(pa.chunked_array([before.column(name).combine_chunks().take(at)])))
        moved = any((np.abs(now[name] - past[name][0]) > asked.by).any() for name in fields if past[name])
        if looked == asked.days or not moved:
            break
    for name in fields:
        for row in range(rows.num_rows) if len(past[name]) >= asked.least else ():
            if usual := _outside(float(now[name][row]), [float(p[row]) for p in past[name]], asked):
                yield _at(checked, row, Code.UNUSUAL_JUMP, name, f"{now[name][row]:g}", usual)


def _outside(value: float, past: Sequence[float], asked: Jump) -> str | None:
    """Return the usual range, in words, where a value lies outside it by more than its width; None where it is usual."""
    known = [p for p in past if not np.isnan(p)]
    if len(known) < asked.least or np.isnan(value):
        return None
    low, high = min(known), max(known)
    room = max(high - low, asked.by)
    return _("{low:g} 到 {high:g}").format(low=low, high=high) if value > high + room or value < low - room else None


def _at(checked: Checked, row: int, code: str, field: str, found: str, expected: str) -> Remark:
    place: Mapping[str, Any] = {n: checked.accepted.column(n)[row].as_py() for n in (FILE, SHEET, "_row", COLUMN)}
    block = FindingBlock(
        code, Severity.WARNING, place[FILE], place[SHEET], field=field, title=checked.form.by_name[field].title,
        rows=np.array([place["_row"]], np.int32), columns=place[COLUMN], found=found, expected=expected,
    )  # fmt: skip
    return Remark(checked.accepted.column(UNIT)[row].as_py() or "", block)


def figure_patterns(forms: FormSet, figures: Sequence[Figure], past: Sequence[Mapping[str, float | None]]) -> Iterator[FindingBlock]:
    """Yield the school's figures that lie outside what is usual for them. `past` are those of the days before, newest first."""
    for figure in figures:
        declared: FormSpec | None = forms.get(figure.form)
        asked = declared.patterns.jump if declared and declared.kind is Kind.DAILY else None
        if asked is None or figure.value is None:
            continue
        before = [v for day in past[: asked.days] if (v := day.get(figure.name)) is not None]
        if usual := _outside(figure.value, before, asked):
            yield FindingBlock(
                Code.UNUSUAL_JUMP, Severity.WARNING, _("（汇总）"), field=figure.name, title=figure.title, found=f"{figure.value:g}",
                expected=usual,
            )  # fmt: skip
