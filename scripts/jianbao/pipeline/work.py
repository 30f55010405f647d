"""A day's work: readings → findings → ledger → states → figures. Every verb that speaks of a day starts here."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import chain

import pyarrow as pa
import pyarrow.compute as pc

from jianbao import files
from jianbao.engine import open_engine
from jianbao.errors import Refused, UsageError
from jianbao.facts import Facts
from jianbao.figures import DayRows, fallen, unbalanced
from jianbao.followup import Alert, alerts_of, day_alerts, merged
from jianbao.forms import FormSet, FormSpec, IndicatorSpec, Kind, Subject
from jianbao.forms.derived import ROWS, Rounds, ViewSpec
from jianbao.forms.load import load_forms, parse_window
from jianbao.forms.spec import reach
from jianbao.ledger import PLACES, Change, Ledger, Mark, changed_rows, row_keys, with_first_seen
from jianbao.ledgers import Desk, Judged, judge
from jianbao.messages import _
from jianbao.pipeline.counting import Counter, day_figures
from jianbao.pipeline.desk import figure_rows, keep_tables, open_desk, settings_on
from jianbao.pipeline.evidence import Evidence
from jianbao.pipeline.patterns import day_patterns
from jianbao.pipeline.pull import Pulled, known_days, pull
from jianbao.pipeline.unreached import unreached_sheets
from jianbao.project import Project
from jianbao.record import Record
from jianbao.retention import Purges
from jianbao.snapshots import Snapshot, SnapshotStore
from jianbao.supervision import Completeness, Timeliness, stale, unit_days, unit_findings
from jianbao.validation import (
    Checked,
    Registers,
    Roster,
    SheetCount,
    check_day,
    unit_list,
)
from jianbao.values import Code, Figure, FindingBlock, Severity, Unreached

Moved = Mapping[date, Collection[tuple[str, date]]]


@dataclass(frozen=True, slots=True)
class DayWork:
    """Everything known of a day at one moment.

    `checked` holds, by form, the day of each form that is no register; `desk` gives the rows and tables of all.
    """

    project: Project
    forms: FormSet
    day: date
    as_of: datetime
    registers: Registers
    checked: Mapping[str, Checked]
    completeness: Completeness
    findings: tuple[FindingBlock, ...]
    figures: tuple[Figure, ...]
    counts: tuple[SheetCount, ...]
    unread: tuple[str, ...]
    alerts: tuple[Alert, ...]
    snapshots: tuple[Snapshot, ...]
    other_days: tuple[date, ...]
    ledger: Ledger
    store: SnapshotStore
    desk: Desk
    unreached: tuple[Unreached, ...] = ()
    purges: Purges = field(default_factory=Purges)
    released: Facts | None = None
    """The day's facts as last released, where rows they rest on may be gone."""
    back_dated: Moved = field(default_factory=dict)
    """By published day, the days of forms whose rows have changed since and that its figures read."""
    """The other published days whose rows are not what they were when they were last kept."""

    def snapshot_bytes(self, snapshot: Snapshot) -> bytes:
        """Return a snapshot's bytes."""
        return self.store.read(snapshot)

    @property
    def people(self) -> tuple[Checked, ...]:
        """The daily forms of persons."""
        return tuple(c for c in self.checked.values() if c.form.subject is Subject.PERSON and c.form.kind is Kind.DAILY)

    def figure(self, name: str) -> Figure | None:
        """Return a figure by its name or title."""
        return next((f for f in self.figures if name in (f.name, f.title)), None)

    def is_cut(self, form: FormSpec, view: ViewSpec) -> bool:
        """Whether a table or list would rest on rows that were deleted after their time."""
        return self.purges.cuts(self.forms, form, view.source, parse_window(view.window), self.day)

    def window(self, form: FormSpec, indicator: IndicatorSpec) -> list[DayRows]:
        """Return the accepted rows that a figure of the day reads, a day each, with the columns it reads."""
        return figure_rows(self.desk, self.ledger, form, indicator)

    def whole_window(self, form: FormSpec, indicator: IndicatorSpec) -> list[DayRows]:
        """Return the same rows with every column, and where each stands."""
        return figure_rows(self.desk, self.ledger, form, indicator, whole=True)


