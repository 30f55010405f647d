"""Why a number is what it is, and why it moved."""

from __future__ import annotations

import json
from pathlib import Path

from .conftest import DAY, Run, reports, staff_sheet

NEXT = "2020-02-07"


def test_a_moved_figure_says_who_came_and_who_went_with_their_cells(office: Path, run: Run) -> None:
    staff_sheet(
        office / "inbox", NEXT, n00001="00001,施彩辉,教务处,是,37.9,发热,无", n00002="", n00005="00005,严恩旭,会计学院,否,38.2,咳嗽,无"
    )
    reports(office / "inbox", NEXT)
    words = ("explain", "staff_fever", "--date", NEXT, "--diff", DAY, "--as-of", "2020-02-07T12:00")
    said = json.loads(run(office, *words, "--format", "json").output)
    assert [(p["was"]["said"], p["now"]["number"], p["now"]["said"], p["now"]["cell"]) for p in said["came"]] == [
        ("36.5", "00001", "37.9", "A2"), ("36.7", "00005", "38.2", "A4"),
    ]  # fmt: skip
    assert (said["went"], said["changed"]) == ([], [])
    assert {"name": "fever_threshold", "value": 37.2} in said["after"]["rules"]
    third = "2020-02-08"
    staff_sheet(office / "inbox", third, n00001="", n00005="00005,严恩旭,会计学院,否,38.4,咳嗽,无")
    words = ("explain", "staff_fever", "--date", third, "--diff", NEXT, "--as-of", "2020-02-08T12:00")
    said = json.loads(run(office, *words, "--format", "json").output)
    assert [(p["was"]["number"], p["now"]) for p in said["went"]] == [("00001", None)]
    assert [(p["was"]["said"], p["now"]["said"]) for p in said["changed"]] == [("38.2", "38.4")]
    text = run(office, *words).output
    assert "不再计入（1，仅供办公室）" in text
    assert "原 37.9，现 未报" in text
