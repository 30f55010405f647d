"""private/ as one encrypted file, so that a broken laptop loses no day; and back."""

from __future__ import annotations

from pathlib import Path

from jianbao import files
from jianbao.backup import read_backup, write_backup
from jianbao.errors import Refused, UsageError
from jianbao.messages import _
from jianbao.pipeline.lock import alone
from jianbao.project import Project

_PASSING = (".lock", "readings/", "rebuild/")
"""What is made again from the rest."""


def back_up(project: Project, target: Path, passphrase: str) -> int:
    """Write what private/ holds into an encrypted file; return how many files it holds.

    Raises UsageError where the file would lie within what it keeps, or the passphrase is short.
    """
    if target.resolve().is_relative_to(project.private.resolve()):
        raise UsageError(_("备份不能放在 private 里面"), _("写到移动硬盘或另一台电脑。"))
    if len(passphrase) < 8:
        raise UsageError(_("口令太短，至少 8 个字"), _("换一个长一些的口令，并另行保管。"))
    with alone(project):
        paths = (files.relative(p, project.private) for p in files.walk(project.private))
        return write_backup(project.private, [p for p in paths if not p.startswith(_PASSING)], target, passphrase)


def bring_back(project: Project, source: Path, passphrase: str) -> int:
    """Put a backup in the place of private/; return how many files it held.

    Raises Refused where private/ already holds days: nothing of them is overwritten.
    """
    if (project.private / "snapshots" / "index.json").is_file():
        raise Refused(_("private 里已有数据，不会被备份覆盖"), _("确认不要的，先把 private 文件夹改名，再运行一次。"))
    new = project.private.with_name(project.private.name + ".new")
    files.private_folder(files.empty_folder(new))
    try:
        count = read_backup(source, new, passphrase)
    except BaseException:
        files.remove(new)
        raise
    files.swap_folder(new, project.private)
    return count
