"""Pages of an earlier build taken over where rendering them again would give the same bytes (a plugin of MkDocs).

An unchanged page is laid into the new site as it stands and left out of the build; links to it still lead somewhere,
and it keeps its lines in the sitemap and the search index.
"""

from __future__ import annotations

import html
import json
import posixpath
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

from mkdocs.plugins import BasePlugin, event_priority
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.pages import Page
from mkdocs.utils import meta

from jianbao import files
from jianbao.build.frame import frame_of, navigation_titles
from jianbao.build.rendered import Rendered, StandingSite
from jianbao.messages import _
from jianbao.progress import Watch, unwatched

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.utils.templates import TemplateContext

_TARGET: Final = re.compile(r"""\s(?:href|src)="([^"#?]+)""")
_INDEX: Final = Path("search") / "search_index.json"


class Reuse(BasePlugin):  # type: ignore[type-arg, no-untyped-call]  # it has no settings, and mkdocs leaves its making untyped
    """Takes unchanged pages over from the site that stands; `rendered` is then what the next build may take over."""

    def __init__(self, standing: StandingSite, theme: Path, watch: Watch = unwatched) -> None:
        self.rendered: dict[str, Rendered] = {}
        self._standing, self._theme = standing, theme
        self._found = Files([])
        self._pages: list[File] = []
        self._destinations: frozenset[str] = frozenset()
        self._keys: dict[str, str] = {}
        self._taken: dict[str, tuple[Page, Rendered]] = {}
        self._links: dict[str, tuple[str, ...]] = {}
        self._made: dict[str, tuple[Page, str]] = {}
        self._watch = watch

    @event_priority(-100)
    def on_files(self, found: Files, *, config: MkDocsConfig) -> None:
        """Lay unchanged pages into the site and leave them out of the build."""
        self._found = found
        self._pages = list(found.documentation_pages())
        self._destinations = frozenset(f.dest_uri for f in found)
        frame = frame_of(config, found, self._theme)
        if frame is None:
            return
        self._keys = {f.src_uri: _key(frame, f) for f in self._pages}
        shown, before = dict(navigation_titles(config.nav)), self._standing.read()
        for file in self._pages[1:]:  # the start page is rendered in any case: of nothing but what is taken over MkDocs makes no site
            was = before.get(file.src_uri)
            if was and was.key == self._keys[file.src_uri] and self._destinations.issuperset(was.links):
                if file.src_uri not in shown:
                    self._take(file, was, Page(None, file, config))
                elif title := shown[file.src_uri]:
                    page = Page(title, file, config)
                    _text, page.meta = meta.get_data(file.content_string)
                    self._take(file, was, page)

    def _take(self, file: File, was: Rendered, page: Page) -> None:
        """Take a page over, where it stands as it was rendered; others show its title, and may lead to places in it."""
        if self._standing.take(file.dest_uri, was.sha256, Path(file.dest_dir)):
            file.inclusion = InclusionLevel.EXCLUDED
            page.present_anchor_ids = set(was.anchors)
            self._taken[file.src_uri] = page, was

    def on_template_context(self, context: TemplateContext, **_about: object) -> TemplateContext:
        """Let the sitemap see every page."""
        context["pages"] = self._pages
        return context

    @event_priority(-100)
    def on_page_content(self, text: str, *, page: Page, **_about: object) -> None:
        """Note which files a page leads to."""
        self._links[page.file.src_uri] = _links(text, page.file, self._destinations)
        self._tell()

    @event_priority(-100)
    def on_post_page(self, output: str, *, page: Page, **_about: object) -> None:
        """Note what a page came to."""
        self._made[page.file.src_uri] = page, files.sha256(output.encode(errors="xmlcharrefreplace"))
        self._tell()

    def _tell(self) -> None:
        """Say how far the build has come: every page that is not taken over is read once, and laid out once."""
        self._watch(_("生成网站"), len(self._links) + len(self._made), 2 * (len(self._pages) - len(self._taken)))

    @event_priority(-50)  # after the search plugin has written its index, before the offline plugin copies it
    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Check the links of what was taken over, complete the index, and note all for the next build."""
        if not self._keys:
            return
        self._check_anchors(config)
        search = self._complete_index(Path(config.site_dir) / _INDEX)
        self.rendered = {path: was for path, (_page, was) in self._taken.items()}
        for path, (page, digest) in self._made.items():
            if page.links_to_anchors is not None and page.present_anchor_ids is not None:
                anchored = {file.src_uri: places for file, places in page.links_to_anchors.items()}
                anchors = tuple(sorted(page.present_anchor_ids))
                self.rendered[path] = Rendered(self._keys[path], digest, self._links[path], anchors, anchored, search.get(path, ""))

    def _check_anchors(self, config: MkDocsConfig) -> None:
        """Let MkDocs warn of links from what was taken over to places that are gone from other pages."""
        for page, was in self._taken.values():
            targets = ((self._found.get_file_from_path(path), places) for path, places in was.anchored.items())
            page.links_to_anchors = {file: dict(places) for file, places in targets if file is not None}
            page.validate_anchor_links(files=self._found, log_level=config.validation.links.anchors)

    def _complete_index(self, path: Path) -> Mapping[str, str]:
        """Write the search index as of all pages, and return each page's entries."""
        if not path.is_file():
            return {}
        index = json.loads(files.read_bytes(path))
        search = _entries(index["docs"], self._pages) | {path: was.search for path, (_page, was) in self._taken.items()}
        if self._taken:
            head = _compact({"config": index["config"], "docs": []}).removesuffix("]}")
            said = ",".join(found for f in self._pages if (found := search.get(f.src_uri)))
            files.write_text(path, f"{head}{said}]}}", lasting=False)
        return search


def _key(frame: str, file: File) -> str:
    return files.sha256(b"\x00".join((frame.encode(), file.src_uri.encode(), file.content_bytes)))


def _links(text: str, file: File, there: frozenset[str]) -> tuple[str, ...]:
    """Return the files of the site that a page's text leads to."""
    base = posixpath.dirname(file.dest_uri)
    said = {unquote(html.unescape(target)) for target in set(_TARGET.findall(text))}
    return tuple(sorted(there & {posixpath.normpath(posixpath.join(base, target)) for target in said}))


def _entries(docs: Iterable[Mapping[str, Any]], pages: Iterable[File]) -> dict[str, str]:
    """Return the index's entries by page, as JSON without the brackets."""
    by_address: dict[str, list[str]] = {}
    for entry in docs:
        by_address.setdefault(entry["location"].partition("#")[0], []).append(_compact(entry))
    return {f.src_uri: ",".join(by_address[f.url]) for f in pages if f.url in by_address}


def _compact(value: Any) -> str:
    """Return JSON as the theme's search plugin writes it."""
    return json.dumps(value, separators=(",", ":"))
