"""Text tables: CSV as WPS, 腾讯文档 and 问卷星 save it, in the encodings they use."""

from __future__ import annotations

import csv
import io
from collections import Counter
from typing import Final

from jianbao.messages import _
from jianbao.sources.grid import Cell

MAX_CHARACTERS: Final = 64 << 20
_DELIMITERS: Final = (",", "\t", ";", "|")
_PROSE_MARKS: Final = ("，",)


class TextUnreadable(ValueError):
    """The text is no table; the text says why."""


def decode(data: bytes) -> str:
    """Return the text of a file in UTF-8 (with or without a byte order mark), UTF-16 or GB18030.

    Raises TextUnreadable where it is none of them.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    elif data[1:2] == b"\0" or data[:1] == b"\0":
        encodings = ("utf-16-le" if data[1:2] == b"\0" else "utf-16-be",)
    else:
        encodings = ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise TextUnreadable(_("文件不是文本，或文字编码无法识别"))


def read_text_table(data: bytes) -> list[list[Cell]]:
    """Return a text table's rows. The delimiter is the one that parts the most lines alike.

    Raises TextUnreadable where the text is no table.
    """
    if len(data) > MAX_CHARACTERS:
        raise TextUnreadable(_("文件过大"))
    text = decode(data)
    csv.field_size_limit(1 << 20)
    try:
        rows: list[list[Cell]] = list(csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text)))  # type: ignore[arg-type]  # list is invariant; a row of text is a row of cells
    except csv.Error as error:
        raise TextUnreadable(_("不是完整的 CSV：{detail}").format(detail=error)) from error
    if max(map(len, rows), default=0) * len(rows) > 4_000_000:
        raise TextUnreadable(_("文件过大"))
    return rows


def _delimiter(text: str) -> str:
    """Return the mark that parts the most of the first lines into equally many cells, the earlier one of equals.

    The Chinese comma is a mark of prose too: it is a delimiter only where no other mark parts the lines.
    """
    lines = [line for line in text[:20_000].splitlines()[:30] if line]

    def agreement(mark: str) -> tuple[int, int]:
        counts = Counter(n for line in lines if (n := line.count(mark)))
        return max(((agreeing, cells) for cells, agreeing in counts.items()), default=(0, 0))

    best = max(_DELIMITERS, key=agreement)
    return best if agreement(best) > (1, 0) or len(lines) == 1 else max(_DELIMITERS + _PROSE_MARKS, key=agreement)
