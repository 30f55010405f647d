"""What the gate has passed counts for the same people, rules and bytes alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from jianbao import files
from jianbao.checks.passed import entry_key
from jianbao.checks.privacy import People
from jianbao.errors import Blocked
from jianbao.pipeline.gate import pass_gate
from jianbao.pipeline.seen import Seen

PEOPLE: Final = People(frozenset({"施彩辉"}), frozenset({"00123"}), ("施彩辉楼",), frozenset({"林签发"}))
SITE: Final = {
    "site/index.html": '<main><a href="n.html#one">去</a></main>'.encode(),
    "site/n.html": '<main><h2 id="one">施彩辉楼</h2></main>'.encode(),
}


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """Where it stands that the site has passed."""
    path = tmp_path / "gate.kept"
    pass_gate(SITE, PEOPLE, kept=path)
    assert Seen.open(path, PEOPLE).passed.known
    return path


@pytest.mark.parametrize(
    "people",
    [
        replace(PEOPLE, names=PEOPLE.names | {"高强"}), replace(PEOPLE, numbers=frozenset()), replace(PEOPLE, allowed=()),
        replace(PEOPLE, signatories=frozenset()),
    ],
    ids=["names", "numbers", "allowed", "signatories"],
)  # fmt: skip
def test_of_other_people_nothing_has_passed(kept: Path, people: People) -> None:
    assert Seen.open(kept, people).passed.known == frozenset()


def test_a_phrase_no_longer_allowed_is_found_where_it_stood_before(kept: Path) -> None:
    with pytest.raises(Blocked, match="施彩辉"):
        pass_gate(SITE, replace(PEOPLE, allowed=()), kept=kept)


@pytest.mark.parametrize(
    "harm", [lambda b: b[:-1], lambda b: bytes([b[0] ^ 1]) + b[1:], lambda _b: b""], ids=["cut", "another hash", "empty"]
)
def test_a_damaged_note_is_as_none(kept: Path, harm: object) -> None:
    assert callable(harm)
    kept.write_bytes(harm(kept.read_bytes()))
    assert Seen.open(kept, PEOPLE).passed.known == frozenset()
    pass_gate(SITE, PEOPLE, kept=kept)


def test_a_link_is_dead_when_what_it_leads_to_changes_under_an_unchanged_page(kept: Path) -> None:
    for changed in ({"site/n.html": b"<main></main>"}, {"site/m.html": SITE["site/n.html"], "site/n.html": None}):
        site = {p: d for p, d in (SITE | changed).items() if d is not None}
        with pytest.raises(Blocked, match=r"n\.html#one"):
            pass_gate(site, PEOPLE, kept=kept)


def test_what_is_refused_is_not_noted(kept: Path) -> None:
    before = files.read_bytes(kept)
    with pytest.raises(Blocked):
        pass_gate(SITE | {"site/m.html": "施彩辉老师".encode()}, PEOPLE, kept=kept)
    assert files.read_bytes(kept) == before


def test_a_new_page_that_asks_another_host_is_found_among_pages_that_passed(kept: Path) -> None:
    with pytest.raises(Blocked, match=r"example\.invalid"):
        pass_gate(SITE | {"site/m.html": b'<img src="https://example.invalid/x.png">'}, PEOPLE, kept=kept)


def test_a_page_that_nothing_leads_to_any_more_may_go(kept: Path) -> None:
    pass_gate({"site/index.html": b"<main></main>"}, PEOPLE, kept=kept)
    assert Seen.open(kept, PEOPLE).needs == frozenset()


def test_the_entries_of_an_index_that_has_not_changed_stay_known(kept: Path) -> None:
    index = {"site/search/search_index.json": b'{"config":{},"docs":[{"location":"n.html","text":"a"}]}'}
    for _time in range(3):
        pass_gate(SITE | index, PEOPLE, kept=kept)
        assert entry_key(b'"n.html","text":"a"}') in Seen.open(kept, PEOPLE).passed.known
