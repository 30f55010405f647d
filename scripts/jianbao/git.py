"""The only caller of git. Where there is no git, or no repository, nothing here is needed."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from jianbao.errors import JianbaoError
from jianbao.messages import _


class GitError(JianbaoError):
    """git said no; its words are in the message."""


@dataclass(frozen=True, slots=True)
class Repository:
    """A git repository's work tree."""

    root: Path

    @classmethod
    def around(cls, folder: Path) -> Repository | None:
        """Return the repository whose top is `folder`, or None."""
        if not shutil.which("git") or not folder.is_dir():
            return None
        found = _run(folder, ["rev-parse", "--show-toplevel"], check=False)
        top = Path(found.stdout.strip()) if found.returncode == 0 and found.stdout.strip() else None
        return cls(folder) if top and top.resolve() == folder.resolve() else None

    def commit(self, paths: Sequence[str], message: str, when: datetime) -> bool:
        """Commit these paths, and only them; return False where they hold nothing new or are ignored."""
        kept = [p for p in paths if (self.root / p).exists() and not self.ignored(p)]
        if not kept:
            return False
        _run(self.root, ["add", "--all", "--", *kept])
        if _run(self.root, ["diff", "--cached", "--quiet", "--", *kept], check=False).returncode == 0:
            return False
        stamp = when.isoformat()
        _run(self.root, [*self._identity(), "commit", "--quiet", "--no-verify", "--date", stamp, "-m", message, "--", *kept], when=stamp)
        return True

    def tag(self, name: str, path: str, *, message: str, key: Path | None, when: datetime) -> None:
        """Tag the last commit that changed `path`, signed with an SSH key where one is given.

        A tag that is there stays, so that a run cut off before it is completed by the next. Where nothing is committed nothing is tagged.
        """
        if _run(self.root, ["rev-parse", "--quiet", "--verify", f"refs/tags/{name}"], check=False).returncode == 0:
            return
        commit = _run(self.root, ["rev-list", "-1", "HEAD", "--", path], check=False).stdout.strip()
        if not commit:
            return
        signed = ["-c", "gpg.format=ssh", "-c", f"user.signingkey={key.absolute()}"] if key else []
        kind = "--sign" if key else "--annotate"
        _run(self.root, [*self._identity(), *signed, "tag", kind, "-m", message, name, commit], when=when.isoformat())

    def ignored(self, path: str) -> bool:
        """Whether git ignores a path."""
        return _run(self.root, ["check-ignore", "--quiet", path], check=False).returncode == 0

    def _identity(self) -> list[str]:
        named = _run(self.root, ["config", "user.email"], check=False).stdout.strip()
        return [] if named else ["-c", "user.name=jianbao", "-c", "user.email=jianbao@localhost"]


def is_remote(target: str) -> bool:
    """Return whether a publishing target is a git remote and not a folder."""
    return target.startswith(("git@", "ssh://", "git://", "file://")) or target.endswith(".git")


def fetch_file(remote: str, branch: str, path: str, scratch: Path) -> str | None:
    """Return a file of a remote's branch, or None where branch or file are not there. `scratch` holds the fetched objects."""
    _scratch(scratch, remote)
    if _run(scratch, ["fetch", "--quiet", "--depth=1", "origin", branch], check=False).returncode:
        return None
    shown = _run(scratch, ["show", f"FETCH_HEAD:{path}"], check=False)
    return shown.stdout if shown.returncode == 0 else None


def push_folder(folder: Path, remote: str, branch: str, scratch: Path, *, message: str, when: datetime) -> None:
    """Make a remote's branch hold just what `folder` holds, as one commit upon what was there.

    Raises GitError where the remote does not take it.
    """
    _scratch(scratch, remote)
    tree = ["--work-tree", str(folder)]
    parent = _run(scratch, ["fetch", "--quiet", "--depth=1", "origin", branch], check=False).returncode == 0
    _run(scratch, ["read-tree", "--empty"])
    _run(scratch, [*tree, "add", "--all", "--force", "."])
    written = _run(scratch, ["write-tree"]).stdout.strip()
    before = _run(scratch, ["rev-parse", "FETCH_HEAD"]).stdout.strip() if parent else ""
    if before and _run(scratch, ["rev-parse", f"{before}^{{tree}}"]).stdout.strip() == written:
        return
    identity = ["-c", "user.name=jianbao", "-c", "user.email=jianbao@localhost"]
    commit = _run(
        scratch, [*identity, "commit-tree", written, *(["-p", before] if before else []), "-m", message], when=when.isoformat()
    ).stdout.strip()
    _run(scratch, ["push", "--quiet", "origin", f"{commit}:refs/heads/{branch}"])


def _scratch(folder: Path, remote: str) -> None:
    """Make `folder` a bare repository whose origin is the remote."""
    if not (folder / "HEAD").is_file():
        folder.mkdir(parents=True, exist_ok=True)
        _run(folder, ["init", "--quiet", "--bare", "."])
    _run(folder, ["remote", "remove", "origin"], check=False)
    _run(folder, ["remote", "add", "origin", remote])


def _run(folder: Path, words: Sequence[str], *, check: bool = True, when: str | None = None) -> subprocess.CompletedProcess[str]:
    import os

    outer = {k: v for k, v in os.environ.items() if k not in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE")}
    environment = outer | {"GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C.UTF-8"}
    if (folder / "HEAD").is_file():
        environment["GIT_DIR"] = str(folder)
    if when:
        environment |= {"GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when}
    done = subprocess.run(
        ["git", "-c", "core.quotepath=off", "-c", "core.autocrlf=false", *words], cwd=folder, env=environment, capture_output=True,
        text=True, encoding="utf-8", errors="replace", check=False,
    )  # fmt: skip
    if check and done.returncode:
        raise GitError(_("git {words} 失败：{said}").format(words=words[0], said=(done.stderr or done.stdout).strip()))
    return done
