"""`jianbao returns`: every workbook of templates/returns/ filled with a day's figures, where they are those of its briefing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jianbao import files, returns
from jianbao.errors import Refused, TemplateError, UsageError
from jianbao.facts import Facts, PartFact
from jianbao.figures import by_part, spoken_value, tally
from jianbao.forms import FormSpec, IndicatorSpec, Role, Subject
from jianbao.forms.spec import reach
from jianbao.messages import _, did_you_mean
from jianbao.pipeline.disclose import day_facts
from jianbao.pipeline.work import DayWork, work_day
from jianbao.project import Project
from jianbao.record import Record
from jianbao.release import figure_changes
from jianbao.returns import Asked, Filled, Unanswerable, Value
from jianbao.validation import CAMPUS, UNIT, Registers
from jianbao.values import UnitState

if TYPE_CHECKING:
    import pandas as pd

FOLDER: Final = "returns"


@dataclass(frozen=True, slots=True)
class Return:
    """A return that was written, and how many places were filled in it."""

    file: str
    path: Path
    filled: int


def write_returns(project: Project, *, as_of: datetime, day: date | None = None) -> Iterator[Return]:
    """Fill the receivers' workbooks with a day's figures into private/out/returns/, and yield each.

    A workbook with a fault is not written, nor one whose figures are no longer those of the published briefing; the
    others are. Raises UsageError where there is none, Refused where the day has no published briefing or a return does
    not reconcile with it, TemplateError where a workbook asks for what is not there.
    """
    templates = _templates(project)
    work = work_day(project, as_of=as_of, day=day)
    sealed = Record.open(project.record).facts.get(work.day)
    if sealed is None:
        raise Refused(
            _("{day} 的简报还没有发布，上报表没有可以核对的数").format(day=work.day),
            _("先运行 jianbao publish --date {day}，再运行 jianbao returns。").format(day=work.day),
        )
    desk = _Desk(work, sealed, day_facts(work))
    faults: list[str] = []
    differences: list[str] = []
    for file, template in templates.items():
        target = project.out / FOLDER / work.day.isoformat() / file
        files.remove(target)  # what was sent before must not be taken for today's
        filled = _filled(desk, template, file)
        differ = [_("{place}：{what}").format(place=file, what=d) for d in desk.differences(filled.asked)] if not filled.faults else []
        faults += filled.faults
        differences += differ
        if not filled.faults and not differ:
            files.write_bytes(target, filled.data, private=True)
            yield Return(file, target, len(filled.asked))
    _raise(faults, differences, work.day)


def _templates(project: Project) -> dict[str, Path]:
    """Return the receivers' workbooks by their path below templates/returns/."""
    folder = project.templates / FOLDER
    known = {files.relative(p, folder): p for p in files.walk(folder)} if folder.is_dir() else {}
    found = {file: p for file, p in known.items() if not p.name.startswith(("~$", "."))}
    if not found:
        raise UsageError(
            _("templates/returns 里没有上报表"),
            _("把上级发的空表（xlsx）放进去，在要填的格里写指标名，如 {{{{ confirmed }}}}；写法见 docs/returns.md。").format(),
        )
    return found


def _filled(desk: _Desk, template: Path, file: str) -> Filled:
    if template.suffix.lower() != ".xlsx":
        return Filled(b"", (), (_("{place}：只能填 xlsx；请用 WPS 或 Excel 另存为 xlsx").format(place=file),))
    return returns.fill(files.read_bytes(template), file, desk.answer)


def _raise(faults: Sequence[str], differences: Sequence[str], day: date) -> None:
    if differences:
        raise Refused(
            "\n".join([_("上报的数与已发布的 {day} 简报不符，没有写出：").format(day=day), *differences, *faults]),
            _("数据确有变化的，先运行 jianbao publish --date {day} --update 更新简报，再上报。").format(day=day),
        )
    if faults:
        raise TemplateError(
            "\n".join([_("有的上报表没有写出："), *faults]), _("改正 templates/returns 里的表格后再运行；写法见 docs/returns.md。")
        )


