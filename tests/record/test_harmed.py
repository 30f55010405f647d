"""A thousand harms at random, with a fixed seed: bytes, files, bags, chain lines, signatures. Each is named."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from jianbao import files, signing
from jianbao.cli.commands import jianbao
from jianbao.record import CHAIN, SIGNED, SITE_CHAIN, SITE_MANIFEST, Record, site_manifest
from jianbao.verification import verify

from .conftest import new_key

Named = set[str]


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a record of four signed releases and the site of the last."""
    root = tmp_path_factory.mktemp("sealed")
    key, site, record = new_key(root, "key"), root / "built/site", root / "built/record"
    about = f'{{"key": "{signing.public_key(key)}"}}'.encode()
    for number in range(1, 5):
        files.write_text(site / "index.html", f"第 {number} 次")
        files.write_text(site / f"页/{number}.html", "b")
        payload = {"release.json": about, "pages/页 1.md": f"第 {number} 次".encode(), SITE_MANIFEST: site_manifest(site).encode()}
        info = {"Source-Organization": "榆溪学院", "Bagging-Date": "2020-02-06"}
        Record.open(record).seal(date(2020, 2, 5 + number), payload, info, lambda data: {SIGNED: signing.sign(key, data)})
    files.write_bytes(site / SITE_CHAIN, (record / CHAIN).read_bytes())
    return root / "built"


def flip(root: Path, chance: random.Random) -> Named:
    path = chance.choice([p for p in files.walk(root) if p.stat().st_size])
    data = bytearray(path.read_bytes())
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    path.write_bytes(data)
    return {files.relative(path, root)}


def drop(root: Path, chance: random.Random) -> Named:
    path = chance.choice(list(files.walk(root)))
    path.unlink()
    return {files.relative(path, root)}


def add(root: Path, chance: random.Random) -> Named:
    beside = chance.choice(list(files.walk(root)))
    path = beside.with_name(f"{chance.randrange(10**9)}{beside.suffix}")
    path.write_bytes(chance.randbytes(chance.randrange(20)))
    return {files.relative(path, root)}


def rename(root: Path, chance: random.Random) -> Named:
    path = chance.choice(list(files.walk(root)))
    new = path.with_name(f"{chance.randrange(10**9)}.x")
    path.rename(new)
    return {files.relative(path, root), files.relative(new, root)}


def drop_bag(root: Path, chance: random.Random) -> Named:
    line = chance.choice(Record.open(root / "record").lines)
    shutil.rmtree(root / "record" / line.name)
    return {f"record/{line.name}"}


def add_bag(root: Path, chance: random.Random) -> Named:
    line = chance.choice(Record.open(root / "record").lines)
    name = f"{chance.randrange(5, 9999):04d}-2020-03-01"
    shutil.copytree(root / "record" / line.name, root / "record" / name)
    return {f"record/{name}"}


def harm_chain(root: Path, chance: random.Random) -> Named:
    path = root / "record" / CHAIN
    lines = path.read_text("utf-8").splitlines(keepends=True)
    at = chance.randrange(len(lines))
    harmed = chance.choice([lines[:at] + lines[at + 1 :], [*lines[: at + 1], *lines[at:]], [*lines, lines[at]], lines[::-1]])
    path.write_text("".join(harmed), encoding="utf-8")
    return {f"record/{CHAIN}"}


HARMS: list[Callable[[Path, random.Random], Named]] = [flip, flip, flip, drop, add, rename, drop_bag, add_bag, harm_chain]


def told(where: str) -> str:
    return where if where.startswith("site/") else f"record/{where}"


def is_named(name: str, found: Named) -> bool:
    """Whether a file is named: itself or, of a chain cut at its end, the bag that no line knows any more."""
    return name in found or (name == f"record/{CHAIN}" and any(f.count("/") == 1 for f in found))


def test_each_of_a_thousand_harms_is_named(sealed: Path, tmp_path: Path) -> None:
    assert verify(sealed / "record", sealed / "site") == []
    original = {files.relative(p, sealed): p.read_bytes() for p in files.walk(sealed)}
    root = shutil.copytree(sealed, tmp_path / "harmed")
    chance = random.Random(20200206)
    unnamed = []
    for turn in range(1000):
        harm = chance.choice(HARMS)
        expected = harm(root, chance)
        found = {told(d.where) for d in verify(root / "record", root / "site")}
        missed = {name for name in expected if not is_named(name, found)}
        if missed:
            unnamed.append((turn, harm.__name__, missed))
        mend(root, original)
    assert unnamed == []


def mend(root: Path, original: dict[str, bytes]) -> None:
    there = {files.relative(p, root): p for p in files.walk(root)}
    for name in there.keys() - original.keys():
        there[name].unlink()
    for name, data in original.items():
        if name not in there or there[name].read_bytes() != data:
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_bytes(data)
    for folder in sorted((p for p in root.rglob("*") if p.is_dir()), reverse=True):
        if not any(folder.iterdir()):
            folder.rmdir()


def test_a_record_that_is_gone_is_missed(sealed: Path, tmp_path: Path) -> None:
    root = shutil.copytree(sealed, tmp_path / "harmed")
    (root / "record" / CHAIN).unlink()
    bags = [f"000{n}-2020-02-0{n + 5}" for n in range(1, 5)]
    assert [d.where for d in verify(root / "record", root / "site")] == [CHAIN, *bags]
    shutil.rmtree(root / "record")
    assert [d.where for d in verify(root / "record", root / "site")] == [CHAIN]
    (root / "site" / SITE_CHAIN).unlink()
    assert verify(root / "record", root / "site") == []  # an office that has released nothing


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_folder_that_is_no_record_is_not_called_whole(sealed: Path, tmp_path: Path, form: str) -> None:
    (tmp_path / "空").mkdir()
    said = {
        folder: CliRunner().invoke(jianbao, ["verify", "--record", str(folder), "--format", form])
        for folder in (tmp_path / "空", sealed / "record/0001-2020-02-06", sealed / "record")
    }
    assert [result.exit_code for result in said.values()] == [1, 1, 0]
    empty, bag, _record = (result.output for result in said.values())
    assert "不是一份官方记录" in empty
    assert "sha256sum -c" in bag
