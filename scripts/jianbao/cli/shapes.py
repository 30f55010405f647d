"""What `--format json` prints: one object a command, documented in docs/json.md, tested, and stable."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from jianbao import wording
from jianbao.figures import spoken_value
from jianbao.ledgers import MadeView
from jianbao.messages import _
from jianbao.pipeline.disclose import spoken_cell
from jianbao.pipeline.explain import Explanation
from jianbao.pipeline.work import DayWork
from jianbao.record import Discrepancy
from jianbao.reminders import Reminder
from jianbao.values import Figure


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
        "rows": [
            {"date": r.day.isoformat(), "number": r.number, "name": r.name, "unit": r.unit, "said": r.said, "file": r.place.file,
             "sheet": r.place.sheet, "cell": r.place.cell}
            for r in found.rows
        ],
    }  # fmt: skip


def verify_json(found: list[Discrepancy]) -> dict[str, Any]:
    """Return what `verify` prints."""
    return {"intact": not found, "discrepancies": [{"where": d.where, "what": d.what} for d in found]}
