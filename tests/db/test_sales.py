"""R6: 店頭販売 takes stock at once, all lines or none, and a double click sells once."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from recore.identity.models import Shop as ShopRow
from recore.identity.models import Staff
from recore.platform.errors import Conflict
from recore.sales.service import SaleLine, sell, void
from recore.stock.rules import SalesRoute
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


@pytest.fixture
def till(shop: Shop, client: FlaskClient) -> FlaskClient:
    shop.app.config["WTF_CSRF_ENABLED"] = False
    assert client.post("/login", data={"login_id": "till", "password": "demo-pass"}).status_code == 302
    return client


def test_r6_a_refused_scan_leaves_the_cart_on_the_screen(shop: Shop, till: FlaskClient) -> None:
    shop.item(name="腕時計")
    shop.item(name="カメラ", route=SalesRoute.EC_ONLY)
    till.post("/counter/scan", data={"code": "IT0000001"})
    for code, why in (
        ("IT0000002", "ECのみ"),
        ("IT0000001", "販売できる数が1点"),
        ("9999", "在庫はありません"),
    ):
        page = till.post("/counter/scan", data={"code": code})
        assert page.status_code >= 400 and why in page.text
        assert 'data-testid="cart"' in page.text and "腕時計" in page.text


def test_r6_a_refused_checkout_keeps_the_prices_that_were_typed(shop: Shop, till: FlaskClient) -> None:
    one, other = shop.item(price=5000), shop.item(price=7000)
    for code in ("IT0000001", "IT0000002"):
        till.post("/counter/scan", data={"code": code})
    typed = {"staff_code": "1003", f"price_{one}": "4500", f"price_{other}": "七千"}
    page = till.post("/counter/sell", data=typed)
    assert page.status_code == 422 and "「七千」" in page.text
    assert 'value="4500"' in page.text and shop.counts(one) == (1, 0, 1)
    assert till.post("/counter/sell", data=typed | {f"price_{other}": "6500"}).status_code == 302
    assert shop.counts(one) == (0, 0, 0)
