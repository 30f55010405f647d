"""What goes into a release's bag, and what makes one necessary."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from jianbao import __version__, files
from jianbao.documents import Document, DocumentKind, Status
from jianbao.facts import Facts, FigureFact, to_csv, to_json
from jianbao.figures import UNITS_EXPECTED, UNITS_RECEIVED, spoken_value
from jianbao.forms import FormSet
from jianbao.life import needs_note
from jianbao.metadata import bag_metadata
from jianbao.pages import local_links, parse
from jianbao.project import shipped
from jianbao.record import (
    ATTACHED,
    EDITIONS,
    FACTS,
    PRINTED,
    RESTATED,
    SITE_MANIFEST,
    PageState,
    Record,
    Release,
    Removal,
    site_manifest,
)
from jianbao.render import SHIPPED
from jianbao.settings import Settings
from jianbao.snapshots import Snapshot

RULES: Final = "rules.json"
_RETURNS: Final = "templates-own/returns/"
"""The receivers' own workbooks: no page is made from them, and the record is public."""
OFFICE: Final = "office.toml"
"""What of jianbao.toml the site is made with; nothing of where sheets come from, nor of what is allowed to whom."""

SITE_SETTINGS: Final = "mkdocs.yml"
WORDS: Final = "words.txt"
METADATA: Final = "metadata.json"


@dataclass(frozen=True, slots=True)
class FigureChange:
    """A released figure that is different now: its value, or only how many were read for it."""

    title: str
    was: str
    now: str
    coverage_was: str = ""
    coverage_now: str = ""

    @property
    def text(self) -> str:
        """What has changed, as a change note says it."""
        if self.was != self.now and self.coverage_was == self.coverage_now:
            return f"{self.title}由 {self.was} 更新为 {self.now}"
        if self.was != self.now:
            return f"{self.title}由 {self.was}（{self.coverage_was}）更新为 {self.now}（{self.coverage_now}）"
        return f"{self.title}的实报/应报由 {self.coverage_was} 更新为 {self.coverage_now}"


def figure_changes(before: Facts, now: Facts) -> list[FigureChange]:
    """Return in which figures and in which states of units a day differs from how it was released."""
    was = {f.name: f for f in before.figures}
    found = [_figure_change(was.get(f.name), f) for f in now.figures]
    for title, key in _STATES:
        found.append(FigureChange(title, str(getattr(before.units, key)), str(getattr(now.units, key))))
    if before.news != now.news:
        found.append(FigureChange("部门动态", f"{len(before.news)} 条", f"{len(now.news)} 条（有改动）"))
    earlier = {t.name: t for t in before.tables}
    for table in now.tables:
        old = earlier.get(table.name)
        if old != table:
            found.append(FigureChange(table.title, f"{len(old.rows)} 行" if old else "（无）", f"{len(table.rows)} 行（有改动）"))
    return [c for c in found if c.was != c.now or c.coverage_was != c.coverage_now]


_STATES: Final = (
    ("零报告单位", "zero"),
    ("有情况单位", "cases"),
    ("未报单位", "missing"),
    ("报告无效单位", "rejected"),
    ("报零待核实单位", "contradicted"),
)


def _figure_change(was: FigureFact | None, now: FigureFact) -> FigureChange:
    values = [spoken_value(f.value) if f else "（无）" for f in (was, now)]
    if now.name in (UNITS_EXPECTED, UNITS_RECEIVED):  # their value says all that their coverage could
        return FigureChange(now.title, *values)
    coverage = [f"{f.received}/{f.expected}" if f else "" for f in (was, now)]
    return FigureChange(now.title, *values, *coverage)


def page_states(documents: Iterable[Document], sources: Mapping[str, str]) -> dict[str, PageState]:
    """Return the state of each public page: hash of its source, number of its change notes."""
    return {d.path: PageState(files.sha256(sources[d.path].encode()), len(d.changes)) for d in documents}


def changed_pages(record: Record, states: Mapping[str, PageState]) -> list[str]:
    """Return the pages that are new or different since the last release, in order."""
    return sorted(path for path, state in states.items() if record.pages.get(path) != state)


_EXPLAINED: Final = frozenset({Status.WITHDRAWN, Status.SUPERSEDED, Status.REMOVED})


