"""From one cell to one value: every way people write yes and no, zero, a temperature, a number of a person.

A `FieldReader` reads each different cell of a column once and remembers it, so that a column of thousands of
cells costs a dictionary look-up a cell. Constraints that look at the value alone are checked in the same breath.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from jianbao.forms import FieldSpec, Privacy, Role
from jianbao.forms.expected import expectation
from jianbao.forms.expression import SEPARATOR
from jianbao.messages import _
from jianbao.reading.days import MonthDay, chinese_number, is_bare_time, parse_day, parse_moment
from jianbao.reading.words import header_keys, plain
from jianbao.sources import Cell
from jianbao.sources.workbook import spoken
from jianbao.values import Code, Severity

Value = str | int | float | bool | date | datetime | None


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a cell's content: the finding without its place."""

    code: str
    severity: Severity
    found: str
    expected: str | None = None
    note: str | None = None


class _Fault(Exception):
    """The cell holds no value of its field."""

    def __init__(self, code: str, expected: str | None = None) -> None:
        self.code = code
        self.expected = expected


@dataclass(frozen=True, slots=True)
class _Noted:
    """A value that was found beside something worth telling."""

    value: Value
    code: str
    note: str


_UNESSENTIAL: Final = (Role.SUBMITTED, Role.REPORTER, Role.NOTE)
"""Roles whose faults cost their own cell and not the row: a report is no less a report for a phone typed wrong."""

FORMULA_ERROR: Final = re.compile(r"#(?:REF!|N/A|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!|ERR!|未计算)|Err:5\d\d")
MAX_EXACT: Final = 1e15
"""From here on a workbook's number has lost its last digits (IEEE 754: 15 are sure)."""


class FieldReader(dict[Cell, Value]):
    """Reads one field's cells. `reader[cell]` is the value, None for a blank or a fault; `problems` says which.

    `reference` is the day that resolves dates without a year; `shift` is added to a workbook's serial dates. `bare` are the
    cells that hold a time and no day: they are read as of `reference`, until their row's day is known.
    """

    def __init__(self, spec: FieldSpec, reference: date, *, register: bool = False, shift: int = 0) -> None:
        super().__init__({"": None})
        self.spec = spec
        self.problems: dict[Cell, Problem] = {}
        self.bare: set[Cell] = set()
        self._reference = reference
        self._shift = shift if spec.type in ("date", "datetime") else 0
        self._parse = _PARSERS[_family(spec)]
        soft = spec.role in _UNESSENTIAL or spec.privacy is Privacy.PHONE
        soft |= register and spec.privacy is Privacy.IDENTITY
        self._severity = Severity.WARNING if soft else Severity.ERROR
        self._negations = negation_stems(spec) if spec.type == "boolean" else frozenset()

    def __missing__(self, cell: Cell) -> Value:
        try:
            value = self._value(cell)
        except _Fault as fault:
            value = None
            self.problems[cell] = Problem(fault.code, self._severity, spoken(cell), fault.expected or expectation(self.spec))
        self[cell] = value
        return value

    def _value(self, cell: Cell) -> Value:
        text = plain(cell) if isinstance(cell, str) else None
        if self._shift and isinstance(cell, int | float) and not isinstance(cell, bool):
            cell += self._shift
        if text is not None:
            if not text or text in self.spec.missing_values or cell in self.spec.missing_values:
                return None
            if FORMULA_ERROR.fullmatch(text):
                raise _Fault(Code.FORMULA_ERROR)
        value: Value | _Noted = self._parse(self, cell, text)
        if isinstance(value, _Noted):
            self.problems[cell] = Problem(value.code, Severity.WARNING, spoken(cell), expectation(self.spec), value.note)
            value = value.value
        self._constrain(value)
        return value

    def _constrain(self, value: Value) -> None:
        spec = self.spec
        if isinstance(value, int | float) and not isinstance(value, bool):
            low, high = spec.minimum, spec.maximum
            if math.isinf(value) or (low is not None and value < low) or (high is not None and value > high):
                raise _Fault(Code.OUT_OF_RANGE)
        elif isinstance(value, str):
            if spec.max_length is not None and len(value) > spec.max_length:
                raise _Fault(Code.OUT_OF_RANGE)
            if spec.enum and value not in spec.enum:
                raise _Fault(Code.NOT_IN_LIST)
            if spec.pattern and not re.fullmatch(spec.pattern, value):
                raise _Fault(Code.BAD_TYPE)

    def read_text(self, cell: Cell, text: str | None) -> Value | _Noted:
        """Read free text, a name, a unit's title or a number of a person."""
        privacy = self.spec.privacy
        if privacy in (Privacy.IDENTIFIER, Privacy.PHONE, Privacy.IDENTITY):
            return _identifier(cell, text)
        if self.spec.codes:
            return self._listed(spoken(cell))
        if self.spec.role in (Role.NAME, Role.UNIT, Role.PARENT, Role.CLASS, Role.CAMPUS, Role.KIND, Role.REPORTER):
            return (text if text is not None else spoken(cell)).rstrip("。.,;:、")
        return spoken(cell).strip()

    def read_number(self, cell: Cell, text: str | None) -> Value | _Noted:
        """Read a number, with a unit or a note beside it, or a zero in words."""
        whole = self.spec.type == "integer"
        if isinstance(cell, bool) or (text is None and not isinstance(cell, int | float)):
            raise _Fault(Code.BAD_TYPE)
        if isinstance(cell, int | float):
            return _number(float(cell), whole=whole)
        found = number_in(text or "", unit=self.spec.unit or "", zero_words=whole)
        if found is None:
            raise _Fault(Code.BAD_TYPE)
        number, note = found
        value = _number(number, whole=whole)
        return _Noted(value, Code.NOTE_IN_CELL, note) if note else value

    def read_boolean(self, cell: Cell, text: str | None) -> Value | _Noted:
        """Read yes or no."""
        word = (text if text is not None else spoken(cell)).rstrip("。.,;!").strip("()〖〗[]")
        if word in self.spec.true_words:
            return True
        if word in self.spec.false_words:
            return False
        if (answer := negation(word, self._negations)) is not None:
            return answer
        if self.spec.otherwise is not None and text is not None and not word.isdigit():
            return _Noted(self.spec.otherwise, Code.NOTE_IN_CELL, word)
        raise _Fault(Code.BAD_TYPE)

    def read_date(self, cell: Cell, _text: str | None) -> Value | _Noted:
        """Read a day; the year that is not written is the nearest past."""
        day = parse_day(cell)
        if isinstance(day, MonthDay):
            lost_zero = isinstance(cell, float) and day.day in (1, 2, 3)
            found = day.nearest(self._reference) if self.spec.role is Role.DAY else day.past(self._reference)
            if lost_zero and found:
                return _Noted(found, Code.BAD_DATE, _("读作{month}月{day}日").format(month=day.month, day=day.day))
            day = found
        if day is None:
            raise _Fault(Code.BAD_DATE)
        return day

    def read_moment(self, cell: Cell, _text: str | None) -> Value:
        """Read a day and time."""
        moment = parse_moment(cell, self._reference)
        if moment is None:
            raise _Fault(Code.BAD_DATE)
        if is_bare_time(cell):
            self.bare.add(cell)
        return moment

    def _listed(self, said: str) -> Value | _Noted:
        """Read the label or labels that the words of a code list stand for."""
        codes = self.spec.codes
        if codes is None:
            return said
        parts = _CHOICES.split(said) if self.spec.multiple else [said]
        labels, strangers = [], []
        for part in filter(None, (_OTHER_TEXT.sub("", p).strip() for p in parts)):
            label = codes.label_of(part) or codes.label_of(plain(part).rstrip("。.,;"))
            if label is None:
                strangers.append(part)
            labels.append(label or part)
        if not labels:
            return None
        if strangers and not self.spec.open:
            raise _Fault(Code.NOT_IN_LIST)
        kept = [x for x in dict.fromkeys(labels) if x not in _NONE or len(set(labels)) == 1]
        value = SEPARATOR.join(kept)
        return _Noted(value, Code.NOT_IN_LIST, SEPARATOR.join(strangers)) if strangers else value


