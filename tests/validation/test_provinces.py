"""Real reports: 519 bulletins of 19 days, with a form of their own. A missing report is never a zero."""

from __future__ import annotations

import csv
import json
import re
import shutil
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any, Final

import pytest
from click.testing import CliRunner

from jianbao.cli.commands import jianbao
from jianbao.forms.load import load_forms
from jianbao.ledger import Ledger
from jianbao.project import Project

pytestmark = pytest.mark.shared

HERE: Final = Path(__file__).parents[1] / "fixtures" / "provinces"
REAL: Final = Path(__file__).parents[3] / "shared" / "real"
COUNTS: Final = {"confirmed": "确诊", "suspected": "疑似", "cured": "治愈", "died": "死亡"}
NATION: Final = "全国"
Json = dict[str, Any]


def table(name: str) -> list[dict[str, str]]:
    with (REAL / name).open(encoding="utf-8-sig", newline="") as source:
        return list(csv.DictReader(source))


def stated(text: str) -> int | None:
    """Return the number that a bulletin's cell begins with, read here without the program's help."""
    found = re.match(r"\d+", text)
    return int(found[0]) if found else None


def run(*arguments: str) -> str:
    result = CliRunner().invoke(jianbao, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office of the provinces: its own unit report in the place of the school's."""
    if not REAL.is_dir():
        pytest.skip(f"{REAL} is not there: the real bulletins lie beside a checkout, not in it")
    folder = tmp_path_factory.mktemp("nation") / "office"
    run("init", str(folder))
    (folder / "forms_schema" / "unit_daily.yaml").unlink()
    shutil.copy(HERE / "provincial_bulletin.yaml", folder / "forms_schema")
    for place, source in (("花名册", HERE / "单位名单.csv"), ("各省通报", REAL / "provincial_bulletins.csv")):
        (folder / "inbox" / place).mkdir()
        shutil.copy(source, folder / "inbox" / place)
    return folder


@pytest.fixture(scope="module")
def days(office: Path) -> dict[str, Json]:
    """What `check` says of each of the 19 days."""
    return {
        row["日期"]: json.loads(
            run("--project", str(office), "check", "--date", row["日期"], "--as-of", "2020-02-07T12:00", "--format", "json")
        )
        for row in table("expected_missing.csv")
    }


def bulletins(said: Json) -> Json:
    (entry,) = [e for e in said["files"] if e["form"] == "provincial_bulletin"]
    found: Json = entry
    return found


def test_all_519_rows_are_accepted(days: dict[str, Json]) -> None:
    rows = Counter(r["日期"] for r in table("provincial_bulletins.csv"))
    assert {day: bulletins(said)["accepted"] for day, said in days.items()} == rows
    assert rows.total() == 519
    assert sum(bulletins(said)["rejected"] + bulletins(said)["superseded"] + bulletins(said)["passed_over"] for said in days.values()) == 0


def test_four_notes_in_cells_and_no_error(days: dict[str, Json]) -> None:
    found = [(f["severity"], f["code"], f["cell"], f["found"]) for said in days.values() for f in said["findings"]]
    assert sorted(found, key=str) == sorted([
        ("warning", "note-in-cell", "E4", "25例 # 其他来源"), ("warning", "note-in-cell", "F4", "6例 # 其他来源"),
        ("warning", "note-in-cell", "E7", "25例 # 其他来源"), ("warning", "note-in-cell", "E23", "25例 # 其他来源"),
    ])  # fmt: skip


def test_who_had_not_reported_each_day(days: dict[str, Json]) -> None:
    expected = {r["日期"]: set(filter(None, r["漏报"].split("、"))) for r in table("expected_missing.csv")}
    assert {day: {u["unit"] for u in said["units"] if u["state"] == "missing"} for day, said in days.items()} == expected


def test_expected_and_received_each_day(days: dict[str, Json]) -> None:
    found = {day: tuple(said["figures"][n]["value"] for n in ("units_expected", "units_received")) for day, said in days.items()}
    assert found == {r["日期"]: (int(r["应报"]), int(r["实报"])) for r in table("expected_missing.csv")}


def test_every_other_unit_has_cases(days: dict[str, Json]) -> None:
    """No bulletin of these states nothing at all, and none states zeros only."""
    reported = defaultdict(set)
    for row in table("provincial_bulletins.csv"):
        reported[row["日期"]].add((row["省"], "cases" if any(stated(row[t]) for t in COUNTS.values()) else "zero"))
    for day, said in days.items():
        assert {(u["unit"], u["state"]) for u in said["units"] if u["state"] != "missing"} == reported[day]


def test_a_missing_report_between_two_full_days(days: dict[str, Json]) -> None:
    states = {
        day: next(u["state"] for u in days[day]["units"] if u["unit"] == "天津市") for day in ("2020-02-04", "2020-02-05", "2020-02-06")
    }
    assert states == {"2020-02-04": "cases", "2020-02-05": "missing", "2020-02-06": "cases"}


@pytest.mark.parametrize("name", COUNTS)
def test_the_nation_is_not_added_to_its_provinces(days: dict[str, Json], name: str) -> None:
    sums: dict[str, int | None] = dict.fromkeys(days)
    for row in table("provincial_bulletins.csv"):
        count = stated(row[COUNTS[name]])
        if count is not None and row["省"] != NATION:
            sums[row["日期"]] = (sums[row["日期"]] or 0) + count
    assert {day: said["figures"][name]["value"] for day, said in days.items()} == sums


def test_a_blank_is_never_a_zero(office: Path, days: dict[str, Json]) -> None:
    """Each count of each accepted row is the bulletin's, and nothing where it states nothing."""
    project = Project.open(office)
    form = load_forms(project.forms, project.settings.names)["provincial_bulletin"]
    ledger = Ledger(project.private / "ledger")
    tables: list[Any] = [ledger.read(form, day) for day in ledger.days(form)]
    kept = [row for rows in tables for row in rows.to_pylist()]
    found = {(str(r["date"]), r["unit"]): [r[n] for n in COUNTS] for r in kept}
    assert found == {(r["日期"], r["省"]): [stated(r[t]) for t in COUNTS.values()] for r in table("provincial_bulletins.csv")}
    assert sum(v is None for values in found.values() for v in values) > 100
