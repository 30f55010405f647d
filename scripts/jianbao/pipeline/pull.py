"""inbox → snapshots → readings: what came, kept as it came, and read once."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from jianbao import files
from jianbao.forms import FormSet
from jianbao.messages import _
from jianbao.project import Project
from jianbao.reading import FileReading, Readers, ReadingStore, Summary, read_file
from jianbao.snapshots import Snapshot, SnapshotStore, taken_at
from jianbao.sources import Unreadable, WorkbookCells
from jianbao.sources.folder import ORIGIN, TEXT_SUFFIXES, FoundFile, scan
from jianbao.sources.isolated import IsolatedReader
from jianbao.sources.workbook import read_workbook
from jianbao.values import Code, FindingBlock, Severity

Progress = Callable[[str], None]


@dataclass(slots=True)
class Pulled:
    """The inbox as it stands: each file's snapshot, those that are new, and what could not be taken."""

    store: SnapshotStore
    readings: ReadingStore
    forms: FormSet
    reference: date
    present: dict[str, Snapshot]
    fresh: list[Snapshot]
    findings: list[FindingBlock]
    memory: dict[str, FileReading] = field(default_factory=dict)

    def key(self, snapshot: Snapshot) -> str:
        """Return the key of a snapshot's reading."""
        return self.readings.key(snapshot.file, snapshot.sha256, snapshot.reference)

    def summary(self, snapshot: Snapshot) -> Summary:
        """Return the days a snapshot has rows of, by form, reading it if it never was."""
        found = self.readings.summary(self.key(snapshot))
        if found is None:
            self.read([snapshot])
            found = self.readings.summary(self.key(snapshot))
        return found or {}

    def reading(self, snapshot: Snapshot) -> FileReading:
        """Return a snapshot's reading."""
        key = self.key(snapshot)
        if key not in self.memory:
            if self.readings.summary(key) is None:
                self.read([snapshot])
            else:
                self.memory[key] = self.readings.load(key)
        return self.memory[key]

    def read(self, snapshots: Sequence[Snapshot], progress: Progress | None = None) -> None:
        """Read snapshots, side by side on the cores there are; the same word is understood once for all."""
        readers: dict[date, Readers] = {}
        with IsolatedReader() as isolated, ThreadPoolExecutor(max(2, os.cpu_count() or 2)) as pool:
            cells = pool.map(lambda s: _cells(self.store.path(s), s, isolated), snapshots)
            for snapshot, read in zip(snapshots, cells, strict=True):
                known = readers.setdefault(snapshot.reference, Readers(snapshot.reference))
                key = self.key(snapshot)
                self.memory[key] = read_file(snapshot.file, read, self.forms, known)
                self.readings.keep(key, self.memory[key])
                if progress:
                    progress(snapshot.file)

    def settle_day(self, day: date) -> None:
        """Give the files just taken the day being worked: their undated rows are of it."""
        settled = self.store.settle_day(self.fresh, day)
        self.present = {name: settled.get(s, s) for name, s in self.present.items()}
        self.fresh = list(settled.values())


def _cells(path: Path, snapshot: Snapshot, isolated: IsolatedReader) -> WorkbookCells | Unreadable:
    title, text = Path(snapshot.file).stem, snapshot.suffix in TEXT_SUFFIXES
    return read_workbook(files.read_bytes(path), title=title, text=text, isolate=isolated.read)


def pull(project: Project, forms: FormSet, *, as_of: datetime, day: date | None, progress: Progress | None = None) -> Pulled:
    """Take what is new in the inbox and read it.

    `day` is the day being worked, if it is known; years that are not written are read as of it, else as of `as_of`.
    """
    reference = day or as_of.date()
    files.private_folder(project.private)
    store = SnapshotStore.open(project.private / "snapshots")
    pulled = Pulled(store, ReadingStore.open(project.private / "readings", forms), forms, reference, {}, [], [])
    store.looked(as_of)
    latest = store.latest()
    for found in scan(project.inbox):
        if found.is_sheet:
            _take(pulled, found, latest.get(found.file), as_of)
        else:
            pulled.findings.append(FindingBlock(Code.UNREADABLE_WORKBOOK, Severity.WARNING, found.file, note=_("不是表格文件")))
    unread = [s for s in pulled.present.values() if pulled.readings.summary(pulled.key(s)) is None]
    pulled.read(unread, progress)
    return pulled


def _take(pulled: Pulled, found: FoundFile, known: Snapshot | None, as_of: datetime) -> None:
    """Keep a file that is new or changed; one whose size and time of change are as before is not opened."""
    if known and (known.size, known.stamp) == (found.size, found.stamp):
        pulled.present[found.file] = known
        return
    try:
        data = files.read_bytes(found.path)
    except OSError as error:
        note = _("文件正被其他程序占用或无权读取（{detail}）").format(detail=error.strerror or error)
        pulled.findings.append(FindingBlock(Code.UNREADABLE_WORKBOOK, Severity.ERROR, found.file, note=note))
        return
    digest = files.sha256(data)
    if known and known.sha256 == digest:
        pulled.store.restamp(known, found.stamp)
        pulled.present[found.file] = pulled.store.latest()[found.file]
        return
    day = pulled.reference
    snapshot = Snapshot(found.file, digest, len(data), found.stamp, taken_at(as_of), day, day, ORIGIN)
    kept = pulled.store.keep(snapshot, data)
    pulled.present[found.file] = kept
    if kept == snapshot:
        pulled.fresh.append(kept)


def known_days(pulled: Pulled) -> Iterator[tuple[date, str]]:
    """Yield (day, form) for every day that the files at hand, or the undated ones when first seen, have rows of."""
    fresh = set(pulled.fresh)
    for snapshot in pulled.present.values():
        for form, days in pulled.summary(snapshot).items():
            yield from ((day, form) for day in days if day is not None)
            if None in days and snapshot not in fresh:
                yield snapshot.day, form
