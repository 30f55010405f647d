"""Every verb: its options, one call, the result printed."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import click

from jianbao import __version__, clock
from jianbao.cli import keeping, papers
from jianbao.cli.forms import forms
from jianbao.cli.frame import (
    Office,
    day_options,
    format_option,
    moment_options,
    office_command,
    print_json,
    shown,
    tell_error,
    tell_undisturbed,
)
from jianbao.messages import _
from jianbao.project import Project


@click.group(cls=Office, context_settings={"help_option_names": ["-h", "--help"]}, help=_("从每日填报表到发布、封存的工作简报。"))
@click.version_option(__version__, prog_name="jianbao")
@click.option(
    "--project",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(),
    help=_("办公室所在的文件夹（默认：当前文件夹）。"),
)
@click.pass_context
def jianbao(ctx: click.Context, folder: Path) -> None:
    """Keep the office's folder; it is opened by the verbs that need one."""
    ctx.obj = folder


@jianbao.command(help=_("新建一个办公室：设置、表单、收件文件夹。"))
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--school", default="（请填写学校名称）", metavar=_("校名"), help=_("学校名称。"))
@click.option("--office", default="疫情防控工作办公室", metavar=_("名称"), help=_("编发简报的办公室。"))
@click.option("--offices", is_flag=True, help=_("新建的是上级机关：数据来自各单位的发布记录。"))
def init(folder: Path, school: str, office: str, offices: bool) -> None:  # noqa: FBT001  # click passes flags by name
    """Make a new office."""
    from jianbao.pipeline.office import make_office

    make_office(folder, school=school, office=office, offices=offices)
    click.echo(_("新建好了：{folder}").format(folder=folder))
    if offices:
        text = _("下一步：在 {folder}/jianbao.toml 里逐个写 [[source.office]]，再运行 jianbao --project {folder} publish")
        click.echo(text.format(folder=folder))
        return
    click.echo(
        _("下一步：在 {folder}/jianbao.toml 里写校名和签发人，把表格放进 {folder}/inbox，再运行 jianbao --project {folder} publish").format(
            folder=folder
        )
    )


@jianbao.command(help=_("检查这台电脑和办公室的设置，并说明怎么办。"))
@click.pass_context
def doctor(ctx: click.Context) -> None:
    """Examine the machine and the office."""
    from jianbao.cli.telling import tell_health
    from jianbao.pipeline.office import examine_now

    if not tell_health(examine_now(ctx.obj)):
        ctx.exit(1)


@jianbao.command(help=_("在收件文件夹里写出示范学校的填报表；收件文件夹须是空的。"))
@click.option("--days", type=click.IntRange(1, 120), default=3, metavar=_("天数"), help=_("写几天。"))
@click.option("--small", is_flag=True, help=_("只写一个小学校，便于试用。"))
@click.option("--city", is_flag=True, help=_("写一个市的 31 所学校，各自发布一天；用于 init --offices 新建的上级机关。"))
@office_command
def sample(project: Project, days: int, small: bool, city: bool) -> None:  # noqa: FBT001  # click passes flags by name
    """Write the sample school's sheets, or the sample city's schools, and print the days they speak of."""
    from jianbao.pipeline.demonstration import write_city, write_sample_days

    if city:
        click.echo(write_city(project, lambda done, total: click.echo(f"{done}/{total}", err=True)).isoformat())
        return
    for day in write_sample_days(project, count=days, small=small):
        click.echo(day.isoformat())


jianbao.add_command(forms)


@jianbao.command(help=_("只读取收件文件夹，留存快照。"))
@day_options
def pull(project: Project, day: date | None, as_of: datetime) -> None:
    """Take and read what is new in the inbox."""
    from jianbao.cli.telling import tell_pulled
    from jianbao.pipeline.work import pull_only

    tell_pulled(pull_only(project, as_of=as_of, day=day))


@jianbao.command(help=_("读取收件文件夹，检查一天的全部填报；不发布任何东西。"))
@day_options
@format_option
def check(project: Project, day: date | None, as_of: datetime, shape: str) -> None:
    """Pull and check a day."""
    from jianbao.cli.shapes import check_json
    from jianbao.cli.telling import tell_checked
    from jianbao.pipeline.handing import write_alerts
    from jianbao.pipeline.lists import write_lists
    from jianbao.pipeline.work import work_day

    work = work_day(project, as_of=as_of, day=day)
    path = write_alerts(work)
    write_lists(work)
    if shape == "json":
        print_json(check_json(work))
    else:
        tell_checked(work, path)


