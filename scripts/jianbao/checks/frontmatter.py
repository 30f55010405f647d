"""Every page says what it is: front matter that can be read and is complete, and links between pages that exist."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from jianbao.documents import Audience, Document, Fault, read_document
from jianbao.excerpts import marked, public_excerpt
from jianbao.messages import _
from jianbao.pages import FrontMatterError, Page, parse


def check_pages(files: Iterable[tuple[str, bytes]]) -> tuple[list[Document], list[Fault]]:
    """Return the documents that Markdown files are, and everything wrong with their front matter."""
    documents: list[Document] = []
    faults: list[Fault] = []
    for path, data in files:
        try:
            source = data.decode("utf-8-sig").replace("\r\n", "\n")
            page = parse(path, source)
            found = read_document(page)
        except FrontMatterError as error:
            faults.append(Fault(path, error.line, str(error)))
            continue
        except UnicodeDecodeError:
            faults.append(Fault(path, 1, _("文件不是 UTF-8 编码，请另存为 UTF-8")))
            continue
        if isinstance(found, Document):
            documents.append(found)
            faults += _mark_faults(page, found, source)
        else:
            faults += found
    known = {d.path for d in documents}
    for d in documents:
        for key, target in (("superseded_by", d.superseded_by), ("corrects", d.corrects)):
            if target and target not in known:
                faults.append(Fault(d.path, 1, _("{key} 指向的页面不存在：{path}").format(key=key, path=target)))
    return documents, faults


def _mark_faults(page: Page, document: Document, source: str) -> Iterator[Fault]:
    """Yield what is wrong with the marks of internal passages, so that none reaches the public by a slip."""
    if document.audience is Audience.PUBLIC and marked(source):
        line = next(n for n, text in enumerate(source.split("\n"), 1) if marked(text)) if any(map(marked, source.split("\n"))) else 1
        yield Fault(page.path, line, _("有内部段落的标记，而页面是公开的；请在说明区写 audience: excerpt（公开节录）"))
    elif document.audience is Audience.EXCERPT:
        try:
            public_excerpt(page, source)
        except FrontMatterError as error:
            yield Fault(page.path, error.line, str(error))
