"""From cells to values: the header found, the form recognised, every cell understood or said to be wrong."""

from jianbao.reading.read import FileReading, read_file
from jianbao.reading.store import ReadingStore, Summary, summary_of
from jianbao.reading.tables import DAY, PASSED, ROW, FieldProblems, Readers, SheetReading

__all__ = [
    "DAY",
    "PASSED",
    "ROW",
    "FieldProblems",
    "FileReading",
    "Readers",
    "ReadingStore",
    "SheetReading",
    "Summary",
    "read_file",
    "summary_of",
]
