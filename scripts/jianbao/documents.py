"""Official documents: what a page says of itself, and in which state it is. What kinds there are stands in `jianbao.kinds`.

The names of the metadata follow GB/T 33480-2016 (党政机关电子公文元数据规范); see docs/documents.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

from jianbao.kinds import LABELS
from jianbao.kinds import DocumentKind as DocumentKind  # noqa: PLC0414  # the rooms know it from here
from jianbao.messages import _, did_you_mean, listed
from jianbao.pages import Page


class Status(StrEnum):
    """Where a document stands in its life."""

    DRAFT = "draft"
    SIGNED = "signed"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"
    REMOVED = "removed"

    @property
    def released(self) -> bool:
        """Whether readers see the document: a withdrawn one stays, with a banner; of a removed one a stone."""
        return self is not Status.DRAFT

    @property
    def label(self) -> str:
        """The state's name as pages show it."""
        return {
            Status.DRAFT: "草稿",
            Status.SIGNED: "现行有效",
            Status.SUPERSEDED: "已被替代",
            Status.WITHDRAWN: "已撤回",
            Status.REMOVED: "已撤下",
        }[self]


class Audience(StrEnum):
    """Who may read a page; of an `excerpt` the public reads what is not marked internal (`jianbao.excerpts`)."""

    PUBLIC = "public"
    INTERNAL = "internal"
    EXCERPT = "excerpt"


@dataclass(frozen=True, slots=True)
class ChangeNote:
    """What was changed in a published document, and when."""

    on: date
    note: str


@dataclass(frozen=True, slots=True)
class FirstPublished:
    """Where and when a document stood before it stood here."""

    url: str
    name: str = ""
    on: date | None = None


@dataclass(frozen=True, slots=True)
class CorrectedFigure:
    """A figure that a correction is about: what was published, and what it is."""

    name: str
    was: int | float | None
    now: int | float | None


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
    copy_to: str = ""
    signed_by: str = ""
    signed_on: date | None = None
    summary: str = ""
    data_date: date | None = None
    mark: str = ""
    reason: str = ""
    superseded_by: str = ""
    corrects: str = ""
    removed_by: str = ""
    held_on: date | None = None
    first_published: FirstPublished | None = None
    changes: tuple[ChangeNote, ...] = ()
    tags: tuple[str, ...] = ()
    figures: tuple[CorrectedFigure, ...] = ()
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
    "title", "kind", "status", "date", "audience", "number", "issuer", "to", "copy_to", "signed_by", "signed_on", "summary", "data_date",
    "held_on", "mark", "reason", "superseded_by", "corrects", "removed_by", "changes", "first_published", "urlname", "tags", "categories",
    "generated", "data", "description", "figures",
)  # fmt: skip
_REQUIRED: Final = ("title", "kind", "status", "date")
TEXTS: Final = (
    "title",
    "number",
    "issuer",
    "to",
    "copy_to",
    "signed_by",
    "summary",
    "mark",
    "reason",
    "superseded_by",
    "corrects",
    "removed_by",
)
_DAYS: Final = ("date", "signed_on", "data_date", "held_on")