@jianbao.command("send-back", help=_("把有问题的表格标出问题，写到 private/out，供退回。"))
@day_options
def send_back(project: Project, day: date | None, as_of: datetime) -> None:
    """Write marked copies of the sheets with problems."""
    from jianbao.cli.telling import tell_marked
    from jianbao.pipeline import handing
    from jianbao.pipeline.work import work_day

    work = work_day(project, as_of=as_of, day=day)
    for copy in handing.send_back(work):
        click.echo(_("{path}：{count} 处").format(path=shown(copy.path, project), count=copy.problems))
    if project.settings.google and not project.offline:
        from jianbao.pipeline.marking import mark_online

        tell_marked(mark_online(work))
    click.echo(_("全部问题：{path}").format(path=shown(handing.problem_list_path(work), project)))


@jianbao.command(help=_("写出催报的话（每单位一段，不含个人信息）和各班未报名单。"))
@day_options
@format_option
def remind(project: Project, day: date | None, as_of: datetime, shape: str) -> None:
    """Write a text per unit, and who of each class has not reported."""
    from jianbao.cli.shapes import remind_json
    from jianbao.pipeline import handing
    from jianbao.pipeline.work import work_day

    work = work_day(project, as_of=as_of, day=day)
    texts = handing.reminders(work)
    path, lists = handing.write_reminders(work, texts), handing.write_absent(work)
    if shape == "json":
        print_json(remind_json(work, texts))
        return
    for text in texts:
        click.echo(text.text + "\n")
    if path:
        click.echo(_("已写到 {path}").format(path=shown(path, project)))
    if lists:
        click.echo(_("未报名单（只供辅导员）：{folder}，{count} 个单位").format(folder=shown(lists[0].parent, project), count=len(lists)))


@jianbao.command(help=_("列出一天的指标，各带实报、应报和截至时间；用 --from 和 --to 则从台账重新计算一段时间的每一天。"))
@day_options
@click.option("--from", "first", metavar="2020-02-01", help=_("重新计算的第一天。"))
@click.option("--to", "last", metavar="2020-05-30", help=_("重新计算的最后一天。"))
@format_option
def figures(project: Project, day: date | None, as_of: datetime, shape: str, first: str | None, last: str | None) -> None:
    """State a day's figures, or count those of a period anew."""
    from jianbao.cli.shapes import figures_report_json
    from jianbao.cli.telling import tell_figures
    from jianbao.pipeline.work import work_day

    if first or last:
        if not (first and last) or day:
            raise click.UsageError(_("重新计算一段时间要同时写 --from 和 --to，不写 --date"))
        _recounted(project, (clock.parse_day(first), clock.parse_day(last)), as_of, shape)
        return
    work = work_day(project, as_of=as_of, day=day)
    if shape == "json":
        print_json(figures_report_json(work))
    else:
        tell_figures(work)


def _recounted(project: Project, days: tuple[date, date], as_of: datetime, shape: str) -> None:
    """Say a period's figures as its kept rows have them, and which are not what they were."""
    from jianbao.cli.shapes import recount_json
    from jianbao.cli.telling import tell_recounted
    from jianbao.pipeline.recount import Stretch, recount

    found = list(recount(project, Stretch(*days, as_of)))
    if shape == "json":
        print_json(recount_json(found, as_of))
    else:
        tell_recounted(found)


@jianbao.command(help=_("说明一个指标的来历：口径、各单位的数、每一行所在的单元格（仅供办公室）。"))
@click.argument("figure")
@click.option("--diff", "other", metavar="2020-02-05", help=_("与这一天比较：谁新计入，谁不再计入，谁的行有变。"))
@day_options
@format_option
def explain(project: Project, day: date | None, as_of: datetime, figure: str, other: str | None, shape: str) -> None:
    """Say where a number comes from, or why it moved."""
    from jianbao.cli import shapes, telling
    from jianbao.pipeline import explain as explaining
    from jianbao.pipeline.work import work_day

    if gone := explaining.released(project, figure, day):
        print_json(shapes.released_json(gone)) if shape == "json" else telling.tell_released(gone)
        return
    work = work_day(project, as_of=as_of, day=day)
    if other:
        earlier, later = sorted((work, work_day(project, as_of=as_of, day=clock.parse_day(other))), key=lambda w: w.day)
        moved = explaining.moved(earlier, later, figure)
        print_json(shapes.moved_json(moved)) if shape == "json" else telling.tell_moved(moved)
        return
    found = explaining.explain(work, figure)
    print_json(shapes.explain_json(found)) if shape == "json" else telling.tell_explained(found)


