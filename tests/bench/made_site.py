"""An office whose public site has 2,000 pages: invented documents of every common kind, staged by the product's own templates."""

from __future__ import annotations

import random
import shutil
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

import xlsxwriter

from jianbao import clock, files, pages, release
from jianbao.documents import DocumentKind
from jianbao.facts import Facts
from jianbao.pipeline.disclose import day_facts
from jianbao.pipeline.draft import Draft
from jianbao.pipeline.gate import PublicPages, public_pages
from jianbao.pipeline.publish import build_edition, put_in_place
from jianbao.pipeline.work import DayWork, work_day
from jianbao.project import Project
from jianbao.record import Record
from jianbao.sample import SAMPLE_DAYS, SMALL, write_sample
from jianbao.site import Edition, edition_of, search_words, stage

PAGES: Final = 2_000
RELEASES: Final = 12
FIRST, SECOND = SAMPLE_DAYS[:2]
"""The newest day on the site, and the day whose briefing is one more."""

_ROOT: Final = Path(__file__).parents[2]
_KINDS: Final = (DocumentKind.NOTICE, DocumentKind.NEWS, DocumentKind.GUIDANCE, DocumentKind.LETTER, DocumentKind.MINUTES)
_ISSUERS: Final = tuple(f"{name}{what}" for name in ("教学", "后勤", "学生", "人事", "科研", "国际") for what in ("一处", "二处"))
_WORDS: Final = (
    "食堂", "错峰", "就餐", "宿舍", "通风", "消毒", "登记", "体温", "口罩", "发放", "核对", "台账", "线上", "教学", "平台", "答疑", "展厅",
    "值守", "门岗", "查验", "物资", "清点", "班车", "路线", "报送", "时间", "负责", "人员", "检查", "整改", "隔离", "观察", "复查", "返校",
    "批次", "安排", "通知", "家长", "咨询", "电话", "转运", "预案", "演练", "图书馆", "预约", "快递", "收发",
)  # fmt: skip


def write_site_office(folder: Path) -> None:
    """Write an office that has issued all pages but the second day's briefing, its site in place."""
    (folder / "inbox").mkdir(parents=True)
    for name in ("jianbao.toml", "mkdocs.yml"):
        shutil.copy(_ROOT / name, folder)
    shutil.copytree(_ROOT / "forms_schema", folder / "forms_schema")
    write_sample(folder / "inbox", SAMPLE_DAYS[:2], size=SMALL)
    project = Project.open(folder)
    work = work_of(project, FIRST)
    write_briefing(project, work)
    made = 0
    while (lacking := PAGES - count_staged(project, work)) > 0:
        for at in range(made, made + lacking):
            _write_document(project, at)
        made += lacking
    issue(project, work)


def work_of(project: Project, day: date) -> DayWork:
    """Return what is known of a day at its noon."""
    return work_day(project, as_of=datetime(day.year, day.month, day.day, 12, tzinfo=clock.now(project.zone).tzinfo), day=day)


def write_briefing(project: Project, work: DayWork) -> None:
    """Write a day's briefing into site/, signed."""
    documents = public_pages(project, work.day).documents
    signed = project.settings.school.signed_by
    Draft(project, Record.open(project.record), day_facts(work), documents, signed, work.day).write()


def issue(project: Project, work: DayWork) -> None:
    """Build, seal and put in place what a day brings, as `publish` does; its documents are not printed."""
    ready = coming(project, work, day_facts(work))
    site = build_edition(project, ready.edition, ready.found, ready.words)
    states = release.page_states(ready.found.documents, ready.found.sources)
    payload = release.payload(release.Sealing(
        number=ready.edition.number, day=work.day, as_of=work.as_of, states=states, changed=sorted(ready.edition.changed),
        sources=ready.found.sources, site=site, facts=day_facts(work), forms=work.forms, settings=project.settings, printed={},
        snapshots=work.snapshots, forms_folder=project.forms, templates=project.templates, documents=ready.found.documents,
        site_settings=files.read_bytes(project.root / release.SITE_SETTINGS), attached=ready.found.attached, words=ready.words, before=None,
    ))  # fmt: skip
    info = release.bag_info(project.settings, number=ready.edition.number, day=work.day, as_of=work.as_of)
    Record.open(project.record).seal(work.day, payload, info)
    put_in_place(project, site)


