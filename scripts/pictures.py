"""Take the pictures of README and handbook from the site as it stands in build/public/site: python scripts/pictures.py.

Publish first (`make publish`). Each page is taken at desktop and phone width; what is below the fold is left out.
"""

from __future__ import annotations

import functools
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final

import get_browser
from setup_env import ROOT

SITE: Final = ROOT / "build" / "public" / "site"
PICTURES: Final = ROOT / "docs" / "pictures"
NOON: Final = "2026-03-04T12:30:00+08:00"
"""When the pictures are taken, for whatever on a page goes by the reader's clock."""

SIZES: Final = {"": (1366, 900), "-phone": (390, 844)}


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the standard library's own name
        """Say nothing of each request."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder on this machine; yields its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


def _plain(folder: str) -> list[Path]:
    """Return a section's numbered pages in order, without their earlier states and one-file forms."""
    return sorted(p for p in (SITE / folder).rglob("[0-9]*.html") if "." not in p.stem)


def pages() -> dict[str, str]:
    """Return the pages that are taken: the picture's name, and the page below the site."""
    briefings = _plain("briefings")
    notices = _plain("notices")
    return {
        "start-page": "index.html", "briefing": briefings[-1].relative_to(SITE).as_posix(),
        "notice": notices[-1].relative_to(SITE).as_posix(), "register": "documents/index.html", "charts": "data/index.html#trends",
    }  # fmt: skip


def main() -> None:
    """Take every picture."""
    from playwright.sync_api import sync_playwright

    browser = get_browser.find()
    if browser is None or not (SITE / "index.html").is_file():
        sys.exit("先运行 make publish 和 make test（取得浏览器）")
    PICTURES.mkdir(parents=True, exist_ok=True)
    with served(SITE) as address, sync_playwright() as driver, get_browser.launch(driver, browser.path) as started:
        for name, path in pages().items():
            for suffix, (width, height) in SIZES.items():
                page = started.new_page(viewport={"width": width, "height": height}, reduced_motion="reduce")
                page.clock.set_fixed_time(NOON)
                page.goto(address + path, wait_until="networkidle")
                page.screenshot(path=PICTURES / f"{name}{suffix}.png")
                page.close()


if __name__ == "__main__":
    main()
