"""The staff's sheets (教职工日报), one shape a unit; the departments share one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Final

from jianbao.sample.answers import Answer, SchoolDay
from jianbao.sample.days import day_in_words, week_in_words
from jianbao.sample.sheets import Cell, Merge, Row, Worksheet, csv_bytes, workbook_bytes
from jianbao.sample.units import Shape, UnitSpec

FOLDER: Final = "教职工日报"
_NOTE: Final = "填报说明：每天上午10点前报送；没有情况也要逐人填写，体温单位为摄氏度。"
_TOP: Final = ("序号", "部门", "姓 名", "工号（必填）", "返省情况", "", "健康情况", "", "", "观察\n情况", "备注")
_BELOW: Final = ("", "", "", "", "是否返省", "返省日期", "体温(℃)", "症状", "接触史", "", "")
_HEADER: Final = ("姓名", "工号", "部门", "是否返省", "返省日期", "体温", "症状", "接触史", "观察情况")
_CSV_HEADER: Final = (
    "序号", "所在部门", "姓名", "职工号", "是否返省", "返省时间", "体温", "有无症状", "有无接触史", "目前状态",
)  # fmt: skip
_FIRST_ROW: Final = 4


def departments_file(day: date) -> str:
    """Return the path of the departments' sheet of a day."""
    return f"{FOLDER}/{day_in_words(day)}/机关部处.xlsx"


def staff_files(days: Sequence[SchoolDay], weeks: Sequence[Sequence[SchoolDay]]) -> Iterator[tuple[str, bytes]]:
    """Yield the path and bytes of every staff sheet: those of single days and those that run for a week."""
    colleges = days[0].school.colleges
    for day in days:
        yield departments_file(day.day), _titled(day.day, {u.title: day.staff[u.title] for u in day.school.departments})
        yield from (_day_file(day, unit) for unit in colleges if unit.staff_sheet is not Shape.SHEET_A_DAY)
    for week in weeks:
        for unit in colleges:
            if unit.staff_sheet is Shape.SHEET_A_DAY:
                yield f"{FOLDER}/{unit.title}（{week_in_words(week[0].day)}）.xlsx", _sheet_a_day(week, unit.title)


def _day_file(day: SchoolDay, unit: UnitSpec) -> tuple[str, bytes]:
    answers, stem = day.staff[unit.title], f"{FOLDER}/{unit.title}_"
    match unit.staff_sheet:
        case Shape.TITLED:
            return f"{stem}{day_in_words(day.day)}.xlsx", _titled(day.day, {unit.title: answers})
        case Shape.DATED:
            return f"{stem}{day.day:%Y%m%d}.xlsx", _dated(day.day, answers)
        case Shape.CSV_GB18030:
            return f"{stem}{day.day:%Y%m%d}.csv", _csv_without_zeros(answers)
        case Shape.CSV_UTF8:
            return f"{stem}{day.day:%Y%m%d}.csv", _csv_dated(day.day, answers)
        case _:
            raise AssertionError(unit.staff_sheet)


def _row(a: Answer) -> list[Cell]:
    """Return the cells that stand in every shape, in the order of `_HEADER` without name, number and unit."""
    return [a.returned, a.returned_on, a.temperature, a.symptoms, a.contact, a.observation]


def _sheet_a_day(week: Sequence[SchoolDay], unit: str) -> bytes:
    return workbook_bytes(
        Worksheet(day_in_words(day.day), [_HEADER, *([a.name, a.number, unit, *_row(a)] for a in day.staff[unit])]) for day in week
    )


def _dated(day: date, answers: Sequence[Answer]) -> bytes:
    rows = ([day, a.number, a.name, a.person.unit, *_row(a)] for a in answers)
    header = ("填报日期", "*工号", "*姓名", "*所在单位", *_HEADER[3:])
    return workbook_bytes([Worksheet("Sheet1", [header, *rows])])


def _csv_without_zeros(answers: Sequence[Answer]) -> bytes:
    """Return a CSV as a spreadsheet program saves it that took the numbers for numbers."""
    rows = ([i, a.person.unit, a.name, a.number.lstrip("0"), *_row(a)] for i, a in enumerate(answers, start=1))
    return csv_bytes([_CSV_HEADER, *rows], encoding="gb18030")


def _csv_dated(day: date, answers: Sequence[Answer]) -> bytes:
    rows = ([f"{day:%Y/%m/%d}", a.person.unit, a.name, a.number, *_row(a)] for a in answers)
    return csv_bytes([("日期", *_CSV_HEADER[1:]), *rows], encoding="utf-8-sig")


def _titled(day: date, answers: Mapping[str, Sequence[Answer]]) -> bytes:
    """Return the workbook with the title, the note line, the two-level header, the total and the signature row."""
    everybody = [(unit, a) for unit, rows in answers.items() for a in rows]
    rows: list[Row] = [
        (f"教职工健康情况日报表（{day_in_words(day)}）",),
        (_NOTE,),
        _TOP,
        _BELOW,
        *([i, unit, a.name, a.number, *_row(a), ""] for i, (unit, a) in enumerate(everybody, start=1)),
        ("合计", "", f"{len(everybody)}人"),
        ("填报人：", "", "", "", "审核人："),
    ]
    merges = [*_HEAD_MERGES, *_unit_merges([unit for unit, _answer in everybody])]
    return workbook_bytes([Worksheet("日报", rows, merges)])


_HEAD_MERGES: Final = (
    Merge(0, 0, 0, 9), Merge(1, 0, 1, 9), Merge(2, 4, 2, 5), Merge(2, 6, 2, 8),
    *(Merge(2, column, 3, column) for column in (0, 1, 2, 3, 9, 10)),
)  # fmt: skip


def _unit_merges(units: Sequence[str]) -> Iterator[Merge]:
    """Yield the blocks in which a unit stands once for all its people."""
    top = _FIRST_ROW
    for _unit, group in groupby(units):
        size = len(list(group))
        if size > 1:
            yield Merge(top, 1, top + size - 1, 1)
        top += size
