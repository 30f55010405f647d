"""Whole columns at once: cells already written as they should be are settled without looking at each.

Most columns repeat few words, and a `FieldReader` remembers those. Numbers of persons, names, free text and times
of submission are different in every row; for them a pattern tells, in one pass over the column, which cells need
no reading.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from jianbao.forms import ARROW_TYPES, FieldSpec, Privacy, Role
from jianbao.reading.cells import FieldReader
from jianbao.sources import Cell
from jianbao.sources.workbook import spoken

Mask = npt.NDArray[np.bool_]

_NUMBERS: Final = r"^(?:[0-9]+|[A-Z]+[0-9][0-9A-Z]*)$"
_NAMES: Final = r"^[\x{3400}-\x{4DBF}\x{4E00}-\x{9FFF}·]+$"
"""Characters that are their own normal form (NFKC); Unicode's compatibility ideographs are not."""

_PLAIN_TEXT: Final = r"(?s)^[\p{L}\p{N}].{5,}[\p{L}\p{N}\p{P}]$"
"""Too long to be a word that stands for nothing, and without white space at its ends."""

_ODD_TEXT: Final = r"^[EＥ][rｒ]{2}[:：]"
_MOMENT: Final = (
    r"^(?:[12][0-9]{3}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))"
    r"|20(?:[02468][048]|[13579][26])-02-29) (?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9])?$"
)
"""A moment that there was, every number in two digits."""


@dataclass(frozen=True, slots=True)
class ReadColumn:
    """A column's values, and which of its cells are a problem (None where none is)."""

    values: pa.Array
    wrong: Mask | None


def read_column(reader: FieldReader, cells: Sequence[Cell]) -> ReadColumn:
    """Read a column's cells with a field's reader."""
    kinds = set(map(type, cells))
    if bool in kinds:  # True == 1.0 would share its entry
        cells = [spoken(c) if isinstance(c, bool) else c for c in cells]
        kinds.discard(bool)
        kinds.add(str)
    settled = _settled(reader.spec, cells, only_text=kinds <= {str})
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


def canonical_cells(spec: FieldSpec, cells: Sequence[Cell]) -> Mask:
    """Return which cells of a column are written just as their field's values are kept."""
    settled = _settled(spec, cells, only_text=set(map(type, cells)) <= {str})
    return np.zeros(len(cells), np.bool_) if settled is None else settled[1]


def _looked_up(reader: FieldReader, cells: Sequence[Cell]) -> ReadColumn:
    """Read each different cell once, and look the others up."""
    different = dict(zip(dict.fromkeys(cells), range(len(cells)), strict=False))
    at = np.fromiter(map(different.__getitem__, cells), np.int32, len(cells))
    values = pa.array(map(reader.__getitem__, different), ARROW_TYPES[reader.spec.type], size=len(different))
    wrong = None
    if reader.problems:
        wrong = np.fromiter(map(reader.problems.__contains__, different), np.bool_, len(different))[at]
    return ReadColumn(values.take(pa.array(at)), wrong if wrong is not None and wrong.any() else None)


def _settled(spec: FieldSpec, cells: Sequence[Cell], *, only_text: bool) -> tuple[pa.Array, Mask] | None:
    """Return a column as values, and which of its cells are right as they stand; None for a field this knows nothing of."""
    if not _knows(spec):
        return None
    text = pa.array(cells if only_text else [c if isinstance(c, str) else "" for c in cells], pa.string())
    if spec.type == "datetime":
        values = _moments(text)
        return values, values.is_valid().to_numpy(zero_copy_only=False)
    if spec.privacy in (Privacy.IDENTIFIER, Privacy.PHONE, Privacy.IDENTITY):
        right = pc.match_substring_regex(text, _NUMBERS)
    elif spec.role in (Role.NAME, Role.REPORTER):
        right = pc.match_substring_regex(text, _NAMES)
    else:
        right = pc.and_not(pc.match_substring_regex(text, _PLAIN_TEXT), pc.match_substring_regex(text, _ODD_TEXT))
    if spec.max_length is not None:
        right = pc.and_(right, pc.less_equal(pc.utf8_length(text), spec.max_length))
    if spec.missing_values:
        right = pc.and_not(right, pc.is_in(text, value_set=pa.array(sorted(spec.missing_values), pa.string())))
    return text, right.to_numpy(zero_copy_only=False)


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
