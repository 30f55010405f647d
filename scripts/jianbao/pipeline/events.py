"""What the ledgers say was done on the days up to a briefing: news, meetings, posts, papers received and issued."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, Final

import pyarrow as pa

from jianbao.facts import DayEvents, EntryFact, MeetingFact, NewsFact, PostFact
from jianbao.forms import FormSpec, Kind, Privacy, Subject
from jianbao.pipeline.disclose import entries_of, news_of
from jianbao.pipeline.work import DayWork

_MEETING: Final = ("held_on", "topic", "decisions")
_POST: Final = ("channel", "form_of", "item")


def events_of(work: DayWork, first: date, last: date) -> tuple[DayEvents, ...]:
    """Return every day from `first` to `last` with what was done on it, as the sheets read by now have it; none is left out."""
    days = [first + timedelta(n) for n in range((last - first).days + 1)]
    news: dict[date, list[NewsFact]] = defaultdict(list)
    posts: dict[date, list[PostFact]] = defaultdict(list)
    meetings: dict[date, list[MeetingFact]] = defaultdict(list)
    papers: dict[date, list[EntryFact]] = defaultdict(list)
    for form in work.forms:
        for day, rows in _rows(work, form, days):
            news[day] += news_of(form, rows)
            posts[day] += _posts(form, rows)
        for meeting in _meetings(work, form):
            meetings[meeting.on].append(meeting)
        for entry in entries_of(work, form):
            papers[entry.on].append(entry)
    return tuple(DayEvents(d, tuple(news[d]), tuple(meetings[d]), tuple(posts[d]), tuple(papers[d])) for d in days)


def _rows(work: DayWork, form: FormSpec, days: list[date]) -> Iterator[tuple[date, pa.Table]]:
    """Yield the accepted rows of a log of events, day by day."""
    if form.kind is not Kind.LOG or form.subject is not Subject.EVENT:
        return
    known = set(work.ledger.days(form))
    for day in (d for d in days if d in known):
        rows = work.ledger.read(form, day)
        if rows is not None:
            yield day, rows


def _meetings(work: DayWork, form: FormSpec) -> Iterator[MeetingFact]:
    """Yield the meetings, those to come too: a register of events with the day held, the topic and the decisions."""
    table = work.registers.tables.get(form.name)
    if table is None or form.subject is not Subject.EVENT or not _public(form, *_MEETING):
        return
    number = "meeting_no" if _public(form, "meeting_no") else ""
    for row in sorted(table.to_pylist(), key=lambda r: (r["held_on"] or date.max, str(r.get(number) or ""))):
        if row["held_on"]:
            yield MeetingFact(row["held_on"], row["topic"], row["decisions"] or "", str(row.get(number) or ""))


def _posts(form: FormSpec, rows: pa.Table) -> Iterator[PostFact]:
    """Yield the lines of a log of posts: channel, form and title."""
    if not _public(form, *_POST):
        return
    shown = [name for name in ("link", "reads") if _public(form, name)]
    for row in rows.to_pylist():
        more: dict[str, Any] = {name: row[name] for name in shown if row[name] is not None}
        yield PostFact(row["channel"], row["form_of"], row["item"], **more)


def _public(form: FormSpec, *names: str) -> bool:
    """Whether a form has these fields, each for everybody to read."""
    return all(name in form.by_name and form.by_name[name].privacy is Privacy.PUBLIC for name in names)
