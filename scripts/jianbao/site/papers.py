"""A document's own pages: as it stands, as it stood, and what changed from each state to the next."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import cache
from itertools import pairwise
from typing import Any, Final
from urllib.parse import urlsplit

from markupsafe import Markup

from jianbao.clock import spoken_day
from jianbao.documents import Document, DocumentKind, FirstPublished, Status, read_document
from jianbao.files import spoken_size
from jianbao.history import compare
from jianbao.kinds import WRITTEN
from jianbao.pages import local_links, parse
from jianbao.record import PDF, SINGLE, Release
from jianbao.render import link, literal
from jianbao.site.browse import tag_path
from jianbao.site.edition import Edition, chinese_path, is_english, listed, page_of, sections
from jianbao.site.english import english_page

_SIGNED_BELOW: Final = frozenset({
    DocumentKind.NOTICE, DocumentKind.ANNOUNCEMENT, DocumentKind.LETTER, DocumentKind.APPEAL, DocumentKind.PLAN, DocumentKind.CORRECTION,
})  # fmt: skip


def document_page(
    edition: Edition, document: Document, *, sizes: Mapping[str, int], state: int | None = None, of: int = 0,
    printed: Mapping[str, bytes] | None = None,
) -> str:  # fmt: skip
    """Return a document's page: breadcrumb, banner, head, its own text, what is to be known of it.

    `printed` are its paper forms by ending, which it offers at its foot.
    """
    downloads = _downloads(_old_path(document.path, state) if state else document.path, printed or {})
    if is_english(document):
        old = [posixpath.basename(_old_path(document.path, n)) for n, _r in enumerate(_superseded_states(edition, document.path), 1)]
        meta, moments = _meta(edition, document, state), _moments(edition, document)
        return english_page(edition, document, meta, moments=moments, states=[] if state else old, state=state, downloads=downloads)
    up = "../" * document.path.count("/")
    here = document.number or document.title
    other = edition.other_language(document) if state is None else None
    facts = edition.facts.get(document.data_date) if document.data_date and document.kind is DocumentKind.BRIEFING else None
    values: dict[str, Any] = {
        "doc": listed(document) | {"data_date": document.data_date}, "body": Markup(document.body), "up": up, "here": here, "facts": facts,  # noqa: S704  # the office's own page
        "english": posixpath.basename(other.path) if other else "",
        "trail": _trail(document, up), "banner": _banner(edition, document, state, of),
        "info": _information(edition, document, sizes),
        "footnotes": "[^" in document.body,
        "downloads": downloads,
        "signed_below": document.kind in _SIGNED_BELOW and "jb-sign" not in document.body,
        "previous": _previous(edition, document) if state is None else None,
    }  # fmt: skip
    return page_of(edition, "site/document.md.j2", _meta(edition, document, state), values)


def _meta(edition: Edition, document: Document, state: int | None) -> dict[str, Any]:
    marks = {Status.WITHDRAWN: "已撤回", Status.SUPERSEDED: "已被替代", Status.REMOVED: ""}
    aside = [x for x in (document.number, marks.get(document.status, ""), f"第{state}版" if state else "") if x]
    day = document.data_date or document.on
    if document.kind in WRITTEN:
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
    if is_english(document):
        meta |= {"title": document.title, "lang": "en"}
    other = edition.other_language(document) if state is None else None
    if other:
        target = posixpath.basename(other.path).removesuffix(".md") + ".html"
        meta["alternate"] = {"lang": "en" if is_english(other) else "zh", "link": target}
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
        headline = f"本文件已于{spoken_day(document.updated)}撤回，不再执行。"
        return {"kind": "withdrawn", "headline": headline, "text": f"原因：{document.reason}", "link": ""}
    if document.status is Status.REMOVED:
        headline = f"本页内容已于{spoken_day(document.updated)}撤下，不再提供。"
        return {"kind": "withdrawn", "headline": headline, "text": f"原因：{document.reason}", "link": ""}
    if document.status is Status.SUPERSEDED:
        successor = edition.by_path.get(document.superseded_by)
        link = posixpath.relpath(document.superseded_by, base or ".")
        text = "原因：{reason}。请看：".format(reason=document.reason.rstrip("。")) if document.reason else "请看："
        return {"kind": "superseded", "headline": "本文件已被替代，不再执行。", "text": text, "link": link,
                "link_title": successor.title if successor else document.superseded_by}  # fmt: skip
    return None


def _information(edition: Edition, document: Document, sizes: Mapping[str, int]) -> list[tuple[str, list[str | Markup]]]:
    """Return what a page says of itself, in the order of GB/T 33480: kind, number, issuer, dates, status, changes."""
    moments = _moments(edition, document)
    signed = document.signed_by + (f"，{spoken_day(document.signed_on)}" if document.signed_on else "")
    told: list[tuple[str, list[str | Markup]]] = [
        ("文种", [document.kind.label]),
        (document.kind.spec.number_label, [document.number]),
        ("发文机关", [document.issuer]),
        ("成文日期", [spoken_day(document.on)]),
        ("会议日期", [spoken_day(document.held_on) if document.held_on else ""]),
        ("签发人", [signed if document.signed_by else ""]),
        ("首发", _first_published(document.first_published)),
        ("首次发布", [_stamp(moments[0])]),
        ("最近更新", [_stamp(moments[-1])]),
        ("状态", [document.status.label]),
        ("附件", _attachments(document, sizes)),
        ("标签", _tag_links(edition, document)),
        ("替代", _page_links(document, edition.replacing.get(document.path, ()))),
        ("更正", _page_links(document, edition.correcting.get(document.path, ()))),
        ("所更正的文件", _page_links(document, (d for d in [edition.by_path.get(document.corrects)] if d))),
        ("更新说明", [f"{spoken_day(c.on)}　{c.note}" for c in sorted(document.changes, key=lambda c: c.on, reverse=True)]),
        ("历次版本", _state_links(edition, document)),
    ]
    return [(term, lines) for term, lines in told if any(lines)]


def _moments(edition: Edition, document: Document) -> list[datetime]:
    """Return when each state of a document was released, this release's included."""
    moments = [datetime.fromisoformat(r.about["as_of"]) for r in edition.states(document.path)]
    if document.path in edition.changed or not moments:
        moments.append(edition.moment)
    return moments


