"""Whom somebody must call today: every alert with the person, the place, and who is to be told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from jianbao.forms import FormSpec, Role
from jianbao.supervision import places
from jianbao.validation import CAMPUS, CLASS, SAID_IN, UNIT, Checked, Met
from jianbao.values import column_letters, said


@dataclass(frozen=True, slots=True)
class Alert:
    """One person or unit that somebody must see to. For the office alone."""

    form: str
    code: str
    number: str
    name: str
    unit: str
    class_: str
    campus: str
    what: str
    said: str
    receiver: str
    file: str
    sheet: str
    cell: str
    withdrawn: bool = False

    @property
    def plain(self) -> dict[str, Any]:
        """The alert as plain data."""
        return {f.name: getattr(self, f.name) for f in fields(self)}

    @property
    def key(self) -> tuple[str, str, str]:
        """What makes two alerts the same matter."""
        return (self.form, self.code, self.number)


def day_alerts(checked: Iterable[Checked]) -> list[Alert]:
    """Return the alerts of a day's rows; one that a later answer took back stays, marked withdrawn."""
    found: list[Alert] = []
    for day in checked:
        standing = list(_alerts(day.form, day.alerts))
        found += merged(list(_alerts(day.form, day.withdrawn)), standing)
    return found


def alerts_of(form: FormSpec, met: Iterable[Met]) -> list[Alert]:
    """Return the alerts of the rows of a form's own tables."""
    return list(_alerts(form, met))


def merged(before: Sequence[Alert], now: Sequence[Alert]) -> list[Alert]:
    """Return the alerts that stand, and those of before that are gone, marked withdrawn, each once."""
    known = {a.key for a in now}
    gone = {a.key: replace(a, withdrawn=True) for a in before if a.key not in known}
    return [*now, *gone.values()]


def _alerts(form: FormSpec, met: Iterable[Met]) -> Iterator[Alert]:
    name = form.role(Role.NAME) or form.role(Role.REPORTER)
    for one in met:
        rows = one.rows.to_pylist()
        for row, place in zip(rows, places(one.rows), strict=True):
            yield Alert(
                form=form.name,
                code=one.rule.code,
                number=str(row.get(form.identifier.name) or ""),
                name=(row.get(name.name) if name else None) or "",
                unit=row[UNIT] or "",
                class_=row[CLASS] or "",
                campus=row[CAMPUS] or "",
                what=one.rule.message,
                said=said(row.get(one.rule.field)) or "" if one.rule.field else "",
                receiver=one.rule.receiver,
                file=place.file or form.title,
                sheet=place.sheet or "",
                cell=f"{column_letters(row[SAID_IN])}{place.row}" if place.row else "",
            )
