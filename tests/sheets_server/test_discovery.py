"""The judge of shapes is itself able to find fault."""

from __future__ import annotations

from typing import Any

import pytest

from sheets_server.discovery import method, problems
from sheets_server.exchange import Request
from sheets_server.routes import ROUTES


def asked(operation: str, *, body: Any = None, answer: Any = None, status: int = 200) -> Request:
    """A request as the log keeps it."""
    return Request(operation, "GET", "/", "read", body=body, answer=answer, status=status)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (
            {"spreadsheetId": "1", "sheets": [{"properties": {"sheetId": 0, "hiden": True}}]},
            ".sheets[0].properties.hiden is not in the document",
        ),
        ({"sheets": [{"properties": {"sheetId": "0"}}]}, ".sheets[0].properties.sheetId is no integer: '0'"),
        ({"sheets": {}}, ".sheets is no list: {}"),
        ({"properties": []}, ".properties is no object: []"),
        ({"properties": {"autoRecalc": "SOMETIMES"}}, ".properties.autoRecalc is none of"),
        ({"sheets": [{"properties": {"hidden": 1}}]}, ".hidden is no boolean: 1"),
        ({"sheets": [{"properties": {"index": True}}]}, ".index is no integer: True"),
    ],
)
def test_what_google_would_not_answer_is_found(answer: Any, told: str) -> None:
    (problem,) = problems([asked("sheets.spreadsheets.get", answer=answer)])
    assert problem.startswith("sheets.spreadsheets.get answered: ")
    assert told in problem


def test_what_google_would_not_take_is_found() -> None:
    body = {"requests": [{"setDataValidation": {"rule": {"showCustomUI": True}}}]}
    (problem,) = problems([asked("sheets.spreadsheets.batchUpdate", body=body)])
    assert problem.endswith(".rule.showCustomUI is not in the document")


def test_a_refused_request_is_not_judged() -> None:
    assert problems([asked("sheets.spreadsheets.get", answer={"error": {}}, status=404)]) == []


@pytest.mark.parametrize("route", ROUTES, ids=lambda r: r.operation)
def test_every_operation_is_one_of_googles(route: Any) -> None:
    known = method(route.operation)
    assert known["httpMethod"] in {route.method, "PUT", "PATCH"}
    given = {"sheet": "1", "permission": "p", "metadata": "1", "id": "x", "range": "A1"}
    template = known.get("flatPath") or known["path"]
    for name, value in {"spreadsheetId": "x", "fileId": "x", "sheetId": "1", "metadataId": "1", "permissionId": "p", "range": "A1"}.items():
        template = template.replace("{" + name + "}", value)
    prefix = {"sheets": "/", "drive": "/drive/v3/", "drive2": "/upload/drive/v2/"}[route.operation.partition(".")[0]]
    found = route.address.fullmatch(prefix + template)
    assert found
    assert {name: given[name] for name in found.groupdict()} == found.groupdict()
