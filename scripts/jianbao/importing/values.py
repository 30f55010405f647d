"""What an import makes of a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from jianbao.errors import JianbaoError


class NotImported(JianbaoError):
    """A file that is not taken in, and why; nothing of it was written."""


@dataclass(slots=True)
class Remarks:
    """What could not be kept of a file, in sentences for its report; the same is said once."""

    said: list[str] = field(default_factory=list)

    def add(self, sentence: str) -> None:
        """Say one thing."""
        if sentence not in self.said:
            self.said.append(sentence)


@dataclass(frozen=True, slots=True)
class Imported:
    """A page's front matter (what the file knew of it), its Markdown, and the files it carries, by path beside the page."""

    meta: Mapping[str, Any]
    body: str
    carried: Mapping[str, bytes]
    remarks: tuple[str, ...]
