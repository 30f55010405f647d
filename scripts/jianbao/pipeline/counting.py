"""A day's figures, counted a part of the rows at a time by whichever engine the office has."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import pyarrow as pa

from jianbao.counting import Distinct, Partial, Question, added, count_part
from jianbao.engine import Engine
from jianbao.figures import completeness_figures, figure_of
from jianbao.forms import FormSpec, IndicatorSpec, Kind, Subject
from jianbao.forms.derived import ROWS
from jianbao.forms.expression import Setting
from jianbao.ledger import KeptDay, Ledger, Part
from jianbao.ledgers import Desk
from jianbao.pipeline.desk import figure_sources
from jianbao.pipeline.folds import foldable
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


Running = dict[tuple[str, str], tuple[date, Partial]]
"""By form and figure, what a total that runs on from the first day has come to, and until which day."""


@dataclass(frozen=True, slots=True)
class Counter:
    """Counts the figures of one desk.

    `expected_units` are those that must report on the day. With `running` the day's own rows, too, are read from the ledger,
    and never all at once; what running totals have come to is then carried there from day to day, in order.
    """

    desk: Desk
    ledger: Ledger
    engine: Engine
    as_of: datetime
    expected_units: int
    running: Running | None = None
    watch: Watch = lambda _rows: None

    def figures(self) -> Iterator[Figure]:
        """Yield the figures of every form, units' first."""
        for form in sorted(self.desk.forms, key=lambda f: f.subject is not Subject.UNIT):
            yield from self.of_form(form)

    def of_form(self, form: FormSpec) -> list[Figure]:
        """Return a form's figures: those that read the same rows are counted in one pass over them."""
        found: dict[str, Figure] = {}
        for indicators in groups(form, kept=self.running is not None):
            found |= {figure.name: figure for figure in self._counted(form, indicators)}
        return [found[i.name] for i in form.indicators]

    def _counted(self, form: FormSpec, indicators: Sequence[IndicatorSpec]) -> Iterator[Figure]:
        questions = tuple(Question.of(form, i, self.desk.registers) for i in indicators)
        counted: dict[str, list[tuple[date, Partial]]] = {i.name: [] for i in indicators}
        for piece, partials in self._each(list(self._pieces(form, questions))):
            for question, partial in zip(piece.questions, partials, strict=True):
                counted[question.indicator.name].append((piece.day, partial))
            self.watch(0 if isinstance(piece.rows, pa.Table) else piece.rows.rows)
        for question in questions:
            parts = counted[question.indicator.name]
            if self.running is not None and foldable(form, question.indicator):
                parts = self._run_on(self.running, (form.name, question.indicator.name), parts)
            yield figure_of(
                form, question, parts, day=self.desk.day, as_of=self.as_of,
                registers=self.desk.registers, expected_units=self.expected_units,
            )  # fmt: skip

    def _each(self, pieces: Sequence[Piece]) -> Iterator[tuple[Piece, tuple[Partial, ...]]]:
        """Yield pieces with what they come to: rows at hand are counted here, those in the ledger wherever the engine does."""
        yield from ((p, count_piece(p)) for p in pieces if isinstance(p.rows, pa.Table))
        if away := [p for p in pieces if not isinstance(p.rows, pa.Table)]:
            yield from self.engine.each(count_piece, away)

    def _pieces(self, form: FormSpec, questions: tuple[Question, ...]) -> Iterator[Piece]:
        running = tuple(q for q in questions if self.running is not None and foldable(form, q.indicator))
        for day in self._not_yet_run(form, running):
            yield from self._cut(day, self.ledger.kept(form, day), running)
        if running:
            yield from self._cut(self.desk.day, self.ledger.kept(form, self.desk.day) or self.desk.rows(form, "day"), questions)
            return
        kept = self.running is not None
        for day, rows in figure_sources(self.desk, self.ledger, form, questions[0].indicator, kept=kept):
            yield from self._cut(day, rows, questions)

    def _cut(self, day: date, rows: pa.Table | KeptDay | None, questions: tuple[Question, ...]) -> Iterator[Piece]:
        settings = dict(self.desk.settings_on(day))
        if isinstance(rows, KeptDay):
            yield from (Piece(day, part, settings, rows.once, questions) for part in rows.parts)
        elif rows is not None:
            yield Piece(day, rows, settings, False, questions)

    def _not_yet_run(self, form: FormSpec, running: Sequence[Question]) -> list[date]:
        """Return the days before this one that running totals have not been told of; all run in step."""
        if not running or self.running is None:
            return []
        until, _partial = self.running.get((form.name, running[0].indicator.name), (date.min, Partial()))
        return [day for day in self.ledger.days(form) if until < day < self.desk.day]

    def _run_on(self, running: Running, key: tuple[str, str], parts: Iterable[tuple[date, Partial]]) -> list[tuple[date, Partial]]:
        """Return what the days before come to, and the day itself; what both come to is carried on."""
        _until, before = running.get(key, (date.min, Partial()))
        by_day: dict[date, Partial] = {}
        for day, partial in parts:
            by_day[day] = by_day.get(day, Partial()) + partial
        own = by_day.pop(self.desk.day, Partial())
        if by_day:
            before = added([before, *(partial.closed() for partial in by_day.values())]).packed()
        together = (before + own.closed()).packed()
        running[key] = self.desk.day, together
        # who was counted so far is told apart once; the day before has its number of answers, and nobody more to count
        return [
            (self.desk.day - timedelta(days=1), replace(before, values=Distinct())),
            (self.desk.day, replace(own, values=together.values)),
        ]


def groups(form: FormSpec, *, kept: bool) -> Iterator[list[IndicatorSpec]]:
    """Yield a form's indicators in groups that read the same rows: those of the day itself are one, every other is its own.

    With `kept` those that run on from the first day, too, read of the day no more than its own rows.
    """
    own = [i for i in form.indicators if _reads_own_day(form, i) or (kept and foldable(form, i))]
    if own:
        yield own
    yield from ([i] for i in form.indicators if i not in own)


def _reads_own_day(form: FormSpec, indicator: IndicatorSpec) -> bool:
    return indicator.source == ROWS and indicator.window == "day" and form.kind is not Kind.REGISTER


def day_figures(counter: Counter, completeness: Completeness) -> Iterator[Figure]:
    """Yield a day's figures, how complete the units' reports are first, where units report."""
    if completeness.units:
        told = (completeness.received, completeness.expected)
        yield from completeness_figures(*told, day=counter.desk.day, as_of=counter.as_of)
    yield from counter.figures()
