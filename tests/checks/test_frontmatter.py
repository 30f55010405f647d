"""A page that does not say what it is, is named with its line; everything wrong at once."""

from __future__ import annotations

from typing import Final

import pytest

from jianbao.checks.frontmatter import check_pages

GOOD: Final = {"title": "通知一则", "kind": "notice", "status": "signed", "date": "2020-02-06"}


def page(*more: str, **changed: str | None) -> bytes:
    """Return a page's source: the good front matter with some keys changed (None: left out), and more lines."""
    head = [f"{k}: {v}" for k, v in {**GOOD, **changed}.items() if v is not None]
    return "\n".join(["---", *head, *more, "---", "", "正文。", ""]).encode()


def faults(data: bytes) -> list[tuple[int, str]]:
    _documents, found = check_pages([("notices/n.md", data)])
    assert {f.path for f in found} <= {"notices/n.md"}
    return [(f.line, f.text) for f in found]


@pytest.mark.parametrize(
    "data",
    [
        page(),
        b"\xef\xbb\xbf" + page(),
        page().replace(b"\n", b"\r\n"),
        page("audience: internal", "tags: [a, b]", "number: 〔2020〕1号", "signed_on: 2020-02-06", "data_date: 2020-02-05"),
        page("reason: 有误", status="withdrawn"),
        page("changes:", "- {date: 2020-02-07, note: 更正}"),
        page("changes: []", "tags:", "summary:"),
    ],
)
def test_a_page_that_says_what_it_is_has_no_fault(data: bytes) -> None:
    assert faults(data) == []


FAULTS: Final[list[tuple[bytes, int, str]]] = [
    (b"", 1, "说明区"),
    (b"# \xe9\xa2\x98\n", 1, "说明区"),
    (b"---\ntitle: a\n", 1, "说明区"),
    (b"\n---\ntitle: a\n---\n", 1, "说明区"),
    (b"---\n- a\n---\n", 2, "键: 值"),
    (b"---\ntext\n---\n", 2, "键: 值"),
    (b"---\ntitle: a\nkind: [b\ndate: c\n---\n", 4, "键: 值"),
    (b"---\ntitle: a\n? [1, 2]\n: b\n---\n", 3, "键: 值"),
    (page().decode().encode("gb18030"), 1, "UTF-8"),
    (page(title=None), 1, "缺少 title"),
    (page(title=""), 2, "缺少 title"),
    (page(date=None), 1, "缺少 date"),
    (page(kind="notise"), 3, "notise"),
    (page(kind="notise"), 3, "notice"),
    (page(status="final"), 4, "final"),
    (page(date="2月6日"), 5, "2月6日"),
    (page(date="2020-02-30"), 5, "2020-02-30"),
    (page(date="2020-13-01"), 5, "2020-13-01"),
    (page("signed_on: soon"), 6, "soon"),
    (page("data_date: 2019-02-29"), 6, "2019-02-29"),
    (page("titel: x"), 6, "title"),
    (page("audience: everybody"), 6, "everybody"),
    (page("audience:"), 6, "audience"),
    (page("audience: ''"), 6, "audience"),
    (page(status="withdrawn"), 4, "reason"),
    (page(status="superseded"), 4, "superseded_by"),
    (page("superseded_by: notices/m.md", status="superseded"), 1, "notices/m.md"),
    (page("tags: 通知"), 6, "tags"),
    (page("tags: 5"), 6, "tags"),
    (page("changes: 更正"), 6, "changes"),
    (page("changes: [{date: 2020-02-07}]"), 6, "changes"),
    (page("changes: [{date: 明天, note: 更正}]"), 6, "changes"),
    (page("changes: [{date: 2020-02-30, note: 更正}]"), 6, "changes"),
    (page("number: 1", "changes: [更正]"), 7, "changes"),
]


@pytest.mark.parametrize(("data", "line", "said"), FAULTS, ids=map(str, range(len(FAULTS))))
def test_what_is_wrong_is_named_with_its_line(data: bytes, line: int, said: str) -> None:
    ((found, text),) = faults(data)
    assert (found, said in text) == (line, True), text


def test_everything_wrong_is_said_at_once() -> None:
    found = faults(page("colour: red", title=None, kind="x", status="withdrawn", date="y"))
    assert [line for line, _text in found] == [5, 1, 2, 4, 3]


def test_good_pages_come_through_beside_bad_ones() -> None:
    pages = [("a.md", page()), ("b.md", b"x"), ("c.md", page("superseded_by: a.md", status="superseded"))]
    documents, found = check_pages(pages)
    assert [d.path for d in documents] == ["a.md", "c.md"]
    assert [f.path for f in found] == ["b.md"]
