"""The public tree: every page as plain Markdown, made from documents, facts and the record; then the built site.

What is not for the public is never in this tree, so it can reach no page, no feed and no search index. The tree
depends on nothing but what is passed in: the same release gives the same bytes.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain, groupby, pairwise
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from markupsafe import Markup

from jianbao import files
from jianbao.briefing import chosen_figures, figure_line
from jianbao.documents import Document, DocumentKind, FirstPublished, Status, read_document
from jianbao.facts import Facts, FigureFact, NewsFact, PartFact
from jianbao.history import compare
from jianbao.pages import compose, local_links, parse
from jianbao.project import Settings
from jianbao.record import SITE_CHAIN, ChainLine, Record, Release
from jianbao.register import Row, View, rows_of, slug, views_of
from jianbao.render import link, literal, render

ASSETS: Final = Path(__file__).parent / "assets"
WORDS: Final = "words.txt"
REGISTER: Final = "documents"
_LATEST: Final = 8
_SERIES: Final = 14
_SIGNED_BELOW: Final = frozenset({
    DocumentKind.NOTICE, DocumentKind.ANNOUNCEMENT, DocumentKind.LETTER, DocumentKind.APPEAL, DocumentKind.PLAN, DocumentKind.CORRECTION,
})  # fmt: skip
_NOBODY: Final = "nobody"
"""Stands in a table of parts where the part has nobody the figure is about."""

_WEEKDAYS: Final = ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日")


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the site with its index page. A page belongs to the section its folder is named after."""

    folder: str
    title: str
    lead: str
    template: str = "site/section.md.j2"

    @property
    def index(self) -> str:
        """The path of the section's index page."""
        return f"{self.folder}/index.md"


def sections() -> tuple[Section, ...]:
    """Return the site's sections in the order of its navigation (mkdocs.yml names the same)."""
    return (
        Section("briefings", "工作简报", "每期刊登当日数据、单位报告情况、部门动态和文件印发", "site/briefings.md.j2"),
        Section("notices", "通知通告", "有文号的通知和编号的通告；撤回和被替代的保留原址原文"),
        Section("letters", "公开信", "写给师生和家长的信、倡议"),
        Section("guidance", "防控指南", "怎么填报、怎么观察、怎么就医，以及温馨提示"),
        Section("meetings", "会议", "会议纪要、会议消息和讲话"),
        Section("departments", "部门动态", "各单位报来的工作消息", "site/departments.md.j2"),
        Section("links", "链接汇编", "在别处发布的推文和文章，按日期列出，注明首发"),
        Section(REGISTER, "文件登记", "收到和印发的文件，可按年份、文种和机关查找", "site/register.md.j2"),
        Section("data", "数据", "每项数字的口径、覆盖和逐日数值", "site/data.md.j2"),
        Section("record", "官方记录", "每次发布的编号、校验值和核对办法", "site/record.md.j2"),
    )


@dataclass(frozen=True)
class Edition:
    """Everything a public tree is made from.

    `number` is that of the release being made or made again, `moment` its time; `record` holds the releases before
    it. `facts` are those of every released day, this one's included.
    """

    settings: Settings
    number: int
    moment: datetime
    record: Sequence[Release]
    lines: Sequence[ChainLine]
    documents: Sequence[Document]
    changed: frozenset[str]
    facts: Mapping[date, Facts]
    templates: Path

    @property
    def latest(self) -> Facts | None:
        """The facts of the newest released day."""
        return self.facts[max(self.facts)] if self.facts else None

    def states(self, path: str) -> list[Release]:
        """Return the earlier releases that issued a page."""
        return [r for r in self.record if path in r.changed]


