"""Files: lists, folders, copies, exports, permissions, and when something was changed."""

from __future__ import annotations

import time
from datetime import datetime
from io import BytesIO
from pathlib import Path

import gspread
import pytest
from gspread.exceptions import APIError
from gspread.utils import ExportFormat
from python_calamine import CalamineWorkbook

from sheets_server import BOT, PERSON, Server, serve

BOOKS = "https://sheets.googleapis.com/v4/spreadsheets"
FILES = "https://www.googleapis.com/drive/v3/files"


def names(client: gspread.Client, query: str, **params: str) -> list[str]:
    """The names a query finds."""
    found = client.http_client.request("get", FILES, params={"q": query, "orderBy": "name", **params}).json()
    return [f["name"] for f in found["files"]]


def test_books_of_a_folder_come_in_pages(google: Server, client: gspread.Client) -> None:
    folder = google.make_folder("填报")
    made = [google.make_book(f"{n:02}", folder=folder).title for n in range(7)]
    google.make_book("elsewhere")
    google.make_book("not ours", folder=folder, shared={})
    found, token, pages = [], "", 0
    while pages == 0 or token:
        query = f"'{folder}' in parents and trashed = false"
        more = {"pageToken": token} if token else {}
        fields = "nextPageToken,files(id,name,version,modifiedTime)"
        params = {"q": query, "pageSize": "3", "orderBy": "name", "fields": fields, **more}
        page = client.http_client.request("get", FILES, params={**params}).json()
        found += [f["name"] for f in page["files"]]
        token, pages = page.get("nextPageToken", ""), pages + 1
    assert (found, pages) == (made, 3)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("name = 'a and b'", ["a and b"]),
        ("name contains 'B' and not name = 'b'", ["a and b"]),
        ("name = 'it\\'s'", ["it's"]),
        ('mimeType="application/vnd.google-apps.folder"', ["folder"]),
        ("name = 'b' or name = 'it\\'s' and mimeType = 'nothing'", []),
        ("name = 'b' or name = 'it\\'s'", ["b", "it's"]),
        ("name = 'b' or (name = 'it\\'s' and mimeType = 'nothing')", ["b"]),
        ("modifiedTime > '2020-01-01T00:00:00' and trashed = true", []),
    ],
)
def test_a_query_is_read_as_drive_reads_it(google: Server, client: gspread.Client, query: str, found: list[str]) -> None:
    for name in ("a and b", "b", "it's"):
        google.make_book(name)
    google.make_folder("folder")
    assert names(client, query) == found


@pytest.mark.parametrize(("query", "status"), [("'nowhere' in parents", 404), ("name like 'b'", 400), ("(name = 'b'", 400)])
def test_a_query_that_cannot_be_answered_is_refused(client: gspread.Client, query: str, status: int) -> None:
    with pytest.raises(APIError) as error:
        names(client, query)
    assert error.value.code == status


def test_a_change_is_seen_in_time_and_version(google: Server, client: gspread.Client) -> None:
    book = google.make_book("日报")
    params = {"fields": "version,modifiedTime"}

    def state() -> tuple[int, datetime]:
        got = client.http_client.request("get", f"{FILES}/{book.book_id}", params={**params}).json()
        return int(got["version"]), datetime.fromisoformat(got["modifiedTime"])

    before = state()
    assert state() == before
    time.sleep(0.002)
    google.type_in(book, "Sheet1", "A1", "x")
    after = state()
    assert after[0] > before[0]
    assert after[1] > before[1]


def test_a_service_account_has_no_room_for_files(client: gspread.Client) -> None:
    for make in (
        lambda: client.create("新"),
        lambda: client.http_client.request("post", "https://sheets.googleapis.com/v4/spreadsheets", json={}),
    ):
        with pytest.raises(APIError) as error:
            make()
        assert error.value.code == 403
        assert "storage quota" in error.value.error["message"]


def test_a_book_is_made_with_its_sheets_where_there_is_room(tmp_path: Path) -> None:
    with serve(tmp_path, service_account_may_create=True) as google:
        body = {
            "properties": {"title": "新", "locale": "zh_CN"},
            "sheets": [{"properties": {"title": "日报"}}, {"properties": {"title": "Sheet1"}}],
        }
        made = google.client().http_client.request("post", "https://sheets.googleapis.com/v4/spreadsheets", json=body).json()
        assert [s["properties"]["title"] for s in made["sheets"]] == ["日报", "Sheet1"]
        assert google.books.get(made["spreadsheetId"]).owner == BOT


def test_a_copy_is_a_book_of_its_own(tmp_path: Path) -> None:
    with serve(tmp_path, service_account_may_create=True) as google:
        book = google.make_book("日报", {"a": [["1"]]})
        client = google.client()
        copy = client.copy(book.book_id, "副本")
        copy.sheet1.update_acell("A1", "2")
        assert (book["a"].cell(0, 0).value, copy.sheet1.acell("A1").value) == ("1", "2")
        client.del_spreadsheet(copy.id)
        assert copy.id not in google.books


def test_somebody_elses_file_is_not_found_and_not_deleted(google: Server, client: gspread.Client) -> None:
    hidden, shared = google.make_book("别人的", shared={}), google.make_book("共享的")
    for book, status in ((hidden, 404), (shared, 403)):
        with pytest.raises(APIError) as error:
            client.del_spreadsheet(book.book_id)
        assert error.value.code == status
    with pytest.raises(PermissionError):
        client.open_by_key(hidden.book_id)


def test_a_reader_may_not_write(google: Server, client: gspread.Client) -> None:
    book = google.make_book("日报", {"a": [["1"]]}, shared={BOT: "reader"})
    sheet = client.open_by_key(book.book_id).sheet1
    with pytest.raises(APIError) as error:
        sheet.update_acell("A1", "2")
    assert (error.value.code, error.value.error["status"]) == (403, "PERMISSION_DENIED")
    assert sheet.acell("A1").value == "1"


def test_permissions_are_given_and_taken(google: Server, client: gspread.Client) -> None:
    book = google.make_book("日报")
    sheet = client.open_by_key(book.book_id)
    sheet.share("colleague@school.example", perm_type="user", role="reader")
    sheet.share(None, perm_type="anyone", role="reader")  # type: ignore[arg-type]  # as its documentation says
    listed = sorted((p["type"], p["role"], p.get("emailAddress")) for p in sheet.list_permissions())
    assert listed[0] == ("anyone", "reader", None)
    assert {(r, e) for _, r, e in listed[1:]} == {("owner", PERSON), ("writer", BOT), ("reader", "colleague@school.example")}
    sheet.remove_permissions("colleague@school.example")
    assert "colleague@school.example" not in book.shared


def test_exports_hold_what_the_sheets_show(google: Server, client: gspread.Client) -> None:
    book = google.make_book("日报", {"一": [["学号", "说明"], ["0042", 'a,"b"\n<c>']], "二": [[1.5, True]]})
    assert client.export(book.book_id, ExportFormat.CSV).decode() == '学号,说明\r\n0042,"a,""b""\n<c>"'
    workbook = CalamineWorkbook.from_filelike(BytesIO(client.export(book.book_id, ExportFormat.EXCEL)))
    assert {name: workbook.get_sheet_by_name(name).to_python() for name in workbook.sheet_names} == {
        "一": [["学号", "说明"], ["0042", 'a,"b"\n<c>']],
        "二": [[1.5, True]],
    }
    with pytest.raises(APIError):
        client.export(book.book_id, ExportFormat.PDF)
