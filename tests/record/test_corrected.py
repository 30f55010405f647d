"""A published figure that moves opens a draft correction; once signed, briefing, register and data page show both."""

from __future__ import annotations

import re
from pathlib import Path

from jianbao import pages
from jianbao.record import Record
from jianbao.verification import verify

from .conftest import DAY, Run, reports, staff_sheet

DRAFT = f"notices/2020/correction-{DAY}.md"


def test_a_back_dated_change_is_corrected_by_a_page_of_its_own(office: Path, run: Run) -> None:
    issued = (office / f"site/briefings/2020/{DAY}.md").read_bytes()
    staff_sheet(office / "inbox", DAY, n00005="00005,严恩旭,会计学院,是,36.7,无,无")
    staff_sheet(office / "inbox", "2020-02-07")
    reports(office / "inbox", "2020-02-07")
    said = run(office, "publish", "--date", "2020-02-07", "--as-of", "2020-02-07T12:00").output
    assert f"site/{DRAFT}" in said
    draft = pages.read(office / "site", DRAFT)
    assert (draft.meta["status"], draft.meta["corrects"]) == ("draft", f"briefings/2020/{DAY}.md")
    assert draft.meta["figures"] == [{"name": "staff_returned_total", "was": 2, "now": 3}]
    assert "补报或改动 1 行" in draft.body
    assert "严恩旭" not in draft.text
    run(office, "sign", f"site/{DRAFT}", "--as-of", "2020-02-08T09:00")
    run(office, "publish", "--date", "2020-02-07", "--as-of", "2020-02-08T09:05")
    assert (office / f"site/briefings/2020/{DAY}.md").read_bytes() == issued
    site = office / "build/public/docs"
    assert f"correction-{DAY}" in (site / f"briefings/2020/{DAY}.md").read_text("utf-8")
    assert f"briefings/2020/{DAY}" in (site / DRAFT).read_text("utf-8")
    assert f'<a href="../notices/2020/correction-{DAY}.html">更正为 3</a>' in (site / "data/staff_returned_total.md").read_text("utf-8")
    assert f"correction-{DAY}" in (site / "documents/index.md").read_text("utf-8")
    assert "没有新的内容" in run(office, "publish", "--date", DAY, "--as-of", "2020-02-08T10:00").output
    assert f"correction-{DAY}" not in run(office, "publish", "--date", "2020-02-07", "--as-of", "2020-02-08T11:00").output


def test_a_correction_counts_the_rows_that_changed_since_the_day_was_last_released(office: Path, run: Run) -> None:
    staff_sheet(office / "inbox", DAY, n00005="00005,严恩旭,会计学院,是,36.7,无,无")
    run(office, "publish", "--date", DAY, "--as-of", f"{DAY}T15:00", "--update")
    changed = {"n00005": "00005,严恩旭,会计学院,是,36.7,无,无", "n00002": "00002,云涵安,教务处,是,36.4,无,无"}
    staff_sheet(office / "inbox", DAY, **changed)
    staff_sheet(office / "inbox", "2020-02-07")
    reports(office / "inbox", "2020-02-07")
    run(office, "publish", "--date", "2020-02-07", "--as-of", "2020-02-07T12:00")
    assert "补报或改动 1 行" in pages.read(office / "site", DRAFT).body


def test_internal_originals_are_sealed_apart_and_verified(office: Path, run: Run) -> None:
    inner = office / "private/record"
    assert [r.changed for r in Record.open(inner).releases] == [("notices/in.md",)]
    assert verify(inner) == []
    page = inner / f"0001-{DAY}/data/pages/notices/in.md"
    page.write_bytes(page.read_bytes() + b"x")
    assert f"private/record/0001-{DAY}/data/pages/notices/in.md" in run(office, "verify", code=1).output


def test_a_change_opens_a_correction_of_each_later_day_that_counts_it(office: Path, run: Run) -> None:
    for day in ("2020-02-07", "2020-02-08"):
        staff_sheet(office / "inbox", day)
        reports(office / "inbox", day)
    run(office, "publish", "--date", "2020-02-07", "--as-of", "2020-02-07T12:00")
    staff_sheet(office / "inbox", DAY, n00005="00005,严恩旭,会计学院,是,36.7,无,无")
    said = run(office, "publish", "--date", "2020-02-08", "--as-of", "2020-02-08T12:00").output
    moved = [{"name": "staff_returned_total", "was": 2, "now": 3}]
    for day, why in ((DAY, "教职工每日健康报告发布后"), ("2020-02-07", "教职工每日健康报告2月6日发布后")):
        path = f"notices/2020/correction-{day}.md"
        assert f"site/{path}" in said
        draft = pages.read(office / "site", path)
        assert draft.meta["figures"] == moved, day
        assert f"{why}补报或改动 1 行" in draft.body


def test_a_sheet_that_comes_whole_after_its_day_was_published_is_a_correction(office: Path, run: Run) -> None:
    reports(office / "inbox", "2020-02-07")
    run(office, "publish", "--date", "2020-02-07", "--as-of", "2020-02-07T12:00")
    for day in ("2020-02-07", "2020-02-08"):
        staff_sheet(office / "inbox", day)
    reports(office / "inbox", "2020-02-08")
    said = run(office, "publish", "--date", "2020-02-08", "--as-of", "2020-02-08T12:00").output
    assert "site/notices/2020/correction-2020-02-07.md" in said
    draft = pages.read(office / "site", "notices/2020/correction-2020-02-07.md")
    assert {"name": "staff_fever", "was": None, "now": 0} in draft.meta["figures"]
    assert "教职工每日健康报告发布后补报或改动 4 行" in draft.body
    assert f"correction-{DAY}" not in said


def test_the_start_page_states_a_correction_beside_the_released_number(office: Path, run: Run) -> None:
    staff_sheet(office / "inbox", DAY, n00005="00005,严恩旭,会计学院,是,36.7,无,无")
    run(office, "publish", "--date", DAY, "--as-of", f"{DAY}T15:00", code=4)
    home = office / "build/public/site/index.html"
    assert "更正为" not in home.read_text("utf-8")
    run(office, "sign", f"site/{DRAFT}", "--as-of", "2020-02-07T09:00")
    run(office, "publish", "--date", DAY, "--as-of", "2020-02-07T09:05")
    figure = re.search(r'data-figure="staff_returned_total".*?</div>', home.read_text("utf-8"), re.DOTALL)
    assert figure
    assert '<dd class="jb-fig__value">2 ' in figure[0]
    assert f'<a href="notices/2020/correction-{DAY}.html">更正为 3</a>' in figure[0]
    assert (home.parent / f"notices/2020/correction-{DAY}.html").is_file()
