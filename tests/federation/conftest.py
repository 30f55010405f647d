"""A school with one released, signed day, made once; and an office above it."""

from __future__ import annotations

import shutil
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from click.testing import CliRunner

from jianbao import signing
from jianbao.cli.commands import jianbao
from jianbao.pipeline.office import make_office
from jianbao.pipeline.work import DayWork, work_day
from jianbao.project import Project

DAY = "2026-03-02"
SCHOOL = "湾沚学院"


def run(root: Path, *words: str, code: int = 0) -> str:
    """Run a verb in an office; return what it said on standard output."""
    result = CliRunner().invoke(jianbao, ["--project", str(root), *words], catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result.stdout


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def report(school: Path, confirmed: int, *, day: str = DAY) -> None:
    """Write the reports of a school's two units."""
    head = "单位名称,报告日期,异常人数,疑似,确诊\n"
    write(school / f"inbox/零报告{day}.csv", f"{head}教务处,{day},{confirmed},0,{confirmed}\n护理系,{day},0,0,0\n")


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A school's folder after it has published its day at half past ten: one confirmed case."""
    if not signing.available():
        pytest.skip("没有 ssh-keygen")
    root = tmp_path_factory.mktemp("federation") / "school"
    make_office(root, school=SCHOOL, office="防控办公室")
    for form in (root / "forms_schema").glob("*.yaml"):
        if form.stem not in ("units", "unit_daily"):
            form.unlink()
    signing.new_key(root / "private/key", "school")
    settings = root / "jianbao.toml"
    settings.write_text(settings.read_text("utf-8") + '\n[record]\nkey = "private/key"\n', "utf-8")
    write(root / "inbox/单位名单.csv", "单位,类别\n教务处,部门\n护理系,学院\n")
    report(root, 1)
    run(root, "publish", "--as-of", f"{DAY}T10:30", "--signed-by", "沈既明")
    return root


@pytest.fixture
def school(published: Path, tmp_path: Path) -> Path:
    """A copy of the school that a test may change."""
    shutil.copytree(published, tmp_path / "school")
    return tmp_path / "school"


@dataclass(frozen=True, slots=True)
class Above:
    """An office above schools."""

    root: Path

    def knows(self, **schools: Any) -> None:
        """Enter schools in the settings: name = address, or (address, key)."""
        text = '[school]\nname = "汀州市"\noffice = "专班"\n\n[source]\nkind = "offices"\n'
        for name, said in schools.items():
            address, key = said if isinstance(said, tuple) else (said, "")
            text += f"\n[[source.office]]\nname = '{name}'\naddress = '{address}'\n" + (f"keys = ['{key}']\n" if key else "")
        write(self.root / "jianbao.toml", text)

    def work(self, as_of: str = f"{DAY}T11:30", **options: Any) -> DayWork:
        """Pull and check the newest day."""
        from jianbao.clock import parse_moment

        project = Project.open(self.root)
        return work_day(Project(project.root, project.settings, **options), as_of=parse_moment(as_of, project.zone))


@pytest.fixture
def above(tmp_path: Path) -> Above:
    root = tmp_path / "above"
    make_office(root, school="汀州市", office="专班", offices=True)
    return Above(root)


@pytest.fixture
def key(published: Path) -> str:
    """The school's public key."""
    return signing.public_key(published / "private/key")


@pytest.fixture
def web(school: Path) -> Iterator[str]:
    """The address under which a web server shows the school's record."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(school / "record")))
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def silence() -> str:
    """An address at which nobody answers."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{taken.getsockname()[1]}/"


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_words: Any) -> None:
        pass
