"""A released document as official PDF: laid out after GB/T 9704-2012, its figures enclosed as CSV."""

from __future__ import annotations

import html
import posixpath
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from jianbao.clock import spoken_day, spoken_moment
from jianbao.documents import Document, DocumentKind, Status
from jianbao.facts import Facts, to_csv
from jianbao.kinds import WRITTEN
from jianbao.messages import _
from jianbao.printing.fonts import FontSet
from jianbao.printing.markup import Text, parse
from jianbao.printing.typeset import Enclosure, MissingGlyphs, TypesetError, advice_on_glyphs, spelled, typeset
from jianbao.record import ChainLine
from jianbao.settings import Settings

FIGURES: Final = "figures.csv"
_RED_HEADED: Final = frozenset({DocumentKind.NOTICE, DocumentKind.ANNOUNCEMENT, DocumentKind.PLAN, DocumentKind.CORRECTION})
SIGNED_BELOW: Final = _RED_HEADED | {DocumentKind.LETTER, DocumentKind.APPEAL}
"""The kinds that close with who issued them and when, unless their text does."""

_AROUND: Final = 12
"""How many characters before and after a missing one are shown."""


@dataclass(frozen=True)
class Paper:
    """What a document's paper form is made from.

    `files` are the site's files by path (pictures and enclosures are taken from them), `facts` those of a briefing's day, `previous` the
    release before the one that issues it, `moment` that release's time.
    """

    document: Document
    settings: Settings
    moment: datetime
    files: Mapping[str, bytes] = field(default_factory=dict)
    facts: Facts | None = None
    previous: ChainLine | None = None


def page_pdf(paper: Paper, fonts: FontSet) -> bytes:
    """Return a document as PDF/A.

    Raises MissingGlyphs naming each character and where it stands, TypesetError where a picture cannot be read.
    """
    document = paper.document
    text = read_text(paper)
    data = envelope(paper.settings, title=full_title(document), issuer=_issuer(paper), keywords=[document.kind.label, *document.tags])
    data |= {"description": document.summary, "documents": [laid_out(paper, text)], "pages": [], "volume": None}
    try:
        return typeset(data, fonts, moment=paper.moment, pictures=shown(paper, text), enclosures=enclosed(paper, text))
    except MissingGlyphs as error:
        raise missing([document], error.characters) from error
    except TypesetError as error:
        raise TypesetError(f"{document.path}: {error.message}", error.advice) from error


def envelope(settings: Settings, *, title: str, issuer: str, keywords: Sequence[str]) -> dict[str, Any]:
    """Return what a PDF says of itself as a whole."""
    return {"title": title, "author": [issuer or settings.school.name], "keywords": list(keywords)}


def read_text(paper: Paper) -> Text:
    """Return a document's text as blocks."""
    return parse(paper.document.body, paper.document.path, lambda path: path in paper.files)


def shown(paper: Paper, text: Text) -> dict[str, bytes]:
    """Return the pictures that a text shows."""
    return {path: paper.files[path] for path in text.pictures}


def enclosed(paper: Paper, text: Text) -> list[Enclosure]:
    """Return the files that travel inside: a briefing's figures, and what the text links to."""
    found = [Enclosure(posixpath.basename(p), paper.files[p], "supplement", title) for p, title in text.links.items()]
    if paper.facts:
        said = f"{spoken_day(paper.facts.day)}的数据：每项的数值、实报、应报、截至时间和口径"  # part of the document, in its language
        found.insert(0, Enclosure(FIGURES, ("\ufeff" + to_csv(paper.facts)).encode(), "data", said))
    return [*{e.name: e for e in found}.values()]


def full_title(document: Document) -> str:
    """Return a document's title with its number, and a briefing with its day, as lists and a PDF's own title name it."""
    if document.kind in WRITTEN and document.number:
        return f"{document.title}{document.number}（{spoken_day(day_of(document))}）"
    return f"{document.title}（{document.number}）" if document.number else document.title


