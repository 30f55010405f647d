"""A school small enough to read: four units, six staff, six students; sheets as its offices would send them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter
from click.testing import CliRunner

from jianbao.cli.commands import jianbao
from jianbao.pipeline.office import make_office

DAY = "2020-02-06"
NOON = "2020-02-06T12:00"

Rows = Sequence[Sequence[object]]


class School:
    """An office in a folder, driven through its command line."""

    def __init__(self, root: Path) -> None:
        self.root = root
        make_office(root, school="榆溪学院", office="防控工作办公室")
        self.sheet("花名册/单位.xlsx", [
            ["单位", "类别", "上级", "校区", "填报人"],
            ["教务处", "部门", "学校", "东校区", "褚航敏"], ["图书馆", "部门", "学校", "西校区", "窦舟琪"],
            ["会计学院", "学院", "学校", "东校区", "奚悦恩"], ["护理学院", "学院", "学校", "西校区", "云涵安"],
        ])  # fmt: skip
        self.sheet("花名册/教职工花名册.xlsx", [
            ["工号", "姓名", "部门", "校区", "手机号"],
            *([f"0000{n}", f"施彩{c}", unit, campus, f"1380000000{n}"] for n, (c, unit, campus) in enumerate((
                ("甲", "教务处", "东校区"), ("乙", "教务处", "东校区"), ("丙", "图书馆", "西校区"),
                ("丁", "会计学院", "东校区"), ("戊", "护理学院", "西校区"), ("己", "护理学院", "西校区")), 1)),
        ])  # fmt: skip
        self.sheet("花名册/学生花名册.xlsx", [
            ["学号", "姓名", "学院", "班级", "校区", "辅导员"],
            *([f"2019000{n}", f"褚珊{c}", unit, class_, campus, "窦舟琪"] for n, (c, unit, class_, campus) in enumerate((
                ("甲", "会计学院", "会计1901班", "东校区"), ("乙", "会计学院", "会计1901班", "东校区"),
                ("丙", "会计学院", "会计1902班", "东校区"), ("丁", "护理学院", "护理1901班", "西校区"),
                ("戊", "护理学院", "护理1901班", "西校区"), ("己", "护理学院", "护理1901班", "西校区")), 1)),
        ])  # fmt: skip

    def sheet(self, name: str, rows: Rows) -> None:
        """Write a workbook of one sheet into the inbox; text stays text."""
        path = self.root / "inbox" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with xlsxwriter.Workbook(path, {"strings_to_numbers": False}) as book:
            page = book.add_worksheet()
            for number, row in enumerate(rows):
                page.write_row(number, 0, row)

    def staff(self, *rows: Sequence[object], day: str = "2月6日") -> None:
        """Write a staff sheet: number, returned, temperature, symptoms, contact a row."""
        head = ["工号", "是否返省", "体温", "症状", "接触史"]
        self.sheet(f"教职工日报/教职工{day}.xlsx", [head, *rows])

    def students(self, *rows: Sequence[object], day: str = "2月6日") -> None:
        """Write a student sheet: number, temperature, symptoms, contact, on campus a row."""
        head = ["学号", "体温", "症状", "接触史", "是否在校"]
        self.sheet(f"学生日报/学生{day}.xlsx", [head, *rows])

    def units(self, *rows: Sequence[object], day: str = "2月6日") -> None:
        """Write the units' reports: time, unit, expected, received, abnormal, suspected, confirmed, zero, reporter a row."""
        head = ["提交时间", "单位名称", "应报人数", "实报人数", "异常人数", "疑似", "确诊", "是否零报告", "填报人"]
        self.sheet(f"零报告/零报告{day}.xlsx", [head, *rows])

    def run(self, *words: str, code: int = 0) -> str:
        """Run a verb, and return what it said."""
        result = CliRunner().invoke(jianbao, ["--project", str(self.root), *words], catch_exceptions=False)
        assert result.exit_code == code, result.output
        return result.output

    def check(self, day: str = DAY) -> dict[str, Any]:
        """Return what `check` says of a day."""
        return json.loads(self.run("check", "--date", day, "--as-of", f"{day}T12:00", "--format", "json"))  # type: ignore[no-any-return]  # JSON

    def figure(self, title: str, day: str = DAY) -> tuple[Any, int, int]:
        """Return a figure's value, received and expected."""
        found = next(f for f in self.check(day)["figures"].values() if f["title"] == title)
        return found["value"], found["received"], found["expected"]

    def states(self, day: str = DAY) -> dict[str, str]:
        """Return each unit's state."""
        return {u["unit"]: u["state"] for u in self.check(day)["units"]}

    def table(self, name: str, day: str = DAY, at: str = "12:00") -> list[list[Any]]:
        """Return the rows of one of the ledgers' tables."""
        said = self.run("tables", name, "--date", day, "--as-of", f"{day}T{at}", "--format", "json")
        return json.loads(said)["rows"]  # type: ignore[no-any-return]  # JSON

    def publish(self, day: str = DAY, *, code: int = 0) -> str:
        """Publish a day."""
        return self.run("publish", "--date", day, "--as-of", f"{day}T12:00", "--signed-by", "林签发", code=code)

    def page(self, name: str) -> str:
        """Return a built page."""
        return (self.root / "build/public/site" / name).read_text("utf-8")

    def form(self, name: str, *changes: tuple[str, str]) -> None:
        """Change a form's YAML, as an office does."""
        path = self.root / "forms_schema" / f"{name}.yaml"
        text = path.read_text("utf-8")
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        path.write_text(text, "utf-8")

    def warned(self, day: str = DAY) -> set[tuple[str, str | None]]:
        """Return the code of each finding of a day, and what stands in its cell."""
        return {(f["code"], f["found"]) for f in self.check(day)["findings"]}

    def listed(self, name: str, day: str = DAY) -> list[list[Any]]:
        """Return the rows of a workbook of persons, in private/lists/."""
        import openpyxl

        book = openpyxl.load_workbook(self.root / "private/lists" / day / name)
        return [list(row) for sheet in book.worksheets for row in sheet.iter_rows(min_row=2, values_only=True)]


def codes(found: dict[str, Any], severities: Iterable[str] = ("error", "warning", "alert")) -> list[tuple[str, str | None]]:
    """Return the code and cell of each finding of some severities."""
    return [(f["code"], f["cell"]) for f in found["findings"] if f["severity"] in severities]
