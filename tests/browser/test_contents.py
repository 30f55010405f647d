"""What the site says: figures as the command states them, search that finds words, print, and nothing that is internal."""

from __future__ import annotations

import gzip
import html
import io
import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import pytest
from pypdf import PdfReader

from jianbao import pages
from jianbao.documents import Audience, Document, Status, read_document

if TYPE_CHECKING:
    from tests.browser.conftest import Site
    from tests.conftest import PageFactory

pytestmark = [pytest.mark.browser, pytest.mark.slow]

DAYS = ("2026-03-02", "2026-03-03", "2026-03-04")
BRIEFING = "briefings/2026/{day}.html"


# -- Figures ------------------------------------------------------------------------------------------------------------


def shown(value: float | None) -> str:
    """Return a value as a page shows it."""
    return "未报" if value is None else f"{value:g}"


def expected(figures: Mapping[str, Mapping[str, Any]]) -> dict[str, tuple[str, str, str, str]]:
    """Return what pages must say: name → title, value, received, expected."""
    return {n: (f["title"], shown(f["value"]), str(f["received"]), str(f["expected"])) for n, f in figures.items()}


def numbers(text: str) -> list[str]:
    """Return the numbers of a text."""
    return re.findall(r"\d+(?:\.\d+)?|未报", text)


def test_the_start_page_states_the_newest_day_s_figures(site: Site, browser_page: PageFactory) -> None:
    page, known = browser_page(), expected(site.figures(DAYS[-1]))
    page.goto(site.url)
    figures = page.locator("[data-figure]").all()
    assert figures
    for figure in figures:
        received, of = numbers(figure.locator(".jb-fig__cover").inner_text())
        told = (figure.locator("dt").inner_text(), numbers(figure.locator(".jb-fig__value").inner_text())[0], received, of)
        assert told == known[figure.get_attribute("data-figure") or ""]


def test_the_data_page_states_all_figures_of_the_newest_day(site: Site, browser_page: PageFactory) -> None:
    page, known = browser_page(), expected(site.figures(DAYS[-1]))
    page.goto(f"{site.url}data/index.html")
    told = {}
    for row in page.locator("[data-figure]").all():
        title, value, _unit, coverage, _as_of = row.locator("th, td").all_inner_texts()
        told[row.get_attribute("data-figure")] = (title.strip(), value.strip(), *numbers(coverage))
    assert told == known


ROWS = """() => Object.fromEntries([...document.querySelectorAll("[data-day]")].map(row =>
  [row.dataset.day, [...row.querySelectorAll("td")].slice(0, 2).map(cell => cell.innerText.trim())]))"""
DRAWN = """() => {
  const at = (e, n) => Number(e.getAttribute(n)), svg = document.querySelector("[data-chart] svg");
  const lines = [...svg.querySelectorAll(".jb-chart__axis, .jb-chart__grid")].map(e => at(e, "y1"));
  const marks = [...svg.querySelectorAll(".jb-chart__tick")].map(e => Number(e.textContent));
  const [y0, y1] = [lines[0], lines.at(-1)], [low, high] = [marks[0], marks.at(-1)];
  return [...svg.querySelectorAll(".jb-chart__dot")].map(e => low + (y0 - at(e, "cy")) * (high - low) / (y0 - y1));
}"""


def test_a_figure_s_chart_and_table_state_its_value_of_every_day(site: Site, browser_page: PageFactory) -> None:
    page, days = browser_page(), {day: site.figures(day) for day in DAYS}
    for name in list(days[DAYS[-1]])[::6]:
        page.goto(f"{site.url}data/{name}.html", wait_until="domcontentloaded")
        told = page.evaluate(ROWS)
        assert {day: (value, *numbers(coverage)) for day, (value, coverage) in told.items()} == {
            day: (shown(f[name]["value"]), str(f[name]["received"]), str(f[name]["expected"])) for day, f in days.items()
        }
        values = [f[name]["value"] for f in days.values() if f[name]["value"] is not None]
        assert page.evaluate(DRAWN) == pytest.approx(values, rel=0.002, abs=0.02), name


