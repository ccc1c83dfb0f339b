"""R22, R25, R27, R28: Amazon's orders through its API, against the sandbox: pulled, linked to stock, and never missed or taken twice."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
import time_machine
from flask.testing import FlaskClient

from recore.accounts import linking
from recore.accounts.health import blind_accounts
from recore.accounts.models import ApiLink
from recore.accounts.queries import api_link
from recore.channels.amazon import importer
from recore.commands import service as command_service
from recore.commands.models import MarketplaceCommand
from recore.identity.settings import change_setting
from recore.orders import buyers
from recore.orders.models import Order, OrderEvent, OrderExternalId, OrderLine
from recore.platform.db import UnitOfWork
from recore.platform.jobs import Job, JobState, enqueue
from recore.sales.models import SaleEntry
from recore.settings import Settings
from recore.stock.rules import ReservationKind
from recore.stock.service import hold, release
from recore.sync import pull_jobs, ship_jobs
from recore.sync.models import OrderPull, PulledOrder
from tests.sandbox.amazon_market import Market, amazon_account, go_on, hear, listed, offer_now, state_of
from tests.sandbox.api_market import Fault, Go, answer, lost, unreachable
from tests.support.desk import listing_now, run_jobs, wired
from tests.support.shop import Shop
from tests.support.store import OrderNow, auction, listing, order_now, orders_now, pc_of

ROOT = Path(__file__).parents[2]
LIST, ORDER = "GET orders", "GET order"
NOW = timedelta()


class Clock:
    """Ours and the sandbox's, which share this process."""

    def __init__(self, traveller: time_machine.Coordinates) -> None:
        self._traveller = traveller

    def pass_by(self, **delta: float) -> None:
        self._traveller.shift(timedelta(**delta))


@pytest.fixture
def clock() -> Iterator[Clock]:
    with time_machine.travel(datetime.now(UTC), tick=True) as traveller:
        yield Clock(traveller)


@pytest.fixture
def market(tmp_path: Path) -> Iterator[Market]:
    made = Market(tmp_path / "market")
    yield made
    made.app.close()


@pytest.fixture
def account_id(shop: Shop, market: Market, clock: Clock) -> int:
    return amazon_account(shop, market)


@pytest.fixture
def pulls(shop: Shop, account_id: int, clock: Clock) -> Any:
    """A pull in which everything that has happened so far can be found."""

    def pull() -> None:
        clock.pass_by(minutes=5)
        hear(shop, account_id, NOW)
        go_on(shop)

    return pull


def on_sale(shop: Shop, account_id: int, **how: int) -> tuple[int, int, str]:
    """(item, listing, SKU)"""
    item, offer = listed(shop, account_id, **how)
    go_on(shop)
    go_on(shop, timedelta(minutes=1))
    assert state_of(shop, offer) == ("ACTIVE", None)
    return item, offer, listing_now(shop, offer).management_number


def waiting(shop: Shop) -> dict[str, tuple[str, str | None]]:
    """order number → (state, reason)"""
    with shop.read() as session:
        rows = session.scalars(sa.select(PulledOrder).order_by(PulledOrder.id))
        return {row.order_number: (str(row.state), row.reason) for row in rows}


def link_now(shop: Shop, account_id: int) -> ApiLink:
    with shop.read() as session:
        found = api_link(session, account_id)
        assert found is not None
        return found


def stock_of(order: OrderNow) -> list[str]:
    return sorted(order.lines.values())


def manager(shop: Shop, client: FlaskClient) -> FlaskClient:
    shop.app.config["WTF_CSRF_ENABLED"] = False
    assert client.post("/login", data={"login_id": "demo", "password": "demo-pass"}).status_code == 302
    return client


