"""One measurement in a process of its own: python measured.py WORK OFFICE. Prints {"seconds": …, "peak_mb": …}.

Imports and preparation are outside the time, inside the peak.
"""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Final

import measured_site
from made_day import DAY, PEOPLE, REPORTS

Work = Callable[[], object]
PRINTED: Final = Path(__file__).parent / "printed.py"

NOT_EVERY_DAY: Final = {"drills", "exposure_survey", "document_register"}
"""Forms that the sample school's first day has no row of."""


def bare_reading(office: Path) -> Work:
    """The floor: the reader alone turns each sheet's cells into Python values."""
    from python_calamine import CalamineWorkbook

    def work() -> int:
        rows = 0
        for path in sorted((office / "inbox" / REPORTS).iterdir()):
            with CalamineWorkbook.from_path(path) as book:
                rows += sum(len(book.get_sheet_by_name(name).to_python()) - 1 for name in book.sheet_names)
        assert rows == PEOPLE
        return rows

    return work


def a_day(office: Path) -> Work:
    """What `jianbao check` does with a day that has just come in, on an office that has read its roster before."""
    from jianbao import clock
    from jianbao.pipeline.work import work_day
    from jianbao.project import Project

    project = Project.open(office)
    now = clock.now(project.zone)
    away = (office / "inbox" / REPORTS).rename(office / "away")
    work_day(project, as_of=now, day=DAY - timedelta(days=1))
    away.rename(office / "inbox" / REPORTS)

    def work() -> object:
        done = work_day(project, as_of=now, day=DAY)
        assert sum(c.rows for c in done.counts) >= PEOPLE
        assert done.figures
        return done

    return work


def bare_reading_of_all(office: Path) -> Work:
    """The floor of a first day: every file of the inbox as Python values, each by the least that reads it."""
    from python_calamine import CalamineWorkbook

    def work() -> int:
        rows = 0
        for path in sorted(p for p in (office / "inbox").rglob("*") if p.is_file()):
            if path.suffix == ".csv":
                data = path.read_bytes()
                text = data.decode("utf-8-sig" if _is_utf8(data) else "gb18030")
                rows += sum(1 for _row in csv.reader(io.StringIO(text, newline="")))
            else:
                with CalamineWorkbook.from_path(path) as book:
                    rows += sum(len(book.get_sheet_by_name(name).to_python()) for name in book.sheet_names)
        assert rows > PEOPLE
        return rows

    return work


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return True


def a_first_day(office: Path) -> Work:
    """What `jianbao check` does in an office that has read nothing yet, with every form and roster filled."""
    from jianbao import clock
    from jianbao.pipeline.work import work_day
    from jianbao.project import Project
    from jianbao.sample import SAMPLE_DAYS

    project = Project.open(office)
    day = SAMPLE_DAYS[0]
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=clock.now(project.zone).tzinfo)

    def work() -> object:
        done = work_day(project, as_of=noon, day=day)
        assert {c.form for c in done.counts if c.accepted} == {p.stem for p in (office / "forms_schema").glob("*.yaml")} - NOT_EVERY_DAY
        assert done.figures
        return done

    return work


def cold_print(kind: str) -> Callable[[Path], Work]:
    """A four-page briefing set in a process of its own, its start and imports inside the time: `ours`, or `ready` text alone."""

    def prepare(office: Path) -> Work:
        folder = office if kind == "ours" else office / "ready"

        def work() -> int:
            made = subprocess.run([sys.executable, str(PRINTED), kind, str(folder)], stdout=subprocess.PIPE, check=True).stdout
            assert made.startswith(b"%PDF")
            return len(made)

        return work

    return prepare


WORKS: Final[Mapping[str, Callable[[Path], Work]]] = {
    **measured_site.WORKS, "floor": bare_reading, "day": a_day, "floor-all": bare_reading_of_all, "first-day": a_first_day,
    "print": cold_print("ours"), "print-ready": cold_print("ready"),
}  # fmt: skip


def peak_mb() -> float | None:
    """The largest this process has been, in MB; None where the system does not tell."""
    try:
        import resource
    except ImportError:  # Windows
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (1024**2 if sys.platform == "darwin" else 1024), 1)


def main(name: str, source: str) -> None:
    """Measure one work on a copy of an office."""
    with tempfile.TemporaryDirectory() as scratch:
        office = Path(shutil.copytree(source, Path(scratch) / "office"))
        work = WORKS[name](office)
        start = perf_counter()
        kept = work()
        seconds = perf_counter() - start
        print(json.dumps({"seconds": seconds, "peak_mb": peak_mb()}))
        del kept


if __name__ == "__main__":
    main(*sys.argv[1:])
