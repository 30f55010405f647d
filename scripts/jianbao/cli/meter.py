"""How far a long run has come, on a terminal: what is piped or kept gets none of it, but for how far a fetch has come."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Final

import click

from jianbao.messages import _
from jianbao.progress import Pace

if TYPE_CHECKING:
    from rich.console import Console
    from rich.status import Status

_SECONDS: Final = 0.1
"""So often the line is drawn anew."""


class Meter:
    """One line on standard error: what is being done, how much of it is done, how long the rest takes."""

    def __init__(self) -> None:
        self._console: Console | None = None
        self._status: Status | None = None
        self._what = self._step = ""
        self._pace = Pace(0.0)
        self._drawn = 0.0
        self._tenth = 0

    @property
    def shows(self) -> bool:
        """Whether there is a terminal to show it on."""
        return sys.stderr.isatty()

    def __call__(self, what: str, done: int, whole: int) -> None:
        """Show that so much of so much is done."""
        if not self.shows:
            return
        now = time.perf_counter()
        if what != self._what or done < self._pace.done:
            self._what, self._pace, self._drawn = what, Pace(now, done), 0.0
        self._pace.reached(done, whole, now)
        if done >= whole and self._step:
            self._show(self._step)
        elif done >= whole:
            self.stop()
        elif now - self._drawn >= _SECONDS:
            self._drawn = now
            self._show(spoken(what, self._pace))

    def fetched(self, what: str, done: int, whole: int) -> None:
        """Show how far a fetch has come: it waits for others, so where there is no terminal it says so, too, a line each tenth."""
        if self.shows:
            self(what, done, whole)
        elif done * 10 // whole > self._tenth:
            self._tenth = done * 10 // whole
            click.echo(_("{what}：{done}/{whole}").format(what=what, done=done, whole=whole), err=True)

    def step(self, what: str) -> None:
        """Show that a step begins: a line that stays, and one that moves until the next step."""
        self.stop()
        self._own_console().print(f"· {what}", highlight=False)
        self._step = what
        self._show(what)

    def stop(self) -> None:
        """Take the moving line away."""
        if self._status is not None:
            self._status.stop()
            self._status = None
        self._what = self._step = ""

    def _show(self, text: str) -> None:
        if self._status is None:
            self._status = self._own_console().status(text)
            self._status.start()
        else:
            self._status.update(text)

    def _own_console(self) -> Console:
        if self._console is None:
            from rich.console import Console

            self._console = Console(stderr=True)
        return self._console


def spoken(what: str, pace: Pace) -> str:
    """Return how far something has come, in a line."""
    told, left = f"{what} {pace.share:.0%}", pace.left
    if left is None:
        return told
    if left < 90:
        return told + _("，还需约 {seconds} 秒").format(seconds=max(1, round(left)))
    return told + _("，还需约 {minutes} 分钟").format(minutes=round(left / 60))
