"""What the terminal says: steps as they are taken, and at the end what was done, what is missing, where to look."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

import click

from jianbao import wording
from jianbao.cli.frame import shown
from jianbao.cli.meter import Meter
from jianbao.cli.shapes import figure_line
from jianbao.errors import Blocked, Refused, UsageError
from jianbao.facts import PartFact
from jianbao.figures import spoken_value
from jianbao.forms import FormSet
from jianbao.ledgers import MadeView
from jianbao.messages import _, listed
from jianbao.patterns import CODES as PATTERNS
from jianbao.pipeline.disclose import spoken_cell
from jianbao.pipeline.explain import Explanation, Moved, Released
from jianbao.pipeline.lists import Traced
from jianbao.pipeline.marking import MarkedBook
from jianbao.pipeline.office import Health, examine_now
from jianbao.pipeline.papers import Added
from jianbao.pipeline.publish import Published
from jianbao.pipeline.pull import Pulled
from jianbao.pipeline.recount import Recounted
from jianbao.pipeline.supervise import Supervised
from jianbao.pipeline.work import DayWork
from jianbao.project import Project
from jianbao.record import Record
from jianbao.signing import available, fingerprint
from jianbao.values import Severity, UnitState, count_findings, said_place
from jianbao.verification import Discrepancy


class Teller:
    """Says which step is under way: a line each; on a terminal with one below it that moves."""

    def __init__(self, project: Project) -> None:
        self._root = project.root
        self._meter = project.watch if isinstance(project.watch, Meter) else Meter()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._meter.stop()
        if error is not None and not isinstance(error, Blocked | Refused | UsageError):
            tell_health(examine_now(self._root), only_trouble=True)

    def step(self, what: str) -> None:
        """Say that a step begins."""
        if self._meter.shows:
            self._meter.step(what)
        else:
            click.echo(f"· {what}", err=True)


def tell_day(work: DayWork) -> None:
    """Say how complete the day is, its figures, and what is wrong."""
    units = work.completeness
    click.echo(_("{day}（截至 {clock}）").format(day=work.day, clock=work.as_of.strftime("%Y-%m-%d %H:%M")))
    click.echo(_("单位：应报 {expected}，实报 {received}").format(expected=units.expected, received=units.received))
    for state, title in ((UnitState.MISSING, _("未报")), (UnitState.REJECTED, _("报告无效")),
                         (UnitState.UNREACHED, _("未读到，不算漏报"))):  # fmt: skip
        names = [u.unit for u in units.in_state(state)]
        if names:
            click.echo(_("  {title}（{count}）：{names}").format(title=title, count=len(names), names=listed(names)))
    if units.late:
        click.echo(_("  迟报（{count}）：{names}").format(count=len(units.late), names=listed(u.unit for u in units.late)))
    contradicted = [u.unit for u in units.units if u.contradictions]
    if contradicted:
        click.echo(_("  报零但有情况（{count}）：{names}").format(count=len(contradicted), names=listed(contradicted)))
    tell_figures(work)
    counts = {s: count_findings(work.findings, s) for s in Severity}
    click.echo(_("问题：须改正 {error}，提醒 {warning}，须处理 {alert}").format(
        error=counts[Severity.ERROR], warning=counts[Severity.WARNING], alert=counts[Severity.ALERT]))  # fmt: skip


def tell_published(project: Project, done: Published) -> None:
    """Say what was published, what is missing, where to look, how long each step took."""
    tell_day(done.work)
    if done.alerts:
        click.echo(_("须联系人员名单：{path}").format(path=shown(done.alerts, project)))
    if done.line:
        click.echo(_("已发布：第 {number} 号记录，页面 {count} 个，record/{name}").format(
            number=done.line.number, count=len(done.changed), name=done.line.name))  # fmt: skip
    elif done.rebuilt:
        click.echo(_("没有新的内容；网站已按最近一次发布重新生成。"))
    else:
        click.echo(_("没有新的内容，什么也没有做。"))
    if done.unprinted:
        click.echo(_("本次没有生成 PDF：{why}").format(why=done.unprinted))
    if done.skipped:
        click.echo(_("还有没发布的日期：{days}（用 --date 指定）").format(days=listed(d.isoformat() for d in done.skipped)))
    click.echo(_("简报：{path}").format(path=f"site/{done.briefing}"))
    click.echo(_("网站：{path}").format(path=shown(project.site / "index.html", project)))
    if done.target:
        click.echo(_("已送到：{target}").format(target=done.target))
    steps = (_("{step} {seconds:.1f} 秒").format(step=name, seconds=seconds) for name, seconds in done.timings.steps)
    click.echo(_("用时：{steps}").format(steps=listed(steps)))


def tell_figures(work: DayWork) -> None:
    """Say a day's figures, each with how many were read of how many expected."""
    click.echo(_("指标（实报/应报，截至 {clock}）：").format(clock=work.as_of.strftime("%Y-%m-%d %H:%M")))
    for figure in work.figures:
        click.echo(f"  {figure_line(figure)}  {figure.received}/{figure.expected}")


