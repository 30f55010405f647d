"""What was rendered of a site, page by page: what entered a page and what came of it, kept beside the site for the next build.

Every entry is a statement that stays true whatever becomes of the site: these inputs gave a page with this hash. A page
is taken over only where the inputs are the same and the page that stands has just that hash, so a run cut off between
the list and its site, or a file changed by hand, costs a rendering and nothing else.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from jianbao import files


@dataclass(frozen=True, slots=True)
class Rendered:
    """A page as it was rendered.

    `key` is the hash of all that entered it, `sha256` that of its HTML. `links` are the files of the site that it leads
    to, `anchors` the places in it that links may name, `anchored` the places in other pages that its own links name
    (page → place → link as written). `search` are its entries of the search index, as JSON without the brackets.
    """

    key: str
    sha256: str
    links: tuple[str, ...]
    anchors: tuple[str, ...]
    anchored: Mapping[str, Mapping[str, str]]
    search: str


@dataclass(frozen=True, slots=True)
class StandingSite:
    """The site that stands, which pages may be taken over from. With `whole` none is: every page is rendered."""

    site: Path
    whole: bool = False

    @property
    def list(self) -> Path:
        """Where what was rendered of it is kept: beside it, for nothing in it may be ours alone."""
        return self.site.with_name(f"{self.site.name}-rendered.kept")

    def read(self) -> dict[str, Rendered]:
        """Return what was rendered, by the path of the page's source; nothing where the list is not as it was written."""
        if self.whole or not self.list.is_file():
            return {}
        digest, _end, body = files.read_bytes(self.list).partition(b"\n")
        if digest.decode("ascii", "replace") != files.sha256(body):
            return {}
        return {path: _entry(said) for path, said in json.loads(body).items()}

    def write(self, rendered: Mapping[str, Rendered]) -> None:
        """Keep what was rendered, under its own hash."""
        body = json.dumps({path: _said(page) for path, page in rendered.items()}, separators=(",", ":")).encode()
        files.write_bytes(self.list, f"{files.sha256(body)}\n".encode() + body, lasting=False)

    def take(self, path: str, sha256: str, site: Path) -> bool:
        """Lay a page of this site into another; return False where it is not there or has another hash."""
        file = self.site / path
        stands = file.is_file() and files.sha256_of(file) == sha256
        if stands:
            files.take_over(file, site / path)
        return stands


def _said(page: Rendered) -> dict[str, object]:
    return {"key": page.key, "sha256": page.sha256, "links": page.links, "anchors": page.anchors, "anchored": page.anchored,
            "search": page.search}  # fmt: skip


def _entry(said: Mapping[str, object]) -> Rendered:
    links, anchors, anchored = said["links"], said["anchors"], said["anchored"]
    assert isinstance(links, list)
    assert isinstance(anchors, list)
    assert isinstance(anchored, dict)
    return Rendered(str(said["key"]), str(said["sha256"]), tuple(links), tuple(anchors), anchored, str(said["search"]))
