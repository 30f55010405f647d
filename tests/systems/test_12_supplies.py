"""System 12: bought, donated, given out; stock, days of cover, low stock; never below zero without a finding."""

from __future__ import annotations

import pytest

from .school import DAY, NOON, School

HEAD = ["日期", "物资", "收发", "数量", "计量单位", "校区", "单号"]
ROWS = [
    ["2020-02-03", "医用口罩", "购入", 700, "只", "东校区", "G1"],
    ["2020-02-05", "医用口罩", "捐赠", 200, "只", "东校区", "J1"],
    ["2020-02-05", "医用口罩", "发放", 350, "只", "东校区", "F1"],
    [DAY, "医用口罩", "发放", 350, "只", "东校区", "F2"],
    ["2020-02-03", "医用口罩", "购入", 50, "只", "西校区", "G2"],
    ["2020-02-03", "酒精", "购入", 30, "瓶", "东校区", "G3"],
]


@pytest.fixture
def stocked(school: School) -> School:
    """Masks on two campuses, of which one gives out a hundred a day."""
    school.staff(["00001", "否", 36.5, "无", "无"])
    school.sheet("防控物资/物资.xlsx", [HEAD, *ROWS])
    return school


def test_stock_and_days_of_cover(stocked: School) -> None:
    assert stocked.table("物资库存") == [
        ["医用口罩", "东校区", "只", 200, 0, 350, 100, 2], ["医用口罩", "西校区", "只", 50, 0, 0, 0, None],
        ["酒精", "东校区", "瓶", 30, 0, 0, 0, None],
    ]  # fmt: skip
    assert stocked.figure("库存不足的物资")[0] == 1
    assert ("stock-low", "医用口罩") in stocked.warned()
    assert stocked.figure("累计受捐口罩")[0] == 200
    stocked.sheet("防控物资/补货.xlsx", [HEAD, [DAY, "医用口罩", "购入", 5000, "只", "东校区", "G9"]])
    assert stocked.table("物资库存")[0][3:5] == [5200, 5000]
    assert stocked.figure("库存不足的物资")[0] == 0


def test_stock_of_an_earlier_day_is_that_of_the_day(stocked: School) -> None:
    stocked.staff(["00001", "否", 36.5, "无", "无"], day="2月5日")
    assert stocked.table("物资库存", "2020-02-05")[0][3:6] == [550, 200, 350]


def test_more_given_out_than_was_there_is_named_at_its_row(stocked: School) -> None:
    stocked.sheet(
        "防控物资/物资.xlsx", [HEAD, *ROWS[:2], [*ROWS[2][:3], 1000, *ROWS[2][4:]], [DAY, "医用口罩", "购入", 900, "只", "东校区", "G7"]]
    )
    (found,) = [f for f in stocked.check()["findings"] if f["code"] == "stock-below-zero"]
    assert (found["file"], found["cell"]) == ("防控物资/物资.xlsx", "B4")
    assert stocked.table("物资库存")[0][3] == 800


def test_a_low_stock_is_told_of_its_campus_and_of_no_unit_that_was_given_some(stocked: School) -> None:
    stocked.sheet("防控物资/物资.xlsx", [[*HEAD, "领用单位"], *([*row, "会计学院"] for row in ROWS)])
    stocked.check()
    told = [row[:5] for row in stocked.listed("须联系人员.xlsx") if "医用口罩" in row]
    assert told == [["须联系", None, None, "东校区", "医用口罩"]]
    assert "会计学院" not in stocked.run("explain", "库存不足的物资", "--date", DAY, "--as-of", NOON)


def test_days_of_cover_are_explained_as_people_say_them(stocked: School) -> None:
    stocked.sheet("防控物资/又发.xlsx", [HEAD, [DAY, "医用口罩", "发放", 30, "只", "东校区", "F3"]])
    said = stocked.run("explain", "库存不足的物资", "--date", DAY, "--as-of", NOON)
    assert "医用口罩  1.63  防控物资" in said  # 170 masks, 730 given out in seven days


def test_the_page_shows_the_stock(stocked: School) -> None:
    stocked.publish()
    html = stocked.page("ledgers/supplies.html")
    assert "可用天数" in html
    assert "受捐登记" in html
    assert '<td class="jb-num">200</td>' in html
