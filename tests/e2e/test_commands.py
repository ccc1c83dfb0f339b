"""R24, R27: orders marked as shipped and auctions ended in a real tab, on both store tools: once, whatever breaks."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from selenium.webdriver.support.ui import Select

from demo.market import Market
from demo.record import eventually
from demo.shop import Clerk
from tests.e2e.conftest import at_work, log_in_to_market
from tests.e2e.test_sync import error_code
from tests.support.browser import Browser, browser
from tests.support.servers import Servers, running_servers

STAFF = "1001"
TRACKING = "1234-5678-9012"


@pytest.fixture(scope="module", params=["classic", "current"])
def profile(request: pytest.FixtureRequest) -> str:
    """The store tool."""
    return str(request.param)


@pytest.fixture(scope="module")
def servers(profile: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """A shop for each tool: the tool of a store stays while its listings are on their way."""
    with running_servers(tmp_path_factory.mktemp("servers")) as running:
        yield running


@dataclass(frozen=True)
class Desk:
    """A clerk with an order that is paid for and an auction that offers an item of the shop; `profile` of the store tool."""

    clerk: Clerk
    market: Market
    profile: str
    order_id: int
    number: str
    auction_id: str
    offered: str
    it_code: str

    @property
    def login(self) -> str:
        return "store1" if self.profile == "classic" else "store3"

    # what the clerk does

    def ask_to_ship(self, tracking: str = TRACKING) -> None:
        self.open_order()
        Select(self.clerk.one("@carrier")).select_by_visible_text("ヤマト運輸")
        self.clerk.type("@tracking-number", tracking)
        self.clerk.type("@ship-staff", STAFF)
        self.clerk.click("@ship")
        eventually("it is asked for", lambda: "依頼しました" in self.clerk.text("@flash"))

    def sell_at_the_counter(self) -> None:
        self.clerk.open("/counter")
        self.clerk.type("@scan", self.it_code)
        self.clerk.click("@scan-go")
        self.clerk.type("@staff-code", STAFF)
        self.clerk.click("@sell")
        eventually("it is sold", lambda: self.it_code in self.clerk.text("@recent-sales"))

    # what is seen, here and there

    def open_order(self, tab: str = "all") -> None:
        self.clerk.open(f"/ec/orders?tab={tab}&q={self.number}")
        self.clerk.click('[data-testid^="open-OD"]')
        self.clerk.one("@history")

    def orders_in(self, tab: str) -> bool:
        self.clerk.open(f"/ec/orders?tab={tab}&q={self.number}")
        return self.number in self.clerk.text("#content")

    def withdrawal(self) -> str:
        """How the end of the auction stands, on the listing's page."""
        self.clerk.open("/ec/listings")
        self.clerk.click(f"@listing-{self.offered} a")
        return self.clerk.text("@withdrawal")

    def there(self) -> tuple[str, str]:
        """(status, tracking number) of the order at the market."""
        order = next(each for each in self.market.state()["orders"] if each["id"] == self.order_id)
        return order["status"], order.get("tracking_number", "")

    def is_shipped_there(self) -> bool:
        return self.there()[0].rsplit("・", 1)[-1] in ("発送済み", "出荷済")

    def auction(self) -> dict[str, Any]:
        return next(each for each in self.market.state()["auctions"] if each["id"] == self.auction_id)


