"""The figures of a day's ledgers, counted again from the workbooks alone: openpyxl, csv and plain Python.

Nothing here knows jianbao, nor any form: each figure is counted as its published definition reads.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TypeVar

from .independent import FEVER, Fact, Row, School, count, day_in, of, persons, plain, sheets, table, temperature, yes

T = TypeVar("T")

OBSERVED_DAYS = 14
LOW_DAYS = 7
ROUNDS = (
    ("第一轮", date(2026, 2, 10), ("湖北", "武汉"), date(2026, 3, 1)),
    ("第二轮", date(2026, 2, 16), ("湖北", "武汉", "河南"), date(2026, 3, 3)),
)
"""The exposure survey: round, since when, which places, from which day on it is asked."""

ROSTERS = ("日常值班", "防控值班")
SHIFTS = {"白班": time(20), "夜班": time(8)}
"""The shifts of a day and when they end; the night's ends on the next day."""

WELL = re.compile(r"无|没|否|正常|健康|良好|未见异常|一切正常|身体(健康|良好)|均无|以上(都没有|均无)")
"""How people write that they feel nothing."""


@dataclass(frozen=True)
class Desk:
    """What is on a clerk's desk on a day, at the moment of the count."""

    inbox: Path
    day: date
    now: datetime
    people: School
    scratch: Path

    def rows(self, folder: str, head: str, needed: Iterable[str]) -> list[Row]:
        """Return a ledger's rows that say all that they must; of rows that are the same in every cell one."""
        found: dict[tuple[str, ...], Row] = {}
        for path in sorted((self.inbox / folder).glob("*")):
            for _name, cells in sheets(path, self.scratch):
                for row in table(cells, head):
                    if all(plain(row.get(n)) for n in needed):
                        found.setdefault(tuple(map(plain, row.values())), row)
        return list(found.values())

    def on(self, row: Row, name: str) -> date | None:
        """Return the day that a cell says, None where it is blank."""
        return day_in(row.get(name), self.day.year)

    def log(self, folder: str, head: str, needed: Iterable[str], when: str = "日期") -> list[tuple[date, Row]]:
        """Return a log's rows up to the day, each with its own day."""
        told = ((self.on(row, when), row) for row in self.rows(folder, head, needed))
        return sorted(((on, row) for on, row in told if on and on <= self.day), key=lambda pair: pair[0])


def counted(rows: Iterable[T], hit: Callable[[T], object]) -> Fact:
    """Return of rows that are all read how many are hit; nothing where there is no row."""
    all_rows = list(rows)
    return (sum(bool(hit(r)) for r in all_rows) if all_rows else None, len(all_rows), len(all_rows))


def total(rows: Iterable[Row], column: str) -> Fact:
    """Return the sum of what rows say in a column, read from those that say it."""
    said = [n for r in rows if (n := count(r.get(column))) is not None]
    return (sum(said) if said else None, len(said), len(said))


def of_day(log: list[tuple[date, Row]], day: date, days: int = 1) -> list[Row]:
    return [row for on, row in log if on > day - timedelta(days=days)]


def recompute_ledgers(desk: Desk) -> dict[str, Fact]:
    """Return every figure that is not one of the health reports: value, received, expected."""
    parts = (weekly, dormitory, drills, duty, survey, careers, hotline, isolation, meetings, opinions, outreach, disinfection, readiness,
             classes, supplies, visitors)  # fmt: skip
    return {name: fact for part in parts for name, fact in part(desk).items()}


