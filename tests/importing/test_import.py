"""Documents brought in: a Word file of LibreOffice, a real blog post, web pages; and what none of them may bring along."""

# ruff: noqa: E501  # documents are quoted as they stand

from __future__ import annotations

import contextlib
import io
import re
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path, PurePosixPath

import pytest

from jianbao.importing import Imported, NotImported, Vicinity, read_file
from jianbao.importing.numbering import chinese

PLAN = Path(__file__).parents[1] / "fixtures/papers/plan.docx"
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40


def bring(name: str, data: bytes, root: Path | None = None) -> Imported:
    return read_file(name, data, Vicinity(root or Path("/nowhere"), PurePosixPath("."), "p"))


def changed(parts: Mapping[str, bytes | Callable[[bytes], bytes]]) -> bytes:
    """Return the Word file with parts replaced, changed or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(PLAN) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in dict.fromkeys([*old.namelist(), *parts]):
            change = parts.get(name)
            data = old.read(name) if name in old.namelist() else b""
            new.writestr(name, data if change is None else change if isinstance(change, bytes) else change(data))
    return out.getvalue()


def in_text(xml: str) -> bytes:
    """Return the Word file with more at the end of its text."""
    return changed({"word/document.xml": lambda data: data.replace(b"<w:sectPr", xml.encode() + b"<w:sectPr", 1)})


# -- Word ---------------------------------------------------------------------------------------------------------------


def test_a_word_file_comes_in_whole() -> None:
    found = bring("plan.docx", PLAN.read_bytes())
    assert found.meta == {"title": "关于错峰返校的工作方案"}
    assert found.remarks == ()
    lines = [line for line in found.body.splitlines() if line]
    assert lines[:16] == [
        "各学院、各部门：为做好返校工作，制定本方案。**分三批返校**，体温高于37.2℃的不返校[^1]。", "## 总体安排",
        "一、组织领导", "（一）领导小组", "1\\.组长由分管校领导担任。", "2\\.成员来自各部门。", "（1）每周碰头一次。", "（2）有事随时碰头。",
        "（二）工作组", "1\\.设五个工作组。", "二、工作任务", "（一）摸排", "## 时间表", "### 批次", lines[14], "| 事项 | 电话 |",
    ]  # fmt: skip
    assert '<td rowspan="2">第一批</td>' in lines[14]
    assert '<td colspan="2">其余学院</td>' in lines[14]
    assert lines[16:] == [
        "| --- | --- |", "| 咨询&#124;报修 | 0000-8880110 |", "路线见[路线图](https://example.org/route?a=1&b=2)，乘车点如下：", "- 东门", "- 西门",
        "![乘车点示意图](attachments/p-1.png)", "带星号\\*的、#开头的和&lt;尖括号>照原样[^2]。", "[^1]: 以腋下体温为准。",
        "[^2]: 尾注：本方案由学校办公室解释。",
    ]  # fmt: skip
    assert [(name, data[:4]) for name, data in found.carried.items()] == [("attachments/p-1.png", b"\x89PNG")]


@pytest.mark.parametrize(
    ("number", "said"), [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (101, "一百零一"), (110, "一百一十"), (1010, "一千零一十")]
)
def test_chinese_numbers(number: int, said: str) -> None:
    assert chinese(number) == said


PARAGRAPH = "<w:p>{}</w:p>"
RUN = PARAGRAPH.format("<w:r>{}<w:t>{}</w:t></w:r>")

REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "an insertion": (lambda: in_text(PARAGRAPH.format('<w:ins w:id="1" w:author="x"><w:r><w:t>增</w:t></w:r></w:ins>')), "1 处修订"),
    "a deletion": (lambda: in_text(PARAGRAPH.format('<w:del w:id="1"><w:r><w:delText>删</w:delText></w:r></w:del>')), "1 处修订"),
    "a changed look": (lambda: in_text(RUN.format('<w:rPr><w:rPrChange w:id="1"/></w:rPr>', "x")), "1 处修订"),
    "hidden text": (lambda: in_text(RUN.format("<w:rPr><w:vanish/></w:rPr>", "看不见的话")), "隐藏文字（如“看不见的话”）"),
    "a field that runs": (
        lambda: in_text(PARAGRAPH.format('<w:r><w:instrText>DDEAUTO c:\\\\x "a"</w:instrText></w:r>')), "DDEAUTO",
    ),
    "a field that fetches": (lambda: in_text(PARAGRAPH.format('<w:fldSimple w:instr="INCLUDETEXT x"/>')), "INCLUDETEXT"),
    "macros": (lambda: changed({"word/vbaProject.bin": b"x"}), "宏"),
    "a path that climbs out": (lambda: changed({"word/../../x.xml": b"<x/>"}), "指向外面的路径"),
    "an absolute path": (lambda: changed({"C:/x.xml": b"<x/>"}), "指向外面的路径"),
    "a bomb": (lambda: changed({"word/media/x.bin": b"\0" * (30 << 20)}), "不像一份文件"),
    "entities": (lambda: changed({"word/document.xml": lambda d: d.replace(b"?>", b'?><!DOCTYPE w [<!ENTITY a "b">]>', 1)}), "DOCTYPE"),
    "entities in UTF-16": (
        lambda: changed({"word/document.xml": '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE w []><w/>'.encode("utf-16")}), "DOCTYPE",
    ),
    "an old or locked file": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "旧的 .doc"),
    "no zip": (lambda: b"PK\x03\x04 no", "打不开"),
    "a cut-off file": (lambda: PLAN.read_bytes()[:4000], "打不开"),
    "a zip that is something else": (lambda: changed({"word/document.xml": b"not xml"}), "打不开"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_an_unsafe_or_unsettled_word_file_is_refused_with_a_sentence(name: str) -> None:
    make, said = REFUSED[name]
    with pytest.raises(NotImported) as caught:
        bring("x.docx", make())
    assert said in caught.value.message


def test_comments_are_refused() -> None:
    relation = b'<Relationship Id="rIdC" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments" Target="comments.xml"/>'
    kind = b'<Override PartName="/word/comments.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"/>'
    data = changed(
        {
            "word/_rels/document.xml.rels": lambda d: d.replace(b"</Relationships>", relation + b"</Relationships>"),
            "[Content_Types].xml": lambda d: d.replace(b"</Types>", kind + b"</Types>"),
            "word/comments.xml": b'<w:comments xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:comment w:id="0"/></w:comments>',
        }
    )
    with pytest.raises(NotImported, match="1 条批注"):
        bring("x.docx", data)


def test_what_a_word_file_links_outside_is_named_and_not_fetched() -> None:
    picture = (
        '<w:p><w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:imagedata r:id="rIdX"/></v:shape></w:pict></w:r>'
        '<w:hyperlink r:id="rIdF"><w:r><w:t>本机文件</w:t></w:r></w:hyperlink></w:p>'
    )
    kinds = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    relations = "".join(
        f'<Relationship Id="{i}" Type="{kinds}/{kind}" Target="{target}" TargetMode="External"/>'
        for i, kind, target in (("rIdX", "image", "http://out.example/a.png"), ("rIdF", "hyperlink", "file:///C:/secret.txt"))
    ).encode()
    data = changed(
        {
            "word/document.xml": lambda d: d.replace(b"<w:sectPr", picture.encode() + b"<w:sectPr", 1),
            "word/_rels/document.xml.rels": lambda d: d.replace(b"</Relationships>", relations + b"</Relationships>"),
        }
    )
    found = bring("x.docx", data)
    assert "out.example" not in found.body
    assert "file:" not in found.body
    assert "本机文件" in found.body
    assert [r for r in found.remarks if "http://out.example/a.png" in r or "file:///C:/secret.txt" in r] == list(found.remarks)


def test_text_boxes_fields_and_symbols() -> None:
    xml = (
        '<w:p><w:r><w:t>甲</w:t></w:r><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>PAGE</w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>7</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
        "<w:r><w:pict><w:txbxContent><w:p><w:r><w:t>框里的话</w:t></w:r></w:p></w:txbxContent></w:pict></w:r></w:p>"
    )
    found = bring("x.docx", in_text(xml))
    assert "甲7\n\n框里的话\n" in found.body
    assert found.remarks == ("文本框里的文字接在所在段落之后",)


# -- Blog posts ---------------------------------------------------------------------------------------------------------


@pytest.mark.shared
def test_a_real_blog_post_comes_in_whole(shared: Path) -> None:
    (source,) = (shared / "seeds").glob("003_*")
    text = source.read_text("utf-8")
    found = bring("post.md", source.read_bytes())
    assert found.meta["title"] == re.search(r"^title: (.+)$", text, re.MULTILINE)[1]  # type: ignore[index]
    assert str(found.meta["date"]) == "2020-02-02"
    assert (found.meta["tags"], len(found.meta["categories"])) == (["中国矿业大学"], 2)
    assert len(found.meta["urlname"]) == 32
    assert found.meta["first_published"]["url"].startswith("http://xwzx.")
    assert found.body.strip() == text.split("---", 2)[2].strip()
    assert found.remarks == ()


def test_a_dated_file_name_and_nested_categories_are_read() -> None:
    found = bring(
        "2020-02-03-gate-rules.md", "---\ntitle: 校门\ncategories: [[甲, 乙], 丙]\nauthor: 某人\nlayout: post\n---\n正文\n".encode()
    )
    assert found.meta == {"title": "校门", "categories": ["甲", "乙", "丙"], "date": found.meta["date"], "urlname": "gate-rules"}
    assert str(found.meta["date"]) == "2020-02-03"
    assert found.remarks == ("说明区里的这些键没有带入：author",)


def test_front_matter_that_unfolds_without_end_is_left_out() -> None:
    layers = "".join(f"x{n}: &x{n} [{', '.join([f'*x{n - 1}'] * 9)}]\n" for n in range(1, 12))
    found = bring("a.md", f"---\nx0: &x0 [a]\n{layers}title: *x11\ntags: *x11\ndate: 2020-02-01\n---\n正文\n".encode())
    assert list(found.meta) == ["date"]
    assert "tags" in found.remarks[0]


@pytest.mark.parametrize("old", [b'w:ilvl w:val="1"', b'w:outlineLvl w:val="0"', b'w:gridSpan w:val="2"', b'r:embed="', b'w:id="2"'])
def test_a_word_file_whose_parts_are_not_what_word_writes_is_no_crash(old: bytes) -> None:
    data = changed({name: lambda d: d.replace(old, old[:-2] + b"x\"" if old.endswith(b'"') and b"val" in old else old + b"x")
                    for name in ("word/document.xml", "word/styles.xml", "word/footnotes.xml")})  # fmt: skip
    with contextlib.suppress(NotImported):
        assert "返校" in bring("x.docx", data).body


def test_headings_go_below_the_pages_title() -> None:
    found = bring("a.md", "# 校门\n\n# 一\n\n## 二\n\n```\n# 注释\n```\n".encode())
    assert found.meta["title"] == "校门"
    assert found.body == "## 一\n\n### 二\n\n```\n# 注释\n```\n"


HARMFUL = """\
<script>alert(1)</script><b onclick="x()">粗</b> [a](javascript:alert(1)) [b](JaVaScRiPt:x) [c](file:///etc/passwd) [d](//x.example/y)
[e](<javascript:alert( 1)>) [f](javascript:alert('a b')) <a href="vbscript:x">g</a> <javascript:alert(1)> [h][x] ![i](http://out.example/a.png)
<img src=http://out.example/b.png onerror=x()> <iframe src="//e">x</iframe> 留下 {: onmouseover=x() } {% post_link x %} [j](data:text/html,x)
[k](../../etc/passwd) [l](/etc/passwd) [m](C:\\Windows\\x.pdf) <svg><a href="x">n</a></svg> [o`code`](javascript:x) <style>p{}</style>

[x]:
  javascript:alert(1)

<table><tr><td onclick="x()"><a href="javascript:x">格</a><script>y</script></td></tr></table>
"""


@pytest.mark.parametrize("suffix", ["md", "html"])
def test_nothing_that_acts_or_reaches_out_comes_in(suffix: str) -> None:
    from markdown import markdown

    found = bring(f"a.{suffix}", HARMFUL.encode())
    html = markdown(found.body, extensions=["attr_list", "tables", "footnotes", "md_in_html", "def_list", "abbr"])
    inside = " ".join(re.findall(r"<[a-z][^>]*>", html)).lower()
    for bad in ("script", "onclick", "onerror", "onmouseover", "file:", "passwd", "data:", "iframe", "svg", "style", "//x.example"):
        assert bad not in inside, (bad, html)
    assert "<img" not in inside
    assert len(found.remarks) >= 3
    assert found.carried == {}
    assert "格" in html
    assert "粗" in html


def test_files_beside_a_post_come_along_and_others_do_not(tmp_path: Path) -> None:
    (tmp_path / "posts/img").mkdir(parents=True)
    (tmp_path / "posts/img/a b.png").write_bytes(PNG)
    (tmp_path / "posts/fake.pdf").write_bytes(b"MZ\x90")
    (tmp_path / "posts/run.exe").write_bytes(b"MZ\x90")
    (tmp_path / "list.csv").write_text("x\n")
    secret = tmp_path.parent / f"{tmp_path.name}-secret.csv"
    secret.write_text("secret\n")
    (tmp_path / "posts/link.csv").symlink_to(secret)
    body = "![图](img/a%20b.png) [表](list.csv) [假](fake.pdf) [程序](run.exe) [外](link.csv) [上](../list.csv) [无](none.pdf) [段](#x)\n"
    found = read_file("a.md", body.encode(), Vicinity(tmp_path, PurePosixPath("posts"), "p"))
    assert found.body == "![图](attachments/p-a-b.png) 表 假 程序 外 上 无 段\n"
    assert dict(found.carried) == {"attachments/p-a-b.png": PNG}
    assert len(found.remarks) == 7


# -- Web pages -------------------------------------------------------------------------------------------------------------


def test_a_web_page_comes_in_as_text_lists_tables_and_links() -> None:
    html = (
        '<html><head><meta charset="gb2312"><title>站名</title></head><body><nav>导航</nav><article><h1>关于开学的通知</h1>'
        '<p>第一段<strong>重点</strong>，见<a href="https://example.org/a_b">链接</a>。</p><h3>一、安排</h3><ol><li>甲</li><li>乙</li></ol>'
        "<table><tr><th>项</th><th>值</th></tr><tr><td>1*2</td><td>[x](y)</td></tr></table>"
        '<table><tr><td rowspan="2">合</td><td>1</td></tr><tr><td>2</td></tr></table><p style="display:none">暗</p><!-- 注 --><p>1. 不是列表</p></article></body></html>'
    ).encode("gb18030")
    found = bring("a.html", html)
    assert found.meta == {"title": "关于开学的通知"}
    assert found.body == (
        "第一段**重点**，见[链接](https://example.org/a_b)。\n\n## 一、安排\n\n1. 甲\n2. 乙\n\n| 项 | 值 |\n| --- | --- |\n| 1\\*2 | \\[x\\](y) |\n\n"
        '<div class="jb-table" markdown="0"><table class="jb-data"><tbody><tr><td rowspan="2">合</td><td>1</td></tr><tr><td>2</td></tr></tbody></table></div>\n\n'
        "1\\. 不是列表\n"
    )
    assert found.remarks == ("网页里看不见的文字没有带入（1 处）", "只取了网页的正文，导航和页脚没有带入")


@pytest.mark.parametrize("tag", ["b", "div", "ul><li"])
def test_a_web_page_nested_beyond_reason_is_refused(tag: str) -> None:
    with pytest.raises(NotImported, match="套了"):
        bring("a.html", (f"<{tag}>" * 5000 + "x").encode())


@pytest.mark.parametrize("name", ["a.doc", "a.exe", "a", "a.docx.lnk"])
def test_other_files_are_refused(name: str) -> None:
    with pytest.raises(NotImported, match="不认识这种文件"):
        bring(name, b"x")
