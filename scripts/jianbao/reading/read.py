"""One file's reading: its sheets under their forms, and what could not be read at all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from jianbao.forms import FormSet, FormSpec
from jianbao.forms.stamp import Stamp, read_stamp
from jianbao.messages import _, listed
from jianbao.reading.identify import Ambiguous, Places, identify, stamp_of
from jianbao.reading.layout import Layout
from jianbao.reading.tables import Readers, SheetReading, header_says, read_sheets
from jianbao.sources import Grid, Unreadable, WorkbookCells
from jianbao.values import Code, FindingBlock, Severity


@dataclass(frozen=True, slots=True)
class FileReading:
    """What one file says. `findings` are those about the file and its sheets, not about rows."""

    file: str
    sheets: tuple[SheetReading, ...]
    findings: tuple[FindingBlock, ...]
    skipped: tuple[str, ...] = ()


def read_file(file: str, cells: WorkbookCells | Unreadable, forms: FormSet, readers: Readers) -> FileReading:
    """Return what a file's cells say under the forms. `file` is its path below the inbox."""
    if isinstance(cells, Unreadable):
        return FileReading(file, (), (FindingBlock(cells.code, Severity.ERROR, file, note=cells.reason),))
    places = Places.of(file)
    findings: list[FindingBlock] = []
    homeless: list[Grid] = []
    known: dict[str, list[tuple[Grid, Layout]]] = {}
    general = read_stamp(cells.stamp)
    for grid in cells.grids:
        stamp = stamp_of(grid) or general
        if stamp and stamp.beside:
            continue
        found = identify(grid, places, forms, stamp)
        if found is None:
            homeless.append(grid)
        elif isinstance(found, Ambiguous):
            names = listed(f.title for f in found.forms)
            findings.append(FindingBlock(Code.FORM_AMBIGUOUS, Severity.ERROR, file, grid.name, expected=names))
        else:
            known.setdefault(found.form, []).append((grid, found))
            findings += _version(file, grid, forms[found.form], stamp)
    readers = readers.since_1904 if cells.since_1904 else readers
    order = {grid.name: i for i, grid in enumerate(cells.grids)}
    sheets = [s for form, found in known.items() for s in read_sheets(found, forms[form], places, readers)]
    sheets.sort(key=lambda s: order[s.sheet])
    findings += [f for sheet in sheets for f in _unknown_columns(file, sheet)]
    findings += _headless(file, homeless, readable=bool(sheets))
    if not cells.grids:
        findings.append(FindingBlock(Code.UNREADABLE_WORKBOOK, Severity.ERROR, file, note=_("文件里没有工作表")))
    return FileReading(file, tuple(sheets), tuple(findings), tuple(g.name for g in homeless))


def _version(file: str, grid: Grid, form: FormSpec, stamp: Stamp | None) -> Iterator[FindingBlock]:
    """Yield a remark where a sheet was made from another version of its form: it is read all the same."""
    if stamp and stamp.form == form.name and stamp.version != form.version:
        yield FindingBlock(
            Code.FORM_VERSION, Severity.INFO, file, grid.name, title=form.title, found=str(stamp.version), expected=str(form.version)
        )


def _unknown_columns(file: str, sheet: SheetReading) -> Iterator[FindingBlock]:
    for _column, text in sheet.unknown:
        yield FindingBlock(Code.UNKNOWN_COLUMN, Severity.INFO, file, sheet.sheet, field=header_says(text), found=header_says(text))


def _headless(file: str, grids: list[Grid], *, readable: bool) -> Iterator[FindingBlock]:
    """Yield a finding for each sheet without a header: an error, or a remark where the file's other sheets are read."""
    filled = [g for g in grids if any(cell != "" for row in g.rows for cell in row)]
    for grid in filled or grids[:1]:
        empty = not filled
        if readable and (empty or grid.hidden):
            continue
        severity = Severity.INFO if readable else Severity.ERROR
        yield FindingBlock(
            Code.HEADER_NOT_FOUND, severity, file, grid.name, note=_("工作表是空的") if empty else _("前 30 行里没有可认的表头")
        )
