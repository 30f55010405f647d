"""How a sheet is laid out: which row is the header, which column answers what, for which form.

A header may stand under a title and notes, on one row or on two with merged heads, and may have a column a day.
Every row of the first thirty is tried against every form the sheet may belong to; the best fit is taken.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from typing import Final

from jianbao.forms import FieldSpec, FormSpec, Kind, Role
from jianbao.reading.days import MonthDay, parse_day
from jianbao.reading.words import BOOKKEEPING, header_keys, plain
from jianbao.sources import Cell, Grid
from jianbao.sources.workbook import blank, spoken

Day = date | MonthDay | int
"""A header's day; an int is a day of a month that something else names."""

_REMEMBERED: Final = 256
HEADER_WITHIN: Final = 30
"""A header stands among a sheet's first rows that hold anything."""


@dataclass(frozen=True, slots=True)
class Column:
    """What one column of a sheet holds: a field's answers, on one day where the sheet has a column a day."""

    index: int
    field: str
    day: Day | None = None
    option: str | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """A sheet's header as one form reads it. Rows are 0-based; `first` is the first row under the header.

    `fit` is the share of the header that the form knows; `weight` how much of the form was found.
    """

    form: str
    top: int
    first: int
    columns: tuple[Column, ...]
    unknown: tuple[tuple[int, str], ...]
    fit: float
    weight: int

    @property
    def by_day(self) -> bool:
        """Whether the sheet has a column a day."""
        return any(c.day is not None for c in self.columns)


@dataclass(frozen=True, slots=True)
class HeaderIndex:
    """What the headers of one form may be called."""

    form: FormSpec
    exact: Mapping[str, str]
    globs: Sequence[tuple[re.Pattern[str], int, str]]
    weights: Sequence[int]
    """How much each field weighs in a header, the heaviest first."""
    _memory: dict[str, str | None] = field(default_factory=dict)
    layouts: dict[tuple[tuple[type, Cell], ...], Layout | None] = field(default_factory=dict)
    """What rows that were looked at are as headers, as if they were the first of their sheet."""

    @classmethod
    @lru_cache(maxsize=64)
    def of(cls, form: FormSpec) -> HeaderIndex:
        """Return the index of a form."""
        exact: dict[str, str] = {}
        globs = []
        for spec in form.fields:
            for name in spec.names:
                if "*" in name:
                    pattern = re.compile(fnmatch.translate(name))
                    globs.append((pattern, len(name), spec.name))
                else:
                    for key in header_keys(name):
                        exact.setdefault(key, spec.name)
        globs.sort(key=lambda g: -g[1])
        return cls(form, exact, globs, sorted((_weight(form, spec.name) for spec in form.fields), reverse=True))

    def field_of(self, text: str) -> str | None:
        """Return the field a header's text means, or None."""
        if text not in self._memory:
            self._memory[text] = self._find(text)
        return self._memory[text]

    def literal(self, text: str) -> str | None:
        """Return the field that a header's text names outright, or None."""
        return next((self.exact[k] for k in header_keys(text) if k in self.exact), None)

    def _find(self, text: str) -> str | None:
        if literal := self.literal(text):
            return literal
        keys = header_keys(text)
        for pattern, _length, name in self.globs:
            if any(pattern.fullmatch(key) for key in keys):
                return name
        return None


def best_layout(grid: Grid, form: FormSpec) -> Layout | None:
    """Return how `form` reads the sheet, or None where its header is not there."""
    found: Layout | None = None
    for layout in _layouts(grid, form):
        if found is None or (layout.weight, layout.fit) > (found.weight, found.fit):
            found = layout
    return found


def _layouts(grid: Grid, form: FormSpec) -> Iterator[Layout]:
    seen = 0
    rows = grid.rows
    for top, row in enumerate(rows):
        if not any(cell != "" for cell in row):
            continue
        seen += 1
        if seen > HEADER_WITHIN:
            return
        single = _single(form, top, row)
        if top + 1 < len(rows) and _is_head_row(row) and not _holds_all(form, single, row, rows[top + 1]):
            double = _fitted(form, top, top + 2, _joined(grid, top), rows[top + 1], row)
            if double and (single is None or _size(double) > _size(single)):
                yield double
        if single:
            yield single
            if single.fit > 0.5:
                return


