"""What the ledger's rows come to, counted anew part by part, is what each day came to when it was worked."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pyarrow.compute as pc
import pytest

from jianbao.clock import parse_moment
from jianbao.engine import Local
from jianbao.figures import DayRows, days_of, state_figure
from jianbao.forms.load import load_forms
from jianbao.ledger import Ledger
from jianbao.pipeline.counting import Running
from jianbao.pipeline.office import make_office
from jianbao.pipeline.recount import Recounted, Stretch, kept_desk, recount, recount_day, rows_to_count
from jianbao.pipeline.work import work_day
from jianbao.project import Project
from jianbao.sample import SAMPLE_DAYS, SMALL, write_sample
from jianbao.validation import Registers
from jianbao.values import Figure

from .conftest import Run
from .made import FIRST, write_ledger


@pytest.fixture(scope="module")
def worked(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[date, tuple[Figure, ...]]]:
    """The sample school with three days worked, all at the noon of the last, and what they came to."""
    root = tmp_path_factory.mktemp("sample") / "office"
    make_office(root, school="澜汀大学", office="防控工作办公室")
    days, figures = SAMPLE_DAYS[:3], {}
    write_sample(root / "inbox", days, size=SMALL)
    project = Project.open(root)
    for day in days:
        figures[day] = work_day(project, as_of=parse_moment(f"{days[-1]}T12:00", project.zone), day=day).figures
    return root, figures


def stretch(project: Project, first: date, last: date) -> list[Recounted]:
    return list(recount(project, Stretch(first, last, parse_moment(f"{last}T12:00", project.zone))))


def test_every_figure_of_every_form_comes_out_as_when_the_day_was_worked(worked: tuple[Path, dict[date, tuple[Figure, ...]]]) -> None:
    root, figures = worked
    found = {one.day: one for one in stretch(Project.open(root), min(figures), max(figures))}
    assert list(found) == sorted(figures)
    for day, before in figures.items():
        again = {f.name: (f.value, f.received, f.expected) for f in found[day].figures}
        assert again == {f.name: (f.value, f.received, f.expected) for f in before}
        assert sum(f.value is not None for f in before) > 40
        assert found[day].moved == ()


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten days kept, the last in three parts."""
    return write_ledger(tmp_path_factory.mktemp("many"), 10)


def test_a_day_in_parts_is_the_day_as_a_whole(many: Path) -> None:
    project, last = Project.open(many), FIRST + timedelta(9)
    form = load_forms(project.forms, project.settings.names)["health"]
    ledger = Ledger(project.private / "ledger")
    kept = ledger.kept(form, last)
    assert kept is not None
    assert len(kept.parts) == 3
    assert kept.once
    (found,) = stretch(project, last, last)
    for indicator in form.indicators:
        days = [DayRows(d, ledger.read(form, d), {"fever_threshold": 37.2}) for d in days_of(indicator, last, ledger.days(form))]
        noon = parse_moment(f"{last}T12:00", project.zone)
        whole = state_figure(form, indicator, days, day=last, as_of=noon, registers=Registers(), expected_units=0)
        again = next(f for f in found.figures if f.name == indicator.name)
        assert (again.value, again.received) == (whole.value, whole.received), indicator.name
        assert whole.value


def test_what_is_left_is_reckoned_from_just_the_rows_that_are_read(many: Path) -> None:
    project, told = Project.open(many), list[tuple[int, int]]()
    forms, noon = load_forms(project.forms, project.settings.names), parse_moment("2020-03-01T12:00", project.zone)
    ledger, days = Ledger(project.private / "ledger"), [FIRST + timedelta(n) for n in (8, 9)]
    due = rows_to_count(ledger, forms, days)
    running: Running = {}
    for day in days:
        read: list[int] = []
        desk = kept_desk(project, forms, ledger, Registers(), day=day, as_of=noon)
        with Local() as engine:
            recount_day(project, desk, ledger, engine, running, read.append)
        assert sum(read) == due[day]
    watched = Project(project.root, project.settings, watch=lambda _what, done, whole: told.append((done, whole)))
    stretch(watched, *days)
    assert told[-1] == (sum(due.values()), sum(due.values()))
    assert [done for done, _whole in told] == sorted(done for done, _whole in told)


def test_a_row_that_is_another_now_shows_in_the_figure_that_counts_it(office: Path, run: Run) -> None:
    run(office, "check", "--date", "2020-02-06", "--as-of", "2020-02-06T12:00")
    words = ("figures", "--from", "2020-02-06", "--to", "2020-02-06", "--as-of", "2020-02-06T13:00")
    before = json.loads(run(office, *words, "--format", "json").stdout)
    assert before["days"][0]["moved"] == {}
    project = Project.open(office)
    form = load_forms(project.forms, project.settings.names)["staff_daily"]
    ledger, day = Ledger(project.private / "ledger"), date(2020, 2, 6)
    rows = ledger.read(form, day)
    assert rows is not None
    at = rows.schema.get_field_index("returned")
    ledger.write(form, day, rows.set_column(at, "returned", pc.is_valid(rows.column("returned"))), "by hand")
    after = json.loads(run(office, *words, "--format", "json").stdout)
    assert before["days"][0]["figures"]["staff_returned_total"]["value"] == 2
    assert after["days"][0]["figures"]["staff_returned_total"]["value"] == 4
    assert after["days"][0]["moved"] == {"staff_returned_total": 2}
    assert "≠ 办理时的 2" in run(office, *words).stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--from", "2020-02-07", "--to", "2020-02-06"), "早于"),
        (("--from", "2019-02-06", "--to", "2019-02-07"), "没有一天留有逐行数据"),
        (("--from", "2020-02-06"), "同时写 --from 和 --to"),
        (("--from", "2020-02-06", "--to", "2020-02-06", "--date", "2020-02-06"), "不写 --date"),
    ],
)
def test_days_that_cannot_be_counted(office: Path, run: Run, words: tuple[str, ...], said: str) -> None:
    assert said in run(office, "figures", *words, code=2).output
