"""The sample school's days, written into an inbox that is empty; the sample city's schools, each with its record."""

from __future__ import annotations

import json
import multiprocessing
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, replace
from datetime import date, datetime, timedelta
from pathlib import Path

from jianbao import files, signing
from jianbao.errors import UsageError
from jianbao.messages import _
from jianbao.pipeline.office import make_office
from jianbao.pipeline.publish import PublishOptions, publish
from jianbao.project import Project
from jianbao.record import FACTS, Record
from jianbao.sample import FULL, SAMPLE_DAYS, SMALL, write_sample
from jianbao.sample.city import ALTERED, CITY_OFFICE, FORMS, SIGNATORY, CitySchool, city_schools
from jianbao.settings import SETTINGS_FILE, OfficeSource, RecordSettings
from jianbao.sources.folder import scan


def write_sample_days(project: Project, *, count: int, small: bool) -> Sequence[date]:
    """Write the sample school's sheets of `count` days, and return the days.

    Raises UsageError where the inbox holds anything: real sheets and invented ones must never mix.
    """
    if next(scan(project.inbox), None):
        raise UsageError(
            _("收件文件夹 {folder} 不是空的").format(folder=project.inbox), _("示范数据只写进空的收件文件夹，以免与真实数据混在一起。")
        )
    days = [SAMPLE_DAYS[0] + timedelta(days=n) for n in range(count)]
    write_sample(project.inbox, days, size=SMALL if small else FULL)
    return days


def write_city(project: Project, told: Callable[[int, int], None]) -> date:
    """Make the sample city's schools below `schools/`, let each publish its day, enter them in the settings; return the day.

    Every record is one that `publish` sealed; that of one school is changed afterwards. Raises UsageError where the
    office is not one above others, or knows some already.
    """
    if project.settings.source_kind != "offices" or project.settings.offices:
        raise UsageError(_("示范城市只写进新建的上级机关"), _("先运行 jianbao init 文件夹 --offices。"))
    schools, day = city_schools(), SAMPLE_DAYS[0]
    sources: list[OfficeSource] = []
    with ProcessPoolExecutor(min(4, os.cpu_count() or 1), mp_context=multiprocessing.get_context("spawn")) as pool:
        for made in [pool.submit(_city_school, project.root / "schools", school, day) for school in schools]:
            sources.append(made.result())
            told(len(sources), len(schools))
    settings = project.root / SETTINGS_FILE
    files.write_text(settings, files.read_text(settings).rstrip("\n") + "\n" + _office_lines(sources))
    return day


def _office_lines(offices: Sequence[OfficeSource]) -> str:
    """Return the lines of jianbao.toml that name these offices as sources. What JSON writes of text and lists is TOML too."""
    told = ({key: value for key, value in asdict(o).items() if value} for o in offices)
    return "".join("\n[[source.office]]\n" + "".join(f"{k} = {json.dumps(v, ensure_ascii=False)}\n" for k, v in o.items()) for o in told)


def _city_school(folder: Path, school: CitySchool, day: date) -> OfficeSource:
    """Make one school, and let it publish if it does."""
    name = f"{school.place + 1:02d}-{files.legal_name(school.name)}"
    folder = folder / name
    make_office(folder, school=school.name, office=CITY_OFFICE)
    for path in files.walk(folder / "forms_schema"):
        if path.parent.name == "forms_schema" and path.stem not in FORMS:
            files.remove(path)
    for sheet, data in school.sheets(day):
        files.write_bytes(folder / "inbox" / sheet, data, lasting=False)
    key = signing.new_key(folder / "private" / "key", school.name) if signing.available() else None
    if school.published:
        office = Project.open(folder)
        office = replace(office, settings=replace(office.settings, record=RecordSettings(key=str(key) if key else "")))
        moment = datetime.combine(day, school.published, office.zone)
        publish(office, PublishOptions(day, moment, SIGNATORY), lambda _step: None)
    if school.place == ALTERED:
        _alter(folder / "record")
    files.remove(folder / "build")
    keys = (signing.public_key(key),) if key else ()
    return OfficeSource(school.name, f"schools/{name}", keys, school.kind, school.district)


def _alter(record: Path) -> None:
    """Change a sealed number, as somebody might who does not want it known."""
    last = Record.open(record).last
    path = last.folder / "data" / FACTS if last else record
    files.write_text(path, files.read_text(path).replace('"value": 1,', '"value": 0,'))
