"""What every engine does, and which one the settings ask for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Protocol, TypeVar

from jianbao.engine.cluster import Cluster
from jianbao.engine.local import Local
from jianbao.settings import EngineSettings

Item = TypeVar("Item")
Result = TypeVar("Result")


class Engine(Protocol):
    """Does one piece of work for each of many items."""

    def each(self, work: Callable[[Item], Result], items: Sequence[Item]) -> Iterator[tuple[Item, Result]]:
        """Yield every item with its result, as they are done; an item's work knows of no other's.

        What the work raises is raised here.
        """


def open_engine(settings: EngineSettings) -> AbstractContextManager[Engine]:
    """Return the engine that the settings name, to be closed when all is counted."""
    return Cluster(settings.address) if settings.kind == "dask" else Local()
