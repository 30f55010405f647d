"""Documents from draft to drawer, through the command line: signed, published, corrected, superseded, withdrawn, removed."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path

import pytest

from jianbao import pages

from .conftest import DAY, NOON, Run

SITE = "build/public/site"


def draft(
    office: Path, path: str, title: str = "关于就餐的通知", *, kind: str = "notice", body: str = "食堂分三批就餐。\n", more: str = ""
) -> Path:
    file = office / "site" / path
    file.parent.mkdir(parents=True, exist_ok=True)
    meta = f"title: {title}\nkind: {kind}\nstatus: draft\ndate: 2020-02-01\nissuer: 防控工作办公室\n{more}"
    file.write_text(f"---\n{meta}---\n\n{body}", encoding="utf-8")
    return file


def with_series(office: Path) -> None:
    with (office / "jianbao.toml").open("a", encoding="utf-8") as settings:
        settings.write('\n[[series]]\npattern = "榆溪防控〔{year}〕{n}号"\nkinds = ["notice", "plan"]\n')


def meta(file: Path) -> dict[str, object]:
    return dict(pages.parse(file.name, file.read_text("utf-8")).meta)


def test_sign_gives_the_next_number_of_each_series(office: Path, run: Run) -> None:
    with_series(office)
    given = []
    for name, kind in (("a", "notice"), ("b", "announcement"), ("c", "plan"), ("d", "announcement"), ("e", "guidance")):
        file = draft(office, f"notices/{name}.md", kind=kind)
        run(office, "sign", f"site/notices/{name}.md", "--by", "林签发", "--as-of", "2020-02-05")
        given.append(meta(file).get("number"))
        assert meta(file)["signed_by"] == "林签发"
    assert given == ["榆溪防控〔2020〕1号", "第1号", "榆溪防控〔2020〕2号", "第2号", None]
    assert "不是草稿" in run(office, "sign", "notices/a.md", "--by", "林签发", code=4).output


def test_a_number_starts_again_with_the_year_and_no_day_runs_backwards(office: Path, run: Run) -> None:
    with_series(office)
    for name, day in (("a", "2020-12-30"), ("b", "2021-01-04")):
        draft(office, f"notices/{name}.md")
        run(office, "sign", f"notices/{name}.md", "--by", "林签发", "--as-of", day)
    assert meta(office / "site/notices/b.md")["number"] == "榆溪防控〔2021〕1号"
    draft(office, "notices/c.md")
    said = run(office, "sign", "notices/c.md", "--by", "林签发", "--as-of", "2021-01-03", code=4).output
    assert "签发日期 2021-01-03 早于 榆溪防控〔2021〕1号（2021-01-04）" in said
    assert meta(office / "site/notices/c.md")["status"] == "draft"


def test_what_is_not_filled_in_is_not_signed(office: Path, run: Run) -> None:
    run(office, "add", "announcement", "--as-of", NOON)
    page = "site/notices/2020/2020-02-06-announcement.md"
    assert "还有没填的地方：（请填写" in run(office, "sign", page, "--by", "林签发", code=4).output


def test_two_at_once_give_two_numbers(office: Path) -> None:
    with_series(office)
    for n in range(4):
        draft(office, f"notices/{n}.md")
    words = [sys.executable, "-m", "jianbao", "--project", str(office), "sign"]
    running = [subprocess.Popen([*words, f"notices/{n}.md", "--by", "林签发", "--as-of", NOON], stdout=subprocess.PIPE) for n in range(4)]
    assert [(one.communicate(), one.returncode)[1] for one in running] == [0] * 4
    given = sorted(str(meta(office / f"site/notices/{n}.md")["number"]) for n in range(4))
    assert given == [f"榆溪防控〔2020〕{n}号" for n in range(1, 5)]


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        (["榆溪防控〔2020〕1号", "榆溪防控﹝2020﹞１号"], "已经是 notices/0.md 的号"),
        (["榆溪防控〔2020〕1号", "榆溪防控〔2020〕3号"], "之前没有 榆溪防控〔2020〕2号"),
        (["榆溪防控〔2020〕2号", "榆溪防控〔2020〕1号"], "早于"),
    ],
    ids=["twice", "left out", "backwards"],
)
def test_numbers_written_by_hand_are_checked(office: Path, run: Run, numbers: list[str], said: str) -> None:
    with_series(office)
    for n, number in enumerate(numbers):
        file = draft(office, f"notices/{n}.md", more=f"number: {number}\n")
        file.write_text(file.read_text("utf-8").replace("draft", "signed").replace("02-01", f"02-0{n + 1}"), encoding="utf-8")
    assert said in run(office, "publish", "--date", DAY, "--as-of", NOON, code=3).output


def test_numbers_given_on_paper_are_passed_over(office: Path, run: Run) -> None:
    with_series(office)
    settings = office / "jianbao.toml"
    settings.write_text(settings.read_text("utf-8") + 'elsewhere = ["榆溪防控〔2020〕1号"]\n', encoding="utf-8")
    draft(office, "notices/a.md")
    run(office, "sign", "notices/a.md", "--by", "林签发", "--as-of", "2020-02-05")
    assert meta(office / "site/notices/a.md")["number"] == "榆溪防控〔2020〕2号"
    run(office, "publish", "--date", DAY, "--as-of", NOON)


def publish(office: Path, run: Run, hour: int, code: int = 0) -> str:
    return run(office, "publish", "--date", DAY, "--as-of", f"2020-02-06T{hour}:00", code=code).output


def test_a_minor_change_needs_no_note_and_a_real_one_does(office: Path, run: Run) -> None:
    file = draft(office, "notices/a.md", more="tags: [食堂]\n")
    run(office, "sign", "notices/a.md", "--by", "林签发", "--as-of", "2020-02-06")
    publish(office, run, 12)
    text = file.read_text("utf-8")
    file.write_text(text.replace("食堂分三批就餐。", "食堂**分三批**就餐。\n").replace("- 食堂", "- 就餐"), encoding="utf-8")
    publish(office, run, 13)
    file.write_text(text.replace("分三批", "分两批"), encoding="utf-8")
    assert "notices/a.md" in publish(office, run, 14, code=4)
    assert "分三批" in (office / SITE / "notices/a.html").read_text("utf-8")


def test_a_corrected_page_shows_every_state_and_what_changed(office: Path, run: Run) -> None:
    draft(office, "notices/a.md", body="食堂分三批就餐。\n\n每批三十分钟。\n")
    run(office, "sign", "notices/a.md", "--by", "林签发", "--as-of", "2020-02-06")
    publish(office, run, 12)
    assert "出现 0 次" in run(office, "correct", "notices/a.md", "--was", "四批", "--now", "五批", code=4).output
    run(office, "correct", "notices/a.md", "--was", "每批三十分钟", "--now", "每批四十分钟", "--reason", "人多", "--as-of", "2020-02-06")
    publish(office, run, 13)
    site = office / SITE / "notices"
    page = (site / "a.html").read_text("utf-8")
    assert "原为“每批三十分钟”，更正为“每批四十分钟”。人多" in page
    for target in ("a.v1.html", "a.v1-v2.html"):
        assert f'href="{target}"' in page
    assert "每批三十分钟。" in (site / "a.v1.html").read_text("utf-8")
    compared = (site / "a.v1-v2.html").read_text("utf-8")
    assert "每批<del>三</del>十分钟。" in compared
    assert "每批<ins>四</ins>十分钟。" in compared
    assert "食堂分三批就餐。" not in compared.partition("<article")[2].partition("</article>")[0]


def test_superseded_and_withdrawn_pages_keep_their_address(office: Path, run: Run) -> None:
    for name in ("a", "b", "c"):
        draft(office, f"notices/{name}.md", f"通知{name}")
        run(office, "sign", f"notices/{name}.md", "--by", "林签发", "--as-of", "2020-02-06")
    publish(office, run, 12)
    assert "不能替代" in run(office, "supersede", "notices/a.md", "--by", "notices/a.md", code=4).output
    run(office, "supersede", "notices/a.md", "--by", "notices/b.md", "--reason", "改了时间", "--as-of", "2020-02-06")
    run(office, "withdraw", "notices/c.md", "--reason", "不再需要", "--as-of", "2020-02-06")
    assert "不能这样办" in run(office, "withdraw", "notices/c.md", "--reason", "再来", code=4).output
    publish(office, run, 13)
    a, b, c = ((office / SITE / f"notices/{n}.html").read_text("utf-8") for n in "abc")
    assert "本文件已被替代，不再执行" in a
    assert 'href="b.html"' in a
    assert "<dt>替代</dt>" in b
    assert "本文件已于2020年2月6日撤回，不再执行。" in c
    assert "原因：不再需要" in c
    assert "食堂分三批就餐。" in c


def every_byte(folder: Path) -> list[tuple[str, bytes]]:
    found = []
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        data = path.read_bytes()
        data = gzip.decompress(data) if path.suffix == ".gz" else data
        found.append((path.relative_to(folder).as_posix(), data))
    return found


def holders(office: Path, word: str) -> list[str]:
    """Return the files of the public tree and the record in which a word stands, however it is written."""
    found = []
    for folder in ("build", "record"):
        for name, data in every_byte(office / folder):
            text = data.decode("utf-8", "ignore").replace("\u200b", "")
            if word in text or json.dumps(word)[1:-1] in text or word in name or word.encode("utf-16-le") in data:
                found.append(f"{folder}/{name}")
    return found


def test_of_a_removed_page_nothing_is_left_but_stone_hash_and_entry(office: Path, run: Run) -> None:
    secret = "鹳鹳鹳"
    draft(office, "notices/a.md", f"关于{secret}的通知", body=f"内有{secret}。\n")
    run(office, "sign", "notices/a.md", "--by", "林签发", "--as-of", "2020-02-06")
    publish(office, run, 12)
    run(office, "correct", "notices/a.md", "--was", "内有", "--now", "内含", "--as-of", "2020-02-06")
    publish(office, run, 13)
    assert len(holders(office, secret)) > 6
    before = (office / "site/about.md").read_text("utf-8")
    (office / "site/about.md").write_text(before + f"\n见《关于{secret}的通知》。\n", encoding="utf-8")
    said = run(
        office, "withdraw", "notices/a.md", "--privacy", "--reason", "误登个人信息", "--by", "林签发", "--as-of", "2020-02-06"
    ).output
    assert "git 的历史" in said
    assert "site/about.md 还提到" in said
    (office / "site/about.md").write_text(before, encoding="utf-8")
    publish(office, run, 14)
    assert holders(office, secret) == []
    for name in ("a.html", "a.v1.html", "a.v1-v2.html", "a.v2.html", "a.v2-v3.html"):
        page = (office / SITE / "notices" / name).read_text("utf-8")
        assert "本页内容已于2020年2月6日撤下" in page
    said = run(office, "verify").output
    assert "记录完好" in said
    assert "已撤下" in said
    about = json.loads((office / "record/0003-2020-02-06/data/release.json").read_text("utf-8"))
    assert [(e["bag"], e["path"], e["by"], e["reason"]) for e in about["removed"]] == [
        (f"000{n}-2020-02-06", f"data/{path}", "林签发", "误登个人信息")
        for n in (1, 2)
        for path in (*(f"pages/notices/a.{suffix}" for suffix in ("md", "html", "pdf", "single.html")), "metadata.json")
    ]
    assert "没有新的内容" in publish(office, run, 15)
    (office / "record/0001-2020-02-06/data/pages/notices/a.md").write_text("又放回来", encoding="utf-8")
    assert "记录说已移除" in run(office, "verify", code=1).output


def test_a_removal_cut_off_before_the_bags_is_completed_by_the_next_run(office: Path, run: Run) -> None:
    file = draft(office, "notices/a.md")
    run(office, "sign", "notices/a.md", "--by", "林签发", "--as-of", "2020-02-06")
    publish(office, run, 12)
    source = (office / "record/0001-2020-02-06/data/pages/notices/a.md").read_bytes()
    run(office, "withdraw", "notices/a.md", "--privacy", "--reason", "误登", "--as-of", "2020-02-06")
    publish(office, run, 13)
    (office / "record/0001-2020-02-06/data/pages/notices/a.md").write_bytes(source)
    publish(office, run, 14)
    assert not (office / "record/0001-2020-02-06/data/pages/notices/a.md").exists()
    assert file.is_file()


HIDDEN = ("鸏鸏", "鸐鸐", "鸑鸑", "鸒鸒", "鸓鸓", "鸔鸔", "鸕鸕", "鸖鸖")
INTERNAL = f"""会议研究了返校工作。

