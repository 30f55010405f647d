"""Indicators over time: what was published of each day, what was corrected since, in a chart, a sentence and a table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, Final

from jianbao.briefing import chosen_figures
from jianbao.clock import spoken_day, spoken_month_day
from jianbao.documents import Document, DocumentKind, Status
from jianbao.facts import Facts, FigureFact
from jianbao.figures import spoken_value
from jianbao.site.chart import Point, chart
from jianbao.site.edition import Edition, page_of, sections
from jianbao.site.tables import campus_table, figure_cells, grouped, parts_table

_DAYS: Final = 28


@dataclass(frozen=True, slots=True)
class Corrected:
    """What a released correction says a figure was, and where the correction stands; the wrong number stays to be read."""

    value: float | None
    path: str


@dataclass(frozen=True, slots=True)
class DayValue:
    """What was published of a figure for a day: `fact` is None where nothing was; `before` are the values it had earlier."""

    day: date
    facts: Facts | None
    fact: FigureFact | None
    before: tuple[float | None, ...] = ()
    corrected: Corrected | None = None

    @property
    def value(self) -> float | None:
        """The value as last released or as a correction says, None where there is none."""
        if self.corrected:
            return self.corrected.value
        return self.fact.value if self.fact else None

    @property
    def moved(self) -> bool:
        """Whether another number stood here before."""
        return bool(self.before or self.corrected)


def series(edition: Edition, name: str, *, days: int = 0) -> list[DayValue]:
    """Return a figure day by day without a day left out, from its first day to the newest; `days` are the most to go back."""
    found = successive(edition.history, name, days=days)
    said = corrections(edition.documents, name)
    return [replace(v, corrected=said.get(v.day)) for v in found]


def successive(history: Mapping[date, Sequence[Facts]], name: str, *, days: int = 0) -> list[DayValue]:
    """Return a figure's days from every released state of each, oldest first."""
    known = [day for day, states in history.items() if any(f.figure(name) for f in states)]
    if not known:
        return []
    last = max(known)
    first = max(min(known), last - timedelta(days=days - 1)) if days else min(known)
    return [_day_value(first + timedelta(days=n), history, name) for n in range((last - first).days + 1)]


def corrections(documents: Iterable[Document], name: str) -> dict[date, Corrected]:
    """Return what corrections in force say of a figure, by day; of two about one day the later."""
    found: dict[date, Corrected] = {}
    in_force = (d for d in documents if d.kind is DocumentKind.CORRECTION and d.data_date and d.status is Status.SIGNED)
    for document in sorted(in_force, key=lambda d: (d.on, d.path)):
        said = {f.name: Corrected(f.now, document.path) for f in document.figures}
        found |= {document.data_date: said[name]} if document.data_date and name in said else {}
    return found


def _day_value(day: date, history: Mapping[date, Sequence[Facts]], name: str) -> DayValue:
    states = history.get(day, ())
    stated = [(facts, fact) for facts in states if (fact := facts.figure(name))]
    if not stated:
        return DayValue(day, states[-1] if states else None, None)
    before = tuple(was.value for (_f, was), (_g, now) in pairwise(stated) if was.value != now.value)
    return DayValue(day, *stated[-1], before)


def sentence(found: Sequence[DayValue], unit: str) -> str:
    """Return what a series says, in a sentence: from where to where, lowest and highest, which days are missing or corrected."""
    stated = [(v.day, v.value) for v in found if v.value is not None]
    if not stated:
        return "还没有数据。"
    (first, start), (last, end) = stated[0], stated[-1]
    on = _in_span(first, last)
    if len(stated) == 1:
        text = f"{on(first)}为 {_said(start, unit)}。"
    elif all(value == start for _day, value in stated):
        text = f"{on(first)}至{on(last)}一直是 {_said(start, unit)}。"
    else:
        turn = "升至" if end > start else "降至" if end < start else "起伏后仍为"
        text = f"{on(first)}至{on(last)}由 {_said(start, unit)}{turn} {_said(end, unit)}"
        high, low = max(stated, key=lambda v: v[1]), min(stated, key=lambda v: v[1])
        extremes = [f"{word} {_said(v, unit)}（{on(d)}）" for word, (d, v) in (("最高", high), ("最低", low)) if v not in (start, end)]
        text += "".join(f"，{e}" for e in extremes) + "。"
    missing = sum(v.value is None for v in found)
    corrected = [v for v in found if v.moved]
    return (
        text
        + (f"其中 {missing} 天没有数据，不按零计。" if missing else "")
        + (f"有 {len(corrected)} 天的数发布后更正过。" if corrected else "")
    )


