"""What a public tree is made from, its sections, and what every page of it has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Final, TypeVar

from jianbao.documents import Document, Status
from jianbao.facts import Facts
from jianbao.kinds import WRITTEN
from jianbao.pages import compose
from jianbao.record import ChainLine, Record, Release, facts_by_day
from jianbao.render import render
from jianbao.settings import Settings
from jianbao.site.texts import Texts

T = TypeVar("T")

REGISTER: Final = "documents"
ARCHIVE: Final = "archive"
_ENGLISH: Final = ".en.md"
_WEEKDAYS: Final = ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日")


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the site with its index page. A page belongs to the section its folder is named after."""

    folder: str
    title: str
    lead: str
    template: str = "site/section.md.j2"

    @property
    def index(self) -> str:
        """The path of the section's index page."""
        return f"{self.folder}/index.md"


def sections() -> tuple[Section, ...]:
    """Return the site's sections in the order of its navigation (mkdocs.yml names the same)."""
    return (
        Section("briefings", "工作简报", "每期刊登当日数据、单位报告情况、部门动态和文件印发", "site/briefings.md.j2"),
        Section("notices", "通知通告", "有文号的通知和编号的通告；撤回和被替代的保留原址原文"),
        Section("letters", "公开信", "写给师生和家长的信、倡议"),
        Section("guidance", "防控指南", "怎么填报、怎么观察、怎么就医，以及温馨提示"),
        Section("meetings", "会议", "会议纪要、会议消息和讲话"),
        Section("departments", "部门动态", "各单位报来的工作消息", "site/departments.md.j2"),
        Section("links", "链接汇编", "在别处发布的推文和文章，按日期列出，注明首发"),
        Section(REGISTER, "文件登记", "收到和印发的文件，可按年份、文种和机关查找", "site/register.md.j2"),
        Section("ledgers", "台账", "物资、消毒、值班、隔离观察等各项工作的汇总表；名单不在网上", "site/ledgers.md.j2"),
        Section(ARCHIVE, "全部文件", "按年月、文种和标签查找全部文件和简报", "site/archive.md.j2"),
        Section("data", "数据", "每项数字的口径、覆盖和逐日数值", "site/data.md.j2"),
        Section("record", "官方记录", "每次发布的编号、校验值和核对办法", "site/record.md.j2"),
    )


@dataclass(frozen=True)
class Edition:
    """Everything a public tree is made from.

    `number` is that of the release being made or made again, `moment` its time; `record` holds the releases before
    it. `facts` are those of every released day, this one's included; `printed` are
    the paper forms of the pages that this release issues, by path and ending.
    """

    settings: Settings
    number: int
    moment: datetime
    record: Sequence[Release]
    lines: Sequence[ChainLine]
    documents: Sequence[Document]
    changed: frozenset[str]
    facts: Mapping[date, Facts]
    templates: Path
    printed: Mapping[str, Mapping[str, bytes]] = field(default_factory=dict)
    texts: Texts | None = field(default=None, repr=False, compare=False)
    """What an earlier tree was made of, so that only what is new is laid out."""

    @property
    def latest(self) -> Facts | None:
        """The facts of the newest released day."""
        return self.facts[max(self.facts)] if self.facts else None

    @cached_property
    def chinese(self) -> Sequence[Document]:
        """The documents that lists show: a page's English version is reached from the page itself."""
        return [d for d in self.documents if not (is_english(d) and chinese_path(d.path) in self.by_path)]

    @cached_property
    def by_path(self) -> Mapping[str, Document]:
        """The documents by their paths."""
        return {d.path: d for d in self.documents}

    @cached_property
    def replacing(self) -> Mapping[str, Sequence[Document]]:
        """By path, the documents that a page was put in the place of."""
        return _grouped((d.superseded_by, d) for d in self.documents)

    @cached_property
    def correcting(self) -> Mapping[str, Sequence[Document]]:
        """By path, the corrections of a page."""
        return _grouped((d.corrects, d) for d in self.documents)

    def other_language(self, document: Document) -> Document | None:
        """Return the same document in the other language, where it has one."""
        wanted = chinese_path(document.path) if is_english(document) else f"{document.path.removesuffix('.md')}{_ENGLISH}"
        return self.by_path.get(wanted)

    @cached_property
    def history(self) -> Mapping[date, Sequence[Facts]]:
        """Every released state of each day's facts, oldest first."""
        found: dict[date, list[Facts]] = {}
        for facts in (*(f for r in self.record for f in r.sealed_facts), *self.facts.values()):
            states = found.setdefault(facts.day, [])
            if facts not in states[-1:]:
                states.append(facts)
        return found

    def states(self, path: str) -> list[Release]:
        """Return the earlier releases that issued a page."""
        return self._states.get(path, [])

    @cached_property
    def _states(self) -> Mapping[str, list[Release]]:
        return _grouped((path, r) for r in self.record for path in dict.fromkeys(r.changed))


