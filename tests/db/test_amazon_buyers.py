"""Rule 13: what Amazon tells of buyers is encrypted, deleted after its time, and nowhere else: not in logs, rows, jobs or the audit."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask.testing import FlaskClient

from recore.orders import buyers
from recore.orders.buyers import forget_expired
from recore.orders.models import OrderBuyer, OrderBuyerIndex
from recore.platform.db import Base
from recore.platform.jobs import enqueue
from recore.sync import ship_jobs
from tests.sandbox.amazon_market import Market, amazon_account, go_on, hear, listed
from tests.sandbox.api_market import answer, lost
from tests.support.desk import listing_now, run_jobs, wired
from tests.support.shop import Shop
from tests.support.store import order_now, orders_now

NOW = timedelta()
ADDRESS = {
    "name": "蓬莱 蝶々子", "companyName": "株式会社ぬばたま", "postalCode": "998-7766", "stateOrRegion": "山形県",
    "addressLine1": "酒田市無何有町7-7-7", "addressLine2": "夜光貝荘808", "phone": "080-5557-6665", "countryCode": "JP",
}  # fmt: skip
WORDS = "裏口の犬小屋の上に置いてください"
PUT = {
    "buyer": {"buyerName": ADDRESS["name"], "buyerEmail": "nubatama-secret@marketplace.amazon.co.jp"},
    "recipient": {"deliveryAddress": ADDRESS, "deliveryPreference": {"addressInstruction": WORDS}},
}
UNMISTAKABLE = (
    "蓬莱", "蝶々子", "ぬばたま", "無何有", "夜光貝", "998-7766", "5557-6665", "08055576665", "nubatama", "犬小屋",
)  # fmt: skip


@pytest.fixture
def clock() -> Iterator[time_machine.Coordinates]:
    with time_machine.travel(datetime.now(UTC), tick=True) as traveller:
        yield traveller


@pytest.fixture
def market(tmp_path: Path) -> Iterator[Market]:
    made = Market(tmp_path / "market")
    yield made
    made.app.close()


def everything_kept(shop: Shop) -> str:
    """Every row of every table, as text."""
    found = []
    with shop.read() as session:
        for table in Base.metadata.sorted_tables:
            mine = f" WHERE tenant_id = {shop.tenant_id}" if "tenant_id" in table.c else ""
            for row in session.execute(sa.text(f'SELECT * FROM "{table.name}"{mine}')):
                found += [
                    bytes(each).decode("utf-8", "ignore")
                    if isinstance(each, bytes | memoryview)
                    else str(each)
                    for each in row
                ]
    return "\n".join(found)


def bought(shop: Shop, market: Market, account_id: int) -> str:
    _, offer = listed(shop, account_id)
    go_on(shop)
    go_on(shop, timedelta(minutes=1))
    number = market.bought(listing_now(shop, offer).management_number)
    market.act("amazon-change-order", order_id=number, put=PUT)
    return number


def press_ship(shop: Shop, client: FlaskClient, order_id: int, number: str = "1234-5678-9012") -> None:
    shop.app.config["WTF_CSRF_ENABLED"] = False
    client.post("/login", data={"login_id": "demo", "password": "demo-pass"})
    form = {"carrier": "YAMATO", "tracking_number": number, "staff_code": "1001"}
    client.post(f"/ec/orders/{order_id}/shipment/ask", data=form)
    run_jobs(shop)


def test_rule_13_no_buyer_in_logs_rows_jobs_or_audit_whatever_happens(
    shop: Shop, market: Market, clock: time_machine.Coordinates, client: FlaskClient, capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    account_id = amazon_account(shop, market)
    good, broken, exploding = (bought(shop, market, account_id) for _ in range(3))
    market.act("amazon-change-order", order_id=broken, put=PUT, drop=["/orderItems/0/quantityOrdered"])
    keep, kept_buyers = buyers.keep, []

    def explode(*given: Any) -> None:
        """A mistake of ours that has all the buyer's data in its hands."""
        kept_buyers.append(given)
        if len(kept_buyers) > 1:
            raise RuntimeError(f"cannot keep {given} {ADDRESS}")
        keep(*given)

    monkeypatch.setattr(buyers, "keep", explode)
    clock.shift(timedelta(minutes=5))
    for fault in (answer(503), answer(500, str(PUT)), lost, answer(200, str(PUT))):
        market.line.faults["GET orders"] = [fault]
        hear(shop, account_id, NOW)
    hear(shop, account_id, NOW)
    order = order_now(shop)
    with shop.read() as session:
        buyer, message = buyers.read(session, wired(shop).keyring, [order.id])[order.id]
    assert (buyer.name, buyer.postal_code, message) == (ADDRESS["name"], "998-7766", WORDS)
    monkeypatch.setattr(buyers, "keep", keep)
    market.line.faults["POST order"] = [answer(429), lost]
    press_ship(shop, client, order.id)
    for _ in range(4):
        clock.shift(timedelta(minutes=11))
        with shop.work() as uow:
            enqueue(uow, ship_jobs.DUE, {})
        run_jobs(shop)
    assert {each.state for each in orders_now(shop) if each.id == order.id} == {"SHIPPED"}
    hear(shop, account_id, NOW)
    kept, told = everything_kept(shop), "".join(capfd.readouterr())
    assert good in kept and broken in kept and exploding in kept and "order not taken in" in told
    assert [each for each in UNMISTAKABLE if each in kept] == []
    assert [each for each in UNMISTAKABLE if each in told] == []


def test_rule_13_amazons_buyers_are_gone_thirty_days_after_shipping_and_stay_so(
    shop: Shop, market: Market, clock: time_machine.Coordinates
) -> None:
    account_id = amazon_account(shop, market)
    number = bought(shop, market, account_id)
    clock.shift(timedelta(minutes=5))
    hear(shop, account_id, NOW)
    market.act("amazon-ship", order_id=number)
    clock.shift(timedelta(minutes=5))
    hear(shop, account_id, NOW)
    assert order_now(shop).has_address
    clock.shift(timedelta(days=29, hours=23))
    with shop.work() as uow:
        assert forget_expired(uow) == 0
    clock.shift(timedelta(hours=2))
    with shop.work() as uow:
        assert forget_expired(uow) == 1
    market.act("amazon-change-order", order_id=number, put={"recipient": {"deliveryAddress": {"phone": "0"}}})
    clock.shift(timedelta(minutes=5))
    hear(shop, account_id, NOW)
    with shop.read() as session:
        left = [session.scalars(sa.select(table)).all() for table in (OrderBuyer, OrderBuyerIndex)]
    assert left == [[], []] and not order_now(shop).has_address


def test_rule_13_of_an_order_that_was_over_before_we_first_saw_it_the_time_has_begun_before(
    shop: Shop, market: Market, clock: time_machine.Coordinates
) -> None:
    account_id = amazon_account(shop, market)
    number = bought(shop, market, account_id)
    market.act("amazon-ship", order_id=number)
    clock.shift(timedelta(days=20))
    hear(shop, account_id, NOW)
    assert (order_now(shop).state, order_now(shop).has_address) == ("SHIPPED", True)
    clock.shift(timedelta(days=9))
    with shop.work() as uow:
        assert forget_expired(uow) == 0
    clock.shift(timedelta(days=2))
    with shop.work() as uow:
        assert forget_expired(uow) == 1
