"""R22, R25, R27: what an order at Amazon does to ours, to stock and to the offer; against the sandbox."""

from __future__ import annotations

import json
import threading
from datetime import timedelta
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from recore.commands.models import MarketplaceCommand
from recore.identity.settings import change_setting
from recore.orders import buyers
from recore.orders.models import Order, OrderEvent, OrderExternalId, OrderLine
from recore.platform.db import UnitOfWork
from recore.platform.jobs import enqueue
from recore.sales.models import SaleEntry
from recore.stock.models import StockLedgerEntry
from recore.stock.rules import ReservationKind
from recore.stock.service import MOVED, adjust, hold, release
from tests.sandbox.amazon_market import (
    LIST,
    NOW,
    ORDER,
    Clock,
    Market,
    go_on,
    hear,
    manager,
    offer_now,
    on_sale,
    state_of,
)
from tests.sandbox.api_market import Fault, Go, answer, unreachable, waiting
from tests.support.desk import listing_now, run_jobs, wired
from tests.support.shop import Shop
from tests.support.store import OrderNow, auction, listing, order_now, orders_now, pc_of


def stock_of(order: OrderNow) -> list[str]:
    return sorted(order.lines.values())


def test_r22_an_order_comes_with_stock_buyer_and_state(
    shop: Shop, market: Market, account_id: int, pulls: Any
) -> None:
    item, offer, sku = on_sale(shop, account_id)
    number = market.bought(sku, shipping=500)
    pulls()
    order = order_now(shop)
    assert (order.state, order.raw_status, order.has_address, order.amount) == (
        "UNSHIPPED", "UNSHIPPED", True, 5000,
    )  # fmt: skip
    assert stock_of(order) == ["RESERVED"] and shop.counts(item) == (1, 1, 0)
    assert state_of(shop, offer) == ("SOLD_OUT", None)
    with shop.read() as session:
        buyer, _ = buyers.read(session, wired(shop).keyring, [order.id])[order.id]
        ids = session.execute(sa.select(OrderExternalId.kind, OrderExternalId.external_id)).all()
        line = session.scalars(sa.select(OrderLine)).one()
        kept = session.scalars(sa.select(Order)).one()
    assert (buyer.name, buyer.postal_code, buyer.phone) == ("山田 花子", "060-0001", "090-0123-4567")
    assert buyer.address == "北海道札幌市中央区北1条西2丁目3-4 リユースビル401"
    assert [tuple(each) for each in ids] == [("order", number)]
    assert (line.listing_id, line.management_number, line.quantity) == (offer, sku, 1)
    assert (kept.shipping_fee, kept.payment_method, kept.buyer_label) == (500, "CreditCard", "")


def test_r22_from_pending_to_shipped_on_amazons_own_pages(
    shop: Shop, market: Market, account_id: int, pulls: Any
) -> None:
    item, _, sku = on_sale(shop, account_id)
    number = market.bought(sku, paid=False)
    pulls()
    order = order_now(shop)
    assert (order.state, order.has_address, order.amount) == ("ON_HOLD", False, 0), "PENDING tells little"
    assert shop.counts(item) == (1, 1, 0), "but the unit is promised"
    market.act("amazon-pay", order_id=number)
    pulls()
    order = order_now(shop)
    assert (order.state, order.has_address, order.amount) == ("UNSHIPPED", True, 5000)
    market.act("amazon-ship", order_id=number)
    pulls()
    assert (order_now(shop).state, stock_of(order_now(shop))) == ("SHIPPED", ["SHIPPED"])
    assert shop.counts(item) == (0, 0, 0)
    with shop.read() as session:
        moves = session.scalars(sa.select(OrderEvent.target).order_by(OrderEvent.id)).all()
        booked = session.execute(sa.select(SaleEntry.kind, SaleEntry.stock_item_id, SaleEntry.amount)).all()
    assert moves == ["ON_HOLD", "UNSHIPPED", "SHIPPED"]
    assert [tuple(each) for each in booked] == [("SALE", item, 5000)], "R30: once, when it was shipped"