def _write_document(project: Project, at: int) -> None:
    """Write a signed document whose text depends on its number alone; every twentieth has a workbook beside it."""
    drawn = random.Random(at)
    kind = _KINDS[at % len(_KINDS)]
    day = FIRST - timedelta(days=at % 240)
    title = f"关于{drawn.choice(_WORDS)}{drawn.choice(_WORDS)}的{kind.label}（{at}）"
    meta = {"title": title, "kind": kind.value, "status": "signed", "date": day, "issuer": drawn.choice(_ISSUERS)}
    meta |= {"signed_by": project.settings.school.signed_by, "summary": _sentence(drawn, 8), "tags": drawn.sample(_WORDS[:6], 2)}
    meta |= {"held_on": day} if "held_on" in kind.spec.needs else {}
    parts = [_sentence(drawn, 40), "## 总体安排", _sentence(drawn, 60), "## 分工", _table(drawn), "## 要求"]
    parts += ["\n".join(f"{n}. **{drawn.choice(_ISSUERS)}**：{_sentence(drawn, 20)}" for n in range(1, 5)), f"> {_sentence(drawn, 25)}"]
    path = project.pages / kind.spec.folder / str(day.year) / f"{at:04d}.md"
    if at % 20 == 0:
        parts.append(f"见[附表]({at:04d}.xlsx)。")
        path.parent.mkdir(parents=True, exist_ok=True)
        with xlsxwriter.Workbook(path.with_suffix(".xlsx")) as book:
            book.set_properties({"created": datetime(day.year, day.month, day.day)})
            sheet = book.add_worksheet("附表")
            for row in range(60):
                sheet.write_row(row, 0, [drawn.choice(_ISSUERS), drawn.choice(_WORDS), drawn.randint(0, 99)])
    files.write_text(path, pages.compose(meta, "\n\n".join(parts)), lasting=False)


def _sentence(drawn: random.Random, words: int) -> str:
    said = [drawn.choice(_WORDS) + (f"{drawn.randint(1, 900)}人" if drawn.random() < 0.06 else "") for _word in range(words)]
    return "".join(w + ("，" if n % 7 == 6 else "") for n, w in enumerate(said)).rstrip("，") + "。"


def _table(drawn: random.Random) -> str:
    rows = [f"| {unit} | " + " | ".join(str(drawn.randint(0, 99)) for _cell in range(6)) + " |" for unit in _ISSUERS[:8]]
    return "\n".join(("| 单位 | 应报 | 已报 | 在校 | 返校 | 观察 | 解除 |", "|---|---:|---:|---:|---:|---:|---:|", *rows))


@dataclass(frozen=True, slots=True)
class Coming:
    """An edition about to be built, and what it is built from."""

    project: Project
    edition: Edition
    found: PublicPages
    words: str


def coming(project: Project, work: DayWork, facts: Facts) -> Coming:
    """Return the edition that `publish` would build now for a day whose briefing is written."""
    record = Record.open(project.record)
    found = public_pages(project, work.day)
    states = release.page_states(found.documents, found.sources)
    edition = edition_of(
        record, settings=project.settings, number=record.next_number, moment=work.as_of, documents=found.documents,
        changed=release.changed_pages(record, states), facts=(facts,), templates=project.templates,
    )  # fmt: skip
    return Coming(project, edition, found, search_words(work.registers.units.units))


def count_staged(project: Project, work: DayWork) -> int:
    """Return how many pages the site would have now."""
    ready = coming(project, work, day_facts(work))
    return sum(name.endswith(".md") for name in stage(ready.edition, ready.found.attached))
