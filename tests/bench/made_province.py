"""A province's day in the ledger: invented people by the million, kept as the product keeps accepted rows."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from made_day import DAY
from numpy.random import Generator

from jianbao.forms import FormSpec
from jianbao.forms.load import load_forms
from jianbao.ledger import Ledger, with_first_seen
from jianbao.project import Project
from jianbao.validation import CAMPUS, CLASS, COLUMN, FILE, SHEET, SNAPSHOT, UNIT

PERSONS: Final = 2_000_000
_SCHOOLS: Final = 97
_CLASSES: Final = 4_000
_FORM: Final = Path(__file__).with_name("forms_schema") / "health.yaml"
_TOML: Final = """\
[school]
name = "某省"
office = "防控办"
[[setting]]
name = "fever_threshold"
value = 37.2
since = 2020-01-01
"""
_PLACES: Final = (("湖北", "武汉"), ("湖南", "长沙"), ("广东", "深圳"), ("河南", "信阳"), ("浙江", "温州"), ("江西", "九江"))


def write_province(folder: Path, persons: int = PERSONS, days: int = 1) -> None:
    """Write an office that keeps one form's rows of `persons` on `DAY` and the days after it; it has no roster.

    What was written before with the same number is left as it is.
    """
    mark = folder / "persons.txt"
    if mark.is_file() and mark.read_text() == f"{persons} {days}":
        return
    (folder / "forms_schema").mkdir(parents=True, exist_ok=True)
    (folder / "inbox").mkdir(exist_ok=True)
    (folder / "jianbao.toml").write_text(_TOML, encoding="utf-8")
    text = _FORM.read_text(encoding="utf-8")
    foreign = text[text.index("foreignKeys:") : text.index("missingValues:")]
    (folder / "forms_schema" / _FORM.name).write_text(text.replace(foreign, ""), encoding="utf-8")
    project = Project.open(folder)
    form = load_forms(project.forms, project.settings.names)["health"]
    ledger = Ledger(project.private / "ledger")
    for number in range(days):
        day = DAY.fromordinal(DAY.toordinal() + number)
        rows = _rows(np.random.default_rng(20200210 + number), form, persons, day.isoformat())
        noon = datetime(day.year, day.month, day.day, 12, tzinfo=project.zone)
        ledger.write(form, day, with_first_seen(form, rows, None, noon), f"made {persons}")
    mark.write_text(f"{persons} {days}")


def _rows(chance: Generator, form: FormSpec, persons: int, day: str) -> pa.Table:
    """Return accepted rows as checking leaves them: a column a field, where the program has placed each, and where it stands."""
    where = chance.integers(len(_PLACES), size=persons)
    classes = np.sort(chance.integers(_CLASSES, size=persons))
    units = classes * _SCHOOLS // _CLASSES
    told = {
        "date": pa.array(np.full(persons, np.datetime64(day))),
        "person_no": _numbers("20", np.arange(persons) * 7 + 17_000_000, 9),
        "name": _words(chance.integers(400, size=persons), [f"{a}{b}" for a in "褚施云窦严奚林顾温苏" for b in _given()]),
        "unit": _words(units, [f"第{n + 1:02d}大学" for n in range(_SCHOOLS)]),
        "class": _words(classes, [f"{n + 1}班" for n in range(_CLASSES)]),
        "category": _words(chance.choice(3, persons, p=[0.74, 0.19, 0.07]), ["本科生", "研究生", "教职工"]),
        "phone": _numbers("1380000", chance.integers(10_000, size=persons), 4),
        "province": _words(where, [p for p, _c in _PLACES]),
        "city": _words(where, [c for _p, c in _PLACES]),
        "address": pc.binary_join_element_wise("某区某路", pa.array(chance.integers(1, 999, persons)).cast(pa.string()), "号", ""),
        "temperature": pa.array(np.round(chance.normal(36.4, 0.2, persons), 1), mask=chance.random(persons) < 0.01),
        "symptoms": _words(_rare(chance, persons, 0.03), ["咳嗽"]),
        "travelled": pa.array(chance.random(persons) < 0.01),
        "contact": pa.array(chance.random(persons) < 0.0005),
        "isolation": _words(_rare(chance, persons, 0.06), ["居家隔离"]),
        "on_campus": pa.array(chance.random(persons) < 0.03),
        "code": _words(chance.choice(2, persons, p=[0.99, 0.01]), ["绿码", "黄码"]),
        "returned_on": pa.array(np.full(persons, np.datetime64("2020-05-10")), mask=chance.random(persons) < 0.7),
        "submitted_at": pa.array(np.datetime64(f"{day}T06:00") + chance.integers(0, 14 * 3600, persons).astype("timedelta64[s]")),
        "note": _words(_rare(chance, persons, 0.04), ["已电话核实"]),
    }
    rows = pa.table({f.name: told[f.name] for f in form.fields})
    place = {
        UNIT: told["unit"], CLASS: told["class"], CAMPUS: pa.nulls(persons, pa.string()),
        FILE: _words(units, [f"健康日报/{n + 1:02d}.xlsx" for n in range(_SCHOOLS)]).dictionary_encode(),
        SHEET: pa.repeat(pa.scalar("日报"), persons).dictionary_encode(), "_row": pa.array(np.arange(persons) % 21_000 + 2, pa.int32()),
        COLUMN: pa.repeat(pa.scalar(1, pa.int32()), persons),
        SNAPSHOT: _words(units, [f"{n:064x}" for n in range(_SCHOOLS)]).dictionary_encode(),
    }  # fmt: skip
    for name, column in place.items():
        rows = rows.append_column(name, column)
    return rows


def _given() -> list[str]:
    return [f"{a}{b}" for a in "彩涵舟珊恩" for b in "辉安岚诚旭琪诗衡"]


def _words(codes: np.ndarray, words: list[str]) -> pa.Array:
    """Return the word of each code; a code of none is a blank."""
    known = pa.array(codes.astype(np.int32), mask=codes >= len(words))
    return pa.DictionaryArray.from_arrays(known, pa.array(words)).cast(pa.string())


def _rare(chance: Generator, persons: int, share: float) -> np.ndarray:
    return np.where(chance.random(persons) < share, 0, 1)


def _numbers(before: str, numbers: np.ndarray, width: int) -> pa.Array:
    return pc.binary_join_element_wise(before, pc.utf8_lpad(pa.array(numbers).cast(pa.string()), width, "0"), "")
