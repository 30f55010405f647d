"""Pages taken over from the site that stands: the same bytes as a whole build gives, and never a page that is not the one to be."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest

from jianbao import files
from jianbao.build import StandingSite, build_site
from jianbao.errors import BuildError

ROOT: Final = Path(__file__).parents[2]
MOMENT: Final = datetime(2020, 2, 8, 12, tzinfo=UTC)
WORDS: Final = ["体温", "填报", "食堂", "返校", "观察", "消毒", "口罩", "通知", "家长", "班车", "核对", "台账"]
NAVIGATION: Final = "nav:\n  - 首页: index.md\n  - 通知: notices/index.md\n\n"

Pages = dict[str, str]


def page(title: str, *parts: str) -> str:
    return f"---\ntitle: {title}\n---\n\n# {title}\n\n" + "\n\n".join(parts) + "\n"


def a_site() -> Pages:
    return {
        "index.md": page("首页", "见[通知](notices/index.md)。"),
        "notices/index.md": page("通知", *(f"- [第{n}份](n{n}.md)" for n in range(4))),
        **{f"notices/n{n}.md": page(f"通知{n}", f"请按时填报体温，第{n}次。", "## 时间 {#when}", "每天十点。") for n in range(4)},
        "notices/away.md": page("另见", "见[第一份的时间](n1.md#when)和[附表](table.csv)。"),
        "notices/table.csv": "甲,乙\n",
    }


@dataclass
class Desk:
    """A folder in which a site stands, and the next is built of pages written anew."""

    folder: Path
    address: str = ""
    built: int = field(default=0)

    @property
    def standing(self) -> Path:
        return self.folder / "site"

    def build(self, pages: Pages, *, whole: bool = False) -> Path:
        """Build pages into a folder of their own, beside the site that stands; what is taken over comes from there."""
        docs = files.empty_folder(self.folder / "docs")
        for path, text in pages.items():
            files.write_text(docs / path, text)
        self.built += 1
        site = files.empty_folder(self.folder / f"site-{self.built}")
        standing = StandingSite(self.folder / "nothing" if whole else self.standing, whole=whole)
        build_site(self.folder, docs, site, MOMENT, address=self.address, standing=standing)
        return site

    def stand(self, pages: Pages) -> None:
        """Build pages and put the site in its place."""
        files.swap_folder(self.build(pages), self.standing)

    def settle(self, old: str, new: str, name: str = "mkdocs.yml") -> None:
        text = files.read_text(self.folder / name)
        assert old in text
        files.write_text(self.folder / name, text.replace(old, new))


def taken(site: Path) -> set[str]:
    """Return the pages of a site that are second names of another's."""
    return {files.relative(p, site) for p in files.walk(site) if p.suffix == ".html" and p.stat().st_nlink > 1}


def tree(folder: Path) -> Mapping[str, bytes]:
    return {files.relative(p, folder): p.read_bytes() for p in files.walk(folder)}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    settings = (ROOT / "mkdocs.yml").read_text("utf-8")
    text, count = re.subn(r"^nav:\n(?:  - .*\n)+\n", NAVIGATION, settings, flags=re.MULTILINE)
    assert count == 1
    files.write_text(tmp_path / "mkdocs.yml", text)
    files.write_text(tmp_path / "build/public/words.txt", "返校 50000 n\n")
    return Desk(tmp_path)


def the_same(desk: Desk, pages: Pages) -> set[str]:
    """Check that what is built beside a standing site is what a whole build gives; return what was taken over."""
    stood = tree(desk.standing)
    part = desk.build(pages)
    found = taken(part)
    assert tree(desk.standing) == stood
    assert tree(part) == tree(desk.build(pages, whole=True))
    files.swap_folder(part, desk.standing)
    return found


def test_only_the_start_page_is_rendered_where_nothing_changed(desk: Desk) -> None:
    desk.stand(a_site())
    assert the_same(desk, a_site()) == {f"notices/{n}.html" for n in ("index", "n0", "n1", "n2", "n3", "away")}


