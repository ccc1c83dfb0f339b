"""R26, rule 7: pulls of Yahoo!'s order API that run twice, at once, beside a sync, or are killed half-way take every order in once."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
import time_machine
from flask.testing import FlaskClient

from recore.accounts import linking
from recore.accounts.linking import Reach
from recore.accounts.models import ApiLink, MarketplaceAccount
from recore.channels.order_api import OrderOperation, Place
from recore.orders.models import Order, OrderEvent
from recore.platform.actor import OPERATOR
from recore.platform.db import db
from recore.platform.jobs import Job, JobState, enqueue
from recore.platform.tenancy import tenant_scope
from recore.settings import Settings
from recore.sync import order_pull, pull_jobs
from recore.sync.models import OrderPull, PulledOrder
from tests.sandbox.api_market import (
    INFO,
    LIST,
    STORE,
    TOKEN,
    Go,
    Market,
    attention,
    bad,
    banners,
    hurry,
    link_now,
    pages_of,
    pull,
    use,
    waiting,
)
from tests.support.desk import run_jobs, wired
from tests.support.shop import Shop
from tests.support.store import order_now, orders_now, pc_of

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("calls", range(6))
def test_killed_before_any_call_it_goes_on_where_it_was(
    shop: Shop, market: Market, account_id: int, settings: Settings, tmp_path: Path, calls: int
) -> None:
    """SIGKILL of the whole worker; seven calls are all there is to do: a list, and six orders."""
    made = {market.sold()[0] for _ in range(6)}
    command = [
        sys.executable,
        "-m",
        "tests.sandbox.api_worker",
        str(tmp_path / "market"),
        str(settings.data_dir),
    ]
    ended = subprocess.run(
        [*command, settings.database, str(calls)], cwd=ROOT, check=False, capture_output=True
    )
    assert ended.returncode == -signal.SIGKILL, ended.stderr.decode()
    assert len(orders_now(shop)) == max(0, calls - 1)
    with shop.work() as uow:  # its lease runs out
        over = {"lease_until": uow.at - timedelta(seconds=1)}
        uow.session.execute(sa.update(Job).where(Job.state == JobState.RUNNING).values(**over))
    market.line.calls.clear()
    run_jobs(shop)
    assert {key for each in orders_now(shop) for key in each.lines} == made
    assert len(market.line.calls) == 7 - calls, "what was committed was not asked for again"
    assert link_now(shop, account_id).pulled_at is not None


def test_everything_twice_is_once(shop: Shop, market: Market, account_id: int) -> None:
    market.sold()
    pull(shop, account_id)
    before = order_now(shop)
    with shop.work() as uow:
        uow.session.execute(
            sa.update(OrderPull).values(changed_since=None).where(OrderPull.account_id == account_id)
        )
        uow.session.execute(sa.delete(PulledOrder).where(PulledOrder.account_id == account_id))
    pull(shop, account_id)
    assert order_now(shop) == before
    with shop.read() as session:
        assert session.scalar(sa.select(sa.func.count(OrderEvent.id))) == 1


def test_a_change_while_it_is_fetched_is_fetched_again(shop: Shop, market: Market, account_id: int) -> None:
    _, _, order_id = market.sold()

    def changes_and_is_listed(go: Go) -> Any:
        told = go()
        market.act("clock", minutes=1)
        market.act("ship", order_id=order_id)
        with shop.app.app_context(), tenant_scope(shop.tenant_id):
            api, reach = market.api(), Reach(OPERATOR, wired(shop).keyring, market.api())
            since = datetime.now(UTC) - timedelta(days=1)
            page = linking.with_access(
                reach,
                account_id,
                OrderOperation.LIST,
                lambda access: api.changed_orders(access, STORE, Place(since)),
            )
            db.session.remove()
        with shop.work() as uow:
            order_pull.open_list(uow, api, account_id)
            where = order_pull.place(uow.session, account_id)
            assert where is not None
            order_pull.take_page(uow, account_id, where, page)
        return told

    market.line.faults[INFO] = [changes_and_is_listed]
    pull(shop, account_id)
    assert order_now(shop).state == "SHIPPED"
    assert market.line.calls.count(INFO) == 2


def test_while_the_extension_reads_the_store_the_pull_waits(
    shop: Shop, market: Market, account_id: int, client: FlaskClient
) -> None:
    market.sold()
    pc = pc_of(shop, client, account_id)
    assert pc.start().status_code == 201
    pull(shop, account_id)
    assert orders_now(shop) == [] and link_now(shop, account_id).failure is None
    with shop.read() as session:
        (job,) = session.scalars(sa.select(Job).where(Job.state == JobState.QUEUED, Job.kind == linking.PULL))
        assert job.not_before > datetime.now(UTC)
    pc.post("selling", [])
    pc.post("closed", [])
    pc.post("won", [])
    pc.post("numbered", [])
    assert pc.finish()["state"] == "COMPLETE"
    hurry(shop)
    assert len(orders_now(shop)) == 1


def test_a_complete_sync_says_nothing_of_the_api(
    shop: Shop, market: Market, account_id: int, client: FlaskClient
) -> None:
    market.sold()
    market.line.faults[INFO] = [bad("<Quantity>1</Quantity>", "<Quantity>x</Quantity>")]
    pull(shop, account_id)
    market.act("revoke-api", store=STORE)
    pull(shop, account_id)
    pc_of(shop, client, account_id).sync()
    assert attention(shop, account_id) == ["ORDERS_ASIDE"]
    assert len(banners(shop)) == 1


def test_a_list_that_has_become_shorter_is_read_again(
    shop: Shop, market: Market, account_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages_of(monkeypatch, 2)
    orders = [market.sold() for _ in range(6)]
    gone = bad("<TotalCount>6</TotalCount>", "<TotalCount>5</TotalCount>")
    market.line.faults[LIST] = [lambda go: go(), gone]
    pull(shop, account_id)
    assert market.line.calls.count(LIST) == 2 + 3
    assert len(orders_now(shop)) == len(orders)


def test_a_change_that_a_list_shows_late_is_not_missed(shop: Shop, market: Market, account_id: int) -> None:
    """The list is behind: it shows the younger change, and only the next time the older one."""
    (_, late, _), _ = market.sold(), market.sold()
    whole = listed(shop, market, account_id)
    row = re.search(rf"<OrderInfo>(?:(?!</OrderInfo>).)*{late}.*?</OrderInfo>", whole)
    assert row is not None
    market.line.faults[LIST] = [bad(row[0], "", "<TotalCount>3<", "<TotalCount>2<")]
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=20)):
        market.sold()
        pull(shop, account_id)
        assert late not in waiting(shop)
        pull(shop, account_id)
    assert waiting(shop)[late][0] == "TAKEN"


def test_a_change_dated_into_the_future_hides_no_other(shop: Shop, market: Market, account_id: int) -> None:
    _, number, order_id = market.sold()
    stamp = re.search(r"<LastUpdateTime>(.*?)</LastUpdateTime>", listed(shop, market, account_id))
    assert stamp is not None
    market.line.faults[LIST] = [bad(stamp[1], "2099-01-01T00:00:00+09:00")]
    pull(shop, account_id)
    assert waiting(shop)[number][0] == "TAKEN"
    market.act("ship", order_id=order_id)
    pull(shop, account_id)
    assert order_now(shop).state == "SHIPPED"


def test_a_marketplace_whose_clock_is_ahead_is_followed(shop: Shop, market: Market, account_id: int) -> None:
    """Twice within one second of a clock that is an hour ahead."""
    _, _, order_id = market.sold()
    market.act("clock", minutes=60)
    for status in (3, 2, 4):
        market.act("order-state", order_id=order_id, order_status=status)
        pull(shop, account_id)
        assert order_now(shop).raw_status == f"{status}-1-1"
        with shop.read() as session:
            known_until = session.scalars(sa.select(Order.observed_at)).one()
        assert known_until is not None and known_until <= datetime.now(UTC)


def listed(shop: Shop, market: Market, account_id: int) -> str:
    """What the API's list says now."""
    told = []

    def keep(go: Go) -> httpx.Response:
        told.append(go().read().decode())
        return httpx.Response(200, content=told[0].encode())

    market.line.faults[LIST] = [keep]
    reach = Reach(OPERATOR, wired(shop).keyring, use(shop, market))
    since = datetime.now(UTC) - timedelta(days=1)
    with shop.app.app_context(), tenant_scope(shop.tenant_id):
        linking.with_access(
            reach,
            account_id,
            OrderOperation.LIST,
            lambda access: reach.api.changed_orders(access, STORE, Place(since)),
        )
        db.session.remove()
    return told[0]


