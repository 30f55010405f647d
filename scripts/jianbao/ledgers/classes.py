"""Classification: rules over a register and everybody's newest rows; a person stands in exactly one class, or it is an error."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from jianbao.forms import FormSpec, Kind
from jianbao.forms.derived import ROWS, Category, Classes
from jianbao.forms.spec import Window
from jianbao.ledgers.desk import PLACED, Desk, latest_rows, put, text, with_columns
from jianbao.messages import _, listed
from jianbao.values import Code, FindingBlock, Severity

MATCHED = "matched"
"""The codes of all classes whose rule a person meets."""


def classes_table(desk: Desk, form: FormSpec, spec: Classes) -> pa.Table:
    """Return everybody of the register with their class; null where not exactly one rule takes them."""
    register = desk.forms[spec.of]
    people = desk.rows(register, "day").combine_chunks()
    key = register.identifier.name
    seen = people
    for name in sorted({n for c in spec.each if c.when for n in c.when.names if "." in n}):
        other, _dot, column = name.partition(".")
        seen = put(seen, name, _newest(desk, desk.forms[other], column, text(people.column(key)), spec))
    which = _which(spec, _matches(desk, spec, seen))
    columns = {
        MATCHED: which.codes,
        "category_code": _told(which.one, [c.code for c in spec.each]),
        "category": _told(which.one, [c.title for c in spec.each]),
        "category_kind": _told(which.one, [c.kind for c in spec.each]),
        "risk": _told(which.one, [c.risk for c in spec.each]),
    }
    table = with_columns(people, columns)
    table = _with_plans(desk, form, spec, table, key)
    return _with_yesterday(desk, form, spec, table, key)


class _Which:
    """Of each person the one class that takes them (-1 where not exactly one does), and the codes of all that do."""

    def __init__(self, one: np.ndarray[tuple[int], np.dtype[np.int64]], codes: pa.Array) -> None:
        self.one = one
        self.codes = codes


def _matches(desk: Desk, spec: Classes, seen: pa.Table) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    """Return, a row a class and a column a person, whom each rule takes; the class without a rule takes the rest."""
    settings = desk.settings
    nobody = np.zeros(seen.num_rows, np.bool_)
    own = {c.code: np.asarray(c.when.holds(seen, settings)) if c.when else nobody for c in spec.each}
    taken = np.vstack([own[c.code] & ~np.any([nobody, *(own[u] for u in c.unless)], axis=0) for c in spec.each])
    for i, category in enumerate(spec.each):
        if category.when is None:
            taken[i] = ~taken.any(axis=0)
    return taken


def _which(spec: Classes, taken: np.ndarray[tuple[int, int], np.dtype[np.bool_]]) -> _Which:
    one = np.where(taken.sum(axis=0) == 1, taken.argmax(axis=0), -1)
    weights = (1 << np.arange(len(spec.each), dtype=np.int64))[:, None]
    pattern, back = np.unique((taken * weights).sum(axis=0), return_inverse=True)
    words = [listed(c.code for i, c in enumerate(spec.each) if int(p) >> i & 1) for p in pattern.tolist()]
    return _Which(one, pa.array(words, pa.string()).take(pa.array(back.reshape(-1))))


def _told(one: np.ndarray[tuple[int], np.dtype[np.int64]], words: list[str] | list[bool]) -> pa.Array:
    return pa.array(words).take(pa.array(one, mask=one < 0))


def _newest(desk: Desk, form: FormSpec, column: str, numbers: pa.Array, spec: Classes) -> pa.Array:
    """Return, a person each, what their newest row says in a column; of several rows a yes goes before a no."""
    source = ROWS if column in form.by_name or column in PLACED else next(s for s, d in form.derived.items() if column in d.COLUMNS)
    window: Window = spec.within if form.kind is Kind.DAILY else "latest"
    rows = desk.table(form, source, window)
    key = form.identifier.name
    if pa.types.is_boolean(rows.schema.field(column).type):
        rows = rows.filter(pc.is_valid(rows.column(column))).select([key, column])
        rows = rows.group_by(key).aggregate([(column, "any")]).rename_columns([key, column])
    else:
        rows = latest_rows(rows.filter(pc.is_valid(rows.column(column))), (key,))
    return text(rows.column(column)).take(pc.index_in(numbers, value_set=text(rows.column(key))))


def _with_plans(desk: Desk, form: FormSpec, spec: Classes, table: pa.Table, key: str) -> pa.Table:
    """Return the table with each person's plan beside them, and whether it says all it must."""
    plans = latest_rows(desk.rows(form, "latest"), (form.identifier.name,))
    at = pc.index_in(text(table.column(key)), value_set=text(plans.column(form.identifier.name)))
    own = [f.name for f in form.fields if f.name not in table.column_names]
    whole = spec.plan.holds(plans, desk.settings) if spec.plan else pa.repeat(pa.scalar(True), plans.num_rows)
    planned = pc.fill_null(text(whole).take(at), False)
    return with_columns(table, {name: text(plans.column(name)).take(at) for name in own} | {"planned": planned})


def _with_yesterday(desk: Desk, form: FormSpec, spec: Classes, table: pa.Table, key: str) -> pa.Table:
    was = desk.before(kept_name(form))
    nobody = pa.nulls(table.num_rows, pa.string())
    titles = pa.array([c.title for c in spec.each], pa.string())
    codes = pa.array([c.code for c in spec.each], pa.string())
    before = nobody
    if was is not None:
        before = text(was.column("category_code")).take(pc.index_in(text(table.column(key)), value_set=text(was.column("key"))))
    changed = pc.fill_null(pc.not_equal(before, table.column("category_code")), False)
    return with_columns(table, {"was_category": titles.take(pc.index_in(before, value_set=codes)), "changed": text(changed)})


def kept_name(form: FormSpec) -> str:
    """Return the name under which a day's classes are kept for the next."""
    return f"{form.name}.classes"


def kept_classes(table: pa.Table, key: str) -> pa.Table:
    """Return what of a day's classes is kept: who stands in which."""
    return pa.table([text(table.column(key)), text(table.column("category_code"))], ["key", "category_code"])


def class_findings(form: FormSpec, spec: Classes, table: pa.Table) -> Iterator[FindingBlock]:
    """Yield a finding for each set of classes that share people, and one for people whom none takes."""
    titles = {c.code: c for c in spec.each}
    wrong = table.filter(pc.is_null(table.column("category_code")))
    for entry in text(wrong.column(MATCHED)).value_counts().to_pylist():
        codes = [c for c in titles if c in entry["values"].split(_("、"))]
        if codes:
            rules = _("；").join(_said(titles[c]) for c in codes)
            note = _("有 {count} 人同时符合 {total} 类：{rules}").format(count=entry["counts"], total=len(codes), rules=rules)
        else:
            note = _("有 {count} 人不符合任何一类").format(count=entry["counts"])
        yield FindingBlock(Code.NOT_ONE_CLASS, Severity.ERROR, form.file, field="classes", title=form.title,
                           found=str(entry["counts"]), expected=_("每人恰好一类"), note=note)  # fmt: skip


def _said(category: Category) -> str:
    return f"{category.code} {category.title}（{category.when.text if category.when else _('其余')}）"