@dataclass(frozen=True, eq=False)
class _Desk:
    """A day's figures, for whoever asks: as they stand in the ledger now, and as the briefing stated them."""

    work: DayWork
    sealed: Facts
    now: Facts
    tallies: dict[tuple[str, str], tuple[pd.DataFrame, pd.DataFrame]] = field(default_factory=dict)

    def answer(self, asked: Asked) -> Value:
        """Return what a place of a return asks for.

        Raises Unanswerable where nothing is called so, or nothing was stated and the school has no word for that.
        """
        if asked.what == "state":
            return self._state(asked.part)
        if asked.what == "value" and not asked.part and asked.name in (words := self._words()):
            return words[asked.name]
        figure = self.work.figure(asked.name)
        if figure is None:
            known = [*(n for f in self.work.figures for n in (f.name, f.title)), *self._words()]
            raise Unanswerable(_("没有名为 {name} 的指标").format(name=asked.name) + did_you_mean(asked.name, known))
        value, received, expected = figure.value, figure.received, figure.expected
        if asked.part:
            value, received, expected = self._part(figure.name, asked.part)
        if asked.what == "value":
            return self._stated(value, figure.title + (f"（{asked.part}）" if asked.part else ""))
        return received if asked.what == "received" else expected

    def _words(self) -> Mapping[str, Value]:
        settings, work = self.work.project.settings, self.work
        return {
            "date": work.day, "日期": work.day, "as_of": work.as_of, "截至": work.as_of, "school": settings.school.name,
            "学校": settings.school.name, "office": settings.school.office, "办公室": settings.school.office,
            "issuer": settings.school.issued_by, "signed_by": settings.school.signed_by, "签发人": settings.school.signed_by,
        }  # fmt: skip

    def _stated(self, value: float | None, title: str) -> Value:
        if value is not None:
            return int(value) if float(value).is_integer() else float(value)
        word = self.work.project.settings.missing_word
        if word:
            return word
        raise Unanswerable(
            _('“{title}”当日未报，不能写成 0；上级允许写“未报”的，在 jianbao.toml 的 [returns] 写 missing = "未报"').format(title=title)
        )

    def _state(self, unit: str) -> str:
        known = {u.unit: u for u in self.work.completeness.units}
        if unit not in known:
            raise Unanswerable(_("没有名为 {name} 的单位").format(name=unit) + did_you_mean(unit, known))
        excused = known[unit].excused if not known[unit].expected else None
        return _("经批准不报") if excused else _STATES[known[unit].state]

    def _part(self, name: str, part: str) -> tuple[int | float | None, int, int]:
        """Return value, received and expected of a unit or a campus. Of persons a unit's are those of the units below it too."""
        level = self._level(part)
        form, indicator = self._declared(name)
        units = self.work.registers.units
        named = {part}
        if level == UNIT and form.subject is Subject.PERSON:
            named |= {u for u in units.units if part in units.ancestors(u)}
        counted = [f[f[level].isin(named)].assign(**{level: part}) for f in self._tallied(name, level)]
        value, received = (by_part(f, indicator, level) for f in counted)
        roster = self.work.registers.roster_of(form)
        if roster:
            expected = sum(one in named for one in roster.column(Role.UNIT if level == UNIT else Role.CAMPUS).to_pylist())
        else:
            expected = sum((u if level == UNIT else units.units[u].campus) == part for u in self._units_due())
        stated = None if value.empty else value["value"].iloc[0].item()
        return stated, 0 if received.empty else int(received["received"].iloc[0]), expected

    def _level(self, part: str) -> str:
        """Return whether a part is a unit or a campus."""
        registers = self.work.registers
        if part in registers.units.units:
            return UNIT
        campuses = {c for r in registers.rosters.values() for c in r.column(Role.CAMPUS).unique().to_pylist() if c}
        campuses |= {u.campus for u in registers.units.units.values() if u.campus}
        if part in campuses:
            return CAMPUS
        known = [*registers.units.units, *sorted(campuses)]
        raise Unanswerable(_("没有名为 {name} 的单位或校区").format(name=part) + did_you_mean(part, known))

    def _declared(self, name: str) -> tuple[FormSpec, IndicatorSpec]:
        found = self.work.forms.indicator(name)
        if found is None:
            raise Unanswerable(_("{name} 只有全校的数，没有各单位的").format(name=name))
        return found

    def _tallied(self, name: str, level: str) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Return the answers that a figure counts, and those of the day itself.

        A unit asked for by name speaks for itself, though one that others report under is added to no sum.
        """
        if (name, level) not in self.tallies:
            form, indicator = self._declared(name)
            registers = Registers() if level == UNIT else self.work.registers
            days = self.work.window(form, indicator)
            _first, last = reach(indicator.window, self.work.day)
            today = [d for d in days if d.day == last]
            self.tallies[name, level] = (tally(form, indicator, days, registers), tally(form, indicator, today, registers))
        return self.tallies[name, level]

    def _units_due(self) -> Iterator[str]:
        return (u.unit for u in self.work.completeness.units if u.expected)

    def differences(self, asked: Sequence[Asked]) -> list[str]:
        """Return in what the day, as far as these places ask for it, differs from its published briefing."""
        names = {f.name for a in asked if (f := self.work.figure(a.name))}
        chosen = tuple(f for f in self.now.figures if f.name in names)
        day = replace(self.now, figures=chosen, news=self.sealed.news, tables=self.sealed.tables)  # no return asks for either
        found = [c.text for c in figure_changes(self.sealed, day)]
        parts = {(f.name, a.part) for a in asked if a.part and (f := self.work.figure(a.name))}
        for name, part in sorted(parts):
            was, now = (_part_of(facts, name, part) for facts in (self.sealed, self.now))
            if was and now and was != now:
                title = next(f.title for f in self.work.figures if f.name == name)
                found.append(_("{title}（{part}）由 {was} 更新为 {now}").format(title=title, part=part, was=_told(was), now=_told(now)))
        return found


def _part_of(facts: Facts, name: str, part: str) -> PartFact | None:
    tables = (facts.by_unit or {}, facts.by_campus or {})
    return next((p for table in tables for p in table.get(name, ()) if p.name == part), None)


def _told(part: PartFact) -> str:
    said = part.value if isinstance(part.value, str) else spoken_value(part.value)
    return f"{said}（{part.received}/{part.expected}）"


_STATES: Final[Mapping[UnitState, str]] = {
    UnitState.ZERO: "零报告", UnitState.CASES: "有情况", UnitState.MISSING: "未报", UnitState.REJECTED: "报告无效",
    UnitState.UNREACHED: "未读到",
}  # fmt: skip
