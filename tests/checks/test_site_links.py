"""That a site's links all lead somewhere is told from the pieces of its pages only where every page by itself says so."""

from __future__ import annotations

import random
from typing import Final

import pytest

from jianbao.checks.links import all_lead_somewhere, check_links, links_of
from jianbao.checks.pieces import Pieces

GOOD: Final = (
    '<a href="n1.html">甲</a>',
    "<a href='../a/n2.html'>乙</a>",
    '<a href="../index.html#one">丙</a>',
    '<a href="#two">丁</a>',
    '<h2 id="two">二</h2>',
    '<a href="https://example.invalid">外</a>',
    '<img alt="a > b" src="../x.png">',
    "<li class='b'>",
    '<div id="one">',
    "文字 a < b > c",
    "<a>",
    '<a href="mailto:a@example.invalid">信</a>',
    '<a href="n1.html#__x">开关</a>',
    '<a href="n3.html#%E4%B8%80">一</a>',
    '<p id="一">',
)
BAD: Final = (
    '<a href="n9.html">',
    '<a href="#ten">',
    '<a href="n1.html#ten">',
    '<script src="https://example.invalid/x.js">',
    "<img src=//example.invalid>",
    '<a title="<li " href="n9.html">',
    '<img title="> <li c" src="https://example.invalid/x.png">',
    "<A HREF = n9.html>",
    '<a title=">" x<a href=n9>',
    "<img title='<' srcset='n9.png 1x, ../x.png 2x'>",
    '<a\u3000href="n9.html">',
    '<a href=" #ten">',
    '<video poster="n9.png">',
)


def site_of(said: str) -> dict[str, bytes]:
    """Return a site with these words on a page of a folder, and a frame that all pages share."""
    frame = '<html><link rel="icon" href="{up}x.png"><li a><a href="{up}a/n1.html">去</a></li><div b>{said}</div>'
    pages = {f"a/n{n}.html": frame.format(up="../", said='<p id="一"><h1 id="two">') for n in (1, 2, 3)}
    pages |= {"index.html": frame.format(up="", said='<h1 id="one">'), "a/n4.html": frame.format(up="../", said=said)}
    return {path: text.encode() for path, text in pages.items()} | {"x.png": b"", "404.html": b'<a href="/nowhere.html">'}


def leads(site: dict[str, bytes]) -> bool:
    pieces = Pieces()
    links = links_of({p: pieces.of(d) for p, d in site.items() if p.endswith(".html")})
    return not links.dead and all_lead_somewhere(links.needs, site, lambda path: pieces.of(site[path]))


@pytest.mark.parametrize("said", GOOD)
def test_links_that_lead_somewhere_are_told_without_looking_at_each(said: str) -> None:
    site = site_of(said + ("" if "#two" not in said else '<b id="two">'))
    assert check_links(site.items()) == []
    assert leads(site)


@pytest.mark.parametrize("said", BAD)
def test_a_link_that_leads_nowhere_or_outside_is_never_passed_over(said: str) -> None:
    site = site_of(said)
    assert check_links(site.items())
    assert not leads(site)


@pytest.mark.parametrize("seed", range(200))
def test_nothing_is_passed_over_in_pages_that_mix_them(seed: int) -> None:
    drawn = random.Random(seed)
    marks = [
        drawn.choice((*GOOD, *BAD) if drawn.random() < 0.2 else (*GOOD, "<b ", '"', "'", ">", "<li ", " href=", "=")) for _n in range(8)
    ]
    site = site_of("".join(marks))
    assert not (leads(site) and check_links(site.items()))
