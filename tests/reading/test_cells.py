"""Every way people write yes and no, zero, a temperature, a number of a person; each constraint; what is refused."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Final

import pytest

from jianbao.forms import CodeList, FieldSpec, Role
from jianbao.forms.load import load_forms, read_code_list
from jianbao.project import shipped
from jianbao.reading.cells import FieldReader, expectation, negation, negation_stems, number_in
from jianbao.sources import Cell
from jianbao.values import Code, Severity

DAY: Final = date(2020, 2, 6)
FORMS: Final = load_forms(shipped("forms_schema"), {"fever_threshold", "observation_days", "missed_contact", "low_cover_days"})
STAFF: Final = FORMS["staff_daily"].by_name
STUDENT: Final = FORMS["student_daily"].by_name
UNIT: Final = FORMS["unit_daily"].by_name

Value = str | int | float | bool | date | datetime | None


@dataclass(frozen=True)
class Read:
    """What came of a cell."""

    value: Value
    code: str | None = None
    severity: Severity | None = None


def read(spec: FieldSpec, cell: Cell, *, register: bool = False) -> Read:
    reader = FieldReader(spec, DAY, register=register)
    value, problem = reader[cell], reader.problems.get(cell)
    return Read(value, str(problem.code), problem.severity) if problem else Read(value)


def good(spec: FieldSpec, cell: Cell) -> Value:
    """Return a cell's value, which must come without any problem."""
    found = read(spec, cell)
    assert found.code is None, found
    return found.value


def refused(spec: FieldSpec, cell: Cell) -> str:
    """Return the code of the error that a cell is."""
    found = read(spec, cell)
    assert found.value is None
    assert found.severity is Severity.ERROR, found
    assert found.code is not None
    return found.code


TEMPERATURES: list[tuple[str, Cell, float]] = [
    ("number", 36.5, 36.5),
    ("whole number", 37, 37.0),
    ("whole float", 37.0, 37.0),
    ("binary fraction", 36.599999999999994, 36.6),
    ("text", "36.5", 36.5),
    ("degree Celsius", "36.5℃", 36.5),
    ("degree and C", "36.5°C", 36.5),
    ("ordinal and C", "36.5ºC", 36.5),
    ("C", "36.5C", 36.5),
    ("c", "36.5c", 36.5),
    ("space and C", "36.5 ℃", 36.5),
    ("度", "36.5度", 36.5),
    ("摄氏度", "36.5摄氏度", 36.5),
    ("degree alone", "36.5°", 36.5),
    ("full-width", "３６．５", 36.5),
    ("full-width with degree", "３６．５℃", 36.5),
    ("Chinese point", "36。5", 36.5),
    ("middle dot", "36·5", 36.5),
    ("comma as point", "36,5", 36.5),
    ("Chinese comma as point", "36，5", 36.5),
    ("two points", "36..5", 36.5),
    ("度 as point", "36度5", 36.5),
    ("° as point", "36°5", 36.5),
    ("spaces", " 36.5 ", 36.5),
    ("space inside", "36. 5", 36.5),
    ("line break", "36.5\n", 36.5),
    ("ideographic space", "\u300036.5", 36.5),
    ("zero-width space", "36.5\u200b", 36.5),
    ("two decimals", "36.55", 36.55),
    ("said what it is", "体温36.5", 36.5),
    ("said what it is, colon", "体温：36.5℃", 36.5),
    ("trailing point", "36.", 36.0),
    ("trailing full stop", "36.5。", 36.5),
    ("exactly the lower bound", 34, 34.0),
    ("exactly the upper bound", "43℃", 43.0),
    ("plus sign", "+36.5", 36.5),
]


@pytest.mark.parametrize(("cell", "value"), [pytest.param(c, v, id=n) for n, c, v in TEMPERATURES])
def test_temperature(cell: Cell, value: float) -> None:
    assert good(STAFF["temperature"], cell) == value


BLANKS: list[tuple[str, Cell]] = [
    ("nothing", ""), ("space", " "), ("ideographic space", "\u3000"), ("zero-width space", "\u200b"), ("line break", "\n"), ("slash", "/"),
    ("full-width slash", "／"), ("dash", "-"), ("long dash", "—"), ("two long dashes", "——"), ("two dashes", "--"),
    ("问卷星 blank", "(空)"),
    ("问卷星 blank, full-width", "（空）"), ("skipped", "(跳过)"), ("dash and spaces", " - "),
]  # fmt: skip


