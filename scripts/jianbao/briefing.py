"""The briefing: a day's facts, what was done up to it, and the office's settings, as the values a template lays out.

A style is a template and the sections that it has where the settings name none; a school may add its own (docs/templates.md).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from jianbao.documents import Document, DocumentKind, Status
from jianbao.facts import DayEvents, Facts, FigureFact, NewsFact, TableFact
from jianbao.figures import spoken_value
from jianbao.settings import SectionSettings, Settings

TEMPLATE: Final = "briefing.md.j2"
ITEMS: Final = "items"
CHRONICLE: Final = "chronicle"
STYLES: Final[Mapping[str, tuple[SectionSettings, ...]]] = MappingProxyType({
    ITEMS: tuple(map(SectionSettings, ("figures", "units", "news", "documents"))),
    "meetings": (
        SectionSettings("figures"), SectionSettings("units", heading=""),
        *map(SectionSettings, ("meetings", "tasks", "announcements", "documents", "news")),
    ),
    CHRONICLE: (*map(SectionSettings, ("days", "tasks", "figures")), SectionSettings("units", heading="")),
})  # fmt: skip
"""The styles that ship, each with its sections where the settings name none."""

HEADINGS: Final[Mapping[str, str]] = MappingProxyType({
    "figures": "数据情况", "units": "单位报告情况", "news": "部门动态", "documents": "文件印发", "meetings": "会议情况",
    "announcements": "通告发布", "outreach": "宣传工作", "tasks": "任务督办", "days": "逐日工作",
})  # fmt: skip
_TAKEN: Final[Mapping[str, frozenset[DocumentKind]]] = MappingProxyType({
    "announcements": frozenset({DocumentKind.ANNOUNCEMENT}),
    "meetings": frozenset({DocumentKind.MINUTES, DocumentKind.MEETING, DocumentKind.SPEECH}),
})  # fmt: skip
"""Documents that have a section of their own: the section of documents leaves them to it where the briefing has one."""

_TASKS: Final = ("tasks_open", "tasks_overdue", "open_task_page")
"""The figures and the table of the tasks' form (`forms_schema/meeting_tasks.yaml`)."""

_POSTS: Final = ("posts_total", "reads_total")
"""The figures of the outreach log (`forms_schema/outreach.yaml`)."""

_ISSUED: Final = "发文"


def template_of(style: str) -> str:
    """Return the name of a style's template."""
    return TEMPLATE if style == ITEMS else f"briefing-{style}.md.j2"


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


def briefing_values(
    facts: Facts, settings: Settings, *, issued: date, documents: Sequence[Document], days: Sequence[DayEvents] = (), style: str = "",
) -> Mapping[str, Any]:  # fmt: skip
    """Return the values of a style's template (docs/templates.md lists them).

    `documents` and `days` are what was issued and done since the briefing before; without `style` it is the settings'.
    """
    own, style = settings.briefing, style or settings.briefing.style
    declared = own.section if own.section and style == own.style else STYLES.get(style, STYLES[ITEMS])
    given = _Given(facts, settings, documents, days or (DayEvents(facts.day, facts.news),), frozenset(s.kind for s in declared))
    sections = list(_numbered(given, [*declared, *(SectionSettings(k) for k in ("quote", "reminder") if k not in given.kinds)]))
    noted = {f.name: f for section in sections for f in section.get("figures", ())}
    return {
        "school": settings.school.name,
        "office": settings.school.office,
        "whole": settings.whole,
        "data_date": facts.day,
        "since": given.days[0].day,
        "issued": issued,
        "as_of": facts.as_of,
        "small": settings.small_count,
        "figures": [figure_line(f) for f in chosen_figures(facts, settings)],
        "others": [figure_line(f) for f in facts.figures if f not in chosen_figures(facts, settings)],
        "noted": list(noted.values()),
        "units": facts.units,
        "rows": facts.rows,
        "news": facts.news,
        "documents": documents,
        "days": days,
        "sections": sections,
        "quote": own.quote,
        "quote_by": own.quote_by,
        "reminder_title": own.reminder_title,
        "reminder": own.reminder,
    }


@dataclass(frozen=True, slots=True)
class _Given:
    """What sections are filled from; `kinds` are those of the briefing's sections."""

    facts: Facts
    settings: Settings
    documents: Sequence[Document]
    days: Sequence[DayEvents]
    kinds: frozenset[str]

    def taken(self, kind: str) -> list[Document]:
        """Return the documents that stand in a section of their own kind."""
        return [d for d in self.documents if d.kind in _TAKEN[kind]]

    def lines(self, names: Sequence[str]) -> list[FigureLine]:
        """Return the figures of these names that the day has."""
        return [figure_line(f) for name in names if (f := self.facts.figure(name))]

    def table(self, name: str) -> TableFact | None:
        """Return a ledger's table by name, or None."""
        return next((t for t in self.facts.tables if t.name == name), None)


def _numbered(given: _Given, declared: Sequence[SectionSettings]) -> Iterator[dict[str, Any]]:
    """Yield the sections that have something to say; those with a heading are numbered without a gap."""
    number = 0
    for section in declared:
        contents = _CONTENTS[section.kind](given, section)
        if contents is None:
            continue
        heading = HEADINGS.get(section.kind, "") if section.heading is None else section.heading
        number += bool(heading)
        yield {"number": number if heading else 0, "kind": section.kind, "heading": heading, **contents}


Contents = dict[str, Any]


