"""System 11: two rosters day and night; who is on now, gaps, double bookings, a week to print."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from .school import DAY, NOON, School

HEAD = ["日期", "值班类别", "班次", "工号", "值班人", "单位", "电话"]


def rota(*, leave_out: tuple[int, int, int] | None = None, twice: bool = False) -> list[list[object]]:
    """Return eight days of two rosters and two shifts from the day before, each shift with a person of its own."""
    rows: list[list[object]] = []
    for n in range(8):
        day = (date.fromisoformat(DAY) + timedelta(days=n - 1)).isoformat()
        for r, roster in enumerate(("日常值班", "防控值班")):
            for s, shift in enumerate(("白班", "夜班")):
                if (n, r, s) != leave_out:
                    who = 1 if twice and n == 2 and s == 0 else 1 + r + 2 * s
                    rows.append([day, roster, shift, f"0000{who}", f"施彩{'甲乙丙丁'[who - 1]}", "教务处", "0000-8880110"])
    return rows


@pytest.fixture
def duty(school: School) -> School:
    """A full rota."""
    school.staff(["00001", "否", 36.5, "无", "无"])
    school.sheet("值班表/值班.xlsx", [HEAD, *rota()])
    return school


def test_who_is_on_now(duty: School) -> None:
    assert [(r[0], r[1], r[5]) for r in duty.table("正在值班")] == [("日常值班", "白班", "施彩甲"), ("防控值班", "白班", "施彩乙")]
    early = duty.table("正在值班", at="06:00")  # still yesterday's night
    assert [(r[0], r[1], r[2], r[5]) for r in early] == [
        ("日常值班", "夜班", "2月5日 20:00", "施彩丙"),
        ("防控值班", "夜班", "2月5日 20:00", "施彩丁"),
    ]


def test_gaps_and_double_bookings_are_found(duty: School) -> None:
    assert duty.figure("值班空缺")[0] == 0
    assert duty.figure("已排班次")[0] == 28
    duty.sheet("值班表/值班.xlsx", [HEAD, *rota(leave_out=(2, 1, 0), twice=True)])
    assert duty.figure("值班空缺")[0] == 1
    assert [f["code"] for f in duty.check()["findings"] if f["code"].startswith("duty")] == ["duty-gap"]
    duty.sheet("值班表/值班.xlsx", [HEAD, *rota(twice=True)])
    assert [f["code"] for f in duty.check()["findings"] if f["code"].startswith("duty")] == ["duty-doubled", "duty-doubled"]
    duty.sheet("值班表/值班.xlsx", [HEAD, *rota(leave_out=(6, 0, 1))])
    assert [f["severity"] for f in duty.check()["findings"] if f["code"] == "duty-gap-ahead"] == ["warning"]


def test_a_day_taken_out_of_the_plan_is_a_day_of_gaps(duty: School) -> None:
    assert duty.figure("值班空缺")[0] == 0
    day = (date.fromisoformat(DAY) + timedelta(days=3)).isoformat()
    duty.sheet("值班表/值班.xlsx", [HEAD, *(row for row in rota() if row[0] != day)])
    assert duty.figure("值班空缺")[0] == 4
    assert {(r[0], r[4]) for r in duty.table("一周值班") if r[5] == "是"} == {("2月9日", 0)}
    (duty.root / "inbox/值班表/值班.xlsx").unlink()
    assert duty.figure("值班空缺")[0] == 28


def test_a_later_text_of_the_plan_alone_says_what_is_planned(duty: School) -> None:
    assert duty.figure("值班空缺")[0] == 0
    tomorrow, later = ((date.fromisoformat(DAY) + timedelta(days=n)).isoformat() for n in (1, 3))
    duty.sheet("值班表/值班.xlsx", [HEAD, *(row for row in rota() if row[0] != later)])
    assert {r[0] for r in duty.table("一周值班", tomorrow) if r[5] == "是"} == {"2月9日", "2月13日"}  # the latter was never planned


def test_a_shift_that_nobody_wrote_down_is_explained_without_a_cell(duty: School) -> None:
    asked = ("explain", "值班空缺", "--date", DAY, "--as-of", NOON)
    assert duty.run(*asked).splitlines()[-1] == "没有计入的行。"
    duty.sheet("值班表/值班.xlsx", [HEAD, *rota(leave_out=(2, 1, 0))])
    said = duty.run(*asked).splitlines()
    assert said[-2] == "计入的行（仅供办公室）："
    assert said[-1].rstrip().endswith("防控值班  是、2020-02-07")


def test_a_double_booking_points_to_the_person_in_two_places_and_not_to_a_colleague(duty: School) -> None:
    day = (date.fromisoformat(DAY) + timedelta(days=1)).isoformat()
    duty.sheet("值班表/值班.xlsx", [HEAD, *rota(), [day, "防控值班", "白班", "00001", "施彩甲", "教务处", "0000-8880110"]])
    assert sorted(f["cell"] for f in duty.check()["findings"] if f["code"] == "duty-doubled") == ["B10", "B34"]


def test_a_week_is_on_the_page_without_names_and_in_the_office_with_them(duty: School) -> None:
    duty.publish()
    html = duty.page("ledgers/duty.html")
    assert html.count("防控值班") >= 14
    assert "施彩" not in html
    assert {r[6] for r in duty.listed("值班表.xlsx")} == {"施彩甲", "施彩乙", "施彩丙", "施彩丁"}


def test_a_plan_brings_no_day_of_its_own(duty: School) -> None:
    assert duty.run("check", "--as-of", "2020-02-20T12:00").startswith(DAY)


def test_every_gap_is_named_by_day_roster_and_shift(duty: School) -> None:
    rows = [r for r in rota() if (r[0], r[1], r[2]) not in {(DAY, "防控值班", "夜班"), ("2020-02-07", "防控值班", "白班")}]
    duty.sheet("值班表/值班.xlsx", [HEAD, *rows])
    gaps = [f for f in duty.check()["findings"] if f["code"] == "duty-gap"]
    assert [f["found"] for f in gaps] == ["2月6日 防控值班 夜班", "2月7日 防控值班 白班"]
    assert [f["message"].partition("：")[0] for f in gaps] == ["2月6日 防控值班 夜班", "2月7日 防控值班 白班"]
    assert [r[7] for r in duty.listed("须联系人员.xlsx") if r[9] == "值班表"] == ["2月6日 防控值班 夜班", "2月7日 防控值班 白班"]


def test_a_telephone_or_unit_that_nobody_wrote_is_blank(duty: School) -> None:
    rows = [[*r[:5], None, None] if n % 2 else r for n, r in enumerate(rota())]
    duty.sheet("值班表/值班.xlsx", [HEAD, *rows])
    assert {(r[5], r[7]) for r in (duty.check(), duty.listed("值班表.xlsx"))[1]} == {("教务处", "0000-8880110"), (None, None)}