@pytest.mark.parametrize("name", ["temperature", "staff_no", "returned", "returned_on", "symptoms", "note", "submitted_at", "name", "unit"])
@pytest.mark.parametrize("cell", [pytest.param(c, id=n) for n, c in BLANKS])
def test_blanks(name: str, cell: Cell) -> None:
    """What stands for nothing is nothing, in every type of field."""
    assert good(STAFF[name], cell) is None


NO_TEMPERATURES: list[tuple[str, Cell, str]] = [
    ("normal", "正常", Code.BAD_TYPE),
    ("not measured", "忘测", Code.BAD_TYPE),
    ("unknown", "不详", Code.BAD_TYPE),
    ("about", "约36.5", Code.BAD_TYPE),
    ("around", "36.5左右", Code.BAD_TYPE),
    ("above", "37以上", Code.BAD_TYPE),
    ("a range", "36.5-37", Code.BAD_TYPE),
    ("a range, 至", "36.5至37.0", Code.BAD_TYPE),
    ("two readings", "36.5 37.8", Code.BAD_TYPE),
    ("two readings, slash", "36.5/37.8", Code.BAD_TYPE),
    ("two readings, line break", "36.5\n37.8", Code.BAD_TYPE),
    ("uncertain", "36.5?", Code.BAD_TYPE),
    ("a date", datetime(2020, 2, 6), Code.BAD_TYPE),
    ("a time", time(8, 30), Code.BAD_TYPE),
    ("a duration", timedelta(hours=36), Code.BAD_TYPE),
    ("true", True, Code.BAD_TYPE),
    ("yes", "是", Code.BAD_TYPE),
    ("none is no zero here", "无", Code.BAD_TYPE),
    ("lost point", "365", Code.OUT_OF_RANGE),
    ("lost point, number", 365.0, Code.OUT_OF_RANGE),
    ("point one too early", "3.65", Code.OUT_OF_RANGE),
    ("zero", 0, Code.OUT_OF_RANGE),
    ("negative", "-36.5", Code.OUT_OF_RANGE),
    ("just below", 33.99, Code.OUT_OF_RANGE),
    ("just above", "43.01", Code.OUT_OF_RANGE),
    ("infinite", float("inf"), Code.OUT_OF_RANGE),
    ("formula error", "#REF!", Code.FORMULA_ERROR),
    ("LibreOffice's error", "Err:502", Code.FORMULA_ERROR),
    ("division by zero", "#DIV/0!", Code.FORMULA_ERROR),
]


@pytest.mark.parametrize(("cell", "code"), [pytest.param(c, k, id=n) for n, c, k in NO_TEMPERATURES])
def test_no_temperature(cell: Cell, code: str) -> None:
    assert refused(STAFF["temperature"], cell) == code


def test_not_a_number_is_no_temperature() -> None:
    """A workbook may hold the number NaN: no comparison with it is true, so no bound would stop it."""
    assert refused(STAFF["temperature"], float("nan")) in (Code.BAD_TYPE, Code.OUT_OF_RANGE)


@pytest.mark.parametrize(
    ("cell", "value", "note"),
    [
        pytest.param("36.5（腋下）", 36.5, "(腋下)", id="where it was measured"),
        pytest.param("36.5℃正常", 36.5, "正常", id="a word after"),
        pytest.param("37.8 # 已复测", 37.8, "#已复测", id="a remark after a hash"),
    ],
)
def test_temperature_with_a_note(cell: Cell, value: float, note: str) -> None:
    reader = FieldReader(STAFF["temperature"], DAY)
    assert reader[cell] == value
    problem = reader.problems[cell]
    assert (problem.code, problem.severity, problem.note) == (Code.NOTE_IN_CELL, Severity.WARNING, note)


COUNTS: list[tuple[str, Cell, int]] = [
    ("zero", 0, 0), ("zero, float", 0.0, 0), ("zero as text", "0", 0), ("zero, full-width", "０", 0), ("无", "无", 0), ("零", "零", 0),
    ("〇", "〇", 0),
    ("○", "○", 0), ("没有", "没有", 0), ("暂无", "暂无", 0), ("無", "無", 0), ("0人", "0人", 0), ("0例", "0例", 0), ("零例", "零例", 0),
    ("无人", "无人", 0),
    ("无 with spaces", " 无 ", 0), ("均无", "均无", 0), ("number", 12, 12), ("float", 12.0, 12), ("text", "12", 12),
    ("full-width", "１２", 12),
    ("with 人", "12人", 12), ("with 例", "1例", 1), ("with 名", "3名", 3), ("spaces", " 12 人", 12), ("thousands", "1,234", 1234),
    ("thousands, full-width", "1，234人", 1234), ("汉字", "三", 3), ("汉字 with 人", "三人", 3), ("十二", "十二", 12),
    ("二十三人", "二十三人", 23),
    ("whole with a point", "12.0", 12), ("trailing full stop", "12人。", 12),
]  # fmt: skip


