"""What to paste into a unit's group: what is missing or must be mended, without a name or a number of a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from jianbao.messages import _, listed
from jianbao.supervision import Absent, UnitDay
from jianbao.values import Finding, Severity, UnitState, said_place


@dataclass(frozen=True, slots=True)
class Reminder:
    """A unit's text, and the state it is in."""

    unit: str
    state: UnitState
    text: str


def reminder(
    unit: UnitDay, *, day: date, as_of: datetime, deadline: time | None, report: str, absent: Mapping[str, Sequence[Absent]],
    findings: Sequence[Finding],
) -> Reminder | None:  # fmt: skip
    """Return a unit's text, or None where there is nothing to remind it of.

    `report` is the unit report's title; `absent` are the unit's missing people by the title of their form;
    `findings` those in the sheets of the unit's own people and of its report.
    """
    lines = [*_own_report(unit, report, deadline), *_missing_people(absent), *_mistakes(findings)]
    if unit.contradictions:
        lines.append(
            _("本单位报告为零，但已收到的个人填报中有 {count} 条有情况，请立即核实并重报。").format(count=len(unit.contradictions))
        )
    if not lines or (unit.excused and not unit.expected):
        return None
    head = _("【{unit}】{month}月{day}日填报提醒（截至 {clock}）").format(
        unit=unit.unit, month=day.month, day=day.day, clock=as_of.strftime("%H:%M")
    )
    numbered = [f"{n}. {line}" for n, line in enumerate(lines, 1)]
    return Reminder(unit.unit, unit.state, "\n".join([head, *numbered, _("没有情况也要报；没有收到的不按零计。")]))


def _own_report(unit: UnitDay, report: str, deadline: time | None) -> list[str]:
    due = _("（每日 {clock} 前）").format(clock=deadline.strftime("%H:%M")) if deadline else ""
    if unit.state is UnitState.MISSING:
        return [_("尚未收到{report}{due}，请立即报送。").format(report=report, due=due)]
    if unit.state is UnitState.REJECTED:
        return [_("{report}填写有误，不能计入，请改正后重报。").format(report=report)]
    return []


def _missing_people(absent: Mapping[str, Sequence[Absent]]) -> list[str]:
    lines = []
    for title, groups in absent.items():
        total = sum(len(g.people) for g in groups)
        classes = [f"{g.class_} {len(g.people)}" for g in groups if g.class_]
        detail = _("（{classes}）").format(classes=listed(classes)) if classes else ""
        lines.append(_("{title}还有 {count} 人未报{detail}。").format(title=title, count=total, detail=detail))
    return lines


def _mistakes(findings: Sequence[Finding]) -> list[str]:
    places: dict[str, list[str]] = {}
    for finding in findings:
        if finding.severity is Severity.ERROR:
            where = said_place(finding.file, finding.sheet)
            places.setdefault(where, []).append(finding.cell or "")
    lines = []
    for where, cells in places.items():
        known = [c for c in cells if c]
        shown = listed(known[:12]) + (_(" 等") if len(known) > 12 else "")
        text = _("{where} 有 {count} 处须改正：{cells}。") if known else _("{where} 无法读取，请重交。")
        lines.append(text.format(where=where, count=len(known), cells=shown))
    return lines