def work_day(project: Project, *, as_of: datetime, day: date | None = None) -> DayWork:
    """Pull, read, check and count one day; without `day` the newest, not after `as_of`, that has a report.

    Raises UsageError where the day has not come yet, or the inbox has no report of any day.
    """
    _refuse_to_come(day, as_of)
    forms = load_forms(project.forms, project.settings.names)
    return work_pulled(project, pull(project, forms, as_of=as_of, day=day), as_of=as_of, day=day)


def work_pulled(project: Project, pulled: Pulled, *, as_of: datetime, day: date | None = None) -> DayWork:
    """Check and count one day of what was pulled.

    Raises UsageError where there is no report of any day, Refused where the day's rows were deleted after their time.
    """
    forms, purges = pulled.forms, Purges.open(project.private)
    days = [d for d in _report_days(pulled, forms) if d >= purges.before]
    chosen = day or _newest(days, as_of.date(), pulled)
    _refuse_purged(purges, chosen)
    pulled.settle_day(chosen)
    record = Record.open(project.record)
    evidence = Evidence.of(pulled, frozenset(line.day for line in record.lines))
    registers, register_days = registers_on(evidence, forms, chosen, project)
    ledger = Ledger(project.private / "ledger")
    bench = _Bench(project, record, evidence, registers, ledger, chosen, as_of)
    checked = {form.name: bench.check(form, chosen) for form in forms if form.kind is not Kind.REGISTER}
    beside = list(bench.check_beside(forms))
    moved: dict[date, set[tuple[str, date]]] = {}
    changes = list(bench.catch_up(forms, purges.before, moved))
    pulled.save()
    unreached = tuple(unreached_sheets(pulled, registers))
    completeness, about_units = supervised(project, forms, checked, registers, chosen, pulled.store.pulls, unreached)
    known = {**register_days, **checked}
    desk = open_desk(project, forms, ledger, lambda form: known[form.name].accepted, registers, chosen, as_of)
    judged = {form: judge(desk, form) for form in forms}
    released = record.facts.get(chosen) if purges.done else None
    figures = tuple(grounded(_figures(project, desk, ledger, completeness, as_of), purges, forms, chosen, released))
    monotonic = [i.name for f in forms if f.patterns.falls for i in f.indicators if i.monotonic]
    found = chain(
        pulled.findings, _file_findings(pulled, chosen), _stale(pulled, chosen),
        *(c.findings for c in register_days.values()), *(c.findings for c in checked.values()), *(c.findings for c in beside),
        about_units, changes, day_patterns(forms, checked.values(), figures, ledger, chosen),
        fallen(figures, ledger.figures_before(chosen), monotonic), *(j.findings for j in judged.values()),
        *(unbalanced(form, figures, ledger.figures_on(chosen - timedelta(days=1))) for form in forms),
    )  # fmt: skip
    alerts = merged([Alert(**a) for a in ledger.alerts(chosen)], _alerts(checked, judged))
    keep_tables(desk, ledger)
    ledger.write_alerts(chosen, [a.plain for a in alerts])
    ledger.write_figures(chosen, {f.name: f.value for f in figures})
    counts = [*chain(*(c.counts for c in register_days.values())), *chain(*(c.counts for c in checked.values()))]
    return DayWork(
        project=project, forms=forms, day=chosen, as_of=as_of, registers=registers, checked=checked, completeness=completeness,
        findings=tuple(found), figures=figures, counts=_merged(counts), unread=tuple(_unread(pulled)),
        alerts=tuple(alerts), snapshots=bench.used(checked, register_days),
        other_days=tuple(d for d in days if d != chosen), ledger=ledger, store=pulled.store,
        desk=desk, unreached=unreached, back_dated=moved, purges=purges, released=released,
    )  # fmt: skip


def _alerts(checked: Mapping[str, Checked], judged: Mapping[FormSpec, Judged]) -> list[Alert]:
    return [*day_alerts(checked.values()), *(a for form, found in judged.items() for a in alerts_of(form, found.alerts))]


def _refuse_to_come(day: date | None, as_of: datetime) -> None:
    """Refuse a day after today: a slip of the month would be published, sealed, and numbered for good."""
    if day is not None and day > as_of.date():
        today = _("今天是 {today}，请核对日期的年、月、日。").format(today=as_of.date())
        raise UsageError(_("{day} 还没有到").format(day=day), today)


