"""The official record: one BagIt bag a release, each line of the chain naming the line before it.

`record/chain.txt` holds a line a release: number, day, name, the SHA-256 of the bag's tag manifest, and the SHA-256 of
the line before (of the first: 64 zeros). `sha256sum -c` checks a bag, any BagIt tool too (RFC 8493), and
`jianbao.verification` checks bags, chain, signatures and site together.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from jianbao import files
from jianbao.errors import RecordError
from jianbao.facts import Facts, from_json
from jianbao.messages import _

CHAIN: Final = "chain.txt"
FIRST: Final = "0" * 64
PDF: Final = ".pdf"
SINGLE: Final = ".single.html"
PRINTED: Final = (PDF, SINGLE)
"""The endings that the paper forms of a page carry in place of `.md`: official PDF, self-contained HTML."""

FACTS: Final = "facts.json"
ATTACHED: Final = "attached"
RESTATED: Final = "restated"
"""Facts sealed again without what had to be taken out of them, by day."""

SIGNATURES: Final = "signatures"
SIGNED: Final = ".sig"
ENDORSED: Final = ".by-previous.sig"
"""A release that changes the key is signed by the key before it too."""

Signing = Callable[[bytes], Mapping[str, bytes]]
_LINE: Final = re.compile(r"^(\d{4,}) (\d{4}-\d{2}-\d{2}) (\S+) ([0-9a-f]{64}) ([0-9a-f]{64})$")


@dataclass(frozen=True, slots=True)
class ChainLine:
    """One release in the chain."""

    number: int
    day: date
    name: str
    bag: str
    previous: str

    @property
    def text(self) -> str:
        """The line as the file holds it, without its end."""
        return f"{self.number:04d} {self.day.isoformat()} {self.name} {self.bag} {self.previous}"

    @property
    def signed(self) -> bytes:
        """What a signature of the release is made over: the line with its end."""
        return f"{self.text}\n".encode()

    @property
    def sha256(self) -> str:
        """The hash that the next line carries."""
        return files.sha256(self.text.encode())


@dataclass(frozen=True, slots=True)
class PageState:
    """A page as released: hash of its source, and how many change notes it carried."""

    sha256: str
    changes: int


@dataclass(frozen=True, slots=True)
class Removal:
    """A file that was taken out of a bag or a closed edition because it held personal data; its hash stays, sealed in a later release.

    `now` is the hash of what is left of it, empty where nothing is; of a bag's file nothing is ever left.
    """

    bag: str
    path: str
    sha256: str
    on: str
    by: str
    reason: str
    now: str = ""


@dataclass(frozen=True)
class Release:
    """One sealed release, read from its bag."""

    line: ChainLine
    folder: Path

    @cached_property
    def about(self) -> Mapping[str, Any]:
        """What the release says of itself (`release.json`)."""
        data: Mapping[str, Any] = json.loads(files.read_text(self.folder / "data" / "release.json"))
        return data

    @property
    def as_of(self) -> datetime:
        """When it was made."""
        return datetime.fromisoformat(self.about["as_of"])

    @cached_property
    def facts(self) -> Facts | None:
        """The day's facts, where the release issued a briefing."""
        path = self.folder / "data" / FACTS
        return from_json(files.read_text(path)) if path.is_file() else None

    @cached_property
    def restated(self) -> Mapping[date, Facts]:
        """The facts of earlier days that this release seals again, without what was taken out of them."""
        found = map(from_json, map(files.read_text, files.walk(self.folder / "data" / RESTATED)))
        return {facts.day: facts for facts in found}

    @property
    def issued_day(self) -> date | None:
        """The day whose briefing the release issued, whether or not its facts were removed since."""
        return self.line.day if self.digest(f"data/{FACTS}") else None

    @property
    def sealed_facts(self) -> list[Facts]:
        """All facts in the bag: the day's own, and those sealed again."""
        return [*([self.facts] if self.facts else []), *self.restated.values()]

    @property
    def pages(self) -> Mapping[str, PageState]:
        """Every public page as it stood after this release, by path."""
        return {path: PageState(**state) for path, state in self.about["pages"].items()}

    @property
    def changed(self) -> Sequence[str]:
        """The pages that this release issued, by path."""
        return tuple(self.about["changed"])

    def source(self, path: str) -> str | None:
        """Return a released page's Markdown; None where it was removed since."""
        file = self.folder / "data" / "pages" / path
        return files.read_text(file) if file.is_file() else None

    @property
    def removals(self) -> tuple[Removal, ...]:
        """What this release states to be taken out of earlier bags."""
        return tuple(Removal(**entry) for entry in self.about.get("removed", ()))

    @property
    def key(self) -> str:
        """The public key under which the release says it is signed, or empty."""
        return str(self.about.get("key", ""))

    def digest(self, path: str) -> str | None:
        """Return the sealed hash of a file below the bag's folder, or None."""
        return manifest_of(self.folder / MANIFEST).get(path)

    def printed(self, path: str) -> Mapping[str, bytes]:
        """Return the paper forms of a page that this release sealed, by ending; none where it was not printed."""
        found = {ending: self._printed.get(path.removesuffix(".md") + ending) for ending in PRINTED}
        return {ending: files.read_bytes(p) for ending, p in found.items() if p}

    @cached_property
    def _printed(self) -> Mapping[str, Path]:
        """The files of all paper forms in the bag, by their paths below its pages."""
        folder = self.folder / "data" / "pages"
        return {files.relative(p, folder): p for p in files.walk(folder) if p.name.endswith(PRINTED)}


