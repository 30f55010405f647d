"""An emulated Google, and an office whose sheets are its books."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sheets_server import Server, discovery, serve

from .desk import Desk


@pytest.fixture
def google(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """An emulated Google that answers under its own names; every answer and request is held against Google's documents."""
    with serve(tmp_path / "google") as server:
        for name, value in server.environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("JIANBAO_GOOGLE_MINUTE", "0.6")
        yield server
        assert discovery.problems(server.requests) == []
        assert server.strangers == []


@pytest.fixture
def desk(tmp_path: Path, google: Server) -> Desk:
    """An office of which nothing is online yet."""
    return Desk(tmp_path / "学校", google)
