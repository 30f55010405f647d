"""The documentation as tests read it: pages by name, their examples, the words in their tables."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "scripts"))  # catalogue and reference are the office's tools, and in no package

_FENCED = re.compile(r"^```(\S+)[ \t]*(\S*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`([^`]+)`")


@dataclass(frozen=True)
class Snippet:
    """An example in a page: its language, the word after it, its text."""

    page: str
    language: str
    marker: str
    text: str


@dataclass(frozen=True)
class Docs:
    """The folder of documentation."""

    folder: Path

    def pages(self) -> list[Path]:
        """Return every page."""
        return sorted(self.folder.glob("*.md"))

    def text(self, name: str) -> str:
        """Return a page's text."""
        return (self.folder / name).read_text("utf-8")

    def snippets(self, marker: str) -> list[Snippet]:
        """Return the examples of all pages that carry a marker (`yaml form` and the like)."""
        found = [Snippet(p.name, *groups) for p in self.pages() for groups in _FENCED.findall(p.read_text("utf-8"))]
        return [s for s in found if f"{s.language} {s.marker}" == marker]

    def prose(self, name: str) -> str:
        """Return a page without its examples."""
        return _FENCED.sub("", self.text(name))

    def section(self, name: str, heading: str) -> str:
        """Return what stands under a heading of a page, up to the next of its level or a higher one."""
        text = self.prose(name)
        marks, _space, _title = heading.partition(" ")
        start = text.index(f"\n{heading}\n") + len(heading) + 2
        end = re.search(rf"^#{{1,{len(marks)}}} ", text[start:], re.MULTILINE)
        return text[start : start + end.start()] if end else text[start:]

    @staticmethod
    def code(text: str) -> list[str]:
        """Return the words in code of a text."""
        return _CODE.findall(text)

    @staticmethod
    def listed(text: str) -> Iterator[str]:
        """Yield the words in code that open the rows of a text's tables."""
        for line in text.splitlines():
            if line.startswith("| `"):
                yield from _CODE.findall(line.split("|")[1])


@pytest.fixture(scope="session")
def docs() -> Docs:
    return Docs(ROOT / "docs")


Spoken = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> Spoken:
    """Run the command as a person does, in a folder that is no office: `spoken("en", "check", "--dat")`."""
    nowhere = tmp_path_factory.mktemp("nowhere")

    def runs(language: str, *words: str) -> subprocess.CompletedProcess[str]:
        environment = os.environ | {"JIANBAO_LANG": language, "PYTHONUTF8": "1", "PYTHONPATH": str(ROOT / "scripts")}
        command = [sys.executable, "-m", "jianbao", *words]
        return subprocess.run(command, cwd=nowhere, env=environment, capture_output=True, encoding="utf-8", check=False)

    return runs


Run = Callable[..., str]


@pytest.fixture(scope="session")
def run() -> Run:
    """Run a verb in an office, in this process, and return what it prints: `run(office, "check", "--format", "json")`."""
    from jianbao.cli.commands import jianbao

    def runs(office: Path, *words: str) -> str:
        done = CliRunner(env={"JIANBAO_LANG": None}).invoke(jianbao, ["--project", str(office), *words], catch_exceptions=False)
        assert done.exit_code == 0, done.stderr
        return done.stdout

    return runs


@pytest.fixture(scope="session")
def sample_office(tmp_path_factory: pytest.TempPathFactory, run: Run) -> Path:
    """A small office with its sample, and its first day published."""
    folder = tmp_path_factory.mktemp("docs") / "office"
    run(folder, "init", str(folder), "--school", "澜汀大学", "--office", "防控办公室")
    run(folder, "sample", "--small", "--days", "1")
    run(folder, "publish", "--date", "2026-03-02", "--as-of", "2026-03-02T12:00", "--signed-by", "顾清和")
    return folder
