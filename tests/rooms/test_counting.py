"""A figure is the same however its rows are parted, in whatever order the parts are added, and on whatever machine."""

from __future__ import annotations

import math
import pickle
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from typing import Any, Final

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jianbao.counting import Partial, Question, added, count_part, exact_sum
from jianbao.figures import DayRows, state_figure
from jianbao.forms import IndicatorSpec
from jianbao.forms.expression import Expression

from .desk import DAY, KNOWN, SETTINGS
from .test_figures import AS_OF, STAFF, UNITS, figure, indicator, named, rows

NUMBERS: Final = st.one_of(st.none(), st.integers(340, 430).map(lambda n: n / 10), st.floats(-1e300, 1e300))
PEOPLE: Final = st.lists(
    st.tuples(
        st.sampled_from("1234567"), st.just("教务处"), st.none(), st.none(), st.sampled_from([True, False, None]), NUMBERS
    ),
    max_size=24,
)  # fmt: skip
ASKED: Final = [
    indicator("count", None),
    indicator("count", "temperature"),
    indicator("count", "temperature", distinct=True),
    indicator("count", "staff_no", distinct=True, reads=frozenset({"temperature"})),
    indicator("sum", "temperature"),
    indicator("mean", "temperature"),
    indicator("max", "temperature"),
    indicator("min", "temperature"),
    replace(indicator("sum", "temperature"), among=Expression("returned"), where=Expression("temperature > fever_threshold")),
    named("staff_fever"),
]


def parted(table: pa.Table, cuts: list[int]) -> list[pa.Table]:
    edges = sorted({0, table.num_rows, *(c % (table.num_rows + 1) for c in cuts)})
    return [table.slice(a, b - a) for a, b in pairwise(edges)] or [table]


@settings(max_examples=60)
@given(people=PEOPLE, cuts=st.lists(st.integers(0, 99), max_size=5), turn=st.randoms(use_true_random=False))
@pytest.mark.parametrize("asked", ASKED, ids=lambda i: f"{i.measure} {i.of}{' distinct' * i.distinct}{' where' * bool(i.where)}")
def test_parts_come_to_the_whole_to_the_last_digit(asked: IndicatorSpec, people: Any, cuts: list[int], turn: Any) -> None:
    table, question = rows(*people), Question.of(STAFF, asked, KNOWN)
    parts = [pickle.loads(pickle.dumps(count_part(question, t, SETTINGS).packed())) for t in parted(table, cuts)]
    turn.shuffle(parts)
    whole, sum_of_parts = count_part(question, table, SETTINGS), added(parts)
    assert sum_of_parts.value(asked) == whole.value(asked)
    assert (sum_of_parts.rows, sum_of_parts.hits) == (whole.rows, whole.hits)
    assert sum_of_parts.answered.total == whole.answered.total


@settings(max_examples=60)
@given(people=PEOPLE)
@pytest.mark.parametrize("asked", ASKED, ids=lambda i: f"{i.measure} {i.of}{' distinct' * i.distinct}{' where' * bool(i.where)}")
def test_where_everybody_stands_in_one_row_nobody_need_be_told_apart(asked: IndicatorSpec, people: Any) -> None:
    table = rows(*{p[0]: p for p in people}.values())
    question = Question.of(STAFF, asked, KNOWN)
    short = count_part(question, table.select([n for n in table.column_names if n in question.columns(once=True)]), SETTINGS, once=True) \
        if table.num_rows and question.columns(once=True) else count_part(question, table, SETTINGS, once=True)  # fmt: skip
    whole = count_part(question, table, SETTINGS)
    assert (short.value(asked), short.answered.total) == (whole.value(asked), whole.answered.total)


@given(numbers=st.lists(st.floats(allow_nan=False, allow_infinity=False), max_size=40))
def test_a_sum_is_exact(numbers: list[float]) -> None:
    assert exact_sum(pa.chunked_array([pa.array(numbers, pa.float64())])) == sum(map(Fraction, numbers))


@pytest.mark.parametrize(
    ("numbers", "found"),
    [
        ([1, 2, 2**62], 2**62 + 3),
        ([0.1] * 10, Fraction(0.1) * 10),
        ([1e308, 1e308, -1e308], Fraction(1e308)),
        ([5e-324, 1.0], 1 + Fraction(5e-324)),
        ([math.inf, 1.0], math.inf),
        ([True, True, False], 2),
    ],
)
def test_sums_of_every_kind(numbers: list[Any], found: Any) -> None:
    assert exact_sum(pa.chunked_array([pa.array(numbers)])) == found


def test_what_an_infinite_number_is_added_to_is_infinite() -> None:
    asked = indicator("mean", "temperature")
    question = Question.of(STAFF, asked, KNOWN)
    parts = [count_part(question, rows(("1", "教务处", None, None, True, n)), SETTINGS) for n in (36.5, math.inf)]
    assert added(parts).value(asked) == math.inf
    assert added(reversed(parts)).value(asked) == math.inf


def test_a_sum_is_stated_as_a_number_of_its_column_s_kind() -> None:
    total = replace(named("suspected"), of="suspected", measure="sum", where=None)
    assert total.measure == "sum"
    assert type(Partial(hits=2, total=3).value(total)) is int
    assert type(Partial(hits=2, total=Fraction(3)).value(total)) is float
    assert Partial(hits=0).value(total) is None


def test_units_that_others_report_under_are_in_no_part_of_a_sum() -> None:
    asked = next(i for i in UNITS.indicators if i.measure == "sum")
    table = pa.table({
        UNITS.identifier.name: ["教务处", "学校", "图书馆"],
        **{n: [1, 5, 2] for n in {asked.of, *asked.reads} if n},
    })  # fmt: skip
    question = replace(Question.of(UNITS, asked, KNOWN), left_out=("学校",))
    assert added(count_part(question, table.slice(n, 1), SETTINGS) for n in range(3)).value(asked) == 3


def test_codes_are_taken_as_words_where_parts_have_codes_of_their_own() -> None:
    asked = indicator("count", "staff_no", distinct=True)
    question = Question.of(STAFF, asked, KNOWN)
    tables = [rows(*((n, "教务处", None, None, True, 36.5) for n in numbers)) for numbers in ("12", "23")]
    coded = [t.set_column(0, "staff_no", t.column("staff_no").dictionary_encode()) for t in tables]
    assert added(count_part(question, t, SETTINGS) for t in coded).value(asked) == 3


def test_a_day_in_many_parts_is_the_figure_of_the_day() -> None:
    people = [(str(n % 7), "教务处", None, None, n % 3 == 0, 36 + n / 10) for n in range(20)]
    table = rows(*people)  # type: ignore[arg-type]  # numbers, as they are read
    for asked in ASKED:
        days = [DayRows(DAY, t, SETTINGS) for t in parted(table, [3, 9, 14])]
        found = state_figure(STAFF, asked, days, day=DAY, as_of=AS_OF, registers=KNOWN, expected_units=3)
        assert found == figure(STAFF, asked, table)
