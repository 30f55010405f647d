"""System 18: department news, from the form to the briefing and to the department page."""

from __future__ import annotations

from html import unescape

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


def test_each_department_has_a_page_of_its_news(school: School) -> None:
    head = ["日期", "单位", "标题", "内容"]
    for day, units in (("2020-02-06", ("图书馆", "教务处")), ("2020-02-07", ("图书馆",))):
        school.sheet(f"部门动态/{day}.xlsx", [head, *([day, unit, f"{unit}{day}", "做了*一件*事"] for unit in units)])
        school.run("publish", "--date", day, "--as-of", f"{day}T12:00", "--signed-by", "林签发")
    site = school.root / "build/public/site/departments"
    page = (site / "图书馆.html").read_text("utf-8")
    assert page.index("图书馆2020-02-07") < page.index("图书馆2020-02-06")
    assert "教务处2020-02-06" not in page
    assert "做了*一件*事" in unescape(page)
    assert 'href="%E5%9B%BE%E4%B9%A6%E9%A6%86.html"' in (site / "index.html").read_text("utf-8")
