"""`jianbao forms`: what is asked, sheets shaped for it, a day's rows closed and opened."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING

import click

from jianbao import clock
from jianbao.cli.frame import day_options
from jianbao.messages import _, listed
from jianbao.project import Project

if TYPE_CHECKING:
    from jianbao.pipeline.marking import ClosedBook


@click.group(invoke_without_command=True, help=_("列出表单；把表单做进填报用的表格；截止后关闭一天的行。"))
@click.option("--to", type=click.Choice(["google"]), help=_("做进哪里：google 是谷歌表格。"))
@click.option("--form", default="", metavar=_("表单名"), help=_("只做这一个表单（默认：jianbao.toml 写明的全部）。"))
@click.option("--book", default="", metavar=_("网址"), help=_("做进这个表格（默认：jianbao.toml 写明的表格）。"))
@click.pass_context
def forms(ctx: click.Context, to: str | None, form: str, book: str) -> None:
    """List the forms, or shape sheets for them."""
    if ctx.invoked_subcommand:
        return
    project = Project.open(ctx.obj)
    if to:
        _shape(project, form, book)
        return
    from jianbao.forms.load import load_forms

    for spec in load_forms(project.forms, project.settings.names):
        click.echo(_("{name}  {title}（第 {version} 版，{count} 项）").format(
            name=spec.name, title=spec.title, version=spec.version, count=len(spec.fields)))  # fmt: skip


def _shape(project: Project, form: str, book: str) -> None:
    from jianbao.pipeline.marking import shape_online

    for done in shape_online(project, form=form, address=book, as_of=clock.now(project.zone)):
        text = _("{book}：{title}，改动 {count} 处") if done.shaped.changes else _("{book}：{title}，已是现在的样子，没有改动")
        click.echo(text.format(book=done.address, title=done.form.title, count=done.shaped.changes))
        if done.shaped.added:
            click.echo(_("  新增的列（在最右边）：{titles}").format(titles=listed(done.shaped.added)))
        if done.shaped.left:
            click.echo(_("  表单里没有的列，原样保留：{titles}").format(titles=listed(done.shaped.left)))


@forms.command(help=_("截止以后，保护一天的行：别人不能再改（表格的所有者除外）。"))
@day_options
def close(project: Project, day: date | None, as_of: datetime) -> None:
    """Protect a day's rows."""
    from jianbao.pipeline.marking import close_day

    _tell(close_day(project, day=day or as_of.date(), as_of=as_of), _("{file}：{rows} 行已关闭"))


@forms.command("open", help=_("撤销 close：一天的行又可以改了。"))
@day_options
def open_(project: Project, day: date | None, as_of: datetime) -> None:
    """Give a day's rows free again."""
    from jianbao.pipeline.marking import open_day

    _tell(open_day(project, day=day or as_of.date(), as_of=as_of), _("{file}：已打开"))


def _tell(books: Iterable[ClosedBook], done: str) -> None:
    for book in books:
        click.echo(
            _("{file}：{reason}").format(file=book.file, reason=book.trouble)
            if book.trouble
            else done.format(file=book.file, rows=book.rows)
        )
