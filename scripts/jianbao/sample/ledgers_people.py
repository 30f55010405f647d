"""The ledgers of persons: the exposure survey, individual plans, observation, dormitories, internships, graduates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Final

from jianbao.sample.days import day_in_words
from jianbao.sample.names import lot, pick
from jianbao.sample.plan import plan_of
from jianbao.sample.school import Person, School
from jianbao.sample.sheets import Row, Worksheet, csv_bytes, workbook_bytes
from jianbao.sample.size import FIRST_DAY
from jianbao.sample.units import EAST, WEST

File = tuple[str, bytes]
_SURVEY: Final = (
    "提交时间",
    "填报日期",
    "排查轮次",
    "学号或工号",
    "姓名",
    "人员类别",
    "是否到过重点地区",
    "到过的地方",
    "离开日期",
    "目前是否在国（境）外",
)
_AREAS: Final = ("湖北省武汉市", "湖北省宜昌市", "湖北省黄冈市")
_EXPOSED: Final = 7
_ROUNDS: Final = (("第一轮", date(2026, 3, 1), 0.004), ("第二轮", date(2026, 3, 3), 0.03))
"""Each round's title, the day on which its answers came, and the part of all people who did not answer."""

BUILDINGS: Final = (("一号公寓", EAST), ("五号公寓", WEST))
_ROOMS_A_FLOOR: Final = 20


def survey_files(school: School) -> Iterator[File]:
    """Yield the answers of each round of the exposure survey."""
    everybody = [(p, True) for p in school.students] + [(p, False) for p in school.staff]
    exposed = {p.number for p in exposed_students(school)} | {school.staff[-1].number}
    for title, day, silent in _ROUNDS:
        random = lot("survey", title)
        rows = [_answer(p, day, title, student=student, exposed=p.number in exposed)
                for p, student in everybody if random.random() >= silent or p.number in exposed]  # fmt: skip
        yield f"旅居史排查/{title}.csv", csv_bytes([_SURVEY, *rows], encoding="utf-8-sig")


def _answer(person: Person, day: date, title: str, *, student: bool, exposed: bool) -> Row:
    random = lot("exposed", person.number) if exposed else None
    place, left = (pick(random, _AREAS), day - timedelta(days=5)) if random else ("", None)
    abroad = "在国外" if not student and person.number.endswith("77") else "在国内"
    moment = f"{datetime.combine(day, time(9, int(person.number[-2:]) % 60)):%Y-%m-%d %H:%M:%S}"
    return (moment, day.isoformat(), title, person.number, person.name, "学生" if student else "教职工",
            "到过" if exposed else "没去过", place, left.isoformat() if left else "", abroad)  # fmt: skip


