"""A province's day beside its floor: the same file read by Arrow alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from made_day import DAY
from made_province import PERSONS

Work = Callable[[], object]


def bare_ledger(office: Path) -> Work:
    """The floor: Arrow reads the day's rows, every column of them."""
    import pyarrow.parquet as pq

    path = office / "private" / "ledger" / "health" / f"{DAY}.parquet"

    def work() -> object:
        rows = pq.read_table(path)
        assert rows.num_rows == PERSONS
        return rows

    return work


def a_province(office: Path) -> Work:
    """What `jianbao figures --from DAY --to DAY` does for a day, from the ledger to the figures."""
    from jianbao.clock import parse_moment
    from jianbao.engine import open_engine
    from jianbao.forms.load import load_forms
    from jianbao.ledger import Ledger
    from jianbao.pipeline.recount import kept_desk, recount_day
    from jianbao.project import Project
    from jianbao.validation import Registers

    project = Project.open(office)
    forms = load_forms(project.forms, project.settings.names)
    ledger, noon = Ledger(project.private / "ledger"), parse_moment(f"{DAY}T12:00", project.zone)

    def work() -> object:
        with open_engine(project.settings.engine) as engine:
            desk = kept_desk(project, forms, ledger, Registers(), day=DAY, as_of=noon)
            done = recount_day(project, desk, ledger, engine, {}, lambda _rows: None)
        assert [f.received for f in done.figures if f.name == "on_campus"] == [PERSONS]
        return done

    return work


WORKS: Final[Mapping[str, Callable[[Path], Work]]] = {"arrow": bare_ledger, "province": a_province}
