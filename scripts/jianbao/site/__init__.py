"""The public tree: every page as plain Markdown, made from documents, facts and the record; then the built site.

What is not for the public is never in this tree, so it can reach no page, no feed and no search index. The tree
depends on nothing but what is passed in: the same release gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import chain
from pathlib import Path
from typing import Final

from jianbao import files
from jianbao.record import SITE_CHAIN
from jianbao.site.browse import archive
from jianbao.site.edition import ARCHIVE, REGISTER, Edition, Section, edition_of, sections
from jianbao.site.feed import FEED, feed
from jianbao.site.lists import departments, register, section_page
from jianbao.site.papers import document_page, earlier_states, paper_forms, printed
from jianbao.site.start import codes, forms_page, home
from jianbao.site.tables import ledgers
from jianbao.site.texts import Texts
from jianbao.site.trends import figure_pages

__all__ = ["Edition", "Section", "Texts", "edition_of", "search_words", "sections", "stage", "write_tree"]

ASSETS: Final = Path(__file__).parents[1] / "assets"


def stage(edition: Edition, attached: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the public tree: path → content. `attached` are the files that public pages link to."""
    tree: dict[str, bytes] = dict(attached)
    for path in files.walk(ASSETS):
        tree[f"assets/{files.relative(path, ASSETS)}"] = files.read_bytes(path)
    tree["index.md"] = home(edition).encode()
    tree[FEED] = feed(edition)
    tree |= codes(edition.settings)
    tree[SITE_CHAIN] = "".join(f"{line.text}\n" for line in edition.lines).encode()  # the new line follows when it is sealed
    sizes = {path: len(data) for path, data in attached.items()}
    indexes = ((s.index, section_page(edition, s)) for s in sections() if s.folder not in (ARCHIVE, REGISTER))
    gathered = (departments(edition), register(edition), ledgers(edition), archive(edition), figure_pages(edition), forms_page(edition))
    made = chain(indexes, *gathered)
    tree |= {path: text.encode() for path, text in made}
    for document in edition.documents:
        forms = printed(edition, document.path)
        tree[document.path] = document_page(edition, document, sizes=sizes, printed=forms).encode()
        tree |= {path: text.encode() for path, text in earlier_states(edition, document, sizes)} | paper_forms(edition, document, forms)
    return tree


def search_words(titles: Iterable[str]) -> str:
    """Return the segmenter's own words: campus terms and units' titles, but those it parts better by itself."""
    terms = ("简报 50000 n", "隔离 50000 v", "观察 50000 v", "零报告 50000 n", "疑似 50000 v", "确诊 50000 v", "返省", "返校", "防控")
    units = (t for t in titles if 2 < len(t) < 10 and not any(c in t for c in "与和（）()、 "))
    return "".join(f"{word}\n" for word in (*terms, *units))


def write_tree(folder: Path, tree: Mapping[str, bytes], standing: Path | None = None) -> None:
    """Write a staged tree into an empty folder; what stands just so in `standing` is taken over from there."""
    files.empty_folder(folder)
    for path, content in sorted(tree.items()):
        if standing and files.holds(standing / path, content):
            files.take_over(standing / path, folder / path)
        else:
            files.write_bytes(folder / path, content, lasting=False)
