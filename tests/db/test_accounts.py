"""R3, R28: the shop's stores, what their forms are filled with, and how their connection is."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from recore.accounts.models import MarketplaceAccount
from recore.demo import SAVED_CHOICES, add_demo_shop
from recore.listings.forms import forms_of, item_for_listing
from recore.listings.rules import ListingState
from recore.platform.audit import AuditEntry
from recore.platform.db import db
from recore.platform.tenancy import system_scope
from recore.platform.tenants import Tenant
from tests.support.desk import photo, queued, wired
from tests.support.shop import Shop, open_shop
from tests.support.store import listing, pc_of

STORE = {"name": "ヤフオク!本店", "store_id": "demo-store-1", "profile": "classic"}


@pytest.fixture
def manager(shop: Shop, client: FlaskClient) -> FlaskClient:
    shop.app.config["WTF_CSRF_ENABLED"] = False
    assert client.post("/login", data={"login_id": "demo", "password": "demo-pass"}).status_code == 302
    return client


def add(client: FlaskClient, **typed: str) -> TestResponse:
    return client.post("/settings/accounts", data={"channel": "yahoo_auction", **STORE, **typed})


def change(client: FlaskClient, account_id: int, **typed: Any) -> TestResponse:
    form = {**STORE, "saved-payment": "かんたん決済\n銀行振込", "saved-shipping": "ゆうパック", **typed}
    return client.post(f"/settings/accounts/{account_id}", data=form)


def accounts(shop: Shop) -> list[MarketplaceAccount]:
    with shop.read() as session:
        return list(session.scalars(sa.select(MarketplaceAccount).order_by(MarketplaceAccount.id)))


def only(shop: Shop) -> MarketplaceAccount:
    (account,) = accounts(shop)
    return account


def audited(shop: Shop) -> list[AuditEntry]:
    with shop.read() as session:
        entries = session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id))
        return [entry for entry in entries if entry.action.startswith("account.")]


def test_r3_a_store_is_added_and_audited(shop: Shop, manager: FlaskClient) -> None:
    answer = add(manager, name="  ヤフオク!本店 ", store_id=" demo-store-1 ")
    account = only(shop)
    assert answer.headers["Location"] == f"/settings/accounts/{account.id}"
    assert (account.name, account.store_id, account.profile, account.is_enabled) == (
        "ヤフオク!本店", "demo-store-1", "classic", True,
    )  # fmt: skip
    (entry,) = audited(shop)
    assert (entry.action, entry.actor_label, entry.after) == (
        "account.add", "店長PC", {"store_id": "demo-store-1", "profile": "classic"},
    )  # fmt: skip


def test_r3_a_new_store_has_the_current_tool_unless_said_otherwise(manager: FlaskClient) -> None:
    page = manager.get("/settings/accounts").text
    assert page.index('value="current"') < page.index('value="classic"')
    assert " selected" not in page.split('name="profile"')[1].split("</select>")[0]


@pytest.mark.parametrize(
    ("typed", "status", "field", "message"),
    [
        ({"store_id": " "}, 422, "store_id", "ストアIDを1〜80文字で入力してください。"),
        ({"store_id": "x" * 81}, 422, "store_id", "ストアIDを1〜80文字で入力してください。"),
        ({"name": ""}, 422, "name", "名前を1〜120文字で入力してください。"),
        ({"profile": "newest"}, 422, "profile", "ストアツールを選んでください。"),
        (
            {"name": "2号店"},
            409,
            "store_id",
            "ストアID「demo-store-1」は「ヤフオク!本店」としてすでに登録されています。",
        ),
        ({"store_id": "demo-store-2"}, 409, "name", "名前「ヤフオク!本店」はすでに使われています。"),
    ],
)
def test_r3_what_cannot_be_added_is_said_at_its_field_and_stays_typed(
    shop: Shop, manager: FlaskClient, typed: dict[str, str], status: int, field: str, message: str
) -> None:
    add(manager)
    answer = add(manager, **typed)
    assert answer.status_code == status and message in answer.text
    if field != "profile":
        assert f'data-testid="problem-{field}">{message}' in answer.text
        assert f'value="{(STORE | typed)["store_id"]}"' in answer.text
    assert len(accounts(shop)) == 1 and len(audited(shop)) == 1


def test_r3_an_unknown_marketplace_is_refused(shop: Shop, manager: FlaskClient) -> None:
    assert add(manager, channel="nowhere").status_code == 422
    assert accounts(shop) == []


def test_r3_the_same_store_added_at_once_is_one_account(
    shop: Shop, manager: FlaskClient, new_client: Callable[[], FlaskClient]
) -> None:
    clients = [new_client() for _ in range(4)]
    for client in clients:
        client.post("/login", data={"login_id": "demo", "password": "demo-pass"})
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda client: add(client).status_code, clients))
    assert sorted(answers) == [302, 409, 409, 409]
    assert len(accounts(shop)) == 1


def test_r1_two_tenants_may_name_the_same_store(shop: Shop) -> None:
    other = open_shop(shop.app, "other", "other.localhost")
    shop.yahoo_account()
    other.yahoo_account()
    assert [len(accounts(each)) for each in (shop, other)] == [1, 1]


def test_r10_defaults_and_saved_values_fill_the_form(shop: Shop, manager: FlaskClient) -> None:
    account_id = shop.yahoo_account()
    typed = {"prefecture": "大阪府", "city": "大阪市", "duration": "７", "payment": ["銀行振込"], "shipping": ["ゆうパック"],
             "shipping_payer": "出品者"}  # fmt: skip
    assert change(manager, account_id, **typed).status_code == 302
    options = only(shop).options
    assert options["saved_choices"] == {"payment": ["かんたん決済", "銀行振込"], "shipping": ["ゆうパック"]}
    assert options["defaults"] == typed | {"duration": 7}
    form = first_form(shop)
    assert {key: form.values[key] for key in typed} == typed | {"duration": 7}
    page = manager.get(f"/settings/accounts/{account_id}").text
    assert '<option value="大阪府" selected>' in page and ">かんたん決済\n銀行振込</textarea>" in page
    before = {"name": "ヤフオク!demo-store-1", "profile": "classic", "store_id": "demo-store-1", "defaults": {},
              "saved_choices": SAVED_CHOICES, "addresses": {}}  # fmt: skip
    (entry,) = audited(shop)
    assert (entry.action, entry.before) == ("account.change", before)
    assert entry.after == {**STORE, **options, "addresses": {}}


def first_form(shop: Shop) -> Any:
    item = shop.item()
    photo(shop, item)
    with shop.read() as session:
        (form,) = forms_of(session, wired(shop).channels, item_for_listing(session, item))
        return form


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"duration": "8"}, "duration"),
        ({"duration": "長め"}, "duration"),
        ({"prefecture": "東京"}, "prefecture"),
        ({"payment": ["現金"]}, "payment"),
        ({"city": "髙輪☃"}, "city"),
    ],
)
def test_r10_a_default_that_every_form_would_refuse_is_refused_once(
    shop: Shop, manager: FlaskClient, typed: dict[str, Any], field: str
) -> None:
    account_id = shop.yahoo_account()
    answer = change(manager, account_id, name="新しい名前", **typed)
    assert answer.status_code == 422 and f'data-testid="problem-{field}"' in answer.text
    assert 'value="新しい名前"' in answer.text  # what was typed is still there
    assert only(shop).options == {"saved_choices": SAVED_CHOICES} and audited(shop) == []


def test_r3_a_store_that_was_read_keeps_its_id(shop: Shop, manager: FlaskClient) -> None:
    account_id = shop.yahoo_account()
    assert change(manager, account_id, store_id="demo-store-2").status_code == 302
    pc_of(shop, shop.app.test_client(), account_id).sync()
    answer = change(manager, account_id, store_id="demo-store-1")
    assert answer.status_code == 409 and "すでに同期しているため、ストアIDを変えられません。" in answer.text
    assert only(shop).store_id == "demo-store-2"


def test_r3_a_store_to_which_anything_was_sent_keeps_its_id_before_the_first_sync(
    shop: Shop, manager: FlaskClient
) -> None:
    account_id = shop.yahoo_account()
    listing(shop, account_id, shop.item(), "N1", state=ListingState.QUEUED, sent=None)
    assert change(manager, account_id, store_id="demo-store-2").status_code == 302, "nothing was sent yet"
    listing(shop, account_id, shop.item(), "N2")
    answer = change(manager, account_id, store_id="demo-store-1")
    assert answer.status_code == 409 and "出品を送っている" in answer.text
    assert only(shop).store_id == "demo-store-2"
    assert change(manager, account_id, store_id="demo-store-2", name="本店").status_code == 302


@pytest.mark.parametrize(
    ("typed", "field"), [({"name": "ヤフオク!demo-store-1"}, "name"), ({"name": "a"}, "store_id")]
)
def test_r3_a_change_cannot_take_anothers_name_or_store(
    shop: Shop, manager: FlaskClient, typed: dict[str, str], field: str
) -> None:
    shop.yahoo_account()
    second = shop.yahoo_account(store_id="demo-store-2")
    store_id = "demo-store-1" if field == "store_id" else "demo-store-2"
    answer = change(manager, second, store_id=store_id, **typed)
    assert answer.status_code == 409 and f'data-testid="problem-{field}"' in answer.text
    assert [(each.name, each.store_id) for each in accounts(shop)] == [
        ("ヤフオク!demo-store-1", "demo-store-1"), ("ヤフオク!demo-store-2", "demo-store-2"),
    ]  # fmt: skip
    assert audited(shop) == []


def test_r19_the_store_tool_may_change_while_nothing_is_on_its_way(shop: Shop, manager: FlaskClient) -> None:
    account_id = shop.yahoo_account()
    change(manager, account_id, payment=["銀行振込"], prefecture="大阪府")
    waiting = queued(shop, account_id, payment=["銀行振込"], shipping=["ゆうパック"])
    refused = change(manager, account_id, profile="current")
    assert refused.status_code == 409 and "1件あるため、ストアツールを変えられません。" in refused.text
    manager.post(f"/ec/listings/{waiting}/take_back", data={"staff_code": "1001"})
    assert change(manager, account_id, profile="current", payment=["銀行振込"]).status_code == 302
    assert only(shop).profile == "current"
    page = manager.get(f"/settings/accounts/{account_id}").text
    assert "配送グループ" in page and "saved-payment" not in page
    moved = manager.post(
        f"/settings/accounts/{account_id}",
        data={**STORE, "profile": "classic", "saved-delivery_group": "3", "delivery_group": "3", "prefecture": "東京都"},
    )  # fmt: skip
    assert moved.status_code == 302
    options = only(shop).options  # what only the other tool knows waits for the way back
    assert options["saved_choices"]["payment"] == ["かんたん決済", "銀行振込"]
    assert options["saved_choices"]["delivery_group"] == ["3"]
    assert options["defaults"] == {"payment": ["銀行振込"], "prefecture": "東京都", "delivery_group": "3"}


def test_r19_a_store_may_have_its_lists_elsewhere_on_the_same_host(
    shop: Shop, manager: FlaskClient, client: FlaskClient
) -> None:
    add(manager, profile="current")
    account_id = only(shop).id
    pc = pc_of(shop, client, account_id)

    def told() -> object:
        (account,) = pc.call("GET", "/context", answer="context").get_json()["accounts"]
        return account["page_addresses"]

    host, typed = "https://auctions.store.yahoo.co.jp", {**STORE, "profile": "current"}
    path = f"/settings/accounts/{account_id}"
    assert told() == {}
    assert manager.post(path, data={**typed, "address-selling": f" {host}/x?sort=end "}).status_code == 302
    assert told() == {"selling": f"{host}/x?sort=end"}
    for bad in (
        "https://evil.example.com/x",
        "http://auctions.store.yahoo.co.jp/x",
        f"{host}/{'x' * 500}",
        "x",
    ):
        answer = manager.post(path, data={**typed, "address-selling": bad})
        assert answer.status_code == 422
        assert 'data-testid="problem-address-selling"' in answer.text
    assert told() == {"selling": f"{host}/x?sort=end"}
    manager.post(path, data={**typed, "address-selling": f"{host}/serinavi/selling"})
    assert told() == {}, "the usual place needs no saying"


def test_r3_a_disabled_store_is_not_offered_and_its_history_stays(shop: Shop, manager: FlaskClient) -> None:
    account_id, item = shop.yahoo_account(), shop.item()
    for _ in range(2):  # the second press changes nothing
        assert manager.post(f"/settings/accounts/{account_id}/disable").status_code == 302
    with shop.read() as session:
        assert forms_of(session, wired(shop).channels, item_for_listing(session, item)) == []
    assert "停止中" in manager.get("/settings/accounts").text
    manager.post(f"/settings/accounts/{account_id}/enable")
    assert only(shop).is_enabled
    assert [(entry.action, entry.after) for entry in audited(shop)] == [
        ("account.enable", {"is_enabled": False}), ("account.enable", {"is_enabled": True}),
    ]  # fmt: skip


def test_r28_the_screen_says_who_read_last_and_since_when_nothing_could_be_read(
    shop: Shop, manager: FlaskClient
) -> None:
    account_id = shop.yahoo_account()
    pages = ("/settings/accounts", f"/settings/accounts/{account_id}")
    assert all("まだ一度も同期していません" in manager.get(page).text for page in pages)
    pc = pc_of(shop, shop.app.test_client(), account_id, "奥のPC")
    with time_machine.travel(datetime(2026, 11, 23, 1, 0, tzinfo=UTC), tick=False):
        pc.sync()
    with time_machine.travel(datetime(2026, 11, 23, 2, 0, tzinfo=UTC), tick=False):
        pc.start()
        pc.fail("LOGIN_REQUIRED")
    with time_machine.travel(datetime(2026, 11, 23, 3, 0, tzinfo=UTC), tick=False):
        pc.start()
        pc.fail("LOGIN_REQUIRED")
    for page in pages:
        text = manager.get(page).text
        assert "最後まで読めた同期 2026/11/23 10:00（奥のPC）" in text
        assert "2026/11/23 11:00 から読み取れていません" in text and "ログインしていないため" in text
    pc.sync()
    assert all("読み取れていません" not in manager.get(page).text for page in pages)


def test_r8_the_demo_shop_leaves_a_clerk_three_things_to_say(app: Flask) -> None:
    """Only what no shop can know before: which category, what to write about the item, and whether it may be bought out."""
    with app.app_context():
        assert add_demo_shop() is True
        with system_scope():
            demo = Shop(app, db.session.scalars(sa.select(Tenant.id)).one())
            db.session.rollback()
    assert {problem.field for problem in first_form(demo).problems} == {
        "category", "description", "buyout_price",
    }  # fmt: skip
