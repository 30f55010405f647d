"""A link that leads nowhere, and an address that a reader's browser would fetch from another host, are both named."""

from __future__ import annotations

import pytest

from jianbao.checks.links import DeadLink, check_links

SITE = {
    "index.html": b'<a href="notices/n.html">n</a>',
    "notices/n.html": '<h2 id="one">1</h2><a name="二">2</a>'.encode(),
    "notices/index.html": b"",
    "文件/表 1.xlsx": b"PK",
    "a.css": b"",
    "404.html": b"",
}


def dead(html: str, path: str = "notices/x.html") -> list[tuple[str, bool]]:
    """Return (target, whether outside) of what is wrong with one more page of the site."""
    return [(d.target, d.outside) for d in check_links([*SITE.items(), (path, html.encode())])]


@pytest.mark.parametrize(
    "tag",
    [
        '<a href="n.html">',
        '<a href="./n.html#one">',
        '<a href="../notices/n.html?x=1#one">',
        '<a href="n.html#%E4%BA%8C">',
        '<a href="n.html#二">',
        '<a href="../">',
        '<a href="..">',
        '<a href="../notices/">',
        '<a href="../notices">',
        '<a href="../%E6%96%87%E4%BB%B6/%E8%A1%A8%201.xlsx">',
        '<a href="#here"><b id="here">',
        '<a href="#__top">',
        '<a href="#">',
        '<a href="">',
        "<a href='mailto:a@e.cn'>",
        '<a href="tel:0851-1">',
        '<a href="https://e.cn/x">',
        '<img src="data:image/png;base64,AA==">',
        '<link rel="canonical" href="https://e.cn/x.html">',
        '<link rel="alternate" href="https://e.cn/x.html">',
        '<link rel="stylesheet" href="../a.css">',
        '<img srcset="../a.css 1x, n.html 2x" src="n.html">',
        '<p title="href=nowhere">',
        "href=nowhere",
    ],
)
def test_what_leads_somewhere_is_left_alone(tag: str) -> None:
    assert dead(tag) == []


@pytest.mark.parametrize(
    ("tag", "target"),
    [
        ('<a href="m.html">', "m.html"),
        ("<a href=m.html>", "m.html"),
        ("<A\n  class='x'\n  HREF = 'm.html'>", "m.html"),
        ('<a href="n.html#two">', "n.html#two"),
        ('<a href="#two">', "#two"),
        ('<a href="/notices/n.html">', "/notices/n.html"),
        ('<a href="../../notices/n.html">', "../../notices/n.html"),
        ('<a href="N.html">', "N.html"),
        ('<a href="m.html?a=1&amp;b=2">', "m.html?a=1&b=2"),
        ('<img src="n.html" srcset="n.html 1x, m.png 2x">', "m.png"),
        ('<video poster="m.png" src="n.html">', "m.png"),
        ('<object data="m.pdf">', "m.pdf"),
        ("<img title='a > b' src='m.png'>", "m.png"),
    ],
)
def test_what_leads_nowhere_is_named(tag: str, target: str) -> None:
    assert dead(tag) == [(target, False)]


@pytest.mark.parametrize(
    "tag",
    [
        '<script src="https://e.cn/x">', '<img src="//e.cn/x">', '<img src=http://e.cn/x>', '<iframe src="https://e.cn/x">',
        '<link rel="stylesheet" href="https://e.cn/x">', '<link href="https://e.cn/x" rel="Icon">', '<link rel="preconnect" href="https://e.cn">',
        '<img src="n.html" srcset="n.html 1x, https://e.cn/x 2x">', '<video src="n.html" poster="https://e.cn/x">',
    ],
)  # fmt: skip
def test_what_a_browser_would_fetch_from_another_host_is_named(tag: str) -> None:
    ((target, outside),) = dead(tag)
    assert "e.cn" in target
    assert outside


def test_a_link_is_named_once_a_page_and_with_its_page() -> None:
    page = b'<a href="m.html"></a><a href="m.html"></a>'
    assert check_links([("a.html", page), ("b/c.html", page)]) == [DeadLink("a.html", "m.html"), DeadLink("b/c.html", "m.html")]


def test_the_page_for_what_is_not_found_may_be_served_anywhere() -> None:
    assert dead('<a href="/index.html"><script src="/x.js">', "404.html") == []
    assert dead('<script src="https://e.cn/x.js">', "404.html") == [("https://e.cn/x.js", True)]


def test_only_pages_are_read() -> None:
    assert dead('<a href="m.html">', "a.txt") == []
