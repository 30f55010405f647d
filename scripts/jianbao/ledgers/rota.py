"""The rota: every shift of each roster, who is on it, which are empty, and who stands on two at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from jianbao.clock import spoken_month_day
from jianbao.forms import FormSpec
from jianbao.forms.derived import Rota, Shift
from jianbao.forms.expression import SEPARATOR
from jianbao.ledgers.desk import PLACED, STANDS, Desk, text

if TYPE_CHECKING:
    import pandas as pd

Slot = tuple[str, date, Shift]


def rota_table(desk: Desk, form: FormSpec, spec: Rota) -> pa.Table:
    """Return a row a roster, day and shift, from what is still going on today to `ahead` days on."""
    if not desk.rows(form, "to_date").num_rows:  # a rota that nobody keeps has no gaps
        slots: list[Slot] = []
    else:
        slots = list(_slots(desk, spec))
    planned = _planned(desk, form, spec)
    doubled = _doubled(planned, spec)
    groups = dict(list(planned.groupby([spec.roster, "on", spec.shift])))
    rows = [_slot_row(desk, spec, slot, groups.get((slot[0], slot[1], slot[2].title)), doubled) for slot in slots]
    types = {"on_day": pa.date32(), "start_at": pa.timestamp("ms"), "end_at": pa.timestamp("ms"), "people": pa.int64(), "gap": pa.bool_(),
             "doubled": pa.int64(), "now": pa.bool_(), "_row": pa.int32(), "_column": pa.int32()}  # fmt: skip
    names = [spec.roster, spec.shift, *spec.keep, *Rota.COLUMNS, *PLACED, *STANDS]
    return pa.table([pa.array([r.get(n) for r in rows], types.get(n, pa.string())) for n in names], names)


def _planned(desk: Desk, form: FormSpec, spec: Rota) -> pd.DataFrame:
    """Return every planned duty from yesterday on, with its day and the moments it begins and ends."""
    import pandas as pd

    rows = desk.rows(form, "to_date")
    assert form.day_field is not None
    names = dict.fromkeys([spec.roster, spec.shift, spec.person, *spec.keep, *PLACED, *STANDS])
    frame = pd.DataFrame({n: text(rows.column(n)).to_pylist() for n in names})
    frame["on"] = rows.column(form.day_field.name).to_pylist()
    known = {s.title: s for s in spec.shifts}
    frame = frame[frame[spec.shift].isin(known) & (frame["on"].map(lambda d: d >= desk.day - timedelta(days=1)).astype(bool))]
    spans = [_span(day, known[title]) for day, title in zip(frame["on"], frame[spec.shift], strict=True)]
    return frame.assign(start=[s for s, _e in spans], end=[e for _s, e in spans])


def _span(day: date, shift: Shift) -> tuple[datetime, datetime]:
    start, end = datetime.combine(day, shift.start), datetime.combine(day, shift.end)
    return start, end if end > start else end + timedelta(days=1)


def _slots(desk: Desk, spec: Rota) -> Iterator[Slot]:
    for roster in spec.each:
        for ahead in range(-1, spec.ahead):
            for shift in spec.shifts:
                day = desk.day + timedelta(days=ahead)
                if ahead >= 0 or _span(day, shift)[1] > desk.as_of:
                    yield roster, day, shift


def _doubled(planned: pd.DataFrame, spec: Rota) -> set[int]:
    """Return the rows of people who have another duty at the same time."""
    own = planned[[spec.person, "start", "end"]].assign(row=planned.index)
    both = own.merge(own, on=spec.person, suffixes=("", "_other"))
    clash = both[(both["row"] != both["row_other"]) & (both["start"] < both["end_other"]) & (both["start_other"] < both["end"])]
    return set(clash["row"].tolist())


def _slot_row(desk: Desk, spec: Rota, slot: Slot, group: pd.DataFrame | None, doubled: set[int]) -> dict[str, Any]:
    roster, day, shift = slot
    start, end = _span(day, shift)
    row: dict[str, Any] = {
        spec.roster: roster, spec.shift: shift.title, "slot": f"{spoken_month_day(day)} {roster} {shift.title}",
        "on_day": day, "start_at": start, "end_at": end,
        "people": 0 if group is None else group[spec.person].nunique(), "gap": group is None,
        "doubled": 0 if group is None else sum(i in doubled for i in group.index), "now": start <= desk.as_of < end,
    }  # fmt: skip
    if group is not None:
        row |= {n: SEPARATOR.join(dict.fromkeys(str(v) for v in group[n].dropna())) or None for n in (*spec.keep, *PLACED)}
        at = next((i for i in group.index if i in doubled), group.index[0])  # a finding about the slot points to who is in two places
        row |= {n: group.loc[at, n] for n in STANDS}
    return row
