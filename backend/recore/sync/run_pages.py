"""同期の記録: the passes over one account, how each ended, and what a page lacked that could not be read (R28)."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from recore.accounts import linking
from recore.accounts.health import failure_message
from recore.accounts.queries import account as account_by_id
from recore.platform.db import db, unit_of_work
from recore.sync import order_pull, queries
from recore.web.access import current_actor, permission
from recore.web.forms import cursor

bp = Blueprint("runs", __name__, url_prefix="/settings/accounts", template_folder="templates")


@bp.get("/<int:account_id>/runs")
@permission("settings.manage")
def index(account_id: int) -> str:
    session = db.session()
    marketplace = account_by_id(session, account_id)
    page = queries.runs(session, marketplace.id, before=cursor(request.args))
    return render_template(
        "sync/runs.html",
        marketplace=marketplace,
        page=page,
        drifts=queries.drifts(session, [row.id for row in page.rows]),
        aside=order_pull.set_aside_orders(session, marketplace.id),
        message=lambda code: failure_message(code, f"「{marketplace.name}」（{marketplace.store_id}）"),
    )


@bp.post("/<int:account_id>/runs/fetch-again")
@permission("settings.manage")
def fetch_again(account_id: int) -> Response:
    """The orders that the official API gave and that could not be taken in: once more."""
    with unit_of_work(current_actor()) as uow:
        account_by_id(uow.session, account_id)
        order_pull.fetch_again(uow, account_id)
        linking.pull_soon(uow, account_id)
    flash("もう一度取り込みます。", "success")
    return redirect(url_for(".index", account_id=account_id))