def test_the_start_page_s_chart_is_of_a_figure_it_states(site: Site, browser_page: PageFactory) -> None:
    page = browser_page()
    page.goto(site.url)
    name = page.locator("[data-chart]").get_attribute("data-chart") or ""
    values = [site.figures(day)[name]["value"] for day in DAYS]
    assert page.evaluate(DRAWN) == pytest.approx(values, rel=0.002, abs=0.02)
    said = page.locator("[data-chart] figcaption").inner_text()
    assert [f"{v} " in said for v in (values[0], values[-1])] == [True, True]


def test_the_start_page_answers_in_the_order_of_need(site: Site, browser_page: PageFactory) -> None:
    page = browser_page(390)
    page.goto(site.url)
    wanted = (".jb-mast", "#today", "#report", "#contact", "#latest", "#trend", "#sections")
    places = [page.locator(one).bounding_box() for one in wanted]
    tops = [place["y"] for place in places if place]
    assert len(tops) == len(wanted)
    assert tops == sorted(tops)
    assert tops[1] < 844, "the figures are seen without scrolling"


def test_the_start_page_says_which_unit_is_on_duty(site: Site, browser_page: PageFactory) -> None:
    page = browser_page()
    page.goto(f"{site.url}ledgers/duty.html")
    rows = [row.locator("th, td").all_inner_texts() for row in page.locator("table:has-text('值班类别') tbody tr").all()]
    today = [(roster + shift, unit) for day, roster, shift, unit, *_rest in rows if day.strip() == "3月4日"]
    assert len(today) == 4
    page.goto(site.url)
    said = page.locator(".jb-part:has(#contact)").inner_text()
    assert [one for one in today if "　".join(one) not in said] == []


def test_each_form_has_its_address_and_a_code_of_it(site: Site, browser_page: PageFactory) -> None:
    page = browser_page()
    page.goto(site.url)
    links = page.locator(".jb-rows--forms a").evaluate_all("all => all.map(a => a.href)")
    codes = page.locator(".jb-rows__code").evaluate_all("all => all.map(i => [i.complete && i.naturalWidth > 0, i.alt])")
    assert len(links) == len(codes) == 4
    assert all(there and alt.endswith("二维码") for there, alt in codes)
    page.goto(f"{site.url}forms.html")
    assert page.locator(".jb-code a").all_inner_texts() == links


@pytest.mark.parametrize("day", DAYS)
def test_each_briefing_states_its_day_s_figures(site: Site, browser_page: PageFactory, day: str) -> None:
    page, known = browser_page(), expected(site.figures(day)).values()
    page.goto(site.url + BRIEFING.format(day=day))
    rows = [[cell.strip() for cell in row.locator("td").all_inner_texts()] for row in page.locator(".md-content table tbody tr").all()]
    assert rows
    for title, said, coverage in rows:
        assert (title, numbers(said)[0], *numbers(coverage)) in known


@pytest.mark.parametrize("day", DAYS)
def test_each_briefing_prints_with_its_figures(site: Site, browser_page: PageFactory, day: str) -> None:
    page, figures = browser_page(), site.figures(day)
    page.goto(site.url + BRIEFING.format(day=day))
    titles = [row.locator("td").first.inner_text().strip() for row in page.locator(".md-content table tbody tr").all()]
    paper = PdfReader(io.BytesIO(page.pdf(format="A4")))
    text = re.sub(r"\s", "", unicodedata.normalize("NFKC", "".join(p.extract_text() for p in paper.pages)))
    said = {f["title"]: f"{shown(f['value'])}{f['unit'] if f['value'] is not None else ''}" for f in figures.values()}
    assert titles
    assert [t for t in titles if f"{t}{said[t]}" not in text] == []
    assert day in text or "{}年{}月{}日".format(*(int(part) for part in day.split("-"))) in text


