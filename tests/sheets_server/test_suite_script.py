"""The script that runs gspread's own tests says plainly what it lacks."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "scripts" / "gspread_suite.py"


@pytest.mark.parametrize(("version", "found"), [(None, "found: none"), ("6.2.0", "found: 6.2.0")])
def test_a_folder_without_the_right_suite_is_refused_with_the_next_step(tmp_path: Path, version: str | None, found: str) -> None:
    if version:
        for name, text in (("gspread/__init__.py", f'__version__ = "{version}"\n'), ("tests/worksheet_test.py", "")):
            (tmp_path / name).parent.mkdir()
            (tmp_path / name).write_text(text, "utf-8", newline="\n")
    settings = os.environ | {"JIANBAO_LANG": "en", "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run([sys.executable, SCRIPT, tmp_path], capture_output=True, check=False, encoding="utf-8", env=settings)
    assert done.returncode == 2
    assert found in done.stderr + done.stdout
    assert "git clone --depth 1 --branch v6.2.1" in done.stderr + done.stdout
