"""English pages for international students: a document whose file is NAME.en.md, with English all around it."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from markupsafe import Markup

from jianbao.documents import Document, Status
from jianbao.render import literal
from jianbao.site.edition import Edition, page_of

_STATUS: Final = {
    Status.DRAFT: "draft", Status.SIGNED: "in force", Status.SUPERSEDED: "replaced", Status.WITHDRAWN: "withdrawn",
    Status.REMOVED: "taken down",
}  # fmt: skip


def spoken(day: date) -> str:
    """Return a day as an English page writes it: 6 February 2020."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


_MONTHS: Final = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")


def english_page(
    edition: Edition, document: Document, meta: dict[str, Any], *, moments: Sequence[datetime], states: Sequence[str], state: int | None,
    downloads: Sequence[Mapping[str, str]],
) -> str:  # fmt: skip
    """Return a document's English page; `moments` are those of its releases, `states` the names of the pages of its earlier ones."""
    values = {
        "document": document, "kind": document.kind.spec.english, "status": _STATUS[document.status], "on": spoken(document.on),
        "up": "../" * document.path.count("/"), "body": Markup(document.body), "banner": _banner(document, state),  # noqa: S704  # the office's own page
        "downloads": downloads, "chinese": _chinese(edition, document), "first": _stamp(moments[0]), "last": _stamp(moments[-1]),
        "changes": [f"{spoken(c.on)}: {c.note}" for c in sorted(document.changes, key=lambda c: c.on, reverse=True)],
        "states": [Markup(f"[Version {n}]({literal(name)})") for n, name in enumerate(states, 1)],  # noqa: S704  # its parts are escaped
    }  # fmt: skip
    return page_of(edition, "site/document.en.md.j2", meta, values)


def _chinese(edition: Edition, document: Document) -> str:
    other = edition.other_language(document)
    return posixpath.basename(other.path) if other else ""


def _banner(document: Document, state: int | None) -> str:
    if state is not None:
        return f"This is version {state}, as it stood at the time. It has been updated since."
    return {
        Status.DRAFT: "Draft. It is not signed and shows in the preview only.",
        Status.WITHDRAWN: f"Withdrawn on {spoken(document.updated)}. Do not follow it any more.",
        Status.REMOVED: f"The content of this page was taken down on {spoken(document.updated)}.",
        Status.SUPERSEDED: "Replaced by another document. Do not follow it any more.",
    }.get(document.status, "")


def _stamp(moment: datetime) -> str:
    return f"{spoken(moment.date())}, {moment.strftime('%H:%M')}"
