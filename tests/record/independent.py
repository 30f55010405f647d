"""The figures of a day's health reports, counted again from the workbooks alone: openpyxl, csv and plain Python.

Nothing here knows jianbao. It reads a sheet as a clerk would: find the line with the headings, go down to the total.
"""

from __future__ import annotations

import csv
import io
import re
import subprocess
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl

FEVER = 37.2
YES = {"是", "Y", "y", "√", "已返", "已返省", "有", "在校", "1", "True"}
NO = {"否", "N", "n", "×", "未返", "未返省", "无", "没有", "不在校", "0", "False"}


def plain(value: Any) -> str:
    """Return a cell as text: full width made half, no blanks, no 。for a point."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", str(value)))


def heading(value: Any) -> str:
    """Return a heading without number, unit and marks."""
    return re.sub(r"^\d+、|\(.*?\)|【.*?】|\*|\?", "", plain(value))


def day_in(value: Any, year: int) -> date | None:
    """Return the day that a cell or a name says, or None."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, int | float) and not isinstance(value, bool) and 40000 < value < 60000:
        return date(1899, 12, 30) + timedelta(days=int(value))
    text = plain(value)
    if re.fullmatch(r"4\d{4}", text):
        return date(1899, 12, 30) + timedelta(days=int(text))
    patterns = (
        r"(?P<y>20\d\d)[-/.年](?P<m>\d{1,2})[-/.月](?P<d>\d{1,2})", r"(?P<y>20\d\d)(?P<m>\d\d)(?P<d>\d\d)(?!\d)",
        r"(?P<m>\d{1,2})月(?P<d>\d{1,2})日", r"_(?P<m>\d\d)(?P<d>\d\d)(?!\d)", r"^(?P<m>\d{1,2})\.(?P<d>\d{1,2})$",
    )  # fmt: skip
    for pattern in patterns:
        if found := re.search(pattern, text):
            groups = found.groupdict()
            return date(int(groups.get("y") or year), int(groups["m"]), int(groups["d"]))
    return None


def temperature(value: Any) -> float | None:
    """Return a temperature, None where it is none that a person can have."""
    found = re.fullmatch(r"(\d+(?:[.。]\d+)?)(?:°C|℃|度)?", plain(value))
    degrees = float(found[1].replace("。", ".")) if found else None
    return degrees if degrees is not None and 34 <= degrees <= 43 else None


def count(value: Any) -> int | None:
    """Return a number of cases as units write it."""
    text = plain(value)
    if text in ("无", "零", "〇", "○"):
        return 0
    return int(text) if text.isdigit() else None


def yes(value: Any) -> bool | None:
    text = plain(value)
    return True if text in YES else False if text in NO else None


Row = dict[str, Any]


Cells = list[list[Any]]


@cache
def sheets(path: Path, scratch: Path) -> list[tuple[str, Cells]]:
    """Return each worksheet's name and rows; old and open formats are converted by LibreOffice first."""
    return list(opened(path, scratch))


def opened(path: Path, scratch: Path) -> Iterator[tuple[str, Cells]]:
    if path.suffix == ".csv":
        data = path.read_bytes()
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("gb18030")
        yield path.stem, [list(row) for row in csv.reader(io.StringIO(text))]
        return
    if path.suffix in (".xls", ".ods"):
        words = ["soffice", f"-env:UserInstallation={(scratch / 'profile').as_uri()}", "--headless", "--convert-to", "xlsx", "--outdir"]
        subprocess.run([*words, str(scratch), str(path)], check=True, capture_output=True, timeout=180)
        path = scratch / f"{path.stem}.xlsx"
    try:
        book = openpyxl.load_workbook(path, data_only=True)
    except (zipfile.BadZipFile, KeyError):  # encrypted or cut off: nobody can read it
        return
    for sheet in book:
        yield sheet.title, [list(row) for row in sheet.iter_rows(values_only=True)]


def table(rows: list[list[Any]], number: str) -> Iterator[Row]:
    """Yield a sheet's rows by heading, from below the line that names `number` to the total."""
    start = next((i for i, row in enumerate(rows) if any(heading(c) in number.split("|") for c in row)), None)
    if start is None:
        return
    names = [heading(c) for c in rows[start]]
    below = rows[start + 1] if start + 1 < len(rows) else []
    if below and not plain(below[0]) and any(heading(c) == "是否返省" for c in below):  # a heading of two lines
        names = [heading(b) or n for n, b in zip(names, below, strict=False)]
        start += 1
    for row in rows[start + 1 :]:
        first = plain(row[0]) if row else ""
        if first.startswith(("合计", "填报人", "审核")):
            return
        if any(plain(c) for c in row):
            yield dict(zip(names, row, strict=False))


def of(row: Row, *names: str) -> Any:
    return next((row[n] for n in names if n in row), None)


@dataclass
class School:
    """Rosters and units, by hand."""

    staff: dict[str, str] = field(default_factory=dict)
    students: dict[str, str] = field(default_factory=dict)
    others: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)

    @property
    def units(self) -> list[str]:
        """The units that report, in the order of their list."""
        return list(self.kinds)

    def knows(self, number: Any) -> bool:
        """Whether a number is somebody's."""
        return any(plain(number) in roster for roster in (self.staff, self.students, self.others))


