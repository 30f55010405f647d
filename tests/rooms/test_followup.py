"""Whom somebody must call: with the place, the person and whom to tell; what is taken back stays, marked."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from typing import Any, Final

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jianbao import handout
from jianbao.followup import Alert, day_alerts, merged
from jianbao.sources import Grid, WorkbookCells
from jianbao.supervision import Absent
from jianbao.values import Finding, Severity

from .desk import DAILY_HEAD, KNOWN, checked, staff

FEVER: Final = Alert(
    "staff_daily", "fever", "00001", "施彩辉", "教务处", "", "东", "体温高于规定值，请立即联系本人复测并报告", "38.5", "卫生所、部门负责人",
    "staff_daily.xlsx", "表", "C2",
)  # fmt: skip


def test_an_alert_says_who_where_what_and_whom_to_tell() -> None:
    (found,) = day_alerts([staff(("00001", "是", 38.5, "无", "无"), ("00002", "是", 37.2, "无", "无"))])
    assert replace(found, name="施彩辉") == FEVER


def test_a_row_may_meet_several_rules_and_a_refused_one_meets_none() -> None:
    found = day_alerts([staff(("00001", "是", 38.5, "发热", "有"), ("99999", "是", 38.5, "发热", "有"))])
    assert sorted((a.code, a.cell) for a in found) == [("contact", "E2"), ("fever", "C2"), ("symptom", "D2")]


def test_an_alert_that_a_later_answer_took_back_stays_marked() -> None:
    head = (*DAILY_HEAD, "提交时间")
    again = checked(
        "staff_daily", head,
        ("00001", "是", 38.5, "无", "无", "2020-02-06 08:00:00"), ("00001", "是", 36.5, "无", "无", "2020-02-06 09:00:00"),
        ("00002", "是", 38.5, "无", "无", "2020-02-06 08:00:00"), ("00002", "是", 38.9, "无", "无", "2020-02-06 09:00:00"),
        known=KNOWN,
    )  # fmt: skip
    found = {(a.number, a.said, a.withdrawn) for a in day_alerts([again])}
    assert found == {("00001", "38.5", True), ("00002", "38.9", False)}


ALERTS: Final = st.lists(
    st.builds(
        lambda number, code, withdrawn: replace(FEVER, number=number, code=code, withdrawn=withdrawn),
        st.sampled_from("123"), st.sampled_from(["fever", "contact"]), st.booleans(),
    ), max_size=5,
)  # fmt: skip


@given(ALERTS, ALERTS)
def test_nothing_that_was_once_an_alert_is_forgotten(before: list[Alert], now: list[Alert]) -> None:
    found = merged(before, now)
    assert found[: len(now)] == now
    assert {a.key for a in found} == {a.key for a in [*before, *now]}
    assert all(a.withdrawn for a in found[len(now) :])
    assert len({a.key for a in found[len(now) :]}) == len(found) - len(now)
    assert merged(found, now) == found


def cells(data: bytes) -> dict[str, list[list[Any]]]:
    book = openpyxl.load_workbook(io.BytesIO(data))
    return {s.title: [list(row) for row in s.iter_rows(values_only=True)] for s in book.worksheets}


HOSTILE: Final = ['=HYPERLINK("https://e.cn","x")', "{=1+1}", "+1", "@SUM(1)", "https://e.cn", "internal:A1", "00123", "1e5", "a\x0bb\x00"]


def test_the_list_of_whom_to_call_has_those_taken_back_at_the_end() -> None:
    ((name, (head, *rows)),) = cells(handout.alert_list([replace(FEVER, withdrawn=True), replace(FEVER, number="00002")])).items()
    assert (name, len(head)) == ("须联系人员", 12)
    assert [(r[0], r[4]) for r in rows] == [("须联系", "00002"), ("已撤回", "00001")]


@pytest.mark.parametrize("text", HOSTILE)
def test_text_stays_text_in_every_workbook(text: str) -> None:
    finding = Finding("bad-type", Severity.ERROR, "a.xlsx", "表", "B2", "x", text, text, f"填的是“{text}”")
    original = io.BytesIO()
    book = openpyxl.Workbook()
    book.worksheets[0].title = "表"
    book.worksheets[0].append(["列"])
    book.worksheets[0].append(["行"])
    book.save(original)
    made = [
        handout.alert_list([replace(FEVER, name=text)]),
        handout.absent_list([Absent("f", text, text, ({"number": text, "name": text},))], {"f": "日报"}),
        handout.problem_list([finding]),
        handout.marked_copy(b"", WorkbookCells((Grid("表", [["列"], ["行", text]]),)), [finding], xlsx=False),
        handout.marked_copy(original.getvalue(), WorkbookCells(()), [finding], xlsx=True),
    ]
    for data in made:
        found = [c for s in openpyxl.load_workbook(io.BytesIO(data)).worksheets for row in s.iter_rows() for c in row]
        assert {c.data_type for c in found} <= {"s", "n", "inlineStr"}
        assert all(c.hyperlink is None for c in found)
        assert all(c.value is None or isinstance(c.value, str) for c in found)
        shown = [re.sub(r"_x00(00|0B)_", "", str(c.value)) for c in found]  # how a workbook writes what XML cannot
        assert any(re.sub(r"[\x00\x0b]", "", text) in s for s in shown)


def test_equal_lists_are_equal_bytes() -> None:
    assert handout.alert_list([FEVER]) == handout.alert_list([FEVER])


def test_who_has_not_reported_a_sheet_a_form() -> None:
    groups = [
        Absent("a", "教务处", "", ({"number": "00001", "name": None},)),
        Absent("b", "会计学院", "一班", ({"number": "2", "name": "施彩辉"},)),
    ]
    found = cells(handout.absent_list(groups, {"a": "教职工日报", "b": "学生日报"}))
    assert {n: rows[1:] for n, rows in found.items()} == {
        "教职工日报": [["教务处", None, "00001", None]], "学生日报": [["会计学院", "一班", "2", "施彩辉"]],
    }  # fmt: skip
    assert list(cells(handout.absent_list([], {}))) == ["无"]


@pytest.mark.parametrize(
    "names", [["2/6", "2:6"], ["甲" * 40, "甲" * 31 + "乙"], ["'晨检'"], ["日报", "日报 "], ["A", "a"], [""], ["History"]],
    ids=["forbidden marks", "too long", "quoted", "a space", "case", "none", "reserved"],
)  # fmt: skip
def test_sheets_of_any_name_are_copied(names: list[str]) -> None:
    grids = tuple(Grid(n, [["列"], [f"{i}"]]) for i, n in enumerate(names))
    findings = [Finding("bad-type", Severity.ERROR, "a.ods", n, "A2", None, None, None, f"第 {i} 张") for i, n in enumerate(names)]
    found = cells(handout.marked_copy(b"", WorkbookCells(grids), findings, xlsx=False))
    assert [(rows[1][0], rows[1][1]) for rows in found.values()] == [(f"{i}", f"A2 第 {i} 张") for i in range(len(names))]


def test_a_marked_copy_keeps_the_workbook_and_says_each_problem_beside_its_row() -> None:
    original = io.BytesIO()
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "表"
    for row in (["工号", "体温"], ["00001", 365], ["00002", 36.5], ["合并", None]):
        sheet.append(row)
    sheet.merge_cells("A4:B4")
    book.save(original)
    findings = [Finding("x", severity, "a.xlsx", "表", cell, None, None, None, f"见 {cell}")
                for severity, cell in ((Severity.ERROR, "B2"), (Severity.WARNING, "A2"), (Severity.ERROR, "B4"))]  # fmt: skip
    other = Finding("x", Severity.ERROR, "a.xlsx", "别的", "A1", None, None, None, "不在这张表")
    marked = openpyxl.load_workbook(io.BytesIO(handout.marked_copy(original.getvalue(), WorkbookCells(()), [*findings, other], xlsx=True)))
    page = marked.worksheets[0]
    assert [[c.value for c in row] for row in page.iter_rows()] == [
        ["工号", "体温", None], ["00001", 365, "B2 见 B2；A2 见 A2"], ["00002", 36.5, None], ["合并", None, "B4 见 B4"],
    ]  # fmt: skip
    assert (page["B2"].comment.text, page["A2"].comment.text, page["B3"].comment) == ("见 B2", "见 A2", None)
    assert page["B2"].fill.start_color.rgb != page["A2"].fill.start_color.rgb != page["B3"].fill.start_color.rgb
