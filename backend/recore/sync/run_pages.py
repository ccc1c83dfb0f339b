"""同期の記録: the passes over one account, how each ended, and what a page lacked that could not be read (R28)."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from recore.accounts.health import failure_message
from recore.accounts.queries import account as account_by_id
from recore.platform.db import db
from recore.sync import queries
from recore.web.access import permission
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
        message=lambda code: failure_message(code, f"「{marketplace.name}」（{marketplace.store_id}）"),
    )
