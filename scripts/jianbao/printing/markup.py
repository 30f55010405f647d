"""The site's Markdown as a tree of blocks and spans, all of it data: what the typesetter shows and nothing it could run.

The engine and its extensions are those of mkdocs.yml, so that paper and site read a text alike.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from importlib import import_module
from typing import Any, Final
from unicodedata import east_asian_width
from urllib.parse import unquote, urlsplit

import markdown
from markdown.extensions import Extension

Span = str | dict[str, Any]
Block = dict[str, Any]

EXTENSIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "abbr": ("*[",),
    "admonition": ("!!!",),
    "attr_list": ("{",),
    "def_list": (":",),
    "footnotes": ("[^",),
    "md_in_html": ("markdown",),
    "tables": ("|",),
    "pymdownx.details": ("???",),
    "pymdownx.superfences": ("```", "~~~"),
}
"""mkdocs.yml's extensions (less `toc`, whose anchors paper does not show), each with the marks without which it has nothing to do."""

_VOID: Final = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})
_SILENT: Final = frozenset({
    "script", "style", "template", "iframe", "object", "video", "audio", "canvas", "svg", "head", "title",
})  # fmt: skip
_BLOCKS: Final = frozenset({
    "address", "article", "aside", "blockquote", "body", "dd", "details", "div", "dl", "dt", "fieldset", "figcaption", "figure",
    "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "li", "main", "nav", "ol", "p", "pre", "section",
    "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
})  # fmt: skip
_MARKS: Final = {
    "strong": "b", "b": "b", "em": "i", "i": "i", "cite": "i", "sup": "sup", "sub": "sub", "del": "del", "s": "del", "ins": "u", "u": "u",
}  # fmt: skip
_CLASSES: Final = {"jb-sign": "right", "jb-small": "small", "jb-note": "small", "jb-to": "flush", "jb-attach": "flush"}
_SPACE: Final = re.compile(r"[ \t\r\n\f]+")
_BETWEEN_HAN: Final = re.compile(r"(?<=[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef])\n[ \t]*(?=[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef])")
_INVISIBLE: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


@dataclass(slots=True)
class Element:
    """An HTML element as the engine wrote it."""

    tag: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    children: list[Element | str] = field(default_factory=list)

    @property
    def classes(self) -> Sequence[str]:
        """Its classes."""
        return self.attributes.get("class", "").split()

    def elements(self) -> Iterator[Element]:
        """Yield the elements directly in it."""
        yield from (c for c in self.children if isinstance(c, Element))

    def all(self, *tags: str) -> Iterator[Element]:
        """Yield every element of these tags in it, in order."""
        for child in self.elements():
            if child.tag in tags:
                yield child
            else:
                yield from child.all(*tags)

    @property
    def text(self) -> str:
        """Everything that is said in it."""
        return "".join(c if isinstance(c, str) else c.text for c in self.children)


class _Reader(HTMLParser):
    """Builds the tree; an end tag without its beginning is passed over."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("body")
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self._open[-1].children.append(element)
        if tag not in _VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        at = next((i for i in range(len(self._open) - 1, 0, -1) if self._open[i].tag == tag), 0)
        if at:
            del self._open[at:]

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)


def to_html(text: str) -> str:
    """Return Markdown as HTML, as the site renders it.

    An extension whose mark is nowhere in the text is left out: it could do nothing, and importing it costs time. Those wanted are imported
    here: by their names the engine looks through the metadata of everything that is installed.
    """
    wanted = [_extension(name) for name, marks in EXTENSIONS.items() if any(mark in text for mark in marks)]
    made: str = markdown.markdown(text, extensions=wanted, output_format="html")
    return made


def _extension(name: str) -> Extension:
    made: Extension = import_module(name if "." in name else f"markdown.extensions.{name}").makeExtension()
    return made


def read_html(text: str) -> Element:
    """Return HTML as a tree."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    return reader.root


@dataclass(frozen=True, slots=True)
class Text:
    """A document's text ready to be laid out.

    `notes` are its footnotes in order; `links` are the paths of the site's files that it points to, each with the words it does so with;
    `pictures` are the paths of those it shows.
    """

    blocks: tuple[Block, ...]
    notes: tuple[list[Span], ...]
    links: Mapping[str, str]
    pictures: tuple[str, ...]


def parse(text: str, path: str, known: Callable[[str], bool]) -> Text:
    """Return the Markdown of the page at `path` (below site/) as blocks; `known` says which of the site's files are at hand."""
    reader = _Builder(path, known)
    root = read_html(to_html(text))
    notes = [n for n in root.all("div") if "footnote" in n.classes]
    found = reader.blocks([c for c in root.children if not (isinstance(c, Element) and c in notes)])
    listed = [reader.note(item) for note in notes for item in note.all("li")]
    return Text(tuple(found), tuple(listed), reader.links, tuple(dict.fromkeys(reader.pictures)))


