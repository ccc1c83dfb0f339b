"""auth.login.yahoo: Yahoo! ID連携 v2, where a shop lets a program in; authorization code with refresh."""

from __future__ import annotations

import base64
import hashlib
from typing import Any
from urllib.parse import urlencode, urlsplit

from flask import Blueprint, Response, g, jsonify, redirect, render_template, request

from sandbox.market import ACCESS_LIFE, AUTHORIZED, CLIENT_ID, CLIENT_SECRET, LONG_LIFE, moment
from sandbox.web import crumb_fits, link, market, sid, stale_token

bp = Blueprint("yconnect", __name__)
ASKED = ("response_type", "client_id", "redirect_uri", "scope", "state", "nonce", "code_challenge")


@bp.get("/yconnect/v2/authorization")
def ask() -> Any:
    g.store = market().session_store(sid())
    refusal = _bad_request(request.args)
    if refusal:
        return refusal
    if g.store is None:
        done = urlencode({".src": "yconnect", ".done": request.url})
        return redirect(link("login.yahoo", f"/config/login?{done}"))
    asked = {name: request.args.get(name, "") for name in ASKED}
    return render_template("consent.html", asked=asked)


@bp.post("/yconnect/v2/authorization")
def agree() -> Any:
    g.store = market().session_store(sid())
    refusal = _bad_request(request.form)
    if refusal:
        return refusal
    if g.store is None or not crumb_fits("consent"):
        return stale_token()
    back: dict[str, str] = {"error": "access_denied"}
    if request.form.get("answer") == "yes":
        code = market().new_code(
            g.store["id"], redirect_uri=request.form["redirect_uri"],
            challenge=request.form.get("code_challenge", ""),
        )  # fmt: skip
        back = {"code": code}
    state = request.form.get("state", "")
    separator = "&" if urlsplit(request.form["redirect_uri"]).query else "?"
    query = urlencode(back | ({"state": state} if state else {}))
    return redirect(f"{request.form['redirect_uri']}{separator}{query}")


def _bad_request(asked: Any) -> Response | None:
    """Programs of this machine only are registered."""
    back = urlsplit(asked.get("redirect_uri", ""))
    host = back.hostname or ""
    is_here = host in ("localhost", "127.0.0.1") or host.endswith(".localhost")
    if asked.get("client_id") != CLIENT_ID or back.scheme not in ("http", "https") or not is_here:
        words = "アプリケーションの登録内容と一致しません（client_id、redirect_uri）。"
    elif asked.get("response_type") != "code" or "openid" not in asked.get("scope", "").split():
        words = "response_type は code、scope は openid を含めてください。"
    else:
        return None
    return Response(render_template("notice.html", title="エラー", words=words), 400)


@bp.post("/yconnect/v2/token")
def token() -> Any:
    if _client() != (CLIENT_ID, CLIENT_SECRET):
        answer = _error("invalid_client", "client authentication failed", 401)
        answer.headers["WWW-Authenticate"] = 'Basic realm="yconnect"'
        return answer
    grant_type = request.form.get("grant_type", "")
    if grant_type == "authorization_code":
        return _by_code()
    if grant_type == "refresh_token":
        return _by_refresh_token()
    return _error("unsupported_grant_type", "grant_type is not supported")


def _client() -> tuple[str, str]:
    """By Basic authentication, or in the form."""
    if request.authorization is not None and request.authorization.type == "basic":
        return request.authorization.username or "", request.authorization.password or ""
    return request.form.get("client_id", ""), request.form.get("client_secret", "")


def _by_code() -> Response:
    found = market().use_code(request.form.get("code", ""))
    if found is None or found["redirect_uri"] != request.form.get("redirect_uri"):
        return _error("invalid_grant", "code is invalid, used or expired")
    if found["challenge"] and found["challenge"] != _challenge(request.form.get("code_verifier", "")):
        return _error("invalid_grant", "code_verifier does not fit")
    access, refresh = market().authorize(found["store_id"])
    return _tokens(access, refresh_token=refresh)


def _challenge(verifier: str) -> str:
    """S256."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def _by_refresh_token() -> Response:
    """A new access token; the refresh token stays as it is and lives no longer for it, but for who signs (公開鍵認証)."""
    found = market().grant("refresh", request.form.get("refresh_token", ""))
    if found is None or (found["is_over"] and not _is_signed(found)):
        return _error("invalid_grant", "refresh token is invalid or expired")
    return _tokens(market().new_access_token(found["store_id"], found["authorized_at"]))


def _is_signed(found: dict[str, Any]) -> bool:
    is_young = market().now() < moment(found["authorized_at"]) + LONG_LIFE
    return is_young and market().authorize_status(found["store_id"], request.headers) == AUTHORIZED


def _tokens(access: str, **more: str) -> Response:
    seconds = int(ACCESS_LIFE.total_seconds())
    answer = jsonify({"access_token": access, "token_type": "Bearer", "expires_in": seconds, **more})
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _error(name: str, words: str, status: int = 400) -> Response:
    answer = jsonify({"error": name, "error_description": words})
    answer.status_code = status
    return answer
