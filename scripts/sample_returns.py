"""The sample office's two returns: invented forms of an invented department, with figure names in their cells.

python scripts/sample_returns.py    write templates/returns/; equal bytes every time
"""

from __future__ import annotations

from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

import xlsxwriter

from jianbao.sample.units import COLLEGE, UNITS

TARGET: Final = Path(__file__).parents[1] / "templates" / "returns"
_MADE: Final = datetime(2020, 1, 1)


def daily(book: Any) -> None:
    """Write a sheet of totals, each with how many units or persons it rests on."""
    page = book.add_worksheet("日报")
    title, head, text, number, total = (book.add_format(f) for f in (
        {"bold": True, "font_size": 18, "align": "center", "valign": "vcenter"},
        {"bold": True, "border": 1, "align": "center", "bg_color": "#DDEBF7"}, {"border": 1},
        {"border": 1, "align": "center", "num_format": "0"}, {"border": 1, "align": "center", "bold": True, "num_format": "0"},
    ))  # fmt: skip
    page.set_column("A:A", 34)
    page.set_column("B:D", 14)
    page.set_row(0, 36)
    page.merge_range("A1:D1", "高等学校疫情防控情况日报表", title)
    page.merge_range("A2:D2", "填报学校：{{ school }}　　填报日期：{{ date }}　　数据截至：{{ as_of }}", book.add_format({"italic": True}))
    page.write_row("A3", ["项目", "数值", "实报", "应报"], head)
    for row, (said, name) in enumerate((
        ("疑似病例（例）", "suspected"), ("确诊病例（例）", "confirmed"), ("返省教职工累计（人）", "staff_returned_total"),
        ("在校学生（人）", "students_on_campus"), ("体温超过规定值的学生（人）", "students_fever"),
        ("体温超过规定值的教职工（人）", "staff_fever")), 3):  # fmt: skip
        page.write(row, 0, said, text)
        page.write_row(row, 1, [f"{{{{ {name} }}}}", f"{{{{ received : {name} }}}}", f"{{{{ expected : {name} }}}}"], number)
    page.write(9, 0, "疑似与确诊合计（例）", text)
    page.write_formula(9, 1, "=SUM(B4:B5)", total)
    page.write("A11", "报告单位：应报 {{ units_expected }} 个，实报 {{ units_received }} 个。")
    page.write("A12", "签发：{{ signed_by }}　　填报部门：{{ office }}")
    page.set_landscape()
    page.print_area("A1:D12")
    page.freeze_panes(3, 1)


def by_unit(book: Any, units: list[str]) -> None:
    """Write a sheet with a line a college."""
    page = book.add_worksheet("分学院")
    head = book.add_format({"bold": True, "border": 1, "text_wrap": True, "align": "center", "bg_color": "#E2EFDA"})
    text, number = book.add_format({"border": 1}), book.add_format({"border": 1, "align": "center"})
    page.set_column("A:A", 26)
    page.set_column("B:E", 16)
    page.write("A1", "各学院学生情况一览（{{ date }}，{{ school }}）", book.add_format({"bold": True, "font_size": 14}))
    page.write_row("A2", ["学院", "单位报告", "在校学生（人）", "体温超过规定值（人）", "实报（人）"], head)
    for row, unit in enumerate(units, 2):
        page.write(row, 0, unit, text)
        page.write_row(row, 1, [f"{{{{ state : {unit} }}}}", f"{{{{ students_on_campus : {unit} }}}}", f"{{{{ students_fever : {unit} }}}}",
                                f"{{{{ received : students_on_campus : {unit} }}}}"], number)  # fmt: skip
    last = len(units) + 2
    page.write(last, 0, "合计", head)
    for column in "CDE":
        page.write_formula(f"{column}{last + 1}", f"=SUM({column}3:{column}{last})", head)


def main() -> None:
    """Write both."""
    colleges = [u.title for u in UNITS if u.kind == COLLEGE]
    TARGET.mkdir(parents=True, exist_ok=True)
    for name, write in (("疫情防控日报表.xlsx", daily), ("分学院情况表.xlsx", partial(by_unit, units=colleges))):
        with xlsxwriter.Workbook(TARGET / name, {"strings_to_numbers": False}) as book:
            book.set_properties({"created": _MADE})
            write(book)


if __name__ == "__main__":
    main()
