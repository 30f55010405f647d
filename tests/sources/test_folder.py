"""What of the inbox is a sheet, what is named to the office, and what programs left behind."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from jianbao.sources.folder import scan


def put(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")


def test_files_in_the_order_of_their_names(tmp_path: Path) -> None:
    put(tmp_path, "乙.xlsx", "甲/2.csv", "甲/1.csv", "B.xls", "a.ods")
    assert [f.file for f in scan(tmp_path)] == ["B.xls", "a.ods", "乙.xlsx", "甲/1.csv", "甲/2.csv"]


def test_an_absent_inbox_is_empty(tmp_path: Path) -> None:
    assert list(scan(tmp_path / "inbox")) == []


@pytest.mark.parametrize(
    "name",
    [
        "~$教职工日报.xlsx", ".~lock.日报.ods#", ".DS_Store", "._日报.xlsx", "Thumbs.db", "desktop.ini", "Desktop.ini", "日报.xlsx.tmp",
        "日报.xlsx.part",
        "未确认 1234.crdownload", "日报.xlsx.download", "__MACOSX/日报.xlsx", "会计学院/.git/config.csv", ".隐藏/日报.xlsx",
        "会计学院/~$日报.xls",
    ],
)  # fmt: skip
def test_what_programs_and_systems_leave_behind(tmp_path: Path, name: str) -> None:
    put(tmp_path, name, "日报.xlsx")
    assert [f.file for f in scan(tmp_path)] == ["日报.xlsx"]


@pytest.mark.parametrize("inbox", [".收件/inbox", "__MACOSX/inbox", "~$x/inbox"])
def test_where_the_inbox_itself_lies_does_not_matter(tmp_path: Path, inbox: str) -> None:
    put(tmp_path / inbox, "日报.xlsx")
    assert [f.file for f in scan(tmp_path / inbox)] == ["日报.xlsx"]


@pytest.mark.parametrize("name", ["a.xlsx", "a.XLSX", "a.xls", "a.ods", "a.csv", "a.CSV", "a.tsv", "a.txt", "a.xlsm", "a.xlsb", "a.et"])
def test_names_of_sheets(tmp_path: Path, name: str) -> None:
    put(tmp_path, name)
    assert [f.is_sheet for f in scan(tmp_path)] == [True]


@pytest.mark.parametrize("name", ["照片.jpg", "通知.docx", "说明.pdf", "打包.zip", "没有后缀", "a.xlsx.rar"])
def test_other_files_are_named_and_not_read(tmp_path: Path, name: str) -> None:
    put(tmp_path, name)
    assert [(f.file, f.is_sheet) for f in scan(tmp_path)] == [(name, False)]


def test_a_decomposed_name_is_composed(tmp_path: Path) -> None:
    """macOS writes e and its accent apart; the same file must have the same name everywhere."""
    name = unicodedata.normalize("NFD", "Café 日报ガ.xlsx")
    put(tmp_path, name)
    (found,) = scan(tmp_path)
    assert found.file == unicodedata.normalize("NFC", name)
    assert found.path.is_file()


def test_size_and_stamp(tmp_path: Path) -> None:
    put(tmp_path, "a.csv")
    (one,) = scan(tmp_path)
    (tmp_path / "a.csv").write_bytes(b"xy")
    (two,) = scan(tmp_path)
    assert (one.size, two.size) == (1, 2)
    assert two.stamp >= one.stamp


def test_a_link_to_nothing_stops_nobody(tmp_path: Path) -> None:
    """A shortcut whose target was moved away: the other files are still taken."""
    put(tmp_path, "日报.xlsx")
    (tmp_path / "快捷方式.xlsx").symlink_to(tmp_path / "不在了.xlsx")
    assert "日报.xlsx" in [f.file for f in scan(tmp_path)]