def test_r22_a_cancel_gives_the_unit_back_and_the_offer_goes_on(
    shop: Shop, market: Market, account_id: int, pulls: Any
) -> None:
    """Amazon does not put the unit back by itself here: our absolute quantity does."""
    market.act("amazon-settings", restock_on_cancel=False)
    item, offer, sku = on_sale(shop, account_id)
    number = market.bought(sku)
    pulls()
    market.act("amazon-cancel", order_id=number, by="BUYER", reason="間違えた")
    pulls()
    order = order_now(shop)
    assert (order.state, stock_of(order), order.amount) == ("CANCELLED", ["RELEASED"], 5000)
    assert shop.counts(item) == (1, 0, 1)
    assert state_of(shop, offer) == ("ACTIVE", None)
    assert market.offers()[sku]["quantity"] == 0 and offer_now(shop, offer).raise_to == 1
    pulls()
    assert market.offers()[sku]["quantity"] == 1 and offer_now(shop, offer).raise_to is None


def test_r22_what_amazon_has_put_back_by_itself_is_not_sent(
    shop: Shop, market: Market, account_id: int, pulls: Any
) -> None:
    _, offer, sku = on_sale(shop, account_id)
    number = market.bought(sku)
    pulls()
    market.act("amazon-cancel", order_id=number, by="AMAZON", reason="支払いなし")
    pulls()
    pulls()
    assert market.line.calls.count("PATCH") == 0 and market.offers()[sku]["quantity"] == 1
    assert state_of(shop, offer) == ("ACTIVE", None)


def test_r27_a_unit_that_is_gone_meanwhile_is_taken_off_what_amazon_put_back(
    shop: Shop, market: Market, account_id: int, pulls: Any
) -> None:
    item, offer, sku = on_sale(shop, account_id)
    number = market.bought(sku)
    pulls()
    market.act("amazon-cancel", order_id=number, by="BUYER", reason="間違えた")
    with shop.work() as uow:  # the moment that it is free here it is promised elsewhere
        release(uow, ReservationKind.ORDER, _line(uow))
        hold(uow, item, ReservationKind.BID, 77, 1)
    pulls()
    assert state_of(shop, offer)[0] == "ACTIVE" and market.offers()[sku]["quantity"] == 0


def _line(uow: UnitOfWork) -> int:
    return uow.session.scalars(sa.select(OrderLine.id)).one()


def test_r25_one_item_of_an_order_is_cancelled(
    shop: Shop, market: Market, account_id: int, pulls: Any
) -> None:
    first, _, sku = on_sale(shop, account_id)
    second, offer, other = on_sale(shop, account_id)
    number = market.bought(sku, other)
    pulls()
    market.act("amazon-cancel", order_id=number, by="MERCHANT", reason="傷", line=2)
    pulls()
    order = order_now(shop)
    assert (order.state, stock_of(order)) == ("UNSHIPPED", ["RELEASED", "RESERVED"])
    assert (shop.counts(first), shop.counts(second)) == ((1, 1, 0), (1, 0, 1))
    assert state_of(shop, offer) == ("ACTIVE", None)


def test_r22_units_of_a_lot_are_sold_one_by_one(
    shop: Shop, market: Market, account_id: int, pulls: Any
) -> None:
    item, offer, sku = on_sale(shop, account_id, quantity=5, units=3)
    market.bought(sku, quantity=2)
    pulls()
    assert (shop.counts(item), listing_now(shop, offer).sold_quantity) == ((5, 2, 3), 2)
    assert market.offers()[sku]["quantity"] == 1 and market.line.calls.count("PATCH") == 0
    market.bought(sku)
    pulls()
    assert state_of(shop, offer) == ("SOLD_OUT", None) and shop.counts(item) == (5, 3, 2)


def test_r35_an_order_of_what_we_did_not_offer_is_unlinked_and_no_oversell(
    shop: Shop, market: Market, account_id: int, pulls: Any
) -> None:
    market.ordered("SOMETHING-ELSE")
    pulls()
    assert stock_of(order_now(shop)) == ["UNLINKED"] and not order_now(shop).needs_review


