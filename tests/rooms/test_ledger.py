"""Accepted rows by form and day: nothing is overwritten unseen, and the order in which sheets came makes no difference."""

from __future__ import annotations

import json
import os
import pickle
import stat
from datetime import UTC, date, datetime, timedelta
from itertools import permutations
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jianbao.errors import LedgerChanged
from jianbao.ledger import CHANGES, PLACES, Change, Ledger, changed_rows, with_first_seen
from jianbao.pipeline.office import make_office
from jianbao.pipeline.work import work_day
from jianbao.project import Project
from jianbao.validation import SEEN

from .desk import DAY, FORMS, staff

FORM: Final = FORMS["staff_daily"]
NINE, TEN = (datetime(2020, 2, 6, h, tzinfo=UTC) for h in (9, 10))
GOOD: Final = staff(("00001", "是", 36.5, "无", "无"), ("00002", "否", 36.4, "无", "无")).accepted
ANSWERS: Final = [f.name for f in FORM.fields if f.name not in ("date", "staff_no")]

Answers = dict[str, tuple[str | None, float, bool | None]]


def table(answers: Answers) -> pa.Table:
    """Return accepted rows: note, temperature, returned by number."""
    words = {True: "是", False: "否", None: ""}
    rows = staff(*((n, words[back], heat, "", "") for n, (_note, heat, back) in answers.items())).accepted
    notes = pa.array([answers[n][0] for n in rows.column("staff_no").to_pylist()], pa.string())
    return rows.set_column(rows.schema.get_field_index("note"), "note", notes)


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "ledger")


def test_rows_come_back_with_what_they_were_made_from(ledger: Ledger) -> None:
    assert (ledger.read(FORM, DAY), ledger.inputs(FORM, DAY), ledger.days(FORM), ledger.changes(FORM, DAY)) == (None, None, [], [])
    ledger.write(FORM, DAY, GOOD, "abc")
    kept = ledger.read(FORM, DAY)
    assert kept is not None
    assert kept.to_pylist() == GOOD.to_pylist()
    assert ledger.inputs(FORM, DAY) == "abc"
    ledger.write(FORM, DAY, GOOD.slice(0, 0), "none")
    again = ledger.read(FORM, DAY)
    assert again is not None
    assert (again.num_rows, ledger.inputs(FORM, DAY)) == (0, "none")


def test_days_are_listed_in_order_and_changes_are_none(ledger: Ledger) -> None:
    for day in (7, 5, 6):
        ledger.write(FORM, date(2020, 2, day), GOOD, "x")
    ledger.add_changes(FORM, date(2020, 2, 8), [], NINE)
    assert [d.day for d in ledger.days(FORM)] == [5, 6, 7]
    assert ledger.days(FORMS["unit_daily"]) == []


def test_columns_that_an_older_form_did_not_have_are_left_out(ledger: Ledger) -> None:
    ledger.write(FORM, DAY, GOOD.drop_columns(["note"]), "x")
    kept = ledger.read(FORM, DAY, ["staff_no", "note", "temperature"])
    assert kept is not None
    assert kept.column_names == ["staff_no", "temperature"]


@pytest.mark.skipif(os.name != "posix", reason="file rights of POSIX")
def test_what_the_ledger_keeps_is_its_owner_s_alone(ledger: Ledger) -> None:
    ledger.write(FORM, DAY, GOOD, "x")
    ledger.add_changes(FORM, DAY, [], NINE)
    ledger.write_figures(DAY, {"a": 1})
    ledger.write_alerts(DAY, [{"name": "施彩辉"}])
    kept = [p for p in ledger.folder.rglob("*") if p.is_file()]
    assert len(kept) == 4
    assert {stat.S_IMODE(p.stat().st_mode) for p in kept} == {0o600}


def test_figures_of_the_last_day_worked_before(ledger: Ledger) -> None:
    assert ledger.figures_before(DAY) == {}
    for offset, value in ((-3, 1), (-1, None), (0, 3), (1, 4)):
        ledger.write_figures(DAY + timedelta(offset), {"a": value})
    assert ledger.figures_before(DAY) == {"a": None}
    assert ledger.figures_before(DAY + timedelta(9)) == {"a": 4}
    assert ledger.figures_before(DAY - timedelta(3)) == {}


