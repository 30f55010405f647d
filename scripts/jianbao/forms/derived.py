"""What a ledger says beyond its rows, as a form declares it: rounds, classes, periods, stock, coverage, rota, open items, counts.

Each of these makes a table from rows, with columns of its own beside the form's. Rules, indicators and views of the
form may then speak of that table (`from: stock`) as they speak of rows: only the columns are computed by the program
(`jianbao.ledgers`), what is wrong, counted or shown stands in the form.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import ClassVar, Final, Literal

from jianbao.forms.expression import Expression

ROWS: Final = "rows"
"""The source of a rule, an indicator or a view that speaks of the rows themselves."""

PLACED: Final[Mapping[str, str]] = {"_unit": "单位", "_class": "班级", "_campus": "校区"}
"""Where the program has placed a row, with the heads of these columns; every table has them."""

Columns = Mapping[str, tuple[str, str]]
"""Derived columns: name → (title, type)."""


@dataclass(frozen=True, slots=True)
class Round:
    """One round of asking. `since` and `places` say which answers count; before `opens`, or `due` of a day, nobody is expected."""

    title: str
    since: date | None = None
    places: tuple[str, ...] = ()
    opens: date | None = None
    due: time | None = None


@dataclass(frozen=True, slots=True)
class Rounds:
    """Everybody of some registers is asked in each round, or several times a day; who has not answered has a row too.

    `field` names the round in an answer. `counts` holds where `when` does, on or after the round's `since` (by the
    field `day`) and at one of its `places` (by the field `place`).
    """

    COLUMNS: ClassVar[Columns] = {"answered": ("是否已填", "boolean"), "counts": ("是否计入", "boolean")}

    field: str
    each: tuple[Round, ...]
    when: Expression | None = None
    day: str | None = None
    place: str | None = None


@dataclass(frozen=True, slots=True)
class Category:
    """A class of persons, less those whom the rules of the classes `unless` take; without `when`, everybody that no other takes."""

    code: str
    kind: str
    title: str
    when: Expression | None = None
    risk: bool = False
    unless: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Classes:
    """Rules that place everybody of a register in exactly one class; the form's own rows are the plans of persons.

    Rules read the register's fields, and `form.field` of each person's newest row, not older than `within` days.
    `planned` holds where the person's plan meets `plan`.
    """

    COLUMNS: ClassVar[Columns] = {
        "category_code": ("类别代码", "string"), "category": ("类别", "string"), "category_kind": ("管理种类", "string"),
        "risk": ("是否须有方案", "boolean"), "planned": ("方案是否完整", "boolean"), "was_category": ("昨日类别", "string"),
        "changed": ("是否有变化", "boolean"), "matched": ("符合的类别", "string"),
    }  # fmt: skip

    of: str
    each: tuple[Category, ...]
    plan: Expression | None = None
    within: int = 7


@dataclass(frozen=True, slots=True)
class Periods:
    """A number of days from a start on, under the rule of that day (the dated setting `days`), until released on `end`.

    `contacts` is the form of the daily contacts; where the dated setting `missed` says `extend`, a day without one is
    added to the period.
    """

    COLUMNS: ClassVar[Columns] = {
        "state": ("状态", "string"), "inside": ("观察中", "boolean"), "entered": ("今日进入", "boolean"),
        "released": ("今日解除", "boolean"), "day_no": ("第几天", "integer"), "period_days": ("应观察天数", "integer"),
        "contacted": ("今日已联系", "boolean"), "missed": ("漏联系天数", "integer"), "due_on": ("期满日期", "date"),
        "due_tomorrow": ("明日期满", "boolean"), "overdue": ("期满未解除", "boolean"), "twice": ("同时另有一次", "boolean"),
    }  # fmt: skip

    start: str
    end: str
    days: str
    contacts: str | None = None
    missed: str | None = None


@dataclass(frozen=True, slots=True)
class Stock:
    """What is left of each item (and of each value of `by`): everything that came less everything that went.

    `over` is the number of days whose use says how long the stock will last; `keep` are fields whose newest value is
    carried along.
    """

    COLUMNS: ClassVar[Columns] = {
        "stock": ("库存", "number"), "lowest": ("最低库存", "number"), "came": ("今日入库", "number"),
        "went": ("今日出库", "number"), "daily_use": ("日均用量", "number"), "cover_days": ("可用天数", "number"),
    }  # fmt: skip

    item: str
    quantity: str
    movement: str
    came: tuple[str, ...]
    went: tuple[str, ...]
    by: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    over: int = 7


@dataclass(frozen=True, slots=True)
class Coverage:
    """Every place of the register `of`, on each of the last `days`: how often it was done, how often it was due.

    `key` is the field of the form that names the place, `times` the register's field that says how often a day; 1 where
    it says nothing.
    """

    COLUMNS: ClassVar[Columns] = {
        "on_day": ("日期", "date"), "times": ("次数", "integer"), "due_times": ("应有次数", "integer"),
        "gap": ("是否漏做", "boolean"), "on_today": ("今日", "boolean"),
    }  # fmt: skip

    of: str
    key: str
    times: str | None = None
    days: int = 7


@dataclass(frozen=True, slots=True)
class Shift:
    """A shift; one that ends at or before its start ends on the next day."""

    title: str
    start: time
    end: time


@dataclass(frozen=True, slots=True)
class Rota:
    """Who is on duty: every shift of each roster from today on, `ahead` days of them; empty ones and double bookings show.

    `roster` and `shift` are the fields that name them, `person` the one that tells people apart.
    """

    COLUMNS: ClassVar[Columns] = {
        "slot": ("哪一班", "string"), "on_day": ("日期", "date"), "start_at": ("开始", "datetime"), "end_at": ("结束", "datetime"),
        "people": ("人数", "integer"), "gap": ("是否空缺", "boolean"), "doubled": ("冲突人数", "integer"), "now": ("正在值班", "boolean"),
    }  # fmt: skip

    roster: str
    shift: str
    person: str
    shifts: tuple[Shift, ...]
    each: tuple[str, ...]
    keep: tuple[str, ...] = ()
    ahead: int = 7


@dataclass(frozen=True, slots=True)
class OpenItems:
    """Items that were opened, are due, and are closed or not."""

    COLUMNS: ClassVar[Columns] = {
        "open": ("未办结", "boolean"), "age": ("已历天数", "integer"), "overdue": ("逾期", "boolean"), "days_late": ("逾期天数", "integer"),
    }  # fmt: skip

    opened: str
    due: str
    closed: str


@dataclass(frozen=True, slots=True)
class Count:
    """How many rows of another form's table name this row: `by` is its field, `where` which of its rows."""

    name: str
    title: str
    of: str
    source: str
    by: str
    where: Expression | None = None