def test_what_amazon_ships_itself_is_none_of_the_shops(
    shop: Shop, market: Market, account_id: int, pulls: Any
) -> None:
    """Neither stock nor parcels: also when a filter is forgotten there."""
    item, _, sku = on_sale(shop, account_id)
    number = market.ordered(sku, fulfilled_by="AMAZON")
    market.line.faults[LIST] = [unfiltered(market)]
    pulls()
    pulls()
    assert orders_now(shop) == [] and number not in waiting(shop) and shop.counts(item) == (1, 0, 1)


def unfiltered(market: Market) -> Fault:
    def asked(go: Go) -> httpx.Response:
        told = json.loads(go().read())
        everything = {
            "fulfillment": {"fulfillmentStatus": "UNSHIPPED", "fulfilledBy": "AMAZON"},
            "orderId": "503-1-1",
        }
        return httpx.Response(200, json=told | {"orders": [*told["orders"], everything]})

    return asked


@pytest.mark.parametrize("word", ["UNFULFILLABLE", "LOST_AT_SEA"])
def test_r22_an_unknown_word_is_kept_and_shown(
    shop: Shop, market: Market, account_id: int, pulls: Any, word: str
) -> None:
    item, _, sku = on_sale(shop, account_id)
    number = market.bought(sku)
    market.act("amazon-order-state", order_id=number, status=word)
    pulls()
    order = order_now(shop)
    assert (order.state, order.raw_status, order.needs_review) == ("ON_HOLD", word, True)
    assert shop.counts(item) == (1, 1, 0)
    market.act("amazon-order-state", order_id=number, status="UNSHIPPED")
    pulls()
    assert (order_now(shop).state, order_now(shop).needs_review) == ("UNSHIPPED", False)


def test_r22_what_is_told_late_turns_nothing_back(
    shop: Shop, market: Market, account_id: int, pulls: Any
) -> None:
    """A search that lags behind shows an order unshipped that is known to be shipped."""
    item, _, sku = on_sale(shop, account_id)
    number = market.bought(sku)
    pulls()
    market.act("amazon-ship", order_id=number)
    pulls()
    market.act("amazon-order-state", order_id=number, status="UNSHIPPED")
    pulls()
    assert (order_now(shop).state, order_now(shop).raw_status) == ("SHIPPED", "SHIPPED")
    assert shop.counts(item) == (0, 0, 0)
    market.act("amazon-order-state", order_id=number, status="CANCELLED")
    pulls()
    assert (order_now(shop).state, stock_of(order_now(shop))) == ("CANCELLED", ["RETURN_PENDING"])


def test_an_address_that_is_missing_is_asked_for_again(
    shop: Shop, market: Market, account_id: int, pulls: Any
) -> None:
    _, _, sku = on_sale(shop, account_id)
    number = market.bought(sku)
    market.act("amazon-change-order", order_id=number, drop=["/recipient"])
    pulls()
    assert (order_now(shop).state, order_now(shop).has_address) == ("UNSHIPPED", False)
    market.line.faults[LIST] = [without_orders]  # it does not count as changed
    market.act("amazon-change-order", order_id=number)
    pulls()
    assert order_now(shop).has_address


def without_orders(go: Go) -> httpx.Response:
    return httpx.Response(200, json=json.loads(go().read()) | {"orders": []})


def test_r27_more_is_offered_only_when_the_orders_up_to_then_are_known(
    shop: Shop, market: Market, account_id: int, pulls: Any, clock: Clock
) -> None:
    """Two of three are held elsewhere; the last one is sold on Amazon, and before we hear of it the two are free again."""
    item, offer, sku = on_sale(shop, account_id, quantity=3)
    with shop.work() as uow:
        hold(uow, item, ReservationKind.BID, 77, 2)
    go_on(shop)
    assert market.offers()[sku]["quantity"] == 1, "fewer at once"
    clock.pass_by(minutes=1)
    market.bought(sku)
    with shop.work() as uow:
        release(uow, ReservationKind.BID, 77)
    go_on(shop)
    go_on(shop)
    assert market.offers()[sku]["quantity"] == 0, "3 would have sold a fourth one"
    assert offer_now(shop, offer).raise_to == 3
    pulls()
    pulls()
    assert market.offers()[sku]["quantity"] == 2 and shop.counts(item) == (3, 1, 2)


