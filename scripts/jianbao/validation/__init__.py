"""Findings, all in one pass with sheet and cell; rows accepted, rejected, superseded or passed over, and counted."""

from jianbao.validation.day import COLUMN, SAID_IN, Checked, Met, SheetCount, check_day
from jianbao.validation.gather import FILE, SEEN, SHEET, SNAPSHOT, SourcedSheet
from jianbao.validation.people import CAMPUS, CLASS, UNIT
from jianbao.validation.registers import Registers, Roster, Unit, UnitList, unit_list

__all__ = [
    "CAMPUS",
    "CLASS",
    "COLUMN",
    "FILE",
    "SAID_IN",
    "SEEN",
    "SHEET",
    "SNAPSHOT",
    "UNIT",
    "Checked",
    "Met",
    "Registers",
    "Roster",
    "SheetCount",
    "SourcedSheet",
    "Unit",
    "UnitList",
    "check_day",
    "unit_list",
]
