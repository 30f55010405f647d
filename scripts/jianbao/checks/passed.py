"""What has been looked through: by hash, so that only new bytes are looked through again under the same rules.

A search index is cut between its entries, where no word can go on; an entry in which nothing was found is not looked
through twice. What pages share is looked at once in one pass (`sieve`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

INDEX_SCRIPT: Final = b"var __index = "
"""Begins the search index as a script, which is what a site opened from a folder can read."""

_DOCS: Final = b'"docs":['
ENTRY: Final = b'{"location":'
"""Begins each entry of a search index."""


@dataclass(slots=True)
class Passed:
    """Hashes of files and pieces in which nothing was found: earlier (`known`), and in this pass (`now`)."""

    known: frozenset[str] = frozenset()
    now: set[str] = field(default_factory=set)

    def has(self, key: str) -> bool:
        """Return whether what has this hash was looked through, and keep it for the next pass."""
        if key in self.known:
            self.now.add(key)
        return key in self.now

    def keep(self) -> None:
        """Keep all that was known for the next pass."""
        self.now |= self.known

    def add(self, key: str) -> None:
        """Note that nothing was found in what has this hash."""
        self.now.add(key)


def file_key(path: str, sha256: str) -> str:
    """Return the hash of a file by name and content; a name is looked at too."""
    return hashlib.sha256(f"{path}\x00{sha256}".encode()).hexdigest()


def piece_key(kind: str, piece: bytes) -> str:
    """Return the hash of a piece; `kind` says how its text is taken out."""
    return hashlib.sha256(kind.encode() + b"\x00" + piece).hexdigest()


def index_key(data: bytes) -> str:
    """Return the hash of a whole search index: it stands in the site twice, once as a script."""
    return piece_key("index", data)


def entry_key(entry: bytes) -> str:
    """Return the hash of an entry of a search index; it is none that `piece_key` gives."""
    return hashlib.sha256(ENTRY + entry).hexdigest()


def is_script_of(data: bytes, index: bytes) -> bool:
    """Whether a file is the script that is made of a search index."""
    return len(data) == len(INDEX_SCRIPT) + len(index) and data.startswith(INDEX_SCRIPT) and data.endswith(index)


def is_index(path: str) -> bool:
    """Whether a file is the search index that a script is made of."""
    return path.endswith("search/search_index.json")


def pieces_of(path: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield a file's pieces with what each is as a file name's ending says it; a file that is not cut is one piece."""
    if data.startswith(INDEX_SCRIPT):
        yield from _index_pieces(data.removeprefix(INDEX_SCRIPT))
    elif is_index(path):
        yield from _index_pieces(data)
    else:
        yield path, data


def _index_pieces(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield the index's head and its entries, each as JSON."""
    head, entries = index_parts(data)
    yield ".json", head
    for entry in entries:
        yield ".json", ENTRY + entry


def index_parts(data: bytes) -> tuple[bytes, list[bytes]]:
    """Return a search index's head, and its entries without the `ENTRY` that each begins with; one of another shape is all head.

    Between quotes JSON holds no bare quote, so an entry's beginning can stand nowhere else.
    """
    start = data.find(_DOCS) + len(_DOCS)
    first = data.startswith(ENTRY, start)
    if start < len(_DOCS) or not data.endswith(b"]}") or not (first or start == len(data) - 2):
        return data, []
    entries = data[start + len(ENTRY) : -2].split(b"," + ENTRY) if first else []
    return data[:start] + b"]}", entries