def test_a_disabled_account_and_one_that_is_off_are_left_alone(
    shop: Shop, market: Market, account_id: int
) -> None:
    market.sold()
    with shop.work() as uow:
        linking.switch(uow, account_id, is_on=False)
    run_jobs(shop)
    assert market.line.calls == [TOKEN] and orders_now(shop) == []
    with shop.work() as uow:
        linking.switch(uow, account_id, is_on=True)
        uow.session.execute(
            sa.update(MarketplaceAccount).where(MarketplaceAccount.id == account_id).values(is_enabled=False)
        )
        assert linking.due_accounts(uow.session, uow.at + timedelta(days=1)) == []


def test_the_dispatcher_finds_what_is_due(shop: Shop, market: Market, account_id: int) -> None:
    run_jobs(shop)
    with shop.read() as session:
        assert linking.due_accounts(session, datetime.now(UTC)) == []
        assert linking.due_accounts(session, datetime.now(UTC) + timedelta(minutes=6)) == [account_id]
    market.sold()
    with shop.work() as uow:
        uow.session.execute(
            sa.update(ApiLink).values(next_pull_at=uow.at).where(ApiLink.account_id == account_id)
        )
    with shop.work() as uow:
        enqueue(uow, pull_jobs.DUE, {})
    run_jobs(shop)
    assert len(orders_now(shop)) == 1
