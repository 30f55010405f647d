"""A school with other units and other words, and two ledgers nobody has thought of: YAML, templates and tables are all it takes."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Final

import pytest

from .school import DAY, School

FORMS: Final = {
    "teams": """
name: teams
title: 班组册
primaryKey: team
jianbao: {version: 1, kind: register, subject: unit, titles: [班组名单]}
fields:
  - {name: team, title: 班组, type: string, constraints: {required: true}, jianbao: {role: unit, privacy: public}}
  - {name: sort, title: 班组性质, type: string, jianbao: {role: kind, privacy: public}}
  - {name: yard, title: 院区, type: string, jianbao: {role: campus, privacy: public}}
""",
    "members": """
name: members
title: 职工册
primaryKey: badge
foreignKeys: [{fields: team, reference: {resource: teams, fields: team}}]
jianbao: {version: 1, kind: register, subject: person}
fields:
  - {name: badge, title: 胸牌号, type: string, constraints: {required: true}, jianbao: {privacy: identifier}}
  - {name: who, title: 职工姓名, type: string, constraints: {required: true}, jianbao: {role: name, privacy: name}}
  - {name: team, title: 班组, type: string, jianbao: {role: unit, privacy: public}}
  - {name: yard, title: 院区, type: string, jianbao: {role: campus, privacy: public}}
""",
    "counters": """
name: counters
title: 窗口册
primaryKey: counter
jianbao: {version: 1, kind: register, subject: place}
fields:
  - {name: counter, title: 窗口, type: string, constraints: {required: true}, jianbao: {privacy: public}}
  - {name: yard, title: 院区, type: string, constraints: {required: true}, jianbao: {role: campus, privacy: public}}
""",
    "canteen_temperature": """
name: canteen_temperature
title: 留样测温
primaryKey: [date, counter, meal]
foreignKeys: [{fields: counter, reference: {resource: counters, fields: counter}}]
jianbao:
  version: 1
  kind: daily
  subject: place
  titles: [食堂测温]
  rounds: {field: meal, each: [{title: 早餐, due: "08:00"}, {title: 午餐, due: "11:30"}, {title: 晚餐, due: "18:00"}]}
  rules:
    - {code: too-cold, field: core, when: core < dish_temperature, severity: alert, receiver: 伙食科,
       message: 菜品中心温度不够，请回锅}
  indicators:
    - {name: meals_measured, title: 已测餐次, unit: 次, count: rows, from: rounds, where: answered, per: meal,
       definition: 当日该餐已测的窗口数}
    - {name: meals_cold, title: 温度不够, unit: 次, count: rows, where: core < dish_temperature,
       definition: 当日中心温度低于规定值的次数}
  views:
    - {name: meal_table, title: 各院区餐次, from: rounds, to: page, group: [_campus], across: meal, sort: [_campus],
       sums: [{title: 已测, count: core}]}
    - {name: meals_missing, title: 没测的窗口, from: rounds, to: list, where: not answered,
       columns: [_campus, counter, meal], sort: [counter, meal]}
fields:
  - {name: date, title: 日子, type: date, jianbao: {role: day, derived: sheet, privacy: public}}
  - {name: counter, title: 窗口, type: string, constraints: {required: true}, jianbao: {privacy: public}}
  - {name: meal, title: 餐次, type: string, constraints: {required: true}, jianbao: {list: meals, privacy: public}}
  - {name: core, title: 中心温度, type: number, constraints: {required: true, minimum: 0, maximum: 120},
     jianbao: {unit: degC, privacy: public}}
""",
    "buses": """
name: buses
title: 校车册
primaryKey: plate
jianbao: {version: 1, kind: register, subject: place}
fields:
  - {name: plate, title: 车号, type: string, constraints: {required: true}, jianbao: {privacy: public}}
  - {name: seats, title: 座位, type: integer, constraints: {required: true}, jianbao: {privacy: public}}
  - {name: trips, title: 每日趟数, type: integer, jianbao: {privacy: public}}
""",
    "bus_trips": """
name: bus_trips
title: 校车行车
primaryKey: [date, plate, left_at]
foreignKeys:
  - {fields: plate, reference: {resource: buses, fields: plate}}
jianbao:
  version: 1
  kind: log
  subject: event
  coverage: {of: buses, key: plate, times: trips, days: 2}
  trace: {person: [driver], place: [plate], start: left_at, end: back_at}
  rules:
    - {code: trip-missed, from: coverage, field: plate, when: gap and not on_today, severity: warning, message: 昨天少跑了趟次，请说明}
    - {code: back-before, field: back_at, when: back_at < left_at, severity: error, message: 回来早于出发}
  indicators:
    - {name: riders, title: 乘车, unit: 人次, sum: riders, definition: 当日各趟乘车人次之和}
    - {name: riders_most, title: 最挤一趟, unit: 人, max: riders, definition: 当日人数最多一趟的乘车人数}
  views:
    - {name: trips_by_bus, title: 各车趟次, to: page, group: [plate], sort: [plate],
       sums: [{title: 趟数, count: rows}, {title: 乘车人次, sum: riders}]}
fields:
  - {name: date, title: 日子, type: date, constraints: {required: true}, jianbao: {role: day, privacy: public}}
  - {name: plate, title: 车号, type: string, constraints: {required: true}, jianbao: {privacy: public}}
  - {name: left_at, title: 出发, type: datetime, constraints: {required: true}, jianbao: {privacy: public}}
  - {name: back_at, title: 返回, type: datetime, jianbao: {privacy: public}}
  - {name: driver, title: 司机, type: string, jianbao: {role: name, privacy: name}}
  - {name: riders, title: 乘车人数, type: integer, constraints: {required: true, minimum: 0}, jianbao: {unit: 人, privacy: aggregate}}