def laid_out(paper: Paper, text: Text) -> dict[str, Any]:
    """Return a document as the layout takes it."""
    document = paper.document
    briefing = document.kind in WRITTEN
    return {
        "path": document.path, "layout": "briefing" if briefing else "notice" if document.kind in _RED_HEADED else "letter",
        "title": document.title, "listed": full_title(document), "number": document.number, "school": paper.settings.school.name,
        "issuer": document.issuer if briefing else _issuer(paper), "mark": document.mark if briefing else "",
        "on": spoken_day(document.on),
        "kind_line": "通　告" if document.kind is DocumentKind.ANNOUNCEMENT else "", "data_line": _data_line(paper),
        "banner": _banner(document),
        "to": f"{document.to.rstrip('：:')}：" if document.to else "", "body": list(text.blocks), "notes": list(text.notes),
        "attached": list(text.links.values()), "sign": _signature(paper), "aside": "" if briefing else document.mark,
        "foot": _foot(paper), "chain": _chain(paper.previous) if briefing else "",
    }  # fmt: skip


def _issuer(paper: Paper) -> str:
    """Return the issuer's full name: the school's goes before an office's own."""
    school, issuer = paper.settings.school.name, paper.document.issuer
    return issuer if issuer.startswith(school) else school + issuer


def _data_line(paper: Paper) -> str:
    document, facts = paper.document, paper.facts
    if document.kind not in WRITTEN or not document.data_date:
        return ""
    line = f"数据日期：{spoken_day(document.data_date)}"
    if facts:
        line += f"，截至 {spoken_moment(facts.as_of, document.data_date)}　实报 {facts.units.received} / 应报 {facts.units.expected} 个单位"
    return line


def _banner(document: Document) -> list[str]:
    if document.status is Status.WITHDRAWN:
        return [f"本文件已于{spoken_day(document.updated)}撤回，不再执行。", f"原因：{document.reason}"]
    if document.status is Status.REMOVED:
        return [f"本页内容已于{spoken_day(document.updated)}撤下，不再提供。", f"原因：{document.reason}"]
    if document.status is Status.SUPERSEDED:
        return ["本文件已被替代，不再执行。", *([f"原因：{document.reason}"] if document.reason else [])]
    return []


def _signature(paper: Paper) -> list[str]:
    document = paper.document
    if document.kind not in SIGNED_BELOW or "jb-sign" in document.body:
        return []
    return [_issuer(paper), spoken_day(document.on)]


def _foot(paper: Paper) -> list[list[str]]:
    """Return the foot's rows, left and right: who gets it; who issued it and when."""
    document, settings = paper.document, paper.settings
    if document.kind in WRITTEN:
        to = [(f"报送：{settings.printing.report_to}",) if settings.printing.report_to else (), (f"分送：{settings.printing.send_to}",)]
        rows = [list(row) for row in to[: 2 if settings.printing.send_to else 1] if row]
        signed = f"签发：{document.signed_by}" if document.signed_by else ""
        return [*rows, [f"编发：{document.issuer}", signed]]
    if document.kind not in _RED_HEADED:
        return []
    copies = [[f"抄送：{document.copy_to.rstrip('。')}。"]] if document.copy_to else []
    return [*copies, [settings.school.office, f"{spoken_day(document.on)}印发"]]


def _chain(previous: ChainLine | None) -> str:
    return f"上一次发布：第 {previous.number} 号（{spoken_day(previous.day)}），记录链校验值 {previous.sha256}" if previous else ""


def missing(documents: Sequence[Document], characters: Sequence[str]) -> TypesetError:
    """Return the error that says where each missing character stands."""
    found = ((f"site/{d.path}", c, place) for c in characters for d in documents for place in _places(d, c))
    lines = [_("  {path} {place}：{character}").format(path=path, place=place, character=spelled([c])) for path, c, place in found]
    told = "\n".join(lines) or spelled(characters)
    return TypesetError(_("字体里没有这些字，不能生成 PDF：\n{places}").format(places=told), advice_on_glyphs())


def _places(document: Document, character: str) -> list[str]:
    keys = ("title", "number", "issuer", "to", "signed_by", "mark", "reason", "summary", "copy_to")
    heads = {key: str(getattr(document, key)) for key in keys}
    found = [_("说明区 {key}").format(key=key) for key, said in heads.items() if character in said]
    for number, line in enumerate(document.body.splitlines(), 1):
        said = html.unescape(line)
        at = said.find(character)
        if at >= 0:
            around = said[max(0, at - _AROUND) : at + len(character) + _AROUND].strip()
            found.append(_("正文第 {line} 行“{around}”").format(line=number, around=around))
    return found


def day_of(document: Document) -> date:
    """Return the day under which a document is filed: a briefing's data date, else its date."""
    return document.data_date or document.on
