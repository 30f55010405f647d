"""Which snapshots speak of a form's day: of each file the newest that does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import takewhile
from pathlib import PurePosixPath

from jianbao.forms import FormSpec, Kind
from jianbao.pipeline.pull import Pulled
from jianbao.snapshots import Snapshot
from jianbao.validation import SourcedSheet


@dataclass(frozen=True, slots=True)
class Evidence:
    """Every file's snapshots by the form and day they speak of.

    A file that is overwritten daily still speaks of its earlier days; one that was corrected on the day it came does
    so with its last text alone. A file gone from the inbox no longer speaks of a day that is not published yet.
    """

    pulled: Pulled
    published: frozenset[date]
    by_day: Mapping[tuple[str, date], Sequence[Snapshot]]
    by_file: Mapping[str, Sequence[Snapshot]]
    """Each file's snapshots, newest first."""

    @classmethod
    def of(cls, pulled: Pulled, published: frozenset[date]) -> Evidence:
        """Look through the history of every file once."""
        found: dict[tuple[str, date], dict[str, Snapshot]] = {}
        by_file: dict[str, list[Snapshot]] = {}
        for snapshot in pulled.store.histories():
            by_file.setdefault(snapshot.file, []).append(snapshot)
            for form, days in pulled.summary(snapshot).items():
                for day in days:
                    found.setdefault((form, day or snapshot.day), {}).setdefault(snapshot.file, snapshot)
        return cls(pulled, published, {key: _in_order(files.values()) for key, files in found.items()}, by_file)

    def snapshots(self, form: FormSpec, day: date) -> list[Snapshot]:
        """Return what speaks of a form's day, a copy of a file after the file."""
        known = self.by_day.get((form.name, day), ())
        if day in self.published:
            return list(known)
        at_hand = [s for s in known if s.file in self.pulled.present]
        return [s for s in at_hand if not self._left_out(s, form, day)] if form.kind is Kind.PLAN else at_hand

    def sheets(self, form: FormSpec, day: date) -> Iterator[SourcedSheet]:
        """Yield the sheets of a form that speak of a day."""
        for snapshot in self.snapshots(form, day):
            yield from sourced(self.pulled, snapshot, form)

    def register_sheets(self, form: FormSpec, day: date) -> Iterator[SourcedSheet]:
        """Yield the sheets of a register as they stood on a day: of each file the newest first seen by then.

        Where the inbox holds none any more, those that were there last still stand.
        """
        newest = sorted(self.pulled.present.values(), key=lambda s: (s.pulled_at, s.file))
        chosen = [c for s in newest if (c := self._standing(s, form, day))]
        if not chosen:
            chosen = [c for s in self.pulled.store.latest().values() if (c := self._standing(s, form, day))]
        for rank, snapshot in enumerate(chosen):
            yield from sourced(self.pulled, snapshot, form, rank)

    def _left_out(self, snapshot: Snapshot, form: FormSpec, day: date) -> bool:
        """Whether a newer text of the file, there on the day or before it, plans nothing for the day any more."""
        since = takewhile(lambda s: s != snapshot, self.by_file[snapshot.file])
        return any(s.day <= day and form.name in self.pulled.summary(s) for s in since)

    def _standing(self, snapshot: Snapshot, form: FormSpec, day: date) -> Snapshot | None:
        history = [s for s in self.by_file.get(snapshot.file, ()) if form.name in self.pulled.summary(s)]
        by_then = [s for s in history if s.day <= day]
        return next(iter(by_then or history[-1:]), None)


def sourced(pulled: Pulled, snapshot: Snapshot, form: FormSpec, rank: int = 0) -> Iterator[SourcedSheet]:
    """Yield a snapshot's sheets of one form, with where they come from."""
    for sheet in pulled.reading(snapshot).sheets:
        if sheet.form == form.name:
            yield SourcedSheet(snapshot.file, snapshot.sha256, snapshot.day, sheet, rank)


def _in_order(snapshots: Iterable[Snapshot]) -> list[Snapshot]:
    return sorted(snapshots, key=lambda s: PurePosixPath(s.file).with_suffix("").parts)