@pytest.mark.parametrize(("cell", "value"), [pytest.param(c, v, id=n) for n, c, v in COUNTS])
def test_count(cell: Cell, value: int) -> None:
    found = good(UNIT["abnormal"], cell)
    assert found == value
    assert isinstance(found, int)


NO_COUNTS: list[tuple[str, Cell, str]] = [
    ("about", "约30", Code.BAD_TYPE), ("more than", "30多", Code.BAD_TYPE), ("more than, 余", "30余人", Code.BAD_TYPE),
    ("several", "几人", Code.BAD_TYPE),
    ("a half", 1.5, Code.BAD_TYPE), ("a half as text", "1.5", Code.BAD_TYPE), ("words", "见附件", Code.BAD_TYPE),
    ("yes", "有", Code.BAD_TYPE),
    ("a date", datetime(2020, 2, 6), Code.BAD_TYPE), ("true", True, Code.BAD_TYPE), ("negative", -1, Code.OUT_OF_RANGE),
    ("negative as text", "-1", Code.OUT_OF_RANGE), ("too large to be exact", 1e15, Code.BAD_TYPE),
    ("infinite", float("inf"), Code.BAD_TYPE),
    ("no number", float("nan"), Code.BAD_TYPE), ("five thousand digits", "9" * 5000, Code.BAD_TYPE), ("two tens", "十十", Code.BAD_TYPE),
    ("a range", "3-5", Code.BAD_TYPE), ("a sum", "3+2", Code.BAD_TYPE), ("formula error", "#N/A", Code.FORMULA_ERROR),
    ("formula never computed", "#未计算", Code.FORMULA_ERROR),
]  # fmt: skip


@pytest.mark.parametrize(("cell", "code"), [pytest.param(c, k, id=n) for n, c, k in NO_COUNTS])
def test_no_count(cell: Cell, code: str) -> None:
    assert refused(UNIT["abnormal"], cell) == code


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        pytest.param("25例 # 其他来源", 25, id="a source"),
        pytest.param("30人（其中女12人）", 30, id="a breakdown"),
        pytest.param("3（另有1人待查）", 3, id="others pending"),
    ],
)
def test_count_with_a_note(cell: Cell, value: int) -> None:
    assert read(UNIT["abnormal"], cell) == Read(value, Code.NOTE_IN_CELL, Severity.WARNING)


def test_zero_in_words_is_none_where_no_count_is_asked() -> None:
    assert number_in("无", unit="degC", zero_words=False) is None


YES: Final = [
    "是",
    "有",
    "Y",
    "y",
    "Yes",
    "YES",
    "√",
    "✓",
    "✔",
    "☑",
    "对",
    "已",
    "TRUE",
    "True",
    "1",
    "是的",
    " 是 ",
    "是。",
    "（是）",
    "Ｙ",
    "已返",
    "已返省",
    "返省",
]
NO: Final = ["否", "无", "無", "N", "n", "No", "NO", "×", "✗", "✘", "X", "x", "没有", "沒有", "没", "未", "FALSE", "False", "0", "不是",
    " 否", "否。", "ｎ", "未返", "未返省", "不返"]  # fmt: skip


@pytest.mark.parametrize("cell", YES)
def test_yes(cell: str) -> None:
    assert good(STAFF["returned"], cell) is True


@pytest.mark.parametrize("cell", NO)
def test_no(cell: str) -> None:
    assert good(STAFF["returned"], cell) is False


@pytest.mark.parametrize(("cell", "value"), [(1, True), (1.0, True), (0, False), (0.0, False), (True, True), (False, False)])
def test_yes_and_no_as_numbers(cell: Cell, value: bool) -> None:
    assert good(STAFF["returned"], cell) is value


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("在校", True),
        ("在校内", True),
        ("不在校", False),
        ("未返校", False),
        ("离校", False),
        ("在家", False),
        ("留校", True),
        ("没在校", False),
    ],
)
def test_the_question_s_own_words(cell: str, value: bool) -> None:
    assert good(STUDENT["on_campus"], cell) is value


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("没有接触", False),
        ("无接触史", False),
        ("未接触", False),
        ("有接触史", True),
        ("曾接触", True),
        ("无接触", False),
        ("有接触", True),
    ],
)
def test_contact_in_words(cell: str, value: bool) -> None:
    assert good(STAFF["contact"], cell) is value


