"""R4: 買取 makes stock with an IT code; confirmed once, whatever happens."""

from __future__ import annotations

import threading

import pytest
import sqlalchemy as sa

from recore.buyin.service import LineInput, add_line, confirm, open_purchase, remove_line
from recore.catalog.queries import find_products
from recore.catalog.service import register_product
from recore.identity.models import Shop as ShopRow
from recore.identity.models import Staff
from recore.platform.errors import Conflict, Invalid
from recore.stock.models import StockItem
from recore.stock.queries import item_by_code, stock_items
from recore.stock.rules import SalesRoute
from tests.support.shop import Shop


def draft_with(shop: Shop, *lines: tuple[str, int, SalesRoute]) -> int:
    with shop.work() as uow:
        shop_id = uow.session.scalars(sa.select(ShopRow.id)).one()
        purchase = open_purchase(uow, shop_id)
        for name, quantity, route in lines:
            product = register_product(uow, name=name)
            add_line(uow, purchase.id, LineInput(product.id, "A", 1000, 3000, quantity, route))
        return purchase.id


def confirm_as(shop: Shop, purchase_id: int) -> list[str]:
    with shop.work() as uow:
        staff = uow.session.scalars(sa.select(Staff).where(Staff.code == "1001")).one()
        return [item.it_code for item in confirm(uow, purchase_id, staff)]


def test_r4_confirming_makes_one_stock_item_per_line(shop: Shop) -> None:
    purchase = draft_with(shop, ("時計", 1, SalesRoute.BOTH), ("皿", 4, SalesRoute.EC_ONLY))
    assert confirm_as(shop, purchase) == ["IT0000001", "IT0000002"]
    with shop.read() as session:
        rows = session.execute(
            sa.select(StockItem.on_hand, StockItem.available, StockItem.sales_route).order_by(StockItem.id)
        ).all()
    assert [tuple(row) for row in rows] == [(1, 1, SalesRoute.BOTH), (4, 4, SalesRoute.EC_ONLY)]


def test_r4_a_confirmed_purchase_cannot_be_confirmed_or_changed_again(shop: Shop) -> None:
    purchase = draft_with(shop, ("時計", 1, SalesRoute.BOTH))
    confirm_as(shop, purchase)
    with pytest.raises(Conflict) as caught:
        confirm_as(shop, purchase)
    assert caught.value.code == "NOT_DRAFT"
    with pytest.raises(Conflict), shop.work() as uow:
        remove_line(uow, purchase, 1)
    with shop.read() as session:
        assert session.scalar(sa.select(sa.func.count(StockItem.id))) == 1


def test_r4_two_clerks_confirming_at_once_make_the_stock_once(shop: Shop) -> None:
    purchase = draft_with(shop, ("時計", 1, SalesRoute.BOTH))
    outcomes: list[str] = []
    start = threading.Barrier(6)

    def clerk() -> None:
        start.wait()
        try:
            outcomes.extend(confirm_as(shop, purchase))
        except Conflict as error:
            outcomes.append(error.code)

    threads = [threading.Thread(target=clerk) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["IT0000001"] + ["NOT_DRAFT"] * 5


def test_r4_an_empty_purchase_is_refused(shop: Shop) -> None:
    with shop.work() as uow:
        shop_id = uow.session.scalars(sa.select(ShopRow.id)).one()
        purchase = open_purchase(uow, shop_id).id
    with pytest.raises(Invalid) as caught:
        confirm_as(shop, purchase)
    assert caught.value.code == "NO_LINES"


def test_r4_every_wrong_field_of_a_line_is_named_at_once(shop: Shop) -> None:
    purchase = draft_with(shop)
    with pytest.raises(Invalid) as caught, shop.work() as uow:
        product = register_product(uow, name="時計")
        add_line(uow, purchase, LineInput(product.id, "Z", 100_000_000, 0, 0, SalesRoute.BOTH))
    assert [problem.field for problem in caught.value.problems] == ["grade", "cost", "quantity"]


@pytest.mark.parametrize(
    ("typed", "found"),
    [("セイコー", 1), ("ｾｲｺｰ", 1), ("せいこー", 1), ("seiko", 1), ("ＳＥＩＫＯ　５", 1), ("時計", 1), ("4902370535709", 1),
     ("PD0000001", 1), ("オメガ", 0), ("100%", 0), ("", 0)],
)  # fmt: skip
def test_r4_products_are_found_width_and_kana_insensitively(shop: Shop, typed: str, found: int) -> None:
    with shop.work() as uow:
        register_product(uow, name="腕時計 SEIKO 5", brand="セイコー", jan="4902370535709")
    with shop.read() as session:
        assert len(find_products(session, typed)) == found


def test_r4_a_wrong_jan_is_refused_with_its_reason(shop: Shop) -> None:
    with pytest.raises(Invalid) as caught, shop.work() as uow:
        register_product(uow, name="時計", jan="4902370535708")
    assert [(problem.field, problem.code) for problem in caught.value.problems] == [("jan", "JAN")]


def test_r4_a_scanned_code_finds_its_item_whatever_the_width(shop: Shop) -> None:
    item = shop.item()
    with shop.read() as session:
        found = item_by_code(session, "ｉｔ０００００01")
        assert found is not None and found.id == item
        assert [row.id for row in stock_items(session, text="it0000001").rows] == [item]
