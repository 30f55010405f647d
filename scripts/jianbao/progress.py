"""How far a long run has come, and how long what is left of it will take: by what was done, never by guess."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

Watch = Callable[[str, int, int], None]
"""Told what is being done, and how much of how much: bytes, rows or pages, whichever takes the time."""

_SECONDS: Final = 2.0
_SHARE: Final = 0.02
"""So much time must have gone by, and so much of the work, before their ratio says anything."""


def unwatched(_what: str, _done: int, _whole: int) -> None:
    """Take no notice."""


@dataclass(slots=True)
class Pace:
    """The pace of one piece of work, by a clock that counts seconds from anywhere.

    `began` is when it was first heard of, with `at_first` already done: what was done before then took no time of this run.
    """

    began: float
    at_first: int = 0
    done: int = 0
    whole: int = 0
    now: float = 0.0

    def reached(self, done: int, whole: int, now: float) -> None:
        """Note that so much is done at a time. Work that goes back, or grows, is taken as it is told."""
        self.done, self.whole, self.now = done, whole, now

    @property
    def share(self) -> float:
        """How much of the whole is done, from 0 to 1."""
        return min(1.0, max(0.0, self.done / self.whole)) if self.whole else 0.0

    @property
    def left(self) -> float | None:
        """How many seconds what is left takes at the pace so far; None as long as nobody can know."""
        fresh, gone = self.done - self.at_first, self.now - self.began
        if not self.whole or gone < _SECONDS or fresh < _SHARE * (self.whole - self.at_first) or fresh <= 0:
            return None
        return max(0.0, gone * (self.whole - self.done) / fresh)
