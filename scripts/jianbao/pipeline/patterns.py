"""A day's answers beside those of the days before: what is worth a look."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import partial

import pyarrow as pa

from jianbao.forms import FormSet, FormSpec
from jianbao.ledger import Ledger
from jianbao.patterns import Remark, figure_patterns, form_patterns
from jianbao.validation import Checked
from jianbao.values import Figure, FindingBlock


def day_patterns(
    forms: FormSet, checked: Iterable[Checked], figures: Sequence[Figure], ledger: Ledger, day: date
) -> Iterator[FindingBlock]:
    """Yield the patterns of a day. The days before are read from the ledger, as far as they are needed."""
    for one in checked:
        yield from (remark.block for remark in unit_patterns(one, ledger, day))
    most = max((f.patterns.jump.days for f in forms if f.patterns.jump), default=0)
    yield from figure_patterns(forms, figures, ledger.figures_of_days_before(day, most))


def unit_patterns(checked: Checked, ledger: Ledger, day: date) -> Iterator[Remark]:
    """Yield the patterns in one form's rows of a day, each with its unit."""
    return form_patterns(checked, partial(_earlier, ledger, checked.form, day))


def _earlier(ledger: Ledger, form: FormSpec, day: date, columns: Sequence[str]) -> Iterator[pa.Table]:
    for before in reversed(ledger.days(form)):
        rows = ledger.read(form, before, columns) if before < day else None
        if rows is not None and rows.num_rows:
            yield rows
