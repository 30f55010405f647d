"""The look into a workbook before a reader opens it: too large, damaged, or with cells that readers hide."""

from __future__ import annotations

import io
import struct
import subprocess
import sys
import textwrap
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest

from jianbao.sources.grid import UNCOMPUTED
from jianbao.sources.preflight import Damaged, Oversized, column_number, inspect_ods, inspect_xls, inspect_xlsx, unescape
from jianbao.sources.xlsx import read_plain

MAIN: Final = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
PREFIXED: Final = 'xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
RELATIONSHIPS: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
DOCUMENT: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
OFFICE_XML: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def sheet_xml(rows: str, *, namespace: str = MAIN, prefix: str = "") -> str:
    return f'<?xml version="1.0"?><{prefix}worksheet {namespace}><{prefix}sheetData>{rows}</{prefix}sheetData></{prefix}worksheet>'


def xlsx(sheet: str, *, name: str = "日报", target: str = "worksheets/sheet1.xml", extra: Mapping[str, str] | None = None) -> bytes:
    """Return a workbook of one sheet, written by hand."""
    path = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
    parts = {
        "[Content_Types].xml": '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{OFFICE_XML}.sheet.main+xml"/>'
        f'<Override PartName="/{path}" ContentType="{OFFICE_XML}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<?xml version="1.0"?><Relationships xmlns="{RELATIONSHIPS}">'
        f'<Relationship Id="rId1" Type="{DOCUMENT}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<?xml version="1.0"?><workbook {MAIN} xmlns:r="{DOCUMENT}">'
        f'<sheets><sheet name="{name}" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<?xml version="1.0"?><Relationships xmlns="{RELATIONSHIPS}">'
        f'<Relationship Id="rId1" Type="{DOCUMENT}/worksheet" Target="{target}"/>'
        f'<Relationship Id="rId2" Type="{DOCUMENT}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        path: sheet,
        **(extra or {}),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, text in parts.items():
            archive.writestr(part, text)
    return out.getvalue()


def xlsx_of(sheets: Mapping[str, str]) -> bytes:
    """Return a workbook of several sheets, written by hand, by name."""
    numbers = range(1, len(sheets) + 1)
    tags = "".join(f'<sheet name="{name}" sheetId="{n}" r:id="rId{n}"/>' for n, name in zip(numbers, sheets, strict=True))
    ties = "".join(f'<Relationship Id="rId{n}" Type="{DOCUMENT}/worksheet" Target="worksheets/s{n}.xml"/>' for n in numbers)
    kinds = "".join(f'<Override PartName="/xl/worksheets/s{n}.xml" ContentType="{OFFICE_XML}.worksheet+xml"/>' for n in numbers)
    first, *others = sheets.values()
    return xlsx(first, target="worksheets/s1.xml", extra={
        "[Content_Types].xml": '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{OFFICE_XML}.sheet.main+xml"/>{kinds}</Types>',
        "xl/workbook.xml": f'<?xml version="1.0"?><workbook {MAIN} xmlns:r="{DOCUMENT}"><sheets>{tags}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<?xml version="1.0"?><Relationships xmlns="{RELATIONSHIPS}">{ties}</Relationships>',
        **{f"xl/worksheets/s{n}.xml": xml for n, xml in enumerate(others, 2)},
    })  # fmt: skip


def cells(far: str, near: str = '<row r="1"><c r="A1"><v>1</v></c></row>') -> str:
    return sheet_xml(near + far)


FAR: Final = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
SHARED: Final = f'<?xml version="1.0"?><sst {MAIN}><si><t>{"A" * 3_000_000}</t></si></sst>'

ASKING_TOO_MUCH: Final[list[tuple[str, bytes]]] = [
    ("corners", xlsx(cells(FAR))),
    ("corners in one row", xlsx(cells('<row r="2"><c r="XFD1048576"><v>1</v></c></row>'))),
    ("a stray cell", xlsx(cells('<row r="60000"><c r="GR60000"><v>1</v></c></row>'))),
    ("a stray cell of a formula", xlsx(cells('<row r="1048576"><c r="XFD1048576"><f>1+1</f><v>2</v></c></row>'))),
    ("a stray inline string", xlsx(cells('<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row>'))),
    ("single quotes", xlsx(cells(FAR.replace('"', "'"), "<row r='1'><c r='A1'><v>1</v></c></row>"))),
    ("style before the reference", xlsx(cells('<row spans="1:1" r="1048576"><c s="1" r="XFD1048576"><v>1</v></c></row>'))),
    ("a namespace of its own", xlsx(sheet_xml('<x:row r="1"><x:c r="A1"><x:v>1</x:v></x:c></x:row>' + FAR.replace("<",
        "<x:").replace("<x:/", "</x:"), namespace=PREFIXED, prefix="x:"))),
    ("spaces around the equals sign", xlsx(cells(FAR.replace("r=", "r = ")))),
    ("a tab before the reference", xlsx(cells(FAR.replace(" r=", "\tr=")))),
    ("a line break before the reference", xlsx(cells(FAR.replace(" r=", "\nr=")))),
    ("small letters", xlsx(cells('<row r="1048576"><c r="xfd1048576"><v>1</v></c></row>'))),
    ("leading zeros", xlsx(cells('<row r="1048576"><c r="XFD0001048576"><v>1</v></c></row>'))),
    ("a comment before the value", xlsx(cells(FAR.replace("<v>", "<!-- x --><v>")))),
    ("a bracket in an attribute", xlsx(cells(FAR.replace("<c ", '<c x=">" ')))),
    ("a sheet beside the usual folder", xlsx(cells(FAR), target="sheets/a.xml")),
    ("a sheet in a folder below", xlsx(cells(FAR), target="worksheets/sub/a.xml")),
    ("a sheet with another ending", xlsx(cells(FAR), target="worksheets/a.dat")),
    ("a sheet in capitals", xlsx(cells(FAR), target="worksheets/SHEET1.XML")),
    ("a sheet at an absolute path", xlsx(cells(FAR), target="/data/a.xml")),
]  # fmt: skip

BOMB: Final = xlsx(
    cells("".join(f'<row r="{i}"><c r="A{i}" t="s"><v>0</v></c></row>' for i in range(2, 2001))), extra={"xl/sharedStrings.xml": SHARED}
)
"""Fifteen kilobytes: a string of three megabytes, and two thousand cells that hold it."""


@pytest.mark.parametrize("data", [pytest.param(d, id=name) for name, d in ASKING_TOO_MUCH])
def test_a_workbook_that_asks_too_much_is_not_opened_here(data: bytes) -> None:
    """It is refused, or said to be unmeasured: then a child opens it, which may die of it."""
    assert len(data) < 20_000
    try:
        sure = inspect_xlsx(data).sure
    except Oversized:
        return
    assert not sure


@pytest.mark.skipif(sys.platform != "linux", reason="address space is limited with RLIMIT_AS")
@pytest.mark.parametrize(
    "chosen",
    [pytest.param([BOMB], id="one long string in many cells"), pytest.param([d for _n, d in ASKING_TOO_MUCH], id="far cells")],
)
def test_the_process_lives_through_them(tmp_path: Path, chosen: list[bytes]) -> None:
    """The reader itself, in a process that may take a gigabyte and a half."""
    for number, data in enumerate(chosen):
        (tmp_path / f"{number:02}.xlsx").write_bytes(data)
    program = textwrap.dedent("""
        import resource, sys
        from pathlib import Path
        resource.setrlimit(resource.RLIMIT_AS, (3 << 29, 3 << 29))
        from jianbao.sources import Unreadable
        from jianbao.sources.isolated import IsolatedReader
        from jianbao.sources.workbook import read_workbook
        with IsolatedReader() as isolated:
            for path in sorted(Path(sys.argv[1]).iterdir()):
                print(path.name, flush=True)
                found = read_workbook(path.read_bytes(), title="x", text=False, isolate=isolated.read)
                assert isinstance(found, Unreadable), path
    """)
    done = subprocess.run([sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, check=False)
    died_at = done.stdout.split()[-1:] if done.returncode else []
    assert (done.returncode, died_at) == (0, []), done.stderr[-300:]


def zipped(part: str, content: bytes, *, stated: int | None = None) -> bytes:
    """Return a good workbook with one part more; `stated` is the size its directory claims for that part."""
    out = io.BytesIO(xlsx(cells("")))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(part, content)
    data = bytearray(out.getvalue())
    if stated is not None:
        central = data.rfind(b"PK\x01\x02")
        data[central + 24 : central + 28] = struct.pack("<I", stated)
    return bytes(data)


BIG: Final = b" " * (65 << 20)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(zipped("xl/media/image1.png", BIG), id="in a picture"),
        pytest.param(zipped("xl/sharedStrings.xml", BIG), id="in the strings"),
        pytest.param(zipped("xl/worksheets/sheet2.xml", BIG), id="in a sheet"),
    ],
)
def test_a_zip_bomb_is_oversized(data: bytes) -> None:
    assert len(data) < 200_000
    with pytest.raises(Oversized, match="64 MB"):
        inspect_xlsx(data)