def tell_recounted(days: Iterable[Recounted]) -> None:
    """Say the figures of some days as their kept rows have them, and which are not what they were."""
    for one in days:
        click.echo(_("{day}（从台账重新计算）：").format(day=one.day))
        for figure in one.figures:
            was = _("  ≠ 办理时的 {value}").format(value=spoken_value(one.before[figure.name])) if figure in one.moved else ""
            click.echo(f"  {figure_line(figure)}  {figure.received}/{figure.expected}{was}")
        if one.moved:
            click.echo(
                _("  {count} 个指标与办理这一天时不同：jianbao explain 指标 --date {day} 看计入的行").format(
                    count=len(one.moved), day=one.day
                )
            )


_SHOWN = 30


def _tell_about(what: str, detail: str) -> None:
    click.echo(_("  {what}：{detail}").format(what=what, detail=detail))


def tell_checked(work: DayWork, alerts: Path | None) -> None:
    """Say the day, what became of every row, and each finding that somebody must act on."""
    tell_day(work)
    for count in work.counts:
        if count.rows:
            click.echo(_("  {file}“{sheet}”：{rows} 行，计入 {accepted}，须改正 {rejected}，被替代 {superseded}，略过 {passed}").format(
                file=count.file, sheet=count.sheet, rows=count.rows, accepted=count.accepted, rejected=count.rejected,
                superseded=count.superseded, passed=count.passed_over))  # fmt: skip
    errors = list(wording.findings(b for b in work.findings if b.severity in (Severity.ERROR, Severity.ALERT)))
    for finding in errors[:_SHOWN]:
        _tell_about(said_place(finding.file, finding.sheet, finding.cell), finding.message)
    if len(errors) > _SHOWN:
        click.echo(_("  ……共 {count} 处，全部见 jianbao send-back 写出的问题清单").format(count=len(errors)))
    _tell_patterns(work)
    if alerts:
        click.echo(_("须联系人员名单：{path}").format(path=shown(alerts, work.project)))


def _tell_patterns(work: DayWork) -> None:
    found = list(wording.findings(b for b in work.findings if b.code in PATTERNS))
    if found:
        click.echo(_("值得一看（{count}）：").format(count=len(found)))
    for finding in found[:_SHOWN]:
        _tell_about(said_place(finding.file, finding.sheet, finding.cell), finding.message)


def tell_supervised(done: Supervised, project: Project) -> None:
    """Say the text to send, the units by rank, and where page and text stand."""
    click.echo(done.notice)
    for unit in done.period.faulty:
        text = _("漏报 {missing}，无效 {rejected}，迟报 {late}，报零而有情况 {against}，人数不符 {wrong}，事后改动 {changed}")
        counts = text.format(
            missing=len(unit.missing), rejected=len(unit.rejected), late=len(unit.late), against=len(unit.contradicting),
            wrong=len(unit.miscounted), changed=len(unit.changed))  # fmt: skip
        _tell_about(f"{unit.rank}. {unit.unit}", counts)
    click.echo(_("值得一看的 {count} 处，见内部页面。").format(count=len(done.period.remarks)))
    click.echo(_("内部页面：{page}；通报：{text}").format(page=shown(done.page, project), text=shown(done.text, project)))


