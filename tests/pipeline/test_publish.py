"""The main job, from a folder of sheets to a released site, as its user meets it."""

from __future__ import annotations

import json
from html import unescape
from pathlib import Path

import pytest

from jianbao import pages

from .conftest import DAY, NOON, Run, fill_inbox

BRIEFING = f"site/briefings/2020/{DAY}.md"


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_day_is_published_and_says_where_to_look(office: Path, run: Run) -> None:
    said = run(office, "publish", "--date", DAY, "--as-of", NOON).output
    text = (office / BRIEFING).read_text("utf-8")
    assert "返省教职工累计 **2 人**" in text
    assert "疑似 **0 例**；确诊 **0 例**" in text
    assert "应报单位 **3** 个，实报 **2** 个" in text
    assert "未报：图书馆。" in text
    assert "线上教学准备就绪" in text
    html = (office / f"build/public/site/briefings/2020/{DAY}.html").read_text("utf-8")
    assert "林签发" in html
    assert (office / "record/chain.txt").read_text().count("\n") == 1
    for part in ("未报（1）：图书馆", "已发布：第 1 号记录", f"简报：{BRIEFING}", "build/public/site/index.html", "用时："):
        assert part in said


def test_a_second_run_does_nothing(office: Path, run: Run) -> None:
    run(office, "publish", "--date", DAY, "--as-of", NOON)
    before = {p: (p.stat().st_mtime_ns, p.read_bytes()) for p in office.rglob("*") if p.is_file() and "private" not in p.parts}
    said = run(office, "publish", "--as-of", "2020-02-06T18:00").output
    assert "没有新的内容，什么也没有做。" in said
    assert {p: (p.stat().st_mtime_ns, p.read_bytes()) for p in before} == before


def report_of(office: Path, day: str) -> None:
    """Write a unit's report of another day."""
    (office / f"inbox/零报告/{day}.csv").write_text(
        f"提交时间,单位名称,报告日期,异常人数,疑似,确诊\n{day} 08:10:00,教务处,{day},0,0,0\n", encoding="utf-8"
    )


def test_days_published_in_a_row_can_be_run_again_in_a_row(office: Path, run: Run) -> None:
    report_of(office, "2020-02-07")
    for day in (DAY, "2020-02-07"):
        run(office, "publish", "--date", day, "--as-of", f"{day}T12:00")
    for day in (DAY, "2020-02-07"):
        assert "没有新的内容，什么也没有做。" in run(office, "publish", "--date", day, "--as-of", f"{day}T12:00").output


def test_a_release_is_never_dated_before_the_one_it_follows(office: Path, run: Run) -> None:
    report_of(office, "2020-02-07")
    run(office, "publish", "--date", "2020-02-07", "--as-of", "2020-02-07T12:00")
    said = run(office, "publish", "--date", DAY, "--as-of", NOON, code=4).output
    assert "不能把发布的日期写成 2020-02-06：第 1 号记录已在 2020-02-07 发布" in said
    assert "用 2020-02-07 或以后的 --as-of 再运行" in said
    assert not (office / BRIEFING).exists()
    run(office, "publish", "--date", DAY, "--as-of", "2020-02-07T12:00")


def test_equal_inputs_give_equal_bytes(office: Path, run: Run, tmp_path: Path) -> None:
    import shutil

    twin = tmp_path / "另一处 with spaces"
    shutil.copytree(office, twin)
    for root in (office, twin):
        run(root, "publish", "--date", DAY, "--as-of", NOON)
    for folder in ("record", "build/public/site", "site"):
        mine = {p.relative_to(office).as_posix(): p.read_bytes() for p in (office / folder).rglob("*") if p.is_file()}
        theirs = {p.relative_to(twin).as_posix(): p.read_bytes() for p in (twin / folder).rglob("*") if p.is_file()}
        assert mine == theirs


def test_without_a_date_the_newest_day_with_a_report_is_worked_and_the_others_named(office: Path, run: Run) -> None:
    edit(office / "inbox/零报告/零报告.csv", "2020-02-06 08:10:00,教务处,2020-02-06", "2020-02-05 08:10:00,教务处,2020-02-05")
    said = run(office, "publish", "--as-of", "2020-02-07T09:00").output
    assert "2020-02-06（截至 2020-02-07 09:00）" in said
    assert "还有没发布的日期：2020-02-05" in said


