"""On a terminal a long run says how far it has come; anywhere else not a byte of it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from jianbao.pipeline.office import make_office

from .conftest import fill_inbox
from .made import FIRST, write_ledger

LAST = 9


def command(root: Path) -> list[str]:
    words = ["--project", str(root), "figures", "--from", str(FIRST), "--to", f"2020-02-{6 + LAST:02d}", "--as-of", "2020-03-01T12:00"]
    return [sys.executable, "-m", "jianbao", *words]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_ledger(tmp_path_factory.mktemp("shown"), LAST + 1, last=600_000)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminal that Python opens")
def test_on_a_terminal_it_rises_to_the_end_and_is_taken_away(office: Path) -> None:
    import pty

    ours, theirs = pty.openpty()
    env = os.environ | {"TERM": "xterm", "COLUMNS": "100", "PYTHONUTF8": "1", "JIANBAO_LANG": "zh"}
    with subprocess.Popen(command(office), stdout=subprocess.PIPE, stderr=theirs, stdin=subprocess.DEVNULL, env=env) as run:
        os.close(theirs)
        drawn = _read(ours)
        assert run.stdout is not None
        told = run.stdout.read().decode()
    assert run.returncode == 0
    shares = [int(n) for n in re.findall(r"计算 (\d+)%", drawn)]
    assert shares
    assert shares == sorted(shares)
    assert all(0 <= n <= 100 for n in shares)
    assert "%" not in told
    assert f"{FIRST}（从台账重新计算）" in told
    assert drawn.rstrip().endswith(("\x1b[?25h", "\x1b[2K"))  # the cursor is back, the line empty


def _read(terminal: int) -> str:
    """Return everything written to a terminal until nobody has it open any more."""
    found = b""
    while True:
        try:
            some = os.read(terminal, 65536)
        except OSError:  # Linux says so when the other end is closed
            some = b""
        if not some:
            os.close(terminal)
            return found.decode()
        found += some


def test_elsewhere_there_is_not_a_byte_of_it(office: Path) -> None:
    run = subprocess.run(command(office), capture_output=True, check=True, env=os.environ | {"PYTHONUTF8": "1"})
    assert run.stderr == b""
    assert b"%" not in run.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminal that Python opens")
def test_each_step_of_a_publication_stands_and_what_takes_long_in_it_moves(tmp_path: Path) -> None:
    import pty

    root = tmp_path / "office"
    make_office(root, school="榆溪学院", office="防控工作办公室")
    fill_inbox(root / "inbox")
    words = ["publish", "--date", "2020-02-06", "--as-of", "2020-02-06T12:00", "--signed-by", "林签发"]
    ours, theirs = pty.openpty()
    env = os.environ | {"TERM": "xterm", "COLUMNS": "100", "PYTHONUTF8": "1", "JIANBAO_LANG": "zh"}
    command = [sys.executable, "-m", "jianbao", "--project", str(root), *words]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=theirs, stdin=subprocess.DEVNULL, env=env) as run:
        os.close(theirs)
        drawn = _read(ours)
    assert run.returncode == 0
    steps = re.findall(r"· (\w+)\r\n", drawn)
    assert steps == ["读取与检查", "写简报", "排印文件", "生成网站", "检查页面", "封存"]
    shares = [int(n) for n in re.findall(r"生成网站 (\d+)%", drawn)]
    assert shares
    assert shares == sorted(shares)
