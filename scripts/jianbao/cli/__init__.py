"""The command: the only place that prints, asks, or sets an exit code."""

from __future__ import annotations

import sys

from jianbao.messages import speak_for_click


def main() -> None:
    """Run the command line; a user's error is words and an exit code, a bug keeps its traceback."""
    speak_for_click()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")  # a Windows console may speak GBK
    from jianbao.cli.commands import jianbao  # click asks gettext when it is imported

    jianbao.main(prog_name="jianbao")
