"""What `--format json` prints: one object a command, documented in docs/json.md, tested, and stable."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from jianbao import wording
from jianbao.figures import spoken_value
from jianbao.ledgers import MadeView
from jianbao.messages import _
from jianbao.pipeline.disclose import spoken_cell
from jianbao.pipeline.explain import CountedRow, Explanation, Moved, Released
from jianbao.pipeline.recount import Recounted
from jianbao.pipeline.work import DayWork
from jianbao.record import Record
from jianbao.reminders import Reminder
from jianbao.signing import available, fingerprint
from jianbao.values import Figure
from jianbao.verification import Discrepancy


def check_json(work: DayWork) -> dict[str, Any]:
    """Return what `check` prints."""
    return {
        "date": work.day.isoformat(),
        "as_of": work.as_of.isoformat(),
        "files": [asdict(c) for c in work.counts] + [_unread(name) for name in work.unread],
        "findings": [asdict(f) | {"code": str(f.code), "severity": f.severity.value} for f in wording.findings(work.findings)],
        "units": [
            {
                "unit": u.unit,
                "state": u.state.value,
                "late": u.late,
                "contradictions": [{"form": c.form, "file": c.place.file, "cell": c.place.cell} for c in u.contradictions],
            }
            for u in work.completeness.units
        ],
        "figures": figures_json(work.figures),
        "extra": {"excused": {u.unit: u.excused for u in work.completeness.units if u.excused}},
    }


def figures_json(figures: tuple[Figure, ...]) -> dict[str, Any]:
    """Return figures by name, as `check` and `figures` print them."""
    return {
        f.name: {
            "value": f.value,
            "title": f.title,
            "unit": f.unit,
            "received": f.received,
            "expected": f.expected,
            "as_of": f.as_of.isoformat(),
        }
        for f in figures
    }


def recount_json(days: Sequence[Recounted], as_of: datetime) -> dict[str, Any]:
    """Return what `figures --from … --to …` prints."""
    told = [
        {"date": d.day.isoformat(), "figures": figures_json(d.figures), "moved": {f.name: d.before[f.name] for f in d.moved}} for d in days
    ]
    return {"as_of": as_of.isoformat(), "days": told}


def table_json(made: MadeView) -> dict[str, Any]:
    """Return what `tables` prints of one table."""
    rows = [[spoken_cell(v) for v in row] for row in made.rows]
    total = [spoken_cell(v) for v in made.total] if made.total else None
    return {"name": made.view.name, "title": made.view.title, "form": made.form.name, "head": list(made.head), "rows": rows, "total": total}


def _unread(file: str) -> dict[str, Any]:
    counts = dict.fromkeys(("rows", "accepted", "rejected", "superseded", "passed_over"), 0)
    return {"file": file, "sheet": None, "form": None} | counts


def figure_line(figure: Figure) -> str:
    """Return a figure with its coverage, in a line for the terminal."""
    said = _("未报") if figure.value is None else f"{spoken_value(figure.value)} {figure.unit}"
    return f"{figure.title} {said}"


def figures_report_json(work: DayWork) -> dict[str, Any]:
    """Return what `figures` prints."""
    return {"date": work.day.isoformat(), "as_of": work.as_of.isoformat(), "figures": figures_json(work.figures)}


def remind_json(work: DayWork, texts: list[Reminder]) -> dict[str, Any]:
    """Return what `remind` prints."""
    reminders = [{"unit": r.unit, "state": r.state.value, "text": r.text} for r in texts]
    return {"date": work.day.isoformat(), "as_of": work.as_of.isoformat(), "reminders": reminders}


def explain_json(found: Explanation) -> dict[str, Any]:
    """Return what `explain` prints."""
    return {
        "date": found.figure.day.isoformat(),
        "figure": figures_json((found.figure,))[found.figure.name] | {"name": found.figure.name, "definition": found.figure.definition},
        "form": found.form.name,
        "version": found.form.version,
        "units": {unit: {"value": value, "received": received} for unit, (value, received) in found.by_unit.items()},
        "rules": [{"name": name, "value": value} for name, value in found.rules.items()],
        "rows": [_row_json(r) for r in found.rows],
    }


def released_json(found: Released) -> dict[str, Any]:
    """Return what `explain` prints of a day whose rows were deleted: what the record says, and when they went."""
    fact, facts = found.figure, found.facts
    said = {"value": fact.value, "title": fact.title, "unit": fact.unit, "received": fact.received, "expected": fact.expected}
    parts = (facts.by_unit or {}).get(fact.name, ())
    return {
        "date": facts.day.isoformat(),
        "figure": said | {"as_of": facts.as_of.isoformat(), "name": fact.name, "definition": fact.definition},
        "form": fact.form,
        "version": fact.version,
        "units": {p.name: {"value": p.value, "received": p.received} for p in parts},
        "rows": None,
        "rows_deleted": {"on": found.purge.on.isoformat(), "before": found.purge.before.isoformat()},
    }


def moved_json(found: Moved) -> dict[str, Any]:
    """Return what `explain --diff` prints."""
    pairs = {"came": found.came, "went": found.went, "changed": found.changed}
    return {"before": explain_json(found.before), "after": explain_json(found.after)} | {
        name: [{"was": _row_json(p.was) if p.was else None, "now": _row_json(p.now) if p.now else None} for p in of]
        for name, of in pairs.items()
    }


def _row_json(row: CountedRow) -> dict[str, Any]:
    return {"date": row.day.isoformat(), "number": row.number, "name": row.name, "unit": row.unit, "said": row.said,
            "file": row.place.file, "sheet": row.place.sheet, "cell": row.place.cell}  # fmt: skip


def verify_json(found: list[Discrepancy], record: Record | None = None) -> dict[str, Any]:
    """Return what `verify` prints; its head, keys and what was removed where it is intact."""
    said: dict[str, Any] = {"intact": not found, "discrepancies": [{"where": d.where, "what": d.what} for d in found]}
    if record is None:
        return said | {"releases": None, "head": None, "keys": [], "removed": [], "signatures": None}
    keys = [{"from": name, "fingerprint": fingerprint(key)} for name, key in record.keys if key]
    told = {"releases": len(record.lines), "head": record.head, "keys": keys, "removed": [asdict(e) for e in record.removals]}
    return said | told | {"signatures": "none" if not keys else "checked" if available() else "unchecked"}
