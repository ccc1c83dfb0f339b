"""R31: every change leaves an entry, and 操作履歴 shows it in words."""

from __future__ import annotations

import ast
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient

import recore
from recore.history.words import ACTIONS, FIELDS, HIDDEN, SUBJECTS
from recore.identity.models import Policy
from recore.platform.actor import Actor, ActorKind
from recore.platform.audit import AuditEntry
from recore.stock.service import adjust, change_price
from tests.support.every_route import calls, client_of, fill, send, token_for
from tests.support.shop import Shop, open_shop
from tests.support.store import BUYER, auction, detail, item, listing, pc_of, won

# Routes that write and leave no entry, with the reason. What the extension does is kept with its run, its upload or its
# command; what that changes of listings and orders is an entry of its own.
WITHOUT_ENTRY = {
    "identity.login_submit": "changes nothing of the shop",
    "identity.logout": "changes nothing of the shop",
    "identity.choose_staff": "says who acts at this PC, in its session",
    "identity.check_staff": "reads",
    "identity.leave_staff": "says who acts at this PC, in its session",
    "identity.idle_staff": "says who acts at this PC, in its session",
    "home.scan": "says who acts at this PC, in its session",
    "api_links.ask": "the consent is an entry when it is given (account.api_link)",
    "api_links.try_out": "reads",
    "buyin.start": "nothing is bought before buyin.confirm, which is the entry",
    "buyin.add": "nothing is bought before buyin.confirm, which is the entry",
    "buyin.change": "nothing is bought before buyin.confirm, which is the entry",
    "buyin.remove": "nothing is bought before buyin.confirm, which is the entry",
    "buyin.cancel_purchase": "nothing was bought",
    "bulk.begin": "remembers which items are looked at",
    "categories.upload": "a preview: taking it in is the entry",
    "file_imports.upload": "a preview: taking it in is the entry",
    "runs.fetch_again": "reads the marketplace again",
    "sales.scan": "the cart is in the session",
    "sales.remove": "the cart is in the session",
    "listings.save": "what is typed waits until 【出品】, which is the entry",
    "listings.preview": "reads",
    "offers.find": "reads",
    "offers.check": "reads",
    "unsold.choose": "goes to a page",
    "stock_edit.choose": "goes to a page",
    "templates.preview": "reads",
    "orders.choose_shipments": "goes to a page",
    "order_import.upload": "a preview: taking it in is the entry",
    "listings_api.claim": "direct_uploads keeps it",
    "listings_api.conclude": "direct_uploads keeps it; what becomes of the listings are entries (listing.state)",
    "listings_api.cancel": "direct_uploads keeps it",
    "commands_api.claim": "marketplace_command_events keeps it",
    "commands_api.begin_sending": "marketplace_command_events keeps it",
    "commands_api.note_seen": "marketplace_command_events keeps it",
    "commands_api.conclude": "marketplace_command_events keeps it",
    "commands_api.give_back": "marketplace_command_events keeps it",
    "sync_api.tell_plan": "says when a PC means to read next",
    "sync_api.start_run": "sync_runs keeps it",
    "sync_api.post_page": "sync_runs keeps it; what it changes of listings and orders are entries",
    "sync_api.finish_run": "sync_runs keeps it; what it changes of listings are entries",
}  # fmt: skip

# Routes that the shop of the walk refuses, because of what it has; the entry that they leave otherwise.
REFUSED_HERE = {
    "api_links.save_client": "account.api_client",
    "api_links.save_key": "account.api_key",
    "api_links.finish": "account.api_link",
    "api_keys.save": "account.api_keys",
    "bulk.choose": "draft.apply_template",
    "bulk.choose_one": "draft.apply_template",
    "bulk.press": "listing.queue",
    "categories.take": "categories.import",
    "commands.decide": "command.resolve",
    "file_imports.take": "import.stock",
    "listings.resolve": "listing.confirm_listed",
    "listings_api.give_back": "batch.give_back",
    "offers.act": "listing.price",
    "photos.make_link": "photo_link.make",  # as localhost, which no phone reaches
    "photos.order": "photo.order",
    "photo_link.order": "photo.order",
    "unsold.take_back": "listing.take_back",
    "order_import.take": "orders.import",
    "orders.clear_review": "order.clear_review",
    "sellers.keep": "seller.keep",  # the walk has put every setting back by then
    "orders.close_return": "order.close_return",
}


