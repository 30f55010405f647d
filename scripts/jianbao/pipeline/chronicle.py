"""A chronicle: what was done day by day over a period, as a draft to be corrected, signed and published like any document.

Its figures are those released of its last day, so that it never says another number than the briefing of that day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from jianbao import briefing, files, pages
from jianbao.clock import spoken_period
from jianbao.documents import DocumentKind, Status
from jianbao.errors import Refused, UsageError
from jianbao.facts import Facts
from jianbao.messages import _
from jianbao.pipeline.draft import issued_between, know_briefing, mark_of
from jianbao.pipeline.events import events_of
from jianbao.pipeline.gate import public_pages
from jianbao.pipeline.lock import alone
from jianbao.pipeline.work import work_day
from jianbao.project import Project
from jianbao.record import Record
from jianbao.render import render


@dataclass(frozen=True, slots=True)
class Period:
    """The days of a chronicle, its title where it has one of its own, and the moment it is written."""

    first: date
    last: date
    as_of: datetime
    title: str = ""

    @property
    def path(self) -> str:
        """Where the page stands below site/."""
        return f"briefings/{self.last.year}/{self.first.isoformat()}-to-{self.last.isoformat()}.md"


def write_chronicle(project: Project, period: Period) -> Path:
    """Write a period's chronicle into site/ as a draft, in the place of the draft before it.

    Raises UsageError where the last day is not released yet, Refused where the page is signed or somebody has edited it.
    """
    if period.last < period.first:
        raise UsageError(_("--to {until} 早于 --from {since}").format(until=period.last, since=period.first), _("把两个日期对调。"))
    with alone(project):
        facts = Record.open(project.record).facts.get(period.last)
        if facts is None:
            raise UsageError(
                _("{day} 还没有发布，纪事末尾的数据无从引用").format(day=period.last),
                _("先发布这一天：jianbao publish --date {day}；或把 --to 改为已发布的一天。").format(day=period.last),
            )
        file = project.pages / period.path
        _refuse_worked_on(file, period.path)
        meta, body = _written(project, period, facts)
        files.write_text(file, pages.compose(meta | {"generated": mark_of(body)}, body))
        return file


def _refuse_worked_on(file: Path, path: str) -> None:
    if not file.is_file():
        return
    page = pages.parse(path, files.read_text(file))
    if page.meta.get("status") != Status.DRAFT:
        raise Refused(_("site/{path} 已经签发").format(path=path), _("要改正其中一处，用 jianbao correct。"))
    if mark_of(page.body) != page.meta.get("generated"):
        raise Refused(_("site/{path} 被人修改过，修改过的文字不会被覆盖").format(path=path), _("要重新生成，先把它移到别处。"))


def _written(project: Project, period: Period, facts: Facts) -> tuple[dict[str, Any], str]:
    """Return a chronicle's front matter and text."""
    work, own, on = work_day(project, as_of=period.as_of, day=period.last), project.settings.briefing, period.as_of.date()
    know_briefing(work)
    days, documents = events_of(work, period.first, period.last), public_pages(project, on).documents
    issued = issued_between(documents, period.first, period.last)
    values = briefing.briefing_values(
        facts, project.settings, issued=on, documents=issued, days=days, style=briefing.CHRONICLE,
    )  # fmt: skip
    body = render(project.templates, briefing.template_of(briefing.CHRONICLE), values)
    counts = [count for section in values["sections"] for count in section.get("counts", ())]
    meta = {
        "title": period.title or own.title, "kind": DocumentKind.CHRONICLE.value, "status": Status.DRAFT.value,
        "date": on, "data_date": period.last, "issuer": project.settings.school.issued_by,
        "summary": "，".join([spoken_period(period.first, period.last), *counts]) + "。",
    }  # fmt: skip
    return meta | ({"mark": own.mark} if own.mark else {}), body
