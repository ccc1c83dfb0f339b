"""R3, R17: the real extension synchronises with the pretend store, whatever goes wrong on the way."""

from __future__ import annotations

import sqlite3

import pytest
from selenium.webdriver.common.by import By

from demo.market import Market
from demo.record import eventually
from demo.shop import Clerk
from tests.e2e.conftest import log_in_to_market
from tests.support.browser import Browser
from tests.support.servers import Servers


def observed(servers: Servers) -> dict[str, int]:
    """auction id → bid count, as the back office has them. Reading the database is for what no screen counts."""
    path = next(servers.data.glob("*.sqlite3"))
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as connection:
        return dict(connection.execute("SELECT external_id, bid_count FROM observed_listings"))


def runs(servers: Servers) -> list[tuple[str]]:
    """The state of every run, oldest first."""
    path = next(servers.data.glob("*.sqlite3"))
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as connection:
        return connection.execute("SELECT state FROM sync_runs ORDER BY id").fetchall()


def error_code(clerk: Clerk) -> str | None:
    found = clerk.driver.find_elements(By.CSS_SELECTOR, '[data-testid="error"]')
    return found[0].get_attribute("data-code") if found else None


def test_r17_a_killed_service_worker_goes_on_where_it_was(
    servers: Servers, clerk: Clerk, extension_browser: Browser, market: Market
) -> None:
    made = market.act("seed", auctions=250, prefix="KILL")["auction_ids"]
    clerk.popup()
    before, runs_before = clerk.last_sync()[0], len(runs(servers))
    clerk.click("@popup-sync")
    for page in (1, 2):
        eventually(
            "a page has arrived", lambda count=page * 100: len(set(made) & set(observed(servers))) >= count
        )
        extension_browser.kill_worker()
        clerk.popup()  # a message starts it again
    eventually("the end", lambda: clerk.last_sync()[0] not in ("", before), seconds=90)
    assert clerk.last_sync()[1] == "complete"
    assert set(made) <= set(observed(servers))
    assert len(runs(servers)) == runs_before + 1, "it went on with its run and began no other"


def test_r17_an_expired_login_is_reported_and_changes_nothing(
    servers: Servers, clerk: Clerk, market: Market
) -> None:
    market.act("seed", auctions=3, prefix="EXP")
    assert clerk.sync() == "complete"
    before = observed(servers)
    market.act("expire-sessions")
    market.act("seed", auctions=3, prefix="NEW")
    assert clerk.sync() == "failed"
    assert error_code(clerk) == "LOGIN_REQUIRED"
    assert observed(servers) == before
    log_in_to_market(clerk, market, "store1")
    assert clerk.sync() == "complete"
    assert len(observed(servers)) == len(before) + 3


@pytest.mark.parametrize(("login", "code"), [("store2", "WRONG_ACCOUNT"), ("kojin", "NOT_STORE")])
def test_r3_another_account_is_never_read(
    servers: Servers, clerk: Clerk, market: Market, login: str, code: str
) -> None:
    market.act("seed", auctions=2, prefix="OURS")
    assert clerk.sync() == "complete"
    before = observed(servers)
    market.act("seed", store="demo-store-2", auctions=2, prefix="THEIRS")
    log_in_to_market(clerk, market, login)
    assert clerk.sync() == "failed"
    assert error_code(clerk) == code
    assert observed(servers) == before


@pytest.mark.parametrize("skin", ["renamed", "missing"])
def test_r17_a_changed_page_is_reported_and_nothing_invented(
    servers: Servers, clerk: Clerk, market: Market, skin: str
) -> None:
    before = observed(servers)
    market.act("seed", auctions=2, prefix="DRIFT")
    market.act("settings", skin=skin)
    assert clerk.sync() == "failed"
    assert error_code(clerk) == "PAGE_DRIFT"
    assert observed(servers) == before
    clerk.open("/ec/orders")
    assert "画面が変わった" in clerk.text('[data-testid^="banner-"]')


def test_r17_maintenance_is_called_by_its_name(servers: Servers, clerk: Clerk, market: Market) -> None:
    before = observed(servers)
    market.act("settings", maintenance=True)
    assert clerk.sync() == "failed"
    assert error_code(clerk) == "MAINTENANCE"
    assert observed(servers) == before
    clerk.open("/ec/orders")
    assert "メンテナンス中" in clerk.text('[data-testid^="banner-"]')
    market.act("settings", maintenance=False)
    assert clerk.sync() == "complete"


def test_r17_a_reshuffled_page_is_read_as_before(servers: Servers, clerk: Clerk, market: Market) -> None:
    made = market.act("seed", auctions=3, prefix="MIX")["auction_ids"]
    market.act("bid", auction_id=made[0])
    market.act("settings", skin="reshuffled")
    assert clerk.sync() == "complete"
    assert {each: observed(servers).get(each) for each in made} == {made[0]: 1, made[1]: 0, made[2]: 0}


@pytest.mark.parametrize("kind", ["503", "drop"])
def test_r17_a_failing_answer_is_asked_for_again(
    servers: Servers, clerk: Clerk, market: Market, kind: str
) -> None:
    made = market.act("seed", auctions=2, prefix="FAIL")["auction_ids"]
    market.act("break", count=1, kind=kind)
    assert clerk.sync() == "complete"
    assert set(made) <= set(observed(servers))


def test_r26_every_winner_of_a_lot_has_an_order_read_from_their_own_page(
    servers: Servers, clerk: Clerk, market: Market
) -> None:
    (lot,) = market.act("seed", auctions=1, quantity=4, prefix="LOT")["auction_ids"]
    market.act("bid", auction_id=lot, bidder="anna", price=2000)
    market.act("bid", auction_id=lot, bidder="ben", price=3000, quantity=2)
    market.act("end", auction_id=lot)
    sold = {order["winner"]: order["buyer"]["name"] for order in market.state()["orders"]}
    assert sold.keys() == {"anna", "ben"}
    for _ in range(2):
        assert clerk.sync() == "complete"
        clerk.open("/ec/orders?tab=on_hold&q=LOT00001")
        links = clerk.driver.find_elements(By.CSS_SELECTOR, '[data-testid^="open-OD"]')
        pages = []
        for there in [str(link.get_attribute("href")) for link in links]:
            clerk.driver.get(there)
            pages.append(clerk.driver.find_element(By.TAG_NAME, "main").text)
        found = sorted(page for page in pages if "LOT00001" in page)
        assert len(found) == 2
        for winner, units in (("anna", "× 1"), ("ben", "× 2")):
            (page,) = [page for page in found if winner in page]
            assert units in page and sold[winner] in page
