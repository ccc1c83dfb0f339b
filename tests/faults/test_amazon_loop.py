"""R21, R22, R24, R32: the whole Amazon loop on PostgreSQL, Redis and two Celery workers that are killed again and again.

買取 → 出品する → 出品中 → order → 未出荷 → 出荷 → 出荷済み: every job done, none lost, no second listing, no second shipment, no stock
moved twice. Half of the workers die when Amazon has done what they asked for and before they know it; and what Amazon tells of
orders lags behind, so that reading one back at once would not show what was done.
"""

from __future__ import annotations

import dataclasses
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from demo.stage import free_port, sandbox
from recore.accounts import api_keys
from recore.accounts.models import MarketplaceAccount
from recore.app import create_app
from recore.channels.http import http_client
from recore.commands.models import MarketplaceCommand
from recore.identity.models import Staff
from recore.listings.models import Listing
from recore.orders import shipping
from recore.orders.models import Order, OrderLine
from recore.orders.shipping import Parcel
from recore.platform import clock as our_clock
from recore.platform.db import db
from recore.platform.jobs import Job, JobState
from recore.platform.tenancy import system_scope
from recore.settings import Settings
from recore.stock.models import StockLedgerEntry
from tests.faults import shared_clock
from tests.faults.workers import PATIENCE, Workers, jobs_by_state, wait_until, workers
from tests.sandbox.amazon_market import AT_ONCE, GROUP, KEYS, SELLER, listed
from tests.support.desk import wired
from tests.support.shop import Shop, open_shop

LATEST_STEP = 150  # statements and commits of a worker's life
AT_A_TIME = 2
# Seconds. Longer than the lease of who sends a notice and the start of another worker, shorter than what is waited for before it
# is sent again.
LAG = 570
STUCK = 4.0  # seconds in which nothing went on: a lease has to run out


class MarketProcess:
    """The pretend Amazon in a process of its own, with its control."""

    def __init__(self, port: int) -> None:
        self._control = f"http://sandbox.localhost:{port}/control"
        self._http = http_client()

    def act(self, action: str, **body: Any) -> dict[str, Any]:
        told = self._http.post(f"{self._control}/{action}", json=body)
        assert told.status_code == 200, told.text
        return dict(told.json() or {})

    def state(self) -> dict[str, Any]:
        return dict(self._http.get(f"{self._control}/state").json()["amazon"])


@dataclass
class World:
    """The shop, its market and the clock of both."""

    shop: Shop
    market: MarketProcess
    clock: Path
    account_id: int
    moved_at: float = 0.0

    def pass_time(self) -> None:
        """A minute, when nobody has anything to do, or nobody who is alive does it."""
        if time.monotonic() - self.moved_at > STUCK or not self._is_at_work():
            self.moved_at = time.monotonic()
            self.market.act("clock", minutes=1)
            shared_clock.put_forward(self.clock, 1)

    def _is_at_work(self) -> bool:
        with self.shop.app.app_context(), system_scope():
            try:
                is_due = sa.and_(Job.state == JobState.QUEUED, Job.not_before <= our_clock.now())
                statement = sa.select(sa.func.count(Job.id)).where(
                    sa.or_(Job.state == JobState.RUNNING, is_due)
                )
                return bool(db.session.scalar(statement))
            finally:
                db.session.remove()

    def states(self, column: Any) -> Counter[str]:
        with self.shop.read() as session:
            return Counter(str(each) for each in session.scalars(sa.select(column)))


@pytest.fixture
def world(
    scaled: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[World, Settings]]:
    port, clock = free_port(), tmp_path / "clock"
    here = f"http://localhost:{port}"
    settings = dataclasses.replace(scaled, amazon_auth_url=here, amazon_api_url=here)
    monkeypatch.setattr(our_clock, "now", our_clock.now)  # put back at the end
    shared_clock.put_forward(clock, 0)
    shared_clock.follow(clock)
    app: Flask = create_app(settings)
    with sandbox(tmp_path / "market", port, tmp_path / "market.log"):
        market = MarketProcess(port)
        market.act(
            "amazon-settings",
            throttle="off",
            get_order_lag_seconds=LAG,
            search_orders_lag_seconds=LAG,
            **AT_ONCE,
        )
        shop = open_shop(app)
        with shop.work() as uow:
            account = MarketplaceAccount(
                channel="amazon", name="Amazon店", profile="japan", store_id=SELLER,
                options={"defaults": {}, "saved_choices": {"shipping_group": [GROUP]}},
            )  # fmt: skip
            uow.session.add(account)
            uow.session.flush()
            account_id = account.id
            api = wired(shop).offer_apis["amazon"]
            api_keys.save_keys(uow, wired(shop).keyring, api, account_id, KEYS)
        yield World(shop, market, clock, account_id), settings
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def press_ship(world: World, number: int) -> None:
    """Every order that is 未出荷 and was not shipped yet, each with a number of its own."""
    with world.shop.read() as session:
        orders = session.scalars(sa.select(Order.id).where(Order.state == "UNSHIPPED")).all()
    for order_id in orders:
        with world.shop.work() as uow:
            staff = uow.session.scalars(sa.select(Staff).where(Staff.code == "1001")).one()
            parcel = Parcel("YAMATO", f"{number:04d}-{order_id:06d}")
            shipping.ship(uow, wired(world.shop).channels, order_id, parcel, staff)