def unexplained(
    record: Record, states: Mapping[str, PageState], documents: Mapping[str, Document], sources: Mapping[str, str]
) -> list[str]:
    """Return the released pages that were changed in more than their layout without a change note, and those that are gone.

    A page that says it is withdrawn or superseded says so with its reason, which is note enough; but not a second time.
    """
    found = []
    for path, was in record.pages.items():
        now = states.get(path)
        if now is None or (now != was and now.changes <= was.changes and _needs_note(record, path, documents[path], sources[path])):
            found.append(path)
    return found


def _needs_note(record: Record, path: str, document: Document, source: str) -> bool:
    states = record.states_of(path)
    before = states[-1].source(path) if states else None
    if before is None:
        return document.status is not Status.REMOVED
    was = parse(path, before)
    if document.status in _EXPLAINED and was.meta.get("status") != document.status:
        return False
    return needs_note(was, parse(path, source))


def removals(record: Record, documents: Iterable[Document], attached: Collection[str], on: date) -> list[Removal]:
    """Return what is to be taken out of the bags: every state of a page that is a stone now, but the stone.

    With it go the files that only it linked to (`attached` are those still linked) and, of a briefing, the sealed facts
    with their news; the figures are sealed again (`restated`).
    """
    known = {(e.bag, e.path) for e in record.removals}
    found = []
    for document in (d for d in documents if d.status is Status.REMOVED):
        for release, path in _to_remove(record, document, attached):
            digest = release.digest(path)
            if digest and (release.line.name, path) not in known:
                found.append(Removal(release.line.name, path, digest, on.isoformat(), document.removed_by, document.reason))
    return list(dict.fromkeys(found))


def _to_remove(record: Record, document: Document, attached: Collection[str]) -> Iterator[tuple[Release, str]]:
    linked: set[str] = set()
    for release in record.states_of(document.path):
        source = release.source(document.path)
        page = parse(document.path, source) if source is not None else None
        if page is None or page.meta.get("status") == Status.REMOVED:
            continue
        linked |= local_links(document.path, page.body)
        stem = document.path.removesuffix(".md")
        for ending in (".md", ".html", *PRINTED):
            yield release, f"data/pages/{stem}{ending}"
        yield release, f"data/{METADATA}"  # it holds the titles of all pages of the release
        if document.kind is DocumentKind.BRIEFING and release.facts and release.facts.news:
            yield release, f"data/{FACTS}"
    for release in record.releases if linked else ():
        yield from ((release, f"data/{ATTACHED}/{path}") for path in sorted(linked - set(attached)))


def restated(record: Record, removed: Iterable[Removal]) -> dict[date, Facts]:
    """Return the facts of the days whose sealed ones go with a removed briefing: the same figures, without the news."""
    bags = {entry.bag for entry in removed if entry.path == f"data/{FACTS}"}
    gone = (release.facts for release in record.releases if release.line.name in bags)
    return {facts.day: replace(facts, news=()) for facts in gone if facts}


@dataclass(frozen=True, slots=True)
class Sealing:
    """What a release's bag is filled from. `site` is the built site.

    `printed` are the paper forms of pages; `facts` is None where no briefing is issued.
    """

    number: int
    day: date
    as_of: datetime
    states: Mapping[str, PageState]
    changed: Sequence[str]
    sources: Mapping[str, str]
    site: Path
    facts: Facts | None
    forms: FormSet
    settings: Settings
    printed: Mapping[str, Mapping[str, bytes]]
    snapshots: Sequence[Snapshot]
    forms_folder: Path
    templates: Path
    documents: Sequence[Document]
    site_settings: bytes
    attached: Mapping[str, bytes]
    words: str
    before: Release | None
    key: Mapping[str, Any] = field(default_factory=dict)
    removed: Sequence[Removal] = ()
    restated: Mapping[date, Facts] = field(default_factory=dict)
    editions: Mapping[str, bytes] = field(default_factory=dict)
    """The list of closed editions, and what is left of their files from which something is removed, by path below their folder."""


