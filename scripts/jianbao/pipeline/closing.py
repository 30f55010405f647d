"""A term or phase ends: its site is kept under its own path, and the version list reaches it."""

from __future__ import annotations

from datetime import datetime

from jianbao import editions, files, git
from jianbao.editions import ClosedEdition, Closing
from jianbao.pipeline.deliver import deliver
from jianbao.pipeline.lock import alone
from jianbao.project import Project
from jianbao.record import Record


def close_edition(project: Project, closing: Closing, as_of: datetime) -> ClosedEdition:
    """Keep the site as it stands as an edition, put it beside the living site, and deliver both.

    Raises Refused where it would overwrite an edition, or the site is not as it was sealed.
    """
    with alone(project):
        files.settle_swap(project.site)
        edition = editions.close(project.editions, project.site, Record.open(project.record), closing)[0]
        editions.put_into(project.site, project.editions, project.settings)
        if repository := git.Repository.around(project.root):
            repository.commit(["editions"], f"封存一期：{edition.title}", as_of)
        if project.settings.target:
            deliver(project, project.settings.target, as_of)
        return edition
