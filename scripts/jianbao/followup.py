"""Whom somebody must call today: every alert with the person, the place, and who is to be told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from jianbao.forms import FormSpec, Role
from jianbao.supervision import places
from jianbao.validation import CAMPUS, CLASS, UNIT, Checked
from jianbao.values import FindingBlock, Severity


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
    def key(self) -> tuple[str, str, str]:
        """What makes two alerts the same matter."""
        return (self.form, self.code, self.number)


def day_alerts(checked: Iterable[Checked]) -> list[Alert]:
    """Return the alerts of a day's rows; one that a later answer took back stays, marked withdrawn."""
    found: list[Alert] = []
    for day in checked:
        standing = [b for b in day.findings if b.severity is Severity.ALERT]
        current = list(_alerts(day.form, day.accepted, standing))
        known = {a.key for a in current}
        taken_back = [replace(a, withdrawn=True) for a in _alerts(day.form, day.withdrawn, day.withdrawals) if a.key not in known]
        found += current + list({a.key: a for a in taken_back}.values())
    return found


def merged(before: Sequence[Alert], now: Sequence[Alert]) -> list[Alert]:
    """Return today's alerts and those of earlier pulls of the day that are gone, marked withdrawn."""
    known = {a.key for a in now}
    return [*now, *(replace(a, withdrawn=True) for a in before if a.key not in known)]


def _alerts(form: FormSpec, rows: pa.Table, blocks: Iterable[FindingBlock]) -> Iterator[Alert]:
    blocks = list(blocks)
    wanted = np.unique(np.concatenate([b.rows for b in blocks])) if blocks else np.empty(0, np.int32)
    rows = rows.filter(pc.is_in(rows.column("_row"), value_set=pa.array(wanted, pa.int32())))
    by_place = {(p.file, p.sheet, p.row): (p, row) for p, row in zip(places(rows), _people(form, rows), strict=True)}
    for block in blocks:
        for row, (cell, found, _expected) in zip(block.rows.tolist(), block.cells(), strict=False):
            place, person = by_place.get((block.file, block.sheet or "", row), (None, None))
            if place and person:
                yield Alert(
                    form=form.name, code=block.code, **person, what=block.note or block.code, said=found or "",
                    receiver=_one(block.expected), file=place.file, sheet=place.sheet, cell=cell or place.cell,
                )  # fmt: skip


def _one(text: str | Sequence[str | None] | None) -> str:
    return text if isinstance(text, str) else ""


def _people(form: FormSpec, rows: pa.Table) -> Iterator[Mapping[str, Any]]:
    name = form.role(Role.NAME) or form.role(Role.REPORTER)
    columns = {
        "number": form.identifier.name, "name": name.name if name else None,
        "unit": UNIT, "class_": CLASS, "campus": CAMPUS,
    }  # fmt: skip
    said = {k: rows.column(c).to_pylist() if c else [None] * rows.num_rows for k, c in columns.items()}
    for i in range(rows.num_rows):
        yield {k: v[i] or "" for k, v in said.items()}
