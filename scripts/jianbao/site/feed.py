"""The newest documents as an Atom feed (RFC 4287)."""

from __future__ import annotations

import uuid
import xml.etree.ElementTree as ET
from datetime import datetime
from typing import Final
from urllib.parse import quote, urljoin

from jianbao.documents import Document, DocumentKind
from jianbao.kinds import WRITTEN
from jianbao.site.edition import Edition, is_english, newest_first, numbered

FEED: Final = "feed.xml"
_ENTRIES: Final = 30
_ATOM: Final = "http://www.w3.org/2005/Atom"


def feed(edition: Edition) -> bytes:
    """Return the feed. Its links are absolute where the site's address is known; where it is not, they are relative and it says so."""
    school, address = edition.settings.school, edition.settings.address
    documents = newest_first(d for d in edition.documents if d.kind is not DocumentKind.PAGE)
    root = ET.Element("feed", {"xmlns": _ATOM, "xml:lang": "zh-CN"})
    _add(root, "title", f"{school.name}{school.office}")
    if not address:
        _add(root, "subtitle", "没有设置网站地址，链接是相对的，请从本网站订阅")
    _add(root, "id", _identity(edition, ""))
    _add(root, "updated", edition.moment.isoformat())
    _add(_add(root, "author"), "name", school.issued_by)
    if address:
        _add(root, "link", rel="self", type="application/atom+xml", href=urljoin(address, FEED))
    _add(root, "link", rel="alternate", type="text/html", href=urljoin(address, "index.html"))
    for document in documents[:_ENTRIES]:
        _entry(root, edition, document)
    ET.indent(root, " ")
    text: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return text + b"\n"


def _entry(root: ET.Element, edition: Edition, document: Document) -> None:
    states = [datetime.fromisoformat(r.about["as_of"]) for r in edition.states(document.path)]
    if document.path in edition.changed or not states:
        states.append(edition.moment)
    page = quote(f"{document.path.removesuffix('.md')}.html")
    language = {"xml:lang": "en"} if is_english(document) else {}
    entry = ET.SubElement(root, "entry", language)
    number = f"（{document.number}）" if document.number and document.kind not in WRITTEN else ""
    _add(entry, "title", f"{numbered(document)['title']}{number}")
    _add(entry, "id", _identity(edition, document.path))
    _add(entry, "published", states[0].isoformat())
    _add(entry, "updated", states[-1].isoformat())
    _add(entry, "link", rel="alternate", type="text/html", href=urljoin(edition.settings.address, page))
    _add(entry, "category", term=document.kind.value, label=document.kind.label)
    if document.issuer:
        _add(_add(entry, "author"), "name", document.issuer)
    _add(entry, "summary", document.summary or f"{document.kind.label}，{document.status.label}")


def _identity(edition: Edition, path: str) -> str:
    """Return a page's own name, the same for ever and on whatever host (RFC 4287, 4.2.6)."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"jianbao:{edition.settings.school.name}/{path}").urn


def _add(parent: ET.Element, tag: str, text: str = "", **attributes: str) -> ET.Element:
    found = ET.SubElement(parent, tag, attributes)
    found.text = text or None
    return found
