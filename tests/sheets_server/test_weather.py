"""What goes wrong on demand, the quotas, and the counting."""

from __future__ import annotations

import time

import gspread
import pytest
import requests
from gspread.exceptions import APIError

from sheets_server import Quota, Server
from sheets_server.errors import Refused


@pytest.mark.parametrize(("status", "name"), [(429, "RESOURCE_EXHAUSTED"), (500, "INTERNAL"), (503, "UNAVAILABLE")])
def test_a_status_is_answered_as_often_as_was_asked(google: Server, client: gspread.Client, status: int, name: str) -> None:
    book = google.make_book("日报")
    google.fail(status, "sheets.spreadsheets.get", times=2, retry_after=1)
    for _ in range(2):
        with pytest.raises(APIError) as error:
            client.open_by_key(book.book_id)
        assert (error.value.code, error.value.error["status"]) == (status, name)
        assert error.value.response.headers["Retry-After"] == "1"
    assert client.open_by_key(book.book_id).title == "日报"


def test_a_fault_of_one_book_is_of_no_other(google: Server, client: gspread.Client) -> None:
    ours, closed, gone = (google.make_book(name) for name in ("ours", "closed", "gone"))
    google.forbid(closed)
    google.lose(gone)
    assert client.open_by_key(ours.book_id).title == "ours"
    for _ in range(2):
        with pytest.raises(PermissionError):
            client.open_by_key(closed.book_id)
        with pytest.raises(gspread.SpreadsheetNotFound):
            client.open_by_key(gone.book_id)


def test_drive_words_its_limits_in_its_own_way(google: Server, client: gspread.Client) -> None:
    google.fail(403, "drive.files.list", reason="userRateLimitExceeded")
    with pytest.raises(APIError) as error:
        client.openall()
    assert error.value.error["errors"][0]["domain"] == "usageLimits"


def test_a_late_answer_meets_the_clients_patience(google: Server, client: gspread.Client) -> None:
    book = google.make_book("日报")
    google.slow(0.5, "*.get")
    client.set_timeout((3, 0.1))
    with pytest.raises(requests.exceptions.ReadTimeout):
        client.open_by_key(book.book_id)


def test_an_answer_breaks_off_in_its_middle(google: Server, client: gspread.Client) -> None:
    book = google.make_book("日报", {"a": [["x" * 5000]]})
    sheet = client.open_by_key(book.book_id).sheet1
    google.cut("*.values.get", at=0.5)
    with pytest.raises((requests.exceptions.ChunkedEncodingError, requests.exceptions.ConnectionError)):
        sheet.get_values()
    assert sheet.get_values() == [["x" * 5000]]


def test_a_page_in_between_is_no_json(google: Server, client: gspread.Client) -> None:
    book = google.make_book("日报")
    google.intercept("<html>请登录校园网</html>", status=511)
    with pytest.raises(APIError) as error:
        client.open_by_key(book.book_id)
    assert (error.value.code, error.value.response.text) == (-1, "<html>请登录校园网</html>")


def test_things_happen_between_two_requests(google: Server, client: gspread.Client) -> None:
    book = google.make_book("日报", {"a": [["学号", "体温"], ["1", "2"]]})
    google.meanwhile(lambda: setattr(book["a"], "title", "b"), "*.values.*")
    sheet = client.open_by_key(book.book_id).sheet1
    with pytest.raises(APIError) as error:
        sheet.get_values()
    assert error.value.error["message"] == "Unable to parse range: 'a'"
    google.meanwhile(lambda: book["b"].move("COLUMNS", 0, 1, 2), "*.values.*")
    assert client.open_by_key(book.book_id).sheet1.get_values() == [["体温", "学号"], ["2", "1"]]


def test_good_weather_returns(google: Server, client: gspread.Client) -> None:
    book = google.make_book("日报")
    google.fail(503, times=None)
    google.faults.clear()
    assert client.open_by_key(book.book_id).title == "日报"


def test_reads_and_writes_are_counted_apart_and_by_user() -> None:
    quota = Quota(reads=2, writes=1, minute=10)
    for user in ("a", "b"):
        quota.take(user, "read", now=100)
        quota.take(user, "read", now=104)
        quota.take(user, "write", now=104)
    with pytest.raises(Refused) as refused:
        quota.take("a", "read", now=104)
    assert (refused.value.status, refused.value.headers) == (429, {"Retry-After": "6"})
    with pytest.raises(Refused):
        quota.take("b", "write", now=105)
    quota.take("a", "read", now=110)
    quota.take("c", "read", now=111)


def test_over_the_quota_comes_429_until_the_minute_is_over(google: Server, client: gspread.Client) -> None:
    book = google.make_book("日报")
    google.quota = Quota(reads=2, minute=0.3, retry_after=False)
    client.open_by_key(book.book_id)
    client.open_by_key(book.book_id)
    with pytest.raises(APIError) as error:
        client.open_by_key(book.book_id)
    assert "'Read requests per minute per user'" in error.value.error["message"]
    assert error.value.error["details"][0]["reason"] == "RATE_LIMIT_EXCEEDED"
    assert "Retry-After" not in error.value.response.headers
    time.sleep(0.35)
    client.open_by_key(book.book_id)


def test_requests_are_counted_by_operation_and_book(google: Server, client: gspread.Client) -> None:
    one, two = google.make_book("one"), google.make_book("two")
    for book in (one, one, two):
        client.open_by_key(book.book_id).sheet1.update_acell("A1", "x")
    assert (google.count("sheets.*"), google.count("*.values.update"), google.count(book=one)) == (9, 3, 6)
    assert {r.use for r in google.made("*.values.update")} == {"write"}
    assert google.made("*.update")[0].body["values"] == [["x"]]
    assert (google.count("oauth2.token"), google.count()) == (1, 9)
