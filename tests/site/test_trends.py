"""A series holds every day between its first and its newest; its sentence says where it went, what is missing, what was corrected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from jianbao.documents import CorrectedFigure, Document, DocumentKind, Status
from jianbao.facts import Facts, FigureFact, RowFacts, UnitFacts
from jianbao.site.trends import Corrected, corrections, drawn, sentence, successive

FIRST = date(2020, 2, 3)
UNITS = UnitFacts(1, 1, 0, 1, 0, 0, (), (), (), ())


def facts(day: date, value: float | None, name: str = "returned") -> Facts:
    """Return a day on which one figure was released."""
    figure = FigureFact(name, "返省教职工", value, "人", 1, 1, "返省人数", "staff_daily", 1)
    return Facts(day, datetime.combine(day, datetime.min.time()), (figure,), UNITS, RowFacts(1, 1, 0, 0, 0))


def history(values: Mapping[int, Sequence[float | None]]) -> dict[date, list[Facts]]:
    """Return released states by day: days after the first → what was released for it, in order."""
    return {FIRST + timedelta(days=n): [facts(FIRST + timedelta(days=n), v) for v in states] for n, states in values.items()}


def test_a_day_that_was_not_published_is_there_without_a_value() -> None:
    found = successive(history({0: [3], 2: [5]}), "returned")
    assert [(v.day.day, v.value) for v in found] == [(3, 3), (4, None), (5, 5)]
    assert found[1].facts is None


def test_a_day_on_which_nobody_reported_is_no_zero() -> None:
    found = successive(history({0: [3], 1: [None], 2: [0]}), "returned")
    assert [v.value for v in found] == [3, None, 0]


def test_the_newest_release_of_a_day_counts_and_earlier_values_are_kept() -> None:
    found = successive(history({0: [3, 3, 4], 1: [None, 5]}), "returned")
    assert [(v.value, v.before) for v in found] == [(4, (3,)), (5, (None,))]


def test_no_more_days_than_asked_for_and_none_before_the_first() -> None:
    known = history({0: [1], 9: [2]})
    assert [v.day for v in successive(known, "returned", days=4)] == [FIRST + timedelta(days=n) for n in (6, 7, 8, 9)]
    assert len(successive(known, "returned", days=99)) == 10
    assert successive(known, "other") == []


@pytest.mark.parametrize(
    ("values", "said"),
    [
        pytest.param({0: [3]}, "2月3日为 3 人。", id="one day"),
        pytest.param({0: [0], 1: [0]}, "2月3日至2月4日一直是 0 人。", id="level"),
        pytest.param({0: [3], 1: [5]}, "2月3日至2月4日由 3 人升至 5 人。", id="up"),
        pytest.param({0: [5], 1: [3]}, "2月3日至2月4日由 5 人降至 3 人。", id="down"),
        pytest.param(
            {0: [3], 1: [9], 2: [1], 3: [5]}, "2月3日至2月6日由 3 人升至 5 人，最高 9 人（2月4日），最低 1 人（2月5日）。", id="both ways"
        ),
        pytest.param({0: [3], 1: [9], 2: [3]}, "2月3日至2月5日由 3 人起伏后仍为 3 人，最高 9 人（2月4日）。", id="and back"),
        pytest.param({0: [3], 2: [5]}, "2月3日至2月5日由 3 人升至 5 人。其中 1 天没有数据，不按零计。", id="gap"),
        pytest.param(
            {0: [3], 1: [9], 340: [5]},
            "2020年2月3日至2021年1月8日由 3 人升至 5 人，最高 9 人（2020年2月4日）。其中 338 天没有数据，不按零计。",
            id="over the turn of a year",
        ),
        pytest.param({0: [3, 4], 1: [5]}, "2月3日至2月4日由 4 人升至 5 人。有 1 天的数发布后更正过。", id="corrected"),
        pytest.param({0: [None]}, "还没有数据。", id="nothing"),
    ],
)  # fmt: skip
def test_the_sentence_says_what_the_chart_shows(values: Mapping[int, Sequence[float | None]], said: str) -> None:
    assert sentence(successive(history(values), "returned"), "人") == said


def test_the_chart_s_marks_are_explained_where_they_are_there() -> None:
    plain, marked = (successive(history(v), "returned") for v in ({0: [3], 1: [5]}, {0: [3, 4], 2: [5]}))
    fact, facts = plain[0].fact, plain[0].facts
    assert fact is not None
    assert facts is not None
    assert [(drawn(s, fact, facts)["gaps"], drawn(s, fact, facts)["corrected"]) for s in (plain, marked)] == [(False, False), (True, True)]


def correction(day: date, now: float | None, status: Status = Status.SIGNED, on: int = 20, name: str = "returned") -> Document:
    """Return a correction of a day's figure, issued on a day of February."""
    return Document(
        path=f"notices/c-{on}.md", title="更正", kind=DocumentKind.CORRECTION, status=status, on=date(2020, 2, on), body="", data_date=day,
        figures=(CorrectedFigure(name, 3, now),),
    )  # fmt: skip


def test_a_correction_in_force_says_what_the_number_is_and_where_that_stands() -> None:
    found = corrections([correction(FIRST, 5, on=21), correction(FIRST, 4, on=20), correction(FIRST, 9, name="other")], "returned")
    assert found == {FIRST: Corrected(5, "notices/c-21.md")}
    value = replace(successive(history({0: [3]}), "returned")[0], corrected=found[FIRST])
    assert (value.value, value.moved) == (5, True)
    assert sentence([value], "人") == "2月3日为 5 人。有 1 天的数发布后更正过。"


@pytest.mark.parametrize("status", [Status.DRAFT, Status.WITHDRAWN, Status.SUPERSEDED])
def test_a_correction_that_is_not_in_force_corrects_nothing(status: Status) -> None:
    assert corrections([correction(FIRST, 5, status)], "returned") == {}
