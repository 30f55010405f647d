"""Official documents: what kinds there are, what each must say of itself, and in which state it is.

The names of the metadata follow GB/T 33480-2016 (党政机关电子公文元数据规范); see docs/documents.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

from jianbao.forms.load import did_you_mean
from jianbao.messages import _, listed
from jianbao.pages import Page


class DocumentKind(StrEnum):
    """What a page is (文种)."""

    BRIEFING = "briefing"
    NOTICE = "notice"
    ANNOUNCEMENT = "announcement"
    LETTER = "letter"
    APPEAL = "appeal"
    GUIDANCE = "guidance"
    REMINDER = "reminder"
    PAGE = "page"

    @property
    def label(self) -> str:
        """The kind's name as pages show it."""
        return {
            DocumentKind.BRIEFING: "工作简报",
            DocumentKind.NOTICE: "通知",
            DocumentKind.ANNOUNCEMENT: "通告",
            DocumentKind.LETTER: "公开信",
            DocumentKind.APPEAL: "倡议书",
            DocumentKind.GUIDANCE: "防控指南",
            DocumentKind.REMINDER: "温馨提示",
            DocumentKind.PAGE: "页面",
        }[self]


class Status(StrEnum):
    """Where a document stands in its life."""

    DRAFT = "draft"
    SIGNED = "signed"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"

    @property
    def released(self) -> bool:
        """Whether readers see the document: a withdrawn one stays, with a banner."""
        return self is not Status.DRAFT

    @property
    def label(self) -> str:
        """The state's name as pages show it."""
        return {
            Status.DRAFT: "草稿",
            Status.SIGNED: "现行有效",
            Status.SUPERSEDED: "已被替代",
            Status.WITHDRAWN: "已撤回",
        }[self]


class Audience(StrEnum):
    """Who may read a page."""

    PUBLIC = "public"
    INTERNAL = "internal"


@dataclass(frozen=True, slots=True)
class ChangeNote:
    """What was changed in a published document, and when."""

    on: date
    note: str


@dataclass(frozen=True, slots=True)
class Document:
    """A page's front matter as values, with its text."""

    path: str
    title: str
    kind: DocumentKind
    status: Status
    on: date
    body: str
    audience: Audience = Audience.PUBLIC
    number: str = ""
    issuer: str = ""
    to: str = ""
    signed_by: str = ""
    signed_on: date | None = None
    summary: str = ""
    data_date: date | None = None
    mark: str = ""
    reason: str = ""
    superseded_by: str = ""
    changes: tuple[ChangeNote, ...] = ()
    tags: tuple[str, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def updated(self) -> date:
        """The day of the last change, else the day of issue."""
        return max((c.on for c in self.changes), default=self.on)

    @property
    def public(self) -> bool:
        """Whether the page belongs on the public site."""
        return self.audience is Audience.PUBLIC and self.status.released


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in a page's front matter: where, and in a sentence what."""

    path: str
    line: int
    text: str


_KEYS: Final = (
    "title", "kind", "status", "date", "audience", "number", "issuer", "to", "signed_by", "signed_on", "summary", "data_date",
    "mark", "reason", "superseded_by", "changes", "tags", "generated", "data", "description",
)  # fmt: skip
_REQUIRED: Final = ("title", "kind", "status", "date")
_TEXTS: Final = ("title", "number", "issuer", "to", "signed_by", "summary", "mark", "reason", "superseded_by")


def read_document(page: Page) -> Document | list[Fault]:
    """Return the document that a page is, or everything that is wrong with its front matter."""
    faults = list(_faults(page))
    if faults:
        return faults
    meta = page.meta
    texts = {key: str(meta.get(key) or "") for key in _TEXTS}
    return Document(
        path=page.path,
        kind=DocumentKind(meta["kind"]),
        status=Status(meta["status"]),
        on=_day(meta["date"]) or date.min,
        body=page.body,
        audience=Audience(meta.get("audience", "public")),
        signed_on=_day(meta.get("signed_on")),
        data_date=_day(meta.get("data_date")),
        changes=tuple(ChangeNote(_day(c["date"]) or date.min, str(c["note"])) for c in meta.get("changes") or ()),
        tags=tuple(map(str, meta.get("tags") or ())),
        extra={k: meta[k] for k in ("generated", "data") if k in meta},
        **texts,
    )


def _faults(page: Page) -> Iterator[Fault]:
    meta = page.meta

    def fault(key: str, text: str) -> Fault:
        return Fault(page.path, page.lines.get(key, 1), text)

    for key in meta:
        if key not in _KEYS:
            yield fault(str(key), _("不认识的键 {key}").format(key=key) + did_you_mean(str(key), _KEYS))
    for key in _REQUIRED:
        if not meta.get(key):
            yield fault(key, _("缺少 {key}").format(key=key))
    for key, known in (("kind", DocumentKind), ("status", Status), ("audience", Audience)):
        blank_reader = key == "audience" and key in meta  # for whom a page is must not be guessed
        if (meta.get(key) or blank_reader) and str(meta[key]) not in list(known):
            text = _("{key} 写的是 {found}，可用的有：{known}").format(key=key, found=meta[key], known=listed(known))
            yield fault(key, text + did_you_mean(str(meta[key]), known))
    for key in ("date", "signed_on", "data_date"):
        if meta.get(key) and _day(meta[key]) is None:
            yield fault(key, _("{key} 写的是 {found}，应为 2020-02-06 这样的日期").format(key=key, found=meta[key]))
    yield from _state_faults(page, fault)


def _state_faults(page: Page, fault: Any) -> Iterator[Fault]:
    meta, status = page.meta, str(page.meta.get("status", ""))
    if status == Status.WITHDRAWN and not meta.get("reason"):
        yield fault("status", _("撤回的文件要写明 reason（原因）"))
    if status == Status.SUPERSEDED and not meta.get("superseded_by"):
        yield fault("status", _("被替代的文件要写明 superseded_by（替代它的页面）"))
    changes = meta.get("changes") or []
    if not isinstance(changes, list) or not all(isinstance(c, dict) and _day(c.get("date")) and c.get("note") for c in changes):
        yield fault("changes", _("changes 的每一条要有 date 和 note"))
    if not isinstance(meta.get("tags") or [], list):
        yield fault("tags", _("tags 要写成列表，如 [通知, 返校]"))


def _day(value: Any) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value)) if value else None
    except ValueError:
        return None
