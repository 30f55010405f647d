"""System 15: public opinion: what is open, how old, whose it is."""

from __future__ import annotations

import pytest

from .school import School

HEAD = ["编号", "发现日期", "来源渠道", "问题", "责任单位", "答复期限", "答复日期", "答复人"]
ITEMS = [
    ["Y1", "2020-02-01", "微博", "实习何时返岗", "教务处", "2020-02-04", "", ""],
    ["Y2", "2020-02-03", "贴吧", "快递怎么取", "图书馆", "2020-02-08", "", ""],
    ["Y3", "2020-02-02", "微信群", "网课卡顿", "教务处", "2020-02-05", "2020-02-05", "施彩甲"],
]


@pytest.fixture
def opinions(school: School) -> School:
    """Three items: one overdue, one open, one answered."""
    school.staff(["00001", "否", 36.5, "无", "无"])
    school.sheet("舆情登记/舆情.xlsx", [HEAD, *ITEMS])
    return school


def test_open_items_have_an_age_and_an_owner(opinions: School) -> None:
    assert opinions.table("opinions_open_list") == [
        ["Y1", "2月1日", "微博", "实习何时返岗", "教务处", "2月4日", 5, 2],
        ["Y2", "2月3日", "贴吧", "快递怎么取", "图书馆", "2月8日", 3, None],
    ]  # fmt: skip
    assert ("opinion-overdue", "Y1") in opinions.warned()
    assert (opinions.figure("未办结舆情")[0], opinions.figure("逾期舆情")[0]) == (2, 1)
    opinions.sheet("舆情登记/舆情.xlsx", [HEAD, [*ITEMS[0][:6], "2020-02-06", "施彩甲"], *ITEMS[1:]])
    assert (opinions.figure("未办结舆情")[0], opinions.figure("逾期舆情")[0]) == (1, 0)


def test_the_list_is_the_offices_alone(opinions: School) -> None:
    opinions.publish()
    assert [r[0] for r in opinions.listed("未办结舆情.xlsx")] == ["Y1", "Y2"]
    assert not (opinions.root / "build/public/site/ledgers/opinion_log.html").exists()


def test_an_item_without_an_owner_and_one_of_an_unknown_unit(opinions: School) -> None:
    opinions.sheet("舆情登记/舆情.xlsx", [HEAD, [*ITEMS[0][:4], "", *ITEMS[0][5:]], [*ITEMS[1][:4], "无此处", *ITEMS[1][5:]]])
    assert {("opinion-no-owner", None), ("unknown-unit", "无此处")} <= opinions.warned()
