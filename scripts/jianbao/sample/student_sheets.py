"""The students' sheets (学生日报), one shape a college."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import groupby
from random import Random
from typing import Final

from jianbao.sample.answers import Answer, SchoolDay
from jianbao.sample.days import day_in_words, week_in_words
from jianbao.sample.names import lot, pick
from jianbao.sample.sheets import Row, Worksheet, csv_bytes, workbook_bytes
from jianbao.sample.units import Shape, UnitSpec

FOLDER: Final = "学生日报"
_SURVEY_HEADER: Final = (
    "序号", "提交答卷时间", "所用时间", "来源", "来源详情", "来自IP", "1、姓名", "2、学号", "3、所在学院",
    "4、所在班级", "5、今日体温(℃)", "6、当前症状【多选题】", "7、目前所在地（省┋市）", "8、14天内有无接触史",
    "9、是否在校",
)  # fmt: skip
_CSV_HEADER: Final = ("学号", "姓名", "所在学院", "班级", "体温", "症状", "目前所在地", "接触史", "是否在校")
_FROM: Final = ("微信", "微信", "微信", "手机提交", "链接")
_OPENS: Final = time(6, 30)
_DUE: Final = time(10)
_MINUTES_OPEN: Final = 205
_LATE: Final = 0.03
_MINUTES_LATE: Final = 95


def student_files(days: Sequence[SchoolDay], weeks: Sequence[Sequence[SchoolDay]]) -> Iterator[tuple[str, bytes]]:
    """Yield the path and bytes of every student sheet: those of single days and those that run for a week."""
    colleges = days[0].school.colleges
    for day in days:
        yield from (_day_file(day, unit) for unit in colleges if unit.student_sheet is not Shape.COLUMN_A_DAY)
    for week in weeks:
        for unit in colleges:
            if unit.student_sheet is Shape.COLUMN_A_DAY:
                name = f"{unit.title}体温登记（{week_in_words(week[0].day)}）.xlsx"
                yield f"{FOLDER}/{name}", _column_a_day(week, unit.title)


def _day_file(day: SchoolDay, unit: UnitSpec) -> tuple[str, bytes]:
    answers = day.students[unit.title]
    match unit.student_sheet:
        case Shape.SURVEY:
            return f"{FOLDER}/问卷星_{unit.title}_{day.day:%m%d}.xlsx", _survey(day.day, unit.title, answers)
        case Shape.CSV_GB18030:
            data = csv_bytes([_CSV_HEADER, *map(_csv_row, answers)], encoding="gb18030")
            return f"{FOLDER}/{unit.title}{day_in_words(day.day)}.csv", data
        case Shape.CSV_UTF8:
            dated = ([f"{day.day:%Y/%m/%d}", *_csv_row(a)] for a in answers)
            data = csv_bytes([("日期", *_CSV_HEADER), *dated], encoding="utf-8-sig")
            return f"{FOLDER}/{unit.title}_{day.day:%Y%m%d}.csv", data
        case _:
            raise AssertionError(unit.student_sheet)


def _csv_row(answer: Answer) -> Row:
    person = answer.person
    return (
        answer.number, answer.name, person.unit, person.group, answer.temperature, answer.symptoms,
        answer.location.replace("┋", ""), answer.contact, answer.on_campus,
    )  # fmt: skip


def _survey(day: date, unit: str, answers: Sequence[Answer]) -> bytes:
    """Return a survey's export: the answers in the order in which they came, a second one of some people among them."""
    random = lot(day, unit, "survey")
    came = []
    for answer in answers:
        moment = _moment(day, random)
        came.append((moment, answer.person.number, _survey_row(answer, random)))
        if answer.replaced_by is not None:
            second = replace(answer, temperature=answer.replaced_by, symptoms="无症状")
            came.append((moment + timedelta(minutes=9), answer.person.number, _survey_row(second, random)))
    came.sort(key=lambda c: c[:2])
    rows = ([i, f"{moment:%Y/%m/%d %H:%M:%S}", *row] for i, (moment, _number, row) in enumerate(came, start=1))
    return workbook_bytes([Worksheet("Sheet1", [_SURVEY_HEADER, *rows])])


def _survey_row(answer: Answer, random: Random) -> Row:
    person, seconds = answer.person, 15 + int(random.random() * 60)
    address = f"203.0.113.{int(random.random() * 254) + 1}"
    return [
        f"{seconds}秒", pick(random, _FROM), "直接访问", address, answer.name, answer.number, person.unit, person.group,
        answer.temperature, answer.symptoms, answer.location, answer.contact, answer.on_campus,
    ]  # fmt: skip


def _moment(day: date, random: Random) -> datetime:
    """Return when an answer came: in the morning, a few after the deadline."""
    if random.random() < _LATE:
        return datetime.combine(day, _DUE) + timedelta(seconds=int(random.random() * _MINUTES_LATE * 60))
    return datetime.combine(day, _OPENS) + timedelta(seconds=int(random.random() * _MINUTES_OPEN * 60))


def _column_a_day(week: Sequence[SchoolDay], unit: str) -> bytes:
    """Return the temperature register of a college: a worksheet a grade, a column a day."""
    header = ("学号", "姓名", "班级", "是否在校", *(day_in_words(day.day) for day in week))
    grades = groupby(sorted(_register_rows(week, unit), key=_grade), key=_grade)
    return workbook_bytes(Worksheet(f"{grade}级", [(f"{unit}{grade}级学生体温登记",), header, *rows]) for grade, rows in grades)


def _grade(row: Row) -> str:
    return str(row[0])[:4]


def _register_rows(week: Sequence[SchoolDay], unit: str) -> Iterator[Row]:
    """Yield a row a student of a college, with the temperatures of the days on which they were measured."""
    school = week[0].school
    here = {number for number, since in school.on_campus_since.items() if since <= week[0].day}
    measured = [{a.person.number: a.temperature for a in day.students[unit]} for day in week]
    for p in school.students_of[unit]:
        yield p.number, p.name, p.group, "是" if p.number in here else "否", *(m.get(p.number) for m in measured)
