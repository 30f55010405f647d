"""A Dask cluster: the one home of dask and distributed, which come with the extra `scale`.

The scheduler hands the parts out, gives those of a worker that dies to another, and keeps the results until they are fetched: all
of that is Dask's. What is ours is that nothing is used of a count that did not come to its end.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from importlib.metadata import PackageNotFoundError, version
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self, TypeVar

from jianbao import __version__
from jianbao.errors import ClusterLost, UsageError
from jianbao.messages import _, listed

if TYPE_CHECKING:
    from distributed import Client

Item = TypeVar("Item")
Result = TypeVar("Result")

_SECONDS: Final = 10.0


class Cluster:
    """The workers of the scheduler at an address, which is called when there is something to count.

    It is waited for `seconds`, and so is the first of its workers.
    """

    def __init__(self, address: str, seconds: float = _SECONDS) -> None:
        self._address, self._seconds = address, seconds
        self._client: Client | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Take leave of the scheduler."""
        if self._client is not None:
            self._client.close(timeout=1)

    def each(self, work: Callable[[Item], Result], items: Sequence[Item]) -> Iterator[tuple[Item, Result]]:
        """Yield every item with its result, as they are done.

        Raises UsageError where the extra is not installed, ClusterLost where nobody answers, or the scheduler or every
        worker goes away meanwhile.
        """
        client = self._connected()
        from concurrent.futures import CancelledError

        from distributed import KilledWorker, as_completed

        futures = client.map(work, items, pure=False)
        asked = {future.key: item for future, item in zip(futures, items, strict=True)}
        try:
            for future in as_completed(futures, loop=client.loop):
                yield asked[future.key], future.result()
        except (CancelledError, KilledWorker, OSError, TimeoutError) as error:
            raise self._lost(error) from error

    def _connected(self) -> Client:
        """Return the connection to the scheduler, made once; its workers have this very version."""
        if self._client is not None:
            return self._client
        try:
            from distributed import Client
        except ImportError as error:
            raise UsageError(
                _('jianbao.toml 的 [engine] 写了 kind = "dask"，但没有安装 Dask'),
                _("安装：pip install 'jianbao[scale]'；或删去 [engine]，在本机计算。"),
            ) from error
        logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what is wrong is said by us, once
        try:
            client = Client(self._address, timeout=self._seconds, set_as_default=False)
        except (OSError, TimeoutError) as error:
            raise self._lost(error) from error
        try:
            self._require_same_version(client)
        except BaseException:
            client.close(timeout=1)
            raise
        self._client = client
        return client

    def _require_same_version(self, client: Client) -> None:
        """Raise ClusterLost where nobody works, or some have another version of the program, or none: they might count otherwise."""
        try:
            client.wait_for_workers(1, timeout=self._seconds)
            found = set(client.run(version, "jianbao").values())
        except PackageNotFoundError:
            found = {_("没有安装")}
        except (OSError, TimeoutError) as error:
            raise self._lost(error) from error
        if others := sorted(found - {__version__}):
            raise ClusterLost(
                _("集群 {address} 的工作进程上的 jianbao：{found}；这里是 {expected}").format(
                    address=self._address, found=listed(others), expected=__version__),
                _("在集群的每台机器上装同一版本：pip install 'jianbao[scale]=={version}'。").format(version=__version__),
            )  # fmt: skip

    def _lost(self, error: BaseException) -> ClusterLost:
        return ClusterLost(
            _("集群 {address} 没有应答，或在计算途中失去联系（{detail}）；没有写下任何数").format(
                address=self._address, detail=str(error) or type(error).__name__),
            _("看调度器和工作进程是否还在运行，再来一次；或删去 jianbao.toml 的 [engine]，在本机计算，结果相同。"),
        )  # fmt: skip
