"""落札 → 受注 → 出荷, キャンセル, 宛先CSV (R18, R24, R25, R26, R29, R31)."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from recore.identity.models import Staff
from recore.identity.rules import Scope
from recore.orders.address_csv import Encoding
from recore.orders.export import choose
from recore.orders.models import OrderEvent, OrderLine
from recore.orders.service import clear_review, close_return, link_line
from recore.platform.audit import AuditEntry
from recore.platform.db import Base
from recore.stock.models import StockItem
from recore.stock.rules import SalesRoute
from recore.stock.service import sell_at_counter
from tests.support.desk import waiting_ids, wired
from tests.support.shop import Shop
from tests.support.store import (
    BUYER,
    Pc,
    auction,
    detail,
    item,
    listing,
    order_now,
    orders_now,
    state_of,
    won,
)


def sold(
    shop: Shop, pc: Pc, status: str = "未処理", *, number: str = "N1", route: SalesRoute = SalesRoute.BOTH
) -> int:
    """An item of one unit, sold in auction a1, its order in `status`: the item."""
    stock_item = shop.item(route=route)
    listing(shop, pc.account_id, stock_item, number)
    pc.sync(selling=[auction("a1", number, bid_count=1)])
    pc.sync(closed=[auction("a1", number, result="落札者あり")], orders=[won("a1", number, status)])
    return stock_item


def now_in(pc: Pc, status: str, number: str = "N1") -> None:
    pc.sync(closed=[auction("a1", number, result="落札者あり")], orders=[won("a1", number, status)])


def waiting(shop: Shop) -> list[int]:
    with shop.read() as session:
        return waiting_ids(session)


def staff(session: Any) -> Staff:
    found: Staff = session.scalars(sa.select(Staff).where(Staff.code == "1002")).one()
    return found


def ids_of(shop: Shop) -> tuple[int, int]:
    """(order, line) of the only line."""
    with shop.read() as session:
        row = session.execute(sa.select(OrderLine.order_id, OrderLine.id)).one()
        return row.order_id, row.id


def test_r18_an_order_follows_the_marketplace_to_the_end(shop: Shop, pc: Pc) -> None:
    stock_item = sold(shop, pc)
    assert (order_now(shop).state, shop.counts(stock_item)) == ("ON_HOLD", (1, 1, 0))
    now_in(pc, "入金済み")
    assert (order_now(shop).state, shop.counts(stock_item)) == ("UNSHIPPED", (1, 1, 0))
    now_in(pc, "発送済み")
    assert (order_now(shop).state, shop.counts(stock_item)) == ("SHIPPED", (0, 0, 0))
    now_in(pc, "対応終了")
    assert (order_now(shop).state, shop.counts(stock_item)) == ("SHIPPED", (0, 0, 0))
    assert order_now(shop).lines == {"a1": "SHIPPED"}


def test_r18_the_state_follows_backwards_too(shop: Shop, pc: Pc) -> None:
    stock_item = sold(shop, pc, "入金済み")
    now_in(pc, "未処理")
    assert (order_now(shop).state, shop.counts(stock_item)) == ("ON_HOLD", (1, 1, 0))


def test_r25_a_cancel_gives_the_unit_back_and_says_where(shop: Shop, pc: Pc) -> None:
    stock_item = sold(shop, pc, "入金済み")
    assert waiting(shop) == []
    now_in(pc, "キャンセル")
    order = order_now(shop)
    assert (order.state, shop.counts(stock_item), waiting(shop)) == ("CANCELLED", (1, 0, 1), [stock_item])
    assert order.stock_note is not None
    assert "出品待ちに表示されます" in order.stock_note


def test_r25_an_order_that_leaves_cancelled_holds_the_unit_again(shop: Shop, pc: Pc) -> None:
    stock_item = sold(shop, pc, "キャンセル")
    now_in(pc, "入金済み")
    assert (order_now(shop).lines, shop.counts(stock_item)) == ({"a1": "RESERVED"}, (1, 1, 0))


def test_r29_leaving_cancelled_without_stock_is_oversold(shop: Shop, pc: Pc) -> None:
    stock_item = sold(shop, pc, "キャンセル")
    with shop.work() as uow:
        sell_at_counter(uow, stock_item, 1, 1)
    now_in(pc, "入金済み")
    order = order_now(shop)
    assert (order.lines, shop.counts(stock_item)) == ({"a1": "OVERSOLD"}, (0, 0, 0))
    assert order.stock_note is not None
    assert "空売り" in order.stock_note


def test_r25_a_cancel_after_shipping_waits_for_a_person(shop: Shop, pc: Pc) -> None:
    stock_item = sold(shop, pc, "発送済み")
    now_in(pc, "キャンセル")
    assert (order_now(shop).state, order_now(shop).lines, shop.counts(stock_item)) == (
        "CANCELLED", {"a1": "RETURN_PENDING"}, (0, 0, 0),
    )  # fmt: skip
    with shop.work() as uow:
        close_return(uow, *ids_of(shop), staff(uow.session), came_back=True)
    assert (order_now(shop).lines, shop.counts(stock_item)) == ({"a1": "RELEASED"}, (1, 0, 1))


def test_r18_an_unknown_status_keeps_the_state_and_is_flagged(shop: Shop, pc: Pc) -> None:
    stock_item = sold(shop, pc, "入金済み")
    now_in(pc, "返品受付中")
    order = order_now(shop)
    assert (order.state, order.needs_review, order.raw_status) == ("UNSHIPPED", True, "返品受付中")
    assert shop.counts(stock_item) == (1, 1, 0)
    with shop.work() as uow:
        clear_review(uow, order.id, staff(uow.session))
    now_in(pc, "返品受付中")
    assert order_now(shop).needs_review is False, "the same word does not flag it again"


def test_r18_a_new_order_with_an_unknown_status_is_on_hold_and_flagged(shop: Shop, pc: Pc) -> None:
    sold(shop, pc, "新しい言葉")
    assert (order_now(shop).state, order_now(shop).needs_review) == ("ON_HOLD", True)
    now_in(pc, "入金済み")
    assert (order_now(shop).state, order_now(shop).needs_review) == ("UNSHIPPED", False)


def test_r26_a_bundle_of_two_auctions_is_one_order(shop: Shop, pc: Pc) -> None:
    items = [shop.item(), shop.item()]
    for stock_item, number in zip(items, ("N1", "N2"), strict=True):
        listing(shop, pc.account_id, stock_item, number)
    pc.sync(selling=[auction("a1", "N1", bid_count=1), auction("a2", "N2", bid_count=1)])
    bundle = [item("a1", "N1"), item("a2", "N2")]
    rows = [won("a1", "N1"), won("a2", "N2")]
    both = {each: detail(each, bundle) for each in ("a1", "a2")}
    for _ in range(2):
        pc.sync(orders=rows, details=both)
    order = order_now(shop)
    assert order.lines == {"a1": "RESERVED", "a2": "RESERVED"}
    assert [shop.counts(each) for each in items] == [(1, 1, 0), (1, 1, 0)]


def test_r26_two_wins_that_become_a_bundle_later_are_one_order(shop: Shop, pc: Pc) -> None:
    items = [shop.item(), shop.item()]
    for stock_item, number in zip(items, ("N1", "N2"), strict=True):
        listing(shop, pc.account_id, stock_item, number)
    rows = [won("a1", "N1"), won("a2", "N2")]
    pc.sync(orders=rows)
    assert len(orders_now(shop)) == 2
    bundle = [item("a1", "N1"), item("a2", "N2")]
    paid = [won("a1", "N1", "入金済み"), won("a2", "N2", "入金済み")]
    pc.sync(orders=paid, details={each: detail(each, bundle, "入金済み") for each in ("a1", "a2")})
    live = [order for order in orders_now(shop) if order.lines]
    assert [order.lines for order in live] == [{"a1": "RESERVED", "a2": "RESERVED"}]
    assert [shop.counts(each) for each in items] == [(1, 1, 0), (1, 1, 0)]


def test_r29_sold_in_the_shop_and_on_yahoo_is_oversold(shop: Shop, pc: Pc) -> None:
    stock_item = shop.item()
    listing(shop, pc.account_id, stock_item, "N1")
    pc.sync(selling=[auction("a1", "N1")])
    with shop.work() as uow:
        sell_at_counter(uow, stock_item, 1, 1)
    now_in(pc, "入金済み")
    assert (order_now(shop).lines, shop.counts(stock_item)) == ({"a1": "OVERSOLD"}, (0, 0, 0))


def test_r35_an_order_of_an_auction_that_is_not_ours_is_unlinked_until_linked(shop: Shop, pc: Pc) -> None:
    pc.sync(orders=[won("old1", "OLD-1", "入金済み")])
    assert order_now(shop).lines == {"old1": "UNLINKED"}
    stock_item = shop.item()
    with shop.read() as session:
        code = session.scalars(sa.select(StockItem.it_code).where(StockItem.id == stock_item)).one()
    with shop.work() as uow:
        link_line(uow, *ids_of(shop), f" {code.lower()} ", staff(uow.session))
    assert (order_now(shop).lines, shop.counts(stock_item)) == ({"old1": "RESERVED"}, (1, 1, 0))


def test_r31_the_order_remembers_who_moved_it(shop: Shop, pc: Pc) -> None:
    sold(shop, pc)
    now_in(pc, "入金済み")
    with shop.read() as session:
        events = session.execute(
            sa.select(OrderEvent.source, OrderEvent.target, OrderEvent.actor_label)
        ).all()
    assert [(row.source, row.target) for row in events if row.source != row.target] == [
        (None, "ON_HOLD"), ("ON_HOLD", "UNSHIPPED"),
    ]  # fmt: skip
    assert {row.actor_label for row in events} == {pc.name}


# --- 宛先CSV and the buyer's data ------------------------------------------------------------------------------


@pytest.fixture
def clerk(shop: Shop, client: FlaskClient) -> FlaskClient:
    shop.app.config["WTF_CSRF_ENABLED"] = False
    assert client.post("/login", data={"login_id": "demo", "password": "demo-pass"}).status_code == 302
    return client


def export(clerk: FlaskClient, shop: Shop, encoding: str = "cp932") -> tuple[list[dict[str, str]], str]:
    """(rows of the file, the result page)"""
    ids = [order.id for order in orders_now(shop)]
    made = clerk.post("/ec/orders/export", data={"order_ids": ids, "encoding": encoding})
    assert made.status_code == 302, made.text
    page = clerk.get(made.headers["Location"]).text
    file = clerk.get(made.headers["Location"] + "/file")
    if file.status_code != 200:
        return [], page
    text = file.data.decode("utf-8-sig" if encoding == "utf-8" else "cp932")
    assert file.data.count(b"\r\n") == file.data.count(b"\n")
    return list(csv.DictReader(io.StringIO(text, newline=""))), page


def test_r24_one_row_per_order_with_codes_for_the_picker(shop: Shop, pc: Pc, clerk: FlaskClient) -> None:
    items = [shop.item(), shop.item()]
    for stock_item, number in zip(items, ("N1", "N2"), strict=True):
        listing(shop, pc.account_id, stock_item, number)
    bundle = [item("a1", "N1"), item("a2", "N2")]
    rows = [won("a1", "N1", "入金済み"), won("a2", "N2", "入金済み")]
    pc.sync(orders=rows, details={each: detail(each, bundle, "入金済み") for each in ("a1", "a2")})
    (row,), _ = export(clerk, shop)
    assert re.fullmatch(r"IT\d+ IT\d+", row["ITコード"])
    assert row["管理番号"] == "N1 N2"
    assert (row["お届け先名"], row["郵便番号"], row["電話番号"]) == ("山田 花子", "060-0001", "090-0123-4567")
    assert row["都道府県"] + row["市区町村"] + row["住所1"] + " " + row["住所2"] == BUYER["address"]
    assert (row["都道府県"], row["市区町村"]) == ("北海道", "札幌市中央区")


@pytest.mark.parametrize(
    ("status", "changes", "words"),
    [("未処理", {}, "保留中"), ("キャンセル", {}, "キャンセル済み"), ("見たことのない言葉", {}, "要確認"),
     ("入金済み", {"buyer": None}, "お届け先がまだ分かりません")],
)  # fmt: skip
def test_r24_what_cannot_be_sent_is_left_out_by_name(
    shop: Shop, pc: Pc, clerk: FlaskClient, status: str, changes: dict[str, Any], words: str
) -> None:
    pc.sync(orders=[won("a1", "N1", status)], details={"a1": detail("a1", status=status, **changes)})
    rows, page = export(clerk, shop)
    assert rows == []
    assert words in page
    assert order_now(shop).number in page


def test_r24_a_character_that_cp932_lacks_is_named_and_utf8_carries_it(
    shop: Shop, pc: Pc, clerk: FlaskClient
) -> None:
    buyer = BUYER | {"name": "𠮷田 髙子"}
    pc.sync(
        orders=[won("a1", "N1", "入金済み")], details={"a1": detail("a1", status="入金済み", buyer=buyer)}
    )
    rows, page = export(clerk, shop)
    assert rows == []
    assert "𠮷" in page
    (row,), _ = export(clerk, shop, "utf-8")
    assert row["お届け先名"] == "𠮷田 髙子"


def test_r24_a_carriers_file_is_never_altered_against_spreadsheets(
    shop: Shop, pc: Pc, clerk: FlaskClient
) -> None:
    buyer = BUYER | {"name": "=HYPERLINK(1)", "phone": "+81-90-0000-0000"}
    pc.sync(
        orders=[won("a1", "N1", "入金済み")], details={"a1": detail("a1", status="入金済み", buyer=buyer)}
    )
    (row,), _ = export(clerk, shop)
    assert (row["お届け先名"], row["電話番号"]) == ("=HYPERLINK(1)", "+81-90-0000-0000")


def test_r24_an_order_that_became_another_is_counted_as_left_out(
    shop: Shop, pc: Pc, clerk: FlaskClient
) -> None:
    pc.sync(orders=[won("a1", "N1", "入金済み")], details={"a1": detail("a1", status="入金済み")})
    (order, _) = ids_of(shop)
    with shop.read() as session:
        chosen = choose(
            session,
            wired(shop).keyring,
            [order, order + 1],
            Encoding.CP932,
            {},
            Scope(frozenset(), is_all_but=True),
        )
    assert (chosen.order_ids, [number for number, _ in chosen.left_out]) == ([order], ["（1件）"])


@pytest.mark.parametrize("text", ["山田", "4567", "090-0123-4567", "a1", "N1"])
def test_r24_an_order_is_found_by_buyer_and_by_code(
    shop: Shop, pc: Pc, clerk: FlaskClient, text: str
) -> None:
    pc.sync(orders=[won("a1", "N1", "入金済み"), won("b2", "N2", "入金済み")],
            details={"a1": detail("a1", [item("a1", "N1")], "入金済み"),
                     "b2": detail("b2", [item("b2", "N2")], "入金済み", buyer=BUYER | {"name": "佐藤 次郎", "phone": "03-1111-2222"})})  # fmt: skip
    numbers = {next(iter(order.lines)): order.number for order in orders_now(shop)}
    page = clerk.get("/ec/orders", query_string={"q": text, "tab": "all"}).text
    assert numbers["a1"] in page
    assert numbers["b2"] not in page


def test_r31_buyer_data_lies_encrypted_and_in_no_log(
    shop: Shop, pc: Pc, clerk: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    pc.sync(
        orders=[won("a1", "N1", "入金済み")],
        details={"a1": detail("a1", status="入金済み", message="よろしく山田")},
    )
    export(clerk, shop)
    with shop.read() as session:
        assert session.scalar(sa.select(sa.func.count(AuditEntry.id))) != 0
        everything = [
            repr(row)
            for table in Base.metadata.sorted_tables
            for row in session.execute(sa.select(table)).all()
        ]
    stored = "\n".join([*everything, caplog.text])
    secrets = ("山田", "ヤマダ", "090-0123-4567", "09001234567", "北1条西", "060-0001", "よろしく")
    assert [secret for secret in secrets if secret in stored] == []


def test_r2_a_clerk_without_the_permission_sees_no_address(shop: Shop, pc: Pc, client: FlaskClient) -> None:
    shop.app.config["WTF_CSRF_ENABLED"] = False
    pc.sync(orders=[won("a1", "N1", "入金済み")], details={"a1": detail("a1", status="入金済み")})
    assert client.post("/login", data={"login_id": "till", "password": "demo-pass"}).status_code == 302
    order = order_now(shop)
    page = client.get(f"/ec/orders/{order.id}")
    assert page.status_code == 200
    assert "山田" not in page.text
    refused = client.post("/ec/orders/export", data={"order_ids": [order.id], "encoding": "cp932"})
    assert refused.status_code == 403


def test_r26_the_sold_listing_is_sold_out_once(shop: Shop, pc: Pc) -> None:
    stock_item = shop.item()
    made = listing(shop, pc.account_id, stock_item, "N1")
    for _ in range(3):
        now_in(pc, "入金済み")
    assert (state_of(shop, made), shop.counts(stock_item), len(orders_now(shop))) == (
        "SOLD_OUT",
        (1, 1, 0),
        1,
    )
