"""System 18: department news, from the form to the briefing and to the department page."""

from __future__ import annotations

from .school import NOON, School, codes


def test_news_reaches_the_briefing_and_the_page(school: School) -> None:
    head = ["日期", "单位", "标题", "内容"]
    school.sheet(
        "部门动态/动态.xlsx", [head, ["2020-02-06", "图书馆", "数据库校外可用", "第一段。\n第二段。"], ["2020-02-06", "无此单位", "x", "y"]]
    )
    assert codes(school.check(), ["error"]) == [("unknown-unit", "B3")]
    school.run("publish", "--date", "2020-02-06", "--as-of", NOON, "--signed-by", "林签发")
    for page in ("briefings/2020/2020-02-06.html", "departments/index.html"):
        html = (school.root / "build/public/site" / page).read_text("utf-8")
        assert "数据库校外可用" in html
        assert "<p>第二段。</p>" in html
        assert "无此单位" not in html
