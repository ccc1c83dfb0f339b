"""拡張機能: approving a pairing by its code, the paired browsers, and ending a pairing (R13)."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from recore.identity import queries
from recore.identity.pairing import decide, revoke_device
from recore.platform.db import db, unit_of_work
from recore.platform.errors import NotFound
from recore.web.access import current_actor, permission

bp = Blueprint("devices", __name__, template_folder="templates")


@bp.get("/settings/devices")
@permission("device.pair")
def index() -> str:
    return render_template("identity/devices.html", devices=queries.devices(db.session()))


@bp.get("/pair")
@permission("device.pair")
def pair() -> str:
    return render_template("identity/pair.html", code=request.args.get("code", "")[:20])


@bp.post("/pair")
@permission("device.pair")
def answer_pairing() -> tuple[str, int] | Response:
    approve = request.form.get("answer") == "approve"
    code = request.form.get("code", "")
    actor = current_actor()
    try:
        with unit_of_work(actor) as uow:
            name = decide(uow, code, approve, actor.label).device_name
    except NotFound as error:
        return render_template("identity/pair.html", code=code[:20], error=error), 422
    if approve:
        flash(f"「{name}」を許可しました。数秒で拡張機能に反映されます。", "success")
    else:
        flash(f"「{name}」の接続を断りました。", "info")
    return redirect(url_for(".index"))


@bp.post("/settings/devices/<int:device_id>/revoke")
@permission("device.pair")
def revoke(device_id: int) -> Response:
    with unit_of_work(current_actor()) as uow:
        revoke_device(uow, device_id)
    flash("接続を解除しました。その拡張機能はもう使えません。", "success")
    return redirect(url_for(".index"))
