"""One indicator over time as a static SVG: drawn in the page, so that its colours follow light, dark and paper.

Places across are per cent and sizes are pixels: on a phone and on a desk the letters are equally large. A day without
a number is a gap, never a zero.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final

from markupsafe import Markup, escape

_TOP: Final = 22
_BOTTOM: Final = 178
_HEIGHT: Final = 206
_LEFT: Final = 8.0
_RIGHT: Final = 96.0
_LABELS: Final = 5
_STEPS: Final = (1.0, 2.0, 5.0, 10.0)
_DOTS: Final = 60
"""With more days than this only corrected and lonely values keep their dots."""


@dataclass(frozen=True, slots=True)
class Point:
    """A day's value; None where nothing was published or stated. `corrected` if another number stood here before."""

    day: date
    value: float | None
    corrected: bool = False


def chart(points: Sequence[Point], *, name: str, title: str) -> Markup:
    """Return the drawing of a series of successive days; `title` is what a screen reader says of it, a sentence stands beside it."""
    values = [p.value for p in points if p.value is not None]
    ticks = scale(min(values, default=0.0), max(values, default=0.0))
    body = "".join((*_grid(ticks), *_gaps(points), *_lines(points, ticks), *_dots(points, ticks), *_days(points)))
    return Markup(  # noqa: S704  # words are escaped, the rest are numbers
        f'<svg class="jb-chart__svg" role="img" aria-labelledby="chart-{name}" width="100%" height="{_HEIGHT}">'
        f'<title id="chart-{name}">{escape(title)}</title>{body}</svg>'
    )


def scale(low: float, high: float) -> list[float]:
    """Return the marks of the upright axis: from 0 (or below) to the largest value, three to six of them, none a fraction of a count."""
    low, high = min(low, 0.0), max(high, 0.0)
    whole = float(low).is_integer() and float(high).is_integer()
    raw = (high - low) / 4 or 1.0
    magnitude = 10.0 ** math.floor(math.log10(raw))
    step = next(s * magnitude for s in _STEPS if s * magnitude >= raw * 0.999)
    if whole:
        step = max(1.0, math.ceil(step))
    first, last = math.floor(low / step), math.ceil(high / step)
    return [n * step for n in range(first, max(last, first + 2) + 1)]


def _across(index: int, count: int) -> float:
    return (_LEFT + _RIGHT) / 2 if count == 1 else _LEFT + (_RIGHT - _LEFT) * index / (count - 1)


def _up(value: float, ticks: Sequence[float]) -> float:
    return _BOTTOM - (_BOTTOM - _TOP) * (value - ticks[0]) / (ticks[-1] - ticks[0])


def _grid(ticks: Sequence[float]) -> Iterator[str]:
    for tick in ticks:
        y = _up(tick, ticks)
        kind = "axis" if tick == 0 else "grid"
        yield f'<line class="jb-chart__{kind}" x1="0" x2="100%" y1="{y:.1f}" y2="{y:.1f}"/>'
        yield f'<text class="jb-chart__tick" x="0" y="{y - 4:.1f}">{tick:g}</text>'


def _gaps(points: Sequence[Point]) -> Iterator[str]:
    """Shade the days without a number, so that a gap is not taken for a low."""
    half = (_RIGHT - _LEFT) / max(1, len(points) - 1) / 2
    for i, point in enumerate(points):
        if point.value is None:
            x = max(0.0, _across(i, len(points)) - half)
            yield f'<rect class="jb-chart__gap" x="{x:.2f}%" y="{_TOP}" width="{min(2 * half, 100 - x):.2f}%" height="{_BOTTOM - _TOP}"/>'


def _lines(points: Sequence[Point], ticks: Sequence[float]) -> Iterator[str]:
    for (i, a), (j, b) in pairwise(enumerate(points)):
        if a.value is not None and b.value is not None:
            x1, x2 = _across(i, len(points)), _across(j, len(points))
            yield (f'<line class="jb-chart__line" x1="{x1:.2f}%" x2="{x2:.2f}%" y1="{_up(a.value, ticks):.1f}" '
                   f'y2="{_up(b.value, ticks):.1f}"/>')  # fmt: skip


def _dots(points: Sequence[Point], ticks: Sequence[float]) -> Iterator[str]:
    """Mark values; a corrected one is hollow, and so told apart without colour. The last one says its number."""
    last = max((i for i, p in enumerate(points) if p.value is not None), default=-1)
    for i, point in enumerate(points):
        if point.value is None:
            continue
        beside = [points[k].value for k in (i - 1, i + 1) if 0 <= k < len(points)]
        x, y = _across(i, len(points)), _up(point.value, ticks)
        if point.corrected:
            yield f'<circle class="jb-chart__dot jb-chart__dot--corrected" cx="{x:.2f}%" cy="{y:.1f}" r="5"/>'
        elif i == last or len(points) <= _DOTS or all(v is None for v in beside):
            yield f'<circle class="jb-chart__dot" cx="{x:.2f}%" cy="{y:.1f}" r="{4 if i == last else 3}"/>'
        if i == last:
            yield f'<text class="jb-chart__last" x="{x:.2f}%" y="{y - 9:.1f}" text-anchor="middle">{point.value:g}</text>'


def _days(points: Sequence[Point]) -> Iterator[str]:
    """Name some days at equal distances, the newest among them."""
    count = len(points)
    step = max(1, math.ceil((count - 1) / (_LABELS - 1)))
    for i in range((count - 1) % step, count, step):
        day = points[i].day
        anchor = "end" if count > 1 and i == count - 1 else "middle"
        x = 100.0 if anchor == "end" else _across(i, count)
        said = f"{day.month}月{day.day}日" if points[0].day.year == points[-1].day.year else f"{day.year}.{day.month}.{day.day}"
        yield f'<text class="jb-chart__day" x="{x:.2f}%" y="{_HEIGHT - 8}" text-anchor="{anchor}">{said}</text>'
