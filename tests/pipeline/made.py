"""A ledger of many days, written as the product writes it, for what counts from the ledger."""

from __future__ import annotations

import os
import time
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa

from jianbao.counting import Partial
from jianbao.forms import FormSpec
from jianbao.forms.load import load_forms
from jianbao.ledger import Ledger, with_first_seen
from jianbao.pipeline.counting import Piece, count_piece
from jianbao.pipeline.desk import settings_on
from jianbao.project import Project
from jianbao.validation import Registers, check_day

FIRST: Final = date(2020, 2, 6)
FORM: Final = """\
name: health
title: 健康日报
primaryKey: [date, person_no]
missingValues: [""]
jianbao:
  version: 1
  kind: daily
  subject: person
  indicators:
    - {name: fever, title: 发热, unit: 人, count: distinct person_no, where: temperature > fever_threshold}
    - {name: returned, title: 返校累计, unit: 人, count: distinct person_no, where: returned, window: to_date, monotonic: true}
    - {name: ill_lately, title: 近三日发热, unit: 人, count: distinct person_no, where: temperature > fever_threshold, window: days(3)}
    - {name: mean_temperature, title: 平均体温, unit: ℃, mean: temperature}
    - {name: degrees, title: 体温之和, unit: ℃, sum: temperature}
    - {name: highest, title: 最高体温, unit: ℃, max: temperature, window: days(7)}
    - {name: answers, title: 测温次数, unit: 次, count: temperature, where: given(temperature)}
fields:
  - {name: date, title: 日期, type: date, jianbao: {role: day}}
  - {name: person_no, title: 学工号, type: string, constraints: {required: true}, jianbao: {privacy: identifier}}
  - {name: unit, title: 学院, type: string, jianbao: {role: unit}}
  - {name: temperature, title: 体温, type: number}
  - {name: returned, title: 返校, type: boolean, trueValues: [是], falseValues: [否]}
"""
TOML: Final = """\
[school]
name = "榆溪学院"
office = "防控办"
[[setting]]
name = "fever_threshold"
value = 37.2
since = 2020-01-01
"""


def write_ledger(root: Path, days: int, *, persons: int = 200, last: int = 300_000) -> Path:
    """Write an office with some days of rows, the last of them so many that they are kept in parts."""
    for name in ("forms_schema", "inbox"):
        (root / name).mkdir(parents=True)
    (root / "jianbao.toml").write_text(TOML, encoding="utf-8")
    (root / "forms_schema/health.yaml").write_text(FORM, encoding="utf-8")
    project = Project.open(root)
    form = load_forms(project.forms, project.settings.names)["health"]
    ledger = Ledger(project.private / "ledger")
    for number in range(days):
        day = FIRST + timedelta(number)
        rows = _rows(project, form, day, last if number == days - 1 else persons)
        ledger.write(form, day, with_first_seen(form, rows, None, datetime(2020, 2, 6, tzinfo=project.zone)), "made")
    return root


def _rows(project: Project, form: FormSpec, day: date, persons: int) -> pa.Table:
    chance = np.random.default_rng(day.toordinal())
    empty = check_day(form, day, [], Registers(), settings_on(project, day)).accepted
    told = {
        "date": pa.array([day] * persons), "person_no": pa.array([f"{n:06d}" for n in range(persons)]),
        "unit": pa.array([f"第{n % 9}学院" for n in range(persons)]),
        "temperature": pa.array(np.round(chance.normal(36.6, 0.4, persons), 1), mask=chance.random(persons) < 0.1),
        "returned": pa.array(chance.random(persons) < 0.1),
    }  # fmt: skip
    return pa.table([told[f.name].cast(f.type) if f.name in told else pa.nulls(persons, f.type) for f in empty.schema], schema=empty.schema)


def slowly(piece: Piece) -> tuple[int, tuple[Partial, ...]]:
    """Count a piece as the product does, taking long enough to be killed meanwhile; say which process did it."""
    time.sleep(0.05)
    return os.getpid(), count_piece(piece)
