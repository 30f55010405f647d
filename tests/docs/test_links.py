"""Links from page to page lead somewhere; nothing names a machine, a registry or an address that is not an example."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Docs

PAGES = (
    *("architecture.md", "commands.md", "documents.md", "findings.md", "forms.md", "handbook.zh.md", "json.md", "privacy.md"),
    *("record.md", "settings.md", "templates.md", "google.md", "google.zh.md", "returns.md", "federation.md", "scale.md"),
)
AT_GOOGLE = ("google.md", "google.zh.md")
"""The pages that say what to press at Google name Google's own addresses."""
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def slug(heading: str) -> str:
    """Return a heading's anchor, as GitHub makes it."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def leads_somewhere(docs: Docs, page: str, target: str) -> bool:
    """Return whether a link of a page names a page that is there, and a heading that it has."""
    path, _hash, anchor = target.partition("#")
    if not (docs.folder / (path or page)).is_file():
        return False
    return not anchor or anchor in map(slug, re.findall(r"^#+ (.+)$", docs.prose(path or page), re.MULTILINE))


def test_all_pages_are_there(docs: Docs) -> None:
    assert {p.name for p in docs.pages()} >= set(PAGES)


@pytest.mark.parametrize("name", PAGES)
def test_links_between_pages_resolve(docs: Docs, name: str) -> None:
    assert [target for target in _LINK.findall(docs.prose(name)) if not leads_somewhere(docs, name, target)] == []


@pytest.mark.parametrize("name", PAGES)
def test_no_address_but_examples_and_no_path_of_a_machine(docs: Docs, name: str) -> None:
    text = docs.text(name)
    hosts = re.findall(r"https?://([\w.-]+)", text)
    known = ("google.com", "googleapis.com") if name in AT_GOOGLE else ()
    assert [host for host in hosts if not host.startswith("example.") and not host.endswith(known)] == []
    assert re.findall(r"(?<![\w.])/(?:home|root|work|Users)/\w+", text) == []