def test_an_added_page_and_the_list_it_stands_on_are_rendered(desk: Desk) -> None:
    desk.stand(a_site())
    more = a_site() | {"notices/n4.md": page("通知4", "新的一份。")}
    more["notices/index.md"] += "- [第4份](n4.md)\n"
    assert the_same(desk, more) == {f"notices/{n}.html" for n in ("n0", "n1", "n2", "n3", "away")}


def test_the_sitemap_names_every_page(desk: Desk) -> None:
    desk.address = "https://fangkong.example.edu/site/"
    desk.stand(a_site())
    assert len(the_same(desk, a_site())) == 6
    assert (desk.standing / "sitemap.xml").read_text("utf-8").count("<loc>") == 7


EVERYTHING: Final = {
    "site name": ("site_name: 澜汀大学传染病防控", "site_name: 另一所学校", "mkdocs.yml"),
    "a page's title in the navigation": ("- 通知: notices", "- 通知通告: notices", "mkdocs.yml"),
    "the segmenter's words": ("返校 50000 n", "时填报 50000 n", "build/public/words.txt"),
}


@pytest.mark.parametrize("change", EVERYTHING.values(), ids=EVERYTHING)
def test_what_every_page_shows_renders_every_page(desk: Desk, change: tuple[str, str, str]) -> None:
    desk.stand(a_site())
    before = tree(desk.standing)
    old, new, name = change
    desk.settle(old, new, name)
    assert the_same(desk, a_site()) == set()
    assert tree(desk.standing) != before


def test_the_front_matter_of_a_page_in_the_navigation_is_seen_on_every_page(desk: Desk) -> None:
    desk.stand(a_site())
    pages = a_site()
    pages["notices/index.md"] = pages["notices/index.md"].replace("title: 通知\n", "title: 通知\nstatus: new\n", 1)
    assert the_same(desk, pages) == set()
    assert "md-status--new" in (desk.standing / "notices/n2.html").read_text("utf-8")
    pages["notices/n2.md"] += "\n又及。\n"
    assert "notices/index.html" in the_same(desk, pages)
    assert "md-status--new" in (desk.standing / "notices/n2.html").read_text("utf-8")


CANNOT_BE_TOLD: Final = {
    "a hook": ("plugins:\n", "hooks: [hook.py]\nplugins:\n"),
    "an extension that reads other files": ("  - abbr\n", "  - abbr\n  - pymdownx.snippets\n"),
    "another plugin": ("  - offline", "  - tags\n  - offline"),
    "a theme of one's own": ("  language: zh\n", "  language: zh\n  custom_dir: mine\n"),
    "links that may lead nowhere": ("links: {not_found: warn", "links: {not_found: info"),
    "no navigation": (NAVIGATION, ""),
}


@pytest.mark.parametrize("change", CANNOT_BE_TOLD.values(), ids=CANNOT_BE_TOLD)
def test_where_pages_may_come_of_other_things_every_page_is_rendered(desk: Desk, change: tuple[str, str]) -> None:
    files.write_text(desk.folder / "hook.py", "")
    (desk.folder / "mine").mkdir()
    desk.settle(*change)
    desk.stand(a_site())
    assert the_same(desk, a_site()) == set()


def test_with_the_schools_own_theme_templates_every_page_is_rendered(desk: Desk) -> None:
    files.write_text(desk.folder / "templates/theme/partials/copyright.html", "{{ pages | length }}")
    desk.stand(a_site())
    assert the_same(desk, a_site()) == set()


def test_a_place_that_is_gone_is_heard_of_though_the_page_that_names_it_is_unchanged(desk: Desk) -> None:
    desk.stand(a_site())
    pages = a_site()
    pages["notices/n1.md"] = pages["notices/n1.md"].replace("{#when}", "{#then}")
    told = []
    for whole in (False, True):
        with pytest.raises(BuildError) as refused:
            desk.build(pages, whole=whole)
        told.append(str(refused.value))
    assert told[0] == told[1]
    assert "n1.md#when" in told[0]


def test_a_place_in_a_page_taken_over_can_be_linked_to(desk: Desk) -> None:
    desk.stand(a_site())
    pages = a_site()
    pages["notices/away.md"] += "\n再见[第二份的时间](n2.md#when)。\n"
    assert "notices/n2.html" in the_same(desk, pages)
    pages["notices/away.md"] += "\n又见[没有的](n2.md#nowhere)。\n"
    with pytest.raises(BuildError, match=r"n2\.md#nowhere"):
        desk.build(pages)


