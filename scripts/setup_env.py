"""Make .venv from the hashed lock files, and keep it as they say. `make` calls it; it needs the standard library only.

    python3 scripts/setup_env.py run|test [--named]

`run` installs what the program needs, `test` what its tests need besides. Nothing outside the clone is written, but that a
bare Debian's root is given the part of Python it lacks. What is there already is left alone until a lock file or
pyproject.toml changes, and what was cut off half-way is begun anew.
With --named the interpreter was asked for by name: a .venv of another version gives way to it.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import importlib.util
import io
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
KINDS: Final = ("run", "test")
NEEDED_MB: Final = {"run": 900, "test": 1600}
"""Free disk that a first set-up needs: the packages, and beside them what was downloaded."""
_OFFLINE: Final = (
    "Name or service not known|name resolution|nodename nor servname|ConnectionError|Connection (refused|reset)|timed out|"
    "Network is unreachable|Max retries|ProxyError|SSLError|CERTIFICATE_VERIFY_FAILED"
)


_APT: Final = ("apt-get", "-qq", "-o", "DPkg::Lock::Timeout=300", "-o", "Acquire::Retries=3")
_APT_INSTALL: Final = (*_APT, "-y", "--no-install-recommends", "install")


class Trouble(Exception):
    """What stands in the way, and what to do, in words."""


def say(zh: str, en: str) -> str:
    """Return the sentence in the language that JIANBAO_LANG asks for."""
    return en if os.environ.get("JIANBAO_LANG", "").lower().startswith("en") else zh


# -- What is there, what is wanted, what is to do: pure --------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Stamp:
    """What .venv was made from: where, of which kind, for which Python, from which files (name → SHA-256)."""

    root: str
    kind: str
    python: str
    files: Mapping[str, str]


class Step(Enum):
    """What has to be done to .venv."""

    NOTHING = "nothing"
    INSTALL = "install"
    REBUILD = "rebuild"


def locks(kind: str) -> tuple[str, str]:
    """Return the lock files of a kind, in the order in which they are installed."""
    return ("requirements/build.lock", f"requirements/{kind}.lock")


def wanted(root: Path, kind: str, python: str) -> Stamp:
    """Return the stamp that a .venv of this kind would carry now."""
    sources = {name: hashlib.sha256((root / name).read_bytes()).hexdigest() for name in (*locks(kind), "pyproject.toml")}
    return Stamp(str(root), kind, python, sources)


def read_stamp(text: str) -> Stamp | None:
    """Return the stamp of a file's text, None where it is none of ours."""
    try:
        return Stamp(**json.loads(text))
    except (ValueError, TypeError):
        return None


def kind_to_keep(asked: str, stamp: Stamp | None) -> str:
    """Return the kind that .venv is to have: what tests need is never taken away again."""
    return "test" if stamp and stamp.kind == "test" else asked


def decide(stamp: Stamp | None, want: Stamp, *, named: bool) -> Step:
    """Return what has to be done to a .venv that works and carries `stamp`."""
    if stamp is None:
        return Step.INSTALL
    if stamp.root != want.root or (named and stamp.python != want.python):
        return Step.REBUILD  # its commands name the folder they were installed in
    return Step.NOTHING if (stamp.kind, stamp.files) == (want.kind, want.files) else Step.INSTALL


def explain(output: str, python: str) -> str:
    """Return why the installer gave up, and what to do next."""
    known = (
        ("No space left|Errno 28|quota exceeded", say(
            "磁盘满了。下一步：腾出空间后重新运行。", "The disk is full. Next: free some space and run again.")),
        ("DO NOT MATCH THE HASHES|Hashes are required", say(
            "下载到的安装包与锁定文件里的校验值不符，没有安装。下一步：换一个软件源或检查代理后重新运行。",
            "A package is not the one the lock file names (its hash differs). Next: try another index or check the proxy.")),
        (_OFFLINE, say(
            "连不上软件源。下一步：检查网络、代理（https_proxy）和 pip 的软件源（pip config list）后重新运行；已下载的不再下载。",
            "The package index cannot be reached. Next: check network, proxy and pip's index (pip config list), then run again.")),
        ("Permission denied|Errno 13|Read-only file system", say(
            "没有写入权限。下一步：用这个文件夹的所有者账户运行。", "Not allowed to write here. Next: run as the owner of this folder.")),
        ("No matching distribution|from versions: |Failed (to build|building)|metadata-generation-failed|subprocess-exited-with-error", say(
            f"有的安装包没有适合 Python {python} 的版本。下一步：换一个 Python，例如 make PYTHON=python3.12，或换一个软件源。",
            f"Some package has nothing for Python {python}. Next: name another Python (make PYTHON=python3.12) or another index.")),
    )  # fmt: skip
    return next((told for pattern, told in known if re.search(pattern, output)), say("安装没有成功。", "The installation failed."))


