"""店頭販売: scan, scan, scan, sell. The cart lives in the till's session."""

from __future__ import annotations

import secrets

from flask import Blueprint, flash, g, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from recore.identity.service import identify_staff, staff_actor
from recore.platform.db import db, unit_of_work
from recore.platform.errors import Conflict, NotFound, RecoreError
from recore.sales import queries
from recore.sales.service import SaleLine, sell, void
from recore.stock.queries import item_by_code, stock_item
from recore.web.access import current_actor, permission
from recore.web.forms import cursor, whole_number

bp = Blueprint("sales", __name__, url_prefix="/counter", template_folder="templates")

Page = str | tuple[str, int] | Response

CART, KEY = "counter_cart", "counter_key"
MAX_LINES = 30  # the session is a cookie


def _cart() -> dict[str, int]:
    """stock item id (text, as JSON has it) → quantity."""
    cart: dict[str, int] = session.get(CART, {})
    return cart


@bp.get("")
@permission("counter.sell")
def counter() -> str:
    return _counter_page()


def _counter_page(error: RecoreError | None = None) -> str:
    rows = [(stock_item(db.session(), int(item_id)), quantity) for item_id, quantity in _cart().items()]
    page = queries.recent_sales(db.session(), before=cursor(request.args))
    return render_template(
        "sales/counter.html",
        rows=rows,
        total=sum(item.price * quantity for item, quantity in rows),
        on_sale=queries.open_listings_of_items(db.session(), [item.id for item, _ in rows]),
        page=page,
        sold=queries.sold_items(db.session(), [sale.id for sale in page.rows]),
        error=error,
    )


@bp.post("/scan")
@permission("counter.sell")
def scan() -> Page:
    """Put a scanned item into the cart, once more for another unit. Refusals name the item and leave the cart as it is."""
    try:
        _put_into_cart(request.form.get("code", "").strip())
    except RecoreError as error:
        return _counter_page(error), error.status
    return redirect(url_for(".counter"))


def _put_into_cart(code: str) -> None:
    item = item_by_code(db.session(), code)
    if item is None:
        raise NotFound(
            "NO_SUCH_ITEM", f"「{code[:40]}」という在庫はありません。", item=code[:40],
            remedy="商品ラベルのバーコード（ITコード）を読み取ってください。",
        )  # fmt: skip
    if not item.sales_route.sells_in_shop:
        raise Conflict(
            "EC_ONLY", f"「{item.it_code} {item.name}」は販路が「ECのみ」のため、店頭では販売できません。", item=item.it_code,
            remedy="お客様には別の商品をご案内するか、店長に販路を確認してください。",
        )  # fmt: skip
    cart = _cart()
    wanted = cart.get(str(item.id), 0) + 1
    if wanted > item.available:
        held = f"（{item.reserved}点は入札・受注のために確保中）" if item.reserved else ""
        raise Conflict(
            "NO_STOCK", f"「{item.it_code} {item.name}」は販売できる数が{item.available}点です{held}。", item=item.it_code,
            remedy="在庫の画面で、確保されている入札・受注を確認してください。",
        )  # fmt: skip
    if len(cart) >= MAX_LINES and str(item.id) not in cart:
        raise Conflict(
            "CART_FULL", f"一度に販売できるのは{MAX_LINES}種類までです。", remedy="いったん会計してください。"
        )
    session[CART] = cart | {str(item.id): wanted}
    session.setdefault(KEY, secrets.token_urlsafe(16))


@bp.post("/remove")
@permission("counter.sell")
def remove() -> Response:
    wanted = request.form.get("stock_item_id", "")
    session[CART] = {item_id: quantity for item_id, quantity in _cart().items() if item_id != wanted}
    return redirect(url_for(".counter"))


@bp.post("/sell")
@permission("counter.sell")
def checkout() -> Page:
    """Refused, the page shows why, with the prices as they were typed."""
    actor = current_actor()
    try:
        with unit_of_work(actor) as uow:
            staff = identify_staff(uow, request.form.get("staff_code", ""), "counter.sell")
            uow.actor = staff_actor(staff, actor.account_id)
            lines = [
                SaleLine(int(item_id), quantity, whole_number(request.form, f"price_{item_id}", "販売価格"))
                for item_id, quantity in _cart().items()
            ]
            key = session.get(KEY) or secrets.token_urlsafe(16)
            sell(uow, key, g.account.shop_id, staff, lines)
            on_sale = queries.open_listings_of_items(uow.session, [line.stock_item_id for line in lines])
    except RecoreError as error:
        return _counter_page(error), error.status
    session.pop(CART, None)
    session.pop(KEY, None)
    flash("店頭販売を登録し、在庫を減らしました。", "success")
    for listing in on_sale:
        flash(
            f"「{listing.it_code}」は{listing.account_name}に出品中です（{listing.management_number}）。"
            "在庫がなくなったときは、マーケットプレイスの画面で出品を取り消してください。",
            "warning",
        )
    return redirect(url_for(".counter"))


@bp.post("/sales/<int:sale_id>/void")
@permission("counter.sell")
def void_sale(sale_id: int) -> Response:
    actor = current_actor()
    with unit_of_work(actor) as uow:
        staff = identify_staff(uow, request.form.get("staff_code", ""), "counter.sell")
        uow.actor = staff_actor(staff, actor.account_id)
        void(uow, sale_id)
    flash("店頭販売を取り消し、在庫を戻しました。", "success")
    return redirect(url_for(".counter"))
