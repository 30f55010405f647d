"""Every link of a built site leads somewhere, and no page fetches anything from another host."""

from __future__ import annotations

import html
import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, unquote, urlsplit

_TAG: Final = re.compile(r"""<([a-zA-Z][\w-]*)((?:\s+[^\s=>"']+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]+))?)+)""")
_ATTRIBUTE: Final = re.compile(r"""\s(href|src|srcset|poster|data|rel)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_ID: Final = re.compile(r"""\s(?:id|name)=["']([^"']+)["']""")
_FETCHED_RELATIONS: Final = frozenset(
    {"stylesheet", "icon", "preload", "prefetch", "preconnect", "dns-prefetch", "modulepreload", "manifest"}
)
_FETCHING: Final = frozenset({"script", "img", "iframe", "source", "video", "audio", "embed", "object", "track"})


@dataclass(frozen=True, slots=True)
class DeadLink:
    """A link that leads nowhere, or makes the reader's browser ask another host."""

    path: str
    target: str
    outside: bool = False


@dataclass(frozen=True, slots=True)
class PageLinks:
    """What a page's own bytes say of links: what it leads to (`path`, `path#place`), the places in it, and whether it asks another host."""

    needs: tuple[str, ...]
    places: tuple[str, ...]
    outside: bool


def page_links(path: str, data: bytes) -> PageLinks:
    """Return where an HTML page leads and what in it can be led to."""
    text = data.decode("utf-8")
    needs: set[str] = set()
    outside = False
    for target, fetched in {(t, f) for tag, said in _TAG.findall(text) for t, f in _targets(tag.lower(), said)}:
        parts = urlsplit(target)
        if _is_outside(parts, target):
            outside |= fetched
        elif not parts.scheme and path != "404.html":
            where = _where(path, parts)
            needs |= {where, *([f"{where}#{unquote(parts.fragment)}"] if _names_place(parts) else [])}
    return PageLinks(tuple(sorted(needs)), tuple(sorted(set(_ID.findall(text)))), outside)


def all_lead_somewhere(pages: Mapping[str, PageLinks], paths: Iterable[str]) -> bool:
    """Return whether every link of these pages is known to lead somewhere in a site of these files; if not, `check_links` tells."""
    there = set(paths)
    there |= {p.removesuffix("/index.html") for p in there if p.endswith("/index.html")}
    there |= {f"{p}#{place}" for path, page in pages.items() for p in {path, path.removesuffix("/index.html")} for place in page.places}
    return all(not page.outside and there.issuperset(page.needs) for page in pages.values())


def check_links(files: Iterable[tuple[str, bytes]]) -> list[DeadLink]:
    """Return the dead and the outward links of a site's HTML pages."""
    pages = dict(files)
    ids = dict.fromkeys(pages)
    known: dict[str, frozenset[str] | None] = dict(ids)
    found: list[DeadLink] = []
    for path, data in pages.items():
        if path.endswith(".html"):
            text = data.decode("utf-8")
            for tag, attributes in _TAG.findall(text):
                for target, fetched in _targets(tag.lower(), attributes):
                    fault = _fault(path, target, pages, known, fetched=fetched)
                    if fault:
                        found.append(fault)
    return list(dict.fromkeys(found))


def _targets(tag: str, attributes: str) -> Iterator[tuple[str, bool]]:
    """Yield each address in a tag, and whether a browser fetches it without being asked."""
    said = {name.lower(): html.unescape(a or b or c) for name, a, b, c in _ATTRIBUTE.findall(attributes)}
    relations = set(said.pop("rel", "").lower().split())
    fetched = tag in _FETCHING or (tag == "link" and bool(relations & _FETCHED_RELATIONS))
    for name, text in said.items():
        for part in text.split(",") if name == "srcset" else [text]:
            yield (part.split() or [""])[0] if name == "srcset" else part, fetched


def _fault(
    path: str, target: str, pages: Mapping[str, bytes], known: dict[str, frozenset[str] | None], *, fetched: bool
) -> DeadLink | None:
    parts = urlsplit(target)
    if _is_outside(parts, target):
        return DeadLink(path, target, outside=True) if fetched else None
    if parts.scheme or path == "404.html":
        return None
    where = _where(path, parts)
    if where not in pages and f"{where}/index.html" in pages:
        where = f"{where}/index.html"
    if where not in pages:
        return DeadLink(path, target)
    if _names_place(parts) and where.endswith(".html"):
        ids = known[where]
        if ids is None:
            ids = known[where] = frozenset(_ID.findall(pages[where].decode("utf-8")))
        if unquote(parts.fragment) not in ids and parts.fragment not in ids:
            return DeadLink(path, target)
    return None


def _is_outside(parts: SplitResult, target: str) -> bool:
    return parts.scheme in ("http", "https") or target.startswith("//")


def _names_place(parts: SplitResult) -> bool:
    """Whether an address names a place in a page; those of the theme's own switches are none."""
    return bool(parts.fragment) and not parts.fragment.startswith("__")


def _where(path: str, parts: SplitResult) -> str:
    """Return which file of the site an address on a page leads to."""
    where = path if not parts.path else posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(parts.path)))
    return "index.html" if where in (".", "") else where
