"""From a file's bytes to cells, whatever program saved it. The only caller of calamine.

What a file is, is read from its first bytes, not from its name: an old office system's `.xls` may be a web page.
Old formats, and any .xlsx that could not be measured, are read in a process of their own (`sources.isolated`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from enum import StrEnum
from io import BytesIO
from typing import Final

from jianbao.messages import _
from jianbao.sources import preflight, xlsx
from jianbao.sources.grid import Cell, Grid, Merge, Unreadable, WorkbookCells
from jianbao.sources.text import TextUnreadable, read_text_table
from jianbao.values import Code


class FileKind(StrEnum):
    """What a file is, by its content."""

    XLSX = "xlsx"
    XLS = "xls"
    ODS = "ods"
    TEXT = "text"
    ENCRYPTED = "encrypted"
    MARKUP = "markup"
    EMPTY = "empty"
    OTHER = "other"


_ZIP: Final = b"PK\x03\x04"
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHER_MAGIC: Final = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"Rar!", b"7z\xbc\xaf", b"GIF8", b"\x1f\x8b", b"BM")


def kind_of(data: bytes) -> FileKind:
    """Return what a file is, by its first bytes and its list of parts."""
    if not data.strip(b"\0"):
        return FileKind.EMPTY
    if data.startswith(_ZIP):
        return _zip_kind(data)
    if data.startswith(_OLE):
        return _ole_kind(data)
    if data.startswith(_OTHER_MAGIC):
        return FileKind.OTHER
    start = data[:512].decode("latin-1").lstrip("\xef\xbb\xbf\xff\xfe\0 \t\r\n").replace("\0", "").lower()
    return FileKind.MARKUP if start.startswith(("<html", "<!doctype", "<?xml", "<table", "<head", "<meta")) else FileKind.TEXT


def _zip_kind(data: bytes) -> FileKind:
    # The names stand uncompressed in the file, so a truncated one still says what it was.
    if b"opendocument.spreadsheet" in data[:200]:
        return FileKind.ODS
    return FileKind.XLSX if b"xl/" in data or b"[Content_Types].xml" in data else FileKind.OTHER


def _ole_kind(data: bytes) -> FileKind:
    import msoffcrypto  # 30 ms that a folder of xlsx and csv need not pay
    import olefile

    try:
        with olefile.OleFileIO(BytesIO(data)) as ole:
            if ole.exists("EncryptedPackage") or ole.exists("EncryptionInfo"):
                return FileKind.ENCRYPTED
            if not (ole.exists("Workbook") or ole.exists("Book")):
                return FileKind.OTHER
        return FileKind.ENCRYPTED if msoffcrypto.OfficeFile(BytesIO(data)).is_encrypted() else FileKind.XLS
    except Exception:  # noqa: BLE001  # any fault of these two in a file made to break them means: hand it to the child
        return FileKind.XLS


def read_workbook(
    data: bytes, *, title: str, text: bool, isolate: Callable[[bytes], WorkbookCells | Unreadable]
) -> WorkbookCells | Unreadable:
    """Return the cells of a file, or why there are none. Never raises for what a file holds.

    `title` names the one sheet of a text file; `text` says whether the file's name is that of one.
    `isolate` reads in a process of its own.
    """
    kind = kind_of(data)
    if kind is FileKind.TEXT:
        return _read_text(data, title) if text else Unreadable(Code.UNREADABLE_WORKBOOK, _("文件其实是文本，不是工作簿"))
    if kind is FileKind.ENCRYPTED:
        return Unreadable(Code.ENCRYPTED_WORKBOOK, _("文件设了打开密码"))
    if kind in _NOT_A_SHEET:
        return Unreadable(Code.UNREADABLE_WORKBOOK, _NOT_A_SHEET[kind]())
    try:
        if kind is FileKind.XLSX and (report := preflight.inspect_xlsx(data)).sure:
            return xlsx.read_plain(report) or open_grids(data, report)
        if kind is FileKind.ODS:
            preflight.inspect_ods(data)
        return isolate(data)
    except preflight.Oversized as error:
        return Unreadable(Code.UNREADABLE_WORKBOOK, _("表格过大：{detail}").format(detail=error))
    except preflight.Damaged:
        return Unreadable(Code.UNREADABLE_WORKBOOK, _("文件不完整或已损坏"))


_NOT_A_SHEET: Final[Mapping[FileKind, Callable[[], str]]] = {
    FileKind.EMPTY: lambda: _("文件是空的，没有内容"),
    FileKind.MARKUP: lambda: _("文件其实是网页或 XML，不是表格，请用 WPS 打开后另存为 xlsx"),
    FileKind.OTHER: lambda: _("文件不是表格"),
}


def _read_text(data: bytes, title: str) -> WorkbookCells | Unreadable:
    try:
        return WorkbookCells((Grid(title, read_text_table(data)),))
    except TextUnreadable as error:
        return Unreadable(Code.UNREADABLE_WORKBOOK, str(error))


def open_grids(data: bytes, report: preflight.Report) -> WorkbookCells | Unreadable:
    """Return the cells of a workbook that was looked into before."""
    from python_calamine import (
        CalamineError,
        CalamineWorkbook,
        PasswordError,
        SheetTypeEnum,
        SheetVisibleEnum,
    )

    try:
        book = CalamineWorkbook.from_filelike(BytesIO(data))
        visible = {m.name: m.visible == SheetVisibleEnum.Visible for m in book.sheets_metadata if m.typ == SheetTypeEnum.WorkSheet}
        grids = []
        for name in book.sheet_names:
            if name in visible:
                sheet = book.get_sheet_by_name(name)
                merged = tuple(Merge(*first, *last) for first, last in sheet.merged_cell_ranges or ())
                rows: list[list[Cell]] = sheet.to_python(skip_empty_area=False)
                grids.append(Grid(name, rows, merged, report.errors.get(name, {}), not visible[name]))
        return WorkbookCells(tuple(grids), report.since_1904, report.stamp)
    except PasswordError:
        return Unreadable(Code.ENCRYPTED_WORKBOOK, _("文件设了打开密码"))
    except (CalamineError, ValueError, OSError, OverflowError):
        return Unreadable(Code.UNREADABLE_WORKBOOK, _("文件不完整或已损坏"))
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # a Rust panic, which pyo3 raises outside Exception
            raise
        return Unreadable(Code.UNREADABLE_WORKBOOK, _("文件不完整或已损坏"))


def open_old_grids(data: bytes) -> WorkbookCells | Unreadable:
    """Return the cells of an .xls, an .ods or an unmeasured .xlsx; called in a process of its own."""
    kind = kind_of(data)
    inspect = {FileKind.XLSX: preflight.inspect_xlsx, FileKind.ODS: preflight.inspect_ods}.get(kind)
    cells = open_grids(data, inspect(data) if inspect else preflight.Report())
    if kind is not FileKind.XLS or isinstance(cells, Unreadable):
        return cells
    import olefile

    with olefile.OleFileIO(BytesIO(data)) as ole:
        stream = ole.openstream("Workbook" if ole.exists("Workbook") else "Book").read()
    errors, since_1904 = preflight.inspect_xls(stream)
    grids = tuple(Grid(g.name, g.rows, g.merged, errors.get(i, {}), g.hidden) for i, g in enumerate(cells.grids))
    return WorkbookCells(grids, since_1904)


def blank(cell: Cell) -> bool:
    """Return whether a cell holds nothing, or white space only."""
    return isinstance(cell, str) and not cell.strip()


def spoken(cell: Cell) -> str:
    """Return a cell as a person sees it, for a message."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d %H:%M:%S")
    return cell.isoformat() if isinstance(cell, date) else str(cell)
