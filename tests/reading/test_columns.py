"""A column read at once says just what its cells say one by one."""

from __future__ import annotations

import math
from datetime import date, datetime, time, timedelta
from typing import Any, Final

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from jianbao.forms import FieldSpec
from jianbao.forms.load import load_forms
from jianbao.project import shipped
from jianbao.reading.cells import FieldReader, Problem
from jianbao.reading.columns import ARROW_TYPES, canonical_cells, read_column
from jianbao.sources import Cell

DAY: Final = date(2020, 2, 6)
FORMS: Final = load_forms(shipped("forms_schema"), {"fever_threshold", "observation_days", "missed_contact", "low_cover_days"})

# Full-width, zero-width and unusual white space are in; what breaks both paths alike is not, and has tests of its own.
ALPHABET: Final = (
    "0123456789０１２９.．-－/／年月日:： 　\t\n\x0b\x1c\x85\xa0\u200b\u2028\ufeff甲乙·是否无零二人例#＃()（）、，。;'℃TRUEXGgx×√*空跳过+e"
)
WORDS: Final = [
    "", " ", "\u3000", "/", "／", "—", "-", "－", "——", "(空)", "（空）", "(跳过)", "（跳过）", "#REF!", "＃REF!", "Err:502", "#未计算",
    "是", "否", "Y", "×", "无", "零",
    "36.5", "36.5℃", "３６．５", "36。6", "365", "正常", "2月6日", "2.6", "2月30日", "2020-02-06", "2020-02-30", "43867", "20200206",
    "00123", "G00123", "g00123",
    "１２３", "1E+17", "990101199003078888", "2020/2/6 9:05:30", "2020-02-06 09:05:30", "2020-02-30 09:05:30", "2020-02-06 24:00:00",
    "2020-02-06 09:05:60", "2020-02-06",
    "2020-02-06  9:05:30", "2020-02-0609:05:30", "20-02-06 09:05:30", "2020-13-01 00:00:00", "发热┋干咳", "发热、无", "居家", "会计学院",
    "会计 学院", "甲·乙", "甲 乙",
    " 甲乙", "甲乙。", "13800001234", "合计", "填报人：", "0", "0人", "约30", "25例 # 其他来源", "TRUE", "True", "true", "他说：没有。",
    "=1+1", "#标签",
]  # fmt: skip
MOMENTS: Final = st.from_regex(
    r"[12][09][0-9]{2}[-/.][0-9]{1,2}[-/.][0-9]{1,2}[ T]{0,2}[0-9]{1,2}:[0-9]{1,2}(:[0-9]{1,2})?", fullmatch=True
)
NUMBERS: Final = st.from_regex(r"[A-Za-z]?[0-9]{1,20}(\.0)?", fullmatch=True)
TEXTS: Final = st.one_of(st.sampled_from(WORDS), st.text(ALPHABET, max_size=8), MOMENTS, NUMBERS)
EVERYTHING: Final = st.one_of(
    TEXTS,
    st.integers(-(10**17), 10**17),
    st.floats(-1e17, 1e17, allow_nan=False),
    st.floats(30, 45, allow_nan=False).map(lambda x: round(x, 1)),
    st.integers(40000, 46000).map(float),
    st.dates(date(1990, 1, 1), date(2030, 12, 31)),
    st.datetimes(datetime(1990, 1, 1), datetime(2030, 12, 31)),
    st.times(),
    st.timedeltas(timedelta(0), timedelta(days=90)),
)
COLUMNS: Final = st.one_of(st.lists(TEXTS, max_size=12), st.lists(EVERYTHING, max_size=8))


def one_by_one(spec: FieldSpec, cells: list[Cell]) -> list[tuple[Any, Problem | None]]:
    """Return each cell's value and problem, each from a reader that has seen no other cell."""
    found = []
    for cell in cells:
        reader = FieldReader(spec, DAY)
        value = reader[cell]
        found.append((value, reader.problems.get(cell)))
    return found


def at_once(spec: FieldSpec, cells: list[Cell]) -> list[tuple[Any, Problem | None]]:
    reader = FieldReader(spec, DAY)
    column = read_column(reader, cells)
    assert column.values.type == ARROW_TYPES[spec.type]
    wrong = column.wrong if column.wrong is not None else np.zeros(len(cells), np.bool_)
    said = ["TRUE" if c is True else "FALSE" if c is False else c for c in cells]
    problems = [reader.problems[c] if w else None for c, w in zip(said, wrong.tolist(), strict=True)]
    return list(zip(column.values.to_pylist(), problems, strict=True))


