"""Many days of the made day's reports: each a sheet of its own with that day's date, and a few people who come back on it."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from made_day import DAY, PEOPLE, REPORTS, write_office

FIRST: Final = DAY
"""The day of return of the first who came back."""

_DAY, _NUMBER, _BACK, _FILLED = 0, 1, 17, 18
"""Where in a row the day stands, the person, the day of return, and the time of filling in."""


def write_days_office(folder: Path, days: int) -> None:
    """Write an office as `write_office` does, its one day of workbooks last, and `days` - 1 days before it, worked one by one.

    The workbooks of the last day lie in `away/`.
    """
    from jianbao.clock import parse_moment
    from jianbao.pipeline.work import work_day
    from jianbao.project import Project

    write_office(folder)
    head, rows = _rows(folder)
    (folder / "inbox" / REPORTS).rename(folder / "away")
    project = Project.open(folder)
    for number, day in enumerate(days_of(days)[:-1]):
        path = folder / "inbox" / REPORTS / f"{day}.csv"
        path.parent.mkdir(exist_ok=True)
        with path.open("w", encoding="utf-8-sig", newline="") as sheet:
            writer = csv.writer(sheet)
            writer.writerow(head)
            writer.writerows(_on(row, day, number, place) for place, row in enumerate(rows))
        work_day(project, as_of=parse_moment(f"{day}T12:00", project.zone), day=day)


def _rows(folder: Path) -> tuple[list[str], list[list[str]]]:
    """Return the head and the rows of the made day's workbooks, as text."""
    from python_calamine import CalamineWorkbook

    head: list[str] = []
    rows: list[list[str]] = []
    for path in sorted((folder / "inbox" / REPORTS).iterdir()):
        with CalamineWorkbook.from_path(path) as book:
            first, *found = book.get_sheet_by_index(0).to_python()
            head = [str(cell) for cell in first]
            rows += [[str(cell) for cell in row] for row in found]
    assert len(rows) == PEOPLE
    return head, rows


def days_of(days: int) -> list[date]:
    """Return the days, the made day last."""
    return [FIRST - timedelta(days=n) for n in reversed(range(days))]


def _on(row: list[str], day: date, number: int, place: int) -> list[str]:
    row = list(row)
    row[_DAY] = day.isoformat()
    row[_FILLED] = row[_FILLED].replace(DAY.isoformat(), day.isoformat())
    row[_BACK] = (FIRST + timedelta(days=place % 120)).isoformat() if place % 120 <= number else ""
    return row
