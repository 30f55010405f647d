"""A figure is what its definition says of the rows given, with its coverage; its parts add up to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jianbao import wording
from jianbao.figures import DayRows, by_part, columns_of, completeness_figures, days_of, fallen, spoken_value, state_figure, tally
from jianbao.forms import FormSpec, IndicatorSpec
from jianbao.validation import CAMPUS, CLASS, UNIT, Registers
from jianbao.values import Code, Figure

from .desk import DAY, FORMS, KNOWN, SETTINGS, registers, reports, staff, zero

AS_OF: Final = datetime(2020, 2, 6, 12, tzinfo=UTC)
STAFF: Final = FORMS["staff_daily"]
UNITS: Final = FORMS["unit_daily"]


def named(name: str) -> IndicatorSpec:
    found = FORMS.indicator(name)
    assert found is not None
    return found[1]


def figure(form: FormSpec, indicator: IndicatorSpec, *tables: pa.Table, known: Registers = KNOWN, units: int = 3) -> Figure:
    """Return a figure of the last of these days."""
    days = [DayRows(DAY - timedelta(len(tables) - 1 - i), t, SETTINGS) for i, t in enumerate(tables)]
    return state_figure(form, indicator, days, day=DAY, as_of=AS_OF, registers=known, expected_units=units)


def rows(*people: tuple[str, str | None, str | None, str | None, bool | None, float | None]) -> pa.Table:
    """Return accepted rows of the staff's form: number, unit, class, campus, returned, temperature."""
    names = ["staff_no", UNIT, CLASS, CAMPUS, "returned", "temperature"]
    types = [pa.string(), pa.string(), pa.string(), pa.string(), pa.bool_(), pa.float64()]
    return pa.table([pa.array([p[i] for p in people], t) for i, t in enumerate(types)], names)


def indicator(measure: Any, of: str | None, *, distinct: bool = False, reads: frozenset[str] = frozenset()) -> IndicatorSpec:
    base = named("staff_fever")
    return replace(base, measure=measure, of=of, distinct=distinct, where=None, reads=reads)


@pytest.mark.parametrize(
    ("window", "first", "last"),
    [("day", 6, 6), (1, 6, 6), (2, 5, 6), (3, 4, 6), (99, 1, 6), ("to_date", 1, 6)],
)
def test_which_days_a_window_reads(window: Any, first: int, last: int) -> None:
    known = [date(2020, 2, d) for d in (3, 1, 5, 4, 8, 2, 7)]
    found = days_of(replace(named("staff_fever"), window=window), DAY, known)
    assert found == [date(2020, 2, d) for d in range(first, last + 1)]


def test_the_day_itself_is_read_though_nothing_is_known_of_it() -> None:
    assert days_of(named("staff_returned_total"), DAY, []) == [DAY]


DAY_ROWS: Final = rows(
    ("1", "教务处", None, "东", True, 36.5), ("2", "教务处", None, "东", True, None), ("2", "教务处", None, "东", True, 37.5),
    ("3", "图书馆", None, "西", None, 38.0), ("4", "图书馆", None, "西", False, None),
)  # fmt: skip


@pytest.mark.parametrize(
    ("spec", "value"),
    [
        (indicator("count", None), 5),
        (indicator("count", "temperature"), 3),
        (indicator("count", "staff_no", distinct=True), 4),
        (indicator("sum", "temperature"), 112.0),
        (indicator("mean", "temperature"), 112 / 3),
        (indicator("max", "temperature"), 38.0),
        (indicator("min", "temperature"), 36.5),
        (named("staff_returned_total"), 2),
        (named("staff_fever"), 2),
    ],
)
def test_measures(spec: IndicatorSpec, value: float) -> None:
    assert figure(STAFF, spec, DAY_ROWS).value == pytest.approx(value)


@pytest.mark.parametrize(
    ("table", "value", "received"),
    [
        (rows(), None, 0),
        (rows(("1", "教务处", None, None, None, 36.5)), None, 0),
        (rows(("1", "教务处", None, None, False, None)), 0, 1),
        (rows(("1", "教务处", None, None, True, None), ("2", "教务处", None, None, None, None)), 1, 1),
        (rows(("1", "教务处", None, None, True, None), ("1", "教务处", None, None, True, None)), 1, 1),
    ],
)
def test_nothing_stated_is_no_zero_and_a_blank_answer_was_not_received(table: pa.Table, value: int | None, received: int) -> None:
    found = figure(STAFF, named("staff_returned_total"), table)
    assert (found.value, found.received, found.expected, found.as_of) == (value, received, 5, AS_OF)
    assert found.complete is (received >= 5)


def test_a_total_to_date_counts_everybody_once_and_its_coverage_is_of_the_day() -> None:
    first = rows(("1", "教务处", None, None, True, None), ("2", "教务处", None, None, True, None))
    today = rows(("2", "教务处", None, None, True, None), ("3", "图书馆", None, None, True, None), ("4", "图书馆", None, None, False, None))
    found = figure(STAFF, named("staff_returned_total"), first, today)
    assert (found.value, found.received) == (3, 3)
    assert figure(STAFF, named("staff_returned_total"), first, rows()).value == 2
    assert figure(STAFF, named("staff_returned_total"), first, rows()).received == 0


