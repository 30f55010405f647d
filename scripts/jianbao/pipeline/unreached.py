"""What stands in sheets that could not be had: whose reports cannot be called missing."""

from __future__ import annotations

from collections.abc import Iterator

from jianbao.forms import Role
from jianbao.pipeline.pull import Pulled
from jianbao.reading.identify import Places, named_forms
from jianbao.validation import Registers
from jianbao.values import Unreached


def unreached_sheets(pulled: Pulled, registers: Registers) -> Iterator[Unreached]:
    """Yield each sheet that did not come with what it may hold.

    Its forms are those of its last reading, else those its name or folders speak of; its units those its name or
    folders speak of, else those of its last reading. Where nothing tells, it may hold anybody's report of anything.
    """
    for file, reason in sorted(pulled.unreached.items()):
        yield Unreached(file, reason, _forms(pulled, file), _units(pulled, file, registers))


def _forms(pulled: Pulled, file: str) -> frozenset[str] | None:
    places = Places.of(file)
    last = pulled.present.get(file)
    known = set(pulled.summary(last)) if last else set()
    known = known or {f.name for f in named_forms(places.folders, pulled.forms) or named_forms([places.stem], pulled.forms)}
    return frozenset(known) or None


def _units(pulled: Pulled, file: str, registers: Registers) -> frozenset[str] | None:
    named = {unit for unit in registers.units.units if unit in file}
    last = pulled.present.get(file)
    if not named and last:
        for sheet in pulled.reading(last).sheets:
            spec = pulled.forms[sheet.form].role(Role.UNIT)
            said = sheet.table.column(spec.name).unique().to_pylist() if spec else []
            named |= {unit for unit in said if unit in registers.units.units}
    return frozenset(named) or None
