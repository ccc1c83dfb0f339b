"""R24: orders through Yahoo!'s official API, by clicks: no extension reads them."""

from __future__ import annotations

from demo.market import Market
from demo.record import eventually
from demo.shop import Clerk
from tests.e2e.conftest import CURRENT_STORE


def test_r24_a_shop_links_its_store_and_orders_come_by_themselves(modern: Clerk, market: Market) -> None:
    (auction,) = market.act("seed", store=CURRENT_STORE, prefix="API")["auction_ids"]
    (order,) = market.act("win", auction_id=auction)["order_ids"]
    market.act("pay", order_id=order)
    modern.open("/settings/accounts")
    modern.click(".stretched-link")
    modern.type("@field-client_id", "sandbox-client-id")
    modern.type("@field-client_secret", "sandbox-client-secret")
    modern.click("@api-save-client")
    modern.click("@api-consent")
    eventually("Yahoo!'s question", lambda: "auth.login.yahoo.localhost" in modern.driver.current_url)
    modern.click("#agree")
    modern.click("@finish-link")
    assert "連携中" in modern.text("@order-api")

    def arrived() -> bool:
        modern.open("/ec/orders?tab=unshipped")
        return "API00001" in modern.text("#content")

    eventually("the order", arrived, seconds=30)
    modern.open("/settings/accounts")
    modern.click(".stretched-link")
    modern.click("@api-try")
    assert "つながりました" in modern.text("#flash")
