"""Whatever stands in a text, on paper it is only text: no character of it reaches the typesetter as code."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jianbao.printing.fonts import FontSet
from jianbao.printing.official import page_pdf
from jianbao.printing.typeset import TypesetError
from jianbao.render import literal

from .conftest import Printed, paper

SNIPPETS = (
    "#", "$", "\\", "*", "_", "`", "```", "<", ">", "@", "=", "[", "]", "{", "}", "(", ")", '"', "'", "/", "//", "/*", "*/", "~", ";", "%",
    "#let x = 1", "#eval(\"1\")", "#read(\"/etc/passwd\")", "#import \"@preview/x:1.0.0\"", "#sys.inputs", "$ x^2 $", "#panic()", "\\u{41}",
    "#set text(red)", "#include \"a\"", "{{ 7*7 }}", "{% x %}", "<script>", "</text>", "#pagebreak()", "防控", "甲乙", "abc", " ", "37.2",
)  # fmt: skip
texts = st.lists(st.sampled_from(SNIPPETS), min_size=1, max_size=12).map("".join)
FEW = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


def squeezed(text: str) -> str:
    return "".join(text.split())


@given(text=texts)
@FEW
def test_text_of_a_sheet_comes_out_as_it_stands(fonts: FontSet, text: str) -> None:
    made = Printed(page_pdf(paper(f"始{literal(text)}终"), fonts))
    assert squeezed(f"始{text}终") in made.text()


@given(text=texts)
@FEW
def test_so_do_titles_numbers_and_names(fonts: FontSet, text: str) -> None:
    said = squeezed(text) or "题"
    made = page_pdf(paper("正文。", title=f"题{said}", to=f"甲{said}乙", issuer=f"办{said}室", mark=f"注{said}"), fonts)
    shown = Printed(made).text()
    for part in (f"题{said}", f"甲{said}乙：", f"办{said}室", f"（注{said}）"):
        assert part in shown


@given(text=st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), max_size=60))
@FEW
def test_any_markdown_becomes_a_pdf_without_code(fonts: FontSet, text: str) -> None:
    made = page_pdf(paper(text), fonts)
    assert made.startswith(b"%PDF-1.7")
    assert b"/JavaScript" not in made


def test_a_picture_cannot_name_a_file_of_the_machine(fonts: FontSet) -> None:
    hostile = "notices/2020/../../../../../../etc/hostname.svg"
    assert "〔图：图〕" in Printed(page_pdf(paper(f"![图]({hostile})", files={hostile: b"<svg/>"}), fonts)).text()


def test_nor_can_a_drawing(fonts: FontSet) -> None:
    picture = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="/etc/hostname" width="9" height="9"/></svg>'
    with pytest.raises(TypesetError, match="not allowed"):
        page_pdf(paper("![图](a.svg)", files={"notices/2020/a.svg": picture}), fonts)
