"""The Makefile's own words."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = {"help", "publish", "preview", "test", "bench", "pictures", "successor", "lighthouse", "lint", "lock", "clean"}

pytestmark = pytest.mark.skipif(not shutil.which("make"), reason="没有 make")


def make(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run make in the repository."""
    settings = {k: v for k, v in os.environ.items() if not k.startswith(("MAKE", "MFLAGS", "JIANBAO_"))} | environment
    return subprocess.run(["make", "-C", str(ROOT), *words], capture_output=True, text=True, encoding="utf-8", check=False, env=settings)


@pytest.mark.parametrize(("lang", "told"), [("zh", "全部检查和测试"), ("en", "every check and test")])
def test_without_a_target_they_are_listed(lang: str, told: str) -> None:
    done = make(JIANBAO_LANG=lang)
    assert set(re.findall(r"^  make (\w+) ", done.stdout, re.MULTILINE)) == TARGETS
    assert told in done.stdout


@pytest.mark.parametrize(("lang", "told"), [("zh", "没有找到 Python 3.11 或更新的版本"), ("en", "No Python 3.11 or newer was found")])
@pytest.mark.parametrize("target", ["publish", "test"])
def test_a_machine_without_python_is_told_so(target: str, lang: str, told: str) -> None:
    done = make(target, "PYTHON=/nonexistent/python3", JIANBAO_LANG=lang)
    assert done.returncode != 0
    assert told in done.stderr
    assert "/nonexistent/python3" in done.stderr


def test_a_python_that_is_too_old_is_passed_over(tmp_path: Path) -> None:
    old = tmp_path / "python3"
    old.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")  # as a Python answers that is older than asked for
    old.chmod(0o755)
    done = make("publish", f"PYTHON={old}")
    assert done.returncode != 0
    assert "没有找到 Python" in done.stderr


def test_nothing_is_used_that_make_3_81_lacks() -> None:
    recipes_apart = re.sub(r"^\t.*$", "", MAKEFILE, flags=re.MULTILINE)
    assert not re.search(r"^\.(ONESHELL|RECIPEPREFIX|EXTRA_PREREQS)|\$\((file|let|intcmp) |!=|&:|::=", re.sub(r"#.*", "", recipes_apart))


def test_ci_asks_for_a_browser_and_runs_the_same_command() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert "JIANBAO_REQUIRE_BROWSER=1 exec make test" in script.read_text(encoding="utf-8")


def test_what_the_sample_writes_here_is_not_kept_in_git() -> None:
    from jianbao.git import Repository

    repository = Repository.around(ROOT)
    if repository is None:
        pytest.skip("不是 git 仓库")
    kept = [p for p in ("inbox", "private", "record", "build", "site/briefings") if not repository.ignored(f"{p}/x")]
    assert kept == []
