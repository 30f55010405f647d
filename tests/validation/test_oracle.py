"""Another's checker as the judge: on cleaned cells frictionless takes what we take and refuses what we refuse.

It knows no numbers of persons: to it they are text like any other, so a date in such a column is for us alone to refuse.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import pytest
import yaml
from frictionless import Schema
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from jianbao import wording
from jianbao.forms import FieldSpec, FormSpec, Privacy, Role
from jianbao.forms.load import load_forms
from jianbao.project import shipped
from jianbao.reading import DAY as ROW_DAY
from jianbao.reading import PASSED, ROW, Readers, read_file
from jianbao.reading.cells import FieldReader
from jianbao.reading.words import plain
from jianbao.sources import Cell, Grid, WorkbookCells
from jianbao.sources.workbook import spoken
from jianbao.validation import Registers, SourcedSheet, check_day
from jianbao.values import Code, column_letters

DAY: Final = date(2020, 2, 6)
FORMS: Final = load_forms(shipped("forms_schema"), {"fever_threshold", "observation_days", "missed_contact", "low_cover_days"})
SETTINGS: Final = {"fever_threshold": 37.2, "observation_days": 14, "missed_contact": "extend", "low_cover_days": 7}
FOLDERS: Final = {"staff_daily": "教职工日报", "student_daily": "学生日报", "unit_daily": "零报告"}
REFUSED: Final = {Code.BAD_TYPE, Code.BAD_DATE, Code.OUT_OF_RANGE, Code.MISSING_REQUIRED}

TEMPERATURES: Final[list[Cell]] = [
    "36.5", "36.5℃", "３６．５", "36。6", "36,5", "36度5", 36.5, 37, "体温36.5", "36.5（腋下）", "34", "43", "33.9", "43.1", "365", 365.0,
    "0", 0, "正常", "约36", "36.5-37",
    "不详", "无", True, DAY, "36.5 37.5", "-36.5", "",
]  # fmt: skip
COUNTS: Final[list[Cell]] = ["0", 0, 0.0, "无", "零", "０", "0人", "12例", 12.0, "1,234", "三", "二十三人", "约30", "30多", 1.5, "1.5", -1,
    "-1",
    "见附件", "有", "25例 # 来源", True, DAY, "3-5", ""]  # fmt: skip
DAYS: Final[list[Cell]] = [DAY, datetime(2020, 2, 6, 8), 43867.0, "43867", "2020-02-06", "2020/2/6", "2020.2.6", "2月6日", "2.6", 2.6,
    "20200206",
    "２月６日", "二月六日", "2月30日", "13月1日", "2020-02-30", "昨天", "36.5", True, ""]  # fmt: skip
MOMENTS: Final[list[Cell]] = [datetime(2020, 2, 6, 9, 5), "2020-02-06 09:05:30", "2020/2/6 9:05:30", "2020年2月6日 9:05",
    "2020/2/6 下午3:05", 43867.4,
    "25:00", "上午", "2020-02-30 09:05:30", "2020-02-06 09:60:00", 12.0, True, ""]  # fmt: skip
ANSWERS: Final[list[Cell]] = [
    "是",
    "否",
    "有",
    "无",
    "Y",
    "×",
    "√",
    "没有",
    "TRUE",
    True,
    False,
    1,
    0,
    "1",
    "0.5",
    "可能",
    "2",
    36.5,
    DAY,
    "",
]
TEXTS: Final[list[Cell]] = ["无", "发热", "发热、干咳", "其他话", "居家", "吉林长春", 12, "  两边  ", ""]
PHONES: Final[list[Cell]] = ["13800001234", 13800001234, 1.5, DAY, ""]


def writings(spec: FieldSpec) -> list[Cell]:
    """Return how a field's cells are written in these tests, well and ill."""
    if spec.role is Role.DAY:
        return [d for d in DAYS if d != "昨天"]
    by_type = {"number": TEMPERATURES, "integer": COUNTS, "date": DAYS, "datetime": MOMENTS, "boolean": ANSWERS}
    return by_type.get(spec.type) or (PHONES if spec.privacy is Privacy.PHONE else TEXTS)


