"""`publish` in a child that dies at one of its writes, and what the next run makes of it."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from jianbao.cli.commands import jianbao

from .conftest import DAY, NOON

WRITES: Final = {"os.rename": 1, "os.remove": 0, "os.rmdir": 0, "os.mkdir": 0, "os.link": 1, "os.symlink": 1, "os.truncate": 0}
"""What Python says before it writes, and which word of it is the path; `open` is told apart by how it opens."""
KILLED: Final = 77

FORKS: Final = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload([
    "jianbao.cli.telling", "jianbao.pipeline.publish", "jianbao.pipeline.filling", "jianbao.pipeline.marking", "jianbao.pipeline.papers",
    "jianbao.reading.read", "jianbao.validation", "jianbao.printing.volume", "mkdocs.commands.build", "mkdocs.config", "mkdocs.theme",
    "material", "bagit", "bs4", "jieba", "pandas", "pyarrow.dataset", "pyarrow.parquet", "pypdf", "typst", "jinja2.sandbox", "jsonschema",
    "rich.console", "pymdownx.superfences", "pymdownx.details", "pymdownx.slugs", "markdown.extensions.footnotes",
    "markdown.extensions.md_in_html",
    "markdown.extensions.def_list", "markdown.extensions.tables", "ahocorasick_rs", "nh3", "mkdocs.localization",
])  # fmt: skip

FORMS_KEPT: Final = {"units", "staff", "students", "staff_daily", "student_daily", "unit_daily", "department_news"}

Kind = tuple[str, ...]


def publish(root: Path) -> None:
    jianbao.main(["--project", str(root), "publish", "--date", DAY, "--as-of", NOON], standalone_mode=False)


def publish_in_child(root: Path, *, kill_at: tuple[Kind, int] | None = None, log: Path | None = None) -> int:
    """Publish in a forked child, which dies at its n-th write of a kind below `root`. Returns its exit code.

    It is forked from a process that has imported everything and run nothing: the typesetter's threads do not live through a fork.
    """
    child = FORKS.Process(target=_publish_watched, args=(root, kill_at, log))
    child.start()
    child.join()
    assert child.exitcode is not None
    return child.exitcode


def _publish_watched(root: Path, kill_at: tuple[Kind, int] | None, log: Path | None) -> None:
    code = 1
    try:
        sink = os.open(os.devnull, os.O_WRONLY)
        os.dup2(sink, 1)
        os.dup2(sink, 2)
        sys.addaudithook(Killer(root, kill_at, log))
        publish(root)
        code = 0
    finally:
        os._exit(code)


class Killer:
    """Counts the writes below a folder by kind, before they happen, and ends the process at one of them."""

    def __init__(self, root: Path, kill_at: tuple[Kind, int] | None, log: Path | None) -> None:
        self.root, self.kill_at, self.count = f"{root}{os.sep}", kill_at, Counter[Kind]()
        self.log = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND) if log else None

    def __call__(self, event: str, args: tuple[object, ...]) -> None:
        path = written(event, args)
        if path is None or not path.startswith(self.root) or path == f"{self.root}private/.lock":
            return
        kind = kind_of(event, path.removeprefix(self.root))
        self.count[kind] += 1
        if self.log is not None:
            os.write(self.log, f"{' '.join(kind)}\n".encode())
        if self.kill_at == (kind, self.count[kind]):
            os._exit(KILLED)


def written(event: str, args: tuple[object, ...]) -> str | None:
    """Return the path that an event is about to write, or None."""
    if event == "open":
        path, mode, flags = args
        writes = (isinstance(mode, str) and any(c in mode for c in "wax+")) or (isinstance(flags, int) and flags & os.O_ACCMODE)
        return str(path) if writes else None
    if event not in WRITES:
        return None
    path, within = Path(str(args[WRITES[event]])), args[-1]
    if isinstance(within, int) and within > 2 and not path.is_absolute():  # a tree is removed from within its open folders
        folder = Path(f"/proc/self/fd/{within}")
        path = folder.readlink() / path if folder.exists() else path
    return None if event == "os.mkdir" and path.is_dir() else str(path)


def kind_of(event: str, path: str) -> Kind:
    """Return what makes writes alike: what is done, and in which part of the office."""
    first, second, third, *_rest = (*path.split("/"), "", "")
    if first == "record" and third:
        return (event, first, "sealing" if third.startswith(("tmp", "tagmanifest")) else "payload")
    return (event, first, second, third) if first == "build" and second != "printed" else (event, first, second)


def chosen(log: str, *, first: bool) -> Iterator[tuple[Kind, int]]:
    """Yield the writes to be killed at: the first or the last of each kind, all of them under JIANBAO_EVERY_WRITE."""
    for kind, times in Counter(tuple(line.split(" ")) for line in log.splitlines()).items():
        for number in range(1, times + 1):
            if number == (1 if first else times) or os.environ.get("JIANBAO_EVERY_WRITE"):
                yield kind, number


def tree(root: Path) -> dict[str, bytes]:
    """Return every file of an office but the lock and what can be made again at any time."""
    left_out = (
        "private/.lock", "private/readings/", "private/folds/", "private/standing.json", "private/gate.kept",
        "build/public/texts.kept", "build/public/site-rendered.kept",
    )  # fmt: skip
    paths = (p for p in sorted(root.rglob("*")) if p.is_file())
    return {n: p.read_bytes() for p in paths if not (n := p.relative_to(root).as_posix()).startswith(left_out)}


def few_forms(office: Path) -> None:
    for form in (office / "forms_schema").glob("*.yaml"):
        if form.stem not in FORMS_KEPT:
            form.unlink()


NOTICE: Final = "---\ntitle: 通知一则\nkind: notice\nstatus: signed\ndate: 2020-02-06\n---\n\n正文。\n"


def differing_after(
    kills: list[tuple[Kind, int]], before: Path, desk: Path, expected: dict[str, bytes], *, released: bool
) -> dict[tuple[Kind, int], list[str]]:
    """Cut a run off at each of these writes, run it again, and return in which files the result is another."""
    differing = {}
    for kill in kills:
        cut = desk / "cut"
        shutil.copytree(before, cut)
        code = publish_in_child(cut, kill_at=kill)
        assert code == KILLED or (code == 0 and kill[0][0] == "os.mkdir"), kill  # two threads may both make a folder, or one
        assert not released or any((cut / "build/public" / name / "index.html").is_file() for name in ("site", "site.old")), kill
        assert publish_in_child(cut) == 0, f"the run after a kill at {kill} did not complete"
        found = tree(cut)
        differing[kill] = sorted(n for n in found.keys() | expected.keys() if found.get(n) != expected.get(n))
        shutil.rmtree(cut)
    return {n: names for n, names in differing.items() if names}
