"""スタッフと権限: staff, policies and the logins of PCs and phones (R2)."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from recore.identity import queries, staff
from recore.identity.models import StaffStatus
from recore.identity.rules import OPERATIONS
from recore.platform.db import db, unit_of_work
from recore.web.access import current_actor, permission
from recore.web.forms import one_of, whole_number

bp = Blueprint("staff", __name__, url_prefix="/settings/staff", template_folder="templates")


@bp.get("")
@permission("staff.manage")
def index() -> str:
    session = db.session()
    return render_template(
        "identity/staff.html",
        staff=queries.staff(session),
        policies=queries.policies(session),
        logins=queries.logins(session),
        statuses=staff.STATUS_LABELS,
        operations=OPERATIONS,
    )


@bp.post("")
@permission("staff.manage")
def add() -> Response:
    form = request.form
    with unit_of_work(current_actor()) as uow:
        staff.add_staff(
            uow, form.get("code", ""), form.get("name", ""), whole_number(form, "policy_id", "権限")
        )
    flash("スタッフを登録しました。", "success")
    return redirect(url_for(".index"))


@bp.post("/<int:staff_id>")
@permission("staff.manage")
def change(staff_id: int) -> Response:
    form = request.form
    status = one_of(StaffStatus, form, "status", "状態")
    with unit_of_work(current_actor()) as uow:
        staff.change_staff(
            uow, staff_id, form.get("name", ""), whole_number(form, "policy_id", "権限"), status
        )
    flash("スタッフを変更しました。", "success")
    return redirect(url_for(".index"))


@bp.get("/policies/<int:policy_id>")
@permission("staff.manage")
def policy(policy_id: int) -> str:
    found = queries.policy(db.session(), policy_id)
    return render_template("identity/policy.html", policy=found, operations=OPERATIONS)


@bp.post("/policies/<int:policy_id>")
@permission("staff.manage")
def change_policy(policy_id: int) -> Response:
    with unit_of_work(current_actor()) as uow:
        staff.change_policy(uow, policy_id, set(request.form.getlist("allowed")) & set(OPERATIONS))
    flash("権限を変更しました。", "success")
    return redirect(url_for(".index"))


@bp.post("/logins")
@permission("staff.manage")
def add_login() -> Response:
    form = request.form
    policy_id = whole_number(form, "policy_id", "権限")
    with unit_of_work(current_actor()) as uow:
        staff.add_login(
            uow, form.get("login_id", ""), form.get("name", ""), form.get("password", ""), policy_id
        )
    flash("ログインを追加しました。", "success")
    return redirect(url_for(".index"))


@bp.post("/logins/<int:login>/<any(password, enable, disable):action>")
@permission("staff.manage")
def change_login(login: int, action: str) -> Response:
    with unit_of_work(current_actor()) as uow:
        if action == "password":
            staff.change_password(uow, login, request.form.get("password", ""))
        else:
            staff.enable_login(uow, login, is_enabled=action == "enable", own=g.account.id)
    flash("ログインを変更しました。", "success")
    return redirect(url_for(".index"))
