"""Every word that a person may write or will meet is explained, and no page explains one that is not there."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import fields
from datetime import UTC, date, datetime
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from jinja2.sandbox import SandboxedEnvironment

from jianbao import documents, render
from jianbao.briefing import HEADINGS, STYLES, FigureLine, briefing_values
from jianbao.facts import Facts, NewsFact, RowFacts, UnitFacts
from jianbao.forms.load import load_forms
from jianbao.forms.spec import FormSpec, Kind, Privacy, Role, Subject
from jianbao.project import shipped
from jianbao.settings import School, Settings
from jianbao.values import Code, Severity, UnitState

if TYPE_CHECKING:
    from conftest import Docs

FORM_SCHEMA = json.loads(resources.files("jianbao.forms").joinpath("schema.json").read_text("utf-8"))
SETTINGS_SCHEMA = json.loads(resources.files("jianbao").joinpath("settings.schema.json").read_text("utf-8"))
TYPES = FORM_SCHEMA["$defs"]["field"]["properties"]["type"]["enum"]


def properties(schema: Any) -> Iterator[str]:
    """Yield every key that a schema knows, at any depth."""
    if isinstance(schema, Mapping):
        for key, value in schema.items():
            if key == "properties":
                yield from value
            yield from properties(value)
    elif isinstance(schema, list):
        for item in schema:
            yield from properties(item)


def test_forms_page_explains_each_key_role_and_privacy_class(docs: Docs) -> None:
    shipped_forms = {p.stem for p in shipped("forms_schema").glob("*.yaml")}
    assert set(docs.listed(docs.prose("forms.md"))) == {*properties(FORM_SCHEMA), *Role, *Privacy, *TYPES, *shipped_forms}


@pytest.mark.parametrize(
    "form",
    list(load_forms(shipped("forms_schema"), {"fever_threshold", "observation_days", "missed_contact", "low_cover_days"})),
    ids=lambda form: form.name,
)
def test_forms_page_states_the_columns_of_the_shipped_forms(docs: Docs, form: FormSpec) -> None:
    section = docs.section("forms.md", "## The forms that come with the program")
    (row,) = (line for line in section.splitlines() if line.startswith(f"| `{form.name}` | {form.title} |"))
    *_rest, needed, besides, _end = (cell.strip() for cell in row.split("|"))
    must = [f.title for f in form.fields if f.required or f.name in form.keys]
    assert needed.split("、") == must
    assert besides.split("、") == [f.title for f in form.fields if f.title not in must]


@pytest.mark.parametrize("word", [*Kind, *Subject, *Severity, *TYPES])
def test_forms_page_names_each_value(docs: Docs, word: str) -> None:
    assert f"`{word}`" in docs.prose("forms.md")


@pytest.mark.parametrize("table", sorted(SETTINGS_SCHEMA["properties"]))
def test_settings_page_explains_each_key(docs: Docs, table: str) -> None:
    schema = SETTINGS_SCHEMA["properties"][table]
    heading, known = (f"[[{table}]]", schema["items"]) if schema["type"] == "array" else (f"[{table}]", schema)
    assert set(docs.listed(docs.section("settings.md", f"## `{heading}`"))) == set(known["properties"])


def test_settings_page_explains_each_style_and_each_kind_of_section(docs: Docs) -> None:
    styles = docs.section("settings.md", "## House styles")
    for style, sections in STYLES.items():
        (row,) = (line for line in styles.splitlines() if line.startswith(f'| `"{style}"` |'))
        assert docs.code(row.split("|")[-2]) == [s.kind for s in sections]
    section = SETTINGS_SCHEMA["properties"]["briefing"]["properties"]["section"]["items"]["properties"]
    told = docs.section("settings.md", "## Sections of the briefing")
    keys, _head, kinds = told.partition("| `kind` | Heading |")
    assert list(docs.listed(keys)) == list(section)
    assert sorted(docs.listed(kinds)) == sorted(section["kind"]["enum"])
    for kind, heading in HEADINGS.items():
        assert f"| `{kind}` | {heading} |" in kinds


def test_findings_page_explains_each_code(docs: Docs) -> None:
    assert list(docs.listed(docs.section("findings.md", "## Codes"))) == list(Code)


def test_findings_page_explains_each_severity_and_state(docs: Docs) -> None:
    text = docs.prose("findings.md")
    assert set(docs.listed(text)) == {*Code, *Severity, *UnitState}


def test_documents_page_explains_each_key_kind_and_status(docs: Docs) -> None:
    def listed(heading: str) -> list[str]:
        return list(docs.listed(docs.section("documents.md", heading)))

    assert sorted(listed("## Front matter")) == sorted(documents._KEYS)
    assert listed("## Kinds") == list(documents.DocumentKind)
    assert listed("## Statuses") == list(documents.Status)
    assert all(f"`{audience}`" in docs.prose("documents.md") for audience in documents.Audience)


@pytest.mark.parametrize("kind", documents.DocumentKind)
def test_documents_page_calls_kinds_as_pages_do(docs: Docs, kind: documents.DocumentKind) -> None:
    assert f"| `{kind}` | {kind.label} |" in docs.section("documents.md", "## Kinds")


def empty_facts() -> Facts:
    """A day of which nothing is known."""
    units = UnitFacts(0, 0, 0, 0, 0, 0, (), (), (), ())
    return Facts(date(2020, 2, 6), datetime(2020, 2, 6, 12, tzinfo=UTC), (), units, RowFacts(0, 0, 0, 0, 0))


def test_templates_page_lists_the_values_given_to_the_briefing(docs: Docs) -> None:
    given = briefing_values(empty_facts(), Settings(School("某校", "办公室")), issued=date(2020, 2, 7), documents=())
    listed = docs.section("templates.md", "## The values of `briefing.md.j2`").partition("### A figure")[0]
    assert list(docs.listed(listed)) == list(given)


@pytest.mark.parametrize(
    ("heading", "shape"),
    [("### A figure", FigureLine), ("### Units", UnitFacts), ("### Rows", RowFacts), ("### An item of news", NewsFact)],
)
def test_templates_page_explains_each_part_of_a_value(docs: Docs, heading: str, shape: type) -> None:
    text = docs.section("templates.md", heading)
    assert [f.name for f in fields(shape) if f"`{f.name}`" not in text] == []


def test_templates_page_lists_our_filters_and_templates(docs: Docs) -> None:
    ours = render.environment(None).filters.keys() - SandboxedEnvironment().filters.keys()
    assert set(docs.listed(docs.section("templates.md", "## Filters"))) == ours
    shipped = {p.relative_to(render.SHIPPED).as_posix() for p in render.SHIPPED.rglob("*.j2")}
    head = docs.prose("templates.md").partition("## The values")[0]
    assert set(docs.listed(head)) == shipped


def test_architecture_page_names_each_room(docs: Docs) -> None:
    package = Path(render.__file__).parent
    rooms = {p.stem for p in package.glob("*.py")} | {p.parent.name for p in package.glob("*/__init__.py")}
    assert set(docs.listed(docs.section("architecture.md", "## The rooms"))) == rooms - {"__init__", "__main__"}
