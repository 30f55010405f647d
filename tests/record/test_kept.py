"""What is kept and for how long: rows deleted after their time, private/ in an encrypted file and back."""

from __future__ import annotations

import json
import os
import random
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from jianbao import files
from jianbao.backup import BackupError, read_backup, write_backup
from jianbao.verification import verify

from .conftest import DAY, LEDGER_DAY, Run, reports, staff_sheet


def persons_in(folder: Path) -> list[str]:
    """Return the files that still hold a person's row; what is packed is taken to."""
    packed = (".parquet", ".zip", ".xlsx")
    return [files.relative(p, folder) for p in files.walk(folder) if "施彩辉".encode() in p.read_bytes() or p.suffix in packed]


def test_rows_are_deleted_after_their_time_and_the_record_and_its_figures_stand(office: Path, run: Run) -> None:
    staff_sheet(office / "inbox", DAY, n00001="00001,施彩辉,教务处,是,38.1,发热,无", n00002="00002,云涵安,教务处,否,99,无,无")
    run(office, "check", "--date", DAY, "--as-of", "2020-02-06T13:00")
    run(office, "send-back", "--date", DAY, "--as-of", "2020-02-06T13:00")
    assert {p.split("/")[0] for p in persons_in(office / "private")} == {"ledger", "lists", "out", "readings", "snapshots"}
    words = ("purge", "--before", "2020-02-07", "--as-of", "2020-09-01T09:00")
    planned = run(office, *words).output
    assert "教职工日报/全校2月6日.csv" in planned
    assert "返省教职工累计" in planned
    assert (office / f"private/ledger/staff_daily/{DAY}.parquet").is_file()
    run(office, *words, "--yes")
    left = [p for p in persons_in(office / "private") if not p.endswith(".csv")]
    assert left == [f"ledger/department_news/{DAY}.parquet", f"ledger/unit_daily/{DAY}.parquet"]
    reports_kept = pq.read_table(office / "private" / left[1])
    assert {*reports_kept.column("reporter").to_pylist(), *reports_kept.column("phone").to_pylist()} == {None}
    assert (office / f"private/ledger/figures/{DAY}.json").is_file()
    assert not (office / "inbox/教职工日报/全校2月6日.csv").exists()
    rosters = {p.read_bytes() for p in files.walk(office / "inbox/花名册")}
    assert {p.read_bytes() for p in files.walk(office / "private/snapshots") if p.suffix == ".csv"} == rosters
    assert "记录完好" in run(office, "verify").output
    assert verify(office / "record", office / "build/public/site") == []
    said = json.loads(run(office, "explain", "staff_returned_total", "--date", DAY, "--format", "json").output)
    assert said["figure"]["value"] == 2
    assert said["rows"] is None
    assert said["rows_deleted"] == {"on": "2020-09-01", "before": "2020-02-07"}
    assert "返省教职工累计 2 人（" in run(office, "explain", "staff_returned_total", "--date", DAY).output
    assert "已于 2020-09-01 按保存期限删除" in run(office, "check", "--date", DAY, "--as-of", "2020-09-01T10:00", code=4).output


def test_a_day_after_a_purge_is_published_and_a_sum_over_deleted_days_is_not_stated(office: Path, run: Run) -> None:
    run(office, "purge", "--before", "2020-02-07", "--as-of", "2020-02-07T08:00", "--yes")
    staff_sheet(office / "inbox", "2020-02-07")
    reports(office / "inbox", "2020-02-07")
    said = json.loads(run(office, "figures", "--date", "2020-02-07", "--as-of", "2020-02-07T12:00", "--format", "json").output)
    assert said["figures"]["staff_returned_total"]["value"] is None
    assert said["figures"]["staff_fever"]["value"] == 0


def test_private_comes_back_from_an_encrypted_file(office: Path, run: Run, tmp_path: Path) -> None:
    (tmp_path / "口令").write_text("云山万里路，一", encoding="utf-8")
    kept = tmp_path / "备份.jb"
    run(office, "backup", str(kept), "--passphrase-file", str(tmp_path / "口令"), code=2)
    (tmp_path / "口令").write_text("云山万里路，一步一回头\n", encoding="utf-8")
    run(office, "backup", str(kept), "--passphrase-file", str(tmp_path / "口令"))
    assert "施彩辉".encode() not in kept.read_bytes()
    back = ("backup", "--from", str(kept), "--passphrase-file", str(tmp_path / "口令"))
    assert "不会被备份覆盖" in run(office, *back, code=4).output
    private = office / "private"
    was = {files.relative(p, private): p.read_bytes() for p in files.walk(private) if "readings" not in p.parts and p.name != ".lock"}
    private.rename(tmp_path / "lost")
    run(office, *back)
    assert {files.relative(p, private): p.read_bytes() for p in files.walk(private)} == was
    assert "没有新的内容" in run(office, "publish", "--date", DAY, "--as-of", "2020-02-06T13:00").output


