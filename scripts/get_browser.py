"""Get what the browser tests need: a Chromium, and a font with Chinese characters. `make test` calls it.

What is installed is used. Else, as root on Debian and its like, apt brings it; else Playwright downloads its own into
.venv. A browser counts once it has started, a font once two different characters look different in it.
Exit 0: both are there. Exit 1: something could not be had, and was named.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from setup_env import ROOT, by_apt, last_lines, may_use_apt, note, run, say

if TYPE_CHECKING:
    from playwright.sync_api import Browser as Started
    from playwright.sync_api import Page, Playwright

ARGUMENTS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
)
OWN_DOWNLOADS: Final = ROOT / ".venv" / "browsers"
_COMMANDS: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge", "microsoft-edge-stable")
_APPLICATIONS: Final = ("Chromium.app", "Google Chrome.app", "Microsoft Edge.app")
_DOWNLOADED: Final = (
    "chromium-*/chrome-linux*/chrome",
    "chromium-*/chrome-mac*/*.app/Contents/MacOS/*",
    "chromium-*/chrome-win*/chrome.exe",
)
_DRIVER_LIBRARY: Final = "libatomic1"
"""What Playwright's driver needs and a bare Debian has not."""
_TWO_CHARACTERS: Final = """() => {
  const drawn = character => {
    const canvas = document.createElement('canvas');
    canvas.width = canvas.height = 40;
    const pen = canvas.getContext('2d');
    pen.font = '32px sans-serif';
    pen.fillText(character, 2, 34);
    return pen.getImageData(0, 0, 40, 40).data.join();
  };
  return drawn('简') !== drawn('报');
}"""


@dataclass(frozen=True, slots=True)
class Browser:
    """A browser that starts, and whether it can show Chinese."""

    path: Path
    chinese: bool


# -- What is installed ------------------------------------------------------------------------------------------------


def candidates(environment: Mapping[str, str], home: Path) -> Iterator[Path]:
    """Yield the browsers that are installed, in the order in which they are tried."""
    for name in _COMMANDS:
        found = shutil.which(name, path=environment.get("PATH"))
        if found and "snap" not in Path(found).resolve().parts:  # a snap sees neither our folders nor our /tmp
            yield Path(found)
    for name in _APPLICATIONS:
        for folder in (Path("/Applications"), home / "Applications"):
            program = folder / name / "Contents" / "MacOS" / name.removesuffix(".app")
            if program.is_file():
                yield program
    for folder in download_folders(environment, home):
        for pattern in _DOWNLOADED:
            yield from sorted(folder.glob(pattern), reverse=True)


def download_folders(environment: Mapping[str, str], home: Path) -> Sequence[Path]:
    """Return where Playwright keeps browsers: where it was told, in our .venv, in its own folder."""
    told = environment.get("PLAYWRIGHT_BROWSERS_PATH", "")
    own = (home / ".cache" / "ms-playwright", home / "Library" / "Caches" / "ms-playwright")
    return (*([Path(told)] if told not in ("", "0") else []), OWN_DOWNLOADS, *own)


@cache
def driver_starts() -> bool:
    """Whether Playwright's driver runs here: a bare Debian lacks a library of its."""
    done = subprocess.run([sys.executable, "-m", "playwright", "--version"], capture_output=True, text=True, errors="replace", check=False)
    if done.returncode:
        note(say("Playwright 不能启动：", "Playwright does not start:") + "\n" + last_lines(done.stderr))
    return done.returncode == 0


def find() -> Browser | None:
    """Return the first installed browser that starts."""
    if not driver_starts():
        return None
    return next((b for path in candidates(os.environ, Path.home()) if (b := tried(path))), None)


def launch(driver: Playwright, path: Path) -> Started:
    """Start a browser for tests; what it keeps of itself stays in .venv."""
    settings: dict[str, str | float | bool] = {**os.environ, "XDG_CONFIG_HOME": str(ROOT / ".venv" / "browser-settings")}
    return driver.chromium.launch(executable_path=path, args=ARGUMENTS, env=settings, timeout=30_000)


@cache
def tried(path: Path) -> Browser | None:
    """Start a browser as the tests do; return None where it does not."""
    from playwright.sync_api import Error, sync_playwright

    with sync_playwright() as driver:
        try:
            browser = launch(driver, path)
        except Error as error:
            note(say(f"{path} 不能启动：", f"{path} does not start: ") + "\n" + last_lines(str(error)))
            return None
        try:
            return Browser(path, shows_chinese(browser.new_page()))
        finally:
            browser.close()


def shows_chinese(page: Page) -> bool:
    """Whether two Chinese characters look different: without a font both are the same box."""
    return bool(page.evaluate(_TWO_CHARACTERS))


# -- Getting what is not ----------------------------------------------------------------------------------------------


def by_download() -> bool:
    """Let Playwright download its own Chromium into .venv (or where PLAYWRIGHT_BROWSERS_PATH says)."""
    note(say("下载测试用的 Chromium", "downloading a Chromium for the tests"))
    libraries = ["--with-deps"] if may_use_apt() else []
    target = os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or str(OWN_DOWNLOADS)
    return run([sys.executable, "-m", "playwright", "install", *libraries, "chromium"], {"PLAYWRIGHT_BROWSERS_PATH": target})


def get() -> Browser | None:
    """Return a browser with a Chinese font, or as much of it as can be had."""
    if not driver_starts() and by_apt(_DRIVER_LIBRARY):
        driver_starts.cache_clear()
    browser = find()
    if browser is None and by_apt("chromium", "fonts-noto-cjk"):
        browser = find()
    if browser is None and by_download():
        browser = find()
    if browser and not browser.chinese and by_apt("fonts-noto-cjk"):
        tried.cache_clear()
        browser = tried(browser.path)
    return browser


def lacking(browser: Browser | None) -> str:
    """Return what the browser tests will go without, and what to do; empty where nothing is lacking."""
    if browser is None:
        packages = f"chromium fonts-noto-cjk {_DRIVER_LIBRARY}"
        return say(
            f"没有可用的浏览器，浏览器测试不会运行。下一步：安装 Chromium 或 Chrome（Debian：apt-get install {packages}）。",
            f"No browser: its tests will not run. Next: install Chromium or Chrome (Debian: apt-get install {packages}).",
        )
    if not browser.chinese:
        return say(
            "没有中文字体，页面上的汉字会是方框。下一步：安装一种（Debian：apt-get install fonts-noto-cjk）。",
            "No Chinese font: characters show as boxes. Next: install one (Debian: apt-get install fonts-noto-cjk).",
        )
    return ""


def main() -> int:
    """Get both, and say what could not be had."""
    if told := lacking(get()):
        note(told)
    return 1 if told else 0


if __name__ == "__main__":
    sys.exit(main())
