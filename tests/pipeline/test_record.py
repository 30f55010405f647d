"""The record of a released day: checked with standard tools, and with `verify`, which names what was changed."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import bagit
import pytest

from .conftest import DAY, NOON, Run, call, make_small_office


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office that has released twice: a day, and a notice."""
    root = make_small_office(tmp_path_factory.mktemp("released") / "office")
    call(root, "publish", "--date", DAY, "--as-of", NOON)
    text = "---\ntitle: 通知一则\nkind: notice\nstatus: signed\ndate: 2020-02-06\n---\n\n正文。\n"
    (root / "site/notices").mkdir()
    (root / "site/notices/n.md").write_text(text, encoding="utf-8")
    call(root, "publish", "--as-of", "2020-02-06T13:00")
    return root


@pytest.fixture
def released(original: Path, tmp_path: Path) -> Path:
    """A copy of it, to be harmed."""
    return shutil.copytree(original, tmp_path / "office")


def test_standard_tools_check_a_bag_and_the_chain(released: Path) -> None:
    previous = "0" * 64
    for line in (released / "record/chain.txt").read_text().splitlines():
        _number, _day, name, digest, before = line.split()
        bag = released / "record" / name
        for manifest in ("manifest-sha256.txt", "tagmanifest-sha256.txt"):
            done = subprocess.run(
                ["sha256sum", "-c", "--strict", "--quiet", manifest], cwd=bag, check=False, capture_output=True, text=True
            )
            assert done.returncode == 0, done.stdout + done.stderr
        bagit.Bag(str(bag)).validate()
        said = subprocess.run(["sha256sum", "tagmanifest-sha256.txt"], cwd=bag, check=True, capture_output=True, text=True).stdout
        assert said.split()[0] == digest
        assert before == previous
        hashed = subprocess.run(["sha256sum"], input=line, check=True, capture_output=True, text=True)
        previous = hashed.stdout.split()[0]


def test_the_sealed_hash_list_is_that_of_the_site(released: Path) -> None:
    bag = released / "record/0002-2020-02-06"
    done = subprocess.run(
        ["sha256sum", "-c", "--strict", "--quiet", str(bag / "data/site-sha256.txt")], cwd=released / "build/public/site", check=False
    )
    assert done.returncode == 0


def test_a_bag_holds_what_the_day_rests_on_and_no_person(released: Path) -> None:
    data = released / "record/0001-2020-02-06/data"
    assert {p.name for p in data.iterdir()} >= {
        "facts.json", "figures.csv", "forms", "pages", "release.json", "requirements.lock", "rules.json", "site-sha256.txt",
        "snapshots.json", "templates",
    }  # fmt: skip
    facts = json.loads((data / "facts.json").read_text("utf-8"))
    assert {f["name"]: (f["value"], f["received"], f["expected"]) for f in facts["figures"]}["staff_returned_total"] == (2, 4, 5)
    kept = {p.read_bytes().hex() for p in (released / "private/snapshots").rglob("*") if p.is_file()}
    for path in (released / "record").rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert content.hex() not in kept
            assert not [n for n in ("施彩辉", "云涵安", "13800000001", "00001,") if n.encode() in content], path
    hashes = {s["sha256"] for s in json.loads((data / "snapshots.json").read_text())}
    assert len(hashes) == 5


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))


BAG = "record/0001-2020-02-06"

CASES: dict[str, tuple[Callable[[Path], object], str]] = {
    "a flipped byte": (lambda o: flip(o / BAG / f"data/pages/briefings/2020/{DAY}.md"), f"data/pages/briefings/2020/{DAY}.md"),
    "a dropped file": (lambda o: (o / BAG / "data/facts.json").unlink(), "data/facts.json"),
    "an added file": (lambda o: (o / BAG / "data/more.txt").write_text("x"), "data/more.txt"),
    "an added tag file": (lambda o: (o / BAG / "more.txt").write_text("x"), "0001-2020-02-06/more.txt"),
    "a renamed file": (lambda o: (o / BAG / "data/figures.csv").rename(o / BAG / "data/figure.csv"), "data/figure"),
    "a changed manifest": (lambda o: flip(o / BAG / "manifest-sha256.txt"), "0001-2020-02-06"),
    "a dropped bag": (lambda o: shutil.rmtree(o / BAG), "0001-2020-02-06"),
    "an added bag": (lambda o: shutil.copytree(o / BAG, o / "record/0009-2020-02-06"), "0009-2020-02-06"),
    "a dropped chain line": (lambda o: drop_first_line(o / "record/chain.txt"), "chain.txt"),
    "a changed chain line": (lambda o: swap_digit(o / "record/chain.txt"), "chain.txt"),
    "a changed page of the site": (lambda o: flip(o / "build/public/site/index.html"), "site/index.html"),
    "a page added to the site": (lambda o: (o / "build/public/site/x.html").write_text("x"), "site/x.html"),
}


def drop_first_line(path: Path) -> None:
    path.write_text("".join(path.read_text().splitlines(keepends=True)[1:]))


def swap_digit(path: Path) -> None:
    text = path.read_text()
    path.write_text(text[:60] + ("0" if text[60] != "0" else "1") + text[61:])


@pytest.mark.parametrize("name", CASES)
def test_verify_names_what_was_changed(released: Path, run: Run, name: str) -> None:
    assert "记录完好：2 次发布" in run(released, "verify").output
    harm, named = CASES[name]
    harm(released)
    said = json.loads(run(released, "verify", "--format", "json", code=1).output)
    assert said["intact"] is False
    assert any(named in d["where"] for d in said["discrepancies"]), said


def test_a_record_copied_without_the_office_is_verified(released: Path, run: Run, tmp_path: Path) -> None:
    from jianbao.verification import verify

    copy = tmp_path / "记录副本"
    shutil.copytree(released / "record", copy)
    assert verify(copy) == []
