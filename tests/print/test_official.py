"""Official PDFs as their readers' programs see them: measures of GB/T 9704-2012, words, fonts, metadata, what travels inside."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from jianbao.documents import DocumentKind, Status
from jianbao.facts import Facts, FigureFact, RowFacts, UnitFacts, to_csv
from jianbao.printing.fonts import FontSet
from jianbao.printing.official import page_pdf
from jianbao.printing.typeset import TypesetError
from jianbao.record import ChainLine
from jianbao.settings import PrintSettings

from .conftest import MOMENT, SETTINGS, Print, Printed, paper

TALL = 616
"""Characters on a full page: 22 lines of 28."""


def facts() -> Facts:
    figure = FigureFact("confirmed", "确诊", 0, "例", 2, 3, "各单位当日报告的确诊病例数之和", "unit_daily", 1, headline=True)
    return Facts(date(2020, 2, 5), MOMENT, (figure,), UnitFacts(3, 2, 0, 2, 1, 0, ("图书馆",), (), (), ()), RowFacts(1, 1, 0, 0, 0))


def briefing(fonts: FontSet, body: str = "## 一、数据情况\n\n全校确诊 **0 例**。", **settings: str) -> Printed:
    made = paper(
        body, path="briefings/2020/2020-02-05.md", title="工作简报", kind=DocumentKind.BRIEFING, number="第6期", to="", signed_by="王小明",
        data_date=date(2020, 2, 5), settings=replace(SETTINGS, printing=PrintSettings(**settings)),
    )  # fmt: skip
    previous = ChainLine(5, date(2020, 2, 4), "0005-2020-02-04", "a" * 64, "b" * 64)
    return Printed(page_pdf(replace(made, facts=facts(), previous=previous), fonts))


# -- The page -----------------------------------------------------------------------------------------------------------


def test_the_paper_is_a4_and_a_full_page_holds_22_lines_of_28_characters(printed: Print) -> None:
    made = printed("\n\n".join(["字" * TALL * 3]), title="题")
    assert [round(float(v) / 72 * 25.4, 1) for v in made.reader.pages[0].mediabox[2:]] == [210.0, 297.0]
    body = [c for c in made.chars(1) if c.text == "字"]
    lines = sorted({round(c.top, 1) for c in body})
    assert len(lines) == 22
    assert all(sum(1 for c in body if round(c.top, 1) == line) == 28 for line in lines)
    pitches = {round(b - a, 1) for a, b in pairwise(lines)}
    assert pitches <= {10.2, 10.3}  # 225 mm / 22


def test_the_type_area_is_156_by_225_37_from_above_and_28_from_the_left(printed: Print) -> None:
    made = printed("字" * TALL * 3, title="题")
    ink = (made.ink(1)[: int(265 * 72 / 25.4 * 4), :, 0] < 128).nonzero()
    left, right, upper, lower = (float(v) / 4 / 72 * 25.4 for v in (ink[1].min(), ink[1].max(), ink[0].min(), ink[0].max()))
    assert 27.5 <= left <= 29.5  # 28 mm ± 1, and the little that a character stands off its cell's edge
    assert 182.5 <= right <= 184.5
    assert 36.0 <= upper <= 38.0
    assert 252.0 <= lower <= 262.0


def test_page_numbers_stand_outside_7_mm_below_the_type_area(printed: Print) -> None:
    made = printed("字" * TALL * 3, title="题")
    for page in range(made.pages):
        foot = [c for c in made.chars(page) if c.top > 264]
        assert "".join(c.text for c in foot) == f"—{page + 1}—"
        dash = made.ink(page)[int(264 * 72 / 25.4 * 4) :, :, 0] < 128
        middle = 264 + float(dash.nonzero()[0].mean()) / 4 / 72 * 25.4
        assert middle == pytest.approx(269, abs=1)
        if page % 2:
            assert foot[0].left == pytest.approx(28 + 14 / 72 * 25.4, abs=0.6)
        else:
            assert foot[-1].right == pytest.approx(184 - 14 / 72 * 25.4, abs=0.6)


# -- A notice -----------------------------------------------------------------------------------------------------------


def test_a_notices_parts_stand_where_the_standard_has_them(printed: Print) -> None:
    made = printed("自2月7日起执行。", copy_to="学校办公室", mark="此件公开发布")
    issuer, number, title = made.found("榆溪学院防控"), made.found("榆防控〔2020〕6号"), made.found("关于错峰")
    assert issuer.top == pytest.approx(37 + 35, abs=1.5)
    middle = (number.left + made.found("号").right) / 2
    assert middle == pytest.approx(28 + 78, abs=1)
    red = made.ink(0)[:, :, :3].astype(int)
    rule = ((red[:, :, 2] > 150) & (red[:, :, 0] < 80)).sum(axis=1)  # BGR
    rows = (rule > 0.9 * 156 / 25.4 * 72 * 4).nonzero()[0]
    assert len(rows)
    dark = (red.max(axis=2) < 128).any(axis=1).nonzero()[0]
    under = float(rows.min() - dark[dark < rows.min()].max()) / 4 / 72 * 25.4
    assert under == pytest.approx(4, abs=0.7)
    assert title.bottom - title.top == pytest.approx(22 / 72 * 25.4, rel=0.35)
    assert made.found("各学院").left == pytest.approx(28, abs=0.6)
    assert made.found("自2月").left == pytest.approx(28 + 2 * 156 / 28, abs=0.6)
    order = [
        "关于错峰",
        "各学院、各部门：",
        "自2月7日",
        "榆溪学院防控工作办公室2020年",
        "2020年2月6日",
        "（此件公开发布）",
        "抄送：学校办公室。",
        "2020年2月6日印发",
    ]
    places = [made.text().index(part) for part in order]
    assert places == sorted(places)


def test_who_signs_stands_two_characters_off_the_edge_and_the_day_two_further_in(printed: Print) -> None:
    made = printed("正文。")
    cell, chars = 156 / 28, list(made.chars(0))
    text = "".join(c.text for c in chars)
    at = text.rindex("榆溪学院防控工作办公室2020年2月6日")
    signed = chars[at : at + len("榆溪学院防控工作办公室")]
    day = chars[at + len(signed)]
    assert signed[-1].right == pytest.approx(184 - 2 * 16 / 72 * 25.4, abs=1)
    assert day.left - signed[0].left == pytest.approx(2 * cell, abs=0.8)
    assert day.top - signed[0].top == pytest.approx(225 / 22, abs=0.3)
    assert signed[0].top - made.found("正文").top == pytest.approx(2 * 225 / 22, abs=0.3)  # a line is left empty


@pytest.mark.parametrize("lines", range(6, 14))
def test_no_page_holds_a_signature_alone(printed: Print, lines: int) -> None:
    made = printed("\n\n".join(f"第{n}段。" for n in range(lines)), number="", title="题")
    page = next(n for n in range(made.pages) if "2020年2月6日" in made.text(n).replace("2020年2月6日印发", ""))
    assert f"第{lines - 1}段。" in made.text(page)


def test_headings_are_set_in_their_faces(printed: Print) -> None:
    made = printed("## 一、甲\n\n文。\n\n### （一）乙\n\n文。\n")
    sizes = {made.found(t).bottom - made.found(t).top for t in ("一、甲", "（一）乙")}
    assert max(sizes) - min(sizes) < 3  # both 3号, in faces of their own


def test_a_title_of_two_lines_is_parted_evenly(printed: Print) -> None:
    made = printed(title="关于进一步做好错峰就餐和食堂通风消毒以及公用餐具管理工作的通知")
    rows: dict[float, int] = {}
    chars = list(made.chars(0))
    at = "".join(c.text for c in chars).index("关于进一步")
    for char in chars[at : at + len("关于进一步做好错峰就餐和食堂通风消毒以及公用餐具管理工作的通知")]:
        rows[round(char.top)] = rows.get(round(char.top), 0) + 1
    assert len(rows) == 2
    assert abs(max(rows.values()) - min(rows.values())) <= 2


@pytest.mark.parametrize(
    ("status", "said"), [(Status.WITHDRAWN, "本文件已于2020年2月6日撤回，不再执行。"), (Status.SUPERSEDED, "本文件已被替代")]
)
def test_a_document_no_longer_in_force_says_so(printed: Print, status: Status, said: str) -> None:
    made = printed(status=status, reason="另有安排", superseded_by="notices/2020/07.md")
    assert said in made.text()
    assert "另有安排" in made.text()


# -- A briefing ---------------------------------------------------------------------------------------------------------


def test_a_briefing_has_its_head_its_day_and_its_foot(fonts: FontSet) -> None:
    made = briefing(fonts, report_to="学校党委、行政", send_to="各学院、各部门")
    said = made.text()
    order = ["榆溪学院", "工作简报", "第6期", "防控工作办公室2020年2月6日", "数据日期：2020年2月5日", "实报2/应报3个单位", "一、数据情况",
             "报送：学校党委、行政", "分送：各学院、各部门", "编发：防控工作办公室签发：王小明", "上一次发布：第5号"]  # fmt: skip
    places = [said.index(part) for part in order]
    assert places == sorted(places)
    line = ChainLine(5, date(2020, 2, 4), "0005-2020-02-04", "a" * 64, "b" * 64)
    assert line.sha256 in said


def test_the_figures_travel_inside_as_csv(fonts: FontSet) -> None:
    made = briefing(fonts)
    assert dict(made.reader.attachments) == {"figures.csv": [("\ufeff" + to_csv(facts())).encode()]}
    assert "/AFRelationship" in str(made.reader.trailer["/Root"]["/AF"][0].get_object())  # type: ignore[index]  # of a dictionary


# -- Words --------------------------------------------------------------------------------------------------------------


def test_every_word_of_the_source_can_be_selected(printed: Print) -> None:
    body = (
        "开头 one two，37.2摄氏度，**重点**，*轻轻*，`x = 1`，H~2~O。[链接](https://example.org)\n\n## 一、标题\n\n1. 甲项\n2. 乙项\n\n"
        "    - 丙项\n\n| 列一 | 列二 |\n| --- | ---: |\n| 内容甲 | 12,345 |\n\n> 引文一句\n\n"
        "!!! note \"温馨提示\"\n    记住三句话\n\n词条\n:   释义\n\n"
        "正文有注[^1]。\n\n```\ncode 一行\n  code 二行\n```\n\n[^1]: 注释文字。\n"
    )  # fmt: skip
    said = printed(body).text()
    parts = (
        "开头onetwo，37.2摄氏度，重点，轻轻，x=1，H~2~O。链接", "一、标题", "1．甲项2．乙项·丙项", "列一列二内容甲12,345", "引文一句",
        "温馨提示记住三句话", "词条释义", "正文有注1。", "code一行code二行", "注：1．注释文字。",
    )  # fmt: skip
    for part in parts:
        assert part in said, part


def test_links_lead_out_and_nothing_runs(printed: Print) -> None:
    made = printed("[甲](https://example.org/a)[乙](javascript:alert)[丙](07.md)")
    links = [a.get_object()["/A"] for page in made.reader.pages for a in page.get("/Annots", [])]
    assert [(link["/S"], link["/URI"]) for link in links] == [("/URI", "https://example.org/a")]
    for name in (b"/JavaScript", b"/JS", b"/Launch", b"/OpenAction"):
        assert name not in made.data


def test_pictures_and_files_go_along(printed: Print) -> None:
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" width="400" height="200"><rect width="400" height="200" fill="#00f"/></svg>'
    found = {"notices/2020/图 一.svg": drawing.encode(), "notices/2020/附表.csv": b"a,b\n1,2\n"}
    made = printed("![方块](<图 一.svg>)\n\n见[安排表](附表.csv)。", files=found)
    assert made.reader.attachments["附表.csv"] == [b"a,b\n1,2\n"]
    assert "附件：安排表" in made.text()
    blue = made.ink(0)[:, :, :3].astype(int)
    assert ((blue[:, :, 0] > 200) & (blue[:, :, 2] < 60)).sum() > 10_000


# -- What an archive asks -----------------------------------------------------------------------------------------------


def test_the_metadata_declare_pdf_a_3a_and_say_what_the_document_is(printed: Print) -> None:
    made = printed(tags=("食堂",), summary="食堂分三批就餐。")
    for part in ("<pdfaid:part>3</pdfaid:part>", "<pdfaid:conformance>A</pdfaid:conformance>", "<pdfuaid:part>1</pdfuaid:part>",
                 "关于错峰就餐的通知（榆防控〔2020〕6号）", "榆溪学院防控工作办公室", "食堂分三批就餐。"):  # fmt: skip
        assert part in made.xmp, part
    about = made.reader.metadata
    assert about is not None
    assert about.creation_date == MOMENT
    root = made.reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"].value is True  # type: ignore[index]  # of a dictionary
    assert root["/Lang"] == "zh-CN"  # type: ignore[index]  # of a dictionary
    assert root["/OutputIntents"][0].get_object()["/S"] == "/GTS_PDFA1"  # type: ignore[index]  # of a dictionary


def test_every_font_is_embedded(fonts: FontSet) -> None:
    made = briefing(fonts, "## 一、甲\n\n文 **重** *轻* `码`")
    seen = set()
    for page in made.reader.pages:
        for font in page["/Resources"]["/Font"].values():  # type: ignore[index]  # of a dictionary
            descendant = font.get_object()["/DescendantFonts"][0].get_object()
            descriptor = descendant["/FontDescriptor"].get_object()
            assert {"/FontFile2", "/FontFile3"} & descriptor.keys()
            seen.add(descendant["/BaseFont"].split("+")[1])
    assert len(seen) >= 2


def test_the_same_document_is_the_same_bytes_in_two_processes(fonts: FontSet) -> None:
    script = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from pathlib import Path\n"
        "from jianbao.files import sha256\n"
        "from jianbao.printing.fonts import fonts_for\n"
        "from jianbao.printing.official import page_pdf\n"
        "from jianbao.settings import PrintSettings\n"
        "from tests.print.conftest import paper\n"
        "print(sha256(page_pdf(paper('正文**重**[^1]。\\n\\n[^1]: 注。', files={'a.csv': b'x'}), fonts_for(PrintSettings(), Path()))))\n"
    )
    root = Path(__file__).parents[2]
    runs = {
        subprocess.run(
            [sys.executable, "-c", script, str(root)], capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": seed, "TZ": zone}
        ).stdout
        for seed, zone in (("1", "UTC"), ("2", "Asia/Shanghai"))
    }
    assert len(runs) == 1
    assert re.fullmatch(r"[0-9a-f]{64}\n", runs.pop())


def test_a_character_that_no_font_has_is_named_with_its_place(fonts: FontSet) -> None:
    with pytest.raises(TypesetError) as caught:
        page_pdf(paper("第一段。\n\n请张\U0003fffd老师&#128512;到场。", title="关于\ue000的通知"), fonts)
    said = caught.value.message
    assert "site/notices/2020/06.md 说明区 title：“\ue000”（U+E000）" in said
    assert "正文第 3 行“请张\U0003fffd老师\U0001f600到场。”：“\U0003fffd”（U+3FFFD）" in said
    assert "“\U0001f600”（U+1F600）" in said
    assert caught.value.exit_code == 3
    assert "[print]" in caught.value.advice


def test_a_picture_that_is_none_is_an_error_that_names_the_page(fonts: FontSet) -> None:
    with pytest.raises(TypesetError, match=r"notices/2020/06\.md"):
        page_pdf(paper("![图](a.png)", files={"notices/2020/a.png": b"no picture"}), fonts)


def test_a_word_too_long_for_a_line_is_broken_and_stays_whole_when_selected(printed: Print) -> None:
    address = "https://example.org/" + "a1b2c3d4" * 20
    made = printed(f"见 {address} 。", title="题" + "x" * 60)
    assert address in made.text()
    assert max(c.right for n in range(made.pages) for c in made.chars(n)) < 185
