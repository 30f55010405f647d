"""A look into a workbook's file before any reader opens it.

A workbook of five kilobytes can ask a reader for half a terabyte, and the process is gone before it can say so.
So the grid is measured here first, from the file's own cell references, in a single pass over the
decompressed parts. The same pass finds what readers hide: cells that hold an error and not a value.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Final
from xml.parsers import expat

import numpy as np

from jianbao.forms.stamp import PROPERTY
from jianbao.messages import _
from jianbao.sources.grid import UNCOMPUTED
from jianbao.sources.worksheet_xml import PlainCells, longest_string, plain_cells

MAX_BYTES: Final = 64 << 20
"""All parts of a workbook together, decompressed. Real ones of 15,000 rows × 20 columns take 12 MB."""

MAX_CELLS: Final = 2_000_000
"""Rows × columns of one sheet's grid."""

MAX_TEXT: Final = 256 << 20
"""Bytes of text that a workbook's cells hold together, each string counted in every cell that shows it."""

Errors = Mapping[tuple[int, int], str]

_ERROR_CELL: Final = re.compile(rb"<c\s([^>]*?\bt=[\"']e[\"'][^>]*)>(?:\s*<f[^>]*?(?:/>|>[^<]*</f>))?\s*<v>([^<]*)</v>")
_UNCOMPUTED: Final = re.compile(rb"<c\s([^>]*)>\s*<f[^>]*?(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v></v>)?\s*</c>")
_REF: Final = re.compile(rb"\br=[\"']([A-Z]{1,5})(\d{1,9})[\"']")
SHEET: Final = re.compile(rb"<(?:\w+:)?sheet\s[^>]*>")
_ATTRIBUTE: Final = re.compile(rb"([\w:]+)=([\"'])(.*?)\2")
_HELD_STRING: Final = re.compile(rb"<c\s[^>]*?\bt=[\"']s[\"'][^>]*>\s*<v>(\d{1,9})</v>")
_SINCE_1904: Final = re.compile(rb"<(?:\w+:)?workbookPr\s[^>]*\bdate1904=[\"'](?:1|true|on)[\"']")
_RELATIONSHIP: Final = re.compile(rb"<(?:\w+:)?Relationship\s[^>]*>")


class Oversized(Exception):
    """The workbook would need more room than any sheet of people does; the text says how much."""


class Damaged(Exception):
    """The workbook's file is not whole."""


@dataclass(frozen=True, slots=True)
class Report:
    """What the look found. `sure` is false where the file is written in a way the look cannot measure."""

    sure: bool = True
    since_1904: bool = False
    errors: Mapping[str, Errors] = field(default_factory=dict)
    parts: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    cells: PlainCells | None = field(default=None, repr=False)
    sheets: Sequence[str] = ()
    """The names of the sheets that `cells` are of, in their order."""

    @property
    def stamp(self) -> str:
        """What the workbook's own property says of the form it was made from."""
        found = _STAMPED.search(self.parts.get(_PROPERTIES, b""))
        return found[1].decode("utf-8", "replace") if found else ""


def inspect_xlsx(data: bytes) -> Report:
    """Measure an .xlsx and find its error cells, by sheet name.

    Raises Oversized or Damaged.
    """
    try:
        with zipfile.ZipFile(BytesIO(data)) as parts:
            names = sheet_parts(parts.read(WORKBOOK), parts.read(RELATIONSHIPS))
            content = dict(_weighed(parts, {*names, *_ABOUT}))
            sheets = {path: content.pop(path) for path in names if path in content}
            cells = plain_cells(list(sheets.values()))
            _measure(cells, list(sheets))
            sure = len(sheets) == len(names) and bool(cells.plain.all())
            _unfold(content.get(STRINGS, b""), len(cells.rows) if sure else MAX_CELLS, sheets.values())
            looks = zip(sheets.items(), cells.plain.tolist(), cells.formulas.tolist(), strict=True)
            errors = {names[path]: dict(_error_cells(xml, plain=plain, formulas=formulas)) for (path, xml), plain, formulas in looks}
            since_1904 = bool(_SINCE_1904.search(content[WORKBOOK]))
            told = {name: errors[name] for name in errors if errors[name]}
            return Report(sure, since_1904, told, content, cells, [names[path] for path in sheets])
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError, KeyError) as error:
        raise Damaged(str(error)) from error


