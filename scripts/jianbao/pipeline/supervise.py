"""`jianbao supervise`: how the units reported over a period, as an internal page and a text to send."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

from jianbao import files, pages, wording
from jianbao.errors import Refused, UsageError
from jianbao.forms import FormSet, FormSpec, Kind, Role, Subject
from jianbao.ledger import Ledger, with_first_seen
from jianbao.messages import _
from jianbao.period import DayLook, Period, notice, period, reported, unit_at
from jianbao.pipeline.desk import settings_on
from jianbao.pipeline.evidence import Evidence
from jianbao.pipeline.handing import masked, people_of
from jianbao.pipeline.patterns import unit_patterns
from jianbao.pipeline.pull import Pulled, known_days, pull
from jianbao.pipeline.work import registers_on, supervised, work_day
from jianbao.project import Project
from jianbao.record import Record
from jianbao.render import render
from jianbao.validation import UNIT, Checked, Registers, check_day
from jianbao.values import Code

TEMPLATE = "supervision.md.j2"


@dataclass(frozen=True, slots=True)
class Supervised:
    """A period as it was found, the text to send, and where page and text were written."""

    period: Period
    notice: str
    page: Path
    text: Path


def supervise(project: Project, *, first: date, last: date, as_of: datetime) -> Supervised:
    """Look at each day of a period again, and write page and text.

    Raises UsageError where the period holds no report, Refused where somebody has edited the page.
    """
    if first > last:
        raise UsageError(_("时段的开始 {first} 在结束 {last} 之后").format(first=first, last=last))
    desk = _open(project, first, last, as_of)
    looks = [look for day in _days(first, min(last, as_of.date())) if (look := desk.look(day)) and reported(look.completeness)]
    found = period(first, last, looks)
    people = people_of(desk.registers_of(last), ())
    text = masked(notice(found, office=project.settings.school.office, issued=as_of.date()), people)
    folder = files.private_folder(project.out / "supervision" / f"{first}_{last}")
    files.write_text(folder / "通报.txt", text, private=True)
    return Supervised(found, text, _write_page(project, found, as_of), folder / "通报.txt")


def _days(first: date, last: date) -> Iterator[date]:
    for n in range((last - first).days + 1):
        yield first + timedelta(days=n)


def _open(project: Project, first: date, last: date, as_of: datetime) -> _Desk:
    """Bring the ledger up to date with what is in the inbox, so that every change is known, and lay it out."""
    work = work_day(project, as_of=as_of)
    record = Record.open(project.record)
    forms = work.forms
    if forms.unit_report is None:
        raise UsageError(_("没有单位每日报告这种表单"), _("写法见 docs/forms.md。"))
    pulled = pull(project, forms, as_of=as_of, day=work.day)
    if not any(first <= day <= last for day, name in known_days(pulled) if name == forms.unit_report.name):
        raise UsageError(_("{first} 至 {last} 没有任何单位的报告").format(first=first, last=last), _("请核对 --from 和 --to。"))
    issued: dict[date, datetime] = {}
    for release in record.releases:
        if release.facts:
            issued.setdefault(release.facts.day, release.facts.as_of)
    evidence = Evidence.of(pulled, frozenset(line.day for line in record.lines))
    return _Desk(project, forms, work.ledger, pulled, evidence, issued, as_of)


@dataclass(frozen=True, slots=True)
class _Desk:
    """What a period is looked at with. Nothing here is kept: looking back changes no day."""

    project: Project
    forms: FormSet
    ledger: Ledger
    pulled: Pulled
    evidence: Evidence
    issued: Mapping[date, datetime]
    as_of: datetime

    def registers_of(self, day: date) -> Registers:
        """Return rosters and units as they stood on a day."""
        return registers_on(self.evidence, self.forms, day, self.project)[0]

    def look(self, day: date) -> DayLook | None:
        """Return what a day shows of each unit, or None where no unit is expected to report."""
        registers = self.registers_of(day)
        checked = {f.name: self._checked(f, day, registers) for f in self.forms if self._speaks(f)}
        completeness, findings = supervised(self.project, self.forms, checked, registers, day, self.pulled.store.pulls, ())
        if not completeness.units:
            return None
        wrong = {
            u.unit
            for block in findings if block.code == Code.COUNT_MISMATCH
            for row in block.rows.tolist() if (u := unit_at(completeness, block.file, block.sheet, row))
        }  # fmt: skip
        remarks = [
            (remark.unit, finding.message)
            for one in checked.values()
            for remark in unit_patterns(one, self.ledger, day)
            for finding in wording.findings([remark.block])
        ]
        return DayLook(day, completeness, frozenset(wrong), self._changed(checked, day), remarks)

    def _speaks(self, form: FormSpec) -> bool:
        return form.kind is Kind.DAILY and (form is self.forms.unit_report or form.subject is Subject.PERSON)

    def _checked(self, form: FormSpec, day: date, registers: Registers) -> Checked:
        checked = check_day(form, day, list(self.evidence.sheets(form, day)), registers, settings_on(self.project, day))
        was = self.ledger.read(form, day)
        return replace(checked, accepted=with_first_seen(form, checked.accepted, was, self.as_of))

    def _changed(self, checked: Mapping[str, Checked], day: date) -> dict[str, int]:
        """Return how many rows of each unit were changed after the day was published, or else after it was over."""
        over = datetime.combine(day + timedelta(days=1), time(), self.project.zone)
        limit = self.issued.get(day, over)
        found: dict[str, int] = {}
        for one in checked.values():
            changes = [c for c in self.ledger.changes(one.form, day) if c["seen_at"] > limit]
            owners = self._owners(one) if changes else {}
            for key in {str(c["key"]).split("/", 1)[0] for c in changes}:
                unit = owners.get(key, key if one.form.subject is Subject.UNIT else "")
                if unit:
                    found[unit] = found.get(unit, 0) + 1
        return found

    def _owners(self, checked: Checked) -> dict[str, str]:
        """Return the unit of each row by its subject; of rows that are gone, by the roster."""
        rows = checked.accepted
        owners: dict[str, str] = {}
        roster = self.registers_of(checked.day).roster_of(checked.form) if checked.day else None
        if roster:
            owners |= dict(zip(roster.numbers.to_pylist(), roster.column(Role.UNIT).to_pylist(), strict=True))
        owners |= dict(zip(rows.column(checked.form.identifier.name).to_pylist(), rows.column(UNIT).to_pylist(), strict=True))
        return owners


def _write_page(project: Project, found: Period, as_of: datetime) -> Path:
    """Write the internal page, unless somebody has edited it: their text stays.

    Raises Refused where it was edited.
    """
    path = project.pages / "supervision" / f"{found.first}_{found.last}.md"
    body = render(project.templates, TEMPLATE, {"period": found, "as_of": as_of, "office": project.settings.school.office})
    if path.is_file():
        page = pages.parse(path.name, files.read_text(path))
        if _mark(page.body) != page.meta.get("generated"):
            raise Refused(_("site/supervision/{name} 被人修改过，不会被覆盖").format(name=path.name), _("要重新生成，先给它改名或删除它。"))
    meta = {
        "title": f"{found.first} 至 {found.last} 每日报告督查", "kind": "page", "status": "draft", "audience": "internal",
        "date": as_of.date(), "generated": _mark(body),
    }  # fmt: skip
    files.write_text(path, pages.compose(meta, body))
    return path


def _mark(text: str) -> str:
    return files.sha256(text.strip().encode())[:16]
