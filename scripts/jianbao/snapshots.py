"""What came, kept byte for byte: every sheet's file by its hash, with time and origin. Never changed, never deleted by a run."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from pathlib import Path
from threading import Lock
from typing import Any, Final

from jianbao import files
from jianbao.errors import RecordError
from jianbao.messages import _

_VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One file as it came.

    `day` is the day that was being worked when these bytes were first seen: sheets that state no day are of it.
    `reference` is the day that years not written are nearest to. `size` and `stamp` tell an unchanged file without reading it.
    """

    file: str
    sha256: str
    size: int
    stamp: int
    pulled_at: str
    day: date
    reference: date
    origin: str

    @property
    def suffix(self) -> str:
        """The file's ending, for whoever opens the snapshot by hand."""
        return Path(self.file).suffix.lower()


_FIELDS: Final = tuple(f.name for f in fields(Snapshot))
_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, sort_keys=True)


def _lines(items: Iterable[object]) -> str:
    """Return a list as JSON, a line each."""
    return "[" + ",".join(f"\n{_ENCODER.encode(item)}" for item in items) + "\n]"


@dataclass(slots=True)
class SnapshotStore:
    """The folder of snapshots with its index, oldest entry first; `pulls` are the moments at which somebody looked."""

    folder: Path
    entries: list[Snapshot]
    pulls: list[datetime]
    _keeping: set[str] = field(default_factory=set)
    _turn: Lock = field(default_factory=Lock)

    @classmethod
    def open(cls, folder: Path) -> SnapshotStore:
        """Read the index; an absent folder is an empty store."""
        path = folder / "index.json"
        data = json.loads(files.read_text(path)) if path.is_file() else {"entries": [], "pulls": []}
        days = ("day", "reference")
        entries = [Snapshot(**{**e, **{d: date.fromisoformat(e[d]) for d in days}}) for e in data["entries"]]
        return cls(folder, entries, [datetime.fromisoformat(p) for p in data["pulls"]])

    def save(self) -> None:
        """Write the index."""
        entries = ({n: getattr(e, n) for n in _FIELDS} | {"day": str(e.day), "reference": str(e.reference)} for e in self.entries)
        text = f'{{\n"entries": {_lines(entries)},\n"pulls": {_lines(map(taken_at, self.pulls))},\n"version": {_VERSION}\n}}'
        files.write_text(self.folder / "index.json", text + "\n", private=True)

    def looked(self, moment: datetime) -> None:
        """Note that the inbox was looked into."""
        if moment not in self.pulls:
            self.pulls.append(moment)

    def latest(self) -> Mapping[str, Snapshot]:
        """Return each file's newest snapshot."""
        return {e.file: e for e in self.entries}

    def latest_of(self, file: str) -> Snapshot | None:
        """Return a file's newest snapshot, or None."""
        return next((e for e in reversed(self.entries) if e.file == file), None)

    def by_digest(self, digests: Collection[str]) -> dict[str, Snapshot]:
        """Return the newest snapshot of each file that has one of these hashes, by file."""
        return {e.file: e for e in self.entries if e.sha256 in digests}

    def path(self, snapshot: Snapshot) -> Path:
        """Return where a snapshot's bytes are kept."""
        return self._path(snapshot.sha256, snapshot.suffix)

    def _path(self, sha256: str, suffix: str) -> Path:
        return self.folder / sha256[:2] / f"{sha256}{suffix.lower()}"

    def keep(self, sha256: str, suffix: str, data: bytes) -> None:
        """Keep a file's bytes under their hash; a copy that is being kept by another thread need not be kept twice."""
        path = self._path(sha256, suffix)
        with self._turn:
            known = path.name in self._keeping
            self._keeping.add(path.name)
        if not known:
            files.write_bytes(path, data, private=True)

    def read(self, snapshot: Snapshot) -> bytes:
        """Return a snapshot's bytes.

        Raises RecordError where they are gone: nothing this program does takes them away.
        """
        try:
            return files.read_bytes(self.path(snapshot))
        except FileNotFoundError as error:
            raise RecordError(
                _("{file} 的快照不见了：{path}").format(file=snapshot.file, path=self.path(snapshot)),
                _("请从备份恢复 private/snapshots；没有备份的，把 private 文件夹改名后重新读取收件文件夹。"),
            ) from error

    def enter(self, snapshot: Snapshot) -> Snapshot:
        """Enter a file's bytes in the index; bytes seen before keep the day they were first seen on."""
        first = next((e for e in self.entries if e.sha256 == snapshot.sha256), None)
        if first:
            snapshot = replace(snapshot, day=first.day, reference=first.reference, pulled_at=first.pulled_at)
        self.entries.append(snapshot)
        return snapshot

    def restamp(self, snapshot: Snapshot, stamp: int) -> Snapshot:
        """Note that an unchanged file has a new time of change."""
        stamped = replace(snapshot, stamp=stamp)
        self.entries[self.entries.index(snapshot)] = stamped
        return stamped

    def settle_day(self, fresh: Iterable[Snapshot], day: date) -> dict[Snapshot, Snapshot]:
        """Give snapshots just taken the day being worked, once it is known; return the new ones by the old."""
        settled = {s: replace(s, day=day) for s in fresh}
        self.entries = [settled.get(e, e) for e in self.entries]
        return settled

    def histories(self) -> Iterator[Snapshot]:
        """Yield every file's snapshots, newest first; of those first seen on one day only the last, which corrects the others."""
        seen: set[tuple[str, date]] = set()
        for entry in reversed(self.entries):
            if (entry.file, entry.day) not in seen:
                seen.add((entry.file, entry.day))
                yield entry

    def history(self, file: str) -> Iterator[Snapshot]:
        """Yield one file's snapshots in the same way."""
        return (entry for entry in self.histories() if entry.file == file)


def taken_at(moment: datetime) -> str:
    """Return a moment as the index writes it."""
    return moment.isoformat(timespec="seconds")


def describe(snapshot: Snapshot) -> Mapping[str, Any]:
    """Return what the record may say of a snapshot: name, hash, size and time, and never a row."""
    return {"file": snapshot.file, "sha256": snapshot.sha256, "size": snapshot.size, "pulled_at": snapshot.pulled_at}
