"""Signing in: real signatures, tokens that end, scopes, a person's stored consent, and hosts that are not Google's."""

from __future__ import annotations

import gc
import os
import socket
import stat
import struct
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import gspread
import pytest
import requests
from google.auth.exceptions import RefreshError
from google.oauth2.credentials import Credentials

from sheets_server import BOT, PERSON, Server, serve

READONLY = gspread.auth.READONLY_SCOPES


@pytest.mark.skipif(os.name == "nt", reason="Windows has no modes")
def test_key_files_are_for_their_owner_only(google: Server) -> None:
    assert [stat.S_IMODE(p.stat().st_mode) for p in (google.key_file, google.make_person())] == [0o600, 0o600]


def test_a_key_that_is_not_the_accounts_is_refused(google: Server) -> None:
    other = google.make_key("other@project.iam.gserviceaccount.com", "other.json")
    other.write_text(other.read_text("utf-8").replace("other@project.iam.gserviceaccount.com", BOT), "utf-8", newline="\n")
    with pytest.raises(RefreshError, match=r"Invalid JWT Signature\."):
        google.client(other).openall()


def test_an_account_nobody_knows_is_refused(google: Server) -> None:
    key = google.make_key("gone@project.iam.gserviceaccount.com", "gone.json")
    google.accounts.keys.pop("gone@project.iam.gserviceaccount.com")
    with pytest.raises(RefreshError, match="account not found"):
        google.client(key).openall()


def test_a_token_that_ended_is_renewed_once(google: Server, client: gspread.Client) -> None:
    book = google.make_book("日报")
    client.open_by_key(book.book_id)
    google.expire_tokens()
    client.open_by_key(book.book_id)
    assert [r.status for r in google.made("sheets.*")] == [200, 401, 200]
    assert google.count("oauth2.token") == 2


def test_reading_scopes_do_not_write(google: Server) -> None:
    book = google.make_book("日报", {"a": [["1"]]})
    sheet = google.client(scopes=READONLY).open_by_key(book.book_id).sheet1
    assert sheet.acell("A1").value == "1"
    with pytest.raises(gspread.exceptions.APIError) as error:
        sheet.update_acell("A1", "2")
    assert error.value.code == 403
    assert "insufficient authentication scopes" in error.value.error["message"]


def test_a_person_signs_in_with_a_stored_consent(google: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in google.environment.items():
        monkeypatch.setenv(name, value)
    book = google.make_book("日报", shared={})
    consent = Credentials.from_authorized_user_file(str(google.make_person()))  # type: ignore[no-untyped-call]  # google-auth's own
    client = gspread.authorize(consent)
    client.open_by_key(book.book_id).sheet1.update_acell("A1", "x")
    assert {r.user for r in google.made("sheets.*")} == {PERSON}


def test_another_process_reaches_it_by_googles_names(google: Server) -> None:
    google.make_book("日报")
    program = "import gspread, sys; print([s.title for s in gspread.service_account(sys.argv[1]).openall()])"
    words = [sys.executable, "-c", program, str(google.key_file)]
    settings = {**os.environ, **google.environment, "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(words, env=settings, capture_output=True, check=True, encoding="utf-8")
    assert done.stdout.strip() == "['日报']"
    assert all(r.over_tls for r in google.made())


def test_other_hosts_are_out_of_reach_and_noted(tmp_path: Path) -> None:
    with serve(tmp_path) as google:
        with pytest.raises(requests.exceptions.ProxyError):
            google.lead(requests.Session()).get("https://example.com/")
        assert google.strangers == ["example.com:443"]


def test_a_client_that_hangs_up_at_once_leaves_nothing_open(tmp_path: Path) -> None:
    with serve(tmp_path) as google:
        for turn in range(60):
            with socket.create_connection(("127.0.0.1", urlsplit(google.url).port or 0)) as client:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # its end is a reset
                client.sendall(b"CONNECT sheets.googleapis.com:443 HTTP/1.1\r\nHost: sheets.googleapis.com\r\n\r\n")
                if turn % 2:
                    client.recv(1)
        assert google.broken == []
    gc.collect()  # what is left open warns now, and a warning is an error
