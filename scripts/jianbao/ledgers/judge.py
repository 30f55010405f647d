"""The rules that speak of derived tables: what they find, and whom somebody must call."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from jianbao.forms import FormSpec, RuleSpec
from jianbao.forms.derived import ROWS, Classes
from jianbao.ledgers.classes import class_findings
from jianbao.ledgers.desk import Desk, text
from jianbao.messages import _
from jianbao.validation import COLUMN, FILE, SAID_IN, SHEET, Met
from jianbao.values import FindingBlock, Severity, said


@dataclass(frozen=True, slots=True)
class Judged:
    """What was found in a form's derived tables; `alerts` are the rows that meet an alert rule."""

    findings: tuple[FindingBlock, ...]
    alerts: tuple[Met, ...]


def judge(desk: Desk, form: FormSpec) -> Judged:
    """Apply the form's rules to its derived tables."""
    findings: list[FindingBlock] = []
    alerts: list[Met] = []
    for source, spec in form.derived.items():
        if isinstance(spec, Classes):
            findings += class_findings(form, spec, desk.table(form, source))
    for rule in form.rules:
        if rule.source == ROWS or not rule.holds_on(desk.day):
            continue
        table = desk.table(form, rule.source)
        hits = table.filter(rule.when.holds(table, desk.settings))
        if not hits.num_rows:
            continue
        findings += _blocks(form, rule, hits)
        if rule.severity == "alert":
            alerts.append(Met(rule, hits.append_column(SAID_IN, text(hits.column(COLUMN)).cast(pa.int32()))))
    return Judged(tuple(findings), tuple(alerts))


def _blocks(form: FormSpec, rule: RuleSpec, hits: pa.Table) -> Iterator[FindingBlock]:
    """Yield a block for each sheet that rows stand in; a row that stands nowhere (a shift nobody has) has its own."""
    named = rule.field or next((n for n in (*form.keys, *hits.column_names) if n in hits.column_names), None)
    files, sheets = text(hits.column(FILE)).fill_null(form.title), text(hits.column(SHEET)).fill_null("")
    places = pc.binary_join_element_wise(files, sheets, "\x1f").to_pylist()
    told = [said(v) for v in text(hits.column(named)).to_pylist()] if named else [None] * hits.num_rows
    for place in dict.fromkeys(places):
        file, _mark, sheet = place.partition("\x1f")
        at = [i for i, p in enumerate(places) if p == place]
        here = hits.take(pa.array(at))
        block = FindingBlock(rule.code, Severity(rule.severity), file, sheet or None, field=named, title=form.title,
                             expected=rule.receiver or None, note=rule.message)  # fmt: skip
        if here.column("_row").null_count:
            for what in (told[i] for i in at):
                spoken = _("{what}：{sentence}").format(what=what, sentence=rule.message)
                yield replace(block, found=what, note=spoken if what else rule.message)
        else:
            rows = np.array(here.column("_row").to_pylist(), np.int32)
            yield replace(block, rows=rows, columns=here.column(COLUMN).to_pylist(), found=[told[i] for i in at])