def _grouped(pairs: Iterable[tuple[str, T]]) -> dict[str, list[T]]:
    """Return what stands under each key, in order."""
    found: dict[str, list[T]] = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return found


def is_english(document: Document) -> bool:
    """Whether a document is written in English: its file is named NAME.en.md."""
    return document.path.endswith(_ENGLISH)


def chinese_path(path: str) -> str:
    """Return where the Chinese text of an English page stands."""
    return f"{path.removesuffix(_ENGLISH)}.md"


def edition_of(
    record: Record, *, settings: Settings, number: int, moment: datetime, documents: Sequence[Document], changed: Iterable[str],
    facts: Iterable[Facts], templates: Path,
) -> Edition:  # fmt: skip
    """Return the edition of release `number`, seeing only the releases before it; `facts` are those that it seals itself."""
    before = record.releases[: number - 1]
    known = {**facts_by_day(before), **{f.day: f for f in facts}}
    return Edition(
        settings=settings, number=number, moment=moment, record=before, lines=record.lines[: number - 1], documents=documents,
        changed=frozenset(changed), facts=dict(sorted(known.items())), templates=templates,
    )  # fmt: skip


def page_of(edition: Edition, template: str, meta: Mapping[str, Any], values: Mapping[str, Any]) -> str:
    """Return a page laid out by a template, with the values that every page of the site has."""
    common = {
        "school": edition.settings.school.name,
        "office": edition.settings.school.office,
        "whole": edition.settings.whole,
        "small": edition.settings.small_count,
        "trail": [{"title": "首页", "path": "../index.md"}],
    }

    def laid_out() -> str:
        return compose(meta, render(edition.templates, template, {**common, **values}))

    return edition.texts.text((template, meta, common, values), laid_out) if edition.texts else laid_out()


def newest_first(documents: Iterable[Document]) -> list[Document]:
    """Return documents by the day they speak of or were issued, the newest first."""
    return sorted(documents, key=lambda d: (d.data_date or d.on, d.on, d.number, d.path), reverse=True)


def listed(document: Document) -> dict[str, Any]:
    """Return a document as lists show it."""
    updated = document.changes and document.status is Status.SIGNED
    text = f"{document.updated.month}月{document.updated.day}日更新" if updated else document.status.label
    kind = {Status.SUPERSEDED: "superseded", Status.WITHDRAWN: "withdrawn"}.get(document.status, "updated" if updated else "")
    return {
        "title": document.title,
        "path": document.path, "kind": document.kind.label, "kind_name": document.kind.value, "number": document.number,
        "issuer": document.issuer or "", "on": document.on, "status_text": text, "status_class": kind, "summary": document.summary,
        "data_date": document.data_date or document.on, "weekday": _WEEKDAYS[(document.data_date or document.on).weekday()],
        "signed_by": document.signed_by, "mark": document.mark, "to": document.to,
    }  # fmt: skip


def numbered(document: Document) -> dict[str, Any]:
    """Return a document as mixed lists show it: a briefing's title alone would be the same every day."""
    shown = listed(document)
    if document.kind in WRITTEN and document.number:
        shown["title"] = f"{document.title}{document.number}"
    return shown
