"""Ask Lighthouse about the start page and the newest briefing: python scripts/lighthouse.py [LIGHTHOUSE].

Publish first (`make publish`). Lighthouse comes from npm into build/lighthouse, or is the command named. Accessibility,
best practices and search have to reach 95; performance is reported.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import get_browser
from pictures import SITE, pages, served
from setup_env import ROOT

PACKAGE: Final = "lighthouse@12"
REQUIRED: Final = {"accessibility": 95, "best-practices": 95, "seo": 95}


def lighthouse() -> list[str]:
    """Return the command: the one named, else that of npm."""
    if len(sys.argv) > 1:
        return sys.argv[1:2]
    npm = shutil.which("npm")
    if npm is None:
        sys.exit("没有 npm：安装 Node.js 后再运行")
    folder = ROOT / "build" / "lighthouse"
    command = folder / "node_modules" / ".bin" / "lighthouse"
    if not command.exists():
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run([npm, "install", "--ignore-scripts", "--no-save", "--silent", "--prefix", folder, PACKAGE], check=True)
    return [str(command)]


def scores(command: list[str], browser: Path, address: str) -> dict[str, int]:
    """Return a page's scores of 100, by category."""
    flags = "--headless=new --no-sandbox --disable-gpu"
    done = subprocess.run(
        [*command, address, "--quiet", "--output=json", "--output-path=stdout", f"--chrome-flags={flags}"],
        env=os.environ | {"CHROME_PATH": str(browser)}, capture_output=True, text=True, encoding="utf-8", check=True,
    )  # fmt: skip
    told = json.loads(done.stdout)
    return {name: round(100 * category["score"]) for name, category in told["categories"].items()}


def main() -> None:
    """Print the scores; exit 1 where one is too low."""
    browser = get_browser.find()
    if browser is None or not (SITE / "index.html").is_file():
        sys.exit("先运行 make publish 和 make test（取得浏览器）")
    command, low = lighthouse(), False
    with served(SITE) as address:
        for name in ("start-page", "briefing"):
            found = scores(command, Path(browser.path), address + pages()[name])
            print(f"{name}: " + ", ".join(f"{category} {score}" for category, score in found.items()))
            low |= any(found[category] < least for category, least in REQUIRED.items())
    sys.exit(low)


if __name__ == "__main__":
    main()
