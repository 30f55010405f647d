"""What every verb shares: the group that turns errors into words and exit codes, and the common options."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import update_wrapper
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click

from jianbao import clock
from jianbao.cli.meter import Meter
from jianbao.errors import JianbaoError
from jianbao.messages import _, listed
from jianbao.project import Project

if TYPE_CHECKING:
    from jianbao.pipeline.standing import Standing

Command = TypeVar("Command", bound=Callable[..., Any])


class Office(click.Group):
    """The group of verbs; turns our errors into words and exit codes, and leaves a bug its traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a verb."""
        try:
            return super().invoke(ctx)
        except JianbaoError as error:
            tell_error(error)
            ctx.exit(error.exit_code)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the verbs in the order in which an office meets them."""
        known = super().list_commands(ctx)
        return sorted(known, key=lambda name: (_ORDER.index(name) if name in _ORDER else len(_ORDER), name))


_ORDER = (
    *("init", "doctor", "sample", "forms", "pull", "check", "send-back", "remind", "figures", "explain", "tables", "trace"),
    *("brief", "add", "sign", "supersede", "withdraw", "correct"),
    *("publish", "returns", "supervise", "wechat", "edition", "preview", "allow", "volume"),
    *("verify", "rebuild", "restore", "backup", "purge"),
)


def tell_error(error: JianbaoError) -> None:
    """Say what could not be done, and what to do next."""
    click.echo(_("错误：{message}").format(message=error.message), err=True)
    if error.advice:
        click.echo(_("下一步：{advice}").format(advice=error.advice), err=True)


def tell_undisturbed(project: Project, standing: Standing) -> None:
    """Say that nothing has changed since a day was published, and where to look."""
    since = datetime.fromisoformat(standing.as_of).strftime("%Y-%m-%d %H:%M")
    click.echo(_("{day}：{since} 发布以后，表格、页面、设置、表单和模板都没有变化").format(day=standing.day, since=since))
    click.echo(_("没有新的内容，什么也没有做。"))
    if standing.skipped:
        click.echo(_("还有没发布的日期：{days}（用 --date 指定）").format(days=listed(standing.skipped)))
    click.echo(_("简报：{path}").format(path=f"site/{standing.briefing}"))
    click.echo(_("网站：{path}").format(path=shown(project.site / "index.html", project)))
    if standing.target:
        click.echo(_("已送到：{target}").format(target=standing.target))


def day_options(command: Command) -> Command:
    """Add --date, --as-of and --offline, and hand the command the office, the day and the moment."""

    def wrapped(*, day: str | None, **options: Any) -> Any:
        return command(day=clock.parse_day(day) if day else None, **options)

    found = moment_options(update_wrapper(wrapped, command))
    found = click.option("--date", "day", metavar="2020-02-06", help=_("要办理的日期（默认：有报告的最近一天）。"))(found)
    return cast("Command", found)


def _watched(ctx: click.Context, project: Project) -> Project:
    """Return the office with somebody on the terminal who is told how far long work has come, until the command ends."""
    meter = Meter()
    ctx.call_on_close(meter.stop)
    return replace(project, watch=meter, fetched=meter.fetched)


def moment_options(command: Command) -> Command:
    """Add --as-of and --offline, and hand the command the office and the moment."""

    def wrapped(ctx: click.Context, /, as_of: str | None, offline: bool, **options: Any) -> Any:  # noqa: FBT001  # click's
        project = _watched(ctx, replace(Project.open(ctx.obj), offline=offline))
        moment = clock.parse_moment(as_of, project.zone) if as_of else clock.now(project.zone)
        return command(project=project, as_of=moment, **options)

    found = click.pass_context(update_wrapper(wrapped, command))  # first, for it brings the command's own options along
    found = click.option("--offline", is_flag=True, help=_("不连网，用上次读到的在线表格。"))(found)
    found = click.option("--as-of", metavar="2020-02-06T12:00", help=_("以此时刻代替现在，便于重做。"))(found)
    return cast("Command", found)


def office_command(command: Command) -> Command:
    """Hand the command the office."""

    def wrapped(ctx: click.Context, /, **options: Any) -> Any:
        return command(project=_watched(ctx, Project.open(ctx.obj)), **options)

    return cast("Command", click.pass_context(update_wrapper(wrapped, command)))


def format_option(command: Command) -> Command:
    """Add --format text|json."""
    return click.option("--format", "shape", type=click.Choice(["text", "json"]), default="text", help=_("输出格式。"))(command)


def print_json(data: Any) -> None:
    """Print one JSON object on standard output."""
    click.echo(json.dumps(data, ensure_ascii=False, indent=1))


def shown(path: Path, project: Project) -> str:
    """Return a path as the office sees it."""
    return path.relative_to(project.root).as_posix() if path.is_relative_to(project.root) else str(path)