@pytest.mark.parametrize("cell", ["可能", "不确定", "是否", "2", 2, 36.5, datetime(2020, 2, 6), "2月3日", "已返校", "？", time(8)], ids=str)
def test_neither_yes_nor_no(cell: Cell) -> None:
    assert refused(STAFF["returned"], cell) == Code.BAD_TYPE


def test_an_answer_in_prose_is_the_other_answer_with_a_note() -> None:
    """接触史 asks for an alert rather than for silence where somebody writes a sentence."""
    assert read(STAFF["contact"], "1月20日与武汉来的亲戚吃过饭") == Read(True, Code.NOTE_IN_CELL, Severity.WARNING)


@pytest.mark.parametrize("cell", [3, "3", 36.5, datetime(2020, 2, 6)], ids=str)
def test_a_number_is_no_prose(cell: Cell) -> None:
    assert refused(STAFF["contact"], cell) == Code.BAD_TYPE


@pytest.mark.parametrize(
    ("word", "answer"),
    [
        ("未返省", False),
        ("已返", True),
        ("没有返省", False),
        ("尚未返省", False),
        ("返省", True),
        ("已返省了", True),
        ("发热", None),
        ("未测", None),
        ("不详", None),
    ],
)
def test_negation(word: str, answer: bool | None) -> None:
    assert negation(word, negation_stems(STAFF["returned"])) is answer


IDENTIFIERS: list[tuple[str, Cell, str]] = [
    ("text", "00123", "00123"), ("number", 123, "123"), ("float", 20220001.0, "20220001"), ("full-width", "００１２３", "00123"),
    ("spaces inside", "00 123", "00123"),
    ("trailing tab", "00123\t", "00123"), ("apostrophe", "'00123", "00123"), ("full-width apostrophe", "‘00123", "00123"),
    ("backtick", "`00123", "00123"),
    ("float as text", "20220001.0", "20220001"), ("letters", "G00123", "G00123"), ("lower case", "g00123", "G00123"),
    ("full-width letter", "Ｇ00123", "G00123"),
    ("zero-width space", "00123\u200b", "00123"), ("eighteen digits as text", "990101199003078888", "990101199003078888"),
    ("check character", "99010119900307888x", "99010119900307888X"),
    ("fifteen digits as a number", 999999999999999.0, "999999999999999"),
]  # fmt: skip


@pytest.mark.parametrize(("cell", "value"), [pytest.param(c, v, id=n) for n, c, v in IDENTIFIERS])
def test_identifier(cell: Cell, value: str) -> None:
    assert good(STAFF["staff_no"], cell) == value


NO_IDENTIFIERS: list[tuple[str, Cell, str]] = [
    ("eighteen digits as a number", 990101199003078888, Code.PRECISION_LOST),
    ("eighteen digits as a float", 9.901011990030789e17, Code.PRECISION_LOST),
    ("sixteen digits as a number", 1e15, Code.PRECISION_LOST),
    ("scientific text", "9.90101E+17", Code.PRECISION_LOST),
    ("scientific text, small e", "9.9e17", Code.PRECISION_LOST),
    ("scientific text without a fraction", "1E+17", Code.PRECISION_LOST),
    ("a fraction", 123.5, Code.BAD_TYPE),
    ("a date", date(2020, 2, 6), Code.BAD_TYPE),
    ("a date and time", datetime(2020, 2, 6), Code.BAD_TYPE),
    ("a time", time(8), Code.BAD_TYPE),
    ("true", True, Code.BAD_TYPE),
    ("formula error", "#N/A", Code.FORMULA_ERROR),
]


@pytest.mark.parametrize(("cell", "code"), [pytest.param(c, k, id=n) for n, c, k in NO_IDENTIFIERS])
def test_no_identifier(cell: Cell, code: str) -> None:
    assert refused(STAFF["staff_no"], cell) == code


@pytest.mark.parametrize("cell", [13800001234, "13800001234", "138 0000 1234", "138-0000-1234", "１３８００００１２３４"], ids=str)
def test_phone(cell: Cell) -> None:
    found = read(UNIT["phone"], cell)
    assert found.value is not None
    assert found.code is None


