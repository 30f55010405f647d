"""From YAML files to `FormSpec`s: read, check the shape, resolve names, say every fault with its line."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any, cast

import pyarrow as pa
import yaml
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from jianbao import files
from jianbao.clock import parse_clock
from jianbao.errors import FormError
from jianbao.forms import load_derived
from jianbao.forms.derived import PLACED, ROWS, Rounds
from jianbao.forms.expression import TODAY, Expression, ExpressionError
from jianbao.forms.load_derived import Names, derived_faults, measured
from jianbao.forms.patterns import patterns
from jianbao.forms.spec import (
    ARROW_TYPES,
    CodeList,
    FieldSpec,
    FormSet,
    FormSpec,
    IndicatorSpec,
    Kind,
    Privacy,
    Reference,
    Role,
    RuleSpec,
    Subject,
    Window,
)
from jianbao.messages import _, did_you_mean, listed

Data = dict[str, Any]
Path_ = tuple[str | int, ...]
YES_NO = "yes_no"
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class _Source:
    """A form file as read: its data, and the line each place of it stands on."""

    name: str
    data: Data
    lines: Mapping[Path_, int]
    sha256: str

    def fault(self, path: Sequence[str | int], text: str) -> str:
        """Return one fault as a line of the message: file, line, what is wrong."""
        place = tuple(path)
        while place and place not in self.lines:
            place = place[:-1]
        line = self.lines.get(place, 1)
        return _("{file} 第 {line} 行：{text}").format(file=self.name, line=line, text=text)


def load_forms(folder: Path, settings: Collection[str]) -> FormSet:
    """Return every form of `folder` (`*.yaml`) with the code lists beside them (`lists/*.csv`).

    `settings` are the names that expressions may use beside fields.
    Raises FormError naming every fault of every file, with its line.
    """
    lists = {p.stem: read_code_list(p) for p in sorted((folder / "lists").glob("*.csv"))}
    sources = [_read(path) for path in sorted(folder.glob("*.yaml"))]
    faults = [fault for source in sources for fault in _shape_faults(source)]
    if not faults:
        forms = {s.data["name"]: [f["name"] for f in s.data["fields"]] for s in sources}
        faults = [f for s in sources for f in _name_faults(s, forms=forms, lists=lists)]
        faults += _twice(sources)
    known = Names({s.data["name"]: s.data for s in sources} if not faults else {})
    if not faults:
        usable = {*settings, TODAY}
        faults = [s.fault(path, text) for s in sources for path, text in derived_faults(s.data, known, usable)]
        faults = faults or [f for s in sources for f in _expression_faults(s, known, usable)]
    if faults:
        raise FormError("\n".join(faults), _("改正后再运行；写法见 docs/forms.md。"))
    return FormSet({s.data["name"]: _form(s, lists, known) for s in sources})


def read_code_list(path: Path) -> CodeList:
    """Return a code list: a CSV with a header, a label a row, other words after it parted by `|`."""
    try:
        text = files.read_text(path)
    except UnicodeDecodeError:  # Excel saves a CSV in its country's encoding
        text = files.read_bytes(path).decode("gb18030", "replace")
    rows = list(csv.reader(io.StringIO(text)))[1:]
    words: dict[str, str] = {}
    for label, *others in (row for row in rows if row and row[0]):
        for word in (label, *(w for cell in others for w in cell.split("|") if w)):
            words.setdefault(word, label)
    return CodeList(path.stem, words, tuple(dict.fromkeys(words.values())))


def _read(path: Path) -> _Source:
    raw = files.read_bytes(path)
    try:
        text = raw.decode("utf-8-sig")
        node, data = _composed(text)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        if mark and not text[mark.index :].strip():  # what does not end is told where it begins
            mark = getattr(error, "context_mark", None) or mark
        line = mark.line + 1 if mark else 1
        problem = getattr(error, "problem", None) or str(error)
        text = _("{file} 第 {line} 行：不是正确的 YAML（{problem}）").format(file=path.name, line=line, problem=problem)
        raise FormError(text, _("常见原因：缩进不齐、冒号后没有空格、引号不成对。")) from error
    source = _Source(path.name, data if isinstance(data, dict) else {}, {}, files.sha256(raw))
    if not isinstance(data, dict) or not isinstance(node, yaml.MappingNode):
        raise FormError(source.fault((), _("表单文件应当是一组“键: 值”")))
    doubled = list(_doubled_keys(node))
    if doubled:
        key, line = doubled[0]
        raise FormError(_("{file} 第 {line} 行：键 {key} 写了两次").format(file=path.name, line=line, key=key))
    return _Source(path.name, data, dict(_lines(node)), source.sha256)


def _composed(text: str) -> tuple[yaml.Node | None, Any]:
    """Return a YAML document's tree, which knows the lines, and its data, parsed once."""
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        return node, loader.construct_document(node) if node else None
    finally:
        loader.dispose()