def edition_of(
    record: Record, *, settings: Settings, number: int, moment: datetime, documents: Sequence[Document], changed: Iterable[str],
    facts: Facts | None, templates: Path,
) -> Edition:  # fmt: skip
    """Return the edition of release `number`, seeing only the releases before it."""
    before = record.releases[: number - 1]
    known = {r.facts.day: r.facts for r in before if r.facts} | ({facts.day: facts} if facts else {})
    return Edition(
        settings=settings, number=number, moment=moment, record=before, lines=record.lines[: number - 1], documents=documents,
        changed=frozenset(changed), facts=dict(sorted(known.items())), templates=templates,
    )  # fmt: skip


def stage(edition: Edition, attached: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the public tree: path → content. `attached` are the files that public pages link to."""
    tree: dict[str, bytes] = dict(attached)
    for path in files.walk(ASSETS):
        tree[f"assets/{files.relative(path, ASSETS)}"] = files.read_bytes(path)
    tree["index.md"] = _home(edition).encode()
    tree[SITE_CHAIN] = "".join(f"{line.text}\n" for line in edition.lines).encode()  # the new line follows when it is sealed
    sizes = {path: len(data) for path, data in attached.items()}
    made = chain(((s.index, _section(edition, s)) for s in sections()), _departments(edition), _register(edition))
    tree |= {path: text.encode() for path, text in made}
    for document in edition.documents:
        tree[document.path] = _document(edition, document, sizes=sizes).encode()
        tree |= {path: text.encode() for path, text in _earlier_states(edition, document, sizes)}
    return tree


def search_words(titles: Iterable[str]) -> str:
    """Return the segmenter's own words: campus terms and units' titles, but those it parts better by itself."""
    terms = ("简报 50000 n", "隔离 50000 v", "观察 50000 v", "零报告 50000 n", "疑似 50000 v", "确诊 50000 v", "返省", "返校", "防控")
    units = (t for t in titles if 2 < len(t) < 10 and not any(c in t for c in "与和（）()、 "))
    return "".join(f"{word}\n" for word in (*terms, *units))


def _page(edition: Edition, template: str, meta: Mapping[str, Any], values: Mapping[str, Any]) -> str:
    common = {
        "school": edition.settings.school.name,
        "office": edition.settings.school.office,
        "small": edition.settings.small_count,
        "trail": [{"title": "首页", "path": "../index.md"}],
    }
    return compose(meta, render(edition.templates, template, {**common, **values}))


def _home(edition: Edition) -> str:
    settings, facts = edition.settings, edition.latest
    latest = sorted(edition.documents, key=lambda d: (d.data_date or d.on, d.on, d.path), reverse=True)
    briefing = next((d for d in latest if d.kind is DocumentKind.BRIEFING), None)
    values = {
        "facts": facts,
        "figures": [_figure(facts, f) for f in chosen_figures(facts, settings)] if facts else [],
        "states": _states(facts) if facts else [],
        "briefing": {"title": f"{briefing.title}{briefing.number}", "path": briefing.path} if briefing else None,
        "fill_in": settings.fill_in,
        "contacts": [
            {"role": c.role, "number": c.number, "place": c.place, "hours": c.hours, "dial": "".join(x for x in c.number if x.isdigit())}
            for c in settings.contacts
        ],
        "latest": [_numbered(d) for d in latest if d.kind is not DocumentKind.PAGE][:_LATEST],
        "sections": [{"title": s.title, "path": s.index, "lead": s.lead} for s in sections()] + _loose_pages(edition),
    }
    description = f"{settings.school.name}每日数据、单位报告进度、填报入口、联系方式和最新文件。"
    return _page(edition, "site/home.md.j2", {"title": "首页", "description": description, "hide": ["toc"]}, values)


def _loose_pages(edition: Edition) -> list[dict[str, str]]:
    """Return the pages that stand in no section, for the start page."""
    folders = {s.folder for s in sections()}
    loose = [d for d in edition.documents if d.path.split("/")[0] not in folders]
    return [{"title": d.title, "path": d.path, "lead": d.summary} for d in loose]


def _figure(facts: Facts, fact: FigureFact) -> dict[str, Any]:
    line = figure_line(fact)
    return {
        "name": line.name, "title": line.title, "value": line.value, "unit": line.unit, "received": line.received,
        "expected": line.expected, "complete": line.complete, "stated": fact.value is not None, "whom": _whom(fact),
        "day": facts.day, "as_of": facts.as_of,
    }  # fmt: skip


def _whom(fact: FigureFact) -> str:
    return "个单位" if fact.of_units else "人"


def _states(facts: Facts) -> list[dict[str, Any]]:
    units = facts.units
    unreached = {"name": "unreached", "title": "未读到", "count": len(units.unreached_units), "meaning": "表格没有读到，不算漏报"}
    return [
        {"name": "zero", "title": "零报告", "count": units.zero, "meaning": "报告当日没有情况"},
        {"name": "cases", "title": "有情况", "count": units.cases, "meaning": "有事项需要跟进"},
        {"name": "missing", "title": "未报", "count": units.missing, "meaning": "没有收到，不按零计"},
        {"name": "rejected", "title": "报告无效", "count": units.rejected, "meaning": "填写有误，待重报"},
        *([unreached] if units.unreached_units else []),
    ]


def _listed(document: Document) -> dict[str, Any]:
    """Return a document as lists show it."""
    updated = document.changes and document.status is Status.SIGNED
    text = f"{document.updated.month}月{document.updated.day}日更新" if updated else document.status.label
    kind = {Status.SUPERSEDED: "superseded", Status.WITHDRAWN: "withdrawn"}.get(document.status, "updated" if updated else "")
    return {
        "title": document.title,
        "path": document.path, "kind": document.kind.label, "kind_name": document.kind.value, "number": document.number,
        "issuer": document.issuer or "", "on": document.on, "status_text": text, "status_class": kind, "summary": document.summary,
        "data_date": document.data_date or document.on, "weekday": _WEEKDAYS[(document.data_date or document.on).weekday()],
        "signed_by": document.signed_by, "mark": document.mark, "to": document.to,
    }  # fmt: skip


def _numbered(document: Document) -> dict[str, Any]:
    """Return a document as mixed lists show it: a briefing's title alone would be the same every day."""
    listed = _listed(document)
    if document.kind is DocumentKind.BRIEFING and document.number:
        listed["title"] = f"{document.title}{document.number}"
    return listed


def _section(edition: Edition, section: Section) -> str:
    own = [d for d in edition.documents if d.path.startswith(f"{section.folder}/")]
    values: dict[str, Any] = {"section": section, "years": _by_year(own, edition)}
    if section.folder == "departments":
        days = [f for f in reversed(list(edition.facts.values())) if f.news][:_SERIES]
        values["days"] = [{"day": f.day, "news": [_news_item(n) for n in f.news]} for f in days]
        values["departments"] = [{"title": unit, "path": f"{slug(unit)}.md"} for unit in _units_with_news(edition)]
    elif section.folder == REGISTER:
        values |= _view(views_of(_rows(edition))[0], views_of(_rows(edition)))
    elif section.folder == "data":
        values |= _data(edition)
    elif section.folder == "record":
        values |= {"number": edition.number, "releases": [_released(r) for r in reversed(edition.record)]}
    meta: dict[str, Any] = {"title": section.title, "description": f"{edition.settings.school.name}{section.title}：{section.lead}。"}
    if section.folder not in ("briefings", "data"):
        meta["hide"] = ["toc"]
    return _page(edition, section.template, meta, values)


def _news_item(item: NewsFact) -> dict[str, str]:
    return {"headline": item.headline, "text": item.text, "unit": item.unit, "path": f"{slug(item.unit)}.md"}


def _units_with_news(edition: Edition) -> list[str]:
    """Return the departments that sent news or issued a page of news, in order."""
    sent = {n.unit for f in edition.facts.values() for n in f.news}
    return sorted(sent | {d.issuer for d in edition.documents if d.kind is DocumentKind.NEWS and d.issuer})


def _departments(edition: Edition) -> Iterator[tuple[str, str]]:
    """Yield each department's own page: its news, the newest day first, and its pages."""
    section = next(s for s in sections() if s.folder == "departments")
    for unit in _units_with_news(edition):
        days = [{"day": f.day, "news": [n for n in f.news if n.unit == unit]} for f in reversed(list(edition.facts.values()))]
        own = [_listed(d) for d in edition.documents if d.kind is DocumentKind.NEWS and d.issuer == unit]
        values = {"unit": unit, "section": section, "days": [d for d in days if d["news"]], "documents": own}
        meta = {"title": f"{unit}动态", "description": f"{edition.settings.school.name}{unit}报来的工作消息。", "hide": ["toc"]}
        yield f"departments/{slug(unit)}.md", _page(edition, "site/department.md.j2", meta, values)


def _rows(edition: Edition) -> list[Row]:
    entries = edition.latest.entries if edition.latest else ()
    return rows_of(entries, edition.documents)


def _register(edition: Edition) -> Iterator[tuple[str, str]]:
    """Yield the register's pages of one year, kind, issuer or direction each; its index is the section's."""
    section = next(s for s in sections() if s.folder == REGISTER)
    views = views_of(_rows(edition))
    for view in views[1:]:
        title = f"{section.title}：{view.title}"
        meta = {"title": title, "description": f"{title}（{view.filter}）。", "hide": ["toc"], "search": {"exclude": True}}
        values = {"section": section, "years": [], **_view(view, views)}
        yield f"{REGISTER}/{view.name}.md", _page(edition, section.template, meta, values)


def _view(view: View, views: Sequence[View]) -> dict[str, Any]:
    """Return a view's rows by year, and the choices that lead to the other views."""
    years = [{"year": year, "rows": list(rows)} for year, rows in groupby(view.rows, key=lambda r: r.on.year)]
    by_filter = [
        {"title": title, "choices": [{"title": v.title, "path": f"{v.name}.md", "count": len(v.rows), "here": v == view} for v in found]}
        for title, found in groupby(views, key=lambda v: v.filter)
    ]
    return {"view": view, "register": years, "filters": by_filter}


def _by_year(documents: Iterable[Document], edition: Edition) -> list[dict[str, Any]]:
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
    listed = _listed(document)
    facts = edition.facts.get(document.data_date) if document.data_date else None
    if document.kind is DocumentKind.BRIEFING and facts:
        figures = chosen_figures(facts, edition.settings)
        said = [f"{f.title} {figure_line(f).said}" for f in figures]
        listed["summary"] = "，".join([*said, f"实报 {facts.units.received}/{facts.units.expected} 个单位"])  # fmt: skip
    return listed


def _data(edition: Edition) -> dict[str, Any]:
    facts = edition.latest
    if facts is None:
        return {"facts": None}
    days = list(edition.facts.values())[-_SERIES:][::-1]
    series = []
    for fact in facts.figures:
        rows = [_figure(d, f) for d in days if (f := d.figure(fact.name))]
        series.append({"name": fact.name, "title": fact.title, "unit": fact.unit, "definition": fact.definition, "rows": rows})
    tables = [
        _parts_table(facts, facts.by_unit or {}, anchor="units", title="各单位数据", level="单位"),
        _parts_table(facts, facts.by_campus or {}, anchor="campuses", title="各校区数据", level="校区"),
    ]
    return {
        "facts": facts, "figures": [_figure(facts, f) for f in facts.figures], "series": series, "parts": [t for t in tables if t["rows"]],
    }  # fmt: skip


def _parts_table(facts: Facts, parts: Mapping[str, Sequence[PartFact]], *, anchor: str, title: str, level: str) -> dict[str, Any]:
    """Return a table of parts × figures, the school's totals under it."""
    columns = [f for f in facts.figures if f.name in parts]
    names = list(dict.fromkeys(p.name for f in columns for p in parts[f.name]))
    cells = {(f.name, p.name): _NOBODY if p.value is None and not p.expected else p.value for f in columns for p in parts[f.name]}
    rows = [{"name": n, "values": [cells.get((f.name, n)) for f in columns]} for n in names]
    return {"anchor": anchor, "title": title, "level": level, "columns": [f.title for f in columns], "rows": rows,
            "totals": [f.value for f in columns]}  # fmt: skip


def _released(release: Release) -> dict[str, Any]:
    digest = release.line.bag
    what = [f"{release.facts.day} 数据"] if release.facts else []
    what.append(f"页面 {len(release.changed)} 个")
    parts = [digest[i : i + 8] for i in range(0, 64, 8)]
    return {"number": release.line.number, "day": release.line.day, "what": "；".join(what), "digest": parts}


def _document(edition: Edition, document: Document, *, sizes: Mapping[str, int], state: int | None = None, of: int = 0) -> str:
    """Return a document's page: breadcrumb, banner, head, its own text, what is to be known of it."""
    listed = _listed(document)
    up = "../" * document.path.count("/")
    here = document.number or document.title
    facts = edition.facts.get(document.data_date) if document.data_date and document.kind is DocumentKind.BRIEFING else None
    values: dict[str, Any] = {
        "doc": listed | {"data_date": document.data_date}, "body": Markup(document.body), "up": up, "here": here, "facts": facts,  # noqa: S704  # the office's own page
        "trail": _trail(document, up), "banner": _banner(edition, document, state, of),
        "info": _information(edition, document, sizes),
        "footnotes": "[^" in document.body,
        "signed_below": document.kind in _SIGNED_BELOW and "jb-sign" not in document.body,
        "previous": _previous(edition) if state is None else None,
    }  # fmt: skip
    return _page(edition, "site/document.md.j2", _meta(document, state), values)


def _meta(document: Document, state: int | None) -> dict[str, Any]:
    marks = {Status.WITHDRAWN: "已撤回", Status.SUPERSEDED: "已被替代", Status.REMOVED: ""}
    aside = [x for x in (document.number, marks.get(document.status, ""), f"第{state}版" if state else "") if x]
    day = document.data_date or document.on
    if document.kind is DocumentKind.BRIEFING:
        aside.append(day.isoformat())
    title = f"{document.title}（{'，'.join(aside)}）" if aside else document.title
    meta: dict[str, Any] = {
        "title": title,
        "description": document.summary or f"{document.kind.label}，{document.issuer}，{document.on.isoformat()}",
    }
    if state is not None:
        meta["search"] = {"exclude": True}
    elif document.status in marks:
        meta["search"] = {"boost": 0.2}
    if document.tags:
        meta["tags"] = list(document.tags)
    return meta


def _trail(document: Document, up: str) -> list[dict[str, str]]:
    section = next((s for s in sections() if document.path.startswith(f"{s.folder}/")), None)
    trail = [{"title": "首页", "path": f"{up}index.md"}]
    if section:
        trail.append({"title": section.title, "path": f"{up}{section.index}"})
    return trail


def _banner(edition: Edition, document: Document, state: int | None, of: int) -> dict[str, str] | None:
    base = posixpath.dirname(document.path)
    if state is not None:
        headline = f"这是第 {state} 版，共 {of} 版，现已更新。"
        return {"kind": "superseded", "headline": headline, "text": "现行版本见", "link": posixpath.basename(document.path),
                "link_title": document.title}  # fmt: skip
    if document.status is Status.DRAFT:
        return {"kind": "draft", "headline": "草稿，尚未签发。", "text": "只在预览中可见。", "link": ""}
    if document.status is Status.WITHDRAWN:
        headline = f"本文件已于{_spoken(document.updated)}撤回，不再执行。"
        return {"kind": "withdrawn", "headline": headline, "text": f"原因：{document.reason}", "link": ""}
    if document.status is Status.REMOVED:
        headline = f"本页内容已于{_spoken(document.updated)}撤下，不再提供。"
        return {"kind": "withdrawn", "headline": headline, "text": f"原因：{document.reason}", "link": ""}
    if document.status is Status.SUPERSEDED:
        successor = next((d for d in edition.documents if d.path == document.superseded_by), None)
        link = posixpath.relpath(document.superseded_by, base or ".")
        text = "原因：{reason}。请看：".format(reason=document.reason.rstrip("。")) if document.reason else "请看："
        return {"kind": "superseded", "headline": "本文件已被替代，不再执行。", "text": text, "link": link,
                "link_title": successor.title if successor else document.superseded_by}  # fmt: skip
    return None


def _spoken(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _information(edition: Edition, document: Document, sizes: Mapping[str, int]) -> list[tuple[str, list[str | Markup]]]:
    """Return what a page says of itself, in the order of GB/T 33480: kind, number, issuer, dates, status, changes."""
    states = edition.states(document.path)
    moments = [datetime.fromisoformat(r.about["as_of"]) for r in states]
    if document.path in edition.changed or not moments:
        moments.append(edition.moment)
    signed = document.signed_by + (f"，{_spoken(document.signed_on)}" if document.signed_on else "")
    told: list[tuple[str, list[str | Markup]]] = [
        ("文种", [document.kind.label]),
        (document.kind.spec.number_label, [document.number]),
        ("发文机关", [document.issuer]),
        ("成文日期", [_spoken(document.on)]),
        ("会议日期", [_spoken(document.held_on) if document.held_on else ""]),
        ("签发人", [signed if document.signed_by else ""]),
        ("首发", _first_published(document.first_published)),
        ("首次发布", [_stamp(moments[0])]),
        ("最近更新", [_stamp(moments[-1])]),
        ("状态", [document.status.label]),
        ("附件", _attachments(document, sizes)),
        ("替代", _page_links(document, (d for d in edition.documents if d.superseded_by == document.path))),
        ("更正", _page_links(document, (d for d in edition.documents if d.corrects == document.path))),
        ("所更正的文件", _page_links(document, (d for d in edition.documents if d.path == document.corrects))),
        ("更新说明", [f"{_spoken(c.on)}　{c.note}" for c in sorted(document.changes, key=lambda c: c.on, reverse=True)]),
        ("历次版本", _state_links(edition, document)),
    ]
    return [(term, lines) for term, lines in told if any(lines)]


def _first_published(place: FirstPublished | None) -> list[str | Markup]:
    if place is None:
        return []
    name = literal(place.name or urlsplit(place.url).hostname or place.url)
    day = f"（{_spoken(place.on)}）" if place.on else ""
    return [Markup(f"[{name}]({link(place.url)}){day}")]  # noqa: S704  # its parts are escaped


_PICTURES: Final = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".bmp")


def _attachments(document: Document, sizes: Mapping[str, int]) -> list[str | Markup]:
    """Return the files that a page links to, each with its type and size; pictures show themselves."""
    found: list[str | Markup] = []
    base = posixpath.dirname(document.path) or "."
    for path in sorted(local_links(document.path, document.body) & sizes.keys()):
        name, suffix = posixpath.basename(path), posixpath.splitext(path)[1].lower()
        if suffix not in _PICTURES:
            what = literal(f"{suffix.lstrip('.').upper() or '文件'}，{_size(sizes[path])}")
            found.append(Markup(f"[{literal(name)}]({link(posixpath.relpath(path, base))})（{what}）"))  # noqa: S704  # its parts are escaped
    return found


def _size(count: int) -> str:
    return f"{count} 字节" if count < 1024 else f"{count / 1024:.0f} KB" if count < 1024 * 1024 else f"{count / 1024 / 1024:.1f} MB"


def _page_links(document: Document, others: Iterable[Document]) -> list[str | Markup]:
    base = posixpath.dirname(document.path) or "."
    targets = ((d, link(posixpath.relpath(d.path, base))) for d in others)
    return [Markup(f"[{literal(f'{d.title} {d.number}'.strip())}]({target})") for d, target in targets]  # noqa: S704  # its parts are escaped


def _stamp(moment: datetime) -> str:
    return f"{moment.year}年{moment.month}月{moment.day}日 {moment.strftime('%H:%M')}"


def _old_path(path: str, state: int) -> str:
    return f"{path.removesuffix('.md')}.v{state}.md"


def _superseded_states(edition: Edition, path: str) -> list[Release]:
    """Return the releases whose text of a page is no longer the current one."""
    states = edition.states(path)
    return states if path in edition.changed else states[:-1]


def _state_links(edition: Edition, document: Document) -> list[str | Markup]:
    links: list[str | Markup] = []
    for n, release in enumerate(_superseded_states(edition, document.path), 1):
        moment = literal(_stamp(datetime.fromisoformat(release.about["as_of"])))
        old, compared = (link(posixpath.basename(p)) for p in (_old_path(document.path, n), _compared_path(document.path, n)))
        links.append(Markup(f"[第 {n} 版]({old})（{moment}），[与第 {n + 1} 版比较]({compared})"))  # noqa: S704  # its parts are ours
    return links


def _compared_path(path: str, state: int) -> str:
    return f"{path.removesuffix('.md')}.v{state}-v{state + 1}.md"


def _earlier_states(edition: Edition, document: Document, sizes: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    """Yield the pages of a document's earlier states as they were sealed, and of what changed from each to the next.

    Of a state whose content was removed only the stone is left, at the same addresses.
    """
    old = [_sealed(document.path, release) for release in _superseded_states(edition, document.path)]
    stone = document if document.status is Status.REMOVED else None
    for n, (state, following) in enumerate(pairwise([*old, document]), 1):
        shown = stone or state
        if shown is None:
            continue
        yield _old_path(document.path, n), _document(edition, shown, sizes=sizes, state=None if stone else n, of=len(old) + 1)
        text = _document(edition, stone, sizes=sizes) if stone else _compared(edition, document, n, state, following)
        yield _compared_path(document.path, n), text


def _sealed(path: str, release: Release) -> Document | None:
    source = release.source(path)
    found = read_document(parse(path, source)) if source is not None else None
    return found if isinstance(found, Document) else None


def _compared(edition: Edition, document: Document, n: int, was: Document | None, now: Document | None) -> str:
    """Return the page that shows state `n` of a document beside the next."""
    up = "../" * document.path.count("/")
    names = [posixpath.basename(p) for p in (_old_path(document.path, n), _old_path(document.path, n + 1), document.path)]
    following = names[2] if now is document else names[1]
    notes = [c for c in now.changes if c not in was.changes] if was and now else []
    values = {
        "doc": _listed(document), "trail": _trail(document, up), "n": n, "old": names[0], "following": following,
        "differences": compare(was, now) if was and now else [], "notes": notes, "current": names[2],
    }  # fmt: skip
    meta = {"title": f"{document.title}：第 {n} 版与第 {n + 1} 版比较", "search": {"exclude": True}, "hide": ["toc"]}
    return _page(edition, "site/history.md.j2", meta, values)


def _previous(edition: Edition) -> dict[str, Any] | None:
    if not edition.lines:
        return None
    line = edition.lines[-1]
    digest = line.sha256
    short = f"{digest[:4]} {digest[4:8]} … {digest[-8:-4]} {digest[-4:]}"
    return {"number": line.number, "day": line.day, "sha256": digest, "short": short}


def write_tree(folder: Path, tree: Mapping[str, bytes]) -> None:
    """Write a staged tree into an empty folder."""
    files.empty_folder(folder)
    for path, content in sorted(tree.items()):
        files.write_bytes(folder / path, content, lasting=False)
