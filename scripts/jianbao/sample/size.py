"""How large the invented school is, and how its two moving figures run over the days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

SAMPLE_DAYS: Final = (date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 4))
FIRST_DAY: Final = SAMPLE_DAYS[0]


@dataclass(frozen=True, slots=True)
class SampleSize:
    """How many people there are, in which units (none named: all), and how many are back on each day.

    `returned` and `on_campus` hold the totals of FIRST_DAY and the days after it; past their end they
    go on rising by `rise` a day until nobody is left.
    """

    students: int
    staff: int
    others: int
    units: tuple[str, ...] = ()
    returned: tuple[int, ...] = ()
    on_campus: tuple[int, ...] = ()
    rise: int = 1


FULL: Final = SampleSize(students=13_699, staff=1_008, others=121, returned=(212, 236, 251), on_campus=(37, 39, 41), rise=6)
SMALL: Final = SampleSize(
    students=120, staff=40, others=8,
    units=("教务处", "科研处", "图书馆", "信息工程学院", "经济管理学院", "外国语学院"),
    returned=(9, 11, 12), on_campus=(3, 4, 5),
)  # fmt: skip


def arrival(place: int, totals: Sequence[int], rise: int) -> date:
    """Return the day on which the `place`-th person (from 0) of a queue arrives, the totals by day being `totals`.

    Those of the first day's total came one after another over the three weeks before it.
    """
    if place < totals[0]:
        return FIRST_DAY - timedelta(days=place * 21 // totals[0])
    for later, total in enumerate(totals):
        if place < total:
            return FIRST_DAY + timedelta(days=later)
    return FIRST_DAY + timedelta(days=len(totals) + (place - totals[-1]) // rise)


def allot(total: int, weights: Sequence[int]) -> list[int]:
    """Return `total` in whole parts in proportion to `weights`; what is left over goes to the largest fractions."""
    exact = [total * w / sum(weights) for w in weights]
    parts = [int(x) for x in exact]
    order = sorted(range(len(weights)), key=lambda i: (parts[i] - exact[i], i))
    for i in order[: total - sum(parts)]:
        parts[i] += 1
    return parts
