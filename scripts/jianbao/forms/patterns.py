"""Patterns worth a look in a form's answers: which are looked for, and from how many on; each can be switched off.

patterns: false                                  # none in this form
patterns: {one_value: false, copied: {days: 5}}  # the others as they are
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Copied:
    """The same numbers, person by person, on `days` days running in a class (or unit) of `least` or more."""

    days: int = 3
    least: int = 10


@dataclass(frozen=True, slots=True)
class OneValue:
    """One and the same measured number for everybody of a class (or unit) of `least` or more."""

    least: int = 10


@dataclass(frozen=True, slots=True)
class SameMinute:
    """Everybody of a class (or unit) of `least` or more submitted in one minute."""

    least: int = 10


@dataclass(frozen=True, slots=True)
class Falls:
    """A number that can only rise and has fallen: monotonic figures, and the answers to `fields`."""

    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Jump:
    """A count further outside the range of the last `days` days than that range is wide, or than `by` where it is narrower.

    Fewer than `least` known days say nothing of what is usual.
    """

    days: int = 14
    least: int = 5
    by: float = 3


@dataclass(frozen=True, slots=True)
class Patterns:
    """What is looked for in a form's answers; None is switched off."""

    copied: Copied | None = Copied()
    one_value: OneValue | None = OneValue()
    same_minute: SameMinute | None = SameMinute()
    falls: Falls | None = Falls()
    jump: Jump | None = Jump()


ALL_PATTERNS: Final = Patterns()
NO_PATTERNS: Final = Patterns(None, None, None, None, None)


def patterns(data: Mapping[str, Any] | bool | None) -> Patterns:  # noqa: FBT001  # `patterns: false` is how a form says it
    """Return what a form's `patterns:` asks for; without it everything, with its defaults."""
    if data is None:
        return ALL_PATTERNS
    if isinstance(data, bool):
        return ALL_PATTERNS if data else NO_PATTERNS
    kinds: Mapping[str, Any] = {"copied": Copied, "one_value": OneValue, "same_minute": SameMinute, "falls": Falls, "jump": Jump}
    chosen: dict[str, Any] = {}
    for name, said in data.items():
        if isinstance(said, Mapping):
            chosen[name] = kinds[name](**{k: tuple(v) if isinstance(v, list) else v for k, v in said.items()})
        else:
            chosen[name] = kinds[name]() if said else None
    return Patterns(**chosen)
