"""System 21: meetings with their decisions, tasks with owner and due date, what is overdue."""

from __future__ import annotations

import pytest

from .school import School

MEETINGS = ["会议编号", "会议日期", "议题", "决定"]
TASKS = ["任务编号", "会议编号", "任务", "责任单位", "责任人", "布置日期", "完成期限", "完成日期"]
ROWS = [
    ["R1", "H1", "完成排查", "教务处", "施彩甲", "2020-02-01", "2020-02-04", ""],
    ["R2", "H1", "更新名册", "图书馆", "施彩丙", "2020-02-01", "2020-02-10", ""],
    ["R3", "H1", "备口罩", "教务处", "施彩甲", "2020-02-01", "2020-02-05", "2020-02-05"],
]


@pytest.fixture
def met(school: School) -> School:
    """A meeting held, one to come, three tasks."""
    school.staff(["00001", "否", 36.5, "无", "无"])
    school.sheet("会议/会议.xlsx", [MEETINGS, ["H1", "2020-02-01", "部署排查", "逐人排查"], ["H2", "2020-02-08", "返校方案", ""]])
    school.sheet("会议任务/任务.xlsx", [TASKS, *ROWS])
    return school


def test_tasks_are_open_overdue_or_done(met: School) -> None:
    assert [met.figure(t)[0] for t in ("已开会议", "未完成任务", "逾期任务")] == [1, 2, 1]
    assert met.table("任务完成情况") == [["图书馆", 1, 1, 0], ["教务处", 2, 1, 1]]
    assert ("task-overdue", "R1") in met.warned()
    met.sheet("会议任务/任务.xlsx", [TASKS, [*ROWS[0][:7], "2020-02-06"], *ROWS[1:]])
    assert met.figure("逾期任务")[0] == 0
    met.sheet("会议任务/任务.xlsx", [TASKS, [*ROWS[0][:1], "H9", *ROWS[0][2:]]])
    assert ("not-in-list", "H9") in met.warned()


def test_the_meeting_page_has_decisions_and_open_tasks_without_names(met: School) -> None:
    met.publish()
    meetings, tasks = met.page("ledgers/meetings.html"), met.page("ledgers/meeting_tasks.html")
    assert "逐人排查" in meetings
    assert "返校方案" not in meetings  # not held yet
    assert "更新名册" in tasks
    assert "施彩" not in meetings + tasks
    assert [r[4] for r in met.listed("未完成任务.xlsx")] == ["施彩甲", "施彩丙"]
