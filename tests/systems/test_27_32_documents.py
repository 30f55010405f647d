"""Systems 27 and 29 to 32: notices, announcements, letters, guidance, meeting news and link posts, from draft to page."""

from __future__ import annotations

from .school import NOON, School

PAPERS = {
    "notices/a": ("notice", "关于错峰就餐的通知", "食堂分三批就餐。", ""),
    "notices/b": ("announcement", "关于暂停开放体育馆的通告", "体育馆暂停开放。", ""),
    "letters/c": ("letter", "给在家同学的一封信", "请在家等候。", "to: 同学们\n"),
    "letters/d": ("appeal", "分餐倡议书", "一人一套餐具。", ""),
    "guidance/e": ("guidance", "心理调适手册", "睡好，吃好。", ""),
    "guidance/f": ("reminder", "出门提示", "先测体温。", ""),
    "meetings/g": ("meeting", "学校研究返校工作", "会议议定三件事。", "held_on: 2020-02-05\n"),
    "meetings/h": ("speech", "在动员会上的讲话", "今天讲两点。", "held_on: 2020-02-05\n"),
    "links/i": (
        "links", "学工部推文汇编", "- 1月30日　[延期开学提醒](https://mp.weixin.qq.com/s/abc)",
        "first_published: {url: 'https://news.example.org/1.htm', name: 新闻中心, date: 2020-02-02}\n",
    ),
}  # fmt: skip


def test_every_kind_reaches_its_section_its_page_and_the_register(school: School) -> None:
    with (school.root / "jianbao.toml").open("a", encoding="utf-8") as settings:
        settings.write('\n[[series]]\npattern = "榆溪党〔{year}〕{n}号"\nkinds = ["notice"]\nfirst = 6\n')
    for path, (kind, title, text, more) in PAPERS.items():
        file = school.root / f"site/{path}.md"
        file.parent.mkdir(exist_ok=True)
        meta = f"title: {title}\nkind: {kind}\nstatus: draft\ndate: 2020-02-06\nissuer: 学生工作部\n{more}"
        file.write_text(f"---\n{meta}---\n\n{text}\n", encoding="utf-8")
        school.run("sign", f"{path}.md", "--by", "林签发", "--as-of", NOON)
    school.units(["2020-02-06 08:00", "教务处", 2, 2, 0, 0, 0, "是", "褚航敏"])
    school.run("publish", "--date", "2020-02-06", "--as-of", NOON, "--signed-by", "林签发")
    site = school.root / "build/public/site"
    register = (site / "documents/index.html").read_text("utf-8")
    for path, (kind, title, text, _more) in PAPERS.items():
        folder, name = path.split("/")
        page = (site / f"{path}.html").read_text("utf-8")
        assert title in page
        assert text.partition("[")[0].lstrip("- ") in page
        assert "林签发，2020年2月6日" in page
        assert f'href="{name}.html"' in (site / folder / "index.html").read_text("utf-8")
        assert (f'href="../{path}.html"' in register) == (kind != "links")
    pages = {path: (site / f"{path}.html").read_text("utf-8") for path in PAPERS}
    assert "榆溪党〔2020〕6号" in pages["notices/a"]
    assert "第1号" in pages["notices/b"]
    assert "同学们：" in pages["letters/c"]
    assert "2020年2月5日" in pages["meetings/g"]
    assert '<a href="https://news.example.org/1.htm">新闻中心</a>（2020年2月2日）' in pages["links/i"]
    assert 'href="https://mp.weixin.qq.com/s/abc"' in pages["links/i"]
