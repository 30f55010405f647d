"""The message catalogues: taken out of the code, kept in order, compiled.

    python scripts/catalogue.py update    take new messages in, drop those gone, compile
    python scripts/catalogue.py check     write nothing; say what `update` would change

Both print what has no translation and exit 1 where there is any. The same sources give the same bytes: no dates, no
line numbers. `locale/en` holds the English of our own sentences, `locale/zh_CN` the Chinese of click's.
"""

from __future__ import annotations

import ast
import difflib
import io
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

PACKAGE: Final = Path(__file__).parent / "jianbao"
LOCALE: Final = PACKAGE / "locale"
_KEYWORDS: Final = {"_": None, "ngettext": (1, 2)}
_PLURALS: Final = {"en": "nplurals=2; plural=(n != 1);", "zh_CN": "nplurals=1; plural=0;"}

Id = str | tuple[str, ...]


def python_messages(source: bytes) -> Iterator[Id]:
    """Yield the messages of Python code, those within f-strings too (Babel's own extractor passes over them)."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _KEYWORDS:
            texts = tuple(a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str))
            if texts:
                yield texts if len(texts) > 1 else texts[0]


def template_messages(source: bytes) -> Iterator[Id]:
    """Yield the messages of a Jinja template."""
    for _line, message, _comments, _context in extract("jinja2.ext.babel_extract", io.BytesIO(source), _KEYWORDS):
        yield message if isinstance(message, str) else tuple(message)


class Undated(Catalog):
    """A catalogue whose header says nothing of when, and by which version of what, it was written."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        """The header, in a fixed order."""
        return [
            ("Project-Id-Version", "jianbao"),
            ("Language", str(self.locale_identifier)),
            ("Plural-Forms", _PLURALS[str(self.locale_identifier)]),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
        ]


@dataclass(frozen=True, slots=True)
class Domain:
    """One catalogue: its language, its name, and the code whose messages it translates.

    `keeps` says whether a translation stays that the code at hand no longer asks for: click's messages change with
    its version, and the office's may be another than ours.
    """

    language: str
    name: str
    source: Path
    keeps: bool = False

    @property
    def po(self) -> Path:
        """The translations as people read them."""
        return LOCALE / self.language / "LC_MESSAGES" / f"{self.name}.po"

    @property
    def mo(self) -> Path:
        """The translations as the program reads them."""
        return self.po.with_suffix(".mo")


def domains() -> tuple[Domain, ...]:
    """Return our catalogues: English for our sentences, Chinese for click's."""
    import click

    return (Domain("en", "jianbao", PACKAGE), Domain("zh_CN", "messages", Path(click.__file__).parent, keeps=True))


def messages_of(folder: Path) -> dict[Id, list[str]]:
    """Return every message of a package's code and templates, each with the files it stands in."""
    found: dict[Id, list[str]] = {}
    for path in sorted(folder.rglob("*")):
        if read := _READERS.get(path.suffix):
            for message in dict.fromkeys(read(path.read_bytes())):
                found.setdefault(message, []).append(path.relative_to(folder).as_posix())
    return {message: found[message] for message in sorted(found, key=_first)}


_READERS: Final[Mapping[str, Callable[[bytes], Iterator[Id]]]] = {".py": python_messages, ".j2": template_messages}


def known_messages(domain: Domain) -> Catalog:
    """Return the catalogue as it stands, or an empty one."""
    if not domain.po.is_file():
        return Catalog(locale=domain.language)
    return read_po(io.BytesIO(domain.po.read_bytes()), locale=domain.language)


def merged(domain: Domain, known: Catalog) -> Undated:
    """Return the catalogue with just the messages that the code asks for now, translated where they were."""
    asked = messages_of(domain.source)
    if domain.keeps:
        asked |= {_id(m): [] for m in known if m.id and _id(m) not in asked}
    found = Undated(
        locale=domain.language, fuzzy=False, header_comment="# Written by scripts/catalogue.py; the msgstr lines are for people to edit."
    )
    for message in sorted(asked, key=_first):
        old = known.get(_first(message))
        found.add(message, old.string if old else None, locations=[(f, 0) for f in asked[message]])
    return found


def _id(message: Message) -> Id:
    return message.id if isinstance(message.id, str) else tuple(message.id)


def _first(message: Id) -> str:
    return message if isinstance(message, str) else message[0]


def untranslated(catalogue: Catalog) -> list[Message]:
    """Return the messages without a translation, or with one that nobody has confirmed."""
    return [m for m in catalogue if m.id and (m.fuzzy or not _strings(m) or not all(_strings(m)))]


def _strings(message: Message) -> Sequence[str]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


def po_bytes(catalogue: Catalog) -> bytes:
    """Return a catalogue as people read it."""
    out = io.BytesIO()
    write_po(out, catalogue, width=0, include_lineno=False, ignore_obsolete=True)
    return out.getvalue().rstrip(b"\n") + b"\n"


def mo_bytes(catalogue: Catalog) -> bytes:
    """Return a catalogue as gettext reads it."""
    out = io.BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def settled(domain: Domain) -> tuple[Undated, dict[Path, bytes]]:
    """Return the catalogue as it should be, and the two files that hold it."""
    catalogue = merged(domain, known_messages(domain))
    return catalogue, {domain.po: po_bytes(catalogue), domain.mo: mo_bytes(catalogue)}


def run(*, write: bool) -> bool:
    """Bring the catalogues up to date, or only look; return whether all is translated and nothing was out of date."""
    well = True
    for domain in domains():
        gone = _gone(domain)
        catalogue, wanted = settled(domain)
        stale = [p for p, data in wanted.items() if not p.is_file() or p.read_bytes() != data]
        missing = untranslated(catalogue)
        well &= not missing and (write or not stale)
        for path in stale:
            _say(f"{'written' if write else 'out of date'}: {path.relative_to(PACKAGE).as_posix()}")
            if write:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(wanted[path])
        for message in missing:
            _tell_missing(domain, message, gone)
        _say(f"{domain.language}/{domain.name}: {len(catalogue)} messages, {len(missing)} untranslated")
    return well


def _gone(domain: Domain) -> dict[str, str]:
    """Return the translations that the code no longer asks for: what a changed sentence said before."""
    asked = messages_of(domain.source)
    return {_first(_id(m)): "; ".join(_strings(m)) for m in known_messages(domain) if m.id and _id(m) not in asked}


def _tell_missing(domain: Domain, message: Message, gone: Mapping[str, str]) -> None:
    where = ", ".join(dict.fromkeys(file for file, _line in message.locations))
    _say(f"missing in {domain.language}: {_first(_id(message))!r}  ({where})")
    for before in difflib.get_close_matches(_first(_id(message)), list(gone), n=1, cutoff=0.6):
        _say(f"    before: {before!r}\n    was   : {gone[before]!r}")


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")


def main(words: Sequence[str]) -> int:
    """Run one of the two verbs; return the exit code."""
    if list(words) not in (["update"], ["check"]):
        sys.stderr.write("usage: catalogue.py update | check\n")
        return 2
    return 0 if run(write=words[0] == "update") else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
