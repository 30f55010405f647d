"""A run after which nothing was touched reads nothing; whatever is touched is noticed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner

from jianbao.cli.commands import jianbao
from jianbao.clock import parse_moment
from jianbao.forms.load import load_forms
from jianbao.pipeline.office import make_office
from jianbao.pipeline.standing import FILE, Standing, marks_of, next_change, note, undisturbed
from jianbao.project import Project, shipped

from .conftest import DAY, NOON, Run, fill_inbox

ZONE = ZoneInfo("Asia/Shanghai")
LATER = parse_moment("2020-02-06T13:00", ZONE)
FORMS = ("units", "staff", "staff_daily", "unit_daily", "department_news")


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office of few forms after it has published its day to a folder."""
    root = tmp_path_factory.mktemp("standing") / "office"
    make_office(root, school="榆溪学院", office="防控工作办公室")
    for form in (root / "forms_schema").glob("*.yaml"):
        if form.stem not in FORMS:
            form.unlink()
    settings = root / "jianbao.toml"
    text = settings.read_text("utf-8").replace('signed_by = ""', 'signed_by = "林签发"')
    settings.write_text(text + '\n[publish]\ntarget = "public"\n', encoding="utf-8")
    (root / "templates").mkdir()
    fill_inbox(root / "inbox")
    told = CliRunner().invoke(jianbao, ["--project", str(root), "publish", "--as-of", NOON], catch_exceptions=False)
    assert told.exit_code == 0, told.output
    return root


@pytest.fixture
def office(published: Path, tmp_path: Path) -> Path:
    """A copy of it, noted as it stands: a copied file has other times."""
    root = tmp_path / "office"
    shutil.copytree(published, root)
    said = json.loads((root / "private" / FILE).read_text("utf-8"))["standing"]
    project = Project.open(root)
    note(project, Standing(**{**said, "skipped": tuple(said["skipped"])}), marks_of(project), ())
    return root


def stands(root: Path, moment: datetime = LATER, day: date | None = None) -> bool:
    return undisturbed(Project.open(root), day=day, as_of=moment) is not None


def test_what_nobody_touched_stands_and_says_so_without_reading(office: Path, run: Run) -> None:
    for snapshot in (office / "private/snapshots").glob("??/*"):
        snapshot.unlink()
    said = run(office, "publish", "--as-of", "2020-02-06T13:00").output
    assert "没有新的内容，什么也没有做。" in said
    assert "2020-02-06 12:00 发布以后" in said
    assert f"site/briefings/2020/{DAY}.md" in said


def _edit(name: str, old: str, new: str) -> Callable[[Path], None]:
    def edit(root: Path) -> None:
        path = root / name
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return edit


def _same_size_and_time(root: Path) -> None:
    path = root / f"site/briefings/2020/{DAY}.md"
    was = path.stat()
    _edit(f"site/briefings/2020/{DAY}.md", "疑似", "确诊")(root)
    os.utime(path, ns=(was.st_atime_ns, was.st_mtime_ns))
    assert path.stat().st_size == was.st_size


def _new(name: str) -> Callable[[Path], None]:
    def add(root: Path) -> None:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("---\ntitle: 新\n---\n", encoding="utf-8")

    return add


def _gone(name: str) -> Callable[[Path], None]:
    def remove(root: Path) -> None:
        path = root / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()

    return remove


@pytest.mark.parametrize(
    "touch",
    [
        pytest.param(_edit("inbox/零报告/零报告.csv", "08:10:00", "08:11:00"), id="a sheet edited"),
        pytest.param(_new("inbox/零报告/补报.csv"), id="a sheet added"),
        pytest.param(_gone("inbox/部门动态/动态.csv"), id="a sheet taken away"),
        pytest.param(_edit("site/about.md", "这里公布什么", "这里公布什么事"), id="a page edited"),
        pytest.param(_same_size_and_time, id="a page edited, its size and time as they were"),
        pytest.param(_new("site/notices/2020/x.md"), id="a page added"),
        pytest.param(_gone("site/about.md"), id="a page taken away"),
        pytest.param(_edit("jianbao.toml", "small_count = 5", "small_count = 6"), id="a setting"),
        pytest.param(_edit("mkdocs.yml", "site_name", "# a remark\nsite_name"), id="the site's settings"),
        pytest.param(_edit("forms_schema/unit_daily.yaml", '"10:00"', '"09:00"'), id="a form"),
        pytest.param(_gone("forms_schema/department_news.yaml"), id="a form taken away"),
        pytest.param(_new("templates/briefing.md.j2"), id="a template"),
        pytest.param(_gone(f"record/0001-{DAY}"), id="a bag"),
        pytest.param(_edit(f"record/0001-{DAY}/data/facts.json", "疑似", "确诊"), id="a file of a bag"),
        pytest.param(_gone("build/public/site"), id="the site"),
        pytest.param(_gone("public"), id="the site where readers find it"),
        pytest.param(_gone(f"private/lists/{DAY}"), id="the lists"),
        pytest.param(_gone("private/ledger"), id="the ledger"),
        pytest.param(_new(".git/HEAD"), id="a repository"),
    ],
)
def test_what_is_touched_is_noticed(office: Path, touch: Callable[[Path], None]) -> None:
    assert stands(office)
    touch(office)
    assert not stands(office)


