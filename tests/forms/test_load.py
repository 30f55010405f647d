"""Form files: every kind of fault is told with its file, its line and what may have been meant."""

from __future__ import annotations

import codecs
import json
from datetime import time
from importlib import resources
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from frictionless import FrictionlessException, Schema

from jianbao.errors import FormError
from jianbao.forms import Kind, Privacy, Role, Subject
from jianbao.forms.load import did_you_mean, load_forms, read_code_list
from jianbao.project import shipped

SETTINGS: Final = {"fever_threshold", "observation_days", "missed_contact", "low_cover_days"}
FORM: Final = """\
name: visits
title: 来访登记
primaryKey: [date, badge]
foreignKeys:
  - {fields: unit, reference: {resource: visits, fields: unit}}
missingValues: ["", "-"]
jianbao:
  version: 1
  kind: log
  subject: person
  deadline: "9:30"
  rules:
    - {code: hot, field: temperature, when: temperature > fever_threshold, severity: alert, message: 体温高, receiver: 保卫处}
  indicators:
    - {name: visitors, title: 来访人数, count: distinct badge, where: given(temperature), window: days(7), unit: 人}
fields:
  - {name: date, title: 日期, type: date, jianbao: {role: day, derived: sheet}}
  - {name: badge, title: 证号, type: string, constraints: {required: true, maxLength: 9}, jianbao: {privacy: identifier, aliases: [编号]}}
  - {name: unit, title: 部门, type: string, jianbao: {role: unit, fill: down}}
  - {name: temperature, title: 体温, type: number, constraints: {minimum: 34, maximum: 43}, jianbao: {unit: degC, several: max}}
  - {name: colour, title: 颜色, type: string, jianbao: {list: colours, multiple: true, open: true}}
  - {name: known, title: 是否登记, type: boolean, trueValues: [登了], falseValues: [没登], jianbao: {otherwise: true}}
"""
COLOURS: Final = "标签,其他写法\n红,red|赤\n绿,green\n"


def office(folder: Path, **forms: str) -> Path:
    """Write form files and the lists beside them."""
    (folder / "lists").mkdir(exist_ok=True)
    (folder / "lists" / "colours.csv").write_text(COLOURS, encoding="utf-8")
    for name, text in forms.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


def faults(folder: Path) -> list[str]:
    with pytest.raises(FormError) as error:
        load_forms(folder, SETTINGS)
    assert error.value.exit_code == 2
    return error.value.message.splitlines()


def test_a_form_as_values(tmp_path: Path) -> None:
    form = load_forms(office(tmp_path, visits=FORM), SETTINGS)["visits"]
    assert (form.title, form.kind, form.subject, form.version, form.deadline) == ("来访登记", Kind.LOG, Subject.PERSON, 1, time(9, 30))
    assert (form.primary_key, form.keys, form.identifier.name) == (("date", "badge"), ("badge",), "badge")
    assert form.day_field is form.by_name["date"]
    assert form.file == "visits.yaml"
    (rule,), (indicator,) = form.rules, form.indicators
    assert (rule.code, rule.field, rule.severity, rule.receiver) == ("hot", "temperature", "alert", "保卫处")
    assert (indicator.measure, indicator.of, indicator.distinct, indicator.window, indicator.unit) == ("count", "badge", True, 7, "人")
    assert indicator.reads == {"temperature"}
    badge, unit, temperature, colour, known = (form.by_name[n] for n in ("badge", "unit", "temperature", "colour", "known"))
    assert (badge.required, badge.max_length, badge.privacy, badge.names) == (True, 9, Privacy.IDENTIFIER, ("证号", "编号"))
    assert (unit.role, unit.fill_down) == (Role.UNIT, True)
    assert (temperature.minimum, temperature.maximum, temperature.several, temperature.unit) == (34, 43, "max", "degC")
    assert colour.codes is not None
    assert (colour.codes.labels, colour.multiple, colour.open) == (("红", "绿"), True, True)
    assert ("登了" in known.true_words, "没登" in known.false_words, known.otherwise) == (True, True, True)
    assert badge.missing_values == {"", "-"}


