"""The error tree. Every error says, in Japanese for staff, what happened, to which item, and what to do next.

`code` is for machines and tests, `item` names the thing (IT code, order number, file), `field` the form field,
`remedy` the next step. Pages render them; the JSON API turns them into problem+json.
"""

from __future__ import annotations


class RecoreError(Exception):
    """Base of everything we raise on purpose.

    Subclasses fix the HTTP status; callers give a stable `code` and the staff's message.
    """

    status = 500

    def __init__(
        self,
        code: str,
        message: str,
        *,
        item: str | None = None,
        field: str | None = None,
        remedy: str | None = None,
        extra: dict[str, object] | None = None,
    ) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.item = item
        self.field = field
        self.remedy = remedy
        self.extra = extra or {}

    def as_problem(self) -> dict[str, object]:
        """The problem+json body (RFC 9457)."""
        body: dict[str, object] = {
            "type": f"urn:recore:problem:{self.code.lower().replace('_', '-')}",
            "title": self.code,
            "status": self.status,
            "code": self.code,
            "detail": self.message,
        }
        named = {"item": self.item, "field": self.field, "remedy": self.remedy}
        body.update({key: value for key, value in named.items() if value is not None})
        body.update(self.extra)
        return body


class NotFound(RecoreError):
    """There is no such thing, or it belongs to another tenant (the two are not told apart)."""

    status = 404


class Conflict(RecoreError):
    """The thing is no longer in the state that the caller saw."""

    status = 409


class Denied(RecoreError):
    """The caller may not do this."""

    status = 403


class DeniedHere(Denied):
    """Not on this marketplace account; elsewhere it may be allowed. In a bulk action the row is named and the others go on."""


class NotIdentified(RecoreError):
    """Nobody is logged in, or the token is not valid."""

    status = 401


class Invalid(RecoreError):
    """The input cannot be accepted; `problems` has one entry per offending field, all reported at once."""

    status = 422

    def __init__(
        self,
        code: str,
        message: str,
        *,
        item: str | None = None,
        field: str | None = None,
        remedy: str | None = None,
        problems: list[RecoreError] | None = None,
    ) -> None:
        super().__init__(code, message, item=item, field=field, remedy=remedy)
        self.problems = problems or []

    def as_problem(self) -> dict[str, object]:
        body = super().as_problem()
        if self.problems:
            body["problems"] = [problem.as_problem() for problem in self.problems]
        return body


class TooMany(RecoreError):
    """More, or faster, than the caller may."""

    status = 429


class Retryable(RecoreError):
    """An outside effect failed in a way that may pass: try again later, after reading back."""

    status = 503

    def __init__(
        self, code: str, message: str, *, retry_after_seconds: int | None = None, item: str | None = None
    ):
        super().__init__(code, message, item=item)
        self.retry_after_seconds = retry_after_seconds


class NotYet(Retryable):
    """Nothing was tried, for its turn has not come: waiting for it counts as no attempt."""


class Terminal(RecoreError):
    """An outside effect failed for good: a person has to act."""

    status = 502
