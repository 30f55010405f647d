"""The sample school's days, written into an inbox that is empty."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from jianbao.errors import UsageError
from jianbao.messages import _
from jianbao.project import Project
from jianbao.sample import FULL, SAMPLE_DAYS, SMALL, write_sample
from jianbao.sources.folder import scan


def write_sample_days(project: Project, *, count: int, small: bool) -> Sequence[date]:
    """Write the sample school's sheets of `count` days, and return the days.

    Raises UsageError where the inbox holds anything: real sheets and invented ones must never mix.
    """
    if next(scan(project.inbox), None):
        raise UsageError(
            _("收件文件夹 {folder} 不是空的").format(folder=project.inbox), _("示范数据只写进空的收件文件夹，以免与真实数据混在一起。")
        )
    days = [SAMPLE_DAYS[0] + timedelta(days=n) for n in range(count)]
    write_sample(project.inbox, days, size=SMALL if small else FULL)
    return days