BROKEN: Final[list[tuple[str, str, str, int, list[str]]]] = [
    # id, what stands in FORM, what stands there instead, the line told, what the sentence says
    ("an unknown key", "kind: log", "kind: log\n  titel: x", 10, ["titel", "是不是 titles"]),
    ("an unknown key at the top", "name: visits", "name: visits\nprimarykey: badge", 2, ["primarykey", "是不是 primaryKey"]),
    ("an unknown key of a field", "fill: down", "fil: down", 19, ["fil", "是不是 fill"]),
    ("an unknown key of a rule", "message: 体温高", "mesage: 体温高, message: 体温高", 13, ["mesage", "是不是 message"]),
    ("an unknown key of an indicator", "unit: 人}", "units: 人}", 15, ["units", "是不是 unit"]),
    ("an unknown constraint", "minimum: 34", "min: 34", 20, ["min", "是不是 minimum"]),
    ("a key that means nothing near", "kind: log", "kind: log\n  zzzz: 1", 10, ["不认识的键 zzzz"]),
    ("no title", "title: 来访登记\n", "", 1, ["缺少 title"]),
    ("no version", "  version: 1\n", "", 7, ["缺少 version"]),
    ("no type of a field", "title: 体温, type: number", "title: 体温", 20, ["缺少 type"]),
    ("no message of a rule", ", message: 体温高", "", 13, ["缺少 message"]),
    ("a wrong kind", "kind: log", "kind: dialy", 9, ["kind", "dialy", "daily、weekly、register、log、plan", "是不是 daily"]),
    ("a wrong subject", "subject: person", "subject: persons", 10, ["persons", "是不是 person"]),
    ("a wrong type", "type: boolean", "type: bool", 22, ["bool", "是不是 boolean"]),
    ("a wrong role", "role: unit", "role: units", 19, ["units", "是不是 unit"]),
    ("a wrong privacy", "privacy: identifier", "privacy: identifer", 18, ["identifer", "是不是 identifier"]),
    ("a wrong severity", "severity: alert", "severity: allert", 13, ["allert", "是不是 alert"]),
    ("a wrong deadline", '"9:30"', '"25:30"', 11, ["deadline", "25:30"]),
    ("a deadline without quotes", '"9:30"', "10:00", 11, ["deadline"]),
    ("a version that is text", "version: 1", "version: 一", 8, ["version", "一"]),
    ("a title that YAML takes for no", "title: 来访登记", "title: no", 2, ["title", "False"]),
    ("a name in Chinese", "name: visits", "name: 来访", 1, ["name", "来访"]),
    ("a name of a field with a hyphen", "{name: known", "{name: is-known", 22, ["is-known"]),
    ("a window of words", "window: days(7)", "window: a week", 15, ["a week"]),
    ("an indicator that counts nothing", "count: distinct badge, ", "", 15, ["count、sum、mean、max、min"]),
    ("an indicator that counts twice", "count: distinct badge", "count: rows, sum: temperature", 15, ["count、sum、mean、max、min"]),
    ("fields that are no list", FORM[FORM.index("fields:\n") :], "fields: none\n", 16, ["fields", "none"]),
    ("no fields", FORM[FORM.index("fields:\n") :], "fields: []\n", 16, ["fields"]),
    ("a key that is no field", "[date, badge]", "[date, bagde]", 3, ["bagde", "是不是 badge"]),
    ("a reference from no field", "{fields: unit, ref", "{fields: units, ref", 5, ["units", "是不是 unit"]),
    ("a reference to no form", "resource: visits", "resource: visit", 5, ["visit", "是不是 visits"]),
    ("a reference to no field of that form", "resource: visits, fields: unit", "resource: visits, fields: unti", 5,
        ["unti", "是不是 unit"]),
    ("a rule at no field", "field: temperature", "field: temprature", 13, ["temprature", "是不是 temperature"]),
    ("an indicator of no field", "distinct badge", "distinct bage", 15, ["bage", "是不是 badge"]),
    ("a measured day of no field", "kind: log", "kind: log\n  per_day: temperatur", 10, ["temperatur", "是不是 temperature"]),
    ("a list that is not there", "list: colours", "list: colors", 21, ["colors.csv", "是不是 colours"]),
    ("a name in a condition", "when: temperature >", "when: temprature >", 13, ["temprature", "是不是 temperature"]),
    ("a setting in a condition", "fever_threshold", "fever_treshold", 13, ["fever_treshold", "是不是 fever_threshold"]),
    ("a name in an indicator's condition", "where: given(temperature)", "where: given(temprature)", 15,
        ["temprature", "是不是 temperature"]),
    ("a condition that is none", "temperature > fever_threshold", "temperature >", 13, ["读不懂条件"]),
    ("a condition that is Python", "temperature > fever_threshold", "open('x')", 13, ["读不懂条件", "open"]),
    ("cases that are none", "kind: log", "kind: log\n  cases: 有", 10, ["有"]),
    ("a field twice", "{name: colour", "{name: unit", 21, ["unit", "两次"]),
    ("a header for two fields", "aliases: [编号]", "aliases: [部门]", 19, ["部门", "badge", "unit"]),
    ("a key twice", "title: 来访登记", "title: 来访登记\ntitle: 来访", 3, ["title", "两次"]),
    ("a key of a field twice", "type: number", "type: number, type: string", 20, ["type", "两次"]),
    ("a pattern that is none", "maxLength: 9", "pattern: '['", 18, ["pattern"]),
    ("a sum of text", "count: distinct badge", "sum: badge", 15, ["badge"]),
    ("a key of the day alone", "[date, badge]", "[date]", 3, ["primaryKey"]),
    ("a condition that compares a number with text", "temperature > fever_threshold", "temperature > '37'", 13, ["temperature"]),
    ("a condition that is a number", "when: temperature > fever_threshold", "when: temperature", 13, ["temperature"]),
    ("a tab", "  kind: log", "\tkind: log", 9, ["YAML"]),
    ("a quote that does not end", 'deadline: "9:30"', 'deadline: "9:30', 11, ["YAML"]),
    ("a colon without a space", "title: 来访登记", "title:来访登记", 3, ["YAML"]),
    ("a bracket that does not end", "[date, badge]", "[date, badge", 4, ["YAML"]),
    ("a wrong indentation", "  kind: log", "   kind: log", 9, ["YAML"]),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "line", "parts"), [pytest.param(o, n, x, p, id=name) for name, o, n, x, p in BROKEN])
