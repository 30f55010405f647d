"""In whatever order documents are signed, published, corrected, superseded, withdrawn and removed: numbers, addresses, record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from jianbao import life, pages, release
from jianbao.documents import Audience, DocumentKind, Status
from jianbao.errors import Refused
from jianbao.life import Numbered, number_faults, placed, series_of
from jianbao.pages import Page
from jianbao.record import PageState
from jianbao.settings import Series

DECLARED = (Series("某校〔{year}〕{n}号", ("notice", "plan")), Series("内〔{year}〕{n}号", ("notice",), audience="internal"))
KINDS = ("notice", "plan", "announcement", "guidance", "links")
BODY = "第一句话。第二句话。\n"


@dataclass
class Released:
    """A release as the model keeps it: what it issued."""

    sources: Mapping[str, str]

    def source(self, path: str) -> str | None:
        return self.sources.get(path)


@dataclass
class ModelRecord:
    """A record in memory: releases are added, and none is ever changed."""

    releases: list[Released] = field(default_factory=list)
    pages: dict[str, PageState] = field(default_factory=dict)

    def states_of(self, path: str) -> list[Released]:
        return [r for r in self.releases if path in r.sources]


class Office(RuleBasedStateMachine):
    """An office's documents; every rule is one command."""

    def __init__(self) -> None:
        super().__init__()
        self.pages: dict[str, Page] = {}
        self.record = ModelRecord()
        self.today = date(2020, 12, 28)
        self.sealed: list[Mapping[str, str]] = []
        self.first_signed: dict[str, Any] = {}

    def pick(self, data: st.DataObject, *states: Status) -> Page | None:
        known = [p for p in self.pages.values() if p.meta["status"] in states]
        return data.draw(st.sampled_from(known)) if known else None

    @rule(days=st.integers(0, 3))
    def a_day_passes(self, days: int) -> None:
        self.today += timedelta(days)

    @rule(kind=st.sampled_from(KINDS), audience=st.sampled_from(["public", "internal", "excerpt"]))
    def draft(self, kind: str, audience: str) -> None:
        path = f"notices/{len(self.pages)}.md"
        self.pages[path] = Page(path, {"title": path, "kind": kind, "status": "draft", "date": self.today, "audience": audience}, BODY)

    @rule(data=st.data(), back=st.integers(0, 2))
    def sign(self, data: st.DataObject, back: int) -> None:
        if page := self.pick(data, Status.DRAFT):
            taken = [Numbered(p.path, str(p.meta["number"]), p.meta["date"]) for p in self.pages.values() if "number" in p.meta]
            on = self.today - timedelta(back)
            try:
                self.pages[page.path] = life.sign(page, by="林签发", on=on, declared=DECLARED, taken=taken)
            except Refused:
                assert back
                return
            self.first_signed[page.path] = self.pages[page.path].meta.get("number")

    @rule(data=st.data())
    def correct(self, data: st.DataObject) -> None:
        page = self.pick(data, Status.SIGNED)
        if page and "第二句话" in page.body:
            self.pages[page.path] = life.correct(page, was="第二句话", now=f"改过的话{len(self.sealed)}", on=self.today)

    @rule(data=st.data())
    def withdraw(self, data: st.DataObject) -> None:
        if page := self.pick(data, Status.SIGNED, Status.SUPERSEDED):
            self.pages[page.path] = life.withdraw(page, reason="不再需要", on=self.today)

    @rule(data=st.data())
    def supersede(self, data: st.DataObject) -> None:
        page, other = self.pick(data, Status.SIGNED), self.pick(data, Status.SIGNED)
        if page and other:
            try:
                self.pages[page.path] = life.supersede(page, successor=life.known(other), on=self.today)
            except Refused:
                assert page is other or other.meta["audience"] == "internal"

    @rule(data=st.data())
    def remove(self, data: st.DataObject) -> None:
        if page := self.pick(data, Status.SIGNED, Status.WITHDRAWN, Status.SUPERSEDED):
            self.pages[page.path] = life.remove(page, reason="误登", by="林签发", on=self.today)

    @rule(data=st.data(), step=st.sampled_from(["sign", "correct", "withdraw", "supersede", "remove"]))
    def a_step_that_is_not_open_is_refused(self, data: st.DataObject, step: str) -> None:
        closed = {
            "sign": [s for s in Status if s is not Status.DRAFT], "correct": [s for s in Status if s is not Status.SIGNED],
            "withdraw": [Status.DRAFT, Status.WITHDRAWN, Status.REMOVED], "supersede": [s for s in Status if s is not Status.SIGNED],
            "remove": [Status.DRAFT, Status.REMOVED],
        }  # fmt: skip
        if page := self.pick(data, *closed[step]):
            words: dict[str, dict[str, Any]] = {
                "sign": {"by": "x", "declared": DECLARED, "taken": []}, "correct": {"was": "第", "now": "x"}, "withdraw": {"reason": "x"},
                "supersede": {"successor": life.known(page)}, "remove": {"reason": "x", "by": "x"},
            }  # fmt: skip
            with pytest.raises(Refused):
                getattr(life, step)(page, on=self.today, **words[step])

    @precondition(lambda self: self.pages)
    @rule()
    def publish(self) -> None:
        documents = {p.path: life.known(p) for p in self.pages.values() if life.known(p).status.released}
        public = {path: d for path, d in documents.items() if d.audience != "internal"}
        sources = {path: self.pages[path].text for path in public}
        states = release.page_states(public.values(), sources)
        assert release.unexplained(self.record, states, public, sources) == []  # type: ignore[arg-type]
        changed = [path for path, state in states.items() if self.record.pages.get(path) != state]
        if changed:
            self.record.releases.append(Released({path: sources[path] for path in changed}))
            self.record.pages = states
            self.sealed.append(dict(self.record.releases[-1].sources))

    @invariant()
    def numbers_are_unique_gapless_and_with_the_days(self) -> None:
        documents = [life.known(p) for p in self.pages.values()]
        assert list(number_faults(documents, DECLARED)) == []
        for series in (*DECLARED, series_of(DocumentKind.ANNOUNCEMENT, Audience.PUBLIC, DECLARED)):
            rows: dict[int, list[int]] = {}
            for document in documents:
                found = placed(series, document.number) if series and document.number else None
                if found:
                    rows.setdefault(found[0], []).append(found[1])
            assert all(sorted(row) == list(range(1, len(row) + 1)) for row in rows.values())

    @invariant()
    def a_number_once_given_stays(self) -> None:
        assert {path: self.pages[path].meta.get("number") for path in self.first_signed} == self.first_signed

    @invariant()
    def addresses_live_and_the_record_is_only_added_to(self) -> None:
        assert set(self.record.pages) <= set(self.pages)
        assert [dict(r.sources) for r in self.record.releases] == self.sealed
        issued = {path for r in self.record.releases for path in r.sources}
        assert issued == set(self.record.pages)

    @invariant()
    def of_what_is_removed_nothing_is_said(self) -> None:
        assert all("句话" not in p.text for p in self.pages.values() if p.meta["status"] == Status.REMOVED)


