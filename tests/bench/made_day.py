"""An office with one day of 14,700 health reports of 20 columns in 12 workbooks: invented people, the same every time."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import numpy as np
import xlsxwriter
from numpy.random import Generator
from xlsxwriter.worksheet import Worksheet

from jianbao.sample import FULL, SAMPLE_DAYS, write_sample
from jianbao.sample.names import lot, person_name

DAY: Final = date(2020, 2, 10)
PEOPLE: Final = 14_700
WORKBOOKS: Final = 12
CLASSES: Final = 200
REPORTS: Final = "健康日报"
_OFFICE: Final = Path(__file__).parents[2]
_FORMS: Final = Path(__file__).with_name("forms_schema")
_TOML: Final = """\
[school]
name = "某校"
office = "防控办"
[[setting]]
name = "fever_threshold"
value = 37.2
since = 2020-01-01
"""
COLUMNS: Final = (
    "日期", "学工号", "姓名", "学院", "班级", "人员类别", "手机", "省份", "城市", "详细地址", "体温", "症状",
    "外地旅居史", "接触史", "隔离状态", "是否在校", "健康码", "返校日期", "填报时间", "备注",
)  # fmt: skip
_PLACES: Final = (("湖北", "武汉"), ("湖南", "长沙"), ("广东", "深圳"), ("河南", "信阳"), ("浙江", "温州"), ("江西", "九江"))

Cells = list[str | float]

Slip = Callable[[Generator, str], str]


@dataclass(frozen=True, slots=True)
class Person:
    """A line of the roster."""

    number: str
    name: str
    college: str
    class_: str
    category: str


def write_office(folder: Path, *, every_row_wrong: bool = False, sheet_a_class: bool = False) -> None:
    """Write settings, forms, roster and the day's workbooks; in three cells of a hundred stands what people write.

    With `sheet_a_class` each class has a sheet of its own, 200 in all. With `every_row_wrong` each row also
    lacks something that is required or holds what cannot be read.
    """
    chance = np.random.default_rng(20200210)
    people = _people(chance)
    (folder / "inbox/花名册").mkdir(parents=True)
    (folder / "inbox" / REPORTS).mkdir()
    (folder / "jianbao.toml").write_text(_TOML, encoding="utf-8")
    shutil.copytree(_FORMS, folder / "forms_schema")
    with (folder / "inbox/花名册/花名册.csv").open("w", encoding="utf-8-sig", newline="") as sheet:
        writer = csv.writer(sheet)
        writer.writerow(("学工号", "姓名", "学院", "班级"))
        writer.writerows((p.number, p.name, p.college, p.class_) for p in people)
    rows = [_row(chance, p) for p in people]
    for row in rows:
        _soil(chance, row)
        if every_row_wrong:
            _spoil(chance, row)
    colleges = [p.college for p in people]
    for n in range(WORKBOOKS):
        own = [place for place, c in enumerate(colleges) if c == _college(n)]
        classes = {p: people[p].class_ if sheet_a_class else "日报" for p in own}
        sheets = {name: [rows[p] for p in own if classes[p] == name] for name in dict.fromkeys(classes.values())}
        _write(folder / "inbox" / REPORTS / f"{n:02d}.xlsx", sheets)


def write_sample_office(folder: Path) -> None:
    """Write this office's settings and forms, and the sample school's first day at full size: every form and roster filled."""
    folder.mkdir()
    (folder / "inbox").mkdir()
    shutil.copy(_OFFICE / "jianbao.toml", folder)
    shutil.copytree(_OFFICE / "forms_schema", folder / "forms_schema")
    write_sample(folder / "inbox", SAMPLE_DAYS[:1], size=FULL)


def _college(n: int) -> str:
    return f"第{n + 1:02d}学院"


def _people(chance: Generator) -> list[Person]:
    names = lot("bench")
    classes = np.sort(chance.integers(0, CLASSES, PEOPLE)).tolist()
    found = []
    for n, class_ in enumerate(classes):
        college = _college(class_ * WORKBOOKS // CLASSES)
        category = "教职工" if chance.random() < 0.07 else "本科生" if chance.random() < 0.8 else "研究生"
        found.append(Person(f"20{17_000_000 + n * 7:09d}", person_name(names), college, f"{college}{class_ + 1}班", category))
    return found


def _row(chance: Generator, who: Person) -> Cells:
    province, city = _PLACES[int(chance.integers(len(_PLACES)))]
    at = timedelta(seconds=int(chance.integers(6 * 3600, 20 * 3600)))
    return [
        DAY.isoformat(), who.number, who.name, who.college, who.class_, who.category, f"1380000{chance.integers(10_000):04d}",
        province, city, f"{province}省{city}市某区某路{chance.integers(1, 999)}号", round(float(chance.normal(36.4, 0.2)), 1),
        "无" if chance.random() < 0.97 else "咳嗽", *("是" if chance.random() < p else "否" for p in (0.01, 0.0005)),
        "无" if chance.random() < 0.94 else "居家隔离", "是" if chance.random() < 0.03 else "否",
        "绿码" if chance.random() < 0.99 else "黄码",
        "2020-05-10" if chance.random() < 0.3 else "", f"{DAY} {at!s:0>8}", "已电话核实" if chance.random() < 0.04 else "",
    ]  # fmt: skip


def _one_of(*texts: str) -> Slip:
    return lambda chance, _value: texts[int(chance.integers(len(texts)))]


_WIDE: Final = str.maketrans("0123456789", "０１２３４５６７８９")
_SLIPS: Final[Mapping[str, tuple[Slip, ...]]] = {
    "日期": (_one_of("2月10日", "2020.2.10", "43871", "昨天"),),
    "学工号": (lambda _c, v: v.translate(_WIDE), lambda _c, v: v[:-2], lambda _c, v: f" {v}", _one_of("")),
    "姓名": (lambda _c, v: " ".join(v), lambda _c, v: f"{v}（班长）", _one_of("")),
    "学院": (lambda _c, v: v[:-1], lambda _c, v: f"{v} "),
    "班级": (_one_of("", "1班"),),
    "人员类别": (_one_of("学生", "本科", ""),),
    "手机": (lambda _c, v: v[:10], lambda _c, v: f"{v[:3]} {v[3:]}", _one_of("无", "")),
    "省份": (lambda _c, v: f"{v}省", _one_of("")),
    "城市": (_one_of(""),),
    "体温": (lambda _c, v: f"{v}℃", _one_of("正常", "365", "36。5", "63.5", "")),
    "症状": (_one_of("没有", "/", ""),),
    "外地旅居史": (_one_of("Y", "N", "无", ""),),
    "接触史": (_one_of("Y", "N", "无", ""),),
    "隔离状态": (_one_of("隔离", "在家", ""),),
    "是否在校": (_one_of("在校", "不在", ""),),
    "健康码": (_one_of("绿", "green", ""),),
    "返校日期": (_one_of("待定", "5.10"),),
    "填报时间": (_one_of("早上", "8:30", ""),),
}
_WRONG: Final[Mapping[str, tuple[str, ...]]] = {
    "体温": ("正常", "365", "63.5"), "城市": ("",), "健康码": ("green",), "学工号": ("不记得",), "返校日期": ("待定",),
    "接触史": ("大概没有",),
}  # fmt: skip


def _soil(chance: Generator, row: Cells) -> None:
    for at in np.flatnonzero(chance.random(len(COLUMNS)) < 0.03).tolist():
        slips = _SLIPS.get(COLUMNS[at])
        if slips:
            row[at] = slips[int(chance.integers(len(slips)))](chance, str(row[at]))


def _spoil(chance: Generator, row: Cells) -> None:
    titles = tuple(_WRONG)
    title = titles[int(chance.integers(len(titles)))]
    row[COLUMNS.index(title)] = _one_of(*_WRONG[title])(chance, "")


def _write(path: Path, sheets: Mapping[str, list[Cells]]) -> None:
    with xlsxwriter.Workbook(path) as book:
        for name, rows in sheets.items():
            _fill(book.add_worksheet(name), rows)


def _fill(sheet: Worksheet, rows: list[Cells]) -> None:
    sheet.write_row(0, 0, COLUMNS)
    for at, row in enumerate(rows, 1):
        for column, value in enumerate(row):
            if isinstance(value, float):
                sheet.write_number(at, column, value)
            elif value:
                sheet.write_string(at, column, value)
