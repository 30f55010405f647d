"""What another office has published, taken from its record only where chain, bag and signature hold.

A release is proven from a few small files: the chain's line names the bag's tag manifest, that the manifest, that the
facts; the line is signed. What is kept of it (`packed`) is this whole proof, and its cells are made from there.
"""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from jianbao import files, signing
from jianbao.errors import RecordError
from jianbao.messages import _, listed
from jianbao.record import CHAIN, FACTS, MANIFEST, RESTATED, SIGNATURES, SIGNED, TAG_MANIFEST, ChainLine, chain_lines, parsed_manifest
from jianbao.settings import OfficeSource
from jianbao.sources import Unreadable, WorkbookCells
from jianbao.sources.grid import Cell, Grid
from jianbao.sources.offices import Lost, Place
from jianbao.values import Code
from jianbao.verification import chain_faults

SUFFIX: Final = ".office"
"""The ending of what is kept of an office's release, and of the list of offices."""

SOUND: Final = "相符"
UNSIGNED: Final = "未签名"
ALTERED: Final = "不符"
HEAD: Final = ("学校", "数据日期", "截至", "核验", "核验说明")
_BAG_INFO: Final = "bag-info.txt"
_ORGANISATION: Final = "Source-Organization"
_FORMAT: Final = "jianbao-office/1"
_LIST: Final = "jianbao-offices/1"
_MOST: Final[Mapping[str, int]] = {CHAIN: 8 << 20, TAG_MANIFEST: 1 << 20, MANIFEST: 16 << 20, _BAG_INFO: 1 << 16}
_MOST_FACTS: Final = 32 << 20
_MOST_SIGNATURE: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class Known:
    """What earlier looks have proven of an office: its chain as it stood, and the days that each line's facts are of."""

    chain: str = ""
    lines: Mapping[str, tuple[date, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Report:
    """A day of an office as one of its releases states it, packed as it is kept; `faults` are what does not hold."""

    day: date
    data: bytes
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Look:
    """What a look at an office's record brought: new reports, what is wrong with the chain itself, and what is known now."""

    reports: tuple[Report, ...]
    faults: tuple[str, ...]
    known: Known
    unreadable: bool = False


def look(source: OfficeSource, place: Place, known: Known, zone: ZoneInfo) -> Look:
    """Read what is new in an office's record, and check it.

    A release that was proven once is not read again. Raises Lost where the record cannot be had.
    """
    data = place.read(CHAIN, _MOST[CHAIN])
    if data is None:
        if not place.certain:
            raise Lost(_("{address} 里没有 {file}").format(address=source.address, file=CHAIN))
        data = b""
    text = data.decode("utf-8", "replace")
    try:
        lines = chain_lines(data)
    except RecordError as error:
        return Look((), (error.message,), known, unreadable=True)
    faults = [f"{fault.where}：{fault.what}" for fault in chain_faults(lines)]
    if not text.startswith(known.chain):
        faults.append(_("{file}：与上次读到的不是同一份记录，已发布的行被改动或删去").format(file=CHAIN))
    reading = _Reading(source, place, zone, tuple(faults))
    reports = reading.reports(lines, known)
    if faults:
        return Look(tuple(reports), tuple(faults), known)
    return Look(tuple(reports), (), Known(text, {**known.lines, **reading.proven}))


@dataclass(slots=True)
class _Reading:
    """Reads the lines of one office, newest first; `proven` are those that held."""

    source: OfficeSource
    place: Place
    zone: ZoneInfo
    faults: tuple[str, ...]
    proven: dict[str, tuple[date, ...]] = field(default_factory=dict)

    def reports(self, lines: Sequence[ChainLine], known: Known) -> list[Report]:
        """Return a report for each day that the lines not proven before speak of."""
        # under a chain that does not hold, what was proven before stands
        stated = {day for days in known.lines.values() for day in days} if self.faults else set()
        found: list[Report] = []
        for line in reversed(lines):
            if line.sha256 in known.lines:
                stated |= {*known.lines[line.sha256]}
                continue
            for report in self._line(line, stated):
                stated.add(report.day)
                found.append(report)
        return found

    def _line(self, line: ChainLine, stated: Collection[date]) -> Iterator[Report]:
        proof = _Proof(self.source, self.place, line)
        faults = [*self.faults, *proof.check()] if not self.faults else list(self.faults)
        if faults:
            if line.day not in stated:
                yield self._report(line.day, line, proof, faults, None)
            return
        paths = proof.facts_paths()
        for day, path in paths.items():
            if day in stated:
                continue
            text = proof.facts(path)
            wrong = list(proof.faults) or list(_unfit(text, day))
            yield self._report(day, line, proof, wrong, text)
        if not proof.faults:
            self.proven[line.sha256] = tuple(paths)

    def _report(self, day: date, line: ChainLine, proof: _Proof, faults: Sequence[str], facts: str | None) -> Report:
        data = {
            "format": _FORMAT, "school": self.source.name, "day": day.isoformat(), "line": line.text, "faults": list(faults),
            "signed": bool(self.source.keys), "files": proof.files, "signature": proof.signature,
            "as_of": _local(facts, self.zone) if facts and not faults else None, "facts": facts if not faults else None,
        }  # fmt: skip
        return Report(day, _json(data), tuple(faults))


@dataclass(slots=True)
class _Proof:
    """The files that tie a release's facts to its line, as they came."""

    source: OfficeSource
    place: Place
    line: ChainLine
    files: dict[str, str] = field(default_factory=dict)
    signature: str = ""
    faults: list[str] = field(default_factory=list)

    def check(self) -> list[str]:
        """Read what proves a release, and return what does not hold."""
        tags = self._read(TAG_MANIFEST, self.line.bag)
        sealed = parsed_manifest(tags)
        self._read(MANIFEST, sealed.get(MANIFEST))
        said = self._read(_BAG_INFO, sealed.get(_BAG_INFO))
        if not self.faults and (owner := _owner(said)) != self.source.name:
            self._wrong(_BAG_INFO, _("档案包是“{owner}”的，不是“{name}”的").format(owner=owner, name=self.source.name))
        if self.source.keys:
            self._check_signature()
        return self.faults

    def _check_signature(self) -> None:
        path = f"{SIGNATURES}/{self.line.name}{SIGNED}"
        data = self.place.read(path, _MOST_SIGNATURE)
        if data is None:
            self.faults.append(_("{path}：签名不见了").format(path=path))
            return
        self.signature = data.decode("utf-8", "replace")
        if not any(signing.genuine(key, self.line.signed, data) for key in self.source.keys):
            known = listed(signing.fingerprint(key) for key in self.source.keys)
            self.faults.append(_("{path}：不是约定的密钥（{known}）对这一行的签名").format(path=path, known=known))

    def facts_paths(self) -> dict[date, str]:
        """Return where the release's facts stand in the bag, by day."""
        found = {}
        for path in parsed_manifest(self.files[MANIFEST]):
            if path == f"data/{FACTS}":
                found[self.line.day] = path
            elif path.startswith(f"data/{RESTATED}/") and path.endswith(".json"):
                found[date.fromisoformat(path.rpartition("/")[2].removesuffix(".json"))] = path
        return found

    def facts(self, path: str) -> str:
        """Return facts of the release; what does not hold of them is added to the faults."""
        return self._read(path, parsed_manifest(self.files[MANIFEST])[path], keep=False)

    def _read(self, name: str, digest: str | None, *, keep: bool = True) -> str:
        data = self.place.read(f"{self.line.name}/{name}", _MOST.get(name, _MOST_FACTS))
        if data is None:
            self._wrong(name, _("文件不见了"))
            return ""
        if files.sha256(data) != digest:
            self._wrong(name, _("内容与封存的哈希不符"))
        text = data.decode("utf-8", "replace")
        if keep:
            self.files[name] = text
        return text

    def _wrong(self, name: str, what: str) -> None:
        self.faults.append(_("{path}：{what}").format(path=f"{self.line.name}/{name}", what=what))


def _owner(bag_info: str) -> str:
    pairs = (line.partition(":") for line in bag_info.splitlines())
    return next((value.strip() for key, _colon, value in pairs if key == _ORGANISATION), "")


def _unfit(text: str, day: date) -> Iterator[str]:
    """Yield why facts cannot be taken over."""
    try:
        data = json.loads(text)
        fit = data["day"] == day.isoformat() and datetime.fromisoformat(data["as_of"]).tzinfo is not None
        fit = fit and all(isinstance(f["name"], str) and {"value", "received", "expected"} <= f.keys() for f in data["figures"])
    except (ValueError, KeyError, TypeError, AttributeError):
        fit = False
    if not fit:
        yield _("{day} 的数据不是本程序认得的写法").format(day=day)


def _local(facts: str, zone: ZoneInfo) -> str:
    moment = datetime.fromisoformat(json.loads(facts)["as_of"])
    return moment.astimezone(zone).replace(tzinfo=None).isoformat(timespec="seconds")


def packed_list(offices: Sequence[OfficeSource]) -> bytes:
    """Return the list of offices as it is kept: who is to report."""
    return _json({"format": _LIST, "offices": [{"name": o.name, "kind": o.kind, "district": o.district} for o in offices]})


def _json(data: Mapping[str, Any]) -> bytes:
    return (json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n").encode()


def open_published(data: bytes, asked: Collection[str]) -> WorkbookCells | Unreadable:
    """Return the cells of what is kept of an office: a row of its figures, or the list of offices.

    Of the figures only those come that the office's own forms ask for, by the name the school's program calls them
    (`suspected`); beside each its coverage (`suspected.received`, `suspected.expected`).
    """
    try:
        kept = json.loads(data)
        rows = _list_rows(kept) if kept["format"] == _LIST else _rows(kept, asked)
    except (ValueError, KeyError, TypeError):
        return Unreadable(Code.UNREADABLE_WORKBOOK, _("文件不完整或已损坏"))
    return WorkbookCells((Grid("发布记录", rows),))


def _list_rows(kept: Mapping[str, Any]) -> list[list[Cell]]:
    return [["学校", "类别", "片区"], *([o["name"], o["kind"], o["district"]] for o in kept["offices"])]


def _rows(kept: Mapping[str, Any], asked: Collection[str]) -> list[list[Cell]]:
    faults = kept["faults"]
    state = ALTERED if faults else SOUND if kept["signed"] else UNSIGNED
    as_of: Cell = datetime.fromisoformat(kept["as_of"]) if kept["as_of"] else ""
    row: list[Cell] = [kept["school"], date.fromisoformat(kept["day"]), as_of, state, "；".join(faults)]
    figures = dict(_figures(json.loads(kept["facts"]))) if kept["facts"] else {}
    chosen = {name: value for name, value in figures.items() if name in asked}
    return [[*HEAD, *chosen], [*row, *chosen.values()]]


def _figures(facts: Mapping[str, Any]) -> Iterator[tuple[str, Cell]]:
    for figure in facts["figures"]:
        name = figure["name"]
        yield name, _number(figure["value"])
        yield f"{name}.received", _number(figure["received"])
        yield f"{name}.expected", _number(figure["expected"])


def _number(value: object) -> Cell:
    """Return a number as a cell; whatever else stands there is nothing stated."""
    known = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    return float(value) if known and isinstance(value, int | float) else ""
