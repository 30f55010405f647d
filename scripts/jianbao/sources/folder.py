"""The default source: a folder that workbooks are put into, with any folders below it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from jianbao import files

ORIGIN: Final = "folder"
TEXT_SUFFIXES: Final = frozenset({".csv", ".tsv", ".txt"})
SHEET_SUFFIXES: Final = frozenset({".xlsx", ".xlsm", ".xlsb", ".xls", ".et", ".ods"}) | TEXT_SUFFIXES
_NEVER: Final = frozenset({"thumbs.db", "desktop.ini", ".ds_store"})
_UNFINISHED: Final = (".tmp", ".part", ".crdownload", ".download", files.TEMPORARY_SUFFIX)


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file of the inbox. `file` is its path below it, with `/`; `stamp` changes when its content may have."""

    path: Path
    file: str
    size: int
    stamp: int

    @property
    def is_sheet(self) -> bool:
        """Whether its name is that of a sheet; other files are named to the office and not read."""
        return self.path.suffix.lower() in SHEET_SUFFIXES


def scan(inbox: Path) -> Iterator[FoundFile]:
    """Yield the files of the inbox in the order of their names, without what programs and systems leave behind."""
    if not files.at(inbox).is_dir():
        return
    for path in files.walk(inbox):
        file = files.relative(path, inbox)
        parts = file.split("/")
        name = parts[-1].lower()
        hidden = name.startswith((".", "~$", "._")) or any(part.startswith((".", "__MACOSX")) for part in parts)
        if hidden or name in _NEVER or name.endswith(_UNFINISHED):
            continue
        try:
            state = path.stat()
        except OSError:  # a link to nothing, or a file taken away this moment
            continue
        yield FoundFile(path, file, state.st_size, state.st_mtime_ns)
