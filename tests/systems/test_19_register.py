"""System 19: documents issued and received, from the ledger and from the site, by year, kind and issuer, without script."""

from __future__ import annotations

import re
from pathlib import Path

from .school import NOON, School, codes

HEAD = ["日期", "收发", "文号", "文件标题", "文种", "发文机关", "承办单位", "办结期限", "办理情况", "登记人"]


def notice(root: Path, name: str, title: str) -> None:
    (root / "site/notices").mkdir(exist_ok=True)
    text = f"---\ntitle: {title}\nkind: notice\nstatus: draft\ndate: 2020-02-06\nissuer: 防控工作办公室\n---\n\n正文。\n"
    (root / f"site/notices/{name}.md").write_text(text, encoding="utf-8")


def rows(html: str) -> list[list[str]]:
    table = "".join(re.findall(r"<tbody>(.*?)</tbody>", html, re.DOTALL))
    found = [re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.DOTALL) for row in re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)]
    return [[re.sub(r"<[^>]+>", "", cell) for cell in row] for row in found]


def test_the_register_lists_the_ledger_and_the_sites_documents(school: School) -> None:
    with (school.root / "jianbao.toml").open("a", encoding="utf-8") as settings:
        settings.write('\n[[series]]\npattern = "榆溪防控〔{year}〕{n}号"\nkinds = ["notice"]\n')
    school.sheet("收发文登记/登记.xlsx", [
        HEAD,
        ["2019-12-30", "收文", "教体〔2019〕9号", "冬季<b>防病</b>的通知", "通知", "教育厅", "教务处", "2020-01-10", "已办", "褚航敏"],
        ["2020-02-05", "收文", "教体〔2020〕2号", "关于延期开学的通知", "通知", "教育厅", "教务处", "2020-02-07", "在办", "褚航敏"],
        ["2020-02-06", "发文", "榆溪防控﹝2020﹞1号", "关于就餐的通知", "通知", "防控工作办公室", "", "", "", ""],
        ["2020-02-06", "收件", "", "x", "", "教育厅", "", "", "", ""],
    ])  # fmt: skip
    school.units(["2020-02-06 08:00", "教务处", 2, 2, 0, 0, 0, "是", "褚航敏"])
    assert codes(school.check(), ["error"]) == [("not-in-list", "B5")]
    notice(school.root, "a", "关于就餐的通知")
    school.run("sign", "notices/a.md", "--by", "林签发", "--as-of", NOON)
    school.run("publish", "--date", "2020-02-06", "--as-of", NOON, "--signed-by", "林签发")
    site = school.root / "build/public/site/documents"
    index = (site / "index.html").read_text("utf-8")
    assert [row[:3] for row in rows(index)] == [
        ["2月6日", "关于就餐的通知 发文 通知 榆溪防控〔2020〕1号", "防控工作办公室"],
        ["2月5日", "关于延期开学的通知 收文 通知 教体〔2020〕2号", "教育厅"],
        ["12月30日", "冬季&#60;b&#62;防病&#60;/b&#62;的通知 收文 通知 教体〔2019〕9号", "教育厅"],
    ]
    assert re.findall(r'<time datetime="([\d-]+)"', index.partition("<tbody>")[2]) == ["2020-02-06", "2020-02-05", "2019-12-30"]
    assert 'href="../notices/a.html"' in index
    assert "教务处，在办（2月7日前）" in index
    assert "教务处，已办（2020年1月10日前）" in index
    assert "褚航敏" not in index
    expected = {
        "year-2019年": 1, "year-2020年": 2, "kind-通知": 3, "issuer-教育厅": 2, "issuer-防控工作办公室": 1, "direction-收文": 2,
        "direction-发文": 1,
    }  # fmt: skip
    assert {p.stem: len(rows(p.read_text("utf-8"))) for p in site.glob("*-*.html")} == expected
    links = re.findall(r'<a href="([^"#]+)"[^>]*>([^<]+)<span>（(\d+)）', index)
    assert {(title, int(count)) for _href, title, count in links} == {(n.partition("-")[2], count) for n, count in expected.items()}
    assert 'aria-current="page"' in (site / "kind-通知.html").read_text("utf-8")


def test_the_first_page_lists_the_newest_and_the_years_page_all(school: School) -> None:
    lines = [["2020-02-06", "收文", f"教体〔2020〕{n}号", f"第{n}件来文", "通知", "教育厅"] for n in range(1, 104)]
    school.sheet("收发文登记/登记.xlsx", [HEAD[:6], *lines])
    school.publish()
    index, year = school.page("documents/index.html"), school.page("documents/year-2020年.html")
    assert (len(rows(index)), len(rows(year))) == (100, 103)
    assert "第103件来文" in rows(index)[0][1]
    assert re.search(r'更早的 3 件按年份查找：<a href="year-[^"]+">2020年</a>。', index)
    assert "按年份查找" not in year
    assert "<span>（103）</span>" in index
    assert "<span>（103）</span>" not in year


def test_a_later_day_keeps_the_earlier_entries_and_adds_its_own(school: School) -> None:
    for day, text in (("2020-02-06", "甲文"), ("2020-02-07", "乙文")):
        school.sheet(f"收发文登记/{day}.xlsx", [HEAD[:6], [day, "收文", "", text, "", "教育厅"]])
        school.run("publish", "--date", day, "--as-of", f"{day}T12:00", "--signed-by", "林签发")
    index = (school.root / "build/public/site/documents/index.html").read_text("utf-8")
    assert [row[1].split()[0] for row in rows(index)] == ["乙文", "甲文"]
