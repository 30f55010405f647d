"""What came, kept byte for byte: by hash, with the day it was first seen on; an unchanged file is not opened twice."""

from __future__ import annotations

import json
import os
import stat
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Final

import pytest

from jianbao import files
from jianbao.errors import RecordError
from jianbao.pipeline.office import make_office
from jianbao.pipeline.pull import Pulled
from jianbao.pipeline.work import pull_only, work_day
from jianbao.project import Project
from jianbao.snapshots import Snapshot, SnapshotStore, describe
from jianbao.values import Code

SIXTH, SEVENTH, EIGHTH = (date(2020, 2, day) for day in (6, 7, 8))
SHEET: Final = "工号,姓名,体温\n00123,甲乙,36.5\n".encode()
OTHER: Final = "工号,姓名,体温\n00123,甲乙,36.9\n".encode()


def snapshot(name: str = "a.csv", data: bytes = SHEET, day: date = SIXTH) -> Snapshot:
    return Snapshot(name, files.sha256(data), len(data), 1, f"{day}T09:00:00+08:00", day, day, "folder")


def keep(store: SnapshotStore, one: Snapshot, data: bytes) -> Snapshot:
    """Keep a file's bytes and enter them in the index."""
    store.keep(one.sha256, one.suffix, data)
    return store.enter(one)


@pytest.fixture
def store(tmp_path: Path) -> SnapshotStore:
    return SnapshotStore.open(tmp_path / "snapshots")


@pytest.fixture
def office(tmp_path: Path) -> Project:
    make_office(tmp_path / "office", school="示例学院", office="办公室")
    return Project.open(tmp_path / "office")


Pull = Callable[[date], Pulled]


@pytest.fixture
def pull(office: Project) -> Pull:
    """Pull the inbox as on a day at noon."""
    return lambda day: pull_only(office, as_of=datetime(day.year, day.month, day.day, 12, tzinfo=office.zone), day=day)


