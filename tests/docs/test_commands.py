"""The command reference is what the program says of itself, in both languages and in nothing but them."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest

import catalogue
import reference
from jianbao.cli.commands import jianbao

if TYPE_CHECKING:
    from conftest import Docs, Spoken

HAN = re.compile(r"[\u3400-\u9fff，。；：（）“”]")
VERBS = sorted(jianbao.commands)


def test_the_reference_is_fresh(docs: Docs) -> None:
    assert docs.text("commands.md") == reference.reference(), "run: python scripts/reference.py"


@pytest.mark.parametrize("verb", VERBS)
def test_each_verb_and_option_is_in_the_reference(docs: Docs, verb: str) -> None:
    text = docs.text("commands.md").partition(f"\n## {verb}\n")[2].partition("\n## ")[0]
    assert text.count("```text") == 2
    for parameter in jianbao.commands[verb].params:
        for name in (*parameter.opts, *parameter.secondary_opts) if isinstance(parameter, click.Option) else ():
            assert text.count(name) >= 2, name


@pytest.mark.parametrize("verb", sorted(reference.NOTES))
def test_notes_are_about_verbs_that_are_there(verb: str) -> None:
    assert verb in VERBS


def test_the_english_help_is_wholly_english() -> None:
    assert {verb: HAN.findall(text) for verb, text in reference.asked("en").items() if HAN.search(text)} == {}


def test_the_chinese_help_has_none_of_clicks_english() -> None:
    own = [m for m in catalogue.messages_of(Path(click.__file__).parent) if isinstance(m, str) and "{" not in m and len(m) > 4]
    found = {(verb, m) for verb, text in reference.asked("zh_CN").items() for m in own if re.search(rf"\b{re.escape(m)}", text)}
    assert len(own) > 20
    assert found == set()


WRONG = (
    *("publishh", "sample --days 500", "allow", "allow x", "check --format yaml", "check --dat 1", "explain a b"),
    *("pull", "pull --date yesterday"),
)


def test_wrong_usage_is_told_in_the_language_asked_for(spoken: Spoken) -> None:
    with ThreadPoolExecutor() as pool:
        english = list(pool.map(lambda words: spoken("en", *words.split()), WRONG))
        chinese = list(pool.map(lambda words: spoken("zh", *words.split()), WRONG))
    assert {done.returncode for done in (*english, *chinese)} == {2}
    assert {done.stdout for done in (*english, *chinese)} == {""}
    assert [done.stderr for done in english if HAN.search(done.stderr) or "Error:" not in done.stderr] == []
    words = re.compile(r"\b(?:Error|Usage|Try|Missing|Invalid|No such|Did you mean)\b")
    assert [done.stderr for done in chinese if words.search(done.stderr) or "错误：" not in done.stderr] == []
