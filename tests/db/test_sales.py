"""R6: 店頭販売 takes stock at once, all lines or none, and a double click sells once."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from recore.identity.models import Shop as ShopRow
from recore.identity.models import Staff
from recore.platform.errors import Conflict
from recore.sales.service import SaleLine, sell, void
from tests.support.shop import Shop


def sell_as(shop: Shop, key: str, *lines: SaleLine) -> int:
    with shop.work() as uow:
        staff = uow.session.scalars(sa.select(Staff).where(Staff.code == "1003")).one()
        return sell(uow, key, uow.session.scalars(sa.select(ShopRow.id)).one(), staff, list(lines))


def test_r6_a_sale_takes_the_units_and_a_repeat_is_the_same_sale(shop: Shop) -> None:
    item = shop.item(quantity=3)
    first = sell_as(shop, "k1", SaleLine(item, 2, 5000))
    assert sell_as(shop, "k1", SaleLine(item, 2, 5000)) == first
    assert shop.counts(item) == (1, 0, 1)


def test_r6_a_sale_is_all_or_nothing(shop: Shop) -> None:
    plenty, gone = shop.item(quantity=3), shop.item(quantity=1)
    sell_as(shop, "k1", SaleLine(gone, 1, 100))
    with pytest.raises(Conflict) as caught:
        sell_as(shop, "k2", SaleLine(plenty, 1, 100), SaleLine(gone, 1, 100))
    assert caught.value.item == "IT0000002"
    assert shop.counts(plenty) == (3, 0, 3)


def test_r6_voiding_puts_the_units_back_once(shop: Shop) -> None:
    item = shop.item(quantity=1)
    sale = sell_as(shop, "k1", SaleLine(item, 1, 100))
    with shop.work() as uow:
        void(uow, sale)
    with pytest.raises(Conflict) as caught, shop.work() as uow:
        void(uow, sale)
    assert caught.value.code == "ALREADY_VOID"
    assert shop.counts(item) == (1, 0, 1)
