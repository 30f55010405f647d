"""The same office on another machine: another folder, user, zone, language, hash seed and umask, and the same bag byte for byte."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from jianbao import files

from .conftest import LEDGER_DAY

OTHER = {
    "TZ": "America/New_York", "LC_ALL": "C", "LANG": "tr_TR.UTF-8", "LANGUAGE": "en", "JIANBAO_LANG": "en", "PYTHONHASHSEED": "77",
    "USER": "other", "LOGNAME": "other", "USERNAME": "other", "COLUMNS": "41", "SOURCE_DATE_EPOCH": "1",
}  # fmt: skip
"""What another machine's surroundings say; of ours only where programs are found stays."""

PUBLISH = """
import os, sys
os.umask(0o077) if os.name != "nt" else None
from jianbao.cli.commands import jianbao
jianbao(sys.argv[1:])
"""


def moved(office: Path, to: Path) -> Path:
    """Copy an office as another machine would hold it: written in another order, with other times."""
    to.mkdir(parents=True)
    for path in sorted(files.walk(office), reverse=True):
        target = to / files.relative(path, office)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
        os.utime(target, (1_000_000_000, 1_000_000_000))
    return to


def test_two_machines_seal_equal_bags(first_full_office: Path, tmp_path: Path) -> None:
    home = tmp_path / "另一个 用户"
    office = moved(first_full_office.with_name("unpublished"), home / "桌 面/深/办公室")
    for name in ("key", "key.pub"):
        shutil.copy2(first_full_office.parent / name, office.parent / name)
    surroundings = {k: v for k, v in os.environ.items() if k in ("PATH", "SYSTEMROOT", "TEMP", "TMP")}
    words = ["--project", str(office), "publish", "--date", LEDGER_DAY, "--as-of", f"{LEDGER_DAY}T12:00"]
    done = subprocess.run(
        [sys.executable, "-c", PUBLISH, *words], cwd=home, env=surroundings | OTHER | {"HOME": str(home), "USERPROFILE": str(home)},
        check=False, capture_output=True, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode("utf-8", "replace")
    for folder in ("record", "build/public/site"):
        one, other = (
            {files.relative(p, root / folder): p.read_bytes() for p in files.walk(root / folder)} for root in (first_full_office, office)
        )
        assert sorted(one) == sorted(other)
        assert [name for name in one if one[name] != other[name]] == []
