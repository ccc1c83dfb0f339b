"""login.yahoo: one logs in with id and password; afterwards one is on the top page unless `.done` says otherwise."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, current_app, render_template, request
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from sandbox.web import COOKIE, DOMAIN, landing, link, market, sid

bp = Blueprint("login", __name__)


@bp.get("/")
@bp.get("/config/login")
def form() -> str:
    return render_template("login.html", done=request.args.get(".done", ""), failed=False)


@bp.post("/config/login")
def log_in() -> Response | str:
    made = market().log_in(request.form.get("login", ""), request.form.get("passwd", ""))
    done = request.form.get(".done", "")
    if made is None:
        return render_template("login.html", done=done, failed=True)
    inside = (urlsplit(done).hostname or "").endswith(f".{DOMAIN}")
    response = redirect(done if inside else landing(current_app.config["SITE"]))
    response.set_cookie(COOKIE, made, domain=DOMAIN, httponly=True, samesite="Lax")
    return response


@bp.get("/config/logout")
def log_out() -> Response:
    market().log_out(sid())
    response = redirect(link("auctions.yahoo", "/"))
    response.delete_cookie(COOKIE, domain=DOMAIN)
    return response
