"""R24, R26: orders through Yahoo!'s official API, from the sandbox: pulled, taken in once, a bad one never in the way of the others."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from recore.orders import buyers
from recore.orders.models import OrderEvent, OrderExternalId
from recore.sync import order_pull, pull_jobs
from tests.sandbox.api_market import (
    INFO,
    LIST,
    STORE,
    Go,
    Market,
    answer,
    attention,
    bad,
    hurry,
    link_now,
    manager,
    pages_of,
    pull,
    waiting,
)
from tests.support.desk import run_jobs, wired
from tests.support.shop import Shop
from tests.support.store import Pc, detail, item, listing, order_now, orders_now, pc_of


def test_orders_come_with_stock_buyer_and_state(shop: Shop, market: Market, account_id: int) -> None:
    stock_item = shop.item()
    auction, number, order_id = market.sold("N")
    listing(shop, account_id, stock_item, "N00001", sent=timedelta(days=-400))
    assert pull(shop, account_id) >= 1
    order = order_now(shop)
    assert (order.state, order.raw_status, order.has_address, order.amount) == (
        "UNSHIPPED",
        "2-1-1",
        True,
        3000,
    )
    assert order.lines == {auction: "RESERVED"}
    assert shop.counts(stock_item) == (1, 1, 0)
    sent_to = next(
        each
        for each in market.browser.get("/control/state", base_url="http://sandbox.localhost:8100").json[
            "orders"
        ]
        if each["id"] == order_id
    )["buyer"]
    with shop.read() as session:
        buyer, _ = buyers.read(session, wired(shop).keyring, [order.id])[order.id]
        ids = session.execute(sa.select(OrderExternalId.kind, OrderExternalId.external_id)).all()
        events = session.scalars(sa.select(OrderEvent.cause)).all()
    assert buyer.name == sent_to["name"] and sent_to["address"].replace(" ", "") == (
        buyer.address or ""
    ).replace(" ", "")
    assert {tuple(each) for each in ids} == {("auction", auction), ("order", number)}
    assert "受注APIの状態：2-1-1" in events
    link = link_now(shop, account_id)
    assert link.pulled_at is not None and link.failure is None
    assert link.next_pull_at is not None and link.next_pull_at > datetime.now(UTC)


def test_what_changes_is_fetched_again_and_nothing_else(shop: Shop, market: Market, account_id: int) -> None:
    (_, _, first), _ = market.sold(), market.sold(paid=False)
    pull(shop, account_id)
    assert [each.state for each in orders_now(shop)] == ["UNSHIPPED", "ON_HOLD"]
    market.line.calls.clear()
    pull(shop, account_id)
    assert market.line.calls == [LIST], "the overlap shows both again, as they were"
    market.act("clock", minutes=1)
    market.act("ship", order_id=first)
    market.line.calls.clear()
    pull(shop, account_id)
    assert market.line.calls == [LIST, INFO]
    assert [each.state for each in orders_now(shop)] == ["SHIPPED", "ON_HOLD"]


def test_pages_of_a_list_follow_each_other(
    shop: Shop, market: Market, account_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = pages_of(monkeypatch, 2)
    made = [market.sold()[1] for _ in range(5)]
    pull(shop, account_id)
    assert market.line.calls.count(LIST) == 3 and data["page_size"] == 2
    assert sorted(waiting(shop)) == sorted(made)
    assert len(orders_now(shop)) == 5


def test_r26_an_order_of_several_auctions_is_one(shop: Shop, market: Market, account_id: int) -> None:
    won_by_one = []
    for _ in range(2):
        (auction,) = market.act("seed", store=STORE)["auction_ids"]
        (order_id,) = market.act("win", auction_id=auction, bidder="taro")["order_ids"]
        won_by_one.append((auction, order_id))
    bundled = market.act("bundle", order_ids=[order_id for _, order_id in won_by_one])["order_id"]
    market.act("pay", order_id=bundled)
    pull(shop, account_id)
    assert set(order_now(shop).lines) == {auction for auction, _ in won_by_one}


@pytest.mark.parametrize("page_first", [True, False])
def test_r26_by_page_and_by_api_it_is_one_order(
    shop: Shop, market: Market, account_id: int, client: FlaskClient, page_first: bool
) -> None:
    auction, number, _ = market.sold()
    pc = pc_of(shop, client, account_id)
    page = detail(auction, [item(auction, "OLD00001")], "2-1-1", order_number=number, status_options=[])
    if page_first:
        assert read_by_number(pc, number, "2-1-1", page) == [number]
    pull(shop, account_id)
    assert read_by_number(pc, number, "2-1-1", page) == [], "nothing is left to be read off its page"
    order = order_now(shop)
    assert (order.lines, order.raw_status, order.state) == ({auction: "UNLINKED"}, "2-1-1", "UNSHIPPED")
    assert order.has_address


def read_by_number(pc: Pc, number: str, status: str, page: dict[str, Any]) -> list[str]:
    """One pass of the extension; the orders whose own pages it had to read."""
    assert pc.start().status_code == 201
    for phase in ("selling", "closed", "won"):
        pc.post(phase, [])
    wanted: list[str] = pc.post("numbered", [{"order_number": number, "status": status}])["wanted_details"]
    for _ in wanted:
        pc.post("detail", [page])
    assert pc.finish()["state"] == "COMPLETE"
    return wanted


def test_an_order_read_off_its_page_after_the_question_is_not_turned_back(
    shop: Shop, market: Market, account_id: int, client: FlaskClient
) -> None:
    auction, number, order_id = market.sold()
    pull(shop, account_id)
    market.act("order-state", order_id=order_id, order_status=3)
    pc = pc_of(shop, client, account_id)
    was_overtaken = []

    def overtaken(go: Go) -> Any:
        """The API has answered; before its answer is taken in, the extension reads the order's page."""
        told = go()
        if not was_overtaken:
            was_overtaken.append(True)
            market.act("order-state", order_id=order_id, order_status=4)
            page = detail(auction, [item(auction, "OLD00001")], "4-1-1", order_number=number)
            assert read_by_number(pc, number, "4-1-1", page) == [number]
        return told

    market.line.faults[INFO] = [overtaken]
    pull(shop, account_id)
    assert waiting(shop)[number][0] == "WAITING", "it is asked for again, but not at once"
    hurry(shop)
    assert waiting(shop)[number][0] == "TAKEN" and order_now(shop).state == "CANCELLED"
    with shop.read() as session:
        moves = session.scalars(sa.select(OrderEvent.target).order_by(OrderEvent.id)).all()
    assert moves == ["UNSHIPPED", "CANCELLED"], "3-1-1 was older than the page"


