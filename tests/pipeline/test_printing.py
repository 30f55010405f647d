"""What a publication prints: beside each page and in its bag, once, and never again."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

from pypdf import PdfReader

from .conftest import DAY, NOON, Run

PDF = f"briefings/2020/{DAY}.pdf"
SINGLE = f"briefings/2020/{DAY}.single.html"


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_released_page_has_its_paper_forms_beside_it_and_in_the_bag(office: Path, run: Run) -> None:
    run(office, "publish", "--date", DAY, "--as-of", NOON)
    site, bag = office / "build/public/site", office / f"record/0001-{DAY}/data/pages"
    for name in (PDF, SINGLE, "about.pdf", "about.single.html"):
        assert (site / name).read_bytes() == (bag / name).read_bytes()
    page = (site / f"briefings/2020/{DAY}.html").read_text("utf-8")
    size = (site / PDF).stat().st_size
    assert f'href="{DAY}.pdf">PDF（{size / 1024:.0f} KB）</a>　<a href="{DAY}.single.html">单文件网页（' in page
    reader = PdfReader(io.BytesIO((site / PDF).read_bytes()))
    assert "返省教职工累计" in "".join(p.extract_text() for p in reader.pages)
    assert reader.attachments["figures.csv"] == [(office / f"record/0001-{DAY}/data/figures.csv").read_bytes()]
    assert not (office / "build/printed").exists()
    assert "记录完好" in run(office, "verify").output


def test_what_was_printed_stays_as_it_was_sealed(office: Path, run: Run) -> None:
    run(office, "publish", "--date", DAY, "--as-of", NOON)
    site = office / "build/public/site"
    first = {name: (site / name).read_bytes() for name in (PDF, SINGLE, "about.pdf")}
    with (office / "inbox/零报告/零报告.csv").open("a", encoding="utf-8") as sheet:
        sheet.write("2020-02-06 14:00:00,图书馆,2020-02-06,1,1,0,0,1,否,窦舟琪\n")
    run(office, "publish", "--date", DAY, "--as-of", "2020-02-06T15:00", "--update")
    assert (site / "about.pdf").read_bytes() == first["about.pdf"]
    assert (site / PDF).read_bytes() != first[PDF]
    assert (site / f"briefings/2020/{DAY}.v1.pdf").read_bytes() == first[PDF]
    assert (site / f"briefings/2020/{DAY}.v1.single.html").read_bytes() == first[SINGLE]
    assert not (office / f"record/0002-{DAY}/data/pages/about.pdf").exists()


def test_a_site_that_is_gone_is_made_again_with_the_paper_forms_of_the_record(office: Path, run: Run) -> None:
    import shutil

    run(office, "publish", "--date", DAY, "--as-of", NOON)
    before = (office / "build/public/site" / PDF).read_bytes()
    shutil.rmtree(office / "build")
    assert "已按最近一次发布重新生成" in run(office, "publish", "--as-of", NOON).output
    assert (office / "build/public/site" / PDF).read_bytes() == before


def test_a_character_that_no_font_has_holds_the_release_back(office: Path, run: Run) -> None:
    edit(office / "inbox/部门动态/动态.csv", "线上教学准备就绪", "线上教学\ue123准备就绪")
    said = run(office, "publish", "--date", DAY, "--as-of", NOON, code=3).output
    assert "“\ue123”（U+E123）" in said
    assert f"site/briefings/2020/{DAY}.md 正文第" in said
    assert not (office / "record/chain.txt").exists()


def test_without_chinese_fonts_publishing_goes_on_and_says_so(office: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    config = tmp_path / "fonts.conf"
    config.write_text(f'<?xml version="1.0"?><fontconfig><dir>{tmp_path / "empty"}</dir></fontconfig>', encoding="utf-8")
    own = tmp_path / "prefix"  # where no set-up has put fonts
    command = [sys.executable, "-c", f"import sys; sys.prefix = {str(own)!r}\nfrom jianbao.cli import main\nmain()"]
    words = ["--project", str(office), "publish", "--date", DAY, "--as-of", NOON]
    environment = {**os.environ, "FONTCONFIG_FILE": str(config), "PYTHONUTF8": "1"}
    done = subprocess.run([*command, *words], capture_output=True, text=True, encoding="utf-8", check=False, env=environment)
    assert done.returncode == 0, done.stderr
    assert "本次没有生成 PDF：没有中文字体 Noto Serif CJK SC" in done.stdout
    site = office / "build/public/site"
    assert not (site / PDF).exists()
    assert (site / SINGLE).exists()
    assert "没有 PDF：发布时这台电脑没有中文字体" in (site / f"briefings/2020/{DAY}.html").read_text("utf-8")


def test_a_period_is_bound_from_the_record(office: Path, run: Run) -> None:
    run(office, "publish", "--date", DAY, "--as-of", NOON)
    said = run(office, "volume", "--from", "2020-02-01", "--to", "2020-02-29").output
    assert "合订了 2 份文件" in said  # the briefing, and a department's news
    volumes = office / "build/volumes"
    reader = PdfReader(volumes / "2020-02-01_2020-02-29.pdf")
    text = "".join(p.extract_text() for p in reader.pages)
    assert "线上教学准备就绪" in text
    assert "线上教学准备就绪" in (volumes / "2020-02-01_2020-02-29.html").read_text("utf-8")


def test_a_period_without_documents_is_said_to_have_none(office: Path, run: Run) -> None:
    run(office, "publish", "--date", DAY, "--as-of", NOON)
    assert "没有发布过文件" in run(office, "volume", "--from", "2019-01-01", "--to", "2019-02-01", code=2).output
    assert "早于" in run(office, "volume", "--from", "2020-03-01", "--to", "2020-02-01", code=2).output


def test_a_name_on_paper_is_found_by_the_same_words_in_html(office: Path, run: Run) -> None:
    notices = office / "site/notices"
    notices.mkdir()
    text = "---\ntitle: 通知一则\nkind: notice\nstatus: signed\ndate: 2020-02-06\n{extra}---\n\n{body}\n"
    (notices / "n.md").write_text(text.format(extra="", body="第一句。施彩\n\n辉煌的一天。"), encoding="utf-8")
    run(office, "publish", "--date", DAY, "--as-of", NOON)  # two paragraphs are not a name, on paper neither
    (notices / "m.md").write_text(text.format(extra="copy_to: 施彩辉\n", body="正文。"), encoding="utf-8")
    said = run(office, "publish", "--as-of", NOON, code=3).output
    assert "site/notices/m.single.html" in said  # said on paper and in the single file alone
