"""取り下げ on the page of a listing: asking for it, how it stands, and what a person decides about it."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from recore.commands import asking, ending, queries, service
from recore.identity.models import Staff
from recore.identity.service import identify_staff, staff_actor
from recore.identity.settings import setting
from recore.listings import queries as listings
from recore.platform.db import UnitOfWork, db, unit_of_work
from recore.platform.errors import Conflict
from recore.web.access import current_actor, permission

bp = Blueprint("commands", __name__, url_prefix="/ec/listings", template_folder="templates")


@bp.get("/<int:listing_id>/withdrawal")
@permission("ec.read")
def withdrawal(listing_id: int) -> str:
    """The part of a listing's page that is about ending its auction."""
    session = db.session()
    listing = listings.listing(session, listing_id)
    return render_template(
        "commands/withdrawal.html",
        listing=listing,
        command=queries.of_listing(session, listing_id),
        is_endable=listings.endable(session, listing_id) is not None,
        is_without_stock=any(
            each.listing_id == listing_id for each in listings.without_stock(session, [listing.stock_item_id])
        ),
        is_allowed=bool(setting(session, ending.ALLOWED)),
    )


@bp.post("/<int:listing_id>/withdrawal/<any(ask, take_back, done, not_done):action>")
@permission("ec.read")
def decide(listing_id: int, action: str) -> Response:
    with unit_of_work(current_actor()) as uow:
        staff = _staff(uow)
        if action == "ask":
            asking.end(uow, listing_id, staff)
            message = "取り下げを依頼しました。次の同期で、拡張機能がヤフオク!で取り下げます。"
        else:
            message = _decide(uow, listing_id, action, staff)
    flash(message, "success")
    return redirect(url_for("listings.show", listing_id=listing_id))


def _decide(uow: UnitOfWork, listing_id: int, action: str, staff: Staff) -> str:
    listing = listings.listing(uow.session, listing_id)
    command = queries.of_listing(uow.session, listing_id)
    if command is None:
        raise Conflict(
            "NOT_ASKED", f"「{listing.management_number}」の取り下げは依頼されていません。", item=listing.management_number,
            remedy="画面を再読み込みしてください。",
        )  # fmt: skip
    if action == "take_back":
        service.take_back(uow, command.id, f"{staff.name}さんが取りやめた")
        return "取り下げを取りやめました。"
    is_done = action == "done"
    word = "取り下げられている" if is_done else "取り下げられていない"
    service.resolve(uow, command.id, f"{staff.name}さんが「{word}」と確認", is_done=is_done)
    return "確認を記録しました。"


def _staff(uow: UnitOfWork) -> Staff:
    """The person at this action, who becomes its actor (rule 14)."""
    staff = identify_staff(uow, request.form.get("staff_code", ""), "ec.list")
    uow.actor = staff_actor(staff, uow.actor.account_id)
    return staff
