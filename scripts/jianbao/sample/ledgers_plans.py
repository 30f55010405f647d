"""The ledgers of what is arranged: duty, meetings and tasks, papers, the organisation, readiness, the colleges' weekly reports."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Final

from jianbao.sample.days import day_in_words, week_in_words
from jianbao.sample.ledgers_logs import unit_of
from jianbao.sample.school import School
from jianbao.sample.sheets import Row, Worksheet, workbook_bytes
from jianbao.sample.size import FIRST_DAY
from jianbao.sample.units import EAST, WEST

File = tuple[str, bytes]
_DUTY_DAYS: Final = 11
_ROSTERS: Final = ("日常值班", "防控值班")
_SHIFTS: Final = ("白班", "夜班")
_TEAMS: Final = (
    ("领导小组", "防控工作领导小组", "党政办公室", "统一部署全校防控工作，研究决定重要事项"),
    ("办公室", "防控办公室", "党政办公室", "汇总每日数据，编发简报，联络各组"),
    ("工作组", "综合协调组", "党政办公室", "上传下达，会议组织，信息报送"),
    ("工作组", "师生管理组", "学生工作处", "师生摸排，分类管理，返校安排"),
    ("工作组", "医疗卫生组", "卫生所", "观察点管理，消毒指导，病例转送"),
    ("工作组", "后勤保障组", "后勤管理处", "物资储备，食堂宿舍，环境卫生"),
    ("工作组", "安全保卫组", "保卫处", "校门管理，来访登记，校园巡查"),
    ("工作组", "宣传舆情组", "宣传部", "信息发布，知识宣传，舆情应对"),
    ("工作组", "教育教学组", "教务处", "在线教学，考试安排，实习管理"),
    ("工作组", "督查督办组", "组织人事部", "检查落实，通报迟报漏报，督办任务"),
)  # fmt: skip
_MEETINGS: Final = (
    ("H2026-01", -9, "部署开学前摸排", "全体师生分两轮排查旅居史；各单位指定信息员"),
    ("H2026-02", -5, "观察点与物资", "东校区八号楼三层以上设观察房间；口罩按三十天储备"),
    ("H2026-03", 0, "分批返校方案", "毕业班先返校；各学院每周报在线教学和就业情况"),
)  # fmt: skip
_TASKS: Final = (
    ("R01", "H2026-01", "完成第一轮旅居史排查", "学生工作处", -9, -1, -2),
    ("R02", "H2026-01", "更新全校花名册", "组织人事部", -9, -4, -5),
    ("R03", "H2026-02", "备齐三十天口罩", "后勤管理处", -5, 0, None),
    ("R04", "H2026-02", "观察房间通风和门禁改造", "后勤管理处", -5, 6, None),
    ("R05", "H2026-03", "拟定毕业班返校日程", "教务处", 0, 8, None),
    ("R06", "H2026-03", "校门测温通道划线", "保卫处", 0, 2, 1),
)  # fmt: skip
_PAPERS: Final = (
    ("省教育厅", "示教防", "通知", "关于报送春季学期返校准备情况的通知", "党政办公室", 3),
    ("市疾病预防控制中心", "示疾控函", "函", "关于开展校园环境采样的函", "卫生所", 5),
    ("市防控办公室", "示防办", "通知", "关于调整入校人员查验办法的通知", "保卫处", 2),
    ("省教育厅", "示教函", "函", "关于核对实习学生人数的函", "学生工作处", 4),
    ("市教育局", "示教卫", "通知", "关于开展春季传染病防治宣传月的通知", "宣传部", 20),
)
"""Papers received, one a day in turn: who sent it, its number's words, kind, title, who deals with it, days it has."""
_READY: Final = (
    ("F01", "校门", "每个校门设测温通道和临时等候区", "保卫处", EAST, 4, 1),
    ("F02", "校门", "来访登记改用二维码", "保卫处", WEST, 2, 1),
    ("F03", "宿舍", "每层备洗手液和体温计", "后勤管理处", EAST, 6, None),
    ("F04", "宿舍", "每栋留两间临时观察室", "后勤管理处", WEST, 1, None),
    ("F05", "食堂", "隔位就坐，加贴地面标线", "后勤管理处", EAST, 5, 0),
    ("F06", "医疗", "发热转送流程演练一次", "卫生所", EAST, 3, 0),
    ("F07", "教学", "教室座位表和分批上课课表", "教务处", EAST, 9, None),
    ("F08", "物资", "口罩、消毒液够三十天用", "后勤管理处", WEST, 5, None),
)  # fmt: skip


def duty_file(school: School) -> File:
    """Return the rota: day and night on two rosters, with one shift empty and one person on both at once."""
    head = ("日期", "值班类别", "班次", "工号", "值班人", "单位", "电话")
    rows: list[Row] = []
    people = [school.staff_of[u.title][0] for u in school.units] + [school.staff_of[u.title][1] for u in school.units]
    for n in range(_DUTY_DAYS):
        for r, roster in enumerate(_ROSTERS):
            for s, shift in enumerate(_SHIFTS):
                if (n, r, s) == (6, 1, 1):
                    continue
                p = people[(4 * n + 2 * r + s - (2 if (n, r, s) == (5, 1, 0) else 0)) % len(people)]
                rows.append((FIRST_DAY + timedelta(days=n - 1), roster, shift, p.number, p.name, p.unit, p.phone))
    return "值班表/值班表（三月上旬）.xlsx", workbook_bytes([Worksheet("值班", [head, *rows])])


