"""Every link of a built site leads somewhere, and no page fetches anything from another host."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote, urlsplit

_LINK: Final = re.compile(r"""<(?P<tag>[a-zA-Z][\w-]*)\b[^>]*?\s(?P<attribute>href|src|srcset|poster|data)=["'](?P<target>[^"']*)["']""")
_ID: Final = re.compile(r"""\s(?:id|name)=["']([^"']+)["']""")
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
            for match in _LINK.finditer(text):
                fault = _fault(path, match["tag"].lower(), match["target"], pages, known)
                if fault:
                    found.append(fault)
    return list(dict.fromkeys(found))


def _fault(path: str, tag: str, target: str, pages: Mapping[str, bytes], known: dict[str, frozenset[str] | None]) -> DeadLink | None:
    parts = urlsplit(target.replace("&amp;", "&"))
    if parts.scheme in ("http", "https") or target.startswith("//"):
        fetched = tag in _FETCHING or (tag == "link" and "canonical" not in target)
        return DeadLink(path, target, outside=True) if fetched and tag != "link" else None
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
