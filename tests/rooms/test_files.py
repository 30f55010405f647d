"""The disk: files appear whole, folders are swapped whole, names are legal on every system."""

from __future__ import annotations

import os
import stat
import unicodedata
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from jianbao import files


def test_a_file_is_written_whole_once(tmp_path: Path) -> None:
    path = tmp_path / "a/b/文 件.txt"
    assert files.write_text(path, "一\n二\n")
    assert path.read_bytes() == "一\n二\n".encode()
    before = path.stat().st_mtime_ns
    assert not files.write_text(path, "一\n二\n")
    assert path.stat().st_mtime_ns == before
    assert files.write_text(path, "三\n二\n", lasting=False)
    assert files.read_text(path) == "三\n二\n"
    assert [p.name for p in path.parent.iterdir()] == ["文 件.txt"]


def test_a_write_that_fails_leaves_what_was(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    files.write_text(path, "old")
    (tmp_path / f"a.txt{files.TEMPORARY_SUFFIX}").mkdir()
    with pytest.raises(OSError, match=r"a\.txt"):
        files.write_text(path, "new!")
    assert path.read_text() == "old"


@pytest.mark.parametrize("data", [b"\xef\xbb\xbfa\nb", b"a\r\nb", b"a\nb"])
def test_text_is_read_with_one_kind_of_line_end(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a").write_bytes(data)
    assert files.read_text(tmp_path / "a") == "a\nb"


@pytest.mark.skipif(os.name != "posix", reason="file rights of POSIX")
def test_what_is_private_is_its_owner_s_alone(tmp_path: Path) -> None:
    files.write_bytes(files.private_folder(tmp_path / "p") / "a", b"x", private=True)
    (tmp_path / "open").mkdir(mode=0o755)
    modes = [stat.S_IMODE(p.stat().st_mode) for p in (tmp_path / "p", tmp_path / "p/a", files.private_folder(tmp_path / "open"))]
    assert modes == [0o700, 0o600, 0o700]


def fill(folder: Path, text: str) -> Path:
    files.write_text(folder / "a/b.txt", text)
    return folder


def test_a_folder_is_swapped_whole(tmp_path: Path) -> None:
    current = tmp_path / "site"
    for text in ("one", "two"):
        files.swap_folder(fill(tmp_path / "new", text), current)
        assert [p.name for p in tmp_path.iterdir()] == ["site"]
        assert (current / "a/b.txt").read_text() == text


@pytest.mark.parametrize(
    ("there", "left"),
    [({"site": "old"}, "old"), ({"site.old": "old"}, "old"), ({"site": "new", "site.old": "old"}, "new"), ({}, None)],
    ids=["before", "set aside", "in place", "never"],
)
def test_a_swap_that_was_cut_off_is_settled(tmp_path: Path, there: dict[str, str], left: str | None) -> None:
    for name, text in there.items():
        fill(tmp_path / name, text)
    for _again in range(2):
        files.settle_swap(tmp_path / "site")
        assert [p.name for p in tmp_path.iterdir()] == (["site"] if left else [])
        assert left is None or (tmp_path / "site/a/b.txt").read_text() == left


def test_removing_follows_no_link(tmp_path: Path) -> None:
    kept = fill(tmp_path / "kept", "x")
    (tmp_path / "link").symlink_to(kept, target_is_directory=True)
    for name in ("link", "none"):
        files.remove(tmp_path / name)
    assert (kept / "a/b.txt").is_file()
    assert not (tmp_path / "link").is_symlink()
    files.remove(kept)
    assert list(files.walk(files.empty_folder(tmp_path / "kept"))) == []


def test_files_are_walked_in_the_order_of_their_paths(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.txt", "a.txt", "B.txt", "a/é.txt"):
        files.write_text(tmp_path / name, name)
    names = [files.relative(p, tmp_path) for p in files.walk(tmp_path)]
    assert names == ["B.txt", "a.txt", "a/z.txt", "a/é.txt", "b.txt"]
    files.copy_tree(tmp_path, tmp_path / "copy")
    assert [files.relative(p, tmp_path / "copy") for p in files.walk(tmp_path / "copy")] == names
    decomposed = tmp_path / unicodedata.normalize("NFD", "é")
    assert files.relative(decomposed, tmp_path) == "é"


def test_hashes(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abc")
    assert files.sha256(b"abc") == files.sha256_of(tmp_path / "a")
    assert files.sha256(b"abc").startswith("ba7816bf")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("会计学院", "会计学院"), ("a/b\\c:d", "a_b_c_d"), ("..", "_"), ("", "_"), (" a. ", "a"), ("con", "_con"), ("Con.txt", "_Con.txt"),
        ("con .txt", "_con .txt"), ("COM1", "_COM1"), ("COM10", "COM10"), ("console", "console"), ("a\tb\x00", "a_b_"), ("é", "é"),
    ],
)  # fmt: skip
def test_names_that_every_file_system_takes(text: str, name: str) -> None:
    assert files.legal_name(text) == name


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=120))
@example("CON." + "a" * 80)
@example("𠮷" * 90)
@example("一" * 79 + " 二")
def test_every_name_is_legal(text: str) -> None:
    name = files.legal_name(text)
    assert 0 < len(name) <= 80
    assert len((name + files.TEMPORARY_SUFFIX).encode()) <= 255
    assert not set(name) & set('<>:"/\\|?*')
    assert min(name) >= " "
    assert not name.endswith((" ", "."))
    assert name.split(".")[0].strip().upper() not in {"CON", "PRN", "AUX", "NUL", "COM1", "LPT9"}
    assert files.legal_name(name) == name
