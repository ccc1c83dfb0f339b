"""在庫 screens."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from recore.identity.service import identify_staff, staff_actor
from recore.identity.settings import setting
from recore.platform.db import db, unit_of_work
from recore.stock import queries
from recore.stock.rules import SalesRoute
from recore.stock.service import adjust
from recore.web.access import current_actor, permission
from recore.web.barcode import barcode_svg
from recore.web.forms import cursor, whole_number

bp = Blueprint("stock", __name__, url_prefix="/stock", template_folder="templates")


@bp.get("")
@permission("stock.read")
def index() -> str | BaseResponse:
    """The list; a scanned IT code goes straight to its item."""
    session, text = db.session(), request.args.get("q", "").strip()
    if text and (item := queries.item_by_code(session, text)):
        return redirect(url_for(".show", stock_item_id=item.id))
    chosen = request.args.get("route", "")
    route = SalesRoute(chosen) if chosen in set(SalesRoute) else None
    in_stock = request.args.get("in_stock") == "1"
    page = queries.stock_items(
        session, text=text, route=route, in_stock_only=in_stock, before=cursor(request.args)
    )
    return render_template(
        "stock/index.html",
        page=page,
        query=text,
        route=route,
        routes=list(SalesRoute),
        in_stock=in_stock,
        can_change_route=bool(setting(session, "route.changeable")),
    )


@bp.get("/<int:stock_item_id>")
@permission("stock.read")
def show(stock_item_id: int) -> str:
    session = db.session()
    return render_template(
        "stock/show.html",
        item=queries.stock_item(session, stock_item_id),
        ledger=queries.ledger(session, stock_item_id),
        reservations=queries.reservations(session, stock_item_id),
        can_change_route=bool(setting(session, "route.changeable")),
    )


@bp.post("/<int:stock_item_id>/adjust")
@permission("stock.write")
def adjust_count(stock_item_id: int) -> BaseResponse:
    actor = current_actor()
    with unit_of_work(actor) as uow:
        staff = identify_staff(uow, request.form.get("staff_code", ""), "stock.write")
        uow.actor = staff_actor(staff, actor.account_id)
        on_hand = whole_number(request.form, "on_hand", "数えた在庫数")
        adjust(uow, stock_item_id, on_hand, request.form.get("reason", "").strip()[:200])
    flash(f"在庫数を{on_hand}点に直しました。", "success")
    return redirect(url_for(".show", stock_item_id=stock_item_id))


@bp.get("/<int:stock_item_id>/barcode.svg")
@permission("stock.read")
def barcode(stock_item_id: int) -> Response:
    """The IT code as Code 128, for the label."""
    return barcode_svg(queries.stock_item(db.session(), stock_item_id).it_code)