def test_r27_a_sale_younger_than_the_last_pull_keeps_the_rise_waiting(
    shop: Shop, market: Market, account_id: int, pulls: Any, clock: Clock
) -> None:
    """The orders are known up to when the two were free again; the last one was sold after that, and no list shows it yet."""
    item, offer, sku = on_sale(shop, account_id, quantity=3)
    with shop.work() as uow:
        hold(uow, item, ReservationKind.BID, 77, 2)
    go_on(shop)
    with shop.work() as uow:
        release(uow, ReservationKind.BID, 77)
    go_on(shop)
    clock.pass_by(minutes=4)
    market.bought(sku)
    hear(shop, account_id, NOW)
    go_on(shop)
    assert shop.counts(item) == (3, 0, 3), "we have not heard of it"
    assert market.offers()[sku]["quantity"] == 0, "3 would have sold a fourth one"
    assert offer_now(shop, offer).raise_to == 3
    pulls()
    pulls()
    assert market.offers()[sku]["quantity"] == 2 and shop.counts(item) == (3, 1, 2)


def test_r27_while_orders_cannot_be_read_nothing_is_raised_and_everything_lowered(
    shop: Shop, market: Market, account_id: int, pulls: Any, client: FlaskClient
) -> None:
    item, offer, sku = on_sale(shop, account_id, quantity=2)
    with shop.work() as uow:
        hold(uow, item, ReservationKind.BID, 77, 1)
    go_on(shop)
    with shop.work() as uow:
        release(uow, ReservationKind.BID, 77)
    for _ in range(3):
        market.line.faults[LIST] = [answer(503)]
        pulls()
    assert market.offers()[sku]["quantity"] == 1
    shown = manager(shop, client).get(f"/ec/listings/{offer}/offer").text
    assert "2点に増やします" in shown
    with shop.work() as uow:
        hold(uow, item, ReservationKind.BID, 78, 2)
    go_on(shop)
    assert market.offers()[sku]["quantity"] == 0


def test_r27_an_amazon_order_ends_the_auction_of_the_same_unit(
    shop: Shop, market: Market, account_id: int, pulls: Any, client: FlaskClient
) -> None:
    yahoo = shop.yahoo_account()
    item, _, sku = on_sale(shop, account_id)
    listing(shop, yahoo, item, "Y1", sent=timedelta(days=-1))
    pc_of(shop, client, yahoo).sync(selling=[auction("y100", "Y1")])
    with shop.work() as uow:
        change_setting(uow, "yahoo.end_auctions", 1)
    market.bought(sku)
    pulls()
    with shop.read() as session:
        (command,) = session.scalars(sa.select(MarketplaceCommand))
    assert (command.kind, command.key, command.is_automatic) == ("END", "y100", True)


# --- told late, told otherwise -----------------------------------------------------------------------------------


def test_r22_an_answer_that_lags_behind_another_changes_nothing(
    shop: Shop, market: Market, account_id: int, pulls: Any, clock: Clock, client: FlaskClient
) -> None:
    """Two of three units were shipped, and the third one was cancelled; the single order still tells of three to be sent."""
    item, _, sku = on_sale(shop, account_id, quantity=3)
    number = market.bought(sku, quantity=3)
    pulls()
    clock.pass_by(minutes=30)
    market.act("amazon-ship", order_id=number, line=1, quantity=2)
    market.act("amazon-cancel", order_id=number, by="BUYER", reason="不要", line=1)
    market.act("amazon-order-state", order_id=number, status="PARTIALLY_SHIPPED")
    pulls()
    assert shop.counts(item) == (3, 2, 1)
    market.act("amazon-settings", get_order_lag_seconds=20 * 60)
    browser = manager(shop, client)
    parcel = {"carrier": "YAMATO", "tracking_number": "1234-5678-9012", "staff_code": "1001"}
    market.line.faults["POST order"] = [unreachable]
    browser.post(f"/ec/orders/{order_now(shop).id}/shipment/ask", data=parcel)
    run_jobs(shop)
    assert market.line.calls[-2:] == [ORDER, "POST order"]
    assert (shop.counts(item), order_now(shop).raw_status) == ((3, 2, 1), "PARTIALLY_SHIPPED")


