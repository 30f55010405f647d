"""`jianbao forms`: a fill-in workbook of every form, blank for all and filled beforehand for each unit."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from jianbao import files
from jianbao.errors import FormError, SourceUnreached, UsageError
from jianbao.fillin import Sheet, fill_in_workbook
from jianbao.forms import FormSet, FormSpec, Kind, Role, Subject
from jianbao.forms.load import load_forms
from jianbao.forms.sheet_layout import SheetLayout, sheet_layout
from jianbao.forms.stamp import fingerprint
from jianbao.messages import _, did_you_mean, listed
from jianbao.pipeline.evidence import Evidence
from jianbao.pipeline.pull import pull
from jianbao.pipeline.work import pull_only, registers_on
from jianbao.project import Project
from jianbao.reading.layout import HeaderIndex
from jianbao.validation import Registers, Roster

_ALIKE: Final = (Role.NAME, Role.UNIT, Role.CLASS, Role.CAMPUS)
"""What a roster knows of a person that a form asks again."""

_BLANK: Final = "空白表"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which workbooks are asked for: of one form or all, for one unit or all; `day` is written in beforehand."""

    form: str = ""
    unit: str = ""
    out: Path | None = None
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """A workbook that was written; `rows` is how many were filled beforehand, `unit` "" for the blank one."""

    form: FormSpec
    unit: str
    rows: int
    path: Path


def write_forms(project: Project, wanted: Wanted, *, as_of: datetime) -> Iterator[Made]:
    """Write fill-in workbooks, and yield each.

    Below private/ each unit's people are filled in beforehand; elsewhere only blank ones are written.
    Raises FormError where a form was changed under its old version, UsageError where form or unit is unknown.
    """
    forms = load_forms(project.forms, project.settings.names)
    chosen = _chosen(forms, wanted.form)
    folder = (wanted.out or project.out / "forms").resolve()
    inside = folder.is_relative_to(project.private.resolve())
    if wanted.unit and not inside:
        raise UsageError(
            _("{folder} 不在 private 之内，不能写有人员的表格").format(folder=folder), _("去掉 --out，或去掉 --unit 只写空白表。")
        )
    settle_versions(project.private / "forms.json", chosen)
    registers = known_registers(project, forms, as_of=as_of)
    if wanted.unit and wanted.unit not in _units(registers):
        raise UsageError(
            _("没有名为 {name} 的单位").format(name=wanted.unit) + did_you_mean(wanted.unit, _units(registers)),
            _("单位全称见单位名单；刚放进收件文件夹的名单，先运行 jianbao pull。"),
        )
    if wanted == Wanted(day=wanted.day):
        files.empty_folder(folder)
    for form in chosen:
        yield from _workbooks(_Desk(project, forms, registers, folder, wanted), form, inside=inside)


def _chosen(forms: FormSet, name: str) -> list[FormSpec]:
    found = [f for f in forms if name in ("", f.name, f.title)]
    if not found:
        known = [f.name for f in forms]
        raise UsageError(
            _("没有名为 {name} 的表单").format(name=name) + did_you_mean(name, known), _("可用的有：{names}").format(names=listed(known))
        )
    return found


def known_registers(project: Project, forms: FormSet, *, as_of: datetime) -> Registers:
    """Return rosters and units as they stand in the inbox, or as online books were last read; none where nothing was."""
    try:
        online = project.settings.google is not None
        pulled = pull(replace(project, offline=True), forms, as_of=as_of, day=None) if online else pull_only(project, as_of=as_of)
    except SourceUnreached:
        return Registers()
    return registers_on(Evidence.of(pulled, frozenset()), forms, as_of.date(), project)[0]


def _units(registers: Registers) -> list[str]:
    """Return every unit that sheets are made for: those that report, and those that people are in."""
    people = (u for r in registers.rosters.values() for u in r.column(Role.UNIT).unique().to_pylist())
    return list(dict.fromkeys([*registers.units.units, *(u for u in people if u)]))


