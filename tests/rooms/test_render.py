"""Text of a sheet or a setting is data: Markdown and HTML show it as it stands; a template that lacks a value is an error."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from html import unescape
from pathlib import Path

import markdown
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from jianbao.errors import TemplateError
from jianbao.render import SHIPPED, link, literal, numeral, paragraphs, render, stopped

EXTENSIONS = ["admonition", "attr_list", "def_list", "footnotes", "md_in_html", "tables", "pymdownx.details", "pymdownx.superfences", "toc"]
HOSTILE = st.text(st.sampled_from("aB1 甲\n\t#*_-+=<>&;:!|[](){}`~\\/\"'.?@$%^\u200b\x00"), max_size=24)


def shown(html: str) -> str:
    return unescape(re.sub(r"<[^>]*>", "", html))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("逐人排查", "逐人排查。"),
        ("逐人排查。", "逐人排查。"),
        ("逐人排查\n\n 每日报告 ", "逐人排查；每日报告。"),
        ("一是排查：\n二是报告；\n三是检查", "一是排查：二是报告；三是检查。"),
        ("**甲**", "&#42;&#42;甲&#42;&#42;。"),
    ],
)
def test_lines_become_one_paragraph_that_ends(text: str, said: str) -> None:
    assert stopped(text) == said


@settings(max_examples=300)
@given(HOSTILE, st.sampled_from(["{}", "a {} b", "## {}", "- {}", "|a|b|\n|-|-|\n|{}|c|", "> {}", "[{}](x.html)"]))
@example("<script>alert(1)</script>", "{}")
@example("[a](javascript:x)", "a {} b")
@example("{{ x }}", "{}")
@example("1. a", "a {} b")
@example("!!! note", "a {} b")
def test_markdown_shows_text_as_it_stands(text: str, frame: str) -> None:
    empty = markdown.markdown(frame.format("x"), extensions=EXTENSIONS)
    html = markdown.markdown(frame.format(f"x{literal(text)}x"), extensions=EXTENSIONS)
    flat = " ".join(re.sub(r"[\x00\u200b]", "", text).split())
    assert f"x{flat}x" in shown(html)
    tags = [re.sub(r' id="[^"]*"', "", t) for t in re.findall(r"<[^>]*>", html)]
    assert tags == [re.sub(r' id="[^"]*"', "", t) for t in re.findall(r"<[^>]*>", empty)]


@settings(max_examples=200)
@given(HOSTILE)
@example("- a\n# b\n1. c\n---\n> d")
@example("1) a\n+ b\n: c")
def test_paragraphs_are_paragraphs_and_nothing_else(text: str) -> None:
    said = paragraphs(text)
    html = markdown.markdown("\n\n".join(said), extensions=EXTENSIONS)
    assert set(re.findall(r"<[^>]*>", html)) <= {"<p>", "</p>"}
    assert html.count("<p>") == len([p for p in said if p])


@pytest.mark.parametrize(
    ("target", "safe"),
    [
        ("https://e.cn/a?b=1&c=2#d", "https://e.cn/a?b=1&c=2#d"), ("a/b.html#一", "a/b.html#%E4%B8%80"), ("../x.pdf", "../x.pdf"),
        ("javascript:alert(1)", "#"), ("JavaScript:alert(1)", "#"), ("data:text/html,x", "#"), ("file:///etc/passwd", "#"),
        ('a.html"onclick="x', "a.html%22onclick=%22x"), ("a b).html", "a%20b%29.html"), ("a>b", "a%3Eb"), ("", ""),
    ],
)  # fmt: skip
def test_where_a_link_may_lead(target: str, safe: str) -> None:
    assert link(target) == safe


@pytest.mark.parametrize(
    ("number", "said"),
    [(0, "〇"), (1, "一"), (9, "九"), (10, "十"), (11, "十一"), (19, "十九"), (20, "二十"), (21, "二十一"), (90, "九十"), (99, "九十九")],
)
def test_numerals(number: int, said: str) -> None:
    assert numeral(number) == said


def test_numerals_are_all_different() -> None:
    assert len({numeral(n) for n in range(100)}) == 100


def put(folder: Path, text: str, name: str = "t.md.j2") -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_values_are_written_as_pages_write_them_and_a_template_s_own_words_as_they_stand(tmp_path: Path) -> None:
    own = put(tmp_path, "{{ text }}|{{ day }}|{{ moment }}|{{ n }}|{{ '**b**' }}\n\n\n\n{% for x in [1] %}\n{{ x }}\n{% endfor %}\n")
    values = {"text": "<b>*a*", "day": date(2020, 2, 6), "moment": datetime(2020, 2, 6, 9, 5, tzinfo=UTC), "n": 3}
    assert render(own, "t.md.j2", values) == "&#60;b&#62;&#42;a&#42;|2020年2月6日|2月6日 09:05|3|**b**\n\n1\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{{ nope }}", "nope"),
        ("{{ given.nope }}", "nope"),
        ("{% if nope %}{% endif %}", "nope"),
        ("{% for x in nope %}{% endfor %}", "nope"),
        ("a\n{% if %}", "第 2 行"),
        ("{% include 'none.j2' %}", "none.j2"),
        ("{{ ''.__class__.__mro__ }}", "__class__"),
        ("{{ given | nope }}", "nope"),
    ],
)
def test_a_template_that_cannot_be_filled_is_an_error_with_its_name(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(TemplateError, match=re.escape(said)) as refused:
        render(put(tmp_path, text), "t.md.j2", {"given": {}})
    assert "t.md.j2" in refused.value.message


def test_a_template_of_the_office_replaces_ours_and_only_that(tmp_path: Path) -> None:
    own = put(tmp_path / "templates", "我们的 {{ x }}", "briefing.md.j2")
    assert render(own, "briefing.md.j2", {"x": 1}) == "我们的 1\n"
    for folder in (None, tmp_path / "none"):
        with pytest.raises(TemplateError, match=r"briefing\.md\.j2"):
            render(folder, "briefing.md.j2", {"x": 1})
    with pytest.raises(TemplateError, match=r"none\.j2"):
        render(own, "none.j2", {})
    assert (SHIPPED / "briefing.md.j2").is_file()
