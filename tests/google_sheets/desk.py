"""An office whose sheets are online books of an emulated Google: real gspread, real google-auth, Google's own host names."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from jianbao import clock
from jianbao.cli.commands import jianbao
from jianbao.pipeline.office import make_office
from jianbao.sources import WorkbookCells
from jianbao.sources.isolated import IsolatedReader
from jianbao.sources.workbook import read_workbook
from sheets_server import Book, Server

DAY = "2020-02-06"
NOON = "2020-02-06T12:00"
EPOCH = datetime(1899, 12, 30)

UNITS = [
    ["单位", "类别", "上级", "填报人"],
    ["教务处", "部门", "学校", "褚航敏"],
    ["图书馆", "部门", "学校", "窦舟琪"],
    ["会计学院", "学院", "学校", "奚悦恩"],
]
STAFF = [
    ["工号", "姓名", "部门"],
    ["00001", "施彩甲", "教务处"],
    ["00002", "施彩乙", "图书馆"],
    ["00003", "施彩丙", "会计学院"],
]
REPORT = ["提交时间", "单位名称", "报告日期", "异常人数", "疑似", "确诊", "是否零报告", "填报人"]
DAILY = ["日期", "工号", "体温", "症状", "接触史"]


def quiet(unit: str, reporter: str) -> list[Any]:
    """A unit's report of nothing."""
    return ["2020-02-06 08:00:00", unit, 43867, 0, 0, 0, "是", reporter]


class Desk:
    """An office with an emulated Google beside it."""

    def __init__(self, root: Path, google: Server) -> None:
        self.root = root
        self.google = google
        self.folder = google.make_folder("填报")
        self._folders: dict[str, str] = {"": self.folder}
        make_office(root, school="榆溪学院", office="防控工作办公室")
        self.settings(f'folder = "https://drive.google.com/drive/folders/{self.folder}?usp=sharing"')

    def settings(self, lines: str, *, key: Path | None = None) -> None:
        """Write the `[source]` of jianbao.toml; `lines` are its own."""
        path = self.root / "jianbao.toml"
        before, _source, rest = path.read_text("utf-8").partition("[source]\n")
        after = rest.partition("[briefing]")[2]
        text = f'[source]\nkind = "google"\ncredentials = "{(key or self.google.key_file).as_posix()}"\n{lines}\n\n[briefing]'
        path.write_text((before + text + after).replace('signed_by = ""', 'signed_by = "林签发"'), "utf-8")

    def book(self, path: str, sheets: Mapping[str, list[list[Any]]], **more: Any) -> Book:
        """Make a book below the office's folder: `教职工日报/全校`."""
        place, _slash, title = path.rpartition("/")
        return self.google.make_book(title, sheets, folder=self._place(place), **more)

    def _place(self, path: str) -> str:
        if path not in self._folders:
            above, _slash, name = path.rpartition("/")
            self._folders[path] = self.google.make_folder(name)
            self.google.books.get(self._folders[path]).parents = [self._place(above)]
        return self._folders[path]

    def small_school(self) -> dict[str, Book]:
        """Make the books of a quiet day: two rosters, the staff's report, and each unit's own."""
        return {
            "单位": self.book("花名册/单位", {"单位": UNITS}),
            "教职工": self.book("花名册/教职工", {"教职工": STAFF}),
            "日报": self.book("教职工日报/全校", {"日报": [DAILY, *([43867, f"0000{n}", 36.5, "无", "否"] for n in (1, 2, 3))]}),
            "教务处": self.book("零报告/教务处", {"零报告": [REPORT, quiet("教务处", "褚航敏")]}),
            "图书馆": self.book("零报告/图书馆", {"零报告": [REPORT, quiet("图书馆", "窦舟琪")]}),
            "会计学院": self.book("零报告/会计学院", {"零报告": [REPORT, quiet("会计学院", "奚悦恩")]}),
        }

    def run(self, *words: str, code: int = 0) -> Result:
        """Run a verb in this process."""
        result = CliRunner().invoke(jianbao, ["--project", str(self.root), *words], catch_exceptions=False)
        assert result.exit_code == code, result.output
        return result

    def check(self, day: str = DAY, *words: str, at: str = "12:00") -> dict[str, Any]:
        """Return what `check` says of a day."""
        done = self.run("check", "--date", day, "--as-of", f"{day}T{at}", "--format", "json", *words)
        return json.loads(done.stdout)  # type: ignore[no-any-return]  # JSON

    def states(self, *words: str) -> dict[str, str]:
        """Return each unit's state."""
        return {u["unit"]: u["state"] for u in self.check(DAY, *words)["units"]}

    def unreached(self, *words: str) -> dict[str, str]:
        """Return what is said of each book that did not come."""
        return {f["file"]: f["message"] for f in self.check(DAY, *words)["findings"] if f["code"] == "source-not-reached"}


def online(data: bytes, title: str, *, text: bool) -> dict[str, list[list[Any]]]:
    """Return a file's cells as a person's copy in an online book holds them: dates as serials."""
    with IsolatedReader() as isolated:
        cells = read_workbook(data, title=title, text=text, isolate=isolated.read)
    assert isinstance(cells, WorkbookCells)
    return {g.name: [[_serial(c) for c in row] for row in g.rows] for g in cells.grids}


def _serial(cell: Any) -> Any:
    if isinstance(cell, datetime):
        return (cell - EPOCH).total_seconds() / 86_400
    return (cell - EPOCH.date()).days if isinstance(cell, date) else cell


def moment(text: str) -> datetime:
    """Return a moment in the school's zone."""
    return clock.parse_moment(text, clock.zone("Asia/Shanghai"))
