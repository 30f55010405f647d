"""Every page says what it is: front matter that can be read and is complete, and links between pages that exist."""

from __future__ import annotations

from collections.abc import Iterable

from jianbao.documents import Document, Fault, read_document
from jianbao.messages import _
from jianbao.pages import FrontMatterError, parse


def check_pages(files: Iterable[tuple[str, bytes]]) -> tuple[list[Document], list[Fault]]:
    """Return the documents that Markdown files are, and everything wrong with their front matter."""
    documents: list[Document] = []
    faults: list[Fault] = []
    for path, data in files:
        try:
            found = read_document(parse(path, data.decode("utf-8-sig").replace("\r\n", "\n")))
        except FrontMatterError as error:
            faults.append(Fault(path, error.line, str(error)))
            continue
        except UnicodeDecodeError:
            faults.append(Fault(path, 1, _("文件不是 UTF-8 编码，请另存为 UTF-8")))
            continue
        if isinstance(found, Document):
            documents.append(found)
        else:
            faults += found
    known = {d.path for d in documents}
    faults += [
        Fault(d.path, 1, _("superseded_by 指向的页面不存在：{path}").format(path=d.superseded_by))
        for d in documents
        if d.superseded_by and d.superseded_by not in known
    ]
    return documents, faults