def _refuse_purged(purges: Purges, day: date) -> None:
    if purge := purges.of(day):
        raise Refused(
            _("{day} 的逐行数据已于 {on} 按保存期限删除").format(day=day, on=purge.on),
            _("已发布的数字仍在记录中：jianbao explain 指标 --date {day}。").format(day=day),
        )


def grounded(figures: Iterable[Figure], purges: Purges, forms: FormSet, day: date, released: Facts | None) -> Iterator[Figure]:
    """Yield figures; one whose days reach back to rows that are gone is what was released, or has no value: a part is not the whole."""
    for figure in figures:
        declared = forms.indicator(figure.name)
        if declared is None or not purges.cuts(forms, declared[0], declared[1].source, declared[1].window, day):
            yield figure
            continue
        fact = released.figure(figure.name) if released else None
        yield replace(figure, value=fact.value, received=fact.received, expected=fact.expected) if fact else replace(figure, value=None)


def pull_only(project: Project, *, as_of: datetime, day: date | None = None) -> Pulled:
    """Take what is new in the inbox, read it, and keep both; nothing is checked."""
    _refuse_to_come(day, as_of)
    forms = load_forms(project.forms, project.settings.names)
    pulled = pull(project, forms, as_of=as_of, day=day)
    days = _report_days(pulled, forms)
    pulled.settle_day(day or next((d for d in reversed(days) if d <= as_of.date()), as_of.date()))
    pulled.save()
    return pulled


def _report_days(pulled: Pulled, forms: FormSet) -> list[date]:
    """Return the days that are reported on: those of daily forms or, where the inbox has none, of other ones but plans."""
    known = {(d, forms[form].kind) for d, form in known_days(pulled)}
    daily = {d for d, kind in known if kind is Kind.DAILY}
    return sorted(daily or {d for d, kind in known if kind not in (Kind.REGISTER, Kind.PLAN)})


def _newest(days: Sequence[date], today: date, pulled: Pulled) -> date:
    """Return the newest day with a report; that of sheets which state none is today."""
    past = [d for d in days if d <= today]
    if past:
        return past[-1]
    if any(None in d for s in pulled.fresh for d in pulled.summary(s).values()):
        return today
    raise UsageError(_("收件文件夹里没有任何一天的报告"), _("请把各单位的表格放进收件文件夹（默认 inbox），再运行一次。"))


def registers_on(evidence: Evidence, forms: FormSet, day: date, project: Project) -> tuple[Registers, dict[str, Checked]]:
    """Return the rosters and the unit list of a day: the newest pulled by then, of each file."""
    found: dict[str, Checked] = {}
    registers = Registers(titles={f.name: f.title for f in forms})
    for form in sorted((f for f in forms if f.kind is Kind.REGISTER), key=lambda f: _depth(f, forms)):
        sheets = list(evidence.register_sheets(form, day))
        found[form.name] = check_day(form, None, sheets, registers, settings_on(project, day))
        registers = _with(registers, form, forms, found[form.name].accepted)
    return registers, found


def _depth(form: FormSpec, forms: FormSet) -> int:
    """Return after how many others a register is read: the unit list first, then those that refer to what is read by then."""
    if form is forms.unit_list:
        return 0
    named = [forms[r.form] for r in form.references if r.form != form.name]
    others = [f for f in named if f.kind is Kind.REGISTER]
    return 1 + max((_depth(f, forms) for f in others if f is not forms.unit_list), default=0)


def _with(registers: Registers, form: FormSpec, forms: FormSet, accepted: pa.Table) -> Registers:
    """Return the registers with one more."""
    tables = {**registers.tables, form.name: accepted}
    rosters = {**registers.rosters, form.name: Roster(form, accepted)} if form in forms.rosters and accepted.num_rows else registers.rosters
    units = unit_list(form, accepted) if form is forms.unit_list else registers.units
    return Registers(rosters, units, tables, registers.titles)


