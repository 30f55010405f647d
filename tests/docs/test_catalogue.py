"""Every sentence has its English, click's words their Chinese, and what is committed is what the tool writes."""

from __future__ import annotations

import ast
import gettext
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from string import Formatter

import pytest

import catalogue

DOMAINS = {f"{d.language}/{d.name}": d for d in catalogue.domains()}
HAN = re.compile(r"[\u3400-\u9fff，。；：（）“”！？]")
QUOTED = {"是 或 否", "日期，如 2020-02-06 或 2月6日"}
"""Sentences that tell people what to write, in the Chinese they are to write it in."""


@pytest.mark.parametrize("name", DOMAINS)
def test_nothing_is_untranslated_or_fuzzy(name: str) -> None:
    known = catalogue.known_messages(DOMAINS[name])
    assert [m.id for m in catalogue.untranslated(known)] == []
    asked = catalogue.messages_of(DOMAINS[name].source)
    assert [m for m in asked if known.get(m if isinstance(m, str) else m[0]) is None] == [], "run: python scripts/catalogue.py update"


@pytest.mark.parametrize("name", DOMAINS)
def test_the_files_are_as_the_tool_writes_them(name: str) -> None:
    _catalogue, wanted = catalogue.settled(DOMAINS[name])
    stale = [path.name for path, data in wanted.items() if path.read_bytes() != data]
    assert stale == [], "run: python scripts/catalogue.py update"


def texts(value: str | Sequence[str] | None) -> tuple[str, ...]:
    """Return a message's one text, or its plural forms."""
    return (value,) if isinstance(value, str) else tuple(value or ())


def placeholders(text: str) -> set[str]:
    """Return what a text leaves open: {name}, {value!r}, {low:g}, %(prog)s."""
    named = {f"{{{name}!{conv or ''}:{spec or ''}}}" for _text, name, spec, conv in Formatter().parse(text) if name is not None}
    return named | set(re.findall(r"%\(\w+\)\w", text))


@pytest.mark.parametrize("name", DOMAINS)
def test_translations_leave_open_what_their_sources_do(name: str) -> None:
    wrong = []
    for message in (m for m in catalogue.known_messages(DOMAINS[name]) if m.id):
        asked, given = (set().union(*map(placeholders, texts(value))) for value in (message.id, message.string))
        if given - asked or (isinstance(message.id, str) and asked - given):  # a language without plurals may need fewer
            wrong.append((message.id, message.string))
    assert wrong == []


def test_the_english_is_english() -> None:
    known = catalogue.known_messages(DOMAINS["en/jianbao"])
    assert {m.id: m.string for m in known if m.id and m.id not in QUOTED and HAN.search("".join(texts(m.string)))} == {}


def test_the_first_lines_stand_as_far_in() -> None:
    def start(text: str) -> str:
        return text[: len(text) - len(text.lstrip("\n"))] + ("  " if text.lstrip("\n").startswith("  ") else "")

    known = catalogue.known_messages(DOMAINS["en/jianbao"])
    assert [m.id for m in known if m.id and start(texts(m.id)[0]) != start(texts(m.string)[0])] == []


def test_gettext_reads_what_was_compiled() -> None:
    english = gettext.translation("jianbao", catalogue.LOCALE, languages=["en"])
    assert english.gettext("错误：{message}") == "Error: {message}"
    chinese = gettext.translation("messages", catalogue.LOCALE, languages=["zh_CN"])
    assert chinese.gettext("Usage:") == "用法："
    assert (
        chinese.ngettext("Got unexpected extra argument ({args})", "Got unexpected extra arguments ({args})", 2) == "多余的参数（{args}）"
    )


def test_the_catalogue_knows_messages_within_f_strings() -> None:
    found = list(catalogue.python_messages(b'_("a"); x = f"{_(\'b\')} {_(1)}"; _("c" "d"); ngettext("e", "f", 2); other("g")'))
    assert sorted(map(str, found)) == ["('e', 'f')", "a", "b", "cd"]


def test_a_message_without_translation_fails(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    package, locale = tmp_path / "package", tmp_path / "locale"
    package.mkdir()
    (package / "a.py").write_text('_("好")\n_("很好，{x}")\n', "utf-8")
    domain = catalogue.Domain("en", "jianbao", package)
    monkeypatch.setattr(catalogue, "LOCALE", locale)
    monkeypatch.setattr(catalogue, "PACKAGE", tmp_path)
    monkeypatch.setattr(catalogue, "domains", lambda: (domain,))
    assert catalogue.main(["update"]) == 1
    assert "missing in en: '好'  (a.py)" in capsys.readouterr().out
    filled = (
        domain.po.read_text("utf-8")
        .replace('"好"\nmsgstr ""', '"好"\nmsgstr "good"')
        .replace('{x}"\nmsgstr ""', '{x}"\nmsgstr "fine, {x}"')
    )
    domain.po.write_text(filled, "utf-8")
    assert catalogue.main(["check"]) == 1  # the compiled file is behind
    assert catalogue.main(["update"]) == 0
    assert catalogue.main(["check"]) == 0
    (package / "a.py").write_text('_("很好，{x}。")\n', "utf-8")
    capsys.readouterr()
    assert catalogue.main(["update"]) == 1
    assert "was   : 'fine, {x}'" in capsys.readouterr().out


def chinese_texts(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield the texts of the program's code and templates, each with its file."""
    for path in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield path.name, node.value
    for path in sorted(folder.rglob("*.j2")):
        yield path.name, path.read_text("utf-8")


def test_no_ascii_comma_between_chinese_characters() -> None:
    comma = re.compile(r"[\u3400-\u9fff”）》」],[\u3400-\u9fff“（《「]")
    assert [(file, text) for file, text in chinese_texts(catalogue.PACKAGE) if comma.search(text)] == []
