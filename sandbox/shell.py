"""What 競りナビ and ストアクリエイターPro share: the empty shell, the JSON that fills it, and how a write goes wrong."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from flask import current_app, g, jsonify, render_template, request
from werkzeug.wrappers import Response

from sandbox.blocks import Place
from sandbox.faults import dropped
from sandbox.market import CURRENT, Unknown
from sandbox.web import crumb, crumb_fits, market, sid, skin, to_login

LOGIN_HOST = "login.bizmanager.yahoo"
OTHER_TOOL = (
    "このストアは、マイオクのストア管理をご利用中です。競りナビとストアクリエイターProはご利用になれません。"
)
BROKEN = "通信エラーが発生しました。時間をおいて再度お試しください。"
STALE_TOKEN = "操作の有効期限が切れました。ページを開きなおしてください。"  # noqa: S105 - words


def page(site: str, prefix: str) -> Any:
    """The shell that is sent for every page of a tool, or the words why not."""
    away = turned_away()
    if away is not None:
        return away
    build = f"{current_app.config['BUILD']}{market().setting('skin', g.store['id'])}"
    return render_template("shell.html", site=site, prefix=prefix, build=build)


def turned_away() -> Any:
    """The page for somebody who is not a store with the current tool; None for one who is."""
    g.store = market().session_store(sid())
    if g.store is None:
        return to_login(LOGIN_HOST)
    if not g.store["is_store"]:
        return render_template("personal.html")
    if g.store["tool"] != CURRENT:
        return render_template("other_tool.html", words=OTHER_TOOL)
    return None


def data(view: Any) -> Any:
    """JSON for the page's script; a lost session answers 401 with the address of the login page."""

    @wraps(view)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        g.store = market().session_store(sid())
        if g.store is None:
            return jsonify({"login": to_login(LOGIN_HOST).location}), 401
        if not g.store["is_store"] or g.store["tool"] != CURRENT:
            return jsonify({"problem": OTHER_TOOL}), 403
        origin = request.headers.get("Origin")
        if request.method == "POST" and origin not in (None, request.host_url.rstrip("/")):
            return jsonify({"problem": BROKEN}), 403
        try:
            return view(*args, **kwargs)
        except Unknown as error:
            return jsonify({"problem": str(error)})

    return wrapped


def filled(
    site: str, menu: Sequence[tuple[str, str]], title: str, purpose: str, make: Callable[[], list[Any]]
) -> Response:
    """A page's JSON. Its blocks may be an old copy (`stale_seconds`); its token is fresh and for `purpose` only."""
    settings = market().settings(g.store["id"])
    return jsonify(
        {
            "site": site, "title": title, "menu": menu, "store": {"id": g.store["id"], "name": g.store["name"]},
            "crumb": crumb(purpose), "loading": settings["loading_seconds"],
            "wrappers": 2 if skin().is_wrapped else 0, "blocks": _perhaps_stale(settings["stale_seconds"], make),
        }
    )  # fmt: skip


def _perhaps_stale(seconds: float, make: Callable[[], list[Any]]) -> list[Any]:
    copies, key = current_app.config["COPIES"], (g.store["id"], request.full_path)
    now = market().now().timestamp()
    made_at, blocks = copies.get(key, (0.0, []))
    if not 0 <= now - made_at < seconds:
        made_at, blocks = now, make()
        copies[key] = (made_at, blocks)
    return blocks


def done(words: str, refused: Sequence[str] = ()) -> Response:
    return jsonify({"done": words, "refused": list(refused)})


def problem(words: str) -> Response:
    return jsonify({"problem": words})


def confirm(
    title: str, lines: Sequence[str], *, yes: str, post: str, purpose: str, back: str,
    fields: Sequence[tuple[str, str]] = (), inputs: Sequence[Any] = (),
) -> Response:  # fmt: skip
    """The second step of a write, with a token of its own, and a new one for the page behind."""
    return jsonify({"dialog": {
        "title": title, "lines": list(lines), "yes": yes, "post": post, "crumb": crumb(purpose),
        "fields": list(fields), "inputs": list(inputs), "back": crumb(back),
    }})  # fmt: skip


def with_token(purpose: str, do: Callable[[], Any]) -> Any:
    """Only for a token that was made for this and not used yet."""
    if not crumb_fits(purpose):
        return problem(STALE_TOKEN)
    return do()


def write(purpose: str, do: Callable[[], Any], setting: str = "write_outcome") -> Any:
    """A change of the store's data; `setting` says how the answer goes wrong, and whether before or after."""
    outcome = market().setting(setting, g.store["id"])
    if outcome == "refused_token" or not crumb_fits(purpose):
        return problem(STALE_TOKEN)
    if outcome == "error_not_accepted":
        return broken()
    answer = do()
    if outcome == "error_after_accept":
        return broken()
    return dropped() if outcome == "lost_after_accept" else answer


def broken() -> Any:
    return jsonify({"problem": BROKEN}), 500


def ticked() -> list[str]:
    """The rows that were ticked."""
    return list(dict.fromkeys(request.form.getlist("itemCheckbox")))


def place(size: int, address: str) -> Place:
    """Where in a list the request wants to be; nonsense is the first page."""
    text = request.args.get("page", "")
    fits = text.isascii() and text.isdigit() and len(text) < 10
    return Place(max(1, int(text)) if fits else 1, size, address)
