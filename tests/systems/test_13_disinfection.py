"""System 13: places and days; what was left out is found."""

from __future__ import annotations

import pytest

from .school import DAY, School

HEAD = ["日期", "场所", "时间", "消毒剂"]
DONE = [
    ["2020-02-05", "一食堂", "7:30", "酒精"],
    ["2020-02-05", "一食堂", "11:30", "酒精"],
    ["2020-02-05", "行政楼", "8:00", "酒精"],
    [DAY, "行政楼", "8:00", "酒精"],
]


@pytest.fixture
def places(school: School) -> School:
    """Two places, one twice a day."""
    school.staff(["00001", "否", 36.5, "无", "无"])
    school.sheet(
        "消毒场所名单/场所.xlsx",
        [["场所", "校区", "责任单位", "每日次数"], ["一食堂", "东校区", "教务处", 2], ["行政楼", "西校区", "图书馆", ""]],
    )
    school.sheet("场所消毒/记录.xlsx", [HEAD, *DONE])
    return school


def test_gaps_are_places_and_days(places: School) -> None:
    assert [r[0:2] + r[-3:] for r in places.table("场所消毒逐日次数")] == [["东校区", "一食堂", 2, 0, 2], ["西校区", "行政楼", 1, 1, 2]]
    assert places.figure("近七日漏消毒")[0] == 2 * 5
    assert not {c for c in places.warned() if c[0] == "not-disinfected"}
    places.sheet("场所消毒/记录.xlsx", [HEAD, *DONE[1:]])
    assert ("not-disinfected", "一食堂") in places.warned()
    assert places.figure("近七日漏消毒")[0] == 2 * 5 + 1
    assert ["2月5日", "东校区", "一食堂", "教务处", 1, 2] in places.table("漏消毒清单")


def test_a_place_that_is_on_no_list_is_refused(places: School) -> None:
    places.sheet("场所消毒/另记.xlsx", [HEAD, [DAY, "三食堂", "9:00", "酒精"]])
    assert ("not-in-list", "三食堂") in places.warned()
    assert places.figure("今日已消毒场所")[0] == 1


def test_the_ledger_is_a_page(places: School) -> None:
    places.publish()
    html = places.page("ledgers/place_disinfection.html")
    assert "一食堂" in html
    assert "2月5日" in html
    assert 'href="place_disinfection.html"' in places.page("ledgers/index.html")
