"""The operations of Drive v3 (and one of v2) that a client of spreadsheets uses."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from typing import Any

from . import export
from .books import FOLDER_MIME, MIME, Book, book_key
from .drive_query import parse_query
from .errors import Refused, invalid
from .exchange import Ask
from .fields import parse_mask, select
from .values import entered

Json = dict[str, Any]

_DEFAULT_FILE = "kind,id,name,mimeType"


def moment(when: datetime) -> str:
    """A time as Drive writes it: UTC, to the millisecond."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{when.microsecond // 1000:03d}Z"


def _file(ask: Ask, *, write: bool = False) -> Book:
    key = ask.parts["id"]
    if key not in ask.shelf or ask.shelf.get(key).role(ask.user) is None:
        raise Refused(404, f"File not found: {key}.")
    book = ask.shelf.get(key)
    book.must_be(ask.user, writer=write)
    return book


def file_json(book: Book, user: str) -> Json:
    """A File, with all that is known of it."""
    return {
        "kind": "drive#file",
        "id": book.book_id,
        "name": book.title,
        "mimeType": book.mime,
        "trashed": book.trashed,
        "parents": book.parents or ["root"],
        "version": str(book.version),
        "createdTime": moment(book.created),
        "modifiedTime": moment(book.modified),
        "owners": [{"kind": "drive#user", "displayName": book.owner, "emailAddress": book.owner, "me": user == book.owner}],
        "shared": bool(book.shared),
        "ownedByMe": user == book.owner,
        "webViewLink": f"https://docs.google.com/spreadsheets/d/{book.book_id}/edit",
        "capabilities": {"canEdit": book.role(user) in {"owner", "writer"}, "canDownload": True},
        "permissions": permissions(book),
    }


def permissions(book: Book) -> list[Json]:
    """The Permissions of a file, the owner's first."""
    return [_permission(book.owner, "owner"), *(_permission(who, role) for who, role in book.shared.items())]


def _permission(who: str, role: str) -> Json:
    kind = "anyone" if who == "anyone" else "user" if "@" in who else "domain"
    more = {"user": {"emailAddress": who}, "domain": {"domain": who}, "anyone": {}}[kind]
    name = "anyoneWithLink" if kind == "anyone" else str(int.from_bytes(who.encode()[:7], "big"))
    return {"kind": "drive#permission", "id": name, "type": kind, "role": role, **more}


def _chosen(ask: Ask, answer: Json, default: str = _DEFAULT_FILE) -> Json:
    mask = ask.query.get("fields", default)
    return answer if mask == "*" else select(answer, parse_mask(mask))


# -- Files ----------------------------------------------------------------------------------------------------------------


def files_list(ask: Ask) -> Json:
    """files.list, newest first."""
    test = parse_query(ask.query.get("q", ""), lambda folder: folder in ask.shelf and ask.shelf.get(folder).role(ask.user) is not None)
    found = [b for b in ask.shelf if b.role(ask.user) and test(b)]
    found.sort(key=lambda b: (b.modified, b.book_id), reverse=True)
    if ask.query.get("orderBy", "").startswith("name"):
        found.sort(key=lambda b: b.title)
    size = int(ask.query.get("pageSize", "100"))
    if not 1 <= size <= 1000:
        raise invalid(f"Invalid value '{size}'. Values must be within the range: [1, 1000]")
    start = int(ask.query.get("pageToken", "~!0").removeprefix("~!") or 0)
    answer: Json = {"kind": "drive#fileList", "incompleteSearch": False}
    if start + size < len(found):
        answer["nextPageToken"] = f"~!{start + size}"
    answer["files"] = [file_json(b, ask.user) for b in found[start : start + size]]
    return _chosen(ask, answer, f"kind,incompleteSearch,nextPageToken,files({_DEFAULT_FILE})")


def files_get(ask: Ask) -> Json:
    """files.get."""
    return _chosen(ask, file_json(_file(ask), ask.user))


def files_create(ask: Ask) -> Json:
    """files.create, of a spreadsheet or a folder."""
    mime = ask.body.get("mimeType", MIME)
    if mime == FOLDER_MIME:
        book = ask.shelf.folder(ask.body.get("name", "Untitled"), owner=ask.user)
    else:
        ask.may_create()
        book = ask.shelf.add(ask.body.get("name") or "Untitled", owner=ask.user)
    book.parents = list(ask.body.get("parents") or [])
    return _chosen(ask, file_json(book, ask.user))


