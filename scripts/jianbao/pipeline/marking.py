"""What is written into online books: problems at their cells, forms into empty sheets, a day's rows closed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import TypeVar

import pyarrow as pa
import pyarrow.compute as pc

from jianbao import files, handout, wording
from jianbao.errors import FormError, Refused, SourceUnreached, UsageError
from jianbao.forms import FormSet, FormSpec, Kind
from jianbao.forms.load import load_forms
from jianbao.forms.sheet_layout import SheetLayout, sheet_layout
from jianbao.messages import _, did_you_mean
from jianbao.pipeline.filling import known_registers
from jianbao.pipeline.online import unreached
from jianbao.pipeline.pull import Pulled
from jianbao.pipeline.work import DayWork, pull_only
from jianbao.project import Project
from jianbao.reading import DAY, ROW
from jianbao.reading.layout import HeaderIndex
from jianbao.settings import BookSettings, GoogleSettings
from jianbao.snapshots import Snapshot
from jianbao.sources.google.drive import ORIGIN, book_id, listed_books
from jianbao.sources.google.locks import lock_rows
from jianbao.sources.google.marks import Mark, mark_book
from jianbao.sources.google.service import Service
from jianbao.sources.google.shape import Shaped, shape_book
from jianbao.sources.google.trouble import Trouble
from jianbao.values import Severity

Done = TypeVar("Done")


@dataclass(frozen=True, slots=True)
class MarkedBook:
    """An online book: how many cells carry a mark, how many marks were taken off, or why neither could be done."""

    file: str
    set: int = 0
    removed: int = 0
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class ClosedBook:
    """An online book with how many of a day's rows are protected, or why they could not be."""

    file: str
    rows: int = 0
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class ShapedBook:
    """A book with the form it was shaped for and what was done."""

    address: str
    form: FormSpec
    shaped: Shaped


def mark_online(work: DayWork) -> Iterator[MarkedBook]:
    """Mark each problem of the day on its cell of the online books, and take off the marks of what is mended.

    A book that changed since it was read is not marked: its rows may stand elsewhere by now.
    """
    project = work.project
    read = {s.sha256 for s in work.snapshots}
    latest = {f: s for f, s in work.store.latest().items() if s.origin.startswith(ORIGIN)}
    marks: dict[str, list[Mark]] = {}
    for f in wording.findings(b for b in work.findings if b.severity in (Severity.ERROR, Severity.WARNING)):
        if f.sheet and f.cell and f.file in latest and latest[f.file].sha256 in read:
            marks.setdefault(f.file, []).append(Mark(f.sheet, f.cell, f.message, handout.FILL[f.severity][2:]))
    before = _marked_before(project)
    chosen = [s for f, s in sorted(latest.items()) if f in marks or s.origin in before]
    palette = [c[2:] for c in handout.FILL.values()]
    now = set(before)

    def mark(service: Service, snapshot: Snapshot) -> MarkedBook:
        done = mark_book(service, _id(snapshot), marks.get(snapshot.file, ()), palette)
        (now.add if done.set else now.discard)(snapshot.origin)
        return MarkedBook(snapshot.file, done.set, done.removed)

    yield from _written(project, chosen, mark, lambda file, why: MarkedBook(file, trouble=why))
    files.write_text(_marked_path(project), json.dumps(sorted(now)) + "\n", private=True)


def _marked_path(project: Project) -> Path:
    return project.private / "google" / "marked.json"


def _marked_before(project: Project) -> list[str]:
    path = _marked_path(project)
    found: list[str] = json.loads(files.read_text(path)) if path.is_file() else []
    return found


def _id(snapshot: Snapshot) -> str:
    return snapshot.origin.removeprefix(ORIGIN)


def _written(
    project: Project, chosen: Sequence[Snapshot], write: Callable[[Service, Snapshot], Done], lost: Callable[[str, str], Done]
) -> Iterator[Done]:
    """Write to the books that still are as they were read; yield what was done, or why it was not."""
    if not chosen:
        return
    service = Service.open(_google(project), project.root, writing=True)
    try:
        versions = {b.origin: b.version for b in listed_books(service, _google(project))}
    except Trouble as trouble:
        raise unreached(trouble) from trouble
    for snapshot in chosen:
        if versions.get(snapshot.origin) != snapshot.stamp:
            yield lost(snapshot.file, _("读过以后又有改动，这次没有写入；请再运行一次。"))
            continue
        try:
            yield write(service, snapshot)
        except Trouble as trouble:
            yield lost(snapshot.file, trouble.told)


def _google(project: Project) -> GoogleSettings:
    """Return the office's settings for online books.

    Raises UsageError where its sheets come from a folder.
    """
    if project.settings.google is None:
        raise UsageError(_("这个办公室的表格不在谷歌表格里"), _('在 jianbao.toml 的 [source] 写 kind = "google"，见 docs/google.md。'))
    return project.settings.google


