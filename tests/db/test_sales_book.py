"""R30: 売上 is booked once, on the shipping day, and what goes back is an entry of its own."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from alembic import command
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook

from recore.identity.models import Policy, Staff
from recore.identity.models import Shop as ShopRow
from recore.identity.rules import allow_only
from recore.migrations import alembic_config
from recore.orders.models import OrderLine
from recore.orders.service import link_line
from recore.platform.db import db
from recore.sales.models import SaleEntry
from recore.sales.service import SaleLine, sell, void
from tests.support.every_route import client_of
from tests.support.shop import Shop, open_shop
from tests.support.store import Pc, auction, detail, item, listing, order_now, pc_of, wire, won

Entry = tuple[str, str, int, int]
NOON = datetime(2026, 11, 28, 3, tzinfo=UTC)  # 12:00 in Japan


@pytest.fixture
def pc(shop: Shop, client: FlaskClient) -> Pc:
    return pc_of(shop, client, shop.yahoo_account())


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=True) as traveller:
        yield traveller


def counter_sale(
    shop: Shop, stock_item: int, *, key: str = "k1", quantity: int = 1, price: int = 5000
) -> int:
    with shop.work() as uow:
        staff = uow.session.scalars(sa.select(Staff).where(Staff.code == "1003")).one()
        shop_id = uow.session.scalars(sa.select(ShopRow.id)).one()
        return sell(uow, key, shop_id, staff, [SaleLine(stock_item, quantity, price)])


def entries(shop: Shop) -> list[Entry]:
    """(kind, day, units, yen) as they were written."""
    with shop.read() as session:
        rows = session.scalars(sa.select(SaleEntry).order_by(SaleEntry.id)).all()
        return [(str(row.kind), row.booked_on.isoformat(), row.quantity, row.amount) for row in rows]


def now_in(pc: Pc, status: str, **more: Any) -> None:
    pc.sync(closed=[auction("a1", "N1", result="落札者あり")], orders=[won("a1", "N1", status)], **more)


def sold(shop: Shop, pc: Pc, status: str) -> int:
    """An item sold in auction a1, its order first seen in `status`: the item."""
    stock_item = shop.item()
    listing(shop, pc.account_id, stock_item, "N1")
    pc.sync(selling=[auction("a1", "N1", bid_count=1)])
    now_in(pc, status)
    return stock_item


def test_r30_a_counter_sale_is_booked_at_once_and_its_void_is_a_cancel_of_that_day(
    shop: Shop, clock: time_machine.Traveller
) -> None:
    sale = counter_sale(shop, shop.item(quantity=3), quantity=2)
    counter_sale(shop, 1, quantity=2)  # the same key: a double click
    assert entries(shop) == [("SALE", "2026-11-28", 2, 10000)]
    clock.move_to(datetime(2026, 12, 2, tzinfo=UTC))
    with shop.work() as uow:
        void(uow, sale)
    assert entries(shop) == [("SALE", "2026-11-28", 2, 10000), ("CANCEL", "2026-12-02", -2, -10000)]


def test_r30_the_day_is_japans(shop: Shop, clock: time_machine.Traveller) -> None:
    clock.move_to(datetime(2026, 11, 30, 15, 30, tzinfo=UTC))
    counter_sale(shop, shop.item())
    assert entries(shop) == [("SALE", "2026-12-01", 1, 5000)]


def test_r30_an_order_is_booked_on_its_shipping_day_and_only_then(
    shop: Shop, pc: Pc, clock: time_machine.Traveller
) -> None:
    sold(shop, pc, "未処理")
    now_in(pc, "入金済み")
    assert entries(shop) == []
    clock.move_to(datetime(2026, 11, 30, 3, tzinfo=UTC))
    now_in(pc, "発送済み")
    now_in(pc, "対応終了")
    assert entries(shop) == [("SALE", "2026-11-30", 1, 3000)]


def test_r30_a_cancelled_order_that_never_left_is_no_sale(shop: Shop, pc: Pc) -> None:
    sold(shop, pc, "入金済み")
    now_in(pc, "キャンセル")
    assert entries(shop) == []


def test_r18_r30_yahoos_cancel_ritual_reverses_the_booking_once_and_shipping_again_books_anew(
    shop: Shop, pc: Pc, clock: time_machine.Traveller
) -> None:
    """発送済み → 未処理 → キャンセル, and then it is sent after all."""
    sold(shop, pc, "入金済み")
    now_in(pc, "発送済み")
    for day, status in ((1, "未処理"), (2, "キャンセル"), (3, "発送済み")):
        clock.move_to(datetime(2026, 12, day, 3, tzinfo=UTC))
        now_in(pc, status)
    assert entries(shop) == [
        ("SALE", "2026-11-28", 1, 3000),
        ("CANCEL", "2026-12-01", -1, -3000),
        ("SALE", "2026-12-03", 1, 3000),
    ]


def test_r25_r30_a_partial_cancel_takes_back_its_line_alone(shop: Shop, pc: Pc) -> None:
    items = [item("a1", unit_price=3000), item("a2", unit_price=2000)]
    rows = [won("a1", status="入金済み"), won("a2", status="入金済み")]
    pc.sync(
        orders=rows, details={"a1": detail("a1", items, "入金済み"), "a2": detail("a2", items, "入金済み")}
    )
    both = {key: detail(key, items, "発送済み") for key in ("a1", "a2")}
    pc.sync(orders=[won("a1", status="発送済み"), won("a2", status="発送済み")], details=both)
    assert sum(amount for *_, amount in entries(shop)) == 5000
    pc.sync(orders=[won("a1", status="発送済み"), won("a2", status="キャンセル")], details={})
    assert entries(shop)[-1][0::3] == ("CANCEL", -2000)
    assert sum(amount for *_, amount in entries(shop)) == 3000


def test_r30_another_amount_on_the_orders_page_is_a_correction(
    shop: Shop, pc: Pc, clock: time_machine.Traveller
) -> None:
    """The list of orders knows no units: found the same day it belongs to the sale, later it is that day's."""
    sold(shop, pc, "入金済み")
    now_in(pc, "発送済み", details={"a1": detail("a1", [item("a1", "N1", 1, 2800)], "発送済み")})
    clock.move_to(datetime(2026, 12, 5, 3, tzinfo=UTC))
    now_in(pc, "対応終了", details={"a1": detail("a1", [item("a1", "N1", 1, 2500)], "対応終了")})
    assert entries(shop) == [
        ("SALE", "2026-11-28", 1, 3000),
        ("CORRECTION", "2026-11-28", 0, -200),
        ("CORRECTION", "2026-12-05", 0, -300),
    ]


