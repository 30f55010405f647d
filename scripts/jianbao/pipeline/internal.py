"""The originals of internal documents, sealed under private/record/ as the public ones are under record/."""

from __future__ import annotations

import json
from datetime import date, datetime

from jianbao import __version__, files, pages, release
from jianbao.checks.frontmatter import check_pages
from jianbao.documents import Audience
from jianbao.project import Project
from jianbao.record import ChainLine, Record


def seal_internal(project: Project, day: date, as_of: datetime) -> ChainLine | None:
    """Seal the internal documents in force that are new or changed since the last bag; None where there is none.

    The bag names the head of the public chain, so that the two can be laid side by side.
    """
    record = Record.open(project.internal_record)
    record.clear_unfinished()
    read = {p: files.read_bytes(project.pages / p) for p in pages.markdown_files(project.pages)}
    documents, _faults = check_pages(read.items())
    kept = {d.path for d in documents if d.audience is not Audience.PUBLIC and d.status.released and d.on <= as_of.date()}
    hashes = {path: files.sha256(read[path]) for path in sorted(kept)}
    sealed = record.last.about["documents"] if record.last else {}
    changed = [path for path, digest in hashes.items() if sealed.get(path) != digest]
    if not changed and sealed.keys() <= hashes.keys():
        return None
    files.private_folder(project.internal_record)
    about = {
        "number": record.next_number, "as_of": as_of.isoformat(), "program": f"jianbao {__version__}", "documents": hashes,
        "changed": changed, "public_head": Record.open(project.record).head,
    }  # fmt: skip
    payload = {f"pages/{path}": read[path] for path in changed}
    payload["release.json"] = (json.dumps(about, ensure_ascii=False, sort_keys=True, indent=2) + "\n").encode()
    return record.seal(day, payload, release.bag_info(project.settings, number=record.next_number, day=day, as_of=as_of))
