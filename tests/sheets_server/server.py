"""The server a test holds: books to make, faults to plan, requests to count."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import parse_qs, urlsplit

import requests

from .a1 import quoted
from .auth import Accounts, Denied
from .books import Book, Shelf
from .certificates import make_certificate, make_rsa, write_private
from .entered import Value
from .errors import Refused
from .exchange import Ask, Request
from .routes import Route, find_route
from .rules import must_be_valid
from .values import entered
from .weather import BOUNDARY, TOKEN, Fault, Faults, Quota
from .wire import Answer, Listener

if TYPE_CHECKING:
    import gspread

Json = dict[str, Any]
Rows = Sequence[Sequence[Value]]
Session = TypeVar("Session", bound=requests.Session)

BOT = "bot@project.iam.gserviceaccount.com"
PERSON = "person@school.example"


class Server:
    """A Google of one's own on the loopback interface. Made by `serve()`."""

    def __init__(self, folder: Path, *, quota: Quota | None = None, service_account_may_create: bool = False) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.books = Shelf()
        self.accounts = Accounts()
        self.faults = Faults()
        self.quota = quota or Quota()
        self.requests: list[Request] = []
        self.creators: frozenset[str] | None = None if service_account_may_create else frozenset({PERSON})
        self._lock = threading.RLock()
        self._bundle, chain = make_certificate(folder)
        self._listener = Listener(self._respond, chain)
        self._thread = threading.Thread(target=self._listener.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()
        self.key_file = self.make_key(BOT)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._listener.server_address[1]}"

    @property
    def environment(self) -> dict[str, str]:
        """Variables under which requests reaches this server by Google's own names, in this process or another."""
        return {
            "HTTPS_PROXY": self.url,
            "https_proxy": self.url,
            "REQUESTS_CA_BUNDLE": str(self._bundle),
            "NO_PROXY": "",
            "no_proxy": "",
        }

    def close(self) -> None:
        """Stop listening."""
        self._listener.stop()
        self._thread.join()

    # -- Accounts -----------------------------------------------------------------------------------------------------

    def make_key(self, email: str, name: str = "service-account.json", *, token_uri: str | None = None) -> Path:
        """Make a service account and its key file (mode 0600), as Google's console would hand it out."""
        pem, modulus, exponent = make_rsa(email)
        self.accounts.keys[email] = (modulus, exponent)
        key = {
            "type": "service_account",
            "project_id": "project",
            "private_key_id": "1",
            "private_key": pem,
            "client_email": email,
            "client_id": "1",
            "auth_uri": "https://accounts.google.com/o/oauth2/auth",
            "token_uri": token_uri or f"{self.url}/token",
        }
        path = self.folder / name
        write_private(path, json.dumps(key, indent=2).encode())
        return path

    def make_person(self, email: str = PERSON, name: str = "authorized-user.json") -> Path:
        """Make a person's stored consent: an authorized-user file with a refresh token."""
        token = f"refresh-{email}"
        self.accounts.refresh[token] = (email, "client", "secret")
        path = self.folder / name
        stored = {"type": "authorized_user", "client_id": "client", "client_secret": "secret", "refresh_token": token}
        write_private(path, json.dumps(stored).encode())
        return path

    def client(self, key_file: Path | None = None, scopes: Sequence[str] | None = None) -> gspread.Client:
        """Real gspread with real google-auth, signed in as the service account; its sessions know the way here."""
        import gspread
        from google.auth.transport.requests import AuthorizedSession, Request
        from google.oauth2.service_account import Credentials

        key = json.loads((key_file or self.key_file).read_text("utf-8"))
        scopes = scopes or gspread.auth.DEFAULT_SCOPES
        credentials = Credentials(  # type: ignore[no-untyped-call]  # google-auth's own
            _signer(key["private_key"]), key["client_email"], key["token_uri"], scopes=scopes
        )
        request = Request(self.lead(requests.Session()))
        session = self.lead(AuthorizedSession(credentials, auth_request=request))  # type: ignore[no-untyped-call]  # as above
        client = gspread.Client(auth=credentials, session=session)
        client.set_timeout((3, 30))
        return client

    def lead(self, session: Session) -> Session:
        """Lead a session here, by Google's own names."""
        session.proxies = {"https": self.url}
        session.verify = str(self._bundle)
        session.trust_env = False
        return session

    # -- Books --------------------------------------------------------------------------------------------------------

    def make_book(
        self,
        title: str,
        sheets: Mapping[str, Rows] | None = None,
        *,
        owner: str = PERSON,
        shared: Mapping[str, str] | None = None,
        folder: str | None = None,
        locale: str = "zh_CN",
        time_zone: str = "Asia/Shanghai",
        book_id: str | None = None,
    ) -> Book:
        """Make a book of a person, with rows of values in each sheet, shared with the service account as a writer."""
        with self._lock:
            book = self.books.add(title, sheets, owner=owner, book_id=book_id, locale=locale, time_zone=time_zone)
            book.shared = dict({BOT: "writer"} if shared is None else shared)
            book.parents = [folder] if folder else []
            return book

    def make_folder(self, title: str, *, owner: str = PERSON, shared: Mapping[str, str] | None = None) -> str:
        """Make a folder in Drive; return its id."""
        with self._lock:
            folder = self.books.folder(title, owner=owner)
            folder.shared = dict({BOT: "reader"} if shared is None else shared)
            return folder.book_id

    def type_in(self, book: Book, sheet: str, cell: str, value: Value, *, by: str = PERSON) -> None:
        """Type into a cell as somebody sitting before the sheet does; protected cells refuse."""
        with self._lock:
            book.must_be(by, writer=True)
            place, area = book.find(f"{quoted(sheet)}!{cell}")
            row, _, column, _ = book.within(place, area, cell)
            typed = entered(place.cell(row, column), value, option="USER_ENTERED", locale=book.locale)
            book.must_be_open(place, area, by)
            must_be_valid(book, place, typed, cell)
            place.put(row, column, typed)
            book.touch()

    # -- Faults -------------------------------------------------------------------------------------------------------

    def fail(
        self,
        status: int,
        on: str = "*",
        *,
        book: Book | None = None,
        times: int | None = 1,
        retry_after: int | None = None,
        reason: str = "",
    ) -> Fault:
        """Answer the next requests with an error status."""
        return self.plan(on, book, times, status=status, retry_after=retry_after, reason=reason)

    def forbid(self, book: Book) -> Fault:
        """Answer 403 for one book."""
        return self.plan("*", book, None, status=403)

    def lose(self, book: Book) -> Fault:
        """Answer 404 for one book."""
        return self.plan("*", book, None, status=404)

    def slow(self, seconds: float, on: str = "*", *, book: Book | None = None, times: int | None = 1) -> Fault:
        """Answer late."""
        return self.plan(on, book, times, wait=seconds)

    def cut(self, on: str = "*", *, at: float = 0.5, book: Book | None = None, times: int | None = 1) -> Fault:
        """Break the connection in the middle of the answer's body."""
        return self.plan(on, book, times, cut=at)

    def intercept(self, page: str, on: str = "*", *, status: int = 200, book: Book | None = None, times: int | None = 1) -> Fault:
        """Answer with a page, as a proxy or a log-in portal in between does."""
        return self.plan(on, book, times, status=status, page=page.encode())

    def meanwhile(self, happens: Callable[[], object], on: str = "*", *, book: Book | None = None, times: int | None = 1) -> Fault:
        """Let something happen just before a request is answered: a sheet renamed, a column moved, rows sorted."""
        return self.plan(on, book, times, first=happens)

    def plan(self, on: str, book: Book | None, times: int | None, **what: Any) -> Fault:
        """Plan a fault."""
        return self.faults.add(Fault(on=on, book=book.book_id if book else None, times=times, **what))

    def expire_tokens(self) -> None:
        """Make every token given out so far invalid."""
        with self._lock:
            self.accounts.tokens.clear()

    # -- What came ----------------------------------------------------------------------------------------------------

    def count(self, on: str = "*", *, book: Book | None = None) -> int:
        """How many requests came for an operation; token requests count only when they are named."""
        return len(self.made(on, book=book))

    def made(self, on: str = "*", *, book: Book | None = None) -> list[Request]:
        """The requests that came for an operation."""
        with self._lock:
            return [
                r
                for r in self.requests
                if fnmatchcase(r.operation, on) and (book is None or r.book == book.book_id) and (r.use != "token" or on != "*")
            ]

    @property
    def broken(self) -> list[str]:
        """Faults of the emulator itself, as tracebacks."""
        return self._listener.broken

    @property
    def strangers(self) -> list[str]:
        """Hosts that somebody wanted to reach through this server, and that are not Google's."""
        return self._listener.strangers

    # -- Answering ----------------------------------------------------------------------------------------------------

    def _respond(self, method: str, target: str, headers: dict[str, str], body: bytes, over_tls: bool) -> Answer:
        address = urlsplit(target)
        lists = parse_qs(address.query, keep_blank_values=True)
        query = {name: values[-1] for name, values in lists.items()}
        found = find_route(method, address.path)
        aside = _aside(method, address.path)
        kept = Request(aside or "unknown", method, address.path, "token" if aside else "read", query=query, over_tls=over_tls)
        if found:
            route, parts = found
            kept.operation, kept.use, kept.book = route.operation, route.use, parts.get("id")
        with self._lock:
            self.requests.append(kept)
        fault = self.faults.meeting(kept.operation, kept.book)
        if fault and fault.first:
            with self._lock:
                fault.first()
        if fault and fault.wait:
            time.sleep(fault.wait)
        if aside == BOUNDARY:
            answer = Answer.json(200, {"locations": [], "encodedLocations": "0x0"})
        elif aside:
            answer = self._token(body, fault)
        elif found:
            answer = self._operation(kept, found, lists, headers, body, fault)
        else:
            answer = Answer.json(404, Refused(404).body(drive=False))
        if fault:
            answer.cut = fault.cut
        kept.status, kept.size = answer.status, len(answer.body)
        return answer

    def _token(self, body: bytes, fault: Fault | None) -> Answer:
        if fault and fault.page is not None:
            return _page(fault)
        if fault and (refusal := fault.refusal()):
            return Answer.json(refusal.status, refusal.body(drive=False), refusal.headers)
        try:
            with self._lock:
                return Answer.json(200, self.accounts.exchange(body))
        except Denied as denied:
            return Answer.json(400, denied.body)

    def _operation(
        self,
        kept: Request,
        found: tuple[Route, dict[str, str]],
        lists: dict[str, list[str]],
        headers: dict[str, str],
        body: bytes,
        fault: Fault | None,
    ) -> Answer:
        route, parts = found
        try:
            if fault and fault.page is not None:
                return _page(fault)
            if fault and (refusal := fault.refusal()):
                raise refusal
            with self._lock:
                bearer = next((v for n, v in headers.items() if n.lower() == "authorization"), None)
                kept.user = self.accounts.user_of(bearer, drive=route.drive, write=route.use == "write")
                if not route.drive:
                    self.quota.take(kept.user, route.use)
                given = _body(body, headers)
                kept.body = given
                answer = route.answer(Ask(self.books, kept.user, parts, kept.query, lists, given, body, self.creators))
        except Refused as refused:
            kept.answer = refused.body(drive=route.drive)
            return Answer.json(refused.status, kept.answer, refused.headers)
        if answer is None:
            return Answer(204)
        if isinstance(answer, tuple):
            return Answer(200, answer[1], {"Content-Type": answer[0]})
        kept.answer = answer
        return Answer.json(200, answer)


