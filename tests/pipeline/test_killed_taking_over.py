"""Kill `publish` while it takes unchanged pages over, run it again: the result is that of an undisturbed run."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from .killing import NOTICE, chosen, differing_after, few_forms, publish, publish_in_child, tree

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not hasattr(os, "fork"), reason="kills a forked child (POSIX)")]


def test_a_run_cut_off_while_pages_are_taken_over_is_completed_by_the_next(office: Path, desk: Path) -> None:
    few_forms(office)
    publish(office)
    (office / "site/notices").mkdir()
    (office / "site/notices/n.md").write_text(NOTICE, encoding="utf-8")
    whole, log = desk / "whole", desk / "writes.txt"
    shutil.copytree(office, whole)
    assert publish_in_child(whole, log=log) == 0
    building = (("build", "public"), ("private", "gate.kept"))
    kills = [(kind, n) for kind, n in chosen(log.read_text(), first=False) if kind[1:3] in building]
    linked = [kind for kind, _number in kills if kind[0] == "os.link"]
    assert {kind[3] for kind in linked} == {"docs.new", "site.new"}
    kills = [
        (kind, n)
        for kind, n in kills
        if n > 1 or kind in linked or kind[2] == "gate.kept" or kind[3].endswith((".kept", ".kept.jianbao-tmp"))
    ]
    assert len(kills) > 8
    assert differing_after(kills, office, desk, tree(whole), released=True) == {}