@pytest.mark.parametrize("gone", ["notices/n3.md", "notices/table.csv"])
def test_a_file_that_is_gone_is_heard_of_though_the_page_that_leads_to_it_is_unchanged(desk: Desk, gone: str) -> None:
    desk.stand(a_site())
    pages = a_site()
    del pages[gone]
    with pytest.raises(BuildError, match=re.escape(Path(gone).name)):
        desk.build(pages)


def test_a_page_changed_by_hand_is_rendered_again(desk: Desk) -> None:
    desk.stand(a_site())
    page_ = desk.standing / "notices/n2.html"
    page_.write_text(page_.read_text("utf-8").replace("第2次", "第9次"), encoding="utf-8")
    (desk.standing / "notices/n3.html").unlink()
    assert the_same(desk, a_site()) == {f"notices/{n}.html" for n in ("index", "n0", "n1", "away")}


def test_the_list_of_another_site_takes_nothing_wrong_over(desk: Desk) -> None:
    desk.stand(a_site())
    pages = a_site() | {"notices/n1.md": page("通知1", "改过。", "## 时间 {#when}", "十一点。")}
    desk.build(pages)  # its list is written, and the run is cut off before it stands
    assert "notices/n1.html" not in the_same(desk, pages)


def test_a_damaged_list_is_as_none(desk: Desk) -> None:
    desk.stand(a_site())
    path = StandingSite(desk.standing).list
    kept = path.read_bytes()
    at = kept.index(b"notices/n1.md")
    path.write_bytes(kept[:at] + b"notices/n7.md" + kept[at + 13 :])
    assert the_same(desk, a_site()) == set()
    StandingSite(desk.standing).list.write_bytes(b"")
    assert the_same(desk, a_site()) == set()


def test_where_the_disk_knows_no_second_names_pages_are_copied(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_link(_self: Path, _target: Path) -> None:
        raise OSError

    desk.stand(a_site())
    stood = desk.standing / "notices/n2.html"
    monkeypatch.setattr(Path, "hardlink_to", no_link)
    assert the_same(desk, a_site()) == set()
    assert stood.stat().st_nlink == 1


def at_random(drawn: random.Random, pages: Pages) -> None:
    """Do something to a page as an office may: write, add, take away, lead elsewhere."""
    notices = sorted(p for p in pages if p.startswith("notices/n") and p.endswith(".md"))
    path = drawn.choice(notices)
    match drawn.randrange(5):
        case 0:
            pages[path] += f"\n{''.join(drawn.choices(WORDS, k=9))}。\n"
        case 1:
            name = f"notices/n{drawn.randrange(100, 999)}.md"
            pages[name] = page("".join(drawn.choices(WORDS, k=2)), "".join(drawn.choices(WORDS, k=20)), "## 时间 {#when}")
            pages["index.md"] += f"\n- [新的]({name})\n"
        case 2:
            other = drawn.choice(notices)
            pages[path] += f"\n见[另一份]({Path(other).name}#when)。\n"
        case 3:
            pages[path] = pages[path].replace("# ", f"# {drawn.choice(WORDS)}", 1).replace("title: ", "search: {boost: 0.2}\ntitle: ", 1)
        case _ if len(notices) > 2:
            _take_away(pages, path)


def _take_away(pages: Pages, path: str) -> None:
    """Take a page away, and every line that leads to it."""
    del pages[path]
    name = Path(path).name
    for other, text in pages.items():
        pages[other] = "".join(line for line in text.splitlines(keepends=True) if name not in line)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_whatever_is_done_to_pages_the_site_is_that_of_a_whole_build(desk: Desk, seed: int) -> None:
    drawn, pages, found = random.Random(seed), a_site(), 0
    desk.address = "https://fangkong.example.edu/site/"
    desk.stand(pages)
    for _round in range(5):
        for _step in range(drawn.randrange(1, 4)):
            at_random(drawn, pages)
        found += len(the_same(desk, pages))
    assert found > 6
