"""A whole site looked through for what is personal: what its pages share once, and all in a few large texts.

A page that nothing is found in this way holds nothing: whatever stands in it stands in one of its pieces. Any other, and
every file of another kind, is looked through by itself.
"""

from __future__ import annotations

import json
import re
from bisect import bisect
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final, TypeVar

from jianbao.checks.passed import ENTRY, Passed, entry_key, index_parts, is_index, is_script_of, piece_key
from jianbao.checks.pieces import Pieces
from jianbao.checks.privacy import Hit, People, check_privacy, found_in, look_into
from jianbao.checks.views import EDGE, resolved, strings_of, without_blocks

_AT_ONCE: Final = 1 << 18
"""About how many characters are looked through at a time."""

_MARK: Final = "\ue000"
_BETWEEN: Final = f"<p>{_MARK}"
"""Stands before each text: the edge of a block, and a mark that no text has of its own and nobody signs behind."""

_SCRIPT: Final = re.compile("</?(?:script|style)", re.IGNORECASE)

_NO_BRACKET: Final = bytes(n for n in range(256) if n not in b"<>")

Key = TypeVar("Key")


def check_site(files: Mapping[str, bytes], people: People, passed: Passed | None = None, pieces: Pieces | None = None) -> list[Hit]:
    """Return everything personal in files and in their names, as `check_privacy` does.

    What `passed` holds was looked through for just these people. `pieces` may hold those of the site's pages already.
    """
    passed = Passed() if passed is None else passed
    pieces = pieces or Pieces()
    cut = {path: pieces.of(data) for path, data in files.items() if path.endswith(".html")}
    told = _told(set().union(*cut.values()), people)
    clean = {path for path, its in cut.items() if told.isdisjoint(its)}
    clean -= set(_personal([(path, resolved(path)) for path in clean], people))
    indexes = {path: _in_index(path, data, people, passed) for path, data in files.items() if is_index(path)}
    twins = {path: its for path, data in files.items() if (its := next((i for i in indexes if is_script_of(data, files[i])), None))}
    hits: dict[tuple[str, str, str], Hit] = {}
    for path, data in files.items():
        if path in indexes or path in twins:
            found = check_privacy([(path, b"")], people) + [replace(h, path=path) for h in indexes[twins.get(path, path)]]
        else:
            found = [] if path in clean else check_privacy([(path, data)], people, passed)
        for hit in found:
            hits.setdefault((hit.path, hit.kind, hit.found), hit)
    return list(hits.values())


def _told(pieces: Iterable[bytes], people: People) -> set[bytes]:
    """Return the pieces of pages that hold something, or that cannot be judged without what follows them."""
    texts = {piece: _whole_text(piece) for piece in pieces}
    told = {piece for piece, text in texts.items() if text is None}
    return told.union(_personal([(piece, text) for piece, text in texts.items() if text is not None], people))


def _whole_text(piece: bytes) -> str | None:
    """Return what a piece says, or None where a tag or a script goes on behind it, or where it is no UTF-8."""
    try:
        text = resolved(piece.decode())
    except UnicodeDecodeError:
        return None
    return None if _leaves_open(text) else text


def _leaves_open(text: str) -> bool:
    """Whether a text's last tag, or a script, goes on behind it."""
    scripts = Counter(tag.lower() for tag in _SCRIPT.findall(text))
    if any(scripts[f"<{name}"] != scripts[f"</{name}"] for name in ("script", "style")):
        return True
    if not _has_odd_tags(text):
        return False
    inline = without_blocks(text)
    return text.rfind("<") > text.rfind(">") or inline.rfind("<") > inline.rfind(">")


def _has_odd_tags(text: str) -> bool:
    """Whether a tag begins in a text where the one before has not ended, or the last has no end."""
    return b"<" in text.encode("utf-8", "surrogatepass").translate(None, _NO_BRACKET).replace(b"<>", b"")


def _in_index(path: str, data: bytes, people: People, passed: Passed) -> list[Hit]:
    """Return everything personal in a search index and its name; its entries that pass are noted, so that only new ones are looked at."""
    head, entries = index_parts(data)
    pieces = {piece_key(".json", head): head} | {entry_key(e): e for e in entries}
    passed.now |= passed.known & pieces.keys()
    new = {key: piece if piece is head else ENTRY + piece for key, piece in pieces.items() if key not in passed.now}
    try:
        said = json.loads(b"[" + b",".join(new.values()) + b"]")
    except ValueError:
        said = []
    if len(said) != len(new):  # not of the shape that it is cut by
        return check_privacy([(path, data)], people, passed)
    texts = [(key, resolved(EDGE.join(["", *strings_of(entry), ""]))) for key, entry in zip(new, said, strict=True)]
    told = set(_personal(texts, people))
    passed.now.update(key for key in new if key not in told)
    return [hit for key, piece in new.items() if key in told for hit in look_into(path, ".json", piece, people)]


def _personal(texts: Iterable[tuple[Key, str]], people: People) -> Iterator[Key]:
    """Yield which of many texts hold something personal, each with its entities and escapes resolved."""
    together: list[tuple[Key, str]] = []
    length = 0
    for key, text in texts:
        if _has_a_say(text):
            yield from (key for _found in found_in(_BETWEEN + text, people))
            continue
        together.append((key, text))
        length += len(text)
        if length >= _AT_ONCE:
            yield from _personal_of(together, people)
            together, length = [], 0
    yield from _personal_of(together, people)


def _personal_of(texts: Sequence[tuple[Key, str]], people: People) -> Iterator[Key]:
    """Yield the same of texts that go into one; what tags say stands behind them all, so there each is looked at by itself."""
    whole = "".join(_BETWEEN + text for _key, text in texts) + _BETWEEN
    begins: dict[str, list[int]] = {}
    at: set[int] = set()
    for view, start in found_in(whole, people):
        if view not in begins:
            begins[view] = [m.start() for m in re.finditer(_MARK, view)]
        at.add(bisect(begins[view], start) - 1)
    if len(texts) in at:
        at.update(n for n, (_key, text) in enumerate(texts) if any(True for _found in found_in(_BETWEEN + text, people)))
    yield from (texts[n][0] for n in sorted(at - {len(texts)}))


def _has_a_say(text: str) -> bool:
    """Whether a text may change what its neighbours say, or where they begin: by a script, a tag left open, our mark."""
    return _MARK in text or _has_odd_tags(text) or bool(_SCRIPT.search(text))