def test_alerts_come_back(ledger: Ledger) -> None:
    assert ledger.alerts(DAY) == []
    ledger.write_alerts(DAY, [{"name": "施彩辉", "withdrawn": True}])
    assert ledger.alerts(DAY) == [{"name": "施彩辉", "withdrawn": True}]


ROWS: Final = st.dictionaries(
    st.sampled_from(["00001", "00002", "00003", "00004"]),
    st.tuples(st.none() | st.sampled_from(["一", "二"]), st.sampled_from([36.5, 37.0]), st.none() | st.booleans()),
)


@settings(max_examples=60)
@given(ROWS, ROWS)
def test_what_was_can_be_had_from_what_is_and_the_changes(before: Answers, after: Answers) -> None:
    was, now = table(before), table(after)
    changes = changed_rows(FORM, was, now)
    assert (changes == []) is (before == after)
    rows = {r["staff_no"]: {k: r[k] for k in ANSWERS} for r in now.to_pylist()}
    spoken = {"temperature": float, "returned": lambda w: w == "是"}
    for change in changes:
        if change.field is not None:
            rows[change.key][change.field] = None if change.was is None else spoken.get(change.field, str)(change.was)
        elif change.was is None:
            del rows[change.key]
        else:
            told = json.loads(change.was)
            rows[change.key] = {k: spoken.get(k, str)(told[k]) if k in told else None for k in ANSWERS}
    assert rows == {r["staff_no"]: {k: r[k] for k in ANSWERS} for r in was.to_pylist()}


def test_a_change_says_what_was_what_is_and_where() -> None:
    was = table({"00001": (None, 36.5, None), "00002": (None, 36.5, None)})
    now = table({"00003": ("新来", 36.5, None), "00001": (None, 38.0, True)})
    found = changed_rows(FORM, was, now)
    assert [c for c in found if c.key == "00001"] == [
        Change("00001", "returned", None, "是", "staff_daily.xlsx", "表", 3, 0),
        Change("00001", "temperature", "36.5", "38.0", "staff_daily.xlsx", "表", 3, 0),
    ]
    gone, come = ({c.key: c for c in found}[key] for key in ("00002", "00003"))
    assert (gone.field, gone.now, json.loads(gone.was or "")["temperature"]) == (None, None, "36.5")
    assert (come.field, come.was, json.loads(come.now or "")["staff_no"]) == (None, None, "00003")


def test_changes_are_added_to_those_kept(ledger: Ledger) -> None:
    one = Change("00001", "note", None, "一", "a.xlsx", "表", 2, 0)
    ledger.add_changes(FORM, DAY, [one], NINE)
    ledger.add_changes(FORM, DAY, [Change("00001", None, "一", None, "b.xlsx", "表", 3, 1)], TEN)
    kept = ledger.changes(FORM, DAY)
    assert [(c["was"], c["now"], c["seen_at"]) for c in kept] == [(None, "一", NINE), ("一", None, TEN)]
    assert list(kept[0]) == CHANGES.names


def test_a_row_s_first_sight_is_kept() -> None:
    first = with_first_seen(FORM, table({"00001": (None, 36.5, None)}), None, NINE)
    later = with_first_seen(FORM, table({"00002": (None, 36.5, None), "00001": (None, 38.0, None)}), first, TEN)
    assert dict(zip(later.column("staff_no").to_pylist(), later.column(SEEN).to_pylist(), strict=True)) == {"00001": NINE, "00002": TEN}
    gone = with_first_seen(FORM, table({}), later, TEN)
    assert gone.num_rows == 0
    assert with_first_seen(FORM, table({"00001": (None, 36.5, None)}), gone, TEN).column(SEEN).to_pylist() == [TEN]


SHEETS: Final = {
    "甲.csv": "工号,体温,提交时间\n00001,36.5,2020-02-06 08:00:00\n00002,36.4,2020-02-06 08:00:00\n",
    "乙.csv": "工号,体温,提交时间\n00001,38.5,2020-02-06 09:00:00\n00003,36.3,2020-02-06 08:30:00\n",
    "丙.csv": "工号,体温,提交时间\n00003,36.3,2020-02-06 08:30:00\n00004,36.2,2020-02-06 07:00:00\n",
}


