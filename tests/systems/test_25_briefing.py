"""System 25: the briefing: figures, items, documents, quote, reminder; numbered; in a style of the school's choice."""

from __future__ import annotations

from pathlib import Path

import pytest

from jianbao.clock import parse_day

from .school import School

NEWS = [
    ["日期", "单位", "标题", "内容"],
    ["2020-02-06", "教务处", "网课排定", "课表已排到各班。"],
    ["2020-02-06", "图书馆", "资源开放", "校外可以访问数据库"],
    ["2020-02-06", "教务处", "教材发放", "教材邮寄到家。"],
]
MEETINGS = [
    ["会议编号", "会议日期", "议题", "决定"],
    ["H1", "2020-02-06", "部署排查", "逐人排查\n每日报告"], ["H2", "2020-02-08", "返校方案", ""], ["H0", "2019-02-06", "上年例会", "照旧"],
]  # fmt: skip
TASKS = ["任务编号", "会议编号", "任务", "责任单位", "责任人", "布置日期", "完成期限", "完成日期"]
ANNOUNCEMENT = "---\ntitle: 校门管理通告\nkind: announcement\nstatus: signed\ndate: 2020-02-06\nnumber: 第1号\n---\n\n凭证出入。\n"


def settings(school: School, briefing: str) -> None:
    """Put lines under [briefing]."""
    path = school.root / "jianbao.toml"
    before = path.read_text("utf-8")
    path.write_text(before.replace("numbered = true", f"numbered = true\n{briefing}", 1), encoding="utf-8")
    assert path.read_text("utf-8") != before


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def text(school: School, day: str = "2020-02-06") -> str:
    """Return a briefing's text without its front matter."""
    return (school.root / f"site/briefings/2020/{day}.md").read_text("utf-8").partition("\n---\n")[2]


def headings(school: School, day: str = "2020-02-06") -> list[str]:
    return [line.lstrip("# ") for line in text(school, day).splitlines() if line.startswith("#")]


@pytest.fixture
def busy(school: School) -> School:
    """A day with staff, a unit's report, news of two units, a meeting, tasks and an announcement."""
    school.staff(["00001", "是", 36.5, "无", "无"], ["00002", "否", 36.4, "无", "无"])
    school.units(["2020-02-06 08:00:00", "教务处", 2, 2, 0, 0, 0, "是", "褚航敏"])
    school.sheet("部门动态/动态.xlsx", NEWS)
    school.sheet("会议/会议.xlsx", MEETINGS)
    school.sheet("会议任务/任务.xlsx", [TASKS, ["R1", "H1", "完成排查", "教务处", "施彩甲", "2020-02-01", "2020-02-04", ""]])
    write(school.root / "site/notices/a.md", ANNOUNCEMENT)
    return school


def test_a_briefing_issued_on_the_day_after_its_data(school: School) -> None:
    settings(school, 'mark = "内部资料"\nquote = "凡事豫则立"\nquote_by = "古语"\nreminder = ["勤洗手", "常通风"]')
    school.units(["2020-02-06 08:00:00", "教务处", 2, 2, 0, 0, 0, "是", "褚航敏"])
    school.run("publish", "--date", "2020-02-06", "--as-of", "2020-02-07T08:30", "--signed-by", "林签发")
    html = (school.root / "build/public/site/briefings/2020/2020-02-06.html").read_text("utf-8")
    for part in (
        "榆溪学院",
        "第1期",
        "内部资料",
        "2020年2月7日",
        "数据日期：2020年2月6日",
        "截至 2月7日 08:30",
        "凡事豫则立",
        "常通风",
        "签发",
    ):
        assert part in html, part
    assert "在校学生 <strong>未报</strong>" in html
    assert "应报单位 <strong>4</strong> 个，实报 <strong>1</strong> 个" in html


def test_figures_and_items_are_the_style_without_a_setting(busy: School) -> None:
    busy.publish()
    assert headings(busy) == [
        "一、数据情况", "二、单位报告情况", "三、部门动态", "（一）网课排定", "（二）资源开放", "（三）教材发放", "四、文件印发",
    ]  # fmt: skip
    assert "| 返省教职工累计 | 1 人 | 2 / 6 |" in text(busy)
    assert "部署排查" not in text(busy)


