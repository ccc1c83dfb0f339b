"""Awkwardness on request: slow and failing answers, maintenance, dropped connections."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

from flask import Flask, Response, g, render_template, request

from sandbox.web import market, sid


def install(app: Flask) -> None:
    app.before_request(_misbehave)


def _misbehave() -> Any:
    if request.path.startswith("/static/"):
        return None
    store_id = _whose()
    settings = market().settings(store_id)
    if settings["slow_seconds"]:
        time.sleep(settings["slow_seconds"])
    if settings["maintenance"]:
        return render_template(
            "notice.html", title="メンテナンス中", words="ただいまシステムメンテナンスを行っています。"
        )
    is_meant = settings["fail_where"] in ("any", "data" if _is_data() else "page")
    if is_meant and settings["fail_next"] and market().take("fail_next", store_id):
        return failure(settings["fail_kind"])
    return None


def _whose() -> str | None:
    """Whose browser, or whose program, is asking."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    found = market().grant("access", token) if kind == "Bearer" else None
    return found["store_id"] if found else market().store_of(sid())


def _is_data() -> bool:
    """What a client-rendered page fetches, or anything that is sent, as opposed to the page itself."""
    return request.method != "GET" or "/data/" in request.path


def failure(kind: str) -> Response:
    if kind == "drop":
        return dropped()
    headers = {"Retry-After": "5"} if kind in ("503", "429") else {}
    body = render_template(
        "notice.html", title="エラー", words="ただいま混みあっています。しばらくしてからお試しください。"
    )
    return Response(body, int(kind), headers)


def written(do: Callable[[], Any]) -> Any:
    """A change by a form of the classic tool; `write_outcome` says how its answer goes wrong, and whether before or after."""
    outcome = market().setting("write_outcome", g.store["id"])
    trouble = render_template("notice.html", title="通信エラー", words="通信エラーが発生しました。")
    if outcome == "error_not_accepted":
        return trouble
    answer = do()
    if outcome == "error_after_accept":
        return trouble
    return dropped() if outcome == "lost_after_accept" else answer


def dropped() -> Response:
    """An answer that breaks off: more is promised than comes."""

    def broken() -> Iterator[bytes]:
        yield b"<html>"
        raise ConnectionAbortedError("the connection is dropped on purpose")

    return Response(broken(), headers={"Content-Length": "5000"})
