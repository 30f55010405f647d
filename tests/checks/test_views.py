"""What a reader, and a search, can find in a file: its text, whatever the format; or a plain no."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfWriter

from jianbao.checks import views as room
from jianbao.checks.views import EDGE, Unreadable, squeezed, texts_of, views

NAME: Final = "施彩辉"
ODS: Final = Path(__file__).parents[1] / "fixtures/schools/c/艺术学院/教职工.ods"


def packed(**parts: bytes) -> bytes:
    """Return a zip; the names' `__` stand for `/`, `_` before the ending for `.`."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in parts.items():
            archive.writestr(".".join(name.replace("__", "/").rsplit("_", 1)), data)
    return out.getvalue()


def pdf(text: str, *, picture: bool = False) -> bytes:
    """Return a PDF of one page of text and, where asked, one that is a picture alone."""
    said = f"BT /F1 12 Tf 10 50 Td ({text}) Tj ET".encode()
    kids = b"3 0 R 6 0 R" if picture else b"3 0 R"
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, 1 + picture),
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(said), said), b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]/Contents 8 0 R/Resources<</XObject<</P 7 0 R>>>>>>",
        b"<</Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8/Length 1>>stream\n0\nendstream",
        b"<</Length 5>>stream\n/P Do\nendstream",
    ]  # fmt: skip
    out, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % p for p in places)
    return out + b"xref\n0 9\n0000000000 65535 f \n%strailer<</Size 9/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (table, len(out))


def locked(data: bytes) -> bytes:
    writer, out = PdfWriter(clone_from=io.BytesIO(data)), io.BytesIO()
    writer.encrypt("secret")
    writer.write(out)
    return out.getvalue()


SEEN: Final[list[tuple[str, bytes]]] = [
    ("a.html", f"<p>{NAME}</p>".encode()),
    ("a.md", f"\ufeff{NAME}".encode()),
    ("a.csv", NAME.encode("gb18030")),
    ("a.txt", b"\xff\xfe" + NAME.encode("utf-16-le")),
    ("a.txt", b"\xfe\xff" + NAME.encode("utf-16-be")),
    ("README", NAME.encode()),
    ("A.HTML", NAME.encode()),
    ("a.json", json.dumps({"a": [1, {"b": NAME}]}).encode()),
    ("a.json", json.dumps({NAME: None}).encode()),
    ("a.json", f"no json: {NAME}".encode()),
    ("a.js", json.dumps(NAME).encode()),
    ("sitemap.xml.gz", gzip.compress(NAME.encode())),
    ("a.png", b"\x89PNG\r\n\x1a\n" + f"tEXtAuthor {NAME}".encode()),
    ("a.docx", packed(word__document_xml=f"<w:p><w:r><w:t>施</w:t></w:r><w:r><w:t>{NAME[1:]}</w:t></w:r></w:p>".encode())),
    ("a.docx", packed(word___rels__document_xml_rels=f'<Relationship Target="https://e.cn/{NAME}"/>'.encode())),
    ("a.xlsx", packed(xl__sharedStrings_xml=f"<si><r><t>施</t></r><r><t>{NAME[1:]}</t></r></si>".encode())),
    ("a.docx", packed(word__embeddings__in_xlsx=packed(xl__sharedStrings_xml=NAME.encode()))),
    ("a.docx", packed(word__media__image1_emf=NAME.encode("utf-16-le"))),
    ("a.zip", packed(**{f"{NAME}_txt": b""})),
]


@pytest.mark.parametrize(("path", "data"), SEEN, ids=[f"{n} {path}" for n, (path, _data) in enumerate(SEEN)])
def test_a_name_is_seen_in_whatever_format_it_stands(path: str, data: bytes) -> None:
    assert any(NAME in view for text in texts_of(path, data) for view in views(text))


def test_a_pdf_says_its_text_and_its_particulars() -> None:
    writer, out = PdfWriter(clone_from=io.BytesIO(pdf("call 13800000001"))), io.BytesIO()
    writer.add_metadata({"/Author": NAME})
    writer.write(out)
    (text,) = texts_of("a.pdf", out.getvalue())
    assert "call 13800000001" in text
    assert NAME in text


