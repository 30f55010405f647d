"""Whoever comes, however: by keyboard alone, from a folder on a stick, with Chinese characters that show."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from urllib.request import url2pathname

import pytest

if TYPE_CHECKING:
    from tests.browser.conftest import Site, Watched
    from tests.conftest import GoWithout, PageFactory

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LINKS = "links => [...new Set(links.map(a => a.href.replace(/[?#].*/, '')))]"


@pytest.mark.parametrize("width", [pytest.param(390, id="phone"), pytest.param(1366, id="desktop")])
def test_search_opens_and_closes_by_keyboard(site: Site, browser_page: PageFactory, width: int) -> None:
    page = browser_page(width)
    page.goto(site.url)
    is_open = "() => document.getElementById('__search').checked"
    in_field = "() => document.activeElement === document.querySelector('.md-search__input')"
    page.keyboard.press("s" if width == 1366 else "/")
    page.wait_for_function(is_open)
    page.wait_for_function(in_field)
    page.keyboard.press("Escape")
    page.wait_for_function(f"() => !({is_open})() && !({in_field})()")
    page.wait_for_timeout(500)  # whatever was still sliding in must not open it again
    assert page.evaluate(f"() => !({is_open})() && !({in_field})()")


def test_search_is_reached_by_tab(site: Site, browser_page: PageFactory) -> None:
    page = browser_page(390)
    page.goto(site.url)
    for _ in range(15):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.getAttribute('aria-label')") == "站内搜索":
            break
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.activeElement === document.querySelector('.md-search__input')")
    page.keyboard.press("Escape")
    page.wait_for_function("() => !document.getElementById('__search').checked")


def test_tab_reaches_the_text_first(site: Site, browser_page: PageFactory) -> None:
    page = browser_page()
    page.goto(f"{site.url}data/index.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.classList.contains('md-skip')")
    page.keyboard.press("Enter")
    assert urlsplit(page.url).fragment


def test_the_site_works_from_a_folder(site: Site, browser_page: PageFactory, watched: Watched) -> None:
    page = browser_page()
    home = site.folder.as_uri() + "/"
    watch = watched(page, home)
    dead = {}
    for path in [p for p in site.living_pages() if p != "404.html"]:  # that one is a server's, and names its links from the root
        page.goto(home + path, wait_until="domcontentloaded")
        links = page.locator("a[href]").evaluate_all(LINKS)
        if gone := [a for a in links if a.startswith("file:") and not Path(url2pathname(urlsplit(a).path)).is_file()]:
            dead[path] = gone
        assert page.locator("h1").first.is_visible()
    assert dead == {}
    assert watch.others == set()


@pytest.mark.parametrize("width", [pytest.param(390, id="phone"), pytest.param(1366, id="desktop")])
def test_search_finds_words_in_a_folder(site: Site, browser_page: PageFactory, watched: Watched, width: int) -> None:
    page = browser_page(width)
    home = site.folder.as_uri() + "/"
    watch = watched(page, home)
    page.goto(f"{home}guidance/index.html")
    page.get_by_role("button", name="站内搜索").click() if width == 390 else page.locator(".md-search__input").click()
    page.locator(".md-search__input").press_sequentially("隔离", delay=40)
    page.keyboard.press("End")  # an input method raises key events of its own; 汉字 typed here do not
    page.locator(".md-search-result__item a[href*='guidance/travel-reminder.html']").first.click()
    page.wait_for_url(f"{home}guidance/travel-reminder.html**")
    assert watch.others == set()


def test_links_lead_from_page_to_page_in_a_folder(site: Site, browser_page: PageFactory) -> None:
    page = browser_page()
    page.goto((site.folder / "index.html").as_uri())
    page.locator(".md-content a[href*='briefings/2026/2026-03-04']").first.click()
    page.wait_for_url("**/briefings/2026/2026-03-04.html")
    page.get_by_role("link", name="工作简报").first.click()
    page.wait_for_url("**/briefings/index.html")
    assert page.url.startswith("file:")


def test_chinese_characters_are_no_boxes(browser_page: PageFactory, go_without: GoWithout) -> None:
    import get_browser

    if not get_browser.shows_chinese(browser_page()):
        go_without("没有中文字体，页面上的汉字是方框（Debian：apt-get install fonts-noto-cjk）")
