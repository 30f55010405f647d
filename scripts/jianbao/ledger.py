"""Accepted rows, kept by form and day, with every later change to them. Nothing is overwritten unseen."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from jianbao import files
from jianbao.forms import FormSpec
from jianbao.validation import COLUMN, FILE, SEEN, SHEET, SNAPSHOT
from jianbao.values import said

_TABLES: Final = "_tables"
_INPUTS: Final = b"jianbao.inputs"
_INDEX: Final = "index.json"
_DAYS: Final = "????-??-??.parquet"
PLACES: Final = (FILE, SHEET, SNAPSHOT, "_row", COLUMN, SEEN)
"""The columns that say where a row stands and not what it says."""

CHANGES: Final = pa.schema([
    ("key", pa.string()), ("field", pa.string()), ("was", pa.string()), ("now", pa.string()), ("seen_at", pa.timestamp("ms", "UTC")),
    ("file", pa.string()), ("sheet", pa.string()), ("row", pa.int32()), ("column", pa.int32()),
])  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mark:
    """What tells a day's kept rows: the fingerprint of what they were made from, and the hash of their file."""

    inputs: str | None
    sha256: str


@dataclass(frozen=True, slots=True)
class Change:
    """One answer of an accepted row that was different before; `field` is None where the whole row came or went."""

    key: str
    field: str | None
    was: str | None
    now: str | None
    file: str
    sheet: str
    row: int
    column: int

    @property
    def came(self) -> bool:
        """Whether the row is one that was not there before."""
        return self.field is None and self.was is None


@dataclass(frozen=True, slots=True)
class Ledger:
    """The ledger's folder: `<form>/<day>.parquet` and, beside it, `<day>.changes.parquet`."""

    folder: Path

    def days(self, form: FormSpec) -> list[date]:
        """Return the days for which rows of a form are kept, in order."""
        paths = (self.folder / form.name).glob(_DAYS)
        return sorted(date.fromisoformat(p.stem) for p in paths)

    def read(self, form: FormSpec, day: date, columns: Sequence[str] | None = None) -> pa.Table | None:
        """Return the accepted rows of a day, or None where none were ever kept."""
        path = self._path(form, day)
        if not path.is_file():
            return None
        known = pq.read_schema(path).names if columns is not None else None
        return pq.read_table(path, columns=[c for c in columns if c in known] if columns is not None and known else None)

    def inputs(self, form: FormSpec, day: date) -> str | None:
        """Return the fingerprint of what the kept rows of a day were made from."""
        return self.marks(form).get(day, Mark(None, "")).inputs

    def marks(self, form: FormSpec) -> Mapping[date, Mark]:
        """Return what is known of each day's kept rows without opening them; what was put there by other hands is opened once."""
        index = self.folds / form.name / _INDEX
        data: dict[str, Any] = json.loads(files.read_text(index)) if index.is_file() else {}
        found, stale = {}, False
        for path in sorted((self.folder / form.name).glob(_DAYS)):
            entry, state = data.get(path.stem), path.stat()
            if entry is None or entry[2:] != [state.st_size, state.st_mtime_ns]:
                entry, stale = _entry(path), True
                data[path.stem] = entry
            found[date.fromisoformat(path.stem)] = Mark(entry[0], entry[1])
        if stale:
            self._write_index(form, data)
        return found

    def _write_index(self, form: FormSpec, data: Mapping[str, Any]) -> None:
        text = json.dumps(data, sort_keys=True, indent=0)
        files.write_text(self.folds / form.name / _INDEX, text + "\n", private=True, lasting=False)

    def write(self, form: FormSpec, day: date, rows: pa.Table, inputs: str) -> None:
        """Keep the accepted rows of a day in place of those kept before."""
        kept = rows.replace_schema_metadata({_INPUTS: inputs.encode()})
        files.write_bytes(self._path(form, day), _parquet(kept), private=True)

    @property
    def folds(self) -> Path:
        """Where what was folded from these rows is kept; it can be made again."""
        return self.folder.with_name("folds")

    def add_changes(self, form: FormSpec, day: date, changes: Sequence[Change], seen_at: datetime) -> None:
        """Keep what a day's rows were before, what they are now, and when that was seen."""
        path = self._path(form, day).with_suffix(".changes.parquet")
        rows = [
            {"key": c.key, "field": c.field, "was": c.was, "now": c.now, "seen_at": seen_at, "file": c.file, "sheet": c.sheet,
             "row": c.row, "column": c.column}
            for c in changes
        ]  # fmt: skip
        new = pa.Table.from_pylist(rows, CHANGES)
        files.write_bytes(path, _parquet(pa.concat_tables([pq.read_table(path), new]) if path.is_file() else new), private=True)

    def changes(self, form: FormSpec, day: date) -> list[Mapping[str, Any]]:
        """Return every change kept for a day, oldest first."""
        path = self._path(form, day).with_suffix(".changes.parquet")
        return pq.read_table(path).to_pylist() if path.is_file() else []

    def keep_table(self, name: str, day: date, table: pa.Table) -> None:
        """Keep a table derived from a day's rows, for the comparison of a later day."""
        files.write_bytes(self.folder / _TABLES / name / f"{day}.parquet", _parquet(table), private=True, lasting=False)

    def table_before(self, name: str, day: date) -> pa.Table | None:
        """Return the table kept last before a day, or None."""
        paths = sorted(p for p in (self.folder / _TABLES / name).glob("*.parquet") if p.stem < day.isoformat())
        return pq.read_table(paths[-1]) if paths else None

    def write_figures(self, day: date, values: Mapping[str, int | float | None]) -> None:
        """Keep the figures of a day, for tomorrow's comparison."""
        text = json.dumps(values, ensure_ascii=False, sort_keys=True, indent=1)
        files.write_text(self.folder / "figures" / f"{day}.json", text + "\n", private=True)

    def write_alerts(self, day: date, alerts: Sequence[Mapping[str, Any]]) -> None:
        """Keep the alerts of a day: one that is taken back later is not forgotten."""
        text = ",\n".join(json.dumps(alert, ensure_ascii=False, sort_keys=True) for alert in alerts)
        files.write_text(self.folder / "alerts" / f"{day}.json", f"[\n{text}\n]\n", private=True)

    def alerts(self, day: date) -> list[dict[str, Any]]:
        """Return the alerts kept of a day."""
        path = self.folder / "alerts" / f"{day}.json"
        return json.loads(files.read_text(path)) if path.is_file() else []

    def figures_on(self, day: date) -> Mapping[str, int | float | None]:
        """Return the figures kept of a day; none where it was not worked."""
        path = self.folder / "figures" / f"{day}.json"
        return json.loads(files.read_text(path)) if path.is_file() else {}

    def figures_before(self, day: date) -> Mapping[str, int | float | None]:
        """Return the figures of the last day worked before `day`."""
        paths = sorted((self.folder / "figures").glob("*.json"))
        earlier = [p for p in paths if p.stem < day.isoformat()]
        return json.loads(files.read_text(earlier[-1])) if earlier else {}

    def figures_of_days_before(self, day: date, most: int) -> list[Mapping[str, int | float | None]]:
        """Return the figures of the last days worked before `day`, newest first, at most so many."""
        earlier = sorted((p for p in (self.folder / "figures").glob("*.json") if p.stem < day.isoformat()), reverse=True)
        return [json.loads(files.read_text(p)) for p in earlier[:most]]

    def _path(self, form: FormSpec, day: date) -> Path:
        return self.folder / form.name / f"{day}.parquet"


