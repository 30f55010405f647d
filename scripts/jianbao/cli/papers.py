"""The verbs of documents: add, sign, correct, supersede, withdraw, wechat."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import update_wrapper
from pathlib import Path
from typing import Any, TypeVar, cast

import click

from jianbao import clock
from jianbao.cli.frame import shown
from jianbao.kinds import KINDS, WRITTEN, DocumentKind
from jianbao.messages import _
from jianbao.project import Project

Command = TypeVar("Command", bound=Callable[..., Any])


def moment_option(command: Command) -> Command:
    """Add --as-of, and hand the command the office and the moment."""

    def wrapped(ctx: click.Context, /, as_of: str | None, **options: Any) -> Any:
        project = Project.open(ctx.obj)
        moment = clock.parse_moment(as_of, project.zone) if as_of else clock.now(project.zone)
        return command(project=project, as_of=moment, **options)

    found = click.pass_context(update_wrapper(wrapped, command))
    found = click.option("--as-of", metavar="2020-02-06T12:00", help=_("以此时刻代替现在，便于重做。"))(found)
    return cast("Command", found)


@click.command(help=_("新建一个页面的草稿：照文种的样子，或取自 Word、网页、博客文章，也可以是一个文件夹。"))
@click.argument("kind", type=click.Choice([k.value for k in KINDS if k not in WRITTEN]))
@click.option("--title", default="", metavar=_("标题"), help=_("标题（默认取自文件）。"))
@click.option("--from", "source", type=click.Path(path_type=Path), help=_("导入的文件（.docx、.html、.md）或文件夹。"))
@click.option("--name", default="", metavar=_("名称"), help=_("页面地址的最后一段，定了就不再改。"))
@click.option("--of", "corrects", default="", metavar=_("页面"), help=_("更正的是哪个页面（文种为 correction 时）。"))
@moment_option
@click.pass_context
def add(
    ctx: click.Context, project: Project, as_of: datetime, kind: str, title: str, source: Path | None, name: str, corrects: str
) -> None:  # click passes each option by name
    """Begin a page."""
    from jianbao.cli.telling import tell_added
    from jianbao.pipeline.papers import AddOptions, add_pages

    if not tell_added(add_pages(project, AddOptions(DocumentKind(kind), as_of, title, name, source, corrects))):
        ctx.exit(1)


@click.command(help=_("签发一个草稿；有文号的文种按系列取下一个号。"))
@click.argument("page")
@click.option("--by", default="", metavar=_("姓名"), help=_("签发人（默认：jianbao.toml 的 signed_by）。"))
@moment_option
def sign(project: Project, as_of: datetime, page: str, by: str) -> None:
    """Sign a draft."""
    from jianbao.pipeline.papers import sign_page

    signed = sign_page(project, page, by=by, on=as_of.date())
    number = signed.meta.get("number", "")
    click.echo(_("已签发：site/{path} {number}").format(path=signed.path, number=number).rstrip())
    click.echo(_("下一步：jianbao publish"))


@click.command(help=_("更正已签发页面中的一处，并写明原来是什么、现在是什么。"))
@click.argument("page")
@click.option("--was", required=True, metavar=_("原文"), help=_("正文中要改的文字，须只有一处。"))
@click.option("--now", default="", metavar=_("现文"), help=_("改成什么；不写就是删去。"))
@click.option("--reason", default="", metavar=_("理由"), help=_("为什么改，接在更新说明后面。"))
@moment_option
def correct(project: Project, as_of: datetime, page: str, was: str, now: str, reason: str) -> None:
    """Correct one passage."""
    from jianbao.pipeline.papers import correct_page

    after = correct_page(project, page, was=was, now=now, reason=reason, on=as_of.date())
    click.echo(_("已更正：site/{path}；更新说明：{note}").format(path=after.path, note=after.meta["changes"][-1]["note"]))
    click.echo(_("下一步：jianbao publish"))


@click.command(help=_("由另一个现行有效的页面替代；原页留在原址，注明由谁替代。"))
@click.argument("page")
@click.option("--by", "by", required=True, metavar=_("页面"), help=_("替代它的页面。"))
@click.option("--reason", default="", metavar=_("理由"), help=_("原因，登在页面上。"))
@moment_option
def supersede(project: Project, as_of: datetime, page: str, by: str, reason: str) -> None:
    """Supersede a page."""
    from jianbao.pipeline.papers import supersede_page

    after = supersede_page(project, page, by=by, reason=reason, on=as_of.date())
    click.echo(_("已注明由 site/{by} 替代：site/{path}").format(by=after.meta["superseded_by"], path=after.path))
    click.echo(_("下一步：jianbao publish"))


@click.command(help=_("撤回一个页面；地址和原文留着，注明原因。加 --privacy 则撤下内容，只留一块说明。"))
@click.argument("page")
@click.option("--reason", required=True, metavar=_("理由"), help=_("原因，登在页面上。"))
@click.option("--privacy", is_flag=True, help=_("因误登个人信息：撤下全部内容，记录里只留校验值和撤下的说明。"))
@click.option("--by", default="", metavar=_("姓名"), help=_("谁决定撤下（用 --privacy 时；默认：jianbao.toml 的 signed_by）。"))
@moment_option
def withdraw(project: Project, as_of: datetime, page: str, reason: str, privacy: bool, by: str) -> None:  # noqa: FBT001  # click passes flags and options by name
    """Withdraw a page, or take its content off."""
    from jianbao import pages
    from jianbao.pipeline.papers import mentions, page_path, remove_page, withdraw_page

    if privacy:
        signatory = by or project.settings.school.signed_by
        title = str(pages.read(project.pages, page_path(project, page)).meta.get("title"))
        after = remove_page(project, page, reason=reason, by=signatory, on=as_of.date())
        click.echo(_("已撤下内容：site/{path}；发布以后，网站和记录里都不再有它").format(path=after.path))
        for other in mentions(project, after.path, title):
            click.echo(_("site/{path} 还提到它的标题，请另行更正").format(path=other))
        click.echo(_("git 的历史、备份和别处的副本里还有，请另行清理。"))
        click.echo(
            _("清理 git 历史：发布以后运行 git filter-repo --invert-paths --path site/{path}；步骤见 docs/record.md。").format(
                path=after.path
            )
        )
    else:
        after = withdraw_page(project, page, reason=reason, on=as_of.date())
        click.echo(_("已撤回：site/{path}").format(path=after.path))
    click.echo(_("下一步：jianbao publish"))


@click.command(help=_("把已发布的页面写成可粘贴到公众号编辑器的网页。"))
@click.argument("page")
@moment_option
def wechat(project: Project, as_of: datetime, page: str) -> None:
    """Write a page for an official account."""
    from jianbao.pipeline.wechat import write_wechat

    done = write_wechat(project, page, on=as_of.date())
    click.echo(_("写好了：{path}").format(path=shown(done.path, project)))
    for note in done.notes:
        click.echo(f"  {note}")
    click.echo(_("下一步：用浏览器打开，全选、复制，粘贴到公众号编辑器。"))


COMMANDS = (add, sign, correct, supersede, withdraw, wechat)