def test_r22_a_clock_of_ours_that_is_set_back_hides_no_change(
    shop: Shop, market: Market, account_id: int, pulls: Any
) -> None:
    item, _, sku = on_sale(shop, account_id)
    number = market.bought(sku)
    pulls()
    with shop.work() as uow:  # it was seen by a clock that went an hour ahead
        ahead = uow.at + timedelta(hours=1)
        uow.session.execute(sa.update(Order).values(observed_at=ahead))
    market.act("amazon-ship", order_id=number)
    pulls()
    assert (order_now(shop).state, shop.counts(item)) == ("SHIPPED", (0, 0, 0))


def test_r25_what_was_cancelled_before_we_heard_of_it_takes_nothing(
    shop: Shop, market: Market, account_id: int, pulls: Any
) -> None:
    """Its units were never held, so no auction of the same unit is ended for it."""
    first, _, sku = on_sale(shop, account_id)
    second, offer, other = on_sale(shop, account_id)
    number = market.bought(sku, other)
    market.act("amazon-cancel", order_id=number, by="BUYER", reason="不要", line=2)
    pulls()
    assert stock_of(order_now(shop)) == ["RELEASED", "RESERVED"]
    with shop.read() as session:
        moved = session.execute(sa.select(StockLedgerEntry.stock_item_id, StockLedgerEntry.movement)).all()
    assert sorted((each.stock_item_id, str(each.movement)) for each in moved) == [
        (first, "BUYIN"), (first, "RESERVE"), (second, "BUYIN"),
    ]  # fmt: skip
    assert state_of(shop, offer) == ("ACTIVE", None) and listing_now(shop, offer).sold_quantity == 0


def test_r27_an_order_that_came_and_went_before_we_heard_of_it_leaves_the_unit_on_offer(
    shop: Shop, market: Market, account_id: int, pulls: Any
) -> None:
    """Amazon took the unit off for it and does not put it back."""
    market.act("amazon-settings", restock_on_cancel=False)
    item, offer, sku = on_sale(shop, account_id)
    pulls()
    pulls()
    pulls()
    number = market.bought(sku)
    market.act("amazon-cancel", order_id=number, by="BUYER", reason="間違えた")
    pulls()
    assert (order_now(shop).state, shop.counts(item)) == ("CANCELLED", (1, 0, 1))
    assert offer_now(shop, offer).raise_to == 1
    pulls()
    assert market.offers()[sku]["quantity"] == 1 and state_of(shop, offer) == ("ACTIVE", None)


def test_r22_a_title_of_any_length_is_taken_in(
    shop: Shop, market: Market, account_id: int, pulls: Any
) -> None:
    number = market.ordered("X1", line={"title": "腕時計" * 300})
    pulls()
    assert waiting(shop)[number] == ("TAKEN", None)


# --- the buyer asks to cancel (R25) ------------------------------------------------------------------------------


def test_r25_a_buyers_wish_to_cancel_is_told_once_and_ends_with_the_cancel(
    shop: Shop, market: Market, account_id: int, pulls: Any, client: FlaskClient
) -> None:
    item, _, sku = on_sale(shop, account_id)
    number = market.bought(sku)
    pulls()
    market.act("amazon-request-cancel", order_id=number, reason="注文を間違えた")
    pulls()
    order = order_now(shop)
    assert (order.state, order.needs_review, shop.counts(item)) == ("UNSHIPPED", True, (1, 1, 0))
    browser = manager(shop, client)
    page = browser.get(f"/ec/orders/{order.id}").text
    assert (
        "購入者がキャンセルを希望しています。まだ発送しないでください。" in page and "注文を間違えた" in page
    )
    with shop.read() as session:
        assert "注文を間違えた" not in str(
            session.execute(sa.text(f"SELECT * FROM orders WHERE tenant_id = {shop.tenant_id}")).all()
        )
    assert browser.post(f"/ec/orders/{order.id}/review/clear", data={"staff_code": "1001"}).status_code == 302
    market.act("amazon-change-order", order_id=number)
    pulls()
    assert not order_now(shop).needs_review, "a person has looked at it"
    market.act("amazon-cancel", order_id=number, by="MERCHANT", reason="購入者の希望")
    pulls()
    assert (order_now(shop).state, order_now(shop).needs_review) == ("CANCELLED", False)
    assert shop.counts(item) == (1, 0, 1)


