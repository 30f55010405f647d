"""Files made of a book: CSV and TSV of its first sheet, XLSX of all its values."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from xml.sax.saxutils import escape, quoteattr

from .a1 import Area, cell_name
from .books import Book
from .sheets import Sheet
from .shown import show

_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "application/vnd.openxmlformats-package.relationships+xml"
_PART = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def _separated(book: Book, mark: str) -> bytes:
    sheet = book.sheets[0]
    out = io.StringIO(newline="")
    rows = [
        [show(book.value(sheet, c), (c.format or {}).get("numberFormat"), book.locale) for c in row]
        for row in sheet.block(Area(*sheet.used(Area())))
    ]
    width = max((n for row in rows for n, text in enumerate(row, 1) if text), default=0)
    csv.writer(out, delimiter=mark, lineterminator="\r\n").writerows(row[:width] for row in rows)
    return out.getvalue().removesuffix("\r\n").encode()


def _xlsx(book: Book) -> bytes:
    numbers = range(1, len(book.sheets) + 1)
    overrides = "".join(f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_PART}.worksheet+xml"/>' for n in numbers)
    names = "".join(f'<sheet name={quoteattr(s.title)} sheetId="{n}" r:id="rId{n}"/>' for n, s in enumerate(book.sheets, 1))
    links = "".join(f'<Relationship Id="rId{n}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in numbers)
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_TYPES}"><Default Extension="rels" ContentType="{_PACKAGE}"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_PART}.sheet.main+xml"/>{overrides}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{_RELATIONS}">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{names}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_RELATIONS}">{links}</Relationships>',
        **{f"xl/worksheets/sheet{n}.xml": _worksheet(book, sheet) for n, sheet in enumerate(book.sheets, 1)},
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in parts.items():
            file.writestr(zipfile.ZipInfo(name), f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>{text}')
    return out.getvalue()


def _worksheet(book: Book, sheet: Sheet) -> str:
    rows = []
    for r, row in enumerate(sheet.rows):
        cells = "".join(_cell(cell_name(r, c), book.value(sheet, cell)) for c, cell in enumerate(row) if not cell.empty)
        rows.append(f'<row r="{r + 1}">{cells}</row>')
    return f'<worksheet xmlns="{_MAIN}"><sheetData>{"".join(rows)}</sheetData></worksheet>'


def _cell(name: str, value: object) -> str:
    if isinstance(value, bool):
        return f'<c r="{name}" t="b"><v>{int(value)}</v></c>'
    if isinstance(value, int | float):
        return f'<c r="{name}"><v>{value!r}</v></c>'
    return f'<c r="{name}" t="inlineStr"><is><t xml:space="preserve">{escape(str(value))}</t></is></c>'


FORMATS: dict[str, Callable[[Book], bytes]] = {
    "text/csv": lambda book: _separated(book, ","),
    "text/tab-separated-values": lambda book: _separated(book, "\t"),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": _xlsx,
}
