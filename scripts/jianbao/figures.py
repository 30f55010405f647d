"""Declared numbers: each with its definition, its coverage and its cut-off, for the school and for any part of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.compute as pc

from jianbao.counting import Partial, Question, added, count_part
from jianbao.forms import FormSpec, IndicatorSpec, Kind, Subject
from jianbao.forms.derived import ROWS
from jianbao.forms.expression import Setting
from jianbao.forms.spec import Window, reach
from jianbao.messages import _
from jianbao.validation import CAMPUS, CLASS, UNIT, Registers
from jianbao.values import Code, Figure, FindingBlock, Severity

if TYPE_CHECKING:
    import pandas as pd

KEY: Final = "key"
ANSWERED: Final = "answered"
HIT: Final = "hit"
AMOUNT: Final = "amount"


@dataclass(frozen=True, slots=True)
class DayRows:
    """The accepted rows of one form's day, and the settings in force on it."""

    day: date
    rows: pa.Table
    settings: Mapping[str, Setting]


def days_of(indicator: IndicatorSpec, day: date, known: Iterable[date]) -> list[date]:
    """Return the days a figure of `day` reads, of those for which rows are known."""
    return window_days(indicator.window, day, known)


def window_days(window: Window, day: date, known: Iterable[date]) -> list[date]:
    """Return the days of a window of `day`, of those for which rows are known, and its last day."""
    first, last = reach(window, day)
    return sorted(d for d in {*known, last} if first <= d <= last)


def columns_of(form: FormSpec, indicator: IndicatorSpec) -> list[str]:
    """Return the columns of a form's rows that a figure reads."""
    asked = [*sorted(indicator.reads), *([indicator.of] if indicator.of else [])]
    about = sorted(n for n in indicator.among.names if n in form.by_name) if indicator.among else []
    return list(dict.fromkeys([*form.keys, *asked, *about, UNIT, CLASS, CAMPUS]))


def state_figure(
    form: FormSpec, indicator: IndicatorSpec, days: Iterable[DayRows], *,
    day: date, as_of: datetime, registers: Registers, expected_units: int,
) -> Figure:  # fmt: skip
    """Return the figure for the whole school.

    `days` hold the rows of the window.
    """
    question = Question.of(form, indicator, registers)
    counted = [(d.day, count_part(question, d.rows, d.settings)) for d in days]
    return figure_of(form, question, counted, day=day, as_of=as_of, registers=registers, expected_units=expected_units)


def figure_of(
    form: FormSpec, question: Question, counted: Iterable[tuple[date, Partial]], *,
    day: date, as_of: datetime, registers: Registers, expected_units: int,
) -> Figure:  # fmt: skip
    """Return the figure that the counted parts of its rows come to, each with the day it is of.

    Coverage is that of the window's last day; of a log, whose lines nobody is expected to write on any one day, it is that
    of the window.
    """
    indicator, by_day = question.indicator, dict[date, Partial]()
    for one, partial in counted:
        by_day[one] = by_day[one] + partial if one in by_day else partial
    answered = {one: partial.answered.total for one, partial in by_day.items()}
    _first, last = reach(indicator.window, day)
    received, earlier = answered.get(last, 0), sum(n for one, n in answered.items() if one != last)
    stated = received or earlier
    if form.kind is Kind.LOG:
        received += earlier
    return Figure(
        name=indicator.name,
        title=indicator.title,
        value=added(by_day.values()).value(indicator) if stated else None,
        unit=indicator.unit,
        received=received,
        expected=_expected_of(form, indicator, by_day.get(day), registers, expected_units, received),
        as_of=as_of,
        day=day,
        form=form.name,
        definition=indicator.definition or indicator.title,
        public=indicator.public,
    )


def completeness_figures(received: int, expected: int, *, day: date, as_of: datetime) -> Iterator[Figure]:
    """Yield how many units must report and how many have: figures like any other, declared by no form."""
    told = ((UNITS_EXPECTED, "单位应报", expected, "当日应当报告的单位数，经批准不报的除外"),
            (UNITS_RECEIVED, "单位实报", received, "当日已经报告且报告有效的单位数"))  # fmt: skip
    for name, title, value, definition in told:
        yield Figure(name, title, value, "个", received, expected, as_of, day, "", definition)


UNITS_EXPECTED: Final = "units_expected"
UNITS_RECEIVED: Final = "units_received"


def _business(indicator: IndicatorSpec, day: DayRows) -> DayRows:
    """Return of a day's rows those that a figure is about."""
    return replace(day, rows=day.rows.filter(indicator.among.holds(day.rows, day.settings))) if indicator.among else day


def _expected_of(
    form: FormSpec, indicator: IndicatorSpec, today: Partial | None, registers: Registers, expected_units: int, received: int
) -> int:
    """Return how many answers there should be: of a derived table a row each."""
    if indicator.source != ROWS:
        return today.rows if today else 0
    return _expected(form, registers, expected_units, received)


def _each_row(form: FormSpec, indicator: IndicatorSpec) -> bool:
    """Whether every row is an answer of its own: those of derived tables, and events, whatever the first word of their key is."""
    return indicator.source != ROWS or form.subject is Subject.EVENT


