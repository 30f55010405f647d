"""A running total folds from the day before, and says what all rows would have said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jianbao.clock import parse_moment
from jianbao.figures import DayRows, by_part, days_of, state_figure, tally
from jianbao.pipeline import folds
from jianbao.pipeline.desk import settings_on
from jianbao.pipeline.disclose import day_facts
from jianbao.pipeline.office import make_office
from jianbao.pipeline.work import DayWork, work_day
from jianbao.project import Project
from jianbao.validation import UNIT

from .conftest import fill_inbox

FIRST = date(2020, 2, 6)
FORMS = ("units", "staff", "staff_daily", "unit_daily")
STAFF: Mapping[str, str] = {"00001": "施彩辉", "00002": "云涵安", "00003": "窦舟岚", "00004": "褚珊诚", "00005": "严恩旭"}


@dataclass(frozen=True, slots=True)
class Days:
    """An office to which days of staff reports come."""

    root: Path

    def come(self, day: date, back: str) -> None:
        """Write a day: the staff numbers' last digits in `back` say that they are back in the province, the others that they are not."""
        rows = (f"{n},{name},{'是' if n[-1] in back else '否'},36.5,无,无\n" for n, name in STAFF.items())
        path = self.root / f"inbox/教职工日报/全校{day.month}月{day.day}日.csv"
        path.write_text("工号,姓名,是否返省,体温,症状,接触史\n" + "".join(rows), encoding="utf-8")

    def work(self, day: date, hour: int = 12) -> DayWork:
        project = Project.open(self.root)
        return work_day(project, as_of=parse_moment(f"{day}T{hour}:00", project.zone), day=day)

    def folds(self) -> dict[str, int]:
        """When each fold was written, by its day."""
        found = (self.root / "private/folds").rglob("????-??-??.parquet")
        return {p.stem: p.stat().st_mtime_ns for p in found if p.parent.name == "staff_returned_total"}


@pytest.fixture
def days(tmp_path: Path) -> Days:
    root = tmp_path / "office"
    make_office(root, school="榆溪学院", office="防控工作办公室")
    for form in (root / "forms_schema").glob("*.yaml"):
        if form.stem not in FORMS:
            form.unlink()
    fill_inbox(root / "inbox")
    (root / "inbox/教职工日报/全校2月6日.csv").unlink()
    return Days(root)


def from_all_rows(work: DayWork) -> tuple[float | None, Mapping[str, float]]:
    """Count the total again from every row of every day: for the school and by unit."""
    form, indicator = work.forms.indicator("staff_returned_total") or pytest.fail("no such figure")
    every = [
        DayRows(d, rows, settings_on(work.project, d))
        for d in days_of(indicator, work.day, work.ledger.days(form)) if (rows := work.ledger.read(form, d)) is not None
    ]  # fmt: skip
    figure = state_figure(form, indicator, every, day=work.day, as_of=work.as_of, registers=work.registers, expected_units=0)
    parts = by_part(tally(form, indicator, every, work.registers), indicator, UNIT)
    return figure.value, parts["value"].to_dict()


def folded(work: DayWork) -> tuple[float | None, Mapping[str, float]]:
    form, indicator = work.forms.indicator("staff_returned_total") or pytest.fail("no such figure")
    figure = work.figure("staff_returned_total")
    parts = by_part(tally(form, indicator, work.window(form, indicator), work.registers), indicator, UNIT)
    return figure and figure.value, parts["value"].to_dict()


def test_a_total_folds_from_the_day_before(days: Days) -> None:
    for number, (back, total) in enumerate([("1", 1), ("2", 2), ("", 2), ("1245", 4)]):
        day = FIRST + timedelta(days=number)
        days.come(day, back)
        work = days.work(day)
        assert folded(work) == from_all_rows(work)
        assert folded(work)[0] == total
    assert set(days.folds()) == {"2020-02-06", "2020-02-07", "2020-02-08"}
    facts = day_facts(work).figure("staff_returned_total")
    assert facts is not None
    assert facts.value == 4


def test_a_changed_old_day_folds_again_what_follows_it_and_no_more(days: Days) -> None:
    for number in range(4):
        days.come(FIRST + timedelta(days=number), "1")
        days.work(FIRST + timedelta(days=number))
    before = days.folds()
    days.come(FIRST + timedelta(days=1), "135")
    work = days.work(FIRST + timedelta(days=3), hour=13)
    after = days.folds()
    assert folded(work) == from_all_rows(work)
    assert folded(work)[0] == 3
    assert [day for day in sorted(after) if after[day] != before[day]] == ["2020-02-07", "2020-02-08"]


def test_a_fold_holds_a_row_a_person_however_many_days(days: Days) -> None:
    for number in range(5):
        days.come(FIRST + timedelta(days=number), "123")
        days.work(FIRST + timedelta(days=number))
    newest = max((days.root / "private/folds").rglob("2020-02-09.parquet"))
    assert pq.read_table(newest).num_rows == len(STAFF)


def test_a_day_worked_again_does_not_count_the_days_after_it(days: Days) -> None:
    for number, back in enumerate(["1", "2", "4"]):
        days.come(FIRST + timedelta(days=number), back)
        days.work(FIRST + timedelta(days=number))
    work = days.work(FIRST + timedelta(days=1), hour=13)
    assert folded(work) == from_all_rows(work)
    assert folded(work)[0] == 2


def test_folds_thrown_away_are_made_again(days: Days) -> None:
    for number, back in enumerate(["1", "2", "4"]):
        days.come(FIRST + timedelta(days=number), back)
        days.work(FIRST + timedelta(days=number))
    for path in (days.root / "private/folds").rglob("*.*"):
        path.unlink()
    assert folded(days.work(FIRST + timedelta(days=2), hour=13))[0] == 3


@settings(max_examples=6)
@given(st.lists(st.text("12345", max_size=5), min_size=2, max_size=4), st.data())
def test_any_days_and_any_later_change_say_what_all_rows_say(
    tmp_path_factory: pytest.TempPathFactory, backs: list[str], data: st.DataObject
) -> None:
    days = Days(tmp_path_factory.mktemp("folds") / "office")
    make_office(days.root, school="榆溪学院", office="防控工作办公室")
    for form in (days.root / "forms_schema").glob("*.yaml"):
        if form.stem not in FORMS:
            form.unlink()
    fill_inbox(days.root / "inbox")
    (days.root / "inbox/教职工日报/全校2月6日.csv").unlink()
    for number, back in enumerate(backs):
        days.come(FIRST + timedelta(days=number), back)
        work = days.work(FIRST + timedelta(days=number))
        assert folded(work) == from_all_rows(work)
    days.come(FIRST + timedelta(days=data.draw(st.integers(0, len(backs) - 1))), data.draw(st.text("12345", max_size=5)))
    work = days.work(FIRST + timedelta(days=len(backs) - 1), hour=14)
    assert folded(work) == from_all_rows(work)


def test_only_totals_that_repeat_nothing_are_folded(days: Days) -> None:
    days.come(FIRST, "1")
    work = days.work(FIRST)
    names = {i.name for form in work.forms for i in form.indicators if folds.foldable(form, i)}
    assert names == {"staff_returned_total"}
