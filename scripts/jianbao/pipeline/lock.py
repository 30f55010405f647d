"""The office's lock: one run at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from filelock import FileLock, Timeout

from jianbao import files
from jianbao.errors import Refused
from jianbao.messages import _
from jianbao.project import Project


@contextmanager
def alone(project: Project, *, wait: float = 0) -> Iterator[None]:
    """Hold the office's lock. Raises Refused where another run holds it, and still does after `wait` seconds."""
    files.private_folder(project.private)
    lock = FileLock(project.private / ".lock", timeout=wait)
    try:
        lock.acquire()
    except Timeout as error:
        raise Refused(_("另一个 jianbao 正在这个办公室里运行"), _("等它结束后再试。")) from error
    try:
        yield
    finally:
        lock.release()
