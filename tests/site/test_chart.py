"""A chart says what the figures say: every value at its height, a gap where there is none, a correction marked."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jianbao.site.chart import Point, chart, scale

FIRST = date(2020, 2, 28)


def points(*values: float | None, corrected: Sequence[int] = ()) -> list[Point]:
    """Return successive days with these values."""
    return [Point(FIRST + timedelta(days=i), v, i in corrected) for i, v in enumerate(values)]


def drawn(found: Sequence[Point], title: str = "返校") -> ET.Element:
    """Draw, and read the drawing as XML."""
    return ET.fromstring(chart(found, name="x", title=title))


def of_class(svg: ET.Element, name: str) -> list[Mapping[str, str]]:
    """Return the attributes of a drawing's elements of one class."""
    return [e.attrib for e in svg.iter() if name in e.get("class", "").split()]


def heights(svg: ET.Element) -> dict[str, float]:
    """Return the height at which each mark of the axis stands, by what is written at it."""
    lines = [float(e.attrib["y1"]) for e in svg.iter("line") if e.get("class") in ("jb-chart__grid", "jb-chart__axis")]
    ticks = [e.text or "" for e in svg.iter("text") if e.get("class") == "jb-chart__tick"]
    return dict(zip(ticks, lines, strict=True))


@given(st.lists(st.one_of(st.none(), st.integers(0, 20_000)), min_size=1, max_size=40))
def test_each_value_has_a_dot_at_its_height_and_nothing_else_has(values: list[int | None]) -> None:
    svg = drawn(points(*values))
    at = heights(svg)
    (low, y0), (high, y1) = min((float(t), y) for t, y in at.items()), max((float(t), y) for t, y in at.items())
    dots = of_class(svg, "jb-chart__dot")
    told = [low + (y0 - float(d["cy"])) * (high - low) / (y0 - y1) for d in dots]
    stated = [v for v in values if v is not None]
    assert len(told) == len(stated)
    assert all(abs(a - b) <= (high - low) / 1000 for a, b in zip(told, stated, strict=True))
    assert len(of_class(svg, "jb-chart__gap")) == values.count(None)
    assert len(of_class(svg, "jb-chart__line")) == sum(a is not None and b is not None for a, b in pairwise(values))


def test_days_stand_at_equal_distances_so_that_a_gap_is_as_wide_as_it_lasted() -> None:
    svg = drawn(points(1, None, None, 4, 5))
    across = [float(d["cx"].rstrip("%")) for d in of_class(svg, "jb-chart__dot")]
    assert across[1] - across[0] == pytest.approx(3 * (across[2] - across[1]), rel=1e-3)


def test_a_corrected_value_is_told_apart_by_shape() -> None:
    plain, corrected = drawn(points(3, 4, 5)), drawn(points(3, 4, 5, corrected=[1]))
    assert of_class(plain, "jb-chart__dot--corrected") == []
    (mark,) = of_class(corrected, "jb-chart__dot--corrected")
    assert mark["r"] != of_class(plain, "jb-chart__dot")[1]["r"]


def test_the_last_value_is_written_and_few_days_are_named() -> None:
    svg = drawn(points(*range(30)))
    assert [e.text for e in svg.iter("text") if e.get("class") == "jb-chart__last"] == ["29"]
    days = [e.text for e in svg.iter("text") if e.get("class") == "jb-chart__day"]
    assert days == ["3月4日", "3月12日", "3月20日", "3月28日"]
    assert [e.text for e in drawn(points(*range(7))).iter("text") if e.get("class") == "jb-chart__day"] == [
        "2月28日",
        "3月1日",
        "3月3日",
        "3月5日",
    ]


def test_days_of_more_than_one_year_say_theirs() -> None:
    svg = drawn(points(*range(360)))
    days = [e.text for e in svg.iter("text") if e.get("class") == "jb-chart__day"]
    assert (days[0], days[-1]) == ("2020.5.27", "2021.2.21")


def test_a_title_is_text_and_never_markup() -> None:
    svg = drawn(points(1), title='<script>"&')
    assert svg.findtext("title") == '<script>"&'
    assert svg.find("script") is None


@pytest.mark.parametrize(
    ("low", "high", "marks"),
    [
        pytest.param(0, 0, [0, 1, 2], id="nothing"),
        pytest.param(0, 1, [0, 1, 2], id="one: no half person"),
        pytest.param(0, 12, [0, 5, 10, 15], id="dozen"),
        pytest.param(9, 12, [0, 5, 10, 15], id="from zero though all are large"),
        pytest.param(0, 13_699, [0, 5000, 10000, 15000], id="thousands"),
        pytest.param(0, 37.3, [0, 10, 20, 30, 40], id="with a point"),
        pytest.param(0, 0.6, [0, 0.2, 0.4, 0.6], id="parts of one"),
    ],
)
def test_the_axis_begins_at_zero_and_has_round_marks(low: float, high: float, marks: list[float]) -> None:
    assert scale(low, high) == pytest.approx(marks)


@given(st.floats(0, 1e6, allow_nan=False), st.floats(0, 1e6, allow_nan=False))
def test_the_axis_holds_every_value_with_three_to_seven_marks(a: float, b: float) -> None:
    marks = scale(min(a, b), max(a, b))
    assert marks[0] <= 0
    assert marks[-1] >= max(a, b)
    assert 3 <= len(marks) <= 7


def test_no_colour_stands_in_the_drawing() -> None:
    assert not re.search(r"#[0-9a-f]{3}|rgb|fill=|stroke=", chart(points(1, None, 3), name="x", title="数"))
