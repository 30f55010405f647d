"""A small office with one released day, made once; tests take copies of it."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from jianbao.cli.commands import jianbao
from jianbao.pipeline.office import make_office
from jianbao.sample.sheets import Worksheet, workbook_bytes

DAY = "2020-02-06"
NOON = "2020-02-06T12:00"
Run = Callable[..., Result]

UNITS = "单位,类别,上级,填报人\n教务处,部门,学校,褚航敏\n图书馆,部门,学校,窦舟琪\n会计学院,学院,学校,奚悦恩\n"
STAFF = (
    "工号,姓名,部门,身份证号,手机号\n"
    "00001,施彩辉,教务处,990101198001010010,13800000001\n"
    "00002,云涵安,教务处,990101198001010029,13800000002\n"
    "00003,窦舟岚,图书馆,990101198001010037,13800000003\n"
    "00004,褚珊诚,会计学院,990101198001010045,13800000004\n"
    "00005,严恩旭,会计学院,990101198001010053,13800000005\n"
)
ROWS = {
    "00001": "00001,施彩辉,教务处,是,36.5,无,无", "00002": "00002,云涵安,教务处,否,36.4,无,无",
    "00004": "00004,褚珊诚,会计学院,是,36.6,无,无", "00005": "00005,严恩旭,会计学院,否,36.7,无,无",
}  # fmt: skip


def staff_sheet(inbox: Path, day: str, **changed: str) -> None:
    """Write the staff's sheet of a day; `changed` are rows by number (`n00001`), empty for one that is left out."""
    rows = {**ROWS, **{k.removeprefix("n"): v for k, v in changed.items()}}
    month, of_month = int(day[5:7]), int(day[8:])
    text = "工号,姓名,部门,是否返省,体温,症状,接触史\n" + "".join(f"{r}\n" for r in rows.values() if r)
    write(inbox / f"教职工日报/全校{month}月{of_month}日.csv", text)


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def reports(inbox: Path, day: str) -> None:
    """Write the units' reports of a day."""
    write(
        inbox / f"零报告/零报告{day}.csv",
        "提交时间,单位名称,报告日期,应报人数,实报人数,异常人数,疑似,确诊,是否零报告,填报人\n"
        f"{day} 08:10:00,教务处,{day},2,2,0,0,0,是,褚航敏\n{day} 08:20:00,会计学院,{day},2,2,0,0,0,否,奚悦恩\n",
    )


def invoke(root: Path, *words: str, code: int = 0, **options: object) -> Result:
    result = CliRunner().invoke(jianbao, ["--project", str(root), *words], catch_exceptions=False, **options)
    assert result.exit_code == code, result.output
    return result


def setting(root: Path, text: str) -> None:
    """Add lines to an office's settings."""
    path = root / "jianbao.toml"
    path.write_text(path.read_text("utf-8") + f"\n{text}\n", encoding="utf-8")


def new_key(folder: Path, name: str) -> Path:
    """Make a key pair without a passphrase."""
    path = folder / name
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(path)], check=True, capture_output=True)
    return path


@pytest.fixture
def run() -> Run:
    """The command line, run in this process: `run(office, "publish", …)`."""
    return invoke


@pytest.fixture(scope="session")
def first_office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office with one day published, signed with a key of its own; nobody changes it."""
    root = tmp_path_factory.mktemp("made") / "office"
    make_office(root, school="榆溪学院", office="防控工作办公室")
    settings = root / "jianbao.toml"
    settings.write_text(settings.read_text("utf-8").replace('signed_by = ""', 'signed_by = "林签发"'), encoding="utf-8")
    new_key(root.parent, "key")
    setting(root, '[record]\nkey = "../key"')
    write(root / "inbox/花名册/单位.csv", UNITS)
    write(root / "inbox/花名册/教职工.csv", STAFF)
    staff_sheet(root / "inbox", DAY)
    reports(root / "inbox", DAY)
    write(root / "inbox/部门动态/动态.csv", "日期,单位,标题,内容\n2020-02-06,教务处,线上教学准备就绪,全校网络课程完成检查。\n")
    write(root / "site/notices/n.md", "---\ntitle: 通知一则\nkind: notice\nstatus: signed\ndate: 2020-02-06\n---\n\n见[附件](a.csv)。\n")
    write(root / "site/notices/a.csv", "甲,乙\n1,2\n")
    write(
        root / "site/notices/in.md",
        "---\ntitle: 内部办法\nkind: notice\nstatus: signed\naudience: internal\ndate: 2020-02-06\n---\n\n内部。\n",
    )
    invoke(root, "publish", "--date", DAY, "--as-of", NOON)
    return root


def furnish(root: Path) -> None:
    """Make an office with every ledger filled, a key of its own, a notice with attachments, and nothing published."""
    make_office(root, school="榆溪学院", office="防控工作办公室")
    invoke(root, "sample", "--small", "--days", "2")
    settings = root / "jianbao.toml"
    settings.write_text(settings.read_text("utf-8").replace('signed_by = ""', 'signed_by = "林签发"'), encoding="utf-8")
    new_key(root.parent, "key")
    setting(root, '[record]\nkey = "../key"')
    write(
        root / "site/notices/n.md",
        "---\ntitle: 通知一则\nkind: notice\nstatus: signed\ndate: 2026-03-02\n---\n\n见[附件](附件/a.csv)和[表格](b.xlsx)。\n",
    )
    write(root / "site/notices/附件/a.csv", "甲,乙\n1,2\n")
    (root / "site/notices/b.xlsx").write_bytes(workbook_bytes([Worksheet("表", [("物资", "数量"), ("口罩", 30)])]))


LEDGER_DAY = "2026-03-02"


@pytest.fixture(scope="session")
def first_full_office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office with every ledger filled and one day published, and beside it (`unpublished`) the same before; nobody changes it."""
    root = tmp_path_factory.mktemp("full") / "office"
    furnish(root)
    shutil.copytree(root, root.with_name("unpublished"))
    invoke(root, "publish", "--date", LEDGER_DAY, "--as-of", f"{LEDGER_DAY}T12:00")
    return root


def with_key(office: Path, folder: Path) -> Path:
    """Copy an office, its key beside it, into a folder."""
    for name in ("key", "key.pub"):
        shutil.copy2(office.parent / name, folder / name)
    return shutil.copytree(office, folder / "office")


@pytest.fixture
def full_office(first_full_office: Path, tmp_path: Path) -> Path:
    """A copy of the office with every ledger, its key beside it."""
    return with_key(first_full_office, tmp_path)


@pytest.fixture
def office(first_office: Path, tmp_path: Path) -> Path:
    """A copy of the office with its key beside it."""
    return with_key(first_office, tmp_path)
