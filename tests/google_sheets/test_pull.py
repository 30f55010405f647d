"""A day read from online books: what comes, in how many calls, and the same as from a folder."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from jianbao import files
from jianbao.cli.commands import jianbao
from jianbao.pipeline.pull import Pulled
from jianbao.pipeline.work import pull_only
from jianbao.project import Project
from jianbao.sample import SAMPLE_DAYS, SMALL, write_sample
from jianbao.sources.folder import TEXT_SUFFIXES, scan
from sheets_server import Quota, Server

from .desk import DAY, NOON, Desk, moment, online, quiet


def listed(desk: Desk) -> int:
    """List the small school's books one by one in the settings; return how many they are."""
    books = desk.small_school()
    address = "https://docs.google.com/spreadsheets/d/{}/edit#gid=0"
    desk.settings("\n".join(f'[[source.book]]\naddress = "{address.format(b.book_id)}"\n' for b in books.values()))
    return len(books)


def test_two_reads_a_book_and_one_call_when_nothing_changed(desk: Desk) -> None:
    count = listed(desk)
    desk.run("pull", "--as-of", NOON)
    assert desk.google.count("sheets.*") == 2 * count
    assert desk.google.count("drive.*") == 1
    desk.google.requests.clear()
    desk.run("pull", "--as-of", NOON)
    assert [r.operation for r in desk.google.made()] == ["drive.files.list"]


def test_only_the_book_that_changed_is_read_again(desk: Desk) -> None:
    books = desk.small_school()
    desk.check()
    desk.google.requests.clear()
    desk.google.type_in(books["图书馆"], "零报告", "D2", 2)
    assert {u["unit"]: u["state"] for u in desk.check()["units"]}["图书馆"] == "cases"
    assert {r.book for r in desk.google.made("sheets.*")} == {books["图书馆"].book_id}
    assert desk.google.count("sheets.*") == 2


def test_a_change_that_leaves_the_cells_alone_is_no_new_snapshot(desk: Desk) -> None:
    books = desk.small_school()
    before = desk.check()
    kept = sorted(p.name for p in files.walk(desk.root / "private/snapshots") if p.suffix == ".gsheet")
    client = desk.google.client()
    client.open_by_key(books["图书馆"].book_id).worksheet("零报告").update_note("A1", "请按时填")
    assert desk.check() == before
    assert sorted(p.name for p in files.walk(desk.root / "private/snapshots") if p.suffix == ".gsheet") == kept


def test_a_day_is_worked_again_without_google(desk: Desk) -> None:
    desk.small_school()
    before = desk.check()
    desk.google.requests.clear()
    desk.google.close()
    assert desk.check(DAY, "--offline") == before
    assert desk.google.requests == []


def test_offline_before_anything_was_read_says_what_to_do(desk: Desk) -> None:
    said = desk.run("check", "--offline", code=1).output
    assert "还没有读过在线表格" in said
    assert "jianbao pull" in said


def test_a_book_that_left_the_folder_speaks_no_more(desk: Desk) -> None:
    books = desk.small_school()
    desk.check()
    books["图书馆"].trashed = True
    books["图书馆"].touch()
    assert desk.states()["图书馆"] == "missing"
    assert desk.states("--offline")["图书馆"] == "missing"


def test_two_books_of_one_name_are_two(desk: Desk) -> None:
    desk.small_school()
    desk.book("零报告/图书馆", {"零报告": [["标题"], ["别的"]]})
    names = [s.file for s in pulled(desk).present.values() if "图书馆" in s.file]
    assert len(set(names)) == 2


def test_yesterdays_copy_of_an_undated_book_is_known_for_a_copy(desk: Desk) -> None:
    desk.small_school()
    rows = [["单位名称", "异常人数", "疑似", "确诊"], ["教务处", 0, 0, 0]]
    desk.book("零报告/无日期", {"表": rows})
    desk.check("2020-02-06")
    desk.book("零报告/无日期的副本", {"表": rows})
    found = {f["file"] for f in desk.check("2020-02-07", at="09:00")["findings"] if f["code"] == "stale-copy"}
    assert found == {"零报告/无日期.gsheet", "零报告/无日期的副本.gsheet"}


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"time_zone": "America/New_York"}, ["时区是 America/New_York", "Asia/Shanghai", "文件", "设置"]),
        ({"locale": "en_GB"}, ["语言区域是 en_GB", "zh_CN", "文件", "设置"]),
    ],
    ids=["clock", "language"],
)
def test_a_book_that_would_read_dates_otherwise_is_named_and_not_read(desk: Desk, more: dict[str, str], words: list[str]) -> None:
    desk.small_school()
    desk.book("零报告/另设", {"零报告": [["单位名称"], ["x"]]}, **more)
    (said,) = desk.unreached().values()
    assert [w for w in words if w not in said] == []