@dataclass(frozen=True)
class Record:
    """The record's folder, as it stands."""

    folder: Path
    lines: tuple[ChainLine, ...]

    @classmethod
    def open(cls, folder: Path) -> Record:
        """Read the chain.

        Raises RecordError where a line is none.
        """
        path = folder / CHAIN
        return cls(folder, chain_lines(files.read_bytes(path) if path.is_file() else b""))

    @cached_property
    def releases(self) -> tuple[Release, ...]:
        """The releases, oldest first."""
        return tuple(Release(line, self.folder / line.name) for line in self.lines)

    @property
    def last(self) -> Release | None:
        """The newest release."""
        return self.releases[-1] if self.releases else None

    @property
    def head(self) -> str:
        """The hash of the chain's last line, which the next will carry."""
        return self.lines[-1].sha256 if self.lines else FIRST

    @property
    def next_number(self) -> int:
        """The number of the next release."""
        return len(self.lines) + 1

    @cached_property
    def facts(self) -> Mapping[date, Facts]:
        """The facts of each day as last released, by day."""
        return facts_by_day(self.releases)

    @cached_property
    def pages(self) -> Mapping[str, PageState]:
        """Every public page as last released."""
        return self.last.pages if self.last else {}

    @cached_property
    def printed_hashes(self) -> frozenset[str]:
        """The hashes of every paper form ever sealed: each went through the gate with its release."""
        manifests = (manifest_of(r.folder / MANIFEST) for r in self.releases)
        return frozenset(digest for m in manifests for name, digest in m.items() if name.endswith(PRINTED))

    def states_of(self, path: str) -> list[Release]:
        """Return the releases that issued a page, oldest first."""
        return [r for r in self.releases if path in r.changed]

    def attachment(self, path: str) -> bytes | None:
        """Return a file that pages linked to as it was sealed last, or None."""
        found = (r.folder / "data" / ATTACHED / path for r in reversed(self.releases) if path in r.about.get("attached", ()))
        return next((files.read_bytes(p) for p in found if p.is_file()), None)

    @cached_property
    def removals(self) -> tuple[Removal, ...]:
        """Every removal that a release has sealed, oldest first."""
        return tuple(entry for release in self.releases for entry in release.removals)

    @cached_property
    def keys(self) -> tuple[tuple[str, str], ...]:
        """The keys that releases were signed with, each with the first release it signed; empty where signing ended."""
        found: list[tuple[str, str]] = []
        for release in self.releases:
            if release.key != (found[-1][1] if found else ""):
                found.append((release.line.name, release.key))
        return tuple(found)

    def settle_removals(self) -> None:
        """Take out of the bags what a sealed entry says is taken out: nothing is removed that is not stated."""
        for entry in (e for e in self.removals if not e.bag.startswith(f"{EDITIONS}/")):
            files.remove(self.folder / entry.bag / entry.path)

    def clear_unfinished(self) -> None:
        """Remove a bag that was being sealed when a run was cut off: the chain does not know it."""
        known = {line.name for line in self.lines}
        for path in sorted(self.folder.iterdir()) if self.folder.is_dir() else ():
            if path.is_dir() and path.name not in known and (path.name.startswith(".") or _BAG_NAME.match(path.name)):
                files.remove(path)
        for path in sorted((self.folder / SIGNATURES).glob("*.sig")):
            if path.name.partition(".")[0] not in known:
                files.remove(path)

    def seal(self, day: date, payload: Mapping[str, bytes], info: Mapping[str, str], sign: Signing | None = None) -> ChainLine:
        """Seal a release: its bag, its signatures, then its line. The line is what makes it a release.

        `payload` are the files by path below the bag's `data/`; `info` goes into `bag-info.txt`; `sign` returns
        the signatures of the line by their file's ending.
        """
        name = _bag_name(self.next_number, day)
        unfinished = files.empty_folder(self.folder / f".{name}")
        for path, data in sorted(payload.items()):
            files.write_bytes(unfinished / path, data)
        _make_bag(unfinished, info)
        files.remove(self.folder / name)
        files.replace(unfinished, self.folder / name)
        line = ChainLine(self.next_number, day, name, files.sha256_of(self.folder / name / TAG_MANIFEST), self.head)
        for ending, signature in (sign(line.signed) if sign else {}).items():
            files.write_bytes(self.folder / SIGNATURES / f"{name}{ending}", signature)
        files.write_text(self.folder / CHAIN, "".join(f"{known.text}\n" for known in (*self.lines, line)))
        return line


