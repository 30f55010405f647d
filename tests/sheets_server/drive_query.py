"""Drive's `q`: terms joined by `and` and `or` from left to right, `not`, and brackets."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from .books import Book
from .errors import Refused, invalid

Test = Callable[[Book], bool]
Known = Callable[[str], bool]

_TOKEN = re.compile(r"""\s*(?:(?P<text>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|(?P<sign>!=|<=|>=|[=<>()])|(?P<word>\w+))""")


def parse_query(query: str, known_folder: Known) -> Test:
    """Return the test a query is; one that cannot be read, or names a folder nobody knows, is refused."""
    tokens: list[str] = []
    place = 0
    while query[place:].strip():
        found = _TOKEN.match(query, place)
        if not found:
            raise invalid(f"Invalid Value: q: {query}")
        tokens.append(found[0].strip())
        place = found.end()
    if not tokens:
        return lambda _: True
    parser = _Parser(tokens, query, known_folder)
    test = parser.joined()
    if tokens:
        raise parser.unreadable()
    return test


@dataclass(slots=True)
class _Parser:
    tokens: list[str]
    query: str
    known_folder: Known

    def unreadable(self) -> Refused:
        return invalid(f"Invalid Value: q: {self.query}")

    def take(self) -> str:
        if not self.tokens:
            raise self.unreadable()
        return self.tokens.pop(0)

    def text(self) -> str:
        token = self.take()
        if token[0] not in "'\"":
            raise self.unreadable()
        return re.sub(r"\\(.)", r"\1", token[1:-1])

    def joined(self) -> Test:
        test = self.term()
        while self.tokens and self.tokens[0] in {"and", "or"}:
            test = _both(test, self.term()) if self.take() == "and" else _either(test, self.term())
        return test

    def term(self) -> Test:
        token = self.tokens[0] if self.tokens else ""
        if token == "not":
            self.take()
            inner = self.term()
            return lambda book: not inner(book)
        if token == "(":
            self.take()
            inner = self.joined()
            if self.take() != ")":
                raise self.unreadable()
            return inner
        if token[:1] in {"'", '"'}:
            folder = self.text()
            if (self.take(), self.take()) != ("in", "parents"):
                raise self.unreadable()
            return self.parent(folder)
        return self.compared(self.take(), self.take())

    def compared(self, name: str, sign: str) -> Test:
        if (name, sign) == ("parents", "in"):
            return self.parent(self.text())
        if (name, sign) == ("trashed", "="):
            wanted = self.take() == "true"
            return lambda book: book.trashed == wanted
        value = self.text()
        if name in {"name", "mimeType"} and sign in {"=", "!=", "contains"}:
            return _worded(name, sign, value)
        if name == "modifiedTime" and sign in {"<", "<=", ">", ">=", "=", "!="}:
            return _timed(sign, value)
        raise self.unreadable()

    def parent(self, folder: str) -> Test:
        if not self.known_folder(folder):
            raise Refused(404, f"File not found: {folder}.")
        return lambda book: folder in book.parents


def _both(one: Test, other: Test) -> Test:
    return lambda book: one(book) and other(book)


def _either(one: Test, other: Test) -> Test:
    return lambda book: one(book) or other(book)


def _worded(name: str, sign: str, text: str) -> Test:
    def fits(book: Book) -> bool:
        value = book.title if name == "name" else book.mime
        return text.casefold() in value.casefold() if sign == "contains" else (value == text) == (sign == "=")

    return fits


def _timed(sign: str, text: str) -> Test:
    when = datetime.fromisoformat(text)
    when = when if when.tzinfo else when.replace(tzinfo=UTC)

    def fits(book: Book) -> bool:
        apart = (book.modified > when) - (book.modified < when)
        return {"<": apart < 0, "<=": apart <= 0, ">": apart > 0, ">=": apart >= 0, "=": apart == 0, "!=": apart != 0}[sign]

    return fits
