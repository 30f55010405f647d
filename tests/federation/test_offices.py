"""An office above others takes from their records what is proven, and nothing else."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from jianbao import signing
from jianbao.clock import zone
from jianbao.errors import SettingsError, SourceUnreached
from jianbao.federation import Known, look
from jianbao.pipeline.work import DayWork
from jianbao.project import Project
from jianbao.record import Record
from jianbao.settings import OfficeSource
from jianbao.sources.offices import FolderPlace, Lost, WebPlace, place_of
from jianbao.values import Code, UnitState

from .conftest import DAY, SCHOOL, Above, report, run, write

BAG = f"0001-{DAY}"


def state(work: DayWork, unit: str = SCHOOL) -> UnitState:
    return next(u.state for u in work.completeness.units if u.unit == unit)


def value(work: DayWork, name: str) -> tuple[float | None, int, int]:
    figure = work.figure(name)
    assert figure is not None
    return figure.value, figure.received, figure.expected


def codes(work: DayWork) -> set[str]:
    return {f.code for f in work.findings}


# -- What is proven is taken -------------------------------------------------------------------------------------------


def test_a_school_s_published_figures_become_its_row(above: Above, school: Path, key: str) -> None:
    above.knows(**{SCHOOL: (school, key), "无名学院": above.root.parent})
    work = above.work()
    assert (state(work), state(work, "无名学院")) == (UnitState.CASES, UnitState.MISSING)
    assert value(work, "confirmed") == (1, 1, 2)
    assert value(work, "school_units_received") == (2, 1, 2)
    assert str(work.completeness.units[0].submitted) == f"{DAY} 10:30:00"
    assert codes(work) == {"confirmed-case"}


def test_a_record_over_http_says_what_the_folder_says(above: Above, school: Path, key: str, web: str) -> None:
    above.knows(**{SCHOOL: (web, key)})
    by_web = above.work()
    source = OfficeSource(SCHOOL, "", (key,))
    here = zone("Asia/Shanghai")
    places = (WebPlace(web), FolderPlace(school / "record"))
    looks = [look(source, place, Known(), here) for place in places]
    assert looks[0] == looks[1]
    assert value(by_web, "confirmed") == (1, 1, 1)


def test_the_office_s_folder_and_the_record_s_are_the_same_address(school: Path, tmp_path: Path) -> None:
    assert place_of("school", tmp_path) == place_of(str(school / "record"), tmp_path) == FolderPlace(school / "record")
    assert place_of("https://example.edu/record", tmp_path) == place_of("https://example.edu/record/", tmp_path)


def test_a_release_that_was_proven_is_not_read_again(above: Above, school: Path, key: str) -> None:
    above.knows(**{SCHOOL: (school, key)})
    above.work()
    for path in (school / "record" / BAG).rglob("*"):
        if path.is_file():
            path.unlink()
    again = above.work(f"{DAY}T11:40")
    assert value(again, "confirmed") == (1, 1, 1)


def test_a_school_without_a_known_key_counts_and_is_named(above: Above, school: Path) -> None:
    above.knows(**{SCHOOL: school})
    work = above.work()
    assert value(work, "confirmed") == (1, 1, 1)
    assert "record-unsigned" in codes(work)


def test_a_report_after_the_deadline_is_late(above: Above, school: Path, key: str) -> None:
    above.knows(**{SCHOOL: (school, key)})
    settings = above.root / "jianbao.toml"
    write(settings, settings.read_text("utf-8") + '\n[report]\ndeadline = "10:15"\n')
    assert [u.unit for u in above.work().completeness.late] == [SCHOOL]


def test_a_number_that_a_school_does_not_state_is_no_zero(above: Above, school: Path, key: str) -> None:
    report(school, 0)
    write(school / f"inbox/零报告{DAY}.csv", "单位名称,报告日期,异常人数,疑似,确诊\n")
    run(school, "publish", "--date", DAY, "--as-of", f"{DAY}T10:50", "--signed-by", "沈既明", "--update")
    above.knows(**{SCHOOL: (school, key)})
    work = above.work()
    assert state(work) is UnitState.REJECTED
    assert value(work, "confirmed") == (None, 0, 1)
    assert "figures-not-stated" in codes(work)


def test_a_day_that_a_school_issues_again_is_that_of_its_newest_release(above: Above, school: Path, key: str) -> None:
    above.knows(**{SCHOOL: (school, key)})
    above.work()
    report(school, 3)
    run(school, "publish", "--date", DAY, "--as-of", f"{DAY}T11:20", "--signed-by", "沈既明", "--update")
    assert value(above.work(), "confirmed") == (3, 1, 1)


# -- What is not proven is not -----------------------------------------------------------------------------------------


def _reseal(record: Path, *, line: bool) -> None:
    """Make a bag agree with its own manifests again, and with `line` the chain with the bag: all but the signature."""
    bag = record / BAG
    for manifest, below in (("manifest-sha256.txt", "data/facts.json"), ("tagmanifest-sha256.txt", "manifest-sha256.txt")):
        path = bag / manifest
        lines = [row if not row.endswith(below) else f"{_sha(bag / below)}  {below}" for row in path.read_text("utf-8").splitlines()]
        write(path, "".join(f"{row}\n" for row in lines))
    if line:
        number, day, name, _tags, previous = (record / "chain.txt").read_text("utf-8").split()
        write(record / "chain.txt", f"{number} {day} {name} {_sha(bag / 'tagmanifest-sha256.txt')} {previous}\n")


def _sha(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _fewer(record: Path) -> None:
    path = record / BAG / "data/facts.json"
    text = path.read_text("utf-8")
    assert '"value": 1,' in text
    write(path, text.replace('"value": 1,', '"value": 0,'))


def _in_manifest(record: Path) -> None:
    _fewer(record)
    _reseal(record, line=False)


def _in_chain(record: Path) -> None:
    _fewer(record)
    _reseal(record, line=True)


def _other_signature(record: Path) -> None:
    key = signing.new_key(record.parent / "private/other", "other")
    line = (record / "chain.txt").read_bytes()
    (record / f"signatures/{BAG}.sig").write_bytes(signing.sign(key, line))


def _unsigned(record: Path) -> None:
    (record / f"signatures/{BAG}.sig").unlink()


def _gone(record: Path) -> None:
    (record / BAG / "data/facts.json").unlink()


def _first_hash(record: Path) -> None:
    chain = record / "chain.txt"
    write(chain, chain.read_text("utf-8").replace("0" * 64, "1" * 64))


@pytest.mark.parametrize(
    ("harm", "named"),
    [
        (_fewer, "data/facts.json"),
        (_in_manifest, "tagmanifest-sha256.txt"),
        (_in_chain, f"signatures/{BAG}.sig"),
        (_other_signature, "不是约定的密钥"),
        (_unsigned, "签名不见了"),
        (_gone, "文件不见了"),
        (_first_hash, "chain.txt"),
    ],
)
def test_a_record_that_does_not_hold_is_rejected_and_named(
    above: Above, school: Path, key: str, harm: Callable[[Path], None], named: str
) -> None:
    harm(school / "record")
    above.knows(**{SCHOOL: (school, key), "无名学院": above.root.parent})
    work = above.work()
    assert state(work) is UnitState.REJECTED
    assert value(work, "confirmed") == (None, 0, 2)
    told = [str(f.note) for f in work.findings if f.code == Code.RECORD_ALTERED]
    assert len(told) == 1
    assert named in told[0]


def test_a_school_that_mends_its_record_is_taken_at_the_next_look(above: Above, school: Path, published: Path, key: str) -> None:
    above.knows(**{SCHOOL: (school, key)})
    _fewer(school / "record")
    assert state(above.work()) is UnitState.REJECTED
    good = published / "record" / BAG / "data/facts.json"
    (school / "record" / BAG / "data/facts.json").write_bytes(good.read_bytes())
    assert value(above.work(f"{DAY}T11:40"), "confirmed") == (1, 1, 1)


def test_the_record_of_another_school_is_not_taken_for_this_one_s(above: Above, school: Path, key: str) -> None:
    above.knows(沚湾学院=(school, key))
    work = above.work()
    assert state(work, "沚湾学院") is UnitState.REJECTED
    assert any(SCHOOL in str(f.note) for f in work.findings if f.code == Code.RECORD_ALTERED)


def test_a_chain_that_forgets_a_release_is_named_and_what_was_proven_stands(above: Above, school: Path, key: str) -> None:
    above.knows(**{SCHOOL: (school, key)})
    above.work()
    write(school / "record/chain.txt", "")
    work = above.work(f"{DAY}T11:40")
    assert value(work, "confirmed") == (1, 1, 1)
    assert Code.RECORD_ALTERED in codes(work)


def test_a_chain_written_anew_is_rejected_where_it_says_what_was_not_proven(above: Above, school: Path, published: Path) -> None:
    here, source = zone("Asia/Shanghai"), OfficeSource(SCHOOL, "")
    other = Known("0001 2026-02-27 0001-2026-02-27 " + "a" * 64 + " " + "0" * 64 + "\n", {})
    found = look(source, FolderPlace(school / "record"), other, here)
    assert [r.day.isoformat() for r in found.reports] == [DAY]
    assert all(r.faults for r in found.reports)
    assert found.known == other


# -- What could not be had ---------------------------------------------------------------------------------------------


def test_a_school_that_cannot_be_reached_is_not_called_missing(above: Above, school: Path, key: str, silence: str) -> None:
    above.knows(**{SCHOOL: (school, key), "远山学院": silence})
    work = above.work()
    assert state(work, "远山学院") is UnitState.UNREACHED
    assert value(work, "confirmed") == (1, 1, 2)
    assert Code.SOURCE_NOT_REACHED in codes(work)


@pytest.mark.parametrize("address", ["http://127.0.0.1:99999/", "http://[/", "http:///x"])
def test_an_address_that_is_none_is_not_reached(address: str) -> None:
    with pytest.raises(Lost):
        WebPlace(address).read("chain.txt", 1000)


def test_an_address_without_a_record_is_not_reached(web: str) -> None:
    with pytest.raises(Lost, match=r"chain\.txt"):
        look(OfficeSource(SCHOOL, web), WebPlace(web + "nothing/"), Known(), zone("Asia/Shanghai"))


def test_a_file_beyond_its_bound_is_not_read(school: Path, web: str) -> None:
    for place in (FolderPlace(school / "record"), WebPlace(web)):
        assert len(place.read("chain.txt", 1000) or b"") < 1000
        with pytest.raises(Lost, match="太大"):
            place.read("chain.txt", 20)


def test_where_nobody_can_be_reached_the_run_stops_and_offline_uses_what_was_read(above: Above, school: Path, key: str) -> None:
    above.knows(**{SCHOOL: (school, key)})
    above.work()
    above.knows(**{SCHOOL: (above.root / "no" / "such", key)})
    with pytest.raises(SourceUnreached, match="no"):
        above.work(f"{DAY}T11:40")
    assert value(above.work(f"{DAY}T11:40", offline=True), "confirmed") == (1, 1, 1)


# -- What is written down ----------------------------------------------------------------------------------------------


def test_what_is_kept_of_a_release_proves_itself(above: Above, school: Path, key: str) -> None:
    above.knows(**{SCHOOL: (school, key)})
    work = above.work()
    snapshot = next(s for s in work.store.entries if s.file.endswith(f"{DAY}.office"))
    kept = json.loads(work.store.read(snapshot))
    sha = {name: hashlib.sha256(text.encode()).hexdigest() for name, text in kept["files"].items()}
    line = Record.open(school / "record").lines[0]
    assert sha["tagmanifest-sha256.txt"] == line.bag
    assert f"{sha['manifest-sha256.txt']}  manifest-sha256.txt" in kept["files"]["tagmanifest-sha256.txt"]
    assert hashlib.sha256(kept["facts"].encode()).hexdigest() in kept["files"]["manifest-sha256.txt"]
    assert signing.genuine(key, f"{kept['line']}\n".encode(), kept["signature"].encode())


def test_two_schools_of_one_name_are_refused(above: Above, school: Path) -> None:
    above.knows(**{SCHOOL: school})
    settings = above.root / "jianbao.toml"
    entry = f"\n[[source.office]]\nname = '{SCHOOL}'\naddress = 'elsewhere'\n"
    write(settings, settings.read_text("utf-8") + entry)
    with pytest.raises(SettingsError, match=SCHOOL):
        Project.open(above.root)


def test_doctor_names_the_schools_that_cannot_be_read(above: Above, school: Path, key: str) -> None:
    above.knows(**{SCHOOL: (school, key), "远山学院": above.root / "no" / "such"})
    told = run(above.root, "doctor", code=1)
    assert "远山学院" in told
    assert "读得到 1 个" in told
    assert not (above.root / "private/offices").exists()


def test_a_key_change_is_taken_where_both_keys_are_known(school: Path, key: str) -> None:
    _other_signature(school / "record")
    other = signing.public_key(school / "private/other")
    here, source = zone("Asia/Shanghai"), OfficeSource(SCHOOL, "", (key, other))
    assert not look(source, FolderPlace(school / "record"), Known(), here).reports[0].faults
    assert look(replace(source, keys=(key,)), FolderPlace(school / "record"), Known(), here).reports[0].faults


# -- Made again --------------------------------------------------------------------------------------------------------


def test_the_office_s_briefing_and_its_site_can_be_made_again(above: Above, school: Path, key: str, tmp_path: Path) -> None:
    above.knows(**{SCHOOL: (school, key)})
    run(above.root, "publish", "--as-of", f"{DAY}T12:00", "--signed-by", "沈既明")
    assert "各校合计" in (above.root / f"site/briefings/2026/{DAY}.md").read_text("utf-8")
    assert "简报与发布的逐字节相同。" in run(above.root, "rebuild", DAY)
    shutil.copytree(above.root / "record", tmp_path / "again/record")
    assert "逐字节相同" in run(tmp_path / "again", "restore")
    assert str(school) not in (tmp_path / "again/jianbao.toml").read_text("utf-8")
