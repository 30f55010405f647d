"""One cold print, a process each: `printed.py ours OFFICE` from a released page, `printed.py ready FOLDER` the typesetter on ready text."""

from __future__ import annotations

import sys
from pathlib import Path


def ours(office: Path) -> bytes:
    """Print the office's briefing as a publication does: settings, page, facts, fonts, layout."""
    from jianbao.documents import Document, read_document
    from jianbao.facts import from_json
    from jianbao.files import read_text
    from jianbao.pages import parse
    from jianbao.printing.fonts import fonts_for
    from jianbao.printing.official import Paper, page_pdf
    from jianbao.project import Project

    project = Project.open(office)
    document = read_document(parse("briefings/2026/2026-03-02.md", read_text(office / "briefing.md")))
    assert isinstance(document, Document)
    facts = from_json(read_text(office / "facts.json"))
    return page_pdf(Paper(document, project.settings, facts.as_of, {}, facts), fonts_for(project.settings.printing, project.root))


def ready(folder: Path) -> bytes:
    """Set what the product handed to the typesetter, with nothing of the product: the same layout, text, fonts and standards."""
    from datetime import UTC, datetime

    import typst

    fonts = typst.Fonts(include_system_fonts=True, include_embedded_fonts=True, font_paths=[])
    compiler = typst.Compiler(
        input=(folder / "layout.typ").read_bytes(), root=folder, font_paths=fonts, ignore_system_fonts=True,
        sys_inputs={"data": (folder / "data.json").read_text("utf-8")},
    )  # fmt: skip
    made = compiler.compile(format="pdf", pdf_standards=["a-3a", "ua-1"], timestamp=datetime(2026, 3, 2, 4, tzinfo=UTC))
    assert isinstance(made, bytes)
    return made


if __name__ == "__main__":
    sys.stdout.buffer.write({"ours": ours, "ready": ready}[sys.argv[1]](Path(sys.argv[2])))