def _lines(node: yaml.Node, path: Path_ = ()) -> Iterator[tuple[Path_, int]]:
    yield path, node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield (*path, key.value), key.start_mark.line + 1
            yield from ((p, n) for p, n in _lines(value, (*path, key.value)) if p != (*path, key.value))
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            yield from _lines(item, (*path, index))


def _doubled_keys(node: yaml.Node) -> Iterator[tuple[str, int]]:
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if key.value in seen:
                yield key.value, key.start_mark.line + 1
            seen.add(key.value)
            yield from _doubled_keys(value)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _doubled_keys(item)


@lru_cache(maxsize=1)
def _validator() -> Draft202012Validator:
    return Draft202012Validator(json.loads(resources.files("jianbao.forms").joinpath("schema.json").read_text("utf-8")))


def _shape_faults(source: _Source) -> list[str]:
    errors = sorted(_validator().iter_errors(source.data), key=lambda e: (list(map(str, e.absolute_path)), e.message))
    return [fault for error in errors for fault in _shape_fault(source, error)]


def _shape_fault(source: _Source, error: ValidationError) -> Iterator[str]:
    path = list(error.absolute_path)
    if error.validator == "additionalProperties":
        known = cast("Data", error.schema)["properties"]
        for key in sorted(cast("Data", error.instance).keys() - known.keys()):
            yield source.fault([*path, key], _("不认识的键 {key}").format(key=key) + did_you_mean(key, known))
    elif error.validator == "required":
        key = next(k for k in cast("list[str]", error.validator_value) if k not in cast("Data", error.instance))
        yield source.fault(path, _("缺少 {key}").format(key=key))
    elif error.validator == "enum":
        allowed = [str(v) for v in cast("list[object]", error.validator_value)]
        text = _("{key} 写的是 {found}，可用的有：{allowed}").format(key=path[-1], found=error.instance, allowed=listed(allowed))
        yield source.fault(path, text + did_you_mean(str(error.instance), allowed))
    elif path and path[-2:-1] == ["indicators"]:
        yield source.fault(path, _("一项指标恰好写 count、sum、mean、max、min 之一"))
    else:
        yield source.fault(path, _("{key} 的值 {found} 不合要求（{rule}）").format(
            key=path[-1] if path else "", found=error.instance, rule=error.message))  # fmt: skip


def _twice(sources: Sequence[_Source]) -> Iterator[str]:
    """Yield a fault for each form name or indicator name that stands in two places."""
    owners: dict[str, str] = {}
    for source in sources:
        places: list[tuple[Path_, str]] = [(("name",), source.data["name"])]
        indicators = source.data["jianbao"].get("indicators", [])
        places += [(("jianbao", "indicators", i), f"indicator {x['name']}") for i, x in enumerate(indicators)]
        for path, name in places:
            if name in owners:
                yield source.fault(path, _("{name} 已在 {file} 中用过").format(name=name, file=owners[name]))
            owners.setdefault(name, source.name)


