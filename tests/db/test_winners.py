"""An auction of several units with several winners: an order and a reservation for each, nothing counted twice (R17, R20, R26)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from recore.channels.registry import CHANNELS
from recore.commands.models import MarketplaceCommand
from recore.identity.models import Staff
from recore.orders.models import Order, OrderBuyer, OrderLine
from recore.orders.shipping import Parcel, ship
from tests.support.shop import Shop
from tests.support.store import (
    BUYER,
    Pc,
    auction,
    detail,
    item,
    listing,
    orders_now,
    pc_of,
    state_of,
    wire,
    won,
)

SOLD = auction("a1", "N1", bid_count=3, result="落札者あり")


@pytest.fixture
def lot(shop: Shop, pc: Pc, account_id: int) -> tuple[int, int]:
    """(stock item, listing) of three units of five, seen selling with bids."""
    stock_item = shop.item(quantity=5)
    made = listing(shop, account_id, stock_item, "N1", quantity=3)
    pc.sync(selling=[auction("a1", "N1", bid_count=3)])
    return stock_item, made


def win(winner: str, status: str = "未処理", **changes: Any) -> dict[str, Any]:
    return won("a1", "N1", status, winner=winner, **changes)


def page(units: int, status: str = "未処理", **changes: Any) -> dict[str, Any]:
    return detail("a1", [item("a1", "N1", quantity=units, unit_price=1000)], status, **changes)


def by_winner(shop: Shop) -> dict[str, tuple[str, int, str]]:
    """winner → (state of the order, units, what stands behind them)"""
    with shop.read() as session:
        rows = session.execute(
            sa.select(Order.buyer_label, Order.state, OrderLine.quantity, OrderLine.stock_state)
            .join(OrderLine, OrderLine.order_id == Order.id)
            .order_by(Order.number)
        ).all()
    assert len({row.buyer_label for row in rows}) == len(rows), "one order each"
    return {row.buyer_label: (str(row.state), row.quantity, str(row.stock_state)) for row in rows}


def test_r26_each_winner_of_a_lot_has_an_order_and_a_reservation(
    shop: Shop, pc: Pc, lot: tuple[int, int]
) -> None:
    stock_item, made = lot
    pages = {"a1/anna": page(1), "a1/ben": page(2)}
    for _ in range(2):
        pc.sync(closed=[SOLD], orders=[win("ben"), win("anna")], details=pages)
        assert by_winner(shop) == {"anna": ("ON_HOLD", 1, "RESERVED"), "ben": ("ON_HOLD", 2, "RESERVED")}
        assert (state_of(shop, made), shop.counts(stock_item)) == ("SOLD_OUT", (5, 3, 2))
    pages = {"a1/anna": page(1), "a1/ben": page(2, "発送済み")}
    pc.sync(closed=[SOLD], orders=[win("ben", "発送済み"), win("anna")], details=pages)
    assert by_winner(shop) == {"anna": ("ON_HOLD", 1, "RESERVED"), "ben": ("SHIPPED", 2, "SHIPPED")}
    assert shop.counts(stock_item) == (3, 1, 2)


def test_r17_a_lot_is_sold_out_only_when_every_unit_is_sold(shop: Shop, pc: Pc, lot: tuple[int, int]) -> None:
    stock_item, made = lot
    pages = {"a1/anna": page(1), "a1/ben": page(1)}
    pc.sync(closed=[SOLD], orders=[win("ben"), win("anna")], details=pages)
    assert (state_of(shop, made), shop.counts(stock_item)) == ("ENDED", (5, 2, 3))


def test_r27_units_wait_until_every_order_says_how_many_it_is_of(
    shop: Shop, pc: Pc, lot: tuple[int, int]
) -> None:
    stock_item, made = lot
    pc.sync(closed=[SOLD], orders=[win("ben"), win("anna")], details={"a1/anna": page(1)})
    assert (state_of(shop, made), shop.counts(stock_item)) == ("ACTIVE", (5, 3, 2))
    pc.sync(closed=[SOLD], orders=[win("ben"), win("anna")], details={"a1/ben": page(2)})
    assert (state_of(shop, made), shop.counts(stock_item)) == ("SOLD_OUT", (5, 3, 2))


def test_r25_a_cancel_of_one_winner_frees_only_their_units(shop: Shop, pc: Pc, lot: tuple[int, int]) -> None:
    stock_item, _ = lot
    pages = {"a1/anna": page(1), "a1/ben": page(2)}
    pc.sync(closed=[SOLD], orders=[win("ben"), win("anna")], details=pages)
    pages = {"a1/anna": page(1), "a1/ben": page(2, "キャンセル")}
    pc.sync(closed=[SOLD], orders=[win("ben", "キャンセル"), win("anna")], details=pages)
    assert by_winner(shop) == {"anna": ("ON_HOLD", 1, "RESERVED"), "ben": ("CANCELLED", 2, "RELEASED")}
    assert shop.counts(stock_item) == (5, 1, 4)


def test_r26_winners_on_two_pages_of_the_list_are_two_orders(shop: Shop, pc: Pc) -> None:
    """Also of an auction that is not ours, of which nobody knows how many units it offers."""
    pc.start()
    assert pc.post("won", [win("ben")])["wanted_details"] == ["a1"]
    assert pc.post("won", [win("anna")])["wanted_details"] == ["a1/anna"]
    pc.finish()
    assert list(by_winner(shop)) == ["ben", "anna"]
    pc.sync(orders=[win("ben"), win("anna")], details={"a1/ben": page(1), "a1/anna": page(1)})
    assert list(by_winner(shop)) == ["ben", "anna"]


def test_r26_winners_who_come_one_after_the_other_are_two_orders(
    shop: Shop, pc: Pc, lot: tuple[int, int]
) -> None:
    """Somebody took one unit for 即決価格 while the auction went on."""
    stock_item, made = lot
    selling = [auction("a1", "N1", bid_count=1)]
    pc.sync(selling=selling, orders=[win("anna")], details={"a1/anna": page(1)})
    assert shop.counts(stock_item) == (5, 3, 2)
    pc.sync(closed=[SOLD], orders=[win("ben")], details={"a1/ben": page(2)})
    assert by_winner(shop) == {"anna": ("ON_HOLD", 1, "RESERVED"), "ben": ("ON_HOLD", 2, "RESERVED")}
    assert (state_of(shop, made), shop.counts(stock_item)) == ("SOLD_OUT", (5, 3, 2))


def test_r17_a_winner_who_stands_twice_on_a_page_has_one_order(
    shop: Shop, pc: Pc, lot: tuple[int, int]
) -> None:
    for _ in range(2):
        pc.sync(closed=[SOLD], orders=[win("anna"), win("anna")], details={"a1/anna": page(3)})
        assert by_winner(shop) == {"anna": ("ON_HOLD", 3, "RESERVED")}


def test_b7_rows_of_known_winners_need_not_be_sent_again(shop: Shop, pc: Pc, lot: tuple[int, int]) -> None:
    pages = {"a1/anna": page(1), "a1/ben": page(2)}
    pc.sync(closed=[SOLD], orders=[win("ben"), win("anna")], details=pages)
    pc.start()
    assert pc.without_known("won", [win("ben"), win("anna")])[0] == []
    news = [win("ben", "入金済み")]
    assert pc.without_known("won", [*news, win("anna")])[0] == news
    assert pc.post("won", [*news, win("anna")], incremental=True)["wanted_details"] == ["a1/ben"]


def test_r26_a_bundle_of_one_winner_takes_no_other_winner_along(shop: Shop, pc: Pc) -> None:
    rows = [win("ben"), win("anna"), won("a2", "N2", winner="ben")]
    bundle = detail("a1", [item("a1", "N1"), item("a2", "N2")])
    pc.sync(orders=rows, details={"a1/ben": bundle, "a2": bundle, "a1/anna": page(1)})
    lines = sorted(sorted(order.lines) for order in orders_now(shop))
    assert [len(each) for each in lines] == [1, 2]


def test_r24_the_parcel_of_one_winner_is_told_on_their_page(shop: Shop, pc: Pc, lot: tuple[int, int]) -> None:
    pages = {f"a1/{each}": page(1, "入金済み") for each in ("anna", "ben")}
    pc.sync(closed=[SOLD], orders=[win("ben", "入金済み"), win("anna", "入金済み")], details=pages)
    for order in orders_now(shop):
        with shop.work() as uow:
            staff = uow.session.scalars(sa.select(Staff).where(Staff.code == "1001")).one()
            ship(uow, CHANNELS, order.id, Parcel("1001", "1234-5678-9012"), staff)
    with shop.read() as session:
        assert set(session.scalars(sa.select(MarketplaceCommand.key))) == {"a1/anna", "a1/ben"}


def test_r28_a_page_of_one_winner_that_cannot_be_read_flags_their_order_alone(
    shop: Shop, pc: Pc, lot: tuple[int, int]
) -> None:
    pc.start()
    pc.post("selling", [])
    pc.post("closed", [SOLD])
    assert pc.post("won", [win("ben"), win("anna")])["wanted_details"] == ["a1/anna", "a1/ben"]
    pc.post("detail", [page(1, winner="anna")])
    assert pc.finish(set_aside={"a1/ben": "unreadable"}, profile="classic")["state"] == "COMPLETE"
    with shop.read() as session:
        flagged = session.scalars(sa.select(Order.buyer_label).where(Order.needs_review)).all()
    assert flagged == ["ben"]


def test_r26_the_next_winner_of_one_unit_is_never_sent_to_the_first_ones_address(shop: Shop, pc: Pc) -> None:
    pc.sync(orders=[win("anna", "入金済み")], details={"a1": page(1, "入金済み")})
    assert [order.has_address for order in orders_now(shop)] == [True]
    pc.start()
    later = wire(datetime.now(UTC) + timedelta(minutes=1))
    assert pc.post("won", [win("ben", "入金済み", won_at=later)])["wanted_details"] == ["a1"]
    assert [order.has_address for order in orders_now(shop)] == [False]
    with shop.read() as session:
        assert session.scalars(sa.select(OrderBuyer)).all() == []


def test_r26_a_winner_cancelled_and_the_next_one_in_one_list_are_two_orders(
    shop: Shop, pc: Pc, account_id: int
) -> None:
    stock_item = shop.item()
    listing(shop, account_id, stock_item, "N1")
    pc.sync(selling=[auction("a1", "N1", bid_count=2)])
    rows = [win("anna", "キャンセル"), win("ben")]
    for _ in range(2):
        pc.sync(closed=[SOLD], orders=rows)
        assert by_winner(shop) == {"anna": ("CANCELLED", 1, "RELEASED"), "ben": ("ON_HOLD", 1, "RESERVED")}
        assert shop.counts(stock_item) == (1, 1, 0)


# --- the current tool: sales name no winner, orders have numbers -------------------------------------------------

WAITING, ONE, TWO = "注文手続き待ち", "demo-store-3-10000001", "demo-store-3-10000002"


@pytest.fixture
def pro(shop: Shop, client: FlaskClient) -> Pc:
    return pc_of(shop, client, shop.yahoo_account(store_id="demo-store-3", profile="current"))


def numbered(pc: Pc, orders: list[dict[str, Any]], details: dict[str, dict[str, Any]]) -> None:
    pc.start()
    pc.post("selling", [])
    pc.post("closed", [SOLD])
    pc.post("won", orders)
    rows = [{"order_number": key, "status": each["status"]} for key, each in details.items()]
    for key in pc.post("numbered", rows)["wanted_details"]:
        pc.post("detail", [details[key] | {"order_number": key, "status_options": []}])
    assert pc.finish()["state"] == "COMPLETE"


def test_r26_orders_of_a_lot_are_told_apart_by_their_numbers(shop: Shop, pro: Pc) -> None:
    stock_item = shop.item(quantity=5)
    made = listing(shop, pro.account_id, stock_item, "N1", quantity=3)
    pro.sync(selling=[auction("a1", "N1", bid_count=3)])
    waiting = won("a1", "N1", WAITING, winner="")
    numbered(pro, [waiting, waiting], {})
    assert len(orders_now(shop)) == 2
    assert (state_of(shop, made), shop.counts(stock_item)) == ("ACTIVE", (5, 3, 2))
    first, second = page(2, "2-1-1"), page(1, "2-0-0", buyer=BUYER | {"name": "次の 人"})
    numbered(pro, [waiting], {ONE: first})
    numbered(pro, [], {ONE: first, TWO: second})
    numbered(pro, [], {ONE: first, TWO: second})
    orders = [(order.state, list(order.lines.values())) for order in orders_now(shop)]
    assert orders == [("UNSHIPPED", ["RESERVED"]), ("ON_HOLD", ["RESERVED"])]
    assert (state_of(shop, made), shop.counts(stock_item)) == ("SOLD_OUT", (5, 3, 2))
