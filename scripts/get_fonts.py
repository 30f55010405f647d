"""Get the free Chinese fonts that documents are printed in. `make` calls it once after each set-up.

What is installed is used. Else, as root on Debian and its like, apt brings fonts-noto-cjk; else the two fonts are taken out of a
package of the Python index that carries them (requirements/fonts.lock names it with its hash) and laid into .venv. Of that package
nothing else is kept: among the fonts that it carries is one that is not free.
Exit 0: fonts are there. Exit 1: they could not be had, which was said; documents are then published without PDF.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from get_browser import by_apt
from setup_env import ROOT, note, pip_environment, say

LOCK: Final = ROOT / "requirements" / "fonts.lock"
FOLDER: Final = Path(sys.prefix) / "fonts"
WANTED: Final = ("NotoSerifCJKsc-Regular.otf", "NotoSansCJKsc-Regular.otf")
LOOKED: Final = Path(sys.prefix) / "jianbao-fonts"
"""There once fonts were looked for: who finds it need not look again until the next set-up."""


def there() -> bool:
    """Whether the typesetter finds the fonts, on this machine or in .venv."""
    import typst

    own = [str(FOLDER)] if FOLDER.is_dir() else []
    families = typst.Fonts(include_system_fonts=True, include_embedded_fonts=False, font_paths=own).families()
    return {"Noto Serif CJK SC", "Noto Sans CJK SC"} <= set(families)


def by_index() -> bool:
    """Take the fonts out of the package that carries them."""
    note(say("下载免费的中文字体（85 MB）", "downloading free Chinese fonts (85 MB)"))
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--require-hashes", "-r", str(LOCK), "-d", folder]
        settings = pip_environment(os.environ, Path(folder) / "cache")
        done = subprocess.run(
            command, env=settings, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", check=False
        )
        wheels = sorted(Path(folder).glob("*.whl"))
        if done.returncode or not wheels:
            note(done.stderr.strip().splitlines()[-1] if done.stderr.strip() else str(done.returncode))
            return False
        return take_out(wheels[0], FOLDER)


def take_out(package: Path, folder: Path, wanted: Sequence[str] = WANTED) -> bool:
    """Lay the fonts of a package into a folder, and nothing else of it; return whether it carried them all."""
    with zipfile.ZipFile(package) as parts:
        found = {name.rpartition("/")[2]: name for name in parts.namelist()}
        if not set(wanted) <= found.keys():
            return False
        folder.mkdir(parents=True, exist_ok=True)
        for name in wanted:
            unfinished = folder / f"{name}.part"
            unfinished.write_bytes(parts.read(found[name]))
            unfinished.replace(folder / name)
    return True


def lacking() -> str:
    """Return what documents will go without, and what to do."""
    return say(
        "没有中文字体，发布时不会生成 PDF。下一步：安装 Noto CJK 字体（Debian：以 root 运行 apt-get install fonts-noto-cjk）。",
        "No Chinese fonts: documents are published without PDF. Next: install the Noto CJK fonts (Debian: apt-get install fonts-noto-cjk).",
    )


def main() -> int:
    """Get the fonts, and say when they could not be had."""
    found = there() or (by_apt("fonts-noto-cjk") and there()) or (by_index() and there())
    if not found:
        note(lacking())
    LOOKED.touch()
    return 0 if found else 1


if __name__ == "__main__":
    sys.exit(main())
