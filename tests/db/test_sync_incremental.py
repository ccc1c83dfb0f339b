"""A sync that sends only what changed (B7): it knows what a full one knows, and its doubts make the next one full."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from recore.listings.models import Listing, ListingSeen, ObservedListing
from recore.listings.rules import ListingState
from recore.orders.models import Order, OrderLine
from recore.stock.models import Reservation, StockItem
from recore.sync.models import SyncRun
from tests.support.shop import Shop
from tests.support.store import Pc, auction, detail, item, listing, pc_of, state_of, won


def full_runs(shop: Shop) -> list[bool]:
    with shop.read() as session:
        return list(session.scalars(sa.select(SyncRun.is_full).order_by(SyncRun.number)))


def on_hand(shop: Shop, stock_item_id: int, units: int) -> None:
    with shop.work() as uow:
        uow.session.execute(sa.update(StockItem).where(StockItem.id == stock_item_id).values(on_hand=units))


def last_seen(shop: Shop) -> dict[str, int]:
    with shop.read() as session:
        return dict(session.execute(sa.select(ListingSeen.external_id, ListingSeen.run_number)).all())


def test_b7_unchanged_rows_are_seen_without_being_sent(shop: Shop, pc: Pc, account_id: int) -> None:
    rows = [auction(f"a{number}", f"N{number}") for number in range(5)]
    ours = listing(shop, account_id, shop.item(), "N3")
    pc.sync(selling=rows, orders=[won("w1")])
    rows[1]["current_price"] = 9000
    pc.start()
    news, unchanged = pc.without_known("selling", rows)
    assert ([row["auction_id"] for row in news], sum(unchanged[1::2])) == (["a1"], 4)
    answer = pc.post("selling", rows, incremental=True)
    assert (answer["stored"], answer["unchanged"]) == (1, 4)
    pc.post("closed", [], incremental=True)
    assert pc.without_known("won", [won("w1")])[0] == []
    pc.post("won", [won("w1")], incremental=True)
    summary = pc.finish()["summary"]
    assert (summary["selling"], summary["orders"], summary["orders_new"], summary["unlinked"]) == (5, 1, 0, 5)
    assert set(last_seen(shop).values()) == {2}
    assert (state_of(shop, ours), full_runs(shop)) == ("ACTIVE", [True, False])


def test_b7_what_was_asked_for_is_known_for_this_run_only(
    shop: Shop, client: FlaskClient, pc: Pc, account_id: int
) -> None:
    pc.sync(selling=[auction("a1")])
    pc.start()
    stranger = pc_of(shop, client, account_id)
    stranger.run_id = pc.run_id
    assert stranger.call("GET", f"/runs/{pc.run_id}/known/selling").status_code == 404
    assert pc.call("GET", f"/runs/{pc.run_id}/known/detail").status_code == 404
    assert [auction_id for auction_id, _ in pc.known("selling")] == ["a1"]


def test_b7_a_full_run_is_told_nothing(pc: Pc) -> None:
    pc.start()
    assert pc.known("selling") == {}


@pytest.mark.parametrize("where", ["closed", "another account", "no row"])
def test_b7_rows_that_are_not_known_from_that_list_are_refused(
    shop: Shop, client: FlaskClient, pc: Pc, where: str
) -> None:
    other = pc_of(shop, client, shop.yahoo_account(store_id="demo-store-2"))
    other.sync(selling=[auction("b1")])
    pc.sync(selling=[auction("a1")], closed=[auction("c1", result="落札者なし")])
    with shop.read() as session:
        numbers = dict(session.execute(sa.select(ObservedListing.external_id, ObservedListing.id)).all())
    number = {"closed": numbers["c1"], "another account": numbers["b1"], "no row": 10**9}[where]
    pc.start()
    before = last_seen(shop)
    answer = pc.send(pc.body("selling", [], seq=1) | {"unchanged": [number - 1, 1]})
    assert (answer.status_code, answer.get_json()["field"]) == (422, "unchanged")
    assert last_seen(shop) == before


def test_b7_a_day_later_everything_is_read_again(shop: Shop, pc: Pc) -> None:
    for _ in range(3):
        pc.sync(selling=[auction("a1")])
    with shop.work() as uow:
        uow.session.execute(sa.update(SyncRun).values(started_at=uow.at - timedelta(hours=25)))
    pc.sync(selling=[auction("a1")])
    pc.sync(selling=[auction("a1")])
    assert full_runs(shop) == [True, False, False, True, False]


def test_b7_an_auction_of_ours_that_is_nowhere_makes_the_next_run_full_and_only_that_one_gives_it_up(
    shop: Shop, pc: Pc, account_id: int
) -> None:
    ours = listing(shop, account_id, shop.item(), "N1")
    pc.sync(selling=[auction("a1", "N1")])
    pc.sync(incremental=True)
    assert state_of(shop, ours) == "ACTIVE"
    pc.sync(closed=[auction("x1", result="落札者なし")])
    assert (state_of(shop, ours), full_runs(shop)) == ("NEEDS_REVIEW", [True, False, True])


def test_b7_what_a_broken_run_saw_is_sent_again(shop: Shop, pc: Pc) -> None:
    pc.sync(closed=[auction("c1", result="落札者なし")])
    pc.start()
    pc.post("closed", [auction("c2", result="落札者なし"), auction("c1", result="落札者なし")])
    pc.fail("LOGIN_REQUIRED")
    pc.start()
    assert [auction_id for auction_id, _ in pc.known("closed")] == ["c1"]


def test_b7_an_unchanged_auction_still_reopens_its_listing(shop: Shop, pc: Pc, account_id: int) -> None:
    ours = listing(shop, account_id, shop.item(), "N1")
    pc.sync(selling=[auction("a1", "N1")])
    with shop.work() as uow:
        uow.session.execute(
            sa.update(Listing).where(Listing.id == ours).values(state=ListingState.NEEDS_REVIEW)
        )
    pc.sync(selling=[auction("a1", "N1")], incremental=True)
    assert state_of(shop, ours) == "ACTIVE"


def test_b7_an_unchanged_bid_gets_the_unit_that_came_back(shop: Shop, pc: Pc, account_id: int) -> None:
    stock_item = shop.item()
    listing(shop, account_id, stock_item, "N1")
    rows = [auction("a1", "N1", bid_count=1)]
    on_hand(shop, stock_item, 0)
    assert [each["code"] for each in pc.sync(selling=rows)["notices"]] == ["BID_WITHOUT_STOCK"]
    on_hand(shop, stock_item, 1)
    assert pc.sync(selling=rows, incremental=True)["notices"] == []
    with shop.read() as session:
        assert session.scalars(sa.select(Reservation.quantity)).all() == [1]


def test_b7_an_order_without_an_address_is_asked_for_again(pc: Pc) -> None:
    nowhere = {"w1": detail("w1", [item("w1")], "入金済み", buyer=None)}
    pc.sync(orders=[won("w1", status="入金済み")], details=nowhere)
    pc.start()
    pc.post("selling", [], incremental=True)
    pc.post("closed", [], incremental=True)
    assert pc.post("won", [won("w1", status="入金済み")], incremental=True)["wanted_details"] == ["w1"]


# --- the same history, sent in full and sent in part, leaves the same books -----------------------------------------

Day = dict[str, Any]


def history(seed: int, prefix: str) -> list[Day]:
    """Days of a store with a dozen auctions: bids, sales, unsold ends, withdrawals, payments, cancellations."""
    dice = random.Random(seed)
    selling = {f"a{n}": auction(f"a{n}", f"{prefix}{n}") for n in range(12)}
    closed: list[dict[str, Any]] = []
    orders: dict[str, dict[str, Any]] = {}
    days = []
    for day in range(10):
        for key, row in list(selling.items()):
            match dice.randrange(8):
                case 0 | 1:
                    selling[key] = row | {"bid_count": row["bid_count"] + 1, "current_price": 1000 + day}
                case 2:
                    result = dice.choice(["落札者あり", "落札者なし", "取消"])
                    ended = f"2098-01-{day + 1:02d}T12:00:00Z"
                    closed.insert(0, selling.pop(key) | {"result": result, "ends_at": ended})
                    if result == "落札者あり":
                        orders[key] = won(key, row["management_number"], won_at="2026-11-24T00:00:00Z")
        for row in orders.values():
            if dice.randrange(3) == 0:
                row["status"] = dice.choice(["未処理", "入金済み", "発送済み", "キャンセル", "知らない言葉"])
        lists = {"selling": selling.values(), "closed": closed, "orders": orders.values()}
        days.append({name: [dict(row) for row in rows] for name, rows in lists.items()})
    return days


def books(shop: Shop, account_id: int) -> dict[str, Any]:
    """Everything the sync has said about an account, without the numbers of rows."""
    seen = sa.and_(
        ListingSeen.account_id == ObservedListing.account_id,
        ListingSeen.external_id == ObservedListing.external_id,
    )
    row = ObservedListing
    held = sa.select(Reservation.kind, Reservation.state, Reservation.quantity, StockItem.grade)
    statements = {
        "observed": sa.select(
            row.external_id, row.seen_phase, row.result, row.current_price, ListingSeen.run_number
        ).join(ListingSeen, seen).where(row.account_id == account_id),
        "listings": sa.select(Listing.title, Listing.state, Listing.sold_quantity).where(Listing.account_id == account_id),
        "orders": sa.select(
            OrderLine.external_id, Order.state, Order.raw_status, Order.needs_review, OrderLine.stock_state
        ).join(Order, Order.id == OrderLine.order_id).where(Order.account_id == account_id),
        "held": held.join(StockItem, StockItem.id == Reservation.stock_item_id)
        .join(Listing, Listing.stock_item_id == StockItem.id).where(Listing.account_id == account_id),
    }  # fmt: skip
    with shop.read() as session:
        return {name: sorted(map(str, session.execute(each))) for name, each in statements.items()}


@pytest.mark.parametrize("seed", range(4))
def test_b7_a_store_sent_in_part_is_known_as_one_sent_in_full(
    shop: Shop, client: FlaskClient, seed: int
) -> None:
    found = []
    for prefix in ("FULL", "PART"):
        account_id = shop.yahoo_account(store_id=f"demo-{prefix}")
        for n in range(12):
            listing(shop, account_id, shop.item(grade=f"{n}"), f"{prefix}{n}", title=f"{n}")
        pc = pc_of(shop, client, account_id)
        for day in history(seed, prefix):
            pc.sync(**day, incremental=prefix == "PART")
        found.append(books(shop, account_id))
    assert found[0] == found[1]
    assert found[1]["orders"]
