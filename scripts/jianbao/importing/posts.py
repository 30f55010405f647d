"""Blog posts (Hexo, Jekyll) and plain Markdown: front matter taken over, the text kept, what acts taken out."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import PurePosixPath
from typing import Any, Final

from bs4 import BeautifulSoup

from jianbao import pages
from jianbao.importing.markup import drop_unsafe, to_markdown
from jianbao.importing.values import Imported, NotImported
from jianbao.importing.vicinity import Vicinity
from jianbao.messages import _, listed

_CODE: Final = re.compile(
    r"(^(?P<fence>`{3,}|~{3,}).*?^(?P=fence)[`~]*[ \t]*$|(?P<tick>`+)(?!`).+?(?<!`)(?P=tick)(?!`))", re.DOTALL | re.MULTILINE
)
_TABLE: Final = re.compile(r"<table\b.*?</table>", re.DOTALL | re.IGNORECASE)
_ACTIVE: Final = re.compile(
    r"<(script|style|iframe|object|embed|form|svg|video|audio|noscript)\b.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE
)
_PICTURE_TAG: Final = re.compile(r"<img\b[^>]*>", re.IGNORECASE)
_LINK_TAG: Final = re.compile(r"<a\b([^>]*)>(.*?)</a\s*>", re.DOTALL | re.IGNORECASE)
_COMMENT: Final = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_TAG: Final = re.compile(r"</?([A-Za-z][\w-]*)\b(?:\"[^\"]*\"|'[^']*'|[^<>\"'])*>")
_AUTOLINK: Final = re.compile(r"<(https?://[^<>\s]+|[\w.+-]+@[\w-]+\.[\w.]+)>")
_PLUGIN: Final = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
_MARKED: Final = re.compile(
    r"(?P<bang>!?)\[(?P<text>(?:[^\[\]]|\[[^\[\]]*\])*)\]\(\s*<?(?P<target>[^\s()<>]*(?:\([^\s()]*\)[^\s()<>]*)*)>?(?P<title>\s+(?:\"[^\"]*\"|'[^']*'))?\s*\)"
)
_DEFINED: Final = re.compile(r"^ {0,3}\[(?!\^)([^\]\n]+)\]:[ \t]*\n?[ \t]*<?(\S+?)>?([ \t]+.*)?$", re.MULTILINE)
_HEADING: Final = re.compile(r"^(#{1,6})(?=\s)", re.MULTILINE)
_DATED_NAME: Final = re.compile(r"^(\d{4}-\d{2}-\d{2})-(.+)$")
_FIRST: Final = re.compile(r"首发|原文|原载|来源|原址")
_TAKEN: Final = ("title", "date", "urlname", "tags", "categories", "summary", "description")
_WITHOUT_LOSS: Final = frozenset({"layout", "updated", "comments", "published", "toc", "permalink", "slug", "excerpt"})
_KEPT_BARE: Final = frozenset({"br", "sub", "sup"})


def read_post(name: str, data: bytes, around: Vicinity) -> Imported:
    """Return a Markdown file as a page. Raises NotImported where its front matter cannot be read."""
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        raise NotImported(_("文件不是 UTF-8 编码，请另存为 UTF-8")) from error
    front: Mapping[str, Any] = {}
    body = text
    if text.startswith("---\n"):
        try:
            page = pages.parse(name, text if re.search(r"\n---\n", text) else text + "\n---\n")
        except pages.FrontMatterError as error:
            raise NotImported(_("第 {line} 行：{text}").format(line=error.line, text=error)) from error
        front, body = page.meta, page.body
    meta = _taken_over(name, front, around)
    body, title = _without_title(_settled(body, around), str(meta.get("title", "")))
    meta = {**meta, **({"title": title} if title else {}), **_first_published(body, meta)}
    return Imported(meta, body.strip("\n") + "\n", dict(around.carried), tuple(around.remarks.said))


def _taken_over(name: str, front: Mapping[str, Any], around: Vicinity) -> dict[str, Any]:
    meta: dict[str, Any] = {key: front[key] for key in _TAKEN if front.get(key) not in (None, "", []) and _fits(key, front[key])}
    dated = _DATED_NAME.match(PurePosixPath(name).stem)
    day = _day(meta.pop("date", None)) or _day(dated[1] if dated else None)
    if day:
        meta["date"] = day
    slug = front.get("urlname") or front.get("slug") or (dated[2] if dated else "")
    if slug:
        meta["urlname"] = str(slug)
    for key in ("tags", "categories"):
        if key in meta:
            meta[key] = _flat(meta[key])
    for key in ("title", "summary", "description"):
        if key in meta:
            meta[key] = " ".join(str(meta[key]).split())
    lost = sorted(str(key) for key in front.keys() - {*_TAKEN, *_WITHOUT_LOSS} | {k for k in _TAKEN if not _fits(k, front.get(k))})
    if lost:
        around.remarks.add(_("说明区里的这些键没有带入：{keys}").format(keys=listed(lost)))
    return meta


def _fits(key: str, value: Any) -> bool:
    """Whether a value is what its key may hold: a word, or words in lists no deeper than two (aliases could make them endless)."""
    lists = (list, tuple) if key in ("tags", "categories") else ()
    inner = [x for item in value for x in (item if isinstance(item, lists) else [item])] if isinstance(value, lists) else [value]
    return len(inner) <= 200 and not any(isinstance(item, list | tuple | dict) for item in inner)


def _day(value: Any) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    found = re.match(r"\s*(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", str(value or ""))
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def _flat(value: Any) -> list[str]:
    if isinstance(value, list | tuple):
        return list(dict.fromkeys(word for item in value for word in _flat(item)))
    return [word.strip() for word in str(value).split(",") if word.strip()] if value is not None else []


def _without_title(body: str, title: str) -> tuple[str, str]:
    """Return the text under its title: a first-level heading is the page's own, and the others go down one."""
    found = re.match(r"\s*#[ \t]+(.+?)[ \t#]*\n", body + "\n")
    if found and (not title or found[1].strip() == title):
        body, title = body[found.end() :], title or found[1].strip()
    if any(len(mark) == 1 for mark in _HEADING.findall(_CODE.sub("", body))):
        body = _outside_code(body, lambda text: _HEADING.sub(lambda m: m[1] if len(m[1]) == 6 else f"#{m[1]}", text))
    return body, title


