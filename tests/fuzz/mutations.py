"""Spoils good files at random and reads them: `python mutations.py KIND FIRST LAST` in a process that may die of it.

Prints the number of each file before it is read, and at the end what went wrong, as one JSON line. Run by test_mutations.py;
a seed that failed is run again with `python mutations.py KIND SEED SEED+1`.
"""

from __future__ import annotations

import io
import json
import random
import re
import sys
import traceback
import zipfile
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Final

WORKBOOKS: Final = Path(__file__).parents[1] / "fixtures" / "workbooks"
DAY: Final = date(2020, 2, 6)
TABLE: Final = (
    "部门,姓名,工号,是否返省,返省日期,体温,备注\r\n"
    '会计学院,甲乙,00123,是,2020-02-03,36.5,"在家,未出"\r\n'
    ",丙丁,00124,否,,36.6℃,\r\n合计,,,2,,,\r\n"
)
NASTY: Final = [
    "NaN", "inf", "-1", "1e999", "9" * 400, "9" * 5000, "", " ", "1048576", "XFD1048576", "A0", "\u3000", "#REF!", "Err:502", "=1+1",
    "合计", "填报人：", "２０２０", "፩",
    "2020-02-30", "1900-01-00", "十十", "﷽" * 50, "&#0;", "&amp;", "]]>", "<!--", "\ufeff", "true", "-0", "0.1e-400", "43867", "60",
    "2958466",
]  # fmt: skip
INTACT: Final = 0.05
"""The share of files that stay as they were: they must be read."""


def bases(kind: str) -> list[bytes]:
    """Return the good files of a kind."""
    if kind == "csv":
        return [TABLE.encode(e) for e in ("utf-8", "utf-8-sig", "utf-16", "gb18030")] + [TABLE.replace(",", "\t").encode()]
    return [
        p.read_bytes()
        for p in sorted(WORKBOOKS.glob(f"*.{kind}"))
        if p.stem in ("日报", "日报（另存）", "公式错误", "两级表头", "1904", "花名册")
    ]


def spoil_bytes(data: bytes, chance: random.Random) -> bytes:
    """Return bytes with some of them changed, gone, doubled or moved."""
    spoilt = bytearray(data)
    for _ in range(chance.choice((1, 1, 1, 2, 5, 20))):
        if not spoilt:
            break
        at, length = chance.randrange(len(spoilt)), chance.choice((1, 1, 2, 4, 16, 200))
        action = chance.randrange(6)
        if action == 0:
            spoilt[at] ^= 1 << chance.randrange(8)
        elif action == 1:
            spoilt[at : at + length] = chance.randbytes(length)
        elif action == 2:
            del spoilt[at : at + length]
        elif action == 3:
            spoilt[at:at] = spoilt[at : at + length]
        elif action == 4:
            spoilt[at : at + length] = chance.choice((b"\0", b"\xff")) * length
        else:
            del spoilt[at:]
    return bytes(spoilt)


def spoil_text(text: str, chance: random.Random) -> str:
    """Return XML or a text table with some of its words, numbers and tags changed."""
    for _ in range(chance.choice((1, 1, 2, 5))):
        if not text:
            break
        words = [m.span() for m in re.finditer(r"[0-9.]+|[A-Z]+[0-9]+|<[^<>]*>|[^<>=\"',\s]+", text)]
        if not words:
            return text
        start, end = chance.choice(words)
        action = chance.randrange(5)
        if action <= 1:
            text = text[:start] + chance.choice(NASTY) + text[end:]
        elif action == 2:
            text = text[:start] + text[end:]
        elif action == 3:
            text = text[:end] + text[start:end] * chance.choice((1, 3, 50)) + text[end:]
        else:
            other = chance.choice(words)
            text = text[:start] + text[other[0] : other[1]] + text[end:]
    return text


