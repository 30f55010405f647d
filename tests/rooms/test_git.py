"""Real git: a release is one commit of just its paths; a remote's branch holds just what the folder holds."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest

from jianbao.git import GitError, Repository, fetch_file, is_remote, push_folder

WHEN: Final = datetime(2020, 2, 6, 12, tzinfo=UTC)


def git(folder: Path, *words: str) -> str:
    identity = ["-c", "user.name=a", "-c", "user.email=a@e.cn", "-c", "core.quotepath=off"]
    return subprocess.run(["git", *identity, *words], cwd=folder, check=True, capture_output=True, text=True, encoding="utf-8").stdout


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    root = tmp_path / "office"
    root.mkdir()
    git(root, "init", "-q", "-b", "main")
    for name, text in {"site/一.md": "1", "record/chain.txt": "", "other.txt": "x", ".gitignore": "private/\n"}.items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    found = Repository.around(root)
    assert found is not None
    return found


def test_only_the_top_of_a_repository_is_one(repository: Repository, tmp_path: Path) -> None:
    assert Repository.around(repository.root / "site") is None
    assert Repository.around(tmp_path) is None
    assert Repository.around(tmp_path / "none") is None


def test_a_commit_holds_just_its_paths(repository: Repository) -> None:
    root = repository.root
    git(root, "add", "other.txt")
    assert repository.commit(["site", "record", "none"], "发布 1", WHEN)
    assert (
        git(root, "show", "--name-only", "--format=%s|%aI|%cI").split("\n\n")[0]
        == "发布 1|2020-02-06T12:00:00+00:00|2020-02-06T12:00:00+00:00"
    )
    assert git(root, "ls-tree", "-r", "--name-only", "HEAD").split() == ["record/chain.txt", "site/一.md"]
    assert git(root, "diff", "--cached", "--name-only").split() == ["other.txt"]
    assert not repository.commit(["site", "record"], "发布 2", WHEN)
    (root / "site/一.md").unlink()
    (root / "site/二.md").write_text("2", encoding="utf-8")
    assert repository.commit(["site", "record"], "发布 2", WHEN)
    assert git(root, "ls-tree", "-r", "--name-only", "HEAD").split() == ["record/chain.txt", "site/二.md"]


def test_what_git_ignores_is_left_alone(repository: Repository) -> None:
    (repository.root / "private").mkdir()
    (repository.root / "private/a").write_text("x")
    assert repository.ignored("private")
    assert not repository.ignored("site")
    assert not repository.commit(["private"], "x", WHEN)


def test_equal_commits_are_equal(repository: Repository, tmp_path: Path) -> None:
    hashes = set()
    for name in ("a", "b"):
        twin = tmp_path / name
        git(tmp_path, "init", "-q", "-b", "main", name)
        git(twin, "config", "user.email", "a@e.cn")
        git(twin, "config", "user.name", "a")
        (twin / "site").mkdir()
        (twin / "site/a.md").write_text("1")
        Repository(twin).commit(["site"], "发布", WHEN)
        hashes.add(git(twin, "rev-parse", "HEAD"))
    assert len(hashes) == 1


@pytest.mark.parametrize(
    ("target", "remote"),
    [
        ("git@e.cn:a/b", True), ("ssh://e.cn/a", True), ("https://e.cn/a/b.git", True), ("file:///srv/a", True), ("../a.git", True),
        ("/srv/www", False), ("public", False), ("C:\\www", False), ("", False),
    ],
)  # fmt: skip
def test_what_is_a_remote(target: str, remote: bool) -> None:
    assert is_remote(target) is remote


def test_a_remote_s_branch_holds_just_what_the_folder_holds(tmp_path: Path) -> None:
    remote, site, scratch = str(tmp_path / "r.git"), tmp_path / "site", tmp_path / "scratch/deep"
    git(tmp_path, "init", "-q", "--bare", remote)
    assert fetch_file(remote, "pages", "记录/chain.txt", scratch) is None
    for round_, files in enumerate(
        [{"a.html": "1", "记录/chain.txt": "一\n"}, {"记录/chain.txt": "一\n二\n", ".gitignore": "*.html\n", "b.html": "2"}]
    ):
        for path in site.rglob("*.*"):
            path.unlink()
        for name, text in files.items():
            (site / name).parent.mkdir(parents=True, exist_ok=True)
            (site / name).write_bytes(text.encode())
        for _twice in range(2):
            push_folder(site, remote, "pages", scratch, message=f"发布 {round_}", when=WHEN)
        assert git(Path(remote), "ls-tree", "-r", "--name-only", "pages").split() == sorted(files)
        assert git(Path(remote), "log", "--format=%s", "pages").split("\n")[:-1] == [f"发布 {n}" for n in range(round_, -1, -1)]
        assert fetch_file(remote, "pages", "记录/chain.txt", tmp_path / f"fresh{round_}") == files["记录/chain.txt"]
    assert fetch_file(remote, "pages", "none.txt", scratch) is None
    assert fetch_file(remote, "none", "a.html", scratch) is None


def test_a_push_is_upon_what_was_there(tmp_path: Path) -> None:
    """A commit that somebody else put there stays in the history."""
    remote = tmp_path / "r.git"
    git(tmp_path, "init", "-q", "--bare", str(remote))
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / f"{name}.html").write_text(name)
        push_folder(tmp_path / name, str(remote), "pages", tmp_path / f"scratch-{name}", message=name, when=WHEN)
    assert git(remote, "log", "--format=%s", "pages").split() == ["two", "one"]
    assert git(remote, "ls-tree", "-r", "--name-only", "pages").split() == ["two.html"]


def test_what_git_says_no_to_is_said_in_its_words(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site/a").write_text("a")
    with pytest.raises(GitError, match="push"):
        push_folder(tmp_path / "site", str(tmp_path / "none.git"), "pages", tmp_path / "scratch", message="x", when=WHEN)
