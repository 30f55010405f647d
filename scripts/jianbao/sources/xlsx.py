"""The cells of a plainly written .xlsx, as columns of numbers into a list of words.

A general reader makes a Python value of every cell, row by row; a sheet of people repeats few words, and whoever reads
it wants columns. So the words stand once, and where each stands is found with a few passes over the bytes
(`worksheet_xml`). What is written in a way that this does not know for certain is left to the general reader:
`read_plain` is then None, and what both read is the same (ECMA-376, 18.3.1.4 c, 18.4 shared strings, 18.8 styles).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final

import numpy as np
import pyarrow as pa

from jianbao.sources.grid import Cell, CodedRows, Codes, Grid, Merge, WorkbookCells
from jianbao.sources.preflight import (
    RELATIONSHIPS,
    SHEET,
    STRINGS,
    STYLES,
    WORKBOOK,
    Errors,
    Report,
    column_number,
    tag_attributes,
    unescape,
)
from jianbao.sources.worksheet_xml import Bytes, Mask, Places, PlainCells, whole_numbers

_EPOCH: Final = datetime(1899, 12, 30)
_EPOCH_1904: Final = datetime(1904, 1, 1)
_LONGEST: Final = 64
"""Bytes of a cell's attributes, or of a number, that are looked at; longer ones are left to the general reader."""

_ATTRIBUTES: Final = re.compile(rb'(?: (?:s="(\d{1,5})"|t="(\w{1,9})"|(?:cm|vm|ph)="\w*"))*\s*/?>')
_WORKSHEET: Final = re.compile(rb"<Relationship\s[^>]*/worksheet\"[^>]*>")
_MERGE: Final = re.compile(rb'<mergeCell ref="([A-Z]{1,3})([1-9]\d{0,6}):([A-Z]{1,3})([1-9]\d{0,6})"')
_TEXT: Final = re.compile(r"<t(?: [^>]*)?>([^<]*)</t>")
_PHONETIC: Final = re.compile(r"<rPh\b.*?</rPh>", re.DOTALL)
_VALUE: Final = re.compile(rb"<v>([^<]*)</v>")
_BLANK: Final = 0


class _NotPlain(Exception):
    """The workbook is written in a way that is left to the general reader."""


def read_plain(report: Report) -> WorkbookCells | None:
    """Return the cells of a workbook that was looked into and found plain, or None where it is not wholly so."""
    try:
        grids = _Book.of(report).grids(_sheets(report))
    except (_NotPlain, KeyError, ValueError, OverflowError):
        return None
    return WorkbookCells(tuple(grids), report.since_1904, report.stamp)


@dataclass(frozen=True, slots=True)
class _Sheet:
    name: str
    number: int
    """Which of the workbook's cells are its own."""
    hidden: bool


def _sheets(report: Report) -> list[_Sheet]:
    """Return the worksheets in the order of the workbook; chart sheets and the like are none."""
    kinds = {tag_attributes(tag)[b"Id"] for tag in _WORKSHEET.findall(report.parts[RELATIONSHIPS])}
    numbers = {name: number for number, name in enumerate(report.sheets)}
    found = []
    for tag in SHEET.findall(report.parts[WORKBOOK]):
        attributes = tag_attributes(tag)
        if next((v for k, v in attributes.items() if k.endswith(b":id")), b"") in kinds:
            name = unescape(attributes[b"name"].decode())
            found.append(_Sheet(name, numbers[name], attributes.get(b"state", b"visible") != b"visible"))
    return found


def _shared_strings(xml: bytes) -> list[Cell]:
    """Return the workbook's shared strings. Raises _NotPlain where they hold more than text."""
    if b"<!" in xml or b"\r" in xml or b"_x" in xml or (xml and b"<sst" not in xml):
        raise _NotPlain
    text = xml.decode().replace('<t xml:space="preserve">', "<t>")
    begin, end = text.find("<si"), text.rfind("</si>")
    if begin < 0 or end < 0:
        return []
    body = text[begin:end].removeprefix("<si><t>").removesuffix("</t>")
    pieces = body.split("</t></si><si><t>")
    if body.count("<") == 4 * (len(pieces) - 1) and "&" not in body:  # nothing but bare texts, as they mostly are
        return [*pieces]
    words: list[Cell] = []
    for piece in pieces:
        if "<" in piece:  # a string, or several, with more than a bare text
            words += [_said(item) for item in f"<si><t>{piece}</t>".split("</si>")]
        else:
            words.append(_resolved(piece))
    return words


def _said(item: str) -> str:
    """Return what a string of several parts says; how it is pronounced is left out."""
    return _resolved("".join(_TEXT.findall(_PHONETIC.sub("", item))))


_ENTITY: Final = re.compile(r"&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|(amp|lt|gt|quot|apos));|&")
_NAMED: Final = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}


def _resolved(text: str) -> str:
    """Return a text with its entities resolved. Raises _NotPlain where one is none of XML's own."""
    return _ENTITY.sub(_character, text) if "&" in text else text


