"""A new office, and its state of health."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from jianbao import clock, files
from jianbao.errors import JianbaoError, UsageError
from jianbao.forms.load import load_forms
from jianbao.messages import _, listed
from jianbao.pipeline.keys import lost_key
from jianbao.printing.fonts import fonts_for
from jianbao.project import Project, shipped
from jianbao.settings import SETTINGS_FILE, Allowed, PrintSettings, allow_line


def make_office(folder: Path, *, school: str, office: str, offices: bool = False) -> None:
    """Make a new office in `folder`: settings, forms, a first page, and the folders; with `offices` one above others.

    Raises UsageError where there is one already.
    """
    if (folder / SETTINGS_FILE).exists():
        raise UsageError(_("{folder} 已经是一个 jianbao 办公室").format(folder=folder))
    own = _skeleton() / "offices" if offices else _skeleton()
    settings = files.read_text(own / SETTINGS_FILE)
    files.write_text(folder / SETTINGS_FILE, settings.replace("{school}", _toml(school)).replace("{office}", _toml(office)))
    files.copy_tree(own / "forms_schema" if offices else shipped("forms_schema"), folder / "forms_schema")
    files.copy_tree(_skeleton() / "site", folder / "site")
    site = files.read_text(shipped("mkdocs.yml"))
    named = "\n".join(f"site_name: {_yaml(school)}" if line.startswith("site_name:") else line for line in site.splitlines())
    files.write_text(folder / "mkdocs.yml", named + "\n")
    for name in ("gitignore", "gitattributes"):
        if not (folder / f".{name}").exists():
            files.write_text(folder / f".{name}", files.read_text(_skeleton() / name))
    (folder / "inbox").mkdir(exist_ok=True)
    files.private_folder(folder / "private")


def _skeleton() -> Path:
    return Path(__file__).parents[1] / "skeleton"


def _toml(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _yaml(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def allow(project: Project, phrase: str, reason: str) -> bool:
    """Allow a phrase on pages; return False where it was allowed already."""
    if any(a.phrase == phrase for a in project.settings.allowed):
        return False
    path = project.root / SETTINGS_FILE
    files.write_text(path, files.read_text(path).rstrip("\n") + "\n" + allow_line([Allowed(phrase, reason)]))
    return True


@dataclass(frozen=True, slots=True)
class Health:
    """One thing looked at: whether it is well, what was seen, and what to do where it is not."""

    what: str
    well: bool
    seen: str
    advice: str = ""


def examine(root: Path, now: Callable[[], datetime]) -> Iterator[Health]:
    """Yield what was found of each thing that a publication needs."""
    version = sys.version_info
    yield Health(_("Python"), version >= (3, 11), f"{version.major}.{version.minor}.{version.micro}", _("需要 Python 3.11 或更新的版本。"))
    project, health = _settings(root)
    yield health
    yield _git()
    yield _fonts(project)
    yield _chromium()
    if project:
        yield _forms(project)
        yield _writable(project)
        yield from _key(project)
        yield from _online(project) if project.settings.google else _offices(project) if project.settings.offices else [_inbox(project)]
        yield _clock(project, now())


def _settings(root: Path) -> tuple[Project | None, Health]:
    try:
        project = Project.open(root)
    except JianbaoError as error:
        return None, Health(_("设置"), False, error.message, error.advice)
    return project, Health(_("设置"), True, listed((project.settings.school.name, project.settings.school.office)))


def _forms(project: Project) -> Health:
    try:
        forms = load_forms(project.forms, project.settings.names)
    except JianbaoError as error:
        return Health(_("表单"), False, error.message, error.advice)
    lacking = [title for title, form in ((_("单位名单"), forms.unit_list), (_("单位每日报告"), forms.unit_report)) if form is None]
    seen = listed(f.title for f in forms)
    return Health(_("表单"), not lacking, seen, _("缺少：{titles}").format(titles=listed(lacking)) if lacking else "")


def _key(project: Project) -> Iterator[Health]:
    """Say whether releases can be signed, where the office signs them."""
    if project.settings.record.key:
        lost = lost_key(project)
        seen = lost.message if lost else project.settings.record.key
        yield Health(_("签名密钥"), lost is None, seen, lost.advice if lost else "")


def _git() -> Health:
    found = shutil.which("git")
    return Health(_("git"), True, found or _("没有装（不影响发布，只是不自动提交）"))


def _fonts(project: Project | None) -> Health:
    """Say whether PDFs can be set: pages are shown by their readers' own fonts, documents on paper by ours."""
    settings, root = (project.settings.printing, project.root) if project else (PrintSettings(), Path())
    try:
        fonts = fonts_for(settings, root)
    except JianbaoError as error:
        return Health(_("中文字体"), False, error.message, error.advice)
    return Health(_("中文字体"), True, listed(dict.fromkeys(faces[0] for role, faces in fonts.faces.items() if role != "code")))


def _chromium() -> Health:
    names = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")
    found = next((w for n in names if (w := shutil.which(n))), None)
    return Health(_("浏览器"), True, found or _("没有找到（只有测试用得到）"))


def _writable(project: Project) -> Health:
    lacking = [p.name for p in (project.root, project.pages, project.private) if p.exists() and not os.access(p, os.W_OK)]
    return Health(
        _("写入权限"), not lacking, _("可以写入") if not lacking else listed(lacking), _("请用有写入权限的账户运行。") if lacking else ""
    )


def _inbox(project: Project) -> Health:
    count = sum(1 for _p in files.walk(project.inbox)) if project.inbox.is_dir() else 0
    seen = _("{count} 个文件").format(count=count) if count else _("还是空的，请把各单位的表格放进 {folder}").format(folder=project.inbox)
    return Health(_("收件文件夹"), project.inbox.is_dir(), seen, _("请新建文件夹 {folder}。").format(folder=project.inbox))


def _online(project: Project) -> Iterator[Health]:
    """Look whether the key is in order, and whether the books can be seen with it."""
    from jianbao.pipeline.online import seen_online

    try:
        owner, books = seen_online(project)
    except JianbaoError as error:
        yield Health(_("谷歌表格"), False, error.message, error.advice)
        return
    lost = [b for b in books if b.trouble]
    seen = _("用 {owner} 看得到 {count} 个表格").format(owner=owner or _("本人的账号"), count=len(books) - len(lost))
    yield Health(
        _("谷歌表格"),
        bool(books) and not lost,
        seen,
        listed(_("{file}：{reason}").format(file=b.file, reason=b.trouble.told) for b in lost if b.trouble),
    )


def _offices(project: Project) -> Iterator[Health]:
    """Look whether the other offices' records can be had."""
    from jianbao.pipeline.offices import reachable

    lost = dict(reachable(project))
    seen = _("{count} 个单位的发布记录，读得到 {reached} 个").format(
        count=len(project.settings.offices), reached=len(project.settings.offices) - len(lost)
    )
    yield Health(_("下级单位"), not lost, seen, listed(_("{file}：{reason}").format(file=name, reason=why) for name, why in lost.items()))


def _clock(project: Project, moment: datetime) -> Health:
    sensible = moment.year >= 2024
    seen = _("{clock}（{zone}）").format(
        clock=moment.astimezone(project.zone).strftime("%Y-%m-%d %H:%M"), zone=project.settings.school.timezone
    )
    return Health(_("时钟与时区"), sensible, seen, "" if sensible else _("电脑的日期不对，请先校准。"))


def examine_now(root: Path) -> Iterator[Health]:
    """Examine an office by the machine's own clock."""
    yield from examine(root, lambda: clock.now(clock.zone("Asia/Shanghai")))