@pytest.mark.parametrize("part", ["xl/sharedStrings.xml", "xl/worksheets/sheet2.xml", "xl/styles.xml"])
@pytest.mark.parametrize("stated", [0, 1000])
def test_a_size_that_lies_is_found_out(part: str, stated: int) -> None:
    with pytest.raises((Oversized, Damaged)):
        inspect_xlsx(zipped(part, BIG, stated=stated))


def test_two_halves_of_a_bomb_count_together() -> None:
    half = b" " * (33 << 20)
    out = io.BytesIO(zipped("xl/sharedStrings.xml", half))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet2.xml", half)
    with pytest.raises(Oversized):
        inspect_xlsx(out.getvalue())


WHOLE: Final = xlsx(cells(""))


def of_another_time(data: bytes) -> bytes:
    """Return a zip whose first part asks for version 9.8 of the format."""
    central = data.find(b"PK\x01\x02")
    return data[: central + 6] + b"\x62\x00" + data[central + 8 :]


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(of_another_time(WHOLE), id="of another time"),
        pytest.param(b"", id="nothing"),
        pytest.param(b"PK\x03\x04", id="a zip's first bytes"),
        pytest.param(WHOLE[: len(WHOLE) // 2], id="half"),
        pytest.param(WHOLE[:-1], id="all but the last byte"),
        pytest.param(WHOLE.replace(b"xl/workbook.xml", b"xl/workbokk.xml"), id="no workbook part"),
        pytest.param(WHOLE[:200] + b"\xff" * 50 + WHOLE[250:], id="a part's bytes spoilt"),
    ],
)
def test_what_is_not_whole_is_damaged(data: bytes) -> None:
    with pytest.raises(Damaged):
        inspect_xlsx(data)


