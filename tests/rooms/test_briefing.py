"""The briefing's values: a day's facts, which of them it states, in which order its sections come, who signs."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from importlib import resources
from typing import Any, Final

import pytest

from jianbao import pages
from jianbao.briefing import (
    STYLES,
    TEMPLATE,
    briefing_path,
    briefing_values,
    chosen_figures,
    figure_line,
    front_matter,
    template_of,
)
from jianbao.documents import Document, DocumentKind, Status, read_document
from jianbao.facts import (
    DayEvents,
    EntryFact,
    Facts,
    FigureFact,
    MeetingFact,
    NewsFact,
    PostFact,
    RowFacts,
    TableFact,
    UnitFacts,
)
from jianbao.render import render
from jianbao.settings import BriefingSettings, School, SectionSettings, Settings

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


HOSTILE: Final = "# <script>x</script>\n- [甲](javascript:y) **乙** |丙| {{ school }}"
EVENTS: Final = (
    DayEvents(
        DAY, (NewsFact("教务处", HOSTILE, HOSTILE),), (MeetingFact(DAY, HOSTILE, HOSTILE, HOSTILE),),
        (PostFact("官网", "推送", HOSTILE, "javascript:y", 3),),
        (EntryFact(DAY, "收文", HOSTILE, HOSTILE, issuer=HOSTILE, unit=HOSTILE), EntryFact(DAY, "发文", HOSTILE, HOSTILE)),
    ),
)  # fmt: skip
LATE: Final = ((HOSTILE, HOSTILE, "2月4日", 2), (HOSTILE, None, "", None))
TASKS: Final = TableFact("open_task_page", "任务", "f", "任务", ("任务", "责任单位", "完成期限", "逾期天数"), LATE)
SCHEMA: Final = json.loads(resources.files("jianbao").joinpath("settings.schema.json").read_text("utf-8"))["properties"]["briefing"]
KINDS: Final = SCHEMA["properties"]["section"]["items"]["properties"]["kind"]["enum"]
EVERY_KIND: Final = tuple(SectionSettings(kind, heading=HOSTILE, text=(HOSTILE,), table="open_task_page") for kind in KINDS)


@pytest.mark.parametrize("style", STYLES)
def test_no_style_takes_markup_from_what_it_is_given(style: str) -> None:
    facts = replace(FACTS, news=EVENTS[0].news, tables=(TASKS,), figures=(*FACTS.figures, fact("tasks_open", 2), fact("posts_total", 9)))
    settings = own(style=style, section=EVERY_KIND, quote=HOSTILE, quote_by=HOSTILE, reminder=(HOSTILE,), reminder_title="提示")
    for grouped in ("arrival", "unit"):
        chosen = replace(settings, briefing=replace(settings.briefing, news=grouped))
        values = briefing_values(facts, chosen, issued=ISSUED, documents=(NOTICE,), days=EVENTS)
        assert [s["kind"] for s in values["sections"]] == [k for k in KINDS if k != "announcements"]
        text = render(None, template_of(style), values)
        assert [bad for bad in ("<script", "](javascript:", "**乙**", "|丙|", "{{", "\n# ", "\n- &#91;甲") if bad in text] == []


def test_documents_stand_once_and_announcements_in_their_own_section() -> None:
    announcement = replace(NOTICE, path="notices/a.md", kind=DocumentKind.ANNOUNCEMENT)
    minutes = replace(NOTICE, path="meetings/m.md", kind=DocumentKind.MINUTES)
    documents = (NOTICE, announcement, minutes)

    def held(*kinds: str) -> list[list[str]]:
        settings = own(section=tuple(map(SectionSettings, kinds)))
        values = briefing_values(FACTS, settings, issued=ISSUED, documents=documents)
        return [[d.path for d in section["documents"]] for section in values["sections"]]

    assert held("documents") == [["notices/n.md", "notices/a.md", "meetings/m.md"]]
    assert held("documents", "announcements", "meetings") == [["notices/n.md"], ["notices/a.md"], ["meetings/m.md"]]
    assert held("announcements", "documents") == [["notices/a.md"], ["notices/n.md", "meetings/m.md"]]


def test_a_quotation_stands_where_the_settings_put_it_else_last() -> None:
    def kinds(*named: str) -> list[str]:
        settings = own(section=tuple(map(SectionSettings, named)), quote="众志成城", reminder=("勤洗手",))
        return [s["kind"] for s in briefing_values(FACTS, settings, issued=ISSUED, documents=())["sections"]]

    assert kinds("figures", "units") == ["figures", "units", "quote", "reminder"]
    assert kinds("reminder", "figures") == ["reminder", "figures", "quote"]
