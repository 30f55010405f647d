"""Word files (.docx): headings, numbers, tables, pictures and notes; what is not settled in them is refused.

The text becomes HTML of our own, which `markup` writes as Markdown. Tracked changes, comments and hidden text are
refused: whoever imports a file must not decide what its authors have not.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from html import escape
from pathlib import PurePosixPath
from typing import Any, Final
from zipfile import BadZipFile

import docx
from docx.opc.constants import RELATIONSHIP_TYPE as REL
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn

from jianbao.importing.markup import to_markdown
from jianbao.importing.numbering import BULLET, Numbering
from jianbao.importing.package import check_package
from jianbao.importing.values import Imported, NotImported
from jianbao.importing.vicinity import Vicinity
from jianbao.messages import _

_TRACKED: Final = frozenset(qn(f"w:{name}") for name in (
    "ins", "del", "moveFrom", "moveTo", "rPrChange", "pPrChange", "sectPrChange", "tblPrChange", "trPrChange", "tcPrChange",
    "tblGridChange", "tblPrExChange", "numberingChange", "cellIns", "cellDel", "cellMerge",
))  # fmt: skip
_UNSAFE_FIELD: Final = re.compile(r"\b(DDE|DDEAUTO|INCLUDETEXT|INCLUDEPICTURE|IMPORT|MACROBUTTON|LINK)\b", re.IGNORECASE)
_HEADED: Final = ' scope="col"'
_OFF: Final = frozenset({"0", "false", "off"})
_SPACES: Final = {qn("w:tab"): " ", qn("w:br"): "<br>", qn("w:cr"): "<br>", qn("w:noBreakHyphen"): "-"}
_PRIVATE: Final = re.compile("[\ue000-\uf8ff\x00-\x08\x0b-\x1f\u200b-\u200f\u2028-\u202e\u2060-\u2069]")
_MATH: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_FALLBACK: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_CHART: Final = "{http://schemas.openxmlformats.org/drawingml/2006/chart}chart"
_DIAGRAM: Final = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}relIds"
_BLIP: Final = "{http://schemas.openxmlformats.org/drawingml/2006/main}blip"
_IMAGEDATA: Final = "{urn:schemas-microsoft-com:vml}imagedata"
_DESCRIBED: Final = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
_REMOTE: Final = frozenset({"attachedTemplate", "oleObject", "subDocument", "frame", "aFChunk"})


def read_word(data: bytes, around: Vicinity) -> Imported:
    """Return a Word file as a page. Raises NotImported with the reason where it is unsafe or unsettled."""
    check_package(data)
    try:
        word = docx.Document(io.BytesIO(data))
    except (BadZipFile, PackageNotFoundError, KeyError, ValueError, SyntaxError) as error:  # lxml's errors are SyntaxErrors
        raise NotImported(_("打不开：不是 .docx 文件，或者已损坏")) from error
    try:
        reader = _Reader(word.part, around)
        reader.check_settled()
        html, title = reader.body(word.element.body)
        body = _with_notes(to_markdown(html, around), reader)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:  # parts that are not what Word writes
        raise NotImported(_("文件里的结构不是 Word 写得出来的"), _("请在 Word 或 WPS 里打开，另存为 .docx，再导入。")) from error
    if title is None:
        around.remarks.add(_("没有标题样式的段落，标题取自文件名；正文里的标题请自行删去"))
    reader.tell_left_out()
    return Imported({"title": title} if title else {}, body, dict(around.carried), tuple(around.remarks.said))


def _with_notes(text: str, reader: _Reader) -> str:
    text = re.sub("\ue000(\\d+)\ue001", r"[^\1]", text)
    notes = [f"[^{n}]: {note}" for n, note in enumerate(reader.notes(), 1)]
    return text if not notes else text.rstrip("\n") + "\n\n" + "\n\n".join(notes) + "\n"


class _Reader:
    """One document being read: its parts, its numbers, its notes in the order in which the text names them."""

    def __init__(self, part: Any, around: Vicinity) -> None:
        self._part = part
        self._around = around
        self._styles = {s.get(qn("w:styleId")): s for s in part.styles.element.iter(qn("w:style"))}
        self._numbering = Numbering.read(self._related(REL.NUMBERING))
        self._notes: list[tuple[str, str]] = []
        self._pictures = 0
        self._field: list[bool] = []

    # -- what must be settled before --------------------------------------------------------------------------------

    def check_settled(self) -> None:
        """Raise NotImported for tracked changes, comments, hidden text, and fields that fetch or run something."""
        roots = [self._part.element, *(self._related(kind) for kind in (REL.FOOTNOTES, REL.ENDNOTES))]
        elements = [e for root in roots if root is not None for e in root.iter()]
        tracked = sum(1 for e in elements if e.tag in _TRACKED)
        if tracked:
            text = _("有 {count} 处修订（修改痕迹）没有接受或拒绝").format(count=tracked)
            raise NotImported(text, _("请在 Word 里打开“审阅”，接受或拒绝全部修订，保存后再导入。"))
        comments = self._related(REL.COMMENTS)
        count = len(list(comments.iter(qn("w:comment")))) if comments is not None else 0
        if count:
            raise NotImported(_("有 {count} 条批注").format(count=count), _("请处理并删除全部批注，保存后再导入。"))
        hidden = [t for e in elements if e.tag == qn("w:r") and self._hidden(e) and (t := "".join(x.text or "" for x in e.iter(qn("w:t"))))]
        if hidden:
            text = _("有 {count} 处隐藏文字（如“{text}”）").format(count=len(hidden), text=hidden[0][:20])
            raise NotImported(text, _("请在 Word 里全选，取消“隐藏”，删去不该有的文字，保存后再导入。"))
        for e in elements:
            said = e.text or "" if e.tag == qn("w:instrText") else str(e.get(qn("w:instr")) or "") if e.tag == qn("w:fldSimple") else ""
            if found := _UNSAFE_FIELD.search(said):
                text = _("有会取外部内容或运行程序的域：{name}").format(name=found[1].upper())
                raise NotImported(text, _("请选中它，按 Ctrl+Shift+F9 变成普通文字，保存后再导入。"))

    def _hidden(self, run: Any) -> bool:
        own = run.find(qn("w:rPr"))
        if own is not None and (mark := own.find(qn("w:vanish"))) is not None:
            return mark.get(qn("w:val")) not in _OFF
        style = own.find(qn("w:rStyle")) if own is not None else None
        paragraph = next((a for a in run.iterancestors(qn("w:p"))), None)
        named = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}") if paragraph is not None else None
        identifiers = [s.get(qn("w:val")) for s in (style, named) if s is not None]
        for found in (m for i in identifiers for s in self._style_chain(i) if (m := s.find(f"{qn('w:rPr')}/{qn('w:vanish')}")) is not None):
            return found.get(qn("w:val")) not in _OFF
        return False

    def tell_left_out(self) -> None:
        """Say what a page has no place for."""
        remarks = self._around.remarks
        for relation in self._part.rels.values():
            kind = relation.reltype.rsplit("/", 1)[-1]
            if kind in ("header", "footer"):
                text = "".join(t.text or "" for t in relation.target_part.element.iter(qn("w:t"))).strip()
                if text and not text.isdigit():
                    remarks.add(_("页眉页脚没有带入：{text}").format(text=text[:40]))
            elif kind in _REMOTE:
                remarks.add(_("外部引用没有带入：{kind}").format(kind=kind))
        settings = self._related(REL.SETTINGS, part=True)
        if settings is not None and any(r.is_external for r in settings.rels.values()):
            remarks.add(_("外部引用没有带入：{kind}").format(kind="attachedTemplate"))

    # -- blocks ----------------------------------------------------------------------------------------------------

    def body(self, root: Any) -> tuple[str, str | None]:
        """Return the text as HTML, and the title where a paragraph is styled as one."""
        blocks = list(self._blocks(root))
        title = next((html for kind, html in blocks if kind == "title"), None)
        heads = [i for i, (kind, _html) in enumerate(blocks) if kind == "h1"]
        if title is None and len(heads) == 1 and all(not html.strip() for _kind, html in blocks[: heads[0]]):
            blocks[heads[0]] = ("title", title := blocks[heads[0]][1])
        out: list[str] = []
        depth = 0
        for kind, html in blocks:
            level = int(kind[2:]) if kind.startswith("ul") else 0
            out += ["</li></ul>" * (depth - level)] if level < depth else []
            if level:
                out.append("<ul>" * (level - depth) if level > depth else "</li>")
                out.append(f"<li>{html}")
            elif kind != "title" and html.strip():
                out.append(html if kind == "table" else f"<{kind}>{html}</{kind}>")
            depth = level
        out.append("</li></ul>" * depth)
        return "\n".join(out), re.sub(r"<[^>]+>|\ue000\d+\ue001", "", title).strip() if title else None

    def _blocks(self, root: Any) -> Iterator[tuple[str, str]]:
        for child in root:
            if child.tag == qn("w:p"):
                yield from self._paragraph(child)
            elif child.tag == qn("w:tbl"):
                yield "table", self._table(child)
            elif child.tag == qn("w:sdt"):
                if child.find(f".//{qn('w:docPartGallery')}[@{qn('w:val')}='Table of Contents']") is not None:
                    self._around.remarks.add(_("目录没有带入，网页自带目录"))
                    continue
                content = child.find(qn("w:sdtContent"))
                yield from self._blocks(content) if content is not None else ()
            elif child.tag == qn("w:altChunk"):
                self._around.remarks.add(_("嵌入的另一份文件（altChunk）没有带入"))

    def _paragraph(self, p: Any) -> Iterator[tuple[str, str]]:
        style = p.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        chain = list(self._style_chain(style.get(qn("w:val")))) if style is not None else []
        names = [str(n.get(qn("w:val"))).lower() for s in chain if (n := s.find(qn("w:name"))) is not None]
        if names and names[0].startswith("toc "):
            self._around.remarks.add(_("目录没有带入，网页自带目录"))
            return
        html = self._inline(p)
        number = self._number(p, chain)
        level = self._outline(p, chain, names)
        if names[:1] == ["title"]:
            yield "title", re.sub(r"</?[bi]>", "", html)
        elif level:
            label = self._numbering.label(*number) if number and self._labelled(number) else ""
            yield f"h{level}", escape(label) + re.sub(r"</?[bi]>", "", html)
        elif number and not self._labelled(number):
            yield f"ul{number[1] + 1}", html
        else:
            yield "p", (escape(self._numbering.label(*number)) if number else "") + html
        for box in p.iter(qn("w:txbxContent")):
            if not any(a.tag == _FALLBACK for a in box.iterancestors()):
                self._around.remarks.add(_("文本框里的文字接在所在段落之后"))
                yield from self._blocks(box)

    def _labelled(self, number: tuple[str, int]) -> bool:
        level = self._numbering.level(*number)
        return level is not None and level.format != BULLET

    def _style_chain(self, identifier: str | None) -> Iterator[Any]:
        seen = set()
        while identifier in self._styles and identifier not in seen:
            seen.add(identifier)
            yield self._styles[identifier]
            based = self._styles[identifier].find(qn("w:basedOn"))
            identifier = based.get(qn("w:val")) if based is not None else None

    def _outline(self, p: Any, chain: list[Any], names: list[str]) -> int:
        """Return a paragraph's heading level from 1, or 0."""
        for holder in (p, *chain):
            found = holder.find(f"{qn('w:pPr')}/{qn('w:outlineLvl')}")
            if found is not None:
                level = int(found.get(qn("w:val")) or 9)
                return min(level + 1, 6) if level < 9 else 0
        named = next((m for name in names if (m := re.match(r"heading (\d)", name))), None)
        return min(int(named[1]), 6) if named else 0

    def _number(self, p: Any, chain: list[Any]) -> tuple[str, int] | None:
        """Return the list and level that numbers a paragraph: its own, else its style's."""
        level = None
        for holder in (p, *chain):
            found = holder.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
            if found is None:
                continue
            at, of = found.find(qn("w:ilvl")), found.find(qn("w:numId"))
            level = int(at.get(qn("w:val"))) if level is None and at is not None else level
            if of is not None:
                number = (str(of.get(qn("w:val"))), level or 0)
                return number if self._numbering.level(*number) else None
        return None

    def _table(self, table: Any) -> str:
        rows = [r for r in table.iter(qn("w:tr")) if next(r.iterancestors(qn("w:tbl"))) is table]
        grid: list[list[list[Any]]] = []
        above: dict[int, list[Any]] = {}
        for row in rows:
            cells: list[list[Any]] = []
            column = 0
            for cell in (c for c in row.iter(qn("w:tc")) if next(c.iterancestors(qn("w:tbl"))) is table):
                properties = cell.find(qn("w:tcPr"))
                span = _number_of(properties, "w:gridSpan", 1)
                merge = properties.find(qn("w:vMerge")) if properties is not None else None
                if merge is not None and merge.get(qn("w:val")) != "restart" and column in above:
                    above[column][2] += 1
                else:
                    held = [" ".join(self._cell(cell)), span, 1]
                    cells.append(held)
                    above[column] = held
                column += span
            grid.append(cells)
        return "<table>" + "".join(_row_html(cells, "th" if i == 0 else "td") for i, cells in enumerate(grid)) + "</table>"

    def _cell(self, cell: Any) -> Iterator[str]:
        blocks = [(kind, html) for kind, html in self._blocks(cell) if html.strip()]
        for kind, html in blocks:
            yield html if kind == "table" or len(blocks) == 1 else f"<p>{html}</p>"

    # -- within a paragraph ------------------------------------------------------------------------------------------

    def _inline(self, parent: Any) -> str:
        self._field = []
        merged: list[tuple[str, tuple[bool, bool, str]]] = []
        for text, look in self._runs(parent):
            if merged and merged[-1][1] == look:
                merged[-1] = (merged[-1][0] + text, look)
            elif text:
                merged.append((text, look))
        return "".join(_dressed(text, look) for text, look in merged)

    def _runs(self, parent: Any) -> Iterator[tuple[str, tuple[bool, bool, str]]]:
        plain = (False, False, "")
        for child in parent:
            if child.tag == qn("w:r"):
                yield self._run(child), _look(child)
            elif child.tag == qn("w:hyperlink"):
                yield self._link(child), plain
            elif child.tag in (qn("w:smartTag"), qn("w:fldSimple"), qn("w:customXml"), qn("w:dir"), qn("w:bdo")):
                yield from self._runs(child)
            elif child.tag == qn("w:sdt"):
                content = child.find(qn("w:sdtContent"))
                yield from self._runs(content) if content is not None else ()
            elif child.tag.startswith(_MATH):
                self._around.remarks.add(_("公式只留下文字"))
                yield _text("".join(t.text or "" for t in child.iter(f"{_MATH}t"))), plain

    def _link(self, element: Any) -> str:
        text = "".join(_dressed(t, look) for t, look in self._runs(element))
        relation = self._part.rels.get(element.get(qn("r:id")))
        if relation is None or not relation.is_external:
            return text
        target = self._around.link(relation.target_ref)
        return f'<a href="{escape(target)}">{text}</a>' if target else text

    def _run(self, run: Any) -> str:
        out = []
        for child in run:
            if child.tag == qn("w:fldChar"):
                kind = child.get(qn("w:fldCharType"))
                if kind == "begin":
                    self._field.append(True)
                elif kind == "separate" and self._field:
                    self._field[-1] = False
                elif kind == "end" and self._field:
                    self._field.pop()
            elif not any(self._field):
                out.append(self._piece(child))
        return "".join(out)

    def _piece(self, child: Any) -> str:
        if child.tag == qn("w:t"):
            return _text(child.text or "")
        if child.tag in _SPACES:
            return "" if child.get(qn("w:type")) in ("page", "column") else _SPACES[child.tag]
        if child.tag in (qn("w:footnoteReference"), qn("w:endnoteReference")):
            self._notes.append((child.tag, str(child.get(qn("w:id")))))
            return f"\ue000{len(self._notes)}\ue001"
        if child.tag == qn("w:ruby"):
            return "".join(self._run(r) for r in child.iterfind(f"{qn('w:rubyBase')}/{qn('w:r')}"))
        if child.tag == qn("w:sym"):
            self._around.remarks.add(_("特殊字体的符号没有带入"))
            return ""
        if child.tag in (qn("w:drawing"), qn("w:pict"), qn("w:object")) or child.tag.endswith("}AlternateContent"):
            return "".join(self._drawn(child))
        return ""

    def _drawn(self, element: Any) -> Iterator[str]:
        if element.tag == qn("w:object"):
            self._around.remarks.add(_("嵌入的对象（如 Excel 表）没有带入，只留下它的图"))
        described = next(element.iter(_DESCRIBED), None)
        alt = str((described.get("descr") or described.get("title") or "") if described is not None else "")
        for found in element.iter(_CHART, _DIAGRAM, _BLIP, _IMAGEDATA):
            if any(a.tag == _FALLBACK for a in found.iterancestors()):
                continue
            if found.tag in (_CHART, _DIAGRAM):
                self._around.remarks.add(_("图表或 SmartArt 没有带入；请另存为图片再插入"))
                continue
            identifier = found.get(qn("r:embed")) or found.get(qn("r:id")) or found.get(qn("r:link"))
            relation = self._part.rels.get(identifier)
            place = self._picture(relation) if relation is not None else None
            if place:
                yield f'<img src="{escape(place)}" alt="{escape(alt)}">'

    def _picture(self, relation: Any) -> str | None:
        if relation.is_external:
            self._around.remarks.add(_("外部图片没有取来：{target}").format(target=relation.target_ref[:80]))
            return None
        self._pictures += 1
        suffix = PurePosixPath(str(relation.target_part.partname)).suffix.lower()
        return self._around.keep(f"{self._pictures}{suffix}", relation.target_part.blob)

    # -- notes -----------------------------------------------------------------------------------------------------

    def notes(self) -> list[str]:
        """Return the foot- and endnotes as Markdown, in the order in which the text names them."""
        texts = {}
        for kind, tag in ((REL.FOOTNOTES, "footnote"), (REL.ENDNOTES, "endnote")):
            root = self._related(kind)
            for note in root.iter(qn(f"w:{tag}")) if root is not None else ():
                html = "<br>".join(html for _kind, html in self._blocks(note) if html.strip())
                texts[qn(f"w:{tag}Reference"), str(note.get(qn("w:id")))] = html
        return [" ".join(to_markdown(f"<p>{texts.get(key, '')}</p>", self._around).split()) for key in self._notes]

    def _related(self, kind: str, *, part: bool = False) -> Any | None:
        """Return the root of the part that the document refers to as `kind`, or the part itself; None where there is none."""
        found = next((r.target_part for r in self._part.rels.values() if r.reltype == kind and not r.is_external), None)
        if found is None or part:
            return found
        if hasattr(found, "element"):
            return found.element
        from docx.oxml import parse_xml

        return parse_xml(found.blob)


