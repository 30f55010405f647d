"""System 26: the chronicle: day by day what was done over a period, numbered in a series of its own, as page and PDF."""

from __future__ import annotations

import io

import pypdf
import pytest

from .school import School
from .test_25_briefing import MEETINGS, settings, text, write

PAGE = "briefings/2020/2020-02-01-to-2020-02-06"
REGISTER = ["日期", "收发", "文号", "文件标题", "文种", "发文机关", "承办单位"]
POSTS = ["发布日期", "渠道", "形式", "题目", "阅读量", "链接"]


@pytest.fixture
def period(school: School) -> School:
    """Six days: papers in and out, a meeting, news and posts on some of them, and reports of the last."""
    school.staff(["00001", "是", 36.5, "无", "无"], ["00002", "否", 36.4, "无", "无"])
    school.sheet("收发文登记/登记.xlsx", [
        REGISTER,
        ["2020-02-01", "收文", "省教〔2020〕2号", "关于返校管理的通知", "通知", "省教育厅", "教务处"],
        ["2020-02-02", "发文", "校防控〔2020〕1号", "关于封闭管理的通知", "通知", "防控工作办公室", ""],
        ["2020-02-04", "发文", "第1号", "校门管理通告", "通告", "防控工作办公室", ""],
    ])  # fmt: skip
    school.sheet("会议/会议.xlsx", MEETINGS)
    school.sheet("部门动态/动态.xlsx", [["日期", "单位", "标题", "内容"], ["2020-02-04", "图书馆", "资源开放", "校外可以访问\n到期顺延"]])
    school.sheet(
        "宣传登记/宣传.xlsx", [POSTS, ["2020-02-04", "官网", "海报", "怎样洗手", "", ""], ["2020-01-31", "官网", "海报", "早前的", "", ""]]
    )
    head = "kind: announcement\nstatus: signed\ndate: 2020-02-04\nnumber: 第1号"
    write(school.root / "site/notices/a.md", f"---\ntitle: 校门管理通告\n{head}\n---\n\n凭证出入。\n")
    school.publish()
    return school


def brief(school: School, *more: str, code: int = 0) -> str:
    return school.run("brief", "--from", "2020-02-01", "--to", "2020-02-06", "--as-of", "2020-02-07T09:00", *more, code=code)


def publish(school: School) -> str:
    return school.run("publish", "--date", "2020-02-06", "--as-of", "2020-02-07T10:00", "--signed-by", "林签发")


def page(school: School, path: str = PAGE) -> str:
    return (school.root / f"site/{path}.md").read_text("utf-8")


def test_each_day_has_what_was_done_on_it(period: School) -> None:
    assert f"site/{PAGE}.md" in brief(period)
    said = page(period)
    days = [line for line in said.splitlines() if line.startswith(("## ", "### "))]
    assert days == ["## 一、逐日工作", "### 2月1日", "### 2月2日", "### 2月4日", "### 2月6日", "## 二、数据情况"]
    for part in (
        "2020年2月1日至2月6日，全校收到来文 1 件，发布文件 2 件，召开会议 1 次，收到部门动态 1 条，推出宣传内容 1 条。",
        "1. 收到省教育厅《关于返校管理的通知》（省教〔2020〕2号），由教务处承办。",
        "1. 印发《关于封闭管理的通知》（校防控〔2020〕1号）。",
        "1. 发布[《校门管理通告》](../../notices/a.md)（第1号）。",
        "1. **图书馆**　资源开放。校外可以访问；到期顺延。",
        "1. **宣传**　《怎样洗手》（官网，海报）。",
        "1. 召开会议，议题：部署排查。会议决定：逐人排查；每日报告。",
        "其余 2 天没有登记的事项。",
        "截至 2月6日 12:00，全校",
        "返省教职工累计 **1 人**[^staff_returned_total]（2/6）",
        "应报单位 **4** 个，实报 **0** 个",
    ):
        assert part in said, part
    assert said.count("校门管理通告") == 1  # the register's line is the page's
    assert not [part for part in ("早前的", "上年例会", "返校方案") if part in said]
    period.sheet("会议/会议.xlsx", [MEETINGS[0]])
    brief(period)
    assert "部署排查" not in page(period)
    assert "召开会议" not in page(period)


