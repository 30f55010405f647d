"""The sample office's pages and settings: complete, linked, and without anybody's name or number."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from jianbao import pages
from jianbao.documents import Audience, Document, DocumentKind, Status, read_document
from jianbao.sample import FULL, SMALL
from jianbao.sample.names import REGION
from jianbao.sample.news import NEWS
from jianbao.sample.school import school_of
from jianbao.sample.units import UNITS
from jianbao.settings import Settings, read_settings

OFFICE = Path(__file__).parents[2]
SITE = OFFICE / "site"
BRIEFINGS = "briefings/"
"""Where the program writes; the pages there are not ours."""


def own_pages() -> list[str]:
    """Return the paths of the hand-written pages."""
    return [name for name in pages.markdown_files(SITE) if not name.startswith(BRIEFINGS)]


def own_texts() -> dict[str, str]:
    """Return every text of ours that may reach a page: pages, attachments, settings, news."""
    names = [*own_pages(), *pages.attachments(SITE)]
    texts = {name: (SITE / name).read_text(encoding="utf-8") for name in names}
    texts["jianbao.toml"] = (OFFICE / "jianbao.toml").read_text(encoding="utf-8")
    items = [item for day in NEWS.values() for item in day]
    return texts | {f"news: {item.headline}": item.headline + item.text + item.link for item in items}


@pytest.fixture(scope="module")
def documents() -> list[Document]:
    read = [read_document(pages.read(SITE, name)) for name in own_pages()]
    assert [faults for faults in read if not isinstance(faults, Document)] == []
    return [document for document in read if isinstance(document, Document)]


@pytest.fixture(scope="module")
def settings() -> Settings:
    return read_settings(OFFICE / "jianbao.toml")


def test_every_kind_and_state_of_document_is_there(documents: list[Document]) -> None:
    assert Counter((d.kind, d.status, d.audience) for d in documents) == {
        (DocumentKind.PAGE, Status.SIGNED, Audience.PUBLIC): 1,
        (DocumentKind.NOTICE, Status.SIGNED, Audience.PUBLIC): 3,
        (DocumentKind.NOTICE, Status.SUPERSEDED, Audience.PUBLIC): 1,
        (DocumentKind.NOTICE, Status.WITHDRAWN, Audience.PUBLIC): 1,
        (DocumentKind.NOTICE, Status.SIGNED, Audience.INTERNAL): 1,
        (DocumentKind.NOTICE, Status.DRAFT, Audience.PUBLIC): 1,
        (DocumentKind.ANNOUNCEMENT, Status.SIGNED, Audience.PUBLIC): 2,
        (DocumentKind.LETTER, Status.SIGNED, Audience.PUBLIC): 1,
        (DocumentKind.APPEAL, Status.SIGNED, Audience.PUBLIC): 1,
        (DocumentKind.GUIDANCE, Status.SIGNED, Audience.PUBLIC): 3,  # one of them in English
        (DocumentKind.REMINDER, Status.SIGNED, Audience.PUBLIC): 1,
    }


@pytest.mark.parametrize(("kind", "pattern"), [(DocumentKind.NOTICE, r"校防控〔2026〕(\d+)号"), (DocumentKind.ANNOUNCEMENT, r"第(\d+)号")])
def test_numbers_run_with_the_dates(documents: list[Document], kind: DocumentKind, pattern: str) -> None:
    numbered = sorted((d for d in documents if d.kind is kind and d.public), key=lambda d: d.on)
    numbers = [re.fullmatch(pattern, d.number) for d in numbered]
    assert [int(n[1]) for n in numbers if n] == list(range(1, len(numbered) + 1))


def test_what_replaces_a_page_is_in_force(documents: list[Document]) -> None:
    known = {d.path: d for d in documents}
    for document in documents:
        if document.superseded_by:
            assert known[document.superseded_by].status is Status.SIGNED
            assert known[document.superseded_by].on > document.on


def test_every_link_leads_to_a_page_or_an_attachment() -> None:
    linked = set()
    for name in own_pages():
        for target in re.findall(r"\]\(([^)]+)\)", pages.read(SITE, name).body):
            path = (SITE / name).parent / target
            assert path.is_file(), f"{name} → {target}"
            linked.add(path.relative_to(SITE).as_posix())
    assert set(pages.attachments(SITE)) <= linked


def test_file_names_are_ascii() -> None:
    assert all(name.isascii() for name in (*own_pages(), *pages.attachments(SITE)))


def test_no_text_holds_the_name_of_anybody() -> None:
    school = school_of(FULL), school_of(SMALL)
    names = {p.name for s in school for p in (*s.staff, *s.students, *s.others)}
    for source, text in own_texts().items():
        bare = re.sub(r"<[^>]*>|[\s\u200b]", "", text)
        assert [name for name in names if name in bare] == [], source


def test_no_text_holds_the_number_of_anybody() -> None:
    school = school_of(FULL)
    numbers = {p.number for p in (*school.staff, *school.students, *school.others)}
    for source, text in own_texts().items():
        assert numbers.isdisjoint(re.findall(r"[0-9A-Za-z]+", text)), source
        assert not re.search(rf"1380000|{REGION}", text), source


def test_telephones_can_ring_nowhere() -> None:
    for source, text in own_texts().items():
        assert all(n.startswith("0000-888") for n in re.findall(r"\d{3,4}-\d{7,8}", text)), source


def test_settings_fit_the_school(settings: Settings) -> None:
    school = school_of(FULL)
    units = {u.title for u in UNITS}
    assert settings.school.signed_by not in {p.name for p in (*school.staff, *school.students, *school.others)}
    assert {p.unit for p in settings.permissions} <= units
    assert settings.names == {"fever_threshold", "observation_days", "missed_contact", "low_cover_days"}
    assert settings.briefing.figures == ("suspected", "confirmed", "staff_returned_total", "students_on_campus")
    assert settings.briefing.numbered


def test_every_document_is_signed_as_the_settings_say(documents: list[Document], settings: Settings) -> None:
    for document in documents:
        if not document.path.endswith(".en.md"):
            assert document.issuer == settings.school.issued_by
        if document.status is not Status.DRAFT:
            assert document.signed_by == settings.school.signed_by
