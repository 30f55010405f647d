"""Systems 33 and 34: a period's documents bound as one, and the official record of them all, checked with standard tools."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from pathlib import Path

import pytest
from pypdf import PdfReader

from .school import School

DAYS = ("2020-02-06", "2020-02-07")
PERIOD = ("--from", "2020-02-01", "--to", "2020-02-29")


@pytest.fixture
def two_days(school: School) -> School:
    """A school with two published briefings."""
    for day in DAYS:
        school.units([f"{day} 08:00", "教务处", 2, 2, 0, 0, 0, "是", "褚航敏"], day=f"2月{int(day[-2:])}日")
        school.publish(day)
    return school


def volume(school: School) -> tuple[PdfReader, str]:
    school.run("volume", *PERIOD)
    (book,) = (school.root / "build").rglob("*2020-02-01*.pdf")
    return PdfReader(book), book.with_suffix(".html").read_text("utf-8")


def test_33_a_periods_documents_are_bound_in_order_with_contents_and_bookmarks(two_days: School) -> None:
    book, html = volume(two_days)
    told = "".join(page.extract_text() for page in book.pages)
    assert told.count("第1期") >= 2  # in the contents, and on its own page
    marks = [mark.title for group in book.outline if isinstance(group, list) for mark in group if not isinstance(mark, list)]
    assert sum("第1期" in m or "第2期" in m for m in marks) == 2
    assert html.index("第1期") < html.index("第2期")
    assert "<script" not in html
    two_days.units(["2020-02-08 08:00", "教务处", 2, 2, 0, 0, 0, "是", "褚航敏"], day="2月8日")
    two_days.publish("2020-02-08")
    later, html = volume(two_days)
    assert len(later.pages) > len(book.pages)
    assert "第3期" in html


def test_34_every_release_can_be_checked_without_the_program(two_days: School, tmp_path: Path) -> None:
    record = two_days.root / "record"
    lines = (record / "chain.txt").read_text("utf-8").splitlines()
    bags = sorted(p for p in record.iterdir() if p.is_dir())
    assert len(bags) == len([line for line in lines if line.strip()]) == len(DAYS)
    sums = shutil.which("sha256sum") or shutil.which("gsha256sum")
    if sums is None:
        pytest.skip("sha256sum is not on this machine")
    for bag in bags:
        subprocess.run([sums, "-c", "--quiet", "manifest-sha256.txt"], cwd=bag, check=True)
    assert hashlib.sha256(lines[0].encode()).hexdigest() in lines[1]
    assert "记录完好" in two_days.run("verify")
    copy = shutil.copytree(record, tmp_path / "record")
    page = next(copy.rglob("*.md"))
    page.write_bytes(page.read_bytes().replace(b"0", b"1", 1))
    within = page.relative_to(copy)
    checked = subprocess.run([sums, "-c", "--quiet", "manifest-sha256.txt"], cwd=copy / within.parts[0], check=False, capture_output=True)
    assert checked.returncode != 0
    assert within.as_posix() in two_days.run("verify", "--record", str(copy), code=1)
