"""The life of a document: drafted, signed with its number, published, corrected, superseded, withdrawn, removed."""

from jianbao.life.notes import needs_note
from jianbao.life.numbers import Numbered, next_number, number_faults, placed, series_of, written
from jianbao.life.steps import correct, known, remove, sign, supersede, told, withdraw

__all__ = [
    "Numbered", "correct", "known", "needs_note", "next_number", "number_faults", "placed", "remove", "series_of", "sign",
    "supersede", "told", "withdraw", "written",
]  # fmt: skip
