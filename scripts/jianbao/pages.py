"""Markdown pages with front matter: read, checked in shape, written back without touching a word of the text."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote

import yaml

from jianbao import files
from jianbao.messages import _

FENCE: Final = "---"
_TARGET: Final = re.compile(r"\]\(<?([^)\s#?>]+)|(?:src|href)=\"([^\"#?]+)")


class FrontMatterError(ValueError):
    """A page's front matter cannot be read; the text says why, `line` where."""

    def __init__(self, text: str, line: int) -> None:
        super().__init__(text)
        self.line = line


@dataclass(frozen=True, slots=True)
class Page:
    """A page's source: its path below site/ with `/`, its front matter as written, its text."""

    path: str
    meta: Mapping[str, Any]
    body: str
    lines: Mapping[str, int] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The page as a file holds it."""
        return compose(self.meta, self.body)


def parse(path: str, text: str) -> Page:
    """Return a page from its text.

    Raises FrontMatterError where the block between the two `---` is not a list of keys and values.
    """
    head, fence, body = text.removeprefix("\ufeff").partition(f"\n{FENCE}\n")
    if not head.startswith(f"{FENCE}\n") or not fence:
        raise FrontMatterError(_("缺少开头的说明区（两行 --- 之间的标题、文种等）"), 1)
    source = head[len(FENCE) + 1 :]
    try:
        node, meta = _read_yaml(source)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise FrontMatterError(_("说明区不是“键: 值”的写法"), mark.line + 2 if mark else 1) from error
    if not isinstance(meta, dict) or not isinstance(node, yaml.MappingNode):
        raise FrontMatterError(_("说明区不是“键: 值”的写法"), 2)
    lines = {key.value: key.start_mark.line + 2 for key, _value in node.value}
    return Page(path, meta, body.lstrip("\n"), lines)


def _read_yaml(source: str) -> tuple[yaml.Node | None, Any]:
    """Return YAML as what stands where in it, and as values."""
    reader = _Reader(source)
    try:
        node = reader.get_single_node()
        return node, None if node is None else reader.construct_document(node)
    finally:
        reader.dispose()


class _Reader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # many times as fast where it was compiled
    """Reads a day that no calendar has (2020-02-30) as the text it is, for whoever checks the key to name it."""

    def construct_yaml_timestamp(self, node: yaml.ScalarNode) -> Any:
        try:
            return super().construct_yaml_timestamp(node)
        except ValueError:
            return self.construct_yaml_str(node)


_Reader.add_constructor("tag:yaml.org,2002:timestamp", _Reader.construct_yaml_timestamp)


class _Plain(yaml.SafeDumper):
    """Writes a date twice where it stands twice, and no anchors."""

    def ignore_aliases(self, _data: Any) -> bool:
        return True


def compose(meta: Mapping[str, Any], body: str) -> str:
    """Return front matter and text as a file holds them, keys in the order given."""
    head = yaml.dump(dict(meta), Dumper=_Plain, allow_unicode=True, sort_keys=False, width=10_000, default_flow_style=False)
    return f"{FENCE}\n{head}{FENCE}\n\n{body.rstrip()}\n"


def read(folder: Path, path: str) -> Page:
    """Read one page below `folder`. Raises FrontMatterError."""
    return parse(path, files.read_text(folder / path))


def markdown_files(folder: Path) -> Iterator[str]:
    """Yield the paths of the Markdown files below a folder, in order, hidden ones left out."""
    if not folder.is_dir():
        return
    for path in files.walk(folder):
        name = files.relative(path, folder)
        if name.endswith(".md") and not any(part.startswith((".", "_")) for part in name.split("/")):
            yield name


def attachments(folder: Path) -> Iterator[str]:
    """Yield the paths of all other files below a folder, in order: what pages link to."""
    if not folder.is_dir():
        return
    for path in files.walk(folder):
        name = files.relative(path, folder)
        if not name.endswith(".md") and not any(part.startswith((".", "_", "~$")) for part in name.split("/")):
            yield name


def local_links(path: str, body: str) -> set[str]:
    """Return the paths, below the pages' folder, that a page's text links to: other pages and attachments."""
    targets = (unquote(in_markdown or in_html) for in_markdown, in_html in _TARGET.findall(body))
    return {posixpath.normpath(posixpath.join(posixpath.dirname(path), target)) for target in targets}


def plain_value(value: Any) -> Any:
    """Return a front matter value as JSON can hold it."""
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(k): plain_value(v) for k, v in value.items()}
    return [plain_value(v) for v in value] if isinstance(value, list | tuple) else value
