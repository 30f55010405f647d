"""Closed editions: the site of a term or phase, kept under its own path just as it stood, for ever.

They are listed as mike lists versions (`versions.json`: version, title, aliases, properties), so that its tools read
them. mike itself builds a site anew for each version; what is kept here is the tree that was built and sealed, and
the release that sealed it vouches for every file.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

from jianbao import files
from jianbao.clearing import as_left
from jianbao.errors import Refused, UsageError
from jianbao.messages import _
from jianbao.record import EDITIONS, SITE_MANIFEST, Record, site_manifest
from jianbao.render import render
from jianbao.settings import Settings
from jianbao.verification import Discrepancy, verify

VERSIONS: Final = "versions.json"
INDEX: Final = "index.html"
_NAME: Final = re.compile(r"\w[\w.-]{0,59}")
_AWAY: Final = """<!doctype html>
<html lang="zh">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="0; url=../../index.html">
<title>往期网站</title>
<p><a href="../../index.html">往期网站</a></p>
</html>
"""
"""Stands in a closed edition where the living site has its list of editions, and leads there."""


@dataclass(frozen=True, slots=True)
class ClosedEdition:
    """A closed edition: its name is its path, `release` the number of the release that sealed its tree."""

    version: str
    title: str
    aliases: tuple[str, ...]
    release: int
    closed: date

    @property
    def paths(self) -> tuple[str, ...]:
        """Where it stands below the site's folder of editions."""
        return (self.version, *self.aliases)


@dataclass(frozen=True, slots=True)
class Closing:
    """What is asked of a closing. With `move_aliases` an alias may be taken from an earlier edition."""

    version: str
    title: str
    aliases: tuple[str, ...]
    on: date
    move_aliases: bool = False


def read_editions(folder: Path) -> list[ClosedEdition]:
    """Return the closed editions kept in a folder, the newest first."""
    path = folder / VERSIONS
    return [_edition(entry) for entry in json.loads(files.read_text(path))] if path.is_file() else []


def _edition(entry: Mapping[str, object]) -> ClosedEdition:
    more, aliases = entry["properties"], entry["aliases"]
    assert isinstance(more, dict)
    assert isinstance(aliases, list)
    return ClosedEdition(
        str(entry["version"]), str(entry["title"]), tuple(aliases), int(more["release"]), date.fromisoformat(more["closed"])
    )


def versions_json(editions: Sequence[ClosedEdition]) -> str:
    """Return the list of editions in mike's form."""
    entries = [
        {
            "version": e.version,
            "title": e.title,
            "aliases": list(e.aliases),
            "properties": {"closed": e.closed.isoformat(), "release": e.release},
        }
        for e in editions
    ]
    return json.dumps(entries, ensure_ascii=False, indent=2) + "\n"


def close(folder: Path, site: Path, record: Record, closing: Closing) -> list[ClosedEdition]:
    """Keep the built site as an edition in `folder`; return all editions.

    Raises UsageError where a name cannot be a path, Refused where it is taken or the site is not as it was sealed.
    """
    before = read_editions(folder)
    _free(before, closing)
    if record.last is None:
        raise Refused(_("还没有发布过，没有可以封存的网站"), _("先运行 jianbao publish。"))
    if found := verify(record.folder, site):
        raise Refused(
            _("网站或记录与封存时不同（{where} 等 {count} 处），不能作为一期留存").format(where=found[0].where, count=len(found)),
            _("用 jianbao verify 查看；改正后再运行。"),
        )
    kept, unfinished = folder / closing.version, folder / f".{closing.version}.new"
    files.remove(unfinished)
    put_back(unfinished, site)
    files.remove(kept)  # of a run that was cut off: the list does not know it
    files.replace(unfinished, kept)
    earlier = [replace(e, aliases=tuple(a for a in e.aliases if a not in closing.aliases)) for e in before]
    editions = [
        ClosedEdition(closing.version, closing.title or closing.version, closing.aliases, record.last.line.number, closing.on),
        *earlier,
    ]
    files.write_text(folder / VERSIONS, versions_json(editions))
    return editions