@pytest.mark.parametrize("form", sorted(f.name for f in FORMS))
@settings(
    max_examples=150,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate, Phase.shrink],
)
@given(cells=COLUMNS)
def test_a_column_says_what_its_cells_say(form: str, cells: list[Cell]) -> None:
    """For every field of every form, whatever stands in the column."""
    for spec in FORMS[form].fields:
        assert (spec.name, at_once(spec, cells)) == (spec.name, one_by_one(spec, cells))


@settings(max_examples=25, phases=[Phase.generate, Phase.shrink])
@given(cells=st.lists(st.booleans() | st.sampled_from([0, 1, 0.0, 1.0, "0", "1", "TRUE", "是", ""]), max_size=5))
def test_true_and_one_share_no_memory(cells: list[Cell]) -> None:
    """Python takes True for 1 and False for 0; a column must not."""
    for form in FORMS:
        for spec in form.fields:
            assert (spec.name, at_once(spec, cells)) == (spec.name, one_by_one(spec, cells))


CASES: Final = [
    ("note", ["\u3000", "在家"], "a full-width blank is blank beside text"),
    ("note", ["（空）", "在家"], "a survey's blank in full-width brackets"),
    ("note", ["－", "在家"], "a full-width dash stands for nothing"),
    ("note", ["\u3000在家\u3000", "在校"], "full-width spaces around text"),
    ("note", ["＃REF!", "在家"], "a full-width formula error"),
    ("submitted_at", ["2020-02-30 09:05:30"], "no such day"),
    ("submitted_at", ["2020-02-31 09:05:30", "2020/2/6 9:05:30"], "no such day beside a good one"),
    ("submitted_at", ["2020-02-06 24:00:00"], "no such hour"),
    ("submitted_at", ["2020-02-06 09:05:60"], "no such second"),
    ("submitted_at", ["20-02-06 09:05:30"], "a short year"),
    ("submitted_at", ["2020-02-0609:05:30"], "without the space"),
    ("submitted_at", [" 2020-02-06 09:05:30"], "a space before"),
    ("submitted_at", ["2020-02-06 09:05:30 "], "a space after"),
    ("submitted_at", ["2020/2-6 9:5:3"], "mixed marks"),
    ("staff_no", ["00123", "1E5", "12345678901234567890"], "numbers of persons"),
    ("staff_no", ["00123", True], "true is no number of a person"),
    ("name", ["甲乙", "甲 乙", "甲·乙", "甲•乙"], "names"),
    ("returned", [True, 1.0, 0.0, False, "是"], "truth values and numbers"),
    ("temperature", ["", "36.5", 36.5, 36], "text and numbers"),
]


@pytest.mark.parametrize(("name", "cells"), [pytest.param(n, c, id=why) for n, c, why in CASES])
def test_single_columns(name: str, cells: list[Cell]) -> None:
    spec = FORMS["staff_daily"].by_name[name]
    assert at_once(spec, cells) == one_by_one(spec, cells)


def test_a_column_of_nothing() -> None:
    for form in FORMS:
        for spec in form.fields:
            assert at_once(spec, []) == []
            assert at_once(spec, ["", ""]) == [(None, None), (None, None)]


@pytest.mark.parametrize(
    ("name", "cells", "expected"),
    [
        pytest.param("staff_no", ["00123", "00 123", "１２３", "g1", "G1", ""], [True, False, False, False, True, False], id="identifiers"),
        pytest.param("name", ["甲乙", "甲 乙", "Ann", ""], [True, False, False, False], id="names"),
        pytest.param("temperature", ["36.5"], [False], id="a number is always looked at"),
        pytest.param("staff_no", ["00123", 123.0], [True, False], id="a column of text and numbers"),
    ],
)
def test_canonical_cells(name: str, cells: list[Cell], expected: list[bool]) -> None:
    assert canonical_cells(FORMS["staff_daily"].by_name[name], cells).tolist() == expected


def test_a_reader_that_has_seen_a_fault_still_sees_the_next_column_s() -> None:
    """One reader serves all sheets of a pull; a problem is told for every column that holds it."""
    spec = FORMS["staff_daily"].by_name["temperature"]
    reader = FieldReader(spec, DAY)
    columns: list[list[Cell]] = [["坏", "36.5"], ["36.5", "坏"], ["36.5", 36.6]]
    first, second, third = (read_column(reader, cells) for cells in columns)
    assert first.wrong is not None
    assert second.wrong is not None
    assert (first.wrong.tolist(), second.wrong.tolist(), third.wrong) == ([True, False], [False, True], None)


def test_numbers_stay_numbers() -> None:
    spec = FORMS["staff_daily"].by_name["temperature"]
    values = read_column(FieldReader(spec, DAY), [36.599999999999994, "36.6", time(8)]).values.to_pylist()
    assert values[:2] == [36.6, 36.6]
    assert not math.isnan(values[0])
