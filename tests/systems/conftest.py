"""The small school, with a quiet day."""

from __future__ import annotations

from pathlib import Path

import pytest

from .school import School


@pytest.fixture
def school(tmp_path: Path) -> School:
    """The school with its rosters and no report yet."""
    return School(tmp_path / "学校")