@cache
def _signer(pem: str) -> Any:
    """google-auth's signer; reading a key is what takes longest of all."""
    from google.auth.crypt import RSASigner

    return RSASigner.from_string(pem, "1")  # type: ignore[no-untyped-call]  # google-auth's own


def _page(fault: Fault) -> Answer:
    """What a log-in portal or a proxy answers in Google's place."""
    return Answer(fault.status or 200, fault.page or b"", {"Content-Type": "text/html; charset=UTF-8"})


def _aside(method: str, path: str) -> str | None:
    """The operation of a request that is about the account and not about files."""
    if (method, path) == ("POST", "/token"):
        return TOKEN
    boundary = path.startswith("/v1/projects/-/serviceAccounts/") and path.endswith("/allowedLocations")
    return BOUNDARY if boundary else None


def _body(body: bytes, headers: dict[str, str]) -> Json:
    kind = next((v for n, v in headers.items() if n.lower() == "content-type"), "")
    if not body or "json" not in kind:
        return {}
    try:
        given = json.loads(body)
    except ValueError:
        raise Refused(400, "Invalid JSON payload received. Unexpected token.") from None
    return _said(given) if isinstance(given, dict) else {}


def _said(value: Any) -> Any:
    """A body without its nulls, which say nothing; those in lists keep their places."""
    if isinstance(value, dict):
        return {name: _said(inner) for name, inner in value.items() if inner is not None}
    return [_said(item) for item in value] if isinstance(value, list) else value


@contextmanager
def serve(folder: Path, *, quota: Quota | None = None, service_account_may_create: bool = False) -> Iterator[Server]:
    """Serve on a free loopback port; key file and certificates go into the folder."""
    server = Server(folder, quota=quota, service_account_may_create=service_account_may_create)
    try:
        yield server
    finally:
        server.close()
