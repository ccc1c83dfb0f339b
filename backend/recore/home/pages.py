"""ホーム: what waits to be done, and how the marketplaces are."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, render_template, request, url_for

from recore.accounts.health import to_do
from recore.home import queries
from recore.identity.pages import stay_chosen
from recore.identity.service import identify_staff
from recore.listings import unsold
from recore.listings.rules import ListingState
from recore.platform.db import db, unit_of_work
from recore.platform.errors import NotIdentified
from recore.stock.queries import item_by_code
from recore.web.access import current_actor, may, scope_of, signed_in

bp = Blueprint("home", __name__, template_folder="templates")


@bp.get("/")
@signed_in
def index() -> str:
    session = db.session()
    return render_template(
        "home/index.html",
        waiting=queries.waiting(session, scope_of("orders.read")),
        came_back=unsold.counts(session).get(ListingState.ENDED, 0) if may("ec.read") else 0,
        accounts=queries.accounts(session) if may("ec.read") else [],
        to_do=to_do,
    )


@bp.get("/nav/counts")
@signed_in
def counts() -> str:
    """The figures of the menu, each put beside its link by htmx."""
    return render_template(
        "home/_counts.html", waiting=queries.waiting(db.session(), scope_of("orders.read"))
    )


@bp.post("/scan")
@signed_in
def scan() -> Response:
    """A code that the barcode reader read, on whatever page: a name tag changes who works at this PC, a label leads to its item
    (to its listing form, from the pages of EC).
    """
    code = request.form.get("code", "").strip()[:60]
    try:
        with unit_of_work(current_actor()) as uow:
            name = stay_chosen(identify_staff(uow, code, None))
        return jsonify(kind="staff", message=name)
    except NotIdentified as error:
        if error.code == "STAFF_INACTIVE":
            raise
    item = item_by_code(db.session(), code)
    if item is not None and may("stock.read"):
        to_form = (
            request.form.get("path", "").startswith("/ec/")
            and item.sales_route.sells_online
            and may("ec.read")
        )
        page = "listings.draft" if to_form else "stock.show"
        return jsonify(kind="item", url=url_for(page, stock_item_id=item.id), message=item.it_code)
    if code.isascii() and code.isdigit() and len(code) in (8, 12, 13) and may("stock.read"):
        return jsonify(kind="item", url=url_for("stock.index", q=code), message=code)
    return jsonify(kind="unknown", message=f"「{code}」は、登録されていないコードです。")
