"""System 25: the briefing: figures, items, documents, quote, reminder; numbered; a data date that precedes the issue."""

from __future__ import annotations

from .school import School


def test_a_briefing_issued_on_the_day_after_its_data(school: School) -> None:
    settings = school.root / "jianbao.toml"
    own = 'numbered = true\nmark = "内部资料"\nquote = "凡事豫则立"\nquote_by = "古语"\nreminder = ["勤洗手", "常通风"]'
    settings.write_text(settings.read_text("utf-8").replace("numbered = true", own), encoding="utf-8")
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
