"""Stock: what came less what went, the lowest it ever was, and how long it will last."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from jianbao.forms import FormSpec, Role
from jianbao.forms.derived import Stock
from jianbao.ledgers.desk import PLACED, STANDS, Desk, text

if TYPE_CHECKING:
    import pandas as pd


def stock_table(desk: Desk, form: FormSpec, spec: Stock) -> pa.Table:
    """Return a row an item (and each value of `by`), standing where more went than was there, else at its last movement."""
    import pandas as pd

    keys = [spec.item, *spec.by]
    frame = _movements(desk, form, spec)
    names = [*dict.fromkeys([*keys, *spec.keep, *PLACED, *STANDS])]
    if frame.empty:
        return _arrow(names, pd.DataFrame(columns=[*names, *Stock.COLUMNS]))
    today = pd.Timestamp(desk.day)
    frame["left"] = frame.groupby(keys, dropna=False)["signed"].cumsum()
    frame["closing"] = frame.groupby([*keys, "on"], dropna=False)["left"].transform("last")  # within a day the order is not known
    groups = frame.groupby(keys, dropna=False)
    found = groups[[n for n in names if n not in keys]].last()
    short = frame[(frame["closing"] < 0) & (frame["signed"] < 0)].groupby(keys, dropna=False)[list(STANDS)].first()
    found.update(short)
    found[[n for n, role in zip(PLACED, _ROLES, strict=True) if not _is_key(form, role, keys)]] = None
    found["stock"], found["lowest"] = groups["signed"].sum(), groups["closing"].min()
    moved = {"came": frame["signed"].clip(lower=0), "went": -frame["signed"].clip(upper=0)}
    for name, amount in moved.items():
        found[name] = amount.where(frame["on"] == today, 0).groupby([frame[k] for k in keys], dropna=False).sum()
    recent = frame["on"] > today - timedelta(days=spec.over)
    found["daily_use"] = moved["went"].where(recent, 0).groupby([frame[k] for k in keys], dropna=False).sum() / spec.over
    found["cover_days"] = (found["stock"] / found["daily_use"].where(found["daily_use"] > 0)).clip(lower=0)
    return _arrow(names, found.reset_index())


_ROLES: Final = (Role.UNIT, Role.CLASS, Role.CAMPUS)
"""What places a row, as in `PLACED`: a stock belongs only where its key says, not to whom it was last given out."""


def _is_key(form: FormSpec, role: Role, keys: Sequence[str]) -> bool:
    spec = form.role(role)
    return spec is not None and spec.name in keys


def _movements(desk: Desk, form: FormSpec, spec: Stock) -> pd.DataFrame:
    """Return every movement up to the day, in order, with its amount: what came above zero, what went below."""
    import pandas as pd

    rows = desk.rows(form, "to_date")
    assert form.day_field is not None
    names = dict.fromkeys([spec.item, *spec.by, *spec.keep, spec.movement, spec.quantity, *PLACED, *STANDS])
    frame = pd.DataFrame({n: text(rows.column(n)).to_pandas() for n in names})
    frame["on"] = pd.to_datetime(rows.column(form.day_field.name).to_pandas())
    sign = frame[spec.movement].map(dict.fromkeys(spec.came, 1) | dict.fromkeys(spec.went, -1))
    frame["signed"] = frame[spec.quantity].astype(float) * sign.astype(float)
    return frame.dropna(subset=["signed", "on"]).sort_values("on", kind="stable").reset_index(drop=True)


def _arrow(names: list[str], frame: pd.DataFrame) -> pa.Table:
    columns = {n: _column(n, frame[n]) for n in names}
    columns |= {n: pa.array(frame[n].tolist(), pa.float64(), from_pandas=True) for n in Stock.COLUMNS}
    return pa.table(list(columns.values()), list(columns))


def _column(name: str, values: pd.Series[Any]) -> pa.Array:
    """Return a carried column; where it is blank throughout, of text."""
    if name in ("_row", "_column"):
        return pa.array(values.astype("Int32").tolist(), pa.int32(), from_pandas=True)
    return pa.array(values.tolist(), from_pandas=True) if values.notna().any() else pa.nulls(len(values), pa.string())
