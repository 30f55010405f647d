"""A form as values: parsed once at the door (`forms.load`), trusted by every room.

The terms follow the Frictionless Table Schema (v1); ours stand under `jianbao:` (docs/forms.md).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType
from typing import Final, Literal

import pyarrow as pa

from jianbao.forms.derived import ROWS, Balance, Derivation, Trace, ViewSpec
from jianbao.forms.expression import Expression
from jianbao.forms.patterns import ALL_PATTERNS, Patterns

FieldType = Literal["string", "number", "integer", "boolean", "date", "datetime"]
Window = Literal["day", "yesterday", "to_date", "week", "latest"] | int
"""Which days are read. Of `week` (seven days) and `latest` (all) only the newest row of each key counts."""


def reach(window: Window, day: date) -> tuple[date, date]:
    """Return the first and the last day that a window of `day` reads."""
    if window == "yesterday":
        return day - timedelta(days=1), day - timedelta(days=1)
    if window in ("to_date", "latest"):
        return date.min, day
    days = {"day": 1, "week": 7}.get(window, 0) if isinstance(window, str) else window
    return day - timedelta(days=days - 1), day


ARROW_TYPES: Final[Mapping[str, pa.DataType]] = {
    "string": pa.string(),
    "number": pa.float64(),
    "integer": pa.int64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "datetime": pa.timestamp("ms"),
}
"""What a field's values are kept as, by its type."""


class Kind(StrEnum):
    """How a form's rows relate to time."""

    DAILY = "daily"
    WEEKLY = "weekly"
    REGISTER = "register"
    LOG = "log"
    PLAN = "plan"


class Subject(StrEnum):
    """What one row is about."""

    PERSON = "person"
    UNIT = "unit"
    PLACE = "place"
    EVENT = "event"


class Privacy(StrEnum):
    """Who may see a field's values; everything but `public` and `aggregate` stays in private/.

    What is `confidential` is not even taken over from the sheet: that it was filled in is all that is kept.
    """

    PUBLIC = "public"
    AGGREGATE = "aggregate"
    INTERNAL = "internal"
    PERSONAL = "personal"
    CONFIDENTIAL = "confidential"
    IDENTIFIER = "identifier"
    NAME = "name"
    PHONE = "phone"
    IDENTITY = "identity"


_OF_PERSONS: Final = frozenset({
    Privacy.PERSONAL, Privacy.CONFIDENTIAL, Privacy.IDENTIFIER, Privacy.NAME, Privacy.PHONE, Privacy.IDENTITY,
})  # fmt: skip


class Role(StrEnum):
    """What a field is to the program, whatever it is called."""

    DAY = "day"
    UNIT = "unit"
    PARENT = "parent"
    KIND = "kind"
    CAMPUS = "campus"
    CLASS = "class"
    NAME = "name"
    REPORTER = "reporter"
    SUBMITTED = "submitted"
    NOTE = "note"
    EXPECTED = "expected"
    RECEIVED = "received"
    ZERO = "zero"


