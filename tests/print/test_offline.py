"""A document as one HTML file: everything inside, nothing asked of any host, nothing that runs."""

from __future__ import annotations

import base64
import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from jianbao.documents import DocumentKind, Status
from jianbao.printing.markup import read_html
from jianbao.printing.offline import page_html

from .conftest import paper

BODY = (
    "开头**重**。[外](https://example.org/)[内](07.md)[附表](t.csv)\n\n## 一、标题\n\n"
    "1. 甲\n\n    - 乙\n\n| 列 | 数 |\n| --- | ---: |\n| 甲 | 1 |\n\n"
    "![图示](a.png)\n\n!!! note \"提示\"\n    里面\n\n> 引文\n\n正文[^1]。\n\n```\n一\n\n\n\n二 <b>\n```\n\n[^1]: 注释。\n"
)  # fmt: skip
FILES = {"notices/2020/a.png": b"\x89PNG", "notices/2020/t.csv": b"a,b\n"}


def html(body: str = BODY, **fields: Any) -> str:
    return page_html(paper(body, files=FILES, **fields)).decode()


def test_everything_the_document_says_is_there() -> None:
    said = "".join(read_html(html()).text.split())
    for part in ("榆溪学院防控工作办公室", "榆防控〔2020〕6号", "关于错峰就餐的通知", "各学院、各部门：",
                 "开头重。", "一、标题", "提示里面", "引文", "注释。",
                 "2020年2月6日", "发文字号榆防控〔2020〕6号", "状态现行有效"):  # fmt: skip
        assert part in said, part


def test_it_asks_for_nothing_and_runs_nothing() -> None:
    page = html(BODY + '\n<script src="https://e.example/x.js"></script>\n\n<img src="https://e.example/x.png" alt="远">'
                '<iframe src="//e.example"></iframe>\n'
                '<div style="background:url(https://e.example/y)" onclick="x()">丁</div>\n')  # fmt: skip
    targets = re.findall(r'(?:src|href|srcset|action|data|poster)="([^"]*)"', page)
    assert [t for t in targets if not t.startswith(("data:", "#"))] == ["https://example.org/"]
    assert re.findall("<link[^>]*>", page) == ['<link rel="icon" href="data:,">']  # an empty icon: none is asked for
    for word in ("<script", "<iframe", "onclick", "url(", "@import", "e.example"):
        assert word not in page
    assert "丁" in page
    assert "〔图：远〕" in page


def test_pictures_and_files_are_inside() -> None:
    page = html()
    pictures = [img.attributes["src"] for img in read_html(page).all("img")]
    (file,) = [a.attributes for a in read_html(page).all("a") if "download" in a.attributes]
    assert pictures == ["data:image/png;base64," + base64.b64encode(FILES["notices/2020/a.png"]).decode()]
    assert (file["download"], file["href"]) == ("t.csv", "data:text/csv;base64," + base64.b64encode(FILES["notices/2020/t.csv"]).decode())


def test_code_keeps_its_blank_lines_and_its_marks() -> None:
    (code,) = read_html(html()).all("pre")
    assert code.text == "一\n\n\n\n二 <b>"


def test_a_footnote_is_reached_and_is_there_once() -> None:
    page = html()
    (target,) = re.findall(r'<sup><a href="#([^"]+)">1</a></sup>', page)
    assert page.count(f'id="{target}"') == 1


@pytest.mark.parametrize("kind", list(DocumentKind))
def test_every_kind_has_one_title(kind: DocumentKind) -> None:
    root = read_html(html(kind=kind))
    assert [h.text for h in root.all("h1")] == ["关于错峰就餐的通知"]


def test_a_withdrawn_document_says_so() -> None:
    assert "撤回，不再执行" in html(status=Status.WITHDRAWN, reason="另有安排")


@pytest.mark.browser
def test_a_browser_shows_it_from_a_disk_without_a_request(browser_page: Any, tmp_path: Path) -> None:
    path = tmp_path / "页.html"
    path.write_text(html(), encoding="utf-8")
    page, asked = browser_page(390), []
    page.on("request", lambda request: asked.append(unescape(request.url)))
    page.goto(path.as_uri())
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert page.title() == "关于错峰就餐的通知（榆防控〔2020〕6号）"