def without_modules(lacking: Sequence[str], python: str, *, debian: bool) -> str:
    """Return what to do about a Python whose standard library is not whole."""
    command = f"apt-get install python{python}-venv"
    return say(
        f"Python {python} 缺少模块 {'、'.join(lacking)}。下一步："
        + (f"以 root 运行 {command}，再重新运行。" if debian else "安装完整的 Python。"),
        f"Python {python} lacks {' and '.join(lacking)}. Next: "
        + (f"as root run {command}, then again." if debian else "install a full Python."),
    )


def pip_environment(environment: Mapping[str, str], downloads: Path) -> Mapping[str, str]:
    """Return the installer's environment: the user's index and cache, and nothing that would send packages elsewhere."""
    elsewhere = ("PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_CONSTRAINT", "PIP_BUILD_CONSTRAINT")
    kept = {k: v for k, v in environment.items() if k not in elsewhere}
    ours = {
        "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1", "PIP_PROGRESS_BAR": "off", "PIP_ROOT_USER_ACTION": "ignore",
        "PIP_USER": "0", "PYTHONUTF8": "1",
    }  # fmt: skip
    return {"PIP_CACHE_DIR": str(downloads)} | kept | ours


def counted(line: str) -> bool:
    """Whether a line of the installer's output says that one more package is being taken."""
    return line.startswith(("Collecting ", "Requirement already satisfied: "))


# -- Doing it ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Venv:
    """The folder .venv, with what we keep in it."""

    folder: Path

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return self.folder / "bin" / "python"

    @property
    def stamp_file(self) -> Path:
        """What it was made from; written last."""
        return self.folder / "jianbao-setup.json"

    @property
    def unfinished(self) -> Path:
        """There while something is being installed: who finds it cannot trust the rest."""
        return self.folder / "jianbao-unfinished"

    @property
    def fonts_looked_for(self) -> Path:
        """There once scripts/get_fonts.py has looked for fonts."""
        return self.folder / "jianbao-fonts"

    @property
    def downloads(self) -> Path:
        """The installer's cache, kept until all is installed."""
        return self.folder / "jianbao-downloads"

    def stamp(self) -> Stamp | None:
        """Return what it was made from, None where that is not known."""
        return read_stamp(self.stamp_file.read_text(encoding="utf-8")) if self.stamp_file.is_file() else None

    def works(self) -> bool:
        """Whether it was finished, and its interpreter and installer start."""
        if self.folder.is_symlink() or self.unfinished.exists() or not self.python.exists():
            return False
        return subprocess.run([self.python, "-I", "-m", "pip", "--version"], capture_output=True, check=False).returncode == 0

    def clear(self) -> None:
        """Remove everything but the downloads."""
        if self.folder.is_symlink():
            self.folder.unlink()
        self.folder.mkdir(exist_ok=True)
        for path in self.folder.iterdir():
            if path.is_dir() and not path.is_symlink():
                if path != self.downloads:
                    shutil.rmtree(path)
            else:
                path.unlink()


def set_up(root: Path, asked: str, *, named: bool) -> bool:
    """Make .venv as the lock files want it; return whether there was anything to do."""
    venv = Venv(root / ".venv")
    stamp = venv.stamp()
    want = wanted(root, kind_to_keep(asked, stamp), version())
    step = decide(stamp, want, named=named) if stamp else Step.INSTALL
    if step is Step.NOTHING and not venv.unfinished.exists() and venv.python.exists():
        return False
    since = time.monotonic()
    check_disk(root, want.kind)
    if step is Step.REBUILD or not venv.works():
        create(venv)
    install(venv, root, want)
    seconds = round(time.monotonic() - since)
    note(say(f"运行环境已就绪：.venv（{seconds} 秒）", f"ready: .venv ({seconds} s)"))
    return True


def version() -> str:
    """Return the running Python's version as names of commands carry it."""
    return f"{sys.version_info.major}.{sys.version_info.minor}"


def check_disk(root: Path, kind: str) -> None:
    """Stop where the disk cannot hold what is to come; a .venv that is there already counts."""
    free, need = shutil.disk_usage(root).free // 2**20, NEEDED_MB[kind]
    if free < need and not (root / ".venv" / "jianbao-setup.json").exists():
        raise Trouble(say(
            f"磁盘空间不够：还有 {free} MB，需要约 {need} MB。下一步：腾出空间后重新运行。",
            f"Not enough disk: {free} MB free, about {need} MB needed. Next: free some space and run again.",
        ))  # fmt: skip


def create(venv: Venv) -> None:
    """Make a new, empty .venv with the running Python's base.

    Debian keeps part of the standard library in a package of its own; its root gets it.
    """
    lacking = absent_modules()
    if lacking and by_apt(f"python{version()}-venv"):
        lacking = absent_modules()
    if lacking:
        raise Trouble(without_modules(lacking, version(), debian=shutil.which("apt-get") is not None))
    note(say(f"新建 .venv（Python {version()}）", f"making .venv (Python {version()})"))
    venv.clear()
    venv.unfinished.touch()
    base = getattr(sys, "_base_executable", sys.executable)  # ours may be the .venv just removed
    done = subprocess.run([base, "-m", "venv", venv.folder], capture_output=True, text=True, check=False)
    if done.returncode:
        output = done.stdout + done.stderr
        raise Trouble(say("没有建成 .venv：", "The .venv could not be made: ") + f"{explain(output, version())}\n{last_lines(output)}")