def test_meetings_come_after_the_figures_in_the_style_of_meetings(busy: School) -> None:
    settings(busy, 'style = "meetings"\nquote = "凡事豫则立"\nquote_by = "古语"\nreminder = ["勤洗手"]')
    busy.publish()
    assert headings(busy) == [
        "一、数据情况", "二、会议情况", "（一）部署排查", "三、任务督办", "四、通告发布", "五、部门动态",
        "（一）网课排定", "（二）资源开放", "（三）教材发放",
    ]  # fmt: skip
    said = text(busy)
    figures, _heading, rest = said.partition("## 二、")
    assert figures.strip().startswith("## 一、数据情况\n\n截至 2月6日 12:00，全校")
    assert "返省教职工累计 **1 人**[^staff_returned_total]（2/6）" in figures
    assert "未报：图书馆、会计学院、护理学院。" in figures
    assert "2月6日召开（会议编号 H1）。会议决定：逐人排查；每日报告。" in rest
    assert "| 完成排查 | 教务处 | 2月4日 | 2 |" in rest
    assert said.index("凡事豫则立") > said.index("教材发放")
    assert "勤洗手" in busy.page("briefings/2020/2020-02-06.html")
    busy.sheet("会议/会议.xlsx", [MEETINGS[0], MEETINGS[2]])
    busy.sheet("会议任务/任务.xlsx", [TASKS, ["R1", "H2", "完成排查", "教务处", "施彩甲", "2020-02-01", "2020-02-04", "2020-02-06"]])
    busy.run("publish", "--date", "2020-02-06", "--as-of", "2020-02-06T15:00", "--signed-by", "林签发", "--update")
    assert headings(busy)[:3] == ["一、数据情况", "二、通告发布", "三、部门动态"]


def test_a_briefing_speaks_of_the_days_since_the_one_before(busy: School) -> None:
    settings(busy, 'style = "meetings"')
    busy.publish()
    busy.staff(["00001", "是", 36.5, "无", "无"], day="2月9日")
    busy.publish("2020-02-09")
    assert "2月8日召开（会议编号 H2）。会议决定尚未登记。" in text(busy, "2020-02-09")
    assert "部署排查" not in text(busy, "2020-02-09")


def test_sections_are_chosen_ordered_and_headed_in_the_settings(busy: School) -> None:
    settings(busy, """news = "unit"
[[briefing.section]]
kind = "news"
heading = "各单位工作"
[[briefing.section]]
kind = "text"
heading = ""
text = ["以下数据由各单位报来。"]
[[briefing.section]]
kind = "figures"
figures = ["staff_returned_total"]
[[briefing.section]]
kind = "ledger"
heading = "会议任务"
figures = ["tasks_open"]
table = "tasks_by_unit"
[[briefing.section]]
kind = "outreach"
""")  # fmt: skip
    busy.sheet("宣传登记/宣传.xlsx", [
        ["发布日期", "渠道", "形式", "题目", "阅读量", "链接"],
        ["2020-02-06", "官网", "推送", "怎样洗手", 12, "https://example.edu/1"],
    ])  # fmt: skip
    busy.publish()
    assert headings(busy) == ["一、各单位工作", "（一）教务处", "（二）图书馆", "二、数据情况", "三、会议任务", "四、宣传工作"]
    said = text(busy)
    assert said.index("网课排定") < said.index("教材发放") < said.index("资源开放") < said.index("以下数据由各单位报来。")
    assert "| 教务处 | 1 | 1 | 1 |\n| 合计 | 1 | 1 | 1 |" in said
    assert "- [《怎样洗手》](https://example.edu/1)（官网，推送，阅读 12 次）" in said
    assert "确诊" not in said
    assert "怎样洗手" in busy.page("briefings/2020/2020-02-06.html")


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ('[[briefing.section]]\nkind = "figure"', ("briefing.section.0.kind", "figure", "figures")),
        ('[[briefing.section]]\nkind = "news"\ntitle = "动态"', ("briefing.section.0", "title", "heading")),
        ('[[briefing.section]]\nkind = "figures"\nfigures = ["staff_returned"]', ("staff_returned", "staff_returned_total")),
        ('[[briefing.section]]\nkind = "ledger"\ntable = "stocks"', ("stocks", "stock")),
        ('style = "meeting"', ("meeting", "items、chronicle、meetings")),
        ('news = "unit_order"', ("briefing.news", "arrival")),
        ('since = "2020-02-30"', ("briefing.since", "2020-02-30")),
    ],
    ids=["kind", "key", "figure", "table", "style", "news", "since"],
)
def test_what_the_settings_name_and_nobody_knows_is_said(busy: School, lines: str, told: tuple[str, ...]) -> None:
    settings(busy, lines)
    said = busy.run("brief", "--date", "2020-02-06", "--as-of", "2020-02-06T12:00", code=2)
    assert [part for part in told if part not in said] == []
    assert not (busy.root / "site/briefings").exists()