def _in_span(first: date, last: date) -> Callable[[date], str]:
    """Return how a day from `first` to `last` is said: with its year where they are of two."""
    return spoken_month_day if first.year == last.year else spoken_day


def _said(value: float, unit: str) -> str:
    return f"{spoken_value(value)} {unit}".strip()


def drawn(found: Sequence[DayValue], fact: FigureFact, facts: Facts) -> dict[str, Any]:
    """Return a figure's chart with its sentence and what its marks mean, for a template."""
    told = sentence(found, fact.unit)
    points = [Point(v.day, v.value, v.moved) for v in found]
    span = "至".join(map(_in_span(found[0].day, found[-1].day), (found[0].day, found[-1].day))) if found else ""
    return {
        "name": fact.name, "title": fact.title, "unit": fact.unit, "sentence": told, "span": span,
        "newest": figure_cells(facts, fact),
        "svg": chart(points, name=fact.name, title=f"{fact.title}逐日折线图，{span}"),
        "gaps": any(p.value is None for p in points), "corrected": any(p.corrected for p in points),
    }  # fmt: skip


def home_trend(edition: Edition) -> dict[str, Any] | None:
    """Return the start page's one chart: of the chosen figures the first that has moved, else the first."""
    facts = edition.latest
    if facts is None:
        return None
    chosen = chosen_figures(facts, edition.settings)
    found = [(f, series(edition, f.name, days=_DAYS)) for f in chosen]
    moved = [(f, s) for f, s in found if len({v.value for v in s if v.value is not None}) > 1]
    return next((drawn(s, f, facts) for f, s in (*moved, *found)), None)


def data_values(edition: Edition) -> dict[str, Any]:
    """Return what the data page lays out: the newest day's figures, charts of the chosen ones, tables of units and campuses."""
    facts = edition.latest
    if facts is None:
        return {"facts": None}
    charts = [drawn(series(edition, f.name, days=_DAYS), f, facts) for f in chosen_figures(facts, edition.settings)]
    tables = [
        parts_table(facts, facts.by_unit or {}, anchor="units", title="各单位数据", level="单位"),
        campus_table(facts, facts.by_campus or {}, groups=edition.settings.groups, whole=edition.settings.whole),
    ]
    groups = [
        {"title": g.title, "figures": [todays_cells(edition, facts, f) for f in g.members]}
        for g in grouped(facts.figures, edition.settings.groups)
    ]
    return {"facts": facts, "groups": groups, "charts": charts, "parts": [t for t in tables if t["bodies"]]}


def todays_cells(edition: Edition, facts: Facts, fact: FigureFact) -> dict[str, Any]:
    """Return a figure of the newest day as tables show it, with what a correction says of it."""
    return figure_cells(facts, fact) | {"corrected": _correction(corrections(edition.documents, fact.name).get(facts.day))}


def _correction(said: Corrected | None) -> dict[str, str] | None:
    return {"value": spoken_value(said.value), "path": f"{said.path.removesuffix('.md')}.html"} if said else None


def figure_pages(edition: Edition) -> Iterator[tuple[str, str]]:
    """Yield each figure's own page: its definition, its chart and its table of every day."""
    section = next(s for s in sections() if s.folder == "data")
    trail = [{"title": "首页", "path": "../index.md"}, {"title": section.title, "path": "index.md"}]
    facts = edition.latest
    if facts is None:
        return
    for fact in facts.figures:
        found = series(edition, fact.name)
        rows = [_row(v, fact.unit) for v in reversed(found)]
        values = {"trail": trail, "figure": fact, "chart": drawn(found, fact, facts), "rows": rows}
        meta = {
            "title": fact.title,
            "description": f"{edition.settings.school.name}{fact.title}逐日数值：{fact.definition}。",
            "hide": ["toc"],
        }
        yield f"data/{fact.name}.md", page_of(edition, "site/figure.md.j2", meta, values)


def _row(value: DayValue, unit: str) -> dict[str, Any]:
    shown = figure_cells(value.facts, value.fact) if value.facts and value.fact else None
    was = "、".join(_said(v, unit) if v is not None else "未报" for v in value.before)
    return {"day": value.day, "figure": shown, "published": value.facts is not None, "was": was, "corrected": _correction(value.corrected)}
