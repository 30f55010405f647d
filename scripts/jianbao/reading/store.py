"""Readings kept by the hash of what they were read from, so that a file that has not changed is not read twice.

A reading depends on the bytes, the path (which names form and day), the day that years not written are nearest to,
the forms, the program and the language it speaks; all six make its key. It can be thrown away at any time.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa

from jianbao import __version__, files
from jianbao.forms import FormSet
from jianbao.messages import language
from jianbao.reading.cells import Problem
from jianbao.reading.read import FileReading
from jianbao.reading.tables import DAY, FieldProblems, SheetReading
from jianbao.values import FindingBlock, Severity

_LAYOUT: Final = "5"
"""The layout of the index, and how cells are read: of another one nothing is taken over."""

Summary = Mapping[str, tuple[date | None, ...]]
"""The days a file has rows of, by form; None stands for rows that state no day."""


@dataclass(slots=True)
class ReadingStore:
    """The folder of readings, with an index that says which days each has rows of."""

    folder: Path
    forms: str
    _index: dict[str, Summary] = field(default_factory=dict)
    _remarks: dict[str, str] = field(default_factory=dict)
    _changed: bool = False
    _writing: list[Future[bool]] = field(default_factory=list)

    @classmethod
    def open(cls, folder: Path, forms: FormSet) -> ReadingStore:
        """Open the store for readings under these forms."""
        mark = files.sha256("".join([__version__, _LAYOUT, language(), *(f.sha256 for f in forms)]).encode())[:16]
        path = folder / f"{mark}.json"
        data = json.loads(files.read_text(path)) if path.is_file() else {}
        index: dict[str, Summary] = {k: {f: tuple(map(_day, days)) for f, days in v["days"].items()} for k, v in data.items()}
        return cls(folder, mark, index, {k: v["findings"] for k, v in data.items() if v["findings"]})

    def key(self, file: str, sha256: str, reference: date) -> str:
        """Return the key of a file's reading."""
        return files.sha256(f"{self.forms}\n{file}\n{sha256}\n{reference}".encode())

    def summary(self, key: str) -> Summary | None:
        """Return which days a reading has rows of, or None where it is not kept."""
        return self._index.get(key)

    def worst(self, key: str) -> Severity | None:
        """Return the worst severity of what a reading says about its file and sheets; None where it says nothing."""
        found = self._remarks.get(key)
        return Severity(found) if found else None

    def load(self, key: str) -> FileReading:
        """Return a reading that is kept."""
        return _unpacked(files.read_bytes(self._path(key)))

    def keep(self, key: str, reading: FileReading, pool: Executor) -> None:
        """Keep a reading; it is packed and written aside, by `save` at the latest."""
        self._writing.append(pool.submit(lambda: files.write_bytes(self._path(key), _packed(reading), private=True, lasting=False)))
        self._index[key] = summary_of(reading)
        self._remarks[key] = next((s.value for s in Severity if any(f.severity is s for f in reading.findings)), "")
        self._changed = True

    def save(self) -> None:
        """Write the index, where it has changed, once every reading it names is written."""
        for writing in self._writing:
            writing.result()
        self._writing.clear()
        if self._changed:
            data = {k: {"days": _plain_summary(v), "findings": self._remarks.get(k, "")} for k, v in self._index.items()}
            files.write_text(self.folder / f"{self.forms}.json", json.dumps(data, sort_keys=True), private=True, lasting=False)

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / f"{key}.zip"


def summary_of(reading: FileReading) -> Summary:
    """Return which days a reading has rows of, by form."""
    days: dict[str, list[pa.Array]] = {}
    for sheet in reading.sheets:
        days.setdefault(sheet.form, []).extend(sheet.table.column(DAY).chunks)
    return {form: tuple(pa.chunked_array(chunks, pa.date32()).unique().to_pylist()) for form, chunks in days.items()}


