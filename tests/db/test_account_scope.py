"""R2: what a policy denies on one marketplace account is denied whoever asks, and by whatever route."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from recore.commands.models import MarketplaceCommand
from recore.identity.models import Account, Device, Policy
from recore.identity.models import Shop as ShopRow
from recore.identity.rules import BY_ACCOUNT, EXCEPTIONS, OPERATIONS, allow_all
from recore.listings import bulk
from recore.listings.models import Listing, ObservedListing, UploadBatch
from recore.orders.models import AddressExport, Order
from recore.photos.links import make_link, token_of
from recore.platform.db import Base
from recore.sync.api import extension_origin
from tests.support.desk import draft, ended, photo, queued, run_jobs, wired
from tests.support.every_route import REQUESTS, STAFF, Call, Filled, calls, client_of, fill, send, token_for
from tests.support.shop import Shop, staff_of
from tests.support.store import Pc, auction, pc_of, won

# Routes that change what belongs to a marketplace account without one of the operations that are decided per account, and why.
PREPARES = {  # ec.edit: nothing of it leaves the house before 【出品】, which asks
    "listings.save", "templates.use", "bulk.begin", "bulk.choose", "bulk.choose_one", "bulk.press",
    "bulk.take_out",
}  # fmt: skip
SETTINGS = {  # settings.manage, which has no exceptions: nobody shall lock himself out
    "accounts.add", "accounts.change", "accounts.enable", "api_keys.save", "api_keys.use", "api_links.ask",
    "api_links.change", "api_links.finish", "api_links.save_client", "api_links.save_key", "api_links.try_out",
    "runs.fetch_again",
    "staff.change_policy",  # would take the denial away
}  # fmt: skip
AT_THE_COUNTER = {"sales.checkout", "sales.void_sale"}  # the book has sales of no account too
GOES_ON = {  # the extension says what it saw, or goes on with what somebody was allowed to ask for
    "sync_api.start_run", "sync_api.post_page", "sync_api.finish_run", "sync_api.tell_plan", "commands_api.claim",
    "commands_api.begin_sending", "commands_api.note_seen", "commands_api.conclude", "commands_api.give_back",
    "listings_api.begin_sending", "listings_api.conclude", "listings_api.cancel", "listings_api.give_back",
}  # fmt: skip
ELSEWHERE = PREPARES | SETTINGS | GOES_ON | AT_THE_COUNTER


@pytest.fixture
def home(app: Flask) -> Filled:
    app.config["WTF_CSRF_ENABLED"] = False
    return fill(app, "home")


def tables_of_accounts() -> list[sa.Table]:
    """Marketplace accounts, and whatever points to one, however far away."""
    found = {"marketplace_accounts"}
    for table in Base.metadata.sorted_tables:
        if found & {key.column.table.name for key in table.foreign_keys}:
            found.add(table.name)
    return [table for table in Base.metadata.sorted_tables if table.name in found]


def rows_of_accounts(shop: Shop) -> dict[str, list[str]]:
    with shop.read() as session:
        return {
            table.name: sorted(
                str(row)
                for row in session.execute(sa.select(table).where(table.c.tenant_id == shop.tenant_id))
            )
            for table in tables_of_accounts()
        }


def deny(shop: Shop, account_id: int, *operations: str) -> None:
    """Everybody of this shop, its PCs too, on this account."""
    exceptions = [{"operation": each, "account_id": account_id, "allow": False} for each in operations]
    with shop.work() as uow:
        for policy in uow.session.scalars(sa.select(Policy)):
            policy.rules = allow_all() | {EXCEPTIONS: exceptions}
        login = uow.session.scalars(sa.select(Account.id).where(Account.login_id == "demo")).one()
        uow.session.execute(
            sa.update(Device).values(login_id=login), execution_options={"synchronize_session": False}
        )


def writes(app: Flask, home: Filled) -> Iterator[Call]:
    return (
        call for call in calls(app, home.ids) if call.method != "GET" and call.endpoint != "identity.logout"
    )


def test_r2_no_route_does_what_is_denied_on_the_account(app: Flask, home: Filled) -> None:
    """Every route that writes, each by somebody who may do everything elsewhere: a new one that forgets to ask is found here."""
    deny(home.shop, home.ids["account_id"], *BY_ACCOUNT)
    client, before = client_of(app, home.host, "demo", "demo-pass"), rows_of_accounts(home.shop)
    changed, refused = set(), set()
    for call in writes(app, home):
        if call.endpoint in ELSEWHERE:
            continue
        answer = send(client, home, call, token=token_for(call, home))
        if answer.status_code == 403:
            refused.add(call.endpoint)
        now = rows_of_accounts(home.shop)
        if now != before:
            changed.add(call.endpoint)
            before = now
    assert changed == set()
    assert {  # some of which would have nothing to do in this walk
        "listings.resolve", "listings.list_one", "listings.download", "commands.decide", "offers.act", "orders.link",
        "orders.shipment", "orders.clear_review", "orders.close_return", "order_import.upload", "order_import.take",
        "listings_api.create", "listings_api.download", "unsold.take_back",
    } <= refused  # fmt: skip


def test_r2_the_same_requests_go_through_where_nothing_is_denied(app: Flask, home: Filled) -> None:
    """So that the walk above says something."""
    deny(home.shop, home.ids["account_id"])
    client, before = client_of(app, home.host, "demo", "demo-pass"), rows_of_accounts(home.shop)
    expected = {
        "listings.list_one", "listings.download", "unsold.send", "adoption.link", "orders.export", "orders.shipment",
        "orders.ship_several", "orders.link", "order_import.upload", "listings_api.create", "listings_api.download",
    }  # fmt: skip
    changed = set()
    for call in writes(app, home):
        if call.endpoint in expected:
            send(client, home, call, token=token_for(call, home))
            now = rows_of_accounts(home.shop)
            if now != before:
                changed.add(call.endpoint)
                before = now
    assert changed == expected
    assert set(REQUESTS) >= ELSEWHERE


# --- each way of asking ------------------------------------------------------------------------------------------


@pytest.fixture
def manager(shop: Shop, client: FlaskClient) -> FlaskClient:
    shop.app.config["WTF_CSRF_ENABLED"] = False
    client.post("/login", data={"login_id": "demo", "password": "demo-pass"})
    return client


@pytest.fixture
def stores(shop: Shop) -> tuple[int, int]:
    """(where everything is allowed, where listing and orders are not)"""
    main, other = shop.yahoo_account(), shop.yahoo_account(store_id="demo-store-2")
    deny(shop, other, "ec.list", "orders.read", "orders.write", "orders.export")
    return main, other


def count(shop: Shop, table: type[Any], **by: object) -> int:
    with shop.read() as session:
        return len(session.scalars(sa.select(table).filter_by(**by)).all())


def test_r2_taking_back_in_bulk_names_what_is_denied_and_takes_the_others_back(
    shop: Shop, manager: FlaskClient, stores: tuple[int, int]
) -> None:
    ids = [queued(shop, account) for account in stores]
    answer = manager.post("/ec/unsold/take-back", data=STAFF | {"listing": ids})
    assert answer.status_code == 403
    assert "1件の再出品を取り消しました" in answer.text
    assert (
        "「IT0000002」：佐藤 店長さん（1001）には、「ヤフオク!demo-store-2」で「ECに出品する」権限がありません。"
        in answer.text
    )
    assert [count(shop, Listing, state=state) for state in ("WITHDRAWN", "QUEUED")] == [1, 1]


def test_r2_relisting_in_bulk_names_what_is_denied_and_lists_the_others(
    shop: Shop, manager: FlaskClient, stores: tuple[int, int]
) -> None:
    ids = [ended(shop, account) for account in stores]
    answer = manager.post("/ec/unsold", data=STAFF | {"listing": ids})
    assert (
        answer.status_code == 422
        and "「ヤフオク!demo-store-2」で「ECに出品する」権限がありません。" in answer.text
    )
    assert [count(shop, Listing, account_id=account, state="QUEUED") for account in stores] == [1, 0]


def test_r2_linking_in_bulk_names_what_is_denied_and_links_the_others(
    shop: Shop, manager: FlaskClient, stores: tuple[int, int]
) -> None:
    for account in stores:
        pc_of(shop, shop.app.test_client(), account).sync(selling=[auction(f"a{account}", f"OLD-{account}")])
    with shop.read() as session:
        ids = session.scalars(sa.select(ObservedListing.id)).all()
    form = STAFF | {"auction": ids, "how": "make", "grade": "A", "sales_route": "BOTH"}
    answer = manager.post("/ec/unlinked", data=form)
    assert (
        answer.status_code == 422
        and "「ヤフオク!demo-store-2」で「ECに出品する」権限がありません。" in answer.text
    )
    assert [count(shop, Listing, account_id=account) for account in stores] == [1, 0]


def test_r2_orders_of_a_denied_account_are_neither_seen_nor_shipped_nor_exported(
    shop: Shop, manager: FlaskClient, stores: tuple[int, int]
) -> None:
    for account in stores:
        pc_of(shop, shop.app.test_client(), account).sync(
            orders=[won(f"x{account}", "none", status="入金済み")]
        )
    mine, other = (order_id_of(shop, account) for account in stores)
    page = manager.get("/ec/orders").text
    assert "OD0000001" in page and "OD0000002" not in page
    assert (
        manager.get(f"/ec/orders/{mine}").status_code,
        manager.get(f"/ec/orders/{other}").status_code,
    ) == (200, 403)
    assert ">1<" in manager.get("/nav/counts").text
    both = {"order_ids": [mine, other]}
    answer = manager.post("/ec/orders/shipments", data=STAFF | both)
    assert answer.status_code == 422 and count(shop, MarketplaceCommand, account_id=stores[0]) == 1
    assert count(shop, MarketplaceCommand, account_id=stores[1]) == 0
    manager.post("/ec/orders/export", data=both | {"encoding": "cp932"})
    with shop.read() as session:
        made = session.scalars(sa.select(AddressExport)).one()
    left_out = {each["number"]: each["reason"] for each in made.left_out}
    assert "宛先CSVを出力する権限がありません" in left_out["OD0000002"] and other not in made.order_ids


def order_id_of(shop: Shop, account_id: int) -> int:
    with shop.read() as session:
        return session.scalars(sa.select(Order.id).where(Order.account_id == account_id)).one()


def test_r2_the_extension_takes_no_file_for_a_login_that_may_not_list_there(
    shop: Shop, manager: FlaskClient, stores: tuple[int, int]
) -> None:
    """The browser acts by the policy of the login that paired it; one that was paired before that was kept is let on."""
    for account in stores:
        queued(shop, account)
    known, old = (pc_of(shop, shop.app.test_client(), account) for account in (stores[1], stores[1]))
    with shop.work() as uow:
        login = uow.session.scalars(sa.select(Account.id).where(Account.login_id == "demo")).one()
        device = uow.session.scalars(sa.select(Device).where(Device.name == known.name)).one()
        device.login_id = login
    answer = ask(known, stores[1])
    assert answer.status_code == 403
    assert answer.get_json()["detail"] == (
        "この拡張機能を接続したログインには、「ヤフオク!demo-store-2」で「ECに出品する」権限がありません。"
    )
    assert ask(known, stores[0]).status_code == 202
    assert count(shop, UploadBatch) == 1
    assert ask(old, stores[1]).status_code == 202
    run_jobs(shop)
    with shop.read() as session:
        made = session.scalars(sa.select(UploadBatch.id).where(UploadBatch.account_id == stores[1])).one()
    assert known.call("POST", f"/batches/{made}/downloads", {"confirm_whole": False}).status_code == 403
    assert known.call("POST", f"/batches/{made}/uploads", {}).status_code == 403
    assert "接続し直すと" in manager.get("/settings/devices").text


def ask(pc: Pc, account_id: int) -> TestResponse:
    return pc.call("POST", f"/accounts/{account_id}/batches", {"source": "queued"}, key=uuid4().hex)


def test_r2_pairing_keeps_whose_login_let_the_browser_in(shop: Shop, manager: FlaskClient) -> None:
    headers = {"Origin": extension_origin()}
    body = {"device_name": "PC", "extension_version": "1.0.0", "browser": "Chrome 142"}
    assert manager.post("/api/ext/v1/pairings", json=body, headers=headers).status_code == 201
    stranger = shop.app.test_client().post("/api/ext/v1/pairings", json=body, headers=headers).get_json()
    manager.post("/pair", data={"code": stranger["user_code"], "answer": "approve"})
    poll = {"device_code": stranger["device_code"]}
    assert (
        shop.app.test_client()
        .post("/api/ext/v1/pairings/poll", json=poll, headers=headers)
        .get_json()["status"]
        == "paired"
    )
    with shop.read() as session:
        login = session.scalars(sa.select(Account.id).where(Account.login_id == "demo")).one()
        assert session.scalars(sa.select(Device.login_id)).all() == [login, login]


def test_r2_a_shop_that_is_denied_is_denied_in_a_bulk_run_and_by_a_qr_link_too(
    shop: Shop, manager: FlaskClient
) -> None:
    """Both go on for somebody without his PC: its shop is asked all the same."""
    account, item = shop.yahoo_account(), shop.item()
    photo(shop, item)
    draft(shop, item, account)
    manager.post("/staff/current", data=STAFF)
    with shop.work(staff_of(shop)) as uow:
        link = f"/p/{token_of(wired(shop).keyring, make_link(uow, item))}"
        run_id = bulk.begin(uow, wired(shop).channels, [item])
    assert shop.app.test_client().get(link).status_code == 200
    manager.post(f"/ec/bulk/{run_id}/list", data=STAFF)
    with shop.work() as uow:
        here = uow.session.scalars(sa.select(ShopRow.id)).one()
        exceptions = [{"operation": each, "shop_id": here, "allow": False} for each in ("ec.list", "ec.edit")]
        for policy in uow.session.scalars(sa.select(Policy)):
            policy.rules = allow_all() | {EXCEPTIONS: exceptions}
    run_jobs(shop)
    assert count(shop, Listing) == 0
    assert shop.app.test_client().get(link).status_code == 404


def test_r2_an_operation_that_is_newer_than_the_policy_is_denied_and_the_screen_says_so(
    shop: Shop, manager: FlaskClient
) -> None:
    with shop.work() as uow:
        boss = uow.session.scalars(sa.select(Policy).where(Policy.name == "店長")).one()
        boss.rules = {key: allowed for key, allowed in boss.rules.items() if key != "ledger.read"}
        number = boss.id
    assert manager.get("/buyin/ledger").status_code == 403
    told = "この権限を保存したあとに増えた操作です。"
    page = manager.get(f"/settings/staff/policies/{number}").text
    assert page.count(told) == 1 and 'data-testid="undecided-ledger.read"' in page
    assert "まだ決めていない操作が1つあります" in manager.get("/settings/staff").text
    manager.post(f"/settings/staff/policies/{number}", data={"name": "店長", "allowed": [*OPERATIONS]})
    assert told not in manager.get(f"/settings/staff/policies/{number}").text
    assert "まだ決めていない操作" not in manager.get("/settings/staff").text
