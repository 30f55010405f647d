"""Every link of a built site leads somewhere, and no page fetches anything from another host."""

from __future__ import annotations

import html
import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote, urlsplit

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
    if parts.scheme in ("http", "https") or target.startswith("//"):
        return DeadLink(path, target, outside=True) if fetched else None
    if parts.scheme or path == "404.html":
        return None
    where = path if not parts.path else posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(parts.path)))
    where = "index.html" if where in (".", "") else where
    if where not in pages and f"{where}/index.html" in pages:
        where = f"{where}/index.html"
    if where not in pages:
        return DeadLink(path, target)
    if parts.fragment and where.endswith(".html") and not parts.fragment.startswith("__"):
        ids = known[where]
        if ids is None:
            ids = known[where] = frozenset(_ID.findall(pages[where].decode("utf-8")))
        if unquote(parts.fragment) not in ids and parts.fragment not in ids:
            return DeadLink(path, target)
    return None
