"""R35: a shop with 2,000 running auctions starts on a Monday morning."""

from __future__ import annotations

import pytest
from selenium.webdriver.common.by import By

from demo.market import Market
from demo.record import eventually
from demo.shop import Clerk
from tests.e2e.test_sync import observed
from tests.support.servers import Servers

STAFF = "1001"
AUCTIONS, WON = 2_000, 5


@pytest.mark.soak
def test_r35_two_thousand_auctions_are_taken_over_and_none_is_listed_again(
    servers: Servers, clerk: Clerk, market: Market
) -> None:
    made = market.act("seed_auctions", store="demo-store-1", count=AUCTIONS, won=WON, with_bids=20)
    clerk.open("/settings/shop")
    clerk.type('[name="yahoo.pacing_ms"]', "0")
    clerk.click("@save-settings")
    assert clerk.sync() == "complete"
    assert len(observed(servers)) == AUCTIONS
    clerk.open("/ec/orders?tab=on_hold")
    assert clerk.text("#content").count("未連携") >= WON
    for screen in range(AUCTIONS):
        clerk.open("/ec/unlinked")
        if not clerk.driver.find_elements(By.CSS_SELECTOR, '[data-testid="unlinked"]'):
            break
        link_everything_shown(clerk, screen)
    assert clerk.waiting() == [], "nothing that is offered already waits to be listed"
    auctions = market.state()["auctions"]
    assert len(auctions) == AUCTIONS, "nothing was listed again"
    won = made["auction_ids"][WON + 100]
    number = next(each["management_number"] for each in auctions if each["id"] == won)
    market.act("win", auction_id=won)
    assert clerk.sync() == "complete"
    clerk.open(f"/ec/orders?tab=on_hold&q={number}")
    rows = clerk.text("table")
    assert number in rows
    assert "未連携" not in rows


def link_everything_shown(clerk: Clerk, screen: int) -> None:
    """在庫を作って連携, for all auctions of the screen."""
    first = clerk.one('[data-testid^="auction-"]').get_attribute("data-testid")
    clerk.click("@select-all")
    clerk.type("@staff-code", STAFF)
    clerk.make_stock("A", "併売")
    gone = f'[data-testid="{first}"]'
    eventually(
        f"screen {screen} is linked",
        lambda: not clerk.driver.find_elements(By.CSS_SELECTOR, gone),
        seconds=120,
    )
