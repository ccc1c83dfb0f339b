"""R28: what goes wrong on the way to Yahoo!'s order API is told, and goes on by itself where it can."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from recore.accounts import access, credentials, linking
from recore.accounts.linking import Reach
from recore.accounts.models import ApiLink, MarketplaceAccount
from recore.identity.settings import change_setting
from recore.platform.actor import OPERATOR
from recore.platform.clock import to_wire
from recore.platform.db import db
from recore.platform.errors import Conflict
from recore.platform.jobs import Job, JobState
from recore.platform.tenancy import tenant_scope
from tests.sandbox.api_market import (
    INFO,
    LIST,
    STORE,
    TOKEN,
    Go,
    Market,
    answer,
    banners,
    link_again,
    link_now,
    linked,
    lost,
    manager,
    pull,
    unreachable,
    use,
    waiting,
)
from tests.support.desk import run_jobs, wired
from tests.support.shop import Shop
from tests.support.store import orders_now

FAULTS = {
    "429": (answer(429, **{"Retry-After": "7"}), "多すぎる"),
    "503": (answer(503), "サーバーが使えません（503）"),
    "500": (answer(500), "サーバーが使えません（500）"),
    "maintenance": (answer(200), "読めない形"),
    "cut off": (answer(200, "<Result><Status>OK</Status><Sea"), "読めない形"),
    "entities": (
        answer(200, '<!DOCTYPE a [<!ENTITY b "c">]><Result><Status>&b;</Status></Result>'),
        "読めない形",
    ),
    "no total": (answer(200, "<Result><Status>OK</Status><Search/></Result>"), "読めない形"),
    "lost": (lost, "返事が遅い"),
    "unreachable": (unreachable, "つながりません"),
    "redirect": (answer(302, "", Location="http://elsewhere.test/"), "読めない形"),
    "unknown code": (
        answer(400, "<Error><Code>xx-1</Code><Message>?</Message></Error>"),
        "断りました（400 xx-1）",
    ),
}


@pytest.mark.parametrize("where", [LIST, INFO])
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_told_and_the_next_pull_makes_good(
    shop: Shop, market: Market, account_id: int, fault: str, where: str
) -> None:
    market.sold()
    market.line.faults[where] = [FAULTS[fault][0]]
    pull(shop, account_id)
    link = link_now(shop, account_id)
    assert FAULTS[fault][1] in (link.failure or "") and link.pulled_at is None and link.is_on
    assert link.next_pull_at is not None and link.next_pull_at > datetime.now(UTC)
    assert orders_now(shop) == []
    assert banners(shop) == [], "once is no alarm"
    assert [name for name, _ in banners(shop, timedelta(minutes=11))] == [f"ヤフオク!{STORE}の受注API"]
    with shop.work() as uow:  # what a 429 asked for is over
        uow.session.execute(sa.text("DELETE FROM rate_buckets WHERE tenant_id = :t"), {"t": shop.tenant_id})
    pull(shop, account_id)
    assert len(orders_now(shop)) == 1
    assert link_now(shop, account_id).failing_since is None and waiting(shop).popitem()[1] == ("TAKEN", None)


def test_a_429_keeps_every_worker_away(shop: Shop, market: Market, account_id: int) -> None:
    market.line.faults[LIST] = [answer(429, **{"Retry-After": "300"})]
    pull(shop, account_id)
    market.line.calls.clear()
    pull(shop, account_id)
    assert market.line.calls == [], "nobody asks while Yahoo! wants to be left alone"
    assert "多すぎる" in (link_now(shop, account_id).failure or ""), (
        "waiting for our turn is no failure of its own"
    )
    with shop.read() as session:
        (at,) = session.scalars(
            sa.select(Job.not_before).where(Job.kind == linking.PULL, Job.state == JobState.QUEUED)
        )
    assert at > datetime.now(UTC) + timedelta(minutes=4)


def test_an_access_token_that_is_over_is_renewed_on_the_way(
    shop: Shop, market: Market, account_id: int
) -> None:
    market.sold()
    market.act("clock", minutes=61)
    pull(shop, account_id)
    assert market.line.calls == [TOKEN, LIST, TOKEN, LIST, INFO]
    assert len(orders_now(shop)) == 1 and link_now(shop, account_id).failure is None


def test_a_token_is_renewed_shortly_before_it_ends(shop: Shop, market: Market, account_id: int) -> None:
    soon = to_wire(datetime.now(UTC) + timedelta(minutes=4))
    with shop.work() as uow:
        known = credentials.read(uow.session, wired(shop).keyring, account_id)
        assert credentials.replace(
            uow, wired(shop).keyring, account_id, known, {**known.values, access.ACCESS_UNTIL: soon}
        )
    market.line.calls.clear()
    pull(shop, account_id)
    assert market.line.calls[:2] == [TOKEN, LIST]


@pytest.mark.parametrize("ends", ["refresh", "order_api"])
def test_after_twelve_hours_only_a_person_can_go_on(
    shop: Shop, market: Market, client: FlaskClient, ends: str
) -> None:
    market.act("settings", api_session_ends=ends)
    account_id = linked(shop, market)
    market.sold()
    market.act("clock", minutes=12 * 60 + 1)
    pull(shop, account_id)
    link = link_now(shop, account_id)
    assert link.over_at is not None and link.is_on and orders_now(shop) == []
    ((name, message),) = banners(shop)
    assert (
        name == f"ヤフオク!{STORE}の受注API"
        and "連携の期限が切れました" in message
        and "連携し直す" in message
    )
    manager(shop, client)
    page = client.get(f"/settings/accounts/{account_id}").text
    assert "期限切れ" in page and 'data-testid="api-over"' in page
    market.line.calls.clear()
    with shop.work() as uow:
        assert linking.due_accounts(uow.session, uow.at + timedelta(days=1)) == []
        with pytest.raises(Conflict, match="NOT_LINKED"):
            linking.pull_soon(uow, account_id)
    assert run_jobs(shop) == 0 and market.line.calls == []
    link_again(shop, market, account_id, use(shop, market))
    run_jobs(shop)
    assert len(orders_now(shop)) == 1 and banners(shop) == []


def test_the_end_is_told_in_time_with_a_button_on_every_page(
    shop: Shop, market: Market, account_id: int, client: FlaskClient
) -> None:
    pull(shop, account_id)
    assert banners(shop, timedelta(hours=8, minutes=50)) == []
    ((_, message),) = banners(shop, timedelta(hours=9, minutes=1))
    assert "切れます" in message and "連携し直す" in message
    with shop.work() as uow:
        change_setting(uow, "orders.consent_hours", 1)
    assert banners(shop, timedelta(hours=10, minutes=50)) == []
    button = f'data-testid="banner-renew-{account_id}"'
    manager(shop, client)
    assert button not in client.get("/stock").text
    with shop.work() as uow:
        change_setting(uow, "orders.consent_hours", 11)
        uow.session.execute(sa.update(ApiLink).values(ends_at=uow.at + timedelta(hours=10)))
    assert button in client.get("/stock").text
    assert client.post(f"/settings/accounts/{account_id}/api/consent").status_code in (200, 302)


def test_an_api_that_nobody_pulls_is_shouted_about(shop: Shop, market: Market, account_id: int) -> None:
    with shop.work() as uow:
        uow.session.execute(sa.update(ApiLink).values(ends_at=None).where(ApiLink.account_id == account_id))
    assert banners(shop, timedelta(hours=23)) == []
    assert "24時間以上" in banners(shop, timedelta(hours=25))[0][1]
    with shop.work() as uow:
        linking.switch(uow, account_id, is_on=False)
    assert banners(shop, timedelta(hours=25)) == []


def test_an_api_that_the_application_may_not_use_says_what_to_do(
    shop: Shop, market: Market, account_id: int
) -> None:
    market.act("settings", store=STORE, order_api=False)
    pull(shop, account_id)
    link = link_now(shop, account_id)
    assert "許可をYahoo!から受けていません" in (link.failure or "") and "申請" in (link.failure or "")
    market.act("settings", store=STORE, order_api=True)
    pull(shop, account_id)
    assert link_now(shop, account_id).failure is None


def test_another_stores_consent_is_refused_by_name(shop: Shop, market: Market, account_id: int) -> None:
    with shop.work() as uow:
        uow.session.execute(
            sa.update(MarketplaceAccount)
            .where(MarketplaceAccount.id == account_id)
            .values(store_id="demo-store-4")
        )
    pull(shop, account_id)
    assert "このストアの注文を見られません" in (link_now(shop, account_id).failure or "")


def test_a_revoked_consent_is_over(shop: Shop, market: Market, account_id: int) -> None:
    market.act("revoke-api", store=STORE)
    pull(shop, account_id)
    assert link_now(shop, account_id).over_at is not None


def test_an_old_refusal_says_nothing_of_a_new_consent(shop: Shop, market: Market, account_id: int) -> None:
    """A worker's refused renewal comes back after the shop has linked again."""
    api = use(shop, market)
    market.act("revoke-api", store=STORE)

    def linked_meanwhile(go: Go) -> Any:
        told = go()
        link_again_apart(shop, market, account_id)
        return told

    market.line.faults[TOKEN] = [linked_meanwhile]
    with shop.app.app_context(), tenant_scope(shop.tenant_id):
        reach = Reach(OPERATOR, wired(shop).keyring, api)
        newer = access.access_token(reach, account_id)
        old = access.access_token(reach, account_id, refused=newer)
        db.session.remove()
    assert old and link_now(shop, account_id).over_at is None


def link_again_apart(shop: Shop, market: Market, account_id: int) -> None:
    """As another request would, in an app context of its own."""
    link_again(shop, market, account_id, market.api())


def test_two_workers_that_renew_at_once_both_go_on(shop: Shop, market: Market, account_id: int) -> None:
    api = use(shop, market)
    keyring = wired(shop).keyring
    inner: list[str] = []

    def the_other_is_faster(go: Go) -> Any:
        told = go()
        with shop.app.app_context(), tenant_scope(shop.tenant_id):
            known = credentials.read(db.session(), keyring, account_id).get(access.ACCESS)
            inner.append(access.access_token(Reach(OPERATOR, keyring, api), account_id, refused=known))
            db.session.remove()
        return told

    market.line.faults[TOKEN] = [the_other_is_faster]
    with shop.app.app_context(), tenant_scope(shop.tenant_id):
        reach = Reach(OPERATOR, keyring, api)
        known = access.access_token(reach, account_id)
        outer = access.access_token(reach, account_id, refused=known)
        db.session.remove()
    assert [outer] == inner, "the slower one uses what the faster one has stored"
    pull(shop, account_id)
    assert link_now(shop, account_id).failure is None