def _character(found: re.Match[str]) -> str:
    decimal, hexadecimal, name = found.groups()
    if not (decimal or hexadecimal or name):
        raise _NotPlain
    return _NAMED[name] if name else chr(int(decimal) if decimal else int(hexadecimal, 16))


_BUILT_IN: Final = {**dict.fromkeys((*range(14, 23), 45, 47), "moment"), 46: "span"}
_LITERAL: Final = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!(?:h+|m+|s+)\])[^\]]*\]', re.IGNORECASE)
_ELAPSED: Final = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)
_FORMAT: Final = re.compile(rb"<numFmt\s[^>]*>")
_CELL_FORMATS: Final = re.compile(rb"<cellXfs\b.*?</cellXfs>", re.DOTALL)
_CELL_FORMAT: Final = re.compile(rb"<xf\b[^>]*>")


def _styles(xml: bytes) -> list[str]:
    """Return what a number of each cell style is: a number, a moment or a span of time."""
    if b"<!" in xml or (xml and b"<styleSheet" not in xml):
        raise _NotPlain
    custom = {}
    for tag in _FORMAT.findall(xml):
        attributes = tag_attributes(tag)
        custom[int(attributes[b"numFmtId"])] = kind_of_format(unescape(attributes[b"formatCode"].decode()))
    known = _BUILT_IN | custom
    formats = _CELL_FORMATS.search(xml)
    tags = _CELL_FORMAT.findall(formats[0]) if formats else []
    return [known.get(int(tag_attributes(tag).get(b"numFmtId", b"0")), "number") for tag in tags]


def kind_of_format(code: str) -> str:
    """Return whether a number format shows a number, a moment or a span of time (ECMA-376, 18.8.31)."""
    shown = _LITERAL.sub("", code.split(";", maxsplit=1)[0])
    if _ELAPSED.search(shown):
        return "span"
    if "general" in shown.lower():
        return "number"
    return "moment" if re.search(r"[dmyhs]", shown, re.IGNORECASE) else "number"