WORKBOOK: Final = "xl/workbook.xml"
RELATIONSHIPS: Final = "xl/_rels/workbook.xml.rels"
STRINGS: Final = "xl/sharedStrings.xml"
STYLES: Final = "xl/styles.xml"
_PROPERTIES: Final = "docProps/custom.xml"
_ABOUT: Final = (WORKBOOK, RELATIONSHIPS, STRINGS, STYLES, _PROPERTIES)
_STAMPED: Final = re.compile(rb'<(?:\w+:)?property\s[^>]*\bname="%b"[^>]*>\s*<(?:\w+:)?lpwstr(?:\s[^>]*)?>([^<]*)<' % PROPERTY.encode())


def _weighed(parts: zipfile.ZipFile, wanted: Container[str]) -> Iterator[tuple[str, bytes]]:
    """Yield path and content of the wanted parts, weighing every part: the sizes a zip states of itself may lie."""
    _within(sum(i.file_size for i in parts.infolist()))
    total = 0
    for info in parts.infolist():
        path = info.filename.lstrip("/")
        if path not in wanted and not info.filename.endswith((".xml", ".rels", ".bin")):
            continue
        with parts.open(info) as part:
            content = part.read(min(info.file_size, MAX_BYTES - total) + 1)
        total += len(content)
        _within(total)
        if path in wanted:
            yield path, content


def _within(size: int) -> None:
    if size > MAX_BYTES:
        raise Oversized(_("解压后超过 {size} MB").format(size=MAX_BYTES >> 20))


def sheet_parts(workbook: bytes, relationships: bytes) -> dict[str, str]:
    """Return, for each sheet's part, the name of the sheet. The two are the workbook's parts that say so."""
    targets = {}
    for tag in _RELATIONSHIP.findall(relationships):
        attributes = tag_attributes(tag)
        path = attributes.get(b"Target", b"").decode("utf-8", "replace")
        targets[attributes.get(b"Id", b"")] = path[1:] if path.startswith("/") else f"xl/{path}"
    names = {}
    for tag in SHEET.findall(workbook):
        attributes = tag_attributes(tag)
        relation = next((v for k, v in attributes.items() if k.endswith(b":id")), b"")
        names[targets.get(relation, "")] = unescape(attributes.get(b"name", b"").decode("utf-8", "replace"))
    return names


def tag_attributes(tag: bytes) -> dict[bytes, bytes]:
    """Return the attributes of a tag as they are written."""
    return {name: value for name, _quote, value in _ATTRIBUTE.findall(tag)}


def unescape(text: str) -> str:
    """Return an XML attribute's text with its entities resolved."""
    if "&" not in text:
        return text
    import html  # only where a sheet's name holds an entity

    return html.unescape(text)


def _measure(cells: PlainCells, names: Sequence[str]) -> None:
    """Raise Oversized where a worksheet's grid is too large. A far cell that is only coloured asks for nothing."""
    for held in (np.arange(len(cells.rows)), np.flatnonzero(cells.filled)):
        rows, columns = cells.sizes(held)
        large = np.flatnonzero((rows * columns > MAX_CELLS) & cells.plain)
        if not len(large):
            return
    name, high, wide = names[large[0]], int(rows[large[0]]), int(columns[large[0]])
    raise Oversized(_("{part} 的表格有 {rows} 行 × {columns} 列").format(part=name, rows=high, columns=wide))


def _unfold(strings: bytes, holding: int, sheets: Iterable[bytes]) -> None:
    """Raise Oversized where the shared strings, written out in every cell that holds them, are too long.

    `holding` is how many cells may hold one: with the longest of all they seldom come to much, and nothing is counted.
    """
    if longest_string(strings) * holding <= MAX_TEXT:
        return
    lengths = [len(s) for s in strings.split(b"</si>")]
    held = Counter(int(i) for xml in sheets for i in _HELD_STRING.findall(xml))
    if sum(lengths[i] * count for i, count in held.items() if i < len(lengths)) > MAX_TEXT:
        raise Oversized(_("文字展开后超过 {size} MB").format(size=MAX_TEXT >> 20))


