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
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa")
WIDTHS = [pytest.param(390, id="phone"), pytest.param(1366, id="desktop")]
SCHEMES: tuple[tuple[Literal["light", "dark"], str], ...] = (("light", "default"), ("dark", "slate"))
OVERFLOW = "() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]"
RUN_AXE = "tags => axe.run({runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})"


def kinds(office: Path, built: list[str]) -> dict[str, str]:
    """Return a page of every kind: its name → its path. The newest briefing stands for briefings."""
    found = {path: path for path in built if path.endswith("index.html") or path == "404.html"}
    found["earlier state"] = next(path for path in built if ".v1." in path)
    for source in sorted(pages.markdown_files(office / "site")):
        document = read_document(pages.read(office / "site", source))
        assert isinstance(document, Document)
        path = source.removesuffix(".md") + ".html"
        if path in built:
            found[f"{document.kind}, {document.status}"] = path
    return found


@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_stays_at_home_fits_and_speaks_chinese(site: Site, browser_page: PageFactory, watched: Watched, width: int) -> None:
    page = browser_page(width, reduced_motion="reduce")
    watch = watched(page, site.url)
    wide, foreign = {}, {}
    for path in site.pages():
        page.goto(site.url + path)
        needs, has = page.evaluate(OVERFLOW)
        if needs > has:
            wide[path] = (needs, has)
        if (lang := page.locator("html").get_attribute("lang")) != "zh":
            foreign[path] = lang
    assert (wide, foreign) == ({}, {})
    assert watch.nothing(), watch


@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_no_barrier_on_any_kind_of_page(site: Site, browser_page: PageFactory, width: int) -> None:
    page = browser_page(width, reduced_motion="reduce")
    looked_at = kinds(site.office, site.pages())
    assert len(looked_at) >= 18, looked_at
    found = []
    for path in looked_at.values():
        page.emulate_media(color_scheme="light")
        page.goto(site.url + path)
        page.evaluate(AXE)
        for scheme, palette in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            page.wait_for_function(f"document.body.dataset.mdColorScheme === '{palette}'")
            violations = page.evaluate(RUN_AXE, TAGS)["violations"]
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


def test_an_address_that_is_none_leads_home(site: Site, browser_page: PageFactory) -> None:
    page = browser_page()
    answer = page.goto(f"{site.url}briefings/2026/nothing.html")
    assert answer is not None
    assert answer.status == 404
    home = page.locator(".md-content a").first
    assert home.evaluate("a => a.href") in (site.url, f"{site.url}index.html")
