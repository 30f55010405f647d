"""A published figure that is another number now: a draft correction is opened, and the issued briefing stays as it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from jianbao import files, pages
from jianbao.briefing import briefing_path
from jianbao.documents import Document, DocumentKind, Status
from jianbao.facts import Facts, FigureFact
from jianbao.figures import spoken_value
from jianbao.ledger import row_keys
from jianbao.pipeline.disclose import day_facts
from jianbao.pipeline.work import DayWork, work_day
from jianbao.record import Record
from jianbao.render import literal
from jianbao.validation import SEEN


def open_correction(work: DayWork, record: Record, now: Facts, changed: Iterable[tuple[str, date]] = ()) -> str | None:
    """Write a draft correction of a released day's figures; return its path, None where no figure is another or it is there.

    It says what was, what is, and in how many rows of which form the change lies, `changed` being the forms and days
    that are known to have changed beside the day itself; whoever signs it says the rest.
    """
    before = record.facts.get(work.day)
    moved = _moved(before, now) if before else []
    path = f"notices/{work.day.year}/correction-{work.day}.md"
    if before is None or not moved:
        return None
    file = work.project.pages / path
    if file.is_file() and pages.read(work.project.pages, path).meta.get("status") != Status.DRAFT:
        path = f"notices/{work.day.year}/correction-{work.day}-{work.as_of.date()}.md"
        file = work.project.pages / path
    text = pages.compose(_front(work, moved), _body(work, record, moved, changed))
    return path if files.write_text(file, text) else None


def _moved(before: Facts, now: Facts) -> list[tuple[FigureFact, FigureFact]]:
    """Return the figures that are another number now. One of which nothing was due yet at the cut-off said nothing to correct."""
    pairs = ((was, now.figure(was.name)) for was in before.figures if was.value is not None or was.expected)
    return [(was, new) for was, new in pairs if new and new.value != was.value]


def _front(work: DayWork, moved: Sequence[tuple[FigureFact, FigureFact]]) -> dict[str, Any]:
    return {
        "title": f"关于{work.day.month}月{work.day.day}日数据的更正",
        "kind": DocumentKind.CORRECTION.value,
        "status": Status.DRAFT.value,
        "date": work.as_of.date(),
        "data_date": work.day,
        "issuer": work.project.settings.school.issued_by,
        "corrects": briefing_path(work.day),
        "figures": [{"name": was.name, "was": was.value, "now": now.value} for was, now in moved],
    }


def _body(
    work: DayWork, record: Record, moved: Sequence[tuple[FigureFact, FigureFact]], changed: Iterable[tuple[str, date]]
) -> str:  # fmt: skip
    rows = "".join(
        f"| {literal(was.title)} | {spoken_value(was.value)}（{was.received}/{was.expected}） "
        f"| {spoken_value(now.value)}（{now.received}/{now.expected}） |\n"
        for was, now in moved
    )
    day = f"{work.day.month}月{work.day.day}日"
    link = f"../../{briefing_path(work.day)}"
    why = "；".join(_why(work, record, changed)) or "（请填写）"
    return (
        f"[{day}工作简报]({link})刊登的下列数据有误，现予更正。原简报保持原样。\n\n"
        f"| 项目 | 原来（实报/应报） | 更正为（实报/应报） |\n| --- | ---: | ---: |\n{rows}\n原因：{why}。\n"
    )


def _why(work: DayWork, record: Record, changed: Iterable[tuple[str, date]]) -> Iterable[str]:
    """Yield in how many rows each form's day was changed, or came, since the day was released."""
    released = next((r for r in reversed(record.releases) if r.facts and r.facts.day == work.day), None)
    since = datetime.fromisoformat(released.about["as_of"]) if released else work.as_of
    for name, day in sorted({*changed, *((f.name, work.day) for f in work.forms)}, key=lambda one: (one[0], one[1] != work.day, one[1])):
        form = work.forms[name]
        keys = {c["key"] for c in work.ledger.changes(form, day) if c["seen_at"] > since}
        rows = work.ledger.read(form, day)
        if rows is not None and SEEN in rows.column_names:
            keys.update(row_keys(form, rows.filter(pc.greater(rows.column(SEEN), pa.scalar(since, rows.column(SEEN).type)))))
        if keys:
            of = "" if day == work.day else f"{day.month}月{day.day}日"
            yield f"{form.title}{of}发布后补报或改动 {len(keys)} 行"


def corrected(documents: Iterable[Document], day: date) -> dict[str, float | None]:
    """Return the figures of a day as released corrections state them, the newest last, by name."""
    own = (d for d in documents if d.kind is DocumentKind.CORRECTION and d.status is Status.SIGNED and d.data_date == day)
    return {f.name: f.now for d in sorted(own, key=lambda d: (d.on, d.path)) for f in d.figures}


def is_settled(before: Facts, now: Facts, said: dict[str, float | None]) -> bool:
    """Whether released corrections say of every figure that moved just what it is now."""
    moved = _moved(before, now)
    return bool(moved) and all(was.name in said and said[was.name] == new.value for was, new in moved)


def open_corrections(work: DayWork, record: Record, documents: Sequence[Document]) -> list[str]:
    """Open a draft for each released day that reads rows that were changed, where a figure moved that no correction states yet."""
    found = []
    for day in sorted(work.back_dated):
        other = work_day(work.project, as_of=work.as_of, day=day)
        facts = day_facts(other)
        if not is_settled(record.facts[day], facts, corrected(documents, day)):
            path = open_correction(other, record, facts, work.back_dated[day])
            found += [path] if path else []
    return found
