"""The quick yes about settings: never where jsonschema says no, and always for what is plainly right."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from importlib import resources
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from jianbao.schema import plainly_meets

SCHEMA: Final[dict[str, Any]] = json.loads(resources.files("jianbao").joinpath("settings.schema.json").read_text("utf-8"))
RIGHT: Final[dict[str, Any]] = {
    "school": {"name": "榆溪学院", "office": "防控办", "signed_by": "林签发"},
    "source": {"kind": "folder", "path": "inbox"},
    "briefing": {"title": "工作简报", "numbered": True, "figures": ["suspected"], "reminder": ["洗手"]},
    "privacy": {"small_count": 5, "retention_days": 180},
    "setting": [{"name": "fever_threshold", "value": 37.2, "since": "2020-01-01", "note": "体温"}],
    "record": {"key": "../key", "tag": True},
    "contact": [{"role": "校医院", "number": "0000-8880100"}],
}


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of every value."""
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inner:
        yield from places(one, (*path, key))


@st.composite
def harmed(draw: st.DrawFn) -> Any:
    """Settings with one value replaced, dropped, or one more put beside it."""
    data = {"-": copy.deepcopy(RIGHT)}
    *way, last = draw(st.sampled_from([("-", *p) for p in places(RIGHT)]))
    held: Any = data
    for key in way:
        held = held[key]
    words, numbers = st.text(max_size=4), st.integers(-5, 300)
    several = st.lists(words, max_size=2) | st.dictionaries(words, numbers, max_size=2)
    other = draw(st.none() | st.booleans() | numbers | st.floats(-3, 60, allow_nan=False) | words | several)
    match draw(st.sampled_from(["other", "drop", "more"])):
        case "drop" if way:
            del held[last]
        case "more" if isinstance(held, dict) and way:
            held[draw(st.text(max_size=5))] = other
        case _:
            held[last] = other
    return data["-"]


@given(harmed())
def test_it_never_says_yes_where_jsonschema_says_no(data: Any) -> None:
    if plainly_meets(SCHEMA, data):
        assert Draft202012Validator(SCHEMA).is_valid(data)


def test_it_says_yes_to_what_is_plainly_right() -> None:
    assert plainly_meets(SCHEMA, RIGHT)


@pytest.mark.parametrize(("schema", "value"), [
    ({"type": "integer"}, True), ({"enum": [1]}, True), ({"enum": [0]}, False), ({"type": "number"}, False), ({"minItems": 1}, []),
    ({"minLength": 1}, ""), ({"pattern": "^a$"}, "b"), ({"minimum": 1}, 0.5), ({"maximum": 1}, 2), ({"required": ["a"]}, {}),
    ({"additionalProperties": False}, {"a": 1}), ({"additionalProperties": {"type": "string"}}, {"a": 1}), ({"not": {}}, 1),
    ({"items": {"type": "string"}}, ["a", 1]), ({"type": ["string", "null"]}, 1),
])  # fmt: skip
def test_what_is_wrong_or_not_understood_is_not_met(schema: dict[str, Any], value: Any) -> None:
    assert not plainly_meets(schema, value)
