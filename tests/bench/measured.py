"""One measurement in a process of its own: python measured.py WORK OFFICE. Prints {"seconds": …, "peak_mb": …}.

Imports and preparation are outside the time, inside the peak.
"""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Final

import measured_province
import measured_site
from made_day import DAY, PEOPLE, REPORTS

Work = Callable[[], object]
PRINTED: Final = Path(__file__).parent / "printed.py"

NOT_EVERY_DAY: Final = {"drills", "exposure_survey"}
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


def the_last_day(office: Path) -> Work:
    """A day that has just come in, up to what of it is for the public, on an office that has worked all its days before.

    The day before is worked in a process of its own: how large it becomes is not this day's. A small office is worked
    in this one, so that what is imported by then is the same for every office measured.
    """
    from jianbao.clock import parse_moment
    from jianbao.pipeline.disclose import day_facts
    from jianbao.pipeline.office import make_office
    from jianbao.pipeline.work import work_day
    from jianbao.project import Project
    from jianbao.sample import SAMPLE_DAYS, SMALL, write_sample

    before = str(DAY - timedelta(days=1))
    check = [sys.executable, "-m", "jianbao", "--project", str(office), "check", "--date", before, "--as-of", f"{before}T12:00"]
    subprocess.run(check, stdout=subprocess.DEVNULL, check=True)
    make_office(office / "small", school="某校", office="某办")
    write_sample(office / "small/inbox", SAMPLE_DAYS[:1], size=SMALL)
    project, small = Project.open(office), Project.open(office / "small")
    noon = parse_moment(DAY.isoformat(), project.zone)
    day_facts(work_day(small, as_of=noon, day=SAMPLE_DAYS[0]))
    (office / "inbox" / REPORTS).mkdir(exist_ok=True)
    for path in sorted((office / "away").iterdir()):
        path.rename(office / "inbox" / REPORTS / path.name)

    def work() -> object:
        done = work_day(project, as_of=noon, day=DAY)
        assert sum(c.rows for c in done.counts) >= PEOPLE
        returned = done.figure("returned")
        assert returned
        assert returned.value
        return day_facts(done)

    return work


def start_pandas(_office: Path) -> Work:
    """The floor of a command that has nothing to do: Python, and the library that tables are worked with."""
    return lambda: subprocess.run([sys.executable, "-c", "import pandas"], check=True)


def publish_again(office: Path) -> Work:
    """The whole command, a second time: the day was published, and nobody has touched anything since."""
    from jianbao.project import shipped

    shutil.copy(shipped("mkdocs.yml"), office / "mkdocs.yml")
    words = [sys.executable, "-m", "jianbao", "--project", str(office), "publish", "--date", DAY.isoformat(), "--signed-by", "某某"]
    noon, later = ([*words, "--as-of", f"{DAY}T{hour}:00"] for hour in (12, 13))
    subprocess.run(noon, check=True, capture_output=True)

    def work() -> object:
        told = subprocess.run(later, check=True, capture_output=True, encoding="utf-8", env={**os.environ, "PYTHONUTF8": "1"})
        assert "什么也没有做" in told.stdout
        return told

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
    **measured_site.WORKS, **measured_province.WORKS,
    "floor": bare_reading, "day": a_day, "a-day": the_last_day, "pandas": start_pandas, "again": publish_again,
    "floor-all": bare_reading_of_all, "first-day": a_first_day, "print": cold_print("ours"), "print-ready": cold_print("ready"),
}  # fmt: skip


def peak_mb() -> float | None:
    """The largest this process has been, in MB; None where the system does not tell."""
    status = Path("/proc/self/status")
    if status.is_file():  # what getrusage tells on Linux begins with the size of the process that started this one
        high = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return round(int(high.split()[1]) / 1024, 1)
    try:
        import resource
    except ImportError:  # Windows
        return None
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2, 1)


def _linked(source: str, target: str) -> None:
    """Give a file a second name where the disk can: the product replaces files and never writes into one."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def main(name: str, source: str) -> None:
    """Measure one work on a copy of an office."""
    with tempfile.TemporaryDirectory(dir=Path(source).parent) as scratch:
        office = Path(shutil.copytree(source, Path(scratch) / "office", copy_function=_linked))
        work = WORKS[name](office)
        start = perf_counter()
        kept = work()
        seconds = perf_counter() - start
        print(json.dumps({"seconds": seconds, "peak_mb": peak_mb()}))
        del kept


if __name__ == "__main__":
    main(*sys.argv[1:])
