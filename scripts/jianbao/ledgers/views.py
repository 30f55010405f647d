"""Views: rows chosen, sorted, grouped and spread into a table, for a page or for a list."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from jianbao.forms import FormSpec
from jianbao.forms.derived import PLACED, ViewSpec, ViewSum
from jianbao.forms.load import parse_window
from jianbao.ledgers.desk import Desk, text
from jianbao.validation import CAMPUS, UNIT

if TYPE_CHECKING:
    import pandas as pd

TOTAL = "合计"


@dataclass(frozen=True, slots=True)
class MadeView:
    """A view with its contents. `counted` says which columns are counts of persons, `parts` the unit or campus of each row."""

    form: FormSpec
    view: ViewSpec
    head: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    counted: tuple[bool, ...]
    parts: tuple[str, ...] = ()
    total: tuple[Any, ...] | None = None


def make_view(desk: Desk, form: FormSpec, view: ViewSpec) -> MadeView:
    """Return a view's table as it stands on the day."""
    rows = desk.table(form, view.source, parse_window(view.window))
    if view.where:
        rows = rows.filter(view.where.holds(rows, desk.settings))
    return _grouped(desk, form, view, rows) if view.group else _plain(desk, form, view, rows)


def _plain(desk: Desk, form: FormSpec, view: ViewSpec, rows: pa.Table) -> MadeView:
    order = [(name, "descending" if down else "ascending") for name, down in view.sort]
    rows = _sorted(rows, order)
    columns = [text(c.value.value(rows, desk.settings) if c.value else rows.column(c.name)) for c in view.columns]
    part = text(rows.column(UNIT if view.per == "unit" else CAMPUS)).to_pylist() if view.per else []
    table = tuple(zip(*(c.to_pylist() for c in columns), strict=True))
    return MadeView(form, view, tuple(c.title for c in view.columns), table, (False,) * len(columns), tuple(p or "" for p in part))


def _sorted(rows: pa.Table, order: list[tuple[str, str]]) -> pa.Table:
    if not order or rows.num_rows < 2:
        return rows
    keys = pa.table([text(rows.column(n)) for n, _down in order], [n for n, _down in order])
    return rows.take(pc.sort_indices(keys, sort_keys=order))


def _grouped(desk: Desk, form: FormSpec, view: ViewSpec, rows: pa.Table) -> MadeView:
    """Return a row a group, in the order in which groups first stand in the rows sorted; `across` makes a column a value."""
    rows = _sorted(rows, [(name, "descending" if down else "ascending") for name, down in view.sort])
    frame = _frame(view, rows, desk)
    table = _across(frame, view, view.across) if view.across else _beside(frame, view)
    keys = list(dict.fromkeys(zip(*(frame[g] for g in view.group), strict=True)))
    table = table.reindex([k[0] for k in keys] if len(view.group) == 1 else keys)
    additive = view.across or all(s.measure in ("count", "sum") and not s.distinct for s in view.sums)
    sums = [list(map(_number, row)) for row in table.to_numpy().tolist()]
    total = (TOTAL, *[""] * (len(view.group) - 1), *map(_number, table.sum().tolist())) if additive and keys else None
    return MadeView(
        form, view, head=(*(_title(form, g) for g in view.group), *(_spoken(c) for c in table.columns)),
        rows=tuple((*key, *row) for key, row in zip(keys, sums, strict=True)),
        counted=(*[False] * len(view.group), *[view.persons] * len(table.columns)), total=total,
    )  # fmt: skip


def _across(frame: pd.DataFrame, view: ViewSpec, across: str) -> pd.DataFrame:
    """Return the one sum of a view with a column a value of `across`, in order of first standing, and their total."""
    long = _sum(frame, view.sums[0], [*view.group, across]).rename("amount").reset_index()
    table = long.pivot_table(index=list(view.group), columns=across, values="amount", aggfunc="sum", fill_value=0, sort=False)
    table = table[list(dict.fromkeys(frame[across]))]
    return table.assign(**{TOTAL: table.sum(axis=1)})


def _beside(frame: pd.DataFrame, view: ViewSpec) -> pd.DataFrame:
    """Return the sums of a view beside each other; where nothing is counted or added up there is a 0."""
    import pandas as pd

    table = pd.DataFrame({s.title: _sum(frame, s, list(view.group)) for s in view.sums})
    added = [s.title for s in view.sums if s.measure in ("count", "sum")]
    table[added] = table[added].fillna(0)
    return table


def _frame(view: ViewSpec, rows: pa.Table, desk: Desk) -> pd.DataFrame:
    import pandas as pd

    names = dict.fromkeys([*view.group, *([view.across] if view.across else []), *(s.of for s in view.sums if s.of)])
    data = {n: text(rows.column(n)).to_pylist() for n in names}
    for s in view.sums:
        if s.where:
            data[f"?{s.title}"] = s.where.holds(rows, desk.settings).to_pylist()
    frame = pd.DataFrame(data, index=range(rows.num_rows))
    labels = [*view.group, *([view.across] if view.across else [])]
    frame[labels] = frame[labels].astype(object).where(frame[labels].notna(), "（未填）")
    return frame


def _sum(frame: pd.DataFrame, spec: ViewSum, group: list[str]) -> pd.Series[Any]:
    chosen = frame[frame[f"?{spec.title}"].astype(bool)] if spec.where else frame
    groups = chosen.groupby(group, sort=False)
    if spec.of is None:
        return groups.size()
    if spec.measure == "count":
        return groups[spec.of].nunique() if spec.distinct else groups[spec.of].count()
    found: pd.Series[Any] = groups[spec.of].agg(spec.measure)
    return found


def _title(form: FormSpec, name: str) -> str:
    spec = form.by_name.get(name)
    derived: Mapping[str, tuple[str, str]] = {k: v for d in form.derived.values() for k, v in d.COLUMNS.items()}
    return spec.title if spec else PLACED.get(name) or derived.get(name, (name, ""))[0]


def _number(value: Any) -> Any:
    if isinstance(value, float):
        return None if math.isnan(value) else int(value) if value.is_integer() else value
    return value


def _spoken(value: Any) -> str:
    return f"{value.month}月{value.day}日" if isinstance(value, date) else str(value)
