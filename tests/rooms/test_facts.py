"""Facts come back from the record as they were; small counts cannot be had from what is shown beside them."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, date, datetime
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jianbao.facts import HIDDEN, Facts, FigureFact, NewsFact, PartFact, RowFacts, UnitFacts, from_json, hide_small, to_csv, to_json

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
COUNTS = st.integers(0, 99)
FACTS = st.builds(
    Facts,
    day=st.dates(),
    as_of=st.datetimes(timezones=st.just(UTC)),
    figures=st.lists(st.builds(FigureFact, value=st.none() | COUNTS | st.floats(0, 99), headline=st.booleans()), max_size=3).map(tuple),
    units=st.builds(UnitFacts, missing_units=st.tuples(WORDS), excused_units=st.lists(st.tuples(WORDS, WORDS), max_size=2).map(tuple)),
    rows=st.builds(RowFacts),
    news=st.lists(st.builds(NewsFact), max_size=2).map(tuple),
    by_unit=st.none() | st.dictionaries(WORDS, st.tuples(st.builds(PartFact, value=st.none() | COUNTS | st.just(HIDDEN))), max_size=2),
    by_campus=st.none(),
)


@settings(max_examples=60)
@given(FACTS)
def test_facts_come_back_as_they_were(facts: Facts) -> None:
    text = to_json(facts)
    assert from_json(text) == facts
    assert to_json(from_json(text)) == text


def figure(**more: Any) -> FigureFact:
    return FigureFact(**({"name": "a", "title": "疑似", "value": None, "unit": "例", "received": 1, "expected": 2, "definition": "当日",
                          "form": "f", "version": 1} | more))  # fmt: skip


def test_the_table_of_figures_keeps_nothing_stated_apart_from_zero() -> None:
    units = UnitFacts(0, 0, 0, 0, 0, 0, (), (), (), ())
    facts = Facts(
        date(2020, 2, 6),
        datetime(2020, 2, 6, 12, tzinfo=UTC),
        (figure(), figure(value=0, definition='含","和\n换行')),
        units,
        RowFacts(0, 0, 0, 0, 0),
    )
    blank, zero = csv.DictReader(io.StringIO(to_csv(facts)))
    assert (blank["value"], zero["value"]) == ("", "0")
    assert zero["definition"] == '含","和\n换行'
    assert json.loads(to_json(facts))["figures"][0]["value"] is None
    assert facts.figure("a") == facts.figures[0]
    assert facts.figure("b") is None


def shown(values: list[int | None], total: int | None, below: int = 5) -> list[Any] | None:
    parts = hide_small([PartFact(f"单位{i}", v, 1, 1) for i, v in enumerate(values)], below=below, total=total)
    return None if parts is None else [p.value for p in parts]


@pytest.mark.parametrize(
    ("values", "total", "expected"),
    [
        ([0, 5, 9], 14, [0, 5, 9]),
        ([0, None, 9], 9, [0, None, 9]),
        ([0, 0], 0, [0, 0]),
        ([4, 7, 6], 17, [HIDDEN, 7, HIDDEN]),
        ([4, 3, 6], 13, [HIDDEN, HIDDEN, 6]),
        ([1, 1, 6], 8, [HIDDEN, HIDDEN, HIDDEN]),
        ([4, 4, 6, 9], 23, [HIDDEN, HIDDEN, HIDDEN, 9]),
        ([1, 1, 1, 1, 1], 5, None),
        ([4, 0], 4, None),
        ([1, 0], 1, None),
        ([3, 0], 9, None),
        ([6, 9], None, None),
        ([], 0, []),
    ],
)
def test_small_counts_of_parts(values: list[int | None], total: int | None, expected: list[Any] | None) -> None:
    assert shown(values, total) == expected


def test_the_threshold_is_the_school_s() -> None:
    assert shown([1, 2, 3], 6, below=1) == [1, 2, 3]
    assert shown([1, 2, 30], 33, below=3) == [HIDDEN, HIDDEN, 30]


@settings(max_examples=80)
@given(st.lists(st.none() | st.integers(0, 7), max_size=4))
def test_a_hidden_count_cannot_be_had_from_the_total(values: list[int | None]) -> None:
    """Whoever knows the rule and the total still finds several tables behind the one shown, for each hidden count."""
    total = sum(v or 0 for v in values)
    found = shown(values, total)
    if found is None or HIDDEN not in found:
        return
    assert [v for v in found if isinstance(v, int) and 0 < v < 5] == []
    rest = total - sum(v for v in found if isinstance(v, int))
    places = [i for i, v in enumerate(found) if v == HIDDEN]
    possible: list[set[int]] = [set() for _ in places]
    for guess in product(range(1, rest), repeat=len(places) - 1):
        tried = (*guess, rest - sum(guess))
        table = list(values)
        for place, value in zip(places, tried, strict=True):
            table[place] = value
        if tried[-1] > 0 and shown(table, total) == found:
            for values_of, value in zip(possible, tried, strict=True):
                values_of.add(value)
    assert all(len(p) > 1 for p in possible), possible
