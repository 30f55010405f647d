"""A Dask cluster counts what one machine counts, whoever dies on the way, or says that it could not."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import pytest
from distributed import Client

from jianbao.counting import Partial, Question, added
from jianbao.engine import Local
from jianbao.engine.cluster import Cluster
from jianbao.errors import ClusterLost, LedgerChanged
from jianbao.forms.load import load_forms
from jianbao.ledger import Ledger
from jianbao.pipeline.counting import Piece, count_piece
from jianbao.project import Project
from jianbao.validation import Registers

from .conftest import Run
from .made import FIRST, slowly, write_ledger

DAYS = 40
SECONDS = 20.0
TESTS = Path(__file__).parents[1]


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

    def start(self, name: str, *words: str, path: Path = TESTS) -> None:
        command = [sys.executable, "-m", "dask", *words, "--no-dashboard", "--scheduler-file", str(self._file)]
        log = (self.folder / f"{name}.log").open("wb")
        with log:
            self.processes[name] = subprocess.Popen(
                command, cwd=self.folder, stdout=log, stderr=log, env=os.environ | {"PYTHONPATH": str(path)}
            )

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


def until(what: Callable[[], bool]) -> None:
    end = time.monotonic() + SECONDS
    while not what():
        assert time.monotonic() < end
        time.sleep(0.05)


def wait_for_both(address: str) -> None:
    with Client(address, set_as_default=False) as client:
        client.wait_for_workers(2, timeout=SECONDS)


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


ASKED = ("figures", "--from", "2020-03-15", "--to", "2020-03-31", "--as-of", "2020-04-01T12:00", "--format", "json")


@pytest.fixture
def asking(office: Path, tmp_path: Path) -> Callable[[str], Path]:
    """The same office with the settings of a cluster."""

    def made(address: str) -> Path:
        root = shutil.copytree(office, tmp_path / "asking")
        with (root / "jianbao.toml").open("a", encoding="utf-8") as toml:
            toml.write(f'[engine]\nkind = "dask"\naddress = "{address}"\n')
        return root

    return made


def test_the_command_says_the_same_whoever_counts(machines: Machines, office: Path, asking: Callable[[str], Path], run: Run) -> None:
    alone = run(office, *ASKED)
    root = asking(machines.address)
    together = run(root, *ASKED)
    assert json.loads(together.stdout) == json.loads(alone.stdout)
    assert together.stderr == ""
    assert len(json.loads(alone.stdout)["days"]) == 2
    pieces = pieces_of(root)
    shutil.rmtree(root / "private/ledger/health")
    with Cluster(machines.address) as cluster, pytest.raises(LedgerChanged, match="读不到"):
        list(cluster.each(count_piece, pieces))


def test_a_worker_with_another_version_counts_nothing(machines: Machines, office: Path, tmp_path: Path) -> None:
    other = tmp_path / "other" / "jianbao-9.9.9.dist-info"
    other.mkdir(parents=True)
    (other / "METADATA").write_text("Metadata-Version: 2.1\nName: jianbao\nVersion: 9.9.9\n")
    machines.kill("one")
    machines.start("one", "worker", "--host", "127.0.0.1", "--nthreads", "1", "--no-nanny", path=other.parent)
    wait_for_both(machines.address)
    with Cluster(machines.address) as cluster, pytest.raises(ClusterLost, match=r"9\.9\.9"):
        list(cluster.each(count_piece, pieces_of(office)))


def test_without_the_extra_the_error_says_how_to_get_it(asking: Callable[[str], Path]) -> None:
    words = ["--project", str(asking("tcp://127.0.0.1:9")), *ASKED]
    said = f"import sys\nsys.modules['distributed'] = None\nfrom jianbao.cli import main\nsys.argv[1:] = {words!r}\nmain()"
    env = os.environ | {"PYTHONUTF8": "1", "JIANBAO_LANG": "zh"}
    run = subprocess.run([sys.executable, "-c", said], check=False, capture_output=True, encoding="utf-8", env=env)
    assert run.returncode == 2
    assert "没有安装 Dask" in run.stderr
    assert "jianbao[scale]" in run.stderr
    assert run.stdout == ""


def test_a_worker_that_is_killed_while_it_counts_costs_nothing_but_time(machines: Machines, office: Path) -> None:
    pieces = pieces_of(office)
    with Local() as local:
        whole = values(pieces, [(p.day, found) for p, found in local.each(count_piece, pieces)])
    by: dict[int, int] = {}
    counted: Counted = []
    with Cluster(machines.address) as cluster:
        wait_for_both(machines.address)
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
    pieces, counted = pieces_of(office), list[Piece]()

    def count() -> None:
        with Cluster(machines.address, seconds=3) as cluster:
            for piece, _found in cluster.each(slowly, pieces):
                counted.append(piece)
                if len(counted) == 5:
                    machines.kill("scheduler")

    with pytest.raises(ClusterLost, match="没有写下任何数") as lost:
        count()
    assert len(counted) < len(pieces)
    assert machines.address in lost.value.message
    assert lost.value.exit_code == 1


def test_nobody_at_the_address_is_an_error() -> None:
    with Cluster("tcp://127.0.0.1:9", seconds=0.5) as cluster, pytest.raises(ClusterLost, match=r"tcp://127\.0\.0\.1:9"):
        list(cluster.each(count_piece, []))
