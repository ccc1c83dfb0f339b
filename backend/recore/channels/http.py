"""One HTTP client for every marketplace's API: timeouts always, no redirects followed, names under .localhost on this machine."""

from __future__ import annotations

import httpx

TIMEOUT = httpx.Timeout(30, connect=5)


def http_client(transport: httpx.BaseTransport | None = None) -> httpx.Client:
    """`transport`: how to reach the other side, for tests."""
    return httpx.Client(
        timeout=TIMEOUT,
        transport=transport,
        mounts=None if transport else {"all://*.localhost": _ThisMachine()},
    )


def seconds_told(answer: httpx.Response, most: int = 3600) -> int | None:
    """`Retry-After` in seconds, where it is there."""
    text = answer.headers.get("Retry-After", "")
    return min(int(text), most) if text.isdecimal() and int(text) else None


class _ThisMachine(httpx.HTTPTransport):
    """Names under .localhost are this machine, whatever a resolver says (RFC 6761): the sandbox."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.url = request.url.copy_with(host="127.0.0.1")  # the Host header stays
        return super().handle_request(request)