def test_an_unsigned_briefing_stays_a_draft(office: Path, run: Run) -> None:
    edit(office / "jianbao.toml", 'signed_by = "林签发"', 'signed_by = ""')
    said = run(office, "publish", "--date", DAY, "--as-of", NOON, code=4).output
    assert "没有签发人" in said
    assert "status: draft" in (office / BRIEFING).read_text("utf-8")
    assert not (office / "record/chain.txt").exists()
    run(office, "publish", "--date", DAY, "--as-of", NOON, "--signed-by", "林签发")
    assert "status: signed" in (office / BRIEFING).read_text("utf-8")


def test_a_late_report_is_refused_without_update_and_issued_with_it(office: Path, run: Run) -> None:
    run(office, "publish", "--date", DAY, "--as-of", NOON)
    first = (office / BRIEFING).read_text("utf-8")
    with (office / "inbox/零报告/零报告.csv").open("a", encoding="utf-8") as sheet:
        sheet.write("2020-02-06 14:00:00,图书馆,2020-02-06,1,1,0,0,1,否,窦舟琪\n")
    refused = run(office, "publish", "--date", DAY, "--as-of", "2020-02-06T15:00", code=4).output
    assert "确诊由 0（2/3）更新为 1（3/3）" in refused
    assert "--update" in refused
    assert (office / BRIEFING).read_text("utf-8") == first
    run(office, "publish", "--date", DAY, "--as-of", "2020-02-06T15:00", "--update")
    page = pages.parse(BRIEFING, (office / BRIEFING).read_text("utf-8"))
    assert "确诊由 0（2/3）更新为 1（3/3）" in page.meta["changes"][0]["note"]
    assert page.meta["number"] == "第1期"
    site = office / "build/public/site/briefings/2020"
    assert "确诊 <strong>1 例</strong>" in (site / f"{DAY}.html").read_text("utf-8")
    assert "确诊 <strong>0 例</strong>" in (site / f"{DAY}.v1.html").read_text("utf-8")
    assert "第 1 版" in (site / f"{DAY}.html").read_text("utf-8")
    assert len((office / "record/chain.txt").read_text().splitlines()) == 2


def test_an_edited_briefing_is_never_overwritten(office: Path, run: Run) -> None:
    run(office, "brief", "--date", DAY, "--as-of", NOON)
    edit(office / BRIEFING, "## 一、数据情况", "编者按：今日平稳。\n\n## 一、数据情况")
    run(office, "brief", "--date", DAY, "--as-of", NOON)
    run(office, "publish", "--date", DAY, "--as-of", NOON)
    assert "编者按：今日平稳。" in (office / f"build/public/site/briefings/2020/{DAY}.html").read_text("utf-8")
    fill_inbox(office / "inbox", cases="1")
    refused = run(office, "publish", "--date", DAY, "--as-of", NOON, "--update", code=4).output
    assert "不会被覆盖" in refused
    assert "编者按：今日平稳。" in (office / BRIEFING).read_text("utf-8")
    fresh = office / f"private/out/{DAY}/{DAY}.md"
    assert "有情况 1 个" in fresh.read_text("utf-8")
    merged = pages.parse(BRIEFING, fresh.read_text("utf-8"))
    (office / BRIEFING).write_text(pages.compose(merged.meta, "编者按：今日平稳。\n\n" + merged.body), encoding="utf-8")
    run(office, "publish", "--date", DAY, "--as-of", NOON, "--update")
    html = (office / f"build/public/site/briefings/2020/{DAY}.html").read_text("utf-8")
    assert "编者按：今日平稳。" in html
    assert "有情况 1 个" in html


def test_a_school_replaces_the_briefings_template_without_code(office: Path, run: Run) -> None:
    template = office / "templates/briefing.md.j2"
    template.parent.mkdir()
    template.write_text("今日{% for f in figures %}{{ f.title }}={{ f.said }};{% endfor %}", encoding="utf-8")
    run(office, "publish", "--date", DAY, "--as-of", NOON)
    assert "今日疑似=0 例;确诊=0 例;" in (office / BRIEFING).read_text("utf-8")


def test_a_value_that_a_template_lacks_is_an_error_and_not_a_blank(office: Path, run: Run) -> None:
    template = office / "templates/briefing.md.j2"
    template.parent.mkdir()
    template.write_text("{{ figures[0].titel }}", encoding="utf-8")
    said = run(office, "publish", "--date", DAY, "--as-of", NOON, code=1).output
    assert "briefing.md.j2" in said
    assert "titel" in said