def weekly(desk: Desk) -> dict[str, Fact]:
    """Count the colleges' weekly reports: of each college the newest of the last seven days."""
    colleges = [unit for unit, kind in desk.people.kinds.items() if kind == "学院"]

    def newest(folder: str, needed: tuple[str, ...], valid: Callable[[Row], bool]) -> dict[str, Row]:
        lines = of_day(desk.log(folder, "学院", ("学院", *needed), "填报日期"), desk.day, 7)
        return {plain(r["学院"]): r for r in lines if plain(r["学院"]) in desk.people.units and valid(r)}

    def summed(rows: dict[str, Row], column: str) -> Fact:
        return (sum(count(r[column]) or 0 for r in rows.values()) if rows else None, len(rows), len(colleges))

    jobs = newest(
        "就业周报",
        ("毕业生数", "已签约", "升学", "求职中"),
        lambda r: (count(r["已签约"]) or 0) + (count(r["升学"]) or 0) <= (count(r["毕业生数"]) or 0),
    )
    taught = newest("在线教学周报", ("应开课程", "已开课程"), lambda r: (count(r["已开课程"]) or 0) <= (count(r["应开课程"]) or 0))
    return {
        "graduates": summed(jobs, "毕业生数"), "graduates_signed": summed(jobs, "已签约"), "graduates_seeking": summed(jobs, "求职中"),
        "courses_planned": summed(taught, "应开课程"), "courses_online": summed(taught, "已开课程"),
    }  # fmt: skip


def dormitory(desk: Desk) -> dict[str, Fact]:
    """Count the residents, who of them was measured in each session that is over, and on the evening before, and whoever was too warm."""
    residents = {plain(r["学号"]) for r in desk.rows("留宿学生名册", "楼栋", ("学号", "楼栋", "房间")) if desk.people.knows(r["学号"])}
    log = desk.log("宿舍测温", "时段", ("时段", "学号", "体温"))

    def on(day: date) -> dict[str, dict[str, float]]:
        found: dict[str, dict[str, float]] = {"早": {}, "晚": {}}
        for row in (row for at, row in log if at == day):
            heat = temperature(row["体温"])
            if heat is not None and plain(row["学号"]) in residents:
                found[plain(row["时段"])][plain(row["学号"])] = heat
        return found

    measured, evening = on(desk.day), len(on(desk.day - timedelta(days=1))["晚"])
    number, everybody = len(residents), {who for told in measured.values() for who in told}
    hot = {who for told in measured.values() for who, heat in told.items() if heat > FEVER}
    facts: dict[str, Fact] = {"dorm_residents": (number or None, number, number)}
    for nth, (session, due) in enumerate((("早", time(9)), ("晚", time(21, 30))), 1):
        over = desk.now.time() >= due or desk.now.date() > desk.day
        there = len(measured[session])
        facts[f"dorm_measured_{nth}"] = (there or None, there, number) if over and number else (None, 0, 0)
    facts["dorm_measured_last_evening"] = (evening or None, evening, number)
    return facts | {"dorm_fever": (len(hot) if everybody else None, len(everybody), number)}


def drills(desk: Desk) -> dict[str, Fact]:
    held = [row for _on, row in desk.log("应急演练", "科目", ("科目", "校区", "参演人数"), "演练日期")]
    return {"drills_total": counted(held, lambda _: True), "drills_people": total(held, "参演人数")}


def duty(desk: Desk) -> dict[str, Fact]:
    """Count the shifts of both rosters from today on, seven days, with somebody and with nobody on them."""
    rows = [r for r in desk.rows("值班表", "值班类别", ("日期", "值班类别", "班次", "工号", "值班人")) if desk.people.knows(r["工号"])]
    taken = {(desk.on(r, "日期"), plain(r["值班类别"]), plain(r["班次"])) for r in rows}
    days = [desk.day + timedelta(days=n) for n in range(7)]
    slots = [(on, roster, shift) for on in days for roster in ROSTERS for shift in SHIFTS] if rows else []
    return {"duty_gaps": counted(slots, lambda s: s not in taken), "duty_shifts": counted(slots, lambda s: s in taken)}


def answers(desk: Desk) -> list[tuple[date, Row]]:
    """Return the survey's answers in the order of days, of known people."""
    told = desk.log("旅居史排查", "排查轮次", ("排查轮次", "学号或工号", "是否到过重点地区"), "填报日期")
    return [(on, row) for on, row in told if desk.people.knows(row["学号或工号"])]


def exposed_in(row: Row, since: date, places: tuple[str, ...], year: int) -> bool:
    """Whether an answer tells of a stay at one of the places since the day; a day not told is no way out."""
    left = day_in(row.get("离开日期"), year)
    return (
        plain(row["是否到过重点地区"]) in ("到过", "去过", "途经")
        and (not left or left >= since)
        and any(p in plain(row.get("到过的地方")) for p in places)
    )


