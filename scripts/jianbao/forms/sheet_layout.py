"""How a form's fill-in sheet looks, whichever program it is filled in with: columns, titles, drop-down lists, notes, limits.

Online books and workbooks are shaped from the same layout, so a form is asked in one way.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import cached_property
from hashlib import sha256
from typing import Final

from jianbao.forms.expected import expectation
from jianbao.forms.spec import FieldSpec, FormSpec, Privacy, Role
from jianbao.messages import _

YES_NO: Final = ("是", "否")
LISTED_AT_MOST: Final = 200
"""A longer list is no help to choose from, and online books refuse one of more than 500."""


class Entry(StrEnum):
    """What a column's cells hold: digits that are no number stay text, so that their zeros stay."""

    TEXT = "text"
    NUMBER = "number"
    WHOLE = "whole"
    DATE = "date"
    MOMENT = "moment"


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """One question as a column. `strict` lists take nothing else; `width` is in characters, a 汉字 counting two.

    `low` and `high` limit a number, None where nothing does.
    """

    field: str
    title: str
    entry: Entry
    note: str
    required: bool
    width: int
    choices: tuple[str, ...] = ()
    strict: bool = False
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class SheetLayout:
    """A form's sheet: its title, its columns in their order, and the stamp by which it is known again."""

    form: str
    version: int
    title: str
    columns: tuple[SheetColumn, ...]

    @cached_property
    def stamp(self) -> str:
        """The form, its version and a hash of everything a person sees, as JSON: what a shaped sheet carries."""
        seen = json.dumps([self.title, *(asdict(c) for c in self.columns)], ensure_ascii=False, sort_keys=True)
        return json.dumps({"form": self.form, "version": self.version, "layout": sha256(seen.encode()).hexdigest()[:16]}, sort_keys=True)


def sheet_layout(form: FormSpec, choices: Mapping[str, Sequence[str]] | None = None) -> SheetLayout:
    """Return how a form is asked. `choices` are further lists by field, such as the school's units.

    The time of submission is no question: survey tools write it, people do not.
    """
    known = choices or {}
    columns = tuple(_column(f, tuple(known.get(f.name, ()))) for f in form.fields if f.role is not Role.SUBMITTED)
    return SheetLayout(form.name, form.version, form.title, columns)


def _column(spec: FieldSpec, given: tuple[str, ...]) -> SheetColumn:
    choices, closed = _choices(spec, given)
    numeric = spec.type in ("number", "integer")
    return SheetColumn(
        field=spec.name, title=spec.title, entry=_entry(spec), note=_note(spec, choices), required=spec.required,
        width=max(10, 2 * len(spec.title) + 4, *(2 * len(c) + 4 for c in choices[:20])), choices=choices,
        strict=bool(choices) and closed, low=spec.minimum if numeric else None, high=spec.maximum if numeric else None,
    )  # fmt: skip


def _choices(spec: FieldSpec, given: tuple[str, ...]) -> tuple[tuple[str, ...], bool]:
    """Return what a column offers to choose from, and whether nothing else may be written."""
    if spec.type == "boolean":
        return YES_NO, spec.otherwise is None
    listed = spec.codes.labels if spec.codes else spec.enum or given
    if len(listed) > LISTED_AT_MOST:
        return (), False
    return tuple(listed), not (spec.open or spec.multiple)


def _entry(spec: FieldSpec) -> Entry:
    if spec.type == "string" or spec.privacy in (Privacy.IDENTIFIER, Privacy.PHONE, Privacy.IDENTITY):
        return Entry.TEXT
    return {"number": Entry.NUMBER, "integer": Entry.WHOLE, "date": Entry.DATE, "datetime": Entry.MOMENT}.get(spec.type, Entry.TEXT)


def _note(spec: FieldSpec, choices: Sequence[str]) -> str:
    """Return what stands beside a column's title: whether it must be answered, and with what."""
    lines = [_("必填。") if spec.required else _("选填。")]
    if not choices or spec.description:
        lines.append(_("应填：{expected}。").format(expected=expectation(spec).rstrip("。")))
    elif spec.multiple:
        lines.append(_("可选多项，用顿号隔开。"))
    elif spec.open or spec.otherwise is not None:
        lines.append(_("列表中没有的，可以直接写。"))
    return "".join(lines)
