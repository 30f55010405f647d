"""Thousands of spoilt files: each is read or named, none raises, none takes the process with it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest

PROGRAM: Final = Path(__file__).with_name("mutations.py")
FILES: Final = {"xlsx": 1600, "ods": 1000, "xls": 1000, "csv": 1200}


def start(kind: str, first: int, last: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, str(PROGRAM), kind, str(first), str(last)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def end(child: subprocess.Popen[str], kind: str) -> dict[str, Any]:
    """Return what a run found; fail naming the file that its process died of."""
    out, err = child.communicate(timeout=120)
    lines = out.splitlines()
    assert child.returncode == 0, f"{kind}: the process died ({child.returncode}) of file {lines[-1] if lines else '?'}: {err[-500:]}"
    found: dict[str, Any] = json.loads(lines[-1])
    return found


@pytest.mark.slow
@pytest.mark.parametrize("kind", FILES)
def test_spoilt_files(kind: str) -> None:
    half = FILES[kind] // 2
    runs = [end(child, kind) for child in [start(kind, 0, half), start(kind, half, FILES[kind])]]
    assert [w for run in runs for w in run["wrong"]] == []
    read, named = (sum(run.get(word, 0) for run in runs) for word in ("read", "named"))
    assert read + named == FILES[kind]
    assert min(read, named) > FILES[kind] / 20, "the mutations should leave some files readable, and some not"
