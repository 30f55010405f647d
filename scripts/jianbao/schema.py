"""Whether data plainly meets a JSON Schema: the quick yes, for what every command reads first.

jsonschema says what is wrong, and takes a twentieth of a second to import. Here only a yes is certain; whatever is not understood is
left to it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

_SAYS_NOTHING: Final = frozenset({"$schema", "title", "description"})
_TYPES: Final[Mapping[str, Callable[[Any], bool]]] = {
    "object": lambda v: isinstance(v, dict),
    "array": lambda v: isinstance(v, list),
    "string": lambda v: isinstance(v, str),
    "boolean": lambda v: isinstance(v, bool),
    "integer": lambda v: isinstance(v, int) and not isinstance(v, bool),
    "number": lambda v: isinstance(v, int | float) and not isinstance(v, bool),
}


def plainly_meets(schema: Mapping[str, Any], value: Any) -> bool:
    """Return True only where `value` meets `schema` (draft 2020-12) for sure."""
    return all(
        word in _SAYS_NOTHING or (word in _WORDS and _WORDS[word](asked, value, schema)) for word, asked in schema.items()
    )  # fmt: skip


def _type(asked: Any, value: Any, _schema: Mapping[str, Any]) -> bool:
    names = [asked] if isinstance(asked, str) else asked
    return any(name in _TYPES and _TYPES[name](value) for name in names)


def _properties(asked: Any, value: Any, _schema: Mapping[str, Any]) -> bool:
    return not isinstance(value, dict) or all(plainly_meets(asked[k], v) for k, v in value.items() if k in asked)


def _additional(asked: Any, value: Any, schema: Mapping[str, Any]) -> bool:
    if not isinstance(value, dict) or asked is True:
        return True
    more = [v for k, v in value.items() if k not in schema.get("properties", {})]
    return not more if asked is False else all(plainly_meets(asked, v) for v in more)


def _items(asked: Any, value: Any, _schema: Mapping[str, Any]) -> bool:
    return not isinstance(value, list) or (isinstance(asked, dict) and all(plainly_meets(asked, v) for v in value))


def _enum(asked: Any, value: Any, _schema: Mapping[str, Any]) -> bool:
    return any(type(one) is type(value) and one == value for one in asked)


_WORDS: Final[Mapping[str, Callable[[Any, Any, Mapping[str, Any]], bool]]] = {
    "type": _type,
    "properties": _properties,
    "additionalProperties": _additional,
    "items": _items,
    "enum": _enum,
    "required": lambda asked, v, _s: not isinstance(v, dict) or all(k in v for k in asked),
    "minItems": lambda asked, v, _s: not isinstance(v, list) or len(v) >= asked,
    "minLength": lambda asked, v, _s: not isinstance(v, str) or len(v) >= asked,
    "pattern": lambda asked, v, _s: not isinstance(v, str) or re.search(asked, v) is not None,
    "minimum": lambda asked, v, _s: isinstance(v, bool | str | list | dict) or v >= asked,
    "maximum": lambda asked, v, _s: isinstance(v, bool | str | list | dict) or v <= asked,
}
