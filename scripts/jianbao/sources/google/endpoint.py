"""Where Google is: at its own addresses, or at a test server on this machine."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs, urlsplit

from jianbao.errors import UsageError
from jianbao.messages import _

VARIABLE: Final = "JIANBAO_GOOGLE_ENDPOINT"
MINUTE: Final = 60.0
_HOSTS: Final = ("https://sheets.googleapis.com", "https://www.googleapis.com")
_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where requests go. `base` is empty for Google itself; `minute` is how long its minute lasts, in seconds."""

    base: str = ""
    minute: float = MINUTE

    @property
    def pace(self) -> float:
        """How fast this server's clock runs: every wait is multiplied by it."""
        return self.minute / MINUTE

    def directed(self, url: str) -> str:
        """Return the address a request really goes to."""
        host = next((h for h in _HOSTS if url.startswith(h)), None) if self.base else None
        return self.base + url[len(host) :] if host else url


def endpoint() -> Endpoint:
    """Return Google, or the test server that JIANBAO_GOOGLE_ENDPOINT names: `http://127.0.0.1:8080?minute=1`.

    Raises UsageError for any other host: a request carries the key's token.
    """
    named = os.environ.get(VARIABLE, "")
    if not named:
        return Endpoint()
    parts = urlsplit(named)
    if parts.scheme != "http" or parts.hostname not in _LOOPBACK:
        raise UsageError(
            _("{variable} 只能指向本机的测试服务器，现在是 {found}").format(variable=VARIABLE, found=named),
            _("平时不要设这个环境变量；试验时写 http://127.0.0.1:端口。"),
        )
    minute = float(parse_qs(parts.query).get("minute", [str(MINUTE)])[0])
    return Endpoint(f"http://{parts.netloc}{parts.path.rstrip('/')}", minute)
