"""Other offices' records → snapshots: what is new and holds is kept with its proof, what does not hold is named."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from jianbao import files, signing
from jianbao.errors import SourceUnreached
from jianbao.federation import SUFFIX, Known, Look, look, packed_list
from jianbao.messages import _
from jianbao.project import Project
from jianbao.settings import OfficeSource
from jianbao.snapshots import Snapshot, SnapshotStore, taken_at
from jianbao.sources.offices import Lost, place_of
from jianbao.values import Code, FindingBlock, Severity

ORIGIN: Final = "office"
LIST: Final = f"学校名单{SUFFIX}"
_AT_ONCE: Final = 16
"""How many offices are asked at the same time: each waits for its own network."""


@dataclass(slots=True)
class Offices:
    """What a look at the offices brought: snapshots by file, those that are new, who was not reached, and what does not hold."""

    present: dict[str, Snapshot] = field(default_factory=dict)
    fresh: list[Snapshot] = field(default_factory=list)
    unreached: dict[str, str] = field(default_factory=dict)
    findings: list[FindingBlock] = field(default_factory=list)


def take_offices(project: Project, store: SnapshotStore, *, as_of: datetime, day: date) -> Offices:
    """Take what the offices have published since the last look; `--offline` leaves them as they were.

    Raises SourceUnreached where not one office could be had.
    """
    known = _remembered(project)
    arrival = Offices()
    taker = _Taker(store, arrival, as_of, day)
    taker.keep(LIST, packed_list(project.settings.offices))
    if not project.offline:
        _require_signing(project.settings.offices)
        for number, (source, came) in enumerate(_looks(project, known), 1):
            project.fetched(_("读取来源"), number, len(project.settings.offices))
            _enter(taker, source, came, known)
        if len(arrival.unreached) == len(project.settings.offices) > 0:
            reason = next(iter(arrival.unreached.values()))
            raise SourceUnreached(
                _("没有读到任何一个单位的发布记录：{reason}").format(reason=reason),
                _("检查网络和 [[source.office]] 的 address；急用时加 --offline，按上次读到的办理。"),
            )
        _remember(project, known)
    own = tuple(f"{files.legal_name(o.name)}/" for o in project.settings.offices)
    arrival.present |= {s.file: s for s in store.latest().values() if s.origin == ORIGIN and (s.file == LIST or s.file.startswith(own))}
    return arrival


def reachable(project: Project) -> Iterator[tuple[str, str]]:
    """Yield the offices whose record cannot be had at all, and why; nothing is kept."""
    for source, came in _looks(project, _remembered(project)):
        if isinstance(came, Lost):
            yield source.name, str(came)


def _require_signing(offices: Iterable[OfficeSource]) -> None:
    if any(o.keys for o in offices) and not signing.available():
        raise signing.SigningError(_("这台电脑没有 ssh-keygen，不能核对各单位的签名"), _("安装 OpenSSH 后再运行。"))


def _looks(project: Project, known: Mapping[str, Known]) -> Iterator[tuple[OfficeSource, Look | Lost]]:
    def one(source: OfficeSource) -> Look | Lost:
        try:
            return look(source, place_of(source.address, project.root), known.get(source.name, Known()), project.zone)
        except Lost as lost:
            return lost

    offices = project.settings.offices
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        yield from zip(offices, pool.map(one, offices), strict=True)


def _enter(taker: _Taker, source: OfficeSource, came: Look | Lost, known: dict[str, Known]) -> None:
    """Enter what a look at one office brought."""
    folder = files.legal_name(source.name)
    if isinstance(came, Lost):
        taker.lost(f"{folder}{SUFFIX}", str(came))
        return
    for report in came.reports:
        file = f"{folder}/{report.day}{SUFFIX}"
        taker.keep(file, report.data)
        if report.faults:
            taker.altered(file, report.faults)
    if came.faults and not came.reports:
        taker.altered(f"{folder}{SUFFIX}", came.faults)
    if came.unreadable:  # nobody can say what it has reported
        taker.lost(f"{folder}{SUFFIX}", came.faults[0])
    known[source.name] = came.known


@dataclass(slots=True)
class _Taker:
    store: SnapshotStore
    arrival: Offices
    moment: datetime
    day: date

    def keep(self, file: str, data: bytes) -> None:
        """Keep bytes as a snapshot, where they are not those kept last."""
        digest = files.sha256(data)
        last = self.store.latest_of(file)
        if last and last.sha256 == digest:
            return
        self.store.keep(digest, SUFFIX, data)
        new = Snapshot(file, digest, len(data), 0, taken_at(self.moment), self.day, self.day, ORIGIN)
        entered = self.store.enter(new)
        if entered == new:
            self.arrival.fresh.append(entered)

    def lost(self, file: str, reason: str) -> None:
        self.arrival.unreached[file] = reason
        self.arrival.findings.append(FindingBlock(Code.SOURCE_NOT_REACHED, Severity.ALERT, file, note=reason))

    def altered(self, file: str, faults: Iterable[str]) -> None:
        self.arrival.findings.append(FindingBlock(Code.RECORD_ALTERED, Severity.ALERT, file, note="；".join(faults)))


def _state(project: Project) -> Path:
    return project.private / "offices" / "known.json"


def _remembered(project: Project) -> dict[str, Known]:
    path = _state(project)
    data: Mapping[str, Any] = json.loads(files.read_text(path)) if path.is_file() else {}
    return {name: _known(entry) for name, entry in data.items()}


def _known(entry: Mapping[str, Any]) -> Known:
    return Known(entry["chain"], {line: tuple(map(date.fromisoformat, days)) for line, days in entry["lines"].items()})


def _remember(project: Project, known: Mapping[str, Known]) -> None:
    data = {
        name: {"chain": one.chain, "lines": {line: [d.isoformat() for d in days] for line, days in one.lines.items()}}
        for name, one in known.items()
    }
    files.private_folder(project.private / "offices")
    files.write_text(_state(project), json.dumps(data, ensure_ascii=False, indent=0, sort_keys=True) + "\n", private=True)