def column_number(letters: bytes) -> int:
    """Return the 1-based number of a column: A → 1, AA → 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _error_cells(xml: bytes, *, plain: bool, formulas: bool) -> Iterator[tuple[tuple[int, int], str]]:
    """Yield ((row, column), error text) of the cells that hold an error or a formula never computed."""
    if b't="e"' in xml or (not plain and b"t='e'" in xml):
        for attributes, text in _ERROR_CELL.findall(xml):
            if ref := _REF.search(attributes):
                yield (int(ref[2]) - 1, column_number(ref[1]) - 1), text.decode("utf-8", "replace")
    if formulas or not plain:
        for attributes in _UNCOMPUTED.findall(xml):
            ref = _REF.search(attributes)
            if ref and b't="str"' not in attributes:  # IF(…,"") gives a text without any letter
                yield (int(ref[2]) - 1, column_number(ref[1]) - 1), UNCOMPUTED


def inspect_ods(data: bytes) -> Report:
    """Measure an .ods, what its repeated rows and cells unfold to, and find its error cells.

    Raises Oversized or Damaged.
    """
    try:
        with zipfile.ZipFile(BytesIO(data)) as parts:
            _within(sum(i.file_size for i in parts.infolist()))
            with parts.open("content.xml") as part:
                content = part.read(MAX_BYTES + 1)
            _within(len(content))
            unfolding = _Unfolding()
            unfolding.read(content)
            return Report(since_1904=unfolding.since_1904, errors=unfolding.errors)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError, KeyError, expat.ExpatError) as error:
        raise Damaged(str(error)) from error


class _Unfolding:
    """Counts the cells that an .ods sheet's repeats unfold to, up to the last one that holds something.

    `errors` gathers the cells that LibreOffice marks as errors (its extension attribute `calcext:value-type`).
    """

    def __init__(self) -> None:
        self._row_repeat = self._columns = self._filled_columns = self._rows = self._width = self._row = 0
        self._sheet = ""
        self._error_at: tuple[int, int] | None = None
        self._text = ""
        self.since_1904 = False
        self.errors: dict[str, dict[tuple[int, int], str]] = {}

    def read(self, xml: bytes) -> None:
        parser = expat.ParserCreate()
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._said
        parser.Parse(xml, True)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "table:null-date":
            self.since_1904 = attributes.get("table:date-value", "").startswith("1904")
        elif name == "table:table":
            self._rows = self._width = self._row = 0
            self._sheet = attributes.get("table:name", "")
        elif name == "table:table-row":
            self._row_repeat = int(attributes.get("table:number-rows-repeated", 1))
            self._columns = self._filled_columns = 0
        elif name in ("table:table-cell", "table:covered-table-cell"):
            if attributes.get("calcext:value-type") == "error":
                self._error_at, self._text = (self._row, self._columns), ""
            self._columns += int(attributes.get("table:number-columns-repeated", 1))
            if "office:value-type" in attributes:
                self._filled_columns = self._columns

    def _said(self, text: str) -> None:
        if self._error_at:
            self._text += text

    def _end(self, name: str) -> None:
        if name == "table:table-cell" and self._error_at:
            self.errors.setdefault(self._sheet, {})[self._error_at] = self._text or "#ERR!"
            self._error_at = None
        if name == "table:table-row":
            self._row += self._row_repeat
            self._measure_row()

    def _measure_row(self) -> None:
        if not self._filled_columns:
            return
        self._rows += self._row_repeat
        self._width = max(self._width, self._filled_columns)
        if self._rows * self._width > MAX_CELLS:
            raise Oversized(_("表格有 {rows} 行 × {columns} 列").format(rows=self._rows, columns=self._width))


def inspect_xls(workbook: bytes) -> tuple[dict[int, dict[tuple[int, int], str]], bool]:
    """Return an old Excel workbook's error cells, by the number of the sheet, and whether its dates count from 1904.

    `workbook` is its BIFF8 stream: [MS-XLS] 2.4.24 BoolErr, 2.4.127 Formula, 2.4.77 Date1904.
    Raises Damaged where a record runs over the end.
    """
    since_1904 = False
    errors: dict[int, dict[tuple[int, int], str]] = {}
    sheet, depth, at = -1, 0, 0
    while at + 4 <= len(workbook):
        kind, size = int.from_bytes(workbook[at : at + 2], "little"), int.from_bytes(workbook[at + 2 : at + 4], "little")
        body = workbook[at + 4 : at + 4 + size]
        if len(body) < size:
            raise Damaged(_("文件不完整"))
        if kind == 0x0809:  # BOF: a substream begins; the first is the workbook's globals
            sheet += depth == 0
            depth += 1
        elif kind == 0x000A:
            depth = max(0, depth - 1)
        elif kind == 0x0022:
            since_1904 = body[:1] == b"\x01"
        elif (kind == 0x0205 and size >= 8 and body[7] == 1) or (
            kind == 0x0006 and size >= 14 and body[6] == 2 and body[12:14] == b"\xff\xff"
        ):
            place = (int.from_bytes(body[0:2], "little"), int.from_bytes(body[2:4], "little"))
            code = body[6] if kind == 0x0205 else body[8]
            errors.setdefault(sheet - 1, {})[place] = _BIFF_ERRORS.get(code, "#ERR!")
        at += 4 + size
    return errors, since_1904


_BIFF_ERRORS: Final = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}
