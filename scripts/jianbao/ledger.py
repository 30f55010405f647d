"""Accepted rows, kept by form and day, with every later change to them. Nothing is overwritten unseen."""

from __future__ import annotations

import io
import json
import os
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from jianbao import files
from jianbao.errors import LedgerChanged
from jianbao.forms import FormSpec
from jianbao.messages import _
from jianbao.validation import COLUMN, FILE, SEEN, SHEET, SNAPSHOT
from jianbao.values import said

_TABLES: Final = "_tables"
_INPUTS: Final = b"jianbao.inputs"
_ONCE: Final = b"jianbao.once"
_PART_ROWS: Final = 1 << 17
"""So many rows are a part: a school's day is one, a province's a dozen or two, and a part's columns fit a processor's cache."""
_FOOTER: Final = 8
_INDEX: Final = "index.json"
_DAYS: Final = re.compile(r".{4}-.{2}-.{2}\.parquet")
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
class Part:
    """A part of a day's kept rows that is read by itself: a row group of its file. `mark` tells the file from any other."""

    path: str
    group: int
    rows: int
    mark: str

    def read(self, columns: Collection[str]) -> pa.Table:
        """Return the part's rows, of these columns those that it has.

        Raises LedgerChanged where the file is not there, or is not the one that the part was told of.
        """
        try:
            with pq.ParquetFile(self.path) as file:
                if _footer_mark(Path(self.path)) == self.mark:
                    return file.read_row_group(self.group, [c for c in file.schema_arrow.names if c in columns])
        except (OSError, pa.ArrowException) as error:
            raise self._changed(str(error)) from error
        raise self._changed(_("内容已不是开始计算时的"))

    def _changed(self, detail: str) -> LedgerChanged:
        return LedgerChanged(
            _("台账文件读不到，或在计算途中变了：{path}（{detail}）").format(path=self.path, detail=detail),
            _("等别的运行结束后再来一次；用集群计算时，各台机器要在同一路径看到同一个台账文件夹。"),
        )


@dataclass(frozen=True, slots=True)
class KeptDay:
    """A day's kept rows where they lie. With `once` everybody stands in one row only."""

    parts: tuple[Part, ...]
    once: bool

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return sum(p.rows for p in self.parts)


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
        return [date.fromisoformat(file.name[:10]) for file in self._days(form)]

    def _days(self, form: FormSpec) -> list[os.DirEntry[str]]:
        folder = self.folder / form.name
        with os.scandir(folder) if folder.is_dir() else nullcontext(()) as found:
            return sorted((file for file in found if _DAYS.fullmatch(file.name)), key=lambda file: file.name)

    def read(self, form: FormSpec, day: date, columns: Sequence[str] | None = None) -> pa.Table | None:
        """Return the accepted rows of a day, or None where none were ever kept."""
        path = self._path(form, day)
        if not path.is_file():
            return None
        known = pq.read_schema(path).names if columns is not None else None
        return pq.read_table(path, columns=[c for c in columns if c in known] if columns is not None and known else None)

    def kept(self, form: FormSpec, day: date) -> KeptDay | None:
        """Return where the accepted rows of a day lie, part by part, or None where none were ever kept."""
        path = self._path(form, day)
        if not path.is_file():
            return None
        with pq.ParquetFile(path) as file:
            groups = [file.metadata.row_group(n).num_rows for n in range(file.metadata.num_row_groups)]
            said = (file.schema_arrow.metadata or {}).get(_ONCE)
        mark = _footer_mark(path)
        parts = tuple(Part(str(path), n, rows, mark) for n, rows in enumerate(groups))
        return KeptDay(parts, said == form.identifier.name.encode())

    def inputs(self, form: FormSpec, day: date) -> str | None:
        """Return the fingerprint of what the kept rows of a day were made from."""
        return self.marks(form).get(day, Mark(None, "")).inputs

    def marks(self, form: FormSpec) -> Mapping[date, Mark]:
        """Return what is known of each day's kept rows without opening them; what was put there by other hands is opened once."""
        index = self.folds / form.name / _INDEX
        data: dict[str, Any] = json.loads(files.read_text(index)) if index.is_file() else {}
        found, stale = {}, False
        for file in self._days(form):
            name = file.name[:10]
            entry, state = data.get(name), file.stat()
            if entry is None or entry[2:] != [state.st_size, state.st_mtime_ns]:
                entry, stale = _entry(Path(file.path)), True
                data[name] = entry
            found[date.fromisoformat(name)] = Mark(entry[0], entry[1])
        if stale:
            self._write_index(form, data)
        return found

    def _write_index(self, form: FormSpec, data: Mapping[str, Any]) -> None:
        text = "{\n" + ",\n".join(f"{json.dumps(day)}: {json.dumps(data[day])}" for day in sorted(data)) + "\n}"
        files.write_text(self.folds / form.name / _INDEX, text + "\n", private=True, lasting=False)

    def write(self, form: FormSpec, day: date, rows: pa.Table, inputs: str) -> None:
        """Keep the accepted rows of a day in place of those kept before."""
        told = {_INPUTS: inputs.encode()}
        if _all_different(rows.column(form.identifier.name)):
            told[_ONCE] = form.identifier.name.encode()
        kept = rows.replace_schema_metadata(told)
        files.write_bytes(self._path(form, day), _parquet(kept), private=True)

    @property
    def folds(self) -> Path:
        """Where what was folded from these rows is kept; it can be made again."""
        return self.folder.with_name("folds")

    def strip(self, form: FormSpec, day: date) -> None:
        """Empty the fields of persons in a day's rows, and where in which sheet each stood."""
        path = self._path(form, day)
        rows = pq.read_table(path)
        if not any(rows.column(FILE).to_pylist()):
            return
        for name in (n for n in (*sorted(form.personal), FILE, SHEET) if n in rows.column_names):
            at = rows.schema.get_field_index(name)
            empty = pa.array([""], pa.string()).take(pa.array([0] * rows.num_rows, pa.int32())) if name in (FILE, SHEET) else None
            kind = rows.schema.field(name).type
            rows = rows.set_column(at, rows.schema.field(at), empty.cast(kind) if empty is not None else pa.nulls(rows.num_rows, kind))
        files.write_bytes(path, _parquet(rows), private=True)

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


def _all_different(names: pa.ChunkedArray) -> bool:
    """Whether a column has nothing twice and nothing blank: found out once, when it is written."""
    return bool(names.null_count == 0 and pc.count_distinct(names).as_py() == len(names))


def _footer_mark(path: Path) -> str:
    """Return the hash of a file's footer, which names every column's place, size and least and greatest value."""
    with path.open("rb") as file:
        file.seek(-_FOOTER, io.SEEK_END)
        size = int.from_bytes(file.read(4), "little")
        file.seek(-_FOOTER - size, io.SEEK_END)
        return files.sha256(file.read(size))


def _parquet(rows: pa.Table) -> bytes:
    out = io.BytesIO()
    pq.write_table(rows, out, compression="zstd", row_group_size=_PART_ROWS)
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
