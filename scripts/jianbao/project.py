"""An office's folder: what lies where in it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

from jianbao.clock import zone
from jianbao.errors import NotAnOffice
from jianbao.messages import _
from jianbao.progress import Watch, unwatched
from jianbao.settings import SETTINGS_FILE, Settings, read_settings


@dataclass(frozen=True)
class Project:
    """An office's folder. Paths below it have one name each, here.

    `offline` works with what was fetched before, without asking the source; `watch` is told how far long work has come,
    `fetched` how far a fetch from other machines has.
    """

    root: Path
    settings: Settings
    offline: bool = False
    watch: Watch = unwatched
    fetched: Watch = unwatched

    @classmethod
    def open(cls, root: Path) -> Project:
        """Open the office in `root`.

        Raises NotAnOffice or SettingsError.
        """
        path = root / SETTINGS_FILE
        if not path.is_file():
            raise NotAnOffice(
                _("{folder} 里没有 {file}，不是一个 jianbao 办公室").format(folder=root, file=SETTINGS_FILE),
                _("新建一个：jianbao init 文件夹；或用 --project 指明它在哪里。"),
            )
        return cls(root.resolve(), read_settings(path))

    @cached_property
    def zone(self) -> ZoneInfo:
        """The school's time zone."""
        return zone(self.settings.school.timezone)

    @property
    def forms(self) -> Path:
        """The forms' folder."""
        return self.root / "forms_schema"

    @property
    def pages(self) -> Path:
        """The folder of pages that people write and correct."""
        return self.root / "site"

    @property
    def templates(self) -> Path:
        """The office's own templates, which replace ours of the same name."""
        return self.root / "templates"

    @property
    def inbox(self) -> Path:
        """The folder that sheets are put into."""
        return self.root / self.settings.inbox

    @property
    def private(self) -> Path:
        """Where everything about persons stays."""
        return self.root / "private"

    @property
    def lists(self) -> Path:
        """Lists of persons for the office."""
        return self.private / "lists"

    @property
    def out(self) -> Path:
        """What goes back to whoever filled the sheets."""
        return self.private / "out"

    @property
    def record(self) -> Path:
        """The official record of what is public."""
        return self.root / "record"

    @property
    def internal_record(self) -> Path:
        """The record of internal originals."""
        return self.private / "record"

    @property
    def editions(self) -> Path:
        """The sites of closed terms and phases."""
        return self.root / "editions"

    @property
    def build(self) -> Path:
        """Staged trees and built sites."""
        return self.root / "build"

    @property
    def staged(self) -> Path:
        """The public tree as Markdown."""
        return self.build / "public" / "docs"

    @property
    def site(self) -> Path:
        """The public site as built."""
        return self.build / "public" / "site"


def shipped(name: str) -> Path:
    """Return a folder or file that ships with the program: forms_schema, site, templates, mkdocs.yml ….

    In an installed wheel they stand inside the package; in a checkout, beside `scripts/`.
    """
    inside = Path(__file__).parent / "skeleton" / name
    return inside if inside.exists() else Path(__file__).parents[2] / name
