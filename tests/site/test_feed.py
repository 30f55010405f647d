"""The feed is a valid Atom feed (RFC 4287) whose links lead somewhere, with an address and without one."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from jianbao.documents import Document, DocumentKind, Status
from jianbao.settings import School, Settings
from jianbao.site import Edition
from jianbao.site.browse import shelves
from jianbao.site.feed import feed

ATOM = {"a": "http://www.w3.org/2005/Atom"}
ADDRESS = "https://fangkong.example.edu/site/"


def document(path: str, on: date, kind: DocumentKind = DocumentKind.NOTICE, **more: Any) -> Document:
    """Return a signed document."""
    return Document(path=path, title=f"关于<{path}>&的通知", kind=kind, status=Status.SIGNED, on=on, body="", **more)


DOCUMENTS = (
    document("notices/一.md", date(2020, 2, 5), number="校防〔2020〕1号", issuer="防控办公室", tags=("返校", "校门")),
    document("notices/2.md", date(2020, 2, 7), issuer="防控办公室", summary="三句话", tags=("返校",)),
    document("notices/2.en.md", date(2020, 2, 7), issuer="The office"),
    document("guidance/3.en.md", date(2020, 1, 7), DocumentKind.GUIDANCE, issuer="The office"),
    document("about.md", date(2020, 2, 8), DocumentKind.PAGE),
)


def edition(address: str = "", documents: Sequence[Document] = DOCUMENTS) -> Edition:
    """Return a first release of these documents."""
    settings = Settings(School("榆溪学院", "防控办公室"), address=address)
    return Edition(
        settings=settings, number=1, moment=datetime(2020, 2, 8, 12, tzinfo=UTC), record=(), lines=(), documents=documents,
        changed=frozenset(), facts={}, templates=Path("none"),
    )  # fmt: skip


@pytest.fixture(params=["", ADDRESS], ids=["no address", "address"])
def root(request: pytest.FixtureRequest) -> ET.Element:
    """The feed, with and without the site's address."""
    return ET.fromstring(feed(edition(request.param)))


def test_what_the_standard_requires_is_there_once(root: ET.Element) -> None:
    assert root.tag == "{http://www.w3.org/2005/Atom}feed"
    for part in (root, *root.findall("a:entry", ATOM)):
        for name in ("id", "title", "updated"):
            (found,) = part.findall(f"a:{name}", ATOM)
            assert found.text
            assert name != "updated" or datetime.fromisoformat(found.text).tzinfo
        assert len(part.findall("a:link[@rel='alternate']", ATOM)) == 1
        assert part.findtext("a:author/a:name", namespaces=ATOM)


def test_ids_are_unique_and_do_not_change_with_the_address(root: ET.Element) -> None:
    ids = [e.text for e in root.iter("{http://www.w3.org/2005/Atom}id")]
    assert len(set(ids)) == len(ids) == 5
    assert ids == [e.text for e in ET.fromstring(feed(edition("https://elsewhere.example.edu/"))).iter("{http://www.w3.org/2005/Atom}id")]


def test_links_are_absolute_where_there_is_an_address_else_it_says_they_are_not() -> None:
    for address in ("", ADDRESS):
        root = ET.fromstring(feed(edition(address)))
        links = [unquote(e.attrib["href"]) for e in root.iterfind("a:entry/a:link", ATOM)]
        assert links == [f"{address}{p}" for p in ("notices/2.html", "notices/2.en.html", "notices/一.html", "guidance/3.en.html")]
        assert (root.findtext("a:subtitle", namespaces=ATOM) is None) == bool(address)
        assert [e.attrib["href"] for e in root.iterfind("a:link[@rel='self']", ATOM)] == ([f"{ADDRESS}feed.xml"] if address else [])


def test_entries_are_the_newest_first_each_in_its_language(root: ET.Element) -> None:
    entries = root.findall("a:entry", ATOM)
    assert [e.findtext("a:title", namespaces=ATOM) for e in entries][-2:] == [
        "关于<notices/一.md>&的通知（校防〔2020〕1号）",
        "关于<guidance/3.en.md>&的通知",
    ]
    assert [e.get("{http://www.w3.org/XML/1998/namespace}lang") for e in entries] == [None, "en", None, "en"]


def test_lists_hold_a_document_once_whatever_languages_it_has() -> None:
    assert [d.path for d in edition().chinese] == ["notices/一.md", "notices/2.md", "guidance/3.en.md", "about.md"]
    chinese, english = DOCUMENTS[1], DOCUMENTS[2]
    assert (edition().other_language(chinese), edition().other_language(english)) == (english, chinese)
    assert edition().other_language(DOCUMENTS[0]) is None


def test_each_document_stands_on_the_shelf_of_its_month_kind_and_tags() -> None:
    found = {(way, s.title): [d.path for d in s.documents] for way, own in shelves(edition().chinese).items() for s in own}
    assert found == {
        ("年月", "2020年2月"): ["notices/2.md", "notices/一.md"],
        ("年月", "2020年1月"): ["guidance/3.en.md"],
        ("文种", "通知"): ["notices/2.md", "notices/一.md"],
        ("文种", "防控指南"): ["guidance/3.en.md"],
        ("标签", "返校"): ["notices/2.md", "notices/一.md"],
        ("标签", "校门"): ["notices/一.md"],
    }