def test_r25_a_wish_to_cancel_that_is_over_needs_nobody(
    shop: Shop, market: Market, account_id: int, pulls: Any
) -> None:
    _, _, sku = on_sale(shop, account_id)
    number = market.bought(sku)
    market.act("amazon-request-cancel", order_id=number, reason="不要")
    pulls()
    assert order_now(shop).needs_review, "also of an order that is new"
    market.act("amazon-ship", order_id=number)
    pulls()
    assert (order_now(shop).state, order_now(shop).needs_review) == ("SHIPPED", False)


# --- 空売り (R29) --------------------------------------------------------------------------------------------------


def test_r29_units_that_are_free_again_go_to_the_oldest_order_that_lacks_them_before_they_are_offered(
    shop: Shop, market: Market, account_id: int, pulls: Any, clock: Clock
) -> None:
    item, offer, sku = on_sale(shop, account_id, quantity=2)
    with shop.work() as uow:
        hold(uow, item, ReservationKind.BID, 77, 2)
    orders = [market.bought(sku), market.bought(sku)]
    pulls()
    assert [stock_of(each) for each in orders_now(shop)] == [["OVERSOLD"], ["OVERSOLD"]]
    clock.pass_by(minutes=1)
    with shop.work() as uow:
        hold(uow, item, ReservationKind.BID, 77, 1)
    run_jobs(shop)
    assert [stock_of(each) for each in orders_now(shop)] == [["RESERVED"], ["OVERSOLD"]]
    assert shop.counts(item) == (2, 2, 0) and offer_now(shop, offer).raise_to is None
    market.act("amazon-cancel", order_id=orders[0], by="BUYER", reason="不要")
    pulls()
    assert [stock_of(each) for each in orders_now(shop)] == [["RELEASED"], ["RESERVED"]]
    with shop.work() as uow:
        release(uow, ReservationKind.BID, 77)
    pulls()
    pulls()
    assert shop.counts(item) == (2, 1, 1) and market.offers()[sku]["quantity"] == 1, (
        "the rest is offered again"
    )
    with shop.read() as session:
        causes = session.scalars(sa.select(OrderEvent.cause).where(OrderEvent.cause.contains("空売り"))).all()
    assert causes == [f"在庫が戻ったため、空売りの商品（{sku}）を確保"] * 2


def test_r29_counted_stock_covers_what_is_to_be_sent_and_not_what_was_sent_or_cancelled(
    shop: Shop, market: Market, account_id: int, pulls: Any
) -> None:
    item, _, sku = on_sale(shop, account_id, quantity=3)
    with shop.work() as uow:
        hold(uow, item, ReservationKind.BID, 77, 3)
    sent, cancelled, waits = (market.bought(sku) for _ in range(3))
    pulls()
    market.act("amazon-ship", order_id=sent)
    market.act("amazon-cancel", order_id=cancelled, by="BUYER", reason="不要")
    pulls()
    with shop.work() as uow:
        adjust(uow, item, 5, "棚卸")
    run_jobs(shop)
    assert [stock_of(each) for each in orders_now(shop)] == [["OVERSOLD"], ["RELEASED"], ["RESERVED"]]
    assert shop.counts(item) == (5, 4, 1) and market.order(waits)["status"] == "UNSHIPPED"


def test_r29_two_workers_give_one_unit_to_one_order(
    shop: Shop, market: Market, account_id: int, pulls: Any
) -> None:
    item, _, sku = on_sale(shop, account_id, quantity=2)
    with shop.work() as uow:
        hold(uow, item, ReservationKind.BID, 77, 2)
    market.bought(sku), market.bought(sku)
    pulls()
    with shop.work() as uow:
        hold(uow, item, ReservationKind.BID, 77, 1)
        enqueue(uow, MOVED, {"stock_item_id": item})
    workers = [threading.Thread(target=run_jobs, args=(shop,)) for _ in range(2)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    run_jobs(shop)
    assert [stock_of(each) for each in orders_now(shop)] == [["RESERVED"], ["OVERSOLD"]]
    assert shop.counts(item) == (2, 2, 0)
