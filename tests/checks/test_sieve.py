"""A site looked through by the pieces that its pages share holds what each page looked through by itself holds, and no less."""

from __future__ import annotations

import json
import random
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jianbao.checks.passed import INDEX_SCRIPT, Passed
from jianbao.checks.pieces import Pieces
from jianbao.checks.privacy import Hit, People, check_privacy
from jianbao.checks.sieve import check_site
from jianbao.checks.views import squeezed, views

from .plain_look import BLOCKS, plain_look, plain_views

PEOPLE: Final = People(
    frozenset({"施彩辉", "高强", "彩辉光", "Anna Li"}),
    frozenset({"00123", "2019000001", "2019-0002", "0042"}),
    ("高强度",),
    frozenset({"高强"}),
)
OPEN: Final = People(PEOPLE.names, PEOPLE.numbers)
INDEX: Final = "site/search/search_index.json"
FRAME: Final = ("<li class='b'>", "<div y>", "<b>丙</b>", "甲乙", "<p>", "</p>", "\n", "<label f>")
MARKS: Final = (
    *(
        "施",
        "彩",
        "辉",
        "施彩辉",
        "彩辉",
        "高强",
        "度",
        "Anna",
        " Li",
        " ",
        "\n\n",
        "<b>",
        "</b>",
        "<li ",
        "<div ",
        "<link a>",
        "<P>",
        ">",
        "<",
    ),
    *(
        "<script>",
        "</script>",
        "<script a>",
        "<SCRIPT>",
        "<style>",
        "</style>",
        "<button x>",
        "<!-- ",
        " -->",
        "&lt;",
        "&gt;",
        "\\u003c",
        "\\",
    ),
    *(
        "|",
        "*",
        "\u200b",
        "\ufeff",
        "&#26045;",
        "\\u65bd",
        "%E6%96%BD",
        "%3Cli ",
        '="施彩"',
        'alt="施彩辉"',
        "签发",
        "编发",
        "：",
        "\ue000",
    ),
    *("１", "00123", "001", "23", "0042", "工号", "2019", "-", "0002", "138", "1234", "5678", "13800000001", "99010119951212001", "9", "x"),
    *("\x00", '"'),
)


def site_of(seed: int) -> dict[str, bytes]:
    """Return a few dozen pages of one frame, some with what must be found or might hide it, and their search index, twice."""
    drawn = random.Random(seed)
    pages = {}
    for number in range(24):
        odd = drawn.random() < 0.4
        said = "".join(drawn.choice(MARKS if odd and drawn.random() < 0.5 else FRAME) for _n in range(drawn.randint(4, 16)))
        pages[f"site/n{number}.html"] = f"<html><div a>\n站名</div><li b>{said}</li><div c>脚</div>".encode()
    docs = []
    for number in range(drawn.randint(0, 9)):
        said = "".join(drawn.choice(MARKS if drawn.random() < 0.2 else ("甲", "\u200b", "3 ")) for _n in range(9))
        docs.append({"location": f"n{number}.html#{number}", "title": "题", "text": said})
    index = json.dumps({"config": {"lang": ["zh"]}, "docs": docs}, separators=(",", ":"), ensure_ascii=drawn.random() < 0.5).encode()
    return pages | {INDEX: index, "site/search/search_index.js": INDEX_SCRIPT + index}


PLANTED: Final = ("施彩辉", "高强", "Anna Li", "00123", "2019000001", "13800000001")
BROKEN_BY: Final = (
    "",
    "",
    "",
    "<b>",
    "</b>",
    " ",
    "\n",
    "\u200b",
    "<!-- x -->",
    "<script>",
    "<i class='a'>",
    "&#8203;",
    "*",
    "<li ",
    "<div x>",
    "<!-- <li b> -->",
)


def planted_site(seed: int) -> dict[str, bytes]:
    """Return pages of one frame, each with somebody whose name or number is broken in some way."""
    drawn = random.Random(seed)
    pages = {}
    for number in range(36):
        what = drawn.choice(PLANTED)
        broken = "".join(letter + drawn.choice(BROKEN_BY) for letter in what)
        place = drawn.choice(
            ("<p>{}</p>", "<li c>{}</li>", '<img alt="{}">', "<button x>{}", "{}", "</style>{}<style>", "<td>{}</td><script>1</script>")
        )
        pages[f"n{number}.html"] = f"<html><div a>站名</div><li b>甲{place.format(broken)}乙</li><div c>脚</div>".encode()
    return pages


