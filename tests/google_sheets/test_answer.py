"""A book's answer as it is kept, and as cells; the quota; the layout of a form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pytest

from jianbao.forms.load import load_forms
from jianbao.forms.sheet_layout import Entry, SheetColumn, sheet_layout
from jianbao.project import shipped
from jianbao.sources import Unreadable, WorkbookCells
from jianbao.sources.google.answer import check_whole, open_answer, packed
from jianbao.sources.google.quota import Bucket
from jianbao.sources.google.trouble import Trouble
from jianbao.sources.grid import Merge

from .desk import DAY, NOON, Desk

SETTINGS: Final = {"fever_threshold", "observation_days", "missed_contact", "low_cover_days"}


def about(*titles: str, **more: Any) -> dict[str, Any]:
    """What a book says of its sheets; `more` goes to the first."""
    sheets: list[dict[str, Any]] = [{"properties": {"sheetId": n, "title": t, "index": n}} for n, t in enumerate(titles)]
    sheets[0] |= more
    return {"properties": {"title": "簿", "locale": "zh_CN", "timeZone": "Asia/Shanghai"}, "sheets": sheets}


def values(title: str, *rows: list[Any]) -> dict[str, Any]:
    """The values of one sheet."""
    return {"range": f"'{title}'!A1:Z1000", "values": list(rows)}


def test_cells_are_as_other_workbooks_hold_them() -> None:
    row = ["00001", 36, 36.5, True, "", 990101199003078888, "#REF!"]
    cells = open_answer(packed(about("日报"), [values("日报", ["a"], row)]))
    assert isinstance(cells, WorkbookCells)
    (grid,) = cells.grids
    assert grid.rows == [["a", "", "", "", "", "", ""], ["00001", 36.0, 36.5, True, "", float(990101199003078888), "#REF!"]]
    assert [type(c) for c in grid.rows[1]] == [str, float, float, bool, str, float, str]


def test_merges_and_hidden_sheets_are_known() -> None:
    merge = {"sheetId": 0, "startRowIndex": 0, "endRowIndex": 1, "startColumnIndex": 1, "endColumnIndex": 3}
    book = about("日报", "说明", merges=[merge])
    book["sheets"][1]["properties"]["hidden"] = True
    cells = open_answer(packed(book, [values("日报", ["a", "b"]), values("说明")]))
    assert isinstance(cells, WorkbookCells)
    assert cells.grids[0].merged == (Merge(0, 1, 0, 2),)
    assert [g.hidden for g in cells.grids] == [False, True]


def test_a_chart_is_no_sheet() -> None:
    book = about("图", "日报")
    book["sheets"][0]["properties"]["sheetType"] = "OBJECT"
    cells = open_answer(packed(book, [values("日报", ["a"])]))
    assert isinstance(cells, WorkbookCells)
    assert [g.name for g in cells.grids] == ["日报"]


def test_name_and_id_of_a_book_are_not_kept() -> None:
    assert "簿" not in packed(about("日报"), [values("日报", ["a"])]).decode()


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b'{"doc_id": "1"}', b'{"spreadsheet": {"sheets": [{}]}, "valueRanges": []}'])
def test_what_is_no_answer_is_unreadable(data: bytes) -> None:
    assert isinstance(open_answer(data), Unreadable)


MERGED = {"merges": [{"startRowIndex": 0, "endRowIndex": 1, "startColumnIndex": 0, "endColumnIndex": 2}]}


@pytest.mark.parametrize(
    ("book", "found", "whole"),
    [
        (about("日报"), [values("日报", ["a"])], True),
        (about("O'Brien"), [{"range": "'O''Brien'!A1:B2", "values": []}], True),
        (about("Sheet1"), [{"range": "Sheet1!A1:B2"}], True),
        (about("日报"), [values("日报（改）", ["a"])], False),
        (about("日报", "说明"), [values("日报")], False),
        (about("日报", **MERGED), [values("日报", ["a", "", "b"])], True),
        (about("日报", **MERGED), [values("日报", ["a", "b"])], False),
    ],
    ids=["same", "apostrophe", "plain-name", "renamed", "one-less", "merge", "merge-moved"],
)
def test_two_answers_of_different_states_are_told_apart(book: Mapping[str, Any], found: list[Mapping[str, Any]], whole: bool) -> None:
    if whole:
        check_whole(book, found)
    else:
        with pytest.raises(Trouble, match="改动工作表"):
            check_whole(book, found)


def test_a_book_of_many_sheets_takes_a_read_for_forty_of_them(desk: Desk) -> None:
    desk.small_school()
    titles = [f"第{n}张'表" for n in range(41)]
    many = desk.book("多/许多", {t: [["说明", t]] for t in titles})
    desk.run("pull", "--date", DAY, "--as-of", NOON)
    assert desk.google.count("sheets.spreadsheets.values.batchGet", book=many) == 2
    assert desk.unreached("--offline") == {}


# -- Quota ----------------------------------------------------------------------------------------------------------------


def test_no_minute_ever_holds_more_calls_than_the_bucket() -> None:
    clock = [0.0]
    bucket = Bucket(5, 60.0, now=lambda: clock[0], sleep=lambda seconds: clock.__setitem__(0, clock[0] + seconds))
    calls = []
    for n in range(23):
        bucket.take()
        calls.append(clock[0])
        clock[0] += 7.0 if n == 6 else 0.1
    assert max(sum(start <= c < start + 60 for c in calls) for start in calls) == 5
    assert calls[-1] < 4 * 60 + 10, "nobody waits longer than the bucket asks"


# -- The layout of a form -------------------------------------------------------------------------------------------------


def columns(form: str, **choices: list[str]) -> dict[str, SheetColumn]:
    """The columns of a shipped form, by field."""
    forms = load_forms(shipped("forms_schema"), SETTINGS)
    return {c.field: c for c in sheet_layout(forms[form], choices).columns}


def test_a_form_is_asked_in_the_order_of_its_fields_without_the_time_of_submission() -> None:
    assert list(columns("unit_daily"))[:3] == ["unit", "date", "expected"]
    assert "submitted_at" not in columns("unit_daily")


def test_each_kind_of_question_has_its_entry() -> None:
    staff = columns("staff_daily")
    found = {name: staff[name].entry for name in ("date", "staff_no", "temperature", "returned")}
    assert found == {"date": Entry.DATE, "staff_no": Entry.TEXT, "temperature": Entry.NUMBER, "returned": Entry.TEXT}
    assert (staff["temperature"].low, staff["temperature"].high) == (34, 43)
    assert columns("unit_daily")["phone"].entry is Entry.TEXT


def test_closed_lists_are_strict_and_open_ones_say_so() -> None:
    staff = columns("staff_daily")
    assert (staff["returned"].choices, staff["returned"].strict) == (("是", "否"), True)
    assert not staff["symptoms"].strict
    assert "可选多项" in staff["symptoms"].note
    assert not staff["observation"].strict
    assert "可以直接写" in staff["observation"].note
    assert "可以直接写" in staff["contact"].note, "a yes-or-no that takes a description as yes"


def test_given_lists_are_offered_unless_they_are_too_long_to_choose_from() -> None:
    assert columns("unit_daily", unit=["教务处", "图书馆"])["unit"].choices == ("教务处", "图书馆")
    assert columns("unit_daily", unit=[str(n) for n in range(300)])["unit"].choices == ()


def test_the_stamp_is_of_what_people_see() -> None:
    forms = load_forms(shipped("forms_schema"), SETTINGS)
    first, again, other = (sheet_layout(forms["unit_daily"], c).stamp for c in ({}, {}, {"unit": ["教务处"]}))
    assert first == again
    assert first != other
