"""Everything that a ledger may look at on a day, and the tables made from it, each once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

import pyarrow as pa
import pyarrow.compute as pc

from jianbao.forms import FormSet, FormSpec, Role
from jianbao.forms.derived import ROWS, Classes, Counted, Coverage, OpenItems, Periods, Rota, Rounds, Stock
from jianbao.forms.expression import TODAY, Setting
from jianbao.forms.spec import Window
from jianbao.validation import CAMPUS, CLASS, COLUMN, FILE, SHEET, UNIT, Registers

PLACED = (UNIT, CLASS, CAMPUS)
STANDS = (FILE, SHEET, "_row", COLUMN)
"""Where a row stands; a derived row stands where the row stands that says most of it, or nowhere."""


@dataclass(frozen=True)
class Desk:
    """A day's rows. `rows` gives a form's accepted rows over some days, of a register those that stand.

    `settings_on` are the dated settings of any day, `before` a table as it was kept on the last day worked, by name.
    `as_of` is the moment of the pull, in the school's time, without a zone. Rows of days before `since` were deleted after their time.
    """

    day: date
    as_of: datetime
    forms: FormSet
    registers: Registers
    settings_on: Callable[[date], Mapping[str, Setting]]
    rows: Callable[[FormSpec, Window], pa.Table]
    before: Callable[[str], pa.Table | None]
    since: date = date.min
    _made: dict[tuple[str, str], pa.Table] = field(default_factory=dict)

    @property
    def settings(self) -> Mapping[str, Setting]:
        """The settings in force, and the day itself."""
        return {**self.settings_on(self.day), TODAY: self.day}

    def table(self, form: FormSpec, source: str, window: Window = "day") -> pa.Table:
        """Return a form's rows, or the table that it derives from them under the name `source`."""
        if source == ROWS:
            return self.rows(form, window)
        key = (form.name, source)
        if key not in self._made:
            self._made[key] = _derived(self, form, source)
        return self._made[key]


def _derived(desk: Desk, form: FormSpec, source: str) -> pa.Table:
    from jianbao.ledgers import classes, coverage, items, periods, rota, rounds, stock

    match form.derived[source]:
        case Rounds() as spec:
            return rounds.rounds_table(desk, form, spec)
        case Classes() as spec:
            return classes.classes_table(desk, form, spec)
        case Periods() as spec:
            return periods.periods_table(desk, form, spec)
        case Stock() as spec:
            return stock.stock_table(desk, form, spec)
        case Coverage() as spec:
            return coverage.coverage_table(desk, form, spec)
        case Rota() as spec:
            return rota.rota_table(desk, form, spec)
        case OpenItems() as spec:
            return items.open_items_table(desk, form, spec)
        case Counted() as spec:
            return items.counted_table(desk, form, spec)


def latest_rows(rows: pa.Table, keys: tuple[str, ...]) -> pa.Table:
    """Return of each key the row that comes last."""
    if rows.num_rows < 2:
        return rows
    numbered = rows.select(list(keys)).append_column("at", pa.array(range(rows.num_rows), pa.int64()))
    last = numbered.group_by(list(keys), use_threads=False).aggregate([("at", "max")]).column("at_max")
    return rows.take(last.combine_chunks().sort())


def put(table: pa.Table, name: str, values: pa.Array) -> pa.Table:
    """Return a table with a column, in place of one of the same name."""
    at = table.schema.get_field_index(name)
    return table.append_column(name, values) if at < 0 else table.set_column(at, name, values)


def with_columns(table: pa.Table, columns: Mapping[str, pa.Array]) -> pa.Table:
    """Return a table with some more columns."""
    for name, values in columns.items():
        table = put(table, name, values)
    return table


def text(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    """Return a column of text as one plain array; files and sheets are kept as dictionaries."""
    array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if isinstance(array, pa.ChunkedArray):  # of no chunk at all
        array = pa.array([], array.type)
    return array.cast(array.type.value_type) if pa.types.is_dictionary(array.type) else array


def role_column(form: FormSpec, table: pa.Table, role: Role) -> pa.Array:
    """Return the column that plays a role, or nulls."""
    spec = form.role(role)
    return text(table.column(spec.name)) if spec else pa.nulls(table.num_rows, pa.string())


def flag(values: pa.Array) -> pa.Array:
    """Return a condition with unknown as no."""
    return pc.fill_null(values, False)
