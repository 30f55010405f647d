"""The declarations of `forms.derived` read from a form file, and every name in them that names nothing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final, cast

from jianbao.clock import parse_clock
from jianbao.forms.derived import (
    PLACED,
    ROWS,
    Balance,
    Category,
    Classes,
    Count,
    Counted,
    Coverage,
    Derivation,
    OpenItems,
    Periods,
    Rota,
    Round,
    Rounds,
    Shift,
    Stock,
    Trace,
    ViewColumn,
    ViewSpec,
    ViewSum,
)
from jianbao.forms.expression import Expression, ExpressionError
from jianbao.messages import _, listed

Data = dict[str, Any]
Path = tuple[str | int, ...]
Fault = tuple[Path, str]
"""Where in a form file something is wrong, and what."""

DERIVATIONS: Final = ("rounds", "classes", "periods", "stock", "coverage", "rota", "open_items", "counted")
_PLACED: Final = {name: (title, "string") for name, title in PLACED.items()}
_SHOWN: Final = frozenset({"public", "aggregate"})


def _rounds(data: Data) -> Rounds:
    each = tuple(Round(r["title"], _day(r.get("since")), tuple(r.get("places", ())), _day(r.get("opens")),
                       parse_clock(r["due"]) if "due" in r else None) for r in data["each"])  # fmt: skip
    return Rounds(data["field"], each, _expression(data, "when"), data.get("day"), data.get("place"))


def _classes(data: Data) -> Classes:
    each = tuple(
        Category(c["code"], c["kind"], c["title"], _expression(c, "when"), c.get("risk", False), tuple(c.get("unless", ())))
        for c in data["each"]
    )
    return Classes(data["of"], each, _expression(data, "plan"), data.get("within", 7))


def _stock(data: Data) -> Stock:
    lists = {key: tuple(data.get(key, ())) for key in ("came", "went", "by", "keep")}
    return Stock(data["item"], data["quantity"], data["movement"], over=data.get("over", 7), **lists)


def _rota(data: Data) -> Rota:
    shifts = tuple(Shift(s["title"], parse_clock(s["start"]), parse_clock(s["end"])) for s in data["shifts"])
    keep, ahead = tuple(data.get("keep", ())), data.get("ahead", 7)
    return Rota(data["roster"], data["shift"], data["person"], shifts, tuple(data["each"]), keep, ahead)


def _counted(data: Sequence[Data]) -> Counted:
    return Counted(tuple(Count(c["name"], c["title"], c["of"], c.get("from", ROWS), c["by"], _expression(c, "where")) for c in data))


_READ: Final[Mapping[str, Callable[[Any], Derivation]]] = {
    "rounds": _rounds,
    "classes": _classes,
    "periods": lambda d: Periods(**d),
    "stock": _stock,
    "coverage": lambda d: Coverage(**d),
    "rota": _rota,
    "open_items": lambda d: OpenItems(**d),
    "counted": _counted,
}


def derivations(ours: Data) -> dict[str, Derivation]:
    """Return what a form derives, by the word that rules, indicators and views call it."""
    return {name: _READ[name](ours[name]) for name in DERIVATIONS if name in ours}


def balances(ours: Data) -> tuple[Balance, ...]:
    """Return the figures that must add up from day to day."""
    return tuple(Balance(b["total"], b["came"], b["went"]) for b in ours.get("balance", ()))


def trace(ours: Data) -> Trace | None:
    """Return how the form says who was where."""
    found = ours.get("trace")
    return Trace(tuple(found["person"]), tuple(found["place"]), found.get("start"), found.get("end")) if found else None


def views(ours: Data, titles: Callable[[str], Mapping[str, str]]) -> tuple[ViewSpec, ...]:
    """Return the form's tables; `titles` gives the heads of the columns of each source."""
    return tuple(_view(v, titles(v.get("from", ROWS)), persons=ours["subject"] == "person") for v in ours.get("views", ()))


def _view(data: Data, titles: Mapping[str, str], *, persons: bool) -> ViewSpec:
    return ViewSpec(
        name=data["name"],
        title=data["title"],
        source=data.get("from", ROWS),
        page=data["to"] == "page",
        columns=tuple(_column(c, titles) for c in data.get("columns", ())),
        where=_expression(data, "where"),
        sort=tuple((s.removeprefix("-"), s.startswith("-")) for s in data.get("sort", ())),
        group=tuple(data.get("group", ())),
        across=data.get("across"),
        sums=tuple(map(_sum, data.get("sums", ()))),
        window=data.get("window", "day"),
        per=data.get("per"),
        note=data.get("note", ""),
        persons=persons,
    )