@dataclass(frozen=True, slots=True)
class _Bench:
    """Checks the days of forms and keeps their accepted rows."""

    project: Project
    record: Record
    evidence: Evidence
    registers: Registers
    ledger: Ledger
    day: date
    as_of: datetime

    def check(self, form: FormSpec, day: date) -> Checked:
        """Check a form's day and keep its rows, with what has changed in them since they were last kept."""
        checked, _changes = self._check(form, day)
        return checked

    def _check(self, form: FormSpec, day: date) -> tuple[Checked, list[Change]]:
        checked = check_day(form, day, list(self.evidence.sheets(form, day)), self.registers, settings_on(self.project, day))
        was = self.ledger.read(form, day)
        checked = replace(checked, accepted=with_first_seen(form, checked.accepted, was, self.as_of))
        if was is None and not checked.accepted.num_rows:
            return checked, []
        changes = changed_rows(form, was, checked.accepted) if was is not None and not _same(was, checked.accepted) else []
        if changes:
            self.ledger.add_changes(form, day, changes, self.as_of)
        self.ledger.write(form, day, checked.accepted, self._inputs(form, day))
        return checked, changes

    def catch_up(self, forms: FormSet, since: date, moved: dict[date, set[tuple[str, date]]]) -> Iterator[FindingBlock]:
        """Check every other day from `since` on that the files at hand speak of and whose sheets are not those last checked.

        Yields what has changed on days that were published; adds to `moved` each published day whose figures read such a day.
        """
        marks: dict[str, Mapping[date, Mark]] = {}
        for day, name in sorted(set(known_days(self.evidence.pulled))):
            form = forms[name]
            if form.kind is Kind.REGISTER or day == self.day or day < since:
                continue
            if name not in marks:  # each day is looked at once, before its own rows are written
                marks[name] = self.ledger.marks(form)
            if day in marks[name] and marks[name][day].inputs == self._inputs(form, day):
                continue
            checked, changes = self._check(form, day)
            came = checked.accepted.num_rows if day not in marks[name] else 0
            for one in self._resting_on(form, day) if changes or came else ():
                moved.setdefault(one, set()).add((name, day))
            if changes and day in self.evidence.published:
                awaited = self._awaited(form, day, checked.accepted)
                yield from _back_dated(form, day, (c for c in changes if not (c.came and c.key in awaited)))

    def _resting_on(self, form: FormSpec, day: date) -> Iterator[date]:
        """Yield the other published days with a figure that reads a day of this form, and the day itself."""
        for one, facts in self.record.facts.items():
            stated = {f.name for f in facts.figures}
            reads = (_reads(form, i, one) for i in form.indicators if i.name in stated)
            if one != self.day and (one == day or any(first <= day <= last for first, last in reads)):
                yield one

    def _awaited(self, form: FormSpec, day: date, rows: pa.Table) -> set[str]:
        """Return the keys of the rows of such rounds of a day as were not due yet when it was published."""
        released = self.record.facts.get(day)
        asked = next((s for s in form.derived.values() if isinstance(s, Rounds)), None)
        if released is None or asked is None or released.as_of.date() != day:
            return set()
        later = [one.title for one in asked.each if one.due and one.due > released.as_of.time()]
        return set(row_keys(form, rows.filter(pc.is_in(rows.column(asked.field), value_set=pa.array(later, pa.string())))))

    def check_beside(self, forms: FormSet) -> Iterator[Checked]:
        """Check the other days that this day's figures rest on or that are still to come: the week's reports, the plans.

        A day that was planned once and that no file speaks of any more is planned no more.
        """
        planned = {(day, f.name) for f in forms if f.kind is Kind.PLAN for day in self.ledger.days(f)}
        for day, name in sorted({*known_days(self.evidence.pulled), *planned}):
            kind, away = forms[name].kind, (day - self.day).days
            if (kind is Kind.WEEKLY and -7 < away < 0) or (kind is Kind.PLAN and away > 0):
                yield self.check(forms[name], day)

    def _inputs(self, form: FormSpec, day: date) -> str:
        said = [f"{form.sha256}\n{sorted(self.project.settings.on(day).items())}"]
        said += [f"{s.file}\n{s.sha256}\n{s.day}" for s in self.evidence.snapshots(form, day)]
        return files.sha256("\n".join(said).encode())

    def used(self, *days: Mapping[str, Checked]) -> tuple[Snapshot, ...]:
        """Return the snapshots that the rows of these forms' days stand in."""
        digests = {d for day in days for checked in day.values() for d in checked.snapshots}
        return tuple(s for _name, s in sorted(self.evidence.pulled.store.by_digest(digests).items()))


