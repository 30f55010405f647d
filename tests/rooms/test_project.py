"""Settings are read once and trusted: whatever is wrong in jianbao.toml is named with its key, all at once."""

from __future__ import annotations

import tomllib
from datetime import date, time
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jianbao.errors import NotAnOffice, SettingsError
from jianbao.project import Project
from jianbao.settings import Allowed, DatedSetting, Permission, School, Settings, allow_line, read_settings

SCHOOL: Final = '[school]\nname = "榆溪学院"\noffice = "防控办"\n'


def read(tmp_path: Path, text: str, *, school: str = SCHOOL) -> Settings:
    path = tmp_path / "jianbao.toml"
    path.write_bytes((school + text).encode())
    return read_settings(path)


def test_the_least_that_settings_say(tmp_path: Path) -> None:
    found = read(tmp_path, "")
    assert found == Settings(School("榆溪学院", "防控办"))
    assert (found.inbox, found.small_count, found.deadline, found.school.issued_by) == ("inbox", 5, None, "防控办")


def test_everything_that_settings_say(tmp_path: Path) -> None:
    text = """issuer = "学院办公室"
[source]
path = "收件"
[report]
deadline = "9:30"
[privacy]
small_count = 3
[briefing]
figures = ["a", "b"]
reminder = ["戴口罩"]
[[setting]]
name = "fever_threshold"
value = 37.2
since = 2020-01-01
[[permission]]
unit = "图书馆"
since = "2020-02-06"
reason = "闭馆"
[[permission]]
unit = "教务处"
since = 2020-02-06T00:00:00
until = 2020-02-08
late_until = 12:00:00
reason = "路远"
[[allow]]
phrase = "高强度"
reason = "常用词"
"""
    found = read(tmp_path, text)
    assert (found.inbox, found.deadline, found.small_count, found.school.issued_by) == ("收件", time(9, 30), 3, "学院办公室")
    assert (found.briefing.figures, found.briefing.reminder) == (("a", "b"), ("戴口罩",))
    assert found.dated == (DatedSetting("fever_threshold", 37.2, date(2020, 1, 1)),)
    assert found.permissions == (
        Permission("图书馆", date(2020, 2, 6), date(2020, 2, 6), "闭馆"),
        Permission("教务处", date(2020, 2, 6), date(2020, 2, 8), "路远", time(12)),
    )
    assert found.allowed == (Allowed("高强度", "常用词"),)
    assert found.names == {"fever_threshold"}


ENTRY: Final = '[[permission]]\nunit = "a"\nreason = "b"\n'
WRONG: Final = [
    ("[[setting]]\nname = 'a'\nvalue = 1\nsince = '2020-02-30'\n", "setting.0.since", "2020-02-30"),
    ("[[setting]]\nname = 'a'\nvalue = 1\nsince = '明天'\n", "setting.0.since", "明天"),
    ("[[setting]]\nname = 'a'\nvalue = 1\nsince = 10:00:00\n", "setting.0.since", "10:00:00"),
    ("[[setting]]\nname = 'Fever'\nvalue = 1\nsince = 2020-01-01\n", "setting.0.name", "Fever"),
    ("[[setting]]\nname = 'a'\nvalue = []\nsince = 2020-01-01\n", "setting.0.value", "[]"),
    (ENTRY + "since = 2020-01-01\nuntil = 'x'\n", "permission.0.until", "x"),
    (ENTRY + "since = 2020-01-01\nlate_until = '25:00'\n", "permission.0.late_until", "25:00"),
    (ENTRY, "permission.0", "since"),
    ("[report]\ndeadline = '24:00'\n", "report.deadline", "24:00"),
    ("[report]\ndeadline = '十点'\n", "report.deadline", "十点"),
    ("[privacy]\nsmall_count = 0\n", "privacy.small_count", "0"),
    ("[privacy]\nsmall_count = '5'\n", "privacy.small_count", "5"),
    ("[source]\nkind = 'cloud'\n", "source.kind", "cloud"),
    ("[[allow]]\nphrase = '高'\nreason = '常用词'\n", "allow.0.phrase", "高"),
    ("[[allow]]\nphrase = '高强度'\nreason = ''\n", "allow.0.reason", "''"),
    ("[[allow]]\nphrase = '高强度'\n", "allow.0", "reason"),
    (
        "[[setting]]\nname = 'n'\nvalue = 14\nsince = 2020-01-01\n[[setting]]\nname = 'n'\nvalue = 21\nsince = 2020-01-01\n",
        "setting.1.since",
        "setting.0",
    ),
    (
        "[[permission]]\nunit = '图书馆'\nsince = 2020-02-06\nuntil = 2020-02-05\nreason = '搬迁'\n",
        "permission.0.until",
        "2020-02-05 早于",
    ),
    ("[breifing]\n", "-", "breifing"),
    ("[briefing]\ntitel = 'x'\n", "briefing", "titel"),
]


