"""Periods of observation: so many days from the start under the rule of that day, a contact a day, and the release."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from jianbao.forms import FormSpec
from jianbao.forms.derived import Periods
from jianbao.ledgers.desk import Desk, text, with_columns

if TYPE_CHECKING:
    import pandas as pd

EXTEND = "extend"
"""What the setting says where a day without contact is added to the period."""


def periods_table(desk: Desk, form: FormSpec, spec: Periods) -> pa.Table:
    """Return the form's rows with how each period stands today."""
    import numpy as np
    import pandas as pd

    rows = desk.rows(form, "latest").combine_chunks()
    today = pd.Timestamp(desk.day)
    frame = pd.DataFrame({
        "key": text(rows.column(form.identifier.name)).to_pandas(),
        "start": pd.to_datetime(rows.column(spec.start).to_pandas()),
        "end": pd.to_datetime(rows.column(spec.end).to_pandas()),
    })  # fmt: skip
    rules = {d: desk.settings_on(d) for d in set(rows.column(spec.start).to_pylist()) if d is not None}
    each = [rules.get(d, {}) for d in rows.column(spec.start).to_pylist()]
    frame["days"] = pd.Series([rule.get(spec.days) for rule in each], dtype="Int64")
    extends = pd.Series([rule.get(spec.missed or "") == EXTEND for rule in each], dtype=bool)
    begun, ended = frame["start"] <= today, frame["end"] <= today
    inside = begun & ~ended
    contacts = _contact_days(desk, spec)
    frame["missed"] = _missed(frame, contacts, today, desk.since)
    due = frame["start"] + pd.to_timedelta(frame["days"].fillna(0) + frame["missed"].where(extends, 0), unit="D")
    entered = frame["start"] == today
    contacted = frame["key"].isin(contacts.loc[contacts["on"] == today, "key"]) | entered
    state = np.select(
        [~begun, ended, due < today, due == today, due == today + timedelta(days=1)],
        ["未开始", "已解除", "期满未解除", "今日期满", "明日期满"], "观察中",
    )  # fmt: skip
    return with_columns(rows, {
        "state": pa.array(state.tolist(), pa.string()),
        "inside": _flags(inside),
        "entered": _flags(entered),
        "released": _flags((frame["end"] == today) & (frame["start"] < today)),
        "day_no": pa.array([d.days + 1 if i else None for d, i in zip(today - frame["start"], inside, strict=True)], pa.int64()),
        "period_days": pa.array(frame["days"].tolist(), pa.int64(), from_pandas=True),
        "contacted": _flags(contacted),
        "missed": pa.array(frame["missed"].tolist(), pa.int64()),
        "due_on": pa.array(due.dt.date.tolist(), pa.date32(), from_pandas=True),
        "due_tomorrow": _flags(inside & (due == today + timedelta(days=1))),
        "overdue": _flags(inside & (due < today)),
        "twice": _flags(inside & frame["key"].isin(_repeated(frame.loc[inside, "key"]))),
    })  # fmt: skip


def _repeated(keys: pd.Series[str]) -> pd.Series[str]:
    """Return who stands there more than once."""
    return keys[keys.duplicated()]


def _flags(values: pd.Series[Any]) -> pa.Array:
    return pa.array(values.tolist(), pa.bool_())


def _contact_days(desk: Desk, spec: Periods) -> pd.DataFrame:
    """Return on which days each person was contacted, a row each."""
    import pandas as pd

    form = desk.forms[spec.contacts] if spec.contacts else None
    if form is None or form.day_field is None:
        return pd.DataFrame({"key": pd.Series(dtype=str), "on": pd.Series(dtype="datetime64[ns]")})
    rows = desk.rows(form, "to_date")
    keys, on = text(rows.column(form.identifier.name)).to_pandas(), pd.to_datetime(rows.column(form.day_field.name).to_pandas())
    return pd.DataFrame({"key": keys, "on": on}).drop_duplicates()


def _missed(frame: pd.DataFrame, contacts: pd.DataFrame, today: pd.Timestamp, since: date) -> pd.Series[Any]:
    """Return how many days of each period, after the first and before today, nobody was in contact; days before `since` were seen to."""
    import pandas as pd

    start = frame["start"]
    if since > date.min:
        eve = pd.Timestamp(since - timedelta(days=1))
        start = start.where(start.isna() | (start > eve), eve)
    last = frame["end"].where(frame["end"] < today, today) - timedelta(days=1)
    due = (last - start).dt.days.clip(lower=0).fillna(0).astype(int)
    spoken = frame.assign(at=frame.index, first=start, last=last).merge(contacts, on="key")
    held = spoken[(spoken["on"] > spoken["first"]) & (spoken["on"] <= spoken["last"])].groupby("at").size()
    missed: pd.Series[Any] = due - held.reindex(frame.index).fillna(0).astype(int)
    return missed.clip(lower=0)