def payload(sealing: Sealing) -> dict[str, bytes]:
    """Return the files of a release's bag, by path below `data/`.

    Of the snapshots only hash, size and time: their names may be persons' and their rows never leave.
    """
    found = {
        "release.json": _json(_about(sealing)),
        OFFICE: sealed_settings(sealing.settings),
        SITE_SETTINGS: sealing.site_settings,
        WORDS: sealing.words.encode(),
        "snapshots.json": _json([_snapshot(s) for s in sealing.snapshots]),
        RULES: _json(dict(sealing.settings.on(sealing.day))),
        SITE_MANIFEST: site_manifest(sealing.site).encode(),
    }
    for path in sealing.changed:
        stem = f"pages/{path.removesuffix('.md')}"
        found |= {f"{stem}.md": sealing.sources[path].encode(), f"{stem}.html": files.read_bytes(sealing.site / html_of(path))}
        found |= {f"{stem}{ending}": content for ending, content in sealing.printed.get(path, {}).items()}
    sealed = sealing.before.about.get("attached", {}) if sealing.before else {}
    found |= {f"{ATTACHED}/{p}": data for p, data in sealing.attached.items() if sealed.get(p) != files.sha256(data)}
    found |= {f"{RESTATED}/{day}.json": to_json(facts).encode() for day, facts in sealing.restated.items()}
    found |= {f"{EDITIONS}/{path}": data for path, data in sealing.editions.items()}
    if sealing.facts:
        found |= {FACTS: to_json(sealing.facts).encode(), "figures.csv": ("\ufeff" + to_csv(sealing.facts)).encode()}
    for folder, name in ((sealing.forms_folder, "forms"), (SHIPPED, "templates"), (sealing.templates, "templates-own")):
        if folder.is_dir():
            paths = {f"{name}/{files.relative(p, folder)}": p for p in files.walk(folder)}
            found |= {path: files.read_bytes(p) for path, p in paths.items() if not path.startswith(_RETURNS)}
    lock = shipped("requirements") / "run.lock"
    found |= {"requirements.lock": files.read_bytes(lock)} if lock.is_file() else {}
    issued = [d for d in sealing.documents if d.path in sealing.changed]
    return found | {METADATA: _json(bag_metadata(
        sealing.settings, issued, found, number=sealing.number, day=sealing.day, as_of=sealing.as_of, program=f"jianbao {__version__}"
    ))}  # fmt: skip


def sealed_settings(settings: Settings) -> bytes:
    """Return the part of jianbao.toml that the site is made with; of where sheets come from only whether it is other offices."""
    import tomli_w

    sealed = {key: value for key, value in settings.raw.items() if key in _PUBLIC_SETTINGS}
    if settings.address:
        sealed["publish"] = {"address": settings.address}
    if settings.source_kind == "offices":
        sealed["source"] = {"kind": settings.source_kind}
    return tomli_w.dumps(sealed).encode()


_PUBLIC_SETTINGS: Final = ("school", "briefing", "print", "privacy", "site", "setting", "contact", "fill_in", "series")


def html_of(path: str) -> str:
    """Return where a page stands in the built site."""
    return f"{path.removesuffix('.md')}.html"


def _about(sealing: Sealing) -> dict[str, Any]:
    return {
        "number": sealing.number,
        "day": sealing.day.isoformat(),
        "as_of": sealing.as_of.isoformat(),
        "program": f"jianbao {__version__}",
        "pages": {p: {"sha256": s.sha256, "changes": s.changes} for p, s in sorted(sealing.states.items())},
        "changed": list(sealing.changed),
        "forms": {f.name: {"version": f.version, "sha256": f.sha256} for f in sealing.forms},
        "attached": {p: files.sha256(data) for p, data in sorted(sealing.attached.items())},
        **sealing.key,
        **({"removed": [{k: v for k, v in asdict(entry).items() if v} for entry in sealing.removed]} if sealing.removed else {}),
    }


def _snapshot(snapshot: Snapshot) -> dict[str, Any]:
    return {"sha256": snapshot.sha256, "size": snapshot.size, "pulled_at": snapshot.pulled_at}


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, sort_keys=True, indent=2) + "\n").encode()


def bag_info(settings: Settings, *, number: int, day: date, as_of: datetime) -> dict[str, str]:
    """Return the bag's own description (RFC 8493, 2.2.2)."""
    return {
        "Source-Organization": settings.school.name,
        "Contact-Name": settings.school.office,
        "External-Identifier": f"{number:04d}-{day.isoformat()}",
        "External-Description": f"{settings.briefing.title} {day.isoformat()}",
        "Bagging-Date": as_of.date().isoformat(),
    }