def test_r30_an_order_of_before_the_first_sync_is_booked_on_its_own_day(
    shop: Shop, pc: Pc, clock: time_machine.Traveller
) -> None:
    pc.sync(orders=[won("old", status="対応終了", won_at=wire(datetime(2026, 9, 30, 16, tzinfo=UTC)))])
    assert entries(shop) == [("SALE", "2026-10-01", 1, 3000)]


def test_r30_an_item_that_is_linked_later_is_named_and_the_amount_stays(shop: Shop, pc: Pc) -> None:
    pc.sync(orders=[won("a9", status="入金済み")])
    pc.sync(orders=[won("a9", status="発送済み")])
    stock_item = shop.item(name="一眼レフカメラ")
    with shop.work() as uow:
        line = uow.session.scalars(sa.select(OrderLine)).one()
        staff = uow.session.scalars(sa.select(Staff).where(Staff.code == "1002")).one()
        link_line(uow, line.order_id, line.id, "IT0000001", staff)
    with shop.read() as session:
        (entry,) = session.scalars(sa.select(SaleEntry)).all()
        assert (entry.stock_item_id, entry.name, entry.amount) == (stock_item, "一眼レフカメラ", 3000)


def test_r26_r30_orders_that_turn_out_to_be_one_keep_their_sales(shop: Shop, pc: Pc) -> None:
    pc.sync(orders=[won(key, status="発送済み") for key in ("a1", "a2")], details={})
    both = detail("a1", [item("a1"), item("a2")], "発送済み")
    pc.sync(
        orders=[won(key, status="対応終了") for key in ("a1", "a2")],
        details={"a1": both | {"status": "対応終了"}},
    )
    with shop.read() as session:
        assert set(session.scalars(sa.select(SaleEntry.order_id))) == {order_now(shop).id}
    assert sum(amount for *_, amount in entries(shop)) == 6000


