"""拡張機能: approving a pairing by its code, the paired browsers, and ending a pairing (R13)."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from recore.identity import queries
from recore.identity.pairing import decide, revoke_device, waiting_request
from recore.platform import clock
from recore.platform.db import db, unit_of_work
from recore.platform.errors import Invalid, NotFound
from recore.web.access import current_actor, permission

bp = Blueprint("devices", __name__, template_folder="templates")


@bp.get("/settings/devices")
@permission("device.pair")
def index() -> str:
    session = db.session()
    logins = {each.id: each.name for each in queries.logins(session)}
    return render_template("identity/devices.html", devices=queries.devices(session), logins=logins)


@bp.get("/pair")
@permission("device.pair")
def pair() -> str | tuple[str, int]:
    """Without a code: where to type it. With one: which browser asks, and the two answers."""
    code = request.args.get("code", "")[:20]
    if not code:
        return render_template("identity/pair.html", code="", waiting=None)
    try:
        waiting = waiting_request(db.session(), code, clock.now())
    except NotFound as error:
        return render_template("identity/pair.html", code=code, waiting=None, error=error), error.status
    return render_template("identity/pair.html", code=waiting.user_code, waiting=waiting)


@bp.post("/pair")
@permission("device.pair")
def answer_pairing() -> str | tuple[str, int] | Response:
    code, answer = request.form.get("code", "")[:20], request.form.get("answer", "")
    actor = current_actor()
    try:
        if answer not in ("approve", "deny"):
            raise Invalid("NOT_CHOSEN", "許可するか断るかを選んでください。", field="answer")
        with unit_of_work(actor) as uow:
            name = decide(uow, code, answer == "approve", actor.label).device_name
    except (NotFound, Invalid) as error:
        return render_template("identity/pair.html", code=code, waiting=None, error=error), error.status
    if answer == "approve":
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
