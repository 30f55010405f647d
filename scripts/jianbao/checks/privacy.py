"""No name, number, phone or identity number of a person leaves the office.

Fail closed: what is found stops the release, and so does what cannot be looked into, unless the school has allowed
the phrase it stands in, once, with a reason.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Final

from stdnum.exceptions import ValidationError
from stdnum.iso7064 import mod_11_2

from jianbao.checks.passed import INDEX_SCRIPT, Passed, index_key, is_index, piece_key, pieces_of
from jianbao.checks.views import EDGE, INVISIBLE, Unreadable, squeezed, texts_of, views
from jianbao.messages import _

if TYPE_CHECKING:
    from ahocorasick_rs import BytesAhoCorasick

_PHONE: Final = re.compile(r"(?<![0-9A-Za-z])(?:(?:00)?86[- ]?)?1[3-9][0-9][- ]?[0-9]{4}[- ]?[0-9]{4}(?![0-9A-Za-z])")
_LIKE_PHONE: Final = re.compile(r"1[3-9][0-9][- ]?[0-9]{4}[- ]?[0-9]{4}")
"""Stands in every phone number, and begins with one character: a text without it is passed over fast."""

_DIGITS: Final = bytes(ord("0") if chr(n).isdigit() else ord(" ") for n in range(128)) + b" " * 128
_LIKE_IDENTITY: Final = b"0" * 17
_IDENTITY: Final = re.compile(r"(?<![0-9A-Za-z])[0-9]{17}[0-9Xx](?![0-9A-Za-z])")
_NUMBER_WORD: Final = re.compile(r"(?:工号|学号|职工号|教工号|编号|号码)[:：是为]?([0-9A-Za-z]{2,4})(?![0-9A-Za-z])")
SHORTEST_NUMBER: Final = 5
"""A number of a person with fewer characters is a year or a count as well; it is looked for beside 工号 and the like."""

_AROUND: Final = 12
_SIGNS: Final = re.compile(r"(?:>|\x00|[:：]\s*['\"]?|签发\u200b*人?[\s\u200b]*)$")
_SIGNED: Final = re.compile(r"$|[\s\u200b]*(?:[^\u3400-\u9fff\s\u200b]|编发|$)")
"""What stands before a signatory's name and after it: the edge of a cell, a colon, the word 签发; no further 汉字."""


@dataclass(frozen=True, slots=True)
class Hit:
    """Something personal on a page: what it is, and the words around it, for whoever must decide."""

    path: str
    kind: str
    found: str
    sentence: str


@dataclass(frozen=True)
class People:
    """What must not leave: names, numbers of persons (upper case); what may: phrases, and signatories as such.

    A signatory's name may stand alone (a cell, a term, a value of its own), not in running text.
    """

    names: frozenset[str]
    numbers: frozenset[str]
    allowed: tuple[str, ...] = ()
    signatories: frozenset[str] = frozenset()

    @cached_property
    def automaton(self) -> BytesAhoCorasick:
        """All names as one search, in UTF-8."""
        return _automaton(self.ordered)

    @cached_property
    def _phrases(self) -> tuple[str, ...]:
        """The allowed phrases as they stand, and without their spaces."""
        return tuple(dict.fromkeys(p for phrase in self.allowed for p in (phrase, "".join(phrase.split()))))

    @cached_property
    def ordered(self) -> list[str]:
        """The names, in order, and without the spaces that a roster sets a short one apart with."""
        return sorted({n for name in self.names for n in (name, INVISIBLE.sub("", name)) if len(n) > 1})

    @cached_property
    def long_numbers(self) -> frozenset[str]:
        """The numbers that are looked for wherever they stand."""
        return frozenset(n for n in self.numbers if len(n) >= SHORTEST_NUMBER)

    @cached_property
    def number_automaton(self) -> BytesAhoCorasick:
        """The long numbers of letters and digits alone as one search."""
        return _automaton(sorted(n for n in self.long_numbers if n.isascii() and n.isalnum()))

    @cached_property
    def parted_numbers(self) -> BytesAhoCorasick | None:
        """The long numbers that hold a mark (2019-0001) as one search, or None where there are none."""
        parted = sorted(n for n in self.long_numbers if not n.isalnum())
        return _automaton(parted) if parted else None

    def allows(self, text: str, start: int, end: int) -> bool:
        """Whether an allowed phrase covers what stands from `start` to `end`, or a signatory signs there."""
        signs = text[start:end] in self.signatories and _SIGNS.search(text[max(0, start - 12) : start])
        if signs and _SIGNED.match(text, end):
            return True
        for phrase in self._phrases:
            at = text.find(phrase, max(0, end - len(phrase)), start + len(phrase))
            if at != -1 and at <= start and end <= at + len(phrase):
                return True
        return False


