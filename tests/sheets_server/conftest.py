"""An emulated Google for each test; whatever was asked and answered is held against Google's discovery documents at its end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import gspread
import pytest

from sheets_server import Server, discovery, serve


@pytest.fixture
def google(tmp_path: Path) -> Iterator[Server]:
    """A Google of the test's own."""
    with serve(tmp_path / "google") as server:
        yield server
        assert discovery.problems(server.requests) == []
        assert (server.broken, server.strangers) == ([], [])


@pytest.fixture
def client(google: Server) -> gspread.Client:
    """Real gspread, signed in as the service account."""
    return google.client()
