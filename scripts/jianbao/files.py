"""The disk, behind one door: whole writes, hashes, names that every file system takes.

A file appears whole or not at all: bytes go to a temporary name beside the target, then replace it.
On Windows a workbook that is open elsewhere, and a path beyond 260 characters, are met here and nowhere else.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import time
import unicodedata
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

TEMPORARY_SUFFIX: Final = ".jianbao-tmp"
_RETRIES: Final = 5
_PAUSE: Final = 0.2
_NAME_BYTES: Final = 240
"""ext4 takes 255 in a name; the temporary suffix needs its own."""
_NTFS_RESERVED: Final = {"CON", "PRN", "AUX", "NUL", *(f"{d}{n}" for d in ("COM", "LPT") for n in range(1, 10))}
_NTFS_FORBIDDEN: Final = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')


def at(path: Path) -> Path:
    """Return `path` as this system's calls take it: with the long-path prefix on Windows."""
    if os.name != "nt":
        return path
    full = str(path.resolve())
    return Path(full if full.startswith("\\\\") else "\\\\?\\" + full)


def read_bytes(path: Path) -> bytes:
    """Return a file's bytes, waiting a moment for a program that holds it open.

    Raises OSError when it stays held or is not there.
    """
    for attempt in range(1, _RETRIES):
        try:
            return at(path).read_bytes()
        except PermissionError:
            time.sleep(_PAUSE * attempt)
    return at(path).read_bytes()


def read_text(path: Path) -> str:
    r"""Return a text file (UTF-8, with or without a byte order mark), with `\\n` line ends."""
    return read_bytes(path).decode("utf-8-sig").replace("\r\n", "\n")


def write_bytes(path: Path, data: bytes, *, private: bool = False, lasting: bool = True) -> bool:
    """Write a file whole; return False when it held just these bytes and nothing was done.

    `private` leaves it readable by its owner alone. What can be made again need not be `lasting`: it is not
    forced to the disk.
    """
    if holds(path, data):
        return False
    at(path.parent).mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(path.name + TEMPORARY_SUFFIX)
    with open(at(temporary), "wb", opener=_owner_only if private else None) as out:
        out.write(data)
        if lasting:
            out.flush()
            os.fsync(out.fileno())
    replace(temporary, path)
    return True


def holds(path: Path, data: bytes) -> bool:
    """Return whether a file holds just these bytes."""
    return at(path).is_file() and at(path).stat().st_size == len(data) and read_bytes(path) == data


def take_over(source: Path, target: Path) -> None:
    """Make `target` a second name of the file `source`, or a copy where the disk knows no second names.

    Neither may be written in place afterwards; nothing here ever does.
    """
    at(target.parent).mkdir(parents=True, exist_ok=True)
    try:
        at(target).hardlink_to(at(source))
    except OSError:
        shutil.copyfile(at(source), at(target))


def write_text(path: Path, text: str, *, private: bool = False, lasting: bool = True) -> bool:
    r"""Write a text file whole, in UTF-8 with `\\n`; return whether anything changed."""
    return write_bytes(path, text.encode("utf-8"), private=private, lasting=lasting)


def _owner_only(name: str, flags: int) -> int:
    return os.open(name, flags, 0o600)


def replace(source: Path, target: Path) -> None:
    """Move `source` over `target` in one step, waiting for a reader that holds the target on Windows."""
    for attempt in range(1, _RETRIES):
        try:
            at(source).replace(at(target))
        except PermissionError:
            time.sleep(_PAUSE * attempt)
        else:
            return
    at(source).replace(at(target))


def private_folder(path: Path) -> Path:
    """Make a folder that only its owner may enter (0700; on Windows it inherits the profile's rights)."""
    at(path).mkdir(parents=True, exist_ok=True)
    if os.name == "posix" and path.stat().st_mode & 0o077:
        path.chmod(0o700)
    return path


def empty_folder(path: Path) -> Path:
    """Return `path` as an empty folder."""
    remove(path)
    at(path).mkdir(parents=True)
    return path


def remove(path: Path) -> None:
    """Delete a file or a folder with all in it; nothing happens where there is none."""
    if at(path).is_dir() and not path.is_symlink():
        shutil.rmtree(at(path))
    else:
        at(path).unlink(missing_ok=True)


def swap_folder(new: Path, current: Path) -> None:
    """Put the folder `new` in the place of `current`; killed in between, `settle_swap` completes it."""
    old = _aside(current)
    remove(old)
    if at(current).exists():
        replace(current, old)
    replace(new, current)
    remove(old)


def settle_swap(current: Path) -> None:
    """Undo or finish a swap that was cut off: the folder set aside comes back if its place is empty."""
    old = _aside(current)
    if at(old).exists():
        if at(current).exists():
            remove(old)
        else:
            replace(old, current)


def _aside(current: Path) -> Path:
    return current.with_name(current.name + ".old")


def copy_tree(source: Path, target: Path) -> None:
    """Copy a folder's files into `target`, which need not exist."""
    for path in walk(source):
        write_bytes(target / path.relative_to(source), read_bytes(path))


def walk(folder: Path) -> Iterator[Path]:
    """Yield the files below a folder, in the order of their names (code points) on every system."""
    start = len(_start(folder))
    found = [f"{where}{os.sep}{name}" for where, _dirs, names in os.walk(_start(folder)[:-1]) for name in names]
    yield from map(Path, sorted(found, key=lambda p: p[start:].replace(os.sep, "/")))


def relative(path: Path, folder: Path) -> str:
    """Return the path of a file below `folder` with `/`, in composed form (macOS decomposes names)."""
    whole, start = str(path), _start(folder)
    found = whole[len(start) :].replace(os.sep, "/") if whole.startswith(start) else path.relative_to(at(folder)).as_posix()
    return found if found.isascii() else unicodedata.normalize("NFC", found)


def _start(folder: Path) -> str:
    """Return what the paths of all that is in a folder begin with."""
    return str(at(folder) / "_")[:-1]


def sha256(data: bytes) -> str:
    """Return the SHA-256 of bytes, in hex."""
    return hashlib.sha256(data).hexdigest()


def sha256_of_each(tree: Mapping[str, bytes]) -> dict[str, str]:
    """Return the SHA-256 of many contents, each in hex by its key; hashing lets other threads run."""
    names, at_once = sorted(tree, key=lambda n: len(tree[n])), os.cpu_count() or 1
    with ThreadPoolExecutor(at_once) as pool:
        shares = pool.map(lambda n: [(name, sha256(tree[name])) for name in names[n::at_once]], range(at_once))
        return dict(pair for share in shares for pair in share)


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file, in hex."""
    with at(path).open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def legal_name(text: str) -> str:
    """Return `text` as a file name that NTFS, APFS and ext4 all take, at most 80 characters."""
    name = _NTFS_FORBIDDEN.sub("_", unicodedata.normalize("NFC", text)).strip(" .")
    if not name or name.split(".")[0].strip().upper() in _NTFS_RESERVED:
        name = f"_{name}"
    return name[:80].encode("utf-8", "replace")[:_NAME_BYTES].decode("utf-8", "ignore").rstrip(" .")


def spoken_size(count: int) -> str:
    """Return a size in bytes as a page states it."""
    return f"{count} 字节" if count < 1024 else f"{count / 1024:.0f} KB" if count < 1 << 20 else f"{count / (1 << 20):.1f} MB"
