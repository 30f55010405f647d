"""An office with one briefing of four pages to print, and beside it, in `ready/`, all that the typesetter is handed for it."""

from __future__ import annotations

import io
import json
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from unittest import mock

from made_day import write_sample_office

from jianbao import files

PAGES: Final = 4
_MORE: Final = "各单位当日工作：{n}。通风、消毒、测温按时完成，来访逐人登记，缺报的班级由辅导员当面补报，物资按周清点并公布结存。"


def write_briefing(folder: Path) -> None:
    """Write the office: settings, `briefing.md` and `facts.json` of the sample's first day, lengthened to four pages."""
    from jianbao import clock
    from jianbao.briefing import briefing_path
    from jianbao.facts import to_json
    from jianbao.pipeline.disclose import day_facts
    from jianbao.pipeline.publish import write_draft
    from jianbao.pipeline.work import work_day
    from jianbao.project import Project
    from jianbao.sample import SAMPLE_DAYS

    with tempfile.TemporaryDirectory() as scratch:
        office, day = Path(scratch) / "office", SAMPLE_DAYS[0]
        write_sample_office(office)
        project = Project.open(office)
        noon = datetime(day.year, day.month, day.day, 12, tzinfo=clock.now(project.zone).tzinfo)
        write_draft(project, day=day, as_of=noon)
        files.write_text(folder / "facts.json", to_json(day_facts(work_day(project, as_of=noon, day=day))))
        files.write_text(folder / "jianbao.toml", files.read_text(office / "jianbao.toml"))
        source = files.read_text(project.pages / briefing_path(day))
    lines = 0
    while True:
        more = "".join(f"\n{_MORE.format(n=n)}\n" for n in range(lines))
        files.write_text(folder / "briefing.md", source + more)
        count = _keep_ready(folder)
        if count >= PAGES:
            break
        lines += 4
    assert count == PAGES, count


def _keep_ready(folder: Path) -> int:
    """Print the briefing, keep what the typesetter was handed for it, and return the number of pages."""
    import typst
    from printed import ours
    from pypdf import PdfReader

    compiler, target = typst.Compiler, folder / "ready"

    def listened(**handed: Any) -> typst.Compiler:
        files.remove(target)
        files.copy_tree(Path(handed["root"]), target)
        files.write_bytes(target / "layout.typ", handed["input"])
        files.write_text(target / "data.json", json.dumps(json.loads(handed["sys_inputs"]["data"]), ensure_ascii=False))
        return compiler(**handed)

    with mock.patch.object(typst, "Compiler", listened):
        return len(PdfReader(io.BytesIO(ours(folder))).pages)
