"""Every document by month, by kind and by tag: a page each, all reached from one index."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from jianbao.documents import Document, DocumentKind
from jianbao.register import slug
from jianbao.site.edition import ARCHIVE, Edition, newest_first, numbered, page_of, sections


@dataclass(frozen=True, slots=True)
class Shelf:
    """The documents that have one value of one property: a month, a kind, a tag."""

    name: str
    title: str
    documents: tuple[Document, ...]


def shelves(documents: Iterable[Document]) -> dict[str, list[Shelf]]:
    """Return the shelves by what parts them: months, the newest first; kinds and tags, the fullest first."""
    ordered = [d for d in newest_first(documents) if d.kind is not DocumentKind.PAGE]
    months = _shelves(ordered, lambda d: [_month(d)], "")
    return {
        "年月": sorted(months, key=lambda s: s.name, reverse=True),
        "文种": _fullest(_shelves(ordered, lambda d: [d.kind.label], "kind-")),
        "标签": _fullest(_shelves(ordered, lambda d: list(dict.fromkeys(d.tags)), "tag-")),
    }


def tag_path(tag: str) -> str:
    """Return where the documents with a tag are listed."""
    return f"{ARCHIVE}/tag-{slug(tag)}.md"


def _month(document: Document) -> str:
    day = document.data_date or document.on
    return f"{day.year}-{day.month:02}"


def _shelves(documents: Iterable[Document], values: Callable[[Document], list[str]], prefix: str) -> list[Shelf]:
    found: dict[str, list[Document]] = {}
    titles: dict[str, str] = {}
    for document in documents:
        for value in values(document):
            name = f"{prefix}{slug(value)}"
            titles.setdefault(name, value if prefix else f"{int(value[:4])}年{int(value[5:])}月")
            found.setdefault(name, []).append(document)
    return [Shelf(name, titles[name], tuple(own)) for name, own in found.items()]


def _fullest(found: list[Shelf]) -> list[Shelf]:
    return sorted(found, key=lambda s: (-len(s.documents), s.title))


def archive(edition: Edition) -> Iterator[tuple[str, str]]:
    """Yield the index of all documents and the page of each shelf."""
    section = next(s for s in sections() if s.folder == ARCHIVE)
    found = shelves(edition.chinese)
    ways = [{"title": title, "shelves": [_choice(s) for s in own]} for title, own in found.items() if own]
    recent = [_shown(edition, d) for d in newest_first(edition.chinese) if d.kind is not DocumentKind.PAGE][:20]
    meta: dict[str, Any] = {"title": section.title, "description": f"{edition.settings.school.name}{section.lead}。", "hide": ["toc"]}
    yield section.index, page_of(edition, section.template, meta, {"section": section, "ways": ways, "shelf": None, "documents": recent})
    for title, own in found.items():
        for shelf in own:
            meta = {"title": f"{shelf.title}的文件", "description": f"{title}：{shelf.title}，共 {len(shelf.documents)} 件。",
                    "hide": ["toc"], "search": {"exclude": True}}  # fmt: skip
            shown = [_shown(edition, d) for d in shelf.documents]
            values = {"section": section, "ways": [], "shelf": {"title": shelf.title}, "documents": shown,
                      "trail": [{"title": "首页", "path": "../index.md"}, {"title": section.title, "path": "index.md"}]}  # fmt: skip
            yield f"{ARCHIVE}/{shelf.name}.md", page_of(edition, section.template, meta, values)


def _choice(shelf: Shelf) -> dict[str, Any]:
    return {"title": shelf.title, "path": f"{shelf.name}.md", "count": len(shelf.documents)}


def _shown(edition: Edition, document: Document) -> dict[str, Any]:
    other = edition.other_language(document)
    return numbered(document) | {"english": other.path if other else ""}
