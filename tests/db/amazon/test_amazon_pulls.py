"""R22, R28: the lists that orders come by: page by page, resumed, never a bad order in the way of the others, and told when they fail."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from recore.accounts import linking
from recore.accounts.health import blind_accounts
from recore.accounts.models import ApiLink, MarketplaceAccount
from recore.channels.amazon import importer
from recore.channels.amazon.settings import rate_of
from recore.orders.models import Order
from recore.platform.jobs import Job, JobState, enqueue
from recore.platform.ratelimit import hold_off
from recore.settings import Settings
from recore.stock.rules import ReservationKind
from recore.stock.service import hold, release
from recore.sync import order_pull, pull_jobs
from recore.sync.models import OrderPull
from tests.sandbox.amazon_market import LIST, NOW, ORDER, Clock, Market, hear, manager, offer_now, on_sale
from tests.sandbox.api_market import Fault, Go, answer, link_now, lost, unreachable, waiting
from tests.support.desk import run_jobs
from tests.support.shop import Shop
from tests.support.store import order_now, orders_now

ROOT = Path(__file__).parents[3]


def pages_of(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    facts = importer.order_facts() | {"page_size": size}
    monkeypatch.setattr(importer, "order_facts", lambda: facts)


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


# --- the list and the single order disagree ----------------------------------------------------------------------


def without_quantities(go: Go) -> httpx.Response:
    """A list in which no order can be read: each is asked for by itself."""
    told = json.loads(go().read())
    for order in told["orders"]:
        for item in order["orderItems"]:
            item.pop("quantityOrdered")
    return httpx.Response(200, json=told)


def test_r22_a_change_that_only_the_list_knows_yet_is_not_lost(
    shop: Shop, market: Market, account_id: int, pulls: Any, clock: Clock
) -> None:
    number = market.ordered("X1")
    pulls()
    clock.pass_by(minutes=20)
    market.act("amazon-ship", order_id=number)
    market.act("amazon-settings", get_order_lag_seconds=15 * 60)
    market.line.faults[LIST] = [without_quantities]
    pulls()
    assert (order_now(shop).state, waiting(shop)[number][0]) == ("UNSHIPPED", "WAITING")
    assert link_now(shop, account_id).failure is None
    for _ in range(12):
        clock.pass_by(minutes=1)
        run_jobs(shop)
    assert (order_now(shop).state, waiting(shop)[number]) == ("SHIPPED", ("TAKEN", None))


def test_r28_one_order_that_amazon_never_answers_holds_up_nothing_and_is_tried_every_hour(
    shop: Shop, market: Market, account_id: int, pulls: Any, clock: Clock
) -> None:
    item, _, sku = on_sale(shop, account_id)
    number = market.bought(sku)
    market.line.faults = {LIST: [without_quantities] * 8, ORDER: [answer(503)] * 6}
    for _ in range(order_pull.MAX_ATTEMPTS + 1):
        pulls()
    assert waiting(shop)[number][0] == "ASIDE" and link_now(shop, account_id).failure is None
    assert link_now(shop, account_id).pulled_at is not None
    clock.pass_by(hours=1)
    pulls()
    assert waiting(shop)[number][0] == "ASIDE", "once more, with the same answer"
    clock.pass_by(hours=1)
    pulls()
    assert waiting(shop)[number] == ("TAKEN", None) and shop.counts(item) == (1, 1, 0)
    with shop.read() as session:
        assert session.scalars(sa.select(MarketplaceAccount.attention)).one() == []


def test_r28_waiting_for_our_own_turn_is_no_failure(
    shop: Shop, market: Market, account_id: int, clock: Clock
) -> None:
    market.ordered("X1")
    clock.pass_by(minutes=5)
    with shop.work() as uow:
        hold_off(uow, f"account:{account_id}:searchOrders", rate_of("searchOrders"), timedelta(minutes=3))
    hear(shop, account_id, NOW)
    assert (link_now(shop, account_id).failure, orders_now(shop)) == (None, [])
    clock.pass_by(minutes=4)
    run_jobs(shop)
    assert link_now(shop, account_id).pulled_at is not None and len(orders_now(shop)) == 1


# --- what is in an order that cannot be taken in (R27, R28) ------------------------------------------------------


def test_r27_the_goods_of_an_order_that_cannot_be_read_are_named_and_not_raised(
    shop: Shop, market: Market, account_id: int, pulls: Any, client: FlaskClient
) -> None:
    item, offer, sku = on_sale(shop, account_id, quantity=3)
    other_item, _, other = on_sale(shop, account_id, quantity=2)
    number = market.bought(sku)
    market.act("amazon-change-order", order_id=number, drop=["/orderItems/0/quantityOrdered"])
    for each in (item, other_item):
        with shop.work() as uow:
            hold(uow, each, ReservationKind.BID, 70 + each, 1)
    pulls()
    state, reason = waiting(shop)[number]
    assert state == "ASIDE" and reason is not None and f"（{sku}）の在庫は、まだ確保していません" in reason
    with shop.read() as session:
        (told,) = session.scalars(sa.select(MarketplaceAccount.attention)).one() or []
    assert told["code"] == "ORDERS_ASIDE" and sku in told["message"]
    for each in (item, other_item):
        with shop.work() as uow:
            release(uow, ReservationKind.BID, 70 + each)
    for _ in range(3):
        pulls()
    assert market.offers()[other]["quantity"] == 2, "the others go on"
    assert market.offers()[sku]["quantity"] == 2 and offer_now(shop, offer).raise_to == 3, (
        "one of three is sold"
    )
    market.act("amazon-change-order", order_id=number)
    for _ in range(3):
        pulls()
    assert shop.counts(item) == (3, 1, 2) and market.offers()[sku]["quantity"] == 2
    assert offer_now(shop, offer).raise_to is None


def test_r27_an_order_without_a_state_holds_its_units_and_is_for_a_person(
    shop: Shop, market: Market, account_id: int, pulls: Any
) -> None:
    item, _, sku = on_sale(shop, account_id)
    number = market.bought(sku)
    market.act("amazon-change-order", order_id=number, drop=["/fulfillment/fulfillmentStatus"])
    pulls()
    order = order_now(shop)
    assert (order.state, order.needs_review, shop.counts(item)) == ("ON_HOLD", True, (1, 1, 0))
    market.act("amazon-change-order", order_id=number)
    pulls()
    assert (order_now(shop).state, order_now(shop).needs_review) == ("UNSHIPPED", False)