@pytest.mark.parametrize(("text", "where", "found"), WRONG, ids=[f"{n} {w}" for n, (_t, w, _f) in enumerate(WRONG)])
def test_what_is_wrong_is_named_with_its_key(tmp_path: Path, text: str, where: str, found: str) -> None:
    with pytest.raises(SettingsError) as refused:
        read(tmp_path, text)
    assert refused.value.message.startswith(f"jianbao.toml [{where}]: ")
    assert found in refused.value.message
    assert "docs/settings.md" in refused.value.advice
    assert refused.value.exit_code == 2


def test_everything_wrong_is_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as refused:
        read(tmp_path, "[report]\ndeadline = 'x'\n[privacy]\nsmall_count = 0\n", school='[school]\nname = ""\n')
    assert [line.split("]")[0] for line in refused.value.message.splitlines()] == [
        "jianbao.toml [privacy.small_count", "jianbao.toml [report.deadline", "jianbao.toml [school", "jianbao.toml [school.name",
    ]  # fmt: skip
    dates = "".join(f"[[setting]]\nname = 'a'\nvalue = 1\nsince = '{d}'\n" for d in ("x", "2020-01-01", "y"))
    with pytest.raises(SettingsError) as refused:
        read(tmp_path, dates)
    assert len(refused.value.message.splitlines()) == 2


@pytest.mark.parametrize("data", [b"[school\n", b"name = x", b'[school]\nname = "\xb0\xa1"\n', b"[[setting]]\nsince = 2020-02-30\n"])
def test_what_is_no_toml_is_said_with_the_file(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "jianbao.toml").write_bytes(data)
    with pytest.raises(SettingsError, match=r"jianbao\.toml"):
        Project.open(tmp_path)


def test_a_folder_without_settings_is_no_office(tmp_path: Path) -> None:
    with pytest.raises(NotAnOffice, match=r"jianbao\.toml") as refused:
        Project.open(tmp_path)
    assert "jianbao init" in refused.value.advice


def test_a_zone_that_nobody_knows_is_said_when_it_is_needed(tmp_path: Path) -> None:
    (tmp_path / "jianbao.toml").write_text(SCHOOL + 'timezone = "Asia/Nowhere"\n', encoding="utf-8")
    project = Project.open(tmp_path)
    with pytest.raises(SettingsError, match="Asia/Nowhere"):
        _ = project.zone


def test_an_old_day_is_worked_under_its_own_settings() -> None:
    dated = tuple(DatedSetting("limit", value, date(2020, month, 1)) for value, month in ((37.3, 3), (37.2, 1), (37.5, 5)))
    found = Settings(School("a", "b"), dated=dated)
    days = [date(2019, 12, 31), date(2020, 1, 1), date(2020, 2, 29), date(2020, 3, 1), date(2020, 9, 9)]
    assert [found.on(d)["limit"] for d in days] == [37.2, 37.2, 37.2, 37.3, 37.5]


@pytest.mark.parametrize(("day", "covered"), [(5, False), (6, True), (7, True), (8, True), (9, False)])
def test_the_days_of_a_permission(day: int, covered: bool) -> None:
    permission = Permission("图书馆", date(2020, 2, 6), date(2020, 2, 8), "闭馆")
    assert permission.covers("图书馆", date(2020, 2, day)) is covered
    assert not permission.covers("教务处", date(2020, 2, day))


@given(st.lists(st.builds(Allowed, st.text(min_size=2), st.text(min_size=2))))
def test_a_phrase_that_is_allowed_is_read_back(allowed: list[Allowed]) -> None:
    data = tomllib.loads("x = 1\n" + allow_line(allowed))
    assert [Allowed(**a) for a in data.get("allow", [])] == allowed