def _plain_summary(summary: Summary) -> dict[str, list[str | None]]:
    return {form: [d.isoformat() if d else None for d in days] for form, days in summary.items()}


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _packed(reading: FileReading) -> bytes:
    out = io.BytesIO()
    kinds = {id(p): p for sheet in reading.sheets for problems in sheet.problems for p in problems.problems}
    numbers = {key: number for number, key in enumerate(kinds)}
    with zipfile.ZipFile(out, "w") as parts:
        meta = {
            "file": reading.file,
            "skipped": reading.skipped,
            "findings": [_plain_block(b) for b in reading.findings],
            "kinds": [[str(p.code), p.severity.value, p.found, p.expected, p.note] for p in kinds.values()],
            "sheets": [_plain_sheet(s, numbers) for s in reading.sheets],
        }
        parts.writestr(_named("reading.json"), json.dumps(meta, ensure_ascii=False))
        for form in dict.fromkeys(s.form for s in reading.sheets):
            table = pa.concat_tables([s.table for s in reading.sheets if s.form == form]).combine_chunks()
            sink = pa.BufferOutputStream()
            with pa.ipc.new_stream(sink, table.schema) as stream:
                stream.write_table(table)
            parts.writestr(_named(f"{form}.arrow"), sink.getvalue().to_pybytes())
    return out.getvalue()


def _named(name: str) -> zipfile.ZipInfo:
    return zipfile.ZipInfo(name)  # dated 1980: equal readings are equal bytes


def _plain_block(block: FindingBlock) -> dict[str, Any]:
    """Return a finding about a sheet or a file as plain data; such blocks have no rows."""
    return {
        "code": str(block.code), "severity": block.severity.value, "file": block.file, "sheet": block.sheet,
        "field": block.field, "title": block.title, "found": block.found, "expected": block.expected, "note": block.note,
    }  # fmt: skip


def _plain_sheet(sheet: SheetReading, numbers: Mapping[int, int]) -> dict[str, Any]:
    """Return a sheet's reading as plain data; a problem is its number among those of the file."""
    return {
        "sheet": sheet.sheet, "form": sheet.form, "identifier": sheet.identifier, "columns": dict(sheet.columns),
        "rows": sheet.table.num_rows, "unknown": sheet.unknown, "header_row": sheet.header_row,
        "problems": [[p.field, p.records.tolist(), p.columns, [numbers[id(q)] for q in p.problems]] for p in sheet.problems],
    }  # fmt: skip


def _unpacked(data: bytes) -> FileReading:
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        meta = json.loads(parts.read("reading.json"))
        forms = dict.fromkeys(plain["form"] for plain in meta["sheets"])
        tables = {form: pa.ipc.open_stream(parts.read(f"{form}.arrow")).read_all() for form in forms}
    kinds = [Problem(code, Severity(severity), *told) for code, severity, *told in meta["kinds"]]
    sheets = []
    begun = dict.fromkeys(forms, 0)
    for plain in meta["sheets"]:
        form = plain["form"]
        sheets.append(_sheet(plain, kinds, tables[form].slice(begun[form], plain["rows"])))
        begun[form] += plain["rows"]
    findings = [FindingBlock(**{**b, "severity": Severity(b["severity"])}) for b in meta["findings"]]
    return FileReading(meta["file"], tuple(sheets), tuple(findings), tuple(meta["skipped"]))


def _sheet(plain: dict[str, Any], kinds: Sequence[Problem], table: pa.Table) -> SheetReading:
    problems = [FieldProblems(f, np.array(records, np.int32), at, [kinds[i] for i in which]) for f, records, at, which in plain["problems"]]
    unknown = tuple((int(c), str(t)) for c, t in plain["unknown"])
    return SheetReading(
        sheet=plain["sheet"], form=plain["form"], table=table, problems=tuple(problems), identifier=plain["identifier"],
        columns=plain["columns"], unknown=unknown, header_row=plain["header_row"],
    )  # fmt: skip
