"""The cores of this machine, side by side and never far ahead, so that only a few parts stand in memory at once."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from types import TracebackType
from typing import Final, Self, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

_CORES: Final = os.cpu_count() or 1


class Local:
    """Threads: reading and counting columns is Arrow's work, which does not hold the interpreter."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Close nothing: the threads end with each piece of work."""

    def each(self, work: Callable[[Item], Result], items: Sequence[Item]) -> Iterator[tuple[Item, Result]]:
        """Yield every item with its result, as they are done."""
        if len(items) < 2 or _CORES < 2:
            yield from ((item, work(item)) for item in items)
            return
        with ThreadPoolExecutor(_CORES) as pool:
            waiting, under_way = list(reversed(items)), dict[Future[Result], Item]()
            while waiting or under_way:
                while waiting and len(under_way) < _CORES:
                    item = waiting.pop()
                    under_way[pool.submit(work, item)] = item
                for future in wait(under_way, return_when=FIRST_COMPLETED).done:
                    yield under_way.pop(future), future.result()