def exposed(desk: Desk) -> dict[str, dict[str, bool]]:
    """Return, for each round that has begun, who answered, and whether with a stay."""
    told = answers(desk)
    return {
        title: {plain(r["学号或工号"]): exposed_in(r, since, places, desk.day.year) for _on, r in told if plain(r["排查轮次"]) == title}
        for title, since, places, opens in ROUNDS if opens <= desk.day and told
    }  # fmt: skip


def survey(desk: Desk) -> dict[str, Fact]:
    """Count stays and silence of each round, and the staff who are abroad by what each said last."""
    everybody, rounds = len(desk.people.staff) + len(desk.people.students), exposed(desk)
    facts: dict[str, Fact] = {}
    for nth, (title, *_rest) in enumerate(ROUNDS, 1):
        said = rounds.get(title)
        facts[f"exposed_{nth}"] = (None, 0, 0) if said is None else (sum(said.values()), len(said), everybody)
        facts[f"exposure_unanswered_{nth}"] = (None, 0, 0) if said is None else (everybody - len(said), everybody, everybody)
    last = {plain(r["学号或工号"]): r for _on, r in answers(desk)}
    asked = [r for r in last.values() if plain(r["人员类别"]) and plain(r["目前是否在国外"])]
    facts["staff_abroad"] = counted(
        asked, lambda r: plain(r["人员类别"]) == "教职工" and plain(r["目前是否在国外"]) in ("在国外", "在境外")
    )
    return facts


def careers(desk: Desk) -> dict[str, Fact]:
    interns = [r for r in desk.rows("实习学生", "实习状态", ("学号", "实习单位", "实习状态")) if desk.people.knows(r["学号"])]
    leaving = [r for r in desk.rows("毕业生去向", "去向", ("学号", "去向")) if desk.people.knows(r["学号"])]
    return {
        "interns": counted(interns, lambda _: True),
        "interns_at_work": counted(interns, lambda r: plain(r["实习状态"]) == "在岗"),
        "interns_at_home": counted(interns, lambda r: plain(r["实习状态"]) == "返家"),
        "graduates_registered": counted(leaving, lambda _: True),
        "graduates_placed": counted(leaving, lambda r: plain(r["去向"]) in ("签约", "升学", "入伍", "创业")),
    }


def hotline(desk: Desk) -> dict[str, Fact]:
    told = desk.log("咨询与心理支持", "线路", ("线路", "编号", "类别"))
    lines = [(on, row) for on, row in told if plain(row["线路"]) in ("咨询电话", "咨询邮箱", "心理支持")]

    def asked(row: Row) -> bool:
        return plain(row["线路"]) in ("咨询电话", "咨询邮箱")

    return {
        "consultations": counted(of_day(lines, desk.day), asked),
        "consultations_total": counted((row for _on, row in lines), asked),
        "psychological_calls": counted(of_day(lines, desk.day), lambda r: plain(r["线路"]) == "心理支持"),
    }


@dataclass(frozen=True)
class Period:
    """One observation: whom, from when to when, where, and on which days somebody was in contact."""

    who: str
    start: date
    end: date | None
    place: str
    room: str
    contacts: frozenset[date]

    def inside(self, day: date) -> bool:
        return self.start <= day and not (self.end and self.end <= day)

    def due(self, day: date) -> date:
        """Return when it is over: fourteen days, and one more for each day gone without a contact."""
        last = min(self.end or day, day)
        days = [self.start + timedelta(days=n) for n in range(1, (last - self.start).days)]
        return self.start + timedelta(days=OBSERVED_DAYS + sum(d not in self.contacts for d in days))


def periods(desk: Desk) -> list[Period]:
    spoken: dict[str, set[date]] = {}
    for on, row in desk.log("观察每日联系", "联系日期", ("学号或工号",), "联系日期"):
        spoken.setdefault(plain(row["学号或工号"]), set()).add(on)
    found = []
    for row in desk.rows("隔离观察", "观察地点", ("学号或工号", "开始日期", "观察地点")):
        who, start = plain(row["学号或工号"]), desk.on(row, "开始日期")
        if desk.people.knows(who) and start:
            held = frozenset(spoken.get(who, ()))
            found.append(Period(who, start, desk.on(row, "解除日期"), plain(row["观察地点"]), plain(row.get("房间")), held))
    return found