def one_round(world: World, them: Workers, folder: Path, number: int) -> None:
    """The loop for some items, to its end."""

    def wait(is_so: Callable[[], bool]) -> None:
        def meanwhile() -> None:
            them.replace_the_dead()
            world.pass_time()

        wait_until(is_so, meanwhile, folder, patience=PATIENCE * (1 + len(them.steps) // 5))

    done = (number - 1) * AT_A_TIME
    offers = [listed(world.shop, world.account_id)[1] for _ in range(AT_A_TIME)]
    wait(lambda: world.states(Listing.state) == Counter({"SOLD_OUT": done, "ACTIVE": AT_A_TIME}))
    with world.shop.read() as session:
        skus = session.scalars(sa.select(Listing.management_number).where(Listing.id.in_(offers))).all()
    for sku in skus:
        world.market.act("amazon-buy", skus=[sku], paid=True)
    wait(lambda: world.states(Order.state) == Counter({"SHIPPED": done, "UNSHIPPED": AT_A_TIME}))
    press_ship(world, number)
    wait(lambda: world.states(Order.state) == Counter({"SHIPPED": done + AT_A_TIME}))
    wait(lambda: world.states(MarketplaceCommand.state) == Counter({"DONE": done + AT_A_TIME}))


def deaths(dice: random.Random, kills: int) -> list[int | str]:
    chosen: list[int | str] = [("PUT", "POST")[each % 2] for each in range(kills // 2)]
    chosen += [dice.randint(1, LATEST_STEP) for _ in range(kills - len(chosen))]
    dice.shuffle(chosen)
    return chosen


@pytest.mark.parametrize("kills", [4, pytest.param(50, marks=pytest.mark.soak)])
def test_r22_r24_workers_killed_anywhere_lose_no_step_and_do_none_twice(
    world: tuple[World, Settings], dice: random.Random, tmp_path: Path, kills: int
) -> None:
    here, settings = world
    steps = deaths(dice, kills)
    rounds = 0
    how = {"program": "tests.faults.market_worker", "arguments": (str(here.clock),)}
    with workers(settings, tmp_path, steps, **how) as them:
        while rounds == 0 or them.kills < kills:
            rounds += 1
            one_round(here, them, tmp_path, rounds)
    items = rounds * AT_A_TIME
    there = here.market.state()
    with here.shop.read() as session:
        skus = sorted(session.scalars(sa.select(Listing.management_number)))
        moves = session.execute(
            sa.select(StockLedgerEntry.stock_item_id, StockLedgerEntry.movement, sa.func.count()).group_by(
                StockLedgerEntry.stock_item_id, StockLedgerEntry.movement
            )
        ).all()
        lines = Counter(str(each) for each in session.scalars(sa.select(OrderLine.stock_state)))
        stock_items = session.scalars(sa.select(OrderLine.stock_item_id)).all()
    assert sorted(each["sku"] for each in there["offers"] if each["seller"] == "amazon1") == skus
    assert [each["quantity"] for each in there["offers"]] == [0] * items
    writes = {(each["operation"], each["status"]): each["count"] for each in there["calls"]}
    assert {key: count for key, count in writes.items() if key[0] in ("putListingsItem", "confirmShipment")} == {
        ("putListingsItem", 200): items, ("confirmShipment", 204): items,
    }, "what was done and not heard is read back, and never sent again to see it refused"  # fmt: skip
    assert [(each["status"], len(each["packages"])) for each in there["orders"]] == [("SHIPPED", 1)] * items
    assert Counter((str(movement), count) for _, movement, count in moves) == Counter(
        {("BUYIN", 1): items, ("RESERVE", 1): items, ("SHIP", 1): items}
    )
    assert lines == Counter({"SHIPPED": items})
    assert {here.shop.counts(each) for each in stock_items if each} == {(0, 0, 0)}
    assert [key for key in jobs_by_state(here.shop.app) if key[1] == JobState.FAILED] == []