def recorded_actions() -> set[str]:
    """Every action that the code writes, read from the code."""
    found = set()
    for path in Path(recore.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            name = getattr(node, "func", None)
            if isinstance(node, ast.Call) and getattr(name, "id", getattr(name, "attr", "")) in (
                "record",
                "record_all",
                "audit",
            ):
                found |= {
                    each.value
                    for each in ast.walk(node.args[1])
                    if isinstance(each, ast.Constant) and "." in str(each.value)
                }
    return found


def test_every_action_has_its_words() -> None:
    """`import.` is the head of several: import.products …"""
    wordless = {
        each
        for each in recorded_actions() - set(ACTIONS)
        if not (each.endswith(".") and any(known.startswith(each) for known in ACTIONS))
    }
    assert wordless == set()


@pytest.mark.parametrize("engine_url", ["sqlite"], indirect=True)  # the routes are the same on both
def test_every_route_that_writes_leaves_an_entry_or_has_its_reason(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    at = fill(app, "home")
    client = client_of(app, at.host, "demo", "demo-pass")
    with_entry, every = set(), set()
    for call in calls(app, at.ids):
        if call.method == "GET":
            continue
        every.add(call.endpoint)
        if call.endpoint in ("identity.logout", "identity.leave_staff"):
            continue
        before = newest(at.shop)
        send(client, at, call, token=token_for(call, at))
        if newest(at.shop) != before:
            with_entry.add(call.endpoint)
    assert every - with_entry - set(WITHOUT_ENTRY) - set(REFUSED_HERE) == set()
    assert with_entry & {*WITHOUT_ENTRY, *REFUSED_HERE} == set(), "these do leave an entry"
    assert {*WITHOUT_ENTRY, *REFUSED_HERE} - every == set(), "these are no routes"
    assert set(REFUSED_HERE.values()) <= set(ACTIONS)
    with at.shop.read() as session:
        entries = session.scalars(sa.select(AuditEntry)).all()
    keys = {key for entry in entries for key in {**(entry.before or {}), **(entry.after or {})}}
    assert keys - {*FIELDS, *HIDDEN} == set()
    assert {entry.subject_kind for entry in entries} - set(SUBJECTS) == set()


def newest(shop: Shop) -> int:
    with shop.read() as session:
        return session.scalar(sa.select(sa.func.max(AuditEntry.id))) or 0


# --- the page ----------------------------------------------------------------------------------------------------


def browser_of(shop: Shop, login_id: str = "demo") -> FlaskClient:
    shop.app.config["WTF_CSRF_ENABLED"] = False
    return client_of(shop.app, "localhost", login_id, "demo-pass")


def staff_actor(shop: Shop, code: str, name: str) -> Actor:
    return Actor(ActorKind.STAFF, shop.staff_id(code), name)


def shown(client: FlaskClient, **asked: str) -> list[str]:
    """The rows of the page as plain words."""
    text = client.get("/settings/history", query_string=asked).text
    body = (
        text.split('data-testid="history"')[1].split("</table>")[0] if 'data-testid="history"' in text else ""
    )
    rows = body.split('data-testid="entry-')[1:]
    return [" ".join(re.sub(r"<[^>]+>", " ", row.split(">", 1)[1]).split()) for row in rows]


def test_r31_the_page_says_who_changed_what_from_what_to_what(shop: Shop) -> None:
    stock_item = shop.item(price=5000)
    with shop.work(staff_actor(shop, "1002", "鈴木 EC担当")) as uow:
        change_price(uow, stock_item, was=5000, price=4500)
    (row,) = shown(browser_of(shop), what="stock.price")
    assert "鈴木 EC担当 販売価格を変更 IT0000001 在庫 価格： 5,000円 → 4,500円" in row


def test_r31_an_it_code_finds_all_that_happened_to_the_item_and_nothing_else(
    shop: Shop, client: FlaskClient
) -> None:
    """In stock, on the marketplace and with its order; no buyer's data anywhere."""
    pc = pc_of(shop, client, shop.yahoo_account())
    stock_item, other = shop.item(price=5000), shop.item(price=100)
    listing(shop, pc.account_id, stock_item, "N1")
    pc.sync(selling=[auction("a1", "N1", bid_count=1)])
    for status in ("入金済み", "発送済み"):
        pc.sync(orders=[won("a1", "N1", status)], details={"a1": detail("a1", [item("a1", "N1")], status)})
    with shop.work() as uow:
        change_price(uow, stock_item, was=5000, price=4500)
        change_price(uow, other, was=100, price=90)
    rows = shown(browser_of(shop), q="it0000001")
    assert [row for row in rows if "IT0000002" in row] == []
    for words in ("販売価格を変更", "出品処理中 → 出品中", "受注を取り込み", "未出荷 → 出荷済み"):
        assert any(words in row for row in rows), words
    with shop.read() as session:
        written = str(
            session.execute(sa.select(AuditEntry.before, AuditEntry.after, AuditEntry.subject_label)).all()
        )
    assert [each for each in BUYER.values() if each in written] == []


def test_r31_who_what_and_when_narrow_it_down(shop: Shop) -> None:
    stock_item = shop.item(price=5000)
    with time_machine.travel(datetime(2026, 11, 27, 15, 30, tzinfo=UTC)):  # the 28th in Japan
        with shop.work(staff_actor(shop, "1002", "鈴木 EC担当")) as uow:
            change_price(uow, stock_item, was=5000, price=4500)
        with shop.work() as uow:
            adjust(uow, stock_item, 3, "棚卸")
    manager = browser_of(shop)
    assert len(shown(manager, who=str(shop.staff_id("1002")))) == 1
    assert len(shown(manager, who="operator", what="買取・在庫")) == 1
    assert len(shown(manager, **{"from": "2026-11-28", "to": "2026-11-28"})) == 2
    assert shown(manager, to="2026-11-27") == []
    assert len(shown(manager, q="鈴木")) == 1
    assert "「あした」は日付ではありません" in manager.get("/settings/history?from=あした").text
    assert "条件に合う操作はありません" in manager.get("/settings/history?q=nothing").text


def test_r31_a_policy_shows_which_operations_came_and_went(shop: Shop) -> None:
    manager = browser_of(shop)
    with shop.read() as session:
        clerk = session.scalars(sa.select(Policy).where(Policy.name == "店頭スタッフ")).one()
        allowed = [name for name, value in clerk.rules.items() if value and name != "counter.sell"]
    form = {"name": "店頭スタッフ", "allowed": [*allowed, "stock.write"]}
    manager.post(f"/settings/staff/policies/{clerk.id}", data=form)
    (row,) = shown(manager, what="policy.change")
    assert "店頭販売をする： できる → なし 在庫数・販路・価格を直す： できる" in row
    assert "買取を登録" not in row


def test_r31_texts_are_shown_and_never_run(shop: Shop) -> None:
    stock_item = shop.item()
    with shop.work() as uow:
        adjust(uow, stock_item, 2, "<script>alert(1)</script>")
    text = browser_of(shop).get("/settings/history").text
    assert "&lt;script&gt;alert(1)" in text
    assert "<script>alert" not in text


def test_r2_r31_the_history_is_for_those_who_may_read_it(shop: Shop) -> None:
    assert browser_of(shop, "till").get("/settings/history").status_code == 403
    assert 'data-testid="nav-history"' not in browser_of(shop, "till").get("/").text


def test_r1_r31_another_tenants_history_is_not_there(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    for name, price in (("home", 4500), ("other", 4400)):
        shop = open_shop(app, name, f"{name}.localhost")
        stock_item = shop.item(price=5000)
        with shop.work() as uow:
            change_price(uow, stock_item, was=5000, price=price)
    text = (
        client_of(app, "home.localhost", "demo", "demo-pass")
        .get("/settings/history", base_url="http://home.localhost")
        .text
    )
    assert "4,500円" in text
    assert "4,400円" not in text
