"""The day's briefing as a file that people may correct: written, and written again without losing a word of theirs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from jianbao import briefing, files, pages, release
from jianbao.documents import Document, DocumentKind
from jianbao.errors import Refused, SettingsError
from jianbao.facts import DayEvents, Facts
from jianbao.kinds import WRITTEN
from jianbao.messages import _, did_you_mean, listed
from jianbao.pipeline.events import events_of
from jianbao.pipeline.work import DayWork
from jianbao.project import Project
from jianbao.record import Record
from jianbao.render import SHIPPED, render

_EDITORS_KEYS = ("title", "summary", "tags", "mark", "description")


@dataclass(frozen=True, slots=True)
class Draft:
    """A day's briefing about to be written; `documents` are all public ones of the office, `days` what was done since the one before."""

    project: Project
    record: Record
    facts: Facts
    documents: Sequence[Document]
    signed_by: str
    issued: date
    days: Sequence[DayEvents] = ()

    @classmethod
    def of(cls, work: DayWork, record: Record, facts: Facts, documents: Sequence[Document], *, signed_by: str, issued: date) -> Draft:
        """Return the briefing of a day that was worked; `record` holds the releases before it."""
        days = events_of(work, first_day(work.project, record, work.day), work.day)
        return cls(work.project, record, facts, documents, signed_by, issued, days)

    @property
    def path(self) -> str:
        """Where it stands below site/."""
        return briefing.briefing_path(self.facts.day)

    def write(self) -> None:
        """Write the briefing, unless somebody has edited it: their text stays, and only its particulars follow.

        Raises Refused where the figures under an edited text have changed.
        """
        body, meta = self._generated()
        file = self.project.pages / self.path
        if file.is_file():
            body, meta = self._kept(pages.parse(self.path, files.read_text(file)), body, meta)
        files.write_text(file, pages.compose(meta, body))

    def _generated(self) -> tuple[str, dict[str, Any]]:
        settings = self.project.settings
        documents = issued_between(self.documents, first_day(self.project, self.record, self.facts.day), self.facts.day)
        values = briefing.briefing_values(self.facts, settings, issued=self.issued, documents=documents, days=self.days)
        body = render(self.project.templates, briefing.template_of(settings.briefing.style), values)
        meta = briefing.front_matter(self.facts, settings, issued=self.issued, number=self._number(), signed_by=self.signed_by)
        return body, meta | {"generated": mark_of(body), "data": mark_of(_essence(self.facts))}

    def _kept(self, page: pages.Page, body: str, meta: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        """Return text and front matter with what an editor wrote kept, and a note of what has changed since the last issue."""
        edited = mark_of(page.body) != page.meta.get("generated")
        moved = page.meta.get("data") != meta["data"]
        before = self.record.facts.get(self.facts.day)
        changes = list(page.meta.get("changes") or [])
        if before is not None and moved:
            changes.append({"date": self.issued, "note": _note(release.figure_changes(before, self.facts))})
        if before is not None:  # an issued page keeps its date of issue and its number
            meta |= {k: page.meta[k] for k in ("date", "number") if k in page.meta}
        meta |= {"changes": changes} if changes else {}
        if not edited:
            return body, meta
        if moved:
            self._hand_over(body, meta)
        kept = {k: page.meta[k] for k in _EDITORS_KEYS if k in page.meta}
        return page.body, meta | kept | {"generated": page.meta.get("generated", "")}

    def _hand_over(self, body: str, meta: dict[str, Any]) -> None:
        day = self.facts.day.isoformat()
        fresh = self.project.out / day / f"{day}.md"
        files.write_text(fresh, pages.compose(meta, body), private=True)
        raise Refused(
            _("简报 site/{path} 被人修改过，而数据又有变化；修改过的文字不会被覆盖").format(path=self.path),
            _("新生成的一份在 {fresh}；请把变化并入，并把说明区的 data 和 changes 照新的改好，再运行。").format(
                fresh=fresh.relative_to(self.project.root).as_posix()
            ),
        )

    def _number(self) -> int | None:
        """Return the briefing's number: its own where the day was issued before, else the next."""
        if not self.project.settings.briefing.numbered:
            return None
        issued = list(dict.fromkeys(r.issued_day for r in self.record.releases if r.issued_day))
        return issued.index(self.facts.day) + 1 if self.facts.day in issued else len(issued) + 1


def first_day(project: Project, record: Record, day: date) -> date:
    """Return the first day that the briefing of a day speaks of: the one after the last issued, of the first what the settings say."""
    before = max((d for d in record.facts if d < day), default=None)
    return before + timedelta(1) if before else min(project.settings.briefing.since or day, day)


def issued_between(documents: Iterable[Document], first: date, last: date) -> list[Document]:
    """Return the documents of some days, those left out that the program writes itself."""
    own = (d for d in documents if d.kind not in (*WRITTEN, DocumentKind.PAGE) and first <= d.on <= last)
    return sorted(own, key=lambda d: (d.on, d.path))


def know_briefing(work: DayWork) -> None:
    """Raise SettingsError where the briefing is to state a figure or a table that no form declares, in a style that nobody laid out."""
    own = work.project.settings.briefing
    figures = [*own.figures, *(name for section in own.section for name in section.figures)]
    tables = [section.table for section in own.section if section.table]
    _know(_("[briefing] figures：没有名为 {name} 的指标"), figures, [f.name for f in work.figures if f.public])
    _know(_("[briefing] table：没有名为 {name} 的公开表"), tables, [v.name for form in work.forms for v in form.views if v.page])
    folders = [folder for folder in (work.project.templates, SHIPPED) if folder.is_dir()]
    styles = [briefing.ITEMS, *sorted({p.name[9:-6] for folder in folders for p in folder.glob("briefing-*.md.j2")})]
    _know(_("[briefing] style：没有名为 {name} 的版式"), [own.style], styles)


def _know(text: str, names: Iterable[str], known: Sequence[str]) -> None:
    for name in names:
        if name not in known:
            told = f"jianbao.toml {text.format(name=name)}{did_you_mean(name, known)}"
            raise SettingsError(told, _("可用的有：{names}").format(names=listed(known)))


def _note(changes: Sequence[release.FigureChange]) -> str:
    """Return a change note: what is another number now; where no number is, of how many were read."""
    numbers = [c for c in changes if c.was != c.now]
    return "；".join(c.text for c in numbers or changes)


def _essence(facts: Facts) -> str:
    """Return what of a day's facts decides whether its briefing is another: all but the time of the pull and the register."""
    return repr(replace(facts, as_of=datetime.min, entries=()))


def mark_of(text: str) -> str:
    """Return what tells whether a text is still the one that the program wrote."""
    return files.sha256(text.strip().encode())[:16]
