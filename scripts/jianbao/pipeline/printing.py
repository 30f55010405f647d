"""The paper forms of what a release issues: official PDF and self-contained HTML, made once and sealed.

Pages issued before keep the bytes that were sealed with them. What was made in a run that did not come to its end is kept under build/ by
everything it was made from, and not made again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from jianbao import __version__, files, pages
from jianbao.documents import Document, DocumentKind
from jianbao.facts import to_json
from jianbao.messages import _
from jianbao.printing.fonts import NoFonts, fonts_for
from jianbao.printing.official import Paper, page_pdf
from jianbao.printing.offline import page_html
from jianbao.printing.typeset import source_hash
from jianbao.project import Project
from jianbao.record import PDF, SINGLE
from jianbao.render import SHIPPED
from jianbao.site import Edition

KEPT: Final = "printed"
_THREADS: Final = 4  # the typesetter works outside the interpreter's lock


@dataclass(frozen=True, slots=True)
class Printed:
    """The paper forms of pages, by path and ending; `lacking` says why there is no PDF, and what to do, or is empty."""

    forms: Mapping[str, Mapping[str, bytes]]
    lacking: str = ""

    @property
    def pdf_hashes(self) -> frozenset[str]:
        """The hashes of the PDFs.

        The gate looks at the HTML made of the same blocks instead, and at what the PDF encloses where it stands: the end of a paragraph
        cannot be told from that of a line on paper, and two words that meet there would be taken for a name.
        """
        return frozenset(files.sha256(forms[PDF]) for forms in self.forms.values() if PDF in forms)


def print_changed(project: Project, edition: Edition) -> Printed:
    """Return the paper forms of the documents that an edition issues.

    Raises TypesetError where a document holds what cannot be set: a character that no font has, a broken picture.
    """
    try:
        fonts, lacking = fonts_for(project.settings.printing, project.root), ""
    except NoFonts as error:
        fonts, lacking = None, f"{error.message}。{error.advice}"
    attached = {path: files.read_bytes(project.pages / path) for path in pages.attachments(project.pages)}
    papers = [_paper(edition, d, attached) for d in edition.documents if d.path in edition.changed]
    kept = _Kept(project.build / KEPT, project.templates)

    def both(paper: Paper) -> dict[str, bytes]:
        made = {PDF: kept.made(PDF, paper, fonts.identity, lambda: page_pdf(paper, fonts))} if fonts else {}
        return made | {SINGLE: kept.made(SINGLE, paper, [], lambda: page_html(paper, project.templates))}

    printed: dict[str, Mapping[str, bytes]] = {}
    with ThreadPoolExecutor(_THREADS) as pool:
        for paper, forms in zip(papers, pool.map(both, papers), strict=True):
            printed[paper.document.path] = forms
            project.watch(_("排印文件"), len(printed), len(papers))
    return Printed(printed, lacking)


def forget_printed(project: Project) -> None:
    """Remove what was kept for a run that does not come to its end: it is sealed now."""
    files.remove(project.build / KEPT)


def forget_printed_elsewhere(project: Project) -> None:
    """Remove what was bound, made again or got ready to be sent and may repeat a page that is removed: each is made again on request."""
    for name in ("volumes", "rebuild", "deliver.git"):
        files.remove(project.build / name)


def _paper(edition: Edition, document: Document, attached: Mapping[str, bytes]) -> Paper:
    briefing = document.kind is DocumentKind.BRIEFING
    facts = edition.facts.get(document.data_date) if briefing and document.data_date else None
    return Paper(document, edition.settings, edition.moment, attached, facts, edition.lines[-1] if edition.lines else None)


@dataclass(frozen=True, slots=True)
class _Kept:
    """What was made before, by the hash of everything that it was made from."""

    folder: Path
    templates: Path

    def made(self, ending: str, paper: Paper, also: object, make: Callable[[], bytes]) -> bytes:
        path = self.folder / f"{self._key(ending, paper, also)}{ending}"
        if path.is_file():
            return files.read_bytes(path)
        content = make()
        files.write_bytes(path, content, lasting=False)
        return content

    def _key(self, ending: str, paper: Paper, also: object) -> str:
        settings = paper.settings
        parts = [
            __version__, source_hash(), ending, repr(paper.document), repr(settings.school), repr(settings.printing),
            paper.moment.isoformat(),
            to_json(paper.facts) if paper.facts else "", paper.previous.sha256 if paper.previous else "", json.dumps(also),
            *(files.sha256(content) for _path, content in sorted(paper.files.items())), *self._templates(),
        ]  # fmt: skip
        return files.sha256("\x00".join(parts).encode())

    def _templates(self) -> Iterator[str]:
        for folder in (SHIPPED / "print", self.templates / "print"):
            if folder.is_dir():
                yield from (files.sha256_of(p) for p in files.walk(folder))
