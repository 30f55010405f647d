"""What the product costs beside the least that anything could: prints a table, writes build/bench.json.

python tests/bench/bench.py [ROUNDS]

Each figure is a process of its own. The works of a round run one after the other and a ratio compares those of one
round, so what else the machine does falls on all of them; the median of the rounds is told, with the least and the most.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any, Final

from made_briefing import write_briefing
from made_day import write_office, write_sample_office
from made_days import write_days_office
from made_province import write_province
from made_site import write_site_office

HERE: Final = Path(__file__).parent
TARGET: Final = HERE.parents[1] / "build" / "bench.json"
PROVINCE: Final = HERE.parents[1] / "build" / "bench" / "province"
"""Kept from one run to the next: two million people take a while to invent."""
ROUNDS: Final = 7


@dataclass(frozen=True, slots=True)
class Run:
    """One process: which work, on which office."""

    work: str
    office: str


@dataclass(frozen=True, slots=True)
class Goal:
    """A ratio that is told: ours against its floor."""

    id: str
    title: str
    floor: Run
    ours: Run
    aim: float | None
    rounds: int = ROUNDS
    """The most it is measured: what takes half a minute is measured less often."""


_LOOKED: Final = Run("bare-looking", "site")
_ONE_MORE: Final = Goal("P4", "2,000 页的网站再添一期简报 / Hugo 生成整个网站", Run("hugo", "site"), Run("one-more", "site"), 2.0)
CLEAN: Final = Run("day", "day")
DAYS: Final = 120
GOALS: Final = (
    Goal("P1", "一天 14,700 行 × 20 列、12 个工作簿：读取、检查、指标 / 只读单元格", Run("floor", "day"), CLEAN, 1.5),
    Goal("P2", "同一天，每一行都有错 / P1", CLEAN, Run("day", "wrong"), 1.2),
    Goal("P6", "四页简报的正式 PDF，冷启动 / 排版程序排好的同一文本", Run("print-ready", "printed"), Run("print", "printed"), 1.2),
    Goal("P1b", "同一天、200 个工作表 / 只读单元格", Run("floor", "sheets"), Run("day", "sheets"), 1.8),
    Goal("P3", "第 120 天，前 119 天都办过：读取、检查、指标、公开的数 / 第 1 天", Run("a-day", "days-1"), Run("a-day", "days-120"), 1.1),
    Goal("P7", "没有变化时再发布一次 / 启动 Python 并导入 pandas", Run("pandas", "day"), Run("again", "day"), 2.0),
    Goal("L1", "新办公室的第一天，全部表单和花名册填满 / 只读单元格", Run("floor-all", "sample"), Run("first-day", "sample"), None),
    *([_ONE_MORE] if shutil.which("hugo") else []),
    Goal("P4b", "2,000 页全部重新生成，带中文搜索 / 只用 mkdocs-material", Run("plain", "site"), Run("all-pages", "site"), 0.6, 3),
    Goal("P5", "再添一期后检查整个网站有无个人信息和失效链接 / 读出并解码", _LOOKED, Run("next-look", "site"), 2.0, 3),
    Goal("P8", "一省 200 万人的一天：从台账到指标 / Arrow 读出同一文件", Run("arrow", str(PROVINCE)), Run("province", str(PROVINCE)), 3.0),
    Goal("P5a", "同样的检查，网站此前没有查过 / 读出并解码", _LOOKED, Run("first-look", "site"), 2.0, 3),
)


def measure(run: Run, offices: Path) -> dict[str, Any]:
    """Run one work in a fresh process."""
    command = [sys.executable, str(HERE / "measured.py"), run.work, str(offices / run.office)]
    told = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True, encoding="utf-8").stdout
    found: dict[str, Any] = json.loads(told)
    return found


def told(goal: Goal, rounds: Sequence[Mapping[Run, Mapping[str, Any]]]) -> dict[str, Any]:
    """What a goal came to over the rounds that it was measured in."""
    rounds = [r for r in rounds if goal.floor in r and goal.ours in r]
    floor, ours = ([r[run]["seconds"] for r in rounds] for run in (goal.floor, goal.ours))
    ratios = [o / f for o, f in zip(ours, floor, strict=True)]
    peaks, floors = ([r[run]["peak_mb"] for r in rounds] for run in (goal.ours, goal.floor))
    return {
        "title": goal.title,
        "floor_s": round(median(floor), 4),
        "ours_s": round(median(ours), 4),
        "ratio": round(median(ratios), 3),
        "ratio_least": round(min(ratios), 3),
        "ratio_most": round(max(ratios), 3),
        "aim": goal.aim,
        "peak_mb": None if None in peaks else max(peaks),
        "floor_peak_mb": None if None in floors else max(floors),
    }


def main(rounds: int = ROUNDS) -> None:
    """Measure everything, after one round that is not counted."""
    most: dict[Run, int] = {}
    for goal in GOALS:
        for run in (goal.floor, goal.ours):
            most[run] = max(most.get(run, 0), goal.rounds)
    with tempfile.TemporaryDirectory() as folder:
        offices = Path(folder)
        write_office(offices / "day")
        write_office(offices / "wrong", every_row_wrong=True)
        write_office(offices / "sheets", sheet_a_class=True)
        write_sample_office(offices / "sample")
        write_days_office(offices / "days-1", 1)
        write_days_office(offices / "days-120", DAYS)
        write_briefing(offices / "printed")
        write_site_office(offices / "site")
        write_province(PROVINCE)
        measured = [{run: measure(run, offices) for run, times in most.items() if n <= times} for n in range(rounds + 1)][1:]
    table = {goal.id: told(goal, measured) for goal in GOALS}
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(json.dumps(table, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    print(f"{'':4}{'floor s':>9}{'ours s':>9}{'ratio':>8}{'least–most':>14}{'aim':>7}{'peak MB':>10}")
    for name, row in table.items():
        span = f"{row['ratio_least']:.2f}–{row['ratio_most']:.2f}"
        peak = f"{row['peak_mb']:.0f}" if row["peak_mb"] is not None else "?"
        times = f"{row['floor_s']:9.3f}{row['ours_s']:9.3f}{row['ratio']:8.2f}{span:>14}"
        print(f"{name:4}{times}{row['aim'] or '':>7}{peak:>10}  {row['title']}")
    if not shutil.which("hugo"):
        print("没有 hugo，P4 没有测")
    print(f"{rounds} × → {TARGET}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
