"""The frame of a site: all that enters a page but its own text, as one hash.

The settings, the navigation, the theme, the segmenter's words, and the programs that turn them into HTML. Where a page
could come of anything else (a plugin, a hook or an extension that reads other files, a theme of the office's own) the
frame cannot be told, and nothing is taken over from an earlier build.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Iterable, Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from mkdocs.utils import meta

from jianbao import files

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files

_PROGRAMS: Final = (
    "mkdocs", "mkdocs-material", "Markdown", "pymdown-extensions", "Jinja2", "MarkupSafe", "PyYAML", "Pygments", "backrefs", "jieba",
)  # fmt: skip
_PLUGINS: Final = frozenset({"material/search", "material/offline", "jianbao/reuse"})
_TEMPLATES: Final = frozenset({"404.html", "sitemap.xml"})
_EXTENSIONS: Final = frozenset({
    "abbr", "admonition", "attr_list", "def_list", "fenced_code", "footnotes", "md_in_html", "sane_lists", "smarty", "tables", "toc",
    *(f"pymdownx.{n}" for n in (
        "betterem", "caret", "details", "highlight", "inlinehilite", "keys", "mark", "superfences", "tabbed", "tasklist", "tilde",
    )),
})  # fmt: skip
"""Extensions that make a page of its own text alone."""

_ELSEWHERE: Final = re.compile(r"^INHERIT\b|!ENV\b|!relative\b|!!python/[\w/]+:(?!pymdownx\.|material\.)", re.MULTILINE)
"""What lets mkdocs.yml depend on other files, the environment or code of one's own."""


def frame_of(config: MkDocsConfig, found: Files, theme: Path) -> str | None:
    """Return the hash of a site's frame, or None where it cannot be told; `theme` are our own theme templates."""
    settings = files.read_text(Path(config.config_file_path))
    if not _known(config, settings):
        return None
    programs = [sys.version, *(f"{name} {_version(name)}" for name in _PROGRAMS)]
    own = [f"{files.relative(p, theme)} {files.sha256_of(p)}" for p in files.walk(theme)]
    said = [settings, config.site_url, programs, own, list(_words(config)), list(_navigation(config, found))]
    return files.sha256(json.dumps(said, default=str).encode())


def navigation_titles(nav: Any) -> Iterator[tuple[str, str | None]]:
    """Yield what mkdocs.yml's navigation leads to, each with its title there, in order."""
    for title, item in nav.items() if isinstance(nav, dict) else ((None, i) for i in nav) if isinstance(nav, list) else ():
        if isinstance(item, str):
            yield item, title
        else:
            yield from navigation_titles(item)


def _known(config: MkDocsConfig, settings: str) -> bool:
    """Whether pages come of nothing but their text and what the frame names."""
    validation = config.validation
    heard = (validation.links.not_found, validation.links.unrecognized_links)
    return (
        config.theme.name == "material"
        and not config.theme.custom_dir
        and not (Path(config.config_file_path).parent / "templates" / "theme").is_dir()
        and set(config.plugins) <= _PLUGINS
        and set(config.markdown_extensions) <= _EXTENSIONS
        and set(config.theme.static_templates) <= _TEMPLATES
        and not config.hooks
        and not config.extra_templates
        and config.nav is not None
        and all(level >= logging.WARNING for level in heard)
        and validation.nav.omitted_files < logging.WARNING
        and not _ELSEWHERE.search(settings)
    )


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _words(config: MkDocsConfig) -> Iterable[str]:
    """Yield the hashes of the segmenter's dictionaries."""
    search = config.plugins.get("material/search")
    for path in (search.config.jieba_dict, search.config.jieba_dict_user) if search else ():
        yield files.sha256_of(Path(path)) if path and Path(path).is_file() else ""


def _navigation(config: MkDocsConfig, found: Files) -> Iterator[tuple[str, object]]:
    """Yield the pages of the navigation with what others show of them: their front matter, and all where it names no title."""
    for path, _title in navigation_titles(config.nav):
        file = found.get_file_from_path(path)
        if file is None:
            yield path, None
        else:
            text, said = meta.get_data(file.content_string)
            yield path, said if "title" in said else [said, text]
