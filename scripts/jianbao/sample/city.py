"""An invented city's 31 schools on one day: who publishes what, when, and what goes wrong on the way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time
from typing import Final

from jianbao.sample.names import lot
from jianbao.sample.sheets import Row, Worksheet, workbook_bytes

CITY: Final = "汀州市"
CITY_OFFICE: Final = "学校传染病防控工作专班"
SIGNATORY: Final = "沈既明"
FORMS: Final = ("units", "unit_daily")
"""The forms that these small schools use."""

_PLACES: Final = (
    "东浦", "西浦", "南浦", "北浦", "上溪", "中溪", "下溪", "石桥", "白塔", "青林", "云岭", "双河", "长堤", "沙洲", "松岗", "竹园",
    "梅湾", "枫泾", "莲塘", "荷岸", "苇渡", "鹤亭", "鹿野", "雁门", "鹭洲", "春申", "夏泽", "秋浦", "冬青", "星湖", "月山",
)  # fmt: skip
_KINDS: Final = ("学院", "职业学院", "师范学校", "技师学院")
_DISTRICTS: Final = ("东片", "西片", "南片")
_UNITS: Final = ("教务处", "学生工作处", "后勤处", "护理系", "机电系")
_HEADER: Final = ("单位名称", "报告日期", "应报人数", "实报人数", "异常人数", "疑似", "确诊")

SILENT: Final = (6, 19)
"""The schools, by place, that publish nothing."""

LATE: Final = 11
ALTERED: Final = 23
"""The school whose published figures are changed after they were sealed."""


@dataclass(frozen=True, slots=True)
class CitySchool:
    """A school of the city: `published` is when it closes its day, None where it never does."""

    place: int
    name: str
    kind: str
    district: str
    published: time | None

    def sheets(self, day: date) -> Iterator[tuple[str, bytes]]:
        """Yield the path and bytes of what stands in its inbox."""
        listed: list[Row] = [("单位", "类别"), *((unit, "部门") for unit in _UNITS)]
        yield "单位名单.xlsx", workbook_bytes([Worksheet("单位", listed)])
        yield "各单位零报告.xlsx", workbook_bytes([Worksheet("收集结果", [_HEADER, *self._reports(day)])])

    def _reports(self, day: date) -> Iterator[Row]:
        random = lot(day, "city", self.place)
        silent = _UNITS[self.place % len(_UNITS)] if self.place % 7 == 3 else ""
        for number, unit in enumerate(_UNITS):
            people, ill = 40 + int(random.random() * 200), int(random.random() * 3) * (self.place % 4 == 0)
            suspected, confirmed = int(self.place % 10 == 4 and number == 0), int(self.place == ALTERED and number == 1)
            if unit != silent:
                yield unit, day, people, people - int(random.random() * 4), ill + suspected + confirmed, suspected, confirmed


def city_schools() -> tuple[CitySchool, ...]:
    """Return the schools, in the order of the city's list."""
    return tuple(_school(place, name) for place, name in enumerate(_PLACES))


def _school(place: int, name: str) -> CitySchool:
    kind, district = _KINDS[place % len(_KINDS)], _DISTRICTS[place % len(_DISTRICTS)]
    return CitySchool(place, f"{name}{kind}", kind, district, _time(place))


def _time(place: int) -> time | None:
    if place in SILENT:
        return None
    return time(11, 26) if place == LATE else time(10, 5 + place)
