"""R16: 【直接出品を実行】 with the real extension in a real tab of the pretend store: listed once, whatever breaks."""

from __future__ import annotations

import random
import time
from collections import Counter
from pathlib import Path

import pytest

from demo.market import Market
from demo.photos import draw_photos
from demo.record import eventually
from demo.shop import Clerk
from tests.e2e.conftest import log_in_to_market
from tests.e2e.guide import picture
from tests.e2e.test_sync import error_code
from tests.support.browser import Browser

STAFF = "1001"
CATEGORY = "9990000032"


@pytest.fixture
def items(clerk: Clerk, tmp_path: Path) -> list[str]:
    return queued_items(clerk, tmp_path)


def queued_items(clerk: Clerk, folder: Path, count: int = 2) -> list[str]:
    """管理番号 of so many items that wait for a file."""
    names = [f"直接出品の腕時計{number}" for number in range(count)]
    lines = [
        {"name": name, "grade": "A", "quantity": "1", "cost": "1000", "price": "3000", "route": "BOTH"}
        for name in names
    ]
    codes = list(clerk.buy_in(lines, STAFF).values())
    for code in codes:
        typed = {"category": CATEGORY, "description": "動作品です。"}
        clerk.fill_draft(code, draw_photos(folder / code, "watch", 1), typed)
        clerk.press_list(STAFF)
        eventually(f"{code} has left 出品待ち", lambda code=code: code not in clerk.waiting())
    return codes


def on_market(market: Market, codes: list[str]) -> list[int]:
    """How many auctions there are of each."""
    found = Counter(each["management_number"] for each in market.state()["auctions"])
    return [found[code] for code in codes]


def states(clerk: Clerk, codes: list[str]) -> list[str | None]:
    found = clerk.listing_states()
    return [found.get(code) for code in codes]


def test_r16_every_item_is_listed_once_and_seen(clerk: Clerk, market: Market, items: list[str]) -> None:
    assert clerk.list_directly() == "done"
    assert "2件を出品しました" in clerk.text("@popup-direct-result")
    picture(clerk.driver, "popup", width=360)
    assert on_market(market, items) == [1, 1]
    assert states(clerk, items) == ["出品中", "出品中"]


@pytest.mark.parametrize(
    ("outcome", "listed", "ends"),
    [
        pytest.param("error_after_accept", 1, "出品中", marks=pytest.mark.soak),
        ("lost_after_accept", 1, "出品中"),
        pytest.param("error_not_accepted", 0, "出品処理中", marks=pytest.mark.soak),
    ],
)
def test_r16_an_answer_that_says_nothing_is_looked_up_and_never_sent_again(
    clerk: Clerk, market: Market, items: list[str], outcome: str, listed: int, ends: str
) -> None:
    market.act("settings", upload_outcome=outcome)
    assert clerk.list_directly() == "done"
    assert on_market(market, items) == [listed, listed]
    assert states(clerk, items) == [ends, ends]
    market.act("settings", upload_outcome="normal")
    clerk.popup()
    clerk.click("@popup-direct-close")
    assert clerk.one("@popup-direct").get_attribute("disabled") == "true", (
        "nothing waits: nothing can be sent twice"
    )


@pytest.mark.soak
def test_r16_a_form_that_was_too_old_is_opened_anew(clerk: Clerk, market: Market, items: list[str]) -> None:
    market.act("settings", refuse_tokens=1)
    assert clerk.list_directly() == "done"
    assert (on_market(market, items), states(clerk, items)) == ([1, 1], ["出品中", "出品中"])


def test_r16_a_refused_file_leaves_the_reason_with_each_item(
    clerk: Clerk, market: Market, items: list[str]
) -> None:
    market.act("settings", max_rows=1)
    assert clerk.list_directly() == "done"
    assert "2件は出品できませんでした" in clerk.text("@popup-direct-failed")
    assert (on_market(market, items), states(clerk, items)) == ([0, 0], ["出品エラー", "出品エラー"])
    assert set(items) <= set(clerk.waiting()), "they can be mended and listed again"


def test_r16_an_expired_login_sends_nothing_and_goes_on_after_it(
    clerk: Clerk, market: Market, items: list[str]
) -> None:
    market.act("expire-sessions")
    assert clerk.list_directly() == "failed"
    assert error_code(clerk) == "LOGIN_REQUIRED"
    assert "まだ何も送っていません" in clerk.text("@popup-direct-section")
    log_in_to_market(clerk, market, "store1")
    assert clerk.list_directly() == "done"
    assert (on_market(market, items), states(clerk, items)) == ([1, 1], ["出品中", "出品中"])


def test_r3_another_store_gets_nothing_and_the_items_wait_again(
    clerk: Clerk, market: Market, items: list[str]
) -> None:
    log_in_to_market(clerk, market, "store2")
    assert clerk.list_directly() == "failed"
    assert error_code(clerk) == "WRONG_ACCOUNT"
    clerk.click("@popup-direct-cancel")
    eventually("nothing is left of it", lambda: clerk.direct_state() == "")
    assert (on_market(market, items), states(clerk, items)) == ([0, 0], ["待機中", "待機中"])


@pytest.mark.parametrize("seed", [1, *(pytest.param(seed, marks=pytest.mark.soak) for seed in range(2, 12))])
def test_r16_killed_at_any_moment_nothing_is_listed_twice(
    clerk: Clerk, market: Market, items: list[str], extension_browser: Browser, seed: int
) -> None:
    clerk.start_direct()
    dice = random.Random(seed)
    for _ in range(4):
        time.sleep(dice.uniform(0.1, 1.2))
        extension_browser.kill_worker()
        clerk.popup()
    eventually("the direct listing has ended", lambda: clerk.direct_state() == "done", seconds=300)
    listed = on_market(market, items)
    assert listed in ([1, 1], [0, 0])
    assert states(clerk, items) == ["出品中" if count else "出品処理中" for count in listed]


@pytest.mark.soak
def test_r16_a_closed_tab_is_no_second_listing(
    clerk: Clerk, market: Market, items: list[str], extension_browser: Browser
) -> None:
    market.act("settings", slow_seconds=2)
    clerk.start_direct()
    eventually("the answer is waited for", lambda: step(clerk) == "sent", seconds=60)
    closed = (
        "const {siteTab} = await chrome.storage.session.get('siteTab'); await chrome.tabs.remove(siteTab)"
    )
    extension_browser.run(closed)
    eventually("the direct listing has ended", lambda: clerk.direct_state() == "done", seconds=300)
    market.act("settings", slow_seconds=0)
    assert on_market(market, items) in ([1, 1], [0, 0])


def step(clerk: Clerk) -> str:
    return str(clerk.one("@popup-direct-section").get_attribute("data-step"))
