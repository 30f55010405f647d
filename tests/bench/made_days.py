"""Many days of the made day's reports: each a sheet of its own with that day's date, and a few people who come back on it."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from made_day import DAY, PEOPLE, REPORTS, write_office

FIRST: Final = DAY
_DAY, _NUMBER, _BACK, _FILLED = 0, 1, 17, 18
"""Where in a row the day stands, the person, the day of return, and the time of filling in."""


def write_days_office(folder: Path, days: int) -> None:
    """Write an office as `write_office` does, its one day of workbooks last, and `days` - 1 days before it as CSV.

    `days_of` names them; the sheets of the days before lie in `past/`, to be moved into the inbox as their day comes.
    """
    from python_calamine import CalamineWorkbook

    write_office(folder)
    rows: list[list[str]] = []
    for path in sorted((folder / "inbox" / REPORTS).iterdir()):
        with CalamineWorkbook.from_path(path) as book:
            head, *found = book.get_sheet_by_index(0).to_python()
            rows += [[str(cell) for cell in row] for row in found]
    assert len(rows) == PEOPLE
    (folder / "past").mkdir()
    for number, day in enumerate(days_of(days)[:-1]):
        with (folder / "past" / f"{day}.csv").open("w", encoding="utf-8-sig", newline="") as sheet:
            writer = csv.writer(sheet)
            writer.writerow(head)
            writer.writerows(_on(row, day, number, place) for place, row in enumerate(rows))


def days_of(days: int) -> list[date]:
    """Return the days, the made day last."""
    return [FIRST - timedelta(days=n) for n in reversed(range(days))]


def _on(row: list[str], day: date, number: int, place: int) -> list[str]:
    row = list(row)
    row[_DAY] = day.isoformat()
    row[_FILLED] = row[_FILLED].replace(DAY.isoformat(), day.isoformat())
    row[_BACK] = day.isoformat() if place % 120 <= number else ""
    return row