def test_r30_two_writers_of_one_step_meet_in_the_constraint(shop: Shop) -> None:
    counter_sale(shop, shop.item())
    with pytest.raises(sa.exc.IntegrityError), shop.work() as uow:
        columns = [each for each in SaleEntry.__table__.c if each.name != "id"]
        again = sa.select(*columns).where(SaleEntry.seq == 1)
        uow.session.execute(sa.insert(SaleEntry).from_select([each.name for each in columns], again))


# --- the page ----------------------------------------------------------------------------------------------------


@pytest.fixture
def manager(shop: Shop, clock: time_machine.Traveller) -> FlaskClient:
    return browser_of(shop, "demo")


def browser_of(shop: Shop, login_id: str) -> FlaskClient:
    shop.app.config["WTF_CSRF_ENABLED"] = False
    return client_of(shop.app, "localhost", login_id, "demo-pass")


def amounts(answer: str) -> list[str]:
    return [part.split("<")[0] for part in answer.split('data-testid="total">')[1:]]


def test_r30_the_page_shows_a_period_by_place_with_its_totals(
    shop: Shop, pc: Pc, manager: FlaskClient, clock: time_machine.Traveller
) -> None:
    clock.move_to(datetime(2026, 10, 31, 3, tzinfo=UTC))
    counter_sale(shop, shop.item(), key="october", price=700)
    clock.move_to(NOON)
    assert "この期間の売上はまだありません" in manager.get("/sales").text
    sold(shop, pc, "入金済み")
    now_in(pc, "発送済み")
    counter_sale(shop, shop.item(name="レコード"))
    assert amounts(manager.get("/sales").text) == ["8,000円"]
    assert amounts(manager.get("/sales?where=counter").text) == ["5,000円"]
    assert amounts(manager.get("/sales?where=online").text) == ["3,000円"]
    assert amounts(manager.get(f"/sales?where={pc.account_id}").text) == ["3,000円"]
    assert amounts(manager.get("/sales?period=last-month").text) == ["700円"]
    assert amounts(manager.get("/sales?period=chosen&from=2026-10-01&to=2026-11-28").text) == ["8,700円"]
    shown = manager.get("/sales?period=today").text
    assert f'href="/ec/orders/{order_now(shop).id}"' in shown
    assert "レコード" in shown
    assert "条件に合う売上はありません" in manager.get("/sales?period=yesterday&where=counter").text


def test_r30_a_period_that_cannot_be_is_named(manager: FlaskClient) -> None:
    for asked, words in {
        "from=2026-11-28&to=2026-11-01": "終わりが、始まりより前",
        "from=2020-01-01&to=2026-11-01": "366日まで",
        "from=きのう": "「きのう」は日付ではありません",
    }.items():
        assert words in manager.get(f"/sales?period=chosen&{asked}").text
        assert manager.get(f"/sales/file.csv?period=chosen&{asked}").status_code == 422


