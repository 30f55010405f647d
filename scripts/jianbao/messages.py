"""Every sentence in Chinese, or in English where `JIANBAO_LANG` says `en`.

The Chinese sentence stands in the code and is its own key; `locale/en` holds the English ones.
click asks gettext for its own words (domain `messages`), so the same choice serves both.
"""

from __future__ import annotations

import gettext
import os
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

LOCALE_DIR = Path(__file__).parent / "locale"


def language() -> str:
    """Return `en` or `zh_CN`, as `JIANBAO_LANG` asks."""
    return "en" if os.environ.get("JIANBAO_LANG", "").lower().startswith("en") else "zh_CN"


@lru_cache(maxsize=2)
def _catalogue(lang: str) -> gettext.NullTranslations:
    return gettext.translation("jianbao", LOCALE_DIR, languages=[lang], fallback=True)


def _(text: str) -> str:
    """Return the Chinese sentence `text` in the language asked for."""
    return _catalogue(language()).gettext(text)


def listed(parts: Iterable[str]) -> str:
    """Return the parts in one line, with the mark between them that the language uses."""
    return _("、").join(parts)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return a hint with the nearest known word, or nothing."""
    import difflib

    near = difflib.get_close_matches(word, list(known), n=1, cutoff=0.5)
    return _("。是不是 {word}？").format(word=near[0]) if near else ""


def speak_for_click() -> None:
    """Point click's own words at our catalogue; called before click is imported."""
    os.environ["LANGUAGE"] = language()
    gettext.bindtextdomain("messages", str(LOCALE_DIR))
    gettext.textdomain("messages")