def _automaton(words: Iterable[str]) -> BytesAhoCorasick:
    from ahocorasick_rs import BytesAhoCorasick, Implementation

    return BytesAhoCorasick([w.encode() for w in words], implementation=Implementation.ContiguousNFA)


@dataclass(frozen=True, slots=True)
class _View:
    """A view of a text, and its UTF-8: bytes are searched several times as fast."""

    text: str
    data: bytes

    @classmethod
    def of(cls, text: str) -> _View:
        return cls(text, text.encode("utf-8", "surrogatepass"))

    def spans(self, automaton: BytesAhoCorasick, data: bytes) -> Iterator[tuple[int, int]]:
        """Yield where in the text the words of a search stand; `data` is our bytes, or these in capitals."""
        at = chars = 0
        for _word, start, end in automaton.find_matches_as_indexes(data, overlapping=True):
            chars += _length(self.data[at:start]) if at <= start else -_length(self.data[start:at])
            at = start
            yield chars, chars + _length(self.data[start:end])


def _length(data: bytes) -> int:
    return len(data.decode("utf-8", "surrogatepass"))


def check_privacy(files: Iterable[tuple[str, bytes]], people: People, passed: Passed | None = None) -> list[Hit]:
    """Return everything personal in the files and in their names.

    What `passed` holds was looked through for just these people; what nothing is found in is added to it.
    """
    found: dict[tuple[str, str, str], Hit] = {}
    passed = Passed() if passed is None else passed
    for path, data in files:
        for hit in (*_in_text(path, path, people), *_in_file(path, data, people, passed)):
            found.setdefault((hit.path, hit.kind, hit.found), hit)
    return list(found.values())


def _in_file(path: str, data: bytes, people: People, passed: Passed) -> Iterator[Hit]:
    if data.startswith(INDEX_SCRIPT) and passed.has(index_key(data.removeprefix(INDEX_SCRIPT))):
        return
    clean = True
    for name, piece in pieces_of(path, data):
        key = piece_key(name, piece)
        if not passed.has(key):
            hits = look_into(path, name, piece, people)
            yield from hits
            clean &= not hits
            if not hits:
                passed.add(key)
    if clean and is_index(path):
        passed.add(index_key(data))


def look_into(path: str, name: str, data: bytes, people: People) -> list[Hit]:
    """Return everything personal in what stands in the file `path`, in the format that the ending of `name` says."""
    try:
        return [hit for text in texts_of(name, data) for hit in _in_text(path, text, people)]
    except Unreadable as error:
        return [] if path in people.allowed else [Hit(path, _("无法检查的附件"), str(error), path)]


def found_in(text: str, people: People) -> Iterator[tuple[str, int]]:
    """Yield where something personal stands in a text whose entities and escapes are resolved: in which view, and from where."""
    return ((view, start) for _kind, view, start, _end in _found_in((text, squeezed(text)), people))


def _in_text(path: str, text: str, people: People) -> Iterator[Hit]:
    for kind, view, start, end in _found_in(views(text), people):
        yield Hit(path, kind, view[start:end], _sentence(view, start, end))