def test_a_phone_mistyped_costs_the_phone_and_not_the_report() -> None:
    assert read(UNIT["phone"], 1.5) == Read(None, Code.BAD_TYPE, Severity.WARNING)


def test_an_identity_number_lost_in_a_roster_costs_no_person() -> None:
    spec = FORMS["staff"].by_name["id_number"]
    assert read(spec, 9.901e17, register=True) == Read(None, Code.PRECISION_LOST, Severity.WARNING)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("无", "无"), ("无症状", "无"), ("正常", "无"), ("没有", "无"), ("良好", "无"), ("发热", "发热"), ("发烧", "发热"),
        ("咳嗽", "干咳"),
        ("发热┋干咳", "发热、干咳"), ("发热,咳嗽", "发热、干咳"), ("发热、乏力", "发热、乏力"), ("发烧和咳嗽", "发热、干咳"),
        ("发热 干咳", "发热、干咳"), ("发热/干咳", "发热、干咳"),
        ("发热┋发烧", "发热"), ("A.发热┋B.干咳", "发热、干咳"), ("其他〖手麻〗", "其他"), ("无┋发热", "发热"), ("无┋无症状", "无"),
        ("发热；干咳", "发热、干咳"),
        ("发热\n干咳", "发热、干咳"), ("发热（≥37.3℃）", "发热"), ("发热。", "发热"),
    ],
)  # fmt: skip
def test_choices_from_a_list(cell: str, value: str) -> None:
    assert good(STAFF["symptoms"], cell) == value


def test_an_open_list_takes_a_stranger_with_a_remark() -> None:
    assert read(STAFF["symptoms"], "发热、手麻") == Read("发热、手麻", Code.NOT_IN_LIST, Severity.WARNING)


COLOURS: Final = CodeList("colours", {"红": "红", "red": "红", "绿": "绿"}, ("红", "绿"))
PLAIN: Final = FieldSpec("f", "栏", "string")


@pytest.mark.parametrize(
    ("spec", "cell", "expected"),
    [
        pytest.param(replace(PLAIN, codes=COLOURS), "red", Read("红"), id="closed list: another word"),
        pytest.param(replace(PLAIN, codes=COLOURS), "蓝", Read(None, Code.NOT_IN_LIST, Severity.ERROR), id="closed list: a stranger"),
        pytest.param(replace(PLAIN, codes=COLOURS), "红、绿", Read(None, Code.NOT_IN_LIST, Severity.ERROR),
            id="closed list: two where one is asked"),
        pytest.param(replace(PLAIN, codes=COLOURS, multiple=True), "红、绿", Read("红、绿"), id="several"),
        pytest.param(replace(PLAIN, enum=("甲", "乙")), "甲", Read("甲"), id="enum: listed"),
        pytest.param(replace(PLAIN, enum=("甲", "乙")), "丙", Read(None, Code.NOT_IN_LIST, Severity.ERROR), id="enum: a stranger"),
        pytest.param(replace(PLAIN, max_length=3), "四个字了", Read(None, Code.OUT_OF_RANGE, Severity.ERROR), id="too long"),
        pytest.param(replace(PLAIN, max_length=4), "四个字了", Read("四个字了"), id="just long enough"),
        pytest.param(replace(PLAIN, pattern="[A-Z]{2}"), "AB", Read("AB"), id="pattern: whole match"),
        pytest.param(replace(PLAIN, pattern="[A-Z]{2}"), "ABC", Read(None, Code.BAD_TYPE, Severity.ERROR),
            id="pattern: part of it is not enough"),
        pytest.param(replace(PLAIN, type="integer", minimum=1, maximum=3), 1, Read(1), id="minimum itself"),
        pytest.param(replace(PLAIN, type="integer", minimum=1, maximum=3), 3, Read(3), id="maximum itself"),
        pytest.param(replace(PLAIN, type="integer", minimum=1), 0, Read(None, Code.OUT_OF_RANGE, Severity.ERROR), id="below"),
        pytest.param(replace(PLAIN, type="integer", maximum=3), 4, Read(None, Code.OUT_OF_RANGE, Severity.ERROR), id="above"),
        pytest.param(replace(PLAIN, type="integer", minimum=1), "无", Read(None, Code.OUT_OF_RANGE, Severity.ERROR),
            id="a zero in words is bound too"),
        pytest.param(replace(PLAIN, type="integer"), -5, Read(-5), id="no bounds"),
        pytest.param(replace(PLAIN, missing_values=frozenset({"不填"})), "不填", Read(None), id="a form's own word for nothing"),
        pytest.param(PLAIN, "/", Read("/"), id="a slash is text where the form does not say otherwise"),
        pytest.param(PLAIN, 12.0, Read("12"), id="a number as text"),
        pytest.param(PLAIN, 12.5, Read("12.5"), id="a fraction as text"),
        pytest.param(PLAIN, datetime(2020, 2, 6, 9, 5), Read("2020-02-06 09:05:00"), id="a moment as text"),
        pytest.param(PLAIN, True, Read("TRUE"), id="true as text"),
        pytest.param(PLAIN, "  两边 空白  ", Read("两边 空白"), id="white space around text"),
        pytest.param(replace(PLAIN, role=Role.UNIT), "会计 学院。", Read("会计学院"), id="a unit's title"),
        pytest.param(replace(PLAIN, role=Role.NAME), "甲 乙", Read("甲乙"), id="a name"),
        pytest.param(replace(PLAIN, role=Role.NOTE), "#REF!", Read(None, Code.FORMULA_ERROR, Severity.WARNING),
            id="an error in a note costs the note"),
        pytest.param(replace(PLAIN, type="date"), "2.30", Read(None, Code.BAD_DATE, Severity.ERROR), id="a day that is none"),
        pytest.param(replace(PLAIN, type="datetime"), "上午", Read(None, Code.BAD_DATE, Severity.ERROR), id="a moment that is none"),
        pytest.param(replace(PLAIN, type="datetime", role=Role.SUBMITTED), "上午", Read(None, Code.BAD_DATE, Severity.WARNING),
            id="a time of submission that is none"),
    ],
)  # fmt: skip
def test_constraints(spec: FieldSpec, cell: Cell, expected: Read) -> None:
    assert read(spec, cell) == expected


