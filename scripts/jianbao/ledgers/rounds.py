"""Rounds of asking: everybody of the registers in each round, answered or not."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc

from jianbao.forms import FormSpec, Kind, Role
from jianbao.forms.derived import Round, Rounds
from jianbao.ledgers.desk import PLACED, STANDS, Desk, flag, role_column, text, with_columns


def rounds_table(desk: Desk, form: FormSpec, spec: Rounds) -> pa.Table:
    """Return a row a person (or place) and open round, with the answer where there is one."""
    answers = desk.rows(form, "day" if form.kind is Kind.DAILY else "latest")
    base = _everybody(desk, form)
    begun = form.kind is Kind.DAILY or answers.num_rows  # of a survey that nobody has answered yet nobody is missed
    tables = [_round(desk, form, spec, one, answers, base) for one in (_open_rounds(desk, form, spec) if begun else ())]
    schema = answers.schema.append(pa.field("answered", pa.bool_())).append(pa.field("counts", pa.bool_()))
    names = [f.name for f in form.fields] + [*PLACED, *STANDS, "answered", "counts"]
    return pa.concat_tables([t.select(names) for t in tables]) if tables else _plain(schema, names).empty_table()


def _plain(schema: pa.Schema, names: list[str]) -> pa.Schema:
    kinds = {f.name: f.type.value_type if pa.types.is_dictionary(f.type) else f.type for f in schema}
    return pa.schema([(n, kinds[n]) for n in names])


def _open_rounds(desk: Desk, form: FormSpec, spec: Rounds) -> Iterator[Round]:
    today = desk.day == desk.as_of.date()
    for one in spec.each:
        begun = one.opens is None or one.opens <= desk.day
        early = form.kind is Kind.DAILY and today and one.due is not None and desk.as_of.time() < one.due
        if begun and not early:
            yield one


def _everybody(desk: Desk, form: FormSpec) -> pa.Table:
    """Return everybody of the registers that the form's key refers to: key, name, where placed, where they stand."""
    found = []
    for reference in (r for r in form.references if r.field == form.identifier.name):
        register = desk.forms[reference.form]
        rows = desk.rows(register, "day")
        name = role_column(register, rows, Role.NAME)
        columns = [text(rows.column(reference.target)), name, *(text(rows.column(n)) for n in (*PLACED, *STANDS))]
        found.append(pa.table(columns, ["key", "name", *PLACED, *STANDS]))
    return pa.concat_tables(found).combine_chunks()


def _round(desk: Desk, form: FormSpec, spec: Rounds, one: Round, answers: pa.Table, base: pa.Table) -> pa.Table:
    key = form.identifier.name
    own = answers.filter(flag(pc.equal(answers.column(spec.field), one.title)))
    at = pc.index_in(text(base.column("key")), value_set=text(own.column(key)))
    answered = pc.is_valid(at)
    columns = {f.name: text(own.column(f.name)).take(at) for f in form.fields}
    columns |= {key: text(base.column("key")), spec.field: pa.repeat(pa.scalar(one.title), base.num_rows), "answered": answered}
    if name := form.role(Role.NAME):
        columns[name.name] = text(base.column("name"))
    columns |= {n: text(base.column(n)) for n in PLACED}
    columns |= {n: pc.coalesce(text(own.column(n)).take(at), text(base.column(n))) for n in STANDS}
    table = pa.table(list(columns.values()), list(columns))
    return with_columns(table, {"counts": pc.if_else(answered, _counts(desk, spec, one, table), pa.scalar(None, pa.bool_()))})


def _counts(desk: Desk, spec: Rounds, one: Round, table: pa.Table) -> pa.Array:
    """Return which answers are what the round asks for: so far back, and at such a place."""
    hits = spec.when.holds(table, desk.settings) if spec.when else pa.repeat(pa.scalar(True), table.num_rows)
    if spec.day and one.since:
        known = table.column(spec.day).cast(pa.date32())
        hits = pc.and_(hits, pc.fill_null(pc.greater_equal(known, pa.scalar(one.since)), True))  # a day not said is no way out
    if spec.place and one.places:
        said = pc.fill_null(table.column(spec.place), "")
        named = [pc.match_substring(said, place) for place in one.places]
        anywhere = named[0]
        for more in named[1:]:
            anywhere = pc.or_(anywhere, more)
        hits = pc.and_(hits, anywhere)
    return text(hits)
