"""Documents as they come — Word, web page, blog post — made into pages: text, headings, numbers, tables, pictures, notes.

What cannot be kept is said, file by file; what is unsafe or unsettled is refused with a sentence. Nothing is fetched.
"""

from jianbao.importing.read import SUFFIXES, read_file
from jianbao.importing.values import Imported, NotImported, Remarks
from jianbao.importing.vicinity import Vicinity

__all__ = ["SUFFIXES", "Imported", "NotImported", "Remarks", "Vicinity", "read_file"]