""",
}
MEALS: Final = [["日子", "窗口", "餐次", "中心温度"], [DAY, "一号", "早点", 71], [DAY, "二号", "早餐", 75.5], [DAY, "一号", "午餐", 58]]
TRIPS: Final = [
    ["日子", "车号", "出发", "返回", "司机", "乘车人数"], ["2020-02-05", "甲01", "7:10", "7:50", "褚江川", 20],
    [DAY, "甲01", "7:10", "7:50", "褚江川", 31], [DAY, "甲01", "17:10", "17:50", "褚江川", 28], [DAY, "乙02", "7:20", "8:00", "窦临野", 12],
]  # fmt: skip


@pytest.fixture
def another(tmp_path: Path) -> School:
    """An office whose every form is its own."""
    school = School(tmp_path / "技工学校")
    for path in (school.root / "inbox").iterdir():
        shutil.rmtree(path)
    for path in (school.root / "forms_schema").glob("*.yaml"):
        path.unlink()
    for name, text in FORMS.items():
        (school.root / "forms_schema" / f"{name}.yaml").write_text(text.lstrip(), "utf-8")
    (school.root / "forms_schema/lists/meals.csv").write_text("标签,其他写法\n早餐,早点|早饭\n午餐,中饭\n晚餐,晚饭\n", "utf-8")
    with (school.root / "jianbao.toml").open("a", encoding="utf-8") as settings:
        settings.write('\n[[setting]]\nname = "dish_temperature"\nvalue = 60\nsince = 2020-01-01\n')
    school.sheet("班组册/班组.xlsx", [["班组", "班组性质", "院区"], ["炊事班", "后勤", "南院"], ["车队", "后勤", "北院"]])
    school.sheet(
        "职工册/职工.xlsx", [["胸牌号", "职工姓名", "班组", "院区"], ["B01", "褚江川", "车队", "北院"], ["B02", "窦临野", "车队", "北院"]]
    )
    school.sheet("窗口册/窗口.xlsx", [["窗口", "院区"], ["一号", "南院"], ["二号", "北院"]])
    school.sheet("校车册/校车.xlsx", [["车号", "座位", "每日趟数"], ["甲01", 45, 2], ["乙02", 30, 1]])
    school.sheet("留样测温/测温.xlsx", MEALS)
    school.sheet("校车行车/行车.xlsx", TRIPS)
    return school


def test_the_canteen(another: School) -> None:
    assert another.figure("已测餐次（早餐）") == (2, 2, 2)
    assert another.figure("已测餐次（午餐）") == (1, 2, 2)
    assert another.figure("已测餐次（晚餐）")[1:] == (0, 0)  # not due at noon
    assert another.table("各院区餐次") == [["北院", 1, 0, 1], ["南院", 1, 1, 2]]
    assert [tuple(r) for r in another.listed("没测的窗口.xlsx")] == [("北院", "二号", "午餐")]
    assert ("too-cold", "58.0") in another.warned()
    another.sheet("留样测温/测温.xlsx", [*MEALS[:3], [DAY, "一号", "午餐", 66], [DAY, "三号", "午餐", 70]])
    found = another.warned()
    assert "too-cold" not in {c for c, _said in found}
    assert ("not-in-list", "三号") in found


def test_the_buses(another: School) -> None:
    assert (another.figure("乘车")[0], another.figure("最挤一趟")[0]) == (71, 31)
    assert another.table("各车趟次") == [["乙02", 1, 12], ["甲01", 2, 59]]
    assert {c for c in another.warned() if c[0] == "trip-missed"} == {("trip-missed", "甲01"), ("trip-missed", "乙02")}
    another.sheet(
        "校车行车/行车.xlsx",
        [*TRIPS, ["2020-02-05", "甲01", "17:10", "17:50", "褚江川", 22], ["2020-02-05", "乙02", "7:20", "7:10", "窦临野", 9]],
    )
    assert {c for c in another.warned() if c[0] == "trip-missed"} == {("trip-missed", "乙02")}


def test_pages_in_the_schools_own_words(another: School) -> None:
    own = another.root / "templates/site"
    own.mkdir(parents=True)
    rows = "{% for t in ledger.tables %}{% for row in t.rows %}\n- {{ row|join('，') }}\n{% endfor %}{% endfor %}"
    (own / "ledger.md.j2").write_text(f"# {{{{ ledger.title }}}}（{{{{ school }}}}）\n\n{rows}\n", "utf-8")
    settings = another.root / "jianbao.toml"
    settings.write_text(
        settings.read_text("utf-8").replace("numbered = true", 'numbered = false\nfigures = ["riders", "meals_cold"]'), "utf-8"
    )
    another.publish()
    html = another.page("ledgers/bus_trips.html")
    assert "校车行车（榆溪学院）" in html
    assert "<li>甲01，2，59</li>" in html
    assert "褚江川" not in html
    briefing = another.page("briefings/2020/2020-02-06.html")
    assert "乘车 <strong>71 人次</strong>" in briefing
    assert "温度不够 <strong>1 次</strong>" in briefing


def test_what_the_form_cannot_mean_is_told_with_its_line(another: School) -> None:
    another.form("bus_trips", ("key: plate", "key: plat"), ("group: [plate], sort", "group: [driver], sort"))
    said = another.run("check", code=2)
    assert "bus_trips.yaml 第 10 行：没有名为 plat 的字段" in said
    assert "列 driver 不能上网页" in said


def test_the_two_are_told_as_json(another: School) -> None:
    said = json.loads(another.run("tables", "trips_by_bus", "--date", DAY, "--as-of", f"{DAY}T12:00", "--format", "json"))
    assert said["head"] == ["车号", "趟数", "乘车人次"]
    assert said["total"] == ["合计", 3, 71]
