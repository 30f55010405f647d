"""A period's documents bound in one: cover, contents with page numbers, bookmarks; as PDF/A and as one HTML file.

Kinds stand in the order of `DocumentKind`, documents of a kind in that of their days; the departments' news come last, a chapter each.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from jianbao.clock import spoken_day
from jianbao.documents import Document, DocumentKind, Status
from jianbao.facts import Facts, NewsFact, to_csv
from jianbao.printing.fonts import FontSet
from jianbao.printing.markup import Block, Text
from jianbao.printing.official import Paper, day_of, enclosed, envelope, laid_out, missing, read_text, shown
from jianbao.printing.offline import article, style
from jianbao.printing.typeset import Enclosure, MissingGlyphs, typeset
from jianbao.render import render
from jianbao.settings import Settings

TITLE: Final = "文件合订本"
NEWS: Final = "部门动态"


@dataclass(frozen=True)
class Bound:
    """One document in a volume."""

    paper: Paper
    text: Text
    part: str


@dataclass(frozen=True)
class Volume:
    """What is bound: the documents of a period in their order, the figures of its days, the time of its newest release."""

    settings: Settings
    since: date
    until: date
    documents: Sequence[Bound]
    facts: Sequence[Facts]
    moment: datetime

    @property
    def period(self) -> str:
        """The period as the cover names it."""
        return f"{spoken_day(self.since)}至{spoken_day(self.until)}"

    @property
    def title(self) -> str:
        """The volume's full title."""
        return f"{self.settings.school.name}{TITLE}（{self.period}）"


def bind(
    settings: Settings, papers: Iterable[Paper], facts: Sequence[Facts], *, since: date, until: date, moment: datetime, units: Sequence[str]
) -> Volume:  # fmt: skip
    """Return a period's volume. `units` gives the order of the departments; one that is not in it comes after those that are."""
    ordered = sorted(papers, key=_place)
    documents = [Bound(p, read_text(p), p.document.kind.label) for p in ordered]
    documents += _news(settings, facts, units, moment)
    return Volume(settings, since, until, documents, facts, moment)


def _place(paper: Paper) -> tuple[int, date, str, str]:
    document = paper.document
    return list(DocumentKind).index(document.kind), day_of(document), document.number, document.path


def _news(settings: Settings, facts: Sequence[Facts], units: Sequence[str], moment: datetime) -> Iterator[Bound]:
    """Yield a chapter a department: what it handed in, day by day."""
    by_unit: dict[str, list[tuple[date, NewsFact]]] = {}
    for day in facts:
        for item in day.news:
            by_unit.setdefault(item.unit, []).append((day.day, item))
    places = {unit: n for n, unit in enumerate(units)}
    for unit in sorted(by_unit, key=lambda u: (places.get(u, len(places)), u)):
        blocks = tuple(block for day, item in by_unit[unit] for block in _item(day, item))
        newest = by_unit[unit][-1][0]
        document = Document(path=f"departments/{unit}", title=unit, kind=DocumentKind.PAGE, status=Status.SIGNED, on=newest, body="")
        yield Bound(Paper(document, settings, moment), Text(blocks, (), {}, ()), NEWS)


def _item(day: date, item: NewsFact) -> Iterator[Block]:
    yield {"t": "h", "l": 3, "s": 2, "c": [f"{spoken_day(day)}　{item.headline}"]}
    for line in item.text.splitlines():
        if said := " ".join(line.split()):
            yield {"t": "p", "k": "", "c": [said], "n": 2 * len(said)}


def volume_pdf(volume: Volume, fonts: FontSet) -> bytes:
    """Return a volume as PDF/A.

    Raises MissingGlyphs naming each character, with the documents that it stands in.
    """
    documents = [laid_out(b.paper, b.text) for b in volume.documents]
    data = envelope(volume.settings, title=volume.title, issuer=volume.settings.school.office, keywords=[TITLE])
    data |= {
        "description": "", "documents": documents, "pages": [d["path"] for d in documents], "volume": _cover(volume),
    }  # fmt: skip
    pictures = {path: content for b in volume.documents for path, content in shown(b.paper, b.text).items()}
    try:
        return typeset(data, fonts, moment=volume.moment, pictures=pictures, enclosures=_enclosures(volume))
    except MissingGlyphs as error:
        raise missing([b.paper.document for b in volume.documents], error.characters) from error


def _enclosures(volume: Volume) -> list[Enclosure]:
    """Return the figures of each day, and what documents link to; of one name the first stays as it is, others carry their page's."""
    days = [Enclosure(f"figures-{f.day}.csv", ("\ufeff" + to_csv(f)).encode(), "data", f"{spoken_day(f.day)}的数据") for f in volume.facts]
    found = {e.name: e for e in days}
    for n, bound in enumerate(volume.documents, 1):
        for e in enclosed(bound.paper, bound.text):
            if e.relation != "data":  # the days' figures are there already
                name = e.name if e.name not in found else f"{n}-{e.name}"
                found[name] = Enclosure(name, e.content, e.relation, e.description)
    return list(found.values())


def volume_html(volume: Volume, templates: Path | None = None) -> bytes:
    """Return a volume as one HTML file."""
    places = {b.paper.document.path: f"#d{n}" for n, b in enumerate(volume.documents)}
    documents = [article(b.paper, b.text, n, lambda path: places.get(path, "")) for n, b in enumerate(volume.documents)]
    data = {"title": volume.title, "style": style(), "volume": _cover(volume), "documents": documents}
    return render(templates, "print/volume.html.j2", data).encode()


def _cover(volume: Volume) -> Mapping[str, Any]:
    parts: dict[str, list[int]] = {}
    for n, bound in enumerate(volume.documents):
        parts.setdefault(bound.part, []).append(n)
    school = volume.settings.school
    return {
        "title": TITLE, "school": school.name, "period": volume.period, "issuer": school.office, "on": spoken_day(volume.moment.date()),
        "parts": [{"title": title, "documents": found} for title, found in parts.items()],
    }  # fmt: skip
