"""R24, R26: orders through Yahoo!'s official API, from the sandbox: pulled, taken in once, and told when it does not work."""

from __future__ import annotations

import re
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

from recore.accounts import access, credentials, linking
from recore.accounts.health import blind_accounts
from recore.accounts.linking import Reach
from recore.accounts.models import ApiLink, MarketplaceAccount
from recore.channels.order_api import OrderOperation, Place
from recore.channels.yahoo_auction import order_xml
from recore.identity.settings import change_setting
from recore.orders import buyers
from recore.orders.models import Order, OrderEvent, OrderExternalId
from recore.platform.actor import OPERATOR
from recore.platform.clock import to_wire
from recore.platform.db import db
from recore.platform.errors import Conflict
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
    Fault,
    Go,
    Market,
    answer,
    link_again,
    link_now,
    linked,
    lost,
    pull,
    unreachable,
    use,
)
from tests.support.desk import run_jobs, wired
from tests.support.shop import Shop
from tests.support.store import Pc, detail, item, listing, order_now, orders_now, pc_of

ROOT = Path(__file__).parents[2]


@pytest.fixture
def market(tmp_path: Path) -> Iterator[Market]:
    made = Market(tmp_path / "market")
    yield made
    made.app.close()


@pytest.fixture
def account_id(shop: Shop, market: Market) -> int:
    return linked(shop, market)


def waiting(shop: Shop) -> dict[str, tuple[str, str | None]]:
    """order number → (state, reason)"""
    with shop.read() as session:
        rows = session.scalars(sa.select(PulledOrder).order_by(PulledOrder.id))
        return {row.order_number: (str(row.state), row.reason) for row in rows}


def attention(shop: Shop, account_id: int) -> list[str]:
    with shop.read() as session:
        entries = session.scalars(
            sa.select(MarketplaceAccount.attention).where(MarketplaceAccount.id == account_id)
        ).one()
        return [entry["code"] for entry in entries or []]


def banners(shop: Shop, after: timedelta = timedelta()) -> list[tuple[str, str]]:
    with shop.read() as session:
        found = blind_accounts(session, datetime.now(UTC) + after)
        return [(each.name, each.message) for each in found if each.is_api]


def manager(shop: Shop, client: FlaskClient) -> None:
    shop.app.config["WTF_CSRF_ENABLED"] = False
    assert client.post("/login", data={"login_id": "demo", "password": "demo-pass"}).status_code == 302


# --- intake ------------------------------------------------------------------------------------------------------


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


def pages_of(monkeypatch: pytest.MonkeyPatch, size: int) -> dict[str, Any]:
    data = order_xml._data() | {"page_size": size}
    monkeypatch.setattr(order_xml, "_data", lambda: data)
    return data


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


def hurry(shop: Shop) -> None:
    """Jobs that wait a while run now."""
    with shop.work() as uow:
        uow.session.execute(sa.update(Job).where(Job.state == JobState.QUEUED).values(not_before=uow.at))
    run_jobs(shop)


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


def bad(*changes: str) -> Fault:
    """The sandbox's answer, with (text, what is put in its place)."""

    def changed(go: Go) -> httpx.Response:
        text = go().read().decode()
        for old, new in zip(changes[::2], changes[1::2], strict=True):
            assert old in text
            text = text.replace(old, new)
        return httpx.Response(200, content=text.encode())

    return changed


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


# --- what goes wrong on the way ----------------------------------------------------------------------------------

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


# --- running twice, at once, and killed half-way -----------------------------------------------------------------


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
