"""A page as HTML for an official account's editor: styles in every tag, no class, no script, no link that it drops.

The editor of WeChat official accounts keeps inline styles and takes off the rest; of links only those to its own
articles stay. So other addresses are numbered and stand as notes at the end.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, Comment, Tag

from jianbao.clock import spoken_day
from jianbao.documents import Document
from jianbao.messages import _

EXTENSIONS: Final = ("abbr", "admonition", "attr_list", "def_list", "footnotes", "md_in_html", "tables")
_INK: Final = "#1b1c1e"
_RED: Final = "#a31515"
_STYLES: Final[Mapping[str, str]] = {
    "h1": f"margin:0 0 12px;font-size:22px;line-height:1.4;font-weight:bold;text-align:center;color:{_INK}",
    "h2": f"margin:28px 0 12px;font-size:18px;line-height:1.5;font-weight:bold;color:{_RED}",
    "h3": f"margin:20px 0 8px;font-size:17px;line-height:1.5;font-weight:bold;color:{_INK}",
    "h4": f"margin:16px 0 8px;font-size:16px;line-height:1.6;font-weight:bold;color:{_INK}",
    "p": f"margin:0 0 14px;font-size:16px;line-height:1.9;color:{_INK};text-align:justify",
    "ul": "margin:0 0 14px;padding-left:1.6em", "ol": "margin:0 0 14px;padding-left:1.8em",
    "li": f"margin:0 0 6px;font-size:16px;line-height:1.8;color:{_INK}",
    "blockquote": "margin:0 0 14px;padding:2px 0 2px 12px;border-left:3px solid #d2d4d7",
    "table": "width:100%;border-collapse:collapse;margin:0 0 16px;font-size:14px;line-height:1.6",
    "th": "border:1px solid #767a7f;padding:6px 8px;background:#f4f5f6;font-weight:bold;text-align:left",
    "td": "border:1px solid #767a7f;padding:6px 8px;text-align:left",
    "strong": "font-weight:bold", "em": "font-style:italic", "img": "max-width:100%", "sup": "font-size:12px",
    "hr": "border:0;border-top:1px solid #d2d4d7;margin:20px 0", "code": "font-size:14px",
}  # fmt: skip
_SIGNED: Final = f"margin:24px 0 0;font-size:16px;line-height:1.9;color:{_INK};text-align:right"
_SMALL: Final = "margin:0 0 6px;font-size:13px;line-height:1.7;color:#55585c"
_OWN: Final = "mp.weixin.qq.com"
_BARE: Final = frozenset(
    {"thead", "tbody", "tfoot", "tr", "br", "dl", "dt", "dd", "b", "i", "sub", "section", "caption", "del", "ins", "pre"}
)


def wechat_html(document: Document, *, school: str) -> tuple[str, tuple[str, ...]]:
    """Return a document as HTML to paste, and what whoever pastes it has to do by hand."""
    from markdown import markdown

    soup = BeautifulSoup(markdown(document.body, extensions=list(EXTENSIONS)), "html.parser")
    pictures = _pictures(soup)
    addresses = _links(soup)
    _footnotes(soup)
    for tag in soup.find_all(True):
        _dress(tag)
    head = BeautifulSoup("", "html.parser")
    for text, style in _head(document):
        head.append(_tag(head, "p", text, style))
    title = _tag(head, "h1", document.title, _STYLES["h1"])
    foot = [_tag(head, "p", text, _SIGNED) for text in (f"{school}{document.issuer}", spoken_day(document.on)) if document.issuer]
    notes = [_tag(head, "p", f"[{n}] {target}", _SMALL) for n, target in enumerate(addresses, 1)]
    parts = [str(title), str(head), str(soup).strip(), *map(str, foot), *(["<hr>"] if notes else []), *map(str, notes)]
    return f'<section style="padding:0 8px">{"".join(parts)}</section>\n', tuple(pictures)


def _head(document: Document) -> list[tuple[str, str]]:
    line = "　".join(x for x in (document.number, document.kind.label) if x)
    lines = [(line, _SMALL + ";text-align:center")] if line else []
    return [*lines, *([(document.to.rstrip("：") + "：", _STYLES["p"])] if document.to else [])]


def _tag(soup: BeautifulSoup, name: str, text: str, style: str) -> Tag:
    tag = soup.new_tag(name, attrs={"style": style})
    tag.string = text
    return tag


def _pictures(soup: BeautifulSoup) -> list[str]:
    """Put a line where each picture stood, for the editor takes none from a file; return what to put in by hand."""
    told = []
    for number, picture in enumerate(soup.find_all("img"), 1):
        source, alt = str(picture.get("src") or ""), str(picture.get("alt") or "")
        told.append(_("图 {number}：请在编辑器里插入 {file}").format(number=number, file=source))
        picture.replace_with(f"（图 {number}{f'：{alt}' if alt else ''}）")
    return told


def _links(soup: BeautifulSoup) -> list[str]:
    """Keep links to other articles of official accounts; of any other leave the text and a number, and return the addresses."""
    found: list[str] = []
    for tag in soup.find_all("a"):
        target = str(tag.get("href") or "")
        if tag.get("class") and set(tag.get_attribute_list("class")) & {"footnote-ref", "footnote-backref"}:
            continue
        if urlsplit(target).hostname == _OWN:
            tag.attrs = {"href": target}
            continue
        if urlsplit(target).scheme in ("http", "https") and target not in tag.get_text():
            if target not in found:
                found.append(target)
            tag.append(f"[{found.index(target) + 1}]")
        tag.unwrap()
    return found


def _footnotes(soup: BeautifulSoup) -> None:
    for tag in soup.select("a.footnote-backref"):
        tag.decompose()
    for tag in soup.select("a.footnote-ref"):
        tag.string = f"注{tag.get_text()}"
        tag.unwrap()


def _dress(tag: Tag) -> None:
    """Give a tag its style and nothing else; what the editor does not know becomes a section or falls away."""
    for comment in tag.find_all(string=lambda text: isinstance(text, Comment)):
        comment.extract()
    if tag.name in ("script", "style", "iframe", "object", "embed", "form", "input", "button"):
        tag.decompose()
        return
    kept = {k: v for k, v in tag.attrs.items() if k in ("href", "colspan", "rowspan")}
    aligned = {"jb-sign": _SIGNED}.get(next(iter(tag.get_attribute_list("class")), "") or "", "")
    tag.name = "section" if tag.name in ("div", "header", "footer", "figure", "details", "summary", "nav") else tag.name
    style = aligned or _STYLES.get(tag.name, "")
    if not style and tag.name not in _BARE and tag.name != "a":
        tag.unwrap()
        return
    tag.attrs = {**kept, **({"style": style} if style else {})}
