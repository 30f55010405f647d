"""The sample inbox: the same days give the same bytes, and every file opens."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from jianbao.forms.load import load_forms
from jianbao.project import shipped
from jianbao.sample import SAMPLE_DAYS, SMALL, write_sample
from jianbao.sample.days import by_week, week_around
from jianbao.sample.ledgers_logs import supply_files
from jianbao.sample.school import school_of

Tree = dict[str, bytes]
SETTINGS = {"fever_threshold", "observation_days", "missed_contact", "low_cover_days"}


def tree(folder: Path) -> Tree:
    """Return every file below a folder: path → bytes."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def written(folder: Path, *calls: Sequence[date]) -> Tree:
    """Return the small sample as one or more calls leave it."""
    for days in calls:
        write_sample(folder, days, size=SMALL)
    return tree(folder)


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Tree:
    return written(tmp_path_factory.mktemp("sample"), SAMPLE_DAYS)


@pytest.mark.parametrize(
    "calls",
    [
        pytest.param([SAMPLE_DAYS], id="again"),
        pytest.param([SAMPLE_DAYS, SAMPLE_DAYS], id="twice"),
        pytest.param([[day] for day in SAMPLE_DAYS], id="day by day"),
        pytest.param([[day] for day in reversed(SAMPLE_DAYS)], id="backwards"),
        pytest.param([SAMPLE_DAYS[:2], SAMPLE_DAYS[2:]], id="two and one"),
    ],
)
def test_the_same_days_give_the_same_bytes(tmp_path: Path, sample: Tree, calls: list[Sequence[date]]) -> None:
    assert written(tmp_path, *calls) == sample


def test_no_days_give_the_rosters_alone(tmp_path: Path, sample: Tree) -> None:
    assert written(tmp_path, []) == {name: data for name, data in sample.items() if name.startswith("花名册/")}


def test_a_day_brings_no_other_day(tmp_path: Path) -> None:
    written(tmp_path, [SAMPLE_DAYS[2]])
    staff = CalamineWorkbook.from_path(tmp_path / "教职工日报" / "信息工程学院（2026年第10周）.xlsx")
    assert staff.sheet_names == ["3月4日"]
    assert not [name for name in tree(tmp_path) if "3月2日" in name or "20260302" in name]


def test_a_new_week_has_workbooks_of_its_own(tmp_path: Path, sample: Tree) -> None:
    later = written(tmp_path, SAMPLE_DAYS, [date(2026, 3, 9)])
    assert {name: later[name] for name in sample} == sample
    assert "零报告/各单位零报告_收集结果（2026年第11周）.xlsx" in later


def test_the_rest_of_a_month_can_be_written(tmp_path: Path) -> None:
    days = [date(2026, 3, day) for day in range(2, 32)]
    assert len(written(tmp_path, days)) > len(days)


def test_there_is_a_folder_a_form(sample: Tree) -> None:
    folders = {name.split("/")[0] for name in sample}
    titles = {f.title for f in load_forms(shipped("forms_schema"), SETTINGS)}
    assert folders - titles == {"花名册", "教职工日报", "学生日报", "零报告", "分类管理"}
    assert len(folders) == 30


def test_every_workbook_opens(tmp_path: Path) -> None:
    written(tmp_path, SAMPLE_DAYS)
    books = sorted(tmp_path.rglob("*.xlsx"))
    assert books
    for path in books:
        book = CalamineWorkbook.from_path(path)
        assert all(len(book.get_sheet_by_name(name).to_python()) > 1 for name in book.sheet_names), path.name


@pytest.mark.parametrize(
    ("name", "encoding", "column"),
    [
        ("教职工日报/经济管理学院_20260302.csv", "gb18030", "职工号"),
        ("教职工日报/外国语学院_20260302.csv", "utf-8-sig", "职工号"),
        ("学生日报/外国语学院_20260302.csv", "utf-8-sig", "学号"),
    ],
)
def test_every_csv_opens_in_its_encoding(sample: Tree, name: str, encoding: str, column: str) -> None:
    header, *rows = csv.reader(sample[name].decode(encoding).splitlines())
    assert column in header
    assert rows
    assert all(len(row) == len(header) for row in rows)
    assert sample[name].startswith(b"\xef\xbb\xbf") is (encoding == "utf-8-sig")


def test_a_csv_can_lose_its_leading_zeros(sample: Tree) -> None:
    rows = csv.DictReader(sample["教职工日报/经济管理学院_20260302.csv"].decode("gb18030").splitlines())
    assert not [row["职工号"] for row in rows if row["职工号"].startswith("0")]


def test_weeks_hold_the_days_in_order() -> None:
    days = [date(2026, 3, 9), date(2026, 3, 2), date(2026, 3, 8)]
    assert by_week(days) == [[date(2026, 3, 2), date(2026, 3, 8)], [date(2026, 3, 9)]]
    assert week_around(date(2026, 3, 4)) == [date(2026, 3, day) for day in range(2, 9)]


def test_no_stock_is_ever_given_out_that_is_not_there() -> None:
    stock: Counter[tuple[str, str]] = Counter()
    for _name, data in supply_files(school_of(SMALL), [SAMPLE_DAYS[0] + timedelta(days=n) for n in range(60)]):
        _head, *rows = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
        for _day, item, what, count, _measure, campus, *_rest in rows:
            stock[item, campus] += -count if what == "发放" else count
        assert min(stock.values()) >= 0