def test_a_day_that_lost_its_zero_is_told() -> None:
    """2.10 typed as a number is kept as 2.1: read as the first, with a warning, for it may have been the tenth."""
    assert read(STAFF["returned_on"], 2.1) == Read(date(2020, 2, 1), Code.BAD_DATE, Severity.WARNING)
    assert read(STAFF["returned_on"], 2.5) == Read(date(2020, 2, 5))


def test_a_return_is_past_and_a_report_s_day_the_nearest() -> None:
    assert good(STAFF["returned_on"], "2月7日") == date(2019, 2, 7)
    assert good(STAFF["date"], "2月7日") == date(2020, 2, 7)


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        pytest.param(STAFF["temperature"], ["34", "43", "℃"], id="a range with its unit"),
        pytest.param(UNIT["abnormal"], ["整数", "0"], id="a count"),
        pytest.param(STAFF["returned"], ["是", "否"], id="yes or no"),
        pytest.param(STAFF["returned_on"], ["2020-02-06"], id="a date"),
        pytest.param(STAFF["staff_no"], ["工号", "文本"], id="an identifier"),
        pytest.param(STAFF["observation"], ["居家观察", "解除"], id="a list"),
        pytest.param(replace(PLAIN, enum=("甲", "乙")), ["甲", "乙"], id="an enum"),
    ],
)
def test_what_is_expected_is_said_in_words(spec: FieldSpec, words: list[str]) -> None:
    assert all(word in expectation(spec) for word in words)


def test_a_word_is_understood_once() -> None:
    reader = FieldReader(STAFF["temperature"], DAY)
    assert [reader[c] for c in ("36.5℃", "坏", "36.5℃", "坏")] == [36.5, None, 36.5, None]
    assert list(reader.problems) == ["坏"]


def test_yes_no_words_are_of_one_kind_each() -> None:
    words = read_code_list(shipped("forms_schema") / "lists" / "yes_no.csv").words
    assert set(words.values()) == {"是", "否"}


def test_every_field_of_every_form_reads_any_cell() -> None:
    """Whatever stands in a cell, there is a value or a problem, and never an exception."""
    cells: list[Cell] = [
        "",
        "无",
        "x",
        0,
        1.5,
        True,
        DAY,
        datetime(2020, 2, 6, 8),
        time(8),
        timedelta(1),
        "#REF!",
        "２０２０",
        "9" * 50,
        -1e14,
    ]
    for form in FORMS:
        for spec in form.fields:
            for cell in cells:
                reader = FieldReader(spec, DAY)
                blank = cell == "" or cell in spec.missing_values
                assert reader[cell] is not None or cell in reader.problems or blank
