"""The figures of the health reports, counted again by a script that knows nothing of the program: equal."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import pytest

from jianbao.pipeline.office import make_office

from .conftest import Run
from .independent import Fact, recompute

SHARED = Path(__file__).parents[3] / "shared" / "intake"


def stated(run: Run, root: Path, day: date) -> dict[str, Fact]:
    """Return what the program states."""
    said = json.loads(run(root, "figures", "--date", f"{day}", "--as-of", f"{day}T12:00", "--format", "json").output)["figures"]
    return {name: (f["value"], f["received"], f["expected"]) for name, f in said.items()}


def test_three_sample_days_are_counted_alike(tmp_path: Path, run: Run) -> None:
    root = tmp_path / "office"
    make_office(root, school="榆溪学院", office="防控工作办公室")
    days = [date.fromisoformat(d) for d in run(root, "sample", "--small", "--days", "3").output.split()]
    assert len(days) == 3
    for day in days:
        counted = recompute(root / "inbox", day, tmp_path)
        known = stated(run, root, day)
        assert {name: known[name] for name in counted} == counted, day


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason="the folder ../shared is not here")
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not here: .xls and .ods cannot be converted")
def test_the_day_as_it_arrives_is_counted_alike(tmp_path: Path, run: Run) -> None:
    root, day = tmp_path / "office", date(2020, 2, 6)
    make_office(root, school="榆溪学院", office="防控工作办公室")
    for folder in (p for p in SHARED.iterdir() if p.is_dir()):
        shutil.copytree(folder, root / "inbox" / folder.name)
    counted, known = recompute(root / "inbox", day, tmp_path), stated(run, root, day)
    assert {name: known[name] for name in counted} == counted
    assert (counted["staff_returned_total"][0], counted["students_on_campus"][0]) == (30, 0)
