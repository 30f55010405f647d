"""System 4: class → college or department → school, and by campus; small counts hidden in public."""

from __future__ import annotations

import json

from .school import NOON, School


def test_a_figure_by_unit_adds_up_to_the_school(school: School) -> None:
    school.staff(*([f"0000{n}", "是" if n != 3 else "否", 36.5, "无", "无"] for n in range(1, 7)))
    said = json.loads(school.run("explain", "staff_returned_total", "--date", "2020-02-06", "--as-of", NOON, "--format", "json"))
    units = {u: p["value"] for u, p in said["units"].items()}
    assert units == {"教务处": 2, "图书馆": 0, "会计学院": 1, "护理学院": 2}
    assert sum(units.values()) == said["figure"]["value"] == 5


def test_public_tables_hide_counts_of_one_to_four_and_never_the_total(school: School) -> None:
    school.staff(*([f"0000{n}", "是", 36.5, "无", "无"] for n in range(1, 7)))
    school.run("publish", "--date", "2020-02-06", "--as-of", NOON, "--signed-by", "林签发")
    html = (school.root / "build/public/site/data/index.html").read_text("utf-8")
    table = html[html.index('id="units"') : html.index('id="campuses"')]
    assert "＜5" in table
    assert '<th scope="row">全校</th><td class="jb-num">6</td>' in table.replace("\n", "")
    facts = json.loads((school.root / "record/0001-2020-02-06/data/facts.json").read_text("utf-8"))
    assert {p["name"]: p["value"] for p in facts["by_unit"]["staff_returned_total"]} == {
        "教务处": "hidden", "图书馆": "hidden", "会计学院": "hidden", "护理学院": "hidden",
    }  # fmt: skip


def test_a_unit_that_others_report_under_is_added_to_no_sum(school: School) -> None:
    school.sheet("花名册/单位.xlsx", [["单位", "上级"], ["全校", ""], ["教务处", "全校"], ["图书馆", "全校"]])
    school.units(
        ["2020-02-06 08:00:00", "全校", "", "", 5, 5, 0, "否", ""],
        ["2020-02-06 08:00:00", "教务处", "", "", 1, 2, 0, "否", ""],
        ["2020-02-06 08:00:00", "图书馆", "", "", 0, 1, 0, "否", ""],
    )
    assert school.figure("疑似") == (3, 3, 3)
