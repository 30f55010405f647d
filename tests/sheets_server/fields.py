"""Field masks: `sheets(properties.title,data/rowData)`, both to choose what is answered and to say what a change touches."""

from __future__ import annotations

import copy
from typing import Any

from .errors import invalid

Mask = dict[str, "Mask"]  # an empty mask is everything below


def parse_mask(text: str) -> Mask:
    """Read a mask; `.` and `/` part levels, brackets hold alternatives."""
    mask, rest = _alternatives(text.replace(" ", ""))
    if rest:
        raise invalid(f"Error expanding 'fields' parameter. Cannot find matching fields for path '{text}'.")
    return mask


def _alternatives(text: str) -> tuple[Mask, str]:
    mask: Mask = {}
    while text and text[0] != ")":
        cut = next((n for n, mark in enumerate(text) if mark in ",()"), len(text))
        path, text = text[:cut], text[cut:]
        place = mask
        for name in path.replace("/", ".").split("."):
            place = place.setdefault(name, {})
        if text.startswith("("):
            inner, text = _alternatives(text[1:])
            if not text.startswith(")"):
                raise invalid("Invalid field selection: a bracket is open")
            place.update(inner)
            text = text[1:]
        text = text.removeprefix(",")
    return mask, text


def select(value: Any, mask: Mask) -> Any:
    """Return what a mask leaves of an answer: what is there stays, if only as an empty object."""
    if not mask or "*" in mask:
        return value
    if isinstance(value, list):
        return [select(item, mask) for item in value]
    if not isinstance(value, dict):
        return value
    return {name: select(inner, mask[name]) for name, inner in value.items() if name in mask}


def wants(mask: Mask, *path: str) -> bool:
    """Whether a mask asks for anything at or below a path."""
    for name in path:
        if not mask or "*" in mask:
            return True
        if name not in mask:
            return False
        mask = mask[name]
    return True


def assign(target: dict[str, Any], source: dict[str, Any], mask: Mask) -> None:
    """Set what a mask names of target to what source says; what source does not say is taken away."""
    for name in list(source) if "*" in mask else mask:
        inner = {} if "*" in mask else mask[name]
        if inner and isinstance(source.get(name), dict):
            place = target.setdefault(name, {})
            assign(place, source[name], inner)
            if not place:
                del target[name]
        elif source.get(name) is None:
            target.pop(name, None)
        else:
            target[name] = copy.deepcopy(source[name])
