"""スタッフと権限: who works here, and what they may do (R2)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from recore.identity import queries, staff
from recore.identity.models import StaffStatus
from recore.identity.rules import BY_ACCOUNT, BY_SHOP, EXCEPTIONS, HELP, OPERATIONS, undecided
from recore.platform.db import db, unit_of_work
from recore.platform.errors import RecoreError
from recore.web.access import current_actor, permission
from recore.web.barcode import barcode_svg
from recore.web.forms import one_of, problems_by_field, row_ids, whole_number

bp = Blueprint("staff", __name__, url_prefix="/settings/staff", template_folder="templates")

_EXCEPTION = re.compile(r"(shop|account)-([0-9]{1,18})-([a-z.]+)")
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
        undecided=undecided,
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


@bp.get("/cards")
@permission("staff.manage")
def cards() -> str:
    """Name tags to print: of all who work here, or of one."""
    chosen = next(iter(row_ids(request.args.getlist("staff"))), None)
    working = [each for each in queries.staff(db.session()) if each.status is StaffStatus.ACTIVE]
    return render_template(
        "identity/cards.html",
        staff=[each for each in working if chosen in (None, each.id)],
        shop=queries.shop_name(db.session(), g.account.shop_id),
    )


@bp.get("/<int:staff_id>/barcode.svg")
@permission("staff.manage")
def barcode(staff_id: int) -> Response:
    return barcode_svg(queries.person(db.session(), staff_id).code)


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
        words=HELP,
        undecided=undecided(found.rules),
        by_shop=BY_SHOP,
        by_account=BY_ACCOUNT,
        shops=queries.shops(db.session()),
        chosen=_chosen(found.rules) if not error else request.form,
        error=error,
        problems=problems_by_field(error),
    )


def _chosen(rules: Mapping[str, Any]) -> dict[str, str]:
    """The exceptions as the form's fields hold them."""
    return {
        f"{'shop' if each.get('shop_id') else 'account'}-{each.get('shop_id') or each.get('account_id')}-{each['operation']}":
        "allow" if each["allow"] else "deny"
        for each in rules.get(EXCEPTIONS, [])
    }  # fmt: skip


@bp.post("/policies/<int:policy_id>")
@permission("staff.manage")
def change_policy(policy_id: int) -> Page:
    form = request.form
    try:
        with unit_of_work(current_actor()) as uow:
            staff.change_policy(
                uow, policy_id, form.get("name", ""), form.getlist("allowed"), _exceptions(form)
            )
    except RecoreError as error:
        return _policy_page(policy_id, error), error.status
    flash("権限を変更しました。", "success")
    return redirect(url_for(".index"))


def _exceptions(form: Mapping[str, str]) -> list[staff.PolicyException]:
    """What was chosen in the fields `shop-<id>-<operation>` and `account-<id>-<operation>`: allow, deny, or nothing."""
    found = []
    for key, choice in form.items():
        at = _EXCEPTION.fullmatch(key)
        if at is None or choice not in ("allow", "deny"):
            continue
        shop_id, account_id = (int(at[2]) if at[1] == kind else None for kind in ("shop", "account"))
        found.append(staff.PolicyException(at[3], choice == "allow", shop_id, account_id))
    return found