def isolation(desk: Desk) -> dict[str, Fact]:
    day, each = desk.day, periods(desk)
    rooms = {plain(r["房间"]) for r in desk.rows("观察房间", "可住人数", ("房间", "楼栋", "校区", "可住人数"))}
    lived = {p.room for p in each if p.inside(day)}
    told = {plain(r["学号或工号"]) for r in of_day(desk.log("观察每日联系", "联系日期", ("学号或工号",), "联系日期"), day)}
    return {
        "people_isolated": counted(each, lambda p: p.inside(day)),
        "isolation_entered": counted(each, lambda p: p.start == day),
        "isolation_released": counted(each, lambda p: p.end == day and p.start < day),
        "isolation_due_tomorrow": counted(each, lambda p: p.inside(day) and p.due(day) == day + timedelta(days=1)),
        "isolation_not_contacted": counted(each, lambda p: p.inside(day) and day not in p.contacts and p.start != day),
        "isolation_contacted": counted(told, lambda _: True),
        "observation_rooms": counted(rooms, lambda _: True),
        "rooms_occupied": counted(rooms, lambda room: room in lived),
    }


def meetings(desk: Desk) -> dict[str, Fact]:
    tasks = desk.rows("会议任务", "任务编号", ("任务编号", "会议编号", "任务", "责任单位", "布置日期", "完成期限"))
    tasks = [r for r in tasks if (desk.on(r, "完成日期") or date.max) >= (desk.on(r, "布置日期") or date.max)]
    held = desk.rows("会议", "会议日期", ("会议编号", "会议日期", "议题"))
    teams = desk.rows("组织机构", "层级", ("次序", "层级", "机构", "牵头单位", "职责"))
    return {
        "tasks_open": counted(tasks, lambda r: is_open(desk, r, "布置日期", "完成日期")),
        "tasks_overdue": counted(tasks, lambda r: is_late(desk, r, "布置日期", "完成期限", "完成日期")),
        "meetings_held": counted(held, lambda r: (desk.on(r, "会议日期") or date.max) <= desk.day),
        "working_teams": counted(teams, lambda r: plain(r["层级"]) == "工作组"),
    }


def is_open(desk: Desk, row: Row, begun: str, done: str) -> bool:
    start, end = desk.on(row, begun), desk.on(row, done)
    return bool(start and start <= desk.day) and not (end and end <= desk.day)


def is_late(desk: Desk, row: Row, begun: str, due: str, done: str) -> bool:
    until = desk.on(row, due)
    return is_open(desk, row, begun, done) and bool(until and until < desk.day)


def opinions(desk: Desk) -> dict[str, Fact]:
    items = desk.rows("舆情登记", "来源渠道", ("编号", "发现日期", "来源渠道", "问题"))
    return {
        "opinions_open": counted(items, lambda r: is_open(desk, r, "发现日期", "答复日期")),
        "opinions_overdue": counted(items, lambda r: is_late(desk, r, "发现日期", "答复期限", "答复日期")),
    }


def outreach(desk: Desk) -> dict[str, Fact]:
    posts = desk.log("宣传登记", "渠道", ("渠道", "形式", "题目"), "发布日期")
    return {
        "posts": counted(of_day(posts, desk.day), lambda _: True),
        "posts_total": counted((row for _on, row in posts), lambda _: True),
        "reads_total": total((row for _on, row in posts), "阅读量"),
    }


def disinfection(desk: Desk) -> dict[str, Fact]:
    """Count the places done today, and of the six days before the places and days with fewer turns than are due."""
    places = {plain(r["场所"]): count(r.get("每日次数")) or 1 for r in desk.rows("消毒场所名单", "场所", ("场所", "校区"))}
    turns = [(on, plain(r["场所"])) for on, r in desk.log("场所消毒", "场所", ("场所", "时间")) if plain(r["场所"]) in places]
    today = {place for on, place in turns if on == desk.day}
    week = [(desk.day - timedelta(days=n), place) for n in range(7) for place in places]
    return {
        "disinfected_today": counted(today, lambda _: True),
        "disinfection_gaps": counted(week, lambda slot: slot[0] < desk.day and turns.count(slot) < places[slot[1]]),
    }


