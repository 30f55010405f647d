"""A bound volume: its parts in order, contents that name the right pages, bookmarks, references, and its speed."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from jianbao.documents import DocumentKind
from jianbao.facts import NewsFact
from jianbao.printing.fonts import FontSet
from jianbao.printing.markup import read_html
from jianbao.printing.official import Paper
from jianbao.printing.volume import Volume, bind, volume_html, volume_pdf

from .conftest import MOMENT, SETTINGS, Printed, paper
from .test_official import facts

DAY = date(2020, 2, 1)
BRIEFING = (
    "## 一、数据情况\n\n全校确诊 **0 例**。\n\n| 指标 | 数值 |\n| --- | ---: |\n| 确诊 | 0 例 |\n\n## 二、单位报告情况\n\n"
    + "应报单位三个，实报两个。" * 60
)


def volume(days: int = 3) -> Volume:
    """Bind a briefing a day, two notices of which one refers to the other, and departments' news."""
    dates = [DAY + timedelta(n) for n in range(days)]
    papers: list[Paper] = []
    told = []
    for n, day in enumerate(dates):
        news = (NewsFact("图书馆", f"图书消息{n}", "一句话。\n又一句。"), NewsFact("教务处", f"教学消息{n}", "# 不是标题"))
        told.append(replace(facts(), day=day, news=news))
        briefing = paper(
            BRIEFING,
            path=f"briefings/2020/{day}.md",
            title="工作简报",
            kind=DocumentKind.BRIEFING,
            number=f"第{n + 1}期",
            on=day,
            data_date=day,
        )
        papers.append(replace(briefing, facts=told[-1]))
    papers.append(paper("见[前一通知](05.md)[^1]。\n\n[^1]: 注甲。", title="后通知", number="榆〔2020〕6号"))
    papers.append(paper("正文[^1]。\n\n[^1]: 注乙。", path="notices/2020/05.md", title="前通知", number="榆〔2020〕5号", on=DAY))
    return bind(SETTINGS, reversed(papers), told, since=DAY, until=dates[-1], moment=MOMENT, units=["教务处", "图书馆"])


@pytest.fixture(scope="module")
def bound(fonts: FontSet) -> Printed:
    return Printed(volume_pdf(volume(), fonts))


TITLES = [
    "工作简报第1期（2020年2月1日）",
    "工作简报第2期（2020年2月2日）",
    "工作简报第3期（2020年2月3日）",
    "前通知（榆〔2020〕5号）",
    "后通知（榆〔2020〕6号）",
    "教务处",
    "图书馆",
]


def test_kinds_and_departments_stand_in_order() -> None:
    made = volume()
    assert [b.part for b in made.documents] == ["工作简报"] * 3 + ["通知"] * 2 + ["部门动态"] * 2


def test_the_contents_name_the_page_on_which_each_document_begins(bound: Printed) -> None:
    contents = re.sub(r"·+", "·", bound.text(1))
    places = {title: contents.index(title + "·") for title in TITLES}
    assert list(places.values()) == sorted(places.values())
    for title in TITLES:
        said = re.match(r"\d+", contents[places[title] + len(title) + 1 :])
        assert said is not None, title
        page = 1 + int(said[0])  # cover and contents come before page 1
        inside = re.sub(r"第\d期|（.*）", "", title)
        assert inside in bound.text(page)
        assert f"—{said[0]}—" in bound.text(page)


def bookmarks(made: Printed) -> list[Any]:
    """The bookmarks below the parts."""
    return [mark for part in made.reader.outline if isinstance(part, list) for mark in part]


def test_bookmarks_lead_to_the_same_pages(bound: Printed) -> None:
    outline: list[Any] = bound.reader.outline
    tops = [o.title for o in outline if not isinstance(o, list)]
    assert tops == ["目　录", "工作简报", "通知", "部门动态"]
    marks = bookmarks(bound)
    assert [m.title for m in marks] == TITLES
    contents = re.sub(r"·+", "·", bound.text(1))
    for mark in marks:
        page = bound.reader.get_destination_page_number(mark)
        assert f"{mark.title}·{page - 1}" in contents


def test_a_reference_between_documents_names_its_page(bound: Printed) -> None:
    marks = {m.title: bound.reader.get_destination_page_number(m) for m in bookmarks(bound)}
    assert f"见前一通知（见第{marks[TITLES[3]] - 1}页）1。" in bound.text(marks[TITLES[4]])


def test_cover_figures_and_declaration(bound: Printed) -> None:
    assert bound.text(0) == "榆溪学院文件合订本2020年2月1日至2020年2月3日防控工作办公室2020年2月6日"
    assert [n for n in bound.reader.attachments if n.startswith("figures-")] == [f"figures-2020-02-0{n}.csv" for n in (1, 2, 3)]
    assert "<pdfaid:part>3</pdfaid:part>" in bound.xmp


def test_what_departments_wrote_is_text(bound: Printed) -> None:
    assert "#不是标题" in bound.text()


def test_the_html_holds_the_same_and_every_link_in_it_leads_somewhere() -> None:
    page = volume_html(volume()).decode()
    ids = re.findall(r'id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(ids)
    assert [li.text for nav in read_html(page).all("nav") for li in nav.all("li")] == TITLES
    assert [a.attributes["id"] for a in read_html(page).all("article")] == [f"d{n}" for n in range(7)]
    assert 'href="#d3">前一通知</a>' in page


def test_the_same_volume_is_the_same_bytes(fonts: FontSet, bound: Printed) -> None:
    assert volume_pdf(volume(), fonts) == bound.data


@pytest.mark.slow
def test_120_days_are_bound_within_a_minute(fonts: FontSet) -> None:
    since = time.perf_counter()
    made = volume(120)
    pdf = Printed(volume_pdf(made, fonts))
    volume_html(made)
    assert time.perf_counter() - since < 60
    assert pdf.pages > 240