OWN = """{% import "_briefing.md.j2" as b with context %}
## 本校今日

{% for section in sections if section.kind == "news" %}
{% for item in section.news %}
* {{ item.unit }}：{{ item.headline|stopped }}
{% endfor %}
{% endfor %}
{{ b.unit_states() }}
"""


def test_a_style_of_the_school_s_own_is_used_sealed_and_made_again_after_the_style_has_changed(busy: School) -> None:
    write(busy.root / "templates/briefing-brief-news.md.j2", OWN)
    settings(busy, 'style = "brief-news"')
    busy.publish()
    issued = (busy.root / "site/briefings/2020/2020-02-06.md").read_bytes()
    assert headings(busy) == ["本校今日"]
    assert "* 教务处：网课排定。\n* 图书馆：资源开放。" in issued.decode()
    assert (busy.root / "record/0001-2020-02-06/data/templates-own/briefing-brief-news.md.j2").read_text("utf-8") == OWN
    path = busy.root / "jianbao.toml"
    path.write_text(path.read_text("utf-8").replace('style = "brief-news"', 'style = "meetings"'), encoding="utf-8")
    write(busy.root / "templates/briefing-brief-news.md.j2", "别的版式\n")
    write(busy.root / "templates/_briefing.md.j2", "{% macro head(section) %}改了{% endmacro %}\n")
    busy.run("rebuild", "2020-02-06")
    assert (busy.root / "build/rebuild/2020-02-06.md").read_bytes() == issued
    files = [busy.root / "templates/briefing-brief-news.md.j2", busy.root / "templates/_briefing.md.j2"]
    for file in files:
        file.unlink()
    busy.staff(["00001", "是", 36.5, "无", "无"], day="2月7日")
    busy.publish("2020-02-07")
    assert headings(busy, "2020-02-07")[0] == "一、数据情况"
    assert busy.root.joinpath("site/briefings/2020/2020-02-06.md").read_bytes() == issued
    busy.run("verify")


def test_each_shipped_style_is_made_again_byte_for_byte(busy: School) -> None:
    settings(busy, 'style = "items"')
    path, was = busy.root / "jianbao.toml", "items"
    days = {"meetings": "2020-02-06", "chronicle": "2020-02-07", "items": "2020-02-08"}
    for style, day in days.items():
        path.write_text(path.read_text("utf-8").replace(f'style = "{was}"', f'style = "{style}"'), encoding="utf-8")
        was, of_month = style, parse_day(day).day
        busy.staff(["00001", "是", 36.5, "无", "无"], day=f"2月{of_month}日")
        busy.publish(day)
    for day in days.values():
        assert "简报与发布的逐字节相同。" in busy.run("rebuild", day)


@pytest.mark.parametrize("verb", [("check",), ("figures",), ("pull",), ("publish", "--signed-by", "林签发")], ids=lambda verb: verb[0])
def test_a_day_to_come_is_a_slip_of_the_pen_and_never_worked(school: School, verb: tuple[str, ...]) -> None:
    school.staff(["00001", "否", 36.5, "无", "无"])
    said = school.run(*verb, "--date", "2020-02-07", "--as-of", "2020-02-06T23:59", code=2)
    assert "2020-02-07 还没有到" in said
    assert "今天是 2020-02-06" in said
    assert not (school.root / "record/chain.txt").exists()
    school.run(*verb, "--date", "2020-02-07", "--as-of", "2020-02-07T00:00")
