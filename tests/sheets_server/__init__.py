"""A Google Sheets v4 and Drive v3 for tests, on the loopback interface. README.md says how it is used."""

from .books import Book
from .server import BOT, PERSON, Server, serve
from .sheets import Sheet
from .weather import Quota

__all__ = ["BOT", "PERSON", "Book", "Quota", "Server", "Sheet", "serve"]