@pytest.mark.parametrize("size", [0, 1, (1 << 20) - 700, 3 << 20])
def test_no_byte_of_a_backup_can_be_changed_cut_off_or_swapped(tmp_path: Path, size: int) -> None:
    chance = random.Random(size)
    (tmp_path / "from").mkdir()
    (tmp_path / "from/文件").write_bytes(chance.randbytes(size))
    kept = tmp_path / "kept"
    assert write_backup(tmp_path / "from", ["文件"], kept, "一二三四五六七八") == 1
    assert read_backup(kept, tmp_path / "to", "一二三四五六七八") == 1
    assert (tmp_path / "to/文件").read_bytes() == (tmp_path / "from/文件").read_bytes()
    data = kept.read_bytes()
    at = chance.randrange(len(data))
    piece = (1 << 20) + 16
    harmed = [data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :], data[:-1], data + b"x", data[: 40 + piece]]
    if size > 2 << 20:
        harmed.append(data[:40] + data[40 + piece : 40 + 2 * piece] + data[40 : 40 + piece] + data[40 + 2 * piece :])
    for one in harmed:
        if one != data:
            kept.write_bytes(one)
            with pytest.raises(BackupError):
                read_backup(kept, tmp_path / "other", "一二三四五六七八")
    kept.write_bytes(data)
    with pytest.raises(BackupError, match="口令不对"):
        read_backup(kept, tmp_path / "other", "一二三四五六七九")


def test_a_backup_cut_off_just_where_a_file_and_a_piece_end_is_not_taken_for_whole(tmp_path: Path) -> None:
    folder, kept = tmp_path / "from", tmp_path / "kept"
    folder.mkdir()
    for name, size in (("a", (1 << 20) - 3 * 512), ("b", 10)):  # with its heads the first fills a piece to the byte
        (folder / name).write_bytes(bytes(size))
        os.utime(folder / name, (1_000_000_000, 1_000_000_000))
    write_backup(folder, ["a", "b"], kept, "一二三四五六七八")
    kept.write_bytes(kept.read_bytes()[: 40 + (1 << 20) + 16])
    with pytest.raises(BackupError):
        read_backup(kept, tmp_path / "to", "一二三四五六七八")


def figures_of(office: Path, run: Run, day: str) -> dict[str, float | None]:
    said = json.loads(run(office, "figures", "--date", day, "--as-of", f"{day}T12:00", "--format", "json").output)
    return {name: figure["value"] for name, figure in said["figures"].items()}


def test_ledgers_that_are_not_of_persons_go_on_with_their_numbers_and_without_names(full_office: Path, run: Run) -> None:
    day = "2026-03-03"
    before = figures_of(full_office, run, day)
    names = {p.stem for p in files.walk(full_office / "private/ledger/supplies")}
    kept = pq.read_table(full_office / f"private/ledger/supplies/{LEDGER_DAY}.parquet")
    assert any(kept.column("kept_by").to_pylist())
    said = run(full_office, "purge", "--before", day, "--as-of", f"{day}T08:00", "--yes").output
    assert "：数小，不列出（" in run(full_office, "explain", "返省教职工累计", "--date", LEDGER_DAY).output
    after = figures_of(full_office, run, day)
    cut = {name for name, value in after.items() if value != before[name]}
    cut -= {"isolation_due_tomorrow"}  # a day without contact that lies before the purge no longer adds to the period
    assert {after[name] for name in cut} == {None}
    assert cut == {
        "staff_returned_total", "dorm_measured_last_evening", "exposed_1", "exposed_2", "exposure_unanswered_1", "exposure_unanswered_2",
        "staff_abroad", "students_classified", "students_at_risk", "students_planned", "visitors_week",
    }  # fmt: skip
    assert "返省教职工累计" in said
    assert "库存" not in said.partition("以后写")[2]
    assert names == {p.stem for p in files.walk(full_office / "private/ledger/supplies")}
    rows = pq.read_table(full_office / f"private/ledger/supplies/{LEDGER_DAY}.parquet")
    assert rows.column("quantity").equals(kept.column("quantity"))
    assert {*rows.column("kept_by").to_pylist(), *rows.column("_file").to_pylist()} == {None, ""}
    assert not list((full_office / "private/ledger/staff_daily").glob(f"{LEDGER_DAY}*"))
    site = full_office / "build/public/docs/ledgers"
    run(full_office, "publish", "--date", day, "--as-of", f"{day}T12:00")
    assert "各单位排查进度" not in (site / "index.md").read_text("utf-8")
    assert "物资库存" in (site / "index.md").read_text("utf-8")
    assert not (full_office / f"private/lists/{day}/排查未答名单").exists()
