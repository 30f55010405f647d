"""Whether a publication still stands just as it was left: what it was made from, by size and time, and by hash where time cannot tell.

`publish` notes this when it ends. The next run on the same day holds it against what is there: where nothing is another,
nothing needs to be read. Heavy libraries stay out of this module, for that is its whole use.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from jianbao import __version__, files
from jianbao.messages import language
from jianbao.project import Project
from jianbao.settings import SETTINGS_FILE
from jianbao.snapshots import SnapshotStore

if TYPE_CHECKING:
    from jianbao.forms import FormSet

FILE: Final = "standing.json"
_FORMAT: Final = "jianbao-standing/1"
_PROGRAM: Final = Path(__file__).parents[1]
_JUST_NOW: Final = 2_000_000_000
"""Nanoseconds: a file changed within so short a time may be changed again under the same time stamp."""

Marks = Mapping[str, tuple[int, ...]]
"""Size and times of each file by its path below the office; of a name that is no file, nothing."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A publication that nothing has touched since. `until` is when the clock alone may change a figure of the day."""

    day: str
    asked: str
    as_of: str
    until: str
    briefing: str
    skipped: tuple[str, ...]
    target: str

    def covers(self, day: date | None, as_of: datetime) -> bool:
        """Whether a run for this day at this moment would come to the same."""
        asked = day.isoformat() if day else ""
        return asked in (self.asked, self.day) and datetime.fromisoformat(self.as_of) <= as_of < datetime.fromisoformat(self.until)


def undisturbed(project: Project, *, day: date | None, as_of: datetime) -> Standing | None:
    """Return the publication that stands just as it was left, after noting that somebody looked; None where anything is another."""
    path = project.private / FILE
    data = _read(path)
    if data is None or data["program"] != _program():
        return None
    standing = Standing(**{**data["standing"], "skipped": tuple(data["standing"]["skipped"])})
    marks = {name: tuple(mark) for name, mark in data["marks"].items()}
    if not (standing.covers(day, as_of) and _in_place(project) and marks_of(project) == marks):
        return None
    doubtful = {name for name, mark in marks.items() if _fresh(mark, path.stat().st_mtime_ns)}
    if any(data["hashes"].get(name) != files.sha256_of(project.root / name) for name in doubtful):
        return None
    _look(project, as_of)
    return standing


def _read(path: Path) -> Mapping[str, Any] | None:
    try:
        data: Mapping[str, Any] = json.loads(files.read_text(path))
    except (OSError, ValueError):
        return None
    return data if isinstance(data, dict) and data.get("format") == _FORMAT else None


def _look(project: Project, as_of: datetime) -> None:
    """Note the look: a report that comes later was not there yet."""
    store = SnapshotStore.open(project.private / "snapshots")
    store.looked(as_of)
    store.save()


def note(project: Project, standing: Standing, before: Marks, written: Iterable[str]) -> None:
    """Note a publication as it stands.

    `before` is what was there when the run began, `written` the files that it wrote itself. Where anything else is
    another now, somebody worked beside it, and nothing is noted.
    """
    path, now = project.private / FILE, marks_of(project)
    changed = {name for name in before.keys() | now.keys() if before.get(name, ()) != now.get(name, ())} - {*written}
    own = f"{_name(project.record, project.root)}/"
    if project.settings.source_kind != "folder" or any(not n.startswith(own) for n in changed) or not _in_place(project):
        files.remove(path)
        return
    data = {"format": _FORMAT, "program": _program(), "standing": asdict(standing), "marks": now, "hashes": {}}
    files.write_text(path, _json(data), private=True, lasting=False)
    moment = path.stat().st_mtime_ns
    hashes = {name: files.sha256_of(project.root / name) for name, mark in now.items() if _fresh(mark, moment)}
    files.write_text(path, _json({**data, "hashes": hashes}), private=True, lasting=False)


def _json(data: Mapping[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, sort_keys=True) + "\n"


def _fresh(mark: tuple[int, ...], moment: int) -> bool:
    return len(mark) > 1 and mark[1] > moment - _JUST_NOW


def marks_of(project: Project) -> dict[str, tuple[int, ...]]:
    """Return the marks of everything that a publication is made from, and of what it leaves."""
    return dict(_marks(project))


def _marks(project: Project) -> Iterator[tuple[str, tuple[int, ...]]]:
    root = project.root
    for folder in (project.inbox, project.pages, project.forms, project.templates, project.record):
        yield from _below(folder, root)
    for name in (SETTINGS_FILE, "mkdocs.yml"):
        if (root / name).is_file():
            yield name, _mark((root / name).stat())
    for folder in (project.editions, project.private, project.lists):
        yield from ((f"{_name(p, root)}/", ()) for p in _entries(folder))
    if (root / ".git").exists():
        yield ".git/", ()


def _below(folder: Path, root: Path) -> Iterator[tuple[str, tuple[int, ...]]]:
    for where, _folders, names in os.walk(files.at(folder)):
        for name in names:
            path = Path(where) / name
            try:
                state = path.stat()
            except OSError:  # a link to nothing
                continue
            yield _name(path, root), _mark(state)


def _name(path: Path, root: Path) -> str:
    return Path(os.path.relpath(path, files.at(root))).as_posix()


def _entries(folder: Path) -> Iterable[Path]:
    return (p for p in folder.iterdir() if p.name not in (FILE, ".lock")) if folder.is_dir() else ()


def _mark(state: os.stat_result) -> tuple[int, ...]:
    """Return size and times; the time of change, which no program can set back, where the system keeps one."""
    return (state.st_size, state.st_mtime_ns, state.st_ctime_ns if os.name == "posix" else 0)


def _in_place(project: Project) -> bool:
    """Whether the site, and its target, are those of the last release, and nothing is left of a run cut off."""
    ours = _bytes(project.record / "chain.txt")
    site = _bytes(project.site / "record" / "chain.txt")
    lines = ours.decode("utf-8", "replace").splitlines() if ours else []
    whole = all((project.record / line.split(" ")[2]).is_dir() for line in lines)
    left = [f.with_name(f.name + end) for f in (project.site, project.staged) for end in (".old", ".new")]
    if ours is None or site != ours or not whole or any(p.exists() for p in left):
        return False
    return not project.settings.target or _bytes(project.root / project.settings.target / "record" / "chain.txt") == ours


def _bytes(path: Path) -> bytes | None:
    try:
        return files.read_bytes(path)
    except OSError:
        return None


def _program() -> str:
    """Return what tells one state of the program, and the language it speaks, from another."""
    newest = max(
        (Path(where) / name).stat().st_mtime_ns
        for where, _folders, names in os.walk(_PROGRAM) if "__pycache__" not in where for name in names
    )  # fmt: skip
    return f"{__version__} {language()} {newest}"


def next_change(forms: FormSet, as_of: datetime) -> datetime:
    """Return when the clock alone may next change a figure: a round falls due, a shift begins or ends, or the day is over."""
    from jianbao.forms.derived import Rota, Rounds

    times = [
        moment for form in forms for spec in form.derived.values()
        for moment in (
            [r.due for r in spec.each if r.due] if isinstance(spec, Rounds)
            else [t for s in spec.shifts for t in (s.start, s.end)] if isinstance(spec, Rota) else []
        )
    ]  # fmt: skip
    later = [moment for t in times if (moment := datetime.combine(as_of.date(), t, as_of.tzinfo)) > as_of]
    return min(later, default=as_of.replace(hour=23, minute=59, second=59, microsecond=0))
