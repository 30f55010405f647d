"""Text tables as WPS, 腾讯文档, 问卷星 and old systems save them."""

from __future__ import annotations

import codecs
import contextlib
from typing import Final

import pytest

from jianbao.sources import Cell
from jianbao.sources.text import TextUnreadable, decode, read_text_table

TABLE: Final[list[list[Cell]]] = [["工号", "姓名", "体温"], ["00123", "甲㛃", "36.5℃"], ["00124", "丙·丁", "３６．４"]]
TEXT: Final = "\r\n".join(",".join(map(str, row)) for row in TABLE) + "\r\n"

ENCODED: Final[list[tuple[str, bytes]]] = [
    ("UTF-8", TEXT.encode()),
    ("UTF-8 with a byte order mark", TEXT.encode("utf-8-sig")),
    ("UTF-16 LE with a byte order mark", codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le")),
    ("UTF-16 BE with a byte order mark", codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be")),
    ("GB18030", TEXT.encode("gb18030")),
]


@pytest.mark.parametrize("data", [pytest.param(d, id=name) for name, d in ENCODED])
def test_encodings(data: bytes) -> None:
    assert read_text_table(data) == TABLE


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_where_the_first_letter_is_latin(encoding: str) -> None:
    assert decode("No,工号\n1,00123\n".encode(encoding)) == "No,工号\n1,00123\n"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_read_or_refused_but_never_garbled(encoding: str) -> None:
    with contextlib.suppress(TextUnreadable):
        assert decode(TEXT.encode(encoding)) == TEXT


def test_gbk_letters_are_gb18030_s() -> None:
    assert decode("会计学院,体温℃".encode("gbk")) == "会计学院,体温℃"


@pytest.mark.parametrize("mark", [",", "\t", ";", "|", "，"], ids=["comma", "tab", "semicolon", "bar", "Chinese comma"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
def test_delimiters_and_line_ends(mark: str, end: str) -> None:
    assert read_text_table(end.join(mark.join(map(str, row)) for row in TABLE).encode()) == TABLE


PROSE: Final = "上午九点，书记、院长带队，到宿舍、食堂、教学楼，逐一查看，发现问题，当场整改，下午复查，全部完成。"

DELIMITED: Final[list[tuple[str, str, list[list[Cell]]]]] = [
    ("a comma inside quotes", '工号,备注\n00123,"咳,痰"\n', [["工号", "备注"], ["00123", "咳,痰"]]),
    ("a line break inside quotes", '工号,备注\n00123,"咳\n痰"\n', [["工号", "备注"], ["00123", "咳\n痰"]]),
    ("quotes inside quotes", '工号,备注\n00123,"他说""好"""\n', [["工号", "备注"], ["00123", '他说"好"']]),
    ("quoted zeros", '工号,体温\n"00123",36.5\n', [["工号", "体温"], ["00123", "36.5"]]),
    ("tabs with commas in the words", "工号\t备注\n00123\t咳,痰\n00124\t头,眼,鼻\n",
        [["工号", "备注"], ["00123", "咳,痰"], ["00124", "头,眼,鼻"]]),
    ("prose with Chinese commas", f"单位,标题,内容\n会计学院,消毒,{PROSE}\n金融学院,开会,{PROSE}\n",
        [["单位", "标题", "内容"], ["会计学院", "消毒", PROSE], ["金融学院", "开会", PROSE]]),
    ("a title above the header", "教职工健康日报\n工号,姓名,体温\n00123,甲,36.5\n",
        [["教职工健康日报"], ["工号", "姓名", "体温"], ["00123", "甲", "36.5"]]),
    ("blank lines", "\n\n工号,体温\n\n00123,36.5\n", [[], [], ["工号", "体温"], [], ["00123", "36.5"]]),
    ("rows of unequal length", "工号,姓名,体温\n00123\n00124,乙,36.5,多,余\n",
        [["工号", "姓名", "体温"], ["00123"], ["00124", "乙", "36.5", "多", "余"]]),
    ("one column", "工号\n00123\n", [["工号"], ["00123"]]),
    ("one line without its end", "工号,体温", [["工号", "体温"]]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "rows"), [pytest.param(t, r, id=name) for name, t, r in DELIMITED])
def test_tables(text: str, rows: list[list[Cell]]) -> None:
    assert read_text_table(text.encode()) == rows


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"\x00\x01\x02\x03\x04", id="bytes of no text"),
        pytest.param(TEXT.encode() + b"\0\0\0", id="NUL inside"),
        pytest.param(b"\xff\xfe\x00", id="half a UTF-16 letter"),
        pytest.param(codecs.BOM_UTF16_LE + b"\x00\xd8\x41\x00", id="a lone surrogate"),
        pytest.param(b"a,b\n\xff\xff\xff\xff", id="no letter in any encoding"),
        pytest.param(b'"' + b"a" * (2 << 20), id="a cell of two megabytes"),
        pytest.param(b"," * 3000 + b"\n" * 3000, id="nine million cells"),
    ],
)
def test_what_is_no_table(data: bytes) -> None:
    with pytest.raises(TextUnreadable) as error:
        read_text_table(data)
    assert str(error.value)


def test_an_empty_file_is_a_table_of_nothing() -> None:
    assert read_text_table(b"") == []
    assert read_text_table(codecs.BOM_UTF8) == []
