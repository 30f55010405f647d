"""Google's discovery documents as a judge: no unknown field, and every value of the type the document says."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from typing import Any

from .exchange import Request

Json = dict[str, Any]

_DOCUMENTS = {"sheets": "sheets.v4.json", "drive": "drive.v3.json", "drive2": "drive.v2.json"}
_PYTHON: dict[str, type | tuple[type, ...]] = {"string": str, "boolean": bool, "integer": int, "number": (int, float)}
_CHECKED_ENUMS = {"sheets"}  # Drive's documents name their values in prose


@cache
def document(api: str) -> Json:
    """Return the discovery document of an API."""
    place = files("googleapiclient.discovery_cache.documents") / _DOCUMENTS[api]
    return json.loads(place.read_text("utf-8"))  # type: ignore[no-any-return]  # a discovery document is an object


@cache
def method(operation: str) -> Json:
    """Return what a document says of an operation."""
    api, *names, last = operation.split(".")
    place = document(api)
    for name in names:
        place = place["resources"][name]
    return place["methods"][last]  # type: ignore[no-any-return]  # one of the document's objects


def problems(requests: Iterable[Request]) -> list[str]:
    """Return where bodies or answers of these requests are not as the documents say; [] when all is well."""
    return [problem for request in requests for problem in _of_request(request)]


def _of_request(request: Request) -> Iterator[str]:
    if request.use == "token" or request.operation == "unknown" or request.status >= 400:
        return
    api, known = request.operation.partition(".")[0], method(request.operation)
    if request.body and "request" in known and api == "sheets":  # Drive passes over names it does not know
        yield from _differs(api, {"$ref": known["request"]["$ref"]}, request.body, f"{request.operation} asked: ")
    if request.answer is not None and "response" in known:
        yield from _differs(api, {"$ref": known["response"]["$ref"]}, request.answer, f"{request.operation} answered: ")


def _differs(api: str, schema: Json, value: Any, where: str) -> Iterator[str]:
    if "$ref" in schema:
        schema = document(api)["schemas"][schema["$ref"]]
    kind = schema.get("type", "any")
    if value is None or kind == "any":
        return  # null is "not said"
    if kind == "array":
        if not isinstance(value, list):
            yield f"{where} is no list: {value!r}"
            return
        for number, item in enumerate(value):
            yield from _differs(api, schema["items"], item, f"{where}[{number}]")
    elif kind == "object":
        yield from _object(api, schema, value, where)
    elif not isinstance(value, _PYTHON[kind]) or (kind != "boolean" and isinstance(value, bool)):
        yield f"{where} is no {kind}: {value!r}"
    elif "enum" in schema and api in _CHECKED_ENUMS and value not in schema["enum"]:
        yield f"{where} is none of {schema['enum']}: {value!r}"


def _object(api: str, schema: Json, value: Any, where: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{where} is no object: {value!r}"
        return
    known = schema.get("properties", {})
    more = schema.get("additionalProperties")
    for name, inner in value.items():
        if name in known or more:
            yield from _differs(api, known.get(name, more), inner, f"{where}.{name}")
        else:
            yield f"{where}.{name} is not in the document"