def test_a_fault_is_told_with_its_line(tmp_path: Path, old: str, new: str, line: int, parts: list[str]) -> None:
    assert old in FORM
    (fault,) = faults(office(tmp_path, visits=FORM.replace(old, new, 1)))
    assert fault.startswith(f"visits.yaml 第 {line} 行"), fault
    assert [p for p in parts if p not in fault] == []


def test_every_fault_of_every_file_in_one_pass(tmp_path: Path) -> None:
    one = FORM.replace("kind: log", "kind: lok").replace("role: unit", "role: unix")
    two = FORM.replace("title: 来访登记\n", "").replace("visits", "visitors")
    found = faults(office(tmp_path, a=one, b=two))
    assert sorted(f.split("：")[0] for f in found) == ["a.yaml 第 19 行", "a.yaml 第 9 行", "b.yaml 第 1 行"]


def test_names_that_two_files_claim(tmp_path: Path) -> None:
    found = faults(office(tmp_path, a=FORM, b=FORM))
    assert [f for f in found if f.startswith("b.yaml 第 1 行") and "visits" in f and "a.yaml" in f]
    assert [f for f in found if f.startswith("b.yaml 第 15 行") and "visitors" in f]


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"- a\n- b\n", id="a list"),
        pytest.param("只是一句话".encode(), id="a sentence"),
        pytest.param(FORM.encode("gb18030"), id="another encoding"),
        pytest.param(b"\xff\xfe\x00\x01", id="no text"),
        pytest.param(b"a: &x [*x]\n" * 2, id="a knot"),
    ],
)
def test_a_file_that_is_no_form(tmp_path: Path, data: bytes) -> None:
    (office(tmp_path) / "x.yaml").write_bytes(data)
    (fault,) = faults(tmp_path)
    assert fault.startswith("x.yaml 第 ")


def test_a_form_file_may_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    (office(tmp_path) / "visits.yaml").write_bytes(codecs.BOM_UTF8 + FORM.replace("\n", "\r\n").encode())
    assert [f.name for f in load_forms(tmp_path, SETTINGS)] == ["visits"]


def test_no_forms_at_all(tmp_path: Path) -> None:
    assert list(load_forms(tmp_path, SETTINGS)) == []


def test_the_hash_is_of_the_file(tmp_path: Path) -> None:
    one = load_forms(office(tmp_path, visits=FORM), SETTINGS)["visits"].sha256
    assert load_forms(office(tmp_path, visits=FORM + "# 注\n"), SETTINGS)["visits"].sha256 != one


@pytest.mark.parametrize(
    ("word", "known", "hint"),
    [("unti", ["unit", "name"], "。是不是 unit？"), ("zzz", ["unit"], ""), ("", [], "")],
)
def test_did_you_mean(word: str, known: list[str], hint: str) -> None:
    assert did_you_mean(word, known) == hint


