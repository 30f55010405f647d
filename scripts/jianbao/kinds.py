"""The kinds of documents as one table: names, where their pages stand, what each must say, how it is numbered and changed.

The Chinese labels are those of GB/T 33480-2016 (党政机关电子公文元数据规范) wherever it has one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class DocumentKind(StrEnum):
    """What a page is (文种)."""

    BRIEFING = "briefing"
    CHRONICLE = "chronicle"
    NOTICE = "notice"
    ANNOUNCEMENT = "announcement"
    LETTER = "letter"
    APPEAL = "appeal"
    GUIDANCE = "guidance"
    REMINDER = "reminder"
    PLAN = "plan"
    MINUTES = "minutes"
    MEETING = "meeting"
    SPEECH = "speech"
    NEWS = "news"
    LINKS = "links"
    CORRECTION = "correction"
    PAGE = "page"

    @property
    def spec(self) -> KindSpec:
        """The kind's row in the table."""
        return KINDS[self]

    @property
    def label(self) -> str:
        """The kind's name as pages show it."""
        return self.spec.label


WRITTEN: Final = (DocumentKind.BRIEFING, DocumentKind.CHRONICLE)
"""The kinds that the program writes, from figures and ledgers; nobody begins one with `jianbao add`."""


class NoteRule(StrEnum):
    """Which changes of a published page need a change note."""

    EVERY = "every"
    REAL = "real"
    GROWING = "growing"


@dataclass(frozen=True, slots=True)
class KindSpec:
    """One kind of document.

    `folder` is its place below site/, `series` the pattern of its number where the settings name none, `needs` what
    its front matter must hold once it is signed; `number_label` is what pages call its number.
    """

    label: str
    english: str
    folder: str
    number_label: str = "发文字号"
    series: str = ""
    needs: tuple[str, ...] = ()
    notes: NoteRule = NoteRule.REAL


KINDS: Final[Mapping[DocumentKind, KindSpec]] = MappingProxyType({
    DocumentKind.BRIEFING: KindSpec("工作简报", "briefing", "briefings", "期号", needs=("data_date",), notes=NoteRule.EVERY),
    DocumentKind.CHRONICLE: KindSpec("工作纪事", "chronicle", "briefings", "期号", "纪事第{n}期", ("data_date",)),
    DocumentKind.NOTICE: KindSpec("通知", "notice", "notices"),
    DocumentKind.ANNOUNCEMENT: KindSpec("通告", "numbered announcement", "notices", "编号", "第{n}号", ("number",)),
    DocumentKind.LETTER: KindSpec("公开信", "open letter", "letters"),
    DocumentKind.APPEAL: KindSpec("倡议书", "appeal", "letters"),
    DocumentKind.GUIDANCE: KindSpec("防控指南", "guidance", "guidance"),
    DocumentKind.REMINDER: KindSpec("温馨提示", "reminder", "guidance"),
    DocumentKind.PLAN: KindSpec("工作方案", "plan", "notices"),
    DocumentKind.MINUTES: KindSpec("会议纪要", "minutes", "meetings", needs=("held_on",)),
    DocumentKind.MEETING: KindSpec("会议消息", "meeting news", "meetings", needs=("held_on",)),
    DocumentKind.SPEECH: KindSpec("讲话", "speech", "meetings", needs=("held_on",)),
    DocumentKind.NEWS: KindSpec("部门动态", "department news", "departments", needs=("issuer",)),
    DocumentKind.LINKS: KindSpec("链接汇编", "link post", "links", notes=NoteRule.GROWING),
    DocumentKind.CORRECTION: KindSpec("更正", "correction", "notices", needs=("corrects",)),
    DocumentKind.PAGE: KindSpec("页面", "page", ""),
})  # fmt: skip

LABELS: Final[Mapping[str, str]] = MappingProxyType({
    "title": "标题", "kind": "文种", "status": "状态", "date": "成文日期", "audience": "发布层次", "number": "发文字号",
    "issuer": "发文机关", "to": "主送机关", "copy_to": "抄送机关",
    "signed_by": "签发人", "signed_on": "签发日期", "mark": "附注", "summary": "摘要",
    "data_date": "数据日期", "held_on": "会议日期", "corrects": "更正的文件", "reason": "原因", "superseded_by": "替代文件",
    "removed_by": "决定撤下的人", "first_published": "首发",
})  # fmt: skip
"""What front matter keys are called in Chinese; 标题 to 附注 are names of GB/T 33480-2016."""