def school(inbox: Path, scratch: Path) -> School:
    found = School()
    for path in sorted((inbox / "花名册").iterdir()):
        for _name, rows in sheets(path, scratch):
            found.staff |= {plain(r["工号"]): plain(r["姓名"]) for r in table(rows, "工号")}
            found.students |= {plain(r["学号"]): plain(r["姓名"]) for r in table(rows, "学号")}
            found.others |= {plain(r["人员编号"]): plain(r["姓名"]) for r in table(rows, "人员编号")}
            found.kinds |= {plain(r["单位"]): plain(r["类别"]) for r in table(rows, "单位") if "类别" in r}
    return found


Fact = tuple[int | None, int, int]
"""Value, received, expected."""


def persons(folder: Path, number: str, known: dict[str, str], day: date, scratch: Path) -> dict[date, dict[str, Row]]:
    """Return each day's rows by person: those with an error left out, of two answers to a survey the later."""
    found: dict[date, dict[str, list[Row]]] = {}
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        for name, rows in sheets(path, scratch):
            title = rows[0][0] if rows and rows[0] else None
            place = next((d for t in (name, title, path.stem, path.parent.name) if (d := day_in(t, day.year))), day)
            for row in table(rows, number):
                who = plain(of(row, *number.split("|")))
                who = who if who in known or not who.isdigit() else who.zfill(5)
                if known.get(who) != plain(row.get("姓名")):
                    continue
                for on, one in by_day(row, place, day.year):
                    found.setdefault(on, {}).setdefault(who, []).append(one)
    return {on: {who: kept for who, rows in people.items() if (kept := settled(rows))} for on, people in found.items()}


def by_day(row: Row, place: date, year: int) -> Iterator[tuple[date, Row]]:
    """Yield a row by its day; of a sheet with a column a day one row a day that is filled."""
    days = {d: v for h, v in row.items() if re.fullmatch(r"\d+月\d+日", h) and (d := day_in(h, year))}
    if days:
        yield from ((d, {**row, "体温": v}) for d, v in days.items() if plain(v))
        return
    stated = row.get("日期") if "日期" in row else row.get("提交答卷时间")
    yield day_in(stated, year) or place, row


def settled(rows: list[Row]) -> Row | None:
    """Return the one row that counts: none where one is wrong in itself, or two say different things."""
    if "提交答卷时间" in rows[0]:
        rows = [max(rows, key=lambda r: plain(r["提交答卷时间"]))]
    heat = [of(r, "体温", "今日体温") for r in rows]
    if any(plain(h) and temperature(h) is None for h in heat) or not all(dated(of(r, "返省日期", "返省时间")) for r in rows):
        return None
    told = {tuple(plain(v) if not temperature(v) else str(temperature(v)) for k, v in r.items() if k != "序号") for r in rows}
    return rows[0] if len(told) == 1 else None


def dated(value: Any) -> bool:
    """Whether a cell is blank or a day that the calendar has."""
    try:
        return not plain(value) or day_in(value, 2020) is not None
    except ValueError:
        return False


def reports(folder: Path, day: date, units: list[str], scratch: Path) -> dict[str, Row]:
    """Return the units' valid reports of a day, of several the last."""
    found: dict[str, Row] = {}
    for path in sorted(folder.rglob("*")):
        for _name, rows in sheets(path, scratch) if path.is_file() else ():
            for row in sorted(table(rows, "单位名称"), key=lambda r: plain(r["提交时间"])):
                if day_in(row["报告日期"], day.year) == day and plain(row["单位名称"]) in units:
                    found[plain(row["单位名称"])] = row
    needed = ("应报人数", "实报人数", "异常人数", "疑似", "确诊")
    return {unit: row for unit, row in found.items() if all(count(row[n]) is not None for n in needed)}


def recompute(inbox: Path, day: date, scratch: Path) -> dict[str, Fact]:
    """Return the figures of the health reports of a day: value, received, expected."""
    people = school(inbox, scratch)
    staff = persons(inbox / "教职工日报", "工号|职工号", people.staff, day, scratch)
    students = persons(inbox / "学生日报", "学号", people.students, day, scratch)
    today, pupils = staff.get(day, {}), students.get(day, {})
    units = reports(inbox / "零报告", day, people.units, scratch)
    back = {who for on, rows in staff.items() if on <= day for who, r in rows.items() if yes(r.get("是否返省"))}
    home = [plain(of(r, "观察情况", "目前状态", "观察")) for r in today.values()]
    heat = {name: [t for r in rows.values() if (t := temperature(of(r, "体温", "今日体温"))) is not None]
            for name, rows in (("staff", today), ("students", pupils))}  # fmt: skip
    here = [yes(r.get("是否在校")) for r in pupils.values()]
    sums: dict[str, Fact] = {
        name: (sum(count(r[title]) or 0 for r in units.values()), len(units), len(people.units))
        for name, title in (("suspected", "疑似"), ("confirmed", "确诊"), ("abnormal", "异常人数"))
    }
    n_staff, n_students = len(people.staff), len(people.students)
    return sums | {
        "units_expected": (len(people.units), len(units), len(people.units)),
        "units_received": (len(units), len(units), len(people.units)),
        "staff_returned_total": (len(back), sum(yes(r.get("是否返省")) is not None for r in today.values()), n_staff),
        "staff_home_observation": (home.count("居家观察"), sum(map(bool, home)), n_staff),
        "staff_fever": (sum(t > FEVER for t in heat["staff"]), len(heat["staff"]), n_staff),
        "students_on_campus": (here.count(True), sum(h is not None for h in here), n_students),
        "students_fever": (sum(t > FEVER for t in heat["students"]), len(heat["students"]), n_students),
    }
