"""The ledgers of things that happen: visitors, supplies, disinfection, calls, outreach, drills, public opinion."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Final

from jianbao.sample.days import day_in_words
from jianbao.sample.names import lot, person_name, phone, pick
from jianbao.sample.school import School
from jianbao.sample.sheets import Row, Worksheet, csv_bytes, workbook_bytes
from jianbao.sample.size import FIRST_DAY
from jianbao.sample.units import EAST, WEST

File = tuple[str, bytes]
_GATES: Final = ((EAST, "南门"), (EAST, "北门"), (WEST, "正门"))
_PLACES: Final = ("行政楼", "一食堂", "图书馆", "维修间")
_WHY: Final = ("送货", "设备维修", "洽谈业务", "邮件快递", "施工")
_ITEMS: Final = (
    ("医用口罩", "只", 6000, 420),
    ("84消毒液", "瓶", 240, 12),
    ("酒精", "瓶", 160, 30),
    ("额温枪", "支", 60, 0),
    ("防护服", "套", 80, 2),
)
"""Supplies: item, measure, opening stock of a campus, amount given out a day."""
_DELIVERY: Final = 4
_DISINFECTED: Final = (
    ("东校区行政楼", EAST, 1), ("东校区一食堂", EAST, 3), ("东校区教学楼", EAST, 1), ("一号公寓公共区", EAST, 2),
    ("东校区南门值班室", EAST, 1),
    ("西校区二食堂", WEST, 3), ("西校区图书馆", WEST, 1), ("五号公寓公共区", WEST, 2), ("西校区垃圾站", WEST, 2),
)  # fmt: skip
"""Places to disinfect: name, campus, times a day."""
_TOPICS: Final = ("返校", "教学", "实习就业", "健康", "生活", "其他")
_POSTS: Final = (
    ("微信公众号", "推送", "在线上课怎么调试摄像头"),
    ("微信公众号", "推送", "宿舍通风和洗手的几个细节"),
    ("微博", "推送", "校门通行办法问答"),
    ("视频号", "视频", "三分钟看懂体温填报"),
    ("校园广播", "广播", "春季呼吸道疾病预防知识"),
    ("宣传栏", "海报", "食堂就餐请隔位就坐"),
)


def unit_of(school: School, title: str) -> str:
    """Return a unit of the school: the one named, or another where a smaller school has none so named."""
    titles = [u.title for u in school.units]
    return title if title in titles else titles[sum(map(ord, title)) % len(titles)]


def visitor_files(school: School, days: Sequence[date]) -> Iterator[File]:
    """Yield the gates' log of each day; one visitor a day has not signed out."""
    head = ("日期", "校区", "校门", "来访人", "联系电话", "被访单位", "被访人", "到访地点", "事由", "进入时间", "离开时间", "体温")
    for day in days:
        random, rows = lot(day, "visitors"), []
        for n in range(14):
            campus, gate = _GATES[n % len(_GATES)]
            came = datetime.combine(day, time(8, 10)) + timedelta(minutes=17 * n)
            left = came + timedelta(minutes=35 + int(random.random() * 60))
            unit = school.units[n % len(school.units)].title
            rows.append((
                day.isoformat(), campus, gate, person_name(random), phone(9000 + n + 20 * day.day), unit, school.reporter(unit).name,
                _PLACES[n % len(_PLACES)], pick(random, _WHY), f"{came:%H:%M}", "" if n == 9 else f"{left:%H:%M}",
                round(36 + int(random.random() * 8 + 1) / 10, 1),
            ))  # fmt: skip
        yield f"来访登记/{day_in_words(day)}.csv", csv_bytes([head, *rows], encoding="utf-8-sig")


def supply_files(school: School, days: Sequence[date]) -> Iterator[File]:
    """Yield the opening stock with the days before the first, then a file a day: given out, bought, and 200 masks given to the school."""
    head = ("日期", "物资", "收发", "数量", "计量单位", "校区", "领用单位", "单号", "来源", "经手人")
    keeper = school.reporter(unit_of(school, "后勤管理处")).name
    opening: list[Row] = [
        (FIRST_DAY - timedelta(days=7), item, "结存", stock, measure, campus, "", f"Q{n}{campus[0]}", "", keeper)
        for n, (item, measure, stock, _use) in enumerate(_ITEMS) for campus in (EAST, WEST)
    ]  # fmt: skip
    opening.append((FIRST_DAY - timedelta(days=3), "医用口罩", "捐赠", 200, "只", EAST, "", "J1", "校友", keeper))
    before = [row for n in range(2, 0, -1) for row in _given_out(school, FIRST_DAY - timedelta(days=n), keeper)]
    yield "防控物资/期初和此前.xlsx", workbook_bytes([Worksheet("物资", [head, *opening, *before])])
    for day in days:
        bought = [(day, "84消毒液", "购入", 60, "瓶", WEST, "", f"G{day:%m%d}", "本市供货商", keeper)]
        rows = [*_given_out(school, day, keeper), *bought, *_delivered(day, keeper)]
        yield f"防控物资/{day_in_words(day)}.xlsx", workbook_bytes([Worksheet("物资", [head, *rows])])


def _given_out(school: School, day: date, keeper: str) -> Iterator[Row]:
    unit = school.units[day.toordinal() % len(school.units)].title
    for n, (item, measure, _stock, use) in enumerate(_ITEMS):
        if use:
            yield from (
                (day, item, "发放", use, measure, campus, unit, f"F{day:%m%d}{n}{campus[0]}", "", keeper) for campus in (EAST, WEST)
            )


