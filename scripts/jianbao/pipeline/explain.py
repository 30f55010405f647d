"""Where a number comes from: definition, coverage, each unit's part, and every row with its sheet and cell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from jianbao.errors import UsageError
from jianbao.figures import by_part, tally
from jianbao.forms import FormSpec, IndicatorSpec, Role
from jianbao.messages import _, did_you_mean, listed
from jianbao.pipeline.work import DayWork
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
class Explanation:
    """A figure with everything it rests on. `by_unit` is (value, received) a unit."""

    figure: Figure
    form: FormSpec
    indicator: IndicatorSpec
    by_unit: dict[str, tuple[int | float | None, int]]
    rows: tuple[CountedRow, ...]


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
    by_unit = {str(unit): (row["value"], int(row["received"])) for unit, row in parts.iterrows()}
    return Explanation(figure, form, indicator, by_unit, tuple(_rows(work, form, indicator)))


def _rows(work: DayWork, form: FormSpec, indicator: IndicatorSpec) -> Iterator[CountedRow]:
    name = form.role(Role.NAME)
    shown = sorted(indicator.reads) or [form.identifier.name]
    for day in work.whole_window(form, indicator):
        rows = day.rows.filter(indicator.where.holds(day.rows, day.settings)) if indicator.where else day.rows
        for row, place in zip(rows.to_pylist(), places(rows), strict=True):
            told = listed(said(row.get(f)) or "" for f in shown)
            named = str(row.get(name.name) or "") if name else ""
            yield CountedRow(day.day, str(row.get(form.identifier.name) or ""), named, row[UNIT] or "", told, place)
