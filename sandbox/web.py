"""What the sites share: the logged-in store, links between hosts, tokens, times."""

from __future__ import annotations

from functools import wraps
from typing import Any
from urllib.parse import quote

from flask import Flask, current_app, g, redirect, render_template, request
from werkzeug.wrappers import Response

from sandbox.market import CLASSIC, JST, Market, moment
from sandbox.skins import SKINS, Skin

COOKIE, DOMAIN = "Y", "yahoo.localhost"
OTHER_TOOL = "このストアのツールは、競りナビとストアクリエイターProに移行しました。マイオクのストア管理はご利用になれません。"


def market() -> Market:
    found: Market = current_app.config["MARKET"]
    return found


def install(app: Flask) -> None:
    app.jinja_env.globals |= {"link": link, "skin": skin, "crumb": crumb}
    app.jinja_env.filters |= {"jst": jst, "yen": lambda amount: f"{amount:,}円"}
    app.before_request(_begin)


def _begin() -> None:
    market().end_due()


def skin() -> Skin:
    if "skin" not in g:
        g.skin = SKINS[market().setting("skin", market().store_of(sid()))]
    found: Skin = g.skin
    return found


def link(host: str, path: str) -> str:
    """A URL on another host of the market, on the port of this request."""
    port = request.host.partition(":")[2]
    return f"http://{host}.localhost{':' + port if port else ''}{path}"


def jst(text: str) -> str:
    """「2026年11月23日 18時05分」, as the store tool writes it."""
    local = moment(text).astimezone(JST)
    return f"{local.year}年{local.month}月{local.day}日 {local.hour:02d}時{local.minute:02d}分"


def slashed(text: str) -> str:
    """「2026/11/23 18:05」, as the current tool writes it."""
    return moment(text).astimezone(JST).strftime("%Y/%m/%d %H:%M")


def sid() -> str:
    return request.cookies.get(COOKIE, "")


def crumb(purpose: str = "") -> str:
    """A fresh one-time token for a form on this page; with a purpose it is good for nothing else."""
    return market().new_token(f"{sid()} {purpose}".strip())


def crumb_fits(purpose: str = "") -> bool:
    """Whether the form was shown to this session and not sent yet; the control room can make it seem too old."""
    fits = market().use_token(request.form.get(".crumb", ""), f"{sid()} {purpose}".strip())
    return fits and not market().take("refuse_tokens", g.store["id"])


def signed_in(view: Any) -> Any:
    """A page of somebody: without a living session off to the login page, as the real one does."""

    @wraps(view)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        g.store = market().session_store(sid())
        if g.store is None:
            return to_login()
        return view(*args, **kwargs)

    return wrapped


def store_only(view: Any) -> Any:
    """A page of the classic store tool: a personal account is told that it has none, a store that its tool is another."""

    @wraps(view)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        if not g.store["is_store"]:
            return render_template("personal.html")
        if g.store["tool"] != CLASSIC:
            return render_template("other_tool.html", words=OTHER_TOOL)
        return view(*args, **kwargs)

    return signed_in(wrapped)


def to_login(host: str = "login.yahoo") -> Response:
    """Afterwards one is elsewhere: on the top page of the site that the login belongs to."""
    back = request.url if market().setting("return_after_login") else landing(host)
    return redirect(link(host, f"/config/login?.src=auc&.done={quote(back, safe='')}"))


def landing(login_host: str) -> str:
    return link("pro.store.yahoo" if login_host == "login.bizmanager.yahoo" else "auctions.yahoo", "/")


def stale_token() -> str:
    return render_template(
        "notice.html", title="エラー", words="操作の有効期限が切れました。最初からやり直してください。"
    )
