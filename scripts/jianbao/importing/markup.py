"""HTML to Markdown: cleaned first, so that only text, links, lists, tables and pictures are left."""

from __future__ import annotations

import re
from itertools import islice
from typing import Final
from urllib.parse import urlsplit

import nh3
from bs4 import BeautifulSoup, Comment, Tag
from markdownify import ATX, MarkdownConverter

from jianbao.importing.values import Imported, NotImported
from jianbao.importing.vicinity import Vicinity
from jianbao.messages import _, listed

_INLINE: Final = {"b", "strong", "i", "em", "a", "br", "sup", "sub", "img", "code"}
_BLOCKS: Final = {
    *("p", "div", "section", "article", "main", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre", "hr"),
    *("table", "thead", "tbody", "tfoot", "tr", "td", "th", "caption", "dl", "dt", "dd", "figure", "figcaption"),
}
_ATTRIBUTES: Final = {"a": {"href"}, "img": {"src", "alt"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}, "ol": {"start"}}
_ACTIVE: Final = ("script", "iframe", "object", "embed", "applet", "form", "video", "audio", "svg", "math", "template", "noscript", "base")
_UNSEEN: Final = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])|opacity\s*:\s*0(?![.\d])", re.IGNORECASE
)
_LINE_START: Final = re.compile(r"^(\s*)([#>+\-=~:!?/|]|\d+(?=[.)]))", re.MULTILINE)
_MAX_DEPTH: Final = 120


def read_html(data: bytes, around: Vicinity) -> Imported:
    """Return a web page as a page. Raises NotImported where it is nested beyond reason."""
    soup = BeautifulSoup(data, "html.parser")
    _check_depth(soup)
    title = soup.title.get_text(" ", strip=True) if soup.title else ""
    drop_unsafe(soup, around)
    alone = soup.find_all(["article", "main"])
    content = alone[0] if len(alone) == 1 else soup.body or soup
    if len(alone) == 1:
        around.remarks.add(_("只取了网页的正文，导航和页脚没有带入"))
    heading = content.find("h1")
    if isinstance(heading, Tag) and len(content.find_all("h1")) == 1:
        title = heading.get_text(" ", strip=True) or title
        heading.decompose()
    cleaned = nh3.clean(
        str(content), tags=_INLINE | _BLOCKS, attributes=_ATTRIBUTES, link_rel=None, clean_content_tags={"script", "style"},
        url_schemes={"http", "https", "mailto", "tel"},
    )  # fmt: skip
    body = to_markdown(cleaned, around)
    return Imported({"title": title} if title else {}, body, dict(around.carried), tuple(around.remarks.said))


def _check_depth(soup: BeautifulSoup) -> None:
    leaves = (tag for tag in soup.find_all(True) if not tag.find(True))
    if any(len(list(islice(leaf.parents, _MAX_DEPTH + 1))) > _MAX_DEPTH for leaf in leaves):
        raise NotImported(_("网页的标签套了 {depth} 层以上，不像一份文件").format(depth=_MAX_DEPTH))


def drop_unsafe(soup: BeautifulSoup, around: Vicinity) -> None:
    """Take out what acts, what is hidden and what leads to unsafe places, each with its remark."""
    active = sorted({tag.name for tag in soup.find_all(_ACTIVE)})
    if active:
        around.remarks.add(_("会运行或嵌入的内容没有带入：{names}").format(names=listed(active)))
    hidden = [t for t in soup.find_all(True) if t.has_attr("hidden") or _UNSEEN.search(str(t.get("style", "")))]
    if any(t.get_text(strip=True) for t in hidden):
        around.remarks.add(_("网页里看不见的文字没有带入（{count} 处）").format(count=len(hidden)))
    for tag in [*soup.find_all([*_ACTIVE, "style", "head"]), *hidden]:
        tag.decompose()
    if any(name.lower().startswith("on") for tag in soup.find_all(True) for name in tag.attrs):
        around.remarks.add(_("标签里的脚本（onclick 之类）没有带入"))
    for comment in soup.find_all(string=lambda text: isinstance(text, Comment)):
        comment.extract()
    for tag in soup.find_all("a"):  # before cleaning, which drops such addresses without a word
        target = str(tag.get("href") or "")
        if target and (found := around.link(target)) is not None:
            tag["href"] = found
        else:
            tag.attrs.pop("href", None)
    _settle_pictures(soup, around)