UNREADABLE: Final[list[tuple[str, bytes, str]]] = [
    ("a.exe", b"MZ", ".exe"),
    ("a.doc", b"\xd0\xcf\x11\xe0", ".doc"),
    ("a.docx", b"PK\x03\x04 broken", "a.docx"),
    ("a.zip", b"", "a.zip"),
    ("a.docx", packed(word__embeddings__oleObject1_bin=b"\xd0\xcf\x11\xe0"), ".bin"),
    ("a.zip", packed(inner_zip=packed(x_exe=b"MZ")), ".exe"),
    ("a.xml.gz", b"\x1f\x8b broken", "损坏"),
    ("a.xml.gz", gzip.compress(b"x" * 99)[:-9], "损坏"),
    ("a.pdf", b"%PDF-1.4 broken", "PDF"),
    ("a.pdf", pdf("call")[:200], "PDF"),
    ("a.pdf", locked(pdf("call")), "PDF"),
    ("a.pdf", pdf(""), "扫描件"),
    ("a.pdf", pdf("call", picture=True), "扫描件"),
]


@pytest.mark.parametrize(("path", "data", "why"), UNREADABLE, ids=[f"{n} {path}" for n, (path, *_rest) in enumerate(UNREADABLE)])
def test_what_cannot_be_looked_into_is_said_so(path: str, data: bytes, why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        list(texts_of(path, data))


def test_a_workbook_that_another_program_saved_can_be_looked_into() -> None:
    """LibreOffice puts RDF and pictures into it, Excel its printer's settings."""
    assert any("工号" in text for text in texts_of("a.ods", ODS.read_bytes()))
    assert list(texts_of("a.xlsx", packed(xl__printerSettings__printerSettings1_bin=b"\0", xl__a_vml=b"<xml/>")))


@pytest.mark.parametrize("pack", [lambda d: ("a.xml.gz", gzip.compress(d)), lambda d: ("a.zip", packed(a_txt=d))], ids=["gz", "zip"])
def test_a_file_that_unpacks_to_too_much_is_not_unpacked(pack: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "MAX_UNPACKED", 1000)
    assert list(texts_of(*pack(b"x" * 1000)))  # type: ignore[operator]  # of the two above
    with pytest.raises(Unreadable, match="过大"):
        list(texts_of(*pack(b"x" * 1001)))  # type: ignore[operator]  # of the two above


@pytest.mark.parametrize(
    ("text", "tight"),
    [
        ("施 彩\u3000辉", NAME),
        ("施\u200b彩\ufeff辉", NAME),
        ("施\n彩\r\n辉", NAME),
        ("**施**_彩_`辉`", NAME),
        ("<b>施</b><!-- x --><i class='a'>彩</i>辉", NAME),
        ("&#26045;&#x5f69;&#36745;", NAME),
        (r"\u65bd\u5f69\u8f89", NAME),
        ("%E6%96%BD%E5%BD%A9%E8%BE%89", NAME),
        ("施&nbsp;彩&ZeroWidthSpace;辉", NAME),
        ("１３８０００００００１", "13800000001"),
        ("施\n\n彩辉", f"施{EDGE}彩辉"),
        ("施</p><p>彩辉", f"施{EDGE}{EDGE}彩辉"),
        ("|施|彩辉|", f"{EDGE}施{EDGE}彩辉{EDGE}"),
        ("施<script>if (a<b) {}</script>彩辉", f"施{EDGE}彩辉"),
        ('<img alt="施 彩辉" src="a.png">', f"{EDGE}{NAME}"),
        ("<svg viewBox='0 0 24 24'>", ""),
    ],
)
def test_two_views_of_a_text(text: str, tight: str) -> None:
    assert views(text)[1] == tight


@given(st.lists(st.sampled_from([" ", "\n", "\u200b", "\u3000", "*", "<b>", "</em>", "&#8203;", "`"]), min_size=2, max_size=2), st.data())
def test_no_inline_mark_parts_a_name(marks: list[str], data: st.DataObject) -> None:
    text = "".join(a + b for a, b in zip(NAME, [*marks, data.draw(st.sampled_from(["", " ", "**"]))], strict=True))
    assert NAME in views(f"前{text}后")[1]


@given(st.text(alphabet="施彩辉 a1\n<>/p*_|&;#\u200b\"'=", max_size=40))
def test_what_is_squeezed_once_is_squeezed(text: str) -> None:
    once = squeezed(text)
    assert room.INVISIBLE.search(once) is None
    assert room.INVISIBLE.sub("", once) == once
