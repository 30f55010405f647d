"""Each step of a document's life: a page before, the page after. Nothing is read or written here.

A step that is not open to a page raises Refused with the reason; `publish` is no step of a page, for it takes all.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from jianbao.documents import Audience, Document, Fault, Status, read_document
from jianbao.errors import Blocked, Refused, UsageError
from jianbao.excerpts import excerpt
from jianbao.life.numbers import Numbered, next_number, placed, series_of, written
from jianbao.messages import _
from jianbao.pages import Page
from jianbao.settings import Series

UNFILLED: Final = re.compile(r"（请填写[^）\n]*）")
"""What a template leaves to be filled in; a page that still holds one is not signed."""

_STONE_KEYS: Final = ("kind", "date", "audience", "number", "issuer", "signed_by", "signed_on", "data_date", "held_on")
_ORDER: Final = ("title", "kind", "status", "audience", "date", "number", "issuer", "to", "signed_by", "signed_on")


def known(page: Page) -> Document:
    """Return the document that a page is. Raises Blocked with all that is wrong with its front matter."""
    found = read_document(page)
    if isinstance(found, Document):
        return found
    raise Blocked(told(found), _("改正后再运行；写法见 docs/documents.md。"))


def told(faults: Sequence[Fault]) -> str:
    """Return faults as a person reads them."""
    lines = (_("  site/{path} 第 {line} 行：{text}").format(path=f.path, line=f.line, text=f.text) for f in faults)
    return _("页面的说明区有错：\n{faults}").format(faults="\n".join(lines))


def _after(page: Page, changes: Mapping[str, Any], body: str | None = None) -> Page:
    meta = {k: v for k, v in (dict(page.meta) | dict(changes)).items() if v is not None}
    head = {k: meta[k] for k in _ORDER if k in meta}
    after = Page(page.path, head | meta, page.body if body is None else body, page.lines)
    known(after)
    return after


def _noted(page: Page, on: date, note: str) -> list[Any]:
    return [*(page.meta.get("changes") or []), {"date": on, "note": note}]


def sign(page: Page, *, by: str, on: date, declared: Sequence[Series], taken: Sequence[Numbered]) -> Page:
    """Return a draft signed, with the next number of its series and the day of signing as its date.

    `taken` are the numbers given so far. Raises Refused where it is no draft, is not filled in, or its day would run
    before that of the number before.
    """
    document = known(page)
    if document.status is not Status.DRAFT:
        raise Refused(_("site/{path} 不是草稿（现在是“{status}”）").format(path=page.path, status=document.status.label))
    if not by.strip():
        raise UsageError(_("没有写签发人"), _("用 --by 姓名。"))
    if found := UNFILLED.search(page.text):
        raise Refused(_("site/{path} 里还有没填的地方：{found}").format(path=page.path, found=found[0]), _("填好以后再签发。"))
    changes: dict[str, Any] = {"status": Status.SIGNED.value, "signed_by": by.strip(), "signed_on": on}
    if series := series_of(document.kind, document.audience, declared):
        changes |= {"number": _allotted(document, series, on, taken), "date": on}
    return _after(page, changes)


def _allotted(document: Document, series: Series, on: date, taken: Sequence[Numbered]) -> str:
    own = [one for one in taken if one.path != document.path]
    n, last = next_number(series, on, own)
    number = written(series, on.year, n)
    if last and last.on > on:
        text = _("签发日期 {day} 早于 {number}（{last_day}），编号会与日期倒置").format(day=on, number=last.number, last_day=last.on)
        raise Refused(text, _("请核对日期，或改用不早于它的一天。"))
    if document.number and placed(series, document.number) != placed(series, number):
        text = _("site/{path} 自己写了 number: {found}，而下一个号是 {number}")
        raise Refused(text.format(path=document.path, found=document.number, number=number), _("删去 number 一行，签发时自动编号。"))
    return number


def correct(page: Page, *, was: str, now: str, on: date, reason: str = "") -> Page:
    """Return a signed page with one passage put right, and a change note that says what was and what is.

    Raises Refused where the passage does not stand in the text exactly once.
    """
    _open_to(page, Status.SIGNED)
    count = page.body.count(was) if was else 0
    if count != 1:
        text = _("“{was}”在 site/{path} 的正文里出现 {count} 次，应正好 1 次").format(was=was, path=page.path, count=count)
        raise Refused(text, _("把 --was 写长一些，直到只有一处。"))
    note = f"原为“{was}”，更正为“{now}”" if now else f"删去“{was}”"
    text = f"{note}。{reason}".rstrip("。") if reason else note
    if page.meta.get("audience") == Audience.EXCERPT and was not in excerpt(page.body):
        text = f"[[内部:{text}]]"  # what the public never read, no note may tell it
    return _after(page, {"changes": _noted(page, on, text)}, page.body.replace(was, now))


def withdraw(page: Page, *, reason: str, on: date) -> Page:
    """Return a page withdrawn: it keeps address, number and text, under a banner with the reason."""
    _open_to(page, Status.SIGNED, Status.SUPERSEDED)
    _reasoned(reason)
    return _after(page, {"status": Status.WITHDRAWN.value, "reason": reason, "changes": _noted(page, on, "撤回")})


def supersede(page: Page, *, successor: Document, on: date, reason: str = "") -> Page:
    """Return a page superseded by another that is in force."""
    _open_to(page, Status.SIGNED)
    if successor.path == page.path or successor.status is not Status.SIGNED:
        text = _("site/{path} 不能替代它：须是另一个已签发、现行有效的页面").format(path=successor.path)
        raise Refused(text, _("先签发新的一份，再指明由它替代。"))
    if Audience(page.meta.get("audience", "public")) is Audience.PUBLIC and successor.audience is Audience.INTERNAL:
        raise Refused(_("公开的文件不能由内部文件替代：site/{path}").format(path=successor.path))
    note = f"由《{successor.title}》替代"
    changes = {"status": Status.SUPERSEDED.value, "superseded_by": successor.path, "changes": _noted(page, on, note)}
    return _after(page, changes | ({"reason": reason} if reason else {}))


def remove(page: Page, *, reason: str, by: str, on: date) -> Page:
    """Return the stone of a page: its address and particulars, and nothing of what it said."""
    document = known(page)
    if document.status in (Status.DRAFT, Status.REMOVED):
        raise Refused(_("site/{path} 现在是“{status}”，没有可撤下的内容").format(path=page.path, status=document.status.label))
    _reasoned(reason)
    if not by.strip():
        raise UsageError(_("没有写由谁决定撤下"), _("用 --by 姓名。"))
    kept = {key: page.meta[key] for key in _STONE_KEYS if key in page.meta}
    stone = {"title": "本页已撤下", **kept, "status": Status.REMOVED.value, "reason": reason, "removed_by": by.strip()}
    stone["changes"] = [{"date": on, "note": "因保护个人信息撤下"}]  # earlier notes may say what must not be said
    after = Page(page.path, {k: stone[k] for k in _ORDER if k in stone} | stone, "", {})
    known(after)
    return after


def _open_to(page: Page, *states: Status) -> None:
    document = known(page)
    if document.status not in states:
        advice = _("草稿可以直接改或删。") if document.status is Status.DRAFT else ""
        raise Refused(_("site/{path} 现在是“{status}”，不能这样办").format(path=page.path, status=document.status.label), advice)


def _reasoned(reason: str) -> None:
    if not reason.strip():
        raise UsageError(_("没有写原因"), _("用 --reason 说明原因，它会登在页面上。"))