def tell_pulled(pulled: Pulled) -> None:
    """Say what was taken from the inbox."""
    if pulled.unreached or any(s.origin.startswith("google:") for s in pulled.present.values()):
        text = _("在线表格 {present} 个，新到或有变化 {fresh} 个，没有读到 {lost} 个。")
    else:
        text = _("收件文件夹 {present} 个文件，新到或有变化 {fresh} 个。")
    click.echo(text.format(present=len(pulled.present), fresh=len(pulled.fresh), lost=len(pulled.unreached)))
    for snapshot in pulled.fresh:
        click.echo(f"  {snapshot.file}")
    for block in pulled.findings:
        _tell_about(block.file, block.note or "")


def tell_marked(books: Iterable[MarkedBook]) -> None:
    """Say which online books were marked, and which could not be."""
    for book in books:
        if book.trouble:
            _tell_about(book.file, book.trouble)
        else:
            click.echo(_("{file}：已在表格里标出 {set} 处，撤去 {removed} 处").format(file=book.file, set=book.set, removed=book.removed))


def tell_explained(found: Explanation) -> None:
    """Say where a number comes from."""
    figure = found.figure
    clock = figure.as_of.strftime("%Y-%m-%d %H:%M")
    coverage = _("（实报 {received}/应报 {expected}，截至 {clock}）").format(
        received=figure.received, expected=figure.expected, clock=clock
    )
    click.echo(figure_line(figure) + coverage)
    click.echo(_("口径：{definition}（表单 {form} 第 {version} 版）").format(
        definition=figure.definition, form=found.form.title, version=found.form.version))  # fmt: skip
    for rule, setting in found.rules.items():
        _tell_about(_("当日规则 {name}").format(name=rule), str(setting))
    for unit, (value, received) in found.by_unit.items():
        number = "" if value is None else spoken_value(value)
        _tell_about(unit, _("{value}（{received}）").format(value=number, received=received))
    click.echo(_("计入的行（仅供办公室）：") if found.rows else _("没有计入的行。"))
    for row in found.rows:
        click.echo(f"  {row.day} {row.unit} {row.number} {row.name} {row.said}  {row.place.said}")


def tell_tables(forms: FormSet) -> None:
    """Say which tables and lists the ledgers give, and where they are."""
    for form in forms:
        for view in form.views:
            where = _("网页 ledgers/{form}.html").format(form=form.name) if view.page else _("private/lists 中的名单")
            click.echo(_("{title}（{form}）：{where}").format(title=view.title, form=form.title, where=where))


def tell_table(made: MadeView) -> None:
    """Say one table, a line a row."""
    click.echo(_("{title}，{count} 行").format(title=made.view.title, count=len(made.rows)))
    for row in (made.head, *made.rows, *([made.total] if made.total else [])):
        click.echo("  " + "\t".join("" if v is None else str(spoken_cell(v)) for v in row))


def tell_traced(project: Project, found: Traced) -> None:
    """Say how many were there and where the list is; no name goes to the terminal."""
    if found.path is None:
        click.echo(_("当天的台账里没有这个人。"))
    else:
        count = len({m.stay.known_by for m in found.met})
        click.echo(_("同处 {count} 人，名单（仅供办公室）：{path}").format(count=count, path=shown(found.path, project)))


def tell_released(found: Released) -> None:
    """Say what the record holds of a figure whose rows are gone."""
    fact, facts, purge = found.figure, found.facts, found.purge
    value, at = spoken_value(fact.value), facts.as_of.strftime("%Y-%m-%d %H:%M")
    if fact.value is not None and fact.unit:
        value += f" {fact.unit}"
    text = _("{title} {value}（实报 {received}/应报 {expected}，截至 {clock}），取自官方记录")
    click.echo(text.format(title=fact.title, value=value, received=fact.received, expected=fact.expected, clock=at))
    text = _("口径：{definition}（表单 {form} 第 {version} 版）")
    click.echo(text.format(definition=fact.definition, form=fact.form, version=fact.version))
    for part in (facts.by_unit or {}).get(fact.name, ()):
        _tell_about(part.name, _("{value}（{received}）").format(value=_part_value(part), received=part.received))
    click.echo(_("{day} 以前的逐行数据已于 {on} 按保存期限删除，无从列出。").format(day=purge.before, on=purge.on))


