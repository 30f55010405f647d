"""The site as it would be released now, drafts included, served on this machine and rebuilt on every change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from jianbao import files
from jianbao.build import StandingSite, build_site
from jianbao.errors import JianbaoError
from jianbao.pipeline.gate import public_pages
from jianbao.pipeline.publish import Step
from jianbao.project import Project
from jianbao.record import Record
from jianbao.release import changed_pages, page_states
from jianbao.settings import SETTINGS_FILE
from jianbao.site import Texts, edition_of, search_words, stage, write_tree


def build_preview(project: Project, moment: datetime) -> Path:
    """Build the site as it would be released now into build/preview; return its folder."""
    record = Record.open(project.record)
    found = public_pages(project, date.max, drafts=True)
    changed = changed_pages(record, page_states(found.documents, found.sources))
    edition = edition_of(
        record, settings=project.settings, number=record.next_number, moment=moment, documents=found.documents, changed=changed,
        facts=(), templates=project.templates,
    )  # fmt: skip
    docs, site, kept = (project.build / "preview" / name for name in ("docs", "site", "texts.kept"))
    texts = Texts.open(kept, edition.templates)
    write_tree(docs, stage(replace(edition, texts=texts), found.attached))
    texts.write(kept)
    words = project.build / "public" / "words.txt"
    if not words.is_file():
        files.write_text(words, search_words(()), lasting=False)
    made = files.empty_folder(site.with_name("site.new"))
    build_site(project.root, docs, made, moment, address=project.settings.address, standing=StandingSite(site))
    files.swap_folder(made, site)
    return site


def serve_preview(
    root: Path, *, moment: Callable[[], datetime], host: str, port: int, step: Step, trouble: Callable[[JianbaoError], None]
) -> None:
    """Serve the preview until interrupted; `trouble` hears what stopped a rebuild, and the last good site stays."""
    from mkdocs.livereload import LiveReloadServer

    def rebuild() -> None:
        try:
            build_preview(Project.open(root), moment())
        except JianbaoError as error:
            trouble(error)

    site = build_preview(Project.open(root), moment())
    server = LiveReloadServer(rebuild, host, port, str(site))
    for name in ("site", "templates", SETTINGS_FILE, "mkdocs.yml"):
        if (root / name).exists():
            server.watch(str(root / name))
    step(server.url)
    try:
        server.serve()  # type: ignore[no-untyped-call]  # mkdocs leaves it untyped
    except KeyboardInterrupt:
        server.shutdown(wait=True)
