"""The start page, and the page of forms to print: what is new, what the figures are, what I must do, whom I call."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from jianbao.briefing import chosen_figures
from jianbao.documents import DocumentKind
from jianbao.facts import Facts
from jianbao.settings import Contact, FillIn, Settings
from jianbao.site.edition import Edition, newest_first, numbered, page_of, sections
from jianbao.site.trends import home_trend, todays_cells

_LATEST = 6
_DUTY = "duty_week"
"""The table of the duty roster's form (`forms_schema/duty.yaml`)."""

FORMS = "forms.md"


def home(edition: Edition) -> str:
    """Return the start page."""
    settings, facts = edition.settings, edition.latest
    latest = newest_first(edition.chinese)
    briefing = next((d for d in latest if d.kind is DocumentKind.BRIEFING), None)
    values = {
        "facts": facts,
        "number": edition.number,
        "moment": edition.moment,
        "figures": [todays_cells(edition, facts, f) for f in chosen_figures(facts, settings)] if facts else [],
        "states": _states(facts) if facts else [],
        "briefing": {"title": f"{briefing.title}{briefing.number}", "path": briefing.path} if briefing else None,
        "fill_in": _fill_in(settings),
        "contacts": [_contact(c) for c in settings.contacts],
        "duty": _duty(facts) if facts else [],
        "latest": [numbered(d) for d in latest if d.kind is not DocumentKind.PAGE][:_LATEST],
        "trend": home_trend(edition),
        "sections": [{"title": s.title, "path": s.index, "lead": s.lead} for s in sections()] + _loose_pages(edition),
    }
    description = f"{settings.school.name}每日数据、单位报告进度、填报入口、联系方式和最新文件。"
    return page_of(edition, "site/home.md.j2", {"title": "首页", "description": description, "hide": ["toc"]}, values)


def forms_page(edition: Edition) -> Iterator[tuple[str, str]]:
    """Yield the page of forms with their codes, to be printed and put up; nothing where no form has an address."""
    forms = [f for f in _fill_in(edition.settings) if f["link"]]
    if forms:
        meta = {
            "title": "填报入口",
            "description": f"{edition.settings.school.name}各项填报表的网址和二维码，可打印张贴。",
            "hide": ["toc"],
        }
        trail = [{"title": "首页", "path": "index.md"}]
        yield FORMS, page_of(edition, "site/forms.md.j2", meta, {"forms": forms, "trail": trail})


def codes(settings: Settings) -> dict[str, bytes]:
    """Return the QR code of each form's address as a drawing: path → SVG. Black on white on any screen, for a camera to read."""
    import segno

    found = {}
    for form in settings.fill_in:
        if form.link:
            out = io.BytesIO()
            segno.make_qr(form.link, error="m").save(out, kind="svg", border=4, dark="#000", light="#fff", omitsize=True, svgns=True)
            found[_code_path(settings, form)] = out.getvalue()
    return found


def _code_path(settings: Settings, form: FillIn) -> str:
    return f"assets/codes/{settings.fill_in.index(form) + 1}.svg"


def _fill_in(settings: Settings) -> list[dict[str, str]]:
    return [
        {"title": f.title, "who": f.who, "due": f.due, "link": f.link, "code": _code_path(settings, f) if f.link else ""}
        for f in settings.fill_in
    ]


def _contact(contact: Contact) -> dict[str, str]:
    return {
        "role": contact.role, "number": contact.number, "place": contact.place, "hours": contact.hours, "open": contact.open,
        "dial": "".join(x for x in contact.number if x.isdigit() or x == "+"),
    }  # fmt: skip


def _duty(facts: Facts) -> list[dict[str, str]]:
    """Return the day's shifts as the duty roster's public table has them; nothing where the office keeps none."""
    table = next((t for t in facts.tables if t.name == _DUTY), None)
    if table is None:
        return []
    rows = (dict(zip(table.head, map(str, row), strict=True)) for row in table.rows)
    today = f"{facts.day.month}月{facts.day.day}日"
    return [
        {"roster": r["值班类别"], "shift": r["班次"], "unit": "空缺" if r["是否空缺"] == "是" else r["单位"]}
        for r in rows
        if {"日期", "值班类别", "班次", "单位", "是否空缺"} <= r.keys() and r["日期"] == today
    ]


def _states(facts: Facts) -> list[dict[str, Any]]:
    units = facts.units
    unreached = {"name": "unreached", "title": "未读到", "count": len(units.unreached_units), "meaning": "表格没有读到，不算漏报"}
    return [
        {"name": "zero", "title": "零报告", "count": units.zero, "meaning": "报告当日没有情况"},
        {"name": "cases", "title": "有情况", "count": units.cases, "meaning": "有事项需要跟进"},
        {"name": "missing", "title": "未报", "count": units.missing, "meaning": "没有收到，不按零计"},
        {"name": "rejected", "title": "报告无效", "count": units.rejected, "meaning": "填写有误，待重报"},
        *([unreached] if units.unreached_units else []),
    ]


def _loose_pages(edition: Edition) -> list[dict[str, str]]:
    """Return the pages that stand in no section, for the start page."""
    folders = {s.folder for s in sections()}
    loose = [d for d in edition.chinese if d.path.split("/")[0] not in folders]
    return [{"title": d.title, "path": d.path, "lead": d.summary} for d in loose]
