"""How people write headers, totals, signatures and the names of folders."""

from __future__ import annotations

import pytest

from jianbao.reading.words import BOOKKEEPING, header_keys, hint_keys, is_signature, is_total, plain


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("３６．５℃", "36.5°C", id="full-width digits"),
        pytest.param(" 工 号 ", "工号", id="spaces inside"),
        pytest.param("体温\n（℃）", "体温(°C)", id="line break and full-width brackets"),
        pytest.param("工\u200b号\ufeff", "工号", id="zero-width characters"),
        pytest.param("会计\u3000学院", "会计学院", id="ideographic space"),
        pytest.param("ＡＢＣ", "ABC", id="full-width letters"),
        pytest.param("", "", id="empty"),
        pytest.param(" \t\u3000\u200d", "", id="white space of all kinds"),
    ],
)
def test_plain(text: str, expected: str) -> None:
    assert plain(text) == expected


HEADERS = [
    # Every way a header 体温 or 工号 may be written: it must be known by its bare title.
    pytest.param("体温", "体温", id="as it is"),
    pytest.param("体温（必填）", "体温", id="required, full-width brackets"),
    pytest.param("体温(必填)", "体温", id="required, half-width brackets"),
    pytest.param("体温（选填）", "体温", id="optional"),
    pytest.param("提交时间（自动）", "提交时间", id="automatic"),
    pytest.param("*体温", "体温", id="star before"),
    pytest.param("体温 *", "体温", id="star after"),
    pytest.param("★体温", "体温", id="black star"),
    pytest.param("体温＊", "体温", id="full-width star"),
    pytest.param("1、体温", "体温", id="number and enumeration comma"),
    pytest.param("1.体温", "体温", id="number and point"),
    pytest.param("10．体温", "体温", id="number and full-width point"),
    pytest.param("3) 体温", "体温", id="number and bracket"),
    pytest.param("（3）体温", "体温", id="number in brackets"),
    pytest.param("Q5：体温", "体温", id="Q number"),
    pytest.param("第5题、体温", "体温", id="question number"),
    pytest.param("三、体温", "体温", id="Chinese numeral"),
    pytest.param("①体温", "体温", id="circled number"),
    pytest.param("体温：", "体温", id="colon"),
    pytest.param("体温？", "体温", id="question mark"),
    pytest.param("体 温", "体温", id="spaces inside"),
    pytest.param("体\u3000温", "体温", id="ideographic space inside"),
    pytest.param("体温\n(℃)", "体温", id="line break and unit"),
    pytest.param("体温\r\n", "体温", id="trailing line break"),
    pytest.param("体温（℃）（必填）", "体温", id="unit and required"),
    pytest.param("当前症状【多选题】", "当前症状", id="lenticular brackets"),
    pytest.param("2、您的工号：", "工号", id="polite head"),
    pytest.param("您的工号是？", "工号", id="polite head and tail"),
    pytest.param("请填写工号", "工号", id="please fill in"),
    pytest.param("请选择您的学院", "学院", id="please choose your"),
    pytest.param("今日体温是多少℃", "今日体温", id="how many degrees"),
    pytest.param("工\u200b号", "工号", id="zero-width space inside"),
    pytest.param("４、体温", "体温", id="full-width number"),
]


@pytest.mark.parametrize(("text", "title"), HEADERS)
def test_header_is_known_by_its_title(text: str, title: str) -> None:
    assert title in header_keys(text)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        pytest.param("14天内是否接触湖北人员", "14天内是否接触湖北人员", id="a number that counts days is no numbering"),
        pytest.param("2月6日", "2月6日", id="a day is no numbering"),
        pytest.param("3.5", "3.5", id="a decimal is no numbering"),
    ],
)
def test_what_belongs_to_a_header_stays(text: str, key: str) -> None:
    assert header_keys(text)[0] == key


@pytest.mark.parametrize("text", ["", " ", "\u3000", "：", "*"])
def test_header_of_nothing_has_no_key(text: str) -> None:
    assert header_keys(text) == ()


def test_the_most_literal_key_comes_first() -> None:
    assert header_keys("体温（℃）")[0] == "体温(°C)"


@pytest.mark.parametrize("text", ["序号", "来自IP", "所用时间", "来源详情", "提交者", "备注"])
def test_export_columns_are_bookkeeping(text: str) -> None:
    assert text in BOOKKEEPING


@pytest.mark.parametrize(
    "text",
    [
        "合计", "总计", "小计", "合 计", "合　　计", "合计：", "合计：25人", "合计25人", "本页小计", "部门合计", "全校合计", "汇总",
        "共计 25 人",
        "总人数", "人数合计", "平均", "累计", "以上共25人", "共 12 条", "25人", "本学院共计12人",
    ],
)  # fmt: skip
def test_total_rows(text: str) -> None:
    assert is_total(text)


@pytest.mark.parametrize(
    "text",
    [
        "会计学院",
        "总务处",
        "计算机系",
        "统计与数学学院",
        "审计处",
        "共青团委员会",
        "合作交流处",
        "汇报演出",
        "",
        "00123",
        "张合计",
        "小河",
        "人文学院",
        "12人以上",
    ],
)
def test_units_and_people_are_no_totals(text: str) -> None:
    assert not is_total(text)


@pytest.mark.parametrize(
    "text",
    [
        "填报人：", "填报人：秦岚", "审核：", "审核人（签字）：", "负责人签字：", "负责人（签名）：", "制表：金宇彩 联系电话：13800001020",
        "单位（盖章）：",
        "填表日期：2020年2月6日", "填 报 人 ：", "分管领导：", "院长签字：", "学院（公章）", "联系电话：", "日期：", "负责人：＿＿＿＿",
        "注：无异常也须填报。", "备注：以上均已核实",
        "说明：1.每天十点前报送", "注1：体温为腋温", "填表说明：", "审核人签字",
    ],
)  # fmt: skip
def test_signatures_and_notes(text: str) -> None:
    assert is_signature(text)


@pytest.mark.parametrize("text", ["会计学院", "审计处", "注册中心", "00123", "", "电话亭", "日期", "领导力学院", "书记办公室", "提示"])
def test_units_and_people_are_no_signatures(text: str) -> None:
    assert not is_signature(text)


@pytest.mark.parametrize(
    ("name", "title"),
    [
        pytest.param("教职工日报", "教职工日报", id="as it is"),
        pytest.param("2.教职工日报", "教职工日报", id="numbered"),
        pytest.param("02_教职工日报", "教职工日报", id="numbered with underscore"),
        pytest.param("教职工日报（2月6日）", "教职工日报", id="day in brackets"),
        pytest.param("2月6日教职工日报", "教职工日报", id="day before"),
        pytest.param("教职工日报2020-02-06", "教职工日报", id="date after"),
        pytest.param("2020年2月教职工日报", "教职工日报", id="year and month"),
        pytest.param("教职工日报20200206", "教职工日报", id="compact date"),
        pytest.param("【教职工日报】", "教职工日报", id="in brackets"),
        pytest.param("教职工日报 - 副本", "教职工日报", id="copy"),
        pytest.param("教职工日报（最终版）", "教职工日报", id="final version"),
        pytest.param("教职工日报表", "教职工日报", id="called a table"),
        pytest.param("教职工日报 v2", "教职工日报", id="version number"),
        pytest.param("教职工日报(1)", "教职工日报", id="download counter"),
        pytest.param("零报告（各单位）", "零报告", id="aside in brackets"),
    ],
)
def test_what_a_folder_is_called_after(name: str, title: str) -> None:
    assert title in set(hint_keys(name))
