"""Problems as notes and colours on the cells they stand in, taken away when mended; what people noted and coloured stays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from jianbao.sources.google.service import Request, Service

SIGN: Final = "〔简报核对〕"
"""Opens our part of a note; what stands before it is a person's own."""

_FIELDS: Final = (
    "sheets.properties.sheetId,sheets.properties.title,sheets.data.startRow,sheets.data.startColumn,"
    "sheets.data.rowData.values.note,sheets.data.rowData.values.userEnteredFormat.backgroundColor"
)
_AT_ONCE: Final = 400
"""Changes a write: recommended requests stay below two megabytes."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What to note at a cell: worksheet, A1, a sentence, and the colour as six hexadecimal digits."""

    sheet: str
    cell: str
    text: str
    colour: str


class _Place(NamedTuple):
    sheet: int
    row: int
    column: int


@dataclass(frozen=True, slots=True)
class _Held:
    """What a cell carries beside its value."""

    note: str
    colour: str

    @property
    def own(self) -> str:
        """The part of the note that a person wrote."""
        return self.note.partition(SIGN)[0].rstrip("\n")

    @property
    def marked(self) -> bool:
        """Whether we have noted something here."""
        return SIGN in self.note


@dataclass(frozen=True, slots=True)
class Marked:
    """How many cells of a book carry a mark now, and from how many one was taken away."""

    set: int
    removed: int


def mark_book(service: Service, book: str, marks: Sequence[Mark], palette: Sequence[str]) -> Marked:
    """Let a book carry just these marks. `palette` are all the colours marks may have: no other is ever taken off.

    One read, and one write for some hundred changes; nothing is written where nothing changes.
    Raises Trouble.
    """
    answer = service.spreadsheet(book, _FIELDS)
    held = dict(_held(answer))
    wanted = _wanted(answer, marks)
    mended = [place for place, cell in held.items() if cell.marked and place not in wanted]
    changes = [c for place, (text, colour) in wanted.items() if (c := _set(place, held.get(place, _BARE), text, colour, palette))]
    changes += [_taken_off(place, held[place], palette) for place in mended]
    for start in range(0, len(changes), _AT_ONCE):
        service.change(book, changes[start : start + _AT_ONCE])
    return Marked(len(wanted), len(mended))


_BARE: Final = _Held("", "")


def _held(answer: Mapping[str, Any]) -> Iterator[tuple[_Place, _Held]]:
    """Yield the cells with a note or a colour."""
    for sheet in answer.get("sheets", ()):
        id_ = sheet["properties"]["sheetId"]
        for block in sheet.get("data", ()):
            for row, data in enumerate(block.get("rowData", ()), block.get("startRow", 0)):
                for column, cell in enumerate(data.get("values", ()), block.get("startColumn", 0)):
                    colour = _hex(cell.get("userEnteredFormat", {}).get("backgroundColor"))
                    if cell.get("note") or colour:
                        yield _Place(id_, row, column), _Held(cell.get("note", ""), colour)


def _wanted(answer: Mapping[str, Any], marks: Sequence[Mark]) -> dict[_Place, tuple[str, str]]:
    """Return the text and colour of each marked cell; of several problems the first gives the colour."""
    from gspread.utils import a1_to_rowcol

    ids = {s["properties"]["title"]: s["properties"]["sheetId"] for s in answer.get("sheets", ())}
    found: dict[_Place, tuple[str, str]] = {}
    for mark in marks:
        if mark.sheet in ids:
            row, column = a1_to_rowcol(mark.cell)
            place = _Place(ids[mark.sheet], row - 1, column - 1)
            before, colour = found.get(place, ("", mark.colour))
            found[place] = (f"{before}\n{mark.text}".lstrip("\n"), colour)
    return found


def _set(place: _Place, held: _Held, text: str, colour: str, palette: Sequence[str]) -> Request | None:
    """Return the change that marks a cell, None where it is marked so already. A person's own colour is left."""
    note = f"{held.own}\n{SIGN}{text}".lstrip("\n")
    colours = held.colour in ("", "FFFFFF", *palette)
    if held.note == note and (held.colour == colour or not colours):
        return None
    return _change(place, note, colour if colours else None)


def _taken_off(place: _Place, held: _Held, palette: Sequence[str]) -> Request:
    return _change(place, held.own, "" if held.colour in palette else None)


def _change(place: _Place, note: str, colour: str | None) -> Request:
    """Return the change of a cell's note and colour; an empty one is taken away, None leaves the colour alone."""
    cell: dict[str, Any] = {"note": note} if note else {}
    if colour:
        cell["userEnteredFormat"] = {"backgroundColorStyle": {"rgbColor": _rgb(colour)}}
    at = {
        "sheetId": place.sheet, "startRowIndex": place.row, "endRowIndex": place.row + 1,
        "startColumnIndex": place.column, "endColumnIndex": place.column + 1,
    }  # fmt: skip
    fields = "note" if colour is None else "note,userEnteredFormat.backgroundColorStyle"
    return {"updateCells": {"range": at, "rows": [{"values": [cell]}], "fields": fields}}


def _rgb(colour: str) -> dict[str, float]:
    return {name: int(colour[i : i + 2], 16) / 255 for name, i in (("red", 0), ("green", 2), ("blue", 4))}


def _hex(colour: Mapping[str, float] | None) -> str:
    """Return a colour as six digits; channels that are zero are left out of an answer."""
    if colour is None:
        return ""
    return "".join(f"{round(colour.get(name, 0) * 255):02X}" for name in ("red", "green", "blue"))
