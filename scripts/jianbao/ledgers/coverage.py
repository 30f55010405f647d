"""Coverage: every place of a register on each of the last days, and how often it was done."""

from __future__ import annotations

from datetime import timedelta

import pyarrow as pa
import pyarrow.compute as pc

from jianbao.forms import FormSpec
from jianbao.forms.derived import Coverage
from jianbao.ledgers.desk import Desk, text, with_columns


def coverage_table(desk: Desk, form: FormSpec, spec: Coverage) -> pa.Table:
    """Return the register's rows once for each of the last days, standing where the register has the place."""
    assert form.day_field is not None
    register = desk.forms[spec.of]
    places = desk.rows(register, "day").combine_chunks()
    done = desk.rows(form, spec.days)
    counted = done.group_by([spec.key, form.day_field.name]).aggregate([([], "count_all")])
    days = [desk.day - timedelta(days=n) for n in reversed(range(spec.days))]
    due = pc.coalesce(text(places.column(spec.times)), pa.scalar(1, pa.int64())) if spec.times else None
    due = due if due is not None else pa.repeat(pa.scalar(1, pa.int64()), places.num_rows)
    tables = []
    for day in days:
        of_day = counted.filter(pc.equal(counted.column(form.day_field.name), pa.scalar(day)))
        at = pc.index_in(text(places.column(register.identifier.name)), value_set=text(of_day.column(spec.key)))
        times = pc.fill_null(text(of_day.column("count_all")).take(at), 0)
        tables.append(with_columns(places, {
            "on_day": pa.repeat(pa.scalar(day), places.num_rows), "times": times, "due_times": due,
            "gap": pc.less(times, due), "on_today": pa.repeat(pa.scalar(day == desk.day), places.num_rows),
        }))  # fmt: skip
    return pa.concat_tables(tables)