@jianbao.command(help=_("列出台账的各种表，或写出其中一张（仅供办公室）。"))
@click.argument("name", required=False)
@day_options
@format_option
def tables(project: Project, day: date | None, as_of: datetime, name: str | None, shape: str) -> None:
    """Name the ledgers' tables and lists, or print one of them."""
    from jianbao.cli.shapes import table_json
    from jianbao.cli.telling import tell_table, tell_tables
    from jianbao.pipeline.lists import find_view
    from jianbao.pipeline.work import work_day

    work = work_day(project, as_of=as_of, day=day)
    if name is None:
        tell_tables(work.forms)
        return
    made = find_view(work, name)
    if shape == "json":
        print_json(table_json(made))
    else:
        tell_table(made)


@jianbao.command(help=_("追踪：某人某日到过哪里、谁与其同处；写到 private/lists（仅供办公室）。"))
@click.argument("who")
@day_options
def trace(project: Project, day: date | None, as_of: datetime, who: str) -> None:
    """Write who was with somebody on a day."""
    from jianbao.cli.telling import tell_traced
    from jianbao.pipeline.lists import trace as traced
    from jianbao.pipeline.work import work_day

    tell_traced(project, traced(work_day(project, as_of=as_of, day=day), who))


@jianbao.command(help=_("只写一天的简报（草稿），不发布；用 --from 和 --to 则写一段时间的工作纪事。"))
@day_options
@click.option("--from", "first", metavar="2020-02-01", help=_("工作纪事的第一天。"))
@click.option("--to", "last", metavar="2020-02-10", help=_("工作纪事的最后一天；这一天须已发布。"))
@click.option("--title", default="", metavar=_("标题"), help=_("工作纪事的标题，如专刊的名称。"))
def brief(project: Project, day: date | None, as_of: datetime, first: str | None, last: str | None, title: str) -> None:
    """Write a day's briefing, or a period's chronicle, as a draft."""
    from jianbao.pipeline.chronicle import Period, write_chronicle
    from jianbao.pipeline.publish import write_draft

    if not (first or last or title):
        path = write_draft(project, day=day, as_of=as_of)
        click.echo(_("简报草稿：{path}，可以修改；修改过的文字不会被覆盖。").format(path=shown(path, project)))
        return
    if not (first and last) or day:
        raise click.UsageError(_("工作纪事要同时写 --from 和 --to，不写 --date"))
    path = write_chronicle(project, Period(clock.parse_day(first), clock.parse_day(last), as_of, title))
    click.echo(_("工作纪事草稿：{path}，可以修改。").format(path=shown(path, project)))
    click.echo(_("下一步：jianbao sign {path}，再运行 jianbao publish").format(path=shown(path, project)))


@jianbao.command(help=_("读取、检查、汇总、写简报、生成网站并封存：每天的主要工作。"))
@day_options
@click.option("--signed-by", default="", metavar=_("姓名"), help=_("签发人；也可写在 jianbao.toml 的 [school] 中。"))
@click.option("--update", is_flag=True, help=_("已发布的一天数据有变化时，发布新的一版并注明变化。"))
@click.option("--full", is_flag=True, help=_("网站每一页都重新生成，不沿用上次生成的页面。"))
def publish(project: Project, day: date | None, as_of: datetime, signed_by: str, update: bool, full: bool) -> None:  # noqa: FBT001
    """Publish a day."""
    from jianbao.pipeline.lock import alone
    from jianbao.pipeline.standing import undisturbed

    with alone(project):
        standing = None if full else undisturbed(project, day=day, as_of=as_of)
    if standing:
        tell_undisturbed(project, standing)
        return
    from jianbao.cli.telling import Teller, tell_published
    from jianbao.pipeline.publish import PublishOptions, publish

    with Teller(project) as teller:
        done = publish(project, PublishOptions(day, as_of, signed_by, update, full), teller.step)
    tell_published(project, done)


@jianbao.command(help=_("把一天的数填进上级的表（templates/returns），与已发布的简报不符的不写。"))
@day_options
def returns(project: Project, day: date | None, as_of: datetime) -> None:
    """Fill the receivers' workbooks."""
    from jianbao.pipeline.returning import write_returns

    for done in write_returns(project, as_of=as_of, day=day):
        click.echo(_("{path}：填了 {count} 项").format(path=shown(done.path, project), count=done.filled))


