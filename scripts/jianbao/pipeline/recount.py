"""A period's figures, counted anew from the rows the ledger keeps: a day at a time, and of each day a part at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from types import MappingProxyType

import pyarrow as pa

from jianbao.engine import Engine, open_engine
from jianbao.errors import UsageError
from jianbao.figures import days_of
from jianbao.forms import FormSet, FormSpec, IndicatorSpec, Kind
from jianbao.forms.derived import ROWS
from jianbao.ledger import Ledger
from jianbao.ledgers import Desk
from jianbao.messages import _
from jianbao.pipeline.counting import Counter, Running, day_figures, groups
from jianbao.pipeline.desk import open_desk, settings_on
from jianbao.pipeline.evidence import Evidence
from jianbao.pipeline.folds import foldable
from jianbao.pipeline.work import grounded, pull_only, registers_on
from jianbao.progress import Watch
from jianbao.project import Project
from jianbao.record import Record
from jianbao.retention import Purges
from jianbao.supervision import Completeness, Timeliness, unit_days
from jianbao.validation import Checked, Registers, check_day
from jianbao.values import Figure


@dataclass(frozen=True, slots=True)
class Recounted:
    """A day's figures from its kept rows, and what they were when the day was last worked, by name."""

    day: date
    figures: tuple[Figure, ...]
    before: Mapping[str, int | float | None]

    @property
    def moved(self) -> tuple[Figure, ...]:
        """The figures that are not what they were."""
        return tuple(f for f in self.figures if f.name in self.before and self.before[f.name] != f.value)


@dataclass(frozen=True, slots=True)
class Stretch:
    """The days that are recounted, and the moment they are recounted at."""

    first: date
    last: date
    as_of: datetime


def recount(project: Project, stretch: Stretch) -> Iterator[Recounted]:
    """Yield the days of a stretch that rows are kept of, each with its figures.

    Raises UsageError where there is no such day.
    """
    if stretch.last < stretch.first:
        raise UsageError(_("--to {until} 早于 --from {since}").format(until=stretch.last, since=stretch.first), _("把两个日期对调。"))
    pulled = pull_only(project, as_of=stretch.as_of)
    ledger, purges = Ledger(project.private / "ledger"), Purges.open(project.private)
    since = max(stretch.first, purges.before)
    days = [day for day in _worked_days(ledger, pulled.forms) if since <= day <= stretch.last]
    if not days:
        raise UsageError(
            _("{first} 至 {last} 没有一天留有逐行数据").format(first=stretch.first, last=stretch.last),
            _("先办理这些天（jianbao check --date 日期），或换一段日期。"),
        )
    record, work = Record.open(project.record), rows_to_count(ledger, pulled.forms, days)
    evidence = Evidence.of(pulled, frozenset(line.day for line in record.lines))
    running: Running = {}
    counting = _Counting(sum(work.values()), project.watch)
    with open_engine(project.settings.engine) as engine:
        for day in days:
            registers, standing = registers_on(evidence, pulled.forms, day, project)
            released = record.facts.get(day)
            as_of = released.as_of if released else stretch.as_of
            desk = kept_desk(project, pulled.forms, ledger, registers, day=day, as_of=as_of, standing=standing)
            found = recount_day(project, desk, ledger, engine, running, counting.counted)
            yield replace(found, figures=tuple(grounded(found.figures, purges, pulled.forms, day, released)))


def recount_day(
    project: Project, desk: Desk, ledger: Ledger, engine: Engine, running: Running, watch: Callable[[int], None]
) -> Recounted:  # fmt: skip
    """Return a day's figures from its kept rows; `running` is what the days before have come to, as far as they were counted."""
    completeness, as_of = _completeness(project, desk), desk.as_of.replace(tzinfo=project.zone)
    counter = Counter(desk, ledger, engine, as_of, completeness.expected, running, watch)
    return Recounted(desk.day, tuple(day_figures(counter, completeness)), ledger.figures_on(desk.day))


def kept_desk(
    project: Project, forms: FormSet, ledger: Ledger, registers: Registers, *,
    day: date, as_of: datetime, standing: Mapping[str, Checked] = MappingProxyType({}),
) -> Desk:  # fmt: skip
    """Return the desk of a day whose rows are in the ledger; `standing` are the registers as they were checked."""

    def today(form: FormSpec) -> pa.Table:
        if form.name in standing:
            return standing[form.name].accepted
        rows = ledger.read(form, day)
        return rows if rows is not None else check_day(form, day, [], registers, settings_on(project, day)).accepted

    return open_desk(project, forms, ledger, today, registers, day, as_of)


def rows_to_count(ledger: Ledger, forms: FormSet, days: Sequence[date]) -> dict[date, int]:
    """Return how many rows of the ledger counting each day reads, one day after the other."""
    found = dict.fromkeys(days, 0)
    for form in forms:
        kept = {day: rows.rows for day in ledger.days(form) if (rows := ledger.kept(form, day))} if form.indicators else {}
        for group in groups(form, kept=True) if kept else ():
            for day in days:
                found[day] += sum(kept.get(one, 0) for one in _days_read(form, group[0], day, kept))
            if any(foldable(form, i) for i in group):
                found[days[0]] += sum(rows for one, rows in kept.items() if one < days[0])
    return found


def _days_read(form: FormSpec, indicator: IndicatorSpec, day: date, known: Iterable[date]) -> list[date]:
    """Return the days whose rows a figure takes from the ledger part by part."""
    if indicator.source != ROWS or form.kind is Kind.REGISTER or indicator.window in ("week", "latest"):
        return []
    return [day] if foldable(form, indicator) else days_of(indicator, day, known)


def _worked_days(ledger: Ledger, forms: FormSet) -> list[date]:
    """Return the days that rows of daily forms are kept of or, where there are none, of others but plans."""
    by_kind = {form: set(ledger.days(form)) for form in forms if form.kind not in (Kind.REGISTER, Kind.PLAN)}
    daily = set[date]().union(*(days for form, days in by_kind.items() if form.kind is Kind.DAILY))
    return sorted(daily or set[date]().union(*by_kind.values()))


def _completeness(project: Project, desk: Desk) -> Completeness:
    """Return which units have reported on a day, by the rows kept of their reports."""
    form = desk.forms.unit_report
    if form is None:
        return Completeness(())
    settings = settings_on(project, desk.day)
    report = replace(check_day(form, desk.day, [], desk.registers, settings), accepted=desk.rows(form, "day"))
    timeliness = Timeliness(project.settings.deadline or form.deadline, project.settings.permissions, (), project.zone)
    return unit_days(report, (), desk.registers, settings, timeliness)


@dataclass(slots=True)
class _Counting:
    """How many of the rows have been counted."""

    whole: int
    watch: Watch
    done: int = 0

    def counted(self, rows: int) -> None:
        self.done += rows
        self.watch(_("计算"), self.done, self.whole)
