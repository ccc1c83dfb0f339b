"""What changes about an order after it was taken in: units, winners, returns, merged bundles (R18, R25, R26)."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from recore.identity.models import Staff
from recore.orders.models import Order, OrderLine
from recore.orders.service import close_return
from tests.support.shop import Shop
from tests.support.store import (
    Pc,
    auction,
    detail,
    item,
    listing,
    order_now,
    orders_now,
    pc_of,
    state_of,
    won,
)


@pytest.fixture
def pc(shop: Shop, client: FlaskClient) -> Pc:
    return pc_of(shop, client, shop.yahoo_account())


def lines_of(shop: Shop) -> dict[str, tuple[int, int]]:
    """external id → (order, line)"""
    with shop.read() as session:
        rows = session.execute(sa.select(OrderLine.external_id, OrderLine.order_id, OrderLine.id))
        return {row.external_id: (row.order_id, row.id) for row in rows}


def test_r25_goods_that_will_not_come_back_are_not_asked_for_again(shop: Shop, pc: Pc) -> None:
    stock_item = shop.item()
    listing(shop, pc.account_id, stock_item, "N1")
    pc.sync(orders=[won("a1", "N1", "発送済み")])
    pc.sync(orders=[won("a1", "N1", "キャンセル")])
    line = lines_of(shop)["a1"]
    with shop.work() as uow:
        person = uow.session.scalars(sa.select(Staff).where(Staff.code == "1002")).one()
        close_return(uow, *line, person, came_back=False)
    decided = order_now(shop).lines
    cancelled = detail("a1", [item("a1", "N1")], "キャンセル", message="よろしく")
    pc.start()
    pc.post("detail", [cancelled])
    pc.finish()
    assert (order_now(shop).lines, shop.counts(stock_item)) == (decided, (0, 0, 0))
    pc.sync(orders=[won("a1", "N1", "発送済み")])
    assert (order_now(shop).lines, shop.counts(stock_item)) == ({"a1": "SHIPPED"}, (0, 0, 0))


def test_r17_a_lot_won_whole_is_sold_out_once_the_order_says_how_many(shop: Shop, pc: Pc) -> None:
    stock_item = shop.item(quantity=3)
    made = listing(shop, pc.account_id, stock_item, "N1", quantity=2)
    pc.sync(selling=[auction("a1", "N1", bid_count=2)])
    whole = detail("a1", [item("a1", "N1", quantity=2)])
    pc.sync(
        closed=[auction("a1", "N1", result="落札者あり")],
        orders=[won("a1", "N1", winner="anna")],
        details={"a1/anna": whole},
    )
    assert (state_of(shop, made), shop.counts(stock_item)) == ("SOLD_OUT", (3, 2, 1))


def test_r25_a_cancelled_bundle_says_where_every_item_went(shop: Shop, pc: Pc) -> None:
    for number in ("N1", "N2"):
        listing(shop, pc.account_id, shop.item(), number)
    bundle = [item("a1", "N1"), item("a2", "N2")]
    pc.sync(
        orders=[won("a1", "N1"), won("a2", "N2")],
        details={each: detail(each, bundle) for each in ("a1", "a2")},
    )
    off = [won("a1", "N1", "キャンセル"), won("a2", "N2", "キャンセル")]
    pc.sync(orders=off, details={each: detail(each, bundle, "キャンセル") for each in ("a1", "a2")})
    (order,) = orders_now(shop)
    assert (order.state, order.lines) == ("CANCELLED", {"a1": "RELEASED", "a2": "RELEASED"})
    assert order.stock_note is not None
    assert order.stock_note.count("在庫に戻しました") == 2


def test_r25_a_bundle_of_many_items_has_a_note_that_fits(shop: Shop, pc: Pc) -> None:
    ids = [f"a{number}" for number in range(25)]
    for each in ids:
        listing(shop, pc.account_id, shop.item(), each)
    bundle = [item(each, each) for each in ids]
    for status in ("入金済み", "キャンセル"):
        pc.sync(orders=[won(each, each, status) for each in ids],
                details={each: detail(each, bundle, status) for each in ids})  # fmt: skip
    (order,) = orders_now(shop)
    assert set(order.lines.values()) == {"RELEASED"}
    assert order.stock_note is not None
    assert len(order.stock_note) <= 500


def test_r26_the_next_winner_of_an_auction_replaces_the_first(shop: Shop, pc: Pc) -> None:
    pc.sync(orders=[won("a1", "N1", "キャンセル", winner="first_user")])
    pc.sync(orders=[won("a1", "N1", "未処理", winner="second_user")])
    with shop.read() as session:
        assert session.scalars(sa.select(Order.buyer_label)).one() == "second_user"


@pytest.mark.parametrize("place", ["title", "status", "winner"])
def test_r17_a_character_that_no_database_keeps_is_refused_by_place(shop: Shop, pc: Pc, place: str) -> None:
    pc.start()
    refused = pc.send(pc.body("won", [won("a1") | {place: "a\0b"}], seq=1))
    assert (refused.status_code, refused.get_json()["code"]) == (422, "BODY")
    assert orders_now(shop) == []