def _settle_pictures(soup: BeautifulSoup, around: Vicinity) -> None:
    for tag in soup.find_all("img"):
        target = str(tag.get("src") or tag.get("data-src") or "")
        found = around.picture(target) if target else None
        if found is not None:
            tag["src"] = found
            continue
        alt = str(tag.get("alt") or "").strip()
        if urlsplit(target).scheme in ("http", "https"):
            tag.name = "a"
            tag.attrs = {"href": target}
            tag.string = alt or "（外部图片）"
        else:
            tag.decompose()


def to_markdown(html: str, around: Vicinity) -> str:
    """Return clean HTML as Markdown. Raises NotImported where it is nested beyond reason."""
    writer = _Writer(heading_style=ATX, bullets="-", autolinks=False, sub_symbol="<sub>", sup_symbol="<sup>", table_infer_header=True)
    soup = BeautifulSoup(html, "html.parser")
    top = min((int(h.name[1]) for h in soup.find_all(re.compile(r"^h[1-6]$"))), default=2)
    for heading in soup.find_all(re.compile(r"^h[1-6]$")):  # the page's title is its only first-level heading
        heading.name = f"h{min(6, int(heading.name[1]) + 2 - top)}"
    try:
        text = writer.convert_soup(soup)
    except RecursionError as error:
        raise NotImported(_("内容套了太多层，不像一份文件")) from error
    if soup.find_all("table", recursive=True) and any(t.find("table") for t in soup.find_all("table")):
        around.remarks.add(_("表格里的表格已合到一格里"))
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n") + "\n"


class _Writer(MarkdownConverter):
    """Writes Markdown as our engine reads it: text is text, and a table with merged cells stays a table."""

    def escape(self, text: str, parent_tags: set[str]) -> str:
        """Return text of which Markdown and HTML make nothing else."""
        if not text:
            return ""
        text = re.sub(r"([\\`*_\[\]{}])", r"\\\1", text)
        text = text.replace("&", "&amp;").replace("<", "&lt;").replace("|", "&#124;")
        return text if "_inline" in parent_tags else _LINE_START.sub(_literal_start, text)

    def convert_table(self, el: Tag, text: str, **_given: object) -> str:
        """Return a table: in Markdown, or as HTML where cells are merged or hold more than a line."""
        spans = any(int(str(c.get(k, "1") or "1").strip() or 1) > 1 for c in el.find_all(["td", "th"]) for k in ("colspan", "rowspan")
                    if str(c.get(k, "1")).strip().isdigit())  # fmt: skip
        long = any(len(c.find_all(["p", "li", "table"])) > 1 for c in el.find_all(["td", "th"]))
        if not spans and not long:
            return f"\n\n{text.strip()}\n\n"
        return f'\n\n<div class="jb-table" markdown="0">{_table_html(el)}</div>\n\n'

    def convert_img(self, el: Tag, _text: str, **_given: object) -> str:
        """Return a picture, within a line too."""
        alt = self.escape(" ".join(str(el.get("alt") or "").split()), {"_inline"})
        return f"![{alt}]({el.get('src')})"

    def convert_del(self, _el: Tag, text: str, **_given: object) -> str:
        """Return the text: our engine has no mark for it."""
        return text

    convert_s = convert_del


def _literal_start(match: re.Match[str]) -> str:
    mark = match[2]
    return f"{match[1]}{mark}\\" if mark.isdigit() else f"{match[1]}&#{ord(mark)};"


def _table_html(el: Tag) -> str:
    """Return a table's HTML on one line, with nothing but its cells, their text and their links."""
    for nested in el.find_all("table"):
        nested.unwrap()
    tags = {"table", "thead", "tbody", "tr", "td", "th", "br", "b", "strong", "i", "em", "a", "img", "sup", "sub", "p"}
    flat = " ".join(nh3.clean(str(el), tags=tags, attributes={**_ATTRIBUTES, "th": {"colspan", "rowspan", "scope"}}, link_rel=None).split())
    return flat.replace("{", "&#123;").replace("<table>", '<table class="jb-data">', 1)
