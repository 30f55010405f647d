"""The public excerpt of an internal document: what is marked internal is left out, and the page says so.

Marks: a passage between the lines `::: internal` and `:::`, or `[[内部:…]]` within a line. Where a passage stood the
excerpt says （略）, and its title says （部分）. Whatever might be a mark and is none stops the page: a slip of the pen
must not publish what was meant to stay.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, Final

from jianbao.messages import _
from jianbao.pages import FrontMatterError, Page

OMITTED: Final = "（略）"
PART: Final = "（部分）"
_OPEN: Final = re.compile(r"^(?P<indent>[ \t>]*):{3,}[ \t]*(?:internal|内部)[ \t]*$")
_CLOSE: Final = re.compile(r"^[ \t>]*:{3,}[ \t]*$")
_FENCE_LIKE: Final = re.compile(r"^[\s>\\]*[:：]{2,}|[:：]{3,}")
_INLINE: Final = re.compile(r"\[\[[ \t]*(?:internal|内部)[ \t]*[:：]")
_SUSPECT: Final = re.compile(r"[\[【{(]{2}(?:内部|internal)|:{3,}(?:internal|内部)", re.IGNORECASE)
_COMMENT: Final = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_DEFINITION: Final = re.compile(r"^ {0,3}(?P<mark>\*?)\[(?P<name>[^\]\n]+)\]:[ \t]")
_NOTHING_LEFT: Final = frozenset({"audience", "generated", "data"})


def marked(text: str) -> bool:
    """Whether a text holds a mark for internal passages, or what may have been meant as one."""
    squeezed = re.sub(r"[\s\\\u200b]", "", unicodedata.normalize("NFKC", text))
    return bool(_SUSPECT.search(squeezed))


def public_excerpt(page: Page, source: str) -> Page:
    """Return the page without its internal passages; `source` is its file's text, for the lines of faults.

    Raises FrontMatterError with the line of a mark that is not closed, or that is none.
    """
    head = source[: source.rfind(page.body)] if page.body in source else ""
    body = excerpt(page.body, first_line=head.count("\n") + 1)
    meta = {key: _value(value, page.lines.get(key, 1)) for key, value in page.meta.items() if key not in _NOTHING_LEFT}
    if "内部" in str(meta.get("mark", "")):
        del meta["mark"]
    meta["title"] = f"{meta['title']}{PART}"
    return Page(page.path, meta, body, page.lines)


def excerpt(body: str, *, first_line: int = 1) -> str:
    """Return a text without its internal passages, and without notes and definitions that only they used.

    Raises FrontMatterError; `first_line` is the line of the file at which the text begins.
    """
    kept = _without_blocks(body.splitlines(), first_line)
    text = _COMMENT.sub("", _without_inline("\n".join(kept), first_line))
    text = _without_unused(text)
    if marked(text):
        line = next((n for n, part in enumerate(body.splitlines(), first_line) if marked(part)), first_line)
        raise FrontMatterError(_("内部段落的标记写得不对：整段用“::: internal”和“:::”各占一行，行内用“[[内部:…]]”"), line)
    return text.strip("\n") + "\n"


def _without_blocks(lines: Sequence[str], first_line: int) -> list[str]:
    kept: list[str] = []
    opened = 0
    for number, line in enumerate(lines, first_line):
        if opened:
            if _OPEN.match(line):
                raise FrontMatterError(_("内部段落里又开了一个内部段落；请先用“:::”结束前一个"), number)
            if _CLOSE.match(line):
                opened = 0
            continue
        if found := _OPEN.match(line):
            opened = number
            kept += _omission(found["indent"], kept, lines[number - first_line + 1 :])
        elif _FENCE_LIKE.search(line):
            raise FrontMatterError(_("“:::”前面没有“::: internal”，看不出哪一段是内部的"), number)
        else:
            kept.append(line)
    if opened:
        raise FrontMatterError(_("内部段落没有结束：缺少单独一行的“:::”"), opened)
    return kept


def _omission(indent: str, before: Sequence[str], after: Sequence[str]) -> list[str]:
    """Return what stands where a passage stood: a row in a table, else a paragraph."""
    following = next((line for rest, line in pairwise(after) if _CLOSE.match(rest)), "")
    if before and before[-1].strip().startswith("|") and following.strip().startswith("|"):
        return [f"{indent}| {OMITTED} |" + " |" * (before[-1].strip().strip("|").count("|"))]
    blank = indent.rstrip() if ">" in indent else ""
    attributes = [] if indent.strip() else [f"{indent}{{: .jb-omitted }}"]
    return [blank, f"{indent}{OMITTED}", *attributes, blank]


def _without_inline(text: str, first_line: int) -> str:
    parts: list[str] = []
    at = 0
    while found := _INLINE.search(text, at):
        parts += [text[at : found.start()], OMITTED]
        at = _closing(text, found.end(), first_line + text.count("\n", 0, found.start()))
    return "".join((*parts, text[at:]))


def _closing(text: str, start: int, line: int) -> int:
    """Return where an inline passage ends, brackets within it being in pairs."""
    depth = 2
    for at in range(start, len(text)):
        if text.startswith("\n\n", at):
            break
        depth += {"[": 1, "]": -1}.get(text[at], 0)
        if depth == 0:
            if text[at - 1] != "]":
                break
            return at + 1
    raise FrontMatterError(_("行内的内部标记没有用“]]”结束，或者里面的方括号不成对"), line)


def _without_unused(text: str) -> str:
    """Return a text without footnotes, link targets and abbreviations that nothing in it uses any more."""
    while True:
        kept, dropped = [], False
        pieces = list(_definitions(text))
        for index, (name, lines, is_word) in enumerate(pieces):
            rest = "\n".join(part for other, (_name, part, _word) in enumerate(pieces) if other != index)
            used = name is None or (name in rest if is_word else f"[{name}]".lower() in rest.lower())
            dropped |= not used
            kept += [lines] if used else []
        text = "\n".join(kept)
        if not dropped:
            return text


def _definitions(text: str) -> Iterator[tuple[str | None, str, bool]]:
    """Yield the text in pieces: (name, lines, whether it is an abbreviation) of each definition, (None, lines, …) of the rest."""
    name: str | None = None
    is_word = False
    held: list[str] = []
    for line in text.split("\n"):
        found = _DEFINITION.match(line)
        if found or (name is not None and line.strip() and not line.startswith((" ", "\t"))):
            if held:
                yield name, "\n".join(held), is_word
            name, is_word, held = (found["name"], bool(found["mark"]), []) if found else (None, False, [])
        held.append(line)
    if held:
        yield name, "\n".join(held), is_word


def _value(value: Any, line: int) -> Any:
    if isinstance(value, str):
        text = _without_inline(value, line)
        if marked(text):
            raise FrontMatterError(_("说明区里的内部标记写得不对：用“[[内部:…]]”"), line)
        return text
    if isinstance(value, Mapping):
        return {key: _value(item, line) for key, item in value.items()}
    return [_value(item, line) for item in value] if isinstance(value, list | tuple) else value
