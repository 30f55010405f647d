"""System 24: drills, and the checklist for the students' return with what is not ready."""

from __future__ import annotations

from .school import DAY, School

ITEMS = ["事项编号", "方面", "事项", "责任单位", "校区", "布置日期", "完成期限", "备好日期"]
ROWS = [
    ["F1", "校门", "测温通道", "教务处", "东校区", "2020-02-01", "2020-02-05", ""],
    ["F2", "校门", "等候区", "教务处", "西校区", "2020-02-01", "2020-02-09", ""],
    ["F3", "宿舍", "体温计", "图书馆", "东校区", "2020-02-01", "2020-02-05", "2020-02-04"],
]
DRILLS = ["演练日期", "科目", "校区", "参演人数", "用时（分钟）", "是否达到要求", "发现问题"]


def test_what_is_not_ready_is_listed(school: School) -> None:
    school.staff(["00001", "否", 36.5, "无", "无"])
    school.sheet("返校准备/清单.xlsx", [ITEMS, *ROWS])
    assert school.table("准备情况") == [["校门", 2, 0, 2, 1], ["宿舍", 1, 1, 0, 0]]
    assert [(r[0], r[4], r[6]) for r in school.table("未备好的事项")] == [("F1", "东校区", 1), ("F2", "西校区", None)]
    assert ("not-ready-in-time", "F1") in school.warned()
    school.publish()
    assert "测温通道" in school.page("ledgers/readiness.html")
    school.sheet("返校准备/清单.xlsx", [ITEMS, [*ROWS[0][:7], DAY], *ROWS[1:]])
    assert school.figure("未备好事项")[0] == 1


def test_drills_add_up(school: School) -> None:
    school.staff(["00001", "否", 36.5, "无", "无"])
    rows = [
        ["2020-02-01", "转送", "东校区", 20, 15, "达到", ""],
        [DAY, "转送", "西校区", 22, 30, "未达到", "通道太窄"],
        ["2020-02-09", "检测", "东校区", 9, 9, "达到", ""],
    ]
    school.sheet("应急演练/演练.xlsx", [DRILLS, *rows])
    assert (school.figure("演练累计")[0], school.figure("参演人次累计")[0]) == (2, 42)  # the third is still to come
    assert [[*r[1:3], r[5]] for r in school.table("演练")] == [["转送", "西校区", "否"], ["转送", "东校区", "是"]]
    school.sheet("应急演练/演练.xlsx", [DRILLS, [*rows[0][:3], 0, *rows[0][4:]], *rows[1:]])
    assert (school.figure("演练累计")[0], school.figure("参演人次累计")[0]) == (1, 22)
