"""The verbs of the record: verify, rebuild, restore, purge, backup."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from jianbao import clock, files
from jianbao.cli.frame import format_option, office_command, print_json, shown
from jianbao.cli.papers import moment_option
from jianbao.errors import UsageError
from jianbao.messages import _, listed
from jianbao.project import Project

_FILE = click.Path(path_type=Path, dir_okay=False, exists=True)
_FOLDER = click.Path(path_type=Path, file_okay=False, exists=True)


@click.command(help=_("核对官方记录：档案包、记录链、签名和网站，逐个指出被改动的文件。"))
@click.option("--record", "folder", type=_FOLDER, metavar=_("文件夹"), help=_("核对这份记录（不需要办公室）。"))
@click.option("--site", type=_FOLDER, metavar=_("文件夹"), help=_("把这个网站与记录比较。"))
@format_option
@click.pass_context
def verify(ctx: click.Context, folder: Path | None, site: Path | None, shape: str) -> None:
    """Verify bags, chain, signatures and site."""
    from jianbao.cli.shapes import verify_json
    from jianbao.cli.telling import tell_verified
    from jianbao.editions import verify_editions
    from jianbao.record import Record
    from jianbao.verification import refuse_no_record
    from jianbao.verification import verify as verified

    inner = kept = None
    if folder is None:
        project = Project.open(ctx.obj)
        kept = project.editions
        folder, inner = project.record, project.internal_record
        site = site or (project.site if project.site.is_dir() else None)
    else:
        refuse_no_record(folder)
    found = verified(folder, site) + [d.within("private/record") for d in (verified(inner) if inner else [])]
    found += verify_editions(kept, Record.open(folder), site) if kept and not found else []
    record = Record.open(folder) if not found else None
    if shape == "json":
        print_json(verify_json(found, record))
    else:
        tell_verified(found, record)
    if found:
        ctx.exit(1)


@click.command(help=_("删除某日以前的逐行数据和快照（不可恢复）；记录和已发布的数字不变。"))
@click.option("--before", metavar="2020-06-01", help=_("删除这一天以前的（默认：按 jianbao.toml 的 retention_days）。"))
@click.option("--yes", is_flag=True, help=_("真的删除；不写只列出将删除什么。"))
@moment_option
def purge(project: Project, as_of: datetime, before: str | None, yes: bool) -> None:  # noqa: FBT001  # click passes flags by name
    """Delete rows of persons after their time."""
    from jianbao.pipeline.purge import purge as purged

    plan = purged(project, before=clock.parse_day(before) if before else None, as_of=as_of, really=yes)
    planned = _("将删除 {day} 以前的快照 {snapshots} 份、文件 {files} 个")
    deleted = _("已删除 {day} 以前的快照 {snapshots} 份、文件 {files} 个")
    text = deleted if plan.done else planned
    click.echo(text.format(day=plan.before, snapshots=len({s.sha256 for s in plan.snapshots}), files=len(plan.paths)))
    for file in sorted({s.file for s in plan.snapshots}):
        click.echo(f"  {file}")
    if plan.emptied:
        names = listed(dict.fromkeys(form.title for form, _day in plan.emptied))
        click.echo(_("下列台账不是逐人的：数字留下，姓名、电话等清空：{names}").format(names=names))
    if plan.figures:
        click.echo(_("下列指标要用到已删的日子，以后写“未报”：{names}").format(names=listed(plan.figures)))
    if plan.kept:
        click.echo(_("下列文件还写着以后的日子，暂不删除：{names}").format(names=listed(plan.kept)))
    if plan.done:
        click.echo(_("备份和别处的副本里还有，请另行清理。"))
    else:
        click.echo(_("删除后不能恢复。确认无误：加 --yes 再运行。"))


@click.command(help=_("把 private 写成一个加密文件，或用 --from 取回。"))
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), required=False)
@click.option("--from", "source", type=_FILE, help=_("从这个备份取回 private。"))
@click.option("--passphrase-file", "held", type=_FILE, help=_("口令写在这个文件的第一行（默认：输入口令）。"))
@office_command
def backup(project: Project, file: Path | None, source: Path | None, held: Path | None) -> None:
    """Keep private/ in an encrypted file, or bring it back."""
    from jianbao.pipeline.backup import back_up, bring_back

    if (file is None) == (source is None):
        raise UsageError(_("写一个备份文件的名字，或用 --from 指明从哪一个取回"))
    if held:
        passphrase = files.read_text(held).partition("\n")[0]
    else:
        passphrase = click.prompt(_("口令"), hide_input=True, confirmation_prompt=file is not None, err=True)
    if source:
        click.echo(_("已取回 {count} 个文件到 private").format(count=bring_back(project, source, passphrase)))
    elif file:
        click.echo(_("已把 {count} 个文件加密写入 {path}").format(count=back_up(project, file, passphrase), path=file))
        click.echo(_("没有口令谁也打不开它，口令请与备份分开保管。"))


@click.command(help=_("用当时的快照和当时的规则重做某一天的简报，与发布的逐字节比较，或说明缺什么。"))
@click.argument("day")
@office_command
@click.pass_context
def rebuild(ctx: click.Context, project: Project, day: str) -> None:
    """Make a past day's briefing again."""
    from jianbao.pipeline.rebuild import rebuild as rebuilt

    done = rebuilt(project, clock.parse_day(day))
    if done.path:
        click.echo(_("重做的简报：{path}（第 {number} 号记录）").format(path=shown(done.path, project), number=done.number))
        facts = _("数字与封存的逐字节相同。") if done.same_facts else _("数字与封存的不同。")
        click.echo(facts)
        click.echo(_("简报与发布的逐字节相同。") if done.same else _("简报与发布的不同。"))
    else:
        click.echo(_("不能重做，缺少："))
    for line in done.missing:
        click.echo(f"  {line}")
    if not done.same:
        ctx.exit(1)


@click.command(help=_("只凭 record 文件夹恢复网站、页面和设置，并与封存的逐字节核对。"))
@click.pass_context
def restore(ctx: click.Context) -> None:
    """Restore site and pages from the record alone."""
    from jianbao.pipeline.restore import restore as restored

    done = restored(ctx.obj)
    click.echo(_("已按第 {number} 号记录恢复：写出文件 {written} 个，网站页面 {pages} 个，与封存的逐字节相同。").format(
        number=done.number, written=done.written, pages=done.pages))  # fmt: skip
    if done.editions:
        click.echo(_("已重新生成封存的往期网站：{names}").format(names=listed(done.editions)))
    if done.lacking:
        why = _("往期网站 {names} 不能重新生成：其中有已撤下的页面，或当时用的是别的程序版本；请从备份取回 editions 文件夹。")
        click.echo(why.format(names=listed(done.lacking)))
    click.echo(_("填报的来源、放行的用语和各单位的许可不在公开的记录里，请在 jianbao.toml 补上。"))


COMMANDS = (verify, rebuild, restore, backup, purge)