def _name_faults(source: _Source, *, forms: Mapping[str, Sequence[str]], lists: Mapping[str, CodeList]) -> Iterator[str]:
    """Yield a fault for each name in a form that names nothing."""
    data = source.data
    own = [f["name"] for f in data["fields"]]
    for index, name in enumerate(own):
        if name in own[:index]:
            yield source.fault(("fields", index, "name"), _("字段 {name} 写了两次").format(name=name))
    yield from _field_name_faults(source, own)
    for index, key in enumerate(data.get("foreignKeys", [])):
        target, field = key["reference"]["resource"], key["reference"]["fields"]
        if target not in forms:
            text = _("没有名为 {name} 的表单").format(name=target) + did_you_mean(target, forms)
            yield source.fault(("foreignKeys", index, "reference", "resource"), text)
        elif field not in forms[target]:
            text = _("没有名为 {name} 的字段").format(name=field) + did_you_mean(field, forms[target])
            yield source.fault(("foreignKeys", index, "reference", "fields"), text)
    for index, field in enumerate(data["fields"]):
        listed = field.get("jianbao", {}).get("list")
        if listed and listed not in lists:
            text = _("lists/ 中没有 {name}.csv").format(name=listed) + did_you_mean(listed, lists)
            yield source.fault(("fields", index, "jianbao", "list"), text)
    yield from _alias_faults(source)
    yield from _meaning_faults(source)


def _field_name_faults(source: _Source, own: Sequence[str]) -> Iterator[str]:
    data, ours = source.data, source.data["jianbao"]
    used: list[tuple[Path_, str]] = [(("primaryKey",), k) for k in _listed(data.get("primaryKey", []))]
    used += [(("foreignKeys", i, "fields"), k["fields"]) for i, k in enumerate(data.get("foreignKeys", []))]
    if "per_day" in ours:
        used.append((("jianbao", "per_day"), ours["per_day"]))
    for i, indicator in enumerate(ours.get("indicators", [])):
        _measure, of, _distinct = measured(indicator)
        used += [(("jianbao", "indicators", i), of)] if of and indicator.get("from", ROWS) == ROWS else []
    for i, rule in enumerate(ours.get("rules", [])):
        used += [(("jianbao", "rules", i, "field"), rule["field"])] if "field" in rule and rule.get("from", ROWS) == ROWS else []
    falls = ours["patterns"].get("falls") if isinstance(ours.get("patterns"), dict) else None
    if isinstance(falls, dict):
        used += [(("jianbao", "patterns", "falls", "fields", i), name) for i, name in enumerate(falls.get("fields", []))]
    for path, name in used:
        if name not in own:
            yield source.fault(path, _("没有名为 {name} 的字段").format(name=name) + did_you_mean(name, own))


def _alias_faults(source: _Source) -> Iterator[str]:
    owners: dict[str, str] = {}
    for index, field in enumerate(source.data["fields"]):
        for name in dict.fromkeys([field["title"], *field.get("jianbao", {}).get("aliases", [])]):
            if name in owners and owners[name] != field["name"]:
                text = _("列名“{name}”同时属于 {one} 和 {two}").format(name=name, one=owners[name], two=field["name"])
                yield source.fault(("fields", index), text)
            owners.setdefault(name, field["name"])


def _meaning_faults(source: _Source) -> Iterator[str]:
    """Yield a fault for what is well formed and could not be worked out: a sum of text, a key of the day alone."""
    data = source.data
    types = {f["name"]: f["type"] for f in data["fields"]}
    for index, field in enumerate(data["fields"]):
        pattern = field.get("constraints", {}).get("pattern", "")
        try:
            re.compile(pattern)
        except re.error as error:
            text = _("pattern 不是正确的正则表达式：{pattern}（{problem}）").format(pattern=pattern, problem=error)
            yield source.fault(("fields", index, "constraints", "pattern"), text)
    for index, indicator in enumerate(data["jianbao"].get("indicators", [])):
        measure, of, _distinct = measured(indicator)
        if measure != "count" and types.get(of or "", "number") not in ("number", "integer"):
            text = _("{measure} 只能用于数字，而 {name} 是 {type}").format(measure=measure, name=of, type=types[of or ""])
            yield source.fault(("jianbao", "indicators", index), text)
    days = {f["name"] for f in data["fields"] if f.get("jianbao", {}).get("role") == Role.DAY}
    if "primaryKey" in data and not set(_listed(data["primaryKey"])) - days:
        yield source.fault(("primaryKey",), _("primaryKey 除日期外还须有识别每一行的字段"))