LISTS: Final[list[tuple[str, bytes, dict[str, str], tuple[str, ...]]]] = [
    ("labels with other words", COLOURS.encode(), {"红": "红", "red": "红", "赤": "红", "绿": "绿", "green": "绿"}, ("红", "绿")),
    ("labels alone", "标签\n红\n绿\n".encode(), {"红": "红", "绿": "绿"}, ("红", "绿")),
    ("other words in several columns", "标签,一,二\n红,red,赤|朱\n".encode(), {"红": "红", "red": "红", "赤": "红", "朱": "红"}, ("红",)),
    ("blank lines", "标签,其他\n\n红,\n,\n绿,green\n\n".encode(), {"红": "红", "绿": "绿", "green": "绿"}, ("红", "绿")),
    ("a byte order mark", codecs.BOM_UTF8 + COLOURS.encode(), {"红": "红", "red": "红", "赤": "红", "绿": "绿", "green": "绿"},
        ("红", "绿")),
    ("Windows line ends", COLOURS.replace("\n", "\r\n").encode(), {"红": "红", "red": "红", "赤": "红", "绿": "绿", "green": "绿"},
        ("红", "绿")),
    ("a word of two labels is the first's", "标签,其他\n红,深\n绿,深\n".encode(), {"红": "红", "深": "红", "绿": "绿"}, ("红", "绿")),
    ("a header alone", "标签,其他\n".encode(), {}, ()),
    ("as Excel saves it", COLOURS.encode("gb18030"), {"红": "红", "red": "红", "赤": "红", "绿": "绿", "green": "绿"}, ("红", "绿")),
]  # fmt: skip


@pytest.mark.parametrize(("data", "words", "labels"), [pytest.param(d, w, x, id=name) for name, d, w, x in LISTS])
def test_code_lists(tmp_path: Path, data: bytes, words: dict[str, str], labels: tuple[str, ...]) -> None:
    (tmp_path / "colours.csv").write_bytes(data)
    found = read_code_list(tmp_path / "colours.csv")
    assert (found.name, dict(found.words), found.labels) == ("colours", words, labels)
    assert all(found.label_of(label) == label for label in labels)
    assert found.label_of("没有的词") is None


SHIPPED: Final = sorted(shipped("forms_schema").glob("*.yaml"))


@pytest.mark.parametrize("path", SHIPPED, ids=[p.stem for p in SHIPPED])
def test_frictionless_takes_every_form_that_ships(path: Path) -> None:
    """A form file is a Table Schema (v1): another's tool reads it, and keeps what is ours."""
    descriptor = yaml.safe_load(path.read_text(encoding="utf-8"))
    schema = Schema.from_descriptor(descriptor)
    assert schema.field_names == [f["name"] for f in descriptor["fields"]]
    assert [f.type for f in schema.fields] == [f["type"] for f in descriptor["fields"]]
    keys = descriptor["primaryKey"]
    assert schema.primary_key == ([keys] if isinstance(keys, str) else keys)
    assert schema.custom["jianbao"] == descriptor["jianbao"]


@pytest.mark.parametrize(
    ("old", "new"), [("type: number", "type: bool"), ("maxLength: 9", "maxLen: 9"), ("[date, badge]", "[date, bagde]")]
)
def test_frictionless_would_not_take_just_anything(old: str, new: str) -> None:
    with pytest.raises(FrictionlessException):
        Schema.from_descriptor(yaml.safe_load(FORM.replace(old, new)))


def test_the_forms_that_ship_make_an_office() -> None:
    forms = load_forms(shipped("forms_schema"), SETTINGS)
    assert forms.unit_report is not None
    assert forms.unit_list is not None
    assert {f.name for f in forms.rosters} >= {"staff", "students"}
    assert forms.indicator("返省教职工累计") == forms.indicator("staff_returned_total") != None  # noqa: E711  # both, and there
    assert forms.get("没有") is None


def keys_of(schema: Any) -> set[str]:
    """Return every key that a form file may have, at any level."""
    if isinstance(schema, dict):
        own = set(schema["properties"]) if isinstance(schema.get("properties"), dict) else set()
        return own.union(*(keys_of(v) for v in schema.values()))
    return set().union(*map(keys_of, schema)) if isinstance(schema, list) else set()


def test_every_key_of_a_form_is_documented() -> None:
    """docs/forms.md names each in code marks; so does it each word that a key takes."""
    page = Path(__file__).parents[2] / "docs" / "forms.md"
    if not page.is_file():
        pytest.skip("docs/forms.md is not written yet")
    text = page.read_text(encoding="utf-8")
    schema = json.loads(resources.files("jianbao.forms").joinpath("schema.json").read_text("utf-8"))
    assert sorted(k for k in keys_of(schema) if f"`{k}`" not in text and f"`{k}:" not in text) == []
    words = {*Role, *Privacy, *Kind, *Subject}
    assert sorted(w for w in words if f"`{w}`" not in text) == []
