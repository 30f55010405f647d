"""What goes into a release's bag, and what makes one necessary."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from jianbao import __version__, files
from jianbao.documents import Document
from jianbao.facts import Facts, to_csv, to_json
from jianbao.forms import FormSet
from jianbao.messages import _
from jianbao.project import Settings, shipped
from jianbao.record import SITE_MANIFEST, PageState, Record
from jianbao.render import SHIPPED
from jianbao.snapshots import Snapshot

RULES: Final = "rules.json"


@dataclass(frozen=True, slots=True)
class FigureChange:
    """A released figure, or state of the units, that is different now."""

    title: str
    was: str
    now: str


def figure_changes(before: Facts, now: Facts) -> list[FigureChange]:
    """Return in which figures and in which states of units a day differs from how it was released."""
    was = {f.name: f for f in before.figures}
    found = []
    for figure in now.figures:
        old = was.get(figure.name)
        sides = [f"{f.value if f.value is not None else _('未报')}（{f.received}/{f.expected}）" if f else _("（无）") for f in (old, figure)]
        if sides[0] != sides[1]:
            found.append(FigureChange(figure.title, *sides))
    for title, key in ((_("零报告单位"), "zero"), (_("有情况单位"), "cases"), (_("未报单位"), "missing"), (_("报告无效单位"), "rejected")):
        old_count, new_count = getattr(before.units, key), getattr(now.units, key)
        if old_count != new_count:
            found.append(FigureChange(title, str(old_count), str(new_count)))
    if before.news != now.news:
        found.append(FigureChange(_("部门动态"), str(len(before.news)), str(len(now.news))))
    return found


def page_states(documents: Iterable[Document], sources: Mapping[str, str]) -> dict[str, PageState]:
    """Return the state of each public page: hash of its source, number of its change notes."""
    return {d.path: PageState(files.sha256(sources[d.path].encode()), len(d.changes)) for d in documents}


def changed_pages(record: Record, states: Mapping[str, PageState]) -> list[str]:
    """Return the pages that are new or different since the last release, in order."""
    return sorted(path for path, state in states.items() if record.pages.get(path) != state)


def unexplained(record: Record, states: Mapping[str, PageState], documents: Mapping[str, Document]) -> list[str]:
    """Return the released pages whose text was changed without a change note, and those that are gone."""
    found = []
    for path, was in record.pages.items():
        now = states.get(path)
        if now is None or (now != was and now.changes <= was.changes and documents[path].status == _signed(documents[path])):
            found.append(path)
    return found


def _signed(document: Document) -> object:
    """A document that is withdrawn or superseded says so in its front matter, which is note enough."""
    from jianbao.documents import Status  # noqa: PLC0415

    return Status.SIGNED if document.status is Status.SIGNED else None


def payload(
    *, number: int, day: date, as_of: datetime, states: Mapping[str, PageState], changed: Sequence[str], sources: Mapping[str, str],
    site: Path, facts: Facts | None, forms: FormSet, forms_folder: Path, templates: Path, settings: Settings, snapshots: Sequence[Snapshot],
) -> dict[str, bytes]:  # fmt: skip
    """Return the files of a release's bag, by path below `data/`.

    Of the snapshots only hash, size and time: their names may be persons' and their rows never leave.
    """
    about: dict[str, Any] = {
        "number": number, "day": day.isoformat(), "as_of": as_of.isoformat(), "program": f"jianbao {__version__}",
        "pages": {p: {"sha256": s.sha256, "changes": s.changes} for p, s in sorted(states.items())}, "changed": list(changed),
        "forms": {f.name: {"version": f.version, "sha256": f.sha256} for f in forms},
    }  # fmt: skip
    found = {"release.json": _json(about), "snapshots.json": _json([_snapshot(s) for s in snapshots])}
    found[RULES] = _json({name: value for name, value in settings.on(day).items()})
    for path in changed:
        found[f"pages/{path}"] = sources[path].encode()
        html = site / f"{path.removesuffix('.md')}.html"
        found[f"pages/{path.removesuffix('.md')}.html"] = files.read_bytes(html)
    if facts:
        found |= {"facts.json": to_json(facts).encode(), "figures.csv": ("\ufeff" + to_csv(facts)).encode()}
    for folder, name in ((forms_folder, "forms"), (SHIPPED, "templates"), (templates, "templates-own")):
        found |= {f"{name}/{files.relative(p, folder)}": files.read_bytes(p) for p in (files.walk(folder) if folder.is_dir() else ())}
    lock = shipped("requirements") / "run.lock"
    if lock.is_file():
        found["requirements.lock"] = files.read_bytes(lock)
    return found


def _snapshot(snapshot: Snapshot) -> dict[str, Any]:
    return {"sha256": snapshot.sha256, "size": snapshot.size, "pulled_at": snapshot.pulled_at}


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, sort_keys=True, indent=2) + "\n").encode()


def bag_info(settings: Settings, *, number: int, day: date, as_of: datetime) -> dict[str, str]:
    """Return the bag's own description (RFC 8493, 2.2.2)."""
    return {
        "Source-Organization": settings.school.name,
        "Contact-Name": settings.school.office,
        "External-Identifier": f"{number:04d}-{day.isoformat()}",
        "External-Description": f"{settings.briefing.title} {day.isoformat()}",
        "Bagging-Date": as_of.date().isoformat(),
    }


SEALED_SITE: Final = SITE_MANIFEST