SMALL: Final = st.text("0123456789.-+:/年月日无是否℃人例约多 ", min_size=1, max_size=6)


def cells_of(spec: FieldSpec) -> st.SearchStrategy[Cell]:
    listed = st.sampled_from(writings(spec))
    if spec.type in ("number", "integer"):
        return st.one_of(listed, st.floats(30, 45).map(lambda x: round(x, 2)), st.integers(-3, 500), SMALL)
    return st.one_of(listed, SMALL) if spec.type in ("date", "datetime", "boolean") and spec.role is not Role.DAY else listed


def rows_of(form: FormSpec) -> st.SearchStrategy[list[list[Cell]]]:
    """Return rows in which every identifier is another, or blank, or no identifier."""
    answers = [cells_of(f) for f in form.fields if f is not form.identifier]
    place = form.fields.index(form.identifier)
    odd: st.SearchStrategy[Cell | None] = st.sampled_from([None] * 6 + ["", 1.5, DAY])

    def with_identifiers(rows: list[tuple[Any, ...]]) -> list[list[Cell]]:
        found = []
        for number, (wrong, *rest) in enumerate(rows):
            name: Cell = f"单位{chr(0x4E00 + number)}" if form.subject == "unit" else f"{number + 1:05}"
            found.append([*rest[:place], name if wrong is None or (form.subject == "unit" and wrong != "") else wrong, *rest[place:]])
        return found

    return st.lists(st.tuples(odd, *answers), min_size=1, max_size=6).map(with_identifiers)


@dataclass(frozen=True)
class Judged:
    """What became of a row: its cleaned cells, the fields refused, and whether it counts."""

    cleaned: list[str]
    refused: frozenset[str]
    accepted: bool


def judge(form: FormSpec, rows: list[list[Cell]]) -> list[Judged]:
    """Read and check rows as one sheet of a day, and write back each cell as it was understood."""
    grid = Grid("日报", [[f.title for f in form.fields], *rows])
    reading = read_file(f"{FOLDERS[form.name]}/x.xlsx", WorkbookCells((grid,)), FORMS, Readers(DAY))
    (sheet,) = reading.sheets
    checked = check_day(form, DAY, [SourcedSheet("x.xlsx", "0", DAY, sheet)], Registers(), SETTINGS)
    accepted = set(checked.accepted.column(ROW).to_pylist())
    codes = {(f.cell, f.code) for f in wording.findings(checked.findings)}
    found = []
    for record in sheet.table.to_pylist():
        if record[PASSED] or record[ROW_DAY] not in (None, DAY):
            continue
        number = record[ROW]
        told = {
            (f.name, c) for i, f in enumerate(form.fields) for c in REFUSED if record[f.name] is None and (f"{column_letters(i)}{number}",
                c) in codes
        }  # fmt: skip
        wrong = {name for name, _code in told}
        cleaned = [
            plain(spoken(rows[number - 2][i])) if f.name in wrong else canonical(f, record[f.name]) for i, f in enumerate(form.fields)
        ]
        refused = {name for name, code in told if code == Code.MISSING_REQUIRED or form.by_name[name].type != "string"}
        found.append(Judged(cleaned, frozenset(refused), number in accepted))
    return found


RAW: Final = {path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in shipped("forms_schema").glob("*.yaml")}


def canonical(spec: FieldSpec, value: Any) -> str:
    """Return a value that was understood, as the Table Schema writes it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower() if not words(spec) else words(spec)[value]
    return value.strftime("%Y-%m-%dT%H:%M:%S") if isinstance(value, datetime) else str(value)


def words(spec: FieldSpec) -> dict[bool, str]:
    """Return a form's own first words for yes and no, where a field has them."""
    for raw in RAW.values():
        for field in raw["fields"]:
            if field["name"] == spec.name and field["title"] == spec.title and "trueValues" in field:
                return {True: field["trueValues"][0], False: field.get("falseValues", ["false"])[0]}
    return {}


