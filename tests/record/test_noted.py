"""On public pages each figure carries its definition, coverage and cut-off, as text that needs no pointer."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path

from .conftest import LEDGER_DAY

NAMED = re.compile(r'data-(?:figure|chart)="([^"]+)"')
NOTED = re.compile(r'<(?:dd|span)[^>]* data-defines="([^"]+)"[^>]*>(.*?)</(?:dd|span)>', re.DOTALL)


def text(html: str) -> str:
    return "".join(unescape(re.sub(r"<[^>]+>", "", html)).split())


def test_every_figure_on_a_page_is_defined_with_coverage_and_cut_off(first_full_office: Path) -> None:
    site = first_full_office / "build/public/site"
    facts = json.loads((first_full_office / f"record/0001-{LEDGER_DAY}/data/facts.json").read_text("utf-8"))
    known = {f["name"]: f for f in facts["figures"]}
    shown: dict[str, set[str]] = {}
    for path in sorted(site.rglob("*.html")):
        page = path.read_text("utf-8")
        said = {name: text(note) for name, note in NOTED.findall(page)}
        for name in set(NAMED.findall(page)):
            figure = known[name]
            where = path.relative_to(site).as_posix()
            shown.setdefault(where, set()).add(name)
            if where == f"data/{name}.html":  # the page of the figure itself says it above its table of every day
                said[name] = text(page)
            for wanted in (figure["definition"], f"{figure['received']}/", f"{figure['expected']}"):
                assert "".join(wanted.split()) in said[name], (where, name)
            assert "截至" in said[name], (where, name)
    assert shown["data/index.html"] == known.keys()
    assert {"index.html", "ledgers/supplies.html", "ledgers/visitors.html", "data/visitors.html"} <= shown.keys()
