"""The key: where it may be, who may read it, what may be in it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from jianbao.errors import SettingsError
from jianbao.sources.google.key import VARIABLES, WRITING, key_path, load_key, owner_of
from sheets_server import Server

from .desk import NOON, Desk


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that stands for the office; no key is named anywhere."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "office").mkdir()
    return tmp_path / "office"


def key(path: Path, text: str = "{}") -> Path:
    """Write a key file that only its owner can read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    path.chmod(0o600)
    return path


@pytest.mark.parametrize("variable", VARIABLES)
def test_the_key_is_where_the_settings_or_the_environment_say(
    office: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    named, other = key(tmp_path / "a.json"), key(tmp_path / "b.json")
    monkeypatch.setenv(variable, str(other))
    assert key_path(str(named), office) == named.resolve()
    assert key_path("../a.json", office) == named.resolve()
    assert key_path("", office) == other.resolve()


def test_no_key_says_both_ways_to_name_one(office: Path) -> None:
    with pytest.raises(SettingsError) as told:
        key_path("", office)
    assert "credentials" in told.value.advice
    assert VARIABLES[0] in told.value.advice


def test_a_key_that_is_not_there(office: Path) -> None:
    with pytest.raises(SettingsError, match=r"找不到密钥文件 .*none\.json"):
        key_path("../none.json", office)


@pytest.mark.parametrize("place", ["key.json", "private/key.json", "inbox/deep/key.json"])
def test_a_key_in_the_office_is_refused(office: Path, place: str) -> None:
    key(office / place)
    with pytest.raises(SettingsError, match="办公室文件夹里"):
        key_path(place, office)


def test_a_key_in_any_repository_is_refused(office: Path, tmp_path: Path) -> None:
    path = key(tmp_path / "code/keys/key.json")
    subprocess.run(["git", "init", "-q", str(tmp_path / "code")], check=True)
    with pytest.raises(SettingsError, match="代码仓库"):
        key_path(str(path), office)


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such mode bits; there the folder decides")
@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660])
def test_a_key_that_others_can_read_is_refused(office: Path, tmp_path: Path, mode: int) -> None:
    path = key(tmp_path / "key.json")
    path.chmod(mode)
    with pytest.raises(SettingsError, match=f"权限 {mode:o}") as told:
        key_path(str(path), office)
    assert f"chmod 600 {path}" in told.value.advice


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("not json", "不是可用的密钥文件"),
        ("[]", "type 是 None"),
        ('{"installed": {}}', "type 是 None"),
        ('{"type": "service_account"}', "不是可用的密钥文件"),
        ('{"type": "authorized_user"}', "不是可用的密钥文件"),
    ],
    ids=["no-json", "list", "client-secret", "half-account", "half-consent"],
)
def test_a_file_that_is_no_key(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(SettingsError, match=words):
        load_key(key(tmp_path / "key.json", text), WRITING)


def test_a_service_account_and_a_persons_consent_are_both_keys(google: Server) -> None:
    assert owner_of(load_key(google.key_file, WRITING)) == json.loads(google.key_file.read_text("utf-8"))["client_email"]
    assert owner_of(load_key(google.make_person(), WRITING)) == ""


def test_a_day_is_read_with_a_persons_consent(desk: Desk) -> None:
    desk.small_school()
    desk.settings(f'folder = "{desk.folder}"', key=desk.google.make_person())
    desk.run("pull", "--as-of", NOON)
    assert {r.user for r in desk.google.made("sheets.*")} == {"person@school.example"}


def test_reading_asks_for_no_right_to_write(desk: Desk) -> None:
    desk.small_school()
    desk.run("pull", "--as-of", NOON)
    assert [s for t in desk.google.accounts.tokens.values() for s in t.scopes if not s.endswith("readonly")] == []


def test_settings_without_any_book_say_what_to_write(desk: Desk) -> None:
    desk.settings("")
    said = desk.run("pull", code=2).output
    assert "folder = " in said
    assert "[[source.book]]" in said


def test_an_address_that_is_no_book_is_said(desk: Desk) -> None:
    desk.settings('[[source.book]]\naddress = "https://example.com/sheet"')
    assert "不是谷歌表格的网址" in desk.run("pull", code=2).output


def test_a_minute_of_no_length_is_refused(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIANBAO_GOOGLE_MINUTE", "fast")
    assert "JIANBAO_GOOGLE_MINUTE" in desk.run("pull", code=2).output


def test_an_office_with_a_folder_never_loads_googles_libraries() -> None:
    """`gspread` takes a third of a second: whoever does not need it does not wait for it."""
    heavy = {"gspread", "google.auth", "requests", "urllib3"}
    code = f"import sys, jianbao.cli.commands, jianbao.cli.telling, jianbao.pipeline.work; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_doctor_says_whose_key_it_is_and_what_it_sees(desk: Desk) -> None:
    desk.small_school()
    assert "用 bot@project.iam.gserviceaccount.com 看得到 6 个表格" in desk.run("doctor").output
    assert desk.google.count("sheets.*") == 0


def test_doctor_names_a_book_that_is_not_shared(desk: Desk) -> None:
    book = desk.google.make_book("别人的", shared={})
    desk.settings(f'[[source.book]]\naddress = "{book.book_id}"\npath = "零报告/别人的"')
    said = desk.run("doctor", code=1).output
    assert "零报告/别人的.gsheet：没有这个表格，或没有共享" in said
