"""Google Sheets → snapshots: the books that have changed, kept as they came; the others named, and never counted as missing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from jianbao import files
from jianbao.errors import SourceUnreached
from jianbao.messages import _
from jianbao.project import Project
from jianbao.settings import GoogleSettings
from jianbao.snapshots import Snapshot, SnapshotStore, taken_at
from jianbao.sources.google.answer import SUFFIX
from jianbao.sources.google.drive import ORIGIN, Book, listed_books
from jianbao.sources.google.fetch import fetch_books
from jianbao.sources.google.service import Service
from jianbao.sources.google.trouble import Trouble


@dataclass(slots=True)
class Arrival:
    """What a look at Google brought: each book's snapshot, those that are new, and why others did not come."""

    present: dict[str, Snapshot] = field(default_factory=dict)
    fresh: list[Snapshot] = field(default_factory=list)
    unreached: dict[str, str] = field(default_factory=dict)


def take_online(project: Project, settings: GoogleSettings, store: SnapshotStore, *, as_of: datetime, day: date) -> Arrival:
    """Take the books that are new or have changed; a book that does not come stands as it was last read.

    Raises SourceUnreached where not even the list of books can be had.
    """
    if project.offline:
        return _as_before(project, store)
    service = Service.open(settings, project.root)
    try:
        books = listed_books(service, settings)
    except Trouble as trouble:
        raise unreached(trouble) from trouble
    arrival = Arrival()
    latest = store.latest()
    changed = []
    for book in books:
        known = latest.get(book.file)
        same = known is not None and known.origin == book.origin
        if known and same and book.version and known.stamp == book.version:
            arrival.present[book.file] = known
        elif book.trouble:
            _did_not_come(arrival, store, book, book.trouble)
        else:
            changed.append(book)
    try:
        for book, came in fetch_books(service, changed, project.zone, as_of, project.fetched):
            if isinstance(came, Trouble):
                _did_not_come(arrival, store, book, came)
            else:
                _came(arrival, store, book, came, moment=as_of, day=day)
    finally:
        store.save()  # what was read before an interruption is not read again
    _note(project, arrival)
    return arrival


def seen_online(project: Project) -> tuple[str, list[Book]]:
    """Return whose key it is and the books it sees; nothing is read.

    Raises SourceUnreached where the list cannot be had, SettingsError where the key is not in order.
    """
    settings = project.settings.google or GoogleSettings()
    service = Service.open(settings, project.root)
    try:
        return service.owner, listed_books(service, settings)
    except Trouble as trouble:
        raise unreached(trouble) from trouble


def unreached(trouble: Trouble) -> SourceUnreached:
    """Return the error for a source that could not be reached at all."""
    advice = trouble.advice or _("过一会儿再运行一次。")
    return SourceUnreached(
        _("没有读到在线表格：{reason}").format(reason=trouble.reason), advice + _("急用时加 --offline，按上次读到的办理。")
    )


def _came(arrival: Arrival, store: SnapshotStore, book: Book, data: bytes, *, moment: datetime, day: date) -> None:
    """Keep a book's answer and enter it: as new, or as the same content under a new version."""
    digest = files.sha256(data)
    known = store.latest().get(book.file)
    if known and known.sha256 == digest and known.origin == book.origin:
        arrival.present[book.file] = store.restamp(known, book.version)
        return
    store.keep(digest, SUFFIX, data)
    new = Snapshot(book.file, digest, len(data), book.version, taken_at(moment), day, day, book.origin)
    entered = store.enter(new)
    arrival.present[book.file] = entered
    if entered == new:
        arrival.fresh.append(entered)


def _did_not_come(arrival: Arrival, store: SnapshotStore, book: Book, trouble: Trouble) -> None:
    """Name a book that did not come, under the name it had when it last did."""
    last = next((s for s in reversed(store.entries) if s.origin == book.origin), None)
    if last:
        arrival.present[last.file] = last
    arrival.unreached[last.file if last else book.file] = trouble.told


def listing(project: Project) -> Path:
    """Return where it is noted which books there were at the last look, and which of them did not come."""
    return project.private / "google" / "books.json"


def _note(project: Project, arrival: Arrival) -> None:
    data = {"present": {name: s.sha256 for name, s in sorted(arrival.present.items())}, "unreached": arrival.unreached}
    files.private_folder(project.private / "google")
    files.write_text(listing(project), json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n", private=True)


def _as_before(project: Project, store: SnapshotStore) -> Arrival:
    """Return the books as they were at the last look.

    Raises SourceUnreached where there was none.
    """
    path = listing(project)
    if not path.is_file():
        raise SourceUnreached(_("还没有读过在线表格，没有可用的留存"), _("先连网运行一次 jianbao pull。"))
    before: Mapping[str, Mapping[str, str]] = json.loads(files.read_text(path))
    known = {(s.file, s.sha256): s for s in store.entries if s.origin.startswith(ORIGIN)}
    found = (known.get(entry) for entry in before["present"].items())
    return Arrival({s.file: s for s in found if s}, unreached=dict(before["unreached"]))
