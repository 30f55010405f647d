"""With which key a release is signed, and what it says where the key is another than before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from jianbao import signing
from jianbao.errors import Refused
from jianbao.messages import _
from jianbao.project import Project
from jianbao.record import ENDORSED, SIGNED, Record, Signing
from jianbao.signing import SigningError


@dataclass(frozen=True, slots=True)
class Keyed:
    """What a release says of its key (`release.json`), and how its line is signed; neither where nothing is signed."""

    about: Mapping[str, Any] = field(default_factory=dict)
    sign: Signing | None = None


def keyed(project: Project, record: Record, on: date) -> Keyed:
    """Return how the next release is signed.

    Raises Refused where the key is another than that of the last release, the one before does not sign for it, and
    nobody has written why; SigningError where a key cannot be used.
    """
    settings = project.settings.record
    before = record.last.key if record.last else ""
    own = _at_hand(key_path(project, settings.key)) if settings.key else None
    public = signing.public_key(own) if own else ""
    keys = {SIGNED: own} if own else {}
    about: dict[str, Any] = {"key": public} if public else {}
    if before and public != before:
        previous = key_path(project, settings.previous_key) if settings.previous_key else None
        if public and previous and signing.public_key(previous) == before:
            keys[ENDORSED] = _at_hand(previous)
        elif settings.key_change:
            about["key_change"] = {"from": before, "on": on.isoformat(), "reason": settings.key_change}
        else:
            raise Refused(
                _("签名用的密钥换了：上一次发布用的是 {before}，现在是 {now}").format(
                    before=signing.fingerprint(before), now=signing.fingerprint(public) if public else _("（不签名）")
                ),
                _("旧密钥还在的，在 jianbao.toml [record] 写 previous_key；已经遗失或不再签名的，写 key_change = 理由，随发布公告。"),
            )
    if not keys:
        return Keyed(about)
    return Keyed(about, lambda data: {ending: signing.sign(key, data) for ending, key in keys.items()})


def _at_hand(key: Path) -> Path:
    """Return a key that can be asked to sign; of a `.pub` an agent holds the other half.

    Raises SigningError where the private half is gone: before a site is built for nothing, and in words that say what to do.
    """
    if key.suffix != ".pub" and not key.is_file():
        raise SigningError(
            _("签名用的私钥不见了：{path}").format(path=key),
            _(
                "从备份取回它；确已遗失的，用 ssh-keygen -t ed25519 -f 文件 新做一对，"
                "在 jianbao.toml [record] 写新的 key 和 key_change = 理由，随发布公告。"
            ),
        )
    return key


def lost_key(project: Project) -> SigningError | None:
    """Return what is wrong with the key that releases are signed with, or None; an office that signs nothing has none."""
    try:
        if project.settings.record.key:
            signing.public_key(_at_hand(key_path(project, project.settings.record.key)))
    except SigningError as error:
        return error
    return None


def key_path(project: Project, name: str) -> Path:
    """Return a key's file as the settings name it: from the office's folder, `~` for the home folder."""
    path = Path(name).expanduser()
    return path if path.is_absolute() else project.root / path