# -- Search -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [pytest.param(390, id="phone"), pytest.param(1366, id="desktop")])
@pytest.mark.parametrize(
    ("word", "page_wanted"),
    [
        pytest.param("简报", BRIEFING.format(day=DAYS[-1]), id="briefing"),
        pytest.param("隔离", "guidance/travel-reminder.html", id="isolation"),
        pytest.param("图书馆", BRIEFING.format(day=DAYS[1]), id="department"),
        pytest.param("小组", "ledgers/organisation.html", id="end of a longer word"),
        pytest.param("领导小组", "ledgers/organisation.html", id="several words"),
    ],
)
def test_search_finds_words(site: Site, browser_page: PageFactory, width: int, word: str, page_wanted: str) -> None:
    page = browser_page(width)
    page.goto(site.url)
    if width == 390:
        page.get_by_role("button", name="站内搜索").click()
    field = page.locator(".md-search__input")
    field.click()
    field.press_sequentially(word, delay=40)
    page.keyboard.press("End")  # an input method raises key events of its own; 汉字 typed here do not
    results = page.locator(".md-search-result__item a.md-search-result__link")
    results.first.wait_for()
    links = {unquote(re.sub(r"[?#].*", "", a.evaluate("a => a.href"))).removeprefix(site.url): a for a in reversed(results.all())}
    assert links.keys() <= set(site.pages())
    assert page_wanted in links  # among others: Material also takes a word's first character for the word
    links[page_wanted].click()
    page.wait_for_url(f"{site.url}{page_wanted}**")
    assert word in page.locator(".md-content").inner_text().replace("\u200b", "")


# -- What must not be there ---------------------------------------------------------------------------------------------


def hidden_documents(office: Path) -> Iterator[tuple[str, Document]]:
    """Yield the pages that are internal or drafts, with their text."""
    for path in pages.markdown_files(office / "site"):
        page = pages.read(office / "site", path)
        document = read_document(page)
        assert isinstance(document, Document)
        if document.audience is Audience.INTERNAL or document.status is Status.DRAFT:
            yield page.body, document


def texts(folder: Path, suffix: str = "") -> dict[str, str]:
    """Return what the files of a folder say, however it is packed, without spaces: path → text."""
    found = {}
    for path in sorted(folder.rglob(f"*{suffix}")):
        if path.is_file():
            data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
            said = data.partition(b"\n")[2] if path.suffix == ".kept" else data if path.suffix == ".json" else b""  # .kept: under a hash
            text = json.dumps(json.loads(said), ensure_ascii=False) if said else data.decode(errors="replace")
            found[path.relative_to(folder).as_posix()] = re.sub(r"[\s\u200b]", "", html.unescape(unquote(text)))
    return found


def test_nothing_internal_and_no_draft_is_anywhere(site: Site) -> None:
    tree = {f"{folder}/{p}": t for folder in ("build/public", "record") for p, t in texts(site.office / folder).items()}
    hidden = list(hidden_documents(site.office))
    assert len(hidden) >= 2
    for body, document in hidden:
        stem = Path(document.path).stem
        sentences = {document.title, document.summary, *(line for line in re.split(r"[。；\n|]", body) if len(line) > 12)}
        sentences = {re.sub(r"\s", "", s) for s in sentences}
        assert [name for name in tree if stem in name] == []
        assert [(name, s) for name, text in tree.items() for s in (stem, *sentences) if s in text] == []


def test_what_is_public_is_found_that_way(site: Site) -> None:
    index = texts(site.folder, "search_index.json")["search/search_index.json"]
    read = [read_document(pages.read(site.office / "site", path)) for path in pages.markdown_files(site.office / "site")]
    public = [d for d in read if isinstance(d, Document) and d.audience is Audience.PUBLIC and d.status is not Status.DRAFT]
    assert len(public) > 10
    assert [d.title for d in public if re.sub(r"\s", "", d.title) not in index] == []


def test_a_figure_is_found_by_what_it_says_and_not_by_its_daily_values(site: Site) -> None:
    docs = json.loads(texts(site.folder, "search_index.json")["search/search_index.json"])["docs"]
    figures = [d for d in docs if d["location"].startswith("data/") and "index" not in d["location"]]
    told = {d["location"]: re.sub(r"[\s\u200b]", "", d["text"]) for d in figures}
    assert any("口径" in text for text in told.values())
    assert [where for where, text in told.items() if "应报" in text and "实报" in text and "截至" in text] == []
