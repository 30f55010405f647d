"""Open items with their age, and registers whose rows others name."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from jianbao.forms import FormSpec
from jianbao.forms.derived import Counted, OpenItems
from jianbao.ledgers.desk import Desk, text, with_columns


def open_items_table(desk: Desk, form: FormSpec, spec: OpenItems) -> pa.Table:
    """Return the form's rows with whether each is open today, how old it is, and how late."""
    rows = desk.rows(form, "latest").combine_chunks()
    today = pa.scalar(desk.day)
    opened, due, closed = (text(rows.column(n)).cast(pa.date32()) for n in (spec.opened, spec.due, spec.closed))
    done = pc.fill_null(pc.less_equal(closed, today), False)
    begun = pc.fill_null(pc.less_equal(opened, today), False)
    still = pc.and_(begun, pc.invert(done))
    until = pc.if_else(done, closed, today)
    late = pc.days_between(due, today)
    overdue = pc.and_(still, pc.fill_null(pc.greater(late, 0), False))
    return with_columns(rows, {
        "open": still, "age": pc.days_between(opened, until), "overdue": overdue,
        "days_late": pc.if_else(overdue, late, pa.scalar(None, pa.int64())),
    })  # fmt: skip


def counted_table(desk: Desk, form: FormSpec, spec: Counted) -> pa.Table:
    """Return the register's rows, each with how many rows of other tables name it."""
    rows = desk.rows(form, "latest").combine_chunks()
    for count in spec.each:
        other = desk.table(desk.forms[count.of], count.source, "latest")
        if count.where:
            other = other.filter(count.where.holds(other, desk.settings))
        found = other.group_by(count.by).aggregate([([], "count_all")])
        at = pc.index_in(text(rows.column(form.identifier.name)), value_set=text(found.column(count.by)))
        rows = with_columns(rows, {count.name: pc.fill_null(text(found.column("count_all")).take(at), 0)})
    return rows
