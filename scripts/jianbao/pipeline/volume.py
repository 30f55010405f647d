"""The bound volume of a period, from the record alone: each document as it was last sealed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from jianbao import files, pages
from jianbao.documents import Document, DocumentKind, read_document
from jianbao.errors import UsageError
from jianbao.messages import _
from jianbao.printing.fonts import NoFonts, fonts_for
from jianbao.printing.official import Paper, day_of
from jianbao.printing.volume import Volume, bind, volume_html, volume_pdf
from jianbao.project import Project
from jianbao.record import Record, Release


@dataclass(frozen=True, slots=True)
class BoundVolume:
    """A volume's files, how many documents it holds, and why there is no PDF of it, if so."""

    paths: tuple[Path, ...]
    documents: int
    lacking: str = ""


def bind_volume(project: Project, since: date, until: date) -> BoundVolume:
    """Bind what was released about the days from `since` to `until` into build/volumes.

    Raises UsageError where that is nothing.
    """
    if until < since:
        raise UsageError(_("--to {until} 早于 --from {since}").format(until=until, since=since), _("把两个日期对调。"))
    volume = _gathered(project, since, until)
    target = project.build / "volumes" / files.legal_name(f"{since}_{until}")
    made = [target.with_name(target.name + ".html")]
    files.write_bytes(made[0], volume_html(volume, project.templates))
    try:
        fonts, lacking = fonts_for(project.settings.printing, project.root), ""
    except NoFonts as error:
        fonts, lacking = None, f"{error.message}。{error.advice}"
    if fonts:
        made.insert(0, target.with_name(target.name + ".pdf"))
        files.write_bytes(made[0], volume_pdf(volume, fonts))
    return BoundVolume(tuple(made), len(volume.documents), lacking)


def _gathered(project: Project, since: date, until: date) -> Volume:
    record = Record.open(project.record)
    attached = {path: files.read_bytes(project.pages / path) for path in pages.attachments(project.pages)}
    found = [(d, r) for d, r in _released(record) if d.kind is not DocumentKind.PAGE and since <= day_of(d) <= until]
    if not found:
        raise UsageError(
            _("{since} 至 {until} 没有发布过文件").format(since=since, until=until),
            _("用 jianbao verify 看发布过哪些，再换一段日期。"),
        )
    facts = [f for day, f in record.facts.items() if since <= day <= until]
    papers = [_paper(project, record, d, r, attached) for d, r in found]
    units = [part.name for f in reversed(facts) for parts in (f.by_unit or {}).values() for part in parts]
    moment = max(paper.moment for paper in papers)
    return bind(project.settings, papers, facts, since=since, until=until, moment=moment, units=list(dict.fromkeys(units)))


def _released(record: Record) -> Iterator[tuple[Document, Release]]:
    """Yield every public document as it stands in the record, with the release that issued this state of it."""
    issued = {path: release for release in record.releases for path in release.changed}
    for path in record.pages:
        release = issued[path]
        source = release.source(path)
        document = read_document(pages.parse(path, source)) if source is not None else None
        if isinstance(document, Document):
            yield document, release


def _paper(project: Project, record: Record, document: Document, release: Release, attached: Mapping[str, bytes]) -> Paper:
    facts = record.facts.get(document.data_date) if document.kind is DocumentKind.BRIEFING and document.data_date else None
    number = release.line.number
    previous = record.lines[number - 2] if number > 1 else None
    return Paper(document, project.settings, datetime.fromisoformat(release.about["as_of"]), attached, facts, previous)
