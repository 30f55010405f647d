"""What a reader can see of a file, and what a search can find in it: its text, taken out of its format.

A name split by a tag, by spaces or by a search index's zero-width marks is still the name, so every text has a
second view without them. The ends of blocks (paragraphs, cells, headings) stay: two cells are not one word.
"""

from __future__ import annotations

import gzip
import html
import io
import json
import logging
import re
import zipfile
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import unquote

from jianbao.checks.passed import INDEX_SCRIPT
from jianbao.messages import _

MAX_UNPACKED: Final = 256 << 20
EDGE: Final = "\x00"
"""Stands between two blocks of text."""

_TEXTS: Final = (
    ".html",
    ".htm",
    ".md",
    ".xml",
    ".rels",
    ".rdf",
    ".vml",
    ".svg",
    ".txt",
    ".csv",
    ".tsv",
    ".css",
    ".js",
    ".map",
    ".webmanifest",
    ".toml",
    ".yaml",
    ".yml",
    ".lock",
    ".j2",
)
_PACKED: Final = (".docx", ".xlsx", ".xlsm", ".pptx", ".odt", ".ods", ".odp", ".epub", ".zip")
_IMAGES: Final = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".ico", ".bmp", ".emf", ".wmf")
_FONTS: Final = (".woff", ".woff2", ".ttf", ".otf", ".odttf")
_PRINTER: Final = re.compile(r"printerSettings\d*\.bin$")
_BLOCK: Final = (
    r"</?(?:a(?:rticle|side|:p)|b(?:lockquote|r|utton)|c(?:aption)?|d(?:iv|l|t|d|etails)|entry|f(?:ooter|ig(?:ure|caption)|orm|ieldset)|"
    r"h(?:eader|[1-6r])|item|l(?:i(?:nk)?|abel)|m(?:ain|eta)|nav|o(?:l|ption)|p(?:re)?|row|s(?:ection|i|ummary)|"
    r"t(?:able(?::table-cell)?|body|d|ext:[hp]|foot|h(?:ead)?|itle|r)|ul|w:(?:p|tc|br))(?:\s[^>]*)?/?>"
)
_BLOCK_TAG: Final = re.compile(_BLOCK)
_BLOCK_TAG_IN_CAPITALS: Final = re.compile(_BLOCK, re.IGNORECASE)
_CAPITALS: Final = re.compile("</?[a-z0-9:-]*[A-Z\u0130\u0131\u017f\u212a]")
"""Half the time of a search goes into capitals, which hardly any tag has."""

_SCRIPT: Final = re.compile(r"<(script|style)\b[^>]*>.*?</\1>", re.IGNORECASE | re.DOTALL)
_TAG: Final = re.compile(r"<[^>]*>")
INVISIBLE: Final = re.compile(r"[\s\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\u00ad]+")
_PARAGRAPH: Final = re.compile(r"\n\s*\n|\|")
_EMPHASIS: Final = "*_`~"
_ESCAPE: Final = re.compile(r"(?<=\w)\\(?=\W)")
_UNSEEN: Final = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad]")
_PERCENT: Final = re.compile("(?:%[0-9A-Fa-f]{2})+")
_UNICODE_ESCAPE: Final = re.compile(r"\\u([0-9a-fA-F]{4})")
_SAID_IN_TAG: Final = re.compile(r"""=\s*(?:"([^"<>]*[\u3400-\u9fff][^"<>]*)"|'([^'<>]*[\u3400-\u9fff][^'<>]*)')""")
_WIDE: Final = re.compile("[０-９Ａ-Ｚａ-ｚ]")
"""Full-width digits and letters: what an input method writes for a number."""


class Unreadable(ValueError):
    """A file that nobody can look into; the text says why."""


def texts_of(path: str, data: bytes) -> Iterator[str]:
    """Yield every text of a file, blocks parted by `EDGE`.

    Raises Unreadable for a file that cannot be looked into: what cannot be checked is not released.
    """
    suffix = path[path.rfind(".") :].lower() if "." in path.rsplit("/", 1)[-1] else ""
    if suffix == ".json":
        yield from _json_texts(data)
    elif data.startswith(INDEX_SCRIPT):
        yield from _json_texts(data.removeprefix(INDEX_SCRIPT))
    elif suffix in _TEXTS or not suffix:
        yield _decoded(data)
    elif suffix == ".gz":
        yield from texts_of(path[:-3], _unzipped(data))
    elif suffix in _PACKED:
        yield from _packed_texts(path, data)
    elif suffix == ".pdf":
        yield from _pdf_texts(data)
    elif suffix in _IMAGES:
        yield data.decode("utf-8", "ignore")
        yield data.decode("utf-16-le", "ignore")
    elif suffix not in _FONTS:
        raise Unreadable(_("这种文件（{suffix}）无法检查内容").format(suffix=suffix))