def read_document(page: Page) -> Document | list[Fault]:
    """Return the document that a page is, or everything that is wrong with its front matter."""
    faults = list(_faults(page))
    if faults:
        return faults
    meta = page.meta
    texts = {key: str(meta.get(key) or "") for key in TEXTS}
    return Document(
        path=page.path,
        kind=DocumentKind(meta["kind"]),
        status=Status(meta["status"]),
        on=_day(meta["date"]) or date.min,
        body=page.body,
        audience=Audience(meta.get("audience", "public")),
        signed_on=_day(meta.get("signed_on")),
        data_date=_day(meta.get("data_date")),
        held_on=_day(meta.get("held_on")),
        first_published=_first_published(meta.get("first_published")),
        changes=tuple(ChangeNote(_day(c["date"]) or date.min, str(c["note"])) for c in meta.get("changes") or ()),
        tags=tuple(map(str, meta.get("tags") or ())),
        figures=tuple(CorrectedFigure(**f) for f in meta.get("figures") or ()),
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
            yield fault(key, _("缺少 {key}（{label}）").format(key=key, label=LABELS[key]))
    for key, known in (("kind", DocumentKind), ("status", Status), ("audience", Audience)):
        blank_reader = key == "audience" and key in meta  # for whom a page is must not be guessed
        if (meta.get(key) or blank_reader) and str(meta[key]) not in list(known):
            text = _("{key} 写的是 {found}，可用的有：{known}").format(key=key, found=meta[key], known=listed(known))
            yield fault(key, text + did_you_mean(str(meta[key]), known))
    for key in _DAYS:
        if meta.get(key) and _day(meta[key]) is None:
            yield fault(key, _("{key} 写的是 {found}，应为 2020-02-06 这样的日期").format(key=key, found=meta[key]))
    yield from _state_faults(page, fault)


def _state_faults(page: Page, fault: Any) -> Iterator[Fault]:
    meta, status = page.meta, str(page.meta.get("status", ""))
    if status == Status.WITHDRAWN and not meta.get("reason"):
        yield fault("status", _("撤回的文件要写明 reason（原因）"))
    if status == Status.SUPERSEDED and not meta.get("superseded_by"):
        yield fault("status", _("被替代的文件要写明 superseded_by（替代它的页面）"))
    if status == Status.REMOVED and not (meta.get("reason") and meta.get("removed_by")):
        yield fault("status", _("撤下的页面要写明 reason（原因）和 removed_by（谁决定）"))
    if status == Status.SIGNED and str(meta.get("kind")) in list(DocumentKind):
        kind = DocumentKind(meta["kind"])
        for key in kind.spec.needs:
            if not meta.get(key):
                yield fault("kind", _("签发的{kind}要写明 {key}（{label}）").format(kind=kind.label, key=key, label=LABELS[key]))
    yield from _first_published_faults(meta.get("first_published"), fault)
    changes = meta.get("changes") or []
    if not isinstance(changes, list) or not all(isinstance(c, dict) and _day(c.get("date")) and c.get("note") for c in changes):
        yield fault("changes", _("changes 的每一条要有 date 和 note"))
    if not _is_figures(meta.get("figures") or []):
        yield fault("figures", _("figures 的每一条要有 name、was 和 now"))
    if not isinstance(meta.get("tags") or [], list):
        yield fault("tags", _("tags 要写成列表，如 [通知, 返校]"))


def _is_figures(value: Any) -> bool:
    """Whether a correction's figures are a list of name, was and now: numbers, or nothing where nothing was stated."""
    entries = value if isinstance(value, list) else [None]
    return all(
        isinstance(e, dict) and e.keys() == {"name", "was", "now"} and isinstance(e["name"], str)
        and all(e[k] is None or (isinstance(e[k], int | float) and not isinstance(e[k], bool)) for k in ("was", "now"))
        for e in entries
    )  # fmt: skip


def _first_published_faults(value: Any, fault: Any) -> Iterator[Fault]:
    if value is None:
        return
    if not isinstance(value, dict) or set(value) - {"url", "name", "date"} or not re.match(r"https?://\S+$", str(value.get("url"))):
        yield fault("first_published", _("first_published 要写 url（http 或 https 开头），可另写 name 和 date"))
    elif value.get("date") and _day(value["date"]) is None:
        text = _("{key} 写的是 {found}，应为 2020-02-06 这样的日期").format(key="first_published.date", found=value["date"])
        yield fault("first_published", text)


def _first_published(value: Any) -> FirstPublished | None:
    return FirstPublished(str(value["url"]), str(value.get("name") or ""), _day(value.get("date"))) if value else None


def _day(value: Any) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value)) if value else None
    except ValueError:
        return None
