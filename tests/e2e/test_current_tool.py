"""R19: the current store tool, client-rendered, in a real tab: sync, direct listing with 出品 as a second step."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from demo.market import Market
from demo.record import eventually
from demo.shop import Clerk
from tests.e2e.conftest import CURRENT_STORE, log_in_to_market
from tests.e2e.test_direct import on_market, queued_items, states
from tests.e2e.test_sync import error_code, observed
from tests.support.browser import Browser
from tests.support.servers import Servers


@pytest.fixture
def items(modern: Clerk, tmp_path: Path) -> list[str]:
    return queued_items(modern, tmp_path)


def test_r19_a_store_is_read_in_a_tab(servers: Servers, modern: Clerk, market: Market) -> None:
    made = market.act("seed_auctions", store=CURRENT_STORE, count=60, with_bids=2, won=6, ordered=3)
    assert modern.sync() == "complete", modern.text()
    assert set(made["auction_ids"]) <= set(observed(servers))
    modern.open("/ec/orders?tab=unshipped")
    assert modern.text("#content").count("MANY") >= 3
    order = market.state()["orders"][-1]
    market.act("ship", order_id=order["id"])
    assert modern.sync() == "complete"
    modern.open("/ec/orders?tab=shipped")
    assert order["lines"][0]["management_number"] in modern.text("#content")


def test_r16_r19_saved_then_put_up_for_sale_once(modern: Clerk, market: Market, items: list[str]) -> None:
    assert modern.list_directly() == "done", modern.text()
    assert (on_market(market, items), states(modern, items)) == ([1, 1], ["出品中", "出品中"])


@pytest.mark.parametrize(
    ("settings", "listed"),
    [
        pytest.param({"upload_outcome": "error_after_accept"}, 1, marks=pytest.mark.soak),
        pytest.param({"upload_outcome": "lost_after_accept"}, 1, marks=pytest.mark.soak),
        pytest.param({"upload_outcome": "error_not_accepted"}, 0, marks=pytest.mark.soak),
        pytest.param({"write_outcome": "error_after_accept"}, 1, marks=pytest.mark.soak),
        pytest.param({"write_outcome": "lost_after_accept"}, 1, marks=pytest.mark.soak),  # two minutes' wait
        pytest.param({"refuse_tokens": 1}, 1, marks=pytest.mark.soak),
    ],
)
def test_r16_r19_unclear_answers_list_nothing_twice(
    modern: Clerk, market: Market, items: list[str], settings: dict[str, object], listed: int
) -> None:
    market.act("settings", **settings)
    assert modern.list_directly() == "done", modern.text()
    assert on_market(market, items) == [listed, listed]
    assert states(modern, items) == ["出品中" if listed else "出品処理中"] * 2


def test_r16_r19_what_is_refused_at_the_second_step_says_why(
    modern: Clerk, market: Market, items: list[str]
) -> None:
    market.act("settings", refuse_listings=1)
    assert modern.list_directly() == "done", modern.text()
    assert sorted(on_market(market, items)) == [0, 1]
    assert sorted(str(each) for each in states(modern, items)) == ["出品エラー", "出品中"]


@pytest.mark.soak
def test_r19_a_session_that_ends_in_between_goes_on_after_the_login(
    modern: Clerk, market: Market, items: list[str]
) -> None:
    market.act("expire-sessions")
    assert modern.list_directly() == "failed"
    assert error_code(modern) == "LOGIN_REQUIRED"
    log_in_to_market(modern, market, "store3")
    assert modern.list_directly() == "done", modern.text()
    assert on_market(market, items) == [1, 1]


@pytest.mark.parametrize("seed", [1, *(pytest.param(seed, marks=pytest.mark.soak) for seed in range(2, 12))])
def test_r16_r19_killed_at_any_moment_nothing_is_listed_twice(
    modern: Clerk, market: Market, items: list[str], extension_browser: Browser, seed: int
) -> None:
    modern.start_direct()
    dice = random.Random(seed)
    for _ in range(6):
        time.sleep(dice.uniform(0.3, 3))
        extension_browser.kill_worker()
        modern.popup()
    eventually(
        "the direct listing has ended", lambda: modern.direct_state() in ("done", "failed"), seconds=400
    )
    listed = on_market(market, items)
    assert max(listed) <= 1
    assert states(modern, items) == ["出品中" if count else "出品処理中" for count in listed]