class _Builder:
    """Turns HTML elements into blocks and spans, and keeps what they point to."""

    def __init__(self, path: str, known: Callable[[str], bool]) -> None:
        self._folder = posixpath.dirname(path)
        self._known = known
        self._step = 1
        self.links: dict[str, str] = {}
        self.pictures: list[str] = []

    # -- blocks

    def blocks(self, nodes: Iterable[Element | str]) -> list[Block]:
        """Return block after block; text that stands between them is a paragraph of its own."""
        found: list[Block] = []
        loose: list[Element | str] = []

        def settle() -> None:
            if spans := self.spans(loose):
                found.extend(_paragraph(spans, ""))
            loose.clear()

        for node in nodes:
            if isinstance(node, Element) and node.tag in _BLOCKS:
                settle()
                found.extend(self._block(node))
            else:
                loose.append(node)
        settle()
        return found

    def _block(self, element: Element) -> list[Block]:
        tag = element.tag
        if tag == "p":
            return self._paragraph(element)
        if tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
            return self._heading(int(tag[1]), self.spans(element.children))
        if tag in ("ul", "ol"):
            return self._list(element)
        if tag == "table":
            return self._table(element)
        if tag in ("blockquote", "pre", "hr", "dl", "details", "figure", "figcaption"):
            return self._special(element)
        if "admonition" in element.classes:
            return [self._note(element, "admonition-title")]
        return self.blocks(element.children)

    def _heading(self, level: int, spans: list[Span]) -> list[Block]:
        """Return a heading; `s` is its step in the outline, which (unlike its look) may skip none below the title's 1."""
        if not spans:
            return []
        self._step = min(level, self._step + 1)
        return [{"t": "h", "l": level, "s": self._step, "c": spans}]

    def _special(self, element: Element) -> list[Block]:
        tag = element.tag
        if tag == "blockquote":
            return [{"t": "quote", "c": self.blocks(element.children), "by": []}]
        if tag == "figure":
            return self._quoted(element) or self.blocks(element.children)
        if tag == "pre":
            return [{"t": "code", "s": _INVISIBLE.sub("", element.text).rstrip("\n")}]
        if tag == "hr":
            return [{"t": "rule"}]
        if tag == "dl":
            return [{"t": "terms", "i": self._terms(element)}]
        if tag == "details":
            return [self._note(element, "")]
        return _paragraph(self.spans(element.children), "center")

    def _quoted(self, element: Element) -> list[Block]:
        """Return a figure that is a quotation with whose it is; nothing where it is another figure."""
        parts = [child for child in element.elements() if child.tag in ("blockquote", "figcaption")]
        if [part.tag for part in parts] != ["blockquote", "figcaption"]:
            return []
        return [{"t": "quote", "c": self.blocks(parts[0].children), "by": self.spans(parts[1].children)}]

    def _paragraph(self, element: Element) -> list[Block]:
        kind = next((_CLASSES[c] for c in element.classes if c in _CLASSES), "")
        return _paragraph(self.spans(element.children), kind)

    def _list(self, element: Element) -> list[Block]:
        items = [self.blocks(item.children) or [{"t": "p", "k": "", "c": [""], "n": 0}] for item in element.elements() if item.tag == "li"]
        start = element.attributes.get("start", "1")
        return [{"t": "list", "o": element.tag == "ol", "start": int(start) if start.isdecimal() else 1, "i": items}] if items else []

    def _table(self, element: Element) -> list[Block]:
        head = [list(row.elements()) for part in element.all("thead") for row in part.all("tr")]
        body = [list(row.elements()) for row in element.all("tr")][len(head) :]
        width = max((len(row) for row in (*head, *body)), default=0)
        if not width:
            return []
        sides = [_side(cell) for cell in (body or head)[0]]
        rows = {"h": [self._row(row, width) for row in head], "r": [self._row(row, width) for row in body]}
        caption = [b for c in element.all("caption") for b in _paragraph(self.spans(c.children), "center")]
        wide = [max(_width(row[at]) for row in (*rows["h"], *rows["r"])) for at in range(width)]
        return [*caption, {"t": "table", "a": (sides + ["l"] * width)[:width], "w": wide, **rows}]

    def _row(self, cells: Sequence[Element], width: int) -> list[list[Span]]:
        return ([self.spans(cell.children) for cell in cells] + [[] for _ in range(width)])[:width]

    def _terms(self, element: Element) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        for child in element.all("dt", "dd"):
            if child.tag == "dt" or not found:
                found.append({"h": self.spans(child.children) if child.tag == "dt" else [], "d": []})
            if child.tag == "dd":
                found[-1]["d"].append(self.blocks(child.children))
        return found

    def _note(self, element: Element, title_class: str) -> Block:
        def is_title(child: Element | str) -> bool:
            return isinstance(child, Element) and (child.tag == "summary" or (bool(title_class) and title_class in child.classes))

        title = next((c for c in element.elements() if is_title(c)), Element("p"))
        return {"t": "note", "h": self.spans(title.children), "c": self.blocks(c for c in element.children if not is_title(c))}

    def note(self, item: Element) -> list[Span]:
        """Return a footnote as one run, without the arrow that leads back."""
        runs = [block["c"] for block in self.blocks(item.children) if block["t"] == "p"]
        spans: list[Span] = [span for run in runs for span in run]
        if spans and isinstance(spans[-1], str):
            spans[-1] = spans[-1].rstrip("\xa0")  # stands before the arrow
        return [s for s in spans if s != ""]

    # -- spans

    def spans(self, nodes: Iterable[Element | str]) -> list[Span]:
        """Return the run of a line: white space as HTML shows it, line ends between Chinese characters closed up."""
        return _trimmed(list(self._spans(nodes)))

    def _spans(self, nodes: Iterable[Element | str]) -> Iterator[Span]:
        for node in nodes:
            if isinstance(node, str):
                if text := _SPACE.sub(" ", _BETWEEN_HAN.sub("", _INVISIBLE.sub("", node))):
                    yield text
            elif node.tag not in _SILENT:
                yield from self._span(node)

    def _span(self, element: Element) -> Iterator[Span]:
        tag = element.tag
        if tag == "br":
            yield {"t": "br"}
        elif tag == "code":
            yield {"t": "code", "s": _INVISIBLE.sub("", element.text)}
        elif tag == "img":
            yield self._picture(element)
        elif tag == "a":
            yield from self._link(element)
        elif tag in _MARKS:
            yield {"t": _MARKS[tag], "c": list(self._spans(element.children))}
        else:
            yield from self._spans(element.children)

    def _link(self, element: Element) -> Iterator[Span]:
        if "footnote-backref" in element.classes:
            return
        if "footnote-ref" in element.classes and element.text.strip().isdecimal():
            yield {"t": "fn", "n": int(element.text)}
            return
        inner = list(self._spans(element.children))
        target = element.attributes.get("href", "")
        scheme = urlsplit(target).scheme if _is_address(target) else ""
        if scheme in ("http", "https", "mailto", "tel"):
            yield {"t": "a", "u": target, "c": inner}
            return
        path = self._resolved(target)
        if path.endswith(".md") or (path and self._known(path)):
            if not path.endswith(".md"):  # a page of the site is referred to, a file goes along
                self.links.setdefault(path, " ".join(element.text.split()) or posixpath.basename(path))
            yield {"t": "ref", "d": path, "c": inner}
        else:
            yield from inner

    def _picture(self, element: Element) -> Span:
        path, said = self._resolved(element.attributes.get("src", "")), _SPACE.sub(" ", element.attributes.get("alt", "")).strip()
        if path and self._known(path):
            self.pictures.append(path)
            return {"t": "img", "f": path, "alt": said or posixpath.basename(path)}
        return f"〔图：{said}〕" if said else ""

    def _resolved(self, target: str) -> str:
        """Return the path below site/ that a relative target names; nothing for any other."""
        if not target or target.startswith(("#", "/", "//")) or (_is_address(target) and urlsplit(target).scheme):
            return ""
        path = posixpath.normpath(posixpath.join(self._folder, unquote(target.split("#", maxsplit=1)[0].split("?", maxsplit=1)[0])))
        return "" if path.startswith("..") else path