def spoil_parts(data: bytes, chance: random.Random) -> bytes:
    """Return a zip in which one part's text is spoilt, all else being whole."""
    with zipfile.ZipFile(io.BytesIO(data)) as old:
        parts = {i.filename: old.read(i) for i in old.infolist()}
    names = [n for n in parts if n.endswith((".xml", ".rels"))]
    name = chance.choice([*names, *[n for n in names if "sheet" in n or n == "content.xml"] * 4])
    parts[name] = spoil_text(parts[name].decode("utf-8", "replace"), chance).encode("utf-8", "replace")
    if chance.random() < 0.05:
        del parts[chance.choice(names)]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part, content in parts.items():
            new.writestr(zipfile.ZipInfo(part), content)
    return out.getvalue()


def spoilt(kind: str, seed: int, good: list[bytes]) -> tuple[bytes, bool]:
    """Return file number `seed` of a kind, and whether it is whole."""
    chance = random.Random(f"{kind} {seed}")
    data = chance.choice(good)
    if chance.random() < INTACT:
        return data, True
    if kind in ("xlsx", "ods") and chance.random() < 0.7:
        return spoil_parts(data, chance), False
    if kind == "csv" and chance.random() < 0.5:
        return spoil_text(TABLE, chance).encode(chance.choice(("utf-8", "gb18030", "utf-16")), "replace"), False
    return spoil_bytes(data, chance), False


def reader_of(kind: str) -> tuple[Callable[[bytes], object], Callable[[], None]]:
    """Return what reads a file of a kind to its end, and what closes it."""
    from jianbao.forms.load import load_forms
    from jianbao.project import shipped
    from jianbao.reading import Readers, read_file, summary_of
    from jianbao.sources import Unreadable
    from jianbao.sources.isolated import IsolatedReader
    from jianbao.sources.workbook import read_workbook
    from jianbao.validation import Registers, SourcedSheet, check_day

    forms = load_forms(shipped("forms_schema"), {"fever_threshold", "observation_days", "missed_contact", "low_cover_days"})
    isolated = IsolatedReader()
    name = f"教职工日报/日报.{kind}"

    def read(data: bytes) -> object:
        cells = read_workbook(data, title="日报", text=kind == "csv", isolate=isolated.read)
        assert not isinstance(cells, Unreadable) or (cells.code and cells.reason), "unreadable without a reason"
        reading = read_file(name, cells, forms, Readers(DAY))
        assert reading.sheets or reading.findings, "neither read nor named"
        for sheet in reading.sheets:
            sourced = [SourcedSheet(name, "0", DAY, sheet)]
            days = {d for found in summary_of(reading).values() for d in found} - {None}
            for day in [None] if forms[sheet.form].kind == "register" else sorted({DAY, *list(days)[:3]}, key=str):
                check_day(forms[sheet.form], day, sourced, Registers(), {"fever_threshold": 37.2, "low_cover_days": 7, "today": day})
        return reading.sheets or None

    return read, isolated.__exit__


def main(kind: str, first: int, last: int) -> None:
    """Spoil and read files, and print what went wrong."""
    read, close = reader_of(kind)
    good, wrong, outcomes = bases(kind), [], Counter[str]()
    for seed in range(first, last):
        sys.stdout.write(f"{seed}\n")
        sys.stdout.flush()
        data, whole = spoilt(kind, seed, good)
        try:
            found = read(data)
            outcomes["read" if found else "named"] += 1
            if whole and not found:
                wrong.append({"seed": seed, "what": "a whole file was not read", "where": ""})
        except Exception as error:  # noqa: BLE001  # whatever it is, it is what this looks for
            last_frames = [f"{Path(f.filename).name}:{f.name}" for f in traceback.extract_tb(error.__traceback__)[-2:]]
            wrong.append({"seed": seed, "what": f"{type(error).__name__}: {str(error)[:60]}", "where": " ".join(last_frames)})
    close()
    sys.stdout.write(json.dumps({"wrong": wrong, **outcomes}) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