def delivered(root: Path, order: tuple[str, ...]) -> tuple[list[Any], dict[str, Any], int]:
    """Deliver sheets one by one, a look after each; return the rows kept, the figures, and how many findings there are."""
    make_office(root, school="榆溪学院", office="防控工作办公室")
    project, folder = Project.open(root), root / "inbox/教职工日报"
    folder.mkdir()
    for hour, name in enumerate(order, 10):
        (folder / name).write_text(SHEETS[name], encoding="utf-8")
        work = work_day(project, as_of=datetime(2020, 2, 6, hour, tzinfo=project.zone), day=DAY)
    kept = work.ledger.read(FORM, DAY)
    assert kept is not None
    said = sorted(kept.drop_columns(list(PLACES)).to_pylist(), key=lambda r: r["staff_no"])
    return said, {f.name: f.value for f in work.figures}, len(work.findings)


def test_the_order_of_deliveries_makes_no_difference(tmp_path: Path) -> None:
    found = [delivered(tmp_path / str(n), order) for n, order in enumerate(permutations(SHEETS))]
    rows, figures, _findings = found[0]
    assert [(r["staff_no"], r["temperature"]) for r in rows] == [("00001", 38.5), ("00002", 36.4), ("00003", 36.3), ("00004", 36.2)]
    assert figures["staff_fever"] == 1
    assert found == [found[0]] * 6


def many(count: int, *, twice: bool = False) -> pa.Table:
    """Return so many accepted rows, a person each; with `twice` the last is the first again."""
    rows = GOOD.slice(0, 1).take(pa.array([0] * count))
    numbers = [f"{n:06d}" for n in range(count - twice)] + ["000000"] * twice
    return rows.set_column(rows.schema.get_field_index("staff_no"), "staff_no", pa.array(numbers))


def test_a_large_day_is_kept_in_parts_that_are_the_day(ledger: Ledger) -> None:
    ledger.write(FORM, DAY, many(300_000), "abc")
    kept, whole = ledger.kept(FORM, DAY), ledger.read(FORM, DAY, ["staff_no", "temperature"])
    assert kept is not None
    assert whole is not None
    assert [p.rows for p in kept.parts] == [131_072, 131_072, 37_856]
    assert kept.rows == 300_000
    assert pa.concat_tables(p.read({"staff_no", "temperature", "not asked"}) for p in kept.parts).equals(whole)


@pytest.mark.parametrize(("rows", "once"), [(many(3), True), (many(3, twice=True), False), (GOOD.slice(0, 0), True)])
def test_whether_everybody_stands_in_one_row_is_known_of_the_file(ledger: Ledger, rows: pa.Table, once: bool) -> None:
    ledger.write(FORM, DAY, rows, "abc")
    kept = ledger.kept(FORM, DAY)
    assert kept is not None
    assert kept.once is once


def test_of_rows_kept_before_that_was_noted_nothing_is_presumed(ledger: Ledger) -> None:
    ledger.write(FORM, DAY, GOOD, "abc")
    path = ledger.folder / FORM.name / f"{DAY}.parquet"
    pq.write_table(pq.read_table(path).replace_schema_metadata({b"jianbao.inputs": b"abc"}), path)
    kept = ledger.kept(FORM, DAY)
    assert kept is not None
    assert not kept.once


def test_a_part_of_another_file_is_never_read_for_it(ledger: Ledger) -> None:
    assert ledger.kept(FORM, DAY) is None
    ledger.write(FORM, DAY, many(3), "abc")
    kept = ledger.kept(FORM, DAY)
    assert kept is not None
    ledger.write(FORM, DAY, many(4), "abc")
    with pytest.raises(LedgerChanged, match="内容已不是开始计算时的") as changed:
        kept.parts[0].read({"staff_no"})
    told = pickle.loads(pickle.dumps(changed.value))
    assert (told.message, told.advice) == (changed.value.message, changed.value.advice)
    (ledger.folder / FORM.name / f"{DAY}.parquet").write_bytes(b"PAR1 and then nothing")
    with pytest.raises(LedgerChanged):
        kept.parts[0].read({"staff_no"})
    (ledger.folder / FORM.name / f"{DAY}.parquet").unlink()
    with pytest.raises(LedgerChanged):
        kept.parts[0].read({"staff_no"})
