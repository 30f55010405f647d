"""What was removed for personal data's sake is gone from closed editions, volumes and search too: every byte is looked through."""

from __future__ import annotations

import io
import json
from pathlib import Path
from urllib.parse import quote

import pytest
from click.testing import CliRunner
from pypdf import PdfReader

from jianbao import files
from jianbao.cli.commands import jianbao
from jianbao.pipeline.office import make_office
from jianbao.record import EDITIONS

from .conftest import DAY, NOON, STAFF, UNITS, Run, invoke, reports, staff_sheet, with_key, write

VERSION = "2020-spring"
TITLE = "关于曹姓同学返校情况的通知"
SAID = (
    TITLE, "曹同学回校经过摘要", "曹同学于二月一日自外地回校", "在一号公寓居住", "曹同学同行人员名单", "第一位同行的人", "同住的第二位",
    "附件里的秘密一格", "线上教学准备就绪", "全校网络课程完成检查",
)  # fmt: skip
"""What the notice and the briefing's news said, that no other page says."""

NOTICE = f"""---
title: {TITLE}
kind: notice
status: signed
date: 2020-02-06
tags: [返校]
summary: {SAID[1]}
---

{SAID[2]}，**{SAID[3]}**。见[附件](名单.csv)。

## {SAID[5]}

- {SAID[5]}

| {SAID[4]} |
| --- |
| {SAID[6]} |
"""


