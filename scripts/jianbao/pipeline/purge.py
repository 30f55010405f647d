"""Rows of persons after their time: what would be deleted, and deleted it is, for good. The record is not touched."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

from jianbao import files
from jianbao.errors import UsageError
from jianbao.forms import FormSet, FormSpec, Kind
from jianbao.forms.load import load_forms
from jianbao.ledger import Ledger
from jianbao.messages import _
from jianbao.pipeline.lock import alone
from jianbao.pipeline.pull import Pulled
from jianbao.project import Project
from jianbao.reading import ReadingStore
from jianbao.retention import Purge, Purges
from jianbao.snapshots import Snapshot, SnapshotStore

_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class PurgePlan:
    """What a purge deletes, and which figures it leaves without ground.

    `paths` are deleted; `emptied` are rows that say nothing of persons once the fields of persons are empty.
    `kept` are files that speak of days before `before` and of later ones: their snapshots stay until all are older.
    """

    before: date
    snapshots: tuple[Snapshot, ...]
    paths: tuple[Path, ...]
    forms: tuple[str, ...]
    figures: tuple[str, ...]
    kept: tuple[str, ...]
    emptied: tuple[tuple[FormSpec, date], ...] = ()
    done: bool = False


def purge(project: Project, *, before: date | None, as_of: datetime, really: bool) -> PurgePlan:
    """Delete what speaks of days before `before`, or of those past their retention; without `really` only say what it is.

    Raises UsageError where neither says from when.
    """
    if before is None and project.settings.retention_days is None:
        raise UsageError(_("没有说删除哪一天以前的数据"), _("用 --before 日期，或在 jianbao.toml [privacy] 写 retention_days。"))
    first = before or as_of.date() - timedelta(days=project.settings.retention_days or 0)
    if first > as_of.date():
        today = _("今天是 {today}，请核对日期的年、月、日。").format(today=as_of.date())
        raise UsageError(_("{day} 还没有到").format(day=first), today)
    with alone(project):
        plan = _plan(project, first, as_of.date())
        return _carry_out(project, plan, as_of.date()) if really else plan


def _plan(project: Project, before: date, today: date) -> PurgePlan:
    forms = load_forms(project.forms, project.settings.names)
    store = SnapshotStore.open(project.private / "snapshots")
    pulled = Pulled(store, ReadingStore.open(project.private / "readings", forms), forms, today)
    judged = [(s, _last_day(pulled, forms, s)) for s in store.entries]
    old = tuple(s for s, last in judged if last < before)
    digests = {s.sha256 for s, last in judged if last >= before}
    gone = tuple(s for s in old if s.sha256 not in digests)
    ledger = Ledger(project.private / "ledger")
    emptied = tuple((f, d) for f in forms if f.outlives_persons for d in ledger.days(f) if d < before)
    spared = {f"ledger/{form.name}/{day}.parquet" for form, day in emptied}
    paths = tuple(p for p in _old_files(project.private, before) if p.relative_to(files.at(project.private)).as_posix() not in spared)
    folders = {p.parent.name for p in paths if p.suffix == ".parquet"}
    lost = {f.name for f in forms if f.name in folders and not f.outlives_persons}
    planned = Purges((Purge(before, today, tuple(sorted(lost)), ()),))
    figures = tuple(i.title for f in forms for i in f.indicators if planned.cuts(forms, f, i.source, i.window, before))
    kept = tuple(sorted({s.file for s, last in judged if last >= before and _first_day(pulled, forms, s) < before}))
    return PurgePlan(before, gone, paths, tuple(sorted(lost)), figures, kept, emptied)


def _days(pulled: Pulled, forms: FormSet, snapshot: Snapshot) -> list[date]:
    """Return the days that a snapshot speaks of; a register that is its file's newest speaks of today and on."""
    newest = pulled.store.latest()[snapshot.file] == snapshot
    found: list[date] = []
    for form, days in pulled.summary(snapshot).items():
        if forms[form].kind is Kind.REGISTER:
            found.append(date.max if newest else snapshot.day)
        else:
            found += [day or snapshot.day for day in days]
    return found or [snapshot.day]


def _last_day(pulled: Pulled, forms: FormSet, snapshot: Snapshot) -> date:
    return max(_days(pulled, forms, snapshot))


def _first_day(pulled: Pulled, forms: FormSet, snapshot: Snapshot) -> date:
    return min(_days(pulled, forms, snapshot))


def _old_files(private: Path, before: date) -> Iterator[Path]:
    """Yield what was made from rows of days before: the ledger's, lists of persons, copies sent back. Figures stay."""
    for folder in ("ledger", "lists", "out"):
        for path in files.walk(private / folder):
            named = path.relative_to(files.at(private)).as_posix()
            found = _DAY.findall(named)
            if found and max(found) < before.isoformat() and not named.startswith("ledger/figures/"):
                yield path


def _carry_out(project: Project, plan: PurgePlan, today: date) -> PurgePlan:
    """Delete. What is deleted is noted first: a run cut off is told by the note, and the next completes it."""
    store = SnapshotStore.open(project.private / "snapshots")
    purges = Purges.open(project.private)
    hashes = tuple(sorted({s.sha256 for s in plan.snapshots}))
    Purges((*purges.done, Purge(plan.before, today, plan.forms, hashes))).save(project.private)
    for snapshot in plan.snapshots:
        original = project.inbox / snapshot.file
        if not project.settings.google and original.is_file() and files.sha256_of(original) == snapshot.sha256:
            files.remove(original)
        files.remove(store.path(snapshot))
    for path in plan.paths:
        files.remove(path)
    ledger = Ledger(project.private / "ledger")
    for form, day in plan.emptied:
        ledger.strip(form, day)
    files.remove(project.private / "readings")
    files.remove(project.private / "folds")
    store.entries = [s for s in store.entries if s.sha256 not in hashes]
    store.save()
    return replace(plan, done=True)
