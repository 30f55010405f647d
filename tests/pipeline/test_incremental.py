"""Day by day the site is built of what changed; it is, byte for byte, the site of a whole build, and the gate misses nothing."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from .conftest import DAY, NOON, Run, fill_inbox

WORDS = ["体温", "填报", "食堂", "返校", "观察", "消毒", "口罩", "通知", "家长", "班车", "核对", "台账"]
KINDS = {"notices": "notice", "letters": "letter", "guidance": "guidance", "departments": "news"}


@pytest.fixture
def small_office(office: Path) -> Path:
    """The office with few forms, which builds fast."""
    kept = {"units", "staff", "students", "staff_daily", "student_daily", "unit_daily", "department_news"}
    for form in (office / "forms_schema").glob("*.yaml"):
        if form.stem not in kept:
            form.unlink()
    return office


def write(office: Path, number: int, drawn: random.Random) -> None:
    """Write a signed document, some with a file beside it."""
    folder = drawn.choice(sorted(KINDS))
    tags = ", ".join(drawn.sample(WORDS[:4], 2))
    head = f"title: 第{number}份\nkind: {KINDS[folder]}\nstatus: signed\ndate: 2020-02-0{drawn.randrange(1, 7)}\n"
    head += f"issuer: 教务处\ntags: [{tags}]"
    body = "".join(drawn.choices(WORDS, k=12)) + "。"
    place = office / "site" / folder
    place.mkdir(exist_ok=True)
    if drawn.random() < 0.3:
        (place / f"附件{number}.csv").write_text(f"甲,{number}\n", encoding="utf-8")
        body += f"\n\n见[附件](附件{number}.csv)。"
    (place / f"n{number}.md").write_text(f"---\n{head}\n---\n\n{body}\n", encoding="utf-8")


def change(office: Path, run: Run, drawn: random.Random) -> None:
    """Correct, withdraw or supersede a document in force."""
    here = sorted(p for p in (office / "site").rglob("n*.md") if "status: signed" in p.read_text("utf-8"))
    path, other = drawn.sample(here, 2)
    match drawn.randrange(3):
        case 0:
            text = path.read_text("utf-8")
            edited = text.replace("status: signed", "changes: [{date: 2020-02-06, note: 补充}]\nstatus: signed", 1)
            if "changes:" not in text:
                path.write_text(f"{edited}\n又：{drawn.choice(WORDS)}。\n", encoding="utf-8")
        case 1:
            run(office, "withdraw", str(path), "--reason", "不再需要", "--as-of", NOON)
        case _:
            run(office, "supersede", str(path), "--by", str(other), "--reason", "另有新的", "--as-of", NOON)


def site(office: Path) -> dict[str, bytes]:
    folder = office / "build/public/site"
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_after_any_changes_the_site_is_that_of_a_whole_build(small_office: Path, run: Run, seed: int) -> None:
    drawn = random.Random(seed)
    for number in range(20):
        write(small_office, number, drawn)
    run(small_office, "publish", "--date", DAY, "--as-of", NOON)
    taken = 0
    for turn in range(1, 5):
        for step in range(2):
            write(small_office, 100 * turn + step, drawn)
        for _step in range(drawn.randrange(3)):
            change(small_office, run, drawn)
        if turn == 2:
            fill_inbox(small_office / "inbox", cases="1")
        inodes = {p.stat().st_ino for p in (small_office / "build/public/site").rglob("*.html")}
        run(small_office, "publish", "--date", DAY, "--as-of", f"2020-02-06T{12 + turn}:00", "--update")
        taken += len(inodes & {p.stat().st_ino for p in (small_office / "build/public/site").rglob("*.html")})
        built = site(small_office)
        run(small_office, "publish", "--date", DAY, "--as-of", f"2020-02-06T{12 + turn}:30", "--full")
        assert site(small_office) == built
    assert taken > 60


def test_full_renders_again_what_stands_and_finds_what_is_not_as_sealed(small_office: Path, run: Run) -> None:
    run(small_office, "publish", "--date", DAY, "--as-of", NOON)
    page = small_office / "build/public/site/index.html"
    sound = page.read_bytes()
    page.write_bytes(sound + b"\n")
    run(small_office, "publish", "--date", DAY, "--as-of", NOON)
    assert page.read_bytes() != sound
    run(small_office, "publish", "--date", DAY, "--as-of", NOON, "--full")
    assert page.read_bytes() == sound


def test_a_name_that_comes_onto_the_roster_is_found_on_pages_looked_through_before(small_office: Path, run: Run) -> None:
    notices = small_office / "site/notices"
    notices.mkdir()
    head = "---\ntitle: 通知一则\nkind: notice\nstatus: signed\ndate: 2020-02-06\n---\n\n"
    (notices / "n.md").write_text(f"{head}请找贺临川。\n", encoding="utf-8")
    run(small_office, "publish", "--date", DAY, "--as-of", NOON)
    (notices / "m.md").write_text(f"{head}另一件事。\n", encoding="utf-8")
    roster = small_office / "inbox/花名册/教职工.csv"
    roster.write_text(roster.read_text("utf-8") + "00006,贺临川,教务处,,\n", encoding="utf-8")
    said = run(small_office, "publish", "--date", DAY, "--as-of", "2020-02-06T13:00", "--update", code=3).output
    assert "贺临川" in said
    assert "site/notices/n.html" in said


def test_what_was_looked_through_is_kept_from_others(small_office: Path, run: Run) -> None:
    run(small_office, "publish", "--date", DAY, "--as-of", NOON)
    assert (small_office / "private/gate.kept").stat().st_mode & 0o077 == 0


def test_numbers_of_a_table_that_come_together_in_the_search_index_are_no_phone(small_office: Path, run: Run) -> None:
    notices = small_office / "site/notices"
    notices.mkdir()
    table = "| 甲 | 乙 | 丙 | 丁 |\n|---|---|---|---|\n| 138 | 1234 | 5678 | 9 |\n"
    (notices / "n.md").write_text(f"---\ntitle: 通知一则\nkind: notice\nstatus: signed\ndate: 2020-02-06\n---\n\n{table}", encoding="utf-8")
    run(small_office, "publish", "--date", DAY, "--as-of", NOON)
    (notices / "m.md").write_text(
        "---\ntitle: 通知二则\nkind: notice\nstatus: signed\ndate: 2020-02-06\n---\n\n电话 138 1234 5678。\n", encoding="utf-8"
    )
    said = run(small_office, "publish", "--date", DAY, "--as-of", "2020-02-06T13:00", code=3).output
    assert "site/notices/m.html" in said
