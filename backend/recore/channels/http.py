"""One HTTP client for every marketplace's API: timeouts always, no redirects followed, names under .localhost on this machine."""

from __future__ import annotations

import ssl
from functools import cache

import httpx

TIMEOUT = httpx.Timeout(30, connect=5)


def http_client(transport: httpx.BaseTransport | None = None) -> httpx.Client:
    """`transport`: how to reach the other side, for tests."""
    return httpx.Client(
        timeout=TIMEOUT,
        verify=_trusted(),
        transport=transport,
        mounts=None if transport else {"all://*.localhost": _ThisMachine(verify=_trusted())},
    )


@cache
def _trusted() -> ssl.SSLContext:
    """Whom we believe over https; reading the list of authorities is slow, so once for all clients."""
    return httpx.create_ssl_context()


def seconds_told(answer: httpx.Response, most: int = 3600) -> int | None:
    """`Retry-After` in seconds, where it is there."""
    text = answer.headers.get("Retry-After", "")
    return min(int(text), most) if text.isdecimal() and int(text) else None


class _ThisMachine(httpx.HTTPTransport):
    """Names under .localhost are this machine, whatever a resolver says (RFC 6761): the sandbox."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.url = request.url.copy_with(host="127.0.0.1")  # the Host header stays
        return super().handle_request(request)
