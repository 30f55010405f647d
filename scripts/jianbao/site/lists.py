"""Pages made from many documents and facts: sections, departments, register of documents, record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any, Final

from jianbao.briefing import chosen_figures, figure_line
from jianbao.documents import Document, DocumentKind
from jianbao.facts import NewsFact
from jianbao.record import Release
from jianbao.register import View, rows_of, slug, views_of
from jianbao.signing import IDENTITY, NAMESPACE, fingerprint
from jianbao.site.edition import REGISTER, Edition, Section, listed, page_of, sections
from jianbao.site.tables import ledger_groups
from jianbao.site.trends import data_values

_SERIES: Final = 14
_NEWEST: Final = 100
"""So many rows the register's first page lists; the years' pages list all."""


def section_page(edition: Edition, section: Section) -> str:
    """Return a section's index page."""
    own = [d for d in edition.chinese if d.path.startswith(f"{section.folder}/")]
    values: dict[str, Any] = {"section": section, "years": by_year(own, edition)}
    if section.folder == "departments":
        days = [f for f in reversed(list(edition.facts.values())) if f.news][:_SERIES]
        values["days"] = [{"day": f.day, "news": [_news_item(n) for n in f.news]} for f in days]
        values["departments"] = [{"title": unit, "path": f"{slug(unit)}.md"} for unit in _units_with_news(edition)]
    elif section.folder == "ledgers":
        values |= {"groups": ledger_groups(edition.latest, edition.settings.groups), "facts": edition.latest}
    elif section.folder == "data":
        values |= data_values(edition)
    elif section.folder == "record":
        values |= {"number": edition.number, "releases": [_released(r) for r in reversed(edition.record)], **_trust(edition)}
    meta: dict[str, Any] = {"title": section.title, "description": _said_of(edition, section)}
    if section.folder not in ("briefings", "data"):
        meta["hide"] = ["toc"]
    return page_of(edition, section.template, meta, values)


def _said_of(edition: Edition, section: Section) -> str:
    return f"{edition.settings.school.name}{section.title}：{section.lead}。"


def _news_item(item: NewsFact) -> dict[str, str]:
    return {"headline": item.headline, "text": item.text, "unit": item.unit, "path": f"{slug(item.unit)}.md"}


def _units_with_news(edition: Edition) -> list[str]:
    """Return the departments that sent news or issued a page of news, in order."""
    sent = {n.unit for f in edition.facts.values() for n in f.news}
    return sorted(sent | {d.issuer for d in edition.documents if d.kind is DocumentKind.NEWS and d.issuer})


def departments(edition: Edition) -> Iterator[tuple[str, str]]:
    """Yield each department's own page: its news, the newest day first, and its pages."""
    section = next(s for s in sections() if s.folder == "departments")
    for unit in _units_with_news(edition):
        days = [{"day": f.day, "news": [n for n in f.news if n.unit == unit]} for f in reversed(list(edition.facts.values()))]
        own = [listed(d) for d in edition.documents if d.kind is DocumentKind.NEWS and d.issuer == unit]
        values = {"unit": unit, "section": section, "days": [d for d in days if d["news"]], "documents": own}
        meta = {"title": f"{unit}动态", "description": f"{edition.settings.school.name}{unit}报来的工作消息。", "hide": ["toc"]}
        yield f"departments/{slug(unit)}.md", page_of(edition, "site/department.md.j2", meta, values)


def register(edition: Edition) -> Iterator[tuple[str, str]]:
    """Yield the register's index, and its pages of one year, kind, issuer or direction each."""
    section = next(s for s in sections() if s.folder == REGISTER)
    entries = edition.latest.entries if edition.latest else ()
    first, *others = views = views_of(rows_of(entries, edition.chinese))
    meta: dict[str, Any] = {"title": section.title, "description": _said_of(edition, section), "hide": ["toc"]}
    yield section.index, page_of(edition, section.template, meta, {"section": section, "years": [], **_view(first, views)})
    for view in others:
        title = f"{section.title}：{view.title}"
        meta = {"title": title, "description": f"{title}（{view.filter}）。", "hide": ["toc"], "search": {"exclude": True}}
        values = {"section": section, "years": [], **_view(view, views)}
        yield f"{REGISTER}/{view.name}.md", page_of(edition, section.template, meta, values)


def _view(view: View, views: Sequence[View]) -> dict[str, Any]:
    """Return a view's rows by year, and the choices that lead to the other views.

    How many rows each has stands on the first page alone, which lists the newest: else each document would change every page.
    """
    shown = view.rows if view.filter else view.rows[:_NEWEST]
    years = [{"year": year, "rows": list(rows)} for year, rows in groupby(shown, key=lambda r: r.on.year)]
    by_filter = [
        {
            "title": title,
            "choices": [
                {"title": v.title, "path": f"{v.name}.md", "count": None if view.filter else len(v.rows), "here": v == view} for v in found
            ],
        }
        for title, found in groupby(views, key=lambda v: v.filter)
    ]
    return {"view": view, "register": years, "filters": by_filter, "left": len(view.rows) - len(shown)}


def by_year(documents: Iterable[Document], edition: Edition) -> list[dict[str, Any]]:
    """Return documents by year and month, the newest first."""
    ordered = sorted(documents, key=lambda d: (d.data_date or d.on, d.number, d.path), reverse=True)
    years = []
    for year, of_year in groupby(ordered, key=lambda d: (d.data_date or d.on).year):
        months = [
            {"month": month, "documents": [_summed_up(edition, d) for d in found]}
            for month, found in groupby(of_year, key=lambda d: (d.data_date or d.on).month)
        ]
        years.append({"year": year, "months": months})
    return years


def _summed_up(edition: Edition, document: Document) -> dict[str, Any]:
    """Return a document as lists show it; a briefing says its day in a line."""
    shown = listed(document)
    facts = edition.facts.get(document.data_date) if document.data_date else None
    if document.kind is DocumentKind.BRIEFING and facts:
        figures = chosen_figures(facts, edition.settings)
        said = [f"{f.title} {figure_line(f).said}" for f in figures]
        shown["summary"] = "，".join([*said, f"实报 {facts.units.received}/{facts.units.expected} 个单位"])  # fmt: skip
    return shown


def _trust(edition: Edition) -> dict[str, Any]:
    """Return the chain's head and the key of the last release, for whoever keeps them elsewhere."""
    last = edition.record[-1] if edition.record else None
    return {"head": last.line.sha256 if last else "", "key": last.key if last else "",
            "fingerprint": fingerprint(last.key) if last and last.key else "", "name": last.line.name if last else "",
            "identity": IDENTITY, "namespace": NAMESPACE}  # fmt: skip


def _released(release: Release) -> dict[str, Any]:
    digest = release.line.bag
    what = [f"{release.issued_day} 数据"] if release.issued_day else []
    what.append(f"页面 {len(release.changed)} 个")
    parts = [digest[i : i + 8] for i in range(0, 64, 8)]
    return {"number": release.line.number, "day": release.line.day, "what": "；".join(what), "digest": parts}
