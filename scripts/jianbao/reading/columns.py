"""Whole columns at once: cells already written as they should be are settled without looking at each.

Most columns repeat few words, and a `FieldReader` remembers those. Numbers of persons, names, free text and times
of submission are different in every row; for them a pattern tells, in one pass over the column, which cells need
no reading.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from jianbao.forms import ARROW_TYPES, FieldSpec, Privacy, Role
from jianbao.reading.cells import FieldReader
from jianbao.sources import Cell
from jianbao.sources.grid import CodedColumn
from jianbao.sources.workbook import spoken

_FEW: Final = 64
"""So few different cells are read one by one, sooner than looked at together."""

Mask = npt.NDArray[np.bool_]

_BETWEEN: Final = "\0"
"""Parts the cells of a column joined into one text. No workbook and no CSV holds it (XML 1.0, 2.2)."""


def _other_than(pattern: str) -> re.Pattern[str]:
    """Return what finds, in a joined column, the beginnings of the cells that are not wholly of a pattern."""
    return re.compile(f"{_BETWEEN}(?!(?:{pattern})(?:{_BETWEEN}|\\Z))")


_NUMBERS: Final = _other_than("[0-9]+|[A-Z]+[0-9][0-9A-Z]*")
_NAMES: Final = _other_than(r"[\u3400-\u4dbf\u4e00-\u9fff·]+")
"""Characters that are their own normal form (NFKC); Unicode's compatibility ideographs are not."""

_WORDS: Final = _other_than(rf"(?![EＥ][rｒ]{{2}}[:：])[^\W_][^{_BETWEEN}]{{5,}}[^\s{_BETWEEN}]")
"""Too long to stand for nothing, without white space at the ends, and no error of a formula."""

_MOMENT: Final = (
    r"^(?:[12][0-9]{3}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))"
    r"|20(?:[02468][048]|[13579][26])-02-29) (?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9])?$"
)
"""A moment that there was, every number in two digits (RE2)."""


@dataclass(frozen=True, slots=True)
class ReadColumn:
    """A column's values, and which of its cells are a problem (None where none is)."""

    values: pa.Array
    wrong: Mask | None


def joined(columns: Sequence[Sequence[Cell]]) -> Sequence[Cell]:
    """Return several columns of one workbook as one."""
    if len(columns) == 1:
        return columns[0]
    coded = [c for c in columns if isinstance(c, CodedColumn)]
    if len(coded) == len(columns) and all(c.words is coded[0].words for c in coded):
        return CodedColumn(coded[0].words, np.concatenate([c.codes for c in coded]))
    return list(chain.from_iterable(columns))


def read_column(reader: FieldReader, cells: Sequence[Cell]) -> ReadColumn:
    """Read a column's cells with a field's reader."""
    if isinstance(cells, CodedColumn):
        different, at = cells.different()
        read = read_column(reader, different) if len(different) > _FEW else _each(reader, _in_words(different))
        return ReadColumn(read.values.take(pa.array(at)), None if read.wrong is None else read.wrong[at])
    cells = _in_words(cells)
    settled = _settled(reader.spec, cells, only_text=set(map(type, cells)) <= {str})
    if settled is None:
        return _looked_up(reader, cells)
    plain, canonical = settled
    if canonical.all():
        return ReadColumn(plain, None)
    if np.count_nonzero(canonical) * 2 < len(cells):  # mostly blank: a look-up each is cheaper than putting together
        return _looked_up(reader, cells)
    places = np.flatnonzero(~canonical)
    odd = _looked_up(reader, [cells[i] for i in places.tolist()])
    values = pc.replace_with_mask(plain, pa.array(~canonical), odd.values)
    if odd.wrong is None:
        return ReadColumn(values, None)
    wrong = np.zeros(len(cells), np.bool_)
    wrong[places[odd.wrong]] = True
    return ReadColumn(values, wrong)


def _in_words(cells: Sequence[Cell]) -> Sequence[Cell]:
    """Return cells with truth values as they are spoken: True == 1.0 would share its entry in a reader."""
    return [spoken(c) if isinstance(c, bool) else c for c in cells] if bool in set(map(type, cells)) else cells


