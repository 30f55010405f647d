"""The ledgers' lists for the office, a workbook each under private/lists/, and a trace on demand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from jianbao import files, handout
from jianbao.errors import UsageError
from jianbao.followup import Alert
from jianbao.ledgers import MadeView, Met, Stay, make_view, meetings, stays
from jianbao.messages import _, did_you_mean, listed
from jianbao.pipeline.disclose import spoken_cell
from jianbao.pipeline.work import DayWork

_NOTICES = "通知"


def write_lists(work: DayWork) -> list[Path]:
    """Write every list that the forms declare and has rows, and the alerts for each receiver; those that are empty now go."""
    folder = files.private_folder(work.project.lists / work.day.isoformat())
    written = [path for made in made_lists(work) for path in _write(folder, made)]
    written += _write_notices(folder / _NOTICES, work)
    return written


def made_lists(work: DayWork) -> Iterator[MadeView]:
    """Yield the lists of all forms with their rows; none that would rest on rows deleted after their time."""
    for form in work.forms:
        for view in form.views:
            if not view.page and not work.is_cut(form, view):
                yield make_view(work.desk, form, view)


def _write(folder: Path, made: MadeView) -> Iterator[Path]:
    name = files.legal_name(made.view.title)
    files.remove(folder / name)
    files.remove(folder / f"{name}.xlsx")
    if made.view.per:
        for part in dict.fromkeys(made.parts):
            rows = [row for row, own in zip(made.rows, made.parts, strict=True) if own == part]
            yield _put(folder / name / f"{files.legal_name(part or '单位不明')}.xlsx", made, rows)
    elif made.rows:
        yield _put(folder / f"{name}.xlsx", made, [*made.rows, *([made.total] if made.total else [])])


def _put(path: Path, made: MadeView, rows: Sequence[Sequence[object]]) -> Path:
    body = [[spoken_cell(v) for v in row] for row in rows]
    files.write_bytes(path, handout.table_list(made.view.title, made.head, body), private=True, lasting=False)
    return path


def _write_notices(folder: Path, work: DayWork) -> list[Path]:
    """Write, a workbook a receiver, whom each must see to; a role that every unit has gets one a unit."""
    files.remove(folder)
    found: dict[str, list[Alert]] = {}
    per = {r.role: r.per for r in work.project.settings.receivers}
    for alert in work.alerts:
        for role in (r.strip() for r in alert.receiver.replace("，", "、").split("、")):
            place = {"unit": alert.unit, "campus": alert.campus}.get(per.get(role, ""), "")
            if role:
                found.setdefault(f"{role}（{place}）" if place else role, []).append(alert)
    written = []
    for receiver, alerts in sorted(found.items()):
        path = folder / f"{files.legal_name(receiver)}.xlsx"
        files.write_bytes(path, handout.alert_list(alerts), private=True, lasting=False)
        written.append(path)
    return written


def find_view(work: DayWork, name: str) -> MadeView:
    """Return one table or list by its name or title.

    Raises UsageError where no form declares it.
    """
    known = {v: f for f in work.forms for v in f.views}
    for view, form in known.items():
        if name in (view.name, view.title):
            return make_view(work.desk, form, view)
    titles = [v.title for v in known]
    known_are = _("可用的有：{names}").format(names=listed(titles))
    raise UsageError(_("没有名为 {name} 的表").format(name=name) + did_you_mean(name, titles), known_are)


@dataclass(frozen=True, slots=True)
class Traced:
    """Where somebody was on a day, and who was there; both for the office alone. `path` is None where they were nowhere."""

    own: Sequence[Stay]
    met: Sequence[Met]
    path: Path | None


def trace(work: DayWork, who: str) -> Traced:
    """Write who was with somebody on the day into private/lists/, and return it."""
    own, met = meetings(stays(work.desk, work.forms), who)
    if not own:
        return Traced(own, met, None)
    path = files.private_folder(work.project.lists / work.day.isoformat()) / f"{files.legal_name(f'追踪_{who}')}.xlsx"
    sheets: Mapping[str, tuple[list[str], list[list[object]]]] = {
        _("同处人员"): (
            [_("姓名"), _("联系信息"), _("单位"), _("地点"), _("从"), _("到"), _("台账"), _("来源")],
            [[m.stay.name, listed(m.stay.known_by), m.stay.unit, m.stay.place, f"{m.start:%H:%M}", f"{m.end:%H:%M}",
              m.stay.form.title, m.stay.at.said] for m in met],
        ),
        _("本人行踪"): (
            [_("姓名"), _("地点"), _("从"), _("到"), _("台账"), _("来源")],
            [[s.name, s.place, f"{s.start:%H:%M}", f"{s.end:%H:%M}", s.form.title, s.at.said] for s in own],
        ),
    }  # fmt: skip
    files.write_bytes(path, handout.table_lists(sheets), private=True)
    return Traced(own, met, path)