def chain_lines(data: bytes) -> tuple[ChainLine, ...]:
    """Return a chain's lines.

    Raises RecordError where a line is none.
    """
    *lines, rest = data.decode("utf-8", "replace").split("\n")
    return tuple(_line(n, line) for n, line in enumerate([*lines, *([rest] if rest else [])], 1))


def facts_by_day(releases: Sequence[Release]) -> Mapping[date, Facts]:
    """Return the facts of each day as these releases left them, in the order of days."""
    found: dict[date, Facts] = {}
    for release in releases:
        found |= {facts.day: facts for facts in release.sealed_facts}
    return dict(sorted(found.items()))


_BAG_NAME: Final = re.compile(r"^\d{4,}-\d{4}-\d{2}-\d{2}$")
TAG_MANIFEST: Final = "tagmanifest-sha256.txt"
MANIFEST: Final = "manifest-sha256.txt"


def _line(number: int, text: str) -> ChainLine:
    try:
        found = _LINE.fullmatch(text)
        line = ChainLine(int(found[1]), date.fromisoformat(found[2]), found[3], found[4], found[5]) if found else None
    except ValueError:  # a day that no calendar has
        line = None
    if line is None or line.text != text or line.name != _bag_name(line.number, line.day):
        raise RecordError(
            _("{file} 第 {line} 行不是发布记录的写法").format(file=CHAIN, line=number),
            _("记录被改动过；请从备份或另一台电脑恢复 record/ 文件夹，再运行 jianbao verify。"),
        )
    return line


def _bag_name(number: int, day: date) -> str:
    return f"{number:04d}-{day.isoformat()}"


def _make_bag(folder: Path, info: Mapping[str, str]) -> None:
    import bagit

    logging.getLogger("bagit").setLevel(logging.ERROR)
    bagit.make_bag(str(files.at(folder)), bag_info=dict(info), checksums=["sha256"])
    tags = folder / TAG_MANIFEST  # with one space its lines are none to `shasum -c`
    lines = (line.split(" ", 1) for line in files.read_text(tags).splitlines())
    files.write_text(tags, "".join(f"{digest}  {name.strip()}\n" for digest, name in lines))


def site_manifest(site: Path) -> str:
    """Return the hash list of a built site, as `sha256sum -c` reads it; the chain's own copy is not in it, nor closed editions."""
    own = ((p, files.relative(p, site)) for p in files.walk(site))
    lines = (f"{files.sha256_of(p)}  {name}" for p, name in own if name != SITE_CHAIN and not name.startswith(f"{EDITIONS}/"))
    return "".join(f"{line}\n" for line in lines)


SITE_CHAIN: Final = f"record/{CHAIN}"
EDITIONS: Final = "editions"
"""The site's folder of closed editions, each vouched for by the release that sealed it."""

SITE_MANIFEST: Final = "site-sha256.txt"


def manifest_of(path: Path) -> dict[str, str]:
    """Return the hashes that a manifest names, by path; nothing where there is no manifest."""
    return parsed_manifest(files.read_bytes(path).decode("utf-8", "replace")) if path.is_file() else {}


def parsed_manifest(text: str) -> dict[str, str]:
    """Return hash lists' lines as path → hash. A path's `%0A` and `%0D` stand for line ends (RFC 8493, 2.1.3)."""
    found = {}
    for line in text.splitlines():
        digest, _space, name = line.partition(" ")
        found[name.lstrip(" *").replace("%0D", "\r").replace("%0A", "\n")] = digest
    return found
