"""What the gate has looked through, kept in private/: for whom, and by which rules; for any others it is as if there were nothing."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Final

from jianbao import files
from jianbao.checks.links import PageLinks, page_links
from jianbao.checks.passed import Passed
from jianbao.checks.privacy import People

_CHECKS: Final = Path(__file__).parents[1] / "checks"
_READERS: Final = ("ahocorasick-rs", "pypdf", "python-stdnum")


@dataclass(slots=True)
class Seen:
    """Hashes of what passed, and of pages by path and hash what their links are; only what is met again is kept."""

    rules: str
    passed: Passed = field(default_factory=Passed)
    _known: dict[str, tuple[str, PageLinks]] = field(default_factory=dict)
    _now: dict[str, tuple[str, PageLinks]] = field(default_factory=dict)

    @classmethod
    def open(cls, path: Path | None, people: People) -> Seen:
        """Read what was kept for just these people and rules, if it is as it was written."""
        found = cls(_rules(people))
        content = files.read_bytes(path) if path and path.is_file() else b""
        digest, _end, body = content.partition(b"\n")
        said = json.loads(body) if digest == files.sha256(body).encode() else {}
        if said.get("rules") == found.rules:
            found.passed = Passed(frozenset(said["passed"]))
            found._known = {p: (sha256, PageLinks(tuple(n), tuple(i), o)) for p, (sha256, n, i, o) in said["links"].items()}
        return found

    def links(self, path: str, data: bytes, sha256: str) -> PageLinks:
        """Return a page's links, as they were found in these bytes before."""
        known, found = self._known.get(path, ("", None))
        links = found if found is not None and known == sha256 else page_links(path, data)
        self._now[path] = sha256, links
        return links

    def write(self, path: Path) -> None:
        """Keep what has passed, under its own hash."""
        links = {p: (sha256, page.needs, page.places, page.outside) for p, (sha256, page) in self._now.items()}
        said = {"rules": self.rules, "passed": sorted(self.passed.now), "links": links}
        body = json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()
        files.write_bytes(path, f"{files.sha256(body)}\n".encode() + body, private=True, lasting=False)


def _rules(people: People) -> str:
    """Return the hash of who is looked for, what is allowed, and how it is looked for."""
    how = [*(f"{n} {version(n)}" for n in _READERS), *(files.sha256_of(p) for p in files.walk(_CHECKS) if p.suffix == ".py")]
    who = [sorted(people.names), sorted(people.numbers), people.allowed, sorted(people.signatories)]
    return files.sha256(json.dumps([how, who], ensure_ascii=False).encode())
