"""Run gspread's own tests against the emulated Google of tests/sheets_server.

    git clone --depth 1 --branch v6.2.1 https://github.com/burnash/gspread build/gspread    the fetch, once
    .venv/bin/python scripts/gspread_suite.py [FOLDER] [-- what pytest is to be told]

gspread's tests are in its repository only, not in its packages, and are no part of this project: `make test` does not run
them. They need pytest below 9, so the folder gets an environment of its own (.venv inside it), which takes a network the
first time. They run live, without their recordings; nothing of gspread, google-auth or the tests is patched: the emulator
is reached through a tunnel, under Google's own host names.

Exit 0: all passed, and no request or answer was other than Google's discovery documents say. Exit 1: not so. Exit 2: no suite there.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import venv
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from setup_env import ROOT, note, say

if TYPE_CHECKING:
    from sheets_server import Server

VERSION: Final = "6.2.1"
FETCH: Final = f"git clone --depth 1 --branch v{VERSION} https://github.com/burnash/gspread build/gspread"
NEEDS: Final = ("pytest<9", "vcrpy", "pytest-vcr", "google-auth", "google-auth-oauthlib", "requests", "cryptography")
PRIVATE_BOOK: Final = "1jIKzPs8LsiZZdLdeMEP-5ZIHw6RkjiOmj1LrJN706Yc"
"""A book of somebody else that the suite tries to open and must not."""


def version_of(folder: Path) -> str | None:
    """Return the version of gspread in a folder, None where its tests are not there."""
    module = folder / "gspread" / "__init__.py"
    if not module.is_file() or not (folder / "tests" / "worksheet_test.py").is_file():
        return None
    found = re.search(r'^__version__ = "(.+)"', module.read_text("utf-8"), re.MULTILINE)
    return found[1] if found else None


def interpreter(folder: Path) -> Path:
    """Return the suite's own Python, made where it is not there yet."""
    place = folder / ".venv"
    python = place / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    ready = place / "ready"
    if not ready.is_file():
        note(say("正在准备 gspread 测试的环境（需要网络）", "making the environment of gspread's tests (takes a network)"))
        venv.create(place, with_pip=True, clear=True)
        if subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *NEEDS], check=False).returncode:
            sys.exit(say(
                "没有装好 gspread 测试所需的包，见上文。下一步：检查网络和 pip 的软件源后重新运行。",
                "What gspread's tests need was not installed; see above. Next: check the network and pip's index, then run again.",
            ))  # fmt: skip
        ready.touch()
    return python


def run_suite(folder: Path, more: Sequence[str]) -> int:
    """Run the suite; return its exit code, or 1 where it passed and something was not as Google's documents say."""
    sys.path.insert(0, str(ROOT / "tests"))
    from sheets_server import serve

    python = interpreter(folder)
    with tempfile.TemporaryDirectory() as scratch, serve(Path(scratch), service_account_may_create=True) as google:
        google.make_book("Private", owner="somebody@school.example", shared={}, book_id=PRIVATE_BOOK)
        settings = {**os.environ, **google.environment, "GS_CREDS_FILENAME": str(google.key_file)}
        words = [str(python), "-m", "pytest", "tests", "--disable-vcr", "-p", "no:cacheprovider", *more]
        code = subprocess.run(words, cwd=folder, env=settings, check=False).returncode
        wrong = complaints(google)
    for line in wrong:
        note(line)
    return code or bool(wrong)


def complaints(google: Server) -> list[str]:
    """Return what was wrong beside what the tests themselves look at."""
    from sheets_server import discovery

    shapes = sorted(set(discovery.problems(google.requests)))
    strange = [f"unknown request: {r.method} {r.path}" for r in google.requests if r.operation == "unknown"]
    return [*shapes, *strange, *google.broken, *(f"another host: {host}" for host in google.strangers)]


def main(words: Sequence[str] | None = None) -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "build" / "gspread")
    parser.add_argument("pytest", nargs="*", help="options for pytest, after --")
    asked = parser.parse_args(words)
    version = version_of(asked.folder)
    if version != VERSION:
        found = version or say("没有", "none")
        note(say(
            f"{asked.folder} 里没有 gspread {VERSION} 的测试（找到：{found}）。下一步：{FETCH}",
            f"{asked.folder} does not hold the tests of gspread {VERSION} (found: {found}). Next: {FETCH}",
        ))  # fmt: skip
        return 2
    return run_suite(asked.folder.resolve(), asked.pytest)


if __name__ == "__main__":
    sys.exit(main())
