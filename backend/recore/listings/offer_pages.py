"""What the listing screens ask of a marketplace with an API, and what staff do with an offer there (R11, R21, R27)."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from recore.accounts.api_keys import Counter
from recore.accounts.models import MarketplaceAccount
from recore.accounts.queries import enabled_account
from recore.identity.service import identify_staff, staff_actor
from recore.listings import offer_check, offers, queries
from recore.listings.forms import forms_of, item_for_listing
from recore.listings.rules import OPEN_STATES
from recore.platform.db import db, unit_of_work
from recore.platform.errors import Conflict, RecoreError
from recore.web.access import current_actor, permission
from recore.web.forms import whole_number
from recore.wiring import services

bp = Blueprint("offers", __name__, url_prefix="/ec", template_folder="templates")

DONE = {
    "withdraw": "取り下げを依頼しました。マーケットプレイスからなくなると「取り下げ」になります。",
    "price": "価格の変更を送ります。",
    "look": "いまの様子を確かめています。しばらくしてから、画面を再読み込みしてください。",
}


@bp.post("/accounts/<int:account_id>/find")
@permission("ec.edit")
def find(account_id: int) -> str:
    """Products to choose from. A POST, because it asks the marketplace."""
    account = enabled_account(db.session(), account_id)
    text, error, found = request.form.get("q", "").strip(), None, []
    counter, seller_id = counter_of(account), account.store_id
    db.session.rollback()  # nothing is held while the marketplace is asked
    if text:
        try:
            found = offer_check.find(counter, account_id, seller_id, text)
        except RecoreError as refused:
            error = refused
    return render_template("listings/_products.html", found=found, query=text, error=error)


@bp.post("/drafts/<int:stock_item_id>/accounts/<int:account_id>/check")
@permission("ec.edit")
def check(stock_item_id: int, account_id: int) -> str:
    """What the marketplace would say of the form as it was saved."""
    session = db.session()
    counter = counter_of(enabled_account(session, account_id))
    item = item_for_listing(session, stock_item_id)
    form = next(
        each for each in forms_of(session, services().channels, item) if each.account.id == account_id
    )
    if offer_check.has_errors(form):
        return render_template(
            "listings/_checked.html", problems=form.problems, error=None, prefix=account_id
        )
    session.expunge_all()
    session.rollback()
    try:
        problems, error = offer_check.check(counter, form), None
    except RecoreError as refused:
        problems, error = [], refused
    return render_template("listings/_checked.html", problems=problems, error=error, prefix=account_id)


@bp.get("/listings/<int:listing_id>/offer")
@permission("ec.read")
def show(listing_id: int) -> str:
    """The part of a listing's page that is about its offer."""
    session = db.session()
    return render_template(
        "listings/_offer.html",
        listing=queries.listing(session, listing_id),
        offer=offers.of_listing(session, listing_id),
        open_states=OPEN_STATES,
    )


@bp.post("/listings/<int:listing_id>/offer/<any(withdraw, price, look):action>")
@permission("ec.read")
def act(listing_id: int, action: str) -> Response:
    actor = current_actor()
    with unit_of_work(actor) as uow:
        staff = identify_staff(uow, request.form.get("staff_code", ""), "ec.list")
        uow.actor = staff_actor(staff, actor.account_id)
        if action == "withdraw":
            offers.withdraw(uow, listing_id, staff)
        elif action == "price":
            offers.change_price(uow, listing_id, whole_number(request.form, "price", "価格"), staff)
        else:
            offers.look_soon(uow, listing_id)
    flash(DONE[action], "success")
    return redirect(url_for("listings.show", listing_id=listing_id))


def counter_of(account: MarketplaceAccount) -> Counter:
    """For calls as the acting login. Raises Conflict NO_API."""
    api = services().offer_apis.get(account.channel)
    if api is None:
        raise Conflict(
            "NO_API", f"「{account.name}」には、問い合わせるAPIがありません。", item=account.name,
            remedy="出品フォームを開き直してください。",
        )  # fmt: skip
    return Counter(current_actor(), services().keyring, api)
