"""`POST /auth/o2/token`: a refresh token becomes an access token for an hour."""

from __future__ import annotations

import secrets
from typing import Any

from flask import Blueprint, Response, jsonify, request

from sandbox.amazon import faults
from sandbox.amazon.gateway import amazon

bp = Blueprint("amazon_lwa", __name__)
REFUSALS = {
    "invalid_request": (400, "The request is missing a required parameter : {name}"),
    "unsupported_grant_type": (
        400,
        "The authorization grant type is not supported by the authorization server",
    ),
    "invalid_client": (401, "Client authentication failed"),
    "invalid_grant": (400, "The request has an invalid grant parameter : refresh_token"),
}


@bp.post("/auth/o2/token")
def token() -> Response:
    """A form, or JSON."""
    given = request.get_json(silent=True) if request.is_json else request.form
    form = {name: str(value) for name, value in (given or {}).items()}
    client = amazon().client(form.get("client_id", ""), form.get("client_secret", ""))
    seller_id = client["id"] if client else ""
    if amazon().setting("token_down", seller_id):
        return faults.failure("html503")
    fault = faults.on_call(amazon(), seller_id, "token")
    if fault is not None:
        return fault
    problem = _problem(form, client)
    if client is None or problem is not None:
        return _refused(*(problem or ("invalid_client", "")))
    access, seconds = amazon().new_access_token(client["id"])
    answer = jsonify(
        {
            "access_token": access,
            "refresh_token": form["refresh_token"],
            "token_type": "bearer",
            "expires_in": seconds,
        }
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _problem(form: dict[str, str], client: dict[str, Any] | None) -> tuple[str, str] | None:
    """The error's code, and the parameter that it is about."""
    missing = [name for name in ("grant_type", "client_id", "client_secret") if not form.get(name)]
    if missing:
        return "invalid_request", missing[0]
    if client is None:
        return "invalid_client", ""
    if form["grant_type"] != "refresh_token":
        return "unsupported_grant_type", ""
    if not form.get("refresh_token"):
        return "invalid_request", "refresh_token"
    is_good = client["is_authorized"] and form["refresh_token"] == client["refresh_token"]
    return None if is_good else ("invalid_grant", "")


def _refused(error: str, name: str = "") -> Response:
    status, words = REFUSALS[error]
    answer = jsonify(error_description=words.format(name=name), error=error, request_id=secrets.token_hex(16))
    answer.status_code = status
    return answer
