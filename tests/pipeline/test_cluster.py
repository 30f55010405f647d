"""A Dask cluster counts what one machine counts, whoever dies on the way, or says that it could not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from jianbao.cli.commands import jianbao
from jianbao.counting import Partial, Question, added
from jianbao.engine import Local
from jianbao.engine.cluster import Cluster
from jianbao.errors import ClusterLost, LedgerChanged
from jianbao.forms.load import load_forms
from jianbao.ledger import Ledger
from jianbao.pipeline.counting import Piece, count_piece
from jianbao.project import Project
from jianbao.validation import Registers

from .made import FIRST, slowly, write_ledger

DAYS = 40
SECONDS = 20.0
TESTS = str(Path(__file__).parents[1])


@dataclass
class Machines:
    """A scheduler and its workers, a process each, that only this machine can reach."""

    folder: Path
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def _file(self) -> Path:
        return self.folder / "scheduler.json"

    @property
    def address(self) -> str:
        return str(json.loads(self._file.read_text())["address"])

    def start(self, name: str, *words: str) -> None:
        command = [sys.executable, "-m", "dask", *words, "--no-dashboard", "--scheduler-file", str(self._file)]
        log = (self.folder / f"{name}.log").open("wb")
        with log:
            self.processes[name] = subprocess.Popen(command, cwd=self.folder, stdout=log, stderr=log, env=os.environ | {"PYTHONPATH": TESTS})

    def start_all(self) -> None:
        self.start("scheduler", "scheduler", "--host", "127.0.0.1", "--port", "0")
        until(lambda: self._file.is_file() and self._file.read_text().strip() != "")
        for name in ("one", "two"):
            self.start(name, "worker", "--host", "127.0.0.1", "--nthreads", "1", "--no-nanny")

    def kill(self, name: str) -> None:
        self.processes[name].kill()
        self.processes[name].wait()

    def stop(self) -> None:
        for name in self.processes:
            self.kill(name)


def until(what: object) -> None:
    end = time.monotonic() + SECONDS
    while not what():  # type: ignore[operator]  # a condition
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.fixture
def machines(tmp_path: Path) -> Iterator[Machines]:
    found = Machines(tmp_path)
    found.start_all()
    yield found
    found.stop()


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office whose ledger holds forty days of a daily form, one part each but the last, which has three."""
    return write_ledger(tmp_path_factory.mktemp("office"), DAYS)


def pieces_of(office: Path) -> list[Piece]:
    """Return every kept part with all that its form asks."""
    project = Project.open(office)
    form = load_forms(project.forms, project.settings.names)["health"]
    ledger, questions = Ledger(project.private / "ledger"), tuple(Question.of(form, i, Registers()) for i in form.indicators)
    found = []
    for number in range(DAYS):
        day = FIRST + timedelta(number)
        kept = ledger.kept(form, day)
        assert kept is not None
        found += [Piece(day, part, {"fever_threshold": 37.2}, kept.once, questions) for part in kept.parts]
    return found


Counted = list[tuple[date, tuple[Partial, ...]]]


def values(pieces: list[Piece], counted: Counted) -> list[object]:
    """What all days come to: value, rows and everybody who has answered, a figure each."""
    found: list[object] = []
    for place, question in enumerate(pieces[0].questions):
        total = added(partials[place] for _day, partials in counted)
        found.append((total.value(question.indicator), total.rows, total.hits, total.answered.total))
    return found


def test_a_worker_that_is_killed_while_it_counts_costs_nothing_but_time(machines: Machines, office: Path) -> None:
    pieces = pieces_of(office)
    with Local() as local:
        whole = values(pieces, [(p.day, found) for p, found in local.each(count_piece, pieces)])
    by: dict[int, int] = {}
    counted: Counted = []
    with Cluster(machines.address) as cluster:
        until(lambda: len(cluster._connected().scheduler_info()["workers"]) == 2)
        for piece, (process, partials) in cluster.each(slowly, pieces):
            counted.append((piece.day, partials))
            by[process] = by.get(process, 0) + 1
            if len(counted) == 10:
                machines.kill("one")
    assert values(pieces, counted) == whole
    assert len(counted) == len(pieces)
    assert by.get(machines.processes["one"].pid, 0) <= 20
    assert by[machines.processes["two"].pid] >= len(pieces) // 2
    assert machines.processes["one"].pid in by


def test_a_lost_scheduler_is_an_error_and_no_figure(machines: Machines, office: Path) -> None:
    pieces, counted = pieces_of(office), 0
    with Cluster(machines.address, seconds=3) as cluster, pytest.raises(ClusterLost, match="没有写下任何数") as lost:
        for _piece, _found in cluster.each(slowly, pieces):
            counted += 1
            if counted == 5:
                machines.kill("scheduler")
    assert counted < len(pieces)
    assert machines.address in lost.value.message
    assert lost.value.exit_code == 1


def test_nobody_at_the_address_is_an_error() -> None:
    with Cluster("tcp://127.0.0.1:9", seconds=0.5) as cluster, pytest.raises(ClusterLost, match=r"tcp://127\.0\.0\.1:9"):
        list(cluster.each(count_piece, []))
