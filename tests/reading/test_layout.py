"""The header anywhere, on one row or two, with a column a day or an option; read as a form reads it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

import pytest

from jianbao.forms.load import load_forms
from jianbao.project import shipped
from jianbao.reading.days import MonthDay
from jianbao.reading.layout import Layout, best_layout
from jianbao.sources import Cell, Grid
from jianbao.sources.grid import Merge

FORMS: Final = load_forms(shipped("forms_schema"), {"fever_threshold", "observation_days", "missed_contact", "low_cover_days"})
HEADER: Final[list[Cell]] = ["部门", "姓名", "工号", "是否返省", "返省日期", "体温", "症状"]
MEANT: Final = ["unit", "name", "staff_no", "returned", "returned_on", "temperature", "symptoms"]
ROW: Final[list[Cell]] = ["会计学院", "甲乙", "00123", "是", "2.3", 36.5, "无"]


def layout(rows: list[list[Cell]], form: str = "staff_daily", merged: tuple[Merge, ...] = ()) -> Layout:
    found = best_layout(Grid("日报", rows, merged), FORMS[form])
    assert found is not None
    return found


def no_layout(rows: list[list[Cell]], form: str = "staff_daily") -> None:
    assert best_layout(Grid("日报", rows), FORMS[form]) is None


def meant(found: Layout) -> dict[int, str]:
    return {c.index: c.field for c in found.columns}


ABOVE: Final[list[tuple[str, list[list[Cell]]]]] = [
    ("nothing", []),
    ("a title", [["教职工每日健康报告"]]),
    ("a title over every column", [["教职工每日健康报告", "", "", "", "", "", ""]]),
    ("a title and a note", [["教职工每日健康报告"], ["填表说明：体温请用腋温"]]),
    ("blank rows", [[], [""], ["", "", ""]]),
    ("title, blank row, note", [["教职工每日健康报告"], [], ["填报单位：会计学院", "", "", "填报日期：", "2020-02-06"]]),
    ("twenty-nine lines of instructions", [[f"说明{i}"] for i in range(29)]),
    ("a hundred blank rows", [[] for _ in range(100)]),
]


@pytest.mark.parametrize("above", [pytest.param(rows, id=name) for name, rows in ABOVE])
def test_header_under_titles_and_notes(above: list[list[Cell]]) -> None:
    found = layout([*above, HEADER, ROW, ROW])
    assert (found.top, found.first) == (len(above), len(above) + 1)
    assert meant(found) == dict(enumerate(MEANT))
    assert found.unknown == ()
    assert found.fit == 1


def test_header_beyond_thirty_filled_rows_is_not_looked_for() -> None:
    instructions: list[list[Cell]] = [[f"说明{i}"] for i in range(30)]
    no_layout([*instructions, HEADER, ROW])


def test_header_moved_to_the_right() -> None:
    found = layout([["", "", *HEADER], ["", "", *ROW]])
    assert meant(found) == {i + 2: name for i, name in enumerate(MEANT)}


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param([], id="nothing at all"),
        pytest.param([[""], []], id="blank"),
        pytest.param([["值班表"], ["日期", "姓名", "电话"], ["2.6", "甲乙", "13800001234"]], id="another table"),
        pytest.param([["部门", "姓名", "体温"], ["会计学院", "甲乙", 36.5]], id="no identifier"),
        pytest.param([["工号"], ["00123"]], id="an identifier and no answer"),
        pytest.param([["工号", "姓名"], ["00123", "甲乙"]], id="a roster is no report"),
        pytest.param([["体温", "症状"], [36.5, "无"]], id="answers of nobody"),
        pytest.param([ROW, ROW], id="rows without a header"),
    ],
)
def test_no_header(rows: list[list[Cell]]) -> None:
    no_layout(rows)


VARIANTS: Final[list[tuple[str, list[Cell]]]] = [
    ("stars", ["部门", "*姓名", "工号*", "是否返省", "返省日期", "★体温", "症状"]),
    ("required", ["部门（必填）", "姓名(必填)", "工号（必填）", "是否返省（必填）", "返省日期（选填）", "体温【必填】", "症状"]),
    ("numbered", ["1、部门", "2、姓名", "3、工号", "4、是否返省", "5、返省日期", "6、体温", "7、症状"]),
    ("numbered with points", ["1.部门", "2.姓名", "3.工号", "4.是否返省", "5.返省日期", "6.体温", "7.症状"]),
    ("spaces and line breaks", ["部\n门", "姓 名", "工　号", "是否\n返省", "返省\r\n日期", "体 温", "症 状"]),
    ("units", ["部门", "姓名", "工号", "是否返省", "返省日期", "体温（℃）", "症状"]),
    ("colons", ["部门：", "姓名:", "工号：", "是否返省：", "返省日期：", "体温：", "症状："]),
    ("courtesies", ["所在部门", "您的姓名：", "您的工号是？", "是否已返省", "返省时间", "今日体温是多少℃", "有无症状"]),
    ("aliases", ["所属单位", "教职工姓名", "职工号", "返省情况", "返省时间", "腋下体温", "身体状况"]),
    ("full-width numbering", ["１、部门", "２、姓名", "３、工号", "４、是否返省", "５、返省日期", "６、体温", "７、症状"]),
]


@pytest.mark.parametrize("header", [pytest.param(h, id=name) for name, h in VARIANTS])
def test_header_s_texts(header: list[Cell]) -> None:
    assert meant(layout([header, ROW])) == dict(enumerate(MEANT))


def test_columns_in_any_order() -> None:
    found = layout([list(reversed(HEADER)), list(reversed(ROW))])
    assert meant(found) == dict(enumerate(reversed(MEANT)))


def test_columns_that_nobody_asked_for_are_named() -> None:
    found = layout([["序号", *HEADER, "爱好", "来自IP"], ["1", *ROW, "棋", "127.0.0.1"]])
    assert found.unknown == ((8, "爱好"),)
    assert meant(found) == {i + 1: name for i, name in enumerate(MEANT)}


def test_of_two_columns_the_one_called_by_its_title_counts() -> None:
    found = layout([["工号", "姓名", "其他接触情况", "接触史", "体温"], ["00123", "甲乙", "x", "否", 36.5]])
    assert meant(found) == {0: "staff_no", 1: "name", 3: "contact", 4: "temperature"}
    assert found.unknown == ((2, "其他接触情况"),)


TWO_LEVELS: Final[list[tuple[str, list[list[Cell]], tuple[Merge, ...]]]] = [
    (
        "merged heads, the others merged down",
        [["部门", "姓名", "工号", "返省情况", "", "健康情况", ""], ["", "", "", "是否返省", "返省日期", "体温", "症状"]],
        (Merge(0, 3, 0, 4), Merge(0, 5, 0, 6), Merge(0, 0, 1, 0), Merge(0, 1, 1, 1), Merge(0, 2, 1, 2)),
    ),
    (
        "merged heads, single ones in the upper row",
        [["部门", "姓名", "工号", "返省情况", "", "健康情况", ""], ["", "", "", "是否返省", "返省日期", "体温", "症状"]],
        (Merge(0, 3, 0, 4), Merge(0, 5, 0, 6)),
    ),
    (
        "merged heads, single ones in the lower row",
        [["", "", "", "返省情况", "", "健康情况", ""], ["部门", "姓名", "工号", "是否返省", "返省日期", "体温", "症状"]],
        (Merge(0, 3, 0, 4), Merge(0, 5, 0, 6)),
    ),
    (
        "a format that keeps no merges",
        [["部门", "姓名", "工号", "返省情况", "", "健康情况", ""], ["", "", "", "是否返省", "返省日期", "体温", "症状"]],
        (),
    ),
    (
        "lower texts that only the head makes whole",
        [["部门", "姓名", "工号", "返省", "", "健康情况", ""], ["", "", "", "情况", "日期", "体温", "症状"]],
        (Merge(0, 3, 0, 4), Merge(0, 5, 0, 6)),
    ),
]


@pytest.mark.parametrize(("header", "merged"), [pytest.param(h, m, id=name) for name, h, m in TWO_LEVELS])
@pytest.mark.parametrize("above", [0, 2])
def test_header_of_two_levels(header: list[list[Cell]], merged: tuple[Merge, ...], above: int) -> None:
    titles: list[list[Cell]] = [["教职工每日健康报告"]] * above
    rows = [*titles, *header, ROW]
    moved = tuple(Merge(m.top + above, m.left, m.bottom + above, m.right) for m in merged)
    found = layout(rows, merged=moved)
    assert (found.top, found.first) == (above, above + 2)
    assert meant(found) == dict(enumerate(MEANT))


def test_a_head_over_columns_without_a_second_level() -> None:
    """One head merged over two columns, with nothing under it: the row below is a row of data."""
    rows: list[list[Cell]] = [["部门", "", "姓名", "工号", "体温"], ["会计学院", "一科", "甲乙", "00123", 36.5]]
    found = layout(rows, merged=(Merge(0, 0, 0, 1),))
    assert (found.top, found.first) == (0, 1)
    assert meant(found) == {0: "unit", 2: "name", 3: "staff_no", 4: "temperature"}


@pytest.mark.parametrize(
    "merge",
    [
        pytest.param(Merge(0, 9, 0, 10), id="to the right of everything, in the header"),
        pytest.param(Merge(1, 20, 3, 25), id="to the right of everything"),
        pytest.param(Merge(40, 0, 41, 3), id="below everything"),
        pytest.param(Merge(0, 5, 0, 30), id="reaching beyond the last column"),
    ],
)
def test_merges_of_nothing_beside_the_table(merge: Merge) -> None:
    """Blank cells merged outside the table: readers give its cells no further than the last that holds something."""
    assert meant(layout([HEADER, ROW, ROW], merged=(merge,))) == dict(enumerate(MEANT))


DAYS: Final[list[tuple[str, list[Cell], list[date | MonthDay | int]]]] = [
    ("text with month and day", ["2月5日", "2月6日"], [MonthDay(2, 5), MonthDay(2, 6)]),
    ("text with a point", ["2.5", "2.6"], [MonthDay(2, 5), MonthDay(2, 6)]),
    ("numbers", [2.5, 2.6], [MonthDay(2, 5), MonthDay(2, 6)]),
    ("dates", [date(2020, 2, 5), date(2020, 2, 6)], [date(2020, 2, 5), date(2020, 2, 6)]),
    ("dates with times", [datetime(2020, 2, 5), datetime(2020, 2, 6)], [date(2020, 2, 5), date(2020, 2, 6)]),
    ("serials", [43866.0, 43867.0], [date(2020, 2, 5), date(2020, 2, 6)]),
    ("ISO text", ["2020-02-05", "2020/2/6"], [date(2020, 2, 5), date(2020, 2, 6)]),
    ("a day of a month that something else names", ["5日", "6日"], [5, 6]),
    ("full-width", ["２月５日", "６日"], [MonthDay(2, 5), 6]),
]


@pytest.mark.parametrize(("heads", "days"), [pytest.param(h, d, id=name) for name, h, d in DAYS])
def test_a_column_a_day(heads: list[Cell], days: list[date | MonthDay | int]) -> None:
    found = layout([["姓名", "学号", *heads], ["甲乙", "20190101", 36.5, 36.6]], "student_daily")
    assert found.by_day
    assert [(c.index, c.field, c.day) for c in found.columns] == [
        (0, "name", None), (1, "student_no", None), (2, "temperature", days[0]), (3, "temperature", days[1]),
    ]  # fmt: skip


def test_days_over_morning_and_evening() -> None:
    rows: list[list[Cell]] = [
        ["姓名", "学号", "2月5日", "", "2月6日", ""],
        ["", "", "早晨体温", "晚间体温", "早晨体温", "晚间体温"],
        ["甲乙", "20190101", 36.5, 36.6, 36.7, 36.8],
    ]
    found = layout(rows, "student_daily", (Merge(0, 2, 0, 3), Merge(0, 4, 0, 5)))
    assert found.first == 2
    assert [(c.index, c.field, c.day) for c in found.columns][2:] == [
        (2, "temperature", MonthDay(2, 5)), (3, "temperature", MonthDay(2, 5)),
        (4, "temperature", MonthDay(2, 6)), (5, "temperature", MonthDay(2, 6)),
    ]  # fmt: skip


def test_morning_and_evening_are_both_kept() -> None:
    found = layout([["姓名", "学号", "早晨体温", "晚间体温"], ["甲乙", "20190101", 36.5, 36.6]], "student_daily")
    assert not found.by_day
    assert meant(found) == {0: "name", 1: "student_no", 2: "temperature", 3: "temperature"}


OPTIONS: Final[list[tuple[str, list[Cell]]]] = [
    ("question and option in brackets", ["5、当前症状(发热)", "5、当前症状(干咳)"]),
    ("full-width brackets", ["5、当前症状（发热）", "5、当前症状（干咳）"]),
    ("dash", ["5、当前症状—发热", "5、当前症状—干咳"]),
    ("colon", ["当前症状:发热", "当前症状:干咳"]),
]


@pytest.mark.parametrize("heads", [pytest.param(h, id=name) for name, h in OPTIONS])
def test_a_column_an_option(heads: list[Cell]) -> None:
    found = layout([["2、学号", "4、今日体温", *heads], ["20190101", 36.5, "发热", ""]], "student_daily")
    assert [(c.field, c.option) for c in found.columns] == [
        ("student_no", None), ("temperature", None), ("symptoms", "发热"), ("symptoms", "干咳"),
    ]  # fmt: skip


def test_a_ragged_sheet() -> None:
    """Trailing blanks may be missing, in the header as in the rows."""
    rows: list[list[Cell]] = [["教职工"], HEADER[:5], ["", "", "", "", "", "体温"], ROW]
    found = best_layout(Grid("日报", rows), FORMS["staff_daily"])
    assert found is None or found.first <= 3  # a header torn apart is no header of ours, and no exception


def test_a_hostile_header_is_not_a_crash() -> None:
    rows: list[list[Cell]] = [[float("nan"), float("inf"), "9" * 5000, "፩", True, ""], HEADER, ROW]
    assert layout(rows).top == 1