def _delivered(day: date, keeper: str) -> Iterator[Row]:
    """Yield, every so many days, what was given out since the last delivery; before the first one alcohol runs low."""
    if (day - FIRST_DAY).days % _DELIVERY == _DELIVERY - 1:
        for n, (item, measure, _stock, use) in enumerate(_ITEMS):
            if use:
                yield from (
                    (day, item, "购入", use * _DELIVERY, measure, campus, "", f"P{day:%m%d}{n}{campus[0]}", "本市供货商", keeper)
                    for campus in (EAST, WEST)
                )


def disinfection_files(school: School, days: Sequence[date]) -> Iterator[File]:
    """Yield the places, the log of the week before the first day, and a log a day; on each day one place is a time short."""
    places = [(place, campus, unit_of(school, "后勤管理处"), times) for place, campus, times in _DISINFECTED]
    yield "消毒场所名单/消毒场所名单.xlsx", workbook_bytes([Worksheet("场所", [("场所", "校区", "责任单位", "每日次数"), *places])])
    head = ("日期", "场所", "时间", "消毒剂", "消毒人")
    who = school.reporter(unit_of(school, "后勤管理处")).name
    before = [row for n in range(6, 0, -1) for row in _disinfected(FIRST_DAY - timedelta(days=n), who)]
    yield "场所消毒/此前一周.csv", csv_bytes([head, *before], encoding="utf-8-sig")
    for day in days:
        yield f"场所消毒/{day_in_words(day)}.csv", csv_bytes([head, *_disinfected(day, who)], encoding="utf-8-sig")


def _disinfected(day: date, who: str) -> Iterator[Row]:
    for n, (place, _campus, times) in enumerate(_DISINFECTED):
        short = n == day.toordinal() % len(_DISINFECTED)
        yield from ((day.isoformat(), place, f"{7 + 4 * turn}:30", "含氯消毒剂", who) for turn in range(times - short))


def hotline_files(school: School, days: Sequence[date]) -> Iterator[File]:
    """Yield the calls and letters of each day."""
    head = ("日期", "线路", "编号", "类别", "内容", "答复情况", "接听人")
    for day in days:
        random = lot(day, "hotline")
        lines = ("咨询电话",) * 7 + ("咨询邮箱",) * 2 + ("心理支持",) * 3
        rows = [
            (day.isoformat(), line, f"{day:%m%d}{n:02d}", "情绪" if line == "心理支持" else pick(random, _TOPICS), "（来电人所述，略）",
             "待答复" if n == 8 else "已答复", school.reporter(unit_of(school, "学生工作处")).name) for n, line in enumerate(lines)
        ]  # fmt: skip
        yield f"咨询与心理支持/{day_in_words(day)}.csv", csv_bytes([head, *rows], encoding="utf-8-sig")


def outreach_files(days: Sequence[date]) -> Iterator[File]:
    """Yield the posts of each day with their reads."""
    head = ("发布日期", "渠道", "形式", "题目", "阅读量", "链接")
    for day in days:
        n = (day - FIRST_DAY).days
        rows = []
        for i in (n * 2, n * 2 + 1):
            channel, form, title = _POSTS[i % len(_POSTS)]
            link = f"https://example.edu/{day:%m%d}{i % len(_POSTS)}" if form in ("推送", "视频") else ""
            rows.append((day.isoformat(), channel, form, title, 800 + 370 * (i % 7) if link else "", link))
        yield f"宣传登记/{day_in_words(day)}.csv", csv_bytes([head, *rows], encoding="utf-8-sig")


def drill_files() -> Iterator[File]:
    """Yield the drills held so far."""
    head = ("演练日期", "科目", "校区", "参演人数", "用时（分钟）", "是否达到要求", "发现问题")
    rows: list[Row] = [
        (FIRST_DAY - timedelta(days=4), "发热学生转送", EAST, 26, 18, "达到", ""),
        (FIRST_DAY - timedelta(days=2), "发热学生转送", WEST, 22, 25, "未达到", "担架从二楼下来太慢"),
        (FIRST_DAY + timedelta(days=1), "返校入校检测", EAST, 64, 40, "达到", "测温通道标线不清"),
    ]
    yield "应急演练/应急演练.xlsx", workbook_bytes([Worksheet("演练", [head, *rows])])


def opinion_files(school: School) -> Iterator[File]:
    """Yield the log of public opinion: answered, open, and overdue items."""
    head = ("编号", "发现日期", "来源渠道", "问题", "责任单位", "答复期限", "答复日期", "答复人", "答复")

    def at(days: int) -> date:
        return FIRST_DAY + timedelta(days=days)

    def item(no: str, found: int, where: str, issue: str, title: str, due: int, done: int | None) -> Row:
        unit = unit_of(school, title)
        by = school.reporter(unit).name if done is not None else ""
        return no, at(found), where, issue, unit, at(due), None if done is None else at(done), by, "已当面说明" if by else ""

    rows = [
        item("Y01", -6, "微博", "实习期间返家的学生何时返岗", "学生工作处", -3, -4),
        item("Y02", -4, "留言板", "快递能否送到宿舍楼下", "后勤管理处", -1, None),
        item("Y03", 0, "贴吧", "网课平台晚间卡顿", "信息中心", 3, 1),
        item("Y04", 1, "微信群", "毕业论文答辩时间有几种说法", "教务处", 4, None),
    ]
    yield "舆情登记/舆情登记.xlsx", workbook_bytes([Worksheet("舆情", [head, *rows])])
