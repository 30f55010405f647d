"""What the terminal says: steps as they are taken, and at the end what was done, what is missing, where to look."""

from __future__ import annotations

from types import TracebackType

import click
from rich.console import Console
from rich.status import Status

from jianbao.cli.shapes import figure_line
from jianbao.messages import _
from jianbao.pipeline.publish import Published
from jianbao.pipeline.work import DayWork
from jianbao.project import Project
from jianbao.values import Severity, UnitState, count_findings


class Teller:
    """Says which step is under way: a spinner on a terminal, a line each elsewhere."""

    def __init__(self) -> None:
        self._console = Console(stderr=True)
        self._status: Status | None = None

    def __enter__(self) -> Teller:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._status:
            self._status.stop()

    def step(self, what: str) -> None:
        """Say that a step begins."""
        if not self._console.is_terminal:
            click.echo(f"· {what}", err=True)
            return
        if self._status:
            self._status.stop()
        self._console.print(f"· {what}", highlight=False)
        self._status = self._console.status(what)
        self._status.start()


def tell_day(work: DayWork) -> None:
    """Say how complete the day is, its figures, and what is wrong."""
    units = work.completeness
    click.echo(_("{day}（截至 {clock}）").format(day=work.day, clock=work.as_of.strftime("%Y-%m-%d %H:%M")))
    click.echo(_("单位：应报 {expected}，实报 {received}").format(expected=units.expected, received=units.received))
    for state, title in ((UnitState.MISSING, _("未报")), (UnitState.REJECTED, _("报告无效"))):
        names = [u.unit for u in units.in_state(state)]
        if names:
            click.echo(f"  {title}（{len(names)}）：{'、'.join(names)}")
    if units.late:
        click.echo(_("  迟报（{count}）：{names}").format(count=len(units.late), names="、".join(u.unit for u in units.late)))
    contradicted = [u.unit for u in units.units if u.contradictions]
    if contradicted:
        click.echo(_("  报零但有情况（{count}）：{names}").format(count=len(contradicted), names="、".join(contradicted)))
    click.echo(_("指标："))
    for figure in work.figures:
        click.echo(f"  {figure_line(figure)}  {figure.received}/{figure.expected}")
    counts = {s: count_findings(work.findings, s) for s in Severity}
    click.echo(_("问题：须改正 {error}，提醒 {warning}，须处理 {alert}").format(
        error=counts[Severity.ERROR], warning=counts[Severity.WARNING], alert=counts[Severity.ALERT]))  # fmt: skip


def tell_published(project: Project, done: Published) -> None:
    """Say what was published, what is missing, where to look, how long each step took."""
    tell_day(done.work)
    if done.alerts:
        click.echo(_("须联系人员名单：{path}").format(path=done.alerts.relative_to(project.root)))
    if done.line:
        click.echo(_("已发布：第 {number} 号记录，页面 {count} 个，record/{name}").format(
            number=done.line.number, count=len(done.changed), name=done.line.name))  # fmt: skip
    elif done.rebuilt:
        click.echo(_("没有新的内容；网站已按最近一次发布重新生成。"))
    else:
        click.echo(_("没有新的内容，什么也没有做。"))
    if done.skipped:
        click.echo(_("还有没发布的日期：{days}（用 --date 指定）").format(days="、".join(d.isoformat() for d in done.skipped)))
    click.echo(_("简报：{path}").format(path=f"site/{done.briefing}"))
    click.echo(_("网站：{path}").format(path=(project.site / "index.html").relative_to(project.root)))
    if done.target:
        click.echo(_("已送到：{target}").format(target=done.target))
    click.echo(_("用时：{steps}").format(steps="，".join(f"{name} {seconds:.1f} 秒" for name, seconds in done.timings.steps)))
