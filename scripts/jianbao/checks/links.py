"""Every link of a built site leads somewhere, and no page fetches anything from another host."""

from __future__ import annotations

import html
import posixpath
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, unquote, urlsplit

_TAG: Final = re.compile(r"""<([a-zA-Z][\w-]*)((?:\s+[^\s=>"']+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]+))?)+)""")
_ATTRIBUTE: Final = re.compile(r"""\s(href|src|srcset|poster|data|rel)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_TELLING: Final = re.compile(rb"href|src|poster|data(?!-)|id=|name=", re.IGNORECASE)
_CLOSED: Final = re.compile(rb"""[^"'>]*(?:"[^"]*"[^"'>]*|'[^']*'[^"'>]*)*>""")
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
class SiteLinks:
    """What pages' links need: files of their site, and places in other pages; an empty place is the file alone.

    `dead` says that an address in them leads nowhere, makes a browser ask another host, or cannot be told from the pieces.
    """

    needs: frozenset[tuple[str, str]]
    dead: bool


@dataclass(frozen=True, slots=True, eq=False)
class _Said:
    """What a piece of a page says: the addresses of others, places in its own page that it leads to, and places that are in it."""

    targets: frozenset[str] = frozenset()
    own: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()
    dead: bool = False

    @classmethod
    def joined(cls, said: Collection[_Said]) -> _Said:
        """Return what several say together."""
        none: frozenset[str] = frozenset()
        return cls(
            none.union(*(s.targets for s in said)), none.union(*(s.own for s in said)), none.union(*(s.places for s in said)),
            any(s.dead for s in said),
        )  # fmt: skip


def links_of(pages: Mapping[str, Sequence[bytes]]) -> SiteLinks:
    """Return where HTML pages, given in pieces, lead; what pages of one folder share leads all of them to the same."""
    tags: dict[bytes, _Said | None] = {}
    said = {piece: found for piece in set().union(*pages.values()) if (found := _said(piece, tags))}
    folders: dict[str, set[_Said]] = {}
    dead = any(s.dead for s in said.values())
    for path, pieces in pages.items():
        its = [said[piece] for piece in pieces if piece in said]
        if path != "404.html":  # it is shown in the place of any page
            folders.setdefault(posixpath.dirname(path), set()).update(its)
            own = set().union(*(s.own for s in its))
            dead |= bool(own) and not own.issubset(set().union(*(s.places for s in its)))
    needs = {need for folder, its in folders.items() for need in _needs(folder, _Said.joined(its).targets)}
    return SiteLinks(frozenset(needs), dead)


def all_lead_somewhere(needs: Iterable[tuple[str, str]], paths: Collection[str], pieces: Callable[[str], Sequence[bytes]]) -> bool:
    """Return whether all that links need is in a site of these files; `pieces` gives those of a page."""
    places: dict[str, frozenset[str]] = {}
    for need, place in needs:
        where = need if need in paths else f"{need}/index.html"
        if where not in paths:
            return False
        if place and where.endswith(".html"):
            if where not in places:
                places[where] = frozenset(p for piece in pieces(where) for p in _ID.findall(piece.decode("utf-8", "replace")))
            if place not in places[where]:
                return False
    return True


def _said(piece: bytes, tags: dict[bytes, _Said | None]) -> _Said | None:
    """Return what a piece of a page says, if anything; `tags` is what was found in any before."""
    found: list[_Said] = []
    for tag in set(piece.split(b"<")[1:]):
        if tag not in tags:
            tags[tag] = _said_in_tag(tag)
        if (said := tags[tag]) is not None:
            found.append(said)
    return _Said.joined(found) if found else None


def _said_in_tag(part: bytes) -> _Said | None:
    """Return what a tag and the text behind it say; `dead` where the tag does not end in it."""
    if part[:1].isalpha() and not _CLOSED.match(part):
        return _Said(dead=True)
    if not _TELLING.search(part):
        return None
    text = "<" + part.decode("utf-8", "replace")
    targets: set[str] = set()
    own: set[str] = set()
    dead = False
    for tag, attributes in _TAG.findall(text):
        for target, fetched in _targets(tag.lower(), attributes):
            parts = urlsplit(target)
            if _is_outside(parts, target):
                dead |= fetched
            elif not parts.scheme and parts.path:
                targets.add(target)
            elif not parts.scheme and _names_place(parts):
                own.add(unquote(parts.fragment))
    return _Said(frozenset(targets), frozenset(own), frozenset(_ID.findall(text)), dead)


def _needs(folder: str, targets: Iterable[str]) -> Iterator[tuple[str, str]]:
    for target in targets:
        parts = urlsplit(target)
        yield _where(f"{folder}/", parts) if folder else _where("", parts), unquote(parts.fragment) if _names_place(parts) else ""


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