@pytest.fixture
def opened(office: Project, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the inbox's files that were opened."""
    names: list[str] = []
    real = Path.read_bytes

    def noted(path: Path) -> bytes:
        if path.is_relative_to(office.inbox):
            names.append(path.relative_to(office.inbox).as_posix())
        return real(path)

    monkeypatch.setattr(Path, "read_bytes", noted)
    return names


def test_bytes_are_kept_by_their_hash(store: SnapshotStore) -> None:
    one = keep(store, snapshot(), SHEET)
    path = store.path(one)
    assert path.read_bytes() == store.read(one) == SHEET
    assert path.name == f"{files.sha256(SHEET)}.csv"
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_index_comes_back(store: SnapshotStore) -> None:
    one, two = keep(store, snapshot(), SHEET), keep(store, snapshot("乙.csv", OTHER, SEVENTH), OTHER)
    store.save()
    again = SnapshotStore.open(store.folder)
    assert again.entries == [one, two]
    assert json.loads((store.folder / "index.json").read_text("utf-8"))["version"] == 1


def test_an_absent_folder_is_an_empty_store(tmp_path: Path) -> None:
    assert SnapshotStore.open(tmp_path / "none").entries == []


def test_the_same_bytes_keep_the_day_they_were_first_seen_on(store: SnapshotStore) -> None:
    first = keep(store, snapshot(), SHEET)
    copy = keep(store, snapshot("副本.csv", SHEET, SEVENTH), SHEET)
    assert (copy.file, copy.day, copy.reference, copy.pulled_at) == ("副本.csv", SIXTH, SIXTH, first.pulled_at)
    assert store.path(copy) == store.path(first)


def test_other_bytes_are_of_their_own_day(store: SnapshotStore) -> None:
    keep(store, snapshot(), SHEET)
    assert keep(store, snapshot("a.csv", OTHER, SEVENTH), OTHER).day == SEVENTH


def test_latest_and_by_digest(store: SnapshotStore) -> None:
    one = keep(store, snapshot(), SHEET)
    two = keep(store, snapshot("a.csv", OTHER, SEVENTH), OTHER)
    three = keep(store, snapshot("b.csv", SHEET, SEVENTH), SHEET)
    assert store.latest() == {"a.csv": two, "b.csv": three}
    assert store.by_digest({one.sha256}) == {"a.csv": one, "b.csv": three}


def test_history_is_newest_first_and_a_day_s_last_word(store: SnapshotStore) -> None:
    datas = [f"{i}".encode() for i in range(4)]
    days = [SIXTH, SEVENTH, SEVENTH, EIGHTH]
    kept = [keep(store, snapshot("a.csv", data, day), data) for data, day in zip(datas, days, strict=True)]
    keep(store, snapshot("b.csv", b"else", SEVENTH), b"else")
    assert list(store.history("a.csv")) == [kept[3], kept[2], kept[0]]
    assert list(store.history("none.csv")) == []


def test_restamp_and_settle(store: SnapshotStore) -> None:
    one = keep(store, snapshot(), SHEET)
    store.restamp(one, 99)
    assert store.entries == [replace(one, stamp=99)]
    settled = store.settle_day(store.entries[:], EIGHTH)
    assert store.entries == [replace(one, stamp=99, day=EIGHTH)]
    assert list(settled.values()) == store.entries


def test_bytes_that_are_gone_are_said_to_be(store: SnapshotStore) -> None:
    one = keep(store, snapshot(), SHEET)
    store.path(one).unlink()
    with pytest.raises(RecordError, match=r"a\.csv"):
        store.read(one)


def test_what_the_record_may_say_holds_no_row() -> None:
    assert set(describe(snapshot())) == {"file", "sha256", "size", "pulled_at"}


def test_an_unchanged_file_is_not_opened_twice(office: Project, pull: Pull, opened: list[str]) -> None:
    (office.inbox / "教职工日报").mkdir()
    for name in ("教职工日报/a.csv", "教职工日报/b.csv"):
        (office.inbox / name).write_bytes(SHEET + name.encode())
    pull(SIXTH)
    assert opened == ["教职工日报/a.csv", "教职工日报/b.csv"]
    opened.clear()
    again = pull(SIXTH)
    assert opened == []
    assert sorted(again.present) == ["教职工日报/a.csv", "教职工日报/b.csv"]
    assert again.fresh == []


def test_a_file_saved_again_without_a_change_is_opened_once(office: Project, pull: Pull, opened: list[str]) -> None:
    path = office.inbox / "a.csv"
    path.write_bytes(SHEET)
    pull(SIXTH)
    os.utime(path, ns=(1, 1))
    opened.clear()
    assert pull(SEVENTH).present["a.csv"].day == SIXTH
    assert opened == ["a.csv"]
    pull(SEVENTH)
    assert opened == ["a.csv"]
    assert len(SnapshotStore.open(office.private / "snapshots").entries) == 1


def test_a_changed_file_is_another_snapshot_and_the_first_stays(office: Project, pull: Pull) -> None:
    path = office.inbox / "a.csv"
    path.write_bytes(SHEET)
    first = pull(SIXTH).present["a.csv"]
    path.write_bytes(OTHER)
    os.utime(path, ns=(2, 2))
    second = pull(SEVENTH).present["a.csv"]
    store = SnapshotStore.open(office.private / "snapshots")
    assert [store.path(s).read_bytes() for s in (first, second)] == [SHEET, OTHER]
    assert (first.day, second.day) == (SIXTH, SEVENTH)


def test_a_file_that_has_gone_is_no_longer_present_but_kept(office: Project, pull: Pull) -> None:
    path = office.inbox / "a.csv"
    path.write_bytes(SHEET)
    first = pull(SIXTH).present["a.csv"]
    path.unlink()
    assert pull(SEVENTH).present == {}
    assert SnapshotStore.open(office.private / "snapshots").path(first).read_bytes() == SHEET


def test_a_locked_file_is_named_and_the_others_are_taken(office: Project, pull: Pull, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a.csv", "b.csv", "c.csv"):
        (office.inbox / name).write_bytes(SHEET + name.encode())
    real = Path.read_bytes

    def held(path: Path) -> bytes:
        if path.name == "b.csv":
            raise PermissionError(13, "Permission denied")
        return real(path)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "read_bytes", held)
        patched.setattr(time, "sleep", lambda _seconds: None)
        pulled = pull(SIXTH)
    assert sorted(pulled.present) == ["a.csv", "c.csv"]
    (finding,) = [f for f in pulled.findings if f.code == Code.UNREADABLE_WORKBOOK]
    assert (finding.file, finding.severity) == ("b.csv", "error")
    assert "Permission denied" in (finding.note or "")
    assert sorted(pull(SIXTH).present) == ["a.csv", "b.csv", "c.csv"]


def test_a_file_held_for_a_moment_is_waited_for(office: Project, pull: Pull, monkeypatch: pytest.MonkeyPatch) -> None:
    (office.inbox / "a.csv").write_bytes(SHEET)
    real = Path.read_bytes
    tries: list[Path] = []

    def busy(path: Path) -> bytes:
        if path.name == "a.csv" and len(tries) < 2:
            tries.append(path)
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(Path, "read_bytes", busy)
    monkeypatch.setattr(time, "sleep", lambda _seconds: None)
    pulled = pull(SIXTH)
    assert list(pulled.present) == ["a.csv"]
    assert pulled.findings == []


def test_a_file_that_vanishes_is_named(office: Project, pull: Pull, monkeypatch: pytest.MonkeyPatch) -> None:
    (office.inbox / "a.csv").write_bytes(SHEET)
    real = Path.read_bytes

    def gone(path: Path) -> bytes:
        if path.name == "a.csv":
            raise FileNotFoundError(2, "No such file or directory")
        return real(path)

    monkeypatch.setattr(Path, "read_bytes", gone)
    assert [f.file for f in pull(SIXTH).findings] == ["a.csv"]


def test_a_file_that_is_no_sheet_is_named_and_not_kept(office: Project, pull: Pull) -> None:
    (office.inbox / "照片.jpg").write_bytes(b"\xff\xd8\xff")
    pulled = pull(SIXTH)
    assert pulled.present == {}
    assert [(f.file, str(f.severity)) for f in pulled.findings] == [("照片.jpg", "warning")]


def test_the_same_bytes_on_another_day_say_nothing_of_it(office: Project) -> None:
    """A sheet without a date, sent again unchanged: it stays yesterday's, and the office is told."""
    (office.inbox / "教职工日报").mkdir()
    (office.inbox / "教职工日报" / "会计学院.csv").write_bytes(SHEET)
    noon = [datetime(2020, 2, day, 12, tzinfo=office.zone) for day in (6, 7)]
    first = work_day(office, as_of=noon[0], day=SIXTH)
    assert first.checked["staff_daily"].accepted.num_rows == 1
    (office.inbox / "教职工日报" / "会计学院.csv").rename(office.inbox / "教职工日报" / "会计学院（7日）x.csv")
    second = work_day(office, as_of=noon[1], day=SEVENTH)
    assert second.checked["staff_daily"].accepted.num_rows == 0
    stale = [f for f in second.findings if f.code == Code.STALE_COPY]
    assert [(f.file, f.expected) for f in stale] == [("教职工日报/会计学院（7日）x.csv", "2020-02-06")]


def test_the_day_is_that_being_worked_when_the_bytes_came(office: Project) -> None:
    """Pulled without a date: the newest day that the inbox speaks of is the one being worked."""
    (office.inbox / "教职工日报").mkdir()
    (office.inbox / "教职工日报" / "会计学院.csv").write_bytes(SHEET)
    (office.inbox / "教职工日报" / "金融学院2020-02-06.csv").write_bytes(OTHER)
    work = work_day(office, as_of=datetime(2020, 2, 7, 8, tzinfo=office.zone))
    assert work.day == SIXTH
    assert {s.file: s.day for s in work.store.entries} == {"教职工日报/会计学院.csv": SIXTH, "教职工日报/金融学院2020-02-06.csv": SIXTH}
