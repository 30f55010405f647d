"""What is taken out of the package of fonts, and what is said when there is none."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest

import get_fonts

WANTED = ("NotoSerifCJKsc-Regular.otf", "NotoSansCJKsc-Regular.otf")


def package(path: Path, *names: str) -> Path:
    """Write a package that carries files of these names."""
    with zipfile.ZipFile(path, "w") as parts:
        for name in names:
            parts.writestr(f"some/fonts/{name}", name.encode())
    return path


def test_only_the_free_fonts_are_kept_of_a_package(tmp_path: Path) -> None:
    whole = package(tmp_path / "x.whl", *WANTED, "SimHei.ttf", "code.py")
    assert get_fonts.take_out(whole, tmp_path / "fonts")
    assert {p.name: p.read_bytes() for p in (tmp_path / "fonts").iterdir()} == {n: n.encode() for n in WANTED}


def test_a_package_that_lacks_one_is_left_alone(tmp_path: Path) -> None:
    assert not get_fonts.take_out(package(tmp_path / "x.whl", WANTED[0]), tmp_path / "fonts")
    assert not (tmp_path / "fonts").exists()


def test_the_package_is_named_with_its_hash() -> None:
    lines = get_fonts.LOCK.read_text("utf-8").splitlines()
    assert len(lines) == 1
    assert re.fullmatch(r"[\w-]+==[\d.]+ --hash=sha256:[0-9a-f]{64}", lines[0])


@pytest.mark.parametrize(("lang", "told"), [("zh", "没有中文字体"), ("en", "No Chinese fonts")])
def test_what_is_lacking_is_told(lang: str, told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIANBAO_LANG", lang)
    assert get_fonts.lacking().startswith(told)
    assert "fonts-noto-cjk" in get_fonts.lacking()