def _tag_links(edition: Edition, document: Document) -> list[str | Markup]:
    base = posixpath.dirname(document.path) or "."
    current = edition.by_path.get(document.path) == document and not _has_chinese(edition, document)
    listed_tags = document.tags if current else ()
    links = [_tag_link(t, base) for t in listed_tags]
    return [Markup("　".join(links))] if links else []  # noqa: S704  # its parts are escaped


@cache
def _tag_link(tag: str, base: str) -> str:
    return f"[{literal(tag)}]({link(posixpath.relpath(tag_path(tag), base))})"


def _has_chinese(edition: Edition, document: Document) -> bool:
    """Whether lists show another page in this one's place."""
    return is_english(document) and chinese_path(document.path) in edition.by_path


def _first_published(place: FirstPublished | None) -> list[str | Markup]:
    if place is None:
        return []
    name = literal(place.name or urlsplit(place.url).hostname or place.url)
    day = f"（{spoken_day(place.on)}）" if place.on else ""
    return [Markup(f"[{name}]({link(place.url)}){day}")]  # noqa: S704  # its parts are escaped


_PICTURES: Final = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".bmp")


def _attachments(document: Document, sizes: Mapping[str, int]) -> list[str | Markup]:
    """Return the files that a page links to, each with its type and size; pictures show themselves."""
    found: list[str | Markup] = []
    base = posixpath.dirname(document.path) or "."
    for path in sorted(local_links(document.path, document.body) & sizes.keys()):
        name, suffix = posixpath.basename(path), posixpath.splitext(path)[1].lower()
        if suffix not in _PICTURES:
            what = literal(f"{suffix.lstrip('.').upper() or '文件'}，{spoken_size(sizes[path])}")
            found.append(Markup(f"[{literal(name)}]({link(posixpath.relpath(path, base))})（{what}）"))  # noqa: S704  # its parts are escaped
    return found


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


def printed(edition: Edition, path: str) -> Mapping[str, bytes]:
    """Return a page's paper forms by ending: those of this release, else as they were sealed with its current state."""
    if path in edition.changed:
        return edition.printed.get(path, {})
    states = edition.states(path)
    return states[-1].printed(path) if states else {}


def paper_forms(edition: Edition, document: Document, current: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the files of a document's paper forms, those of its earlier states too: of a removed one its stone's alone."""
    found = [(document.path, current)]
    if document.status is not Status.REMOVED:
        old = _superseded_states(edition, document.path)
        found += [(_old_path(document.path, n), release.printed(document.path)) for n, release in enumerate(old, 1)]
    return {f"{path.removesuffix('.md')}{ending}": content for path, forms in found for ending, content in forms.items()}


def _downloads(path: str, forms: Mapping[str, bytes]) -> list[dict[str, str]]:
    """Return what a page offers at its foot: each paper form with its size. Without any, nothing is offered."""
    titles = {PDF: "PDF", SINGLE: "单文件网页"}
    stem = posixpath.basename(path).removesuffix(".md")
    return [{"title": titles[e], "path": f"{stem}{e}", "size": spoken_size(len(forms[e]))} for e in titles if e in forms]


def earlier_states(edition: Edition, document: Document, sizes: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    """Yield the pages of a document's earlier states as they were sealed, and of what changed from each to the next.

    Of a state whose content was removed only the stone is left, at the same addresses.
    """
    releases = _superseded_states(edition, document.path)
    old = [_sealed(document.path, release) for release in releases]
    stone = document if document.status is Status.REMOVED else None
    for n, (state, following) in enumerate(pairwise([*old, document]), 1):
        shown = stone or state
        if shown is None:
            continue
        forms = {} if stone else releases[n - 1].printed(document.path)
        page = document_page(edition, shown, sizes=sizes, state=None if stone else n, of=len(old) + 1, printed=forms)
        yield _old_path(document.path, n), page
        text = document_page(edition, stone, sizes=sizes) if stone else _compared(edition, document, n, state, following)
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
        "doc": listed(document), "trail": _trail(document, up), "n": n, "old": names[0], "following": following,
        "differences": compare(was, now) if was and now else [], "notes": notes, "current": names[2],
    }  # fmt: skip
    meta = {"title": f"{document.title}：第 {n} 版与第 {n + 1} 版比较", "search": {"exclude": True}, "hide": ["toc"]}
    return page_of(edition, "site/history.md.j2", meta, values)


def _previous(edition: Edition, document: Document) -> dict[str, Any] | None:
    """Return the release before the one that issued a page as it stands."""
    states = edition.states(document.path)
    number = edition.number if document.path in edition.changed or not states else states[-1].line.number
    if number < 2:
        return None
    line = edition.lines[number - 2]
    digest = line.sha256
    short = f"{digest[:4]} {digest[4:8]} … {digest[-8:-4]} {digest[-4:]}"
    return {"number": line.number, "day": line.day, "sha256": digest, "short": short}