def one_row(number: int) -> str:
    return "".join(f'<c r="{letter}{number}"><v>1</v></c>' for letter in "ABCDEFGHIJKLMNOPQRST")


ROOMY: Final[list[tuple[str, str]]] = [
    ("a small sheet", cells("")),
    ("a whole faculty", sheet_xml("".join(f'<row r="{i}">{one_row(i)}</row>' for i in range(1, 3001)))),
    ("columns beyond Z", cells('<row r="2"><c r="AZ2"><v>1</v></c></row>')),
    ("a far cell that is only styled", cells('<row r="1048576"><c r="XFD1048576" s="3"/></row>')),
    ("far rows that are only styled", cells("".join(f'<row r="{i}" s="1" customFormat="1"/>' for i in range(1_048_000, 1_048_577)))),
    ("a styled cell that is not self-closed", cells('<row r="1048576"><c r="XFD1048576" s="3"></c></row>')),
    ("an empty sheet", sheet_xml("")),
]  # fmt: skip


@pytest.mark.parametrize("sheet", [pytest.param(s, id=name) for name, s in ROOMY])
def test_what_people_have_is_measured_and_opened(sheet: str) -> None:
    assert inspect_xlsx(xlsx(sheet)).sure


def test_a_long_sheet_without_references_is_unmeasured() -> None:
    rows = "<row><c><v>1</v></c></row>" * 500
    assert not inspect_xlsx(xlsx(sheet_xml(rows))).sure


