"""Colours: Google keeps each twice, as a colour and as a style, and writes no part that is 0."""

from __future__ import annotations

from typing import Any

from .fields import Mask

Json = dict[str, Any]

_PAIRS = {"backgroundColor": "backgroundColorStyle", "foregroundColor": "foregroundColorStyle", "tabColor": "tabColorStyle"}


def style(given: Json, changed: Mask | None = None) -> Json:
    """Return formats or properties with both forms of every colour; the form that was changed counts."""
    kept = {name: style(value) if name == "textFormat" and isinstance(value, dict) else value for name, value in given.items()}
    for plain, styled in _PAIRS.items():
        by_plain, by_style = (name in (changed or {}) for name in (plain, styled))
        from_style = not by_plain and (by_style or plain not in kept)
        colour = (kept.get(styled) or {}).get("rgbColor") if from_style else kept.get(plain)
        if colour is not None:
            colour = {part: value for part, value in colour.items() if value}
            kept[plain], kept[styled] = colour, {"rgbColor": colour}
        else:
            kept.pop(plain, None)
            kept.pop(styled, None)
    return kept