def _expression_faults(source: _Source, names: Names, settings: Collection[str]) -> Iterator[str]:
    """Yield a fault for each condition that cannot be read or worked out, and each name in one that names nothing there."""
    for path, text, table in _expressions(source.data["jianbao"]):
        types = dict(names.types(source.data["name"], table))
        if not types:
            yield source.fault(path, _("没有名为 {name} 的推算表").format(name=table))
            continue
        if path[1] == "classes" and path[-1] == "when":
            types |= names.of_all_forms()
        known = {*types, *settings}
        try:
            unknown = sorted(Expression(text).names - known)
            if not unknown:
                Expression(text).check(pa.schema([(n, ARROW_TYPES[t]) for n, t in types.items()]))
        except ExpressionError as error:
            yield source.fault(path, _("读不懂条件：{text}").format(text=error))
            continue
        for name in unknown:
            hint = did_you_mean(name, known)
            yield source.fault(path, _("条件中的 {name} 既不是字段，也不是设置").format(name=name) + hint)


def _expressions(ours: Data) -> Iterator[tuple[Path_, str, str]]:
    """Yield each condition of a form: where it stands, its text, and of which table it speaks."""
    if "cases" in ours:
        yield ("jianbao", "cases"), ours["cases"], ROWS
    for i, rule in enumerate(ours.get("rules", [])):
        yield ("jianbao", "rules", i, "when"), rule["when"], rule.get("from", ROWS)
    for i, indicator in enumerate(ours.get("indicators", [])):
        for key in ("where", "among"):
            if key in indicator:
                yield ("jianbao", "indicators", i, key), indicator[key], indicator.get("from", ROWS)
    for i, category in enumerate(ours.get("classes", {}).get("each", [])):
        if "when" in category:
            yield ("jianbao", "classes", "each", i, "when"), category["when"], "classes"
    if "plan" in ours.get("classes", {}):
        yield ("jianbao", "classes", "plan"), ours["classes"]["plan"], ROWS
    if "when" in ours.get("rounds", {}):
        yield ("jianbao", "rounds", "when"), ours["rounds"]["when"], ROWS


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def _form(source: _Source, lists: Mapping[str, CodeList], known: Names) -> FormSpec:
    data, ours = source.data, source.data["jianbao"]
    fields = tuple(_field(f, lists, frozenset(data.get("missingValues", [""]))) for f in data["fields"])
    name = data["name"]
    derived = load_derived.derivations(ours)
    return FormSpec(
        name=name,
        title=data["title"],
        kind=Kind(ours["kind"]),
        subject=Subject(ours["subject"]),
        version=ours["version"],
        fields=fields,
        primary_key=tuple(_listed(data.get("primaryKey", [fields[0].name]))),
        references=tuple(Reference(k["fields"], k["reference"]["resource"], k["reference"]["fields"]) for k in data.get("foreignKeys", [])),
        group=ours.get("group", ""),
        aliases=tuple(ours.get("titles", [])),
        deadline=parse_clock(ours["deadline"]) if "deadline" in ours else None,
        per_day=ours.get("per_day"),
        cases=Expression(ours["cases"]) if "cases" in ours else None,
        rules=tuple(_rule(r) for r in ours.get("rules", [])),
        indicators=tuple(
            _indicator(i, frozenset(known.titles(name, i.get("from", ROWS))) - PLACED.keys(), ours["kind"])
            for declared in ours.get("indicators", [])
            for i in _each_round(declared, derived.get("rounds"))
        ),
        reporters=tuple(ours.get("reporters", [])),
        derived=derived,
        balances=load_derived.balances(ours),
        trace=load_derived.trace(ours),
        views=load_derived.views(ours, lambda table: known.titles(name, table)),
        patterns=patterns(ours.get("patterns")),
        file=source.name,
        sha256=source.sha256,
    )


