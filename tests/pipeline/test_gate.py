"""A page, an attachment or a file name that holds a person stops the release, and names what and where."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from .conftest import DAY, NOON, Run

IDENTITY = "990101199512120019"


def notice(office: Path, body: str, name: str = "n.md") -> None:
    (office / "site/notices").mkdir(exist_ok=True)
    head = "---\ntitle: 通知一则\nkind: notice\nstatus: signed\ndate: 2020-02-06\n---\n\n"
    (office / f"site/notices/{name}").write_text(head + body + "\n", encoding="utf-8")


def docx(text: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as parts:
        parts.writestr("[Content_Types].xml", "<Types/>")
        parts.writestr("word/document.xml", f"<w:document><w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body></w:document>")
    return out.getvalue()


def identity_number() -> str:
    from stdnum.iso7064 import mod_11_2

    stem = "99010119951212001"
    return stem + mod_11_2.calc_check_digit(stem)


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("请联系施彩辉老师。", "施彩辉"),
        ("请联系施**彩**辉老师。", "施彩辉"),
        ("请联系施 彩\n辉老师。", "施彩辉"),
        ("请联系施&#24425;辉老师。", "施彩辉"),
        ("请联系施\u200b彩\u200b辉老师。", "施彩辉"),
        ("工号 00004 的老师。", "00004"),
        ("电话 13812345678。", "13812345678"),
        ("电话 138 1234 5678。", "138 1234 5678"),
        (f"证件 {identity_number()}。", identity_number()),
        ("信息员褚航敏负责。", "褚航敏"),
    ],
    ids=["name", "split by marks", "split by spaces", "as entity", "zero-width", "number", "phone", "spaced phone", "identity", "reporter"],
)
def test_a_person_on_a_page_stops_the_release(office: Path, run: Run, body: str, found: str) -> None:
    notice(office, body)
    said = run(office, "publish", "--date", DAY, "--as-of", NOON, code=3).output
    assert "site/notices/n.html" in said
    assert f"【{found}】" in said.replace("\n", " ") or found.replace(" ", "") in said.replace(" ", "")
    assert not (office / "record/chain.txt").exists()
    assert not (office / "build/public/site").exists()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("list.csv", "工号,姓名\n00001,施彩辉\n".encode("gb18030")),
        ("list.docx", docx("施</w:t></w:r><w:r><w:t>彩辉")),
        ("施彩辉.csv", b"a,b\n"),
        ("program.exe", b"MZ\0\0"),
        ("locked.zip", b"PK\x03\x04 broken"),
    ],
    ids=["csv in GB18030", "docx with a split run", "file name", "unknown kind", "broken zip"],
)
def test_an_attachment_with_a_person_or_that_cannot_be_looked_into_stops_the_release(
    office: Path, run: Run, name: str, data: bytes
) -> None:
    notice(office, f"附件：[名单]({name})")
    (office / f"site/notices/{name}").write_bytes(data)
    said = run(office, "publish", "--date", DAY, "--as-of", NOON, code=3).output
    assert f"site/notices/{name}" in said


def test_a_name_that_the_search_index_splits_is_found(office: Path, run: Run) -> None:
    settings = office / "site/notices"
    settings.mkdir()
    notice(office, "第一句。施彩\n\n辉煌的一天。")
    run(office, "publish", "--date", DAY, "--as-of", NOON)  # two paragraphs are not a name
    notice(office, "第一句。施<em>彩</em>辉。", "m.md")
    said = run(office, "publish", "--as-of", NOON, code=3).output
    assert "site/search/search_index.json" in said


def test_an_everyday_word_is_allowed_once_with_a_reason(office: Path, run: Run) -> None:
    roster = office / "inbox/花名册/教职工.csv"
    roster.write_text(roster.read_text("utf-8").replace("严恩旭", "高强"), encoding="utf-8")
    notice(office, "要保持高强度管理，不得放松。")
    said = run(office, "publish", "--date", DAY, "--as-of", NOON, code=3).output
    assert "【高强】度管理" in said
    assert "jianbao allow" in said
    run(office, "allow", "高强度", "--reason", "常用词，不指人")
    run(office, "publish", "--date", DAY, "--as-of", NOON)
    assert 'phrase = "高强度"' in (office / "jianbao.toml").read_text("utf-8")
    notice(office, "高强同志。", "m.md")
    assert "【高强】同志" in run(office, "publish", "--as-of", NOON, code=3).output
    assert "早已放行" in run(office, "allow", "高强度", "--reason", "再次").output


def test_a_signatory_of_the_rosters_may_sign_and_nothing_else(office: Path, run: Run) -> None:
    run(office, "publish", "--date", DAY, "--as-of", NOON, "--signed-by", "施彩辉")
    notice(office, "施彩辉同志今日值班。")
    assert "【施彩辉】同志" in run(office, "publish", "--as-of", NOON, "--signed-by", "施彩辉", code=3).output


def test_news_from_a_sheet_that_names_a_person_stops_the_release(office: Path, run: Run) -> None:
    (office / "inbox/部门动态/动态.csv").write_text("日期,单位,标题,内容\n2020-02-06,教务处,好人好事,窦舟岚老师加班。\n", encoding="utf-8")
    assert "窦舟岚" in run(office, "publish", "--date", DAY, "--as-of", NOON, code=3).output
