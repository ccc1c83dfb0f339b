"""【この取込を取り消す】 on the page of an import (R4)."""

from __future__ import annotations

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from recore.identity.service import identify_staff, staff_actor
from recore.listings.import_undo import KINDS
from recore.platform import import_undo
from recore.platform.db import unit_of_work
from recore.web.access import current_actor, permission

bp = Blueprint("import_undo", __name__, url_prefix="/buyin/imports")


@bp.post("/<int:import_id>/undo")
@permission("buyin.write")
def start(import_id: int) -> Response:
    """Once; what was sold, held or offered since stays and is named."""
    actor = current_actor()
    with unit_of_work(actor) as uow:
        staff = identify_staff(uow, request.form.get("staff_code", ""), "stock.write")
        uow.actor = staff_actor(staff, actor.account_id)
        import_undo.ask(uow, import_id, KINDS)
    return redirect(url_for("file_imports.show", import_id=import_id))