def views(text: str) -> tuple[str, str]:
    """Return a text as it stands, its entities and escapes resolved, and without tags, spaces and zero-width marks."""
    text = resolved(text)
    return text, squeezed(text)


def resolved(text: str) -> str:
    """Return a text as a reader has it: its entities and escapes resolved, full-width digits and letters as any other."""
    if "\\u" in text:
        text = _UNICODE_ESCAPE.sub(lambda m: chr(int(m[1], 16)), text)
    if "&" in text:
        text = html.unescape(text)
    if "%E" in text or "%e" in text:
        text = _PERCENT.sub(lambda m: unquote(m[0], errors="ignore"), text)
    return _WIDE.sub(lambda m: chr(ord(m[0]) - 0xFEE0), text)


def squeezed(text: str) -> str:
    """Return a text without inline tags, white space, zero-width marks and Markdown's emphasis; blocks keep their edges.

    What tags say to a reader (a picture's text, a title) stands at the end, each a block of its own.
    """
    if "<" in text:
        text = _untagged(text)
    text = _PARAGRAPH.sub(EDGE, text)
    if "\\" in text:
        text = _ESCAPE.sub("", text)
    for mark in _EMPHASIS:
        text = text.replace(mark, "")
    return _UNSEEN.sub("", "".join(text.split()).replace("\u200b", ""))


def _untagged(text: str) -> str:
    said = dict.fromkeys(a or b for a, b in _SAID_IN_TAG.findall(text))
    return EDGE.join([_TAG.sub("", without_blocks(text)), *said])


def without_blocks(text: str) -> str:
    """Return a text with an edge in the place of each script and of each tag that begins or ends a block."""
    block = _BLOCK_TAG_IN_CAPITALS if _CAPITALS.search(text) else _BLOCK_TAG
    return block.sub(EDGE, _SCRIPT.sub(EDGE, text))


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030", "replace")


def _json_texts(data: bytes) -> Iterator[str]:
    try:
        yield EDGE.join(["", *strings_of(json.loads(data)), ""])
    except ValueError:
        yield _decoded(data)


def strings_of(value: Any) -> Iterator[str]:
    """Yield what a JSON value says, names of fields and numbers too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from strings_of(item)
    elif isinstance(value, list):
        for item in value:
            yield from strings_of(item)
    elif isinstance(value, int | float):
        yield str(value)


def _unzipped(data: bytes) -> bytes:
    try:
        with gzip.open(io.BytesIO(data)) as packed:
            content = packed.read(MAX_UNPACKED + 1)
    except (OSError, EOFError) as error:
        raise Unreadable(_("压缩文件已损坏")) from error
    if len(content) > MAX_UNPACKED:
        raise Unreadable(_("压缩文件解开后过大"))
    return content


def _packed_texts(path: str, data: bytes) -> Iterator[str]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            if sum(i.file_size for i in parts.infolist()) > MAX_UNPACKED:
                raise Unreadable(_("文件解开后过大"))
            for info in parts.infolist():
                if info.flag_bits & 1:
                    raise Unreadable(_("文件设了密码"))
                if info.is_dir() or _PRINTER.search(info.filename):
                    continue
                yield info.filename
                yield from texts_of(info.filename, parts.read(info))
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError) as error:
        raise Unreadable(_("{path} 打不开，可能设了密码或已损坏").format(path=path)) from error


def _pdf_texts(data: bytes) -> Iterator[str]:
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = PdfReader(io.BytesIO(data))
        pages = [page.extract_text() for page in reader.pages]
        scanned = any(not text.strip() and len(page.images) for text, page in zip(pages, reader.pages, strict=True))
        about = [str(v) for v in (reader.metadata or {}).values()]
        inside = [(name, content) for name, contents in reader.attachments.items() for content in contents]
    except (PyPdfError, ValueError, KeyError, RecursionError) as error:
        raise Unreadable(_("PDF 设了密码或已损坏")) from error
    if scanned or not any(p.strip() for p in pages):
        raise Unreadable(_("PDF 里没有文字（可能是扫描件），无法检查"))
    yield EDGE.join([*about, *pages, *(name for name, _content in inside)])
    for name, content in inside:
        yield from texts_of(name, content)
