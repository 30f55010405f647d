"""Every verb: its options, one call, the result printed."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click

from jianbao import __version__, clock
from jianbao.errors import JianbaoError
from jianbao.messages import _
from jianbao.project import Project

Command = TypeVar("Command", bound=Callable[..., Any])


class Office(click.Group):
    """The group of verbs; turns our errors into words and exit codes, and leaves a bug its traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except JianbaoError as error:
            click.echo(_("错误：{message}").format(message=error.message), err=True)
            if error.advice:
                click.echo(_("下一步：{advice}").format(advice=error.advice), err=True)
            ctx.exit(error.exit_code)


@click.group(cls=Office, context_settings={"help_option_names": ["-h", "--help"]}, help=_("从每日填报表到发布、封存的工作简报。"))
@click.version_option(__version__, prog_name="jianbao")
@click.option("--project", "folder", type=click.Path(path_type=Path, file_okay=False), default=Path(), help=_("办公室所在的文件夹（默认：当前文件夹）。"))
@click.pass_context
def jianbao(ctx: click.Context, folder: Path) -> None:
    """Open the office lazily: `init` needs none."""
    ctx.obj = folder


def day_options(command: Command) -> Command:
    """Add --date and --as-of, and hand the command the office, the day and the moment."""
    @click.option("--date", "day", metavar="2020-02-06", help=_("要办理的日期（默认：有报告的最近一天）。"))
    @click.option("--as-of", metavar="2020-02-06T12:00", help=_("以此时刻代替现在，便于重做。"))
    @click.pass_context
    @wraps(command)
    def wrapped(ctx: click.Context, day: str | None, as_of: str | None, **options: Any) -> Any:
        project = Project.open(ctx.obj)
        moment = clock.parse_moment(as_of, project.zone) if as_of else clock.now(project.zone)
        return command(project=project, day=clock.parse_day(day) if day else None, as_of=moment, **options)

    return wrapped  # type: ignore[return-value]  # click's decorators keep the name and change the signature


def format_option(command: Command) -> Command:
    """Add --format text|json."""
    return click.option("--format", "shape", type=click.Choice(["text", "json"]), default="text", help=_("输出格式。"))(command)


def print_json(data: Any) -> None:
    """Print one JSON object on standard output."""
    click.echo(json.dumps(data, ensure_ascii=False, indent=1))


@jianbao.command(help=_("读取收件文件夹，检查一天的全部填报；不发布任何东西。"))
@day_options
@format_option
def check(project: Project, day: Any, as_of: Any, shape: str) -> None:
    """Pull and check a day."""
    from jianbao.cli.shapes import check_json  # noqa: PLC0415
    from jianbao.pipeline.work import work_day  # noqa: PLC0415

    work = work_day(project, as_of=as_of, day=day)
    if shape == "json":
        print_json(check_json(work))
        sys.stdout.flush()


@jianbao.command(help=_("读取、检查、汇总、写简报、生成网站并封存：每天的主要工作。"))
@day_options
@click.option("--signed-by", default="", metavar=_("姓名"), help=_("签发人；也可写在 jianbao.toml 的 [school] 中。"))
@click.option("--update", is_flag=True, help=_("已发布的一天数据有变化时，发布新的一版并注明变化。"))
def publish(project: Project, day: Any, as_of: Any, signed_by: str, update: bool) -> None:  # noqa: FBT001  # click passes flags by name
    """Publish a day."""
    from jianbao.cli.telling import Teller, tell_published  # noqa: PLC0415
    from jianbao.pipeline.publish import PublishOptions, publish  # noqa: PLC0415

    with Teller() as teller:
        done = publish(project, PublishOptions(day, as_of, signed_by, update), teller.step)
    tell_published(project, done)
