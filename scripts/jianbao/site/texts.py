"""Pages laid out before, by the hash of what they were made from: the same values under the same templates are the same text."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from jianbao import files
from jianbao.render import SHIPPED

_PROGRAM = Path(__file__).parents[1]
_RETURNS = "returns/"


@dataclass(slots=True)
class Texts:
    """The texts of an earlier tree, and those of the tree being made: only these are kept for the next.

    `maker` is the hash of what makes texts of values: the program, its templates, the office's own.
    """

    maker: str
    before: Mapping[str, str]
    made: dict[str, str] = field(default_factory=dict)

    @classmethod
    def open(cls, path: Path | None, templates: Path) -> Texts:
        """Read what was kept; nothing where there is no such file, or not as it was written."""
        maker = files.sha256("".join(_hashes(templates)).encode())
        content = files.read_bytes(path) if path and path.is_file() else b""
        digest, _end, body = content.partition(b"\n")
        return cls(maker, json.loads(body) if digest == files.sha256(body).encode() else {})

    def write(self, path: Path) -> None:
        """Keep what was made, under its own hash."""
        body = json.dumps(self.made, ensure_ascii=False, separators=(",", ":")).encode()
        files.write_bytes(path, f"{files.sha256(body)}\n".encode() + body, lasting=False)

    def text(self, what: tuple[object, ...], make: Callable[[], str]) -> str:
        """Return the text that was made of the same before, else make it. `what` are values whose `repr` says all of them."""
        key = files.sha256(f"{self.maker}\x00{what!r}".encode())
        text = self.before.get(key)
        self.made[key] = text if text is not None else make()
        return self.made[key]


def _hashes(templates: Path) -> Iterator[str]:
    for folder in (_PROGRAM, SHIPPED, templates):
        for path in files.walk(folder):
            name = files.relative(path, folder)
            if (folder != _PROGRAM or path.suffix == ".py") and not (folder == templates and name.startswith(_RETURNS)):
                yield f"{name} {files.sha256_of(path)}\n"
