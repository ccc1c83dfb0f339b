"""The current store tool (R19): sales without a number, orders by number, one order whichever way it came."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.shop import Shop
from tests.support.store import (
    Pc,
    auction,
    detail,
    item,
    listing,
    order_now,
    orders_now,
    state_of,
    won,
)

WAITING, NUMBER = "注文手続き待ち", "demo-store-3-10000001"


@pytest.fixture
def account_id(shop: Shop) -> int:
    return shop.yahoo_account(store_id="demo-store-3", profile="current")


def by_number(status: str, number: str = NUMBER) -> dict[str, str]:
    return {"order_number": number, "status": status}


def pro(auctions: list[dict[str, Any]], status: str, number: str = NUMBER, **changes: Any) -> dict[str, Any]:
    """An order's own page in ストアクリエイターPro."""
    return detail(
        auctions[0]["auction_id"], auctions, status, order_number=number, status_options=[], **changes
    )


def sync(
    pc: Pc,
    orders: list[dict[str, Any]],
    numbers: list[dict[str, str]],
    details: dict[str, dict[str, Any]],
    selling: list[dict[str, Any]] | None = None,
) -> list[str]:
    """One run; the order numbers whose pages were asked for."""
    assert pc.start().status_code == 201
    pc.post("selling", selling or [], incremental=True)
    pc.post("closed", [], incremental=True)
    assert pc.post("won", orders, incremental=True)["wanted_details"] == []
    wanted = list(pc.post("numbered", numbers, incremental=True)["wanted_details"])
    for number in wanted:
        pc.post("detail", [details[number]])
    assert pc.finish()["state"] == "COMPLETE"
    return wanted


def test_r19_won_then_ordered_then_paid_then_shipped_is_one_order(
    shop: Shop, pc: Pc, account_id: int
) -> None:
    ours = listing(shop, account_id, shop.item(), "N1")
    sync(pc, [], [], {}, selling=[auction("a1", "N1")])
    sync(pc, [won("a1", "N1", WAITING, winner="")], [], {})
    first = order_now(shop)
    assert (first.state, first.raw_status, first.lines) == ("ON_HOLD", WAITING, {"a1": "RESERVED"})
    lines = [item("a1", "N1")]
    for status, state, stock in (
        ("2-0-0", "ON_HOLD", "RESERVED"),
        ("2-1-1", "UNSHIPPED", "RESERVED"),
        ("5-1-3", "SHIPPED", "SHIPPED"),
    ):
        assert sync(pc, [], [by_number(status)], {NUMBER: pro(lines, status)}) == [NUMBER]
        order = order_now(shop)
        assert (order.number, order.state, order.lines) == (first.number, state, {"a1": stock})
    assert sync(pc, [], [by_number("5-1-3")], {}) == []
    assert state_of(shop, ours) == "SOLD_OUT"


def test_r26_a_bundle_of_sales_becomes_one_order(shop: Shop, pc: Pc) -> None:
    sync(pc, [won("a1", status=WAITING, winner=""), won("a2", status=WAITING, winner="")], [], {})
    assert len(orders_now(shop)) == 2
    page = pro([item("a1"), item("a2")], "2-1-1")
    assert sync(pc, [], [by_number("2-1-1")], {NUMBER: page}) == [NUMBER]
    assert set(order_now(shop).lines) == {"a1", "a2"}


def test_r18_a_sale_cancelled_before_it_was_ordered(shop: Shop, pc: Pc, account_id: int) -> None:
    listing(shop, account_id, shop.item(), "N1")
    sync(pc, [], [], {}, selling=[auction("a1", "N1")])
    sync(pc, [won("a1", "N1", WAITING, winner="")], [], {})
    sync(pc, [won("a1", "N1", "取引キャンセル", winner="")], [], {})
    assert (order_now(shop).state, order_now(shop).lines) == ("CANCELLED", {"a1": "RELEASED"})


def test_r19_an_order_is_read_again_until_it_has_an_address(pc: Pc) -> None:
    page = pro([item("a1")], "2-0-0", buyer=None)
    for _ in range(2):
        assert sync(pc, [], [by_number("2-0-0")], {NUMBER: page}) == [NUMBER]
    page = pro([item("a1")], "2-0-0")
    assert sync(pc, [], [by_number("2-0-0")], {NUMBER: page}) == [NUMBER]
    assert sync(pc, [], [by_number("2-0-0")], {}) == []


def test_r19_paid_later_is_one_status_in_lists_and_on_the_page(shop: Shop, pc: Pc) -> None:
    page = pro([item("a1")], "2-0-1-後払い")
    assert sync(pc, [], [by_number("2-0-1")], {NUMBER: page}) == [NUMBER]
    assert order_now(shop).state == "UNSHIPPED"
    assert sync(pc, [], [by_number("2-0-1")], {}) == []


def test_r18_a_status_that_nobody_mapped_needs_review(shop: Shop, pc: Pc) -> None:
    sync(pc, [], [by_number("謎-1-1")], {NUMBER: pro([item("a1")], "謎-1-1")})
    assert (order_now(shop).state, order_now(shop).needs_review) == ("ON_HOLD", True)


def test_r17_a_current_run_without_its_order_list_is_not_complete(pc: Pc) -> None:
    pc.start()
    for phase in ("selling", "closed", "won"):
        pc.post(phase, [])
    assert pc.finish(profile="classic")["state"] == "FAILED"


def test_b7_numbers_that_are_not_the_accounts_are_refused(pc: Pc) -> None:
    pc.start()
    answer = pc.send(pc.body("numbered", [], seq=1) | {"unchanged": [98, 1]})
    assert (answer.status_code, answer.get_json()["field"]) == (422, "unchanged")