@pytest.mark.parametrize("seed", range(40))
def test_whoever_is_planted_is_found_wherever_the_plainest_look_finds_them(seed: int) -> None:
    site = planted_site(seed)
    hits = check_site(site, OPEN)
    assert sorted(map(told, hits)) == sorted(map(told, check_privacy(site.items(), OPEN)))
    for path, data in site.items():
        assert plain_look(path, data, OPEN) <= {h.found for h in hits if h.path == path}, data


@pytest.mark.parametrize("people", [PEOPLE, OPEN], ids=["some allowed", "none allowed"])
@pytest.mark.parametrize("seed", range(40))
def test_a_site_holds_what_its_files_hold_one_by_one(seed: int, people: People) -> None:
    site = site_of(seed)
    assert sorted(map(told, check_site(site, people))) == sorted(map(told, check_privacy(site.items(), people)))


@pytest.mark.parametrize("seed", range(40))
def test_what_the_plainest_look_finds_is_found(seed: int) -> None:
    site = site_of(seed)
    hits = check_site(site, OPEN)
    for path in (p for p in site if not p.endswith(".js")):
        assert plain_look(path, site[path], OPEN) <= {h.found for h in hits if h.path == path}, site[path]


@pytest.mark.parametrize("seed", range(20))
def test_what_passed_before_hides_nothing_that_is_new(seed: int) -> None:
    before, after = site_of(seed), site_of(seed + 1000)
    passed = Passed()
    check_site(before, PEOPLE, passed)
    again = check_site(before | after, PEOPLE, Passed(frozenset(passed.now)))
    assert sorted(map(told, again)) == sorted(map(told, check_privacy((before | after).items(), PEOPLE)))


def told(hit: Hit) -> tuple[str, str, str, str]:
    return hit.path, hit.kind, hit.found, hit.sentence


@pytest.mark.parametrize("path", ["site/施彩辉.html", "site/施 彩辉/n.html", "site/13800000001/search/search_index.json"])
def test_the_name_of_a_clean_file_is_looked_at_too(path: str) -> None:
    data = b'{"docs":[]}' if path.endswith(".json") else "<p>甲</p>".encode()
    assert [h.path for h in check_site({path: data, "site/a.html": b""}, PEOPLE)] == [path]


def test_a_page_that_is_no_utf8_is_looked_through_whole() -> None:
    assert [h.found for h in check_site({"a.html": "<div a>甲<div b>施彩辉老师".encode("gb18030")}, PEOPLE)] == ["施彩辉"]


def test_pages_are_cut_without_losing_a_byte_and_share_their_pieces() -> None:
    site, pieces = site_of(7), Pieces()
    cut = {path: pieces.of(data) for path, data in site.items()}
    assert {path: b"".join(its) for path, its in cut.items()} == site
    held = {piece: piece for its in cut.values() for piece in its}
    assert all(piece is held[piece] for its in cut.values() for piece in its)


@settings(max_examples=400)
@given(
    st.lists(st.sampled_from([*MARKS, *FRAME, "<tAble>", "<br/>", "<br/ >", "</LI x>", "\u3000", "\u2028", "\x85", "_", "~"]), max_size=14)
)
def test_the_views_of_a_text_are_those_of_the_plainest_look(marks: list[str]) -> None:
    text = "".join(marks)
    assert views(text) == plain_views(text)


@pytest.mark.parametrize("tag", [*BLOCKS.replace("h[1-6]", "h1|h2|h6").split("|"), "b", "span", "h7", "tt", "s", "tem", "col"])
@pytest.mark.parametrize("written", ["<{}>", "</{}>", "<{}/>", "<{} a='b'>", "<{}\n/>", "<{}x>"])
def test_a_block_ends_where_its_tag_says_so(tag: str, written: str) -> None:
    for text in (written.format(tag), written.format(tag).upper(), written.format(tag.capitalize())):
        assert squeezed(f"前{text}后") == plain_views(f"前{text}后")[1]
