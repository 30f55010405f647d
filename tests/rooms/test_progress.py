"""How long the rest takes is known from what is done, and not before."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jianbao.cli.meter import spoken
from jianbao.progress import Pace


def pace(*told: tuple[float, int], whole: int = 1000, began: float = 0.0, first: int = 0) -> Pace:
    found = Pace(began, first)
    for now, done in told:
        found.reached(done, whole, now)
    return found


@given(rate=st.integers(1, 200), seconds=st.integers(2, 50), began=st.integers(-(10**6), 10**6), first=st.integers(0, 500))
def test_at_a_constant_pace_it_is_exact(rate: int, seconds: int, began: int, first: int) -> None:
    whole = first + rate * 60
    found = pace((began + seconds, first + rate * seconds), whole=whole, began=began, first=first)
    assert found.left == pytest.approx(60 - seconds, rel=1e-6, abs=1e-4)


@given(rate=st.integers(1, 50))
def test_at_a_constant_pace_it_only_falls(rate: int) -> None:
    found = Pace(0.0)
    left = []
    for second in range(61):
        found.reached(rate * second, rate * 60, float(second))
        left.append(found.left)
    known = [one for one in left if one is not None]
    assert all(a > b for a, b in pairwise(known))
    assert known[-1] == 0


@pytest.mark.parametrize(
    ("found", "why"),
    [
        (pace(), "nothing was told"),
        (pace((1.9, 900)), "too little time"),
        (pace((60.0, 19)), "too little of the work"),
        (pace((60.0, 0)), "nothing done"),
        (pace((60.0, 100), first=100), "nothing done since it began"),
        (pace((60.0, 5), whole=0), "nobody knows how much there is"),
    ],
    ids=lambda v: v if isinstance(v, str) else "",
)
def test_it_says_nothing_before_it_can_know(found: Pace, why: str) -> None:
    assert found.left is None, why


def test_a_slower_pace_is_a_longer_rest_and_never_a_negative_one() -> None:
    fast, slow = pace((10.0, 500)).left, pace((20.0, 500)).left
    assert (fast, slow) == (10.0, 20.0)
    assert pace((10.0, 1200)).left == 0
    assert pace((10.0, 1200)).share == 1


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (pace((1.0, 250)), "计算 25%"),
        (pace((10.0, 500)), "计算 50%，还需约 10 秒"),
        (pace((10.0, 999)), "计算 100%，还需约 1 秒"),
        (pace((100.0, 250)), "计算 25%，还需约 5 分钟"),
    ],
)
def test_how_it_is_said(found: Pace, said: str) -> None:
    assert spoken("计算", found) == said
