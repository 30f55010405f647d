"""Word's automatic numbers as text: 一、（一）1.（1）① and the rest, counted as Word counts them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from docx.oxml.ns import qn

_DIGITS: Final = "〇一二三四五六七八九"
_STEMS: Final = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES: Final = "子丑寅卯辰巳午未申酉戌亥"
_LEVEL: Final = re.compile(r"%([1-9])")


def chinese(n: int) -> str:
    """Return a number below 10 000 in Chinese: 12 → 十二, 105 → 一百零五."""
    if not 0 < n < 10_000:
        return str(n)
    said, gap = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = n // unit % 10
        if digit:
            said += ("零" if gap and said else "") + _DIGITS[digit] + name
        gap = digit == 0
    return said.removeprefix("一") if 10 <= n < 20 else said


def _roman(n: int) -> str:
    said = ""
    for value, letters in ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"),
                           (9, "IX"), (5, "V"), (4, "IV"), (1, "I")):  # fmt: skip
        said += letters * (n // value)
        n %= value
    return said


def _letters(n: int) -> str:
    return chr(ord("A") + (n - 1) % 26) * ((n - 1) // 26 + 1)


def _of(words: str) -> Callable[[int], str]:
    return lambda n: words[(n - 1) % len(words)]


_FORMATS: Final[Mapping[str, Callable[[int], str]]] = {
    "decimal": str,
    "decimalZero": lambda n: f"{n:02d}",
    "decimalFullWidth": lambda n: "".join(chr(ord(c) + 0xFEE0) for c in str(n)),
    "decimalEnclosedCircle": lambda n: chr(0x2460 + n - 1) if n <= 20 else f"（{n}）",
    "decimalEnclosedCircleChinese": lambda n: chr(0x2460 + n - 1) if n <= 20 else f"（{n}）",
    "chineseCounting": chinese, "chineseCountingThousand": chinese, "taiwaneseCounting": chinese, "taiwaneseCountingThousand": chinese,
    "japaneseCounting": chinese, "ideographDigital": lambda n: "".join(_DIGITS[int(c)] for c in str(n)),
    "ideographTraditional": _of(_STEMS), "ideographZodiac": _of(_BRANCHES),
    "upperRoman": _roman, "lowerRoman": lambda n: _roman(n).lower(), "upperLetter": _letters, "lowerLetter": lambda n: _letters(n).lower(),
    "none": lambda _n: "",
}  # fmt: skip
BULLET: Final = "bullet"


@dataclass(frozen=True, slots=True)
class Level:
    """How one level of a list is numbered."""

    format: str
    text: str
    start: int
    tight: bool


@dataclass(slots=True)
class Numbering:
    """A document's lists, and how far each has been counted."""

    lists: Mapping[str, tuple[str, Mapping[int, Level]]]
    _counts: dict[str, dict[int, int]] = field(default_factory=dict)

    @classmethod
    def read(cls, root: Any | None) -> Numbering:
        """Read the numbering part; a document without one has no lists."""
        if root is None:
            return cls({})
        abstract = {a.get(qn("w:abstractNumId")): _levels(a) for a in root.iter(qn("w:abstractNum"))}
        lists = {}
        for num in root.iter(qn("w:num")):
            reference = _value(num, "w:abstractNumId") or ""
            levels = dict(abstract.get(reference, {}))
            own = False
            for change in num.iter(qn("w:lvlOverride")):
                index, own = int(change.get(qn("w:ilvl")) or 0), True
                levels |= _levels(change)
                start = _value(change, "w:startOverride")
                if start is not None and index in levels:
                    was = levels[index]
                    levels[index] = Level(was.format, was.text, int(start), was.tight)
            identifier = num.get(qn("w:numId")) or ""
            lists[identifier] = (f"{reference}/{identifier}" if own else reference, levels)
        return cls(lists)

    def level(self, number: str, index: int) -> Level | None:
        """Return how a level of a list is numbered; None where the list is none."""
        return self.lists[number][1].get(index) if number in self.lists else None

    def label(self, number: str, index: int) -> str:
        """Count one paragraph of a list, and return its number as text."""
        counter, levels = self.lists[number]
        counts = self._counts.setdefault(counter, {})
        level = levels[index]
        counts[index] = counts.get(index, level.start - 1) + 1
        for deeper in [i for i in counts if i > index]:
            del counts[deeper]

        def said(found: re.Match[str]) -> str:
            at = int(found[1]) - 1
            of = levels.get(at, level)
            return _FORMATS.get(of.format, str)(counts.get(at, of.start))

        text = _LEVEL.sub(said, level.text)
        return text if level.tight or not text[-1:].isascii() else f"{text} "


def _levels(root: Any) -> dict[int, Level]:
    found = {}
    for level in root.iter(qn("w:lvl")):
        text, start = _value(level, "w:lvlText") or "", _value(level, "w:start")
        format_, tight = _value(level, "w:numFmt") or "decimal", _value(level, "w:suff") == "nothing"
        found[int(level.get(qn("w:ilvl")) or 0)] = Level(format_, text, int(start) if start is not None else 1, tight)
    return found


def _value(element: Any, name: str) -> str | None:
    child = element.find(qn(name))
    value = child.get(qn("w:val")) if child is not None else None
    return None if value is None else str(value)
