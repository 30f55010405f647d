"""Site and register from record/ alone: what a new computer, or a reader in ten years, needs."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final

from jianbao import __version__, clearing, files, release
from jianbao.editions import VERSIONS, put_back, read_editions, versions_json
from jianbao.errors import Blocked, RecordError, Refused
from jianbao.messages import _, listed
from jianbao.pipeline.gate import public_pages, with_earlier_attachments
from jianbao.pipeline.publish import build_edition, put_in_place
from jianbao.project import Project
from jianbao.record import CHAIN, EDITIONS, SITE_MANIFEST, Record, Release, parsed_manifest, site_manifest
from jianbao.render import SHIPPED
from jianbao.settings import SETTINGS_FILE
from jianbao.site import edition_of
from jianbao.verification import verify

_SHOWN: Final = 10


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restoration did: the files it laid out, the pages on the site, the release they are those of, and the closed editions.

    `lacking` are editions of which the record no longer holds all: a page of theirs was removed, or another program made them.
    """

    number: int
    written: int
    pages: int
    editions: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()


def restore(root: Path) -> Restored:
    """Lay out an office from its record and build the site again; what is there is left as it is.

    Raises RecordError where the record is not intact or holds no release, Refused where the site is not, byte for
    byte, the one that was sealed: it is not put in place then.
    """
    record = Record.open(root / "record")
    if faults := verify(record.folder):
        raise RecordError(
            _("记录与封存时不符，不能据以恢复：{where}").format(where=listed(f.where for f in faults[:_SHOWN])), _("见 jianbao verify。")
        )
    last = record.last
    if last is None:
        raise RecordError(
            _("{folder} 里没有任何一次发布").format(folder=root / "record"), _("把原来的 record 文件夹整个拷到这里，再运行一次。")
        )
    made, lacking = _editions_again(root, record, last)
    number, written, count = _site_again(root, record, last)
    return Restored(number, written, count, made, lacking)


def _site_again(root: Path, record: Record, last: Release) -> tuple[int, int, int]:
    """Lay out what is not there, build the site and put it in place; return release, files written and pages."""
    laid = laid_out(record, last)
    written = sum(_written(root / path, data) for path, data in laid.items())
    project = Project.open(root)
    moment = datetime.fromisoformat(last.about["as_of"])
    found = public_pages(project, moment.date()).with_briefings_of(set(record.facts))
    found = with_earlier_attachments(found, record, project.pages)
    with tempfile.TemporaryDirectory() as folder:
        templates = sealed_templates(last, Path(folder))
        edition = edition_of(
            record, settings=project.settings, number=last.line.number, moment=moment, documents=found.documents, changed=last.changed,
            facts=last.sealed_facts, templates=templates,
        )  # fmt: skip
        edition = replace(edition, printed={path: last.printed(path) for path in last.changed})
        site = build_edition(project, edition, found, files.read_text(last.folder / "data" / release.WORDS), whole=True)
    _refuse_other(last, site, [path for path, data in laid.items() if _as_found(project, path) != data])
    put_in_place(project, site)
    return last.line.number, written, len(found.documents)


def _editions_again(root: Path, record: Record, last: Release) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Make the closed editions again that are not there, each the site of its release; return their names, and those that cannot be."""
    listed, folder = last.folder / "data" / EDITIONS, root / EDITIONS
    known = [] if (folder / VERSIONS).is_file() else read_editions(listed)
    lacking = []
    for one in known:
        with tempfile.TemporaryDirectory() as scratch:
            past = Path(scratch)
            _until(record, one.release, past / "record")
            try:
                then = Record.open(past / "record")
                _site_again(past, then, then.releases[-1])
                put_back(folder / one.version, past / "build/public/site")
            except (Refused, Blocked, RecordError):
                lacking.append(one.version)
    kept = [e for e in known if e.version not in lacking]
    if known:
        files.write_text(folder / VERSIONS, versions_json(kept))
        clearing.settle(folder, record)
    return tuple(e.version for e in kept), tuple(lacking)


def _until(record: Record, number: int, folder: Path) -> None:
    """Lay out the record as it stood at a release."""
    lines = record.lines[:number]
    for line in lines:
        files.copy_tree(record.folder / line.name, folder / line.name)
    files.write_text(folder / CHAIN, "".join(f"{line.text}\n" for line in lines))


def laid_out(record: Record, last: Release) -> dict[str, bytes]:
    """Return the files of an office that a record holds, by path: settings, forms, own templates, pages, attachments."""
    data = last.folder / "data"
    found = {SETTINGS_FILE: files.read_bytes(data / release.OFFICE), "mkdocs.yml": files.read_bytes(data / release.SITE_SETTINGS)}
    for sealed, place in (("forms", "forms_schema"), ("templates-own", "templates")):
        found |= {f"{place}/{files.relative(p, data / sealed)}": files.read_bytes(p) for p in files.walk(data / sealed)}
    for path in last.pages:
        source = record.states_of(path)[-1].source(path)
        if source is not None:
            found[f"site/{path}"] = source.encode()
    for path in last.about["attached"]:
        content = record.attachment(path)
        if content is not None:
            found[f"site/{path}"] = content
    return found


def _as_found(project: Project, path: str) -> bytes:
    """Return a file of the office as the record would hold it: of the settings only what is sealed."""
    return release.sealed_settings(project.settings) if path == SETTINGS_FILE else files.read_bytes(project.root / path)


def _written(path: Path, data: bytes) -> bool:
    return False if path.exists() else files.write_bytes(path, data)


def sealed_templates(last: Release, folder: Path) -> Path:
    """Write the templates that a release was made with into `folder`, the school's own over ours; return it."""
    for name in ("templates", "templates-own"):
        sealed = last.folder / "data" / name
        for path in files.walk(sealed):
            files.write_bytes(folder / files.relative(path, sealed), files.read_bytes(path), lasting=False)
    return folder if (last.folder / "data" / "templates").is_dir() else SHIPPED


def _refuse_other(last: Release, site: Path, own: Sequence[str]) -> None:
    """Raise Refused where the site built is not the sealed one; `own` are files that were there already and say something else."""
    sealed = parsed_manifest(files.read_text(last.folder / "data" / SITE_MANIFEST))
    built = parsed_manifest(site_manifest(site))
    other = sorted(name for name in sealed.keys() | built.keys() if sealed.get(name) != built.get(name))
    if not other:
        return
    told = _("重新生成的网站与第 {number} 号记录封存的不同：{names}").format(number=last.line.number, names=_some(other))
    advice = _("当时的程序是 {then}，现在是 {now}；按 record/{bag}/data/requirements.lock 装好当时的版本再试。").format(
        then=last.about["program"], now=f"jianbao {__version__}", bag=last.line.name
    )
    if own:
        told = _("{told}\n文件夹里原有的文件与记录里的不同，没有动它们：{own}").format(told=told, own=_some(own))
        advice = _("把 record 拷到一个空文件夹里，在那里恢复；或先把这些文件移走。仍不相同时：{advice}").format(advice=advice)
    raise Refused(told, advice)


def _some(names: Sequence[str]) -> str:
    return listed(names[:_SHOWN]) + ("……" if len(names) > _SHOWN else "")