def _found_in(views_: tuple[str, str], people: People) -> Iterator[tuple[str, str, int, int]]:
    """Yield what kind of thing is found in the views of a text, in which, and from where to where."""
    for view in map(_View.of, dict.fromkeys(views_)):
        for kind, search in _SEARCHES:
            for start, end in search(view, people):
                if not people.allows(view.text, start, end) and not people.allows(*_tightened(view.text, start, end)):
                    yield kind(), view.text, start, end


def _tightened(view: str, start: int, end: int) -> tuple[str, int, int]:
    """Return the line around a hit without spaces, and where the hit stands in it: a phrase may be broken by a line end."""
    before, after = (INVISIBLE.sub("", part) for part in (view[max(0, start - 80) : start], view[end : end + 80]))
    return before + view[start:end] + after, len(before), len(before) + end - start


def _sentence(view: str, start: int, end: int) -> str:
    before = view[max(0, start - _AROUND) : start].rsplit(EDGE, 1)[-1]
    after = view[end : end + _AROUND].split(EDGE, 1)[0]
    return " ".join(f"…{before}【{view[start:end]}】{after}…".split())


def _names(view: _View, people: People) -> Iterator[tuple[int, int]]:
    return view.spans(people.automaton, view.data)


def _numbers(view: _View, people: People) -> Iterator[tuple[int, int]]:
    capitals = view.data.upper()
    for number in sorted(_tokens(capitals, people)):
        for found in re.finditer(rf"(?<![0-9A-Za-z]){re.escape(number)}(?![0-9A-Za-z])", view.text, re.IGNORECASE):
            yield found.span()
    if people.parted_numbers:
        yield from view.spans(people.parted_numbers, capitals)
    for found in _NUMBER_WORD.finditer(view.text):
        if found[1].upper() in people.numbers:
            yield found.span(1)


def _tokens(capitals: bytes, people: People) -> set[str]:
    """Return the words of a text that are a long number."""
    found = people.number_automaton.find_matches_as_indexes(capitals, overlapping=True)
    around = ((capitals[start - 1 : start], capitals[start:end], capitals[end : end + 1]) for _number, start, end in found)
    return {number.decode() for before, number, after in around if not (before.isalnum() or after.isalnum())}


def _phones(view: _View, _people: People) -> Iterator[tuple[int, int]]:
    for found in _PHONE.finditer(view.text) if _LIKE_PHONE.search(view.text) else ():
        yield found.span()


def _identities(view: _View, _people: People) -> Iterator[tuple[int, int]]:
    for found in _IDENTITY.finditer(view.text) if _LIKE_IDENTITY in view.data.translate(_DIGITS) else ():
        if is_identity_number(found[0]):
            yield found.span()


def is_identity_number(text: str) -> bool:
    """Return whether 18 characters are a resident's identity number: a birth date, and ISO 7064 MOD 11-2 (GB 11643)."""
    try:
        born = date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
        mod_11_2.validate(text.upper())
    except (ValueError, ValidationError):
        return False
    return date(1900, 1, 1) <= born


_SEARCHES: Final[Sequence[tuple[Callable[[], str], Callable[[_View, People], Iterator[tuple[int, int]]]]]] = (
    (lambda: _("姓名"), _names),
    (lambda: _("人员号码"), _numbers),
    (lambda: _("手机号"), _phones),
    (lambda: _("身份证号"), _identities),
)


def suggested_phrase(hit: Hit) -> str:
    """Return the word of everyday language that a hit stands in, for `jianbao allow`; the hit itself where there is none."""
    import jieba

    jieba.setLogLevel(60)
    sentence = hit.sentence.strip("…")
    start = sentence.find("【")
    plain = sentence.replace("【", "").replace("】", "")
    for word, begin, end in jieba.Tokenizer().tokenize(plain):  # not the one that a site was built with: it knows fewer phrases
        if begin <= start and start + len(hit.found) <= end:
            return str(word)
    return hit.found
