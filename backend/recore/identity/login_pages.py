"""ログイン: the logins of PCs and phones (R2)."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from recore.identity import logins, queries
from recore.platform.db import db, unit_of_work
from recore.platform.errors import RecoreError
from recore.web.access import current_actor, permission
from recore.web.forms import problems_by_field, whole_number

bp = Blueprint("logins", __name__, url_prefix="/settings/logins", template_folder="templates")

Page = str | tuple[str, int] | Response


@bp.get("")
@permission("staff.manage")
def index() -> str:
    return _index_page()


def _index_page(error: RecoreError | None = None) -> str:
    return render_template(
        "identity/logins.html",
        logins=queries.logins(db.session()),
        policy_choices=queries.policy_choices(db.session()),
        error=error,
        problems=problems_by_field(error),
        form=request.form,
    )


@bp.post("")
@permission("staff.manage")
def add() -> Page:
    form = request.form
    try:
        policy_id = whole_number(form, "policy_id", "権限")
        password_hash = logins.checked_password_hash(form.get("password", ""))
        with unit_of_work(current_actor()) as uow:
            logins.add_login(uow, form.get("login_id", ""), form.get("name", ""), password_hash, policy_id)
    except RecoreError as error:
        return _index_page(error), error.status
    flash("ログインを追加しました。", "success")
    return redirect(url_for(".index"))


@bp.get("/<int:login>")
@permission("staff.manage")
def show(login: int) -> str:
    return _login_page(login)


def _login_page(login: int, error: RecoreError | None = None) -> str:
    return render_template(
        "identity/one_login.html",
        login=queries.login(db.session(), login),
        is_own=login == g.account.id,
        policy_choices=queries.policy_choices(db.session()),
        error=error,
        problems=problems_by_field(error),
        form=request.form,
    )


@bp.post("/<int:login>")
@permission("staff.manage")
def change(login: int) -> Page:
    try:
        policy_id = whole_number(request.form, "policy_id", "権限")
        with unit_of_work(current_actor()) as uow:
            logins.change_login(uow, login, request.form.get("name", ""), policy_id)
    except RecoreError as error:
        return _login_page(login, error), error.status
    flash("ログインを変更しました。", "success")
    return redirect(url_for(".index"))


@bp.post("/<int:login>/password")
@permission("staff.manage")
def change_password(login: int) -> Page:
    is_own = login == g.account.id
    try:
        password_hash = logins.checked_password_hash(request.form.get("password", ""))
        with unit_of_work(current_actor()) as uow:
            session_version = logins.change_password(uow, login, password_hash)
    except RecoreError as error:
        return _login_page(login, error), error.status
    if is_own:
        session["session_version"] = (
            session_version  # this browser stays; others with the old password do not
        )
    flash("パスワードを変更しました。前のパスワードで開いていた画面はログアウトされます。", "success")
    return redirect(url_for(".index"))


@bp.post("/<int:login>/<any(enable, disable):action>")
@permission("staff.manage")
def enable(login: int, action: str) -> Page:
    is_enabled, own = action == "enable", g.account.id
    try:
        with unit_of_work(current_actor()) as uow:
            logins.enable_login(uow, login, is_enabled=is_enabled, own=own)
    except RecoreError as error:
        return _login_page(login, error), error.status
    flash("ログインを再開しました。" if is_enabled else "ログインを停止しました。", "success")
    return redirect(url_for(".index"))