def meeting_files(school: School) -> Iterator[File]:
    """Yield the meetings and their tasks: done, open and overdue."""
    meetings = [(no, FIRST_DAY + timedelta(days=day), topic, decided) for no, day, topic, decided in _MEETINGS]
    yield "会议/会议登记.xlsx", workbook_bytes([Worksheet("会议", [("会议编号", "会议日期", "议题", "决定"), *meetings])])
    head = ("任务编号", "会议编号", "任务", "责任单位", "责任人", "布置日期", "完成期限", "完成日期")
    rows: list[Row] = []
    for no, meeting, task, title, start, due, done in _TASKS:
        unit = unit_of(school, title)
        days = [None if n is None else FIRST_DAY + timedelta(days=n) for n in (start, due, done)]
        rows.append((no, meeting, task, unit, school.reporter(unit).name, *days))
    yield "会议任务/会议任务.xlsx", workbook_bytes([Worksheet("任务", [head, *rows])])


def paper_files(school: School, days: Sequence[date]) -> Iterator[File]:
    """Yield the register of papers: the week before the first day, then a file a day; every third day a report is sent up."""
    for day in days:
        rows = [_received(school, day)]
        if day.toordinal() % 3 == 0:
            number = f"校防控报〔{day.year}〕{day.timetuple().tm_yday}号"
            rows.append(
                (
                    day,
                    "发文",
                    number,
                    "关于返校准备情况的报告",
                    "报告",
                    "传染病防控工作办公室",
                    unit_of(school, "党政办公室"),
                    None,
                    "已报出",
                    _clerk(school),
                )
            )
        yield f"收发文登记/{day_in_words(day)}.xlsx", workbook_bytes([Worksheet("登记", [_PAPERS_HEAD, *rows])])
    before = [_received(school, FIRST_DAY - timedelta(days=n), done=n > 2) for n in range(5, 0, -1)]
    yield "收发文登记/此前一周.xlsx", workbook_bytes([Worksheet("登记", [_PAPERS_HEAD, *before])])


_PAPERS_HEAD: Final = ("登记日期", "收发", "文号", "文件标题", "文种", "发文机关", "承办单位", "办理期限", "办理情况", "登记人")


def _received(school: School, day: date, *, done: bool = False) -> Row:
    sender, words, kind, title, unit, days = _PAPERS[day.toordinal() % len(_PAPERS)]
    number = f"{words}〔{day.year}〕{day.timetuple().tm_yday}号"
    due = day + timedelta(days=days)
    return day, "收文", number, title, kind, sender, unit_of(school, unit), due, "已办结" if done else "办理中", _clerk(school)


def _clerk(school: School) -> str:
    return school.reporter(unit_of(school, "党政办公室")).name


def organisation_file(school: School) -> File:
    """Return the leading group, its office and its working groups."""
    head = ("次序", "层级", "机构", "牵头单位", "成员单位", "职责", "办公电话", "负责人")
    rows = []
    for n, (level, team, title, duties) in enumerate(_TEAMS, 1):
        unit = unit_of(school, title)
        others = "、".join(u.title for u in school.units[n % 4 : n % 4 + 2])
        rows.append((n, level, team, unit, others, duties, f"0000-88801{n:02d}", school.reporter(unit).name))
    return "组织机构/组织机构.xlsx", workbook_bytes([Worksheet("机构", [head, *rows])])


def readiness_file(school: School) -> File:
    """Return the checklist for the students' return."""
    head = ("事项编号", "方面", "事项", "责任单位", "校区", "布置日期", "完成期限", "备好日期")
    rows: list[Row] = []
    for no, area, item, title, campus, due, ready in _READY:
        done = None if ready is None else FIRST_DAY + timedelta(days=ready)
        rows.append((no, area, item, unit_of(school, title), campus, FIRST_DAY - timedelta(days=5), FIRST_DAY + timedelta(days=due), done))
    return "返校准备/返校准备清单.xlsx", workbook_bytes([Worksheet("清单", [head, *rows])])


def weekly_files(school: School, weeks: Sequence[Sequence[date]]) -> Iterator[File]:
    """Yield the colleges' weekly reports on employment and online teaching, dated the first day of the week that is there."""
    for week in weeks:
        day, title = week[0], week_in_words(week[0])
        employment, teaching = [], []
        for n, college in enumerate(school.colleges):
            graduates = sum(p.number.startswith("2022") for p in school.students_of[college.title])
            signed, further = graduates * (30 + n) // 100, graduates * (12 + n) // 100
            reporter = school.reporter(college.title).name
            employment.append((day, college.title, graduates, signed, further, graduates - signed - further, reporter))
            planned = 40 + 6 * n
            teaching.append((day, college.title, planned, planned - n % 3, 94.5 + n % 4, "个别学生网络不稳" if n == 2 else "", reporter))
        head = ("填报日期", "学院", "毕业生数", "已签约", "升学", "求职中", "填报人")
        yield f"就业周报/就业周报（{title}）.xlsx", workbook_bytes([Worksheet("周报", [head, *employment])])
        head = ("填报日期", "学院", "应开课程", "已开课程", "到课率（%）", "存在问题", "填报人")
        yield f"在线教学周报/在线教学（{title}）.xlsx", workbook_bytes([Worksheet("周报", [head, *teaching])])
