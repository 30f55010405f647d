"""What the units did (部门动态), submitted for the briefing: one collected workbook a week."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final

from jianbao.sample.answers import SchoolDay
from jianbao.sample.days import week_in_words
from jianbao.sample.sheets import Row, Worksheet, workbook_bytes
from jianbao.sample.size import SAMPLE_DAYS

FOLDER: Final = "部门动态"
_HEADER: Final = ("提交时间", "工作日期", "单位", "标题", "内容", "链接", "报送人")


@dataclass(frozen=True, slots=True)
class NewsItem:
    """One thing that a unit did on a day."""

    at: time
    unit: str
    headline: str
    text: str
    link: str = ""


NEWS: Final[Mapping[date, Sequence[NewsItem]]] = dict(zip(SAMPLE_DAYS, (
    (
        NewsItem(
            time(9, 32), "教务处", "两周在线课表全部排定",
            "教务处排定开学前两周的在线课表，理论课一律改为直播或录播，实验课顺延到学生到校之后。各学院指定一名教师负责听课巡查，"
            "学生遇到平台登录困难，可以在课程群里报修，当天答复。",
        ),
        NewsItem(
            time(10, 5), "后勤管理处", "食堂完成座位调整",
            "后勤管理处把东、西两个校区的食堂座位改为单侧就坐，取餐口之间留出一米五的距离，并把每餐的供应时间延长四十分钟。"
            "餐具每餐蒸汽消毒一次，记录贴在取餐口旁边，随时可以查看。",
        ),
        NewsItem(
            time(11, 20), "图书馆", "电子资源开放校外访问",
            "图书馆开通校外访问入口，师生用统一身份账号登录后，可以在家使用全部已购数据库。纸质图书的归还期限统一顺延到开学后第四周，"
            "不计逾期。",
        ),
    ),
    (
        NewsItem(
            time(9, 48), "卫生所", "备齐测温和防护用品",
            "卫生所清点了两个校区的测温设备，更换读数不准的额温枪十一支，并把口罩、消毒液按楼栋分装，由各楼值班室签收。"
            "清点结果已经登记入账，下周起每周五复核一次。",
        ),
        NewsItem(
            time(10, 30), "信息工程学院", "辅导员逐班开视频班会",
            "信息工程学院的辅导员用两个晚上开完全部班级的视频班会，讲清每天怎样填报、体温偏高时先找谁。"
            "会后抽查了六个班，学生都能说出校医的值班电话。",
        ),
        NewsItem(
            time(11, 12), "保卫处", "来访登记改用二维码",
            "保卫处在各校门启用二维码登记，来访人员扫码填写事由和联系人，门岗核对后放行。不便使用手机的，由门岗代为登记。",
        ),
    ),
    (
        NewsItem(
            time(9, 15), "科研处", "实验室分批恢复使用",
            "科研处公布第一批恢复使用的实验室名单，每间实验室同时在场不超过核定人数的一半，进出都要登记。"
            "危险化学品的领用仍须两人到场。",
        ),
        NewsItem(
            time(10, 50), "经济管理学院", "毕业论文指导全部转到线上",
            "经济管理学院为毕业班学生建立导师小组，每周固定一个晚上答疑。开题报告改为线上评议，评议意见在三个工作日内反馈给本人。",
        ),
        NewsItem(
            time(11, 5), "学生工作处", "心理咨询增加晚间时段",
            "学生工作处把电话咨询延长到晚上九点，并增加两名值班咨询师。来电内容只作咨询之用，不转给其他部门。",
        ),
    ),
), strict=True))  # fmt: skip


def news_files(weeks: Sequence[Sequence[SchoolDay]]) -> Iterator[tuple[str, bytes]]:
    """Yield the path and bytes of each week's collected news; a week without any has no workbook."""
    for week in weeks:
        rows = [row for day in week for row in _rows(day)]
        if rows:
            data = workbook_bytes([Worksheet("收集结果", [_HEADER, *rows])])
            yield f"{FOLDER}/部门动态_收集结果（{week_in_words(week[0].day)}）.xlsx", data


def _rows(day: SchoolDay) -> Iterator[Row]:
    known = {u.title for u in day.school.units}
    for item in NEWS.get(day.day, ()):
        if item.unit in known:
            submitted = f"{datetime.combine(day.day, item.at):%Y-%m-%d %H:%M:%S}"
            reporter = day.school.reporter(item.unit).name
            yield submitted, day.day, item.unit, item.headline, item.text, item.link, reporter