def test_text_from_a_sheet_is_data(office: Path, run: Run) -> None:
    (office / "inbox/部门动态/动态.csv").write_text(
        "日期,单位,标题,内容\n"
        '2020-02-06,教务处,"<script>alert(1)</script> [x](http://e.example) {{ 7*7 }}",'
        '"=HYPERLINK(""http://e.example"")\n\n# 一级标题\n\n- 列表 | 表格 `码` ![图](http://e.example/a.png)"\n',
        encoding="utf-8",
    )
    run(office, "publish", "--date", DAY, "--as-of", NOON)
    html = (office / f"build/public/site/briefings/2020/{DAY}.html").read_text("utf-8")
    article = html[html.index("<article") : html.index("</article>")]
    assert "<script" not in article
    assert "e.example" not in "".join(part for part in article.split("<") if part.startswith(("a ", "img ")))
    shown = unescape(article)
    for text in ("<script>alert(1)</script>", "[x](http://e.example)", "{{ 7*7 }}", "# 一级标题", "- 列表 | 表格 `码`"):
        assert text in shown


def test_internal_and_draft_pages_reach_nothing_public(office: Path, run: Run) -> None:
    for name, meta in {"a": "status: signed\naudience: internal", "b": "status: draft"}.items():
        text = f"---\ntitle: 只给内部看的{name}\nkind: notice\n{meta}\ndate: 2020-02-06\n---\n\n机密词语{name}\n"
        (office / f"site/notices/{name}.md").parent.mkdir(exist_ok=True)
        (office / f"site/notices/{name}.md").write_text(text, encoding="utf-8")
    run(office, "publish", "--date", DAY, "--as-of", NOON)
    for folder in ("build", "record"):
        for path in (office / folder).rglob("*"):
            assert path.is_dir() or "机密词语".encode() not in path.read_bytes(), path


def test_a_page_dated_later_waits_for_its_day(office: Path, run: Run) -> None:
    text = "---\ntitle: 明天的通知\nkind: notice\nstatus: signed\ndate: 2020-02-07\n---\n\n正文。\n"
    (office / "site/notices").mkdir()
    (office / "site/notices/later.md").write_text(text, encoding="utf-8")
    run(office, "publish", "--date", DAY, "--as-of", NOON)
    assert not (office / "build/public/site/notices/later.html").exists()
    run(office, "publish", "--date", DAY, "--as-of", "2020-02-07T08:00")
    assert (office / "build/public/site/notices/later.html").exists()


def test_a_released_page_is_not_changed_in_silence(office: Path, run: Run) -> None:
    run(office, "publish", "--date", DAY, "--as-of", NOON)
    about = office / "site/about.md"
    text = about.read_text("utf-8")
    about.write_text(text + "\n悄悄加一句。\n", encoding="utf-8")
    assert "site/about.md" in run(office, "publish", "--as-of", NOON, code=4).output
    about.unlink()
    assert "site/about.md" in run(office, "publish", "--as-of", NOON, code=4).output
    noted = text.replace("summary:", "changes: [{date: 2020-02-06, note: 补充一句}]\nsummary:") + "\n补一句。\n"
    about.write_text(noted, encoding="utf-8")
    run(office, "publish", "--as-of", "2020-02-06T13:00")
    assert "补充一句" in (office / "build/public/site/about.html").read_text("utf-8")
    assert (office / "build/public/site/about.v1.html").exists()


def test_a_wrong_front_matter_blocks_with_file_line_and_hint(office: Path, run: Run) -> None:
    (office / "site/notices").mkdir()
    (office / "site/notices/x.md").write_text("---\ntitle: 通知\nkind: notise\nstatus: signed\n---\n\n正文\n", encoding="utf-8")
    said = run(office, "publish", "--date", DAY, "--as-of", NOON, code=3).output
    assert "site/notices/x.md 第 3 行" in said
    assert "是不是 notice" in said
    assert "缺少 date" in said


def test_a_dead_link_blocks(office: Path, run: Run) -> None:
    about = office / "site/about.md"
    about.write_text(about.read_text("utf-8") + "\n[没有的页](nowhere.md)\n", encoding="utf-8")
    said = run(office, "publish", "--date", DAY, "--as-of", NOON, code=1).output
    assert "nowhere.md" in said
    assert not (office / "record/chain.txt").exists()


