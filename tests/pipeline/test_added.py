"""Documents brought in through the command line and gone out as pages: a Word file, a real blog post, a folder of both."""

from __future__ import annotations

import re
import shutil
from html import unescape
from pathlib import Path

import pytest

from jianbao import pages
from jianbao.kinds import KINDS, WRITTEN, DocumentKind

from .conftest import DAY, NOON, Run

PLAN = Path(__file__).parents[1] / "fixtures/papers/plan.docx"


def article(office: Path, page: str) -> str:
    html = (office / "build/public/site" / page).read_text("utf-8")
    return html[html.index("<article") : html.index("</article>")]


def test_a_word_file_goes_out_as_a_page(office: Path, run: Run) -> None:
    said = run(office, "add", "plan", "--from", str(PLAN), "--name", "return", "--as-of", NOON).output
    assert "plan.docx → site/notices/2020/return.md（草稿）" in said
    assert "带入 attachments/return-1.png（83 字节）" in said
    run(office, "sign", "notices/2020/return.md", "--by", "林签发", "--as-of", NOON)
    run(office, "publish", "--date", DAY, "--as-of", NOON)
    html = article(office, "notices/2020/return.html")
    assert re.findall(r"<h([1-3])[^>]*>([^<]+)", html) == [
        ("1", "关于错峰返校的工作方案"), ("2", "总体安排"), ("2", "时间表"), ("3", "批次"), ("2", "文件信息"),
    ]  # fmt: skip
    paragraphs = [unescape(p) for p in re.findall(r"<p>([^<]+)</p>", html)]
    for text in ("一、组织领导", "（一）领导小组", "1.组长由分管校领导担任。", "（2）有事随时碰头。", "二、工作任务", "（一）摸排"):
        assert text in paragraphs
    assert '<td rowspan="2">第一批</td>' in html
    assert '<td colspan="2">其余学院</td>' in html
    assert "<td>咨询|报修</td>" in unescape(html)
    assert 'href="https://example.org/route?a=1&amp;b=2"' in html
    assert 'src="attachments/return-1.png"' in html
    assert "带星号*的、#开头的和<尖括号>照原样" in unescape(html)
    assert re.search(r'id="fn:1">\s*<p>以腋下体温为准。', html)
    assert (office / "build/public/site/notices/2020/attachments/return-1.png").is_file()


@pytest.mark.shared
def test_a_real_blog_post_goes_out_as_a_page(office: Path, run: Run, shared: Path, tmp_path: Path) -> None:
    (source,) = (shared / "seeds").glob("003_*")
    shutil.copy(source, tmp_path / "status.md")
    original = source.read_text("utf-8").split("---", 2)[2]
    run(office, "add", "links", "--from", str(tmp_path / "status.md"), "--as-of", NOON)
    (page,) = (office / "site/links/2020").glob("*.md")
    assert page.stem == pages.parse("x", page.read_text("utf-8")).meta["urlname"]
    run(office, "sign", f"links/2020/{page.name}", "--by", "林签发", "--as-of", NOON)
    run(office, "publish", "--date", DAY, "--as-of", NOON)
    html = article(office, f"links/2020/{page.stem}.html")
    links = re.findall(r"\]\((https?://[^)]+)\)", original)
    assert [unescape(h) for h in re.findall(r'href="(https?://[^"]+)"', html)] == [*links, links[-1]]
    plain = re.sub(r"\[([^\]]*)\]\([^)]*\)|\*\*", lambda m: m[1] or "", original)
    shown = unescape(re.sub(r"<[^>]+>", "", html))
    for sentence in re.split(r"[\n。]", plain):
        assert sentence.strip() in shown
    assert html.count("<strong>") >= original.count("**") // 2
    assert "首发" in html
    assert "2020年2月2日" in html


def test_a_folder_comes_in_at_once_with_a_report_for_each_file(office: Path, run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "旧站"
    (folder / "posts/2020").mkdir(parents=True)
    shutil.copy(PLAN, folder / "方案.docx")
    (folder / "posts/2020/2020-01-30-one.md").write_text("---\ntitle: 一\nmood: 好\n---\n[表](../t.csv)\n", encoding="utf-8")
    (folder / "posts/t.csv").write_text("a\n")
    (folder / "posts/two.html").write_text("<h1>二</h1><p>x</p><script>y</script>", encoding="utf-8")
    (folder / "bad.docx").write_bytes(b"no")
    (folder / "~$方案.docx").write_bytes(b"lock")
    (folder / "注.txt").write_text("x")
    done = run(office, "add", "guidance", "--from", str(folder), "--as-of", NOON, code=1).output
    assert "没有导入 bad.docx：打不开" in done
    assert "posts/2020/2020-01-30-one.md → site/guidance/2020/one.md（草稿）" in done
    assert "没有保留：说明区里的这些键没有带入：mood" in done
    assert "没有保留：../t.csv 指向文件夹之外，没有带入" in done
    assert "没有保留：会运行或嵌入的内容没有带入：script" in done
    written = sorted(p.relative_to(office / "site").as_posix() for p in (office / "site/guidance").rglob("*") if p.is_file())
    assert written == ["guidance/2020/attachments/方案-1.png", "guidance/2020/one.md", "guidance/2020/two.md", "guidance/2020/方案.md"]


def test_nothing_that_is_there_is_overwritten(office: Path, run: Run, tmp_path: Path) -> None:
    (tmp_path / "x.md").write_text("---\ntitle: 一\nurlname: ../../../index\n---\n甲\n", encoding="utf-8")
    for _n in range(2):
        run(office, "add", "guidance", "--from", str(tmp_path / "x.md"), "--as-of", NOON)
    assert sorted(p.name for p in (office / "site/guidance/2020").iterdir()) == ["index-2.md", "index-3.md"]


def test_every_kind_begins_from_a_template_of_its_own_and_goes_out(office: Path, run: Run) -> None:
    written = {}
    for kind in (k for k in KINDS if k not in WRITTEN):
        of = ["--of", "about.md"] if kind is DocumentKind.CORRECTION else []
        run(office, "add", kind.value, "--title", f"标题{kind.label}", "--name", f"new-{kind.value}", *of, "--as-of", NOON)
        (file,) = (office / "site").rglob(f"new-{kind.value}.md")
        written[kind] = file.relative_to(office / "site")
        assert pages.parse("x", file.read_text("utf-8")).meta["status"] == "draft"
        assert "还有没填的地方" in run(office, "sign", str(written[kind]), "--by", "林签发", "--as-of", NOON, code=4).output
        file.write_text(re.sub(r"（请填写[^）\n]*）", "甲", file.read_text("utf-8")), encoding="utf-8")
        run(office, "sign", str(written[kind]), "--by", "林签发", "--as-of", NOON)
    run(office, "publish", "--date", DAY, "--as-of", NOON)
    for kind, path in written.items():
        html = article(office, path.with_suffix(".html").as_posix())
        assert f"标题{kind.label}" in html
        assert f"<dd>{kind.label}</dd>" in html
        assert ("（略）" in html) == (kind is DocumentKind.MINUTES)