def _single(form: FormSpec, top: int, row: Sequence[Cell]) -> Layout | None:
    """Return how a form reads one row as its header; the sheets of one office have the same over and over."""
    memory = HeaderIndex.of(form).layouts
    key = tuple((type(c), c) for c in row)
    if key not in memory:
        if len(memory) >= _REMEMBERED:
            memory.clear()
        memory[key] = _fitted(form, 0, 1, tuple((spoken_header(c),) for c in row), row)
    found = memory[key]
    return found and replace(found, top=top, first=top + 1)


def _holds_all(form: FormSpec, single: Layout | None, upper: Sequence[Cell], lower: Sequence[Cell]) -> bool:
    """Whether a header of one row finds as much of a form as any of its columns could, so that a second row adds nothing."""
    columns = sum(1 for n, cell in enumerate(upper) if not blank(cell) or (n < len(lower) and not blank(lower[n])))
    return single is not None and _size(single) >= (sum(HeaderIndex.of(form).weights[:columns]), columns)


def _size(layout: Layout) -> tuple[int, int]:
    """Return how much of a form a layout finds, and in how many columns."""
    return (layout.weight, len(layout.columns))


def _is_head_row(row: Sequence[Cell]) -> bool:
    """Whether a row can be the upper one of two header rows: a title, alone over the whole table, cannot."""
    return len({c for c in row if c != ""}) > 1


def spoken_header(cell: Cell) -> str:
    """Return a header cell's text; a date stays what it is until it is asked for its day."""
    return cell if isinstance(cell, str) else spoken(cell)


def _joined(grid: Grid, top: int) -> tuple[tuple[str, ...], ...]:
    """Return, a column each, the texts that a two-row header may be known by, the likeliest first."""
    upper, lower = grid.rows[top], grid.rows[top + 1]
    heads = _spread(grid, top)
    joined: list[tuple[str, ...]] = []
    for column in range(len(upper)):
        head, below = heads[column], spoken_header(lower[column]) if column < len(lower) else ""
        if not below.strip():
            joined.append((spoken_header(upper[column]),))
        else:
            joined.append((below, f"{head}{below}", f"{head}({below})", f"{below}({head})") if head else (below,))
    return tuple(joined)


def _spread(grid: Grid, row: int) -> list[str]:
    """Return a header row with each merged head written over all its columns.

    Where a format keeps no merges, a head reaches over the blanks on its right.
    """
    texts = [spoken_header(c) for c in grid.rows[row]]
    merges = [m for m in grid.merged if m.top <= row <= m.bottom and m.right > m.left]
    for merge in (m for m in merges if m.left < len(texts)):
        texts[merge.left : merge.right + 1] = [texts[merge.left]] * (min(merge.right, len(texts) - 1) - merge.left + 1)
    if not grid.merged:
        for column in range(1, len(texts)):
            texts[column] = texts[column] or texts[column - 1]
    return texts


def _fitted(form: FormSpec, top: int, first: int, texts: tuple[tuple[str, ...], ...], *rows: Sequence[Cell]) -> Layout | None:
    """Return the layout that these header texts give, or None where they are no header of the form."""
    index = HeaderIndex.of(form)
    columns: dict[int, Column] = {}
    unknown: list[tuple[int, str]] = []
    spelled = 0
    for column, names in enumerate(texts):
        if not any(n.strip() for n in names):
            continue
        spelled += 1
        option = _option_of(index, names[0])
        found = None if option else _field_of(index, names)
        day = None if found and form.by_name[found].role is not None else _day_of(column, rows)
        if found and (day is None or _is_measure(form, found)):
            columns[column] = Column(column, found, day)
        elif day is not None and form.per_day:
            columns[column] = Column(column, form.per_day, day)
        elif option:
            columns[column] = Column(column, option[0], option=option[1])
        elif any(k in BOOKKEEPING for n in names for k in header_keys(n)):
            spelled -= 1
        else:
            unknown.append((column, names[0]))
    kept = _one_a_field(form, columns, texts, index)
    if not _is_header(form, kept):
        return None
    unknown += [(c, texts[c][0]) for c in columns if c not in {k.index for k in kept}]
    weight = sum(_weight(form, name) for name in {c.field for c in kept})
    return Layout(form.name, top, first, tuple(kept), tuple(sorted(unknown)), len(kept) / max(1, spelled), weight)


