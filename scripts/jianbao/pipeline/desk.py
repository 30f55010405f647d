"""A day's desk laid out: where each ledger's rows come from, and what of its tables is kept for tomorrow."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta

import pyarrow as pa

from jianbao.figures import DayRows, columns_of, days_of, window_days
from jianbao.forms import FormSet, FormSpec, IndicatorSpec, Kind
from jianbao.forms.derived import ROWS, Classes
from jianbao.forms.expression import TODAY, Setting
from jianbao.forms.spec import Window
from jianbao.ledger import Ledger
from jianbao.ledgers import Desk
from jianbao.ledgers.classes import kept_classes, kept_name
from jianbao.ledgers.desk import latest_rows
from jianbao.pipeline.folds import foldable, folded
from jianbao.project import Project
from jianbao.validation import Checked, Registers


def settings_on(project: Project, day: date) -> Mapping[str, Setting]:
    """Return what expressions may name beside columns: the settings in force on a day, and the day."""
    return {**project.settings.on(day), TODAY: day}


def open_desk(
    project: Project, forms: FormSet, ledger: Ledger, checked: Mapping[str, Checked], registers: Registers, day: date, as_of: datetime
) -> Desk:
    """Return the desk of a day. `checked` holds the day of every form, of registers what stands."""
    return Desk(
        day=day, as_of=as_of.astimezone(project.zone).replace(tzinfo=None), forms=forms, registers=registers,
        settings_on=lambda d: settings_on(project, d), rows=_rows(ledger, checked, day),
        before=lambda name: ledger.table_before(name, day),
    )  # fmt: skip


def _rows(ledger: Ledger, checked: Mapping[str, Checked], day: date) -> Callable[[FormSpec, Window], pa.Table]:
    known: dict[tuple[str, Window], pa.Table] = {}

    def rows(form: FormSpec, window: Window) -> pa.Table:
        key = (form.name, window)
        if key not in known:
            known[key] = _read(ledger, checked, day, form, window)
        return known[key]

    return rows


def _read(ledger: Ledger, checked: Mapping[str, Checked], day: date, form: FormSpec, window: Window) -> pa.Table:
    """Return a form's rows over a window; of a plan all, of days to come too."""
    today = checked[form.name].accepted
    if form.kind is Kind.REGISTER or (window == "day" and form.kind is not Kind.PLAN):
        return today
    days = sorted({*ledger.days(form), day}) if form.kind is Kind.PLAN else window_days(window, day, ledger.days(form))
    tables = [today if one == day else ledger.read(form, one) for one in days]
    rows = (
        pa.concat_tables([today.slice(0, 0), *(t for t in tables if t is not None)], promote_options="permissive")
        .unify_dictionaries()
        .combine_chunks()
    )
    return latest_rows(rows, form.keys) if window in ("week", "latest") else rows


def figure_rows(desk: Desk, ledger: Ledger, form: FormSpec, indicator: IndicatorSpec, *, whole: bool = False) -> list[DayRows]:
    """Return the rows that a figure reads, a day each; `whole` with every column, and where each stands."""
    day = desk.day
    if indicator.source != ROWS:
        return [DayRows(day, desk.table(form, indicator.source), desk.settings)]
    if form.kind is Kind.REGISTER or indicator.window in ("week", "latest"):
        rows = desk.rows(form, indicator.window)
        if form.kind is not Kind.REGISTER and indicator.distinct and indicator.of:
            rows = latest_rows(rows, (indicator.of,))  # what one has said last, whatever round it was said in
        return [DayRows(day, rows, desk.settings)]
    if foldable(form, indicator) and not whole:
        return _folded_rows(desk, ledger, form, indicator)
    known = ledger.days(form) if indicator.window != "day" else []
    columns = None if whole else columns_of(form, indicator)
    found = []
    for one in days_of(indicator, day, known):
        rows = desk.rows(form, "day") if one == day else ledger.read(form, one, columns)
        if rows is not None:
            found.append(DayRows(one, rows, {**desk.settings_on(one)}))
    return found


def _folded_rows(desk: Desk, ledger: Ledger, form: FormSpec, indicator: IndicatorSpec) -> list[DayRows]:
    """Return the day's rows, and before them those of all days before, each different one once."""
    before = folded(ledger, form, indicator, desk.day)
    today = DayRows(desk.day, desk.rows(form, "day"), {**desk.settings_on(desk.day)})
    if before is None:
        return [today]
    yesterday = desk.day - timedelta(days=1)
    return [DayRows(yesterday, before, {**desk.settings_on(yesterday)}), today]


def keep_tables(desk: Desk, ledger: Ledger) -> None:
    """Keep what tomorrow's lists of changes compare with."""
    for form in desk.forms:
        for source, spec in form.derived.items():
            if isinstance(spec, Classes):
                table = kept_classes(desk.table(form, source), desk.forms[spec.of].identifier.name)
                ledger.keep_table(kept_name(form), desk.day, table)
