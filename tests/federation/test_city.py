"""The sample city: 31 schools, two silent, one late, one whose record was changed; its briefing and its return."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from jianbao import signing
from jianbao.project import Project
from jianbao.record import Record
from jianbao.sample.city import ALTERED, CITY, LATE, SILENT, city_schools
from jianbao.verification import verify

from .conftest import run

NOON = "2026-03-02T11:30"


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The city's office when its schools have published, and it has."""
    if not signing.available():
        pytest.skip("没有 ssh-keygen")
    root = tmp_path_factory.mktemp("city") / "office"
    run(root.parent, "init", str(root), "--offices", "--school", CITY, "--office", "专班")
    assert run(root, "sample", "--city").splitlines()[-1] == "2026-03-02"
    run(root, "publish", "--as-of", NOON, "--signed-by", "沈既明")
    return root


@pytest.mark.slow
def test_every_record_of_the_city_but_one_is_as_it_was_sealed(city: Path) -> None:
    schools = Project.open(city).settings.offices
    faulty = [s.name for s in schools if verify(city / s.address / "record")]
    assert len(schools) == 31
    assert faulty == [city_schools()[ALTERED].name]


@pytest.mark.slow
def test_the_city_says_who_is_missing_late_and_rejected(city: Path) -> None:
    told = json.loads(run(city, "check", "--as-of", NOON, "--format", "json"))
    names = [s.name for s in city_schools()]
    by_state = {state: [u["unit"] for u in told["units"] if u["state"] == state] for state in ("missing", "rejected", "unreached")}
    assert by_state == {"missing": [names[i] for i in SILENT], "rejected": [names[ALTERED]], "unreached": []}
    assert [u["unit"] for u in told["units"] if u["late"]] == [names[LATE]]


@pytest.mark.slow
def test_the_city_s_totals_are_those_of_the_schools_it_took_and_say_so(city: Path) -> None:
    facts = Record.open(city / "record").releases[-1].facts
    assert facts is not None
    sums: dict[str, float] = {}
    for place, school in enumerate(Project.open(city).settings.offices):
        last = Record.open(city / school.address / "record").last
        if last and last.facts and place != ALTERED:
            for figure in last.facts.figures:
                sums[figure.name] = sums.get(figure.name, 0) + (figure.value or 0)
    ours = {f.name: (f.value, f.received, f.expected) for f in facts.figures}
    for name, theirs in (("suspected", "suspected"), ("confirmed", "confirmed"), ("abnormal", "abnormal"),
                         ("school_units_received", "units_received"), ("school_units_expected", "units_expected")):  # fmt: skip
        assert ours[name] == (sums[theirs], 28, 31)
    assert ours["confirmed"][0] == 0
    assert sums["suspected"] > 0


@pytest.mark.slow
def test_the_city_s_briefing_states_coverage_and_cut_off_beside_each_total(city: Path) -> None:
    text = (city / "site/briefings/2026/2026-03-02.md").read_text("utf-8")
    names = [s.name for s in city_schools()]
    assert "各校合计疑似" in text
    assert "以上数据截至 3月2日 11:30" in text
    assert "| 确诊 | 0 例 | 28 / 31 |" in text
    assert f"未报：{names[SILENT[0]]}、{names[SILENT[1]]}。" in text
    assert f"报告无效，待重报：{names[ALTERED]}。" in text
    assert f"迟报：{names[LATE]}。" in text


@pytest.mark.slow
def test_the_city_s_record_is_one_that_the_level_above_could_read(city: Path) -> None:
    assert verify(city / "record", city / "build/public/site") == []


@pytest.mark.slow
def test_the_city_s_return_is_filled_from_its_published_figures(city: Path) -> None:
    template = city / "templates/returns/市日报.xlsx"
    template.parent.mkdir(parents=True, exist_ok=True)
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    missing = city_schools()[SILENT[0]].name
    asked = {"A1": "{{ 疑似 }}", "B1": "{{ 实报:疑似 }}", "C1": "{{ 应报:疑似 }}", "D1": "{{ 截至 }}", "E1": f"{{{{ 状态:{missing} }}}}"}
    for cell, said in asked.items():
        page[cell] = said
    book.save(template)
    run(city, "returns", "--date", "2026-03-02", "--as-of", NOON)
    filled = openpyxl.load_workbook(city / "private/out/returns/2026-03-02/市日报.xlsx").worksheets[0]
    assert [filled[c].value for c in ("A1", "B1", "C1", "E1")] == [3, 28, 31, "未报"]
    assert "11:30" in str(filled["D1"].value)
