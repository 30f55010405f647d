"""A sheet of a book: its cells, and what hangs on rows, columns and ranges and moves along with them."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from .a1 import Area
from .entered import Value

Dimension = Literal["ROWS", "COLUMNS"]
Json = dict[str, Any]

COLUMN_PIXELS, ROW_PIXELS = 100, 21


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: never changed, only replaced, so that a copy of a sheet is cheap."""

    value: Value = None
    formula: str | None = None
    format: Json | None = None
    note: str | None = None
    validation: Json | None = None
    runs: tuple[Json, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether it holds nothing to read."""
        return self.value is None and self.formula is None

    @property
    def bare(self) -> bool:
        """Whether there is nothing about it at all."""
        return self == BARE


BARE = Cell()


@dataclass(slots=True)
class Sheet:
    """A grid with a name."""

    sheet_id: int
    title: str
    row_count: int = 1000
    column_count: int = 26
    properties: Json = field(default_factory=dict)  # hidden, tabColorStyle, rightToLeft
    grid: Json = field(default_factory=dict)  # frozenRowCount, frozenColumnCount, hideGridlines
    rows: list[list[Cell]] = field(default_factory=list)  # ragged: what is not there is bare
    merges: list[Area] = field(default_factory=list)
    protected: list[Json] = field(default_factory=list)
    conditional: list[Json] = field(default_factory=list)
    basic_filter: Json | None = None
    metadata: list[Json] = field(default_factory=list)
    groups: dict[Dimension, list[Json]] = field(default_factory=lambda: {"ROWS": [], "COLUMNS": []})
    dimensions: dict[Dimension, list[Json]] = field(default_factory=lambda: {"ROWS": [], "COLUMNS": []})

    def copy(self) -> Sheet:
        """Return one that shares no list with this one."""
        kept = {name: copy.deepcopy(getattr(self, name)) for name in _LOOSE}
        return replace(self, rows=[row[:] for row in self.rows], **kept)

    # -- Cells ----------------------------------------------------------------------------------------------------------

    def cell(self, row: int, column: int) -> Cell:
        """The cell at a place, from 0."""
        cells = self.rows[row] if row < len(self.rows) else []
        return cells[column] if column < len(cells) else BARE

    def put(self, row: int, column: int, cell: Cell) -> None:
        """Set a cell."""
        while len(self.rows) <= row:
            self.rows.append([])
        cells = self.rows[row]
        cells.extend([BARE] * (column + 1 - len(cells)))
        cells[column] = cell

    def bounds(self, area: Area) -> tuple[int, int, int, int]:
        """An area within this grid: top, bottom, left, right."""
        return area.within(self.row_count, self.column_count)

    def places(self, area: Area) -> Iterator[tuple[int, int]]:
        """All places of an area, row by row."""
        top, bottom, left, right = self.bounds(area)
        return ((row, column) for row in range(top, bottom) for column in range(left, right))

    def block(self, area: Area) -> list[list[Cell]]:
        """The cells of an area."""
        top, bottom, left, right = self.bounds(area)
        return [[self.cell(row, column) for column in range(left, right)] for row in range(top, bottom)]

    def used(self, area: Area) -> tuple[int, int, int, int]:
        """An area within this grid, without the rows under the last one that holds anything."""
        top, bottom, left, right = self.bounds(area)
        bottom = min(bottom, len(self.rows))
        while bottom > top and all(cell.bare for cell in self.rows[bottom - 1][left:right]):
            bottom -= 1
        return top, max(bottom, top), left, right

    def fill(self, rows: Sequence[Sequence[Value]], *, top: int = 0, left: int = 0) -> None:
        """Write values as they are, growing the grid where it is too small."""
        for number, row in enumerate(rows, top):
            for column, value in enumerate(row, left):
                self.put(number, column, replace(self.cell(number, column), value=None if value == "" else value, formula=None))
        self.row_count = max(self.row_count, len(self.rows))
        self.column_count = max(self.column_count, max((len(row) for row in self.rows), default=0))

    # -- Rows and columns -------------------------------------------------------------------------------------------------

    def size(self, dimension: Dimension) -> int:
        """How many rows or columns there are."""
        return self.row_count if dimension == "ROWS" else self.column_count

    def resize(self, dimension: Dimension, count: int) -> None:
        """Add rows or columns at the end, or cut them off."""
        if count < self.size(dimension):
            self.remove(dimension, count, self.size(dimension))
        elif dimension == "ROWS":
            self.row_count = count
        else:
            self.column_count = count

    def insert(self, dimension: Dimension, start: int, count: int, *, like: int | None = None) -> None:
        """Insert rows or columns, formatted like the one at `like` (a place before the insertion)."""
        if dimension == "ROWS":
            model = self.rows[like] if like is not None and like < len(self.rows) else []
            if start < len(self.rows) or model:
                self.rows.extend([] for _ in range(start - len(self.rows)))
                self.rows[start:start] = [[_blank_like(cell) for cell in model] for _ in range(count)]
            self.row_count += count
        else:
            for row in self.rows:
                model_cell = row[like] if like is not None and like < len(row) else BARE
                if start < len(row) or not _blank_like(model_cell).bare:
                    row.extend([BARE] * (start - len(row)))
                    row[start:start] = [_blank_like(model_cell)] * count
            self.column_count += count
        places = self.dimensions[dimension]
        if start < len(places):
            places[start:start] = [{} for _ in range(count)]
        self.move_ranges(dimension, start, count)

    def remove(self, dimension: Dimension, start: int, end: int) -> None:
        """Take rows or columns away."""
        if dimension == "ROWS":
            del self.rows[start:end]
            self.row_count -= end - start
        else:
            for row in self.rows:
                del row[start:end]
            self.column_count -= end - start
        del self.dimensions[dimension][start:end]
        self.move_ranges(dimension, start, start - end)

    def move(self, dimension: Dimension, start: int, end: int, to: int) -> None:
        """Put rows or columns in front of the place `to`, as it was before the move; cells, not the ranges that name them."""
        order = list(range(self.size(dimension)))
        taken = order[start:end]
        rest = [n for n in order if not start <= n < end]
        at = to if to <= start else to - (end - start)
        order = rest[:at] + taken + rest[at:]
        if dimension == "ROWS":
            self.rows = [self.rows[n] if n < len(self.rows) else [] for n in order]
        else:
            self.rows = [[row[n] if n < len(row) else BARE for n in order] for row in self.rows]

    def about(self, dimension: Dimension, place: int) -> Json:
        """What is kept about a row or column; may be changed in place."""
        kept = self.dimensions[dimension]
        kept.extend({} for _ in range(place + 1 - len(kept)))
        return kept[place]

    def move_ranges(self, dimension: Dimension, start: int, count: int) -> None:
        """Shift every range on this sheet after an insertion (count > 0) or a removal (count < 0)."""
        self.merges = [moved for area in self.merges if (moved := shifted(area, dimension, start, count))]
        self.protected = [p for p in self.protected if shift_in(p, "range", dimension, start, count)]
        for rule in self.conditional:
            rule["ranges"] = [r for r in rule["ranges"] if shift_in({"range": r}, "range", dimension, start, count)]
        self.conditional = [rule for rule in self.conditional if rule["ranges"]]
        if self.basic_filter and not shift_in(self.basic_filter, "range", dimension, start, count):
            self.basic_filter = None
        self.metadata = [m for m in self.metadata if _shift_place(m["location"], dimension, start, count)]
        self.groups[dimension] = [g for g in self.groups[dimension] if _shift_span(g["range"], start, count)]


_LOOSE = ("properties", "grid", "merges", "protected", "conditional", "basic_filter", "metadata", "groups", "dimensions")


def _blank_like(cell: Cell) -> Cell:
    return Cell(format=cell.format, validation=cell.validation)


def moved_span(start: int, end: int, at: int, count: int) -> tuple[int, int] | None:
    """A span after `count` places were inserted at `at` (or removed from there on); None when nothing of it is left."""
    if count >= 0:
        return (start + count if start >= at else start), (end + count if end > at else end)
    gone = at - count

    def shrink(place: int) -> int:
        return place if place <= at else at if place <= gone else place + count

    start, end = shrink(start), shrink(end)
    return (start, end) if start < end else None


def shifted(area: Area, dimension: Dimension, at: int, count: int) -> Area | None:
    """An area after an insertion or removal."""
    first, last = (area.top, area.bottom) if dimension == "ROWS" else (area.left, area.right)
    span = moved_span(first or 0, 10**9 if last is None else last, at, count)
    if span is None:
        return None
    new_first = None if first is None else span[0]
    new_last = None if last is None else span[1]
    return replace(area, top=new_first, bottom=new_last) if dimension == "ROWS" else replace(area, left=new_first, right=new_last)


def shift_in(holder: Json, key: str, dimension: Dimension, at: int, count: int) -> bool:
    """Shift the GridRange a thing holds, in place; False when nothing of it is left."""
    if key not in holder:
        return True
    old = holder[key]
    area = shifted(Area.of(old), dimension, at, count)
    if area is None:
        return False
    sheet_id = old.get("sheetId", 0)
    old.clear()
    old.update(area.json(sheet_id))
    return True


def _shift_span(span: Json, at: int, count: int) -> bool:
    moved = moved_span(span.get("startIndex", 0), span["endIndex"], at, count)
    if moved:
        span["startIndex"], span["endIndex"] = moved
    return moved is not None


def _shift_place(location: Json, dimension: Dimension, at: int, count: int) -> bool:
    place = location.get("dimensionRange")
    return not place or place.get("dimension") != dimension or _shift_span(place, at, count)
