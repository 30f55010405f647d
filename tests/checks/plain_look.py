"""How a file is looked through for what is personal in the plainest way: one text at a time, from its start, by expressions alone.

What the product does faster must find what this finds.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import unquote

from jianbao.checks.privacy import People, is_identity_number

BLOCKS: Final = (
    "p|div|section|article|header|footer|aside|main|nav|h[1-6]|ul|ol|li|dl|dt|dd|table|thead|tbody|tfoot|tr|td|th|caption|blockquote|pre|"
    "figure|figcaption|details|summary|form|fieldset|hr|br|title|meta|link|option|button|label|w:p|w:tc|w:br|text:p|text:h|"
    "table:table-cell|si|c|row|a:p|entry|item"
)
_BLOCK: Final = re.compile(rf"</?(?:{BLOCKS})(?:\s[^>]*)?/?>", re.IGNORECASE)
_SCRIPT: Final = re.compile(r"<(script|style)\b[^>]*>.*?</\1>", re.IGNORECASE | re.DOTALL)
_SAID: Final = re.compile(r"""=\s*(?:"([^"<>]*[\u3400-\u9fff][^"<>]*)"|'([^'<>]*[\u3400-\u9fff][^'<>]*)')""")
_UNSEEN: Final = re.compile(r"[\s\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\u00ad]+")
_PHONE: Final = re.compile(r"(?<![0-9A-Za-z])(?:(?:00)?86[- ]?)?1[3-9][0-9][- ]?[0-9]{4}[- ]?[0-9]{4}(?![0-9A-Za-z])")
_IDENTITY: Final = re.compile(r"(?<![0-9A-Za-z])[0-9]{17}[0-9Xx](?![0-9A-Za-z])")
_LABELLED: Final = re.compile(r"(?:工号|学号|职工号|教工号|编号|号码)[:：是为]?([0-9A-Za-z]{2,4})(?![0-9A-Za-z])")


def plain_views(text: str) -> tuple[str, str]:
    """Return a text, and without what no reader sees."""
    text = html.unescape(re.sub(r"\\u([0-9a-fA-F]{4})", lambda m: chr(int(m[1], 16)), text))
    text = unquote(text, errors="ignore") if re.search("%[Ee]", text) else text
    text = re.sub("[０-９Ａ-Ｚａ-ｚ]", lambda m: chr(ord(m[0]) - 0xFEE0), text)
    tight = text
    if "<" in text:
        said = dict.fromkeys(a or b for a, b in _SAID.findall(text))
        tight = "\0".join([re.sub("<[^>]*>", "", _BLOCK.sub("\0", _SCRIPT.sub("\0", text))), *said])
    tight = re.sub(r"[*_`~]+|(?<=\w)\\(?=\W)", "", re.sub(r"\n\s*\n|\|", "\0", tight))
    return text, _UNSEEN.sub("", tight)


def plain_look(path: str, data: bytes, people: People) -> set[str]:
    """Return everything of these people in a page, or in a search index, entry by entry."""
    texts = [data.decode()]
    if path.endswith("search_index.json"):
        texts = ["\0".join(["", *map(str, entry.values()), ""]) for entry in json.loads(data)["docs"]]
    return {found for text in texts for view in plain_views(text) for found in _found(view, people)}


def _found(view: str, people: People) -> Iterator[str]:
    for name in people.names:
        yield from (name for _place in re.finditer(re.escape(name), view))
    for number in people.numbers:
        edge = "[0-9A-Za-z]" if number.isalnum() else "$^"
        if len(number) > 4:
            yield from re.findall(
                rf"(?<!{edge}){re.escape(number)}(?!{edge})" if number.isalnum() else re.escape(number), view, re.IGNORECASE
            )
    yield from (found for found in _LABELLED.findall(view) if found.upper() in people.numbers)
    yield from _PHONE.findall(view)
    yield from (found for found in _IDENTITY.findall(view) if is_identity_number(found))