@jianbao.command(help=_("督查：一段时间里各单位漏报、迟报、改动和自相矛盾的报告，写成内部页面和通报。"))
@click.option("--from", "first", required=True, metavar="2020-02-01", help=_("从哪一天。"))
@click.option("--to", "last", required=True, metavar="2020-02-07", help=_("到哪一天。"))
@moment_options
def supervise(project: Project, as_of: datetime, first: str, last: str) -> None:
    """Say how the units reported over a period."""
    from jianbao.cli.telling import tell_supervised
    from jianbao.pipeline.supervise import supervise as supervised

    tell_supervised(supervised(project, first=clock.parse_day(first), last=clock.parse_day(last), as_of=as_of), project)


@jianbao.command(help=_("一学期或一阶段结束时封存一期网站（close 名称），或列出已封存的（list）。"))
@click.argument("action", type=click.Choice(["close", "list"]))
@click.argument("name", default="")
@click.option("--title", default="", metavar=_("标题"), help=_("这一期的标题，如 2026年春季学期；默认用名称。"))
@click.option("--alias", "aliases", multiple=True, metavar=_("别名"), help=_("另一个网址，可写多次；内容是副本。"))
@click.option("--update-aliases", is_flag=True, help=_("别名原属往期的，改指这一期。"))
@click.option("--as-of", metavar="2020-02-06T12:00", help=_("以此时刻代替现在，便于重做。"))
@office_command
def edition(  # click passes each by name
    project: Project, action: str, name: str, title: str, aliases: tuple[str, ...], update_aliases: bool, as_of: str | None,  # noqa: FBT001
) -> None:  # fmt: skip
    """Close an edition, or list those closed."""
    from jianbao.editions import Closing, read_editions
    from jianbao.pipeline.closing import close_edition

    if action == "close":
        if not name:
            raise click.UsageError(_("请写这一期的名称，如 jianbao edition close 2026-spring"))
        moment = clock.parse_moment(as_of, project.zone) if as_of else clock.now(project.zone)
        closed = close_edition(project, Closing(name, title, aliases, moment.date(), update_aliases), moment)
        told = _("已封存：{title}，内容为第 {number} 号记录，editions/{name}")
        click.echo(told.format(title=closed.title, number=closed.release, name=name))
    for kept in read_editions(project.editions):
        click.echo(_("  {name}  {title}（{day} 封存，第 {number} 号记录）").format(
            name="、".join(kept.paths), title=kept.title, day=kept.closed, number=kept.release))  # fmt: skip


@jianbao.command(help=_("在本机预览网站（含草稿），页面一改就重新生成。"))
@click.option("--host", default="127.0.0.1", metavar=_("地址"), help=_("监听的地址。"))
@click.option("--port", default=8000, type=click.IntRange(1, 65535), metavar=_("端口"), help=_("端口。"))
@office_command
def preview(project: Project, host: str, port: int) -> None:
    """Serve the site as it would be released now."""
    from jianbao.pipeline.preview import serve_preview

    serve_preview(
        project.root, moment=lambda: clock.now(project.zone), host=host, port=port, trouble=tell_error,
        step=lambda url: click.echo(_("预览：{url}（按 Ctrl+C 结束）").format(url=url)),
    )  # fmt: skip


@jianbao.command(help=_("放行一个含有人名的日常用语，只需一次；理由写入 jianbao.toml。"))
@click.argument("phrase")
@click.option("--reason", required=True, metavar=_("理由"), help=_("为什么它不是个人信息。"))
@office_command
def allow(project: Project, phrase: str, reason: str) -> None:
    """Allow a phrase on pages."""
    from jianbao.pipeline.office import allow as allowing

    done = allowing(project, phrase, reason)
    click.echo((_("已放行“{phrase}”。") if done else _("“{phrase}”早已放行。")).format(phrase=phrase))


@jianbao.command(help=_("把一段时间里发布的文件合订成一册：PDF 和单文件网页。"))
@click.option("--from", "since", required=True, metavar="2020-02-01", help=_("第一天。"))
@click.option("--to", "until", required=True, metavar="2020-05-30", help=_("最后一天。"))
@office_command
def volume(project: Project, since: str, until: str) -> None:
    """Bind a period's documents."""
    from jianbao.pipeline.volume import bind_volume

    done = bind_volume(project, clock.parse_day(since), clock.parse_day(until))
    click.echo(_("合订了 {count} 份文件：").format(count=done.documents))
    for path in done.paths:
        click.echo(f"  {shown(path, project)}")
    if done.lacking:
        click.echo(_("本次没有生成 PDF：{why}").format(why=done.lacking))


for _paper in (*papers.COMMANDS, *keeping.COMMANDS):
    jianbao.add_command(_paper)