def _part_value(part: PartFact) -> str:
    if isinstance(part.value, str):
        return _("数小，不列出")
    return "" if part.value is None else spoken_value(part.value)


def tell_moved(found: Moved) -> None:
    """Say why a figure is another number on a later day."""
    for one in (found.before, found.after):
        click.echo(f"{one.figure.day} {figure_line(one.figure)}")
    titles = ((_("新计入"), found.came), (_("不再计入"), found.went), (_("仍计入，回答有变"), found.changed))
    for title, pairs in titles:
        if pairs:
            click.echo(_("{title}（{count}，仅供办公室）：").format(title=title, count=len(pairs)))
        for pair in pairs:
            was, now = ((one.said if one else "") or _("未报") for one in (pair.was, pair.now))
            row = pair.now or pair.was
            if row:
                click.echo(_("  {unit} {number} {name}：原 {was}，现 {now}  {place}").format(
                    unit=row.unit, number=row.number, name=row.name, was=was, now=now, place=row.place.said))  # fmt: skip
    if not any(pairs for _title, pairs in titles):
        click.echo(_("计入的行没有不同。"))


def tell_verified(found: list[Discrepancy], record: Record | None) -> None:
    """Say whether the record is what was sealed."""
    for discrepancy in found:
        _tell_about(discrepancy.where, discrepancy.what)
    if record is None:
        click.echo(_("记录与封存时不符，共 {count} 处。").format(count=len(found)))
    else:
        click.echo(_("记录完好：{count} 次发布，链头 {head}").format(count=len(record.lines), head=record.head))
        _tell_keys(record)
        for entry in record.removals:
            gone = _("  {day} 由{by}决定，已撤下 {bag}/{path}（{reason}）；原文件校验值 {sha256}")
            text = _("  {day} 由{by}决定，{bag}/{path} 中提到的已删去（{reason}）；原文件校验值 {sha256}") if entry.now else gone
            told = text.format(day=entry.on, by=entry.by, bag=entry.bag, path=entry.path, reason=entry.reason, sha256=entry.sha256)
            click.echo(told)


def _tell_keys(record: Record) -> None:
    """Say which keys signed from which release on, and why one is another."""
    changes = {r.line.name: r.about.get("key_change") for r in record.releases}
    for name, key in record.keys:
        text = _("  自 {name} 起由密钥 {key} 签名") if key else _("  自 {name} 起不再签名")
        change = changes[name]
        why = _("（公告：{reason}）").format(reason=change["reason"]) if change else ""
        click.echo(text.format(name=name, key=fingerprint(key)) + why)
    if record.keys and not available():
        click.echo(_("  这台电脑没有 ssh-keygen，签名没有核对。"))


def tell_health(found: Iterable[Health], *, only_trouble: bool = False) -> bool:
    """Say the state of each thing looked at; return whether all is well."""
    well = True
    for health in found:
        well &= health.well
        if only_trouble and health.well:
            continue
        state = _("正常") if health.well else _("有问题")
        click.echo(_("{state}  {what}：{seen}").format(state=state, what=health.what, seen=health.seen), err=only_trouble)
        if health.advice and not health.well:
            click.echo(f"      {health.advice}", err=only_trouble)
    return well


def tell_added(added: Iterable[Added]) -> bool:
    """Say, file by file, which page it became and what could not be kept; return whether all were taken."""
    whole = True
    for one in added:
        said = f"{one.source} → " if one.source else ""
        if one.refused:
            whole = False
            click.echo(_("没有导入 {source}：{reason}").format(source=one.source, reason=one.refused.message), err=True)
            if one.refused.advice:
                click.echo(_("下一步：{advice}").format(advice=one.refused.advice), err=True)
            continue
        click.echo(_("{said}site/{path}（草稿）").format(said=said, path=one.path))
        for name, size in one.carried:
            click.echo(_("  带入 {name}（{size} 字节）").format(name=name, size=size))
        for remark in one.remarks:
            click.echo(_("  没有保留：{remark}").format(remark=remark))
    return whole
