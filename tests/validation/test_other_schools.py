"""Four schools' folders that another author made, and the published example: the command line on each, as an office would."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import openpyxl
import pytest
from click.testing import CliRunner

from jianbao.cli.commands import jianbao

SCHOOLS: Final = Path(__file__).parents[1] / "fixtures" / "schools"
SHARED: Final = Path(__file__).parents[3] / "shared" / "intake"
LEFT_BEHIND: Final = {".DS_Store", "Thumbs.db", "desktop.ini"}
ASIDE: Final = {"expected.json", "README.md"}
Json = dict[str, Any]

FOLDERS: Final = [
    *(pytest.param(SCHOOLS / letter, id=letter) for letter in "abcd"),
    pytest.param(SHARED, id="shared", marks=pytest.mark.shared),
]
FIRST, MORE = "2.教职工日报/经济贸易系（第一批）.xlsx", "2.教职工日报/经济贸易系（补报）.xlsx"
LIBRARY, SHARED_ODS = "健康日报（教职工）/图书馆/图书馆.xlsx", "健康日报（教职工）/马院体育图书馆.ods"
TWINS: Final = {
    (FIRST, "A7"): (FIRST, "A11"), (FIRST, "A3"): (MORE, "A6"), (FIRST, "A4"): (MORE, "A7"),
    ("1月5日/护理分院教职工健康日报2021-01-05.xlsx", "A8"): ("1月5日/护理分院教职工健康日报2021-01-05.xlsx", "A16"),
    ("学工部/教职工日报.xlsx", "A6"): ("学工部/教职工日报.xlsx", "A9"),
    (SHARED_ODS, "B10"): (LIBRARY, "B7"), (SHARED_ODS, "B12"): (LIBRARY, "B8"),
    ("学生健康日报/电气与自动化学院.xlsx", "D26"): ("学生健康日报/电气与自动化学院.xlsx", "D32"),
}  # fmt: skip
"""Of two rows that repeat or contradict each other either may be named: the other one, and the one the author names."""

TOGETHER: Final = {FIRST: MORE, SHARED_ODS: LIBRARY}
"""Two files that hold the same person: which of the two rows counts is open, their sum is not."""


class Checked:
    """What `check` printed of a folder, beside what its author says it should."""

    def __init__(self, folder: Path, office: Path) -> None:
        self.expected: Json = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
        self.office = office
        day = self.expected["report_date"]
        run("init", str(office), "--school", "另一所学校")
        shutil.copytree(folder, office / "inbox", dirs_exist_ok=True, ignore=shutil.ignore_patterns(*ASIDE))
        self.arguments = ("--project", str(office), "check", "--date", day, "--as-of", f"{day}T12:00", "--format", "json")
        self.said: Json = json.loads(run(*self.arguments))

    def summed(self, key: str) -> Counter[str]:
        """Return one of the counts, by file."""
        counts: Counter[str] = Counter()
        for entry in self.said["files"]:
            counts[entry["file"]] += entry[key]
        return counts

    def expected_findings(self, severity: str) -> Counter[tuple[str, str | None, str | None, str]]:
        return Counter(place(f) for f in self.expected["findings"] if f["severity"] == severity)

    def findings(self, severity: str) -> Counter[tuple[str, str | None, str | None, str]]:
        return Counter(place(f) for f in self.said["findings"] if f["severity"] == severity)


def run(*arguments: str) -> str:
    result = CliRunner().invoke(jianbao, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def place(finding: Json) -> tuple[str, str | None, str | None, str]:
    """Return where a finding is, and its code; of twins, where the author names it."""
    file, cell, sheet = finding["file"], finding["cell"], finding["sheet"]
    if finding["code"] in ("conflicting-rows", "duplicate-row") and (file, cell) in TWINS:
        file, cell = TWINS[file, cell]
        sheet = None
    elif (file, cell) in TWINS.values():
        sheet = None
    return file, sheet, cell, finding["code"]


def together(counts: Mapping[str, int]) -> Counter[str]:
    found: Counter[str] = Counter()
    for file, count in counts.items():
        found[TOGETHER.get(file, file)] += count
    return found


@pytest.fixture(scope="module", params=FOLDERS)
def school(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Checked:
    folder: Path = request.param
    if not folder.is_dir():
        pytest.skip(f"{folder} is not there: the shared example lies beside a checkout, not in it")
    return Checked(folder, tmp_path_factory.mktemp("office") / "office")


def test_the_day(school: Checked) -> None:
    assert school.said["date"] == school.expected["report_date"]
    assert set(school.said) == {"date", "as_of", "files", "findings", "units", "figures", "extra"}


def test_accepted_rows_of_each_file(school: Checked) -> None:
    accepted, expected = school.summed("accepted"), school.expected["accepted_rows_for_the_day"]
    assert together({f: accepted[f] for f in expected}) == together(expected)
    assert all(abs(accepted[f] - n) <= (f in TOGETHER or f in TOGETHER.values()) for f, n in expected.items())


def test_only_rosters_are_accepted_beside(school: Checked) -> None:
    others = {e["form"] for e in school.said["files"] if e["file"] not in school.expected["accepted_rows_for_the_day"]}
    assert others <= {"staff", "students", "units", "others"}


def test_rows_in_are_rows_accounted_for(school: Checked) -> None:
    for entry in school.said["files"]:
        assert entry["rows"] == entry["accepted"] + entry["rejected"] + entry["superseded"] + entry["passed_over"], entry


def test_later_answers_and_repeats(school: Checked) -> None:
    superseded = school.summed("superseded")
    repeats = sum(f["code"] == "duplicate-row" for f in school.expected["findings"])
    assert (
        sum(superseded[f] for f in school.expected["accepted_rows_for_the_day"])
        == school.expected["responses_superseded_by_a_later_one"] + repeats
    )


def test_blank_measurements_are_passed_over(school: Checked) -> None:
    passed = school.summed("passed_over")
    assert {f: n for f, n in school.expected["blank_measurements_for_the_day"].items() if passed[f] < n} == {}


def test_states_of_the_units(school: Checked) -> None:
    assert {u["unit"]: u["state"] for u in school.said["units"]} == school.expected["unit_states"]


def test_late_units(school: Checked) -> None:
    assert {u["unit"] for u in school.said["units"] if u["late"]} == set(school.expected["late_units"])


def test_contradictions(school: Checked) -> None:
    contradicted = [u for u in school.said["units"] if u["contradictions"]]
    assert {u["unit"] for u in contradicted} == set(school.expected["contradictions"])
    assert all(c["form"] and c["file"] and c["cell"] for u in contradicted for c in u["contradictions"])


def test_every_error_with_its_cell_and_none_beyond(school: Checked) -> None:
    found, expected = school.findings("error"), school.expected_findings("error")
    assert (found - expected, expected - found) == (Counter(), Counter())


def test_expected_warnings(school: Checked) -> None:
    assert school.expected_findings("warning") - school.findings("warning") == Counter()


def test_what_programs_left_behind_is_not_spoken_of(school: Checked) -> None:
    named = {f["file"] for f in [*school.said["files"], *school.said["findings"]]}
    assert {f for f in named if Path(f).name in LEFT_BEHIND or Path(f).name.startswith("~$")} == set()


def test_figures_by_title(school: Checked) -> None:
    stated = {f["title"]: f["value"] for f in school.said["figures"].values()}
    wanted = {t: v for t, v in school.expected["figures"].items() if not isinstance(v, list)}
    assert {t: stated.get(t) for t in wanted} == wanted


def test_whom_to_call(school: Checked) -> None:
    """Everybody with a fever or a contact stands on the office's list, which is private."""
    cells: set[str] = set()
    for path in (school.office / "private" / "lists").rglob("*.xlsx"):
        for sheet in openpyxl.load_workbook(path).worksheets:
            cells |= {str(v) for row in sheet.iter_rows(values_only=True) for v in row if v is not None}
    wanted = {number for value in school.expected["figures"].values() if isinstance(value, list) for number in value}
    assert wanted - cells == set()


def test_once_more_says_the_same(school: Checked) -> None:
    assert json.loads(run(*school.arguments)) == school.said


def test_every_message_is_a_sentence(school: Checked) -> None:
    for finding in school.said["findings"]:
        assert finding["message"], finding
        assert "{" not in finding["message"], finding
        assert "None" not in finding["message"], finding
