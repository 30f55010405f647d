"""What tests share: a small office, the folder ../shared, a page in a real browser, and a last word on what was not run."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"

settings.register_profile("same", derandomize=True, database=None, deadline=None)  # a run tries what every other run tries
settings.load_profile("same")

OfficeFactory = Callable[..., Path]
PageFactory = Callable[..., "Page"]
GoWithout = Callable[[str], None]


# -- The office ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def office(tmp_path: Path) -> OfficeFactory:
    """Make offices: `office("name", days=…)` is a new one, as `jianbao init` makes it, with a small sample in its inbox."""

    def make(name: str = "office", *, days: Sequence[date] | None = None) -> Path:
        from jianbao.pipeline.office import make_office
        from jianbao.sample import SAMPLE_DAYS, SMALL, write_sample

        folder = tmp_path / name
        make_office(folder, school="澜汀大学", office="传染病防控工作办公室")
        write_sample(folder / "inbox", SAMPLE_DAYS[:1] if days is None else days, size=SMALL)
        return folder

    return make


# -- ../shared ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def shared() -> Path:
    """Return the folder ../shared."""
    if not SHARED.is_dir():
        pytest.skip("没有 ../shared 文件夹")
    return SHARED


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("shared") and not SHARED.is_dir():
        pytest.skip("没有 ../shared 文件夹")


# -- The browser --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def go_without() -> GoWithout:
    """Skip a test that lacks a browser or a font, saying so; where they are required (JIANBAO_REQUIRE_BROWSER), fail it."""
    required = os.environ.get("JIANBAO_REQUIRE_BROWSER", "0") not in ("", "0")
    return partial(pytest.fail, pytrace=False) if required else pytest.skip


@pytest.fixture(scope="module")
def browser(go_without: GoWithout) -> Iterator[Browser]:
    """A real Chromium, started as `make test` tries it. A module's, for an event loop of its runs as long as it does."""
    from playwright.sync_api import sync_playwright

    import get_browser

    found = get_browser.find()
    if found is None:
        go_without("没有可用的浏览器")
        return
    with sync_playwright() as driver:
        started = get_browser.launch(driver, found.path)
        yield started
        started.close()


@pytest.fixture
def browser_page(browser: Browser) -> Iterator[PageFactory]:
    """Open pages: `browser_page(390)` is a phone, `browser_page(1366, scheme="dark")` a desk; each has a context of its own."""
    contexts = []

    def make(width: int = 1366, *, scheme: str = "light", **options: Any) -> Page:
        phone = width < 600
        context = browser.new_context(
            viewport={"width": width, "height": 844 if phone else 900}, is_mobile=phone, has_touch=phone,
            device_scale_factor=1, locale="zh-CN", color_scheme="dark" if scheme == "dark" else "light", **options,
        )  # fmt: skip
        contexts.append(context)
        context.set_default_timeout(15_000)
        return context.new_page()

    yield make
    for context in contexts:
        context.close()


# -- The last word --------------------------------------------------------------------------------------------------------


def reasons(reports: Sequence[Any]) -> Counter[str]:
    """Return why tests were skipped, and how many for each reason."""
    told = (r.longrepr[2] if isinstance(r.longrepr, tuple) else str(r.longrepr) for r in reports)
    return Counter(t.removeprefix("Skipped: ") for t in told)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> Generator[None]:
    """Say, under everything else, what was not run and why."""
    result = yield
    terminal = session.config.pluginmanager.get_plugin("terminalreporter")
    if terminal and not hasattr(session.config, "workerinput"):
        for reason, count in reasons(terminal.stats.get("skipped", [])).items():
            terminal.write_line(f"没有运行 {count} 项：{reason}", yellow=True)
    return result
