"""Where sheets come from, and how a file becomes cells. What comes out is cells as they stand, unread."""

from jianbao.sources.grid import Cell, Grid, Unreadable, WorkbookCells

__all__ = ["Cell", "Grid", "Unreadable", "WorkbookCells"]