TestAnyOrder = Office.TestCase
TestAnyOrder.settings = settings(max_examples=120, stateful_step_count=40)


ORDERS = [
    "sign a, publish, correct a, publish, sign b, supersede a b, publish, remove b, publish",
    "sign b, sign a, publish, withdraw b, publish, correct a, withdraw a, sign c, publish, remove a, publish",
]


@pytest.mark.slow
@pytest.mark.parametrize("order", ORDERS)
def test_the_same_holds_of_whole_runs(office: Any, order: str) -> None:
    from jianbao.cli.commands import jianbao

    root: Path = office()
    with (root / "jianbao.toml").open("a", encoding="utf-8") as more:
        more.write('\n[[series]]\npattern = "校〔{year}〕{n}号"\nkinds = ["notice"]\n')
    (root / "site/notices").mkdir()
    for name in "abc":
        meta = {"title": f"通知{name}", "kind": "notice", "status": "draft", "date": date(2026, 3, 1)}
        (root / f"site/notices/{name}.md").write_text(pages.compose(meta, BODY), encoding="utf-8")

    def run(*words: str) -> str:
        done = CliRunner().invoke(jianbao, ["--project", str(root), *words], catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.output

    words = {
        "sign": ("--by", "顾清和"), "correct": ("--was", "第二句话", "--now", "改过的话"), "withdraw": ("--reason", "不需要"),
        "remove": ("--reason", "误登", "--privacy", "--by", "顾清和"),
    }  # fmt: skip
    sealed: dict[str, bytes] = {}
    addresses: set[str] = set()
    for hour, step in enumerate(order.split(", "), 8):
        verb, *names = step.split()
        moment = ("--as-of", f"2026-03-02T{hour:02d}:00")
        if verb == "publish":
            run("publish", "--date", "2026-03-02", *moment, "--signed-by", "顾清和")
            site = root / "build/public/site"
            there = {p.relative_to(site).as_posix() for p in site.rglob("*.html")}
            assert addresses <= there
            addresses = {page for page in there if not page.endswith(".single.html")}  # paper forms go with what is removed
            record = {p.relative_to(root).as_posix(): p.read_bytes() for p in (root / "record").rglob("*") if p.is_file()}
            lost = {n for n, data in sealed.items() if record.get(n) != data and not n.endswith("chain.txt")}
            assert all(("/data/pages/notices/" in n or n.endswith("/data/metadata.json")) and n not in record for n in lost)
            assert record["record/chain.txt"].startswith(sealed.get("record/chain.txt", b""))
            sealed = record
        elif verb == "supersede":
            run("supersede", f"notices/{names[0]}.md", "--by", f"notices/{names[1]}.md", *moment)
        else:
            run("withdraw" if verb == "remove" else verb, f"notices/{names[0]}.md", *words[verb], *moment)
        numbers = [n for p in (root / "site/notices").glob("*.md") if (n := pages.read(p.parent, p.name).meta.get("number"))]
        assert sorted(numbers) == [f"校〔2026〕{n}号" for n in range(1, len(numbers) + 1)]
    assert "记录完好" in run("verify")
