"""From cells to values: the header found, the form recognised, every cell understood or said to be wrong."""

from jianbao.reading.read import FileReading, read_file
from jianbao.reading.tables import DAY, PASSED, ROW, FieldProblems, Readers, SheetReading

__all__ = ["DAY", "PASSED", "ROW", "FieldProblems", "FileReading", "Readers", "SheetReading", "read_file"]
