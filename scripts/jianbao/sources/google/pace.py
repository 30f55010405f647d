"""How long Google's minute is: sixty seconds, but for a test server that keeps a shorter one."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Final

from jianbao.errors import UsageError
from jianbao.messages import _

VARIABLE: Final = "JIANBAO_GOOGLE_MINUTE"
MINUTE: Final = 60.0


@dataclass(frozen=True, slots=True)
class Pace:
    """The length of a minute, in seconds; `share` is what every wait is multiplied by."""

    minute: float = MINUTE

    @property
    def share(self) -> float:
        """The share of a real minute."""
        return self.minute / MINUTE


def pace() -> Pace:
    """Return the pace, as the environment variable JIANBAO_GOOGLE_MINUTE sets it for a test server.

    Raises UsageError where that is no number of seconds above 0 and up to 60.
    """
    named = os.environ.get(VARIABLE, "")
    try:
        minute = float(named) if named else MINUTE
    except ValueError:
        minute = 0.0
    if not 0 < minute <= MINUTE:
        raise UsageError(
            _("环境变量 {variable} 应为 0 到 60 之间的秒数，现在是 {found}").format(variable=VARIABLE, found=named),
            _("它只供测试服务器使用，平时不要设。"),
        )
    return Pace(minute)
