"""Signatures of releases: made and checked with ssh-keygen alone, through new keys and lost ones."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from jianbao import signing
from jianbao.record import ENDORSED, SIGNED, Record
from jianbao.verification import verify

from .conftest import DAY, Run, new_key

INFO = {"Source-Organization": "榆溪学院", "Bagging-Date": DAY}


def seal(record: Path, key: Path | None, previous: Path | None = None, **about: object) -> str:
    """Seal a release that says its key; return its name."""
    told = {**({"key": signing.public_key(key)} if key else {}), **about}
    keys = {SIGNED: key, ENDORSED: previous}
    payload = {"release.json": json.dumps(told).encode()}
    line = Record.open(record).seal(
        date(2020, 2, 6), payload, INFO, lambda data: {e: signing.sign(k, data) for e, k in keys.items() if k is not None}
    )
    return line.name


def test_standard_tools_check_a_release(office: Path) -> None:
    record, name = office / "record", f"0001-{DAY}"
    bag = record / name
    for manifest in ("manifest-sha256.txt", "tagmanifest-sha256.txt"):
        subprocess.run(["sha256sum", "-c", "--strict", "--quiet", manifest], cwd=bag, check=True)
    subprocess.run([sys.executable, "-W", "ignore", "-m", "bagit", "--validate", "--quiet", str(bag)], check=True)
    key = json.loads((bag / "data/release.json").read_text("utf-8"))["key"]
    (office / "signers").write_text(f"jianbao {key}\n", encoding="utf-8")
    line = (record / "chain.txt").read_bytes().splitlines(keepends=True)[0]
    words = ["ssh-keygen", "-Y", "verify", "-f", str(office / "signers"), "-I", "jianbao", "-n", "jianbao-record", "-s"]
    done = subprocess.run([*words, str(record / f"signatures/{name}.sig")], input=line, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    changed = subprocess.run([*words, str(record / f"signatures/{name}.sig")], input=line[1:], capture_output=True, check=False)
    assert changed.returncode != 0


def test_the_metadata_are_those_of_the_standards(office: Path) -> None:
    said = json.loads((office / f"record/0001-{DAY}/data/metadata.json").read_text("utf-8"))
    assert said["标准"] == {"公文": "GB/T 33480-2016", "电子文件": "DA/T 46-2009"}
    assert said["电子文件"]["来源"]["立档单位名称"] == "榆溪学院"
    briefing = next(d for d in said["公文"] if d["文种"] == "工作简报")
    assert (briefing["标题"], briefing["签发人"], briefing["成文日期"]) == ("工作简报", "林签发", DAY)
    assert {f["计算机文件名"] for f in said["电子文件"]["电子属性"]} >= {"pages/notices/n.md", "pages/notices/n.html"}


def test_a_copy_without_the_office_is_verified_and_says_the_key(office: Path, run: Run, tmp_path: Path) -> None:
    copy = (office / "record").rename(tmp_path / "副本")
    said = json.loads(run(tmp_path, "verify", "--record", str(copy), "--format", "json").output)
    assert said["intact"] is True
    assert said["signatures"] == "checked"
    assert said["keys"][0]["fingerprint"] == signing.fingerprint(signing.public_key(tmp_path / "key"))


def test_a_new_key_is_signed_for_by_the_one_before(tmp_path: Path) -> None:
    one, two, record = new_key(tmp_path, "one"), new_key(tmp_path, "two"), tmp_path / "record"
    seal(record, None)
    seal(record, one)
    name = seal(record, two, one)
    seal(record, two)
    assert verify(record) == []
    assert [n for n, _key in Record.open(record).keys] == ["0002-2020-02-06", name]
    (record / f"signatures/{name}{ENDORSED}").unlink()
    assert [d.where for d in verify(record)] == [f"signatures/{name}{ENDORSED}"]


def test_a_lost_key_is_announced_in_the_chain_and_a_silent_one_is_named(tmp_path: Path) -> None:
    one, two, record = new_key(tmp_path, "one"), new_key(tmp_path, "two"), tmp_path / "record"
    seal(record, one)
    seal(record, two, key_change={"reason": "电脑遗失", "from": "x", "on": "2020-02-07"})
    assert verify(record) == []
    name = seal(record, one)
    assert [d.where for d in verify(record)] == [f"signatures/{name}{ENDORSED}"]


@pytest.mark.parametrize("harm", ["drop", "other", "add", "space"])
def test_a_signature_that_is_not_the_release_s_is_named(tmp_path: Path, harm: str) -> None:
    one, two, record = new_key(tmp_path, "one"), new_key(tmp_path, "two"), tmp_path / "record"
    name = seal(record, one)
    path = record / f"signatures/{name}.sig"
    if harm == "drop":
        path.unlink()
    elif harm == "other":
        path.write_bytes(signing.sign(two, Record.open(record).lines[0].signed))
    elif harm == "add":
        path = path.with_name("0009-2020-02-06.sig")
        path.write_bytes(b"")
    else:
        path.write_bytes(path.read_bytes().replace(b"\n", b" \n", 1))
    assert [d.where for d in verify(record)] == [f"signatures/{path.name}"]


def test_another_key_is_refused_until_somebody_says_why(office: Path, run: Run, tmp_path: Path) -> None:
    new_key(tmp_path, "two")
    settings = office / "jianbao.toml"
    settings.write_text(settings.read_text("utf-8").replace("../key", "../two"), encoding="utf-8")
    (office / "site/notices/n.md").write_text(
        "---\ntitle: 通知一则\nkind: notice\nstatus: signed\ndate: 2020-02-06\nchanges: [{date: 2020-02-06, note: 改一处}]\n---\n\n改。\n",
        encoding="utf-8",
    )
    publish = ("publish", "--date", DAY, "--as-of", "2020-02-06T13:00")
    assert "密钥换了" in run(office, *publish, code=4).output
    settings.write_text(settings.read_text("utf-8") + 'key_change = "旧密钥遗失"\n', encoding="utf-8")
    run(office, *publish)
    assert "公告：旧密钥遗失" in run(office, "verify").output


def test_a_key_whose_file_is_lost_stops_before_anything_is_built_and_says_what_to_do(office: Path, run: Run) -> None:
    assert "正常  签名密钥" in run(office, "doctor").output
    (office.parent / "key").unlink()
    said = run(office, "publish", "--date", "2020-02-07", "--as-of", "2020-02-07T12:00", code=1).output
    assert "签名用的私钥不见了" in said
    assert "key_change" in said
    assert "· 生成网站" not in said
    assert "有问题  签名密钥" in run(office, "doctor", code=1).output