def _expected(form: FormSpec, registers: Registers, expected_units: int, received: int) -> int:
    if form.is_unit_report:
        return expected_units
    if form.kind is Kind.DAILY and form.subject is not Subject.UNIT:
        roster = registers.roster_of(form)
        listed = registers.tables.get(form.rosters[0]) if form.rosters else None
        return len(roster) if roster is not None else received if listed is None else int(listed.num_rows)
    if form.subject is Subject.UNIT and form.kind in (Kind.DAILY, Kind.WEEKLY):
        return sum(not form.reporters or u.kind in form.reporters for u in registers.units.units.values())
    return received


def tally(form: FormSpec, indicator: IndicatorSpec, days: Sequence[DayRows], registers: Registers) -> pd.DataFrame:
    """Return a row a counted answer: `key`, `_unit`, `_class`, `_campus`, `answered`, `hit`, `amount`.

    The frame from which a figure of any part of the school is counted, and explained.
    """
    import pandas as pd

    named = [KEY, UNIT, CLASS, CAMPUS, ANSWERED, HIT, AMOUNT]
    none = pa.table([pa.array([], pa.bool_() if n in (ANSWERED, HIT) else pa.string()) for n in named], named)
    frames = []
    for day in (_business(indicator, d) for d in days):
        rows = day.rows
        hit = indicator.where.holds(rows, day.settings) if indicator.where else pa.array([True] * rows.num_rows, pa.bool_())
        answered = pa.array([True] * rows.num_rows, pa.bool_())
        for name in sorted(indicator.reads):
            answered = pc.and_(answered, pc.is_valid(rows.column(name)))
        amount = rows.column(indicator.of) if indicator.of else hit.cast(pa.int64())
        columns = [_key(form, indicator, day), rows.column(UNIT), rows.column(CLASS), rows.column(CAMPUS), answered, hit, amount]
        frames.append(pa.table(columns, named).to_pandas())
    frame: pd.DataFrame = pd.concat(frames, ignore_index=True) if frames else none.to_pandas()
    parents = registers.units.parents
    if parents and form.subject is Subject.UNIT and indicator.measure == "sum":
        frame.loc[frame[KEY].isin(parents), HIT] = False
    return frame


def _key(form: FormSpec, indicator: IndicatorSpec, day: DayRows) -> pa.ChunkedArray:
    """Return whom or what each row is about; where every row is an answer of its own, a name for each."""
    if not _each_row(form, indicator):
        return day.rows.column(form.identifier.name)
    return pa.chunked_array([pa.array([f"{day.day} {n}" for n in range(day.rows.num_rows)], pa.string())])


def by_part(frame: pd.DataFrame, indicator: IndicatorSpec, level: str) -> pd.DataFrame:
    """Return `value` and `received` for each unit, class or campus of a tally, indexed by its name.

    A part in which nobody answered has no value, not 0.
    """
    hits = frame[frame[HIT] & frame[ANSWERED]]
    grouped = hits.groupby(level, observed=True)
    if indicator.measure == "count":
        value = grouped[AMOUNT].nunique() if indicator.distinct else grouped[AMOUNT].count()
    else:
        value = grouped[AMOUNT].agg(indicator.measure)
    received = frame[frame[ANSWERED]].groupby(level, observed=True)[KEY].nunique()
    parts = received.to_frame("received")
    parts["value"] = value.reindex(parts.index)
    if indicator.measure in ("count", "sum"):
        parts["value"] = parts["value"].fillna(0)
    return parts[["value", "received"]]


def unbalanced(form: FormSpec, figures: Iterable[Figure], yesterday: Mapping[str, int | float | None]) -> Iterator[FindingBlock]:
    """Yield a finding for each total that is not yesterday's, and what came, less what went."""
    known = {f.name: f for f in figures}
    for balance in form.balances:
        total, came, went = (known.get(n) for n in (balance.total, balance.came, balance.went))
        was = yesterday.get(balance.total)
        if total is None or came is None or went is None or was is None or total.value is None:
            continue
        due = was + (came.value or 0) - (went.value or 0)
        if total.value != due:
            yield FindingBlock(
                Code.NOT_BALANCED, Severity.WARNING, _("（汇总）"), field=total.name, title=total.title,
                found=spoken_value(total.value), expected=spoken_value(due),
            )  # fmt: skip


def fallen(figures: Iterable[Figure], before: Mapping[str, int | float | None], monotonic: Iterable[str]) -> list[FindingBlock]:
    """Return a finding for each figure that can only rise and has fallen since the last day worked."""
    rising = set(monotonic)
    found = []
    for figure in figures:
        was = before.get(figure.name)
        if figure.name in rising and was is not None and figure.value is not None and figure.value < was:
            found.append(FindingBlock(
                Code.FELL_SILENTLY, Severity.WARNING, _("（汇总）"), field=figure.name, title=figure.title,
                found=spoken_value(figure.value), expected=spoken_value(was),
            ))  # fmt: skip
    return found


def spoken_value(value: float | None) -> str:
    """Return a number as pages print it: whole ones without a point; nothing stated is 未报, never 0."""
    if value is None:
        return "未报"
    return str(int(value)) if float(value).is_integer() else f"{value:.1f}"
