"""inbox → snapshots → readings: what came, kept as it came, and read once."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Final, Protocol, TypeVar

from jianbao import files
from jianbao.federation import SUFFIX as OFFICE_SUFFIX
from jianbao.federation import open_published
from jianbao.forms import FormSet
from jianbao.messages import _
from jianbao.progress import Watch, unwatched
from jianbao.project import Project
from jianbao.reading import FileReading, Readers, ReadingStore, Summary, read_file
from jianbao.settings import GoogleSettings
from jianbao.snapshots import Snapshot, SnapshotStore, taken_at
from jianbao.sources import Unreadable, WorkbookCells
from jianbao.sources.folder import ORIGIN, TEXT_SUFFIXES, FoundFile, scan
from jianbao.sources.google.answer import SUFFIX as ANSWER_SUFFIX
from jianbao.sources.google.answer import open_answer
from jianbao.sources.isolated import IsolatedReader
from jianbao.sources.workbook import read_workbook
from jianbao.values import Code, FindingBlock, Severity

Cells = WorkbookCells | Unreadable
Item = TypeVar("Item")
Result = TypeVar("Result")

_WORKERS: Final = max(2, os.cpu_count() or 2)
_AHEAD: Final = 2 * _WORKERS
"""How many files may be read before their turn: their cells stand in memory until then."""


@dataclass(frozen=True, slots=True)
class _Fetched:
    """A file of the inbox as it stands: its hash, and its cells where it is not what was known."""

    sha256: str
    cells: Cells | None


@dataclass(slots=True)
class Pulled:
    """The inbox as it stands: each file's snapshot, those that are new, and what could not be taken."""

    store: SnapshotStore
    readings: ReadingStore
    forms: FormSet
    reference: date
    present: dict[str, Snapshot] = field(default_factory=dict)
    fresh: list[Snapshot] = field(default_factory=list)
    findings: list[FindingBlock] = field(default_factory=list)
    unreached: dict[str, str] = field(default_factory=dict)
    """Why a sheet could not be had, by file; it stands as it was last read, if it ever was."""
    memory: dict[str, FileReading] = field(default_factory=dict)
    readers: dict[date, Readers] = field(default_factory=dict)
    lasting: bool = True
    watch: Watch = unwatched
    _keys: dict[tuple[str, str, date], str] = field(default_factory=dict)

    def key(self, snapshot: Snapshot) -> str:
        """Return the key of a snapshot's reading."""
        what = (snapshot.file, snapshot.sha256, snapshot.reference)
        if what not in self._keys:
            self._keys[what] = self.readings.key(*what)
        return self._keys[what]

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

    def read(self, snapshots: Sequence[Snapshot]) -> None:
        """Read snapshots from where they are kept."""
        with _workshop() as (pool, isolated):
            kept = _in_turn(pool, lambda s: _cells(self.store.read(s), s.file, isolated, self.forms), snapshots)
            for snapshot, cells in _measured(kept, snapshots, self.watch):
                self.understand(snapshot, cells, pool)

    def understand(self, snapshot: Snapshot, cells: Cells, pool: ThreadPoolExecutor) -> None:
        """Read a snapshot's cells under the forms; the same word is understood once for all files."""
        key = self.key(snapshot)
        if self.readings.summary(key) is None:
            readers = self.readers.setdefault(snapshot.reference, Readers(snapshot.reference))
            self.memory[key] = read_file(snapshot.file, cells, self.forms, readers)
            self.readings.keep(key, self.memory[key], pool)

    def save(self) -> None:
        """Write what is known of snapshots and readings; a look at the past leaves the snapshots as they are."""
        if self.lasting:
            self.store.save()
        self.readings.save()

    def settle_day(self, day: date) -> None:
        """Give the files just taken the day being worked: their undated rows are of it."""
        settled = self.store.settle_day(self.fresh, day)
        self.present = {name: settled.get(s, s) for name, s in self.present.items()}
        self.fresh = list(settled.values())


@contextmanager
def _workshop() -> Iterator[tuple[ThreadPoolExecutor, IsolatedReader]]:
    with IsolatedReader() as isolated, ThreadPoolExecutor(_WORKERS) as pool:
        yield pool, isolated


