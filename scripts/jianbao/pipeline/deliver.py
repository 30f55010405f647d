"""The built site handed to where readers find it: a folder, or a branch of a git remote; whole, or not at all."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Final

from jianbao import files, git
from jianbao.editions import VERSIONS
from jianbao.errors import Refused
from jianbao.messages import _
from jianbao.project import Project
from jianbao.record import CHAIN, EDITIONS, SITE_CHAIN

BRANCH: Final = "gh-pages"


def deliver(project: Project, target: str, as_of: datetime) -> None:
    """Make the target hold the site as it was released last.

    Raises Refused where the record there is ahead of ours: somebody has published from another machine.
    """
    if git.is_remote(target):
        _to_remote(project, target, as_of)
    else:
        _to_folder(project, Path(target) if Path(target).is_absolute() else project.root / target)


def _to_remote(project: Project, target: str, as_of: datetime) -> None:
    scratch = project.build / "deliver.git"
    ours = files.read_text(project.record / CHAIN)
    _refuse_if_ahead(ours, git.fetch_file(target, BRANCH, SITE_CHAIN, scratch))
    git.push_folder(project.site, target, BRANCH, scratch, message=ours.splitlines()[-1], when=as_of)


def _to_folder(project: Project, folder: Path) -> None:
    files.settle_swap(folder)
    ours = files.read_text(project.record / CHAIN)
    there = folder / SITE_CHAIN
    theirs = files.read_text(there) if there.is_file() else None
    if theirs is None and folder.is_dir() and any(folder.iterdir()):
        raise Refused(_("发布位置 {target} 不是空的，也不是 jianbao 的网站").format(target=folder), _("换一个空文件夹。"))
    _refuse_if_ahead(ours, theirs)
    if theirs != ours or _editions(project.site) != _editions(folder):
        new = folder.with_name(folder.name + ".new")
        files.remove(new)
        files.copy_tree(project.site, new)
        files.swap_folder(new, folder)


def _editions(site: Path) -> bytes:
    path = site / EDITIONS / VERSIONS
    return files.read_bytes(path) if path.is_file() else b""


def _refuse_if_ahead(ours: str, theirs: str | None) -> None:
    if theirs is not None and not ours.startswith(theirs):
        raise Refused(
            _("发布位置的记录比这里的新，或与这里的不同：可能有人在另一台电脑上发布过"),
            _("先把那台电脑的 site/ 和 record/ 同步过来，再运行。"),
        )