def test_it_is_numbered_in_its_own_series_sealed_and_published_as_page_and_pdf(period: School) -> None:
    brief(period)
    assert "纪事第1期" in period.run("sign", f"site/{PAGE}.md", "--by", "林签发", "--as-of", "2020-02-07T09:30")
    publish(period)
    html = period.page(f"{PAGE}.html")
    assert "纪事第1期" in html
    assert "2020年2月7日" in html  # issued
    assert "数据日期：2020年2月6日" in html
    assert "工作纪事" in html
    assert f'href="{PAGE.removeprefix("briefings/")}.html">纪事第1期</a>' in period.page("briefings/index.html")
    bag = period.root / "record/0002-2020-02-06/data/pages"
    assert (bag / f"{PAGE}.md").read_text("utf-8") == page(period)
    pdf = (bag / f"{PAGE}.pdf").read_bytes()
    assert pdf == (period.root / f"build/public/site/{PAGE}.pdf").read_bytes()
    words = "".join(p.extract_text() for p in pypdf.PdfReader(io.BytesIO(pdf)).pages).replace("\n", "")
    assert [part for part in ("纪事第1期", "编发：", "签发：林签发", "2020年2月7日", "部署排查") if part not in words] == []
    later = ("--from", "2020-02-03", "--to", "2020-02-06", "--title", "返校准备专刊", "--as-of", "2020-02-08T09:00")
    period.run("brief", *later)
    second = "briefings/2020/2020-02-03-to-2020-02-06"
    assert "title: 返校准备专刊" in page(period, second)
    assert "纪事第2期" in period.run("sign", f"site/{second}.md", "--by", "林签发", "--as-of", "2020-02-08T09:30")
    assert "number: 第1期" in page(period, "briefings/2020/2020-02-06")
    period.run("verify")


def test_its_figures_are_those_released_whatever_came_in_since(period: School) -> None:
    period.staff(["00001", "是", 36.5, "无", "无"], ["00002", "是", 36.4, "无", "无"])
    brief(period)
    assert "返省教职工累计 **1 人**" in page(period)
    period.run("publish", "--date", "2020-02-06", "--as-of", "2020-02-07T08:00", "--signed-by", "林签发", "--update")
    brief(period)
    assert "返省教职工累计 **2 人**" in page(period)


def test_a_worked_on_chronicle_is_not_overwritten(period: School) -> None:
    brief(period)
    file = period.root / f"site/{PAGE}.md"
    file.write_text(file.read_text("utf-8").replace("部署排查", "部署全面排查"), encoding="utf-8")
    assert "不会被覆盖" in brief(period, code=4)
    assert "部署全面排查" in page(period)
    period.run("sign", f"site/{PAGE}.md", "--by", "林签发", "--as-of", "2020-02-07T09:30")
    assert "已经签发" in brief(period, code=4)


REFUSED = {
    ("--from", "2020-02-06", "--to", "2020-02-01"): "对调",
    ("--from", "2020-02-01", "--to", "2020-02-05"): "还没有发布",
    ("--from", "2020-02-01"): "--to",
    ("--title", "专刊"): "--from",
    ("--from", "2020-02-01", "--to", "2020-02-06", "--date", "2020-02-06"): "--date",
    ("--from", "2020-02-31", "--to", "2020-02-06"): "2020-02-31",
}


def test_a_period_that_cannot_be_told_is_refused(period: School) -> None:
    for words, told in REFUSED.items():
        assert told in period.run("brief", *words, "--as-of", "2020-02-07T09:00", code=2), words
    assert not list((period.root / "site/briefings/2020").glob("*-to-*"))


def test_a_school_may_issue_chronicles_alone(school: School) -> None:
    settings(school, 'style = "chronicle"\nsince = 2020-02-01')
    school.sheet("部门动态/动态.xlsx", [
        ["日期", "单位", "标题", "内容"], ["2020-02-02", "图书馆", "资源开放", "校外可以访问。"],
        ["2020-02-08", "教务处", "网课排定", "到班。"], ["2020-01-31", "教务处", "更早的事", "不在其内。"],
    ])  # fmt: skip
    for day in ("2020-02-06", "2020-02-10"):
        school.staff(["00001", "是", 36.5, "无", "无"], day=f"2月{int(day[-2:])}日")
        school.publish(day)
    first, second = text(school), text(school, "2020-02-10")
    assert ("2020年2月1日至2月6日，全校收到部门动态 1 条。" in first, "资源开放" in first, "网课排定" in first) == (True, True, False)
    assert ("2020年2月7日至2月10日，全校收到部门动态 1 条。" in second, "资源开放" in second, "网课排定" in second) == (True, False, True)
    assert "更早的事" not in first + second
    for day in ("2020-02-06", "2020-02-10"):
        assert "简报与发布的逐字节相同。" in school.run("rebuild", day)
