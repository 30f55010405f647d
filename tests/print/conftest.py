"""Documents to print, the fonts to do it with, and a look at what came out."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pypdf
import pypdfium2
import pytest

from jianbao.clock import zone
from jianbao.documents import Document, DocumentKind, Status
from jianbao.printing.fonts import FontSet, NoFonts, fonts_for
from jianbao.printing.official import Paper, page_pdf
from jianbao.settings import PrintSettings, School, Settings

MM = 72 / 25.4
SETTINGS = Settings(School("榆溪学院", "防控工作办公室"))
MOMENT = datetime(2020, 2, 6, 12, 0, tzinfo=zone("Asia/Shanghai"))


def document(body: str = "正文。", **fields: Any) -> Document:
    """A signed notice, or whatever else `fields` make of it."""
    plain = Document(
        path="notices/2020/06.md", title="关于错峰就餐的通知", kind=DocumentKind.NOTICE, status=Status.SIGNED, on=date(2020, 2, 6),
        body=body,
        number="榆防控〔2020〕6号", issuer="防控工作办公室", to="各学院、各部门",
    )  # fmt: skip
    return replace(plain, **fields)


def paper(body: str = "正文。", *, files: Mapping[str, bytes] | None = None, settings: Settings = SETTINGS, **fields: Any) -> Paper:
    """What a document's paper form is made from."""
    return Paper(document(body, **fields), settings, MOMENT, files or {})


@dataclass(frozen=True)
class Char:
    """A character on a page: its page from 0, left and baseline-box edges in mm from the paper's left and upper edge."""

    text: str
    page: int
    left: float
    right: float
    top: float
    bottom: float


class Printed:
    """A PDF as a reader's program sees it."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.reader = pypdf.PdfReader(io.BytesIO(data))
        self._shown = pypdfium2.PdfDocument(data)

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return len(self._shown)

    def text(self, page: int | None = None) -> str:
        """What can be selected, without white space: line ends on paper are no part of a text."""
        which = range(self.pages) if page is None else [page]
        return "".join("".join(self._shown[n].get_textpage().get_text_bounded().split()) for n in which)

    def chars(self, page: int) -> Iterator[Char]:
        """Yield the characters of a page and where they stand."""
        sheet = self._shown[page]
        high, lines = sheet.get_height(), sheet.get_textpage()
        for n in range(lines.count_chars()):
            left, bottom, right, top = lines.get_charbox(n, loose=True)
            if (said := lines.get_text_range(n, 1)).strip():
                yield Char(said, page, left / MM, right / MM, (high - top) / MM, (high - bottom) / MM)

    def found(self, text: str, page: int = 0) -> Char:
        """Return the first character of a text on a page."""
        chars = list(self.chars(page))
        at = "".join(c.text for c in chars).find(text)
        assert at >= 0, text
        return chars[at]

    def ink(self, page: int, scale: float = 4) -> Any:
        """Return a page as an array of its pixels, `scale` of them to a point."""
        return self._shown[page].render(scale=scale).to_numpy()

    @property
    def xmp(self) -> str:
        """The metadata as XML."""
        root: Any = self.reader.trailer["/Root"]
        return str(root["/Metadata"].get_data().decode())


@pytest.fixture(scope="session")
def fonts(go_without: Callable[[str], Any]) -> FontSet:
    """The free fonts."""
    try:
        return fonts_for(PrintSettings(), Path())
    except NoFonts as error:
        go_without(error.message)
        raise


Print = Callable[..., Printed]


@pytest.fixture(scope="session")
def printed(fonts: FontSet) -> Print:
    """Print a document: `printed("正文。", title="…")`."""

    def made(body: str = "正文。", **fields: Any) -> Printed:
        return Printed(page_pdf(paper(body, **fields), fonts))

    return made
