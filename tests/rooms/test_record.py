"""A record is its bags and its chain: whatever is changed, dropped or added, to the byte, `verify` names it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jianbao import files
from jianbao.errors import RecordError
from jianbao.record import CHAIN, FIRST, SITE_CHAIN, SITE_MANIFEST, Record, site_manifest
from jianbao.verification import verify

DAYS: Final = (date(2020, 2, 6), date(2020, 2, 6), date(2020, 2, 7))
INFO: Final = {"Source-Organization": "榆溪学院", "Bagging-Date": "2020-02-06"}


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A record of three small releases; nobody changes it but to change it back."""
    folder = tmp_path_factory.mktemp("record")
    for number, day in enumerate(DAYS, 1):
        payload = {
            "release.json": b"{}",
            "pages/\xe9\xa1\xb5 1.md".encode("latin-1").decode(): f"第 {number} 次".encode(),
            "empty.txt": b"",
        }
        Record.open(folder).seal(day, payload, INFO)
    return folder


@pytest.fixture
def record(sealed: Path, tmp_path: Path) -> Path:
    """A copy of it, to be harmed."""
    return shutil.copytree(sealed, tmp_path / "record")


def places(record: Path) -> Iterator[tuple[str, int]]:
    """Yield each file of a record with its size."""
    for path in files.walk(record):
        yield files.relative(path, record), path.stat().st_size


def test_a_sealed_record_is_intact_and_chained(sealed: Path) -> None:
    lines = Record.open(sealed).lines
    assert [(x.number, x.day) for x in lines] == list(enumerate(DAYS, 1))
    assert [x.previous for x in lines] == [FIRST, lines[0].sha256, lines[1].sha256]
    assert verify(sealed) == []


@settings(max_examples=400)
@given(st.data())
def test_any_flipped_bit_of_any_file_is_named(sealed: Path, data: st.DataObject) -> None:
    name, size = data.draw(st.sampled_from([p for p in places(sealed) if p[1]]))
    at, bit = data.draw(st.integers(0, size - 1)), data.draw(st.integers(0, 7))
    path = sealed / name
    was = path.read_bytes()
    harmed = bytearray(was)
    harmed[at] ^= 1 << bit
    try:
        path.write_bytes(harmed)
        assert any(d.where.endswith(name) for d in verify(sealed)), f"byte {at} of {name}"
    finally:
        path.write_bytes(was)


def test_every_byte_of_the_chain_is_looked_at(sealed: Path) -> None:
    path = sealed / CHAIN
    was = path.read_bytes()
    unseen = []
    try:
        for at in range(len(was)):
            for bit in (1, 0x20, 0x80):
                path.write_bytes(was[:at] + bytes([was[at] ^ bit]) + was[at + 1 :])
                if not verify(sealed):
                    unseen.append((at, bit))
    finally:
        path.write_bytes(was)
    assert unseen == []


@pytest.mark.parametrize("number", range(len(DAYS)))
def test_a_dropped_doubled_or_swapped_line_is_named(record: Path, number: int) -> None:
    lines = (record / CHAIN).read_text("utf-8").splitlines(keepends=True)
    after = (number + 1) % len(lines)
    swapped = lines[:]
    swapped[number], swapped[after] = lines[after], lines[number]
    for harmed in (lines[:number] + lines[number + 1 :], [*lines[: number + 1], *lines[number:]], swapped):
        (record / CHAIN).write_text("".join(harmed), encoding="utf-8")
        assert verify(record)


def test_a_dropped_or_added_file_is_named(record: Path) -> None:
    for name, _size in list(places(record)):
        path, was = record / name, (record / name).read_bytes()
        path.unlink()
        assert name in {d.where for d in verify(record)}
        path.write_bytes(was)
    for name in ("0001-2020-02-06/data/more.txt", "0001-2020-02-06/more.txt", "more.txt", "0004-2020-02-08"):
        (record / name).write_bytes(b"")
        assert {d.where for d in verify(record)} == {name}
        (record / name).unlink()
    shutil.rmtree(record / "0002-2020-02-06")
    assert {d.where for d in verify(record)} == {"0002-2020-02-06"}
    (record / CHAIN).unlink()
    assert {d.where for d in verify(record)} == {CHAIN, "0001-2020-02-06", "0003-2020-02-07"}


@pytest.mark.parametrize(
    "line",
    ["", "x", f"0001 2020-02-30 0001-2020-02-30 {FIRST} {FIRST}", f"1 2020-02-06 0001-2020-02-06 {FIRST} {FIRST}",
     f"0001 2020-02-06 0001-2020-02-07 {FIRST} {FIRST}", f"0001 2020-02-06 0001-2020-02-06 {FIRST} {FIRST[1:]}",
     f"０００1 2020-02-06 0001-2020-02-06 {FIRST} {FIRST}", f"0001 2020-02-06 ../../etc {FIRST} {FIRST}"],
)  # fmt: skip
def test_a_line_that_is_none_is_named_and_stops_the_reading(tmp_path: Path, line: str) -> None:
    (tmp_path / CHAIN).write_text(f"{line}\n", encoding="utf-8")
    with pytest.raises(RecordError, match="第 1 行"):
        Record.open(tmp_path)
    (found,) = verify(tmp_path)
    assert found.where == CHAIN


def test_no_record_at_all_is_an_empty_one(tmp_path: Path) -> None:
    record = Record.open(tmp_path / "none")
    assert (record.lines, record.last, record.head, record.next_number) == ((), None, FIRST, 1)
    assert verify(tmp_path / "none") == []


def test_a_bag_that_was_never_finished_is_cleared_and_the_next_takes_its_place(record: Path) -> None:
    for name in (".0004-2020-02-08", "0004-2020-02-08"):
        files.write_bytes(record / name / "data/x.txt", b"half")
    assert {d.where for d in verify(record)} == {".0004-2020-02-08", "0004-2020-02-08"}
    (record / "notes").mkdir()
    Record.open(record).clear_unfinished()
    assert sorted(p.name for p in record.iterdir() if p.is_dir()) == [*sorted(x.name for x in Record.open(record).lines), "notes"]
    (record / "notes").rmdir()
    line = Record.open(record).seal(date(2020, 2, 8), {"x.txt": b"whole"}, INFO)
    assert (line.number, line.name) == (4, "0004-2020-02-08")
    assert verify(record) == []


def test_a_site_is_held_against_the_last_release(tmp_path: Path) -> None:
    site, record = tmp_path / "site", tmp_path / "record"
    files.write_text(site / "index.html", "a")
    files.write_text(site / "页/b 1.html", "b")
    Record.open(record).seal(DAYS[0], {SITE_MANIFEST: site_manifest(site).encode()}, INFO)
    files.write_bytes(site / SITE_CHAIN, (record / CHAIN).read_bytes())
    assert verify(record, site) == []
    files.write_text(site / "页/b 1.html", "B")
    files.write_text(site / "more.html", "")
    (site / "index.html").unlink()
    files.write_text(site / SITE_CHAIN, "")
    assert [d.where for d in verify(record, site)] == ["site/index.html", "site/more.html", "site/页/b 1.html", f"site/{SITE_CHAIN}"]