def test_a_change_within_the_same_moment_is_told_by_its_hash(office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = office / "site/about.md"
    _same_size = path.read_text("utf-8").replace("这里", "那里")
    path.write_text(_same_size, encoding="utf-8")
    note_path = office / "private" / FILE
    data = json.loads(note_path.read_text("utf-8"))
    now = path.stat()
    data["marks"]["site/about.md"] = [now.st_size, now.st_mtime_ns, now.st_ctime_ns]  # as if it had been noted in the same tick
    note_path.write_text(json.dumps(data), encoding="utf-8")
    assert not stands(office)


def test_another_day_or_moment_is_another_run(office: Path) -> None:
    assert stands(office, day=date(2020, 2, 6))
    assert not stands(office, day=date(2020, 2, 5))
    assert not stands(office, parse_moment("2020-02-07T08:00", ZONE))
    assert not stands(office, parse_moment("2020-02-06T11:00", ZONE))


def test_another_language_is_another_run(office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert stands(office)
    monkeypatch.setenv("JIANBAO_LANG", "en")
    assert not stands(office)


@pytest.mark.parametrize(("at", "then"), [("07:00", "08:00"), ("12:00", "20:00"), ("20:30", "21:30"), ("22:00", "23:59")])
def test_a_figure_that_the_clock_moves_ends_it(at: str, then: str) -> None:
    forms = load_forms(shipped("forms_schema"), frozenset({"fever_threshold", "observation_days", "missed_contact", "low_cover_days"}))
    assert next_change(forms, parse_moment(f"2020-02-06T{at}", ZONE)).strftime("%H:%M") == then


def test_somebody_who_worked_beside_the_run_is_not_overlooked(office: Path) -> None:
    project = Project.open(office)
    standing = undisturbed(project, day=None, as_of=LATER)
    assert standing
    before = marks_of(project)
    _edit("site/about.md", "这里公布什么", "这里公布什么事")(office)
    note(project, standing, before, [])
    assert not stands(office)
    note(project, standing, before, ["site/about.md"])
    assert stands(office)


def test_sheets_from_elsewhere_are_asked_for_each_time(office: Path) -> None:
    project = Project.open(office)
    standing = undisturbed(project, day=None, as_of=LATER)
    assert standing
    online = replace(project, settings=replace(project.settings, source_kind="google"))
    note(online, standing, marks_of(online), [])
    assert not stands(office)


def test_a_look_that_found_nothing_makes_the_next_report_late(office: Path, run: Run) -> None:
    index = office / "private/snapshots/index.json"
    index.write_text(json.dumps({**json.loads(index.read_text("utf-8")), "pulls": []}), encoding="utf-8")
    assert stands(office, parse_moment("2020-02-06T13:30", ZONE))
    sheet = "单位名称,报告日期,应报人数,实报人数,异常人数,疑似,确诊,是否零报告,填报人\n图书馆,2020-02-06,1,1,0,0,0,是,窦舟琪\n"
    (office / "inbox/零报告/图书馆.csv").write_text(sheet, encoding="utf-8")
    told = json.loads(run(office, "check", "--as-of", "2020-02-06T14:00", "--format", "json").stdout)
    assert [u["unit"] for u in told["units"] if u["late"]] == ["图书馆"]


def test_to_see_that_nothing_changed_loads_nothing_heavy() -> None:
    heavy = ["pandas", "numpy", "pyarrow", "mkdocs", "typst", "yaml", "openpyxl"]
    loaded = "import sys, jianbao.cli.commands, jianbao.pipeline.lock, jianbao.pipeline.standing"
    code = f"{loaded}; print([m for m in {heavy} if m in sys.modules])"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout
    assert told == "[]\n"
