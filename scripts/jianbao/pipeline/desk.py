"""A day's desk laid out: where each ledger's rows come from, and what of its tables is kept for tomorrow."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta

import pyarrow as pa

from jianbao.figures import DayRows, columns_of, days_of, window_days
from jianbao.forms import FormSet, FormSpec, IndicatorSpec, Kind
from jianbao.forms.derived import ROWS, Classes
from jianbao.forms.expression import TODAY, Setting
from jianbao.forms.spec import Window
from jianbao.ledger import KeptDay, Ledger
from jianbao.ledgers import Desk
from jianbao.ledgers.classes import kept_classes, kept_name
from jianbao.ledgers.desk import latest_rows
from jianbao.pipeline.folds import foldable, folded
from jianbao.project import Project
from jianbao.retention import Purges
from jianbao.validation import Registers


def settings_on(project: Project, day: date) -> Mapping[str, Setting]:
    """Return what expressions may name beside columns: the settings in force on a day, and the day."""
    return {**project.settings.on(day), TODAY: day}


Today = Callable[[FormSpec], pa.Table]
"""Gives a form's accepted rows of the day, of a register what stands."""


def open_desk(
    project: Project, forms: FormSet, ledger: Ledger, today: Today, registers: Registers, day: date, as_of: datetime
) -> Desk:  # fmt: skip
    """Return the desk of a day."""
    return Desk(
        day=day, as_of=as_of.astimezone(project.zone).replace(tzinfo=None), forms=forms, registers=registers,
        settings_on=lambda d: settings_on(project, d), rows=_rows(ledger, today, day),
        before=lambda name: ledger.table_before(name, day), since=Purges.open(project.private).before,
    )  # fmt: skip


def _rows(ledger: Ledger, today: Today, day: date) -> Callable[[FormSpec, Window], pa.Table]:
    known: dict[tuple[str, Window], pa.Table] = {}

    def rows(form: FormSpec, window: Window) -> pa.Table:
        key = (form.name, window)
        if key not in known:
            known[key] = _read(ledger, today, day, form, window)
        return known[key]

    return rows


def _read(ledger: Ledger, today: Today, day: date, form: FormSpec, window: Window) -> pa.Table:
    """Return a form's rows over a window; of a plan all, of days to come too."""
    if form.kind is Kind.REGISTER or (window == "day" and form.kind is not Kind.PLAN):
        return today(form)
    days = sorted({*ledger.days(form), day}) if form.kind is Kind.PLAN else window_days(window, day, ledger.days(form))
    own = today(form)
    tables = [own.slice(0, 0), *(own if one == day else ledger.read(form, one) for one in days)]
    rows = pa.concat_tables([t for t in tables if t is not None], promote_options="permissive").unify_dictionaries().combine_chunks()
    return latest_rows(rows, form.keys) if window in ("week", "latest") else rows


def figure_rows(desk: Desk, ledger: Ledger, form: FormSpec, indicator: IndicatorSpec, *, whole: bool = False) -> list[DayRows]:
    """Return the rows that a figure reads, a day each; `whole` with every column, and where each stands."""
    columns = None if whole else columns_of(form, indicator)
    found = []
    for one, rows in figure_sources(desk, ledger, form, indicator, whole=whole):
        table = ledger.read(form, one, columns) if isinstance(rows, KeptDay) else rows
        if table is not None:
            found.append(DayRows(one, table, desk.settings_on(one)))
    return found


def figure_sources(
    desk: Desk, ledger: Ledger, form: FormSpec, indicator: IndicatorSpec, *, whole: bool = False, kept: bool = False
) -> Iterator[tuple[date, pa.Table | KeptDay]]:
    """Yield where the rows are that a figure reads, a day each: at hand, or still in the ledger; with `kept` the day's own, too."""
    day = desk.day
    if indicator.source != ROWS:
        yield day, desk.table(form, indicator.source)
    elif form.kind is Kind.REGISTER or indicator.window in ("week", "latest"):
        rows = desk.rows(form, indicator.window)
        if form.kind is not Kind.REGISTER and indicator.distinct and indicator.of:
            rows = latest_rows(rows, (indicator.of,))  # what one has said last, whatever round it was said in
        yield day, rows
    elif foldable(form, indicator) and not whole:
        before = folded(ledger, form, indicator, day)
        if before is not None:
            yield day - timedelta(days=1), before
        yield day, _own_rows(desk, ledger, form, kept=kept)
    else:
        for one in days_of(indicator, day, ledger.days(form) if indicator.window != "day" else []):
            found = _own_rows(desk, ledger, form, kept=kept) if one == day else ledger.kept(form, one)
            if found is not None:
                yield one, found


def _own_rows(desk: Desk, ledger: Ledger, form: FormSpec, *, kept: bool) -> pa.Table | KeptDay:
    """Return the day's own rows where they are."""
    return (ledger.kept(form, desk.day) if kept else None) or desk.rows(form, "day")


def keep_tables(desk: Desk, ledger: Ledger) -> None:
    """Keep what tomorrow's lists of changes compare with."""
    for form in desk.forms:
        for source, spec in form.derived.items():
            if isinstance(spec, Classes):
                table = kept_classes(desk.table(form, source), desk.forms[spec.of].identifier.name)
                ledger.keep_table(kept_name(form), desk.day, table)
