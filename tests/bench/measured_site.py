"""What building and looking through a site of 2,000 pages costs, beside the least that anything could; see measured.py."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from made_day import PEOPLE

from jianbao import files

if TYPE_CHECKING:
    from jianbao.checks.privacy import People

Work = Callable[[], object]

_PAGE: Final = (
    '<!doctype html><html lang="zh"><head><meta charset="utf-8"><title>{{ .Title }}</title></head><body><nav><ul>'
    '{{ range site.Sections }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a></li>{{ end }}</ul></nav>'
    "<main><h1>{{ .Title }}</h1>{{ .TableOfContents }}{{ .Content }}</main></body></html>"
)
"""The barest template that shows a page and the sections of the site, as our pages do."""

_HUGO: Final = """\
baseURL = "https://example.invalid/"
languageCode = "zh-cn"
title = "某校"
hasCJKLanguage = true
uglyURLs = true
disableKinds = ["taxonomy", "term", "RSS"]
[markup.goldmark.renderer]
unsafe = true
"""
_PLAIN: Final = """\
site_name: 某校
docs_dir: {docs}
site_dir: {site}
use_directory_urls: false
theme:
  name: material
  language: zh
  font: false
  features: [navigation.sections, navigation.indexes, navigation.prune]
plugins:
  - search: {{lang: zh}}
"""


def hugo(office: Path) -> Work:
    """The floor of a build: Hugo makes the whole tree of templates without a theme, a search or assets."""
    site, docs = office / "hugo", office / "build/public/docs"
    for path in files.walk(docs):
        name = files.relative(path, docs)
        kind = "content" if path.suffix == ".md" else "static"
        target = site / kind / name
        target = target.with_name("_index.md") if target.name == "index.md" else target
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    files.write_text(site / "config.toml", _HUGO)
    for name in ("single", "list"):
        files.write_text(site / f"layouts/_default/{name}.html", _PAGE)

    def work() -> int:
        subprocess.run(["hugo", "--source", str(site), "--quiet"], check=True)
        made = sum(1 for p in files.walk(site / "public") if p.suffix == ".html")
        assert made >= sum(1 for p in files.walk(docs) if p.suffix == ".md")
        return made

    return work


def _imported() -> None:
    """Import what a build imports."""
    import jieba
    import material.plugins.offline.plugin
    import material.plugins.search.plugin
    import mkdocs.commands.build
    import mkdocs.config
    import pymdownx.details
    import pymdownx.superfences

    assert all((jieba, material, mkdocs, pymdownx))


def plain(office: Path) -> Work:
    """The floor of a whole build: MkDocs-Material as its manual has it, with prune and Chinese search, on the same Markdown."""
    import yaml
    from mkdocs.commands.build import build
    from mkdocs.config import load_config

    _imported()
    text = files.read_text(office / "mkdocs.yml")
    start = text.index("markdown_extensions:")
    extensions = text[start : text.index("\n\n", start)]
    assert yaml.compose(extensions)
    config = _PLAIN.format(docs=office / "build/public/docs", site=office / "plain") + extensions + "\n"
    files.write_text(office / "plain.yml", config)

    def work() -> int:
        build(load_config(str(office / "plain.yml")))
        made = sum(1 for p in files.walk(office / "plain") if p.suffix == ".html")
        assert made > sum(1 for p in files.walk(office / "build/public/docs") if p.suffix == ".md")
        return made

    return work


def one_more(office: Path, *, whole: bool = False) -> Work:
    """What `publish` does from the day's signed briefing to the site in its place; with `whole` as `--full` does it."""
    from made_site import PAGES, SECOND, coming, work_of, write_briefing

    from jianbao.pipeline.disclose import day_facts
    from jianbao.pipeline.publish import build_edition, put_in_place
    from jianbao.project import Project

    project = Project.open(office)
    day = work_of(project, SECOND)
    write_briefing(project, day)
    facts = day_facts(day)
    _imported()

    def work() -> int:
        ready = coming(project, day, facts)
        put_in_place(project, build_edition(project, ready.edition, ready.found, ready.words, whole=whole))
        made = sum(1 for p in files.walk(project.site) if p.suffix == ".html")
        assert made > PAGES
        assert (project.site / f"briefings/{SECOND.year}/{SECOND}.html").is_file()
        return made

    return work


def all_of_it(office: Path) -> Work:
    """The same, every page rendered."""
    return one_more(office, whole=True)


def bare_looking(office: Path) -> Work:
    """The floor of the gate: every file of the site is read, and decoded where it is text."""
    site = office / "build/public/site"

    def work() -> int:
        read = 0
        for path in files.walk(site):
            content = files.read_bytes(path)
            if path.suffix in (".html", ".xml", ".json", ".js", ".css", ".svg", ".csv", ".txt"):
                read += len(content.decode())
        assert read > 10_000 * 1_000
        return read

    return work


def _everybody() -> People:
    """Return a full school's names and numbers."""
    from jianbao.checks.privacy import People
    from jianbao.sample.names import lot, person_name

    names = lot("bench")
    return People(frozenset(person_name(names) for _n in range(PEOPLE)), frozenset(f"20{17_000_000 + n * 7:09d}" for n in range(PEOPLE)))


def first_look(office: Path) -> Work:
    """What the gate does with a site that it has not seen."""
    from jianbao.pipeline.gate import pass_gate

    people, site, kept = _everybody(), office / "build/public/site", office / "private/bench-gate.kept"
    pass_gate({}, people)  # the theme's own hashes

    def work() -> int:
        tree = {f"site/{files.relative(p, site)}": files.read_bytes(p) for p in files.walk(site)}
        pass_gate(tree, people, kept=kept)
        assert kept.is_file()
        return len(tree)

    return work


def next_look(office: Path) -> Work:
    """What the gate does with the site of one more briefing, having passed that of the day before."""
    first_look(office)()
    one_more(office)()
    return first_look(office)


WORKS: Final[Mapping[str, Callable[[Path], Work]]] = {
    "hugo": hugo, "plain": plain, "one-more": one_more, "all-pages": all_of_it, "bare-looking": bare_looking, "first-look": first_look,
    "next-look": next_look,
}  # fmt: skip
