"""The sample inbox, written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import chain
from pathlib import Path

from jianbao import files
from jianbao.sample.answers import SchoolDay
from jianbao.sample.days import by_week, week_around
from jianbao.sample.ledgers import ledger_files
from jianbao.sample.news import news_files
from jianbao.sample.rosters import roster_files
from jianbao.sample.school import school_of
from jianbao.sample.size import FULL, SampleSize
from jianbao.sample.staff_sheets import departments_file, staff_files
from jianbao.sample.student_sheets import student_files
from jianbao.sample.unit_sheets import unit_report_files


def write_sample(inbox: Path, days: Sequence[date], *, size: SampleSize = FULL) -> None:
    """Write the rosters and all sheets of some days into `inbox`.

    The same days give the same bytes, written one by one or together: a workbook that runs for a week keeps the
    days of it that are in the inbox already. With no days only the rosters are written.
    """
    school = school_of(size)
    known = {day: SchoolDay(school, day) for day in {*days, *_days_there(inbox, days)}}
    asked = [known[day] for day in sorted(set(days))]
    weeks = [[known[day] for day in week] for week in by_week(known)]
    written = [roster_files(school)]
    if asked:
        written += [staff_files(asked, weeks), student_files(asked, weeks), unit_report_files(weeks), news_files(weeks)]
        written.append(ledger_files(school, [d.day for d in asked], by_week(known)))
    for name, data in chain.from_iterable(written):
        files.write_bytes(inbox / name, data, lasting=False)


def _days_there(inbox: Path, days: Sequence[date]) -> Iterator[date]:
    """Yield the days in the weeks of `days` whose sheets are in the inbox already."""
    for day in sorted({d for asked in days for d in week_around(asked)}):
        if (inbox / departments_file(day)).is_file():
            yield day
