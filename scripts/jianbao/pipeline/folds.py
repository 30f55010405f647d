"""What a running total carries from day to day: the days before, folded into as few rows as tell the same.

A total of persons counted once each, from the first day on, needs of the days before only who was counted where, not every
row of every day. Each day's fold is kept, with the hashes of all it was folded from: where an old day's rows change, the folds
from that day on are made again, and no others.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from jianbao import files
from jianbao.figures import columns_of
from jianbao.forms import FormSpec, IndicatorSpec, Kind
from jianbao.forms.derived import ROWS
from jianbao.ledger import Ledger
from jianbao.validation import CAMPUS, CLASS, UNIT

_MARK: Final = b"jianbao.fold"
_KEPT: Final = 40
"""So many newest folds of a figure are kept: a day is rarely changed after more than a month."""


def foldable(form: FormSpec, indicator: IndicatorSpec) -> bool:
    """Whether equal rows of different days tell no more than one of them: nothing is added up, and no setting has a say."""
    names = {n for e in (indicator.where, indicator.among) if e for n in e.names}
    once = indicator.measure == "count" and indicator.distinct and indicator.of is not None
    daily = form.kind is Kind.DAILY and indicator.source == ROWS and indicator.window == "to_date"
    return once and daily and names <= form.by_name.keys()


def folded(ledger: Ledger, form: FormSpec, indicator: IndicatorSpec, day: date) -> pa.Table | None:
    """Return the rows of the days before `day`, each different one once; None where there are none."""
    folder = ledger.folds / form.name / indicator.name
    columns = columns_of(form, indicator)
    marks = _marks(ledger, form, columns, day)
    if not marks:
        return None
    rows, start = None, 0
    for place in range(len(marks) - 1, -1, -1):
        rows = _kept(folder / f"{marks[place][0]}.parquet", marks[place][1])
        if rows is not None:
            start = place + 1
            break
    for before, mark in marks[start:]:
        rows = _merged(form, indicator, [rows, ledger.read(form, before, columns)])
        _keep(folder, before, mark, rows)
    return rows


def _marks(ledger: Ledger, form: FormSpec, columns: Sequence[str], day: date) -> list[tuple[date, str]]:
    """Return the days before `day` with rows, each with the mark of everything up to it."""
    mark, found = files.sha256("\n".join(columns).encode()), []
    for before, kept in sorted(ledger.marks(form).items()):
        if before < day:
            mark = files.sha256(f"{mark} {before} {kept.sha256}".encode())
            found.append((before, mark))
    return found


@lru_cache(maxsize=4)
def _read(path: Path, _mark: str) -> pa.Table:
    return pq.read_table(path)


def _kept(path: Path, mark: str) -> pa.Table | None:
    if not path.is_file() or (pq.read_schema(path).metadata or {}).get(_MARK) != mark.encode():
        return None
    return _read(path, mark)


def _merged(form: FormSpec, indicator: IndicatorSpec, parts: Sequence[pa.Table | None]) -> pa.Table:
    """Return one row for each person, place and outcome: what else the rows say has had its say in the outcome."""
    rows = pa.concat_tables([_plain(t) for t in parts if t is not None], promote_options="permissive")
    about = [n for n in dict.fromkeys((*form.keys, indicator.of, UNIT, CLASS, CAMPUS)) if n in rows.column_names]
    others = [n for n in rows.column_names if n not in about]
    for number, outcome in enumerate(_outcomes(indicator, rows)):
        rows = rows.append_column(f"{number}", outcome)
    flags = [n for n in rows.column_names if n not in (*about, *others)]
    found = rows.group_by([*about, *flags], use_threads=False).aggregate([(n, "first") for n in others])
    return found.select([*about, *(f"{n}_first" for n in others)]).rename_columns([*about, *others])


def _outcomes(indicator: IndicatorSpec, rows: pa.Table) -> Iterator[pa.Array]:
    """Yield, a row each, whether it is the figure's business, is counted, and has answered each question the figure reads."""
    for condition in (indicator.among, indicator.where):
        if condition:
            yield condition.holds(rows, {})
    for name in sorted(indicator.reads):
        yield pc.is_valid(rows.column(name))


def _plain(rows: pa.Table) -> pa.Table:
    """Return rows with words in place of codes: the codes of each day are its own."""
    for place, field in enumerate(rows.schema):
        if pa.types.is_dictionary(field.type):
            rows = rows.set_column(place, field.name, pc.cast(rows.column(place), field.type.value_type))
    return rows


def _keep(folder: Path, day: date, mark: str, rows: pa.Table) -> None:
    out = io.BytesIO()
    pq.write_table(rows.replace_schema_metadata({_MARK: mark.encode()}), out, compression="zstd")
    files.write_bytes(folder / f"{day}.parquet", out.getvalue(), private=True, lasting=False)
    for path in sorted(folder.glob("????-??-??.parquet"))[:-_KEPT]:
        files.remove(path)
