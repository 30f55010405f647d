"""Which form a sheet belongs to: the folder's title first, then the header's fit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from jianbao.forms import FormSet, FormSpec
from jianbao.forms.stamp import Stamp, read_stamp
from jianbao.reading.layout import Layout, best_layout
from jianbao.reading.words import hint_keys, plain
from jianbao.sources import Grid
from jianbao.sources.workbook import spoken

_TIE: Final = 0.01
_HINT: Final = 0.05
_STAMPED_WITHIN: Final = 5
"""The stamp stands in the row of the title; people insert a row or two above it."""
_FITS: Final = 0.5
"""A form that a folder names but that knows less of the header than this has to stand against all others."""


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """A sheet that two forms read equally well."""

    forms: tuple[FormSpec, ...]


@dataclass(frozen=True, slots=True)
class Places:
    """Where a sheet stands: the folders' names, innermost first, and the file's stem."""

    folders: tuple[str, ...]
    stem: str

    @classmethod
    def of(cls, file: str) -> Places:
        """Return the places of a path below the inbox."""
        *folders, name = file.split("/")
        return cls(tuple(reversed(folders)), name.rsplit(".", 1)[0])


def stamp_of(grid: Grid) -> Stamp | None:
    """Return the stamp that a sheet carries in one of its first cells, or None."""
    texts = (cell for row in grid.rows[:_STAMPED_WITHIN] for cell in row if isinstance(cell, str) and cell.startswith("jianbao:"))
    return next((stamp for text in texts if (stamp := read_stamp(text))), None)


def identify(grid: Grid, places: Places, forms: FormSet, stamp: Stamp | None = None) -> Layout | Ambiguous | None:
    """Return the sheet's layout under the form it belongs to; None where no form's header is there.

    A sheet that was made from a form belongs to it wherever it lies, as long as its header is still there.
    """
    stamped = forms.get(stamp.form) if stamp else None
    if stamped and (layout := best_layout(grid, stamped)) and layout.fit >= _FITS:
        return layout
    named = named_forms(places.folders, forms) or named_forms([places.stem], forms)
    fitting = [x for f in named if (x := best_layout(grid, f))]
    if max((x.fit for x in fitting), default=0) < _FITS:
        fitting = [x for f in forms if (x := best_layout(grid, f))]
    if len(fitting) < 2:
        return fitting[0] if fitting else None
    titles = _texts_above(grid, min(x.top for x in fitting))
    ranked = sorted(fitting, key=lambda x: -_score(x, forms[x.form], (places.stem, grid.name, *places.folders, *titles)))
    best = _score(ranked[0], forms[ranked[0].form], (places.stem, grid.name, *places.folders, *titles))
    equal = [x for x in ranked if best - _score(x, forms[x.form], (places.stem, grid.name, *places.folders, *titles)) < _TIE]
    return ranked[0] if len(equal) == 1 else Ambiguous(tuple(forms[x.form] for x in equal))


def named_forms(places: Iterable[str], forms: FormSet) -> list[FormSpec]:
    """Return the forms that the innermost telling place is called after; often one, for 花名册 several."""
    for place in places:
        keys = set(hint_keys(place))
        named = [f for f in forms if keys & {k for t in (f.title, *f.aliases) for k in hint_keys(t)}]
        if named:
            return named
    return []


def _score(layout: Layout, form: FormSpec, texts: Sequence[str]) -> float:
    """Return the header's fit, and a little more for each text around it that speaks of the form."""
    hints = sum(any(len(t) > 1 and t in plain(text) for t in (form.title, *form.aliases)) for text in texts)
    return layout.fit + _HINT * hints


def _texts_above(grid: Grid, top: int) -> list[str]:
    """Return the titles and notes above a header."""
    return [spoken(c) for row in grid.rows[:top] for c in row if isinstance(c, str) and c.strip()]


def title_texts(grid: Grid, layout: Layout) -> list[str]:
    """Return the titles and notes above a sheet's header."""
    return _texts_above(grid, layout.top)
