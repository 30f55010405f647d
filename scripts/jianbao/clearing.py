"""What a removed page said, taken out of the editions that were closed while it stood.

An edition is otherwise never touched. Of the page itself a stone is left under its address; its paper forms, earlier states and the files
that only it linked to go. Where other pages repeat it (lists, feeds, a department's page, the search index) its words go.
A word is taken for its own where the site of today, which no longer holds the page, says it nowhere.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any, Final
from urllib.parse import quote

from jianbao import files
from jianbao.pages import parse
from jianbao.record import ATTACHED, EDITIONS, FACTS, PRINTED, Record, Release, Removal

GONE: Final = "（已撤下）"
_LEAST: Final = 4
_MARKS: Final = re.compile(r"[\[\]()|*_`#<>{}\s，。；：！？、（）《》“”\"'—…,;!?]+|\]\(|\.\s")
_NUMBERS: Final = re.compile(r"[\d年月日时分第期号:：.+\-/T〔〕]")
"""What days and numbers are written with: the figures of a removed briefing stand, and with them the days they are of."""

_TEXT: Final = frozenset({".html", ".xml", ".json", ".js", ".txt", ".csv", ".md"})
_INDEX: Final = re.compile(r"^search/search_index\.(json|js)$")
_NO_SLUG: Final = re.compile(r"[^\w\s-]")
_STONE: Final = """<!doctype html>
<html lang="zh">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>本页已撤下</title>
<h1>本页已撤下</h1>
<p>因保护个人信息，本页内容已经撤下。原因：{reason}。</p>
<p><a href="{home}">首页</a></p>
</html>
"""


@dataclass(frozen=True, slots=True)
class Cut:
    """A file of an edition from which something is taken: what is left of it, None where nothing is; `was` is its hash until now."""

    version: str
    path: str
    was: str
    left: bytes | None

    def removal(self, stated: Removal) -> Removal:
        """Return the entry that a release seals of it, decided as a page's own removal was."""
        return replace(
            stated, bag=f"{EDITIONS}/{self.version}", path=self.path, sha256=self.was,
            now="" if self.left is None else files.sha256(self.left),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Removed:
    """The pages that a release removes: their addresses, the files that go with them, and what they alone said.

    `forms` are the words as files of the site write them, the longest first.
    """

    stems: Mapping[str, str]
    attached: frozenset[str]
    words: tuple[str, ...]
    forms: tuple[str, ...]


def cuts(folder: Path, record: Record, removed: Sequence[Removal], site: Path) -> Iterator[Cut]:
    """Yield what is taken out of the editions in `folder` for removals that are not sealed yet. `site` is today's, newly built."""
    versions = [p for p in sorted(folder.iterdir()) if p.is_dir() and not p.name.startswith(".")] if removed and folder.is_dir() else []
    if not versions:
        return
    told = _told(record, removed, site)
    for version in versions:
        for path in files.walk(version):
            name, data = files.relative(path, version), files.read_bytes(path)
            left = _left(told, name, data)
            if left != data:
                yield Cut(version.name, name, files.sha256(data), left)


def settle(folder: Path, record: Record) -> None:
    """Make the editions in `folder` hold no more than sealed entries leave of them."""
    for release in record.releases:
        for entry in release.removals:
            if entry.bag.startswith(f"{EDITIONS}/"):
                _settle_one(folder / entry.bag.removeprefix(f"{EDITIONS}/") / entry.path, entry, release)


def _settle_one(path: Path, entry: Removal, release: Release) -> None:
    if not path.is_file() or files.sha256_of(path) != entry.sha256:
        return
    if entry.now:
        files.write_bytes(path, files.read_bytes(release.folder / "data" / entry.bag / entry.path))
    else:
        files.remove(path)


def as_left(sealed: Mapping[str, str], version: str, removals: Iterable[Removal]) -> dict[str, str]:
    """Return an edition's hashes by path as they must be now: those that its release sealed, less what was taken out since."""
    found = dict(sealed)
    for entry in removals:
        if entry.bag == f"{EDITIONS}/{version}" and found.get(entry.path) == entry.sha256:
            if entry.now:
                found[entry.path] = entry.now
            else:
                del found[entry.path]
    return found


def _told(record: Record, removed: Sequence[Removal], site: Path) -> _Removed:
    stems: dict[str, str] = {}
    attached, said = set(), []
    bags = {release.line.name: release for release in record.releases}
    for entry in removed:
        release, path = bags[entry.bag], entry.path.removeprefix("data/")
        if path.startswith("pages/") and path.endswith(".md"):
            page = path.removeprefix("pages/")
            stems[page.removesuffix(".md")] = entry.reason
            said += _page_words(page, release.source(page) or "")
        elif path.startswith(f"{ATTACHED}/"):
            attached.add(path.removeprefix(f"{ATTACHED}/"))
        elif path == FACTS and release.facts:
            said += [text for item in release.facts.news for text in (item.headline, *_pieces(item.text), item.link)]
    raw = "\n".join(files.read_bytes(p).decode("utf-8", "replace") for p in files.walk(site) if p.suffix in _TEXT and _of_today(p, site))
    everywhere = raw + html.unescape(raw)
    words = {w for w in said if len(_NUMBERS.sub("", w)) >= _LEAST and w not in everywhere}
    forms = {form for word in words for form in _forms(word) if form not in everywhere}
    return _Removed(stems, frozenset(attached), tuple(sorted(words)), tuple(sorted(forms, key=lambda f: (-len(f), f))))


def _of_today(path: Path, site: Path) -> bool:
    return not files.relative(path, site).startswith((f"{EDITIONS}/", "search/"))


def _page_words(path: str, source: str) -> list[str]:
    page = parse(path, source)
    return [*_strings({k: v for k, v in page.meta.items() if k != "tags"}), *_pieces(page.body)]


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield from (value, *_pieces(value))
    elif isinstance(value, Mapping):
        yield from (s for v in value.values() for s in _strings(v))
    elif isinstance(value, list | tuple):
        yield from (s for v in value for s in _strings(v))


def _pieces(text: str) -> list[str]:
    return [piece for piece in _MARKS.split(text) if piece]


def _left(told: _Removed, name: str, data: bytes) -> bytes | None:
    """Return what is left of a file: of the page itself a stone, nothing of what goes with it, of others all but its words."""
    stem, ending = _split(name)
    if stem in told.stems:
        home = "../" * (len(PurePosixPath(name).parts) - 1) + "index.html"
        return _STONE.format(reason=html.escape(told.stems[stem]), home=home).encode() if ending == ".html" else None
    if name in told.attached:
        return None
    if _INDEX.match(name):
        return _index_left(told, data)
    return _text_left(told.forms, data) if PurePosixPath(name).suffix in _TEXT else data


_STATE: Final = re.compile(r"\.v\d+(-v\d+)?$")


def _split(name: str) -> tuple[str, str]:
    """Return which page a file of the site is of, and its ending: `a.v1.html` is of `a`."""
    for ending in (*PRINTED, ".html"):
        if name.endswith(ending):
            return _STATE.sub("", name.removesuffix(ending)), ending
    return name, ""


def _index_left(told: _Removed, data: bytes) -> bytes:
    """Return a search index without what it holds of the pages, and of others that repeat them."""
    text = data.decode("utf-8")
    before, brace, rest = text.partition("{")
    index, end = json.JSONDecoder().raw_decode(brace + rest)
    own = {f"{quote(stem)}.html" for stem in told.stems} | {f"{stem}.html" for stem in told.stems}
    kept = [d for d in index["docs"] if not _repeats(d, told.words) and _split(d["location"].partition("#")[0])[0] + ".html" not in own]
    if len(kept) == len(index["docs"]):
        return data
    shown = json.dumps(index | {"docs": kept}, ensure_ascii=data.isascii(), separators=(",", ":"))
    return f"{before}{shown}{(brace + rest)[end:]}".encode()


def _repeats(entry: Mapping[str, Any], words: Sequence[str]) -> bool:
    said = html.unescape(" ".join(map(str, (entry["location"], entry.get("title"), entry.get("text"))))).replace("\u200b", "")
    close = re.sub(r"\s", "", said)
    return any(w in said or re.sub(r"\s", "", w) in close for w in words)


def _text_left(forms: Sequence[str], data: bytes) -> bytes:
    text = was = data.decode("utf-8", "replace")
    for form in forms:
        text = text.replace(form, GONE)
    return data if text == was else text.encode()


def _forms(word: str) -> set[str]:
    """Return a word as files write it: as text, in attributes, as an anchor, in an address, in JSON."""
    anchor = _NO_SLUG.sub("", word).strip().lower().replace(" ", "-")
    forms = {word, html.escape(word, quote=False), html.escape(word), json.dumps(word)[1:-1], quote(word), anchor, quote(anchor)}
    return {f for f in forms if len(_NUMBERS.sub("", f)) >= _LEAST}
