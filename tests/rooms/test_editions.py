"""A closed edition is the sealed tree and nothing else, under its own path for ever; nothing is ever written over it."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Final

import pytest

from jianbao import editions, files
from jianbao.editions import Closing, close, put_into, read_editions, verify_editions
from jianbao.errors import Refused, UsageError
from jianbao.record import CHAIN, SITE_CHAIN, SITE_MANIFEST, Record, site_manifest
from jianbao.settings import School, Settings
from jianbao.verification import verify

DAY: Final = date(2020, 7, 10)
SETTINGS: Final = Settings(School("榆溪学院", "防控办公室"))


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """An office with a built site that one release has sealed."""
    site = tmp_path / "site"
    files.write_text(site / "index.html", "<p>第一学期</p>")
    files.write_text(site / "notices/页 1.html", "<p>通知</p>")
    release(tmp_path)
    return tmp_path


def release(office: Path) -> None:
    """Seal the site as it stands, and put the chain into it."""
    record = Record.open(office / "record")
    record.seal(DAY, {SITE_MANIFEST: site_manifest(office / "site").encode(), "release.json": b"{}"}, {})
    files.write_text(office / "site" / SITE_CHAIN, files.read_text(office / "record" / CHAIN))


def closed(office: Path, name: str, *aliases: str, title: str = "", move: bool = False) -> None:
    """Close an edition and put all into the site, as the command does."""
    close(office / "editions", office / "site", Record.open(office / "record"), Closing(name, title, aliases, DAY, move))
    put_into(office / "site", office / "editions", SETTINGS)


def tree(folder: Path) -> dict[str, bytes]:
    """Return every file of a folder."""
    return {files.relative(p, folder): files.read_bytes(p) for p in files.walk(folder)}


def test_an_edition_and_its_alias_are_copies_of_the_sealed_tree(office: Path) -> None:
    before = tree(office / "site")
    closed(office, "2020-spring", "previous", title="2020年春季学期")
    assert tree(office / "editions" / "2020-spring") == before
    for name in ("2020-spring", "previous"):
        there = tree(office / "site" / "editions" / name)
        assert there.pop("editions/index.html")
        assert there == before
        assert not (office / "site/editions" / name).is_symlink()


def test_the_list_is_what_mike_writes(office: Path) -> None:
    closed(office, "2020-spring", "previous", title="2020年春季学期")
    (entry,) = json.loads(files.read_text(office / "site/editions/versions.json"))
    assert entry["version"] == "2020-spring"
    assert entry["title"] == "2020年春季学期"
    assert entry["aliases"] == ["previous"]
    assert entry["properties"] == {"closed": "2020-07-10", "release": 1}


def test_editions_change_nothing_of_the_living_site_or_its_seal(office: Path) -> None:
    closed(office, "2020-spring")
    assert verify(office / "record", office / "site") == []
    assert verify_editions(office / "editions", Record.open(office / "record"), office / "site") == []


def test_a_later_edition_does_not_hold_the_earlier_ones(office: Path) -> None:
    closed(office, "2020-spring")
    files.write_text(office / "site/index.html", "<p>第二学期</p>")
    release(office)
    closed(office, "2020-autumn")
    assert [e.version for e in read_editions(office / "editions")] == ["2020-autumn", "2020-spring"]
    assert not [n for n in tree(office / "editions/2020-autumn") if n.startswith("editions")]
    assert files.read_text(office / "site/editions/2020-spring/index.html") == "<p>第一学期</p>"
    assert files.read_text(office / "site/editions/2020-autumn/index.html") == "<p>第二学期</p>"


@pytest.mark.parametrize("second", ["2020-spring", "2020-SPRING", "previous"])
def test_a_name_that_is_taken_is_refused_and_nothing_changes(office: Path, second: str) -> None:
    closed(office, "2020-spring", "previous")
    before = tree(office)
    with pytest.raises(Refused):
        closed(office, second, move=True)
    assert tree(office) == before


def test_an_alias_moves_only_when_told_to(office: Path) -> None:
    closed(office, "2020-spring", "previous")
    files.write_text(office / "site/index.html", "<p>第二学期</p>")
    release(office)
    with pytest.raises(Refused):
        closed(office, "2020-autumn", "previous")
    closed(office, "2020-autumn", "previous", move=True)
    assert files.read_text(office / "site/editions/previous/index.html") == "<p>第二学期</p>"
    assert [e.aliases for e in read_editions(office / "editions")] == [("previous",), ()]


@pytest.mark.parametrize("name", ["../up", "a/b", ".hidden", "", "con", "index.html", "versions.json", "a b"])
def test_a_name_that_is_no_path_is_refused(office: Path, name: str) -> None:
    with pytest.raises(UsageError):
        closed(office, name)
    assert not (office / "editions").exists()


def test_a_site_that_is_not_as_it_was_sealed_is_no_edition(office: Path) -> None:
    files.write_text(office / "site/index.html", "改过")
    with pytest.raises(Refused, match=r"index\.html"):
        closed(office, "2020-spring")


def test_nothing_published_is_no_edition(tmp_path: Path) -> None:
    with pytest.raises(Refused):
        closed(tmp_path, "2020-spring")


@pytest.mark.parametrize(
    ("where", "named"),
    [
        pytest.param("editions/2020-spring/index.html", "editions/2020-spring/index.html", id="kept"),
        pytest.param("site/editions/previous/index.html", "site/editions/previous/index.html", id="its copy"),
        pytest.param("site/editions/2020-spring/new.html", "site/editions/2020-spring/new.html", id="a stranger"),
        pytest.param("site/editions/forged/index.html", "site/editions/forged/index.html", id="an edition that never was"),
    ],
)
def test_verify_names_what_was_changed_in_an_edition(office: Path, where: str, named: str) -> None:
    closed(office, "2020-spring", "previous")
    files.write_text(office / where, "改过")
    assert [d.where for d in verify_editions(office / "editions", Record.open(office / "record"), office / "site")] == [named]


def test_a_closing_that_was_cut_off_is_done_again(office: Path) -> None:
    files.write_text(office / "editions/.2020-spring.new/half.html", "")
    files.write_text(office / "editions/2020-spring/half.html", "")
    closed(office, "2020-spring")
    assert "half.html" not in tree(office / "editions/2020-spring")


def test_every_edition_s_start_page_is_offered_to_the_check_of_links(office: Path) -> None:
    closed(office, "2020-spring", "previous")
    assert editions.first_pages(office / "editions") == ["editions/2020-spring/index.html", "editions/previous/index.html"]