def _column(data: str | Data, titles: Mapping[str, str]) -> ViewColumn:
    if isinstance(data, str):
        return ViewColumn(data, titles[data])
    title: str = data["title"]
    return ViewColumn(title, title, _expression(data, "value"))


def _sum(data: Data) -> ViewSum:
    measure, of, distinct = measured(data)
    return ViewSum(data["title"], cast("Any", measure), of, distinct, _expression(data, "where"))


def measured(data: Data) -> tuple[str, str | None, bool]:
    """Return a measure's word, the field it is of, and whether each value counts once."""
    measure = next(m for m in ("count", "sum", "mean", "max", "min") if m in data)
    words = data[measure].split()
    return measure, None if words == ["rows"] else words[-1], len(words) == 2


def _expression(data: Data, key: str) -> Expression | None:
    return Expression(data[key]) if key in data else None


def _day(value: object) -> date | None:
    return value if isinstance(value, date) or value is None else date.fromisoformat(str(value))


class Names:
    """Which columns the rows and the derived tables of each form have, from the form files' data."""

    def __init__(self, forms: Mapping[str, Data]) -> None:
        self.forms = forms

    def fields(self, form: str) -> dict[str, Data]:
        """Return a form's fields by name."""
        return {f["name"]: f for f in self.forms[form]["fields"]} if form in self.forms else {}

    def columns(self, form: str, source: str) -> dict[str, tuple[str, str]]:
        """Return the columns of a form's rows or of a table derived from them: name → (title, type)."""
        own = {name: (f["title"], f["type"]) for name, f in self.fields(form).items()}
        if source == ROWS:
            return {**own, **_PLACED}
        ours = self.forms[form]["jianbao"]
        if source not in ours:
            return {}
        found = _READ[source](ours[source])
        match found:
            case Stock():
                own = {n: own[n] for n in (found.item, *found.by, *found.keep) if n in own}
            case Rota():
                own = {n: own[n] for n in (found.roster, found.shift, *found.keep) if n in own}
            case Coverage():
                own = {n: (f["title"], f["type"]) for n, f in self.fields(found.of).items()}
            case Classes():
                own |= {n: (f["title"], f["type"]) for n, f in self.fields(found.of).items()}
        return {**own, **found.COLUMNS, **_PLACED}

    def titles(self, form: str, source: str) -> dict[str, str]:
        """Return the heads of a table's columns."""
        return {name: title for name, (title, _type) in self.columns(form, source).items()}

    def types(self, form: str, source: str) -> dict[str, str]:
        """Return the types of a table's columns."""
        return {name: kind for name, (_title, kind) in self.columns(form, source).items()}

    def of_all_forms(self) -> dict[str, str]:
        """Return the types of `form.column` for every column of every form: the rules of classes may read them all."""
        found: dict[str, str] = {}
        for form, data in self.forms.items():
            for table in (ROWS, *(d for d in DERIVATIONS if d in data["jianbao"])):
                found |= {f"{form}.{name}": kind for name, kind in self.types(form, table).items()}
        return found

    def private(self, form: str, source: str, name: str) -> bool:
        """Whether a column holds what no page may show."""
        ours = self.forms[form]["jianbao"]
        of = ours[source].get("of") if source in ("coverage", "classes") else None
        spec = self.fields(of).get(name) if of else None
        spec = spec or self.fields(form).get(name)
        return spec is not None and spec.get("jianbao", {}).get("privacy", "internal") not in _SHOWN


def derived_faults(data: Data, names: Names, settings: Collection[str]) -> Iterator[Fault]:
    """Yield a fault for each name in a form's derivations, balances, traces and views that names nothing."""
    form, ours = data["name"], data["jianbao"]
    yield from _unreadable(ours)
    own = names.fields(form)
    for path, name, known in _named(ours, own, names, settings):
        if name not in known:
            yield path, _("没有名为 {name} 的字段、表单或设置；可用的有：{known}").format(name=name, known=listed(sorted(known)))
    for source in (s for s in DERIVATIONS if s in ours):
        clash = sorted(own.keys() & _READ[source](ours[source]).COLUMNS.keys())
        if clash:
            yield ("jianbao", source), _("字段 {name} 与 {source} 算出的列同名").format(name=listed(clash), source=source)
    for index, indicator in enumerate(ours.get("indicators", ())):
        if indicator.get("window") == "yesterday" and indicator.get("from", ROWS) != ROWS:
            yield ("jianbao", "indicators", index, "window"), _("推算表只有当日的，不能取 yesterday；可以从 rows 计算")
    yield from _view_faults(data, names, settings)


