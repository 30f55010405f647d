"""Old workbooks in a process of their own: read there, and a child that dies or stalls costs its file alone."""

from __future__ import annotations

import io
import subprocess
import threading
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from jianbao.sources import Unreadable, WorkbookCells, isolated
from jianbao.sources.isolated import IsolatedReader, receive, send
from jianbao.sources.workbook import read_workbook
from jianbao.values import Code

FIXTURES: Final = Path(__file__).parents[1] / "fixtures" / "workbooks"
XLS: Final = (FIXTURES / "日报.xls").read_bytes()
ODS: Final = (FIXTURES / "日报.ods").read_bytes()

NAMES: Final = " ".join(f'xmlns:{p}="urn:oasis:names:tc:opendocument:xmlns:{p}:1.0"' for p in ("office", "table", "text"))


def unfolding(rows: int, columns: int) -> bytes:
    """Return an .ods of one kilobyte whose single cell of text stands for rows × columns cells."""
    cell = (
        f'<table:table-cell table:number-columns-repeated="{columns}" office:value-type="string"><text:p>体温</text:p></table:table-cell>'
    )
    row = f'<table:table-row table:number-rows-repeated="{rows}">{cell}</table:table-row>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("mimetype"), "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
            '<manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>'
            "</manifest:manifest>",
        )
        archive.writestr(
            "content.xml",
            f'<?xml version="1.0"?><office:document-content {NAMES}><office:body><office:spreadsheet>'
            f'<table:table table:name="日报">{row}</table:table></office:spreadsheet></office:body></office:document-content>',
        )
    return out.getvalue()


SLOW: Final = unfolding(2000, 1000)
"""Two million cells, as many as a sheet may have: some seconds of work."""


@pytest.fixture
def children(monkeypatch: pytest.MonkeyPatch) -> list[subprocess.Popen[bytes]]:
    """Every process that is started from here on."""
    started: list[subprocess.Popen[bytes]] = []

    class Noted(subprocess.Popen[bytes]):
        def __init__(self, *args: Any, **options: Any) -> None:
            super().__init__(*args, **options)
            started.append(self)

    monkeypatch.setattr(subprocess, "Popen", Noted)
    return started


@pytest.fixture
def reader(children: list[subprocess.Popen[bytes]]) -> Iterator[IsolatedReader]:
    with IsolatedReader() as one:
        yield one
    assert all(child.poll() is not None for child in children), "a child outlived its reader"


def good(found: WorkbookCells | Unreadable) -> bool:
    return isinstance(found, WorkbookCells) and found.grids[0].rows[2][:3] == ["会计学院", "甲乙", "00123"]


@pytest.mark.parametrize("data", [XLS, ODS], ids=["xls", "ods"])
def test_old_formats_are_read_in_the_child(reader: IsolatedReader, children: list[subprocess.Popen[bytes]], data: bytes) -> None:
    assert good(read_workbook(data, title="x", text=False, isolate=reader.read))
    assert len(children) == 1


def test_one_child_serves_many_files(reader: IsolatedReader, children: list[subprocess.Popen[bytes]]) -> None:
    assert all(good(reader.read(data)) for data in (XLS, ODS, XLS, ODS))
    assert len(children) == 1


def test_no_child_where_there_is_nothing_to_read(reader: IsolatedReader, children: list[subprocess.Popen[bytes]]) -> None:
    with reader:
        pass
    assert children == []


def test_a_child_that_is_killed_costs_its_file(reader: IsolatedReader, children: list[subprocess.Popen[bytes]]) -> None:
    assert good(reader.read(XLS))
    children[0].kill()
    children[0].wait()
    lost = reader.read(XLS)
    assert isinstance(lost, Unreadable)
    assert (lost.code, bool(lost.reason)) == (Code.UNREADABLE_WORKBOOK, True)
    assert good(reader.read(XLS))
    assert len(children) == 2


def test_a_child_killed_at_work_costs_its_file(reader: IsolatedReader, children: list[subprocess.Popen[bytes]]) -> None:
    assert good(reader.read(XLS))
    killer = threading.Timer(0.2, children[0].kill)
    killer.start()
    assert isinstance(reader.read(SLOW), Unreadable)
    killer.join()
    assert good(reader.read(ODS))


def test_a_child_that_stalls_costs_its_file(
    reader: IsolatedReader, children: list[subprocess.Popen[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two million cells from one kilobyte take longer than this office will wait."""
    assert len(SLOW) < 2000
    assert good(reader.read(XLS))
    monkeypatch.setattr(isolated, "SECONDS", 0.2)
    began = time.monotonic()
    stalled = reader.read(SLOW)
    assert time.monotonic() - began < 3
    assert isinstance(stalled, Unreadable)
    monkeypatch.setattr(isolated, "SECONDS", 60)
    assert good(reader.read(ODS))
    assert len(children) == 2


def test_a_watchdog_of_a_file_read_in_time_kills_nobody(
    reader: IsolatedReader, children: list[subprocess.Popen[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert good(reader.read(XLS))
    monkeypatch.setattr(isolated, "SECONDS", 0.5)
    assert good(reader.read(XLS))
    time.sleep(0.7)
    assert children[0].poll() is None
    assert good(reader.read(ODS))


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(XLS[:1024], id="half an xls"),
        pytest.param(ODS[:1024], id="half an ods"),
        pytest.param(XLS[:512] + b"\xff" * 4096, id="an xls of noise"),
        pytest.param(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, id="an empty container"),
        pytest.param(b"PK\x05\x06" + b"\0" * 18, id="an empty zip"),
    ],
)
def test_what_cannot_be_read_is_said_by_the_same_child(
    reader: IsolatedReader, children: list[subprocess.Popen[bytes]], data: bytes
) -> None:
    assert isinstance(reader.read(data), Unreadable)
    assert good(reader.read(ODS))


def test_two_threads_take_turns(reader: IsolatedReader, children: list[subprocess.Popen[bytes]]) -> None:
    found: list[bool] = []
    threads = [threading.Thread(target=lambda data=data: found.append(good(reader.read(data)))) for data in (XLS, ODS) * 4]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [True] * 8
    assert len(children) == 1


def test_send_and_receive() -> None:
    pipe = io.BytesIO()
    send(pipe, b"one")
    send(pipe, b"")
    pipe.seek(0)
    assert (receive(pipe), receive(pipe)) == (b"one", b"")
    with pytest.raises(EOFError):
        receive(pipe)


@pytest.mark.parametrize("cut", [1, 4, 9])
def test_a_message_cut_off_is_the_end(cut: int) -> None:
    pipe = io.BytesIO()
    send(pipe, b"three")
    with pytest.raises(EOFError):
        receive(io.BytesIO(pipe.getvalue()[:cut]))