def absent_modules() -> list[str]:
    """Return what of the standard library a .venv needs and this Python has not."""
    importlib.invalidate_caches()
    return [name for name in ("venv", "ensurepip") if importlib.util.find_spec(name) is None]


def install(venv: Venv, root: Path, want: Stamp) -> None:
    """Install the lock files and the program itself; the stamp is written last."""
    venv.unfinished.touch()
    venv.stamp_file.unlink(missing_ok=True)
    venv.fonts_looked_for.unlink(missing_ok=True)
    try:
        for number, lock in enumerate(locks(want.kind), 1):
            note(say(f"安装 {lock}（{number}/2；首次需要几分钟）", f"installing {lock} ({number} of 2; minutes the first time)"))
            pip(venv, root, ["--require-hashes", "--no-build-isolation", "--use-pep517", "-r", lock])
        pip(venv, root, ["--no-deps", "--no-build-isolation", "-e", "."])
    except Trouble:
        venv.unfinished.unlink()  # the installer stopped in order: what it did stands
        raise
    shutil.rmtree(venv.downloads, ignore_errors=True)
    venv.stamp_file.write_text(json.dumps(asdict(want), indent=1, sort_keys=True) + "\n", encoding="utf-8")
    venv.unfinished.unlink()


def pip(venv: Venv, root: Path, options: Sequence[str]) -> None:
    """Run the installer, counting packages on a terminal. Raises Trouble in words where it gives up."""
    command = [str(venv.python), "-m", "pip", "install", *options]
    lines: list[str] = []
    with subprocess.Popen(
        command, cwd=root, env=pip_environment(os.environ, venv.downloads), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, encoding="utf-8", errors="replace",
    ) as process:  # fmt: skip
        for line in process.stdout or ():
            lines.append(line)
            if counted(line) and sys.stderr.isatty():
                tell(f"\r  {sum(map(counted, lines))}\r")
    if process.returncode:
        output = "".join(lines)
        raise Trouble(f"{explain(output, version())}\n{last_lines(output)}")


def last_lines(output: str) -> str:
    """Return the end of a tool's output, set off."""
    return "\n".join(f"  | {line}" for line in output.strip().splitlines()[-8:])


def may_use_apt() -> bool:
    """Whether this is Debian or its like, and we are its root."""
    return shutil.which("apt-get") is not None and os.geteuid() == 0


def run(command: Sequence[str], environment: Mapping[str, str] | None = None) -> bool:
    """Run a command without its chatter; say what it said when it fails."""
    settings = {**os.environ, **(environment or {})}
    try:
        done = subprocess.run(
            command, env=settings, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            errors="replace", timeout=1200, check=False,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        note(f"{' '.join(command)}: {error}")
        return False
    if done.returncode:
        note(say(f"没有成功：{' '.join(command)}", f"failed: {' '.join(command)}") + "\n" + last_lines(done.stdout))
    return done.returncode == 0


def by_apt(*packages: str) -> bool:
    """Install packages of the system, as root on Debian and its like; elsewhere do nothing."""
    if not may_use_apt():
        return False
    note(say(f"安装系统软件包 {'、'.join(packages)}", f"installing the system's packages {', '.join(packages)}"))
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    return refreshed() and run((*_APT_INSTALL, *packages), quiet)


@cache
def refreshed() -> bool:
    """Bring apt's lists up to date, once."""
    return run((*_APT, "update"), {"DEBIAN_FRONTEND": "noninteractive"})


def note(text: str) -> None:
    """Say what is being done now."""
    tell(f"· {text}\n")


def tell(text: str) -> None:
    """Write to the terminal."""
    sys.stderr.write(text)
    sys.stderr.flush()


@contextlib.contextmanager
def alone(root: Path) -> Iterator[None]:
    """Let two runs in one clone wait for each other."""
    import fcntl  # of POSIX; the rest of this module can be read elsewhere too

    handle = os.open(root, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            note(say("等待另一个正在安装的 make", "waiting for another make that is installing"))
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def main() -> int:
    """Set up what the command line asks for."""
    if isinstance(sys.stderr, io.TextIOWrapper):
        sys.stderr.reconfigure(encoding="utf-8", errors="replace")
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kind", choices=KINDS)
    parser.add_argument("--named", action="store_true")
    asked = parser.parse_args()
    try:
        with alone(ROOT):
            set_up(ROOT, asked.kind, named=asked.named)
    except Trouble as trouble:
        tell(say("错误：", "Error: ") + f"{trouble}\n")
        return 1
    except KeyboardInterrupt:
        tell(say("\n已中断；重新运行即可继续。\n", "\nInterrupted; run again to go on.\n"))
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
