"""A released document, or a bound volume, as one HTML file: styles, pictures and enclosures inside, nothing asked of any host.

It is made from the same blocks as the PDF. Every tag in it is one of ours, so that nothing of a page's raw HTML (scripts, frames, styles
from elsewhere) can get into it; a browser of any year shows it from a disk.
"""

from __future__ import annotations

import base64
import mimetypes
import posixpath
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from markupsafe import Markup, escape

from jianbao import files
from jianbao.clock import spoken_day
from jianbao.documents import Document
from jianbao.printing.markup import Block, Span, Text
from jianbao.printing.official import Paper, enclosed, full_title, laid_out, read_text
from jianbao.printing.typeset import Enclosure
from jianbao.render import render

STYLE: Final = Path(__file__).parent / "offline.css"
_TAGS: Final = {"b": "b", "i": "em", "sup": "sup", "sub": "sub", "del": "del", "u": "u"}


def page_html(paper: Paper, templates: Path | None = None) -> bytes:
    """Return a document as one HTML file. `templates` is the folder of the office's own, which replace ours."""
    text = read_text(paper)
    data = {
        "title": full_title(paper.document), "style": style(), "information": _information(paper.document),
        "documents": [article(paper, text, 0, lambda _path: "")],
    }  # fmt: skip
    return render(templates, "print/page.html.j2", data).encode()


def style() -> Markup:
    """Return the style sheet that stands in the file."""
    return Markup(files.read_text(STYLE).strip())  # noqa: S704  # ours


def article(paper: Paper, text: Text, number: int, target: Callable[[str], str]) -> dict[str, Any]:
    """Return a document as the templates take it: what the PDF says, its text as HTML.

    `number` is unique in the file; `target` says where in the file another of the site's pages stands, or "".
    """
    writer = _Writer(paper.files, f"d{number}", target)
    own = {"html": writer.blocks(text.blocks), "notes_html": [writer.spans(note) for note in text.notes]}
    return laid_out(paper, text) | own | {"enclosed": _enclosures(paper, text)}


def _enclosures(paper: Paper, text: Text) -> list[dict[str, Any]]:
    return [{"name": e.name, "title": _title(e), "address": _address(e.name, e.content), "size": files.spoken_size(len(e.content))}
            for e in enclosed(paper, text)]  # fmt: skip


def _title(enclosure: Enclosure) -> str:
    return enclosure.name if enclosure.relation == "data" else enclosure.description


def _address(name: str, content: bytes) -> Markup:
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return Markup("data:{};base64,{}").format(kind, base64.b64encode(content).decode())