@dataclass(slots=True)
class _Book:
    """A workbook's cells, and its words as they are gathered: the blank, the shared strings, then whatever else cells hold."""

    cells: PlainCells
    words: list[Cell]
    strings: int
    styles: Sequence[str]
    epoch: datetime
    errors: Mapping[str, Errors]
    _codes: dict[tuple[str, bytes], int] = field(default_factory=dict)

    @classmethod
    def of(cls, report: Report) -> _Book:
        if report.cells is None:
            raise _NotPlain
        strings = _shared_strings(report.parts.get(STRINGS, b""))
        epoch = _EPOCH_1904 if report.since_1904 else _EPOCH
        return cls(report.cells, ["", *strings], len(strings), _styles(report.parts.get(STYLES, b"")), epoch, report.errors)

    def grids(self, sheets: Sequence[_Sheet]) -> list[Grid]:
        """Return the worksheets' cells. Raises _NotPlain where they are not plain."""
        matrices = self._matrices()
        return [
            Grid(s.name, CodedRows(self.words, matrices[s.number]), self._merged(s.number), self.errors.get(s.name, {}), s.hidden)
            for s in sheets
        ]

    def _matrices(self) -> list[Codes]:
        """Return every sheet's words by number, codes[column, row], as large as what it holds."""
        cells = self.cells
        codes = self._read(np.flatnonzero(cells.filled))
        kept = np.flatnonzero(codes != _BLANK)
        rows, columns = cells.sizes(kept)
        begin = np.cumsum([0, *(rows * columns)])
        sheet = cells.sheets(kept)
        together: Codes = np.zeros(begin[-1], np.int32)
        together[begin[sheet] + (cells.columns[kept] - 1) * rows[sheet] + cells.rows[kept] - 1] = codes[kept]
        return [
            together[begin[n] : begin[n + 1]].reshape(wide, high)
            for n, (high, wide) in enumerate(zip(rows.tolist(), columns.tolist(), strict=True))
        ]

    def _merged(self, number: int) -> tuple[Merge, ...]:
        """Return the merged ranges of a sheet; they stand behind its cells."""
        xml, (begin, end) = self.cells.xml, self.cells.begin[number : number + 2].tolist()
        return tuple(
            Merge(int(top) - 1, column_number(left) - 1, int(bottom) - 1, column_number(right) - 1)
            for left, top, right, bottom in _MERGE.findall(xml, max(begin, xml.rfind(b"</sheetData>", begin, end)), end)
        )

    def _read(self, filled: Places) -> Codes:
        """Return, for every cell, the number of its word."""
        cells, text = self.cells, self.cells.text
        codes: Codes = np.zeros(len(cells.rows), np.int32)
        kinds = _attributes(cells, filled)
        for (style, kind), mask in kinds.items():
            chosen = filled[mask]
            plain = chosen[(cells.inside[chosen] == ord("v")) & (text.take(cells.content[chosen] + 2, mode="clip") == ord(">"))]
            if kind == "s":
                codes[plain] = self._shared(plain)
            elif kind in ("", "n"):
                codes[plain] = self._numbers(plain, self.styles[style] if style < len(self.styles) else "number")
            else:
                plain = plain[:0]
            for place in np.setdiff1d(chosen, plain, assume_unique=True).tolist():
                codes[place] = self._one(place, kind, style)
        return codes

    def _shared(self, chosen: Places) -> Codes:
        cells = self.cells
        numbers, digits = whole_numbers(cells.text, cells.content[chosen] + 3, 7)
        if ((cells.content[chosen] + 3 + digits) != cells.after[chosen]).any() or (numbers >= self.strings).any():
            raise _NotPlain
        return np.where(digits > 0, numbers + 1, _BLANK).astype(np.int32)

    def _numbers(self, chosen: Places, kind: str) -> Codes:
        cells = self.cells
        if not len(chosen):
            return np.zeros(0, np.int32)
        begin = cells.content[chosen] + 3
        encoded = _slices(cells.text, begin, cells.after[chosen])
        words: Codes = np.array([self._code(kind, raw) for raw in encoded.dictionary.to_pylist()], np.int32)
        found: Codes = words.take(encoded.indices.to_numpy())
        return found

    def _code(self, kind: str, raw: bytes) -> int:
        """Return the number of the word that a cell's raw value is."""
        key = (kind, raw.rstrip(b"\0"))
        if key not in self._codes:
            word = self._word(*key)
            self._codes[key] = _BLANK if word == "" else len(self.words)
            self.words.append(word)
        return self._codes[key]

    def _word(self, kind: str, raw: bytes) -> Cell:
        if kind == "said" or not raw:
            return raw.decode()
        if kind == "text":
            return _resolved(raw.decode())
        if kind == "truth":
            return raw != b"0"
        number = float(raw)
        return (
            number
            if kind == "number"
            else _moment(number, self.epoch)
            if kind == "moment"
            else timedelta(milliseconds=round(number * 86_400_000))
        )

    def _one(self, place: int, kind: str, style: int) -> int:
        """Return the word of a cell that is read by itself: a formula's, a text that is not shared, a truth value."""
        begin, sheets = int(self.cells.content[place]), self.cells.begin
        sheet_end = int(sheets[np.searchsorted(sheets, begin, side="right")])
        raw = self.cells.xml[begin : self.cells.xml.index(b"</c>", begin, sheet_end)]
        if b"\r" in raw or b"_x" in raw:
            raise _NotPlain
        if kind == "inlineStr":
            return self._code("said", _said(raw.decode()).encode())
        if kind == "e":
            return _BLANK
        value = _VALUE.search(raw)
        said = value[1] if value else b""
        if kind == "s":
            return int(said) + 1 if said and int(said) < self.strings else _BLANK
        kinds = {"str": "text", "b": "truth", "": "number", "n": "number"}
        number = kinds[kind]
        if number == "number" and style < len(self.styles):
            number = self.styles[style]
        return self._code(number, said)


def _attributes(cells: PlainCells, filled: Places) -> dict[tuple[int, str], Mask]:
    """Return which of the filled cells have which style and type."""
    encoded = _slices(cells.text, cells.attributes[filled], cells.content[filled])
    at = encoded.indices.to_numpy()
    found: dict[tuple[int, str], Mask] = {}
    for number, raw in enumerate(encoded.dictionary.to_pylist()):
        attributes = _ATTRIBUTES.fullmatch(raw.rstrip(b"\0"))
        if not attributes:
            raise _NotPlain
        key = (int(attributes[1] or 0), (attributes[2] or b"").decode())
        found[key] = found[key] | (at == number) if key in found else at == number
    return found


def _slices(text: Bytes, begin: Places, end: Places) -> pa.DictionaryArray:
    """Return the pieces of a text as a dictionary of different ones, each filled up with zeros to the longest."""
    lengths = end - begin
    width = int(lengths.max(initial=1))
    if width > _LONGEST or lengths.min(initial=0) < 0:
        raise _NotPlain
    steps = np.arange(max(width, 1))
    pieces = text.take(begin[:, None] + steps, mode="clip")
    pieces[steps >= lengths[:, None]] = 0
    return pa.FixedSizeBinaryArray.from_buffers(
        pa.binary(len(steps)), len(begin), [None, pa.py_buffer(pieces.tobytes())]
    ).dictionary_encode()


def _moment(number: float, epoch: datetime) -> date | datetime | time:
    """Return what a number is under a style of dates: a time of day, a day, or both."""
    span = timedelta(milliseconds=round(number * 86_400_000))
    if number < 1:
        return (epoch + span).time()
    moment = epoch + span
    if epoch == _EPOCH and number < 60:  # before the 29th of February 1900, which the 1900 system counts and nobody saw
        moment += timedelta(days=1)
    return moment.date() if number.is_integer() else moment
