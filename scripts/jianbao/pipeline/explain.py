"""Where a number comes from: definition, coverage, each unit's part, every row with its sheet and cell; and why it moved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from jianbao.errors import UsageError
from jianbao.facts import Facts, FigureFact
from jianbao.figures import by_part, tally
from jianbao.forms import FormSpec, IndicatorSpec, Role
from jianbao.forms.derived import ROWS
from jianbao.messages import _, did_you_mean, listed
from jianbao.pipeline.work import DayWork
from jianbao.project import Project
from jianbao.record import Record
from jianbao.retention import Purge, Purges
from jianbao.settings import Setting
from jianbao.supervision import places
from jianbao.validation import UNIT
from jianbao.values import Figure, SheetRow, said


@dataclass(frozen=True, slots=True)
class CountedRow:
    """A row that a figure counts. For the office alone."""

    day: date
    number: str
    name: str
    unit: str
    said: str
    place: SheetRow


@dataclass(frozen=True, slots=True)
class RowPair:
    """One subject's rows as they were on the earlier day and as they are on the later; None where there is none at all."""

    was: CountedRow | None
    now: CountedRow | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """A figure with everything it rests on. `by_unit` is (value, received) a unit."""

    figure: Figure
    form: FormSpec
    indicator: IndicatorSpec
    by_unit: dict[str, tuple[int | float | None, int]]
    rows: tuple[CountedRow, ...]
    rules: Mapping[str, Setting]
    """The dated settings that it rests on, as they were in force."""


@dataclass(frozen=True, slots=True)
class Released:
    """A figure of a day whose rows were deleted after their time: what the record says of it, and when they went."""

    facts: Facts
    figure: FigureFact
    purge: Purge


@dataclass(frozen=True, slots=True)
class Moved:
    """Why a figure of two days is not the same: rows that came to be counted, went, or are counted with another answer."""

    before: Explanation
    after: Explanation
    came: tuple[RowPair, ...]
    went: tuple[RowPair, ...]
    changed: tuple[RowPair, ...]


def released(project: Project, name: str, day: date | None) -> Released | None:
    """Return what the record says of a figure of a day whose rows are deleted; None where they are not.

    Raises UsageError where the record holds no such figure of that day.
    """
    purge = Purges.open(project.private).of(day) if day else None
    if purge is None or day is None:
        return None
    facts = Record.open(project.record).facts.get(day)
    figure = next((f for f in facts.figures if name in (f.name, f.title)), None) if facts else None
    if facts is None or figure is None:
        raise UsageError(_("{day} 的逐行数据已于 {on} 删除，记录里也没有这一天的指标 {name}").format(day=day, on=purge.on, name=name))
    return Released(facts, figure, purge)


def moved(earlier: DayWork, later: DayWork, name: str) -> Moved:
    """Return why a figure is another number on a later day."""
    one, other = explain(earlier, name), explain(later, name)
    was, now = _by_number(one.rows), _by_number(other.rows)
    all_was, all_now = (_by_number(tuple(_rows(w, e.form, e.indicator, everyone=True))) for w, e in ((earlier, one), (later, other)))
    came = tuple(RowPair(all_was.get(n), row) for n, row in now.items() if n not in was)
    went = tuple(RowPair(row, all_now.get(n)) for n, row in was.items() if n not in now)
    changed = tuple(RowPair(was[n], row) for n, row in now.items() if n in was and was[n].said != row.said)
    return Moved(one, other, came, went, changed)


def _plain(value: Any) -> int | float | None:
    """Return a number of a frame as Python's own; None where there is none."""
    if value is None or value != value:  # noqa: PLR0124  # a number that is none differs from itself
        return None
    return int(value) if float(value).is_integer() else float(value)


def _by_number(rows: Sequence[CountedRow]) -> dict[str, CountedRow]:
    """Return each subject's row; of several days the last."""
    return {row.number: row for row in rows}


def explain(work: DayWork, name: str) -> Explanation:
    """Return where a figure of the day comes from.

    Raises UsageError where no figure is called so.
    """
    declared, figure = work.forms.indicator(name), work.figure(name)
    if declared is None and figure is not None:
        raise UsageError(_("{title} 由各单位报告的状态得来").format(title=figure.title), _("各单位的状态见 jianbao check。"))
    if declared is None or figure is None:
        known = [i.title for f in work.forms for i in f.indicators]
        raise UsageError(
            _("没有名为 {name} 的指标").format(name=name) + did_you_mean(name, known), _("可用的有：{names}").format(names=listed(known))
        )
    form, indicator = declared
    days = work.window(form, indicator)
    parts = by_part(tally(form, indicator, days, work.registers), indicator, UNIT)
    by_unit = {str(unit): (_plain(row["value"]), int(row["received"])) for unit, row in parts.iterrows()}
    rules = {name: value for name, value in work.project.settings.on(work.day).items() if _rests_on(indicator, name)}
    return Explanation(figure, form, indicator, by_unit, tuple(_rows(work, form, indicator)), rules)


def _answer(value: Any) -> str:
    """Return an answer as people say it; what was divided (days of cover) to two places."""
    return said(round(value, 2) if isinstance(value, float) else value) or ""


def _rests_on(indicator: IndicatorSpec, setting: str) -> bool:
    """Whether a figure's own rules name a setting; one counted in a derived table may rest on any."""
    asked = [e for e in (indicator.where, indicator.among) if e is not None]
    return indicator.source != ROWS or any(setting in e.names for e in asked)


def _rows(work: DayWork, form: FormSpec, indicator: IndicatorSpec, *, everyone: bool = False) -> Iterator[CountedRow]:
    name = form.role(Role.NAME)
    shown = sorted(indicator.reads) or [form.identifier.name]
    for day in work.whole_window(form, indicator):
        rows = day.rows.filter(indicator.where.holds(day.rows, day.settings)) if indicator.where and not everyone else day.rows
        for row, place in zip(rows.to_pylist(), places(rows), strict=True):
            told = listed(_answer(row.get(f)) for f in shown)
            named = str(row.get(name.name) or "") if name else ""
            yield CountedRow(day.day, str(row.get(form.identifier.name) or ""), named, row[UNIT] or "", told, place)
