"""Pages of a list: a token for the next one, opaque, good for the same question only."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from sandbox.amazon.requests import Call

USUAL_SIZE = 10


def numbered_page(call: Call, found: list[Any]) -> tuple[list[Any], dict[str, Any]]:
    """The page that `pageToken` names, and `pagination` when there are others."""
    size = call.query.get("pageSize", USUAL_SIZE)
    start = _start(call)
    links = {}
    if start + size < len(found):
        links["nextToken"] = _token(call, start + size)
    if start:
        links["previousToken"] = _token(call, max(0, start - size))
    return found[start : start + size], ({"pagination": links} if links else {})


def _token(call: Call, start: int) -> str:
    return base64.urlsafe_b64encode(f"{call.operation}:{call.seller_id}:{start}".encode()).decode()


def _start(call: Call) -> int:
    if "pageToken" not in call.query:
        return 0
    try:
        text = base64.b64decode(call.query["pageToken"], altchars=b"-_", validate=True).decode()
        operation, seller_id, start = text.split(":")
        if (operation, seller_id) == (call.operation, call.seller_id):
            return int(start)
    except (binascii.Error, ValueError) as wrong:
        raise call.invalid("Invalid pageToken.") from wrong
    raise call.invalid("Invalid pageToken.")
