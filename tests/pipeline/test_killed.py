"""Kill `publish` at a write, run it again: the result is that of an undisturbed run."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from .killing import NOTICE, chosen, differing_after, few_forms, publish, publish_in_child, tree

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not hasattr(os, "fork"), reason="kills a forked child (POSIX)")]


@pytest.fixture
def plain_office(office: Path) -> Path:
    """The office with few forms and a site that builds fast: ledgers, theme and search are no part of what is tested here."""
    few_forms(office)
    config = office / "mkdocs.yml"
    text = config.read_text("utf-8")
    start, end = text.index("theme:"), text.index("markdown_extensions:")
    plain = "theme: {name: null, custom_dir: theme}\n\nplugins: []\n\n"
    config.write_text(text[:start] + plain + text[end:], encoding="utf-8")
    (office / "theme").mkdir()
    for name in ("base.html", "404.html"):  # base.html is what our main.html extends
        (office / "theme" / name).write_text("<!doctype html><title>{{ page.title }}</title>{{ page.content }}", encoding="utf-8")
    return office


@pytest.fixture(params=["first", "second"])
def before(request: pytest.FixtureRequest, plain_office: Path) -> Path:
    """An office that has published nothing yet, or that has a site and a release and a page more to publish."""
    if request.param == "second":
        publish(plain_office)
        (plain_office / "site/notices").mkdir()
        (plain_office / "site/notices/n.md").write_text(NOTICE, encoding="utf-8")
    return plain_office


def test_a_run_cut_off_at_any_write_is_completed_by_the_next(before: Path, desk: Path) -> None:
    whole, log = desk / "whole", desk / "writes.txt"
    shutil.copytree(before, whole)
    assert publish_in_child(whole, log=log) == 0
    released = (before / "record/chain.txt").is_file()
    expected, kills = tree(whole), list(chosen(log.read_text(), first=not released))
    assert len(kills) > 25
    assert {kind[0] for kind, _number in kills} - {"os.link"} == {"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir"}
    assert differing_after(kills, before, desk, expected, released=released) == {}
