"""Which change of a published page is real and needs a change note, and which is not.

What a reader would call the same document needs none: spaces, line ends, emphasis, the width of punctuation, tags,
the summary of lists. A link post grows by entries without a note for each. A briefing's every change has its note.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any, Final

from jianbao.kinds import DocumentKind, NoteRule
from jianbao.pages import Page, plain_value

_ASIDE: Final = frozenset({"tags", "categories", "summary", "description", "urlname", "changes", "generated", "data"})
_LAYOUT: Final = re.compile(r"[\s*_`\u200b]+")


def needs_note(before: Page, after: Page) -> bool:
    """Whether the change from one state of a page to the next must be explained by a note."""
    rule = DocumentKind(str(before.meta.get("kind"))).spec.notes
    if rule is NoteRule.EVERY:
        return before.text != after.text
    if _particulars(before) != _particulars(after):
        return True
    if rule is NoteRule.GROWING:
        return not _grown(_lines(before), _lines(after))
    return _plain(before.body) != _plain(after.body)


def _particulars(page: Page) -> dict[str, Any]:
    return {key: plain_value(value) for key, value in page.meta.items() if key not in _ASIDE and value not in (None, "", [])}


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", _LAYOUT.sub("", text))


def _lines(page: Page) -> list[str]:
    return [plain for line in page.body.splitlines() if (plain := _plain(line))]


def _grown(before: list[str], after: list[str]) -> bool:
    """Whether every line stands as it stood, in the same order, with others among them at most."""
    there = iter(after)
    return all(line in there for line in before)