def test_an_unknown_status_is_kept_and_shown(shop: Shop, market: Market, account_id: int) -> None:
    _, _, order_id = market.sold()
    market.act("order-state", order_id=order_id, order_status=8, pay_status=0, ship_status=0)
    pull(shop, account_id)
    order = order_now(shop)
    assert (order.raw_status, order.state, order.needs_review) == ("8-0-0", "ON_HOLD", True)


def test_pay_later_may_be_sent_before_it_is_paid(shop: Shop, market: Market, account_id: int) -> None:
    (auction,) = market.act("seed", store=STORE)["auction_ids"]
    (order_id,) = market.act("win", auction_id=auction)["order_ids"]
    market.act("proceed", order_id=order_id, pay_later=True)
    pull(shop, account_id)
    assert (order_now(shop).raw_status, order_now(shop).state) == ("2-0-1-後払い", "UNSHIPPED")


# --- one bad order -----------------------------------------------------------------------------------------------


def test_one_bad_order_is_set_aside_and_the_others_go_on(
    shop: Shop, market: Market, account_id: int, client: FlaskClient
) -> None:
    (_, first, _), _ = market.sold(), market.sold()
    market.line.faults[INFO] = [bad("<Quantity>1</Quantity>", "<Quantity>たくさん</Quantity>")]
    pull(shop, account_id)
    assert len(orders_now(shop)) == 1
    assert waiting(shop)[first] == (
        "ASIDE", "数量（Quantity）：数字ではありません。ストアクリエイターProの注文管理で、この注文の内容を確かめてください。",
    )  # fmt: skip
    assert link_now(shop, account_id).pulled_at is not None, "the others were taken in to the end"
    assert attention(shop, account_id) == ["ORDERS_ASIDE"]
    manager(shop, client)
    shown = client.get(f"/settings/accounts/{account_id}/runs").text
    assert first in shown and "数字ではありません" in shown
    pull(shop, account_id)
    assert waiting(shop)[first][0] == "ASIDE", "the same again is not tried again by itself"
    assert client.post(f"/settings/accounts/{account_id}/runs/fetch-again").status_code == 302
    run_jobs(shop)
    assert len(orders_now(shop)) == 2 and waiting(shop)[first] == ("TAKEN", None)
    assert attention(shop, account_id) == []


def test_a_change_brings_a_set_aside_order_back(shop: Shop, market: Market, account_id: int) -> None:
    _, _, order_id = market.sold()
    market.line.faults[INFO] = [bad("<Item>", "<Gift>", "</Item>", "</Gift>")]
    pull(shop, account_id)
    assert orders_now(shop) == [] and "商品が1つもありません" in str(waiting(shop))
    market.act("ship", order_id=order_id)
    pull(shop, account_id)
    assert order_now(shop).state == "SHIPPED" and attention(shop, account_id) == []


def test_an_order_that_is_always_broken_is_set_aside_after_the_others(
    shop: Shop, market: Market, account_id: int
) -> None:
    (_, first, _), _ = market.sold(), market.sold()
    broken = answer(200, "<ResultSet><Result>")
    market.line.faults[INFO] = [broken]
    pull(shop, account_id)
    assert orders_now(shop) == [] and "読めない形" in (link_now(shop, account_id).failure or "")

    def only_good(go: Go) -> Any:
        return go()

    market.line.faults[INFO] = [only_good, broken]
    pull(shop, account_id)
    assert len(orders_now(shop)) == 1, "the other one came first"
    for _ in range(order_pull.MAX_ATTEMPTS - 2):
        assert waiting(shop)[first][0] == "WAITING"
        market.line.faults[INFO] = [broken]
        pull(shop, account_id)
    assert waiting(shop)[first] == ("ASIDE", "Yahoo!の返事が読めない形でした。")


def test_an_order_that_our_own_code_trips_over_is_set_aside(
    shop: Shop, market: Market, account_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    (_, first, _), _ = market.sold(), market.sold()
    real, tripped = order_pull.take_record, []

    def trips(*given: Any) -> str:
        if not tripped:
            tripped.append(True)
            raise ZeroDivisionError
        return real(*given)

    monkeypatch.setattr(order_pull, "take_record", trips)
    pull(shop, account_id)
    assert len(orders_now(shop)) == 1
    state, reason = waiting(shop)[first]
    assert state == "ASIDE" and reason is not None and reason.startswith(pull_jobs.NOT_TAKEN)