ERRORS: Final[list[tuple[str, str, dict[tuple[int, int], str]]]] = [
    ("an error", '<c r="B2" t="e"><v>#REF!</v></c>', {(1, 1): "#REF!"}),
    ("a formula's error", '<c r="B2" t="e"><f>A1/0</f><v>#DIV/0!</v></c>', {(1, 1): "#DIV/0!"}),
    ("type before reference", '<c t="e" r="B2"><v>#N/A</v></c>', {(1, 1): "#N/A"}),
    ("single quotes", "<c r='B2' t='e'><v>#N/A</v></c>", {(1, 1): "#N/A"}),
    ("styled", '<c r="B2" s="4" t="e"><v>#VALUE!</v></c>', {(1, 1): "#VALUE!"}),
    ("a shared formula's error", '<c r="B2" t="e"><f t="shared" si="0"/><v>#NAME?</v></c>', {(1, 1): "#NAME?"}),
    ("beyond column Z", '<c r="AB2" t="e"><v>#NUM!</v></c>', {(1, 27): "#NUM!"}),
    ("two side by side", '<c r="B2" t="e"><v>#N/A</v></c><c r="C2" t="e"><v>#REF!</v></c>', {(1, 1): "#N/A", (1, 2): "#REF!"}),
    ("a formula never computed", '<c r="B2"><f>SUM(A1:A9)</f></c>', {(1, 1): UNCOMPUTED}),
    ("a formula with an empty value", '<c r="B2"><f>SUM(A1:A9)</f><v></v></c>', {(1, 1): UNCOMPUTED}),
    ("a formula with a closed value", '<c r="B2"><f>SUM(A1:A9)</f><v/></c>', {(1, 1): UNCOMPUTED}),
    ("a computed formula", '<c r="B2"><f>SUM(A1:A9)</f><v>3</v></c>', {}),
    ("a formula that gives the empty text", '<c r="B2" t="str"><f>IF(A1="","",A1)</f><v></v></c>', {}),
    ("text that reads like an error is left to the reader", '<c r="B2" t="inlineStr"><is><t>#REF!</t></is></c>', {}),
    ("no error", '<c r="B2"><v>1</v></c>', {}),
    ("a style called e", '<c r="B2" s="e"><v>1</v></c>', {}),
    ("an empty cell before a value", '<c r="B2" t="e"/><c r="C2"><v>1</v></c>', {}),
    ("spaces in the tag", '<c  r="B2"  t="e" ><v>#N/A</v></c>', {(1, 1): "#N/A"}),
    ("a line break in the tag", '<c\nr="B2"\nt="e"><v>#N/A</v></c>', {(1, 1): "#N/A"}),
]  # fmt: skip


@pytest.mark.parametrize("at", range(3))
def test_of_many_sheets_the_one_that_is_strange_or_large_is_found(at: int) -> None:
    """However many sheets are looked at together: each is measured, and each is asked how it is written."""
    plain = cells('<row r="2"><c r="B2"><v>1</v></c></row>')

    def among(other: str) -> bytes:
        return xlsx_of({f"表{n}": other if n == at else plain for n in range(3)})

    assert inspect_xlsx(among(plain)).sure
    for strange in ("<c r='B2'><v>1</v></c>", "<!-- x -->", '<c r="b2"><v>1</v></c>', '<c r="B02"><v>1</v></c>', '<x:c r="B2"/>'):
        assert not inspect_xlsx(among(cells(f'<row r="2">{strange}</row>'))).sure
    assert not inspect_xlsx(among("")).sure
    with pytest.raises(Oversized, match=f"s{at + 1}.xml .*1048576 行 × 16384 列"):
        inspect_xlsx(among(cells(FAR)))


@pytest.mark.parametrize("end", ['<c r="B2"', '<c r="B2" t="s">', '<c r="B2"><f>1+1', '<c r="B2"><f>1+1</f><v>7', '<c r="B2"><v>1'])
def test_a_sheet_cut_off_does_not_run_into_the_next(end: str) -> None:
    """The cell at its end is not one whose value stands at the beginning of another sheet."""
    whole = cells('<row r="2"><c r="B2"><v>7</v></c></row>')
    cut = whole[: whole.index('<c r="B2"')] + end
    data = xlsx_of({"甲": whole, "乙": cut, "丙": whole})
    assert not inspect_xlsx(data).sure or read_plain(inspect_xlsx(data)) is None