def readiness(desk: Desk) -> dict[str, Fact]:
    items = desk.rows("返校准备", "方面", ("事项编号", "方面", "事项", "责任单位", "布置日期", "完成期限"))
    open_items = counted(items, lambda r: is_open(desk, r, "布置日期", "备好日期"))
    return {"readiness_items": counted(items, lambda _: True), "readiness_open": open_items}


def classes(desk: Desk) -> dict[str, Fact]:
    """Count the students who need a plan of their own: under observation, ill or in contact in three days, or with a stay."""
    watched = {p.who for p in periods(desk) if p.inside(desk.day)}
    stayed = {who for said in exposed(desk).values() for who, hit in said.items() if hit}
    reported = persons(desk.inbox / "学生日报", "学号", desk.people.students, desk.day, desk.scratch)
    ill: dict[str, list[Row]] = {}
    for on in (desk.day - timedelta(days=n) for n in (2, 1, 0)):
        for who, row in reported.get(on, {}).items():
            ill.setdefault(who, []).append(row)
    unwell = {who for who, rows in ill.items() if needs_care(rows)}
    risk = (watched | stayed | unwell) & desk.people.students.keys()
    plans = desk.rows("分类管理", "管理措施", ("学号", "管理措施", "责任人", "下次联系日期"))
    planned = {plain(r["学号"]) for r in plans}
    number = len(desk.people.students)
    return {
        "students_classified": (number, number, number),
        "students_at_risk": (len(risk), number, number),
        "students_planned": (len(risk & planned), number, number),
    }


def needs_care(rows: list[Row]) -> bool:
    """Whether a student's answers of three days, oldest first, tell of contact, or the newest of a fever or a symptom."""
    contact = any(yes(said) or False for r in rows for name, said in r.items() if "接触" in name)
    heat = [t for r in rows if (t := temperature(of(r, "体温", "今日体温"))) is not None]
    told = [s for r in rows if (s := plain(of(r, "症状", "当前症状")))]
    return contact or bool(heat and heat[-1] > FEVER) or bool(told and not WELL.match(told[-1]))


def supplies(desk: Desk) -> dict[str, Fact]:
    """Reckon each item's stock on each campus, and for how many days it lasts at the use of the last seven."""
    moves = desk.log("防控物资", "物资", ("物资", "收发", "数量", "校区", "单号"))
    stock: dict[tuple[str, str], float] = {}
    used: dict[tuple[str, str], float] = {}
    for on, row in moves:
        key, amount = (plain(row["物资"]), plain(row["校区"])), float(row["数量"])
        out = plain(row["收发"]) in ("发放", "报损")
        stock[key] = stock.get(key, 0) + (-amount if out else amount)
        used[key] = used.get(key, 0) + (amount if out and on > desk.day - timedelta(days=7) else 0)
    last = {key: max(left / (used[key] / 7), 0) for key, left in stock.items() if used[key]}
    given = [r for _on, r in moves if plain(r["收发"]) == "捐赠" and plain(r["物资"]) == "医用口罩"]
    return {
        "supplies_low": (sum(days < LOW_DAYS for days in last.values()) if last else None, len(last), len(stock)),
        "supplies_kinds": counted(stock.values(), lambda left: left > 0),
        "masks_donated": (sum(int(r["数量"]) for r in given) if moves else None, len(moves), len(moves)),
    }


def visitors(desk: Desk) -> dict[str, Fact]:
    log = desk.log("来访登记", "来访人", ("校区", "校门", "来访人", "联系电话", "进入时间", "体温"))
    came = [(on, row) for on, row in log if temperature(row["体温"]) is not None
            and (not plain(row["离开时间"]) or plain(row["进入时间"]) <= plain(row["离开时间"]))]  # fmt: skip
    today = of_day(came, desk.day)
    return {
        "visitors": counted(today, lambda _: True),
        "visitors_hot": counted(today, lambda r: (temperature(r["体温"]) or 0) > FEVER),
        "visitors_week": counted(of_day(came, desk.day, 7), lambda _: True),
    }