def test_r30_pages_follow_the_chosen_order_to_the_end(shop: Shop, manager: FlaskClient) -> None:
    stock_item = shop.item(quantity=60)
    for number in range(60):
        counter_sale(shop, stock_item, key=f"k{number}", price=1000 + number % 7)
    for order in ("newest", "oldest", "dear", "cheap"):
        url, seen = f"/sales?order={order}", []
        while url:
            text = manager.get(url).text
            seen += re.findall(r'data-testid="sale-(\d+)"', text)
            older = re.search(r'href="([^"]+)" data-testid="older"', text)
            url = older[1].replace("&amp;", "&") if older else ""
        assert len(seen) == len(set(seen)) == 60
    assert manager.get("/sales?order=dear&before=2026-11-28_4").status_code == 200


def test_r30_the_files_carry_texts_that_no_spreadsheet_runs(shop: Shop, manager: FlaskClient) -> None:
    name = '=HYPERLINK("http://x")'
    sale = counter_sale(shop, shop.item(name=name))
    with shop.work() as uow:
        void(uow, sale)
    body = manager.get("/sales/file.csv").data
    rows = list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))
    assert [row[5] for row in rows[1:]] == [f"'{name}"] * 2
    assert [row[:3] + row[6:9] for row in rows[1:]] == [
        ["2026/11/28", "売上", "店頭", "1", "5000", "S000001"],
        ["2026/11/28", "取消", "店頭", "-1", "-5000", "S000001"],
    ]
    sheet = load_workbook(io.BytesIO(manager.get("/sales/file.xlsx").data)).active
    assert sheet is not None
    cell = sheet["F2"]
    assert (cell.value, cell.data_type) == (name, "s")
    assert [sheet["A2"].value, sheet["H2"].value] == [datetime(2026, 11, 28), 5000]


def test_r2_r30_the_figures_are_for_those_who_may_see_them(shop: Shop) -> None:
    till = browser_of(shop, "till")
    assert till.get("/sales").status_code == 403
    assert 'data-testid="nav-figures"' not in till.get("/").text


def test_r1_r30_another_tenants_sales_are_not_there(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    for name, price in (("home", 888), ("other", 999)):
        shop = open_shop(app, name, f"{name}.localhost")
        counter_sale(shop, shop.item(), price=price)
    manager = client_of(app, "home.localhost", "demo", "demo-pass")
    for page in ("/sales", "/sales/file.csv"):
        text = manager.get(page, base_url="http://home.localhost").text
        assert "888" in text
        assert "999" not in text


# --- what was sold before the book was there ---------------------------------------------------------------------


def test_r30_the_migration_books_what_was_sold_before(
    shop: Shop, pc: Pc, clock: time_machine.Traveller
) -> None:
    sold(shop, pc, "入金済み")
    now_in(pc, "発送済み")
    pc.sync(orders=[won("old", status="対応終了", won_at=wire(datetime(2026, 9, 30, 16, tzinfo=UTC)))])
    sale = counter_sale(shop, shop.item(), price=4000)
    clock.move_to(datetime(2026, 12, 1, 16, tzinfo=UTC))
    with shop.work() as uow:
        void(uow, sale)
    with shop.work() as uow:
        uow.session.add(Policy(name="見習い", rules=allow_only("stock.read")))
    before = facts(shop)
    assert len(before) == 4
    with shop.app.app_context():
        command.downgrade(alembic_config(), "0017-1")
        command.upgrade(alembic_config(), "head")
        db.session.remove()
    assert facts(shop) == before
    with shop.read() as session:
        allowed = session.execute(sa.select(Policy.name, Policy.rules)).all()
    assert {name for name, rules in allowed if rules.get("sales.read")} == {"店長"}


def facts(shop: Shop) -> set[tuple[Any, ...]]:
    columns = [
        getattr(SaleEntry, each.name)
        for each in SaleEntry.__table__.c
        if each.name not in ("id", "recorded_at", "cause", "actor_kind", "actor_label")
    ]
    with shop.read() as session:
        return {tuple(row) for row in session.execute(sa.select(*columns))}