def test_each_day_is_counted_under_its_own_settings() -> None:
    table = rows(("1", "教务处", None, None, None, 37.3), ("2", "教务处", None, None, None, 37.6))
    for threshold, value in ((37.2, 2), (37.3, 1), (37.6, 0)):
        day = DayRows(DAY, table, {"fever_threshold": threshold})
        found = state_figure(STAFF, named("staff_fever"), [day], day=DAY, as_of=AS_OF, registers=KNOWN, expected_units=3)
        assert found.value == value


def test_a_unit_s_figure_rests_on_the_units() -> None:
    found = figure(UNITS, named("suspected"), reports(zero("教务处"), ("", "图书馆", 1, 1, 0, 2, 0, "否", "")).accepted, units=2)
    assert (found.value, found.received, found.expected) == (2, 2, 2)


def test_a_unit_that_others_report_under_is_added_to_no_sum() -> None:
    tree = registers([("全校", "", "", ""), ("教务处", "全校", "", ""), ("图书馆", "全校", "", "")], [])
    report = reports(("", "教务处", 1, 1, 0, 2, 0, "否", "")).accepted
    both = pa.concat_tables([report, report.set_column(report.schema.get_field_index("unit"), "unit", [["全校"]])])
    assert figure(UNITS, named("suspected"), both, known=tree).value == 2
    frame = tally(UNITS, named("suspected"), [DayRows(DAY, both, SETTINGS)], tree)
    assert frame[frame["hit"]]["key"].tolist() == ["教务处"]


def test_the_columns_a_figure_reads_are_enough_for_it() -> None:
    whole = staff(("00001", "是", 36.5, "无", "无"), ("00003", "否", 38.5, "无", "无")).accepted
    for spec in STAFF.indicators:
        narrow = whole.select([c for c in columns_of(STAFF, spec) if c in whole.column_names])
        assert figure(STAFF, spec, narrow) == figure(STAFF, spec, whole)


PERSON: Final = st.tuples(
    st.integers(0, 9), st.sampled_from(["甲", "乙", "丙"]), st.integers(1, 2), st.sampled_from(["东", "西"]),
    st.none() | st.booleans(), st.none() | st.sampled_from([36.5, 37.2, 37.3, 39.0]),
)  # fmt: skip
SPECS: Final = [named("staff_returned_total"), named("staff_fever"), indicator("count", None), indicator("count", "temperature"),
                indicator("sum", "temperature", reads=frozenset({"temperature"}))]  # fmt: skip


@settings(max_examples=60)
@given(st.lists(PERSON, max_size=12, unique_by=lambda p: p[0]), st.sampled_from(SPECS))
def test_the_parts_of_every_level_add_up_to_the_school(people: list[Any], spec: IndicatorSpec) -> None:
    """Class, college and campus alike: of values and of how many answered; the school's own value is another computation."""
    table = rows(*((str(n), unit, f"{unit}{c}班", campus, back, heat) for n, unit, c, campus, back, heat in people))
    school = figure(STAFF, spec, table)
    frame = tally(STAFF, spec, [DayRows(DAY, table, SETTINGS)], KNOWN)
    for level in (CLASS, UNIT, CAMPUS):
        parts = by_part(frame, spec, level)
        assert parts["value"].sum() == pytest.approx(school.value or 0)
        assert parts["received"].sum() == school.received
        assert (parts["received"] > 0).all()
    classes, units = by_part(frame, spec, CLASS), by_part(frame, spec, UNIT)
    for unit, value in units["value"].items():
        assert classes["value"][[c.startswith(str(unit)) for c in classes.index]].sum() == pytest.approx(value)


@pytest.mark.parametrize(
    ("before", "now", "told"),
    [(5, 4, True), (5, 5, False), (5, 6, False), (None, 0, False), (5, None, False), (0, 0, False), (5.0, 4.5, True)],
)
def test_a_figure_that_can_only_rise_cannot_fall_silently(before: float | None, now: float | None, told: bool) -> None:
    one = replace(figure(STAFF, named("staff_returned_total"), DAY_ROWS), value=now)
    found = wording.findings(fallen([one], {one.name: before}, [one.name]))
    assert [(f.code, f.severity.value) for f in found] == ([(Code.FELL_SILENTLY, "warning")] if told else [])
    assert list(fallen([one], {one.name: before}, [])) == []
    assert list(fallen([one], {}, [one.name])) == []


def test_completeness_is_a_figure_too() -> None:
    expected, received = completeness_figures(2, 3, day=DAY, as_of=AS_OF)
    assert (expected.value, received.value, received.received, received.expected, received.complete) == (3, 2, 2, 3, False)


@pytest.mark.parametrize(("value", "said"), [(None, "未报"), (0, "0"), (3, "3"), (3.0, "3"), (36.55, "36.5"), (36.66, "36.7"), (-1, "-1")])
def test_a_number_as_pages_print_it(value: float | None, said: str) -> None:
    assert spoken_value(value) == said
