"""A published page, written out for an official account: just what the site shows, checked when it was published."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from html import escape
from pathlib import Path

from jianbao import files
from jianbao.errors import Refused
from jianbao.messages import _
from jianbao.pipeline.gate import public_pages
from jianbao.pipeline.papers import page_path
from jianbao.project import Project
from jianbao.record import Record
from jianbao.release import page_states
from jianbao.wechat import wechat_html


@dataclass(frozen=True, slots=True)
class WrittenPage:
    """The file that was written, and what is left to be done by hand."""

    path: Path
    notes: tuple[str, ...]


def write_wechat(project: Project, name: str, *, on: date) -> WrittenPage:
    """Write a page for pasting into private/out/wechat/.

    Raises Refused where the page is not published just as it stands: what the gate has not seen does not go out.
    """
    path = page_path(project, name)
    found = public_pages(project, on)
    document = next((d for d in found.documents if d.path == path), None)
    states = page_states([document], found.sources) if document else {}
    if document is None or Record.open(project.record).pages.get(path) != states[path] or not document.status.released:
        raise Refused(_("site/{path} 还没有照现在的样子发布").format(path=path), _("先运行 jianbao publish。"))
    html, notes = wechat_html(document, school=project.settings.school.name)
    target = files.private_folder(project.out) / "wechat" / f"{Path(path).stem}.html"
    head = f'<!doctype html>\n<html lang="zh"><head><meta charset="utf-8"><title>{escape(document.title)}</title></head><body>\n'
    files.write_text(target, f"{head}{html}</body></html>\n", private=True)
    return WrittenPage(target, notes)
