"""This machine's cores do every piece of work once, a few at a time, and what goes wrong with one is heard of."""

from __future__ import annotations

import os
import time

import pytest

from jianbao.engine import Local, open_engine
from jianbao.engine.cluster import Cluster
from jianbao.settings import EngineSettings


@pytest.mark.parametrize("count", [0, 1, 2, 50])
def test_each_item_comes_back_once_with_its_own_result(count: int) -> None:
    with Local() as engine:
        found = sorted(engine.each(lambda n: n * n, range(count)))
    assert found == [(n, n * n) for n in range(count)]


def test_nothing_is_begun_far_ahead_of_whoever_takes_the_results() -> None:
    begun: list[int] = []
    with Local() as engine:
        for taken, (_item, _result) in enumerate(engine.each(begun.append, range(40))):
            time.sleep(0.005)
            assert len(begun) <= taken + 2 * (os.cpu_count() or 1)
    assert sorted(begun) == list(range(40))


def test_what_one_piece_of_work_raises_is_raised() -> None:
    def work(item: int) -> int:
        if item == 7:
            raise LookupError(item)
        return item

    with Local() as engine, pytest.raises(LookupError):
        list(engine.each(work, range(20)))


@pytest.mark.parametrize(
    ("settings", "kind"), [(EngineSettings(), Local), (EngineSettings("local"), Local), (EngineSettings("dask", "tcp://a:1"), Cluster)]
)
def test_the_engine_is_the_one_the_settings_name(settings: EngineSettings, kind: type) -> None:
    with open_engine(settings) as engine:
        assert isinstance(engine, kind)