def _free(before: Sequence[ClosedEdition], closing: Closing) -> None:
    """Raise where a name is no path, or another edition stands under it."""
    names = (closing.version, *closing.aliases)
    for name in names:
        if not _NAME.fullmatch(name) or files.legal_name(name) != name or name in (INDEX, VERSIONS):
            raise UsageError(_("“{name}”不能作网址的一段").format(name=name), _("用字母、数字、汉字、点和连字符，如 2026-spring。"))
    versions = {e.version.casefold() for e in before}
    aliases = {a.casefold() for e in before for a in e.aliases}
    taken = [
        n for n in names if n.casefold() in versions or (n.casefold() in aliases and (n == closing.version or not closing.move_aliases))
    ]
    if taken or len({n.casefold() for n in names}) < len(names):
        raise Refused(
            _("“{name}”已经是一期的名称或别名，不会覆盖").format(name=(taken or names)[0]),
            _("换一个名称；别名要改指新的一期，加 --update-aliases。"),
        )


def listed(folder: Path) -> dict[str, bytes]:
    """Return the list of editions as a release seals it, by its path; nothing where none is closed."""
    path = folder / VERSIONS
    return {VERSIONS: files.read_bytes(path)} if path.is_file() else {}


def put_back(kept: Path, site: Path) -> None:
    """Lay a site into an edition's folder: all of it but the editions that it carries itself."""
    files.empty_folder(kept)
    for path in files.walk(site):
        name = files.relative(path, site)
        if not name.startswith(f"{EDITIONS}/"):
            files.write_bytes(kept / name, files.read_bytes(path), lasting=False)


def put_into(site: Path, folder: Path, settings: Settings) -> None:
    """Put every edition and alias, the list and its page into a built site. Aliases are copies, which every host serves."""
    editions = read_editions(folder)
    write_index(site, editions, settings)
    for edition in editions:
        for path in edition.paths:
            target = files.empty_folder(site / EDITIONS / path)
            for source in files.walk(folder / edition.version):
                files.write_bytes(target / files.relative(source, folder / edition.version), files.read_bytes(source), lasting=False)
            files.write_text(target / EDITIONS / INDEX, _AWAY, lasting=False)


def write_index(site: Path, editions: Sequence[ClosedEdition], settings: Settings) -> None:
    """Write the page and the list of editions into a built site; no page of the site itself depends on them."""
    page = render(None, "editions.html.j2", {"school": settings.school.name, "office": settings.school.office, "editions": editions})
    files.write_text(site / EDITIONS / INDEX, page, lasting=False)
    files.write_text(site / EDITIONS / VERSIONS, versions_json(editions), lasting=False)


def first_pages(folder: Path) -> list[str]:
    """Return where the start page of each edition stands below the site, for links to be checked against."""
    return [f"{EDITIONS}/{path}/{INDEX}" for edition in read_editions(folder) for path in edition.paths]


def verify_editions(folder: Path, record: Record, site: Path | None) -> list[Discrepancy]:
    """Return in what the kept editions, and their copies in the site, differ from what their releases sealed and removals left."""
    found: list[Discrepancy] = []
    expected: dict[str, str] = {}
    for edition in read_editions(folder):
        release = next((r for r in record.releases if r.line.number == edition.release), None)
        sealed = files.read_text(release.folder / "data" / SITE_MANIFEST) if release else ""
        left = as_left(_hashes(sealed), edition.version, record.removals)
        found += [
            Discrepancy(f"{EDITIONS}/{edition.version}/{n}", what)
            for n, what in _compared(left, _hashes(site_manifest(folder / edition.version)))
        ]
        for path in edition.paths:
            expected |= {f"{path}/{name}": digest for name, digest in left.items()}
    if site is not None and (site / EDITIONS).is_dir():
        ours = ("record/chain.txt", f"{EDITIONS}/{INDEX}")
        own = {INDEX, VERSIONS} | {f"{path}/{name}" for e in read_editions(folder) for path in e.paths for name in ours}
        built = {n: files.sha256_of(p) for p in files.walk(site / EDITIONS) if (n := files.relative(p, site / EDITIONS)) not in own}
        found += [Discrepancy(f"site/{EDITIONS}/{name}", what) for name, what in _compared(expected, built)]
    return found


def _compared(sealed: Mapping[str, str], built: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for name in sorted(sealed.keys() | built.keys()):
        if sealed.get(name) != built.get(name):
            yield name, _("文件不见了") if name not in built else _("多出的文件") if name not in sealed else _("内容被改动")


def _hashes(manifest: str) -> dict[str, str]:
    return {name: digest for digest, name in (line.split("  ", 1) for line in manifest.splitlines())}