def _figures(given: _Given, section: SectionSettings) -> Contents:
    chosen = given.lines(section.figures)
    return {"figures": chosen or [figure_line(f) for f in chosen_figures(given.facts, given.settings)]}


def _units(_given: _Given, _section: SectionSettings) -> Contents:
    return {}


def _news(given: _Given, _section: SectionSettings) -> Contents | None:
    by_unit: dict[str, list[NewsFact]] = {}
    for item in given.facts.news:
        by_unit.setdefault(item.unit, []).append(item)
    groups = [{"unit": unit, "news": items} for unit, items in by_unit.items()] if given.settings.briefing.news == "unit" else []
    return {"news": given.facts.news, "groups": groups} if given.facts.news else None


def _documents(given: _Given, _section: SectionSettings) -> Contents | None:
    elsewhere = {kind for name, kinds in _TAKEN.items() if name in given.kinds for kind in kinds}
    found = [d for d in given.documents if d.kind not in elsewhere]
    return {"documents": found} if found else None


def _announcements(given: _Given, section: SectionSettings) -> Contents | None:
    found = given.taken(section.kind)
    return {"documents": found} if found else None


def _meetings(given: _Given, section: SectionSettings) -> Contents | None:
    held = [m for day in given.days for m in day.meetings]
    documents = given.taken(section.kind)
    return {"meetings": held, "documents": documents} if held or documents else None


def _tasks(given: _Given, _section: SectionSettings) -> Contents | None:
    """Return how many tasks are open, and which are overdue; nothing where none is open."""
    *figures, listed = _TASKS
    count, table = given.facts.figure(figures[0]), given.table(listed)
    if count is None or not count.value:
        return None
    rows = [dict(zip(table.head, row, strict=True)) for row in table.rows] if table else []
    late = [r for r in rows if isinstance(days := r.get("逾期天数"), int) and days > 0]
    wanted = ("任务", "责任单位", "完成期限", "逾期天数")
    return {"figures": given.lines(figures), "head": wanted, "late": [[r.get(title) for title in wanted] for r in late]}


def _outreach(given: _Given, _section: SectionSettings) -> Contents | None:
    posts = [p for day in given.days for p in day.posts]
    return {"posts": posts, "figures": given.lines(_POSTS)} if posts else None


def _ledger(given: _Given, section: SectionSettings) -> Contents | None:
    figures, table = given.lines(section.figures), given.table(section.table)
    return {"figures": figures, "table": table} if figures or table else None


def _days(given: _Given, _section: SectionSettings) -> Contents:
    """Return each day with what was done on it, days with nothing left out, and the period's counts."""
    told = [{"day": day.day, **entry} for day in given.days if any((entry := _day(given, day)).values())]
    counts = [(what, sum(len(day[key]) for day in told for key in keys), measure) for what, measure, keys in _COUNTED]
    said = [f"{what} {n} {measure}" for what, n, measure in counts if n]
    return {"days": told, "quiet": len(given.days) - len(told), "counts": said}


_COUNTED: Final = (
    ("收到来文", "件", ("received",)), ("发布文件", "件", ("documents", "issued")), ("召开会议", "次", ("meetings",)),
    ("收到部门动态", "条", ("news",)), ("推出宣传内容", "条", ("posts",)),
)  # fmt: skip


def _day(given: _Given, day: DayEvents) -> Contents:
    documents = [d for d in given.documents if d.on == day.day and d.status is not Status.REMOVED and not _translated(given, d)]
    known = {_plain(text) for d in given.documents for text in (d.number, d.title) if text}
    issued = [p for p in day.papers if p.direction == _ISSUED and not known & {_plain(p.number), _plain(p.title)}]
    return {
        "received": [p for p in day.papers if p.direction != _ISSUED], "issued": issued,
        "documents": [{"verb": _VERBS.get(d.kind, "发布"), "title": d.title, "number": d.number, "path": d.path} for d in documents],
        "meetings": day.meetings, "news": day.news, "posts": day.posts,
    }  # fmt: skip


_VERBS: Final[Mapping[DocumentKind, str]] = MappingProxyType({
    DocumentKind.NOTICE: "印发", DocumentKind.PLAN: "印发", DocumentKind.MINUTES: "印发", DocumentKind.MEETING: "刊发",
    DocumentKind.SPEECH: "刊发", DocumentKind.NEWS: "刊发", DocumentKind.LINKS: "汇总", DocumentKind.GUIDANCE: "编发",
    DocumentKind.REMINDER: "编发",
})  # fmt: skip


def _translated(given: _Given, document: Document) -> bool:
    """Whether a document is the English of another that is told already."""
    chinese = f"{document.path.removesuffix('.en.md')}.md"
    return document.path.endswith(".en.md") and any(d.path == chinese for d in given.documents)


def _plain(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def _text(_given: _Given, section: SectionSettings) -> Contents | None:
    return {"text": section.text} if section.text else None


def _quote(given: _Given, _section: SectionSettings) -> Contents | None:
    return {} if given.settings.briefing.quote else None


def _reminder(given: _Given, _section: SectionSettings) -> Contents | None:
    return {} if given.settings.briefing.reminder else None


_CONTENTS: Final[Mapping[str, Callable[[_Given, SectionSettings], Contents | None]]] = MappingProxyType({
    "figures": _figures, "units": _units, "news": _news, "meetings": _meetings, "documents": _documents,
    "announcements": _announcements, "outreach": _outreach, "tasks": _tasks, "ledger": _ledger, "days": _days, "text": _text,
    "quote": _quote, "reminder": _reminder,
})  # fmt: skip


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
