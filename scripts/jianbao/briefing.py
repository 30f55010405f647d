"""The daily briefing: a day's facts and the office's settings, as the values a template lays out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from jianbao.documents import Document
from jianbao.facts import Facts, FigureFact
from jianbao.figures import spoken_value
from jianbao.project import Settings

TEMPLATE: Final = "briefing.md.j2"


@dataclass(frozen=True, slots=True)
class FigureLine:
    """A figure ready to print. `said` is its value with its unit, or that nothing was stated."""

    name: str
    title: str
    said: str
    value: str
    unit: str
    received: int
    expected: int
    complete: bool
    definition: str


def figure_line(fact: FigureFact) -> FigureLine:
    """Return a figure with its value as text."""
    value = spoken_value(fact.value)
    return FigureLine(
        name=fact.name, title=fact.title, said=value if fact.value is None else f"{value} {fact.unit}", value=value, unit=fact.unit,
        received=fact.received, expected=fact.expected, complete=fact.received >= fact.expected, definition=fact.definition,
    )  # fmt: skip


def briefing_path(day: date) -> str:
    """Return where the briefing of a day stands below site/."""
    return f"briefings/{day.year}/{day.isoformat()}.md"


def chosen_figures(facts: Facts, settings: Settings) -> list[FigureFact]:
    """Return the figures that the briefing states: those the settings name, else those the forms put first."""
    if settings.briefing.figures:
        return [f for name in settings.briefing.figures if (f := facts.figure(name))]
    return [f for f in facts.figures if f.headline]


def briefing_values(facts: Facts, settings: Settings, *, issued: date, documents: Sequence[Document]) -> Mapping[str, Any]:
    """Return the values of `briefing.md.j2` (docs/templates.md lists them)."""
    own = settings.briefing
    sections = [
        "figures",
        "units",
        *(["news"] if facts.news else []),
        *(["documents"] if documents else []),
    ]
    return {
        "school": settings.school.name,
        "office": settings.school.office,
        "data_date": facts.day,
        "issued": issued,
        "as_of": facts.as_of,
        "figures": [figure_line(f) for f in chosen_figures(facts, settings)],
        "others": [figure_line(f) for f in facts.figures if f not in chosen_figures(facts, settings)],
        "units": facts.units,
        "rows": facts.rows,
        "news": facts.news,
        "documents": documents,
        "sections": [{"number": i, "kind": kind} for i, kind in enumerate(sections, 1)],
        "quote": own.quote,
        "quote_by": own.quote_by,
        "reminder_title": own.reminder_title,
        "reminder": own.reminder,
    }


def front_matter(facts: Facts, settings: Settings, *, issued: date, number: int | None, signed_by: str) -> dict[str, Any]:
    """Return the briefing's front matter, as a draft where nobody signs."""
    meta: dict[str, Any] = {
        "title": settings.briefing.title,
        "kind": "briefing",
        "status": "signed" if signed_by else "draft",
        "date": issued,
        "data_date": facts.day,
        "issuer": settings.school.issued_by,
    }
    if number is not None:
        meta["number"] = f"第{number}期"
    if settings.briefing.mark:
        meta["mark"] = settings.briefing.mark
    if signed_by:
        meta |= {"signed_by": signed_by, "signed_on": issued}
    return meta
