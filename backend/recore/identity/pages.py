"""Login, logout, and choosing the staff member at this PC."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, flash, g, jsonify, redirect, render_template, request, session, url_for
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response

from recore.identity.logins import MAX_PASSWORD
from recore.identity.models import Staff
from recore.identity.rules import OPERATIONS
from recore.identity.service import begin_login, complete_login, identify_staff, password_matches
from recore.platform import clock
from recore.platform.actor import Actor, ActorKind
from recore.platform.db import unit_of_work
from recore.web.access import current_actor, public, signed_in

bp = Blueprint("identity", __name__, template_folder="templates")


@bp.get("/login")
@public
def login() -> str | Response:
    if g.account is not None:
        return redirect(_safe_next())
    return render_template("identity/login.html", next=request.args.get("next", ""))


@bp.post("/login")
@public
def login_submit() -> tuple[str, int] | Response:
    actor, login_id = Actor(ActorKind.ACCOUNT, None, "ログイン"), request.form.get("login_id", "").strip()
    with unit_of_work(actor) as uow:
        attempt = begin_login(uow, login_id)
    found = None
    if password_matches(attempt, request.form.get("password", "")[:MAX_PASSWORD]):
        with unit_of_work(actor) as uow:
            account = complete_login(uow, attempt)
            found = (account.id, account.session_version) if account else None
    if found is None:
        return _refused(login_id), 422
    session.clear()
    session["account_id"], session["session_version"] = found
    session["tenant_id"] = g.tenant_id
    session.permanent = True
    return redirect(_safe_next())


def _refused(login_id: str) -> str:
    message = "ログインIDまたはパスワードが違います。続けて間違えると5分間ログインできなくなります。"
    return render_template(
        "identity/login.html", next=request.form.get("next", ""), error=message, login_id=login_id[:80]
    )


@bp.get("/session/token")
@public
def token() -> Response:
    """This browser's CSRF token: a page that was open while somebody logged in again goes on with it."""
    return jsonify(token=generate_csrf())


@bp.post("/logout")
@signed_in
def logout() -> Response:
    session.clear()
    return redirect(url_for("identity.login"))


@bp.post("/staff/current")
@signed_in
def choose_staff() -> Response:
    """Remember who works at this PC, so that the staff code of every form is filled in."""
    with unit_of_work(current_actor()) as uow:
        staff = identify_staff(uow, request.form.get("staff_code", ""), "stock.read")
        name = stay_chosen(staff)
    flash(f"担当者を{name}さんに切り替えました。", "success")
    return redirect(_safe_next())


def stay_chosen(staff: Staff) -> str:
    """This staff member works at this PC from now on; the name."""
    session["staff_id"], session["staff_at"] = staff.id, int(clock.now().timestamp())
    return staff.name


@bp.post("/staff/check")
@signed_in
def check_staff() -> tuple[str, int]:
    """Whether this code may do the operation that a form is about, before anything else of it is asked or sent.

    The form's own view checks again; an operation that is not known is left to it.
    """
    operation = request.form.get("operation", "")
    with unit_of_work(current_actor()) as uow:
        identify_staff(
            uow, request.form.get("staff_code", ""), operation if operation in OPERATIONS else None
        )
    return "", 204


@bp.post("/staff/leave")
@signed_in
def leave_staff() -> Response:
    """Nobody in particular works at this PC any more."""
    _leave()
    return redirect(_safe_next())


@bp.post("/staff/idle")
@signed_in
def idle_staff() -> tuple[str, int]:
    """As `leave_staff`, said by a page that nobody has touched for long."""
    _leave()
    return "", 204


def _leave() -> None:
    session.pop("staff_id", None)
    session.pop("staff_at", None)


def _safe_next() -> str:
    """The page asked for, if it is one of ours; else the start page."""
    wanted = request.values.get("next", "")
    parts = urlsplit(wanted)
    local = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and not parts.netloc
    return wanted if local else "/"