def _reads(form: FormSpec, indicator: IndicatorSpec, day: date) -> tuple[date, date]:
    """Return the first and last day that a figure of `day` reads; a table derived from what runs on may read all."""
    runs_on = indicator.source != ROWS and form.kind is not Kind.DAILY
    return reach("to_date" if runs_on else indicator.window, day)


def _same(was: pa.Table, now: pa.Table) -> bool:
    return bool(now.num_rows == was.num_rows and now.drop_columns(list(PLACES)).equals(was.drop_columns(list(PLACES))))


def _back_dated(form: FormSpec, day: date, changes: Iterable[Change]) -> Iterator[FindingBlock]:
    import numpy as np

    for change in changes:
        # a log is often kept after the fact, and a row that comes late changes none that was published
        severity = Severity.ALERT if form.kind is Kind.DAILY and not change.came else Severity.WARNING
        spec = form.by_name.get(change.field or "")
        what = spec.title if spec else _("整行")
        note = _("{day} 的“{what}”原为 {was}，现为 {now}").format(
            day=day, what=what, was=change.was or _("（空）"), now=change.now or _("（空）")
        )
        yield FindingBlock(
            Code.BACK_DATED_CHANGE, severity, change.file, change.sheet, field=change.field, title=what,
            rows=np.array([change.row], np.int32), columns=change.column, found=change.now, expected=change.was, note=note,
        )  # fmt: skip


def supervised(
    project: Project, forms: FormSet, checked: Mapping[str, Checked], registers: Registers, day: date, pulls: Sequence[datetime],
    unreached: Sequence[Unreached],
) -> tuple[Completeness, list[FindingBlock]]:  # fmt: skip
    """Return the state of each unit on a day, and what its report gets wrong about itself."""
    form = forms.unit_report
    if form is None or form.name not in checked:
        return Completeness(()), []
    settings, report = project.settings, checked[form.name]
    people = [c for c in checked.values() if c.form.subject is Subject.PERSON and c.form.kind is Kind.DAILY]
    timeliness = Timeliness(settings.deadline or form.deadline, settings.permissions, pulls, project.zone)
    days = unit_days(report, people, registers, settings_on(project, day), timeliness, unreached)
    # the people of a dormitory are students already, and are not counted again
    counted = [c for c in people if c.form.roster and not forms[c.form.roster.form].roster]
    return days, list(unit_findings(report, counted, days, registers))


def _figures(project: Project, desk: Desk, ledger: Ledger, completeness: Completeness, as_of: datetime) -> Iterator[Figure]:
    with open_engine(project.settings.engine) as engine:
        counter = Counter(desk, ledger, engine, as_of, completeness.expected)
        yield from day_figures(counter, completeness)


def _file_findings(pulled: Pulled, day: date) -> Iterator[FindingBlock]:
    """Yield what is wrong with whole files and sheets; of files first seen for another day only the remarks are left out."""
    for snapshot in pulled.present.values():
        pulled.summary(snapshot)  # read, if it never was
        worst = pulled.readings.worst(pulled.key(snapshot))
        own = _concerns(pulled, snapshot, day)
        if worst is None or (worst is Severity.INFO and not own):
            continue
        yield from (block for block in pulled.reading(snapshot).findings if own or block.severity is not Severity.INFO)


def _concerns(pulled: Pulled, snapshot: Snapshot, day: date) -> bool:
    days = {d for found in pulled.summary(snapshot).values() for d in found}
    return day in days or snapshot.day == day


def _stale(pulled: Pulled, day: date) -> Iterator[FindingBlock]:
    """Yield a finding for each undated file whose very bytes were there on an earlier day."""
    for snapshot in pulled.present.values():
        undated = any(None in d and pulled.forms[f].kind is not Kind.REGISTER for f, d in pulled.summary(snapshot).items())
        if undated and snapshot.day < day:
            yield stale(snapshot.file, snapshot.day)


def _unread(pulled: Pulled) -> Iterator[str]:
    """Yield the files that no sheet could be read from."""
    for name, snapshot in sorted(pulled.present.items()):
        if not pulled.summary(snapshot):
            yield name


def _merged(counts: Iterable[SheetCount]) -> tuple[SheetCount, ...]:
    return tuple(sorted(counts, key=lambda c: (c.file, c.sheet, c.form)))
