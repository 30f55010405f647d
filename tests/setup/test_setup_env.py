"""What set-up decides and says; what it does is proven by `make` on a bare machine."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from pathlib import Path

import pytest

import setup_env
from setup_env import Stamp, Step

ROOT = Path(__file__).parents[2]
FILES = {"requirements/build.lock": "1", "requirements/run.lock": "2", "pyproject.toml": "3"}
STAMP = Stamp("/a/clone", "run", "3.11", FILES)


@pytest.fixture(autouse=True)
def chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JIANBAO_LANG", raising=False)


@pytest.mark.parametrize(
    ("stamp", "want", "named", "step"),
    [
        pytest.param(None, STAMP, False, Step.INSTALL, id="made by other hands"),
        pytest.param(STAMP, STAMP, False, Step.NOTHING, id="nothing changed"),
        pytest.param(STAMP, dataclasses.replace(STAMP, files=FILES | {"pyproject.toml": "4"}), False, Step.INSTALL, id="a file changed"),
        pytest.param(STAMP, dataclasses.replace(STAMP, kind="test"), False, Step.INSTALL, id="tests are asked for"),
        pytest.param(STAMP, dataclasses.replace(STAMP, root="/b"), False, Step.REBUILD, id="the clone was moved"),
        pytest.param(STAMP, dataclasses.replace(STAMP, python="3.12"), False, Step.NOTHING, id="another Python is first now"),
        pytest.param(STAMP, dataclasses.replace(STAMP, python="3.12"), True, Step.REBUILD, id="another Python is named"),
        pytest.param(STAMP, STAMP, True, Step.NOTHING, id="the same Python is named"),
    ],
)
def test_what_is_to_be_done(stamp: Stamp | None, want: Stamp, named: bool, step: Step) -> None:
    assert setup_env.decide(stamp, want, named=named) is step


@pytest.mark.parametrize(("asked", "there", "kept"), [("run", None, "run"), ("test", "run", "test"), ("run", "test", "test")])
def test_what_tests_need_stays(asked: str, there: str | None, kept: str) -> None:
    assert setup_env.kind_to_keep(asked, dataclasses.replace(STAMP, kind=there) if there else None) == kept


@pytest.mark.parametrize("kind", setup_env.KINDS)
def test_a_stamp_names_what_it_was_made_from(kind: str) -> None:
    assert set(setup_env.wanted(ROOT, kind, "3.11").files) == {"requirements/build.lock", f"requirements/{kind}.lock", "pyproject.toml"}


@pytest.mark.parametrize("text", ["", "{", "[]", "3", '{"root": "/a"}'])
def test_a_stamp_cut_off_is_none(text: str) -> None:
    assert setup_env.read_stamp(text) is None


@pytest.mark.parametrize(
    ("output", "told"),
    [
        ("Max retries exceeded with url: /simple/click/ (Caused by NewConnectionError", "连不上软件源"),
        ("Temporary failure in name resolution\nERROR: No matching distribution found for editables==0.6", "连不上软件源"),
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", "磁盘满了"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", "校验值不符"),
        ("ERROR: No matching distribution found for pandas==3.1.1", "没有适合 Python 3.19 的版本"),
        ("error: subprocess-exited-with-error", "没有适合 Python 3.19 的版本"),
        ("OSError: [Errno 13] Permission denied: '/a/.venv'", "没有写入权限"),
        ("Killed", "安装没有成功"),
    ],
)
def test_the_installer_s_troubles_are_told(output: str, told: str) -> None:
    assert told in setup_env.explain(output, "3.19")


def test_english_is_spoken_where_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIANBAO_LANG", "en_GB")
    assert setup_env.explain("No space left on device", "3.11") == "The disk is full. Next: free some space and run again."


@pytest.mark.parametrize(("debian", "told"), [(True, "apt-get install python3.11-venv"), (False, "安装完整的 Python")])
def test_a_python_that_is_not_whole_is_told(debian: bool, told: str) -> None:
    assert told in setup_env.without_modules(["ensurepip"], "3.11", debian=debian)


def test_the_installer_keeps_the_user_s_index_and_cache_and_no_other_target() -> None:
    mine = {"PIP_INDEX_URL": "https://mirror.example/simple", "PIP_CACHE_DIR": "/cache", "PIP_TARGET": "/elsewhere", "PIP_USER": "1"}
    found = setup_env.pip_environment(mine, Path("/a"))
    assert (found["PIP_INDEX_URL"], found["PIP_CACHE_DIR"], found["PIP_USER"]) == ("https://mirror.example/simple", "/cache", "0")
    assert "PIP_TARGET" not in found
    assert setup_env.pip_environment({}, Path("/a"))["PIP_CACHE_DIR"] == "/a"


def test_clearing_keeps_downloads_and_follows_no_link(tmp_path: Path) -> None:
    venv, outside = setup_env.Venv(tmp_path / ".venv"), tmp_path / "outside"
    for folder in (venv.downloads, venv.folder / "lib", outside):
        folder.mkdir(parents=True)
        (folder / "file").touch()
    (venv.folder / "lib64").symlink_to(outside)
    venv.unfinished.touch()
    venv.clear()
    assert list(venv.folder.iterdir()) == [venv.downloads]
    assert (outside / "file").exists()


def test_a_venv_elsewhere_is_let_go_not_emptied(tmp_path: Path) -> None:
    (tmp_path / "outside" / "lib").mkdir(parents=True)
    (tmp_path / ".venv").symlink_to(tmp_path / "outside")
    setup_env.Venv(tmp_path / ".venv").clear()
    assert (tmp_path / "outside" / "lib").is_dir()
    assert not (tmp_path / ".venv").is_symlink()


def test_an_unfinished_venv_does_not_work(tmp_path: Path) -> None:
    venv = setup_env.Venv(tmp_path)
    venv.python.parent.mkdir()
    venv.python.write_text("#!/bin/sh\n", encoding="utf-8")
    venv.python.chmod(0o755)
    assert venv.works()
    venv.unfinished.touch()
    assert not venv.works()


@pytest.mark.parametrize("lock", sorted((ROOT / "requirements").glob("*.lock")), ids=lambda p: p.name)
def test_every_locked_package_has_hashes_and_no_index(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    assert "://" not in text
    assert "index" not in text
    packages = [p for p in text.replace("\\\n", " ").splitlines() if p.strip()]
    assert packages
    assert [p for p in packages if "==" not in p or "--hash=sha256:" not in p] == []


def test_what_is_installed_fits_together() -> None:
    done = subprocess.run([sys.executable, "-m", "pip", "check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