@pytest.fixture(scope="module")
def extension_browser(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """One PC for all tests of a shop."""
    with browser(tmp_path_factory.mktemp("pc"), servers.extension) as opened:
        yield opened


@pytest.fixture(scope="module")
def clerk(profile: str, servers: Servers, extension_browser: Browser) -> Clerk:
    """A clerk at that PC, whose account is of the tool that the shop is about."""
    found = at_work(servers, extension_browser)
    if profile == "current":
        found.use_current_tool("demo-store-3")
    change_settings(found, {"yahoo.pacing_ms": "100"}, "yahoo.end_auctions")
    return found


@pytest.fixture
def desk(profile: str, clerk: Clerk, market: Market) -> Desk:
    store, login = ("demo-store-1", "store1") if profile == "classic" else ("demo-store-3", "store3")
    log_in_to_market(clerk, market, login)
    change_settings(clerk, {"settle.command_minutes": "10"})
    mark = f"T{time.time_ns() // 1_000_000 % 10_000_000}"
    sold, offered = market.act("seed", store=store, auctions=2, prefix=mark)["auction_ids"]
    order_id = market.act("win", auction_id=sold)["order_ids"][0]
    market.act("pay", order_id=order_id)
    assert clerk.sync() == "complete", clerk.text()
    number = f"{mark}00002"
    return Desk(
        clerk, market, profile, order_id, f"{mark}00001", offered, number, take_over(clerk, offered, number)
    )


def change_settings(clerk: Clerk, values: dict[str, str], *switched_on: str) -> None:
    clerk.open("/settings/shop")
    for name, value in values.items():
        clerk.type(f'[name="{name}"]', value)
    for name in switched_on:
        box = clerk.in_view(f'[type="checkbox"][name="{name}"]')
        if not box.is_selected():
            box.click()
    clerk.click("@save-settings")
    clerk.one("@flash")


def take_over(clerk: Clerk, auction_id: str, number: str) -> str:
    """在庫を作って連携: the auction is a listing of ours by now; its IT code."""
    clerk.open("/ec/unlinked")
    clerk.click(f"@auction-{auction_id} input")
    clerk.type("@staff-code", STAFF)
    clerk.make_stock("A", "併売")
    eventually(f"{number} is ours", lambda: number in clerk.listing_states(), seconds=30)
    clerk.click(f"@listing-{number} a")
    clerk.one("@withdrawal")
    found = re.search(r"IT\d{7}", clerk.text("#content"))
    assert found is not None
    return found[0]


def test_r24_shipped_with_its_tracking_number(desk: Desk) -> None:
    desk.ask_to_ship()
    assert desk.clerk.text("@command") == "発送通知 待機中"
    assert desk.orders_in("unshipped"), "R18: the order is what the marketplace shows"
    assert desk.clerk.sync() == "complete", desk.clerk.text()
    assert "発送通知 1件" in desk.clerk.text("@popup-commands-done")
    assert desk.is_shipped_there()
    assert desk.there()[1] == ("" if desk.profile == "classic" else TRACKING)
    assert desk.orders_in("shipped")


def test_r27_sold_at_the_counter_the_auction_is_ended(desk: Desk) -> None:
    desk.sell_at_the_counter()
    assert "待機中" in desk.withdrawal()
    assert desk.clerk.sync() == "complete", desk.clerk.text()
    assert "取り下げ 1件" in desk.clerk.text("@popup-commands-done")
    assert desk.auction()["result"] == "取消"
    assert "完了" in desk.withdrawal()


@pytest.mark.parametrize(
    "outcome", ["lost_after_accept", pytest.param("error_after_accept", marks=pytest.mark.soak)]
)
def test_r24_r27_an_answer_that_says_nothing_is_looked_up(desk: Desk, outcome: str) -> None:
    desk.ask_to_ship()
    desk.sell_at_the_counter()
    desk.market.act("settings", write_outcome=outcome)
    assert desk.clerk.sync() == "complete", desk.clerk.text()
    desk.market.act("settings", write_outcome="normal")
    assert "発送通知 1件・取り下げ 1件" in desk.clerk.text("@popup-commands-done")
    assert (desk.is_shipped_there(), desk.auction()["result"]) == (True, "取消")
    assert desk.orders_in("shipped")


@pytest.mark.soak
def test_r24_what_did_not_happen_is_sent_once_more_and_then_left_to_a_person(desk: Desk) -> None:
    change_settings(desk.clerk, {"settle.command_minutes": "0"})
    desk.ask_to_ship()
    desk.market.act("settings", write_outcome="error_not_accepted")
    assert desk.clerk.sync() == "complete", desk.clerk.text()
    desk.market.act("settings", write_outcome="normal")
    assert not desk.is_shipped_there()
    desk.open_order()
    assert "要確認" in desk.clerk.text("@standing")
    assert "2回送りましたが" in desk.clerk.text("@command-reason")
    desk.clerk.type("@resolve-staff", STAFF)
    desk.clerk.click("@command-not-done")
    desk.ask_to_ship()
    assert desk.clerk.sync() == "complete"
    assert desk.is_shipped_there()


def test_r24_an_expired_login_does_nothing_says_why_and_goes_on_after_it(desk: Desk) -> None:
    desk.ask_to_ship()
    desk.market.act("expire-sessions")
    assert desk.clerk.sync() == "failed"
    assert error_code(desk.clerk) == "LOGIN_REQUIRED"
    assert not desk.is_shipped_there()
    desk.open_order()
    assert "ログインしていません" in desk.clerk.text("@command-reason")
    log_in_to_market(desk.clerk, desk.market, desk.login)
    assert desk.clerk.sync() == "complete"
    assert desk.is_shipped_there()


def test_r3_another_store_gets_nothing(desk: Desk) -> None:
    desk.ask_to_ship()
    desk.sell_at_the_counter()
    log_in_to_market(desk.clerk, desk.market, "store2" if desk.profile == "classic" else "store4")
    assert desk.clerk.sync() == "failed"
    assert error_code(desk.clerk) == "WRONG_ACCOUNT"
    assert (desk.is_shipped_there(), desk.auction()["result"]) == (False, None)


def test_r27_a_bid_that_comes_just_before_the_click_keeps_the_auction(desk: Desk) -> None:
    desk.sell_at_the_counter()
    desk.market.act("settings", withdraw_with_bids=True)
    desk.market.act("bid", auction_id=desk.auction_id)
    assert desk.clerk.sync() == "complete", desk.clerk.text()
    assert desk.auction()["result"] is None, "the market would have let us"
    assert "入札が1件ある" in desk.withdrawal()


@pytest.mark.parametrize("seed", [1, *(pytest.param(seed, marks=pytest.mark.soak) for seed in range(2, 9))])
def test_r24_r27_killed_at_any_moment_each_is_clicked_at_most_once(
    desk: Desk, extension_browser: Browser, seed: int
) -> None:
    desk.ask_to_ship()
    desk.sell_at_the_counter()
    desk.clerk.popup()
    before, _ = desk.clerk.last_sync()
    desk.clerk.click("@popup-sync")
    dice = random.Random(seed)
    for _ in range(5):
        time.sleep(dice.uniform(0.2, 2))
        extension_browser.kill_worker()
        desk.clerk.popup()
    eventually("the visit has ended", lambda: desk.clerk.last_sync()[0] not in ("", before), seconds=300)
    found = desk.is_shipped_there(), desk.auction()["result"] == "取消"
    desk.open_order()
    stands = desk.clerk.text("#content")
    # A kill between "I click now" and the click is the one case in which nothing happens yet; it is said, and read back.
    assert ("出荷済み" in stands) if found[0] else ("送信中" in stands)
    assert ("完了" if found[1] else "送信中") in desk.withdrawal()
