"""Rows against the rosters: is the person known, is the name theirs, which unit do they count for."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from jianbao.forms import Role
from jianbao.reading.words import plain
from jianbao.validation.gather import Gathered, Mask
from jianbao.validation.registers import Registers, Roster, positions
from jianbao.values import Code, FindingBlock, Severity

CLASS = "_class"
CAMPUS = "_campus"
UNIT = "_unit"


def place_people(gathered: Gathered, roster: Roster) -> tuple[pa.Table, Mask, list[FindingBlock]]:
    """Return the records with numbers as the roster writes them, its names where none is written, its unit, class and campus.

    Also which records name nobody of the roster, and the findings. A person counts where the roster has them,
    whatever unit the sheet was filled under.
    """
    form, table, key = gathered.form, gathered.table, gathered.form.identifier.name
    said = table.column(key).combine_chunks()
    at, restored = positions(said, roster)
    unknown: Mask = pc.and_(pc.is_null(at), pc.is_valid(said)).to_numpy(zero_copy_only=False) & ~gathered.passed
    numbers = pc.coalesce(roster.numbers.take(at), said)
    table = table.set_column(table.schema.get_field_index(key), key, numbers)
    unit = form.role(Role.UNIT)
    stated = table.column(unit.name).combine_chunks() if unit else pa.nulls(len(said), pa.string())
    if name := form.role(Role.NAME):
        written = table.column(name.name).combine_chunks()
        named = pc.coalesce(written, roster.column(Role.NAME).take(at))
        table = table.set_column(table.schema.get_field_index(name.name), name.name, named)
    table = table.append_column(UNIT, pc.coalesce(roster.column(Role.UNIT).take(at), stated))
    table = table.append_column(CLASS, roster.column(Role.CLASS).take(at))
    table = table.append_column(CAMPUS, roster.column(Role.CAMPUS).take(at))
    shorter = pc.less(pc.utf8_length(said), pc.utf8_length(numbers)).to_numpy(zero_copy_only=False)
    lost = restored & (shorter == True) & ~gathered.passed  # noqa: E712  # an object array where some are null
    findings = [*gathered.blocks(unknown, Code.UNKNOWN_PERSON, Severity.ERROR, found=said.to_pylist() if unknown.any() else None)]
    if lost.any():
        whole, short = numbers.to_pylist(), said.to_pylist()
        findings += gathered.blocks(lost, Code.LEADING_ZEROS_LOST, Severity.WARNING, found=short, expected=whole)
    findings += _misnamed(gathered, roster, at)
    return table, unknown, findings


_ASIDE = re.compile(r"\([^()]*\)|[·・.•]")


def _misnamed(gathered: Gathered, roster: Roster, at: pa.Array) -> Iterator[FindingBlock]:
    """Yield findings for names that are not those of the number's owner."""
    spec = gathered.form.role(Role.NAME)
    if not spec:
        return
    said = gathered.table.column(spec.name).combine_chunks()
    owners = roster.column(Role.NAME).take(at)
    differ = pc.fill_null(pc.not_equal(said, owners), False).to_numpy(zero_copy_only=False) & ~gathered.passed
    for record in np.flatnonzero(differ).tolist():
        differ[record] = _bare(said[record].as_py()) != _bare(owners[record].as_py())
    if differ.any():
        yield from gathered.blocks(differ, Code.NAME_MISMATCH, Severity.WARNING, field=spec.name)


def _bare(name: str) -> str:
    return _ASIDE.sub("", plain(name))


def place_units(gathered: Gathered, table: pa.Table, registers: Registers) -> tuple[pa.Table, Mask, list[FindingBlock]]:
    """Return the records with units as the unit list writes them, which name none of it, and the findings.

    In a form about units an unknown unit costs the row; in one about people it is a remark.
    """
    form = gathered.form
    spec, units = form.role(Role.UNIT), registers.units
    nobody = np.zeros(len(gathered), np.bool_)
    reference = form.reference(spec.name) if spec else None
    if spec is None or reference is None or not units.units:
        return table, nobody, []
    said = table.column(spec.name).combine_chunks()
    encoded = said.dictionary_encode()
    known = [units.spelled.get(plain(title)) for title in encoded.dictionary.to_pylist()]
    spelled = pa.array(known, pa.string()).take(encoded.indices)
    table = table.set_column(table.schema.get_field_index(spec.name), spec.name, pc.coalesce(spelled, said))
    if UNIT not in table.column_names:
        table = table.append_column(UNIT, pc.coalesce(spelled, said))
    if CAMPUS not in table.column_names:
        campuses = {title: unit.campus for title, unit in units.units.items()}
        places = pa.array([campuses.get(k or "") for k in known], pa.string()).take(encoded.indices)
        table = table.append_column(CAMPUS, places)
    unknown: Mask = pc.and_(pc.is_null(spelled), pc.is_valid(said)).to_numpy(zero_copy_only=False) & ~gathered.passed
    counts = form.roster is None or form.roster.form == reference.form
    severity = Severity.ERROR if counts else Severity.WARNING
    findings = list(gathered.blocks(unknown, Code.UNKNOWN_UNIT, severity, field=spec.name))
    return table, unknown if counts else nobody, findings
