"""The site's Markdown, read for paper: the same engine, the same dialect, nothing of it lost and nothing of it markup."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from jianbao.printing.markup import EXTENSIONS, parse, read_html, to_html

ROOT = Path(__file__).parents[2]


def blocks(text: str, *known: str) -> list[dict[str, Any]]:
    return list(parse(text, "notices/2020/06.md", lambda path: path in known).blocks)


def test_the_extensions_are_those_of_the_site() -> None:
    config = (ROOT / "mkdocs.yml").read_text("utf-8")
    listed = config[config.index("markdown_extensions:") : config.index("extra:")]
    assert set(re.findall(r"^  - ([\w.]+)", listed, re.MULTILINE)) == {*EXTENSIONS, "toc"}


def test_an_extension_left_out_would_have_changed_nothing() -> None:
    import markdown

    for path in sorted((ROOT / "site").rglob("*.md")):
        body = path.read_text("utf-8").split("\n---\n", 1)[-1]
        assert to_html(body) == markdown.markdown(body, extensions=list(EXTENSIONS), output_format="html")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("一行\n接着一行", [("p", ["一行接着一行"])], id="a line end between Chinese characters is none"),
        pytest.param("one\ntwo", [("p", ["one two"])], id="between words it is a space"),
        pytest.param("## 一、甲", [("h", ["一、甲"])], id="heading"),
        pytest.param("**重**而*轻*", [("p", [{"t": "b", "c": ["重"]}, "而", {"t": "i", "c": ["轻"]}])], id="strong and emphasis"),
        pytest.param("甲\n{: .jb-small }", [("p", ["甲"])], id="attributes are no text"),
        pytest.param("a&#42;b&#42; &lt;b&gt;", [("p", ["a*b* <b>"])], id="character references"),
        pytest.param("`#let x`", [("p", [{"t": "code", "s": "#let x"}])], id="code"),
        pytest.param("<script>alert(1)</script>甲", [("p", ["甲"])], id="a script says nothing"),
        pytest.param("[甲](https://example.org/?a=1)", [("p", [{"t": "a", "u": "https://example.org/?a=1", "c": ["甲"]}])], id="link"),
        pytest.param("[甲](javascript:alert)", [("p", ["甲"])], id="a link that would run"),
        pytest.param("[甲](file:///etc/passwd)", [("p", ["甲"])], id="a link into the machine"),
        pytest.param("[甲](../../../../x.csv)", [("p", ["甲"])], id="a link out of the site"),
        pytest.param("[甲](07.md#x)", [("p", [{"t": "ref", "d": "notices/2020/07.md", "c": ["甲"]}])], id="another page"),
        pytest.param("![图示](nowhere.png)", [("p", ["〔图：图示〕"])], id="a picture that is not there"),
    ],
)
def test_text_becomes_data(text: str, expected: list[tuple[str, list[Any]]]) -> None:
    assert [(b["t"], b["c"]) for b in blocks(text)] == expected


def test_a_table_keeps_its_alignment_head_and_every_cell() -> None:
    (table,) = blocks("| 甲 | 乙 | 丙 |\n| --- | ---: | :---: |\n| 一 | 2 | **三** |\n| 四 | | |\n")
    assert table["a"] == ["l", "r", "c"]
    assert table["h"] == [[["甲"], ["乙"], ["丙"]]]
    assert table["r"] == [[["一"], ["2"], [{"t": "b", "c": ["三"]}]], [["四"], [], []]]
    assert table["w"] == [2, 2, 2]


def test_lists_boxes_terms_and_code_nest() -> None:
    ordered, box, folded, terms, quote, code = blocks(
        "3. 甲\n\n    第二段\n\n    - 乙\n\n4. 丙\n\n!!! warning \"当心\"\n    里面\n\n"
        "??? note \"展开\"\n    折起的\n\n词\n:   义一\n:   义二\n\n> 引文\n\n"
        "```\n代码  两格\n\n\n\n空行\n```\n"
    )  # fmt: skip
    assert (ordered["o"], ordered["start"], len(ordered["i"])) == (True, 1, 2)  # the site counts from 1 too
    assert [b["t"] for b in ordered["i"][0]] == ["p", "p", "list"]
    assert (box["h"], box["c"][0]["c"]) == (["当心"], ["里面"])
    assert (folded["h"], folded["c"][0]["c"]) == (["展开"], ["折起的"])
    assert [(t["h"], [d[0]["c"] for d in t["d"]]) for t in terms["i"]] == [(["词"], [["义一"], ["义二"]])]
    assert quote["c"][0]["c"] == ["引文"]
    assert code["s"] == "代码  两格\n\n\n\n空行"


def test_a_quotation_keeps_whose_it_is_and_another_figure_its_parts() -> None:
    (quote,) = blocks('<figure class="jb-quote" markdown="1">\n\n> 众志成城\n\n<figcaption>——编者</figcaption>\n</figure>\n')
    assert (quote["t"], quote["c"][0]["c"], quote["by"]) == ("quote", ["众志成城"], ["——编者"])
    assert [b["t"] for b in blocks("<figure><p>甲</p><figcaption>图一</figcaption></figure>")] == ["p", "p"]


def test_a_list_in_html_says_where_it_begins() -> None:
    assert blocks('<ol start="4"><li>甲</li></ol>')[0]["start"] == 4


def test_footnotes_carry_the_numbers_that_the_site_gives_them() -> None:
    text = parse("甲[^b]乙[^a]\n\n[^a]: 注甲\n[^b]: 注**乙**\n", "x.md", lambda _path: False)
    assert text.notes == (["注甲"], ["注", {"t": "b", "c": ["乙"]}])
    assert [s["c"][0]["n"] for s in text.blocks[0]["c"] if isinstance(s, dict)] == [2, 1]


def test_an_outline_skips_no_step_though_its_author_does() -> None:
    assert [(b["l"], b["s"]) for b in blocks("### 甲\n\n##### 乙\n\n# 丙\n\n#### 丁\n")] == [(3, 2), (5, 3), (1, 1), (4, 2)]


def test_files_that_are_linked_and_pictures_that_are_shown_are_named() -> None:
    text = parse("[附表](attachments/t.csv) ![图](a.png)", "notices/2020/06.md", lambda path: path.startswith("notices/2020/a"))
    assert text.links == {"notices/2020/attachments/t.csv": "附表"}
    assert text.pictures == ("notices/2020/a.png",)


@pytest.mark.parametrize(
    "text", ["<b>甲<i>乙</b>丙", "</p>甲", "<td>甲", "<p>甲<p>乙", "<a href='http://[x'>甲</a>", "<ol start='x'><li>甲</ol>"]
)
def test_html_that_is_not_well_formed_still_says_what_it_says(text: str) -> None:
    assert "甲" in read_html(text).text
    assert "甲" in str(blocks(text))