_TICKED: Final = frozenset({"1", "√", "✓", "☑", "是", "有", "TRUE", "Y", "y", "选中", "已选"})
_NOT_TICKED: Final = frozenset({"0", "×", "☐", "否", "FALSE", "N", "n", "未选", "未选中"})


def option_of(cell: Cell, option: str) -> Cell:
    """Return what a survey's cell says of the one option its column stands for: the option, nothing, or its own words."""
    word = plain(spoken(cell))
    return option if word in _TICKED else "" if word in _NOT_TICKED else cell


_CHOICES: Final = re.compile(r"[┋、,，;；/|\n+＋&和]+|\s{1,}")
_OTHER_TEXT: Final = re.compile(r"〖[^〗]*〗|^[A-Za-z][.、．]")
_NONE: Final = frozenset({"无"})


def _family(spec: FieldSpec) -> str:
    return "number" if spec.type == "integer" else spec.type


_PARSERS: Final[Mapping[str, Callable[[FieldReader, Cell, str | None], Any]]] = {
    "string": FieldReader.read_text,
    "number": FieldReader.read_number,
    "boolean": FieldReader.read_boolean,
    "date": FieldReader.read_date,
    "datetime": FieldReader.read_moment,
}


_UNIT_WORDS: Final[Mapping[str, str]] = {"degC": r"°C|℃|摄氏度|度|ºC|˚C|oC|C|c|°"}
_COUNT_WORDS: Final = r"人次|人|例|名|个|位|次|件|份|间|条|套|只|瓶|箱|辆|户|起|项"
_APPROXIMATE: Final = re.compile(r"[约近左右余多几]|以[上下内]|[?~～至到]|上下|不到|大概|\d")
_BREAKDOWN: Final = re.compile(r"[(，,]?(?:其中|含|包括|另有).*")
_DECIMAL_MARKS: Final = str.maketrans({"。": ".", "．": ".", "·": ".", "・": ".", "•": ".", "､": "."})
_NUMBER: Final = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)")
_ZERO_WORDS: Final = frozenset(
    {"无", "零", "〇", "○", "Ｏ", "没有", "暂无", "均无", "全无", "无人", "无异常", "无情况", "零人", "零例", "無", "没"}
)


