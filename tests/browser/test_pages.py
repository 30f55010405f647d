"""Every page, on a phone and on a desk: it stays at home, fits, speaks Chinese, and is open to everybody."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest

from jianbao import pages
from jianbao.documents import Document, read_document

if TYPE_CHECKING:
    from tests.browser.conftest import Site, Watched
    from tests.conftest import PageFactory

pytestmark = [pytest.mark.browser, pytest.mark.slow]

AXE = (Path(__file__).parents[2] / "vendor" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
EVERYTHING = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}
COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
"""What can be another in the dark."""
EDITION = "2026-first"
WIDTHS = [pytest.param(390, id="phone"), pytest.param(1366, id="desktop")]
SCHEMES: tuple[tuple[Literal["light", "dark"], str], ...] = (("light", "default"), ("dark", "slate"))
OVERFLOW = "() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]"
RUN_AXE = "only => axe.run({runOnly: only, resultTypes: ['violations']})"


def kinds(office: Path, built: list[str]) -> dict[str, str]:
    """Return a page of every kind: its name → its path. The newest briefing stands for briefings."""
    found = {path: path for path in built if (path.count("/") < 2 and path.endswith("index.html")) or path in ("404.html", "forms.html")}
    for kind, mark in (
        ("earlier state", ".v1."), ("comparison", ".v1-v2."), ("month", "archive/2"), ("kind", "archive/kind"), ("tag", "archive/tag"),
        ("figure", "data/staff_returned_total"), ("register's view", "documents/kind"), ("department", "departments/图"),
        ("closed edition", f"editions/{EDITION}/guidance"), ("English", ".en.html"), ("one file", ".single."),
    ):  # fmt: skip
        found[kind] = next(path for path in built if mark in path)
    for source in sorted(pages.markdown_files(office / "site")):
        document = read_document(pages.read(office / "site", source))
        assert isinstance(document, Document)
        path = source.removesuffix(".md") + ".html"
        if path in built:
            found[f"{document.kind}, {document.status}"] = path
    return found


@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_stays_at_home_fits_and_speaks_its_language(site: Site, browser_page: PageFactory, watched: Watched, width: int) -> None:
    page = browser_page(width, reduced_motion="reduce")
    watch = watched(page, site.url)
    wide, foreign = {}, {}
    for path in site.living_pages() if width == 390 else kinds(site.office, site.pages()).values():  # what fits a phone fits a desk
        page.goto(site.url + path)
        needs, has = page.evaluate(OVERFLOW)
        if needs > has:
            wide[path] = (needs, has)
        if (lang := page.locator("html").get_attribute("lang") or "").partition("-")[0] != ("en" if path.endswith(".en.html") else "zh"):
            foreign[path] = lang
    assert (wide, foreign) == ({}, {})
    assert watch.nothing(), watch


@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_no_barrier_on_any_kind_of_page(site: Site, browser_page: PageFactory, width: int) -> None:
    page = browser_page(width, reduced_motion="reduce")
    looked_at = kinds(site.office, site.pages())
    assert len(looked_at) >= 28, looked_at
    found = []
    for path in looked_at.values():
        page.emulate_media(color_scheme="light")
        page.goto(site.url + path)
        page.evaluate(AXE)
        for scheme, palette in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            page.wait_for_function(f"[undefined, '{palette}'].includes(document.body.dataset.mdColorScheme)")
            violations = page.evaluate(RUN_AXE, EVERYTHING if scheme == "light" else COLOURS)["violations"]
            found += [f"{path} {scheme}: {v['id']} {n['target']} {n['failureSummary']}" for v in violations for n in v["nodes"][:3]]
    assert found == []


def test_dark_is_dark(site: Site, browser_page: PageFactory) -> None:
    seen = []
    for scheme in ("light", "dark"):
        page = browser_page(scheme=scheme)
        page.goto(site.url)
        seen.append(page.evaluate("getComputedStyle(document.body).backgroundColor.match(/\\d+/g).slice(0, 3).map(Number)"))
    light, dark = map(sum, seen)
    assert light > 600
    assert dark < 200


def test_a_page_in_two_languages_leads_from_each_to_the_other(site: Site, browser_page: PageFactory) -> None:
    page = browser_page()
    page.goto(f"{site.url}guidance/measuring-temperature.html")
    switch = page.locator(".jb-switch a")
    assert (switch.get_attribute("lang"), switch.get_attribute("hreflang")) == ("en", "en")
    assert page.locator("link[rel~=alternate][hreflang=en]").get_attribute("href") == "measuring-temperature.en.html"
    switch.click()
    page.wait_for_url("**/measuring-temperature.en.html")
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.locator("link[rel~=alternate][hreflang=zh]").get_attribute("href") == "measuring-temperature.html"
    page.locator(".jb-switch a").click()
    page.wait_for_url("**/measuring-temperature.html")


def test_a_closed_edition_says_so_and_is_left_for_today_s_page(site: Site, browser_page: PageFactory) -> None:
    page = browser_page()
    page.goto(site.url)
    page.locator(".jb-versions a").click()
    page.wait_for_url(f"**/editions/{EDITION}/index.html")
    page.locator(".md-content a[href*='guidance/index']").first.click()
    page.wait_for_url(f"**/editions/{EDITION}/guidance/index.html")
    note = page.locator(".md-content .jb-banner")
    assert EDITION in note.inner_text()
    note.locator("a").click()
    page.wait_for_url(f"{site.url}guidance/index.html")
    assert page.locator(".md-content .jb-banner").count() == 0


def test_an_address_that_is_none_leads_home(site: Site, browser_page: PageFactory) -> None:
    page = browser_page()
    answer = page.goto(f"{site.url}briefings/2026/nothing.html")
    assert answer is not None
    assert answer.status == 404
    home = page.locator(".md-content a").first
    assert home.evaluate("a => a.href") in (site.url, f"{site.url}index.html")
