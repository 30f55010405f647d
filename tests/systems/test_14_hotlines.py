"""System 14: calls and letters are counted; what was said stays in the sheet."""

from __future__ import annotations

import pytest

from .school import DAY, School

HEAD = ["日期", "线路", "编号", "类别", "内容", "答复情况", "接听人"]
SECRET = "想家睡不着觉"
CALLS = [
    [DAY, "咨询电话", "1", "返校", "什么时候返校", "已答复", "施彩甲"],
    [DAY, "咨询邮箱", "2", "教学", "网课打不开", "待答复", "施彩甲"],
    [DAY, "心理支持", "3", "情绪", SECRET, "已答复", "施彩乙"],
]


@pytest.fixture
def called(school: School) -> School:
    """A call, a letter, and a call to the psychological line."""
    school.staff(["00001", "否", 36.5, "无", "无"])
    school.sheet("咨询与心理支持/登记.xlsx", [HEAD, *CALLS])
    return school


def test_counts_reach_the_briefing(called: School) -> None:
    settings = called.root / "jianbao.toml"
    settings.write_text(
        settings.read_text("utf-8").replace("numbered = true", 'numbered = true\nfigures = ["consultations", "psychological_calls"]'),
        "utf-8",
    )
    called.publish()
    html = called.page("briefings/2020/2020-02-06.html")
    assert "咨询电话和来信 <strong>2 次</strong>" in html
    assert "心理支持 <strong>1 次</strong>" in html
    called.sheet("咨询与心理支持/登记.xlsx", [HEAD, *CALLS, [DAY, "咨询电话", "4", "生活", "", "已答复", "施彩甲"]])
    assert "咨询电话和来信由 2（3/3）更新为 3（4/4）" in called.publish(code=4)


def test_what_was_said_is_in_no_list_no_ledger_and_no_page(called: School) -> None:
    called.sheet("咨询与心理支持/登记.xlsx", [HEAD, *CALLS, [*CALLS[2][:3], "不明", *CALLS[2][4:]]])
    said = called.run("check", "--date", DAY, "--as-of", f"{DAY}T12:00")
    assert SECRET not in said
    called.run("explain", "心理支持", "--date", DAY, "--as-of", f"{DAY}T12:00")
    kept = [p for folder in ("private/ledger", "private/lists", "private/out") for p in (called.root / folder).rglob("*") if p.is_file()]
    import pyarrow.parquet as pq

    told = [str(pq.read_table(p).to_pydict()) for p in kept if p.suffix == ".parquet"]
    assert any("（保密）" in t for t in told)
    assert not any(SECRET in t for t in told)
    assert called.table("待答复的咨询") == [["2月6日", "咨询邮箱", "2", "教学", "施彩甲"]]
