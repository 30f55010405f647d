"""Made again: the site from the record alone, a past day's briefing from its snapshots; or what is missing is said."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from jianbao import files

from .conftest import DAY, Run, reports, setting, staff_sheet

BRIEFING = f"briefings/2020/{DAY}.md"


def tree(folder: Path) -> dict[str, bytes]:
    return {files.relative(p, folder): p.read_bytes() for p in files.walk(folder)}


def test_with_all_but_the_record_gone_the_same_site_comes_back(office: Path, run: Run) -> None:
    was = tree(office / "build/public/site")
    sources = tree(office / "site")
    for path in list(office.iterdir()):
        if path.name != "record":
            files.remove(path)
    assert "逐字节相同" in run(office, "restore").output
    assert tree(office / "build/public/site") == was
    del sources["notices/in.md"]
    assert {name: data for name, data in tree(office / "site").items() if name in sources} == sources
    assert "记录完好" in run(office, "verify").output


@pytest.mark.parametrize(
    "text", ['[publish]\naddress = "https://fangkong.example.edu/jb/"', '[site]\ngroups = ["校门与值班", "报告与健康"]'], ids=["address", "groups"]
)
def test_what_the_settings_say_of_the_site_comes_back_with_it(office: Path, run: Run, text: str) -> None:
    setting(office, text)
    reports(office / "inbox", "2020-02-07")
    run(office, "publish", "--date", "2020-02-07", "--as-of", "2020-02-07T12:00")
    was = tree(office / "build/public/site")
    for path in list(office.iterdir()):
        if path.name != "record":
            files.remove(path)
    run(office, "restore")
    assert tree(office / "build/public/site") == was


def test_a_record_that_was_touched_is_no_ground_to_restore_from(office: Path, run: Run) -> None:
    (office / f"record/0001-{DAY}/data/office.toml").write_text("[school]\n", encoding="utf-8")
    assert "office.toml" in run(office, "restore", code=1).output


def test_a_past_briefing_is_made_again_byte_for_byte_whatever_has_changed_since(office: Path, run: Run) -> None:
    staff_sheet(office / "inbox", "2020-02-07", n00002="00002,云涵安,教务处,是,36.4,无,无")
    reports(office / "inbox", "2020-02-07")
    run(office, "publish", "--date", "2020-02-07", "--as-of", "2020-02-07T12:00")
    staff_sheet(office / "inbox", DAY, n00005="00005,严恩旭,会计学院,是,36.7,无,无")
    run(office, "publish", "--date", DAY, "--as-of", "2020-02-08T09:00", "--update")
    settings = office / "jianbao.toml"
    settings.write_text(settings.read_text("utf-8").replace("37.2", "36.0"), encoding="utf-8")
    shutil.rmtree(office / "forms_schema")
    for day in ("2020-02-07", DAY):
        said = run(office, "rebuild", day).output
        assert "数字与封存的逐字节相同。" in said
        assert "简报与发布的逐字节相同。" in said
        assert (office / f"build/rebuild/{day}.md").read_bytes() == (office / f"site/briefings/2020/{day}.md").read_bytes()
    assert not (office / "private/rebuild").exists()


def test_what_is_missing_to_make_a_day_again_is_said(office: Path, run: Run) -> None:
    kept = next(p for p in files.walk(office / "private/snapshots") if "施彩辉".encode() in p.read_bytes())
    kept.unlink()
    said = run(office, "rebuild", DAY, code=1).output
    assert f"快照 {kept.stem}" in said
    assert "不见了" in said
    run(office, "purge", "--before", "2020-02-07", "--as-of", "2020-09-01T09:00", "--yes")
    assert "已于 2020-09-01 按保存期限删除" in run(office, "rebuild", DAY, code=1).output


def test_a_day_whose_earlier_rows_are_deleted_says_so(office: Path, run: Run) -> None:
    day = "2020-02-07"
    staff_sheet(office / "inbox", day, n00001="")  # who returned the day before
    reports(office / "inbox", day)
    run(office, "publish", "--date", day, "--as-of", f"{day}T12:00")
    run(office, "purge", "--before", day, "--as-of", "2020-09-01T09:00", "--yes")
    said = run(office, "rebuild", day, code=1).output
    assert "数字与封存的不同。" in said
    assert "2020-02-07 以前的逐行数据已于 2020-09-01 按保存期限删除，要用到那些日子的数字不能重做" in said


def test_what_was_removed_is_gone_from_bags_and_site_and_later_releases_go_on(office: Path, run: Run) -> None:
    run(office, "withdraw", f"site/{BRIEFING}", "--privacy", "--reason", "登了一名学生的情况", "--as-of", "2020-02-06T15:00")
    staff_sheet(office / "inbox", "2020-02-07")
    reports(office / "inbox", "2020-02-07")
    run(office, "publish", "--date", "2020-02-07", "--as-of", "2020-02-07T12:00")
    bag = office / f"record/0001-{DAY}/data"
    assert not (bag / "facts.json").exists()
    assert not (bag / "pages" / BRIEFING).exists()
    everywhere = [*files.walk(office / "record"), *files.walk(office / "build/public")]
    assert [p.name for p in everywhere if "线上教学准备就绪".encode() in p.read_bytes()] == []
    said = run(office, "verify").output
    assert "已撤下" in said
    assert f"0001-{DAY}/data/facts.json" in said
    assert "返省教职工累计" in (office / "build/public/docs/data/index.md").read_text("utf-8")
    assert "2月6日" in (office / "build/public/docs/data/index.md").read_text("utf-8")
    run(office, "restore")
    assert f"{DAY} 的简报已因个人信息撤下，不能重做" in run(office, "rebuild", DAY, code=2).output


def test_with_ledgers_pdfs_attachments_and_a_closed_edition_the_same_site_comes_back(full_office: Path, run: Run) -> None:
    office = full_office
    run(office, "edition", "close", "2026-spring", "--alias", "latest", "--as-of", "2026-03-02T18:00")
    run(office, "publish", "--date", "2026-03-03", "--as-of", "2026-03-03T12:00")
    was = {folder: tree(office / folder) for folder in ("build/public/site", "editions")}
    site = was["build/public/site"]
    assert {"briefings/2026/2026-03-02.pdf", "notices/附件/a.csv", "notices/b.xlsx", "editions/latest/notices/n.pdf"} <= site.keys()
    assert "酒精" in site["ledgers/supplies.html"].decode("utf-8")
    for path in list(office.iterdir()):
        if path.name != "record":
            files.remove(path)
    assert "2026-spring" in run(office, "restore").output
    assert {folder: tree(office / folder) for folder in was} == was
    assert "记录完好" in run(office, "verify").output
    attached = office / "record/0001-2026-03-02/data/attached/notices/附件/a.csv"
    attached.write_bytes(attached.read_bytes() + b"x")
    assert "attached/notices/附件/a.csv" in run(office, "verify", code=1).output
    assert "attached/notices/附件/a.csv" in run(office, "restore", code=1).output


def test_a_site_that_would_be_another_is_not_put_in_place(office: Path, run: Run) -> None:
    for name in ("build", "site"):
        files.remove(office / name)
    settings = office / "mkdocs.yml"
    settings.write_text(settings.read_text("utf-8").replace("site_name: ", "site_name: 另一所"), encoding="utf-8")
    said = run(office, "restore", code=4).output
    assert "与第 1 号记录封存的不同" in said
    assert "原有的文件与记录里的不同，没有动它们：mkdocs.yml\n" in said
    assert "requirements.lock" in said
    assert not (office / "build/public/site").exists()


def test_a_briefing_that_somebody_had_edited_is_told_from_what_the_program_writes(office: Path, run: Run) -> None:
    day = "2020-02-07"
    staff_sheet(office / "inbox", day)
    reports(office / "inbox", day)
    run(office, "brief", "--date", day, "--as-of", f"{day}T12:00")
    page = office / f"site/briefings/2020/{day}.md"
    page.write_text(page.read_text("utf-8") + "\n编者补充的一句。\n", encoding="utf-8")
    run(office, "publish", "--date", day, "--as-of", f"{day}T12:00")
    assert "编者补充的一句" in page.read_text("utf-8")
    said = run(office, "rebuild", day, code=1).output
    assert "数字与封存的逐字节相同。" in said
    assert "简报与发布的不同。" in said
    assert "经人修改过" in said


def test_an_empty_folder_says_what_to_bring(tmp_path: Path, run: Run) -> None:
    assert "下一步：把原来的 record 文件夹整个拷到这里" in run(tmp_path, "restore", code=1).output
