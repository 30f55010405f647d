"""What a day's work hands to people: lists for the office, reminders for units, sheets sent back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from jianbao import files, handout, wording
from jianbao.checks.privacy import People, check_privacy
from jianbao.forms import Privacy
from jianbao.pipeline.work import DayWork
from jianbao.reminders import Reminder, reminder
from jianbao.sources import Unreadable
from jianbao.sources.folder import TEXT_SUFFIXES
from jianbao.sources.google.answer import SUFFIX as ANSWER_SUFFIX
from jianbao.sources.isolated import IsolatedReader
from jianbao.sources.workbook import FileKind, kind_of, read_workbook
from jianbao.supervision import Absent, absent_people
from jianbao.validation import FILE, SHEET, UNIT, Registers
from jianbao.values import Finding, Severity


@dataclass(frozen=True, slots=True)
class SentBack:
    """A marked copy that was written, and how many problems it marks."""

    file: str
    path: Path
    problems: int


def write_alerts(work: DayWork) -> Path | None:
    """Write the list of whom to call; None where there is nobody."""
    if not work.alerts:
        return None
    path = _day_folder(work.project.lists, work) / "须联系人员.xlsx"
    files.write_bytes(path, handout.alert_list(work.alerts), private=True)
    return path


def _day_folder(folder: Path, work: DayWork) -> Path:
    return files.private_folder(folder / work.day.isoformat())


def reminders(work: DayWork) -> list[Reminder]:
    """Return a text for each unit that has something left to do, without personal data."""
    report = work.forms.unit_report
    absent = _absent_by_unit(work)
    mistakes = _findings_by_unit(work)
    people = people_of(work.registers, ())
    found = []
    for unit in work.completeness.units:
        one = reminder(
            unit, day=work.day, as_of=work.as_of, deadline=work.project.settings.deadline or (report.deadline if report else None),
            report=report.title if report else "", absent=absent.get(unit.unit, {}), findings=mistakes.get(unit.unit, ()),
        )  # fmt: skip
        if one:
            found.append(Reminder(one.unit, one.state, masked(one.text, people)))
    return found


def masked(text: str, people: People) -> str:
    """Return a text with whatever is personal in it (a file named after a student) blotted out."""
    for hit in check_privacy([("", text.encode())], people):
        text = text.replace(hit.found, "＊" * len(hit.found))
    return text


def _absent_by_unit(work: DayWork) -> dict[str, dict[str, list[Absent]]]:
    found: dict[str, dict[str, list[Absent]]] = {}
    for checked in work.people:
        for group in absent_people(checked, work.registers):
            if any(u.may_hold(checked.form.name, group.unit) for u in work.unreached):
                continue  # their rows may stand in a sheet that could not be read
            found.setdefault(group.unit, {}).setdefault(checked.form.title, []).append(group)
    return found


def _findings_by_unit(work: DayWork) -> dict[str, list[Finding]]:
    """Return the day's errors by the unit they concern: by row, else by the unit named in the file's path."""
    owners: dict[tuple[str, str | None, int], str | None] = {}
    for checked in work.checked.values():
        rows = checked.rejected.select([FILE, SHEET, "_row", UNIT]).to_pylist()
        owners |= {(r[FILE], r[SHEET], r["_row"]): r[UNIT] for r in rows}
    found: dict[str, list[Finding]] = {}
    for finding in wording.findings(b for b in work.findings if b.severity is Severity.ERROR):
        row = int("".join(c for c in finding.cell if c.isdigit())) if finding.cell else 0
        unit = owners.get((finding.file, finding.sheet, row))
        unit = unit or next((u for u in work.registers.units.units if u in finding.file), None)
        if unit:
            found.setdefault(unit, []).append(finding)
    return found


def write_absent(work: DayWork) -> list[Path]:
    """Write who of each class has not reported, a workbook a unit, for its counsellor."""
    titles = {c.form.name: c.form.title for c in work.people}
    folder = _day_folder(work.project.lists, work) / "未报名单"
    written = []
    for unit, forms in _absent_by_unit(work).items():
        path = folder / f"{files.legal_name(unit or '单位不明')}.xlsx"
        groups = [group for found in forms.values() for group in found]
        files.write_bytes(path, handout.absent_list(groups, titles), private=True)
        written.append(path)
    return written


def write_reminders(work: DayWork, texts: Iterable[Reminder]) -> Path | None:
    """Write every unit's text into one file; None where there is nothing to remind of."""
    body = "\n\n".join(r.text for r in texts)
    if not body:
        return None
    path = _day_folder(work.project.out, work) / "催报.txt"
    files.write_text(path, body + "\n", private=True)
    return path


def send_back(work: DayWork) -> Iterator[SentBack]:
    """Write a marked copy of every file with problems, and the list of all problems; yield each copy."""
    folder = problem_list_path(work).parent
    files.remove(folder)
    told = [f for f in wording.findings(work.findings) if f.severity in (Severity.ERROR, Severity.WARNING)]
    files.write_bytes(problem_list_path(work), handout.problem_list(told), private=True)
    by_file: dict[str, list[Finding]] = {}
    for finding in told:
        if finding.cell:
            by_file.setdefault(finding.file, []).append(finding)
    with IsolatedReader() as isolated:
        for snapshot in work.snapshots:
            if snapshot.file in by_file and snapshot.suffix != ANSWER_SUFFIX:  # an online book is marked in place
                data = work.snapshot_bytes(snapshot)
                stem = Path(snapshot.file).stem
                cells = read_workbook(data, title=stem, text=snapshot.suffix in TEXT_SUFFIXES, isolate=isolated.read)
                if isinstance(cells, Unreadable):
                    continue
                name = Path(snapshot.file)
                path = folder / (name if name.suffix == ".xlsx" else name.with_name(f"{name.name}.xlsx"))
                keeps_look = kind_of(data) is FileKind.XLSX
                copy = handout.marked_copy(data, cells, by_file[snapshot.file], xlsx=keeps_look)
                files.write_bytes(path, copy, private=True)
                yield SentBack(snapshot.file, path, len(by_file[snapshot.file]))


def problem_list_path(work: DayWork) -> Path:
    """Return where the list of all problems of a day is written."""
    return _day_folder(work.project.out, work) / "退回" / "问题清单.xlsx"


def people_of(registers: Registers, allowed: Iterable[str]) -> People:
    """Return every name and number of the rosters, for the gate."""
    names: set[str] = set()
    numbers: set[str] = set()
    for roster in registers.rosters.values():
        for spec in roster.form.fields:
            values = {v for v in roster.table.column(spec.name).to_pylist() if v} if spec.type == "string" else set()
            if spec.privacy is Privacy.NAME:
                names |= values
            elif spec.privacy in (Privacy.IDENTIFIER, Privacy.PHONE, Privacy.IDENTITY):
                numbers |= {str(v).upper() for v in values}
    names |= {name for unit in registers.units.units.values() for name in unit.reporters}
    return People(frozenset(names), frozenset(numbers), tuple(allowed))
