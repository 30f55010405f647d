"""Whole columns at once: cells already written as they should be are settled without looking at each.

Most columns repeat few words, and a `FieldReader` remembers those. Numbers of persons, names, free text and times
of submission are different in every row; for them a pattern tells, in one pass over the column, which cells need
no reading.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from jianbao.forms import FieldSpec, Privacy, Role
from jianbao.reading.cells import FieldReader
from jianbao.sources import Cell
from jianbao.sources.workbook import spoken

ARROW_TYPES: Final[Mapping[str, pa.DataType]] = {
    "string": pa.string(),
    "number": pa.float64(),
    "integer": pa.int64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "datetime": pa.timestamp("ms"),
}

Mask = npt.NDArray[np.bool_]

_NUMBERS: Final = r"^(?:[0-9]+|[A-Z][0-9A-Z]*)$"
_NAMES: Final = r"^[\p{Han}·]+$"
_ODD_TEXT: Final = r"^(?:#|Err:|\s)|\s$|^$"
_MOMENT: Final = "%Y-%m-%d %H:%M:%S"


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
    settled = _settled(reader.spec, cells) if kinds == {str} else None
    if settled is None:
        values = pa.array(map(reader.__getitem__, cells), ARROW_TYPES[reader.spec.type], size=len(cells))
        return ReadColumn(values, _wrong(reader, cells, None))
    plain, canonical = settled
    if canonical.all():
        return ReadColumn(plain, None)
    rest = np.flatnonzero(~canonical)
    odd = [cells[i] for i in rest.tolist()]
    slow = pa.array(list(map(reader.__getitem__, odd)), plain.type)
    values = pc.replace_with_mask(plain, pa.array(~canonical), slow)
    return ReadColumn(values, _wrong(reader, odd, (len(cells), rest)))


def canonical_cells(spec: FieldSpec, cells: Sequence[Cell]) -> Mask:
    """Return which cells of a column are written just as their field's values are kept."""
    settled = _settled(spec, cells) if set(map(type, cells)) == {str} else None
    return np.zeros(len(cells), np.bool_) if settled is None else settled[1]


def _settled(spec: FieldSpec, cells: Sequence[Cell]) -> tuple[pa.Array, Mask] | None:
    """Return a column of text as values, and which of them are right; None for a field this knows nothing of."""
    if spec.type == "datetime":
        text = pc.replace_substring(pa.array(cells, pa.string()), "/", "-")
        values = pc.strptime(text, format=_MOMENT, unit="ms", error_is_null=True)
        return values, pc.is_valid(values).to_numpy(zero_copy_only=False)
    if spec.type != "string" or spec.codes or spec.enum or spec.pattern:
        return None
    text = pa.array(cells, pa.string())
    if spec.privacy in (Privacy.IDENTIFIER, Privacy.PHONE, Privacy.IDENTITY):
        right = pc.match_substring_regex(text, _NUMBERS)
    elif spec.role in (Role.NAME, Role.REPORTER):
        right = pc.match_substring_regex(text, _NAMES)
    elif spec.role is None or spec.role is Role.NOTE:
        right = pc.invert(pc.match_substring_regex(text, _ODD_TEXT))
    else:
        return None
    if spec.max_length is not None:
        right = pc.and_(right, pc.less_equal(pc.utf8_length(text), spec.max_length))
    if spec.missing_values:
        right = pc.and_not(right, pc.is_in(text, value_set=pa.array(sorted(spec.missing_values), pa.string())))
    return text, right.to_numpy(zero_copy_only=False)


def _wrong(reader: FieldReader, cells: Sequence[Cell], among: tuple[int, npt.NDArray[np.int64]] | None) -> Mask | None:
    """Return which cells of a column are a problem; `among` says of how many, and where, the cells are."""
    if not reader.problems:
        return None
    wrong = np.fromiter(map(reader.problems.__contains__, cells), np.bool_, len(cells))
    if not wrong.any():
        return None
    if among is None:
        return wrong
    size, places = among
    mask = np.zeros(size, np.bool_)
    mask[places[wrong]] = True
    return mask
