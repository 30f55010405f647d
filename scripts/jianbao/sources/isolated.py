"""Reading in a process of its own, for files that could take the process with them.

Run as `python -m jianbao.sources.isolated`: takes lengths and bytes on standard input, answers pickles on
standard output. A child that dies or stalls costs its file, and nothing else.
"""

from __future__ import annotations

import pickle
import struct
import subprocess
import sys
import threading
from typing import BinaryIO, Final, Self, cast

from jianbao.messages import _
from jianbao.sources.grid import Unreadable, WorkbookCells
from jianbao.values import Code

SECONDS: Final = 60
"""How long one old workbook may take: the largest .xls (65,536 rows × 256 columns, all filled) takes 20."""

MEMORY: Final = 2 << 30
"""Address space of the child, where the system can limit it (POSIX). On Windows only its death is contained."""

_LENGTH: Final = struct.Struct(">Q")


class IsolatedReader:
    """A child process that reads workbooks one after another, started when first needed.

    One caller at a time; a second thread waits.
    """

    def __init__(self) -> None:
        self._child: subprocess.Popen[bytes] | None = None
        self._turn = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._stop()

    def read(self, data: bytes) -> WorkbookCells | Unreadable:
        """Return a workbook's cells, or why there are none."""
        with self._turn:
            child = self._child = self._child or _start()
            watchdog = threading.Timer(SECONDS, child.kill)
            watchdog.start()
            try:
                send(cast("BinaryIO", child.stdin), data)
                return cast("WorkbookCells | Unreadable", pickle.loads(receive(cast("BinaryIO", child.stdout))))  # noqa: S301  # our own child's
            except (OSError, EOFError, pickle.UnpicklingError):
                self._stop()
                return Unreadable(Code.UNREADABLE_WORKBOOK, _("读取这个文件的进程中断，文件可能已损坏"))
            finally:
                watchdog.cancel()

    def _stop(self) -> None:
        if self._child:
            self._child.kill()
            self._child.communicate()
            self._child = None


def _start() -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "jianbao.sources.isolated"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def send(stream: BinaryIO, data: bytes) -> None:
    """Write a length and so many bytes."""
    stream.write(_LENGTH.pack(len(data)) + data)
    stream.flush()


def receive(stream: BinaryIO) -> bytes:
    """Read a length and so many bytes. Raises EOFError where the other side is gone."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        raise EOFError
    (size,) = _LENGTH.unpack(head)
    data = stream.read(size)
    if len(data) < size:
        raise EOFError
    return data


def _limit_memory() -> None:
    try:
        import resource  # POSIX only

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    except (ImportError, ValueError, OSError):
        return


def serve() -> None:
    """Read workbooks from standard input until it ends."""
    from jianbao.sources.preflight import Damaged, Oversized
    from jianbao.sources.workbook import open_old_grids

    _limit_memory()
    while True:
        try:
            data = receive(sys.stdin.buffer)
        except EOFError:
            return
        try:
            answer: WorkbookCells | Unreadable = open_old_grids(data)
        except (Damaged, Oversized, OSError, ValueError, IndexError, MemoryError):
            answer = Unreadable(Code.UNREADABLE_WORKBOOK, _("文件不完整或已损坏"))
        send(sys.stdout.buffer, pickle.dumps(answer))


if __name__ == "__main__":
    serve()