DIFFERENCES: Final = {
    # What frictionless takes (as Python's int and Decimal do) and we refuse: nobody means a number by it.
    "an underscore": re.compile(r"[\d]_[\d]"),
    "no number": re.compile(r"[+-]?(nan|inf(inity)?)", re.IGNORECASE),
    "an exponent": re.compile(r"[+-]?[\d.]+[eE][+-]?\d+"),
    "a number too long to have been kept": re.compile(r"[+-]?\d{16,}"),
}


def differs(text: str) -> bool:
    return any(pattern.search(text) if name == "an underscore" else pattern.fullmatch(text) for name, pattern in DIFFERENCES.items())


@pytest.mark.parametrize("name", FOLDERS)
@settings(max_examples=80, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
@given(data=st.data())
def test_frictionless_judges_as_we_do(name: str, data: st.DataObject) -> None:
    form = FORMS[name]
    schema = Schema.from_descriptor(RAW[name])
    for row in judge(form, data.draw(rows_of(form))):
        _cells, notes = schema.read_cells(row.cleaned)
        against = {f.name for f, note in zip(form.fields, notes, strict=True) if note}
        listed = {f.name for f, text in zip(form.fields, row.cleaned, strict=True) if f.name in row.refused and differs(text)}
        assert against - listed == row.refused - listed, row.cleaned
        if row.accepted:
            assert row.refused <= {f.name for f in form.fields if f.role is Role.SUBMITTED}, row.cleaned


KNOWN: Final[list[tuple[str, str, str]]] = [
    ("an underscore", "1_000", "integer"), ("an underscore in a fraction", "3_6.5", "number"), ("no number", "NaN", "number"),
    ("infinite", "Infinity", "number"),
    ("an exponent", "1e1", "number"), ("a number too long", "1000000000000000", "integer"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "type_"), [pytest.param(t, k, id=name) for name, t, k in KNOWN])
def test_the_differences_are_what_they_are_said_to_be(text: str, type_: str) -> None:
    """Frictionless takes each, we refuse it, and the list names it."""
    schema = Schema.from_descriptor({"fields": [{"name": "x", "type": type_}]})
    assert schema.read_cells([text])[1] == [None]
    reader = FieldReader(FieldSpec("x", "栏", "integer" if type_ == "integer" else "number"), DAY)
    assert reader[text] is None
    assert reader.problems[text].code == Code.BAD_TYPE
    assert differs(text)


def test_full_width_digits_are_ours_and_another_s() -> None:
    """They are half-width once cleaned, so no row differs by them; frictionless would take them as they stand."""
    schema = Schema.from_descriptor({"fields": [{"name": "x", "type": "integer"}]})
    assert schema.read_cells(["１２"])[0] == [12]
    assert FieldReader(FieldSpec("x", "栏", "integer"), DAY)["１２"] == 12


def test_the_judge_sees_both_kinds_of_rows() -> None:
    """A row well written, one ill written, one without its identifier: the oracle is asked about all three."""
    form = FORMS["unit_daily"]
    titles = [f.name for f in form.fields]

    def row(**said: Cell) -> list[Cell]:
        return [said.get(t, "") for t in titles]

    found = judge(form, [
        row(unit="会计学院", abnormal="无", suspected="０", confirmed="0例"),
        row(unit="金融学院", abnormal="约3", suspected=0, confirmed=""),
        row(abnormal=0, suspected=0, confirmed=0),
    ])  # fmt: skip
    assert [(j.accepted, set(j.refused)) for j in found] == [(True, set()), (False, {"abnormal", "confirmed"}), (False, {"unit"})]