def _unreadable(ours: Data) -> Iterator[Fault]:
    """Yield a fault for each condition that cannot be read."""
    for source in ("classes", "rounds", "counted"):
        for path, text in _conditions(ours.get(source, {}), ("jianbao", source)):
            try:
                Expression(text).names  # noqa: B018  # reading it is the check
            except ExpressionError as error:
                yield path, _("读不懂条件：{text}").format(text=error)


def _conditions(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in ("when", "where", "plan") and isinstance(inner, str):
                yield (*path, key), inner
            else:
                yield from _conditions(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _conditions(inner, (*path, index))


def _named(ours: Data, own: Mapping[str, Data], names: Names, settings: Collection[str]) -> Iterator[tuple[Path, str, Collection[str]]]:
    """Yield each name that a declaration uses, where it stands, and what it may be."""
    fields = {*own, *PLACED}
    known: Mapping[str, Collection[str]] = {"field": fields, "setting": settings, "form": names.forms}
    for source, keys in _USES.items():
        for key, what in keys.items():
            said = ours.get(source, {}).get(key, [])
            yield from ((("jianbao", source, key), n, known[what]) for n in ([said] if isinstance(said, str) else said))
    categories = ours.get("classes", {}).get("each", ())
    for i, category in enumerate(categories):
        codes = {c["code"] for c in categories if c is not category and "when" in c}
        yield from ((("jianbao", "classes", "each", i, "unless"), code, codes) for code in category.get("unless", ()))
    for i, count in enumerate(ours.get("counted", ())):
        yield ("jianbao", "counted", i, "of"), count["of"], names.forms
        columns = names.titles(count["of"], count.get("from", ROWS)) if count["of"] in names.forms else {count["by"]: ""}
        yield ("jianbao", "counted", i, "by"), count["by"], columns


def _fields(*keys: str, **others: str) -> Mapping[str, str]:
    return dict.fromkeys(keys, "field") | others


_USES: Final[Mapping[str, Mapping[str, str]]] = {
    "rounds": _fields("field", "day", "place"),
    "classes": _fields(of="form"),
    "periods": _fields("start", "end", days="setting", missed="setting", contacts="form"),
    "stock": _fields("item", "quantity", "movement", "by", "keep"),
    "coverage": _fields("key", of="form"),
    "rota": _fields("roster", "shift", "person", "keep"),
    "open_items": _fields("opened", "due", "closed"),
    "trace": _fields("person", "place", "start", "end"),
}
"""What each key of a declaration names."""


def _view_faults(data: Data, names: Names, settings: Collection[str]) -> Iterator[Fault]:
    form, ours = data["name"], data["jianbao"]
    for index, view in enumerate(ours.get("views", ())):
        path: Path = ("jianbao", "views", index)
        source = view.get("from", ROWS)
        known = names.titles(form, source)
        if not known:
            usable = listed([ROWS, *(s for s in DERIVATIONS if s in ours)])
            yield path, _("没有名为 {name} 的推算表；可用的有：{known}").format(name=source, known=usable)
            continue
        used = [*(c for c in view.get("columns", ()) if isinstance(c, str)), *view.get("group", ())]
        used += [view["across"]] if "across" in view else []
        used += [of for s in view.get("sums", ()) if (of := measured(s)[1])]
        texts = [view["where"]] if "where" in view else []
        texts += [c["value"] for c in view.get("columns", ()) if not isinstance(c, str) and "value" in c]
        try:
            used += [n for t in texts for n in Expression(t).names if n not in settings]
        except ExpressionError as error:
            yield path, _("读不懂条件：{text}").format(text=error)
        for name in used:
            if name not in known:
                yield path, _("没有名为 {name} 的字段、表单或设置；可用的有：{known}").format(name=name, known=listed(known))
        if view["to"] == "page":
            yield from _page_faults(path, view, form, names, persons=ours["subject"] == "person")


def _page_faults(path: Path, view: Data, form: str, names: Names, *, persons: bool) -> Iterator[Fault]:
    """Yield a fault for each column of a page's table that holds what no page may show."""
    source = view.get("from", ROWS)
    shown = [c for c in view.get("columns", ()) if isinstance(c, str)] + list(view.get("group", ()))
    shown += [view["across"]] if "across" in view else []
    for name in shown:
        if names.private(form, source, name):
            yield path, _("列 {name} 不能上网页（privacy 不是 public 或 aggregate）；请改为 to: list").format(name=name)
    if persons and not view.get("sums"):
        yield path, _("人员的表上网页只能是汇总（写 group 和 sums）；名单请改为 to: list")
