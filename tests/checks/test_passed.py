"""What was looked through is not looked through again, and nothing is passed over that was not."""

from __future__ import annotations

import json
from typing import Final

import pytest

from jianbao.checks.passed import INDEX_SCRIPT, Passed, pieces_of
from jianbao.checks.privacy import People, check_privacy

PEOPLE: Final = People(frozenset({"施彩辉"}), frozenset({"00123"}), signatories=frozenset({"施彩辉"}))
HEAD: Final = "<!doctype html><head><title>通知</title></head><header>站名</header><main><article>"
INDEX: Final = "site/search/search_index.json"


def index(*texts: str) -> bytes:
    docs = [{"location": f"n{n}.html", "title": "题", "text": t} for n, t in enumerate(texts)]
    return json.dumps({"config": {"lang": ["zh"]}, "docs": docs}, separators=(",", ":")).encode()


def looked_through(path: str, data: bytes, passed: Passed, people: People = PEOPLE) -> list[str]:
    return [h.found for h in check_privacy([(path, data)], people, passed)]


@pytest.mark.parametrize(
    "data", [index(), index("一"), index("一", "二", '{"location":"x"},{"location":"y"}')], ids=["none", "one", "quoted"]
)
@pytest.mark.parametrize("prefix", [b"", INDEX_SCRIPT], ids=["json", "script"])
def test_an_index_is_cut_between_its_entries(data: bytes, prefix: bytes) -> None:
    head, *entries = [json.loads(piece) for _kind, piece in pieces_of(INDEX if not prefix else "a.js", prefix + data)]
    said = json.loads(data)
    assert head["docs"] == []
    assert entries == said["docs"]


@pytest.mark.parametrize("data", [b"", b"{}", b'{"docs":[1', b'{"docs":[{"x":1}]}', b'\xff"docs":[]}'])
def test_an_index_of_another_shape_is_one_piece(data: bytes) -> None:
    assert b"".join(piece for _kind, piece in pieces_of(INDEX, data)) == data or [k for k, _p in pieces_of(INDEX, data)] == [
        ".json",
        ".json",
    ]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (f"{HEAD}正文</article>".encode(), f"{HEAD}施彩辉老师</article>".encode()),
        (f"{HEAD}正文</article>".encode(), f"{HEAD}正文</article>施彩<b>辉</b>老师".encode()),
        (f"{HEAD}正文</article>".encode(), f"<p>施彩辉老师{HEAD}正文</article>".encode()),
    ],
    ids=["article", "foot", "head"],
)
def test_a_name_in_a_new_piece_of_a_page_is_found(first: bytes, second: bytes) -> None:
    passed = Passed()
    assert looked_through("a.html", first, passed) == []
    assert looked_through("a.html", second, Passed(frozenset(passed.now))) == ["施彩辉"]


@pytest.mark.parametrize("path", [INDEX, "site/search/search_index.js"])
def test_a_name_in_a_new_entry_of_the_index_is_found(path: str) -> None:
    prefix = INDEX_SCRIPT if path.endswith(".js") else b""
    passed = Passed()
    assert looked_through(INDEX, index("一", "二"), passed) == []
    assert looked_through(path, prefix + index("一", "二"), Passed(frozenset(passed.now))) == []
    assert looked_through(path, prefix + index("一", "请找施\u200b彩辉老师", "二"), Passed(frozenset(passed.now))) == ["施彩辉"]


def test_what_a_name_was_found_in_is_looked_through_again() -> None:
    passed = Passed()
    for _time in range(2):
        assert looked_through("a.html", f"{HEAD}施彩辉老师</article>".encode(), passed) == ["施彩辉"]
        assert looked_through(INDEX, index("施彩辉老师"), passed) == ["施彩辉"]


def test_what_passed_is_not_looked_through_again() -> None:
    passed = Passed()
    page = f"{HEAD}找张三丰</article>".encode()
    assert looked_through("a.html", page, passed) == []
    others = People(frozenset({"张三丰"}), frozenset())
    assert looked_through("a.html", page, passed, others) == []  # so whoever keeps this keeps the people with it
    assert looked_through("a.html", page, Passed(), others) == ["张三丰"]


def test_a_signatory_may_sign_at_the_edge_of_an_entry() -> None:
    assert looked_through(INDEX, index("施彩辉"), Passed()) == []
