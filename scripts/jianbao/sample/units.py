"""The invented school's colleges and departments, and the shape of sheet that each hands in."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from jianbao.sample.size import SampleSize

EAST: Final = "东校区"
WEST: Final = "西校区"
DEPARTMENT: Final = "部门"
COLLEGE: Final = "学院"


class Shape(Enum):
    """How a sheet is laid out."""

    TITLED = auto()
    """A workbook a day: title, note line, two-level header, unit merged down, total and signature rows."""
    SHEET_A_DAY = auto()
    """A workbook a week, with a worksheet a day."""
    DATED = auto()
    """A workbook a day, with the day in a column."""
    COLUMN_A_DAY = auto()
    """A workbook a week, with a column of temperatures a day."""
    SURVEY = auto()
    """The export of an online survey (问卷星), with the time of submission."""
    CSV_UTF8 = auto()
    """UTF-8 with a byte order mark, with the day in a column."""
    CSV_GB18030 = auto()
    """GB18030, with the day in the file's name; numbers have lost their leading zeros."""


@dataclass(frozen=True, slots=True)
class UnitSpec:
    """A unit; `staff_share` and `class_share` are its parts of the school's staff and classes."""

    title: str
    kind: str
    campus: str
    staff_share: int
    class_share: int = 0
    majors: tuple[str, ...] = ()
    staff_sheet: Shape = Shape.TITLED
    student_sheet: Shape | None = None


def _department(title: str, staff_share: int, campus: str = EAST) -> UnitSpec:
    return UnitSpec(title, DEPARTMENT, campus, staff_share)


UNITS: Final = (
    _department("党政办公室", 26),
    _department("组织人事部", 22),
    _department("宣传部", 16),
    _department("学生工作处", 40),
    _department("教务处", 34),
    _department("科研处", 18),
    _department("财务处", 22),
    _department("后勤管理处", 58, WEST),
    _department("保卫处", 46),
    _department("卫生所", 28),
    _department("图书馆", 62, WEST),
    _department("信息中心", 26),
    UnitSpec("信息工程学院", COLLEGE, EAST, 96, 62, ("软件", "网络", "智能", "数据"), Shape.SHEET_A_DAY, Shape.SURVEY),
    UnitSpec("机电工程学院", COLLEGE, EAST, 88, 56, ("机械", "电气", "车辆"), Shape.SHEET_A_DAY, Shape.SURVEY),
    UnitSpec("土木建筑学院", COLLEGE, WEST, 74, 46, ("土木", "建筑", "造价"), Shape.TITLED, Shape.COLUMN_A_DAY),
    UnitSpec("化学与材料学院", COLLEGE, WEST, 62, 34, ("化工", "材料"), Shape.DATED, Shape.CSV_GB18030),
    UnitSpec("经济管理学院", COLLEGE, EAST, 86, 52, ("会计", "物流", "工商"), Shape.CSV_GB18030, Shape.COLUMN_A_DAY),
    UnitSpec("外国语学院", COLLEGE, EAST, 64, 30, ("英语", "日语"), Shape.CSV_UTF8, Shape.CSV_UTF8),
    UnitSpec("艺术设计学院", COLLEGE, WEST, 52, 26, ("视觉", "环艺"), Shape.TITLED, Shape.SURVEY),
    UnitSpec("护理学院", COLLEGE, WEST, 68, 34, ("护理", "助产"), Shape.DATED, Shape.SURVEY),
)  # fmt: skip


def units_of(size: SampleSize) -> tuple[UnitSpec, ...]:
    """Return the units that a school of this size has, in the order of the unit list."""
    return tuple(u for u in UNITS if not size.units or u.title in size.units)
