"""A small office, published for three days and served on this machine: what every browser test looks at."""

from __future__ import annotations

import functools
import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from filelock import FileLock
from playwright.sync_api import ConsoleMessage, Page, Request, Response

Figures = Mapping[str, Mapping[str, Any]]

REPOSITORY = Path(__file__).parents[2]
DAYS = ("2026-03-02", "2026-03-03", "2026-03-04")
EDITION = "2026-first"
"""An edition that is closed after the second day."""

CORRECTED = "guidance/travel-reminder.md"
"""A page that is corrected before the third day, so that an earlier state of it stays readable; it then speaks of 隔离."""


def jianbao(office: Path, *words: str) -> str:
    """Run the command in an office; return what it prints."""
    command = [sys.executable, "-m", "jianbao", "--project", str(office), *words]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False, env=os.environ | {"JIANBAO_LANG": "zh"})
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def publish_office(office: Path) -> None:
    """Publish the repository's own settings, forms and pages with a small sample's three days."""
    office.mkdir(parents=True)
    for name in ("jianbao.toml", "mkdocs.yml"):
        shutil.copy2(REPOSITORY / name, office)
    for name in ("forms_schema", "site", "templates"):
        if (REPOSITORY / name).is_dir():
            shutil.copytree(REPOSITORY / name, office / name, ignore=shutil.ignore_patterns("briefings"))
    assert jianbao(office, "sample", "--small", "--days", str(len(DAYS))).split() == list(DAYS)
    for day in DAYS:
        if day == DAYS[-1]:
            correct(office / "site" / CORRECTED, day)
        jianbao(office, "publish", "--date", day, "--as-of", f"{day}T12:00")
        if day == DAYS[1]:
            jianbao(office, "edition", "close", EDITION, "--title", "二〇二六年头两天", "--as-of", f"{day}T18:00")


def correct(page: Path, day: str) -> None:
    """Correct a published page, as an office does."""
    head, fence, body = page.read_text(encoding="utf-8").partition("\n---\n")
    note, more = f"changes: [{{date: {day}, note: 补充一句}}]", "动身前有发热的，先隔离观察，不要上路。"
    page.write_text(f"{head}\n{note}{fence}{body}\n\n{more}\n", encoding="utf-8")


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The published office; made once for all workers."""
    base = tmp_path_factory.getbasetemp()
    shared_by_workers = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    office = shared_by_workers / "browser-office"
    with FileLock(f"{office}.lock"):
        if not Path(f"{office}.done").exists():
            publish_office(office)
            Path(f"{office}.done").touch()
    return office


@dataclass(frozen=True, slots=True)
class Site:
    """A published office and where its site is served."""

    office: Path
    url: str

    @property
    def folder(self) -> Path:
        """The built site."""
        return self.office / "build" / "public" / "site"

    def pages(self) -> list[str]:
        """Every page of the site."""
        return sorted(p.relative_to(self.folder).as_posix() for p in self.folder.rglob("*.html"))

    def living_pages(self) -> list[str]:
        """Every page but the same pages once more (closed editions, pages in one file) and the many of one making (a figure, a shelf)."""
        made = ("data", "archive", "documents")
        shown = [p for p in self.pages() if not p.startswith(f"editions/{EDITION}/") and ".single." not in p]
        return [p for p in shown if not (p.startswith(made) and not p.endswith("index.html"))]

    def figures(self, day: str) -> Figures:
        """The day's figures, as the command states them."""
        return _stated(self.office, day)


@functools.cache
def _stated(office: Path, day: str) -> Figures:
    told = json.loads(jianbao(office, "figures", "--date", day, "--as-of", f"{day}T12:00", "--format", "json"))
    figures: Figures = told["figures"]
    return figures


class _Handler(SimpleHTTPRequestHandler):
    """Serves files quietly, and the site's own page for what is not there."""

    def log_message(self, *_: Any) -> None:
        pass

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        if code != 404:
            super().send_error(code, message, explain)
            return
        page = (Path(self.directory) / "404.html").read_bytes()
        self.send_response(404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(page)


@pytest.fixture(scope="module")
def site(published: Path) -> Iterator[Site]:
    """The published site, served over HTTP on a port of this machine."""
    handler = functools.partial(_Handler, directory=str(published / "build" / "public" / "site"))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield Site(published, f"http://127.0.0.1:{server.server_port}/")
        server.shutdown()
        thread.join()


@dataclass
class Watch:
    """What a browser did that it should not: requests to others, answers that failed, complaints on its console."""

    home: str
    others: set[str] = field(default_factory=set)
    failed: set[str] = field(default_factory=set)
    complaints: list[str] = field(default_factory=list)

    def request(self, request: Request) -> None:
        """Note a request that leaves the site."""
        if not request.url.startswith((self.home, "data:", "blob:")):
            self.others.add(request.url)

    def response(self, response: Response) -> None:
        """Note an answer that is none."""
        if response.status >= 400:
            self.failed.add(f"{response.status} {response.url}")

    def console(self, message: ConsoleMessage) -> None:
        """Note an error or a warning."""
        if message.type in ("error", "warning"):
            self.complaints.append(f"{urlsplit(message.location.get('url', '')).path}: {message.text}")

    def nothing(self) -> bool:
        """Whether all was well."""
        return (self.others, self.failed, self.complaints) == (set(), set(), [])


Watched = Callable[[Page, str], Watch]


@pytest.fixture
def watched() -> Watched:
    """Watch a page's whole context: `watch = watched(page, home)`."""

    def begin(page: Page, home: str) -> Watch:
        watch = Watch(home)
        page.context.on("request", watch.request)
        page.context.on("response", watch.response)
        page.context.on("console", watch.console)
        page.context.on("weberror", lambda error: watch.complaints.append(str(error.error)))
        return watch

    return begin
