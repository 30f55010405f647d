"""The day's briefing as a file that people may correct: written, and written again without losing a word of theirs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from jianbao import briefing, files, pages, release
from jianbao.documents import Document, DocumentKind
from jianbao.errors import Refused
from jianbao.facts import Facts
from jianbao.messages import _
from jianbao.project import Project
from jianbao.record import Record
from jianbao.render import render

_EDITORS_KEYS = ("title", "summary", "tags", "mark", "description")


@dataclass(frozen=True, slots=True)
class Draft:
    """A day's briefing about to be written; `documents` are all public ones of the office."""

    project: Project
    record: Record
    facts: Facts
    documents: Sequence[Document]
    signed_by: str
    issued: date

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
        values = briefing.briefing_values(self.facts, settings, issued=self.issued, documents=self._issued_since())
        body = render(self.project.templates, briefing.TEMPLATE, values)
        meta = briefing.front_matter(self.facts, settings, issued=self.issued, number=self._number(), signed_by=self.signed_by)
        return body, meta | {"generated": _mark(body), "data": _mark(_essence(self.facts))}

    def _kept(self, page: pages.Page, body: str, meta: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        """Return text and front matter with what an editor wrote kept, and a note of what has changed since the last issue."""
        edited = _mark(page.body) != page.meta.get("generated")
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

    def _issued_since(self) -> list[Document]:
        """Return the documents issued since the last briefing's day, up to this one's."""
        day = self.facts.day
        since = max((d for d in self.record.facts if d < day), default=None)
        own = [d for d in self.documents if d.kind not in (DocumentKind.BRIEFING, DocumentKind.PAGE) and d.on <= day]
        return sorted((d for d in own if (since < d.on if since else d.on == day)), key=lambda d: (d.on, d.path))


def _note(changes: Sequence[release.FigureChange]) -> str:
    """Return a change note: what is another number now; where no number is, of how many were read."""
    numbers = [c for c in changes if c.was != c.now]
    return "；".join(c.text for c in numbers or changes)


def _essence(facts: Facts) -> str:
    """Return what of a day's facts decides whether its briefing is another: all but the time of the pull and the register."""
    return repr(replace(facts, as_of=datetime.min, entries=()))


def _mark(text: str) -> str:
    return files.sha256(text.strip().encode())[:16]