def _in_turn(pool: ThreadPoolExecutor, work: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[tuple[Item, Result]]:
    """Yield each item with its result, in order, worked on side by side and never far ahead."""
    pending: deque[tuple[Item, Future[Result]]] = deque()
    for item in items:
        pending.append((item, pool.submit(work, item)))
        if len(pending) > _AHEAD:
            first, future = pending.popleft()
            yield first, future.result()
    for item, future in pending:
        yield item, future.result()


class _Sized(Protocol):
    """What has a size, in bytes."""

    @property
    def size(self) -> int: ...


Sized = TypeVar("Sized", bound=_Sized)


def _measured(results: Iterable[tuple[Sized, Result]], items: Sequence[Sized], watch: Watch) -> Iterator[tuple[Sized, Result]]:
    """Yield results, telling after each is dealt with how many bytes of all have been read."""
    whole, done = sum(item.size for item in items), 0
    for item, result in results:
        yield item, result
        done += item.size
        watch(_("读取表格"), done, whole)


def _cells(data: bytes, file: str, isolated: IsolatedReader, forms: FormSet) -> Cells:
    path = Path(file)
    if path.suffix == OFFICE_SUFFIX:
        return open_published(data, {name for form in forms for spec in form.fields for name in spec.names})
    if path.suffix == ANSWER_SUFFIX:
        return open_answer(data)
    return read_workbook(data, title=path.stem, text=path.suffix.lower() in TEXT_SUFFIXES, isolate=isolated.read)


def pull(project: Project, forms: FormSet, *, as_of: datetime, day: date | None) -> Pulled:
    """Take what is new in the inbox and read it.

    `day` is the day being worked, if it is known; years that are not written are read as of it, else as of `as_of`.
    """
    files.private_folder(project.private)
    store = SnapshotStore.open(project.private / "snapshots")
    readings = ReadingStore.open(project.private / "readings", forms)
    pulled = Pulled(store, readings, forms, day or as_of.date(), watch=project.watch)
    if project.settings.google:
        _take_online(project, project.settings.google, pulled, as_of)
    else:
        _take_inbox(project, pulled, as_of)
    if project.settings.offices:
        _take_offices(project, pulled, as_of)
    unread = [s for s in pulled.present.values() if pulled.readings.summary(pulled.key(s)) is None]
    if unread:
        pulled.read(unread)
    return pulled


def _take_inbox(project: Project, pulled: Pulled, as_of: datetime) -> None:
    """Take what is new in the inbox, reading the next files while one is understood."""
    store = pulled.store
    store.looked(as_of)
    latest = store.latest()
    changed = list(_changed(pulled, scan(project.inbox), latest))
    with _workshop() as (pool, isolated):
        came = _in_turn(pool, lambda f: _fetch(pulled, f, latest.get(f.file), isolated), changed)
        for found, fetched in _measured(came, changed, pulled.watch):
            if isinstance(fetched, FindingBlock):
                pulled.findings.append(fetched)
            else:
                snapshot = _taken(pulled, found, fetched, latest.get(found.file), as_of)
                if fetched.cells is not None:
                    pulled.understand(snapshot, fetched.cells, pool)


def _take_online(project: Project, settings: GoogleSettings, pulled: Pulled, as_of: datetime) -> None:
    """Take what is new in the online workbooks and name those that did not come.

    A look that missed some is no look after which a report could be called late.
    """
    from jianbao.pipeline.online import take_online  # and with it gspread, which a folder does not need

    arrival = take_online(project, settings, pulled.store, as_of=as_of, day=pulled.reference)
    pulled.present |= sorted(arrival.present.items())
    pulled.fresh += arrival.fresh
    pulled.unreached = arrival.unreached
    for file, reason in pulled.unreached.items():
        pulled.findings.append(FindingBlock(Code.SOURCE_NOT_REACHED, Severity.ALERT, file, note=reason))
    if not (project.offline or pulled.unreached):
        pulled.store.looked(as_of)


def _take_offices(project: Project, pulled: Pulled, as_of: datetime) -> None:
    """Take what other offices have published, and name those that could not be had or whose record does not hold."""
    from jianbao.pipeline.offices import take_offices

    arrival = take_offices(project, pulled.store, as_of=as_of, day=pulled.reference)
    pulled.present |= sorted(arrival.present.items())
    pulled.fresh += arrival.fresh
    pulled.unreached |= arrival.unreached
    pulled.findings += arrival.findings


def _changed(pulled: Pulled, found: Iterable[FoundFile], latest: Mapping[str, Snapshot]) -> Iterator[FoundFile]:
    """Yield the sheets that are new or may have changed; one whose size and time are as before is not opened."""
    for one in found:
        known = latest.get(one.file)
        if not one.is_sheet:
            pulled.findings.append(FindingBlock(Code.UNREADABLE_WORKBOOK, Severity.WARNING, one.file, note=_("不是表格文件")))
        elif known and (known.size, known.stamp) == (one.size, one.stamp):
            pulled.present[one.file] = known
        else:
            yield one


def _fetch(pulled: Pulled, found: FoundFile, known: Snapshot | None, isolated: IsolatedReader) -> _Fetched | FindingBlock:
    """Read a file's bytes, keep them, and open them; or say why they cannot be had."""
    try:
        data = files.read_bytes(found.path)
    except OSError as error:
        note = _("文件正被其他程序占用或无权读取（{detail}）").format(detail=error.strerror or error)
        return FindingBlock(Code.UNREADABLE_WORKBOOK, Severity.ERROR, found.file, note=note)
    digest = files.sha256(data)
    if known and known.sha256 == digest:
        return _Fetched(digest, None)
    pulled.store.keep(digest, found.path.suffix, data)
    return _Fetched(digest, _cells(data, found.file, isolated, pulled.forms))


def _taken(pulled: Pulled, found: FoundFile, fetched: _Fetched, known: Snapshot | None, as_of: datetime) -> Snapshot:
    """Enter a file in the index: as new, or as the same bytes with a new time."""
    if known and fetched.cells is None:
        snapshot = pulled.store.restamp(known, found.stamp)
    else:
        day = pulled.reference
        new = Snapshot(found.file, fetched.sha256, found.size, found.stamp, taken_at(as_of), day, day, ORIGIN)
        snapshot = pulled.store.enter(new)
        if snapshot == new:
            pulled.fresh.append(snapshot)
    pulled.present[found.file] = snapshot
    return snapshot


def known_days(pulled: Pulled) -> Iterator[tuple[date, str]]:
    """Yield (day, form) for every day that the files at hand, or the undated ones when first seen, have rows of."""
    fresh = set(pulled.fresh)
    for snapshot in pulled.present.values():
        for form, days in pulled.summary(snapshot).items():
            yield from ((day, form) for day in days if day is not None)
            if None in days and snapshot not in fresh:
                yield snapshot.day, form
