"""Tables of parts: under a column of whole numbers the total is whole too."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from jianbao.facts import Facts, FigureFact, PartFact, RowFacts, TableFact, UnitFacts
from jianbao.render import render
from jianbao.site.tables import campus_table, grouped, parts_table

UNITS = UnitFacts(0, 0, 0, 0, 0, 0, (), (), (), ())
PARTS = {"masks": (PartFact("东校区", 150, 1, 1), PartFact("西校区", 50, 1, 1))}


def facts(value: float | None) -> Facts:
    figures = (FigureFact("masks", "口罩", value, "只", 2, 2, "定义", "f", 1),)
    return Facts(date(2020, 2, 6), datetime(2020, 2, 6, 12, tzinfo=UTC), figures, UNITS, RowFacts(0, 0, 0, 0, 0))


@pytest.mark.parametrize(("value", "shown"), [(200.0, "200"), (200.5, "200.5"), (200, "200"), (None, "None")])
def test_totals_are_written_as_their_parts(value: float | None, shown: str) -> None:
    assert str(campus_table(facts(value), PARTS, groups=(), whole="全校")["bodies"][0]["rows"][0]["values"][-1]) == shown
    assert str(parts_table(facts(value), PARTS, anchor="a", title="t", level="校区")["totals"][0]) == shown


def named(name: str, group: str) -> FigureFact:
    return FigureFact(name, name, 1, "", 1, 1, "", "f", 1, group=group)


@pytest.mark.parametrize(
    ("groups", "order", "expected"),
    [
        ("乙 甲 乙", ["甲", "乙"], [("甲", "1"), ("乙", "0 2")]),
        ("丙 - 甲 其他", ["甲"], [("甲", "2"), ("丙", "0"), ("其他", "1 3")]),
        ("- -", ["甲"], [("", "0 1")]),
        ("甲 甲", ["乙", "甲"], [("", "0 1")]),
    ],
)
def test_headings_come_in_the_offices_order_and_what_has_none_comes_last(
    groups: str, order: list[str], expected: list[tuple[str, str]]
) -> None:
    figures = [named(str(n), g.strip("-")) for n, g in enumerate(groups.split())]
    assert [(g.title, " ".join(m.name for m in g.members)) for g in grouped(figures, order)] == expected


def test_what_a_ledger_lacks_stands_under_the_numbers() -> None:
    table = TableFact("t", "任务", "f", "任务", ("任务", "单位", "逾期天数"), (("甲", None, 2), ("乙", "教务处", None)))
    ledger: dict[str, Any] = {"title": "任务", "path": "f.md", "tables": [table]}
    values = {
        "ledger": ledger,
        "facts": facts(1),
        "figures": [],
        "trail": [],
        "small": 5,
    }
    html = render(None, "site/ledger.md.j2", values)
    lacking = '<abbr title="没有填">—</abbr></td>'
    assert f'<td>{lacking}<td class="jb-num"' in html
    assert f'<td>教务处</td><td class="jb-num" data-search-exclude>{lacking}' in html
    assert '<th scope="col">单位</th><th scope="col" class="jb-num">逾期天数</th>' in html
