"""Kill `publish` at a write, run it again: the result is that of an undisturbed run."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

from jianbao.cli.commands import jianbao

from .conftest import DAY, NOON

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not hasattr(os, "fork"), reason="kills a forked child (POSIX)")]

WRITES = {"os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.link", "os.truncate"}
KILLED = 77
ALIKE = 3
"""Writes of one kind into one folder are alike: the first few and the last stand for all, unless JIANBAO_EVERY_WRITE is set."""


def publish_in_child(root: Path, *, kill_at: int = 0, log: Path | None = None) -> int:
    """Publish in a forked child; it dies at its `kill_at`-th write below `root`. Returns its exit code."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    code = 1
    try:
        sink = os.open(os.devnull, os.O_WRONLY)
        os.dup2(sink, 1)
        os.dup2(sink, 2)
        sys.addaudithook(Killer(root, kill_at, log))
        jianbao.main(["--project", str(root), "publish", "--date", DAY, "--as-of", NOON], standalone_mode=False)
        code = 0
    finally:
        os._exit(code)


class Killer:
    """Counts the writes below a folder, before they happen, and ends the process at one of them."""

    def __init__(self, root: Path, kill_at: int, log: Path | None) -> None:
        self.root, self.kill_at, self.count = str(root), kill_at, 0
        self.log = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND) if log else None

    def __call__(self, event: str, args: tuple[object, ...]) -> None:
        if event == "open":
            path, mode, flags = args
            writes = (isinstance(mode, str) and any(c in mode for c in "wax+")) or (isinstance(flags, int) and flags & os.O_ACCMODE)
        elif event in WRITES:
            path, writes = args[-2] if event == "os.rename" else args[0], True
        else:
            return
        if not writes or not str(path).startswith(self.root) or str(path).endswith(".lock"):
            return
        self.count += 1
        if self.log is not None:
            os.write(self.log, f"{event} {os.path.relpath(str(path), self.root)}\n".encode())
        if self.count == self.kill_at:
            os._exit(KILLED)


def tree(root: Path) -> dict[str, bytes]:
    """Return every file of an office but the lock and what can be made again at any time."""
    left_out = ("private/.lock", "private/readings/")
    paths = (p for p in sorted(root.rglob("*")) if p.is_file())
    return {n: p.read_bytes() for p in paths if not (n := p.relative_to(root).as_posix()).startswith(left_out)}


def chosen(log: str) -> list[int]:
    """Return the numbers of the writes to be killed at."""
    if os.environ.get("JIANBAO_EVERY_WRITE"):
        return list(range(1, len(log.splitlines()) + 1))
    groups: dict[tuple[str, ...], list[int]] = {}
    for number, line in enumerate(log.splitlines(), 1):
        event, path = line.split(" ", 1)
        groups.setdefault((event, *path.split("/")[:3]), []).append(number)
    return sorted({n for found in groups.values() for n in (*found[:ALIKE], found[-1])})


@pytest.fixture
def plain_office(office: Path) -> Path:
    """The office with a site that builds fast: search is no part of what is tested here."""
    config = office / "mkdocs.yml"
    text = config.read_text("utf-8")
    start, end = text.index("plugins:"), text.index("markdown_extensions:")
    config.write_text(text[:start] + "plugins: []\n\n" + text[end:], encoding="utf-8")
    return office


@pytest.mark.parametrize("half", [0, 1])
def test_a_run_cut_off_at_any_write_is_completed_by_the_next(plain_office: Path, tmp_path: Path, half: int) -> None:
    whole, log = tmp_path / "whole", tmp_path / "writes.txt"
    shutil.copytree(plain_office, whole)
    assert publish_in_child(whole, log=log) == 0
    expected, numbers = tree(whole), chosen(log.read_text())
    assert len(numbers) > 60
    differing = {}
    for number in numbers[half::2]:
        cut = tmp_path / "cut"
        shutil.copytree(plain_office, cut)
        assert publish_in_child(cut, kill_at=number) == KILLED
        assert publish_in_child(cut) == 0, f"the run after a kill at write {number} did not complete"
        found = tree(cut)
        differing[number] = sorted(n for n in found.keys() | expected.keys() if found.get(n) != expected.get(n))
        shutil.rmtree(cut)
    assert {n: names for n, names in differing.items() if names} == {}