def _information(document: Document) -> list[tuple[str, list[str]]]:
    """Return what a document says of itself, in the order of GB/T 33480."""
    signed = document.signed_by + (f"，{spoken_day(document.signed_on)}" if document.signed_on else "")
    told = [
        ("文种", [document.kind.label]), (document.kind.spec.number_label, [document.number]), ("发文机关", [document.issuer]),
        ("成文日期", [spoken_day(document.on)]),
        ("会议日期", [spoken_day(document.held_on) if document.held_on else ""]),
        ("签发人", [signed if document.signed_by else ""]), ("状态", [document.status.label]), ("摘要", [document.summary]),
        ("更新说明", [f"{spoken_day(c.on)}　{c.note}" for c in sorted(document.changes, key=lambda c: c.on, reverse=True)]),
    ]  # fmt: skip
    return [(term, lines) for term, lines in told if any(lines)]


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes blocks as HTML; whatever is said in them is escaped."""

    files: Mapping[str, bytes]
    prefix: str
    target: Callable[[str], str]

    def blocks(self, blocks: Iterable[Block]) -> Markup:
        """Return blocks one below the other."""
        return Markup("\n").join(self._block(b) for b in blocks)

    def _block(self, block: Block) -> Markup:
        kind = block["t"]
        if kind == "p":
            attribute = Markup(' class="{}"').format(block["k"]) if block["k"] else ""
            return Markup("<p{}>{}</p>").format(attribute, self.spans(block["c"]))
        if kind == "h":
            return Markup("<h{0}>{1}</h{0}>").format(block["l"], self.spans(block["c"]))
        if kind == "list":
            return self._list(block)
        if kind == "table":
            return self._table(block)
        if kind == "img":
            return Markup("<p class=center>{}</p>").format(self._picture(block))
        return self._rarer(block)

    def _rarer(self, block: Block) -> Markup:
        kind = block["t"]
        if kind == "quote":
            by = Markup("\n<p class=right>{}</p>").format(self.spans(block["by"])) if block["by"] else ""
            return Markup("<blockquote>{}</blockquote>{}").format(self.blocks(block["c"]), by)
        if kind == "note":
            return Markup("<div class=box><p class=flush><b>{}</b></p>\n{}</div>").format(self.spans(block["h"]), self.blocks(block["c"]))
        if kind == "code":
            lines = Markup("&#10;").join(map(escape, block["s"].split("\n")))  # a blank line in it stays one
            return Markup("<pre><code>{}</code></pre>").format(lines)
        if kind == "terms":
            return Markup("<dl>{}</dl>").format(Markup("").join(self._term(t) for t in block["i"]))
        return Markup("<hr>")

    def _list(self, block: Block) -> Markup:
        start = Markup(' start="{}"').format(block["start"]) if block["o"] and block["start"] != 1 else ""
        items = Markup("\n").join(Markup("<li>{}</li>").format(self.blocks(item)) for item in block["i"])
        tag = "ol" if block["o"] else "ul"
        return Markup("<{0}{1}>\n{2}\n</{0}>").format(tag, start, items)

    def _table(self, block: Block) -> Markup:
        def row(cells: Sequence[Sequence[Span]], tag: str) -> Markup:
            sides = (Markup(" class={}").format(s) if s != "l" else "" for s in block["a"])
            return Markup("<tr>{}</tr>").format(
                Markup("").join(Markup("<{0}{1}>{2}</{0}>").format(tag, side, self.spans(c)) for c, side in zip(cells, sides, strict=True))
            )

        head, body = (Markup("\n").join(row(r, tag) for r in block[key]) for key, tag in (("h", "th"), ("r", "td")))
        return Markup("<div class=table><table>\n<thead>{}</thead>\n<tbody>{}</tbody>\n</table></div>").format(head, body)

    def _term(self, term: Mapping[str, Any]) -> Markup:
        meanings = Markup("").join(Markup("<dd>{}</dd>").format(self.blocks(d)) for d in term["d"])
        return Markup("<dt>{}</dt>{}").format(self.spans(term["h"]), meanings)

    def spans(self, spans: Iterable[Span]) -> Markup:
        """Return a run of text."""
        return Markup("").join(escape(s) if isinstance(s, str) else self._span(s) for s in spans)

    def _span(self, span: Mapping[str, Any]) -> Markup:
        kind = span["t"]
        if kind in _TAGS:
            return Markup("<{0}>{1}</{0}>").format(_TAGS[kind], self.spans(span["c"]))
        if kind == "code":
            return Markup("<code>{}</code>").format(span["s"])
        if kind == "br":
            return Markup("<br>")
        if kind == "fn":
            return Markup('<a href="#{}-n{}">{}</a>').format(self.prefix, span["n"], span["n"])
        if kind == "img":
            return self._picture(span)
        return self._link(span)

    def _link(self, span: Mapping[str, Any]) -> Markup:
        """Return a link: to the web as it is, to a page in this file; to any other page its words alone."""
        inner = self.spans(span["c"])
        address = span["u"] if span["t"] == "a" else self.target(span["d"])
        return Markup('<a href="{}">{}</a>').format(address, inner) if address else inner

    def _picture(self, picture: Mapping[str, Any]) -> Markup:
        address = _address(posixpath.basename(picture["f"]), self.files[picture["f"]])
        return Markup('<img alt="{}" src="{}">').format(picture["alt"], address)
