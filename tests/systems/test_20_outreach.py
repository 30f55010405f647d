"""System 20: what was posted, where, with its link and reads."""

from __future__ import annotations

from .school import DAY, School

HEAD = ["发布日期", "渠道", "形式", "题目", "阅读量", "链接"]
POSTS = [
    ["2020-02-05", "微信公众号", "推送", "洗手的七步", 16_000, "https://example.edu/a?x=1"],
    [DAY, "微信公众号", "推送", "在家怎样上课", 900, "https://example.edu/b"],
    [DAY, "宣传栏", "海报", "通风", "", ""],
]


def test_the_list_is_dated_and_channels_add_up(school: School) -> None:
    school.staff(["00001", "否", 36.5, "无", "无"])
    school.sheet("宣传登记/宣传.xlsx", [HEAD, *POSTS])
    assert school.table("分渠道统计") == [["宣传栏", 1, 0], ["微信公众号", 2, 16_900]]
    assert [r[3] for r in school.table("宣传目录")] == ["在家怎样上课", "通风", "洗手的七步"] or [r[3] for r in school.table("宣传目录")][
        -1
    ] == "洗手的七步"
    assert (school.figure("今日宣传")[0], school.figure("阅读量累计")[0]) == (2, 16_900)
    school.publish()
    html = school.page("ledgers/outreach.html")
    assert '<a href="https://example.edu/a?x=1">打开</a>' in html
    school.sheet("宣传登记/宣传.xlsx", [HEAD, *POSTS[:2], [DAY, "宣传栏", "海报", "通风", "", "javascript:alert(1)"]])
    assert ("bad-type", "javascript:alert(1)") in school.warned()
    assert school.figure("今日宣传")[0] == 1
