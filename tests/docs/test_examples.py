"""The examples of the documentation are read by the program's own loaders, and its commands do what is said."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
from dataclasses import fields
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from jianbao.briefing import briefing_values, template_of
from jianbao.documents import Document, read_document
from jianbao.facts import Facts, FigureFact, NewsFact, RowFacts, UnitFacts
from jianbao.forms.expression import Expression
from jianbao.forms.load import load_forms, read_code_list
from jianbao.pages import parse
from jianbao.project import shipped
from jianbao.render import render
from jianbao.settings import BriefingSettings, School, Settings, read_settings
from jianbao.verification import Discrepancy

if TYPE_CHECKING:
    from conftest import Docs, Run

SETTINGS = {"fever_threshold", "observation_days", "missed_contact", "low_cover_days"}
AS_OF = ("--date", "2026-03-02", "--as-of", "2026-03-02T12:00")


def test_form_examples_load_beside_the_shipped_forms(docs: Docs, tmp_path: Path) -> None:
    shutil.copytree(shipped("forms_schema"), tmp_path / "forms")
    names = []
    for snippet in docs.snippets("yaml form"):
        names.append(yaml.safe_load(snippet.text)["name"])
        (tmp_path / "forms" / f"{names[-1]}.yaml").write_text(snippet.text, "utf-8")
    forms = load_forms(tmp_path / "forms", SETTINGS)
    assert names == ["disinfection", "lost_keys"]
    assert [forms[n].name for n in names] == names


def test_the_ledger_of_the_forms_page_counts_as_the_page_says(docs: Docs, sample_office: Path, tmp_path: Path, run: Run) -> None:
    office = tmp_path / "office"
    shutil.copytree(sample_office, office)
    (office / "forms_schema" / "disinfection.yaml").write_text(docs.snippets("yaml form")[0].text, "utf-8")
    (office / "inbox" / "消毒登记").mkdir()
    with (office / "inbox" / "消毒登记" / "3月2日.csv").open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([
            ["时间", "场所", "责任单位", "消毒方式", "浓度", "用量", "清水擦拭"],
            ["8:00", "一食堂", "教务处", "含氯消毒剂", "500", "12.5", "是"],
            ["9:00", "图书馆一层", "", "含氯消毒剂", "500", "8升", "未擦"],
            ["9:30", "三号楼", "图书馆", "酒精", "", "2", ""],
            ["16:00", "三号楼", "图书馆", "酒精", "", "3", ""],
        ])  # fmt: skip
    said = json.loads(run(office, "check", *AS_OF, "--format", "json"))
    assert said["figures"]["places_disinfected"]["value"] == 3
    assert said["figures"]["disinfectant_week"]["value"] == 25.5
    assert [f["cell"] for f in said["findings"] if f["code"] == "not-rinsed"] == ["B3"]


def test_conditions_and_code_list_of_the_forms_page_are_read(docs: Docs, tmp_path: Path) -> None:
    (conditions,) = docs.snippets("text conditions")
    assert all(Expression(line).names for line in conditions.text.splitlines())
    (listed,) = docs.snippets("text list")
    (tmp_path / "list.csv").write_text(listed.text, "utf-8")
    assert read_code_list(tmp_path / "list.csv").label_of("在家观察") == "居家观察"


def test_settings_examples_are_read(docs: Docs, tmp_path: Path) -> None:
    snippets = docs.snippets("toml settings")
    assert len(snippets) >= 5
    for number, snippet in enumerate(snippets):
        school = "" if "[school]" in snippet.text else '[school]\nname = "某校"\noffice = "办公室"\n'
        path = tmp_path / str(number) / "jianbao.toml"
        path.parent.mkdir()
        path.write_text(school + snippet.text, "utf-8")
        assert read_settings(path).school.name


def test_document_example_is_a_document(docs: Docs) -> None:
    (snippet,) = docs.snippets("markdown document")
    assert isinstance(read_document(parse("notices/2020/06-dining.md", snippet.text)), Document)


def facts() -> Facts:
    """A day with a figure, one that nobody stated, a missing unit and an item of news."""
    units = UnitFacts(2, 1, 0, 1, 1, 0, ("图书馆",), (), (), ())
    figures = tuple(
        FigureFact(name=n, title=n, value=v, unit="人", received=1, expected=2, definition="口径", form="f", version=1, headline=True)
        for n, v in (("stated", 3), ("silent", None))
    )
    news = (NewsFact("图书馆", "<b>*重要*</b>", "一\n\n二"),)
    return Facts(date(2020, 2, 6), datetime(2020, 2, 6, 12, tzinfo=UTC), figures, units, RowFacts(0, 0, 0, 0, 0), news)


def test_template_example_renders_and_escapes(docs: Docs, tmp_path: Path) -> None:
    (snippet,) = docs.snippets("jinja briefing")
    (tmp_path / "briefing.md.j2").write_text(snippet.text, "utf-8")
    values = briefing_values(facts(), Settings(School("某校", "办公室")), issued=date(2020, 2, 7), documents=())
    text = render(tmp_path, "briefing.md.j2", values)
    assert "- stated：**3 人**（实报 1，应报 2，不完整）" in text
    assert "- silent：**未报**" in text
    assert "未报：图书馆。" in text
    assert "### &#60;b&#62;&#42;重要&#42;&#60;/b&#62;\n\n一\n\n二\n\n图书馆" in text


def test_the_style_of_the_templates_page_lays_out_what_the_shipped_ones_do(docs: Docs, tmp_path: Path) -> None:
    (snippet,) = docs.snippets("jinja style")
    (tmp_path / "briefing-front.md.j2").write_text(snippet.text, "utf-8")
    settings = Settings(School("某校", "办公室"), briefing=BriefingSettings(style="front"))
    values = briefing_values(facts(), settings, issued=date(2020, 2, 7), documents=())
    text = render(tmp_path, template_of("front"), values)
    assert "## 三、部门动态\n\n- **图书馆**　&#60;b&#62;&#42;重要&#42;&#60;/b&#62;。一；二。" in text
    shipped = render(None, template_of("items"), values)
    assert text.partition("## 三、")[0] == shipped.partition("## 三、")[0]
    assert text.partition("[^stated]: ")[2] == shipped.partition("[^stated]: ")[2] != ""


def shape(value: Any) -> Any:
    """Return what keys a value has, at every depth; of a list, those of its first item."""
    if isinstance(value, dict):
        return {k: shape(v) for k, v in value.items()}
    return [shape(v) for v in value[:1]] if isinstance(value, list) else type(value).__name__


def same_shape(documented: Any, real: Any) -> None:
    """Hold two values to have the same keys; keys that are names (of figures, units) are compared by what is under them."""
    assert type(documented) is type(real)
    if isinstance(documented, dict):
        if documented.keys() != real.keys():
            assert documented
            assert real
            one, other = next(iter(documented.values())), next(iter(real.values()))
            assert isinstance(one, dict), (documented, real)
            assert isinstance(other, dict), (documented, real)
            same_shape(one, other)
            return
        for key in documented:
            if documented[key] is not None and real[key] is not None and key not in ("value", "excused"):
                same_shape(documented[key], real[key])
    elif isinstance(documented, list) and documented and real:
        same_shape(documented[0], next((x for x in real if shape(x) == shape(documented[0])), real[0]))


@pytest.mark.parametrize(
    ("verb", "words"),
    [("check", AS_OF), ("figures", AS_OF), ("remind", AS_OF), ("explain", ("staff_home_observation", *AS_OF)), ("verify", ())],
)
def test_json_examples_have_the_shape_of_what_is_printed(
    docs: Docs, sample_office: Path, run: Run, verb: str, words: tuple[str, ...]
) -> None:
    (snippet,) = docs.snippets(f"json {verb}")
    documented, real = json.loads(snippet.text), json.loads(run(sample_office, verb, *words, "--format", "json"))
    assert documented.keys() == real.keys()
    same_shape(documented, real)


def test_json_examples_spell_out_each_item(docs: Docs, sample_office: Path, run: Run) -> None:
    (check,) = docs.snippets("json check")
    real = json.loads(run(sample_office, "check", *AS_OF, "--format", "json"))
    documented = json.loads(check.text)
    for key in ("files", "findings", "units"):
        assert documented[key][0].keys() == real[key][0].keys()
    assert next(iter(documented["figures"].values())).keys() == real["figures"]["suspected"].keys()
    (verify,) = docs.snippets("json verify")
    assert list(json.loads(verify.text)["discrepancies"][0]) == [f.name for f in fields(Discrepancy)]


@pytest.mark.skipif(not shutil.which("sha256sum"), reason="needs sha256sum")
def test_the_record_is_verified_by_the_commands_of_the_record_page(docs: Docs, sample_office: Path) -> None:
    in_bag, in_record, *_others = (s.text for p in docs.pages() if p.name == "record.md" for s in docs.snippets("sh ") if s.page == p.name)
    bag = sample_office / "record" / "0001-2026-03-02"
    done = subprocess.run(["sh", "-e", "-c", in_bag], cwd=bag, capture_output=True, encoding="utf-8", check=True)
    *checked, own = done.stdout.splitlines()
    assert len(checked) > 20
    assert all(line.endswith(": OK") for line in checked)
    chain = (sample_office / "record" / "chain.txt").read_text("utf-8").split()
    assert own.split()[0] == chain[3]
    head = subprocess.run(["sh", "-c", in_record], cwd=bag.parent, capture_output=True, encoding="utf-8", check=True)
    assert len(head.stdout.split()[0]) == 64
    site = subprocess.run(
        ["sha256sum", "-c", "--quiet", str(bag / "data" / "site-sha256.txt")],
        cwd=sample_office / "build" / "public" / "site", capture_output=True, check=False,
    )  # fmt: skip
    assert site.returncode == 0


def test_the_bag_holds_what_the_record_page_lists(docs: Docs, sample_office: Path) -> None:
    data = sample_office / "record" / "0001-2026-03-02" / "data"
    listed = docs.text("record.md").partition("```text")[2].partition("```")[0]
    assert [p.name for p in sorted(data.iterdir()) if p.name not in listed] == []
