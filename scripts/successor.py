"""Build the staged tree with the engine that follows ours, and warn where it cannot: python scripts/successor.py.

mkdocs-material, which builds the site, reaches its end of life on 2027-05-05 and names Zensical as its successor. The
staged tree is plain Markdown so that it can move; this says early where it could not. It never fails: it warns.
Publish first (`make publish`). Zensical is installed into an environment of its own, build/successor.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import venv
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from setup_env import ROOT

END_OF_LIFE: Final = "2027-05-05"
ENGINE: Final = "zensical>=0.0.73"
PLACE: Final = ROOT / "build" / "successor"
DOCS: Final = ROOT / "build" / "public" / "docs"


def engine() -> Path | None:
    """Return the successor's command, installed where it was not; None where it cannot be had."""
    folder = PLACE / "env"
    command = folder / ("Scripts/zensical.exe" if os.name == "nt" else "bin/zensical")
    if not command.is_file():
        venv.create(folder, with_pip=True)
        python = command.with_name("python.exe" if os.name == "nt" else "python")
        if subprocess.run([python, "-m", "pip", "install", "--quiet", ENGINE], check=False).returncode:
            return None
    return command


def configuration(text: str, docs: Path, site: Path) -> str:
    """Return mkdocs.yml for this build: the staged tree here, the site aside, nothing of ours that the engine lacks."""
    text = re.sub(r"(?m)^docs_dir:.*$", f"docs_dir: {docs.as_posix()}", text)
    return re.sub(r"(?m)^site_dir:.*$", f"site_dir: {site.as_posix()}", text)


def missing(docs: Path, site: Path) -> Iterator[str]:
    """Yield each page of the staged tree that the built site does not have."""
    for page in sorted(docs.rglob("*.md")):
        path = page.relative_to(docs).with_suffix(".html")
        if not (site / path).is_file():
            yield path.as_posix()


def warnings() -> Iterator[str]:
    """Build, and yield what went wrong."""
    command = engine()
    if command is None:
        yield f"{ENGINE} could not be installed"
        return
    # The engine takes folders below its configuration only: both stand under build/.
    docs, site, file = DOCS.relative_to(ROOT), (PLACE / "site").relative_to(ROOT), ROOT / "mkdocs.successor.yml"
    file.write_text(configuration((ROOT / "mkdocs.yml").read_text("utf-8"), docs, site), "utf-8", newline="\n")
    try:
        done = subprocess.run(
            [command, "build", "--clean", "-f", file.name], cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False
        )
    finally:
        file.unlink()
    if done.returncode:
        yield f"zensical build ended with {done.returncode}:\n{done.stdout}{done.stderr}"
    absent = list(missing(DOCS, ROOT / site))
    if absent:
        yield f"{len(absent)} pages are not in its site: {', '.join(absent[:10])}"


def main() -> None:
    """Say what the successor makes of the tree."""
    if not (DOCS / "index.md").is_file():
        sys.exit("先运行 make publish")
    found = list(warnings())
    for text in found:
        print(f"warning: mkdocs-material ends on {END_OF_LIFE}; its successor: {text}", file=sys.stderr)
    if not found:
        print(f"The staged tree builds with zensical too ({sum(1 for _ in DOCS.rglob('*.md'))} pages).")


if __name__ == "__main__":
    main()
