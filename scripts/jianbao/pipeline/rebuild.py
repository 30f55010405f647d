"""A past day's briefing from its snapshots, under the forms, settings and templates of its day: byte for byte, or what is missing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from jianbao import __version__, files, pages, release
from jianbao.briefing import briefing_path
from jianbao.checks.frontmatter import check_pages
from jianbao.documents import Document
from jianbao.errors import UsageError
from jianbao.facts import to_json
from jianbao.forms.load import load_forms
from jianbao.messages import _
from jianbao.pipeline.disclose import day_facts
from jianbao.pipeline.draft import Draft
from jianbao.pipeline.pull import Pulled
from jianbao.pipeline.restore import sealed_templates
from jianbao.pipeline.work import work_pulled
from jianbao.project import Project
from jianbao.reading import ReadingStore
from jianbao.record import CHAIN, FACTS, Record, Release
from jianbao.retention import Purges
from jianbao.settings import SETTINGS_FILE, DatedSetting, Settings, read_settings
from jianbao.snapshots import Snapshot, SnapshotStore


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """A briefing made again: where it lies, whether it and the facts under it are those released, and what is missing."""

    day: date
    number: int
    path: Path | None
    same: bool
    same_facts: bool
    missing: tuple[str, ...]


def rebuild(project: Project, day: date) -> Rebuilt:
    """Make a past day's briefing again, as it was last released.

    Raises UsageError where no release holds the day.
    """
    record = Record.open(project.record)
    issued = next((r for r in reversed(record.releases) if r.facts and r.facts.day == day), None)
    if issued is None and any(r.issued_day == day for r in record.releases):
        raise UsageError(_("{day} 的简报已因个人信息撤下，不能重做").format(day=day), _("撤下了什么、由谁决定：jianbao verify。"))
    if issued is None:
        raise UsageError(_("记录里没有 {day} 的简报").format(day=day), _("已发布的日期见 record/chain.txt。"))
    store = SnapshotStore.open(project.private / "snapshots")
    if missing := tuple(_missing(project, issued, store)):
        return Rebuilt(day, issued.line.number, None, same=False, same_facts=False, missing=missing)
    scratch = files.private_folder(files.empty_folder(project.private / "rebuild"))
    try:
        return _again(project, record, issued, _Past(project, issued, store, scratch))
    finally:
        files.remove(scratch)


def _missing(project: Project, issued: Release, store: SnapshotStore) -> Iterator[str]:
    """Yield what a briefing rests on and is not there any more."""
    known, purges = {s.sha256: s for s in store.entries}, Purges.open(project.private)
    for sealed in json.loads(files.read_text(issued.folder / "data" / "snapshots.json")):
        digest = sealed["sha256"]
        snapshot, purge = known.get(digest), purges.snapshot(digest)
        if purge:
            yield _("快照 {sha256}：已于 {on} 按保存期限删除").format(sha256=digest, on=purge.on)
        elif snapshot is None or not store.path(snapshot).is_file():
            yield _("快照 {sha256}（{at} 收到）：不见了，请从备份取回 private").format(sha256=digest, at=sealed["pulled_at"])
        elif files.sha256_of(store.path(snapshot)) != digest:
            yield _("快照 {sha256}：内容已不是当时的").format(sha256=digest)


@dataclass(frozen=True, slots=True)
class _Past:
    """The office as it stood at a release, in a folder of its own."""

    project: Project
    issued: Release
    store: SnapshotStore
    folder: Path

    @property
    def moment(self) -> datetime:
        facts = self.issued.facts
        return facts.as_of if facts else datetime.fromisoformat(self.issued.about["as_of"])

    def office(self) -> Project:
        """Lay out forms, templates, settings and the chain before the release."""
        data = self.issued.folder / "data"
        files.copy_tree(data / "forms", self.folder / "forms_schema")
        sealed_templates(self.issued, self.folder / "templates")
        record = Record.open(self.project.record)
        before = record.lines[: self.issued.line.number - 1]
        files.write_text(self.folder / "record" / CHAIN, "".join(f"{line.text}\n" for line in before))
        files.write_bytes(self.folder / SETTINGS_FILE, files.read_bytes(data / release.OFFICE))
        return Project(self.folder, self._settings(read_settings(self.folder / SETTINGS_FILE)))

    def _settings(self, sealed: Settings) -> Settings:
        """Return the settings of the release, under the rules in force on the day; permissions name their own days."""
        rules: dict[str, Any] = json.loads(files.read_text(self.issued.folder / "data" / release.RULES))
        known = {s.name for s in sealed.dated}
        dated = sealed.dated + tuple(DatedSetting(n, v, date.min) for n, v in rules.items() if n not in known)
        now = self.project.settings
        return replace(sealed, dated=dated, permissions=now.permissions, deadline=now.deadline)

    def pulled(self, project: Project) -> Pulled:
        """Return what was there to be read: each file as it stood at the release."""
        forms = load_forms(project.forms, project.settings.names)
        sealed = {s["sha256"] for s in json.loads(files.read_text(self.issued.folder / "data" / "snapshots.json"))}
        by_then = [s for s in self.store.entries if datetime.fromisoformat(s.pulled_at) <= self.moment]
        store = SnapshotStore(self.store.folder, by_then, [p for p in self.store.pulls if p <= self.moment])
        readings = ReadingStore.open(self.folder / "private" / "readings", forms)
        present: dict[str, Snapshot] = {}
        for snapshot in by_then:
            if snapshot.sha256 in sealed or present.get(snapshot.file, snapshot).sha256 not in sealed:
                present[snapshot.file] = snapshot
        held = {f: s for f, s in present.items() if store.path(s).is_file()}
        day = self.issued.line.day
        return Pulled(store, readings, forms, day, present=held, lasting=False, watch=self.project.watch)


def _again(project: Project, record: Record, issued: Release, past: _Past) -> Rebuilt:
    office, day = past.office(), issued.facts.day if issued.facts else issued.line.day
    work = work_pulled(office, past.pulled(office), as_of=past.moment, day=day)
    facts = day_facts(work)
    sealed = (issued.folder / "data" / FACTS).read_bytes()
    path, before = briefing_path(day), Record(record.folder, record.lines[: issued.line.number - 1])
    was = issued.source(path)
    earlier = before.states_of(path)
    if earlier and (source := earlier[-1].source(path)):
        files.write_text(office.pages / path, source)
    page = pages.parse(path, was or "")
    signed = str(page.meta.get("signed_by") or "")
    written = datetime.fromisoformat(issued.about["as_of"]).date()
    Draft.of(work, before, facts, _documents(record, issued), signed_by=signed, issued=written).write()
    made = files.read_bytes(office.pages / path)
    target = project.build / "rebuild" / f"{day}.md"
    files.write_bytes(target, made)
    same_facts = to_json(facts).encode() == sealed
    notes = [*(() if same_facts else _purged(past)), *_notes(issued, page, was, made)]
    return Rebuilt(day, issued.line.number, target, made == (was or "").encode(), same_facts, tuple(notes))


def _purged(past: _Past) -> Iterator[str]:
    """Yield which earlier days, that figures to date may read, have lost their rows since the release."""
    since = [p for p in Purges.open(past.project.private).done if p.on >= past.moment.date()]
    if since:
        last = max(since, key=lambda p: p.before)
        text = _("{before} 以前的逐行数据已于 {on} 按保存期限删除，要用到那些日子的数字不能重做")
        yield text.format(before=last.before, on=last.on)


def _documents(record: Record, issued: Release) -> list[Document]:
    """Return every public document as it stood at a release."""
    until = Record(record.folder, record.lines[: issued.line.number])
    sources = ((p, s) for p in issued.pages if (s := until.states_of(p)[-1].source(p)) is not None)
    found, _faults = check_pages((path, source.encode()) for path, source in sources)
    return found


def _notes(issued: Release, page: pages.Page, was: str | None, made: bytes) -> Iterator[str]:
    """Yield why what was made may be other than what was released."""
    if was is None:
        yield _("发布的原文已因个人信息撤下，只能与数字核对")
    elif was.encode() != made:
        if files.sha256(page.body.strip().encode())[:16] != page.meta.get("generated"):
            yield _("发布的正文经人修改过，重做的是程序写的那一份")
        if issued.about["program"] != f"jianbao {__version__}":
            yield _("当时的程序是 {then}，现在是 {now}").format(then=issued.about["program"], now=f"jianbao {__version__}")