def _field_of(index: HeaderIndex, names: Sequence[str]) -> str | None:
    """Return the field that a header's texts mean; a merged head and what stands below it say more together than apart."""
    together = index.literal(names[1]) if len(names) > 1 else None
    return together or index.field_of(names[0]) or next((f for n in names[2:] if (f := index.literal(n))), None)


def _day_of(column: int, rows: Sequence[Sequence[Cell]]) -> Day | None:
    """Return the day that a header cell is, looking at the lower row first and a merged head to its left."""
    for row in rows:
        cell = row[column] if column < len(row) else ""
        if cell != "" and (day := _header_day(cell)) is not None:
            return day
    if len(rows) > 1:
        for cell in reversed(rows[1][:column]):
            if cell != "":
                return _header_day(cell)
    return None


@lru_cache(maxsize=4096, typed=True)
def _header_day(cell: Cell) -> Day | None:
    found = re.fullmatch(r"(\d{1,2})[日号]", plain(cell)) if isinstance(cell, str) else None
    return int(found[1]) if found else parse_day(cell)


def _is_measure(form: FormSpec, name: str) -> bool:
    return form.by_name[name].measured


_OPTION: Final = re.compile(r"^(?P<question>.*?)[(（](?P<option>[^()（）]+)[)）]$|^(?P<stem>.*?)[-—:：]{1,2}(?P<choice>[^-—:：]+)$")


def _option_of(index: HeaderIndex, text: str) -> tuple[str, str] | None:
    """Return (field, option) of a survey's one-column-an-option header, such as `5、当前症状(发热)`."""
    if not (found := _OPTION.match(text.strip())):
        return None
    question, option = (found["question"], found["option"]) if found["option"] else (found["stem"], found["choice"])
    name = index.field_of(question)
    spec = index.form.by_name[name] if name else None
    if spec and spec.multiple and spec.codes and spec.codes.label_of(option):
        return spec.name, option
    return None


def _one_a_field(form: FormSpec, columns: Mapping[int, Column], texts: Sequence[tuple[str, ...]], index: HeaderIndex) -> list[Column]:
    """Return the columns with each field once: the one called most literally, the leftmost of equals.

    A field answered several times (morning and evening) keeps all its columns where the form says which counts.
    """

    def rank(column: Column) -> tuple[int, int]:
        literal = [i for i, n in enumerate(texts[column.index]) for k in header_keys(n) if index.exact.get(k) == column.field]
        return (min(literal, default=99), column.index)

    kept: list[Column] = []
    taken: set[tuple[str, Day | None]] = set()
    for column in sorted(columns.values(), key=rank):
        place = (column.field, column.day)
        if place in taken and not form.by_name[column.field].several and column.option is None:
            continue
        taken.add(place)
        kept.append(column)
    return sorted(kept, key=lambda c: c.index)


def _is_header(form: FormSpec, columns: Sequence[Column]) -> bool:
    """Whether these columns make a header: every key is there, and something besides."""
    names = {c.field for c in columns}
    if not all(key in names for key in form.keys):
        return False
    if form.kind in (Kind.REGISTER, Kind.PLAN):
        return len(names) >= 2
    return any(_is_measure(form, n) and n not in form.keys for n in names)


def _weight(form: FormSpec, name: str) -> int:
    spec: FieldSpec = form.by_name[name]
    if name in form.keys:
        return 4
    return 2 if spec.required or spec.role in (Role.NAME, Role.UNIT) else 1