@pytest.fixture(scope="module")
def closed_office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office with one day published, the term closed under two names and bound, then a page changed once; nobody changes it."""
    root = tmp_path_factory.mktemp("closed") / "office"
    make_office(root, school="榆溪学院", office="防控工作办公室")
    for name in ("key", "key.pub"):
        (root.parent / name).write_bytes(b"")
    settings = root / "jianbao.toml"
    settings.write_text(settings.read_text("utf-8").replace('signed_by = ""', 'signed_by = "林签发"'), encoding="utf-8")
    write(root / "inbox/花名册/单位.csv", UNITS)
    write(root / "inbox/花名册/教职工.csv", STAFF)
    write(root / "inbox/部门动态/动态.csv", f"日期,单位,标题,内容\n{DAY},教务处,{SAID[8]},{SAID[9]}。\n")
    write(root / "site/notices/n.md", NOTICE)
    write(root / "site/notices/名单.csv", f"甲,乙\n1,{SAID[7]}\n")
    staff_sheet(root / "inbox", DAY)
    reports(root / "inbox", DAY)
    invoke(root, "publish", "--date", DAY, "--as-of", NOON)
    write(root / "site/notices/n.md", NOTICE.replace("status: signed", "status: signed\nchanges: [{date: 2020-02-06, note: 改一字}]"))
    invoke(root, "publish", "--date", DAY, "--as-of", "2020-02-06T12:30")
    invoke(root, "edition", "close", VERSION, "--alias", "latest", "--as-of", "2020-02-06T13:00")
    invoke(root, "volume", "--from", "2020-02-01", "--to", "2020-02-28")
    return root


@pytest.fixture
def cleared(closed_office: Path, tmp_path: Path, run: Run) -> Path:
    """A copy of it in which notice and briefing were removed."""
    office = with_key(closed_office, tmp_path)
    for page in ("notices/n.md", f"briefings/2020/{DAY}.md"):
        run(office, "withdraw", f"site/{page}", "--privacy", "--reason", "登了学生情况", "--as-of", "2020-02-06T15:00")
    staff_sheet(office / "inbox", "2020-02-07")
    reports(office / "inbox", "2020-02-07")
    run(office, "publish", "--date", "2020-02-07", "--as-of", "2020-02-07T12:00")
    return office


def held(folder: Path) -> dict[str, str]:
    """Return what every file says, as a reader or a searching program would find it: as text, without what parts words, PDFs read."""
    found = {}
    for path in files.walk(folder):
        data = path.read_bytes()
        text = data.decode("utf-8", "replace")
        if path.suffix == ".pdf":
            reader = PdfReader(io.BytesIO(data))
            text = "".join(page.extract_text() for page in reader.pages) + str(reader.metadata) + str(reader.attachments)
        elif path.suffix in (".js", ".json"):
            text += text.encode("ascii", "backslashreplace").decode("unicode_escape", "replace") if text.isascii() else ""
        found[files.relative(path, folder)] = "".join(text.replace("\u200b", "").split())
    return found


def telling(folder: Path, words: tuple[str, ...] = SAID) -> set[tuple[str, str]]:
    """Return which files say which of the words, in whatever way they are written."""
    forms = {w: {w, quote(w), json.dumps(w)[1:-1]} for w in words}
    return {(name, w) for name, text in held(folder).items() for w in words if any(f in text for f in forms[w])}


PUBLIC = ("editions", "build", "record")


def test_before_it_is_removed_it_is_told_in_editions_search_and_volumes(closed_office: Path) -> None:
    told = telling(closed_office / "editions")
    assert {w for _name, w in told} == set(SAID)
    assert {f"{VERSION}/{n}" for n in ("search/search_index.json", "search/search_index.js", "feed.xml", "index.html", "notices/n.pdf",
            "notices/n.v1.pdf", "notices/n.single.html", "departments/教务处.html")} <= {name for name, _w in told}  # fmt: skip
    assert any(name.endswith(".pdf") for name, _w in telling(closed_office / "build/volumes"))


def test_no_byte_of_editions_site_volumes_or_record_tells_it_any_more(cleared: Path, run: Run) -> None:
    assert [found for folder in PUBLIC for found in sorted(telling(cleared / folder))] == []
    edition = cleared / "editions" / VERSION
    assert "本页已撤下" in (edition / "notices/n.html").read_text("utf-8")
    assert not (edition / "notices/名单.csv").exists()
    assert "返省教职工累计" in (edition / "data/index.html").read_text("utf-8")
    index = json.loads((edition / "search/search_index.json").read_text("utf-8"))
    script = (edition / "search/search_index.js").read_text("utf-8")
    assert json.JSONDecoder().raw_decode(script[script.index("{") :])[0] == index
    assert any(d["location"].startswith("data/index.html") for d in index["docs"])
    said = run(cleared, "verify").output
    assert "记录完好" in said
    assert f"已撤下 editions/{VERSION}/notices/n.pdf" in said
    assert f"editions/{VERSION}/index.html" in said


def test_pages_that_tell_nothing_of_it_are_not_touched(cleared: Path, closed_office: Path) -> None:
    one, other = ({files.relative(p, root): p.read_bytes() for p in files.walk(root / "editions")} for root in (closed_office, cleared))
    told = {f"editions/{name}" for name, _w in telling(closed_office / "editions")} | {f"editions/{VERSION}/notices/n.v1-v2.html"}
    own = {name for name in one if f"{VERSION}/briefings/2020/{DAY}." in name or f"{VERSION}/notices/n." in name}
    changed = {name for name in one if files.relative(closed_office / name, closed_office) not in other or other[name] != one[name]}
    assert changed <= told | own


def test_a_run_cut_off_before_the_editions_is_completed_and_a_changed_one_is_named(cleared: Path, closed_office: Path, run: Run) -> None:
    name = f"{VERSION}/index.html"
    (cleared / "editions" / name).write_bytes((closed_office / "editions" / name).read_bytes())
    (cleared / f"editions/{VERSION}/notices/n.pdf").write_bytes((closed_office / f"editions/{VERSION}/notices/n.pdf").read_bytes())
    assert f"editions/{name}" in run(cleared, "verify", code=1).output
    (cleared / "private/standing.json").unlink()  # which a run that is cut off does not come to write
    run(cleared, "publish", "--date", "2020-02-07", "--as-of", "2020-02-07T13:00")
    assert "记录完好" in run(cleared, "verify").output
    (cleared / "editions" / name).write_bytes(b"x")
    said = CliRunner().invoke(jianbao, ["--project", str(cleared), "verify"])
    assert (said.exit_code, f"editions/{name}" in said.output) == (1, True)


def test_an_edition_that_a_page_was_removed_from_cannot_be_made_again_and_restore_says_so(cleared: Path, run: Run) -> None:
    site = {files.relative(p, cleared): p.read_bytes() for p in files.walk(cleared / "build/public/site") if EDITIONS not in p.parts}
    for path in list(cleared.iterdir()):
        if path.name != "record":
            files.remove(path)
    assert f"往期网站 {VERSION} 不能重新生成" in run(cleared, "restore").output
    again = {files.relative(p, cleared): p.read_bytes() for p in files.walk(cleared / "build/public/site") if EDITIONS not in p.parts}
    assert again == site
    assert "记录完好" in run(cleared, "verify").output
