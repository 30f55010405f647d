"""What Google answers when it does not do what was asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_STATUS = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    409: "ALREADY_EXISTS",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    503: "UNAVAILABLE",
}
_SENTENCE = {
    401: "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other "
    "valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.",
    403: "The caller does not have permission",
    404: "Requested entity was not found.",
    429: "Quota exceeded.",
    500: "Internal error encountered.",
    503: "The service is currently unavailable.",
}

_USAGE = {"userRateLimitExceeded", "rateLimitExceeded", "storageQuotaExceeded"}


class Refused(Exception):
    """A request that is answered with an error: HTTP status, sentence, headers, and how the API at hand words it."""

    def __init__(
        self,
        status: int,
        sentence: str | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        reason: str = "",
        details: list[Any] | None = None,
    ) -> None:
        self.status = status
        self.sentence = sentence or _SENTENCE.get(status, "Error")
        self.headers = dict(headers or {})
        self.reason = reason
        self.details = details
        super().__init__(self.sentence)

    def body(self, *, drive: bool) -> dict[str, Any]:
        """The answer's JSON: Sheets names a status, Drive lists errors with a domain and a reason."""
        error: dict[str, Any] = {"code": self.status, "message": self.sentence}
        if drive:
            domain = "usageLimits" if self.reason in _USAGE else "global"
            error["errors"] = [{"message": self.sentence, "domain": domain, "reason": self.reason or _reason(self.status)}]
        else:
            error["status"] = _STATUS.get(self.status, "UNKNOWN")
            if self.details:
                error["details"] = self.details
        return {"error": error}


def _reason(status: int) -> str:
    return {
        400: "badRequest",
        401: "authError",
        403: "insufficientFilePermissions",
        404: "notFound",
        429: "rateLimitExceeded",
        500: "internalError",
        503: "backendError",
    }.get(status, "unknown")


def invalid(sentence: str) -> Refused:
    """A request that is wrong in itself."""
    return Refused(400, sentence)


def bad_json(field: str, kind: str, shown: str) -> Refused:
    """A body whose JSON does not fit the message it stands for."""
    sentence = f"Invalid value at '{field}' ({kind}), {shown}"
    violation = {"field": field, "description": sentence}
    return Refused(400, sentence, details=[{"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": [violation]}])
