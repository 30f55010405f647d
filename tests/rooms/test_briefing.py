"""The briefing's values: a day's facts, which of them it states, in which order its sections come, who signs."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, Final

import pytest

from jianbao import pages
from jianbao.briefing import TEMPLATE, briefing_path, briefing_values, chosen_figures, figure_line, front_matter
from jianbao.documents import Document, DocumentKind, Status, read_document
from jianbao.facts import Facts, FigureFact, NewsFact, RowFacts, UnitFacts
from jianbao.project import BriefingSettings, School, Settings
from jianbao.render import render

DAY: Final = date(2020, 2, 6)
ISSUED: Final = date(2020, 2, 7)


def fact(name: str, value: float | None = 0, *, received: int = 1, headline: bool = False) -> FigureFact:
    return FigureFact(name, f"<{name}>", value, "人", received, 2, "定义", "f", 1, headline)


FACTS: Final = Facts(
    DAY, datetime(2020, 2, 6, 12, tzinfo=UTC), (fact("a", 3, headline=True), fact("b", None), fact("c", 0, received=2, headline=True)),
    UnitFacts(3, 2, 0, 2, 1, 0, ("图书馆",), (), ("教务处",), ()), RowFacts(5, 4, 1, 0, 0),
)  # fmt: skip
SETTINGS: Final = Settings(School("榆溪学院", "防控办"))
NEWS: Final = (NewsFact("教务处", "# 标题", "[文](javascript:x)"),)
NOTICE: Final = Document("notices/n.md", "通知一则", DocumentKind.NOTICE, Status.SIGNED, DAY, "")


def own(**more: Any) -> Settings:
    return replace(SETTINGS, briefing=BriefingSettings(**more))


@pytest.mark.parametrize(
    ("named", "chosen"), [((), ["a", "c"]), (("b",), ["b"]), (("c", "a"), ["c", "a"])], ids=["headlines", "one", "the order named"]
)
def test_which_figures_a_briefing_states(named: tuple[str, ...], chosen: list[str]) -> None:
    settings = own(figures=named)
    assert [f.name for f in chosen_figures(FACTS, settings)] == chosen
    values = briefing_values(FACTS, settings, issued=ISSUED, documents=())
    assert {f.name for f in (*values["figures"], *values["others"])} == {"a", "b", "c"}
    assert [f.name for f in values["figures"]] == chosen


@pytest.mark.parametrize(
    ("one", "said", "complete"),
    [
        (fact("a", None), "未报", False),
        (fact("a", 0), "0 人", False),
        (fact("a", 30.0, received=2), "30 人", True),
        (fact("a", 36.55, received=3), "36.5 人", True),
    ],
)
def test_a_figure_in_words(one: FigureFact, said: str, complete: bool) -> None:
    line = figure_line(one)
    assert (line.said, line.complete) == (said, complete)


@pytest.mark.parametrize(
    ("news", "documents", "kinds"),
    [((), (), ["figures", "units"]), (NEWS, (), ["figures", "units", "news"]), ((), (NOTICE,), ["figures", "units", "documents"]),
     (NEWS, (NOTICE,), ["figures", "units", "news", "documents"])],
)  # fmt: skip
def test_sections_are_numbered_without_a_gap(news: tuple[NewsFact, ...], documents: tuple[Document, ...], kinds: list[str]) -> None:
    values = briefing_values(replace(FACTS, news=news), SETTINGS, issued=ISSUED, documents=documents)
    assert [(s["number"], s["kind"]) for s in values["sections"]] == list(enumerate(kinds, 1))


def test_the_shipped_template_states_all_of_it_and_takes_no_markup_from_it() -> None:
    settings = own(quote="众志成城", quote_by="编者", reminder_title="温馨提示", reminder=("勤洗手",))
    text = render(None, TEMPLATE, briefing_values(replace(FACTS, news=NEWS), settings, issued=ISSUED, documents=(NOTICE,)))
    for part in ("&#60;a&#62;", "3 人", "0 人", "2020年2月6日", "2月6日 12:00", "图书馆", "通知一则", "众志成城", "勤洗手", "温馨提示"):
        assert part in text
    assert "](javascript:" not in text
    assert "\n# 标题" not in text
    bare = render(None, TEMPLATE, briefing_values(FACTS, SETTINGS, issued=ISSUED, documents=()))
    assert not [part for part in ("众志成城", "温馨提示", "通知一则") if part in bare]


@pytest.mark.parametrize(("signed_by", "status"), [("林签发", Status.SIGNED), ("", Status.DRAFT)])
@pytest.mark.parametrize(("number", "mark"), [(7, "内部资料"), (None, "")])
def test_its_front_matter_is_a_document_s(signed_by: str, status: Status, number: int | None, mark: str) -> None:
    meta = front_matter(FACTS, own(mark=mark), issued=ISSUED, number=number, signed_by=signed_by)
    found = read_document(pages.parse(briefing_path(DAY), pages.compose(meta, "正文")))
    assert isinstance(found, Document)
    assert (found.path, found.kind, found.status) == ("briefings/2020/2020-02-06.md", DocumentKind.BRIEFING, status)
    assert (found.on, found.data_date, found.issuer) == (ISSUED, DAY, "防控办")
    assert (found.number, found.mark, found.signed_by) == ("第7期" if number else "", mark, signed_by)
    assert found.signed_on == (ISSUED if signed_by else None)