@dataclass(frozen=True, slots=True, eq=False)
class CodeList:
    """The values a field may take: label → every word people write for it.

    `open` lists take other words too, as they stand.
    """

    name: str
    words: Mapping[str, str]
    labels: tuple[str, ...]

    def label_of(self, word: str) -> str | None:
        """Return the label that `word` stands for, or None."""
        return self.words.get(word)


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One question. `aliases` with `*` match any text there, and only where no other alias does."""

    name: str
    title: str
    type: FieldType
    required: bool = False
    minimum: float | None = None
    maximum: float | None = None
    pattern: str | None = None
    enum: tuple[str, ...] = ()
    codes: CodeList | None = None
    multiple: bool = False
    open: bool = False
    several: Literal["max", "min"] | None = None
    aliases: tuple[str, ...] = ()
    unit: str | None = None
    width: int | None = None
    role: Role | None = None
    privacy: Privacy = Privacy.INTERNAL
    derived: bool = False
    fill_down: bool = False
    true_words: frozenset[str] = frozenset()
    false_words: frozenset[str] = frozenset()
    missing_values: frozenset[str] = frozenset()
    max_length: int | None = None
    otherwise: bool | None = None
    description: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """The title and every alias, as headers may call it."""
        return (self.title, *self.aliases)

    @property
    def measured(self) -> bool:
        """Whether the field is an answer, and not who, where or when."""
        return self.role in (None, Role.EXPECTED, Role.RECEIVED, Role.ZERO) and self.privacy not in (
            Privacy.IDENTIFIER, Privacy.NAME, Privacy.PHONE, Privacy.IDENTITY)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reference:
    """A field whose value must stand in another form (Table Schema `foreignKeys`)."""

    field: str
    form: str
    target: str


@dataclass(frozen=True, slots=True)
class RuleSpec:
    """A sentence about a row, true where `when` holds. `receiver` names, by role, whom to call."""

    code: str
    when: Expression
    severity: Literal["error", "warning", "alert", "info"]
    message: str
    receiver: str = ""
    field: str | None = None
    source: str = ROWS
    since: date = date.min
    until: date = date.max

    def holds_on(self, day: date) -> bool:
        """Whether the rule is in force on a day."""
        return self.since <= day <= self.until


@dataclass(frozen=True, slots=True)
class IndicatorSpec:
    """One figure: how it is counted, from which rows, over which days.

    `measure` is count, sum, mean, max or min; `of` a field, or None for rows; `distinct` counts each value once.
    `reads` are the fields whose answers it rests on: a row that leaves one blank was not received for it.
    `source` says whether it speaks of rows or of a table derived from them, `among` which of them are its business.
    """

    name: str
    title: str
    unit: str
    measure: Literal["count", "sum", "mean", "max", "min"]
    of: str | None
    distinct: bool
    where: Expression | None
    window: Window
    monotonic: bool
    public: bool
    definition: str
    reads: frozenset[str] = frozenset()
    headline: bool = False
    source: str = ROWS
    among: Expression | None = None


@dataclass(frozen=True, eq=False)
class FormSpec:
    """A form: its fields, rules and indicators, and how its sheets look."""

    name: str
    title: str
    kind: Kind
    subject: Subject
    version: int
    fields: tuple[FieldSpec, ...]
    primary_key: tuple[str, ...]
    references: tuple[Reference, ...] = ()
    group: str = ""
    """Under which heading its figures and tables stand on the site."""
    aliases: tuple[str, ...] = ()
    deadline: time | None = None
    per_day: str | None = None
    cases: Expression | None = None
    rules: tuple[RuleSpec, ...] = ()
    indicators: tuple[IndicatorSpec, ...] = ()
    reporters: tuple[str, ...] = ()
    derived: Mapping[str, Derivation] = field(default_factory=dict)
    balances: tuple[Balance, ...] = ()
    trace: Trace | None = None
    views: tuple[ViewSpec, ...] = ()
    patterns: Patterns = ALL_PATTERNS
    file: str = ""
    sha256: str = ""

    @cached_property
    def by_name(self) -> Mapping[str, FieldSpec]:
        """The fields by name."""
        return MappingProxyType({f.name: f for f in self.fields})

    @cached_property
    def personal(self) -> frozenset[str]:
        """The fields that say who somebody is, or what of a person is nobody else's business."""
        return frozenset(f.name for f in self.fields if f.privacy in _OF_PERSONS)

    @cached_property
    def outlives_persons(self) -> bool:
        """Whether its rows still say what is counted from them once the fields of persons are empty."""
        read = {n for i in self.indicators for e in (i.where, i.among) if e for n in e.names} | {i.of for i in self.indicators if i.of}
        return self.subject is not Subject.PERSON and not self.personal & {*self.primary_key, *read}

    def role(self, role: Role) -> FieldSpec | None:
        """Return the field that plays a role, or None."""
        return next((f for f in self.fields if f.role is role), None)

    @cached_property
    def day_field(self) -> FieldSpec | None:
        """The field that says which day a row is about."""
        return self.role(Role.DAY)

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The primary key without the day: who or what a row is about."""
        day = self.day_field.name if self.day_field else None
        return tuple(k for k in self.primary_key if k != day)

    @cached_property
    def identifier(self) -> FieldSpec:
        """The field that names a row's subject: the first of the key."""
        return self.by_name[self.keys[0]]

    def reference(self, field_name: str) -> Reference | None:
        """Return what a field refers to, or None."""
        return next((r for r in self.references if r.field == field_name), None)

    @property
    def roster(self) -> Reference | None:
        """The roster that the row's subject stands in: the denominator."""
        return self.reference(self.identifier.name)

    @cached_property
    def rosters(self) -> tuple[str, ...]:
        """The forms of which one holds the row's subject: a person may be staff or a student."""
        return tuple(r.form for r in self.references if r.field == self.identifier.name)

    @property
    def is_unit_report(self) -> bool:
        """Whether the form states a unit's day (cases, zero, missing, rejected)."""
        return self.subject is Subject.UNIT and self.kind is Kind.DAILY and self.cases is not None


@dataclass(frozen=True, eq=False)
class FormSet:
    """All forms of an office, by name."""

    forms: Mapping[str, FormSpec]

    def __iter__(self) -> Iterator[FormSpec]:
        return iter(self.forms.values())

    def __getitem__(self, name: str) -> FormSpec:
        return self.forms[name]

    def get(self, name: str) -> FormSpec | None:
        """Return a form by name, or None."""
        return self.forms.get(name)

    @cached_property
    def rosters(self) -> tuple[FormSpec, ...]:
        """The registers of persons that daily forms of persons refer to, and every other one of persons."""
        return tuple(f for f in self if f.kind is Kind.REGISTER and f.subject is Subject.PERSON)

    @cached_property
    def unit_list(self) -> FormSpec | None:
        """The register of units: who must report."""
        return next((f for f in self if f.kind is Kind.REGISTER and f.subject is Subject.UNIT), None)

    @cached_property
    def unit_report(self) -> FormSpec | None:
        """The form that states each unit's day."""
        return next((f for f in self if f.is_unit_report), None)

    def indicator(self, name: str) -> tuple[FormSpec, IndicatorSpec] | None:
        """Return a figure's form and declaration by its name or title, or None."""
        return next(((f, i) for f in self for i in f.indicators if name in (i.name, i.title)), None)