def _text(text: str) -> str:
    return escape(_PRIVATE.sub("", text), quote=False)


def _look(run: Any) -> tuple[bool, bool, str]:
    properties = run.find(qn("w:rPr"))
    if properties is None:
        return (False, False, "")

    def on(name: str) -> bool:
        found = properties.find(qn(name))
        return found is not None and found.get(qn("w:val")) not in _OFF

    raised = properties.find(qn("w:vertAlign"))
    value = str(raised.get(qn("w:val"))) if raised is not None else ""
    return (on("w:b"), on("w:i"), {"superscript": "sup", "subscript": "sub"}.get(value, ""))


def _dressed(text: str, look: tuple[bool, bool, str]) -> str:
    if not text.strip() or "\ue000" in text:  # a note's mark is raised by itself
        return text
    bold, italic, raised = look
    for on, tag in ((bool(raised), raised), (italic, "i"), (bold, "b")):
        text = f"<{tag}>{text}</{tag}>" if on else text
    return text


def _number_of(properties: Any | None, name: str, default: int) -> int:
    found = properties.find(qn(name)) if properties is not None else None
    value = str(found.get(qn("w:val")) or "") if found is not None else ""
    return max(1, min(int(value), 64)) if value.isdigit() else default


def _row_html(cells: list[list[Any]], tag: str) -> str:
    out = []
    for html, span, height in cells:
        spans = (f' colspan="{span}"' if span > 1 else "") + (f' rowspan="{height}"' if height > 1 else "")
        out.append(f"<{tag}{_HEADED if tag == 'th' else ''}{spans}>{html}</{tag}>")
    return f"<tr>{''.join(out)}</tr>"
