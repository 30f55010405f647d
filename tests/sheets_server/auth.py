"""The token endpoint: service accounts (a signed JWT) and people (a refresh token); and what a token allows."""

from __future__ import annotations

import base64
import hashlib
import json
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from .errors import Refused

JWT_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
AUDIENCE = "https://oauth2.googleapis.com/token"
# ASN.1 of "SHA-256, and here is the digest", which stands before the digest in every RS256 signature (RFC 8017, 9.2).
_SHA256_PREFIX = bytes.fromhex("3031300d060960864801650304020105000420")

_AUTH = "https://www.googleapis.com/auth/"
_EVERYTHING = {_AUTH + "drive", _AUTH + "drive.file"}
_SHEETS_WRITE = {*_EVERYTHING, _AUTH + "spreadsheets", "https://spreadsheets.google.com/feeds"}
_SHEETS_READ = {*_SHEETS_WRITE, _AUTH + "spreadsheets.readonly", _AUTH + "drive.readonly"}
_DRIVE_READ = {*_EVERYTHING, _AUTH + "drive.readonly", _AUTH + "drive.metadata.readonly", _AUTH + "drive.metadata"}


class Denied(Exception):
    """The token endpoint's own kind of error: a code and a description."""

    def __init__(self, code: str, description: str) -> None:
        super().__init__(description)
        self.body = {"error": code, "error_description": description}


@dataclass(slots=True)
class Token:
    """An access token: whose, for what, until when."""

    user: str
    scopes: frozenset[str]
    expires: float


@dataclass(slots=True)
class Accounts:
    """Who is known here, and the tokens they hold."""

    keys: dict[str, tuple[int, int]] = field(default_factory=dict)  # service account → modulus, exponent
    refresh: dict[str, tuple[str, str, str]] = field(default_factory=dict)  # refresh token → user, client id, client secret
    tokens: dict[str, Token] = field(default_factory=dict)
    lifetime: float = 3600
    issued: int = 0

    def exchange(self, form: bytes) -> dict[str, Any]:
        """Answer a request for a token."""
        given = {name: values[0] for name, values in parse_qs(form.decode()).items()}
        grant = given.get("grant_type")
        if grant == JWT_GRANT:
            user, scopes = self._service_account(given.get("assertion", ""))
        elif grant == "refresh_token":
            user, scopes = self._person(given)
        else:
            raise Denied("unsupported_grant_type", f"Invalid grant_type: {grant}")
        self.issued += 1
        token = hashlib.sha256(f"{user}/{self.issued}".encode()).hexdigest()
        self.tokens[token] = Token(user, scopes, time.time() + self.lifetime)
        return {"access_token": token, "expires_in": int(self.lifetime), "token_type": "Bearer", "scope": " ".join(sorted(scopes))}

    def _service_account(self, assertion: str) -> tuple[str, frozenset[str]]:
        try:
            head, body, signature = assertion.split(".")
            claims = json.loads(_decoded(body))
            known = self.keys[claims["iss"]]
        except (ValueError, KeyError):
            raise Denied("invalid_grant", "Invalid grant: account not found") from None
        if not _signed(f"{head}.{body}".encode(), _decoded(signature), *known):
            raise Denied("invalid_grant", "Invalid JWT Signature.")
        if claims.get("aud") != AUDIENCE:
            raise Denied("invalid_grant", "Invalid JWT: Failed audience check.")
        if not claims["iat"] - 300 <= time.time() <= claims["exp"]:
            raise Denied("invalid_grant", "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe.")
        if not claims.get("scope"):
            raise Denied("invalid_scope", "Invalid OAuth scope or ID token audience provided.")
        return claims["iss"], frozenset(claims["scope"].split())

    def _person(self, given: dict[str, str]) -> tuple[str, frozenset[str]]:
        known = self.refresh.get(given.get("refresh_token", ""))
        if known is None:
            raise Denied("invalid_grant", "Token has been expired or revoked.")
        user, client, secret = known
        if (given.get("client_id"), given.get("client_secret")) != (client, secret):
            raise Denied("invalid_client", "The OAuth client was not found.")
        return user, frozenset((given.get("scope") or " ".join((_AUTH + "spreadsheets", _AUTH + "drive"))).split())

    def user_of(self, header: str | None, *, drive: bool, write: bool) -> str:
        """Return whose token a request bears; refuse one that is unknown, over, or for something else."""
        token = self.tokens.get((header or "").removeprefix("Bearer "))
        if token is None or token.expires < time.time():
            raise Refused(401, headers={"WWW-Authenticate": 'Bearer realm="https://accounts.google.com/", error="invalid_token"'})
        wanted = (_EVERYTHING if write else _DRIVE_READ) if drive else (_SHEETS_WRITE if write else _SHEETS_READ)
        if not wanted & token.scopes:
            raise Refused(403, "Request had insufficient authentication scopes.", reason="insufficientPermissions")
        return token.user


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _signed(message: bytes, signature: bytes, modulus: int, exponent: int) -> bool:
    size = (modulus.bit_length() + 7) // 8
    shown = pow(int.from_bytes(signature, "big"), exponent, modulus).to_bytes(size, "big")
    tail = b"\x00" + _SHA256_PREFIX + hashlib.sha256(message).digest()
    return shown == b"\x00\x01" + b"\xff" * (size - 2 - len(tail)) + tail