def _field(data: Data, lists: Mapping[str, CodeList], missing: frozenset[str]) -> FieldSpec:
    ours, limits = data.get("jianbao", {}), data.get("constraints", {})
    yes_no = lists.get(YES_NO)
    words = yes_no.words if yes_no and data["type"] == "boolean" else {}
    return FieldSpec(
        name=data["name"],
        title=data["title"],
        type=data["type"],
        required=limits.get("required", False),
        minimum=limits.get("minimum"),
        maximum=limits.get("maximum"),
        max_length=limits.get("maxLength"),
        pattern=limits.get("pattern"),
        enum=tuple(limits.get("enum", ())),
        codes=lists[ours["list"]] if "list" in ours else None,
        multiple=ours.get("multiple", False),
        open=ours.get("open", False),
        otherwise=ours.get("otherwise"),
        several=ours.get("several"),
        aliases=tuple(ours.get("aliases", ())),
        unit=ours.get("unit"),
        width=ours.get("width"),
        role=Role(ours["role"]) if "role" in ours else None,
        privacy=Privacy(ours.get("privacy", "internal")),
        derived="derived" in ours,
        fill_down="fill" in ours,
        true_words=frozenset(data.get("trueValues", ())) | {w for w, label in words.items() if label == "是"},
        false_words=frozenset(data.get("falseValues", ())) | {w for w, label in words.items() if label == "否"},
        missing_values=missing,
        description=data.get("description", ""),
    )


def _rule(data: Data) -> RuleSpec:
    return RuleSpec(
        code=data["code"],
        when=Expression(data["when"]),
        severity=data["severity"],
        message=data["message"],
        receiver=data.get("receiver", ""),
        field=data.get("field"),
        source=data.get("from", ROWS),
        since=_day(data.get("since", date.min)),
        until=_day(data.get("until", date.max)),
    )


def _day(value: date | str) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


def _each_round(data: Data, rounds: object) -> Iterator[Data]:
    """Yield an indicator, or one for each round where it says `per` that field."""
    if not isinstance(rounds, Rounds) or data.get("per") != rounds.field:
        yield data
        return
    for number, one in enumerate(rounds.each, 1):
        among = f"{rounds.field} == {one.title!r}"
        yield data | {"name": f"{data['name']}_{number}", "title": f"{data['title']}（{one.title}）", "among": among}


def parse_window(text: str) -> Window:
    """Return which days `day`, `yesterday`, `to_date`, `week`, `latest` or `days(7)` are."""
    return int(text[5:-1]) if text.startswith("days(") else cast("Window", text)


def _indicator(data: Data, fields: frozenset[str], kind: str) -> IndicatorSpec:
    measure, of, distinct = measured(data)
    where = Expression(data["where"]) if "where" in data else None
    reads = (where.names & fields if where else frozenset()) | ({of} if of and measure != "count" else set())
    days = parse_window(data.get("window", "week" if kind == "weekly" else "day"))
    return IndicatorSpec(
        name=data["name"],
        title=data["title"],
        unit=data.get("unit", ""),
        measure=cast("Any", measure),
        of=of,
        distinct=distinct,
        where=where,
        window=days,
        monotonic=data.get("monotonic", False),
        public=data.get("public", True),
        headline=data.get("headline", False),
        definition=data.get("definition", ""),
        reads=frozenset(reads),
        source=data.get("from", ROWS),
        among=Expression(data["among"]) if "among" in data else None,
    )
