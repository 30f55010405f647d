"""Who must be reported on, and who must report: the rosters and the tree of units."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from jianbao.forms import FormSpec, Role
from jianbao.reading.words import plain


@dataclass(frozen=True)
class Roster:
    """The people of one register, a row each, with the columns of its form.

    `key` names the column of their number.
    """

    form: FormSpec
    table: pa.Table

    @property
    def key(self) -> str:
        """The column of the people's numbers."""
        return self.form.identifier.name

    def __len__(self) -> int:
        return int(self.table.num_rows)

    @cached_property
    def numbers(self) -> pa.Array:
        """Everybody's number, in the order of the table."""
        return self.table.column(self.key).combine_chunks()

    @cached_property
    def without_zeros(self) -> pa.Array:
        """Everybody's number without leading zeros; null where two would be the same."""
        stripped = pc.utf8_ltrim(self.numbers, "0")
        counts = pc.value_counts(stripped)
        doubled = counts.field("values").filter(pc.greater(counts.field("counts"), 1))
        return pc.if_else(pc.is_in(stripped, value_set=doubled), pa.scalar(None, pa.string()), stripped)

    def column(self, role: Role) -> pa.Array:
        """Return the column that plays a role, or nulls where the roster has none."""
        spec = self.form.role(role)
        return self.table.column(spec.name).combine_chunks() if spec else pa.nulls(len(self), pa.string())


@dataclass(frozen=True, slots=True)
class Unit:
    """A reporting unit as the unit list states it."""

    title: str
    kind: str | None = None
    parent: str | None = None
    campus: str | None = None
    reporters: tuple[str, ...] = ()


@dataclass(frozen=True)
class UnitList:
    """The units that must report, in the order of the list."""

    units: Mapping[str, Unit] = field(default_factory=dict)

    @cached_property
    def parents(self) -> frozenset[str]:
        """The units that others report under: they state for themselves and are added to no sum."""
        return frozenset(u.parent for u in self.units.values() if u.parent is not None and u.parent in self.units)

    @cached_property
    def spelled(self) -> Mapping[str, str]:
        """The titles by their plain form."""
        return {plain(title): title for title in self.units}

    def ancestors(self, title: str) -> tuple[str, ...]:
        """Return the units above one, nearest first."""
        found: list[str] = []
        unit = self.units.get(title)
        while unit and unit.parent is not None and unit.parent in self.units and unit.parent not in found:
            found.append(unit.parent)
            unit = self.units[unit.parent]
        return tuple(found)


def unit_list(form: FormSpec | None, table: pa.Table | None) -> UnitList:
    """Return the units of the unit list's accepted rows."""
    if form is None or table is None:
        return UnitList()

    def said(row: Mapping[str, str | None], role: Role) -> str | None:
        spec = form.role(role)
        return row.get(spec.name) if spec else None

    units = {}
    for row in table.select([f.name for f in form.fields]).to_pylist():
        title = said(row, Role.UNIT)
        if title:
            reporters = tuple(r for r in (said(row, Role.REPORTER) or "").replace("，", "、").replace(",", "、").split("、") if r)
            units[title] = Unit(title, said(row, Role.KIND), said(row, Role.PARENT), said(row, Role.CAMPUS), reporters)
    return UnitList(units)


@dataclass(frozen=True)
class Registers:
    """The rosters by form, and the unit list, as they stand on the day being worked."""

    rosters: Mapping[str, Roster] = field(default_factory=dict)
    units: UnitList = field(default_factory=UnitList)
    tables: Mapping[str, pa.Table] = field(default_factory=dict)
    """The accepted rows of every register, of places and items too."""
    titles: Mapping[str, str] = field(default_factory=dict)
    """What people call the registers."""
    _joined: dict[tuple[str, ...], Roster] = field(default_factory=dict, compare=False)

    def roster_of(self, form: FormSpec) -> Roster | None:
        """Return the roster that a form's people stand in, or None; where they may stand in several, all of them as one."""
        known = tuple(name for name in form.rosters if name in self.rosters)
        if len(known) < 2:
            return self.rosters[known[0]] if known else None
        if known not in self._joined:
            self._joined[known] = _joined([self.rosters[name] for name in known])
        return self._joined[known]

    def people(self, forms: Sequence[FormSpec]) -> Mapping[str, int]:
        """Return how many people the rosters behind these forms hold, by unit."""
        counts: dict[str, int] = {}
        names = {form.roster.form for form in forms if form.roster}
        for roster in (self.rosters[n] for n in sorted(names) if n in self.rosters):
            values = roster.column(Role.UNIT).value_counts()
            for entry in values.to_pylist():
                if entry["values"]:
                    counts[entry["values"]] = counts.get(entry["values"], 0) + entry["counts"]
        return counts


_KEPT = (Role.NAME, Role.UNIT, Role.CLASS, Role.CAMPUS)


def _joined(rosters: Sequence[Roster]) -> Roster:
    """Return several rosters as one, in the columns of that which says most of where a person belongs."""
    chief = max(rosters, key=lambda r: sum(r.form.role(role) is not None for role in _KEPT))
    names = {role: spec.name for role in _KEPT if (spec := chief.form.role(role))}
    parts = [pa.table([r.numbers, *(r.column(role) for role in names)], [chief.key, *names.values()]) for r in rosters]
    return Roster(chief.form, pa.concat_tables(parts).combine_chunks())


def positions(values: pa.Array, roster: Roster) -> tuple[pa.Array, np.ndarray[tuple[int], np.dtype[np.bool_]]]:
    """Return, a value each, the roster's row it stands in (null for none), and whether zeros had to be restored."""
    exact = pc.index_in(values, value_set=roster.numbers)
    missed = pc.and_(pc.is_null(exact), pc.is_valid(values))
    if not pc.any(missed).as_py():
        return exact, np.zeros(len(values), np.bool_)
    stripped = pc.if_else(missed, pc.utf8_ltrim(values, "0"), pa.scalar(None, pa.string()))
    restored = pc.if_else(pc.is_valid(stripped), pc.index_in(stripped, value_set=roster.without_zeros, skip_nulls=True), None)
    known = pc.is_valid(restored).to_numpy(zero_copy_only=False)
    return pc.coalesce(exact, restored), known
