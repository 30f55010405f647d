"""What was deleted for good after its time: which days, when, and the hashes of what is gone. Never a name, never a row."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Final

from jianbao import files
from jianbao.forms import FormSet, FormSpec, Kind
from jianbao.forms.derived import Classes, Counted, Coverage, Rota, Rounds
from jianbao.forms.spec import Window, reach

FILE: Final = "purged.json"


@dataclass(frozen=True, slots=True)
class Purge:
    """One deletion: every row of a day before `before`; `forms` lost rows, `snapshots` are hashes of sheets deleted."""

    before: date
    on: date
    forms: tuple[str, ...]
    snapshots: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Purges:
    """All deletions of an office, oldest first."""

    done: tuple[Purge, ...] = ()

    @classmethod
    def open(cls, private: Path) -> Purges:
        """Read what was deleted from an office's private folder."""
        path = private / FILE
        data = json.loads(files.read_text(path)) if path.is_file() else []
        return cls(tuple(
            Purge(date.fromisoformat(p["before"]), date.fromisoformat(p["on"]), tuple(p["forms"]), tuple(p["snapshots"])) for p in data
        ))  # fmt: skip

    def save(self, private: Path) -> None:
        """Write what was deleted."""
        data = [asdict(p) | {"before": p.before.isoformat(), "on": p.on.isoformat()} for p in self.done]
        files.write_text(private / FILE, json.dumps(data, ensure_ascii=False, sort_keys=True, indent=1) + "\n", private=True)

    @property
    def before(self) -> date:
        """The first day whose rows may be there."""
        return max((p.before for p in self.done), default=date.min)

    def of(self, day: date) -> Purge | None:
        """Return the deletion that took a day's rows, or None."""
        return next((p for p in self.done if day < p.before), None)

    def snapshot(self, sha256: str) -> Purge | None:
        """Return the deletion that took a snapshot, or None."""
        return next((p for p in self.done if sha256 in p.snapshots), None)

    def cuts(self, forms: FormSet, form: FormSpec, source: str, window: Window, day: date) -> bool:
        """Whether what is made on `day` of a form's rows, or of a table derived from them, reaches back to rows that are gone."""
        lost = {name for p in self.done for name in p.forms}
        return any(name in lost and first < self.before for name, first in _read(forms, form, source, window, day))


def _read(forms: FormSet, form: FormSpec, source: str, window: Window, day: date) -> Iterator[tuple[str, date]]:
    """Yield each form whose rows are read, and the first day of them.

    Periods of observation read the contacts of every day too, and take those of days whose rows are gone as made (`Desk.since`).
    What somebody answered in a survey that is deleted no longer has a say in which class they are.
    """
    match form.derived.get(source):
        case None:
            yield form.name, reach(window, day)[0]
        case Rounds():
            yield form.name, day if form.kind is Kind.DAILY else date.min
        case Classes(each=each, within=within):
            asked = {n.partition(".")[0] for c in each if c.when for n in c.when.names if "." in n}
            yield from ((name, reach(within, day)[0]) for name in asked if forms[name].kind is Kind.DAILY)
        case Coverage(of=of, days=days):
            yield form.name, reach(days, day)[0]
            yield of, day
        case Counted(each=each):
            for count in each:
                yield from _read(forms, forms[count.of], count.source, "to_date", day)
        case Rota():
            yield form.name, day
        case _:
            yield form.name, date.min
