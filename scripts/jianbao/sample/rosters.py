"""The rosters and the unit list (花名册): who is to be reported on, and who is to report."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Final

from jianbao.sample.school import Person, School
from jianbao.sample.sheets import Row, Worksheet, workbook_bytes

FOLDER: Final = "花名册"
_UNITS: Final = ("单位", "类别", "上级", "校区", "填报人", "联系电话")
_STAFF: Final = ("工号", "姓名", "部门", "校区", "身份证号", "手机号")
_STUDENTS: Final = ("学号", "姓名", "学院", "班级", "校区", "辅导员", "身份证号", "手机号")
_OTHERS: Final = ("人员编号", "姓名", "人员类别", "管理单位", "校区", "身份证号", "手机号")


def roster_files(school: School) -> Iterator[tuple[str, bytes]]:
    """Yield the path and bytes of the unit list and the three rosters, the students' with a worksheet a college."""
    yield f"{FOLDER}/单位名单.xlsx", workbook_bytes([Worksheet("单位", [_UNITS, *_unit_rows(school)])])
    staff = ((p.number, p.name, p.unit, p.campus, p.id_number, p.phone) for p in school.staff)
    yield f"{FOLDER}/教职工花名册.xlsx", workbook_bytes([Worksheet("教职工", [_STAFF, *staff])])
    colleges = groupby(school.students, key=lambda p: p.unit)
    students = [Worksheet(unit, [_STUDENTS, *map(_student, people)]) for unit, people in colleges]
    yield f"{FOLDER}/学生花名册.xlsx", workbook_bytes(students)
    others = ((p.number, p.name, p.group, p.unit, p.campus, p.id_number, p.phone) for p in school.others)
    yield f"{FOLDER}/其他人员花名册.xlsx", workbook_bytes([Worksheet("其他人员", [_OTHERS, *others])])


def _unit_rows(school: School) -> Iterator[Row]:
    for unit in school.units:
        reporter = school.reporter(unit.title)
        yield unit.title, unit.kind, "学校", unit.campus, reporter.name, reporter.phone


def _student(p: Person) -> Row:
    return p.number, p.name, p.unit, p.group, p.campus, p.counsellor, p.id_number, p.phone
