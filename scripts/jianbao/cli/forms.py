"""`jianbao forms`: what is asked, sheets shaped for it, a day's rows closed and opened."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jianbao import clock
from jianbao.cli.frame import day_options, shown
from jianbao.messages import _, listed
from jianbao.project import Project

if TYPE_CHECKING:
    from jianbao.pipeline.marking import ClosedBook


@click.group(invoke_without_command=True, help=_("把表单做成填报用的表格；做进谷歌表格；截止后关闭一天的行。"))
@click.option("--form", default="", metavar=_("表单名"), help=_("只做这一个表单（默认：全部；谷歌表格是 jianbao.toml 写明的全部）。"))
@click.option("--unit", default="", metavar=_("单位"), help=_("只做这个单位的，人员预先填好（默认：每个单位一份，另有空白的）。"))
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    metavar=_("文件夹"),
    help=_("写到哪里（默认：private/out/forms）；不在 private 之内的，只写空白表。"),
)
@click.option("--to", type=click.Choice(["google"]), help=_("做进谷歌表格，不写文件。"))
@click.option("--book", default="", metavar=_("网址"), help=_("做进这个表格（默认：jianbao.toml 写明的表格）。"))
@day_options
def forms(project: Project, day: date | None, as_of: datetime, form: str, unit: str, out: Path | None, to: str | None, book: str) -> None:
    """Write fill-in workbooks, or shape online ones."""
    if click.get_current_context().invoked_subcommand:
        return
    if to:
        _shape(project, form, book)
    else:
        _write(project, form, unit, out, day, as_of)


def _write(project: Project, form: str, unit: str, out: Path | None, day: date | None, as_of: datetime) -> None:
    from jianbao.pipeline.filling import Wanted, write_forms

    done = list(write_forms(project, Wanted(form, unit, out, day), as_of=as_of))
    for spec in dict.fromkeys(d.form for d in done):
        of_units = [d for d in done if d.form is spec and d.unit]
        told = _("{name}  {title}（第 {version} 版，{count} 项）：{units} 个单位，预先填好 {rows} 行")
        click.echo(told.format(
            name=spec.name, title=spec.title, version=spec.version, count=len(spec.fields), units=len(of_units),
            rows=sum(d.rows for d in of_units)))  # fmt: skip
    click.echo(
        _("写了 {count} 份：{folder}").format(count=len(done), folder=shown(done[0].path.parents[1], project))
        if done
        else _("没有要写的表格。")
    )


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