@dataclass(frozen=True, slots=True)
class _Desk:
    project: Project
    forms: FormSet
    registers: Registers
    folder: Path
    wanted: Wanted

    def layout(self, form: FormSpec) -> SheetLayout:
        """Return a form's layout, with the school's units to choose from."""
        units = tuple(self.registers.units.units)
        choices = {r.field: units for r in form.references if units and self.forms.unit_list and r.form == self.forms.unit_list.name}
        return sheet_layout(form, choices)

    def write(self, form: FormSpec, unit: str, rows: Sequence[Mapping[str, str | date | None]]) -> Made:
        """Write one workbook."""
        path = self.folder / files.legal_name(unit or _BLANK) / f"{files.legal_name(form.title)}.xlsx"
        due = (self.project.settings.deadline or form.deadline) if form.kind is Kind.DAILY else None
        sheet = Sheet(self.layout(form), rows, unit, due)
        files.write_bytes(path, fill_in_workbook(sheet), private=bool(rows))
        return Made(form, unit, len(rows), path)


def _workbooks(desk: _Desk, form: FormSpec, *, inside: bool) -> Iterator[Made]:
    if not desk.wanted.unit:
        yield desk.write(form, "", [])
    if not inside or form.kind not in (Kind.DAILY, Kind.WEEKLY):
        return
    day = {form.day_field.name: desk.wanted.day} if form.day_field and desk.wanted.day else {}
    for unit in [desk.wanted.unit] if desk.wanted.unit else _units(desk.registers):
        rows = [{**known, **day} for known in _known(form, unit, desk.registers)]
        if rows:
            yield desk.write(form, unit, rows)


def _known(form: FormSpec, unit: str, registers: Registers) -> list[dict[str, str | date | None]]:
    """Return what is known beforehand of a unit's rows: its people, or the unit itself."""
    if form.subject is Subject.UNIT:
        known = registers.units.units.get(unit)
        asked = known is not None and (not form.reporters or known.kind in form.reporters)
        return [{form.identifier.name: unit}] if asked else []
    roster = registers.roster_of(form) if form.subject is Subject.PERSON else None
    return _people(form, roster, unit) if roster else []


def _people(form: FormSpec, roster: Roster, unit: str) -> list[dict[str, str | date | None]]:
    import pyarrow.compute as pc

    here = roster.table.filter(pc.fill_null(pc.equal(roster.column(Role.UNIT), unit), False))
    columns = {form.identifier.name: here.column(roster.key).to_pylist()}
    for role in _ALIKE:
        asked, known = form.role(role), roster.form.role(role)
        if asked and known:
            columns[asked.name] = here.column(known.name).to_pylist()
    rows: list[dict[str, Any]] = [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]
    class_ = form.role(Role.CLASS)
    return sorted(rows, key=lambda row: str(row.get(class_.name) or "")) if class_ else rows


def settle_versions(path: Path, forms: Iterable[FormSpec]) -> None:
    """Note what each form asks under its version, for sheets of it are about to be handed out.

    Raises FormError where a form asks something else under the same version, or no longer knows a column of an older one.
    """
    known: dict[str, dict[str, Any]] = json.loads(files.read_text(path)) if path.is_file() else {}
    faults = [fault for form in forms for fault in _version_faults(form, known.get(form.name, {}))]
    if faults:
        raise FormError("\n".join(faults), _("发出去的旧表还会交回来：改了表单就改版本号，改了列名就把旧列名留在 aliases 里。"))
    for form in forms:
        asked = {"asked": fingerprint(form), "titles": {f.name: f.title for f in form.fields}}
        known.setdefault(form.name, {})[str(form.version)] = asked
    files.write_text(path, json.dumps(known, ensure_ascii=False, indent=1, sort_keys=True) + "\n", private=True)


def _version_faults(form: FormSpec, known: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    newest = max(map(int, known), default=0)
    same = known.get(str(form.version))
    if same and same["asked"] != fingerprint(form):
        yield _("{file}：表单“{title}”的内容改过，版本号还是 {version}；请把 version 改为 {next}").format(
            file=form.file, title=form.title, version=form.version, next=newest + 1)  # fmt: skip
    elif form.version < newest:
        yield _("{file}：表单“{title}”发过第 {newest} 版，现在的 version 却是 {version}；请改为 {next}").format(
            file=form.file, title=form.title, newest=newest, version=form.version, next=newest + 1)  # fmt: skip
    index = HeaderIndex.of(form)
    for version, was in known.items():
        for name, title in was["titles"].items():
            if int(version) < form.version and name in form.by_name and index.field_of(title) != name:
                yield _("{file}：第 {version} 版的列“{title}”现在认不出来了；请写进 {field} 的 aliases").format(
                    file=form.file, version=version, title=title, field=name)  # fmt: skip
