"""Awkwardness on request: slow and failing answers, and answers that are lost after everything was done."""

from __future__ import annotations

import time

from flask import Response

from sandbox.amazon import errors
from sandbox.amazon.market import Amazon
from sandbox.faults import dropped

BUSY = "<html><head><title>503 Service Unavailable</title></head><body><h1>Service Unavailable</h1></body></html>"


def on_call(amazon: Amazon, seller_id: str, operation: str) -> Response | None:
    """Instead of the answer, before anything was done; `operation` may be `token`."""
    settings = amazon.settings(seller_id)
    if settings["slow_seconds"]:
        time.sleep(settings["slow_seconds"])
    if settings["fail_where"] not in ("any", operation) or not settings["fail_next"]:
        return None
    return failure(settings["fail_kind"]) if amazon.take("fail_next", seller_id) else None


def on_way_back(amazon: Amazon, seller_id: str, response: Response) -> Response:
    """What was asked for is done, and nobody hears of it."""
    if not amazon.setting("lose_answers", seller_id) or not amazon.take("lose_answers", seller_id):
        return response
    return dropped()


def failure(kind: str) -> Response:
    if kind == "drop":
        return dropped()
    if kind == "429":
        return errors.throttled().answer()
    if kind == "html503":
        return Response(BUSY, 503, content_type="text/html")
    return Response(b"", {"empty503": 503, "empty500": 500, "bare429": 429}[kind])
