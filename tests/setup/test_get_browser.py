"""Which browsers are looked for, and what is said when there is none."""

from __future__ import annotations

from pathlib import Path

import pytest

import get_browser
from get_browser import Browser


def program(path: Path) -> Path:
    """Write a file that can be executed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def test_commands_come_first_then_what_was_downloaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(get_browser, "OWN_DOWNLOADS", tmp_path / "clone" / "browsers")
    home = tmp_path / "home"
    told = program(tmp_path / "told" / "chromium-1200" / "chrome-linux64" / "chrome")
    own = program(tmp_path / "clone" / "browsers" / "chromium-1200" / "chrome-linux" / "chrome")
    older = program(home / ".cache" / "ms-playwright" / "chromium-1100" / "chrome-linux" / "chrome")
    newer = program(home / ".cache" / "ms-playwright" / "chromium-1200" / "chrome-linux" / "chrome")
    edge, chromium = (program(tmp_path / "bin" / name) for name in ("microsoft-edge", "chromium"))
    environment = {"PATH": str(tmp_path / "bin"), "PLAYWRIGHT_BROWSERS_PATH": str(tmp_path / "told")}
    found = [p for p in get_browser.candidates(environment, home) if p.is_relative_to(tmp_path)]
    assert found == [chromium, edge, told, own, newer, older]


def test_a_mac_s_applications_are_found(tmp_path: Path) -> None:
    chrome = program(tmp_path / "Applications" / "Google Chrome.app" / "Contents" / "MacOS" / "Google Chrome")
    assert chrome in list(get_browser.candidates({"PATH": ""}, tmp_path))


def test_a_snap_is_passed_over(tmp_path: Path) -> None:
    snap = program(tmp_path / "snap" / "bin" / "chromium")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "chromium").symlink_to(snap)
    found = get_browser.candidates({"PATH": str(tmp_path / "bin")}, tmp_path)
    assert [p for p in found if p.is_relative_to(tmp_path)] == []


@pytest.mark.parametrize(
    ("browser", "told"),
    [
        pytest.param(None, "没有可用的浏览器", id="no browser"),
        pytest.param(Browser(Path("/usr/bin/chromium"), chinese=False), "没有中文字体", id="no font"),
        pytest.param(Browser(Path("/usr/bin/chromium"), chinese=True), "", id="all there"),
    ],
)
def test_what_is_lacking_is_told(browser: Browser | None, told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JIANBAO_LANG", raising=False)
    assert get_browser.lacking(browser).startswith(told)
    assert bool(get_browser.lacking(browser)) is bool(told)


def test_a_command_that_is_not_there_is_a_failure(capsys: pytest.CaptureFixture[str]) -> None:
    assert not get_browser.run(["/nonexistent/apt-get", "update"])
    assert "/nonexistent/apt-get" in capsys.readouterr().err


def test_a_command_that_fails_shows_its_last_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert not get_browser.run(["sh", "-c", "echo E: no such package; exit 100"])
    assert "  | E: no such package" in capsys.readouterr().err