def exposed_students(school: School) -> list[Person]:
    """Return the few students who have been where the survey asks about."""
    step = max(1, len(school.students) // _EXPOSED)
    return [school.students[i * step + 2] for i in range(_EXPOSED - 1)]


def observed(school: School) -> list[tuple[Person, date, str, str, date | None, str]]:
    """Return who is under observation: person, start, place, room, release, reason."""
    people, staff = school.students, school.staff
    third = FIRST_DAY - timedelta(days=13)
    at = [people[i * max(1, len(people) // 9) + 5] for i in range(6)]
    return [
        (at[0], third, "校内观察点", "301", FIRST_DAY + timedelta(days=1), "返校前途经重点地区"),
        (at[1], FIRST_DAY - timedelta(days=12), "校内观察点", "302", None, "同住人员发热"),
        (at[2], FIRST_DAY - timedelta(days=4), "居家", "", None, "自外省返回"),
        (at[3], FIRST_DAY, "校内观察点", "303", None, "体温偏高"),
        (at[4], FIRST_DAY + timedelta(days=1), "居家", "", None, "自外省返回"),
        (at[5], FIRST_DAY + timedelta(days=2), "校内观察点", "501", None, "有接触史"),
        (staff[len(staff) // 3], FIRST_DAY - timedelta(days=9), "居家", "", None, "自外省返回"),
        (staff[len(staff) // 2], FIRST_DAY - timedelta(days=16), "居家", "", FIRST_DAY - timedelta(days=2), "自外省返回"),
    ]  # fmt: skip


def isolation_files(school: School, days: Sequence[date]) -> Iterator[File]:
    """Yield the register of observation, its rooms, and the contacts: those up to the first day together, then a file a day."""
    head = ("学号或工号", "姓名", "开始日期", "观察地点", "房间", "解除日期", "原因")
    rows = [(p.number, p.name, start, place, room, end, why) for p, start, place, room, end, why in observed(school)]
    yield "隔离观察/隔离观察名册.xlsx", workbook_bytes([Worksheet("名册", [head, *rows])])
    rooms = [(f"{floor}{n:02d}", "八号楼", EAST, 1) for floor in (3, 4, 5) for n in range(1, _ROOMS_A_FLOOR + 1)]
    yield "观察房间/观察房间.xlsx", workbook_bytes([Worksheet("房间", [("房间", "楼栋", "校区", "可住人数"), *rooms[:58]])])
    contact = ("联系日期", "学号或工号", "姓名", "体温", "身体状况", "联系人")
    before = [row for n in range(16, 0, -1) for row in _contacts(school, FIRST_DAY - timedelta(days=n))]
    yield "观察每日联系/此前记录.csv", csv_bytes([contact, *before], encoding="utf-8-sig")
    for day in days:
        yield f"观察每日联系/{day_in_words(day)}.csv", csv_bytes([contact, *_contacts(school, day)], encoding="utf-8-sig")


def _contacts(school: School, day: date) -> Iterator[Row]:
    """Yield the contacts of a day; one person is not reached on the day before the first."""
    for nth, (person, start, _place, _room, end, _why) in enumerate(observed(school)):
        if start < day and (end is None or day < end) and not (nth == 1 and day == FIRST_DAY - timedelta(days=1)):
            warm = 36.4 + nth % 4 / 10
            yield day.isoformat(), person.number, person.name, round(warm, 1), "无不适", school.staff_of[school.units[0].title][0].name


def plan_files(school: School) -> Iterator[File]:
    """Yield the individual plans of the students in a risk class; one student's is not complete yet."""
    head = ("学号", "姓名", "管理措施", "责任人", "下次联系日期")
    cases = [(c.unit, c.place) for n in range(3) for c in plan_of(FIRST_DAY + timedelta(days=n), school.units).cases if c.student]
    ill = [school.students_of[unit][place] for unit, place in cases]
    students = {p.number: p for p in school.students}
    watched = [p for p, *_rest in observed(school) if p.number in students]
    everybody = list({p.number: p for p in (*watched, *exposed_students(school), *ill)}.values())
    rows: list[Row] = [
        (p.number, p.name, "每日测温两次，由辅导员每天联系", p.counsellor, FIRST_DAY + timedelta(days=3 + n % 3))
        for n, p in enumerate(everybody)
    ]
    rows[-1] = (everybody[-1].number, everybody[-1].name, "", everybody[-1].counsellor, None)
    yield "分类管理/一人一策.xlsx", workbook_bytes([Worksheet("一人一策", [head, *rows])])


def residents(school: School) -> list[Person]:
    """Return the students who live in the dormitories: those on campus from the first day on."""
    return [p for p in school.students if (since := school.on_campus_since.get(p.number)) and since <= FIRST_DAY]


def dorm_files(school: School, days: Sequence[date]) -> Iterator[File]:
    """Yield who lives in the dormitories, and a file a day with the morning's and, of days gone, the evening's temperatures."""
    people = residents(school)
    where = {p.number: (*BUILDINGS[p.campus == WEST][:1], f"{201 + n // 2}") for n, p in enumerate(people)}
    head = ("学号", "姓名", "楼栋", "房间")
    rows = sorted((p.number, p.name, *where[p.number]) for p in people)
    yield "留宿学生名册/留宿学生名册.xlsx", workbook_bytes([Worksheet("留宿", [head, *rows])])
    for day in days:
        random = lot(day, "dorm")
        measured = [(day.isoformat(), session, p.number, p.name, round(36 + int(random.random() * 9 + 1) / 10, 1))
                    for session in ("早", "晚") for n, p in enumerate(people) if n != (day - FIRST_DAY).days]  # fmt: skip
        yield f"宿舍测温/{day_in_words(day)}.csv", csv_bytes([("日期", "时段", "学号", "姓名", "体温"), *measured], encoding="utf-8-sig")


def career_files(school: School) -> Iterator[File]:
    """Yield the registers of interns and of graduates, a few of each college."""
    interns, graduates = [], []
    for college in school.colleges:
        people = school.students_of[college.title]
        third = ([p for p in people if p.number.startswith("2023")] or people)[:8]
        fourth = [p for p in people if p.number.startswith("2022")][:12]
        states = ("在岗", "在岗", "返家", "未开始")
        interns += [
            (p.number, p.name, "澜汀某实习企业", "本省", states[n % 4], FIRST_DAY - timedelta(days=n % 5 + 1)) for n, p in enumerate(third)
        ]
        ways = ("签约", "求职", "升学", "求职", "签约", "入伍")
        graduates += [(p.number, p.name, ways[n % 6], p.counsellor) for n, p in enumerate(fourth)]
    head = ("学号", "姓名", "实习单位", "所在地", "实习状态", "最近联系日期")
    yield "实习学生/实习学生名册.xlsx", workbook_bytes([Worksheet("实习", [head, *interns])])
    yield "毕业生去向/毕业生名册.xlsx", workbook_bytes([Worksheet("毕业生", [("学号", "姓名", "去向", "帮扶人"), *graduates])])