def test_two_runs_at_once_do_not_meet(office: Path, run: Run) -> None:
    from filelock import FileLock

    with FileLock(office / "private/.lock"):
        assert "另一个 jianbao 正在" in run(office, "publish", "--date", DAY, code=4).output


def test_a_back_dated_change_of_a_published_day_is_found_and_kept(office: Path, run: Run) -> None:
    run(office, "publish", "--date", DAY, "--as-of", NOON)
    sheet = office / "inbox/教职工日报/全校2月6日.csv"
    edit(sheet, "00002,云涵安,教务处,否", "00002,云涵安,教务处,是")
    (office / "inbox/零报告/次日.csv").write_text(
        "提交时间,单位名称,报告日期,异常人数,疑似,确诊\n2020-02-07 08:10:00,教务处,2020-02-07,0,0,0\n", encoding="utf-8"
    )
    found = json.loads(run(office, "check", "--date", "2020-02-07", "--as-of", "2020-02-07T12:00", "--format", "json").output)
    changes = [f for f in found["findings"] if f["code"] == "back-dated-change"]
    assert [(c["file"], c["cell"], c["found"], c["expected"]) for c in changes] == [("教职工日报/全校2月6日.csv", "A3", "是", "否")]
    assert "2020-02-06" in changes[0]["message"]


@pytest.mark.parametrize("target", ["out/site", "remote.git"])
def test_the_site_goes_to_its_target_whole_and_a_record_ahead_of_ours_is_refused(
    office: Path, run: Run, tmp_path: Path, target: str
) -> None:
    import subprocess

    place = tmp_path / target
    if target.endswith(".git"):
        subprocess.run(["git", "init", "--quiet", "--bare", str(place)], check=True)
    with (office / "jianbao.toml").open("a", encoding="utf-8") as settings:
        settings.write(f'\n[publish]\ntarget = "{place.as_posix()}"\n')
    run(office, "publish", "--date", DAY, "--as-of", NOON)
    delivered = tmp_path / "delivered"
    if target.endswith(".git"):
        subprocess.run(["git", "clone", "--quiet", "--branch", "gh-pages", str(place), str(delivered)], check=True)
    else:
        place.rename(delivered)
        delivered.rename(place)
        delivered = place
    built = office / "build/public/site"
    names = {p.relative_to(built).as_posix() for p in built.rglob("*") if p.is_file()}
    there = {p.relative_to(delivered).as_posix() for p in delivered.rglob("*") if p.is_file() and ".git" not in p.parts}
    assert names == there
    (office / "record/chain.txt").unlink()
    for bag in (office / "record").iterdir():
        import shutil

        shutil.rmtree(bag)
    said = run(office, "publish", "--date", DAY, "--as-of", "2020-02-06T13:00", code=4).output
    assert "另一台电脑" in said


def test_a_release_is_one_commit_where_there_is_a_repository(office: Path, run: Run) -> None:
    import subprocess

    def git(*words: str) -> str:
        return subprocess.run(["git", "-C", str(office), *words], check=True, capture_output=True, text=True).stdout

    git("init", "--quiet")
    git("-c", "user.name=x", "-c", "user.email=x@localhost", "commit", "--quiet", "--allow-empty", "-m", "start")
    run(office, "publish", "--date", DAY, "--as-of", NOON)
    assert git("log", "--format=%s").splitlines() == ["发布第 1 号（2020-02-06）", "start"]
    named = git("-c", "core.quotepath=off", "show", "--name-only", "--format=", "HEAD").split()
    assert f"site/briefings/2020/{DAY}.md" in named
    assert not [n for n in named if n.startswith(("private", "inbox", "build"))]
    run(office, "publish", "--as-of", NOON)
    assert len(git("log", "--format=%s").splitlines()) == 2


def test_a_clone_whose_git_turns_line_ends_has_the_record_as_it_was_sealed(office: Path, run: Run, tmp_path: Path) -> None:
    import subprocess

    turning = ["git", "-c", "core.autocrlf=true"]
    subprocess.run([*turning, "-C", str(office), "init", "--quiet"], check=True)
    run(office, "publish", "--date", DAY, "--as-of", NOON)
    clone = tmp_path / "clone"
    subprocess.run([*turning, "clone", "--quiet", str(office), str(clone)], check=True)
    copied = {p.relative_to(clone): p.read_bytes() for p in (clone / "record").rglob("*") if p.is_file()}
    assert copied == {p.relative_to(office): p.read_bytes() for p in (office / "record").rglob("*") if p.is_file()}