def pages_of(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    facts = importer.order_facts() | {"page_size": size}
    monkeypatch.setattr(importer, "order_facts", lambda: facts)


# --- intake ------------------------------------------------------------------------------------------------------


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


# --- lists -------------------------------------------------------------------------------------------------------


def test_every_page_of_a_list_brings_addresses(
    shop: Shop, market: Market, account_id: int, pulls: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages_of(monkeypatch, 2)
    made = market.act("amazon-seed-orders", count=5, paid=True)["order_ids"]
    pulls()
    assert sorted(waiting(shop)) == sorted(made)
    assert [each.has_address for each in orders_now(shop)] == [True] * 5
    assert (market.line.calls.count(LIST), market.line.calls.count(ORDER)) == (3, 0)


def test_what_changes_is_taken_in_again_and_nothing_else(
    shop: Shop, market: Market, account_id: int, pulls: Any
) -> None:
    made = market.act("amazon-seed-orders", count=3, paid=True)["order_ids"]
    pulls()
    with shop.read() as session:
        runs = session.scalar(sa.select(sa.func.max(Order.observed_run)))
    pulls()
    with shop.read() as session:
        assert session.scalar(sa.select(sa.func.max(Order.observed_run))) == runs, (
            "the overlap shows them as they were"
        )
    market.act("amazon-ship", order_id=made[1])
    pulls()
    assert [each.state for each in orders_now(shop)] == ["UNSHIPPED", "SHIPPED", "UNSHIPPED"]


def test_a_list_ends_more_than_two_minutes_ago_and_the_next_one_overlaps_it(
    shop: Shop, market: Market, account_id: int, clock: Clock
) -> None:
    asked: list[httpx.QueryParams] = []
    answered = market.line.handle_request

    def keep(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.params)
        return answered(request)

    market.line.handle_request = keep  # type: ignore[method-assign]
    market.ordered("X1")
    clock.pass_by(minutes=1)
    hear(shop, account_id, NOW)
    assert orders_now(shop) == [], "too new for a search"
    clock.pass_by(minutes=5)
    hear(shop, account_id, NOW)
    assert len(orders_now(shop)) == 1
    first, second = [each for each in asked if "lastUpdatedAfter" in each]
    assert all(
        each[name].endswith("Z")
        for each in (first, second)
        for name in ("lastUpdatedAfter", "lastUpdatedBefore")
    )
    assert first["lastUpdatedBefore"] > second["lastUpdatedAfter"]


def test_a_page_token_that_is_over_begins_the_list_again(
    shop: Shop, market: Market, account_id: int, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages_of(monkeypatch, 2)
    market.act("amazon-seed-orders", count=5, paid=True)
    clock.pass_by(minutes=5)
    market.line.faults[LIST] = [lambda go: go(), unreachable]
    hear(shop, account_id, NOW)
    assert len(orders_now(shop)) == 2
    clock.pass_by(hours=25)
    hear(shop, account_id, NOW)
    assert link_now(shop, account_id).failure is not None
    clock.pass_by(minutes=5)
    hear(shop, account_id, NOW)
    assert len(orders_now(shop)) == 5 and link_now(shop, account_id).failure is None
    with shop.read() as session:
        pull = session.scalars(sa.select(OrderPull)).one()
    assert (pull.next_start, pull.page_token) == (None, None)


@pytest.mark.parametrize("calls", range(4))
def test_killed_anywhere_it_goes_on_where_it_was(
    shop: Shop, market: Market, account_id: int, settings: Settings, tmp_path: Path, clock: Clock, calls: int
) -> None:
    """SIGKILL of the worker at its n-th statement after a page; no order is lost, none is twice."""
    made = market.act("amazon-seed-orders", count=4, paid=True)["order_ids"]
    clock.pass_by(minutes=10)
    with shop.work() as uow:
        linking.pull_soon(uow, account_id)
        at = uow.at
    where = [str(tmp_path / "market"), str(settings.data_dir), settings.database]
    command = [sys.executable, "-m", "tests.sandbox.amazon_pull_worker", *where, at.isoformat(), str(calls)]
    ended = subprocess.run(command, cwd=ROOT, check=False, capture_output=True)
    assert ended.returncode == -signal.SIGKILL, ended.stderr.decode()
    assert len(orders_now(shop)) == calls
    with shop.work() as uow:
        over = {"lease_until": uow.at - timedelta(seconds=1)}
        uow.session.execute(sa.update(Job).where(Job.state == JobState.RUNNING).values(**over))
    clock.pass_by(minutes=1)
    run_jobs(shop)
    assert len(orders_now(shop)) == 4 and all(state == "TAKEN" for state, _ in waiting(shop).values())
    assert sorted(waiting(shop)) == sorted(made)
    assert link_now(shop, account_id).pulled_at is not None


# --- one bad order -----------------------------------------------------------------------------------------------


def test_one_bad_order_is_set_aside_shown_and_taken_in_when_it_is_mended(
    shop: Shop, market: Market, account_id: int, pulls: Any, client: FlaskClient
) -> None:
    bad, _ = market.ordered("X1"), market.ordered("X2")
    market.act("amazon-change-order", order_id=bad, drop=["/orderItems/0/quantityOrdered"])
    pulls()
    assert len(orders_now(shop)) == 1, "the other one went on"
    state, reason = waiting(shop)[bad]
    assert (
        state == "ASIDE"
        and reason is not None
        and reason.startswith("数量（quantityOrdered）：数字ではありません。")
    )
    assert link_now(shop, account_id).pulled_at is not None and link_now(shop, account_id).failure is None
    browser = manager(shop, client)
    shown = browser.get(f"/settings/accounts/{account_id}/runs").text
    assert bad in shown and "数字ではありません" in shown
    pulls()
    assert waiting(shop)[bad][0] == "ASIDE"
    market.act("amazon-change-order", order_id=bad)
    assert browser.post(f"/settings/accounts/{account_id}/runs/fetch-again").status_code == 302
    run_jobs(shop)
    assert len(orders_now(shop)) == 2 and waiting(shop)[bad] == ("TAKEN", None)


def test_an_order_without_a_number_does_not_stop_the_others(
    shop: Shop, market: Market, account_id: int, pulls: Any
) -> None:
    bad, _ = market.ordered("X1"), market.ordered("X2")
    market.act("amazon-change-order", order_id=bad, drop=["/orderId"])
    pulls()
    assert len(orders_now(shop)) == 1
    assert [state for state, _ in waiting(shop).values()].count("ASIDE") == 1


# --- health (R28) ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fault", [answer(503), answer(500, ""), answer(429), lost, unreachable, answer(200, "[]")],
    ids=["html503", "empty500", "429", "lost", "unreachable", "unreadable"],
)  # fmt: skip
def test_r28_a_pull_that_fails_is_told_and_goes_on_by_itself(
    shop: Shop, market: Market, account_id: int, clock: Clock, fault: Fault
) -> None:
    market.ordered("X1")
    clock.pass_by(minutes=5)
    market.line.faults[LIST] = [fault]
    hear(shop, account_id, NOW)
    link = link_now(shop, account_id)
    assert link.failure is not None and link.pulled_at is None and link.is_on
    clock.pass_by(minutes=30)
    with shop.work() as uow:
        enqueue(uow, pull_jobs.DUE, {})
    run_jobs(shop)
    link = link_now(shop, account_id)
    assert (link.failure, len(orders_now(shop))) == (None, 1)
    assert link.heard_until is not None and link.pulled_at is not None and link.heard_until < link.pulled_at


def test_r28_a_missing_role_is_named_by_the_test_and_shouted_about(
    shop: Shop, market: Market, account_id: int, clock: Clock, client: FlaskClient
) -> None:
    refused = answer(
        403,
        '{"errors":[{"code":"Unauthorized","message":"Access to requested resource is denied.","details":""}]}',
    )
    browser = manager(shop, client)
    market.line.faults[ORDER] = [refused]
    said = browser.post(f"/settings/accounts/{account_id}/keys/try_out", follow_redirects=True).text
    assert "受注とお届け先を読めない" in said and "ロール" in said
    assert (
        "受注も取り込めます"
        in browser.post(f"/settings/accounts/{account_id}/keys/try_out", follow_redirects=True).text
    )
    market.line.faults[LIST] = [refused, refused]
    hear(shop, account_id, NOW)
    clock.pass_by(minutes=11)
    hear(shop, account_id, NOW)
    with shop.read() as session:
        (told,) = blind_accounts(session, datetime.now(UTC))
    assert told.name == "Amazon店の公式API" and "ロール" in told.message and told.since is not None
    assert "から受注を取り込めていません" in browser.get(f"/settings/accounts/{account_id}/keys").text
    hear(shop, account_id, NOW)
    with shop.read() as session:
        assert blind_accounts(session, datetime.now(UTC)) == []


def test_keys_that_were_there_before_orders_were_pulled_are_enough(
    shop: Shop, market: Market, account_id: int, clock: Clock
) -> None:
    market.ordered("X1")
    with shop.work() as uow:
        uow.session.execute(
            sa.update(ApiLink).values(next_pull_at=None).where(ApiLink.account_id == account_id)
        )
    clock.pass_by(minutes=5)
    with shop.work() as uow:
        enqueue(uow, pull_jobs.DUE, {})
    run_jobs(shop)
    assert len(orders_now(shop)) == 1


# --- 併売 (R27) --------------------------------------------------------------------------------------------------


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


# --- shipping (R24) ----------------------------------------------------------------------------------------------

SHIP = "POST order"
PARCEL = {"carrier": "YAMATO", "tracking_number": "1234-5678-9012"}


@pytest.fixture
def unshipped(shop: Shop, market: Market, account_id: int, pulls: Any) -> tuple[int, str]:
    """(order, its number at Amazon) of an order that is to be sent."""
    _, _, sku = on_sale(shop, account_id)
    number = market.bought(sku)
    pulls()
    market.line.calls.clear()
    return order_now(shop).id, number


def press_ship(shop: Shop, client: FlaskClient, order_id: int, **typed: str) -> str:
    browser = manager(shop, client)
    form = PARCEL | {"staff_code": "1001"} | typed
    return browser.post(f"/ec/orders/{order_id}/shipment/ask", data=form, follow_redirects=True).text


def notice(shop: Shop) -> MarketplaceCommand:
    with shop.read() as session:
        return session.scalars(sa.select(MarketplaceCommand)).one()


def due(shop: Shop) -> None:
    with shop.work() as uow:
        enqueue(uow, ship_jobs.DUE, {})
    run_jobs(shop)


def parcels(market: Market, number: str) -> list[dict[str, Any]]:
    return list(market.order(number)["packages"])


def test_r24_shipping_is_told_at_once_and_the_order_follows(
    shop: Shop, market: Market, unshipped: tuple[int, str], client: FlaskClient
) -> None:
    order_id, number = unshipped
    assert "発送通知を依頼しました" in press_ship(shop, client, order_id)
    run_jobs(shop)
    (parcel,) = parcels(market, number)
    assert (parcel["carrier"], parcel["tracking_number"]) == ("YAMATO", "1234-5678-9012")
    assert (order_now(shop).state, notice(shop).state) == ("SHIPPED", "DONE")
    assert market.line.calls == [ORDER, SHIP, ORDER]
    with shop.read() as session:
        item = session.scalars(sa.select(OrderLine.stock_item_id)).one()
    assert item is not None and shop.counts(item) == (0, 0, 0)
    page = manager(shop, client).get(f"/ec/orders/{order_id}").text
    assert "1234-5678-9012" in page


def test_r24_a_carrier_that_amazon_has_no_code_for_goes_by_its_name(
    shop: Shop, market: Market, unshipped: tuple[int, str], client: FlaskClient
) -> None:
    order_id, number = unshipped
    press_ship(shop, client, order_id, carrier="SEINO")
    run_jobs(shop)
    assert parcels(market, number)[0]["carrier"] == "西濃運輸"


def test_r24_a_form_without_number_is_refused_by_name(
    shop: Shop, market: Market, unshipped: tuple[int, str], client: FlaskClient
) -> None:
    assert "伝票番号を入力してください" in press_ship(shop, client, unshipped[0], tracking_number="")
    assert "配送会社を選んでください" in press_ship(shop, client, unshipped[0], carrier="")
    run_jobs(shop)
    assert market.line.calls == []


@pytest.mark.parametrize("fault", [lost, answer(503), answer(500, "")], ids=["lost", "html503", "empty500"])
def test_r24_an_answer_that_was_lost_is_read_back_and_not_sent_again(
    shop: Shop, market: Market, unshipped: tuple[int, str], client: FlaskClient, clock: Clock, fault: Fault
) -> None:
    """Read back while Amazon still shows the order as it was before."""
    order_id, number = unshipped

    def taken(go: Go) -> httpx.Response:
        go()
        return fault(go)

    market.line.faults[SHIP] = [lost if fault is lost else taken]
    press_ship(shop, client, order_id)
    run_jobs(shop)
    assert notice(shop).state == "SENDING" and "返事が届きませんでした" in (notice(shop).reason or "")
    due(shop)
    assert market.line.calls.count(SHIP) == 1, "not before its time"
    clock.pass_by(minutes=11)
    due(shop)
    assert (notice(shop).state, order_now(shop).state) == ("DONE", "SHIPPED")
    assert len(parcels(market, number)) == 1 and market.line.calls.count(SHIP) == 1


def test_r24_what_certainly_did_not_arrive_is_sent_once_more(
    shop: Shop, market: Market, unshipped: tuple[int, str], client: FlaskClient, clock: Clock
) -> None:
    order_id, number = unshipped
    market.line.faults[SHIP] = [answer(503)]
    press_ship(shop, client, order_id)
    run_jobs(shop)
    for _ in range(3):
        clock.pass_by(minutes=11)
        due(shop)
    assert (notice(shop).state, order_now(shop).state) == ("DONE", "SHIPPED")
    assert len(parcels(market, number)) == 1 and market.line.calls.count(SHIP) == 2


def test_r24_a_lag_of_amazons_reading_makes_no_second_parcel(
    shop: Shop, market: Market, unshipped: tuple[int, str], client: FlaskClient, clock: Clock
) -> None:
    """It was taken, nobody heard it, and Amazon shows the order as it was for longer than we wait: what is sent again is refused
    there, which is no error of the shop's.
    """
    order_id, number = unshipped
    clock.pass_by(minutes=20)
    market.act("amazon-settings", get_order_lag_seconds=15 * 60)
    market.line.faults[SHIP] = [lost]
    press_ship(shop, client, order_id)
    run_jobs(shop)
    clock.pass_by(minutes=9)
    due(shop)
    assert market.line.calls.count(SHIP) == 1, "it may still show up"
    for _ in range(3):
        clock.pass_by(minutes=6)
        due(shop)
        assert notice(shop).state != "FAILED"
    clock.pass_by(minutes=11)
    due(shop)
    assert (notice(shop).state, order_now(shop).state) == ("DONE", "SHIPPED")
    assert len(parcels(market, number)) == 1 and market.line.calls.count(SHIP) <= 2


@pytest.mark.parametrize("fault", [answer(429), unreachable], ids=["429", "unreachable"])
def test_r24_what_was_not_taken_waits_and_goes_on(
    shop: Shop, market: Market, unshipped: tuple[int, str], client: FlaskClient, clock: Clock, fault: Fault
) -> None:
    order_id, _ = unshipped
    market.line.faults[SHIP] = [fault] * 3
    press_ship(shop, client, order_id)
    run_jobs(shop)
    assert (notice(shop).state, notice(shop).clicks) == ("QUEUED", 0)
    shown = manager(shop, client).get(f"/ec/orders/{order_id}").text
    assert "自動でもう一度送ります" in shown
    for _ in range(4):
        clock.pass_by(minutes=11)
        due(shop)
    assert notice(shop).state == "DONE"


def test_r24_a_refusal_is_shown_and_may_be_mended(
    shop: Shop, market: Market, unshipped: tuple[int, str], client: FlaskClient
) -> None:
    order_id, _ = unshipped
    said = '{"errors":[{"code":"InvalidInput","message":"CarrierCode is invalid.","details":""}]}'
    market.line.faults[SHIP] = [answer(400, said)]
    press_ship(shop, client, order_id)
    run_jobs(shop)
    assert notice(shop).state == "FAILED" and order_now(shop).state == "UNSHIPPED"
    page = manager(shop, client).get(f"/ec/orders/{order_id}").text
    assert "CarrierCode is invalid" in page and 'data-testid="ship"' in page
    press_ship(shop, client, order_id, carrier="SAGAWA")
    run_jobs(shop)
    assert order_now(shop).state == "SHIPPED"


def test_r24_shipped_or_cancelled_there_meanwhile_nothing_is_sent(
    shop: Shop, market: Market, unshipped: tuple[int, str], client: FlaskClient
) -> None:
    order_id, number = unshipped
    press_ship(shop, client, order_id)
    market.act("amazon-cancel", order_id=number, by="BUYER", reason="不要")
    run_jobs(shop)
    assert SHIP not in market.line.calls
    assert (order_now(shop).state, notice(shop).state) == ("CANCELLED", "CANCELLED")


def test_r24_the_extension_is_not_given_what_the_server_does(
    shop: Shop, market: Market, account_id: int, unshipped: tuple[int, str], client: FlaskClient
) -> None:
    press_ship(shop, client, unshipped[0])
    pc = pc_of(shop, client, account_id)
    told = pc.call("POST", f"/accounts/{account_id}/commands", answer="command_answer")
    assert told.get_json()["command"] is None


def test_r24_two_workers_at_once_send_one_notice(
    shop: Shop, market: Market, unshipped: tuple[int, str], client: FlaskClient
) -> None:
    order_id, number = unshipped
    press_ship(shop, client, order_id)
    command_id = notice(shop).id
    with shop.work() as uow:
        assert command_service.claim_by_server(uow, command_id) is not None
    with shop.work() as uow:
        assert command_service.claim_by_server(uow, command_id) is None
        assert list(command_service.due_by_server(uow)) == []
    run_jobs(shop)
    assert parcels(market, number) == []
