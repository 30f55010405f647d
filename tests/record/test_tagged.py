"""Tags of releases in a repository: signed with the release's key, checked with git alone, through new keys and lost ones."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from .conftest import Run, new_key, reports, staff_sheet

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not here")


@pytest.fixture(autouse=True)
def alien_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A user whose own git signs in another way, with another key."""
    mine = tmp_path / "gitconfig"
    mine.write_text("[gpg]\n\tformat = openpgp\n[user]\n\tsigningkey = 0123456789ABCDEF\n", encoding="utf-8")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(mine))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")


def git(office: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["git", "-C", str(office), *words], capture_output=True, text=True, encoding="utf-8", check=False)


def is_good(office: Path, number: int, key: str) -> bool:
    """Whether git finds the tag of a release signed by a key."""
    signers = office.parent / "signers"
    signers.write_text(f"jianbao {key}\n", encoding="utf-8")
    words = ("-c", "gpg.format=ssh", "-c", f"gpg.ssh.allowedSignersFile={signers}", "verify-tag", f"release-{number:04d}")
    return git(office, *words).returncode == 0


def own_key(office: Path, number: int) -> str:
    """Return the key that a release says it is signed with."""
    bag = next((office / "record").glob(f"{number:04d}-*"))
    return str(json.loads((bag / "data/release.json").read_text("utf-8"))["key"])


def settings(office: Path, old: str, new: str) -> None:
    path = office / "jianbao.toml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def release(office: Path, run: Run, day: str) -> None:
    staff_sheet(office / "inbox", day)
    reports(office / "inbox", day)
    run(office, "publish", "--date", day, "--as-of", f"{day}T12:00")


@pytest.fixture
def tagged(office: Path) -> Iterator[Path]:
    """The office as a repository whose releases are tagged, seen from the folder above it."""
    git(office, "init", "--quiet")
    settings(office, 'key = "../key"', 'key = "../key"\ntag = true')
    before = Path.cwd()
    os.chdir(office.parent)
    yield Path("office")
    os.chdir(before)


def test_tags_are_signed_with_the_release_s_key_through_a_new_one_and_a_lost_one(tagged: Path, office: Path, run: Run) -> None:
    for name in ("two", "three"):
        new_key(office.parent, name)
    release(tagged, run, "2020-02-07")
    settings(office, 'key = "../key"', 'key = "../two"\nprevious_key = "../key"')
    release(tagged, run, "2020-02-08")
    settings(office, 'key = "../two"\nprevious_key = "../key"', 'key = "../three"\nkey_change = "电脑遗失"')
    release(tagged, run, "2020-02-09")
    keys = [own_key(office, n) for n in (2, 3, 4)]
    assert len(set(keys)) == 3
    assert [[is_good(office, n, key) for key in keys] for n in (2, 3, 4)] == [[n == k for k in (2, 3, 4)] for n in (2, 3, 4)]
    for number in (2, 3, 4):
        held = git(office, "show", f"release-{number:04d}:record/chain.txt").stdout
        assert held.count("\n") == number
    assert "记录完好" in run(tagged, "verify").output


def test_a_tag_that_a_run_did_not_come_to_is_put_by_the_next(tagged: Path, office: Path, run: Run) -> None:
    day = "2020-02-07"
    release(tagged, run, day)
    sealed = git(office, "rev-parse", "HEAD").stdout
    git(office, "tag", "-d", "release-0002")
    (office / "more").write_text("x", encoding="utf-8")
    git(office, "add", "more")
    git(office, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "--quiet", "--no-gpg-sign", "-m", "more")
    (office / "private/standing.json").unlink()  # which a run that is cut off does not come to write
    run(tagged, "publish", "--date", day, "--as-of", f"{day}T13:00")
    assert git(office, "rev-parse", "release-0002^{commit}").stdout == sealed
    assert is_good(office, 2, own_key(office, 2))


def test_without_a_key_a_tag_is_put_unsigned(tagged: Path, office: Path, run: Run) -> None:
    settings(office, 'key = "../key"', 'key_change = "不再签名"')
    release(tagged, run, "2020-02-07")
    assert git(office, "cat-file", "-t", "release-0002").stdout == "tag\n"
    assert "SSH SIGNATURE" not in git(office, "cat-file", "-p", "release-0002").stdout
