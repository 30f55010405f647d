"""What the gate has looked through, kept in private/: for whom, and by which rules; for any others it is as if there were nothing."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Final

from jianbao import files
from jianbao.checks.links import DeadLink, all_lead_somewhere, check_links, links_of
from jianbao.checks.passed import Passed
from jianbao.checks.pieces import Pieces
from jianbao.checks.privacy import People

_CHECKS: Final = Path(__file__).parents[1] / "checks"
_READERS: Final = ("ahocorasick-rs", "pypdf", "python-stdnum")


@dataclass(slots=True)
class Seen:
    """Hashes of what passed, and what the links of the site that passed last need; only what is met again is kept."""

    rules: str
    passed: Passed = field(default_factory=Passed)
    needs: frozenset[tuple[str, str]] = frozenset()

    @classmethod
    def open(cls, path: Path | None, people: People) -> Seen:
        """Read what was kept for just these people and rules, if it is as it was written."""
        found = cls(_rules(people))
        content = files.read_bytes(path) if path and path.is_file() else b""
        digest, _end, body = content.partition(b"\n")
        said = json.loads(body) if digest == files.sha256(body).encode() else {}
        if said.get("rules") == found.rules:
            found.passed = Passed(frozenset(said["passed"].split()))
            found.needs = frozenset((where, place) for where, place in said["needs"])
        return found

    def dead_links(self, site: Mapping[str, bytes], unchanged: Collection[str], pieces: Pieces) -> list[DeadLink]:
        """Return the dead links of a site; the `unchanged` of its pages were in the site that passed last.

        What those need is known, with what pages that have gone or changed needed. Where that is not there, all are read anew.
        """
        pages = [p for p in site if p.endswith(".html")]
        for trusted, needs in ((unchanged, self.needs), ((), frozenset())) if unchanged else (((), frozenset()),):
            links = links_of({p: pieces.of(site[p]) for p in pages if p not in trusted})
            self.needs = links.needs | needs
            if not links.dead and all_lead_somewhere(self.needs, site, lambda path: pieces.of(site[path])):
                return []
        return check_links(site.items())

    def write(self, path: Path) -> None:
        """Keep what has passed, under its own hash."""
        said = {"rules": self.rules, "passed": " ".join(sorted(self.passed.now)), "needs": sorted(self.needs)}
        body = json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()
        files.write_bytes(path, f"{files.sha256(body)}\n".encode() + body, private=True, lasting=False)


def _rules(people: People) -> str:
    """Return the hash of who is looked for, what is allowed, and how it is looked for."""
    how = [*(f"{n} {version(n)}" for n in _READERS), *(files.sha256_of(p) for p in files.walk(_CHECKS) if p.suffix == ".py")]
    who = ["\n".join(sorted(people.names)), "\n".join(sorted(people.numbers)), *people.allowed, "", *sorted(people.signatories)]
    return files.sha256(json.dumps([how, who], ensure_ascii=False).encode())