@dataclass(frozen=True, slots=True)
class Counted:
    """A register's rows, each with how often others name it."""

    each: tuple[Count, ...]

    @property
    def COLUMNS(self) -> Columns:  # noqa: N802  # as the others call it
        """The counts, by name."""
        return {c.name: (c.title, "integer") for c in self.each}


Derivation = Rounds | Classes | Periods | Stock | Coverage | Rota | OpenItems | Counted


@dataclass(frozen=True, slots=True)
class Balance:
    """Three figures of which the first must be yesterday's first, and the second, less the third."""

    total: str
    came: str
    went: str


@dataclass(frozen=True, slots=True)
class Trace:
    """How a form says who was where, and when: `person` fields name people, `place` fields together a place.

    Without `start` a row means the whole day, or, in a register, every day it stands.
    """

    person: tuple[str, ...]
    place: tuple[str, ...]
    start: str | None = None
    end: str | None = None


@dataclass(frozen=True, slots=True)
class ViewColumn:
    """A column of a view: a field, a derived column, or a value reckoned from them."""

    name: str
    title: str
    value: Expression | None = None


@dataclass(frozen=True, slots=True)
class ViewSum:
    """What a grouped view says of each group. `of` is None where rows are counted."""

    title: str
    measure: Literal["count", "sum", "mean", "max", "min"]
    of: str | None
    distinct: bool
    where: Expression | None = None


@dataclass(frozen=True, slots=True)
class ViewSpec:
    """A table made of rows: on a page for everybody, or in a list for the office.

    `group` makes a row a group; `across` spreads the one sum over columns, a value of that field each. `per` parts a
    list into workbooks, one a unit or campus.
    """

    name: str
    title: str
    source: str
    page: bool
    columns: tuple[ViewColumn, ...] = ()
    where: Expression | None = None
    sort: tuple[tuple[str, bool], ...] = ()
    group: tuple[str, ...] = ()
    across: str | None = None
    sums: tuple[ViewSum, ...] = ()
    window: str = "day"
    per: str | None = None
    note: str = ""
    persons: bool = False
    """Whether its rows are about persons: a count of few is not for a page."""
