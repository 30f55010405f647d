"""A day's figures, counted a part of the rows at a time by whichever engine the office has."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import pyarrow as pa

from jianbao.counting import Partial, Question, count_part
from jianbao.engine import Engine
from jianbao.figures import completeness_figures, figure_of
from jianbao.forms import FormSpec, IndicatorSpec, Kind, Subject
from jianbao.forms.derived import ROWS
from jianbao.forms.expression import Setting
from jianbao.ledger import KeptDay, Ledger, Part
from jianbao.ledgers import Desk
from jianbao.pipeline.desk import figure_sources
from jianbao.supervision import Completeness
from jianbao.values import Figure

Watch = Callable[[int], None]
"""Told of how many rows of the ledger a part was that has just been counted."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Some rows of a day and what is asked of them: all that whoever counts them needs."""

    day: date
    rows: Part | pa.Table
    settings: Mapping[str, Setting]
    once: bool
    questions: tuple[Question, ...]


def count_piece(piece: Piece) -> tuple[Partial, ...]:
    """Return what a piece's rows come to, a partial a question."""
    rows = piece.rows
    if isinstance(rows, pa.Table):
        return tuple(count_part(q, rows, piece.settings, once=piece.once) for q in piece.questions)
    table = rows.read(frozenset[str]().union(*(q.columns(once=piece.once) for q in piece.questions)))
    return tuple(count_part(q, table, piece.settings, once=piece.once).packed() for q in piece.questions)


@dataclass(frozen=True, slots=True)
class Counter:
    """Counts the figures of one desk. With `kept` the day's own rows, too, are read from the ledger, and never all at once.

    `expected_units` are those that must report on the day.
    """

    desk: Desk
    ledger: Ledger
    engine: Engine
    as_of: datetime
    expected_units: int
    kept: bool = False
    watch: Watch = lambda _rows: None

    def figures(self) -> Iterator[Figure]:
        """Yield the figures of every form, units' first."""
        for form in sorted(self.desk.forms, key=lambda f: f.subject is not Subject.UNIT):
            yield from self.of_form(form)

    def of_form(self, form: FormSpec) -> list[Figure]:
        """Return a form's figures: those that read the same rows are counted in one pass over them."""
        found: dict[str, Figure] = {}
        for indicators in groups(form):
            found |= {figure.name: figure for figure in self._counted(form, indicators)}
        return [found[i.name] for i in form.indicators]

    def _counted(self, form: FormSpec, indicators: Sequence[IndicatorSpec]) -> Iterator[Figure]:
        questions = tuple(Question.of(form, i, self.desk.registers) for i in indicators)
        pieces = list(self._pieces(form, questions))
        counted: list[tuple[date, tuple[Partial, ...]]] = []
        for piece, partials in self._each(pieces):
            counted.append((piece.day, partials))
            self.watch(0 if isinstance(piece.rows, pa.Table) else piece.rows.rows)
        for place, question in enumerate(questions):
            yield figure_of(
                form, question, ((day, partials[place]) for day, partials in counted), day=self.desk.day, as_of=self.as_of,
                registers=self.desk.registers, expected_units=self.expected_units,
            )  # fmt: skip

    def _each(self, pieces: Sequence[Piece]) -> Iterator[tuple[Piece, tuple[Partial, ...]]]:
        """Yield pieces with what they come to: rows at hand are counted here, those in the ledger wherever the engine does."""
        yield from ((p, count_piece(p)) for p in pieces if isinstance(p.rows, pa.Table))
        if away := [p for p in pieces if not isinstance(p.rows, pa.Table)]:
            yield from self.engine.each(count_piece, away)

    def _pieces(self, form: FormSpec, questions: tuple[Question, ...]) -> Iterator[Piece]:
        for day, rows in self._sources(form, questions[0].indicator):
            settings = dict(self.desk.settings_on(day))
            if isinstance(rows, KeptDay):
                yield from (Piece(day, part, settings, rows.once, questions) for part in rows.parts)
            else:
                yield Piece(day, rows, settings, False, questions)

    def _sources(self, form: FormSpec, indicator: IndicatorSpec) -> Iterable[tuple[date, pa.Table | KeptDay]]:
        return figure_sources(self.desk, self.ledger, form, indicator, kept=self.kept)


def groups(form: FormSpec) -> Iterator[list[IndicatorSpec]]:
    """Yield a form's indicators in groups that read the same rows: those of the day itself are one, every other is its own."""
    own = [i for i in form.indicators if i.source == ROWS and i.window == "day" and form.kind is not Kind.REGISTER]
    if own:
        yield own
    yield from ([i] for i in form.indicators if i not in own)


def day_figures(counter: Counter, completeness: Completeness) -> Iterator[Figure]:
    """Yield a day's figures, how complete the units' reports are first, where units report."""
    if completeness.units:
        told = (completeness.received, completeness.expected)
        yield from completeness_figures(*told, day=counter.desk.day, as_of=counter.as_of)
    yield from counter.figures()