def close_day(project: Project, *, day: date, as_of: datetime) -> Iterator[ClosedBook]:
    """Protect a day's rows of every daily form in every online book.

    Raises Refused before the deadline.
    """
    forms = load_forms(project.forms, project.settings.names)
    due = [d for f in forms if f.kind is Kind.DAILY and (d := project.settings.deadline or f.deadline)]
    limit = datetime.combine(day, max(due), project.zone) if due else None
    if limit and as_of < limit:
        raise Refused(_("{day} 的填报截止时间还没有到").format(day=day), _("{limit:%H:%M} 以后再关。").format(limit=limit))
    pulled = _looked(project, day, as_of)
    rows = {file: found for file in pulled.present if (found := _rows_of(pulled, file, day))}
    yield from (ClosedBook(file, trouble=why) for file, why in pulled.unreached.items())
    chosen = [s for f, s in pulled.present.items() if f in rows and f not in pulled.unreached]
    yield from _written(
        project, chosen, lambda service, s: ClosedBook(s.file, lock_rows(service, _id(s), day, rows[s.file])),
        lambda file, why: ClosedBook(file, trouble=why),
    )  # fmt: skip


def open_day(project: Project, *, day: date, as_of: datetime) -> Iterator[ClosedBook]:
    """Give a day's rows free again in every online book."""
    pulled = _looked(project, day, as_of)
    yield from (ClosedBook(file, trouble=why) for file, why in pulled.unreached.items())
    chosen = [s for f, s in pulled.present.items() if f not in pulled.unreached]
    yield from _written(
        project, chosen, lambda service, s: ClosedBook(s.file, lock_rows(service, _id(s), day, {})),
        lambda file, why: ClosedBook(file, trouble=why),
    )  # fmt: skip


def _looked(project: Project, day: date, as_of: datetime) -> Pulled:
    _google(project)
    return pull_only(replace(project, offline=False), as_of=as_of, day=day)


def _rows_of(pulled: Pulled, file: str, day: date) -> dict[str, list[int]]:
    """Return the rows of a day in a book's daily forms, by worksheet."""
    snapshot = pulled.present[file]
    found: dict[str, list[int]] = {}
    for sheet in pulled.reading(snapshot).sheets:
        if pulled.forms[sheet.form].kind is Kind.DAILY:
            days = pc.fill_null(sheet.table.column(DAY), pa.scalar(snapshot.day))
            rows = sheet.table.column(ROW).filter(pc.equal(days, pa.scalar(day))).to_pylist()
            if rows:
                found[sheet.sheet] = rows
    return found


def shape_online(project: Project, *, form: str, address: str, as_of: datetime) -> Iterator[ShapedBook]:
    """Shape the books that jianbao.toml names a form for, or the one at `address` for `form`.

    Raises UsageError where there is no book, FormError where there is no such form.
    """
    forms = load_forms(project.forms, project.settings.names)
    settings = project.settings.google or GoogleSettings()
    books = [BookSettings(address, form=form)] if address else [b for b in settings.books if b.form and form in ("", b.form)]
    service = Service.open(settings, project.root, writing=True)
    if not books or not books[0].form:
        raise UsageError(_("没有可以整理的表格"), _steps(service.owner))
    wanted = [(book, _form(forms, book.form)) for book in books]
    units = _units(project, forms, as_of)
    for book, spec in wanted:
        choices = {r.field: units for r in spec.references if forms.unit_list and r.form == forms.unit_list.name}
        layout: SheetLayout = sheet_layout(spec, choices)
        locate = HeaderIndex.of(spec).field_of
        try:
            shaped = shape_book(service, book_id(book.address), layout, locate=locate, zone=project.settings.school.timezone)
        except Trouble as trouble:
            text = _("{file}：{reason}").format(file=book.path or book.address, reason=trouble.reason)
            raise SourceUnreached(text, trouble.advice) from trouble
        yield ShapedBook(book.path or book.address, spec, shaped)


def _steps(owner: str) -> str:
    return _(
        "程序的账号不能自己新建谷歌表格，请人来建：\n"
        "  1. 用浏览器打开 sheets.new，起好名字；\n"
        "  2. 按右上角“共享”，加入 {owner}，权限选“编辑者”；\n"
        '  3. 把网址写进 jianbao.toml：[[source.book]] 下写 address = "网址" 和 form = "表单名"；\n'
        "  4. 再运行 jianbao forms --to google。"
    ).format(owner=owner or _("登录时用的账号"))


def _form(forms: FormSet, name: str) -> FormSpec:
    found = forms.get(name)
    if found is None:
        raise FormError(_("没有名为 {name} 的表单").format(name=name) + did_you_mean(name, [f.name for f in forms]))
    return found


def _units(project: Project, forms: FormSet, as_of: datetime) -> Sequence[str]:
    """Return the school's units as they were last read; none where nothing was read yet."""
    return list(known_registers(project, forms, as_of=as_of).units.units)