::: internal
## {HIDDEN[0]}标题

{HIDDEN[1]}不对外[^note]，见[附件](attachments/secret.csv)和[名单][list]。
:::

同意分三批返校[[内部:，{HIDDEN[2]}除外（见[说明](x.md)）]]。

| 事项 | 单位 |
| --- | --- |
| 测温 | 保卫处 |
::: internal
| {HIDDEN[3]} | 某处 |
:::
| 消毒 | 后勤处 |

- 一
    - [[internal: {HIDDEN[4]}]]

[^note]: {HIDDEN[5]}
[list]: https://{HIDDEN[6]}.example/
<!-- {HIDDEN[7]} -->
"""


def test_nothing_internal_is_in_any_byte_of_what_is_public(office: Path, run: Run) -> None:
    more = f"audience: excerpt\nheld_on: 2020-02-05\nsummary: 会议议定三件事[[内部:，另有{HIDDEN[0]}]]\n"
    draft(office, "meetings/2020/m.md", "办公会议纪要", kind="minutes", body=INTERNAL, more=more)
    (office / "site/meetings/2020/attachments").mkdir()
    (office / "site/meetings/2020/attachments/secret.csv").write_text(f"{HIDDEN[1]},1\n", encoding="utf-8")
    run(office, "sign", "meetings/2020/m.md", "--by", "林签发", "--as-of", "2020-02-06")
    publish(office, run, 12)
    page = (office / SITE / "meetings/2020/m.html").read_text("utf-8")
    assert "办公会议纪要（部分）</h1>" in page
    assert page.count("（略）") >= 4
    assert "同意分三批返校（略）。" in page
    assert "<td>消毒</td>" in page
    run(office, "correct", "meetings/2020/m.md", "--was", HIDDEN[3], "--now", "別的", "--as-of", "2020-02-06")
    publish(office, run, 13)
    assert {word: holders(office, word) for word in HIDDEN} == {word: [] for word in HIDDEN}
    assert holders(office, "同意分三批返校")
    assert HIDDEN[1] in (office / "site/meetings/2020/m.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("body", "line", "said"),
    [
        ("一\n\n::: internal\n二\n", 13, "没有结束"),
        ("一\n:::\n二\n", 12, "看不出哪一段"),
        ("::: internal\n::: internal\n:::\n", 12, "又开了一个"),
        ("一[[内部:二\n", 11, "没有用“]]”结束"),
        ("一[[内部:a ] b]]\n", 11, "没有用“]]”结束"),
        ("一\n【【内部：二】】\n", 12, "标记写得不对"),
        ("::: Internal note\n二\n:::\n", 11, "看不出哪一段"),
    ],
)
def test_a_slip_of_the_pen_in_the_marks_stops_everything(office: Path, run: Run, body: str, line: int, said: str) -> None:
    draft(office, "notices/a.md", body=body, more="audience: excerpt\ntags: [x]\n")
    told = publish(office, run, 12, code=3)
    assert f"site/notices/a.md 第 {line} 行" in told
    assert said in told


def test_a_public_page_with_marks_stops_everything(office: Path, run: Run) -> None:
    draft(office, "notices/a.md", body="一\\[\\[内部：二]]\n")
    assert "audience: excerpt" in publish(office, run, 12, code=3)


def test_a_correction_names_what_it_corrects_and_is_named_there(office: Path, run: Run) -> None:
    draft(office, "notices/a.md")
    run(office, "sign", "notices/a.md", "--by", "林签发", "--as-of", "2020-02-06")
    assert "--of" in run(office, "add", "correction", code=2).output
    run(office, "add", "correction", "--title", "关于就餐时间的更正", "--name", "dining", "--of", "notices/a.md", "--as-of", NOON)
    file = office / "site/notices/2020/dining.md"
    page = pages.parse("x", file.read_text("utf-8"))
    file.write_text(
        pages.compose({**page.meta, "summary": "时间"}, "| 原来 | 更正为 |\n| --- | --- |\n| 三批 | 两批 |\n"), encoding="utf-8"
    )
    run(office, "sign", "notices/2020/dining.md", "--by", "林签发", "--as-of", "2020-02-06")
    publish(office, run, 12)
    assert 'href="2020/dining.html"' in (office / SITE / "notices/a.html").read_text("utf-8")
    assert 'href="../a.html"' in (office / SITE / "notices/2020/dining.html").read_text("utf-8")


def test_a_page_for_an_official_account_carries_its_own_styles(office: Path, run: Run) -> None:
    body = (
        "见[网站](https://example.org/a)和[推文](https://mp.weixin.qq.com/s/x)[^1]。\n\n## 一、办法\n\n"
        "| 甲 | 乙 |\n| --- | --- |\n| 1 | 2 |\n\n{: .jb-sign }\n\n[^1]: 注文。\n"
    )
    draft(office, "notices/a.md", body=body)
    run(office, "sign", "notices/a.md", "--by", "林签发", "--as-of", "2020-02-06")
    assert "还没有照现在的样子发布" in run(office, "wechat", "notices/a.md", "--as-of", NOON, code=4).output
    publish(office, run, 12)
    assert "private/out/wechat/a.html" in run(office, "wechat", "notices/a.md", "--as-of", NOON).output
    html = (office / "private/out/wechat/a.html").read_text("utf-8")
    assert "网站[1]" in html
    assert "[1] https://example.org/a" in html
    assert '<a href="https://mp.weixin.qq.com/s/x">推文</a>' in html
    assert "class=" not in html
    assert '<th style="border' in html
    assert "注1" in html
    assert "注文。" in html