def test_errors_are_those_of_their_own_sheet() -> None:
    wrong, never = '<c r="B2" t="e"><v>#REF!</v></c>', '<c r="C2"><f>SUM(A1)</f></c>'
    rows = {"甲": wrong, "乙": '<c r="B2"><v>1</v></c>', "丙": never, "丁": "<c r='B2' t='e'><v>#N/A</v></c>"}
    report = inspect_xlsx(xlsx_of({name: cells(f'<row r="2">{row}</row>') for name, row in rows.items()}))
    assert {k: dict(v) for k, v in report.errors.items()} == {"甲": {(1, 1): "#REF!"}, "丙": {(1, 2): UNCOMPUTED}, "丁": {(1, 1): "#N/A"}}


@pytest.mark.parametrize(("row", "found"), [pytest.param(r, f, id=name) for name, r, f in ERRORS])
def test_cells_that_readers_hide(row: str, found: dict[tuple[int, int], str]) -> None:
    report = inspect_xlsx(xlsx(cells(f'<row r="2">{row}</row>')))
    assert {k: dict(v) for k, v in report.errors.items()} == ({"日报": found} if found else {})


@pytest.mark.parametrize(
    ("written", "name"),
    [
        pytest.param("日报", "日报", id="plain"),
        pytest.param("甲&amp;乙", "甲&乙", id="ampersand"),
        pytest.param("&quot;甲&quot;", '"甲"', id="quotes"),
        pytest.param("&#26085;报", "日报", id="character number"),
        pytest.param("甲'乙", "甲'乙", id="apostrophe inside"),
        pytest.param("甲&apos;乙", "甲'乙", id="apostrophe, escaped"),
        pytest.param("a b", "a b", id="space"),
        pytest.param("1&gt;2", "1>2", id="bracket"),
    ],
)
def test_errors_are_under_the_sheet_s_name(written: str, name: str) -> None:
    assert list(inspect_xlsx(xlsx(cells('<row r="2"><c r="B2" t="e"><v>#N/A</v></c></row>'), name=written)).errors) == [name]


@pytest.mark.parametrize("target", ["worksheets/sheet1.xml", "/xl/worksheets/sheet1.xml", "worksheets/工作表.xml"])
def test_where_a_sheet_s_part_may_lie(target: str) -> None:
    assert list(inspect_xlsx(xlsx(cells('<row r="2"><c r="B2" t="e"><v>#N/A</v></c></row>'), target=target)).errors) == ["日报"]


@pytest.mark.parametrize(("letters", "number"), [(b"A", 1), (b"Z", 26), (b"AA", 27), (b"AZ", 52), (b"XFD", 16384)])
def test_column_number(letters: bytes, number: int) -> None:
    assert column_number(letters) == number


def test_unescape() -> None:
    assert unescape("a &amp; b &lt;c&gt;") == "a & b <c>"


ODS_NAMES: Final = " ".join(
    f'xmlns:{p}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"' for p, n in (("office", "office"), ("table", "table"), ("text", "text"))
) + ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'  # fmt: skip


def ods(rows: str, *, head: str = "", name: str = "日报") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("mimetype"), "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "content.xml",
            f'<?xml version="1.0"?>{head}<office:document-content {ODS_NAMES}><office:body><office:spreadsheet>'
            f'<table:table table:name="{name}">{rows}</table:table></office:spreadsheet></office:body></office:document-content>',
        )
    return out.getvalue()


def ods_row(cell: str, repeated: int = 1) -> str:
    return f'<table:table-row table:number-rows-repeated="{repeated}">{cell}</table:table-row>'


def ods_cell(repeated: int = 1, kind: str = ' office:value-type="float" office:value="1"') -> str:
    return f'<table:table-cell table:number-columns-repeated="{repeated}"{kind}/>'


