"""Front matter is read and written back without touching a word; documents are its values; files are listed in order."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jianbao import pages
from jianbao.documents import Audience, Document, DocumentKind, Status, read_document

TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn", "Zl", "Zp"], exclude_characters="\ufeff\x85"), max_size=30)
VALUES = st.recursive(
    TEXTS | st.dates() | st.integers() | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(TEXTS.filter(bool), VALUES, min_size=1, max_size=5), st.lists(TEXTS | st.just("---"), max_size=5))
def test_what_is_composed_is_read_back(meta: dict[str, Any], lines: list[str]) -> None:
    text = pages.compose(meta, "\n".join(["正文", *lines]))
    page = pages.parse("a.md", text)
    assert list(page.meta.items()) == list(meta.items())
    assert page.body.rstrip() == "\n".join(["正文", *lines]).rstrip()
    assert page.text == text
    assert pages.parse("a.md", page.text).meta == page.meta


def test_keys_keep_their_order_and_lines() -> None:
    page = pages.parse("a.md", "---\nb: 1\na: |\n  x\n  y\nc: 2020-02-06\n---\n\n\n正文\n---\n更多")
    assert list(page.lines.items()) == [("b", 2), ("a", 3), ("c", 6)]
    assert page.meta["c"] == date(2020, 2, 6)
    assert page.body == "正文\n---\n更多"


def test_files_of_a_folder(tmp_path: Path) -> None:
    for name in ("b.md", "a/z.md", "a/表.xlsx", ".git/x.md", "_drafts/x.md", "a/~$表.xlsx", "a/.DS_Store", "Z.pdf"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("", encoding="utf-8")
    assert list(pages.markdown_files(tmp_path)) == ["a/z.md", "b.md"]
    assert list(pages.attachments(tmp_path)) == ["Z.pdf", "a/表.xlsx"]
    assert list(pages.markdown_files(tmp_path / "none")) == list(pages.attachments(tmp_path / "none")) == []


def document(**more: Any) -> Document:
    meta = {"title": "题", "kind": "letter", "status": "signed", "date": date(2020, 2, 6), **more}
    found = read_document(pages.Page("a.md", meta, "正文"))
    assert isinstance(found, Document), found
    return found


def test_a_document_s_values() -> None:
    found = document(
        number=7, signed_by="林签发", signed_on=datetime(2020, 2, 6, 9), data_date="2020-02-05", tags=["a", 1], generated=True,
        changes=[{"date": date(2020, 2, 9), "note": "更正"}, {"date": "2020-02-08", "note": 1}],
    )  # fmt: skip
    assert (found.kind, found.status, found.audience) == (DocumentKind.LETTER, Status.SIGNED, Audience.PUBLIC)
    assert (found.number, found.signed_on, found.data_date, found.tags) == ("7", date(2020, 2, 6), date(2020, 2, 5), ("a", "1"))
    assert found.updated == date(2020, 2, 9)
    assert found.extra == {"generated": True}
    assert document().updated == date(2020, 2, 6)


@pytest.mark.parametrize(
    ("more", "public"),
    [
        ({}, True),
        ({"status": "draft"}, False),
        ({"status": "withdrawn", "reason": "有误"}, True),
        ({"status": "superseded", "superseded_by": "b.md"}, True),
        ({"audience": "internal"}, False),
        ({"audience": "internal", "status": "draft"}, False),
    ],
)
def test_who_sees_a_page(more: dict[str, Any], public: bool) -> None:
    assert document(**more).public is public


def test_every_kind_and_status_has_a_name_of_its_own() -> None:
    assert len({k.label for k in DocumentKind}) == len(DocumentKind)
    assert len({s.label for s in Status}) == len(Status)


def test_front_matter_as_json() -> None:
    meta = {"a": date(2020, 2, 6), "b": [datetime(2020, 2, 6, 9), ("x", 1)], "c": {1: date(2020, 2, 7)}, "d": None}
    assert pages.plain_value(meta) == {"a": "2020-02-06", "b": ["2020-02-06T09:00:00", ["x", 1]], "c": {"1": "2020-02-07"}, "d": None}