def canonical_cells(spec: FieldSpec, cells: Sequence[Cell]) -> Mask:
    """Return which cells of a column are written just as their field's values are kept."""
    if isinstance(cells, CodedColumn):
        different, at = cells.different()
        return canonical_cells(spec, different)[at]
    settled = _settled(spec, cells, only_text=set(map(type, cells)) <= {str})
    return np.zeros(len(cells), np.bool_) if settled is None else settled[1]


def _looked_up(reader: FieldReader, cells: Sequence[Cell]) -> ReadColumn:
    """Read each different cell once, and look the others up."""
    different = dict(zip(dict.fromkeys(cells), range(len(cells)), strict=False))
    at = np.fromiter(map(different.__getitem__, cells), np.int32, len(cells))
    read = _each(reader, list(different))
    return ReadColumn(read.values.take(pa.array(at)), None if read.wrong is None else read.wrong[at])


def _each(reader: FieldReader, cells: Sequence[Cell]) -> ReadColumn:
    """Read cells one by one."""
    values = pa.array(map(reader.__getitem__, cells), ARROW_TYPES[reader.spec.type], size=len(cells))
    if not reader.problems:
        return ReadColumn(values, None)
    wrong = np.fromiter(map(reader.problems.__contains__, cells), np.bool_, len(cells))
    return ReadColumn(values, wrong if wrong.any() else None)


def _settled(spec: FieldSpec, cells: Sequence[Cell], *, only_text: bool) -> tuple[pa.Array, Mask] | None:
    """Return a column as values, and which of its cells are right as they stand; None for a field this knows nothing of."""
    if not _knows(spec) or cells.count("") * 2 > len(cells):
        return None
    said: Sequence[str] = cells if only_text else [c if isinstance(c, str) else "" for c in cells]  # type: ignore[assignment]  # only_text
    text = pa.array(said, pa.string())
    if spec.type == "datetime":
        values = _moments(text)
        return values, values.is_valid().to_numpy(zero_copy_only=False)
    return text, _right(spec, said, text)


def _right(spec: FieldSpec, said: Sequence[str], text: pa.Array) -> Mask:
    """Return which cells of a column of text are kept just as they are written. `text` is `said` as an array."""
    right = np.ones(len(said), np.bool_)
    if spec.privacy in (Privacy.IDENTIFIER, Privacy.PHONE, Privacy.IDENTITY):
        pattern = _NUMBERS
    else:
        pattern = _NAMES if spec.role in (Role.NAME, Role.REPORTER) else _WORDS
    joined = _BETWEEN + _BETWEEN.join(said)
    ends = np.cumsum(np.fromiter(map(len, said), np.int64, len(said)) + 1)
    if len(said) and joined.count(_BETWEEN) != len(said):
        return ~right
    odd = [found.start() for found in pattern.finditer(joined)] if len(said) else []
    right[np.searchsorted(ends, odd, side="right")] = False
    if spec.max_length is not None:
        right &= np.diff(ends, prepend=0) - 1 <= spec.max_length
    if missing := spec.missing_values - {""}:  # a blank is of no pattern
        right &= ~pc.is_in(text, value_set=pa.array(sorted(missing), pa.string())).to_numpy(zero_copy_only=False)
    return right


def _moments(text: pa.Array) -> pa.Array:
    """Return the moments that texts such as 2020/2/6 9:05:30 state outright, null for all others."""
    text = pc.replace_substring(text, "/", "-")
    right = pc.match_substring_regex(text, _MOMENT)
    if right.true_count != len(right):
        text = pc.replace_substring_regex(text, r"\b([0-9])\b", r"0\1")
        right = pc.match_substring_regex(text, _MOMENT)
    return pc.cast(pc.if_else(right, text, pa.scalar(None, pa.string())), ARROW_TYPES["datetime"])


def _knows(spec: FieldSpec) -> bool:
    """Whether a field's cells are mostly different, and a pattern can tell which of them need no reading."""
    if spec.type != "string" or spec.codes or spec.enum or spec.pattern:
        return spec.type == "datetime"
    return spec.role in (None, Role.NOTE, Role.NAME, Role.REPORTER)
