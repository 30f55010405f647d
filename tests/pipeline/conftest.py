"""A tiny office of three units and five people, written as the plainest sheets there are."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from click.testing import CliRunner, Result

from jianbao.cli.commands import jianbao
from jianbao.pipeline.office import make_office

DAY = "2020-02-06"
NOON = "2020-02-06T12:00"

Run = Callable[..., Result]


def fill_inbox(inbox: Path, *, cases: str = "0") -> None:
    """Write rosters, one staff sheet and the units' reports."""
    sheets = {
        "花名册/单位.csv": "单位,类别,上级,填报人\n教务处,部门,学校,褚航敏\n图书馆,部门,学校,窦舟琪\n会计学院,学院,学校,奚悦恩\n",
        "花名册/教职工.csv": "工号,姓名,部门,身份证号,手机号\n"
        "00001,施彩辉,教务处,990101198001010010,13800000001\n"
        "00002,云涵安,教务处,990101198001010029,13800000002\n"
        "00003,窦舟岚,图书馆,990101198001010037,13800000003\n"
        "00004,褚珊诚,会计学院,990101198001010045,13800000004\n"
        "00005,严恩旭,会计学院,990101198001010053,13800000005\n",
        "教职工日报/全校2月6日.csv": "工号,姓名,部门,是否返省,体温,症状,接触史\n"
        "00001,施彩辉,教务处,是,36.5,无,无\n"
        "00002,云涵安,教务处,否,36.4,无,无\n"
        "00004,褚珊诚,会计学院,是,36.6,无,无\n"
        "00005,严恩旭,会计学院,否,36.7,无,无\n",
        "零报告/零报告.csv": "提交时间,单位名称,报告日期,应报人数,实报人数,异常人数,疑似,确诊,是否零报告,填报人\n"
        "2020-02-06 08:10:00,教务处,2020-02-06,2,2,0,0,0,是,褚航敏\n"
        f"2020-02-06 08:20:00,会计学院,2020-02-06,2,2,{cases},0,0,否,奚悦恩\n",
        "部门动态/动态.csv": "日期,单位,标题,内容\n2020-02-06,教务处,线上教学准备就绪,全校网络课程完成检查。\n",
    }
    for name, text in sheets.items():
        path = inbox / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def make_small_office(root: Path) -> Path:
    """Make an office with one day of sheets in its inbox, signed by the settings."""
    make_office(root, school="榆溪学院", office="防控工作办公室")
    settings = root / "jianbao.toml"
    settings.write_text(settings.read_text("utf-8").replace('signed_by = ""', 'signed_by = "林签发"'), encoding="utf-8")
    fill_inbox(root / "inbox")
    return root


def call(root: Path, *words: str, code: int = 0) -> Result:
    """Run the command line in this process; it must end with `code`."""
    result = CliRunner().invoke(jianbao, ["--project", str(root), *words], catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """The small office."""
    return make_small_office(tmp_path / "office")


@pytest.fixture
def run() -> Run:
    """The command line, run in this process: `run(office, "publish", …)`."""
    return call


@pytest.fixture
def desk() -> Iterator[Path]:
    """A folder in memory where there is one: what a killed process has written is there, disk or no disk."""
    memory = Path("/dev/shm")
    with TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None) as folder:
        yield Path(folder)
