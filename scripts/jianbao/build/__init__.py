"""MkDocs, behind one door: the staged tree becomes the site, or the build says what is wrong."""

from __future__ import annotations

import contextlib
import logging
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

from jianbao import files
from jianbao.build.rendered import StandingSite
from jianbao.errors import BuildError
from jianbao.messages import _
from jianbao.progress import Watch, unwatched
from jianbao.project import shipped

__all__ = ["StandingSite", "build_site"]


class _Heard(logging.Handler):
    """Keeps what the engine warns of."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


THEME: Final = Path(__file__).parents[1] / "templates" / "theme"
"""What replaces the theme's own templates: words in Chinese or English, the page that is not there, links in a page's head."""

WORDS: Final = "vendor/jieba/dict.txt.small"
"""The segmenter's dictionary: its authors' smaller one, read in a quarter of the time; it parts finer, so search finds more."""

_SITEMAPS: Final = ("sitemap.xml", "sitemap.xml.gz")


def build_site(
    root: Path, docs: Path, site: Path, moment: datetime, *, address: str, standing: StandingSite, watch: Watch = unwatched
) -> None:
    """Build `docs` into `site` under the office's mkdocs.yml, as if the clock stood at `moment`.

    `address` is where readers will find the site; without one there is no sitemap, which can only name whole addresses.
    `watch` is told how many of the pages' two passes are done.
    What is unchanged since `standing` was built is taken over from it: the site is, byte for byte, that of a whole build.
    Raises BuildError with every warning: a page with a dead link is not published.
    """
    config_file = root / "mkdocs.yml"
    if not config_file.is_file():
        raise BuildError(_("{folder} 里没有 mkdocs.yml").format(folder=root), _("可从 jianbao init 新建的办公室复制一份。"))
    with _quiet(root, moment) as heard:
        from mkdocs.commands.build import build  # reads its environment when imported
        from mkdocs.config import load_config
        from mkdocs.exceptions import MkDocsException

        from jianbao.build.reuse import Reuse

        reuse = Reuse(standing, THEME, watch)
        try:
            where = {"site_url": address} if address else {}
            config = load_config(str(config_file), docs_dir=str(docs), site_dir=str(site), **where)
            config.theme.dirs[:0] = [str(p) for p in (root / "templates" / "theme", THEME) if p.is_dir()]
            if (search := config.plugins.get("material/search")) and not search.config.jieba_dict:
                search.config.jieba_dict = str(shipped(WORDS))
            config.plugins["jianbao/reuse"] = reuse
            config.plugins.on_startup(command="build", dirty=False)
            build(config)
            config.plugins.on_shutdown()
        except MkDocsException as error:
            raise BuildError(_("网站没有建成：{detail}").format(detail=error)) from error
        if heard.lines:
            raise BuildError(
                _("网站没有建成：\n{lines}").format(lines="\n".join(dict.fromkeys(heard.lines))), _("改正上述页面后重新运行。")
            )
        if not config.site_url:
            for name in _SITEMAPS:
                files.remove(site / name)
    standing.write(reuse.rendered)


@contextlib.contextmanager
def _quiet(root: Path, moment: datetime) -> Iterator[_Heard]:
    """Run the engine from the office's folder, at a fixed time, hearing its warnings and printing nothing."""
    heard = _Heard()
    log = logging.getLogger("mkdocs")
    before = {k: os.environ.get(k) for k in ("SOURCE_DATE_EPOCH", "NO_MKDOCS_2_WARNING")}
    os.environ |= {"SOURCE_DATE_EPOCH": str(int(moment.timestamp())), "NO_MKDOCS_2_WARNING": "1"}
    log.addHandler(heard)
    propagates, log.propagate = log.propagate, False
    logging.getLogger("jieba").setLevel(logging.ERROR)
    where = Path.cwd()
    os.chdir(root)
    try:
        import jieba

        jieba.setLogLevel(logging.ERROR)
        jieba.dt.initialized = False  # the words of a build before this one in the same process are not this one's
        yield heard
    finally:
        os.chdir(where)
        log.removeHandler(heard)
        log.propagate = propagates
        for key, value in before.items():
            os.environ.pop(key, None) if value is None else os.environ.__setitem__(key, value)