def number_in(text: str, *, unit: str, zero_words: bool) -> tuple[float, str | None] | None:
    """Return the number that a text states, and the note beside it; None where it states none.

    `36。6`, `36度5`, `36.5℃` and `３６．４` are numbers, `25例 # 来源` is 25 with a note; 约30 and 36.5-37 are none.
    `text` is in plain form (`words.plain`). `zero_words` lets 无 and 零, and 汉字, stand for numbers.
    """
    if zero_words:
        said = re.sub(f"(?:{_COUNT_WORDS})$", "", text)
        if text in _ZERO_WORDS or said in _ZERO_WORDS:
            return 0.0, None
        if (spelled := chinese_number(said)) is not None:
            return float(spelled), None
    text = re.sub(r"^(?:体温|今日体温|测量体温|T|t)[:：]?(?=\d)", "", text)
    if found := re.fullmatch(r"(\d{2})(?:度|°)(\d)(?:°?C)?", text):
        return float(f"{found[1]}.{found[2]}"), None
    text = re.sub(r"^(\d{1,3}(?:,\d{3})+)(?!\d)", lambda m: m[1].replace(",", ""), text)
    text = re.sub(r"^(\d+),(\d{1,2})(?!\d)", r"\1.\2", text.translate(_DECIMAL_MARKS))
    text = re.sub(r"\.{2,}", ".", text)
    found = _NUMBER.match(text)
    if not found:
        return None
    words = _UNIT_WORDS.get(unit, _COUNT_WORDS)
    rest = re.sub(f"^(?:{words})?[.,;]?", "", text[found.end() :])
    if not rest:
        return float(found[0]), None
    if _BREAKDOWN.fullmatch(rest):
        return float(found[0]), rest
    return None if _APPROXIMATE.search(rest.split("#")[0]) else (float(found[0]), rest)


def _number(number: float, *, whole: bool) -> int | float:
    if math.isnan(number):
        raise _Fault(Code.BAD_TYPE)
    if not whole:
        return round(number, 6)
    if not number.is_integer() or abs(number) >= MAX_EXACT:
        raise _Fault(Code.BAD_TYPE)
    return int(number)


def _identifier(cell: Cell, text: str | None) -> Value:
    """Return a number of a person as text, just as its digits stand.

    A workbook's number beyond 15 digits is refused: what it shows is not what was typed.
    """
    if isinstance(cell, bool | date) or (text is None and not isinstance(cell, int | float)):
        raise _Fault(Code.BAD_TYPE)
    if isinstance(cell, int | float):
        if not float(cell).is_integer():
            raise _Fault(Code.BAD_TYPE)
        if abs(cell) >= MAX_EXACT:
            raise _Fault(Code.PRECISION_LOST)
        return str(int(cell))
    word = unicodedata.normalize("NFKC", text or "").strip("'\"`“”‘’").removesuffix(".0")
    if word in ("TRUE", "FALSE"):  # a cell of truth, as a CSV spells it
        raise _Fault(Code.BAD_TYPE)
    if re.fullmatch(r"\d(?:\.\d+)?[eE]\+?\d{1,2}", word):
        raise _Fault(Code.PRECISION_LOST)
    return word.upper() if word.isascii() else word


_NO_HEAD: Final = re.compile(r"^(?:尚未|暂未|还未|并未|未曾|从未|没有|未|没|无|不|否|非)")
_YES_HEAD: Final = re.compile(r"^(?:已经|已|有|是|曾|正在|在)")


def negation_stems(spec: FieldSpec) -> frozenset[str]:
    """Return the words of a yes-or-no question that its answers repeat: 是否返省 → 返省, 返."""
    stems: set[str] = set()
    for name in spec.names:
        for key in header_keys(name.replace("*", "")):
            stem = re.sub(r"^(?:目前|当前)?(?:是否有|有无|是否|是不是)?已?", "", re.sub(r"(?:情况|状态|史)$", "", key))
            if stem:
                stems |= {stem, stem[0]}
    return frozenset(stems)


def negation(word: str, stems: frozenset[str]) -> bool | None:
    """Return what 未返省, 已返, 没有接触 say of a question; None where the words are not the question's own."""
    for head, answer in ((_NO_HEAD, False), (_YES_HEAD, True)):
        if found := head.match(word):
            rest = re.sub(r"(?:了|的|过|史|情况|人员)$", "", word[found.end() :])
            if any(rest == stem or (len(stem) > 1 and rest and (rest in stem or stem in rest)) for stem in stems):
                return answer
    return True if word in stems else None