def test_a_zone_of_another_name_and_the_same_clock_is_fine(desk: Desk) -> None:
    desk.small_school()
    desk.book("零报告/重庆", {"零报告": [["说明"]]}, time_zone="Asia/Chongqing")
    assert desk.unreached() == {}


def pulled(desk: Desk) -> Pulled:
    """Pull, and return what came."""
    return pull_only(Project.open(desk.root), as_of=moment(NOON))


# -- The same as from a folder --------------------------------------------------------------------------------------------


def test_the_sample_day_is_the_same_as_from_the_folder(desk: Desk, tmp_path: Path) -> None:
    """The files' own endings apart, everything said and every page is the same, byte for byte."""
    inbox, beside = tmp_path / "inbox", tmp_path / "文件夹"
    write_sample(inbox, SAMPLE_DAYS[:1], size=SMALL)
    suffixes = {}
    for found in scan(inbox):
        path = Path(found.file)
        desk.book(path.with_suffix("").as_posix(), online(files.read_bytes(found.path), path.stem, text=path.suffix in TEXT_SUFFIXES))
        suffixes[found.file] = path.with_suffix(".gsheet").as_posix()
    shutil.copytree(desk.root, beside)
    settings = (beside / "jianbao.toml").read_text("utf-8")
    (beside / "jianbao.toml").write_text(settings.replace('kind = "google"', 'kind = "folder"'), "utf-8")
    shutil.copytree(inbox, beside / "inbox", dirs_exist_ok=True)
    day = SAMPLE_DAYS[0].isoformat()
    words = ("--date", day, "--as-of", f"{day}T12:00")

    def said(root: Path, verb: str) -> str:
        done = CliRunner().invoke(jianbao, ["--project", str(root), verb, *words], catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.stdout

    ours = CliRunner().invoke(jianbao, ["--project", str(desk.root), "check", *words, "--format", "json"]).stdout
    theirs = CliRunner().invoke(jianbao, ["--project", str(beside), "check", *words, "--format", "json"]).stdout
    for file, renamed in suffixes.items():
        theirs = theirs.replace(file, renamed)
    assert ours == theirs
    assert '"code": "' in ours
    assert said(desk.root, "figures") == said(beside, "figures")
    said(desk.root, "brief")
    said(beside, "brief")
    briefing = f"site/briefings/{day[:4]}/{day}.md"
    assert (desk.root / briefing).read_bytes() == (beside / briefing).read_bytes()


# -- Many books -----------------------------------------------------------------------------------------------------------

BOOKS = 300


def test_three_hundred_books_within_sixty_reads_a_minute(
    desk: Desk, google: Server, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    minute = 0.5
    monkeypatch.setenv("JIANBAO_GOOGLE_MINUTE", str(minute))
    units = [f"第{n:03}单位" for n in range(BOOKS)]
    desk.book("花名册/单位", {"单位": [["单位", "类别", "上级", "填报人"], *([u, "部门", "学校", "褚航敏"] for u in units)]})
    for unit in units:
        desk.book(f"零报告/{unit}", {"零报告": [["提交时间", "单位名称", "报告日期", "异常人数", "疑似", "确诊", "是否零报告", "填报人"],
                                          quiet(unit, "褚航敏")]})  # fmt: skip
    google.quota = Quota(reads=60, minute=minute)
    began = time.monotonic()
    done = desk.run("pull", "--as-of", NOON)
    took = time.monotonic() - began
    assert f"{BOOKS + 1}/{BOOKS + 1}" in done.stderr
    assert len(done.stderr.splitlines()) >= 10, "progress is shown on the way"
    reads = google.made("sheets.*")
    assert len([r for r in reads if r.status == 200]) == 2 * (BOOKS + 1), "none read twice, none left out"
    assert len([r for r in reads if r.status == 429]) <= 12, "the program keeps the quota itself; the server seldom has to"
    allowed = (2 * (BOOKS + 1) / 60 - 1) * minute
    assert allowed <= took < allowed * 1.5 + 3
    google.quota = Quota()
    assert set(desk.states().values()) == {"zero"}
    assert len(desk.states()) == BOOKS