def files_copy(ask: Ask) -> Json:
    """files.copy."""
    source = _file(ask)
    ask.may_create()
    book = source.copy()
    book.book_id = book_key(source.book_id, len(ask.shelf))
    book.title = ask.body.get("name") or f"Copy of {source.title}"
    book.owner, book.shared, book.comments = ask.user, {}, []
    book.parents = list(ask.body.get("parents") or source.parents)
    book.created = book.modified = datetime.now(UTC)
    book.version = 1
    ask.shelf.put(book)
    return _chosen(ask, file_json(book, ask.user))


def files_update(ask: Ask) -> Json:
    """files.update: name, trash, folders."""
    book = _file(ask, write=True)
    book.title = ask.body.get("name", book.title)
    book.trashed = ask.body.get("trashed", book.trashed)
    gone = set(ask.query.get("removeParents", "").split(","))
    added = [p for p in ask.query.get("addParents", "").split(",") if p]
    book.parents = [p for p in book.parents if p not in gone] + added
    book.touch()
    return _chosen(ask, file_json(book, ask.user))


def files_delete(ask: Ask) -> None:
    """files.delete; the owner's alone."""
    book = _file(ask)
    if book.owner != ask.user:
        raise Refused(403, "The user does not have sufficient permissions for this file.")
    ask.shelf.remove(book.book_id)


def files_export(ask: Ask) -> tuple[str, bytes]:
    """files.export: CSV and TSV of the first sheet, XLSX of all."""
    book, mime = _file(ask), ask.query.get("mimeType", "")
    if mime not in export.FORMATS:
        raise invalid("The requested conversion is not supported.")
    return mime, export.FORMATS[mime](book)


def upload_v2(ask: Ask) -> Json:
    """files.update of Drive v2 with media: a CSV takes the place of all sheets, and its sheet the book's name."""
    book = _file(ask, write=True)
    rows = list(csv.reader(io.StringIO(ask.raw.decode("utf-8-sig"), newline="")))
    book.sheets.clear()
    sheet = book.add_sheet(book.title)
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            sheet.put(r, c, entered(sheet.cell(r, c), text, option="USER_ENTERED", locale=book.locale))
    sheet.row_count = max(sheet.row_count, len(rows))
    book.touch()
    return {"kind": "drive#file", "id": book.book_id, "title": book.title, "mimeType": book.mime}


# -- Permissions, comments, revisions ---------------------------------------------------------------------------------------


def permissions_list(ask: Ask) -> Json:
    """permissions.list."""
    answer = {"kind": "drive#permissionList", "permissions": permissions(_file(ask))}
    return _chosen(ask, answer, "kind,permissions(kind,id,type,role)")


def permissions_create(ask: Ask) -> Json:
    """permissions.create."""
    book = _file(ask, write=True)
    kind, role = ask.body.get("type"), ask.body.get("role")
    who = {
        "user": ask.body.get("emailAddress"),
        "group": ask.body.get("emailAddress"),
        "domain": ask.body.get("domain"),
        "anyone": "anyone",
    }
    if not who.get(str(kind)) or role not in {"owner", "writer", "commenter", "reader", "organizer", "fileOrganizer"}:
        raise invalid("The permission's type, role or address is not valid.")
    book.shared[str(who[str(kind)])] = str(role)
    return _chosen(ask, _permission(str(who[str(kind)]), str(role)), "kind,id,type,role")


def permissions_delete(ask: Ask) -> None:
    """permissions.delete."""
    book = _file(ask, write=True)
    for who, role in book.shared.items():
        if _permission(who, role)["id"] == ask.parts["permission"]:
            del book.shared[who]
            return
    raise Refused(404, f"Permission not found: {ask.parts['permission']}.")


def comments_list(ask: Ask) -> Json:
    """comments.list."""
    return _chosen(ask, {"kind": "drive#commentList", "comments": list(_file(ask).comments)}, "*")


def comments_create(ask: Ask) -> Json:
    """comments.create."""
    book = _file(ask)
    comment = {"kind": "drive#comment", "id": f"c{len(book.comments)}", **ask.body}
    book.comments.append(comment)
    return _chosen(ask, comment, "*")


def revisions_list(ask: Ask) -> Json:
    """revisions.list: the newest only, as Drive prunes."""
    book = _file(ask, write=True)
    newest = {"kind": "drive#revision", "id": str(book.version), "mimeType": book.mime, "modifiedTime": moment(book.modified)}
    return {"kind": "drive#revisionList", "revisions": [newest]}
