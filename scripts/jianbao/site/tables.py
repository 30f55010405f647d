"""Tables: a figure's cells, figures by unit and by campus, and the ledgers with their pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Generic, TypeVar

from jianbao.briefing import figure_line
from jianbao.facts import Facts, FigureFact, PartFact, TableFact
from jianbao.site.edition import Edition, page_of, sections

_UNGROUPED: Final = "其他"
T = TypeVar("T", FigureFact, TableFact)
_NOBODY: Final = "nobody"
"""Stands in a table of parts where the part has nobody the figure is about."""


@dataclass(frozen=True, slots=True)
class Group(Generic[T]):
    """Figures or tables under one heading; `title` is empty where there is only this one."""

    title: str
    members: tuple[T, ...]


def grouped(members: Iterable[T], order: Sequence[str]) -> list[Group[T]]:
    """Return what stands under each heading: the headings of `order`, others as they come, and those without one last."""
    found: dict[str, list[T]] = {title: [] for title in order}
    for member in members:
        found.setdefault(member.group, []).append(member)
    found[""] = found.pop("", []) + found.pop(_UNGROUPED, [])
    groups = [Group(title or _UNGROUPED, tuple(of)) for title, of in found.items() if of]
    return groups if len(groups) > 1 else [replace(g, title="") for g in groups]


def figure_cells(facts: Facts, fact: FigureFact) -> dict[str, Any]:
    """Return a figure as tables show it."""
    line = figure_line(fact)
    return {
        "name": line.name, "title": line.title, "value": line.value, "unit": line.unit, "received": line.received,
        "expected": line.expected, "complete": line.complete, "stated": fact.value is not None,
        "whom": "个单位" if fact.of_units else fact.whom or "人", "day": facts.day, "as_of": facts.as_of,
        "definition": fact.definition,
    }  # fmt: skip


def parts_table(facts: Facts, parts: Mapping[str, Sequence[PartFact]], *, anchor: str, title: str, level: str) -> dict[str, Any]:
    """Return a table of parts × figures, the school's totals under it."""
    columns = [f for f in facts.figures if f.name in parts]
    names = list(dict.fromkeys(p.name for f in columns for p in parts[f.name]))
    cells = {(f.name, p.name): _NOBODY if p.value is None and not p.expected else p.value for f in columns for p in parts[f.name]}
    rows = [{"name": n, "values": [cells.get((f.name, n)) for f in columns]} for n in names]
    return {"anchor": anchor, "title": title, "level": level, "columns": [f.title for f in columns],
            "bodies": [{"title": "", "rows": rows}] if rows else [],
            "totals": [_whole(f.value) for f in columns], "corner": level}  # fmt: skip


def campus_table(facts: Facts, parts: Mapping[str, Sequence[PartFact]], *, groups: Sequence[str], whole: str) -> dict[str, Any]:
    """Return a table of figures × campuses, a body a heading: there are more figures than campuses."""
    figures = [f for f in facts.figures if f.name in parts]
    names = list(dict.fromkeys(p.name for f in figures for p in parts[f.name]))

    def row(figure: FigureFact) -> dict[str, Any]:
        cells = {p.name: _NOBODY if p.value is None and not p.expected else p.value for p in parts[figure.name]}
        return {"name": figure.title, "values": [*(cells.get(n, _NOBODY) for n in names), _whole(figure.value)]}

    bodies = [{"title": group.title, "rows": list(map(row, group.members))} for group in grouped(figures, groups)]
    return {"anchor": "campuses", "title": "各校区数据", "level": "校区", "columns": [*names, whole], "bodies": bodies, "totals": [],
            "corner": "指标"}  # fmt: skip


def _whole(value: float | None) -> float | None:
    """Return a number as parts are written: a whole one without a point."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def ledger_groups(facts: Facts | None, order: Sequence[str]) -> list[dict[str, Any]]:
    """Return the ledgers that have tables on a day, under their headings."""
    groups = grouped(facts.tables if facts else (), order)
    return [{"title": group.title, "ledgers": _ledgers(group.members)} for group in groups]


def _ledgers(tables: Sequence[TableFact]) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for table in tables:
        ledger = found.setdefault(table.form, {"title": table.form_title, "path": f"{table.form}.md", "tables": []})
        ledger["tables"].append(table)
    return list(found.values())


def ledgers(edition: Edition) -> Iterator[tuple[str, str]]:
    """Yield a page a ledger, with its tables as they stood on the newest day."""
    facts = edition.latest
    if facts is None:
        return
    section = next(s for s in sections() if s.folder == "ledgers")
    trail = [{"title": "首页", "path": "../index.md"}, {"title": section.title, "path": "index.md"}]
    for ledger in _ledgers(facts.tables):
        figures = [figure_cells(facts, f) for f in facts.figures if f.form == ledger["path"].removesuffix(".md")]
        meta = {"title": ledger["title"], "description": f"{edition.settings.school.name}{ledger['title']}：{facts.day}。"}
        values = {"ledger": ledger, "facts": facts, "figures": figures, "trail": trail}
        yield f"ledgers/{ledger['path']}", page_of(edition, "site/ledger.md.j2", meta, values)
