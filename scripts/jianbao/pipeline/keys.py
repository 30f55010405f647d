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
    own = key_path(project, settings.key) if settings.key else None
    public = signing.public_key(own) if own else ""
    keys = {SIGNED: own} if own else {}
    about: dict[str, Any] = {"key": public} if public else {}
    if before and public != before:
        previous = key_path(project, settings.previous_key) if settings.previous_key else None
        if public and previous and signing.public_key(previous) == before:
            keys[ENDORSED] = previous
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


def key_path(project: Project, name: str) -> Path:
    """Return a key's file as the settings name it: from the office's folder, `~` for the home folder."""
    path = Path(name).expanduser()
    return path if path.is_absolute() else project.root / path
