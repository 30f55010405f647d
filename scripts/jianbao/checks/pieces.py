"""The pieces of a site's pages: what pages share is one piece, looked at once for all of them.

A page is cut before tags that begin a block, where no word goes on. Pieces are the same where their bytes are.
"""

from __future__ import annotations

from typing import Final

_CUTS: Final = (b"<div ", b"<li ", b"<link ", b"<label ", b"<button ", b"<script")
"""What pieces begin with, in the order that a page is cut: first what leaves the most that other pages have too."""


class Pieces:
    """The pieces of pages cut so far, each held once."""

    def __init__(self) -> None:
        """Begin with none."""
        self._cut: tuple[dict[bytes, list[bytes]], ...] = tuple({} for _cut in _CUTS)
        self._held: dict[bytes, bytes] = {}
        self._pages: dict[bytes, list[bytes]] = {}

    def of(self, page: bytes) -> list[bytes]:
        """Return a page's pieces in their order; together they are the page."""
        found = self._pages.get(page)
        if found is None:
            found = self._pages[page] = self._parts(page, 0)
        return found

    def _parts(self, piece: bytes, level: int) -> list[bytes]:
        if level == len(_CUTS):
            return [self._held.setdefault(piece, piece)]
        mark, known = _CUTS[level], self._cut[level]
        first, *rest = piece.split(mark)
        found: list[bytes] = []
        for part in (first, *(mark + r for r in rest)):
            below = known.get(part)
            if below is None:
                below = known[part] = self._parts(part, level + 1)
            found += below
        return found