def _is_address(target: str) -> bool:
    try:
        return bool(urlsplit(target).scheme)
    except ValueError:  # such as an unfinished IPv6 host
        return False


def _side(cell: Element) -> str:
    found = re.search(r"text-align:\s*(left|right|center)", cell.attributes.get("style", ""))
    return (found[1] if found else cell.attributes.get("align", "l") or "l")[0]


def _paragraph(spans: list[Span], kind: str) -> list[Block]:
    """Return a paragraph; pictures that stand alone in one become blocks."""
    if spans and all(isinstance(s, dict) and s["t"] == "img" for s in spans if not (isinstance(s, str) and not s.strip())):
        return [s for s in spans if isinstance(s, dict)]
    return [{"t": "p", "k": kind, "c": spans, "n": _width(spans)}] if spans else []


def _width(spans: Iterable[Span]) -> int:
    """Return how much room a run takes, in half characters; a Chinese one is two."""
    return sum(_half_widths(s) if isinstance(s, str) else _half_widths(s.get("s", "")) + _width(s.get("c", ())) for s in spans)


def _half_widths(text: str) -> int:
    return sum(2 if east_asian_width(c) in "WFA" else 1 for c in text)


def _trimmed(spans: list[Span]) -> list[Span]:
    """Return a run without white space at its ends."""
    while spans and isinstance(spans[0], str) and not spans[0].lstrip(" "):
        del spans[0]
    while spans and isinstance(spans[-1], str) and not spans[-1].rstrip(" "):
        del spans[-1]
    if spans and isinstance(spans[0], str):
        spans[0] = spans[0].lstrip(" ")
    if spans and isinstance(spans[-1], str):
        spans[-1] = spans[-1].rstrip(" ")
    return spans
