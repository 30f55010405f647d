"""What was deleted for good after its time: which days, when, and the hashes of what is gone. Never a name, never a row."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Final

from jianbao import files
from jianbao.forms import FormSpec, IndicatorSpec
from jianbao.forms.spec import reach

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

    def cuts(self, form: FormSpec, indicator: IndicatorSpec, days: Iterable[date]) -> bool:
        """Whether a figure can no longer be stated: its days reach back to rows that are gone.

        `days` are those it reads, its own last.
        """
        if indicator.window == "day" or not any(form.name in p.forms for p in self.done):
            return False
        first, _last = reach(indicator.window, max(days))
        return first < self.before