@pytest.mark.parametrize(
    ("data", "error"),
    [
        pytest.param(ods(ods_row(ods_cell(16384), 1_048_576)), Oversized, id="one cell repeated over the whole sheet"),
        pytest.param(ods(ods_row(ods_cell(2_000_001))), Oversized, id="one row too long"),
        pytest.param(ods(ods_row(ods_cell(16384), 100) * 2), Oversized, id="two blocks together"),
        pytest.param(ods(ods_row(ods_cell(1)) + ods_row(ods_cell(100, "") + ods_cell(30_000), 100)), Oversized, id="after a gap"),
        pytest.param(ods(ods_row(ods_cell(10**12))), Oversized, id="a trillion"),
        pytest.param(ods(ods_row('<table:table-cell table:number-columns-repeated="x" office:value-type="float"/>')), Damaged,
            id="no number"),
        pytest.param(ods("<table:table-row>"), Damaged, id="no XML"),
        pytest.param(b"PK\x03\x04" + b"opendocument.spreadsheet", Damaged, id="no zip"),
        pytest.param(of_another_time(ods("")), Damaged, id="of another time"),
    ],
)  # fmt: skip
def test_ods_that_ask_too_much(data: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        inspect_ods(data)


def test_an_ods_of_entities_within_entities_is_damaged_and_takes_no_time() -> None:
    head = (
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaaaaaaaaaaaa">'
        + "".join(f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(10))
        + "]>"
    )
    with pytest.raises((Damaged, Oversized)):
        inspect_ods(ods(ods_row('<table:table-cell office:value-type="string"><text:p>&k;</text:p></table:table-cell>'), head=head))


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(ods_row(ods_cell(20), 3000), id="a whole faculty"),
        pytest.param(ods_row(ods_cell(3)) + ods_row(ods_cell(16384, ""), 1_048_000), id="a million blank rows, as LibreOffice writes them"),
        pytest.param(ods_row(ods_cell(3) + ods_cell(16381, "")), id="blank to the last column"),
        pytest.param("", id="nothing"),
    ],
)
def test_ods_that_people_have(rows: str) -> None:
    assert inspect_ods(ods(rows)).sure


def test_errors_in_an_ods() -> None:
    error = (
        '<table:table-cell table:formula="of:=1/0" office:value-type="string" office:string-value="" calcext:value-type="error">'
        "<text:p>#DIV/0!</text:p></table:table-cell>"
    )
    rows = ods_row(ods_cell(2), 3) + ods_row(ods_cell(2, "") + error)
    assert inspect_ods(ods(rows)).errors == {"日报": {(3, 2): "#DIV/0!"}}


def record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


BOF: Final = record(0x0809, b"\0" * 16)
EOF: Final = record(0x000A, b"")


@pytest.mark.parametrize(
    ("stream", "errors"),
    [
        pytest.param(b"", {}, id="nothing"),
        pytest.param(BOF + EOF + BOF + record(0x0205, struct.pack("<HHHBB", 3, 2, 0, 0x07, 1)) + EOF, {0: {(3, 2): "#DIV/0!"}},
            id="an error"),
        pytest.param(BOF + EOF + BOF + record(0x0205, struct.pack("<HHHBB", 3, 2, 0, 0x07, 0)) + EOF, {}, id="a truth value"),
        pytest.param(BOF + EOF + BOF + EOF + BOF + record(0x0205, struct.pack("<HHHBB", 0, 0, 0, 0x2A, 1)) + EOF, {1: {(0, 0): "#N/A"}},
            id="on the second sheet"),
        pytest.param(BOF + EOF + BOF + record(0x0006,
            struct.pack("<HHH", 1, 1, 0) + bytes([2, 0, 0x17, 0, 0, 0, 0xFF, 0xFF]) + b"\0" * 8) + EOF, {0: {(1, 1): "#REF!"}},
            id="a formula's error"),
        pytest.param(BOF + EOF + BOF + record(0x0205, struct.pack("<HHHBB", 1, 1, 0, 0x99, 1)) + EOF, {0: {(1, 1): "#ERR!"}},
            id="an unknown error"),
        pytest.param(BOF + EOF + BOF + BOF + EOF + record(0x0205, struct.pack("<HHHBB", 1, 1, 0, 0x2A, 1)) + EOF, {0: {(1, 1): "#N/A"}},
            id="after a chart inside the sheet"),
    ],
)  # fmt: skip
def test_errors_in_an_xls(stream: bytes, errors: dict[int, dict[tuple[int, int], str]]) -> None:
    assert inspect_xls(stream) == (errors, False)


@pytest.mark.parametrize(
    "stream", [record(0x0205, b"\0" * 8)[:-1], BOF + b"\x05\x02\xff\xff\x00"], ids=["cut off", "a length beyond the end"]
)
def test_an_xls_cut_off_is_damaged(stream: bytes) -> None:
    with pytest.raises(Damaged):
        inspect_xls(stream)
