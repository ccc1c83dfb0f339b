"""スタッフと権限: who works here, and what they may do (R2)."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from recore.identity import queries, staff
from recore.identity.models import StaffStatus
from recore.identity.rules import OPERATIONS
from recore.platform.db import db, unit_of_work
from recore.platform.errors import RecoreError
from recore.web.access import current_actor, permission
from recore.web.forms import one_of, problems_by_field, whole_number

bp = Blueprint("staff", __name__, url_prefix="/settings/staff", template_folder="templates")

Page = str | tuple[str, int] | Response


@bp.get("")
@permission("staff.manage")
def index() -> str:
    return _index_page()


def _index_page(error: RecoreError | None = None) -> str:
    session = db.session()
    return render_template(
        "identity/staff.html",
        staff=queries.staff(session),
        policies=queries.policies(session),
        policy_choices=queries.policy_choices(session),
        statuses=staff.STATUS_LABELS,
        operations=OPERATIONS,
        error=error,
        problems=problems_by_field(error) if request.endpoint == "staff.add" else {},
        form=request.form,
    )


@bp.post("")
@permission("staff.manage")
def add() -> Page:
    form = request.form
    try:
        policy_id = whole_number(form, "policy_id", "権限")
        with unit_of_work(current_actor()) as uow:
            staff.add_staff(uow, form.get("code", ""), form.get("name", ""), policy_id)
    except RecoreError as error:
        return _index_page(error), error.status
    flash("スタッフを登録しました。", "success")
    return redirect(url_for(".index"))


@bp.get("/<int:staff_id>")
@permission("staff.manage")
def show(staff_id: int) -> str:
    return _person_page(staff_id)


def _person_page(staff_id: int, error: RecoreError | None = None) -> str:
    session = db.session()
    person = queries.person(session, staff_id)
    return render_template(
        "identity/person.html",
        person=person,
        form=request.form or {"code": person.code, "name": person.name, "policy_id": person.policy_id,
                              "status": person.status},
        policy_choices=queries.policy_choices(session),
        statuses=staff.STATUS_LABELS,
        error=error,
        problems=problems_by_field(error),
    )  # fmt: skip


@bp.post("/<int:staff_id>")
@permission("staff.manage")
def change(staff_id: int) -> Page:
    form = request.form
    try:
        status = one_of(StaffStatus, form, "status", "状態")
        policy_id = whole_number(form, "policy_id", "権限")
        with unit_of_work(current_actor()) as uow:
            staff.change_staff(
                uow, staff_id, code=form.get("code", ""), name=form.get("name", ""), policy_id=policy_id,
                status=status,
            )  # fmt: skip
    except RecoreError as error:
        return _person_page(staff_id, error), error.status
    flash("スタッフを変更しました。", "success")
    return redirect(url_for(".index"))


@bp.post("/policies")
@permission("staff.manage")
def add_policy() -> Page:
    try:
        with unit_of_work(current_actor()) as uow:
            policy_id = staff.add_policy(uow, request.form.get("policy_name", ""))
    except RecoreError as error:
        return _index_page(error), error.status
    flash("権限を追加しました。続けて、できることを選んでください。", "success")
    return redirect(url_for(".policy", policy_id=policy_id))


@bp.get("/policies/<int:policy_id>")
@permission("staff.manage")
def policy(policy_id: int) -> str:
    return _policy_page(policy_id)


def _policy_page(policy_id: int, error: RecoreError | None = None) -> str:
    found = queries.policy(db.session(), policy_id)
    allowed = (
        request.form.getlist("allowed") if error else [key for key, may in found.rules.items() if may is True]
    )
    return render_template(
        "identity/policy.html",
        policy=found,
        name=request.form.get("name", found.name),
        allowed=allowed,
        operations=OPERATIONS,
        error=error,
        problems=problems_by_field(error),
    )


@bp.post("/policies/<int:policy_id>")
@permission("staff.manage")
def change_policy(policy_id: int) -> Page:
    form = request.form
    try:
        with unit_of_work(current_actor()) as uow:
            staff.change_policy(uow, policy_id, form.get("name", ""), form.getlist("allowed"))
    except RecoreError as error:
        return _policy_page(policy_id, error), error.status
    flash("権限を変更しました。", "success")
    return redirect(url_for(".index"))