def _first_published(body: str, meta: Mapping[str, Any]) -> dict[str, Any]:
    """Return where the text says that it stood first: a link that is called so."""
    for found in reversed(list(_MARKED.finditer(body))):
        if _FIRST.search(found["text"]) and re.match(r"https?://", found["target"]):
            return {"first_published": {"url": found["target"], **({"date": meta["date"]} if "date" in meta else {})}}
    return {}


def _outside_code(body: str, change: Callable[[str], str]) -> str:
    parts = []
    at = 0
    for found in _CODE.finditer(body):
        parts += [change(body[at : found.start()]), found[0]]
        at = found.end()
    return "".join((*parts, change(body[at:])))


def _settled(body: str, around: Vicinity) -> str:
    """Return a text with nothing in it that acts, fetches or leads to unsafe places; code stands as it stood."""
    return _outside_code(body, lambda text: _settled_text(text, around))


def _settled_text(text: str, around: Vicinity) -> str:
    active = sorted({m[1].lower() for m in _ACTIVE.finditer(text)})
    if active:
        around.remarks.add(_("会运行或嵌入的内容没有带入：{names}").format(names=listed(active)))
    text = _COMMENT.sub("", _ACTIVE.sub("", text))
    if _PLUGIN.search(text):
        around.remarks.add(_("博客程序的标签（{% … %}）没有带入"))
    text = _PLUGIN.sub("", text)
    tables: list[str] = []

    def table(found: re.Match[str]) -> str:
        soup = BeautifulSoup(found[0], "html.parser")
        drop_unsafe(soup, around)
        tables.append(to_markdown(str(soup), around))
        return f"\n\n\ue000{len(tables) - 1}\ue001\n\n"

    text = _TABLE.sub(table, re.sub("[\ue000\ue001]", "", text))
    text = _PICTURE_TAG.sub(_picture_tag, _LINK_TAG.sub(_link_tag, text))
    text = _bare(text, around)
    text = _DEFINED.sub(lambda m: _defined(m, around), _all_linked(text, around))
    return re.sub("\ue000(\\d+)\ue001", lambda m: tables[int(m[1])], text)


def _attribute(tag: str, name: str) -> str:
    found = BeautifulSoup(tag, "html.parser").find(True)
    return str(found.get(name) or "") if found is not None else ""


def _picture_tag(found: re.Match[str]) -> str:
    alt = re.sub(r"[\[\]]", "", _attribute(found[0], "alt"))
    return f"![{alt}]({_attribute(found[0], 'src').replace(' ', '%20')})"


def _link_tag(found: re.Match[str]) -> str:
    target = _attribute(f"<a {found[1]}>", "href").replace(" ", "%20")
    return f"[{found[2]}]({target})" if target else found[2]


def _bare(text: str, around: Vicinity) -> str:
    """Return a text whose only tags are line breaks, raised and lowered signs; braces give nothing attributes."""
    dropped = sorted({m[1].lower() for m in _TAG.finditer(_AUTOLINK.sub("", text))} - _KEPT_BARE)
    if dropped:
        around.remarks.add(_("这些标签只留下文字：{names}").format(names=listed(dropped)))
    text = _TAG.sub(lambda m: _tag(m) if not _AUTOLINK.fullmatch(m[0]) else m[0], text)
    text = re.sub(r"<(?=[A-Za-z/!?])(?!https?://|br>|/?su[bp]>|[\w.+-]+@)", "&lt;", text)
    return text.replace("{", "&#123;")


def _tag(found: re.Match[str]) -> str:
    name = found[1].lower()
    if name not in _KEPT_BARE:
        return ""
    return f"</{name}>" if found[0].startswith("</") else f"<{name}>"


def _all_linked(text: str, around: Vicinity) -> str:
    """Return a text with its links settled; what looks like a link and was not understood as one is none."""
    parts = []
    at = 0
    for found in _MARKED.finditer(text):
        parts += [text[at : found.start()].replace("](", "]\\("), _linked(found, around)]
        at = found.end()
    return "".join((*parts, text[at:].replace("](", "]\\(")))


def _linked(found: re.Match[str], around: Vicinity) -> str:
    target = found["target"]
    if found["bang"]:
        place = around.picture(target)
        if place is None:
            text = found["text"] or "（外部图片）"
            return f"[{text}]({target})" if re.match(r"https?://", target) else found["text"]
        return f"![{found['text']}]({place})"
    place = around.link(target)
    return found["text"] if place is None else f"[{found['text']}]({place}{found['title'] or ''})"


def _defined(found: re.Match[str], around: Vicinity) -> str:
    place = around.link(found[2])
    return "" if place is None else f"[{found[1]}]: {place}"