def with_first_seen(form: FormSpec, now: pa.Table, was: pa.Table | None, moment: datetime) -> pa.Table:
    """Return accepted rows with `_seen_at`: `moment`, or what it was where the same subject's row was kept before."""
    seen: pa.Array = pa.repeat(pa.scalar(moment, pa.timestamp("ms", "UTC")), now.num_rows)
    if was is not None and SEEN in was.column_names and was.num_rows:
        key = form.identifier.name
        at = pc.index_in(now.column(key).combine_chunks(), value_set=was.column(key).combine_chunks())
        seen = pc.coalesce(was.column(SEEN).combine_chunks().take(at), seen)
    return now.append_column(SEEN, seen)


def _entry(path: Path) -> list[Any]:
    said = (pq.read_schema(path).metadata or {}).get(_INPUTS)
    state = path.stat()
    return [said.decode() if said else None, files.sha256_of(path), state.st_size, state.st_mtime_ns]


def _parquet(rows: pa.Table) -> bytes:
    out = io.BytesIO()
    pq.write_table(rows, out, compression="zstd")
    return out.getvalue()


def changed_rows(form: FormSpec, was: pa.Table, now: pa.Table) -> list[Change]:
    """Return how the accepted rows of a day differ from those kept, by key and field."""
    before, after = (_by_key(form, table) for table in (was, now))
    found: list[Change] = []
    for key in dict.fromkeys([*before, *after]):
        found += _changes(key, before.get(key), after.get(key), [f.name for f in form.fields])
    return found


def row_keys(form: FormSpec, table: pa.Table) -> list[str]:
    """Return each row's key as a change names it."""
    return ["/".join(map(str, row)) for row in zip(*(table.column(k).to_pylist() for k in form.keys), strict=True)]


def _by_key(form: FormSpec, table: pa.Table) -> dict[str, Mapping[str, Any]]:
    return dict(zip(row_keys(form, table), table.to_pylist(), strict=True))


def _changes(key: str, was: Mapping[str, Any] | None, now: Mapping[str, Any] | None, names: Iterable[str]) -> Iterator[Change]:
    row = now or was or {}
    place = (row[FILE], row[SHEET], row["_row"], row[COLUMN])
    if was is None or now is None:
        yield Change(key, None, _whole(was), _whole(now), *place)
        return
    for name in names:
        if was.get(name) != now.get(name):
            yield Change(key, name, said(was.get(name)), said(now.get(name)), *place)


def _whole(row: Mapping[str, Any] | None) -> str | None:
    told = {k: said(v) for k, v in row.items() if not k.startswith("_") and v is not None} if row else None
    return json.dumps(told, ensure_ascii=False, sort_keys=True) if told is not None else None
