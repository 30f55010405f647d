"""Which fonts a document is set in: the free ones, a school's own, and what is said where there are none."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from jianbao.errors import SettingsError
from jianbao.printing.fonts import SANS, SERIF, FontSet, fonts_for
from jianbao.printing.official import page_pdf
from jianbao.settings import PrintSettings

from .conftest import Printed, paper


def test_without_a_setting_every_role_has_a_free_font_that_has_every_name(fonts: FontSet) -> None:
    assert set(fonts.faces) == {"title", "body", "heading", "subheading", "number", "code"}
    assert all(SERIF in faces and SANS in faces for faces in fonts.faces.values())
    page_pdf(paper("喆昇堃赟璟镕玥珺翀龑䶮𬱖"), fonts)


def test_a_font_of_the_schools_own_comes_first(fonts: FontSet) -> None:
    own = fonts_for(PrintSettings(body="DejaVu Sans Mono"), Path())
    assert own.faces["body"][0] == "DejaVu Sans Mono"
    assert own.faces["title"] == fonts.faces["title"]
    made = Printed(page_pdf(paper("plain words 汉字"), own))
    used = {f.get_object()["/BaseFont"] for page in made.reader.pages for f in page["/Resources"]["/Font"].values()}  # type: ignore[index]
    assert any("DejaVuSansMono" in name for name in used)
    assert "plainwords汉字" in made.text()


def test_a_font_that_is_not_there_is_named_with_its_role_and_where_to_put_it(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        fonts_for(PrintSettings(body="Noto Serif CJK"), tmp_path)
    assert "[print] body：没有名为 Noto Serif CJK 的字体" in caught.value.message
    assert "是不是 Noto Serif CJK" in caught.value.message
    assert str(tmp_path / "fonts") in caught.value.advice


def test_a_machine_without_chinese_fonts_is_told_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    config = tmp_path / "fonts.conf"
    config.write_text(f'<?xml version="1.0"?><fontconfig><dir>{tmp_path / "empty"}</dir></fontconfig>', encoding="utf-8")
    script = (
        "import sys; sys.prefix = sys.argv[1]\n"  # where no set-up has put fonts
        "from pathlib import Path\n"
        "from jianbao.printing.fonts import NoFonts, fonts_for\n"
        "from jianbao.settings import PrintSettings\n"
        "try:\n    fonts_for(PrintSettings(), Path())\nexcept NoFonts as error:\n    print(error.message, error.advice)\n"
    )
    environment = {**os.environ, "FONTCONFIG_FILE": str(config), "PYTHONUTF8": "1"}
    command = [sys.executable, "-c", script, str(tmp_path)]
    said = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True, env=environment).stdout
    assert said.startswith("没有中文字体 Noto Serif CJK SC，不能生成 PDF")
    assert "fonts-noto-cjk" in said
