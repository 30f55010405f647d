"""The mark by which a fill-in sheet is known again: the form and the version it was made from.

It stands in a quiet cell of each sheet, where every format keeps it, and in a property of the workbook.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from jianbao.forms.spec import FieldSpec, FormSpec, Role

PROPERTY: Final = "jianbao_form"
"""The workbook property that holds the stamp."""

_STAMP: Final = re.compile(r"jianbao:(?P<form>[a-z][a-z0-9_]{0,99})@(?P<version>[1-9][0-9]{0,5})(?P<beside>#beside)?")


@dataclass(frozen=True, slots=True)
class Stamp:
    """The form and version a sheet was made from; `beside` marks a sheet that holds no answers, such as the instructions."""

    form: str
    version: int
    beside: bool = False

    @property
    def text(self) -> str:
        """The stamp as it is written."""
        return f"jianbao:{self.form}@{self.version}{'#beside' if self.beside else ''}"


def read_stamp(text: str) -> Stamp | None:
    """Return the stamp that a cell or a property holds, or None."""
    found = _STAMP.fullmatch(text.strip()) if text.startswith("jianbao:") else None
    return Stamp(found["form"], int(found["version"]), bool(found["beside"])) if found else None


def fingerprint(form: FormSpec) -> str:
    """Return a hash of everything that a form asks: two versions of a form that ask alike have the same one."""
    asked = [form.title, *(_asked(f) for f in form.fields if f.role is not Role.SUBMITTED)]
    return sha256(json.dumps(asked, ensure_ascii=False).encode()).hexdigest()[:16]


def _asked(spec: FieldSpec) -> list[object]:
    listed = spec.codes.labels if spec.codes else spec.enum
    limits = (spec.required, spec.minimum, spec.maximum, spec.max_length, spec.pattern, spec.width)
    return [spec.name, spec.title, spec.type, *limits, list(listed), spec.multiple, spec.open, spec.otherwise, spec.unit, spec.description]
